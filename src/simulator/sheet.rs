//! What stands in a person's fields.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::dice::Dice;
use super::fields::Field;
use super::lists;
use super::people::{Person, Status, TODAY, days_after, days_between};
use super::rows;
use super::tenant::{Filled, Tenant};

/// One person's fields, filled in as they are asked for.
pub(super) struct Sheet<'t> {
    tenant: &'t Tenant,
    person: &'t Person,
    tables: BTreeMap<&'static str, Vec<Value>>,
}

impl<'t> Sheet<'t> {
    pub(super) fn new(tenant: &'t Tenant, person: &'t Person) -> Self {
        Self { tenant, person, tables: BTreeMap::new() }
    }

    /// The value of the field; null when it has none, an empty list when a multi-list has none.
    pub(super) fn value(&mut self, field: &Field) -> Value {
        let value = self
            .kept_in_table(&field.id)
            .or_else(|| self.derived(&field.id))
            .unwrap_or_else(|| self.made_up(field));
        if value.is_null() && field.is_multiple() { json!([]) } else { value }
    }

    fn rows(&mut self, table: &'static str) -> &[Value] {
        let (tenant, person) = (self.tenant, self.person);
        self.tables.entry(table).or_insert_with(|| rows::of(tenant, person, table))
    }

    fn current(&mut self, table: &'static str, column: &str) -> Value {
        rows::current(self.rows(table)).map_or(Value::Null, |row| row[column].clone())
    }

    /// The column of the row in force, for the fields that repeat one.
    fn kept_in_table(&mut self, id: &str) -> Option<Value> {
        if let Some(column) = id.strip_prefix("payroll.employment.") {
            let kept = ["standardWorkingPattern", "standardWorkingPattern.workingPatternId"];
            return (!kept.contains(&column)).then(|| self.current("employment", column));
        }
        if let Some(rest) = id.strip_prefix("payroll.variable.") {
            return Some(self.of_type("variable", "variableType", rest));
        }
        if let Some(rest) = id.strip_prefix("payroll.entitlement.") {
            return Some(self.of_type("entitlement", "type", rest));
        }
        if let Some(rest) = id.strip_prefix("payroll.deduction.") {
            return Some(self.of_type("deduction", "type", rest));
        }
        Some(match id {
            "work.title"
            | "work.department"
            | "work.siteId"
            | "work.reportsTo"
            | "work.workChangeType"
            | "work.activeEffectiveDate" => self.current("work", id.trim_start_matches("work.")),
            "work.manager" => self.current("work", "reportsTo")["id"].clone(),
            "work.reportsTo.email" => self.current("work", "reportsTo")["email"].clone(),
            "payroll.salary.activeEffectiveDate" => self.current("salaries", "activeEffectiveDate"),
            "payroll.salary.payment" => self.current("salaries", "base"),
            "payroll.salary.payment.currency" => self.current("salaries", "base")["currency"].clone(),
            "payroll.salary.payPeriod" => self.current("salaries", "payPeriod"),
            "payroll.salary.payFrequency" => self.current("salaries", "payFrequency"),
            "payroll.salary.yearlyPayment" | "payroll.salary.monthlyPayment" => {
                self.current("salaries", "base")
            }
            "payroll.timeSinceLastSalaryChange" => {
                let since = self.current("salaries", "effectiveDate");
                since
                    .as_str()
                    .and_then(|date| date.parse().ok())
                    .map_or(Value::Null, |date| period(days_between(date, TODAY)))
            }
            "address.line1"
            | "address.line2"
            | "address.city"
            | "address.postCode"
            | "address.country"
            | "address.usaState"
            | "address.activeEffectiveDate" => self.current("address", id.trim_start_matches("address.")),
            "address.fullAddress" => {
                let line = self.current("address", "line1");
                line.as_str().map_or(Value::Null, |line| json!(format!("{line}, and so on")))
            }
            "internal.terminationType" => self.current("lifecycle", "reasonType"),
            "internal.terminationReason" => self.current("lifecycle", "leaveReason"),
            "internal.currentActiveStatusStartDate" => self.current("lifecycle", "effectiveDate"),
            "home.numberOfKids" => match self.rows("dependents").len() {
                0 => Value::Null,
                kids => json!(kids),
            },
            "financial.rightToWorkExpiryDate" => {
                self.rows("right-to-work").first().map_or(Value::Null, |row| row["expiryDate"].clone())
            }
            _ => return None,
        })
    }

    /// The column of the row of one type; `rest` is the type, a dot and the column.
    fn of_type(&mut self, table: &'static str, key: &str, rest: &str) -> Value {
        let Some((kind, column)) = rest.rsplit_once('.') else { return Value::Null };
        self.rows(table).iter().find(|row| row[key] == kind).map_or(Value::Null, |row| row[column].clone())
    }

