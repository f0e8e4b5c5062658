//! The lines of a guide as the policy keeps them: in the order of the file, each with its own words.
//!
//! They are what the guide is written back from. What they come to, folded, is [`super::Requirement`].

use std::collections::{BTreeMap, BTreeSet};

use super::pattern::Pattern;
use super::{Model, Need, Role, Ui};
use crate::catalogue::id::{Action, PermissionId};
use crate::source::Spot;

/// One line of one of the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The list that it stands in: how the guide puts it.
    pub modality: Modality,
    /// What it points at.
    pub aim: Aim,
    /// The line as the guide prints it; none where the file gives no words of its own.
    pub label: Option<String>,
    /// Where the guide says that the box stands, as it prints it.
    pub path: Option<String>,
    /// What stops working without it.
    pub breaks: Option<String>,
    /// What the guide gives as its reason (`for`).
    pub reason: Option<String>,
    /// What contradicts the guide.
    pub disputed: Option<String>,
    /// How many of what it stands for may be chosen at the most; any number, where nothing is said.
    pub at_most: Option<u32>,
    /// When the line holds.
    pub when: When,
    /// Where it stands.
    pub place: Spot,
}

/// How a guide puts a line; each is a list of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modality {
    /// Required.
    Requires,
    /// "At minimum".
    Minimum,
    /// "On by default": looked at anyway.
    Assumed,
    /// Recommended.
    Recommended,
    /// "Might be needed", "if you want".
    Optional,
    /// "Not needed".
    NotNeeded,
    /// "Read-only", "do not grant".
    Forbidden,
    /// What the product reads, whichever box opens it.
    Needs,
}

impl Modality {
    /// Every list, in the order of the reference page.
    pub const ALL: [Self; 8] = [
        Self::Requires,
        Self::Minimum,
        Self::Assumed,
        Self::Recommended,
        Self::Optional,
        Self::NotNeeded,
        Self::Forbidden,
        Self::Needs,
    ];

    /// The key of the list.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requires => "requires",
            Self::Minimum => "minimum",
            Self::Assumed => "assumed",
            Self::Recommended => "recommended",
            Self::Optional => "optional",
            Self::NotNeeded => "not-needed",
            Self::Forbidden => "forbidden",
            Self::Needs => "needs",
        }
    }

    /// How much a line of the list is wanted.
    pub fn need(self) -> Need {
        match self {
            Self::Requires | Self::Minimum | Self::Assumed | Self::Needs => Need::Required,
            Self::Recommended | Self::Optional => Need::Optional,
            Self::NotNeeded => Need::NotNeeded,
            Self::Forbidden => Need::Forbidden,
        }
    }
}

/// What a line points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// One box.
    Permission(PermissionId),
    /// A section, and the boxes in it that the guide names; none where it names none.
    Section {
        /// Which.
        section: Section,
        /// The last parts of the boxes' ids, such as `view`.
        boxes: Vec<String>,
    },
    /// Every box that fits a pattern.
    Every {
        /// What fits.
        pattern: Pattern,
        /// What is left out although it fits.
        except: Vec<Pattern>,
        /// Whether only the sections count that other lines of the file name.
        among_listed: bool,
    },
    /// Alternatives: each branch is a list of lines.
    Alternatives {
        /// Whether more than one is excess.
        only_one: bool,
        /// The branches, in order.
        branches: Vec<Vec<Line>>,
    },
    /// Several things for which the guide prints one line.
    Together(Vec<Line>),
    /// A box by what is printed of it, which the catalogue does not know.
    Printed {
        /// What is printed beside the box.
        label: String,
        /// Where it is said to stand, as it is printed.
        path: String,
    },
    /// A label that stands for nothing that HiBob has; with the reason.
    Unresolved(String),
    /// The guide does not contain its list, or a part of it.
    ListNotKnown {
        /// Where it is to be had.
        reason: String,
        /// Among which boxes that part is; empty: any.
        among: Vec<Pattern>,
        /// What is no part of it although it fits.
        except: Vec<Pattern>,
        /// Who knows it: the integrator, or the customer's HiBob admin.
        role: Role,
    },
    /// A field: that it is read, or the boxes of it that the guide names.
    Field {
        /// Which.
        field: Field,
        /// The boxes; none: it is read, whichever box opens it.
        boxes: Vec<Action>,
    },
    /// A table, by its word, its id or its name on the screen: that it is read, or the boxes of the section that
    /// it is in.
    Table {
        /// Its name.
        name: String,
        /// Whether rows that are no longer in force are read too.
        all_rows: bool,
        /// The columns that are read; none: all of it.
        columns: Vec<String>,
        /// The boxes of its section; none: it is read, whichever box opens it.
        boxes: Vec<Action>,
    },
    /// A resource of the API that is read.
    Resource {
        /// Its word.
        name: String,
        /// Which of it, by their ids in HiBob; where neither these nor names are said: all that is visible.
        ids: Vec<String>,
        /// Which of it, by their names on the screen.
        names: Vec<String>,
    },
}

