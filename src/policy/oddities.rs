//! What is odd about a policy, and no mistake: seen in its lines, as the guide puts them.
//!
//! A run looks at the lines that hold for its customer; a reader of the file, at every line as if its
//! condition held. Only what a line names counts: a wildcard speaks for no single box.

use super::lines::{Aim, Field, Line, Modality, Section, Truth};
use super::printed::nearest_box;
use super::{Need, Policy, Remark, Role};
use crate::catalogue::id::{Action, PermissionId, is_id_of_a_field};
use crate::catalogue::{Catalogue, builtin};
use crate::source::clean::clean;

/// What is odd about the file, whoever the customer is.
pub fn of_every_line(policy: &Policy, catalogue: &Catalogue) -> Vec<Remark> {
    let lines: Vec<&Line> = policy.lines.iter().collect();
    oddities(&lines, catalogue)
}

/// What is odd about what it comes to for this customer.
pub(super) fn of_lines_that_hold(policy: &Policy, catalogue: &Catalogue) -> Vec<Remark> {
    let holds = |line: &&Line| {
        let truths = line.when.truths(&policy.choices, &policy.facts);
        [truths.category, truths.field, truths.unknown].iter().any(|truth| *truth != Truth::No)
    };
    let lines: Vec<&Line> = policy.lines.iter().filter(holds).collect();
    oddities(&lines, catalogue)
}

fn oddities(lines: &[&Line], catalogue: &Catalogue) -> Vec<Remark> {
    let mut remarks = said_before(lines, catalogue);
    let each: Vec<&Line> = lines
        .iter()
        .flat_map(|line| line.all())
        .filter(|line| !matches!(line.aim, Aim::Together(_)))
        .collect();
    let wanted: Vec<&Line> = each.iter().copied().filter(|line| is_wanted(line.modality.need())).collect();
    let asks_for = |id: &PermissionId| wanted.iter().any(|line| covers(line, id, &wanted));
    let mut remark =
        |code, line: &Line, text: String| remarks.push(Remark { code, text, place: line.place.clone() });

    for line in &wanted {
        for id in named(line) {
            let Some((category, Action::History)) = id.as_category() else { continue };
            let view = PermissionId::category(category, Action::View);
            if !asks_for(&view) {
                remark("history-without-view", line, format!("`{id}` is asked for without `{view}`"));
            }
        }
    }
    let root = PermissionId::category("root", Action::View);
    // Where a part of the list is not known, Basic info may stand in it.
    let is_a_list_of_boxes = |line: &&Line| line.modality != Modality::Needs;
    let is_whole = !wanted.iter().filter(|line| is_a_list_of_boxes(line)).any(|line| match &line.aim {
        Aim::ListNotKnown { among, except, .. } => {
            among.is_empty()
                || among.iter().any(|it| it.fits(&root)) && !except.iter().any(|it| it.fits(&root))
        }
        _ => false,
    });
    if let Some(first) =
        wanted.iter().find(|line| line.modality.need() == Need::Required && is_peoples_data(line, catalogue))
        && is_whole
        && !asks_for(&root)
        && !wanted.iter().any(|line| reads_basic_info(line, catalogue))
    {
        let text = format!("people's data is asked for without `{root}`, and nobody has a name without it");
        remark("no-basic-info", first, text);
    }
    let mut seen: Vec<&Line> = Vec::new();
    for line in each {
        let words = clean(&words(line, catalogue));
        let (code, text) = match &line.aim {
            // A section that is not wanted is every box of it.
            Aim::Section { boxes, .. } if boxes.is_empty() && is_wanted(line.modality.need()) => {
                ("box-not-named", format!("`{words}` names a section and no box in it"))
            }
            Aim::Printed { label, path } => {
                let near = nearest_box(label, catalogue).map_or_else(String::new, |(near, id)| {
                    format!("; the nearest that it knows is `{near}`, `{id}`")
                });
                let (label, path) = (clean(label), clean(path));
                ("box-not-known", format!("the catalogue knows no box `{label}` under `{path}`{near}"))
            }
            Aim::Unresolved(reason) => {
                ("unresolved-label", format!("nobody could match `{words}` to a box yet: {}", clean(reason)))
            }
            // What the customer chooses is no defect of the guide.
            Aim::ListNotKnown { role: Role::HibobAdmin, .. } => continue,
            Aim::ListNotKnown { reason, .. } => {
                ("list-not-known", format!("the guide does not hold its list: {}", clean(reason)))
            }
            _ => continue,
        };
        // A line that is printed again is remarked on as such.
        if !seen.iter().any(|other| other.is_the_same(line)) {
            seen.push(line);
            remark(code, line, text);
        }
    }
    remarks.sort_by(|one, other| (&one.place, one.code).cmp(&(&other.place, other.code)));
    remarks
}

