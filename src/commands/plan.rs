//! Shows what a run would ask, without asking: offline, and without credentials.

use super::output::hang;
use super::{check, input, output};
use crate::access::Model;
use crate::catalogue::Catalogue;
use crate::catalogue::rows::{Endpoint, Shape};
use crate::cli::PlanArgs;
use crate::error::Error;
use crate::evidence::roster::VARYING_FIELDS;
use crate::exit;
use crate::plan::{Checkable, Plan, Probe, Purpose, Scope, checkable, is_stand_in};
use crate::policy::{self, Policy};

pub(super) fn run(args: &PlanArgs) -> Result<u8, Error> {
    let catalogue = Catalogue::embedded();
    let input::Wanted { policies, model, .. } = input::wanted(&args.policy, &args.customer, catalogue)?;
    let plan = Plan::draw(&policies, catalogue, check::scope(args.scope));
    let known = input::known(&args.known, catalogue)?;
    let plan = if known.is_empty() { plan } else { plan.with_known_people(catalogue) };
    let plan = if args.write_probes.is_some() { plan.with_writes(catalogue) } else { plan };
    let told = args.permission_model.map(check::model).or_else(|| model.map(check::model_of_policy));
    let classic = told == Some(Model::Category);
    let mut text = String::new();
    for policy in &policies {
        items(policy, catalogue, classic, &mut text);
    }
    requests(&plan, catalogue, &mut text);
    output::print(&text)?;
    Ok(exit::SATISFIED)
}

fn items(policy: &Policy, catalogue: &Catalogue, classic: bool, text: &mut String) {
    let all: Vec<_> = policy
        .requirements
        .iter()
        .map(|requirement| match requirement.torn.of(classic.then_some(policy::Model::Category)) {
            // Which of two lines is meant, no answer of the API can tell.
            true => (requirement, Checkable::Integrator),
            false if requirement.target.is_for_the_admin_to_say() => (requirement, Checkable::Screen),
            false => (requirement, checkable(catalogue, &requirement.target, classic)),
        })
        .collect();
    let by_api = all.iter().filter(|(_, checkable)| *checkable == Checkable::Api).count();
    text.push_str(&format!(
        "{} {}: {by_api} of {} checkable by API\n",
        policy.name,
        policy.version,
        all.len()
    ));
    for (requirement, checkable) in all {
        let by = match checkable {
            Checkable::Api => "api",
            Checkable::Write => "write",
            Checkable::Screen => "screen",
            Checkable::Integrator => "integrator",
        };
        let id = requirement.target.permission().map_or("(no box)", |id| id.as_str());
        hang(text, 2, &format!("{by:<11} "), id);
        if requirement.label != id {
            hang(text, 14, "", &requirement.label);
        }
    }
    for remark in &policy.remarks {
        let words = format!("{}:{} {} ({})", remark.place.file, remark.place.line, remark.text, remark.code);
        hang(text, 2, "remark      ", &words);
    }
    text.push('\n');
}

fn requests(plan: &Plan, catalogue: &Catalogue, text: &mut String) {
    let scope = match plan.scope {
        Scope::Full => "full",
        Scope::Policy => "policy",
    };
    let written = if plan.writes() {
        "those called inert-write, at the end, are writes that HiBob has nothing to store of"
    } else {
        "nothing is written"
    };
    let words = format!(
        "Requests of a run with --scope {scope}, in this order; nothing else is ever sent, and {written}. Once \
         anybody is visible, at least {} are sent; more only as the lines say. Repeats after a failure (429, \
         5xx, a cut connection) come on top of \"at most\". With --wait \
         what is required and not held is asked again, ten seconds or more after the round before, until \
         nothing of it is missing; and all of this where people look different by then.",
        plan.at_least()
    );
    hang(text, 0, "", &words);
    text.push('\n');
    for (number, probe) in plan.probes.iter().enumerate() {
        let Some(endpoint) = catalogue.endpoint(&probe.endpoint) else { continue };
        let query: Vec<String> = endpoint.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        let purpose = match probe.purpose {
            Purpose::Required => "policy",
            Purpose::Excess => "excess",
            Purpose::Write => "--write-probes",
        };
        let rate = endpoint.rate.map_or_else(String::new, |rate| format!(", limit {rate} a minute"));
        let lead = format!("{:>3}  {:<4} ", number + 1, endpoint.method.as_str());
        // Addresses and bodies stay whole, so that they can be copied.
        text.push_str(&format!("{lead}{}{query}\n", endpoint.path));
        if let Some(body) = &endpoint.body {
            text.push_str(&format!("     body {body}\n"));
        }
        if endpoint.shape == Shape::People {
            hang(text, 5, "", &format!("ids-fields: root.id, {}", VARYING_FIELDS.join(", ")));
        }
        if endpoint.id == catalogue.writes().field_write {
            let writes = catalogue.writes();
            text.push_str(&format!("     body {{\"<section>\":{{\"<field>\":\"{}\"}}}}\n", writes.value));
            let fields: Vec<&str> = writes.fields.iter().map(|row| row.field.as_str()).collect();
            let own = writes.own.types.join(" or ");
            let words = format!(
                "one field of each section: {}, or one of the tenant's own of type {own}",
                fields.join(", ")
            );
            hang(text, 5, "", &words);
        }
        let mut tell = |words: &str| hang(text, 5, "", words);
        tell(&format!("{}: {}, for {purpose}{rate}", endpoint.id, endpoint.safety.as_str()));
        tell(&format!("asks {}", endpoint.asks));
        if endpoint.query.get("employeeIds").is_some_and(|ids| ids == "{people}") {
            tell("employeeIds only where more than 200 people are visible");
        }
        if let Some(when) = &probe.when {
            let times = match probe.at_most {
                1 => "once".to_owned(),
                several => format!("{several} times"),
            };
            tell(&format!("{when}; at most {times}"));
        }
        tell(&witnesses(probe, endpoint));
    }
}

fn witnesses(probe: &Probe, endpoint: &Endpoint) -> String {
    const SHOWN: usize = 3;
    if probe.witnesses.is_empty() && endpoint.method.is_write() {
        return "shows the right to edit a section that no row lists".to_owned();
    }
    if probe.witnesses.is_empty() {
        return "shows no right by itself".to_owned();
    }
    let (own, listed): (Vec<_>, Vec<_>) = probe.witnesses.iter().partition(|id| is_stand_in(id));
    if listed.is_empty() {
        return "shows boxes of the tenant's own".to_owned();
    }
    let first: Vec<&str> = listed.iter().take(SHOWN).map(|id| id.as_str()).collect();
    let more = listed.len().saturating_sub(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let more = if own.is_empty() { more } else { format!("{more}, and boxes of the tenant's own") };
    format!("shows {}{more}", first.join(", "))
}