impl Line {
    /// Whether two lines point at the same, wherever they stand and whatever is printed for them. Of what
    /// points at nothing that is known, the printed words are all that there is to go by.
    pub fn is_the_same(&self, other: &Self) -> bool {
        let same = |these: &[Self], those: &[Self]| {
            these.len() == those.len()
                && these
                    .iter()
                    .zip(those)
                    .all(|(this, that)| this.when == that.when && this.is_the_same(that))
        };
        match (&self.aim, &other.aim) {
            (Aim::Together(these), Aim::Together(those)) => same(these, those),
            (
                Aim::Alternatives { only_one: one, branches: these },
                Aim::Alternatives { only_one: other, branches: those },
            ) => {
                one == other
                    && these.len() == those.len()
                    && these.iter().zip(those).all(|(this, that)| same(this, that))
            }
            (Aim::Unresolved(_), Aim::Unresolved(_)) => self.label == other.label,
            (Aim::ListNotKnown { .. }, Aim::ListNotKnown { .. }) => {
                self.aim == other.aim && self.label == other.label
            }
            (this, that) => this == that,
        }
    }
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// By its id, which ends in `/*`.
    Id(PermissionId),
    /// By its name on the tenant's screens.
    Named(String),
}

/// A field, by its id or by its name on the screen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    /// Its id, or its name.
    pub name: String,
    /// The section that it stands in; none where that is not said.
    pub section: Option<Section>,
}

/// When a line holds: all of these, each of which holds when one of its cases does. Empty: always.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When(pub Vec<Vec<Case>>);

/// One case: everything that it says must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// Parts of the product that the customer uses.
    pub with: Vec<String>,
    /// Parts of the product that the customer does not use.
    pub without: Vec<String>,
    /// What the customer answered: each fact and its value.
    pub facts: Vec<(String, String)>,
    /// The permission model of the tenant.
    pub model: Option<Model>,
    /// The generation of the tenant's screens.
    pub ui: Option<Ui>,
}

/// A part of the product that a customer may or may not use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Its name after `--with`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Where it is said.
    pub place: Spot,
}

/// A question about the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its name after `--fact`.
    pub name: String,
    /// The question.
    pub asks: String,
    /// The answers that there are.
    pub values: Vec<String>,
    /// The answer that holds where nobody gave one.
    pub otherwise: Option<String>,
    /// Where it is said.
    pub place: Spot,
}

/// What was said of the customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// The features that were chosen.
    pub with: BTreeSet<String>,
    /// The facts that were stated.
    pub facts: BTreeMap<String, String>,
    /// The generation of the screens, where it is known.
    pub ui: Option<Ui>,
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not.
    No,
    /// Nobody has said.
    Open,
    /// It does.
    Yes,
}

/// A value for each thing that may be known of the permission model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByModel<T> {
    /// Permissions are set by section.
    pub category: T,
    /// Permissions are set by field.
    pub field: T,
    /// Nobody knows.
    pub unknown: T,
}

/// What may be known of the permission model.
pub const MODELS: [Option<Model>; 3] = [Some(Model::Category), Some(Model::Field), None];

impl<T: Copy> ByModel<T> {
    /// The value for what is known.
    pub fn of(&self, model: Option<Model>) -> T {
        match model {
            Some(Model::Category) => self.category,
            Some(Model::Field) => self.field,
            None => self.unknown,
        }
    }

