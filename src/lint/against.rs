//! Lines that work against each other and are no contradiction: a choice that other lines have made, and a
//! field that is read of a section that is not wanted.

use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::rows::Witnessed;
use crate::catalogue::{Catalogue, builtin, reads};
use crate::policy::blocks::{Population, shown};
use crate::policy::lines::{Aim, Line, MODELS, Modality, Section};
use crate::policy::oddities::{covers, is_wanted, named, words};
use crate::policy::pattern::Pattern;
use crate::policy::{List, Need, Policy, Remark, Requirement, Target};
use crate::source::clean::clean;

pub(super) fn remarks(policy: &Policy, catalogue: &Catalogue, found: &mut Vec<Remark>) {
    both_ways(policy, found);
    everyone(policy, found);
    unseen_people(policy, found);
    unseen_boxes(policy, catalogue, found);
    choices(policy, catalogue, found);
    unwanted(policy, catalogue, found);
}

/// What the guide says both ways, told at each line that gives way or, where all are disputed, at the first.
fn both_ways(policy: &Policy, found: &mut Vec<Remark>) {
    for requirement in &policy.requirements {
        let Some(first) = requirement.contrary.first() else { continue };
        let what = requirement.target.permission().map_or(requirement.label.as_str(), |id| id.as_str());
        let says = requirement.both_sides();
        let is_open = MODELS.iter().any(|model| requirement.torn.of(*model));
        let (holds, place) = match is_open {
            true => ("all of these are disputed, so that a run asks which is meant", &requirement.place),
            false => ("the first holds, since the other is disputed", &first.place),
        };
        let text = format!("the guide contradicts itself about `{}`: {says}; {holds}", clean(what));
        found.push(Remark { code: "guide-contradicts-itself", text, place: place.clone() });
    }
}

/// "Everyone", and people whom that leaves out.
fn everyone(policy: &Policy, found: &mut Vec<Remark>) {
    for block in &policy.population {
        let beyond = shown(&block.beyond_everyone(&policy.population));
        if !beyond.is_empty() {
            let text = format!(
                "`choose: everyone` means people who work for the company now, and {} is asked for too",
                beyond.join(" and ")
            );
            found.push(Remark { code: "everyone-leaves-out", text, place: block.place.clone() });
        }
    }
}

/// People whom no run can tell by the boxes of the policy: nobody's lifecycle status may be read, or those who
/// must not be reached are told only where one of them comes back.
fn unseen_people(policy: &Policy, found: &mut Vec<Remark>) {
    let firm = || policy.population.iter().filter(|block| block.disputed.is_none());
    let names = |block: &&Population| {
        let Population { at_least, exactly, not_only, recommended, never, .. } = block;
        [at_least, exactly, not_only, recommended, never].iter().any(|statuses| !statuses.is_empty())
    };
    let Some(first) = firm().find(names) else { return };
    let shows_statuses = policy.requirements.iter().any(|it| match &it.target {
        Target::Permission(id) | Target::Section(id) => {
            let of_field = id.as_field().is_some_and(|(field, _)| STATUS_FIELDS.contains(&field));
            is_wanted(it.need) && (of_field || id.section() == LIFECYCLE)
        }
        Target::Field { field, .. } => is_wanted(it.need) && STATUS_FIELDS.contains(&field.name.as_str()),
        _ => false,
    });
    // The line may be in a part of the list that nobody knows.
    let may_be_there = policy.requirements.iter().any(|it| match &it.target {
        Target::ListNotKnown { among, .. } => {
            let fits = |section: &Pattern| section.fits(&PermissionId::category("lifecycle", Action::View));
            among.is_empty() || among.iter().any(fits)
        }
        _ => false,
    });
    if !may_be_there && !shows_statuses {
        let more = match policy.list {
            List::Closed => "; to tick one would be excess",
            List::Open | List::Unknown => "",
        };
        let text = format!(
            "whose data it is hangs on lifecycle statuses, and no line has the box that shows them: by the boxes of \
             the policy no run can tell{more}"
        );
        let place = first.place.clone();
        found.push(Remark { code: "people-unseen", text, place });
        return;
    }
    let excludes = |block: &&Population| !block.never.is_empty() || (!block.exactly.is_empty() && !block.all);
    if let Some(block) = firm().find(excludes) {
        let text = "who must not be seen is told only by somebody who is known: that nobody came back may mean that \
                    there is nobody";
        let (text, place) = (text.to_owned(), block.place.clone());
        found.push(Remark { code: "people-unseen", text, place });
    }
}