    /// The fields that follow from who the person is.
    fn derived(&self, id: &str) -> Option<Value> {
        let person = self.person;
        let days = person.worked_days();
        let years = days / 365;
        let ended = |value: Value| if person.end.is_some() { value } else { Value::Null };
        Some(match id {
            "root.id" => json!(person.id),
            "root.companyId" => json!(636_192),
            "root.email" => json!(person.email),
            "root.firstName" => json!(person.first),
            "root.surname" => json!(person.surname),
            "root.fullName" | "root.displayName" => json!(person.name()),
            "root.creationDateTime" => json!(format!("{}T07:47:44.938494", person.start)),
            "root.creationDate" | "work.startDate" => json!(person.start),
            "root.state" => json!(if person.status.is_active() { "active" } else { "uninvited" }),
            "work.shortStartDate" => json!(person.start.strftime("%m-%d").to_string()),
            "work.site" => json!(person.site),
            "work.isManager" => json!(person.reports > 0),
            "work.tenureDuration" | "work.durationOfEmployment" => period(days),
            "work.tenureDurationYears" | "work.yearsOfService" => json!(years as f64 + 0.5),
            "work.tenureYears" => json!(years),
            "work.directReports" | "work.indirectReports" => match person.reports {
                0 => Value::Null,
                reports => json!(reports),
            },
            "work.secondLevelManager" => {
                let manager = person.manager.and_then(|number| self.tenant.people.get(number));
                let above = manager.and_then(|manager| self.tenant.people.get(manager.manager?));
                above.map_or(Value::Null, |above| json!(above.id))
            }
            "internal.status" => json!(if person.status.is_active() { "Active" } else { "Inactive" }),
            "internal.lifecycleStatus" => json!(person.status.label()),
            "internal.terminationDate" | "employee.lastDayOfWork" => ended(json!(person.end)),
            "internal.periodSinceTermination" => {
                person.end.map_or(Value::Null, |end| period(days_between(end, TODAY)))
            }
            "internal.yearsSinceTermination" => {
                person.end.map_or(Value::Null, |end| json!(days_between(end, TODAY) / 365))
            }
            "employee.firstDayOfWork" => json!(person.start),
            "employee.recentLeaveStartDate" | "employee.recentLeaveEndDate" => match person.status {
                Status::Leave | Status::ParentalLeave => json!(days_after(TODAY, -7)),
                _ => Value::Null,
            },
            _ => return None,
        })
    }

    /// Everything else: a value of the field's type, or none, in the measure usual for its category.
    fn made_up(&self, field: &Field) -> Value {
        let person = self.person;
        let mut dice = Dice::of(self.tenant.seed, &["field", &field.id, &person.id]);
        let emptiness = match self.tenant.spec.filled {
            Filled::Usual => emptiness(field),
            Filled::Sparse => emptiness(field).max(95),
            Filled::Bare => 100,
        };
        if !self.tenant.everybody_has.contains(&field.id) && dice.chance(emptiness) {
            return Value::Null;
        }
        let list = field.list.as_deref().unwrap_or(&field.id);
        match field.kind.as_str() {
            "number" => json!(7_000_000 + dice.below(900_000)),
            "date" if field.id.contains("irthDate") => json!(rows::birth_date(&mut dice)),
            "date" | "time" => json!(days_after(TODAY, -(dice.below(900) as i64))),
            "short-date" => json!(format!("{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28))),
            "boolean" => json!(dice.chance(50)),
            "list" | "list_id" | "hierarchy-list" => lists::choose(list, &mut dice),
            "multi-list" => json!([lists::choose(list, &mut dice)]),
            "currency" => rows::money(person, &mut dice),
            "employee-reference" => {
                dice.pick(&self.tenant.people).map_or(Value::Null, |other| json!(other.id))
            }
            "employee" => dice.pick(&self.tenant.people).map_or(Value::Null, rows::reference),
            "period" => period(dice.below(900) as i64),
            "duration_with_unit" => json!({"value": 1 + dice.below(3), "unit": "months"}),
            "working_pattern" => rows::working_pattern("standard", 8),
            "avatar" => json!(format!("https://images.example/MARK-{}.png", person.number)),
            _ => {
                let last = field.id.rsplit('.').next().unwrap_or_default();
                json!(format!("MARK-{last}-{}-{:04x}", person.number, dice.below(0x1_0000)))
            }
        }
    }
}

fn period(days: i64) -> Value {
    let (years, months, rest) = (days / 365, days % 365 / 30, days % 365 % 30);
    json!({
        "periodISO": format!("P{years}Y{months}M{rest}D"),
        "sortFactor": days,
        "humanize": format!("{years} years, {months} months, {rest} days"),
    })
}

/// For how many people in a hundred the field is empty.
fn emptiness(field: &Field) -> u64 {
    match field.id.as_str() {
        // Nobody ever fills these in.
        "personal.communication.skypeUsername" | "about.socialData.twitter" | "employee.itAdmin" => {
            return 100;
        }
        "root.avatarUrl" | "about.avatar" => return 20,
        "personal.birthDate" | "personal.age" | "personal.shortBirthDate" | "work.employeeIdInCompany" => {
            return 10;
        }
        "payroll.employment.standardWorkingPattern"
        | "payroll.employment.standardWorkingPattern.workingPatternId" => {
            return 50;
        }
        _ => {}
    }
    match field.category.as_str() {
        "temporaryAddress" => 92,
        "ukTaxSettings" => 85,
        "eeo" | "peopleAnalytics" => 70,
        "identification" | "emergency" | "home" => 60,
        "personal" | "personalContact" | "about" => 45,
        "jobsCatalog" => 35,
        _ => 50,
    }
}
