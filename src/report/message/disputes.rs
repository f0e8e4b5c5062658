//! Where what is asked of one service user cannot all be had: the admin is told, and is not sent to
//! and fro between two guides.

use crate::report::{About, Item, ManualCheck, Need, Report, Role, Status, words};

/// One thing of which several policies want different things.
pub(super) struct Dispute<'r> {
    what: String,
    /// Whether it is people, and no box.
    people: bool,
    sides: Vec<Side<'r>>,
    /// Whether one side merely does without it, so that there is nothing to settle.
    pub(super) settled: bool,
}

/// Those who say the same of it.
struct Side<'r> {
    stance: Stance<'r>,
    titles: Vec<&'r str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stance<'r> {
    Wants(Need),
    Says(&'r str),
}

/// All of them, in the order in which they come up.
pub(super) struct Disputes<'r> {
    pub(super) all: Vec<Dispute<'r>>,
    items: Vec<&'r Item>,
    checks: Vec<&'r ManualCheck>,
}

impl<'r> Disputes<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let mut disputes = Self { all: Vec::new(), items: Vec::new(), checks: Vec::new() };
        disputes.boxes(report);
        disputes.screens(report);
        disputes
    }

    /// Whether nobody can act on an item before the sides agree.
    pub(super) fn holds(&self, item: &Item) -> bool {
        self.items.iter().any(|held| std::ptr::eq(*held, item))
    }

    /// The same of something to look at.
    pub(super) fn holds_check(&self, check: &ManualCheck) -> bool {
        self.checks.iter().any(|held| std::ptr::eq(*held, check))
    }

    fn boxes(&mut self, report: &'r Report) {
        let said: Vec<(&str, &Item)> = report
            .policies
            .iter()
            .flat_map(|policy| policy.items.iter().map(|item| (policy.policy.title.as_str(), item)))
            // What a person decided is settled, and so is a branch beside one that is met; excess that no line
            // mentions is nobody's wish.
            .filter(|(_, item)| {
                let decided = matches!(item.status, Status::Waived | Status::Attested);
                item.at.is_some() && !decided && !item.is_spent()
            })
            .collect();
        let mut told: Vec<&Item> = Vec::new();
        for (_, item) in &said {
            let about: Vec<(&str, &Item)> =
                said.iter().filter(|(_, other)| is_one_box(item, other)).copied().collect();
            let any = |wants: &dyn Fn(Need) -> bool| about.iter().any(|(_, other)| wants(other.need));
            let wanted = any(&|need| matches!(need, Need::Required | Need::Optional));
            let refused = any(&|need| need == Need::Forbidden);
            let spared = any(&|need| need == Need::NotNeeded);
            if !wanted || !(refused || spared) {
                continue;
            }
            if refused {
                self.items.push(item);
            }
            if told.iter().any(|known| is_one_box(known, item)) {
                continue;
            }
            told.push(item);
            let mut sides: Vec<Side> = Vec::new();
            for (title, other) in about {
                side(&mut sides, Stance::Wants(other.need), title);
            }
            let people = item.permission.as_deref().is_some_and(words::is_population);
            self.all.push(Dispute { what: words::name(item), people, sides, settled: !refused });
        }
    }

    /// Whose data is meant, and who is in the group: as far as only the screen shows it.
    fn screens(&mut self, report: &'r Report) {
        for about in [About::GroupType, About::MembersChosen, About::MembersCondition, About::Audience] {
            let said: Vec<(&str, Vec<&ManualCheck>)> = report
                .policies
                .iter()
                .map(|policy| {
                    let checks = policy
                        .manual
                        .iter()
                        .filter(|check| check.about == Some(about) && check.role == Role::HibobAdmin);
                    (policy.policy.title.as_str(), checks.collect())
                })
                .filter(|(_, checks): &(_, Vec<_>)| !checks.is_empty())
                .collect();
            let all = || said.iter().flat_map(|(_, checks)| checks.iter().copied());
            let by_all = |check: &ManualCheck| {
                said.iter().all(|(_, checks)| checks.iter().any(|other| other.text == check.text))
            };
            let disputed: Vec<&ManualCheck> = all().filter(|check| !by_all(check)).collect();
            if disputed.is_empty() {
                continue;
            }
            let mut sides: Vec<Side> = Vec::new();
            for (title, checks) in &said {
                for check in checks {
                    side(&mut sides, Stance::Says(&check.text), title);
                }
            }
            self.all.push(Dispute {
                what: words::about(about).to_owned(),
                people: false,
                sides,
                settled: false,
            });
            self.checks.extend(disputed);
        }
    }
}

fn side<'r>(sides: &mut Vec<Side<'r>>, stance: Stance<'r>, title: &'r str) {
    match sides.iter_mut().find(|side| side.stance == stance) {
        Some(side) if side.titles.contains(&title) => {}
        Some(side) => side.titles.push(title),
        None => sides.push(Side { stance, titles: vec![title] }),
    }
}

impl Dispute<'_> {
    /// `Payroll: Kombo needs it; Frontegg must not have it`.
    pub(super) fn words(&self) -> String {
        if let [one, other] = self.sides.as_slice()
            && one.titles == other.titles
        {
            let (one, other) = (one.words(self.people), other.words(self.people));
            return format!("{}: in one place {one}; in another {other}", self.what);
        }
        let sides: Vec<String> = self.sides.iter().map(|side| side.words(self.people)).collect();
        format!("{}: {}", self.what, sides.join("; "))
    }
}

impl Side<'_> {
    /// `Frontegg and Kombo need it`.
    fn words(&self, people: bool) -> String {
        let who = words::list(&self.titles);
        let says = match (self.stance, people) {
            (Stance::Says(text), _) => return format!("{who}: {}", text.trim_end_matches('.')),
            (Stance::Wants(Need::Required), false) => ("needs it", "need it"),
            (Stance::Wants(Need::Required), true) => ("needs them", "need them"),
            (Stance::Wants(Need::Optional), false) => ("would like it", "would like it"),
            (Stance::Wants(Need::Optional), true) => ("would like them", "would like them"),
            (Stance::Wants(Need::Forbidden), false) => ("must not have it", "must not have it"),
            (Stance::Wants(Need::Forbidden), true) => ("must not see them", "must not see them"),
            (Stance::Wants(Need::NotNeeded), false) => ("does without it", "do without it"),
            (Stance::Wants(Need::NotNeeded), true) => ("does without them", "do without them"),
        };
        format!("{who} {}", words::plural(self.titles.len(), says.0, says.1))
    }
}

/// Whether two items come to the same box: by their permissions, or by the box that opens a field. A
/// whole section comes to each of its boxes.
fn is_one_box(one: &Item, other: &Item) -> bool {
    let ids = |item: &'_ Item| [item.permission.clone(), item.opened_by.clone()].into_iter().flatten();
    ids(one).any(|id| ids(other).any(|other| covers(&id, &other) || covers(&other, &id)))
}

fn covers(id: &str, other: &str) -> bool {
    match id.strip_suffix('*') {
        Some(section) if section.ends_with('/') => other.starts_with(section),
        _ => id == other,
    }
}
