//! What something is called: told in the step in which it is given, and apart where it is not one name.

use crate::policy::blocks::{Credentials, Name, is_to_be_filled_in};
use crate::report::words::list;

/// What something is to be called; several names are for one of each, and of an example any other will do.
pub(super) fn named(what: &str, names: &[Name]) -> Option<String> {
    let (examples, names): (Vec<&Name>, Vec<&Name>) = names.iter().partition(|name| name.is_example);
    let quoted =
        |names: &[&Name]| -> Vec<String> { names.iter().map(|name| format!("\"{}\"", name.text)).collect() };
    let mut says: Vec<String> = Vec::new();
    match quoted(&names).as_slice() {
        [] => {}
        [only] => says.push(format!("The name of the {what} is {only}.")),
        several => says.push(format!("There is one {what} for each of these names: {}.", list(several))),
    }
    match quoted(&examples).as_slice() {
        [] => {}
        [only] => says.push(format!("The name of the {what} is yours to choose, for example {only}.")),
        several => says.push(format!(
            "The names are yours to choose, one for each {what}, for example {}.",
            list(several)
        )),
    }
    if names.iter().chain(&examples).any(|name| is_to_be_filled_in(&name.text)) {
        says.push(
            "Put what fits in the place of what stands in <…>; where several fit, make one of each."
                .to_owned(),
        );
    }
    (!says.is_empty()).then(|| says.join(" "))
}

/// Whether it is one name, or one example, that can be told in the step in which it is given.
pub(super) fn is_one(names: &[Name]) -> bool {
    matches!(names, [only] if !is_to_be_filled_in(&only.text))
}

/// A name as a part of the step in which it is given: "the name …", or "a name" where it is told apart.
pub(super) fn given(what: &str, names: &[Name]) -> String {
    match names {
        [only] if is_one(names) && only.is_example => format!("a {what} (for example \"{}\")", only.text),
        [only] if is_one(names) => format!("the {what} \"{}\"", only.text),
        _ => format!("a {what}"),
    }
}

/// How a service user is made, with its names. Where the screens ask for one of two, it has the one that the guide
/// gives for it, or else the other.
pub(super) fn new_service_user(steps: &[String], credentials: &Credentials) -> Vec<String> {
    let asks_for = |what: &str| steps.iter().any(|step| step.contains(what));
    let both = (credentials.names.as_slice(), credentials.display_names.as_slice());
    let (name, display, left) = match (asks_for("{name}"), asks_for("{display-name}"), both) {
        (true, false, (name, display)) if !name.is_empty() => (name, &[][..], ("display name", display)),
        (true, false, (_, display)) => (display, &[][..], ("display name", &[][..])),
        (false, true, (name, display)) if !display.is_empty() => (&[][..], display, ("name", name)),
        (false, true, (name, _)) => (&[][..], name, ("name", &[][..])),
        (_, _, (name, display)) => (name, display, ("name", &[][..])),
    };
    let mut more: Vec<String> = Vec::new();
    more.extend(is_one(left.1).then(|| given(left.0, left.1)));
    more.extend(credentials.description.as_ref().map(|says| format!("the description \"{says}\"")));
    let more = match more.len() {
        0 => String::new(),
        1 => format!(" and, where it is asked for, {}", list(&more)),
        _ => format!(" and, where they are asked for, {}", list(&more)),
    };
    let mut told: Vec<String> = steps
        .iter()
        .map(|step| {
            step.replace("{name}", &given("name", name))
                .replace("{display-name}", &given("display name", display))
                .replace("{more}", &more)
        })
        .collect();
    for names in [name, display, left.1] {
        told.extend(named("service user", names).filter(|_| !is_one(names)));
    }
    told
}

#[cfg(test)]
mod tests {
    use crate::catalogue::screens;
    use crate::guide::tests::on;

    /// The first steps of the chapter about the service user, on these screens.
    fn steps(ui: &str, credentials: &str) -> String {
        let lines = format!("requires: [people/root/view]\ncredentials: {{id: a, token: b, {credentials}}}");
        let text = on(screens::find(ui).unwrap(), &lines, &[], None);
        let from = text.find("\n 2. ").unwrap();
        text[from..text.find("HiBob shows two values").unwrap()].to_owned()
    }

    #[test]
    fn a_name_is_told_in_the_step_in_which_it_is_given() {
        let newest = |credentials: &str| steps("access-data-for", credentials);
        let one = newest("name: Acme");
        assert!(
            one.contains("give it the display name \"Acme\", and press") && !one.contains("The name of"),
            "{one}"
        );
        assert!(
            newest("name: {example: Acme}").contains("give it a display name (for example \"Acme\"), and")
        );
        let apart = newest("name: Acme <country>");
        assert!(apart.contains("give it a display name, and press"), "{apart}");
        assert!(apart.contains("3. The name of the service user is \"Acme <country>\""), "{apart}");
    }

    #[test]
    fn what_the_guide_calls_it_goes_where_the_screens_ask_for_it() {
        let both = "name: acme, display-name: Acme sync, description: It reads";
        let says = |ui: &str| steps(ui, both);
        let newest = says("peoples-fields");
        let more = "give it the display name \"Acme sync\" and, where they are asked for, the name \"acme\" and the \
                    description \"It reads\", and press";
        assert!(newest.contains(more), "{newest}");
        let older = says("access-rights");
        let more = "give it the name \"acme\" and the display name \"Acme sync\" and, where it is asked for, the \
                    description \"It reads\", and press";
        assert!(older.contains(more), "{older}");
        let oldest = says("roles-and-permissions");
        assert!(
            oldest.contains("the name \"acme\" and, where they are asked for, the display name"),
            "{oldest}"
        );
        let alone = steps("roles-and-permissions", "display-name: Acme sync");
        assert!(alone.contains("give it the name \"Acme sync\", and press"), "{alone}");
    }
}