/// Lines that ask for what another line asks for already, under the same condition.
fn said_before(lines: &[&Line], catalogue: &Catalogue) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = Vec::new();
    // What is printed as one line is remarked on once.
    let parts = lines.iter().flat_map(|line| line.parts().into_iter().map(|part| (*line, part, named(part))));
    let asked: Vec<(&Line, &Line, Vec<PermissionId>)> = parts.collect();
    for (at, (line, part, boxes)) in asked.iter().enumerate() {
        let need = line.modality.need();
        let before = || {
            asked[..at].iter().filter(|(_, before, asked)| {
                is_wanted(before.modality.need()) == is_wanted(need)
                    // What is read and the box that opens it are two things to say.
                    && (before.modality == Modality::Needs) == (part.modality == Modality::Needs)
                    && before.when == part.when
                    && (boxes.iter().any(|id| asked.contains(id)) || are_the_same(before, part))
            })
        };
        let Some((_, first, _)) = before().next() else { continue };
        // A line that asks for more than those before it is no duplicate: without it that would be lost.
        let is_said = |id: &PermissionId| before().any(|(.., asked)| asked.contains(id));
        if first.modality.need() == need && !boxes.iter().all(is_said) {
            continue;
        }
        let before = first;
        if remarks.iter().any(|remark| remark.place == line.place) {
            continue;
        }
        let place = if before.place.file == line.place.file {
            format!("line {}", before.place.line)
        } else {
            format!("`{}:{}`", clean(&before.place.file), before.place.line)
        };
        let text = format!("`{}` asks for what {place} asks for already", clean(&words(line, catalogue)));
        let was = before.modality.need();
        let (code, text) = if was == need {
            ("duplicate-line", text)
        } else {
            ("need-said-twice", format!("{text}, there as {}", need_word(was)))
        };
        remarks.push(Remark { code, text, place: line.place.clone() });
    }
    remarks
}

/// Whether two lines that name no box in common mean the same section, pattern or label. What is read may be
/// read twice.
fn are_the_same(one: &Line, other: &Line) -> bool {
    match (&one.aim, &other.aim) {
        (Aim::Every { .. }, Aim::Every { .. }) => one.aim == other.aim,
        (Aim::Section { section: a, boxes: none }, Aim::Section { section: b, boxes })
            if none.is_empty() && boxes.is_empty() =>
        {
            same_section(a, b)
        }
        (
            Aim::Section { section: Section::Named(a), boxes: these },
            Aim::Section { section: Section::Named(b), boxes },
        ) => a.to_lowercase() == b.to_lowercase() && boxes.iter().all(|action| these.contains(action)),
        (Aim::Field { field: a, boxes: these }, Aim::Field { field: b, boxes }) => {
            a == b && boxes.iter().all(|action| these.contains(action))
        }
        (Aim::Printed { .. }, Aim::Printed { .. }) => one.aim == other.aim,
        (Aim::Unresolved(a), Aim::Unresolved(b))
        | (Aim::ListNotKnown { reason: a, .. }, Aim::ListNotKnown { reason: b, .. }) => {
            one.label.as_ref().unwrap_or(a) == other.label.as_ref().unwrap_or(b)
        }
        _ => false,
    }
}

fn same_section(one: &Section, other: &Section) -> bool {
    match (one, other) {
        (Section::Named(one), Section::Named(other)) => one.to_lowercase() == other.to_lowercase(),
        _ => one == other,
    }
}

/// The boxes that a line names one by one.
pub fn named(line: &Line) -> Vec<PermissionId> {
    match &line.aim {
        Aim::Permission(id) => vec![id.clone()],
        Aim::Section { section: Section::Id(id), boxes } => boxes
            .iter()
            .filter_map(|action| PermissionId::parse(&format!("{}/{action}", id.section())).ok())
            .collect(),
        Aim::Field { field, boxes } if is_id_of_a_field(&field.name) => {
            boxes.iter().map(|action| PermissionId::field(&field.name, *action)).collect()
        }
        Aim::Together(lines) => lines.iter().flat_map(named).collect(),
        _ => Vec::new(),
    }
}

/// Whether a box is among what a line can mean.
pub fn covers(line: &Line, id: &PermissionId, wanted: &[&Line]) -> bool {
    match &line.aim {
        Aim::Section { section: Section::Id(section), boxes } if boxes.is_empty() => {
            section.section() == id.section()
        }
        Aim::Every { pattern, except, among_listed } => {
            let is_listed = || {
                let sections = |line: &&Line| match &line.aim {
                    Aim::Permission(other) | Aim::Section { section: Section::Id(other), .. } => {
                        other.section() == id.section()
                    }
                    _ => false,
                };
                wanted.iter().any(sections)
            };
            let fits = pattern.fits(id) && !except.iter().any(|except| except.fits(id));
            fits && (!among_listed || is_listed())
        }
        _ => named(line).contains(id),
    }
}

