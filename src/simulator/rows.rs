//! The rows of a person's tables, oldest first. A function of the person and the table alone, so that the
//! current row and the field that repeats it always agree.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::lists;
use super::people::{Person, Status, TODAY, days_after};
use super::tenant::{CustomTable, Histories, Tenant};

/// The common day of an import.
const IMPORT: Date = jiff::civil::date(2025, 1, 1);

pub(super) const VARIABLE_TYPES: [&str; 3] = ["Bonus", "Commission", "Executive bonus"];
pub(super) const BENEFITS: [&str; 5] =
    ["Childcare vouchers", "Company Car", "Cycle to work", "Lunch vouchers", "Season ticket loans"];

/// All rows of one of the built-in tables.
pub(super) fn of(tenant: &Tenant, person: &Person, table: &str) -> Vec<Value> {
    let dice = Dice::of(tenant.seed, &["table", table, &person.id]);
    match table {
        "work" => history(tenant, person, table, dice, work),
        "employment" => history(tenant, person, table, dice, employment),
        "salaries" if has_salary(tenant, person) => history(tenant, person, table, dice, salary),
        "address" if has_address(tenant, person) => history(tenant, person, table, dice, address),
        "lifecycle" => lifecycle(person, dice),
        "variable" => some(person, dice, 30, &VARIABLE_TYPES, variable),
        "entitlement" => some(person, dice, 25, &BENEFITS, benefit),
        "deduction" => some(person, dice, 20, &BENEFITS, benefit),
        "dependents" => some(person, dice, 30, &["a", "b", "c"], dependent),
        "right-to-work" => some(person, dice, 30, &["visa", "permit"], right_to_work),
        "equities" => some(person, dice, 30, &["RSU", "Options"], equity),
        "training" => some(person, dice, 40, &["Safety", "Security", "Languages"], training),
        "bank-accounts" => some(person, dice, 60, &["main"], bank_account),
        _ => Vec::new(),
    }
}

/// All rows of a table that the company added.
pub(super) fn custom(tenant: &Tenant, person: &Person, table: &CustomTable) -> Vec<Value> {
    let mut dice = Dice::of(tenant.seed, &["table", &table.id, &person.id]);
    let rows = dice.below(3);
    (0..rows)
        .map(|at| {
            let mut row = Map::new();
            row.insert("id".to_owned(), entry_id(&mut dice));
            for column in &table.columns {
                row.insert(column.clone(), json!(mark(person, column, at)));
            }
            Value::Object(row)
        })
        .collect()
}

/// The row in force, of a table of which there is at most one.
pub(super) fn current(rows: &[Value]) -> Option<&Value> {
    rows.iter().find(|row| row["isCurrent"] == json!(true))
}

fn has_salary(tenant: &Tenant, person: &Person) -> bool {
    Dice::of(tenant.seed, &["has-salary", &person.id]).chance(80)
}

fn has_address(tenant: &Tenant, person: &Person) -> bool {
    Dice::of(tenant.seed, &["has-address", &person.id]).chance(65)
}

fn mark(person: &Person, what: &str, at: u64) -> String {
    format!("MARK-{what}-{at}-{}", person.number)
}

fn entry_id(dice: &mut Dice) -> Value {
    json!(10_000_000 + dice.below(89_999_999))
}

/// From which days on the rows are in force.
fn dates(tenant: &Tenant, person: &Person, dice: &mut Dice) -> Vec<Date> {
    let days = person.worked_days();
    let changes = match tenant.spec.histories {
        Histories::Young => return vec![person.start],
        Histories::Imported => return vec![person.start.max(IMPORT)],
        Histories::Full if days > 400 => 1 + dice.below(3),
        Histories::Full if days > 150 => dice.below(2),
        Histories::Full => 0,
    };
    let mut offsets: Vec<i64> = (0..changes).map(|_| 30 + dice.below(days as u64 - 60) as i64).collect();
    offsets.push(0);
    offsets.sort_unstable();
    offsets.dedup();
    offsets.into_iter().map(|offset| days_after(person.start, offset)).collect()
}

type Columns = fn(&Tenant, &Person, &mut Dice, u64) -> Value;