/// Boxes that must not be held, and that no read shows: not one of them is ever settled without a person.
fn unseen_boxes(policy: &Policy, catalogue: &Catalogue, found: &mut Vec<Remark>) {
    let is_unseen = |requirement: &&Requirement| {
        let id = requirement.target.permission().filter(|id| !id.is_section());
        requirement.need == Need::Forbidden
            && id.is_some_and(|id| matches!(catalogue.describe(id).witnessed, Witnessed::Unseen(_)))
    };
    let mut unseen = policy.requirements.iter().filter(is_unseen);
    let Some(first) = unseen.next() else { return };
    let boxes = match unseen.count() {
        0 => "a box that must not be held is".to_owned(),
        more => format!("{} boxes that must not be held are", more + 1),
    };
    let text = format!(
        "{boxes} shown by no read: somebody has to look, and until then no run ends with 0, unless `--tolerate \
         uncheckable` lets them pass"
    );
    found.push(Remark { code: "forbidden-unseen", text, place: first.place.clone() });
}

/// The section that shows the lifecycle status.
const LIFECYCLE: &str = "people/lifecycle";

/// The fields that hold it.
const STATUS_FIELDS: [&str; 2] = ["internal.status", "internal.lifecycleStatus"];

/// `one-of` of which other lines require more than one.
fn choices(policy: &Policy, catalogue: &Catalogue, found: &mut Vec<Remark>) {
    let is_required = |line: &&Line| line.modality.need() == Need::Required && !reads(line);
    for line in policy.lines.iter().flat_map(Line::parts) {
        let Aim::Alternatives { only_one: true, branches } = &line.aim else { continue };
        // What holds under another condition may never hold together with the choice.
        let others: Vec<&Line> = policy
            .lines
            .iter()
            .flat_map(Line::parts)
            .filter(is_required)
            .filter(|other| other.when.is_always() || other.when == line.when)
            .collect();
        let required = |id: &PermissionId| others.iter().any(|other| covers(other, id, &others));
        let decided = branches.iter().filter(|branch| {
            let boxes: Vec<PermissionId> = branch.iter().flat_map(named).collect();
            let is_whole = branch.iter().flat_map(Line::parts).all(|part| !named(part).is_empty());
            is_whole && boxes.iter().all(required)
        });
        if decided.count() > 1 {
            let label = clean(&words(line, catalogue));
            let text = format!("`{label}`: one would do, and other lines require more than one of them");
            found.push(Remark { code: "choice-made-twice", text, place: line.place.clone() });
        }
    }
}

/// A section that is not wanted, of which a field is read.
fn unwanted(policy: &Policy, catalogue: &Catalogue, found: &mut Vec<Remark>) {
    let lines: Vec<&Line> = policy.lines.iter().flat_map(Line::all).collect();
    let read: Vec<(String, PermissionId)> = lines
        .iter()
        .filter(|line| matches!(line.modality.need(), Need::Required | Need::Optional))
        .flat_map(|line| fields_of(line, catalogue))
        .filter_map(|(field, action)| {
            let section = &builtin::find(&field)?.section;
            Some((field, PermissionId::category(section, action)))
        })
        .collect();
    for line in &lines {
        if !matches!(line.modality.need(), Need::Forbidden | Need::NotNeeded) {
            continue;
        }
        let means = |id: &PermissionId| match &line.aim {
            // A pattern is no word about one section.
            Aim::Permission(named) => named == id,
            Aim::Section { section: Section::Id(section), boxes } => {
                section.section() == id.section()
                    && (boxes.is_empty() || boxes.iter().any(|it| it == id.action()))
            }
            _ => false,
        };
        let fields: Vec<String> =
            read.iter().filter(|(_, id)| means(id)).map(|(name, _)| format!("`{}`", clean(name))).collect();
        if !fields.is_empty() {
            let label = clean(&words(line, catalogue));
            let text = format!("`{label}` is not wanted, and {} of it is read", fields.join(" and "));
            found.push(Remark { code: "field-of-unwanted-section", text, place: line.place.clone() });
        }
    }
}

/// The single fields that a line asks for, and what of them.
fn fields_of(line: &Line, catalogue: &Catalogue) -> Vec<(String, Action)> {
    match &line.aim {
        Aim::Field { field, boxes } if boxes.is_empty() => vec![(field.name.clone(), Action::View)],
        Aim::Field { field, boxes } => boxes.iter().map(|action| (field.name.clone(), *action)).collect(),
        Aim::Permission(id) => {
            id.as_field().map(|(field, action)| (field.to_owned(), action)).into_iter().collect()
        }
        Aim::Table { name, all_rows, columns, .. } => {
            let fields = columns.iter().filter_map(|column| reads::field_of(name, column, catalogue));
            let actions = [Some(Action::View), all_rows.then_some(Action::History)];
            fields
                .flat_map(|field| actions.into_iter().flatten().map(move |action| (field.clone(), action)))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a line says what is read rather than what is ticked.
fn reads(line: &Line) -> bool {
    line.modality == Modality::Needs
}