    /// Puts another value for what is known.
    pub(in crate::policy) fn set(&mut self, model: Option<Model>, value: T) {
        match model {
            Some(Model::Category) => self.category = value,
            Some(Model::Field) => self.field = value,
            None => self.unknown = value,
        }
    }

    /// Makes one of each.
    pub fn each(make: impl Fn(Option<Model>) -> T) -> Self {
        Self { category: make(Some(Model::Category)), field: make(Some(Model::Field)), unknown: make(None) }
    }
}

impl When {
    /// Whether it holds, for each permission model.
    pub fn truths(&self, choices: &Choices, facts: &[Fact]) -> ByModel<Truth> {
        ByModel::each(|model| {
            let clause = |cases: &Vec<Case>| {
                cases.iter().map(|case| case.truth(choices, facts, model)).max().unwrap_or(Truth::Yes)
            };
            self.0.iter().map(clause).min().unwrap_or(Truth::Yes)
        })
    }

    /// Whether it holds on these screens, of a customer of whom nothing is known but perhaps the permission model.
    pub fn truth_on(&self, ui: Ui, model: Option<Model>) -> Truth {
        let clause =
            |cases: &Vec<Case>| cases.iter().map(|case| case.truth_on(ui, model)).max().unwrap_or(Truth::Yes);
        self.0.iter().map(clause).min().unwrap_or(Truth::Yes)
    }

    /// Whether it says nothing.
    pub fn is_always(&self) -> bool {
        self.0.is_empty()
    }

    /// What is left of it where some of its parts are settled: what holds is not said again, and a case that
    /// does not hold is none. A condition that holds nowhere stays as it is.
    #[must_use]
    pub fn left(&self, truth: &dyn Fn(&Case) -> Truth) -> Self {
        let clause = |cases: &Vec<Case>| {
            let mut left: Vec<Case> = Vec::new();
            for case in cases.iter().filter_map(|case| case.left(truth)) {
                if case == Case::default() {
                    return None;
                }
                if !left.contains(&case) {
                    left.push(case);
                }
            }
            Some(if left.is_empty() { cases.clone() } else { left })
        };
        Self(self.0.iter().filter_map(clause).collect())
    }

    /// Whether it holds only where rights are given field by field.
    pub fn is_by_field(&self) -> bool {
        let by_field = |case: &Case| {
            case.model == Some(Model::Field) || case.ui.is_some_and(|ui| ui.model() == Model::Field)
        };
        self.0.iter().any(|cases| cases.iter().all(by_field))
    }

    /// Whether another condition holds wherever this one does, as far as their words show.
    pub fn implies(&self, other: &Self) -> bool {
        let clause = |wanted: &Vec<Case>| {
            let is_met = |case: &Case| wanted.iter().any(|other| case.implies(other));
            self.0.iter().any(|own| own.iter().all(is_met))
        };
        other.0.iter().all(clause)
    }

    /// Every case that it speaks of.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.0.iter().flatten()
    }
}

impl Case {
    /// Whether all that another case says is said by this one.
    fn implies(&self, other: &Self) -> bool {
        other.with.iter().all(|name| self.with.contains(name))
            && other.without.iter().all(|name| self.without.contains(name))
            && other.facts.iter().all(|fact| self.facts.contains(fact))
            && (other.model.is_none() || other.model == self.model)
            && (other.ui.is_none() || other.ui == self.ui)
    }

    /// What is left of the case, with a truth for each of its parts; none where one of them does not hold.
    fn left(&self, truth: &dyn Fn(&Self) -> Truth) -> Option<Self> {
        let of = |part: Self| match truth(&part) {
            Truth::No => None,
            Truth::Yes => Some(Self::default()),
            Truth::Open => Some(part),
        };
        let with = self.with.iter().map(|name| of(Self { with: vec![name.clone()], ..Self::default() }));
        let with = with.collect::<Option<Vec<Self>>>()?.into_iter().flat_map(|part| part.with).collect();
        let without =
            self.without.iter().map(|name| of(Self { without: vec![name.clone()], ..Self::default() }));
        let without =
            without.collect::<Option<Vec<Self>>>()?.into_iter().flat_map(|part| part.without).collect();
        let model = of(Self { model: self.model, ..Self::default() })?.model;
        let ui = of(Self { ui: self.ui, ..Self::default() })?.ui;
        let facts = self.facts.iter().map(|fact| of(Self { facts: vec![fact.clone()], ..Self::default() }));
        let facts = facts.collect::<Option<Vec<Self>>>()?.into_iter().flat_map(|part| part.facts).collect();
        Some(Self { with, without, facts, model, ui })
    }