fn history(tenant: &Tenant, person: &Person, table: &str, mut dice: Dice, columns: Columns) -> Vec<Value> {
    let dates = dates(tenant, person, &mut dice);
    (0..dates.len())
        .map(|at| {
            let columns = columns(tenant, person, &mut dice, at as u64);
            dated(person, &dates, at, table, &mut dice, columns)
        })
        .collect()
}

fn dated(person: &Person, dates: &[Date], at: usize, table: &str, dice: &mut Dice, columns: Value) -> Value {
    let next = dates.get(at + 1);
    let mut row = json!({
        "id": entry_id(dice),
        "effectiveDate": dates[at],
        "activeEffectiveDate": dates[at],
        "endEffectiveDate": next,
        "isCurrent": next.is_none(),
        "canBeDeleted": at > 0,
        "creationDate": dates[at],
        "modificationDate": dates[at],
        "change": {"reason": null, "changedBy": mark(person, &format!("changed-{table}"), at as u64), "changedById": person.id},
        "customColumns": {},
    });
    if let (Some(row), Value::Object(columns)) = (row.as_object_mut(), columns) {
        row.extend(columns);
    }
    row
}

fn work(tenant: &Tenant, person: &Person, dice: &mut Dice, at: u64) -> Value {
    let manager = person.manager.and_then(|number| tenant.people.get(number));
    json!({
        "title": if dice.chance(85) { lists::choose("title", dice) } else { Value::Null },
        "department": if dice.chance(80) { lists::choose("department", dice) } else { Value::Null },
        "site": person.site,
        "siteId": person.site_id,
        "reportsTo": manager.filter(|_| dice.chance(85)).map(reference),
        "workChangeType": if at == 0 { Value::Null } else { lists::choose("workChangeType", dice) },
    })
}

/// A person as another person's field shows it.
pub(super) fn reference(person: &Person) -> Value {
    json!({
        "id": person.id,
        "firstName": person.first,
        "surname": person.surname,
        "email": person.email,
        "displayName": person.name(),
    })
}

pub(super) fn working_pattern(kind: &str, hours: u64) -> Value {
    json!({
        "workingPatternType": kind,
        "workingPatternId": 410_000 + hours,
        "days": {"sunday": 0, "monday": hours, "tuesday": hours, "wednesday": hours, "thursday": hours, "friday": hours, "saturday": 0},
        "hoursPerDay": hours,
    })
}

fn employment(_: &Tenant, person: &Person, dice: &mut Dice, _: u64) -> Value {
    let hours = 4 + dice.below(5);
    let mut often = |list: &str, percent| {
        if dice.chance(percent) { lists::choose(list, dice) } else { Value::Null }
    };
    json!({
        "contract": often("employmentstatus", 60),
        "type": often("payrollEmploymentType", 60),
        "salaryPayType": often("salaryPayType", 40),
        "flsaCode": if person.site == "New York" { often("flsaCode", 70) } else { Value::Null },
        "calendarId": often("calendar", 40),
        "calendarName": null,
        "fte": hours * 100 / 8,
        "weeklyHours": hours * 5,
        "hoursInDayNotWorked": 8 - hours.min(8),
        "workingPattern": if hours == 8 { Value::Null } else { working_pattern("personal", hours) },
        "personalWorkingPatternType": if hours == 8 { Value::Null } else { often("personalWorkingPatternTypes", 100) },
        "siteWorkingPattern": working_pattern("site", 8),
        "actualWorkingPattern": working_pattern("actual", hours),
    })
}

/// Odd amounts, so that one that leaks is known for what it is.
pub(super) fn amount(person: &Person, dice: &mut Dice) -> f64 {
    let whole = 100_000 + dice.below(800_000);
    let cents = 1 + 2 * (person.number as u64 % 49);
    (whole * 100 + cents) as f64 / 100.0
}

pub(super) fn currency(site: &str) -> &'static str {
    match site {
        "London" => "GBP",
        "Berlin" => "EUR",
        "Tel Aviv" => "ILS",
        _ => "USD",
    }
}

pub(super) fn money(person: &Person, dice: &mut Dice) -> Value {
    json!({"value": amount(person, dice), "currency": currency(person.site)})
}

fn salary(_: &Tenant, person: &Person, dice: &mut Dice, _: u64) -> Value {
    json!({
        "base": money(person, dice),
        "payPeriod": lists::choose("payPeriod", dice),
        "payFrequency": if dice.chance(80) { lists::choose("payFrequency", dice) } else { Value::Null },
    })
}

