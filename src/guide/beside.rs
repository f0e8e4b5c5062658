//! What is asked for beside rights: before anything else, after the boxes, in the product, and later.

use crate::policy::Role;
use crate::policy::beside::{self, Also, AlsoKind, By, Duty, Prerequisite, Wanted};
use crate::policy::lines::When;
use crate::report::words::{also, path, quoted, same_label};

use super::build::{Builder, points};
use super::{Block, Text, plain};

impl Builder<'_> {
    /// A line with who sees to it, how much it is wanted, and its condition, if it concerns this customer.
    fn told(&self, text: &str, by: &By, wanted: Wanted, when: &When) -> Option<String> {
        let who = by.for_the_admin(&self.policy.publisher);
        self.under(&beside::told(text, who.as_deref(), wanted), when)
    }

    pub(super) fn duty(&self, duty: &Duty) -> Option<String> {
        self.told(&duty.text, &duty.by, duty.wanted, &duty.when)
    }

    fn also(&self, also: &Also) -> Option<String> {
        // Who sees to such a line as a rule, its heading says.
        let by = if also.by.role == also.kind.role() && also.by.name.is_none() {
            Role::HibobAdmin.into()
        } else {
            also.by.clone()
        };
        self.told(&also.text, &by, also.wanted, &also.when)
    }

    pub(super) fn before(&self) -> Vec<Block> {
        let admin =
            "You can open System settings in HiBob. If not, you are not a HiBob admin: pass this guide on."
                .to_owned();
        let asked = self.policy.prerequisites.iter().filter_map(|it| self.prerequisite(it));
        let mut blocks = points(std::iter::once(admin).chain(asked));
        blocks.extend(self.beside(true));
        blocks
    }

    /// What the person at the screen needs, or what will do of it.
    fn prerequisite(&self, asked: &Prerequisite) -> Option<String> {
        let ways = asked.any_of.iter().filter_map(|it| self.under(&self.asks_of_the_reader(it), &it.when));
        let ways: Vec<String> = ways.collect();
        let text = match ways.as_slice() {
            [] if asked.any_of.is_empty() => self.asks_of_the_reader(asked),
            [] => return None,
            ways => format!(
                "One of these will do: {}",
                ways.iter().map(|it| it.trim_end_matches('.')).collect::<Vec<_>>().join("; or ")
            ),
        };
        self.told(&text, &asked.by, asked.wanted, &asked.when)
    }

    /// A sentence as it is; of a box, that it is the reader's own, and where it stands.
    fn asks_of_the_reader(&self, asked: &Prerequisite) -> String {
        let Some(id) = &asked.permission else { return asked.text.clone() };
        let label = self.catalogue.label(id);
        let way = path(&self.screens.way(&self.catalogue.describe(id).path));
        let called = match same_label(&label, &asked.text) {
            true => String::new(),
            false => format!(", which the guide calls {}", quoted(&asked.text)),
        };
        format!("You yourself need this box, in a group that you are in: {way}: {}{called}.", quoted(&label))
    }

    /// What is asked for beside permissions, before everything else or after the boxes: by what it is about, in the
    /// order of the file.
    pub(super) fn beside(&self, comes_first: bool) -> Vec<Block> {
        let all = || self.policy.also.iter().filter(|it| it.comes_first == comes_first);
        let mut kinds: Vec<AlsoKind> = Vec::new();
        for also in all() {
            if !kinds.contains(&also.kind) {
                kinds.push(also.kind);
            }
        }
        let of = |kind: AlsoKind| {
            let asked = all().filter(|it| it.kind == kind);
            let says = points(asked.filter_map(|it| self.also(it)));
            let heading = (!says.is_empty()).then(|| Block::Heading(2, also(kind).to_owned()));
            heading.into_iter().chain(says).collect::<Vec<_>>()
        };
        kinds.into_iter().flat_map(of).collect()
    }

    /// The title of the chapter about what is done in the product.
    pub(super) fn to_connect(&self) -> String {
        format!("Connect {}", self.policy.publisher)
    }

    /// What is done in the product once the rights are there.
    pub(super) fn connect(&self) -> Vec<Block> {
        let steps: Vec<Text> = self.policy.connect.iter().filter_map(|it| self.duty(it)).map(plain).collect();
        if steps.is_empty() { Vec::new() } else { vec![Block::Steps(steps)] }
    }

    /// What comes up later.
    pub(super) fn later(&self) -> Vec<String> {
        self.policy.later.iter().filter_map(|it| self.duty(it)).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::screens;
    use crate::guide::tests::{guide, on};

    const HEAD: &str = "requires: [people/root/view]\nfeatures: {sync: Sync}\nfacts: {eu: EU?}\n";

    #[test]
    fn what_is_done_in_the_product_comes_after_the_wait_and_before_the_check() {
        let text = guide(&format!(
            "{HEAD}timing: A minute.\nconnect: [Paste both., {{text: Press Preview., role: payroll team, when: {{fact: \
             eu = yes}}}}]\nnotes: A note.\nlater: [{{text: A new token., role: IT}}]"
        ));
        let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
        assert!(
            place("A minute.") < place("CONNECT ACME") && place("CONNECT ACME") < place("CHECK"),
            "{text}"
        );
        assert!(place("A note.") < place("LATER"), "{text}");
        assert!(
            text.contains(" 1. Paste both.\n 2. Payroll team: Press Preview. (only if \"EU?\""),
            "{text}"
        );
        assert!(text.trim_end().ends_with("- IT: A new token."), "{text}");
    }

    #[test]
    fn the_two_values_are_kept_for_the_chapter_that_says_where_they_go() {
        let values = "credentials: {id: a, token: b}\n";
        let says = "where they go, the chapter \"Connect Acme\" says";
        assert!(guide(&format!("{HEAD}{values}connect: [Paste both.]")).contains(says));
        let alone = guide(&format!("{HEAD}{values}"));
        assert!(
            alone.contains("put them where Acme asks for them") && !alone.contains("CONNECT ACME"),
            "{alone}"
        );
        let elsewhere = format!("{HEAD}{values}connect: [{{text: Paste both., when: {{fact: eu = yes}}}}]");
        let no = on(screens::newest(true), &elsewhere, &[("eu", "no")], None);
        assert!(!no.contains(says) && !no.contains("CONNECT ACME"), "{no}");
    }

    #[test]
    fn who_sees_to_a_line_and_how_much_it_is_wanted_come_before_it() {
        let text = guide(&format!(
            "{HEAD}also: [{{webhook: Left, wanted: optional}}, {{setting: The address is allowed., role: IT}}, {{data: Sites, role: facility manager, wanted: \
             recommended}}, {{parameter: asks so}}, {{metadata: A field, role: operator}}]\nmanual: [{{text: Look., role: \
             IT}}, {{text: See., role: integrator, wanted: optional}}]\nprerequisites: [{{text: Have a car., role: Owner, \
             wanted: recommended}}]"
        ));
        for says in [
            "Settings:\n\n  - IT: The address is allowed.\n",
            "- Optional: Left\n",
            "- Facility manager (recommended): Sites\n",
            "- asks so\n",
            "- For whoever runs the check: A field\n",
            "[ ] IT: Look.\n",
            "- For Acme (optional): See.\n",
            "- Owner (recommended): Have a car.\n",
        ] {
            assert!(text.contains(says), "{says}: {text}");
        }
    }
}
