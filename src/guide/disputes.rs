//! What the guide says both ways, line by line: also of a line of which nobody knows whether it holds.

use crate::catalogue::id::PermissionId;
use crate::policy::lines::{Aim, Line, Section, Truth};
use crate::policy::{Contradicted, oddities};

use super::boxes::Boxes;
use super::{Text, plain, words};

impl Boxes<'_> {
    /// What to do with a line where the guide says both. What one thing in it is said both ways is told there.
    pub(super) fn contradicted(&self, line: &Line) -> Option<String> {
        let is_one =
            line.disputed.is_some() || !matches!(line.aim, Aim::Together(_) | Aim::Alternatives { .. });
        let all = if is_one { line.all() } else { Vec::new() };
        let known = all.into_iter().find_map(|part| {
            self.policy.contradicted(&part.place).or_else(|| self.contradicted_if_it_holds(part, line))
        })?;
        Some(words::contradicted(known, &self.policy.publisher))
    }

    /// The same of a line of which nobody knows whether it holds: wherever it does, another one holds that says the
    /// opposite.
    fn contradicted_if_it_holds(&self, line: &Line, outer: &Line) -> Option<Contradicted> {
        if (self.truth)(line) != Truth::Open || (line.disputed.is_none() && outer.disputed.is_none()) {
            return None;
        }
        let wanted = oddities::is_wanted(line.modality.need());
        let mut others = Vec::new();
        for whole in self.lines.iter().filter(|it| oddities::is_wanted(it.modality.need()) != wanted) {
            let opposite = whole.parts().into_iter().filter(|it| {
                line.when.implies(&it.when) && (it.aim == line.aim || self.share_a_box(line, it))
            });
            others.extend(opposite.map(|it| it.disputed.is_some() || whole.disputed.is_some()));
        }
        match (others.is_empty(), others.iter().all(|disputed| *disputed)) {
            (true, _) => None,
            (false, true) => Some(Contradicted::Open),
            (false, false) => Some(Contradicted::GivesWay),
        }
    }

    /// Whether a box is among what both lines stand for.
    fn share_a_box(&self, one: &Line, other: &Line) -> bool {
        let takes = |line: &Line, id: &PermissionId| match &line.aim {
            Aim::Section { section: Section::Id(section), boxes } if boxes.is_empty() => {
                !oddities::is_wanted(line.modality.need()) && section.section() == id.section()
            }
            Aim::Every { pattern, except, among_listed: false } => {
                pattern.fits(id) && !except.iter().any(|except| except.fits(id))
            }
            _ => oddities::named(line).contains(id),
        };
        oddities::named(one).iter().any(|id| takes(other, id))
            || oddities::named(other).iter().any(|id| takes(one, id))
    }

    /// What the guide says of one thing in a line that stands for several.
    pub(super) fn say_inside(&self, inside: &Line, outer: &Line, about: &mut Vec<Text>) {
        for part in inside.all() {
            let of = match part.place == inside.place {
                true => String::new(),
                false => format!("{}: ", oddities::words(part, self.catalogue)),
            };
            let reason = part.reason.as_ref().filter(|_| part.reason != outer.reason);
            let disputed = part.disputed.as_ref().filter(|_| part.disputed != outer.disputed);
            let said = [
                reason.map(|reason| words::reason(part.modality, reason)),
                disputed.map(|disputed| format!("But: {disputed}")),
                disputed.and_then(|_| self.contradicted(part)),
            ];
            about.extend(said.into_iter().flatten().map(|says| plain(format!("{of}{says}"))));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::screens;
    use crate::guide::tests::{guide, on};

    const ASK: &str = "Ask Acme which is meant, and change nothing until then.";

    #[test]
    fn what_is_said_both_ways_under_a_condition_is_asked_about_before_anybody_chooses() {
        let lines = |when: &str, disputed: &str| {
            format!(
                "features: {{sync: Sync, cars: Cars}}\nrequires: [people/root/view, {{permission: people/work/edit, \
                 disputed: the FAQ says no, when: {{with: sync}}}}]\nnot-needed: [{{permission: people/work/edit, \
                 when: {{with: {when}}}{disputed}}}]"
            )
        };
        let both = guide(&lines("sync", ", disputed: the list says yes"));
        assert_eq!(both.matches(ASK).count(), 2, "{both}");
        let one = guide(&lines("sync", ""));
        assert!(one.contains("says the opposite too, and that holds: pass over this.") && !one.contains(ASK));
        // Nobody says that both conditions hold for one customer.
        let apart = guide(&lines("cars", ", disputed: the list says yes"));
        assert!(!apart.contains(ASK), "{apart}");
    }

    #[test]
    fn what_is_disputed_under_an_answer_that_is_not_given_is_left_out() {
        let lines = "facts: {eu: EU?}\nrequires: [people/root/view, {permission: people/work/edit, disputed: x, when: \
                     {fact: eu = yes}}]\nnot-needed: [{section: people/work, disputed: y, when: {fact: eu = yes}}]";
        let of = |answer: &str| on(screens::newest(true), lines, &[("eu", answer)], None);
        assert!(guide(lines).contains(ASK) && !of("no").contains(ASK));
    }

    #[test]
    fn a_dispute_in_a_line_for_several_boxes_is_about_that_box_alone() {
        let text = guide(
            "requires:\n  - label: Payroll, all of it\n    items:\n      - {permission: people/payroll/view, for: pay \
             runs}\n      - {permission: people/payroll/history, disputed: the FAQ says no}\nforbidden:\n  - \
             {permission: people/payroll/history, disputed: the list says yes}",
        );
        let view = "Payroll sections\n          What for: pay runs\n      - ";
        let history = format!(
            "section histories\n          But: the FAQ says no\n          Acme's guide says both. {ASK}\n"
        );
        assert!(text.contains(view) && text.contains(&history), "{text}");
        // Once there, and once beside the line that forbids it.
        assert_eq!(text.matches(ASK).count(), 2, "{text}");
    }

    #[test]
    fn a_dispute_about_a_printed_line_is_about_all_of_it() {
        let text = guide(
            "requires:\n  - label: Payroll, all of it\n    disputed: the FAQ says no\n    items: \
             [people/payroll/view, people/payroll/history]\nforbidden:\n  - {permission: people/payroll/history, \
             disputed: the list says yes}",
        );
        assert!(text.contains("\n      But: the FAQ says no\n      Acme's guide says both."), "{text}");
    }
}