fn address(_: &Tenant, person: &Person, dice: &mut Dice, at: u64) -> Value {
    json!({
        "line1": mark(person, "street", at),
        "line2": if dice.chance(30) { json!(mark(person, "flat", at)) } else { Value::Null },
        "city": mark(person, "city", at),
        "postCode": mark(person, "postcode", at),
        "country": lists::choose("countries", dice),
        "usaState": if person.site == "New York" { json!(mark(person, "state", at)) } else { Value::Null },
    })
}

fn lifecycle(person: &Person, mut dice: Dice) -> Vec<Value> {
    let since = match (person.status, person.end) {
        (Status::Hired | Status::Employed, _) => None,
        (_, Some(end)) => Some(end),
        _ => Some(days_after(TODAY, -(5 + dice.below(5) as i64))),
    };
    let mut dates = vec![person.start];
    dates.extend(since);
    (0..dates.len())
        .map(|at| {
            let status = if at + 1 == dates.len() { person.status } else { Status::Employed };
            let left = status == Status::Terminated;
            let columns = json!({
                "status": status.label(),
                "employeeStatus": if status.is_active() { "Active" } else { "Inactive" },
                "reasonType": if left { lists::choose("lifecycleReasonType", &mut dice) } else { Value::Null },
                "leaveReason": if left { lists::choose("terminationreason", &mut dice) } else { Value::Null },
            });
            dated(person, &dates, at, "lifecycle", &mut dice, columns)
        })
        .collect()
}

type Entry = fn(&Person, &str, &mut Dice) -> Value;

/// Rows that stand side by side: each of `kinds`, for `percent` of the people.
fn some(person: &Person, mut dice: Dice, percent: u64, kinds: &[&str], entry: Entry) -> Vec<Value> {
    let mut rows = Vec::new();
    for kind in kinds {
        if dice.chance(percent) {
            let mut row = entry(person, kind, &mut dice);
            row["id"] = entry_id(&mut dice);
            rows.push(row);
        }
    }
    rows
}

fn variable(person: &Person, kind: &str, dice: &mut Dice) -> Value {
    json!({
        "variableType": kind,
        "effectiveDate": person.start,
        "isCurrent": true,
        "amount": money(person, dice),
        "paymentPeriod": lists::choose("variablePayPeriod", dice),
        "payoutType": lists::choose("payrollVariablePayoutType", dice),
        "companyPercent": dice.below(100),
        "departmentPercent": dice.below(100),
        "individualPercent": dice.below(100),
        "percentageOfAnnualSalary": dice.below(40),
    })
}

fn benefit(person: &Person, kind: &str, dice: &mut Dice) -> Value {
    json!({"type": kind, "effectiveDate": person.start, "isCurrent": true, "amount": money(person, dice)})
}

fn dependent(person: &Person, kind: &str, dice: &mut Dice) -> Value {
    json!({"name": mark(person, &format!("child-{kind}"), 0), "birthDate": birth_date(dice)})
}

/// In years in which nobody who works was born.
pub(super) fn birth_date(dice: &mut Dice) -> String {
    format!("190{}-{:02}-{:02}", 1 + dice.below(9), 1 + dice.below(12), 1 + dice.below(28))
}

fn right_to_work(person: &Person, kind: &str, dice: &mut Dice) -> Value {
    json!({
        "documentType": kind,
        "documentNumber": mark(person, "permit", dice.below(1000)),
        "expiryDate": days_after(TODAY, 30 + dice.below(900) as i64),
    })
}

fn equity(person: &Person, kind: &str, dice: &mut Dice) -> Value {
    json!({"equityType": kind, "quantity": amount(person, dice), "grantDate": person.start, "effectiveDate": person.start})
}

fn training(person: &Person, kind: &str, dice: &mut Dice) -> Value {
    json!({
        "name": mark(person, kind, 0),
        "status": "Completed",
        "startDate": person.start,
        "cost": money(person, dice),
        "documentId": null,
    })
}

fn bank_account(person: &Person, kind: &str, dice: &mut Dice) -> Value {
    json!({
        "bankAccountType": kind,
        "bankName": mark(person, "bank", 0),
        "accountNumber": mark(person, "account", dice.below(1_000_000)),
        "iban": mark(person, "iban", dice.below(1_000_000)),
        "allocation": "all",
    })
}