/// Whether a line reads a field that Basic info opens, so that it is asked for by that.
fn reads_basic_info(line: &Line, catalogue: &Catalogue) -> bool {
    let is_in = |name: &str| {
        let known = builtin::find(name).filter(|known| !catalogue.comes_always(&known.id));
        known.is_some_and(|known| known.section == "root")
    };
    match &line.aim {
        Aim::Field { field, boxes } => {
            is_in(&field.name) && (boxes.is_empty() || boxes.contains(&Action::View))
        }
        Aim::Permission(id) => {
            id.as_field().is_some_and(|(field, action)| action == Action::View && is_in(field))
        }
        _ => false,
    }
}

/// Whether a line asks for data of people's profiles.
fn is_peoples_data(line: &Line, catalogue: &Catalogue) -> bool {
    let is_data = |id: &PermissionId| {
        let category = id.section().strip_prefix("people/");
        category.is_some_and(|name| catalogue.is_category(name) || name.starts_with("category_"))
    };
    match &line.aim {
        Aim::Permission(id) | Aim::Section { section: Section::Id(id), .. } => is_data(id),
        Aim::Every { pattern, .. } => {
            catalogue.permissions().any(|permission| is_data(&permission.id) && pattern.fits(&permission.id))
        }
        _ => false,
    }
}

/// The words of a line, or those of the catalogue where it has none.
pub fn words(line: &Line, catalogue: &Catalogue) -> String {
    line.label.clone().unwrap_or_else(|| match &line.aim {
        Aim::Permission(id) => catalogue.label(id),
        Aim::Section { section: Section::Id(id), .. } => id.section().to_owned(),
        Aim::Section { section: Section::Named(name), .. } => name.clone(),
        Aim::Every { pattern, .. } => pattern.to_string(),
        Aim::Together(lines) => {
            lines.iter().map(|line| words(line, catalogue)).collect::<Vec<_>>().join("; ")
        }
        Aim::Printed { label, .. } => label.clone(),
        Aim::Unresolved(reason) => reason.clone(),
        Aim::ListNotKnown { .. } => words_of_a_list(line).to_owned(),
        Aim::Field { field, boxes } if boxes.is_empty() => words_of_a_field(field, catalogue),
        Aim::Field { field, boxes } => words_of_boxes(field, boxes, catalogue),
        Aim::Table { name, boxes, .. } if !boxes.is_empty() => words_of_table_boxes(name, boxes),
        Aim::Table { name, .. } | Aim::Resource { name, .. } => name.clone(),
        Aim::Alternatives { only_one, .. } => {
            if *only_one {
                "one of these".to_owned()
            } else {
                "at least one of these".to_owned()
            }
        }
    })
}

/// A field by the name that the file gives it, and its section where that is said.
pub fn words_of_a_field(field: &Field, catalogue: &Catalogue) -> String {
    let section = match &field.section {
        None => return field.name.clone(),
        Some(Section::Named(name)) => name.clone(),
        Some(Section::Id(id)) => catalogue.describe(id).path.pop().unwrap_or_else(|| id.section().to_owned()),
    };
    format!("{} ({section})", field.name)
}

/// The boxes of a field, as HiBob labels them: "View, Edit: Papaya ID".
pub fn words_of_boxes(field: &Field, boxes: &[Action], catalogue: &Catalogue) -> String {
    let verbs: Vec<&str> = boxes.iter().map(|action| action.verb()).collect();
    format!("{}: {}", verbs.join(", "), words_of_a_field(field, catalogue))
}

/// The boxes of the section that a table of the customer's own is in.
pub fn words_of_table_boxes(table: &str, boxes: &[Action]) -> String {
    let verbs: Vec<&str> = boxes.iter().map(|action| action.verb()).collect();
    format!("{} of the section in which the table \"{table}\" is", verbs.join(", "))
}

/// What a list is called that the guide does not hold.
pub(super) fn words_of_a_list(line: &Line) -> &'static str {
    match line.modality {
        Modality::Needs => "the list of what is read",
        _ => "the list of permissions",
    }
}

/// Whether a need is on the side of having it.
pub fn is_wanted(need: Need) -> bool {
    matches!(need, Need::Required | Need::Optional)
}

fn need_word(need: Need) -> &'static str {
    match need {
        Need::Required => "required",
        Need::Optional => "optional",
        Need::Forbidden => "forbidden",
        Need::NotNeeded => "not needed",
    }
}