    pub(super) fn truth(&self, choices: &Choices, facts: &[Fact], known: Option<Model>) -> Truth {
        let certain = |holds: bool| if holds { Truth::Yes } else { Truth::No };
        let with = self.with.iter().map(|name| certain(choices.with.contains(name)));
        let without = self.without.iter().map(|name| certain(!choices.with.contains(name)));
        let answers = self.facts.iter().map(|(name, value)| {
            let stated = choices.facts.get(name).or_else(|| {
                facts.iter().find(|fact| fact.name == *name).and_then(|fact| fact.otherwise.as_ref())
            });
            stated.map_or(Truth::Open, |stated| certain(stated == value))
        });
        let model = self.model.map(|model| known.map_or(Truth::Open, |known| certain(known == model)));
        let ui = self.ui.map(|ui| match (choices.ui, known) {
            (Some(asked), _) => certain(asked == ui),
            (None, Some(model)) if ui.model() != model => Truth::No,
            // No other generation has boxes on single fields.
            (None, Some(Model::Field)) => Truth::Yes,
            (None, _) => Truth::Open,
        });
        let of_tenant = [model, ui].into_iter().flatten();
        with.chain(without).chain(answers).chain(of_tenant).min().unwrap_or(Truth::Yes)
    }

    fn truth_on(&self, shown: Ui, known: Option<Model>) -> Truth {
        let of_model = self.model.map_or(Truth::Yes, |model| match known {
            None => Truth::Open,
            Some(known) if known == model => Truth::Yes,
            Some(_) => Truth::No,
        });
        let says_more = !(self.with.is_empty() && self.without.is_empty() && self.facts.is_empty());
        match self.ui {
            Some(ui) if ui != shown => Truth::No,
            _ if says_more => of_model.min(Truth::Open),
            _ => of_model,
        }
    }
}

/// That single reports are shared, as something to look at; none where no single one is named.
pub fn shared(ids: &[String], names: &[String]) -> Option<String> {
    let by_name = match names {
        [] => None,
        [only] => Some(format!("The report \"{only}\" is shared with the service user.")),
        _ => Some(format!("These reports are shared with the service user: \"{}\".", names.join("\", \""))),
    };
    let by_id = (!ids.is_empty()).then(|| shared_by_id(ids));
    let told: Vec<String> = by_name.into_iter().chain(by_id).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

fn shared_by_id(ids: &[String]) -> String {
    match ids {
        [only] => format!("The report with the id {only} is shared with the service user."),
        _ => format!("These reports are shared with the service user, by their ids: {}.", ids.join(", ")),
    }
}

impl Line {
    /// The line and, where others stand in it, those too.
    pub fn all(&self) -> Vec<&Self> {
        let mut all = vec![self];
        match &self.aim {
            Aim::Alternatives { branches, .. } => all.extend(branches.iter().flatten().flat_map(Self::all)),
            Aim::Together(lines) => all.extend(lines.iter().flat_map(Self::all)),
            _ => {}
        }
        all
    }

    /// What the guide prints one line for: the lines that stand together in it, or the line itself.
    pub fn parts(&self) -> Vec<&Self> {
        match &self.aim {
            Aim::Together(lines) => lines.iter().flat_map(Self::parts).collect(),
            _ => vec![self],
        }
    }

    /// The same line in another list.
    #[must_use]
    pub(super) fn put_under(mut self, modality: Modality) -> Self {
        let under = |lines: Vec<Self>| lines.into_iter().map(|line| line.put_under(modality)).collect();
        self.modality = modality;
        self.aim = match self.aim {
            Aim::Together(lines) => Aim::Together(under(lines)),
            Aim::Alternatives { only_one, branches } => {
                Aim::Alternatives { only_one, branches: branches.into_iter().map(under).collect() }
            }
            other => other,
        };
        self
    }
}
