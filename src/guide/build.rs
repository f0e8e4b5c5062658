//! From a policy to its guide, chapter by chapter.

use crate::catalogue::Catalogue;
use crate::catalogue::screens::Screens;
use crate::policy::blocks::{
    AlsoKind, Audience, CredentialKind, Credentials, Environment, Ownership, STATUSES, Status,
};
use crate::policy::lines::{Line, Modality, Truth};
use crate::policy::{Origin, Policy, Role};
use crate::report::words::{self as report_words, APPLY, NEVER_THE_TOKEN, list, not_a_box, path};
use crate::source::clean::{clean, is_unprintable};

use super::boxes::Boxes;
use super::{Block, Chapter, Guide, Piece, Text, plain, words};

pub(super) struct Builder<'a> {
    pub(super) policy: &'a Policy,
    pub(super) catalogue: &'a Catalogue,
    pub(super) screens: &'a Screens,
    pub(super) group: Option<&'a str>,
}

impl Builder<'_> {
    pub(super) fn guide(&self) -> Guide {
        let tailored = self.is_tailored();
        let is_settled = |line: &Line| tailored && self.truth(line) == Truth::Yes;
        let lines =
            self.policy.lines.iter().filter(|line| !tailored || self.truth(line) != Truth::No).collect();
        let boxes = Boxes {
            policy: self.policy,
            catalogue: self.catalogue,
            screens: self.screens,
            lines,
            is_settled: &is_settled,
        };
        let chapters = [
            ("Before you begin", self.before()),
            ("Create the service user", self.service_user()),
            ("Create the permission group", self.group()),
            ("Choose whose data it may see", self.population()),
            ("Tick the boxes", self.tick(&boxes)),
            ("What not to tick", self.untick(&boxes)),
            ("What is read", boxes.of(Modality::Needs)),
            ("Beside the permissions", self.beside()),
            ("Save, apply, wait", self.apply()),
            ("Check", self.check()),
            ("Notes", points(self.policy.guide.notes.iter().cloned())),
        ];
        let mut guide = Guide {
            title: format!("How to set up HiBob for {}", self.policy.title),
            lead: self.lead(),
            chapters: chapters
                .into_iter()
                .filter(|(_, blocks)| !blocks.is_empty())
                .map(|(title, blocks)| Chapter { title: title.to_owned(), blocks })
                .collect(),
        };
        clean_all(&mut guide);
        guide
    }

    /// Whether anything is known of the customer: then only what concerns it is said.
    fn is_tailored(&self) -> bool {
        let choices = &self.policy.choices;
        !self.policy.overlays.is_empty() || !choices.with.is_empty() || !choices.facts.is_empty()
    }

    /// Whether a line holds, whatever the permission model is.
    fn truth(&self, line: &Line) -> Truth {
        let truths = line.when.truths(&self.policy.choices, &self.policy.facts);
        match [truths.category, truths.field] {
            [Truth::No, Truth::No] => Truth::No,
            [Truth::Yes, Truth::Yes] => Truth::Yes,
            _ => Truth::Open,
        }
    }

    fn lead(&self) -> Vec<Block> {
        let policy = self.policy;
        let mut blocks = vec![Block::Para(plain(format!(
            "For the HiBob admin of a company that connects {}. Work through the chapters in order. Words in bold are those of {}'s own guide, letter by letter.",
            policy.title, policy.publisher
        )))];
        let mut source: Text = Vec::new();
        if let Some(title) = &policy.guide.title {
            source.push(Piece::Plain(format!("It follows \"{title}\" by {}", policy.publisher)));
            if let Some(url) = &policy.guide.url {
                source.push(Piece::Plain(", ".to_owned()));
                source.push(Piece::Address(url.clone()));
            }
            let read = policy.guide.read.as_ref().map(|read| format!(", as read on {read}"));
            source.push(Piece::Plain(format!("{}. ", read.unwrap_or_default())));
        }
        source.push(Piece::Plain(format!(
            "It is written for the screens of HiBob in which {}. If yours differ, ask for the guide to yours.",
            self.screens.about
        )));
        blocks.push(Block::Para(source));
        blocks
    }

    fn before(&self) -> Vec<Block> {
        let admin =
            "You can open System settings in HiBob. If not, you are not a HiBob admin: pass this guide on."
                .to_owned();
        points(std::iter::once(admin).chain(self.policy.prerequisites.iter().map(|it| it.text.clone())))
    }

    fn service_user(&self) -> Vec<Block> {
        let policy = self.policy;
        let default = Credentials::default();
        let credentials = policy.credentials.as_ref().unwrap_or(&default);
        let mut blocks = Vec::new();
        match credentials.kind {
            CredentialKind::None => {
                return points(std::iter::once(format!(
                    "{} needs no service user: HiBob sends the data by itself.",
                    policy.title
                )));
            }
            CredentialKind::OauthApp => blocks.push(Block::Para(plain(format!(
                "{} is an app of HiBob's marketplace: connect it there, and not with a service user.",
                policy.title
            )))),
            CredentialKind::EmployeeToken => blocks.push(Block::Para(plain(
                "The guide still asks for an employee's API token. HiBob has replaced those by service users: ask \
                 whether a service user will do.",
            ))),
            CredentialKind::ServiceUser => {
                if let Some(environment) = credentials.environment {
                    let which = match environment {
                        Environment::Production => "your own HiBob, and not in the sandbox",
                        Environment::Sandbox => "HiBob's sandbox, and not in your own HiBob",
                    };
                    blocks.push(Block::Para(plain(format!("This is done in {which}."))));
                }
                let mut steps = vec![format!("Open {}.", path(&self.screens.service_users))];
                steps.extend(self.screens.new_service_user.iter().cloned());
                let product = |name: &Option<String>, here: &str| match name {
                    Some(name) if name != here => format!("\"{here}\" ({} calls it \"{name}\")", policy.publisher),
                    _ => format!("\"{here}\""),
                };
                steps.push(format!(
                    "HiBob shows two values, once: {} and {}. Copy both before you close the dialog, and put them \
                     where {} asks for them. If the token is lost, it has to be made anew.",
                    product(&credentials.id, &self.screens.id_name),
                    product(&credentials.token, &self.screens.token_name),
                    policy.publisher,
                ));
                blocks.push(Block::Steps(steps.into_iter().map(plain).collect()));
            }
        }
        let mut more: Vec<String> = Vec::new();
        if let Some(looks) = &credentials.looks_like {
            more.push(format!("As a rule the id begins with {looks}"));
        }
        more.extend(credentials.notes.iter().cloned());
        more.push(NEVER_THE_TOKEN.to_owned());
        blocks.extend(points(more.into_iter()));
        blocks
    }

    fn group(&self) -> Vec<Block> {
        let membership = self.policy.membership.as_ref();
        let mut steps = vec![format!("Open {}.", path(&self.screens.groups))];
        match membership.and_then(|it| it.own) {
            Some(Ownership::Existing) => steps.push("Open the group that is meant for it.".to_owned()),
            Some(Ownership::Either) => {
                steps.push("Open a group that you have for this, or make a new one as follows.".to_owned());
                steps.extend(self.screens.new_group.iter().cloned());
            }
            Some(Ownership::Dedicated) | None => steps.extend(self.screens.new_group.iter().cloned()),
        }
        if let Some(group) = self.group {
            steps.push(format!("The name of the group is \"{group}\"."));
        }
        let mut see: Vec<String> = membership
            .iter()
            .flat_map(|it| report_words::membership(it))
            .map(|(_, says)| says.to_owned())
            .collect();
        see.push(
            "Whoever is a member has all the rights of the group, so look once more before you go on."
                .to_owned(),
        );
        let mut blocks = vec![
            Block::Para(plain(
                "A service user may do nothing until it is a member of a permission group. Members are not the people \
                 whose data it sees: those come in the next chapter.",
            )),
            Block::Steps(steps.into_iter().map(plain).collect()),
        ];
        blocks.extend(points(see.into_iter()));
        blocks
    }

    fn population(&self) -> Vec<Block> {
        let audience = self.screens.way(&["People's data", "Access data for"].map(str::to_owned));
        let mut blocks = vec![Block::Para(plain(not_a_box(&format!("{}, in the group", path(&audience)))))];
        let Some(population) = &self.policy.population else {
            blocks.push(Block::Para(plain(format!(
                "{}'s guide does not say whose data is needed. HiBob begins with \"Lifecycle status equals \
                 Employed\": leavers, future starters and people on leave are then not seen. Ask {} whether they \
                 should be.",
                self.policy.publisher, self.policy.publisher
            ))));
            return blocks;
        };
        let mut steps = Vec::new();
        match population.choose {
            Some(Audience::Everyone) => steps.push(
                "Choose \"Everyone\". That means people who work for you now, and neither leavers nor future starters."
                    .to_owned(),
            ),
            Some(Audience::ByCondition) => {
                steps.push("Choose \"Select people by condition\", and press \"Edit\".".to_owned());
            }
            Some(Audience::ByName) => steps.push("Choose \"Select people by name\".".to_owned()),
            Some(Audience::Customer) => {
                steps.push("Whose data it is, is for you to choose; what follows is a proposal.".to_owned());
            }
            None => {}
        }
        let names = |statuses: &[Status]| {
            let names: Vec<&str> = statuses
                .iter()
                .filter_map(|status| STATUSES.iter().find(|(id, _)| *id == status.id))
                .map(|(_, shown)| *shown)
                .collect();
            list(&names)
        };
        let all = if population.all { ", which is every status that HiBob has" } else { "" };
        if !population.at_least.is_empty() {
            let statuses = names(&population.at_least);
            steps
                .push(format!("Lifecycle status equals {statuses}{all}. More may be chosen, and fewer not."));
        }
        if !population.exactly.is_empty() {
            let statuses = names(&population.exactly);
            steps.push(format!("Lifecycle status equals {statuses}{all}, and nobody else."));
        }
        if !population.not_only.is_empty() {
            steps.push(format!(
                "Not only {}: somebody of another status must be seen too.",
                names(&population.not_only)
            ));
        }
        if !population.never.is_empty() {
            steps.push(format!("Never {}: they must not be seen.", names(&population.never)));
        }
        steps.extend(population.conditions.iter().map(|condition| format!("The condition: {condition}.")));
        if let Some((count, _)) = &population.head_count {
            steps.push(format!(
                "At least {count} people must be seen. If there are fewer, something is wrong."
            ));
        }
        if let Some(breaks) = &population.breaks {
            steps.push(format!("Otherwise: {breaks}"));
        }
        blocks.extend(points(steps.into_iter()));
        blocks
    }

    fn tick(&self, boxes: &Boxes<'_>) -> Vec<Block> {
        let lists = [
            Modality::Requires,
            Modality::Minimum,
            Modality::Assumed,
            Modality::Recommended,
            Modality::Optional,
        ];
        let listed: Vec<Block> = lists.into_iter().flat_map(|modality| boxes.of(modality)).collect();
        if listed.is_empty() {
            return listed;
        }
        let mut blocks =
            vec![Block::Para(plain(format!("{} The ways below begin in the group.", self.screens.rights)))];
        blocks.extend(words::honesty(self.policy).into_iter().map(|says| Block::Para(plain(says))));
        blocks.extend(listed);
        blocks
    }

    fn untick(&self, boxes: &Boxes<'_>) -> Vec<Block> {
        let mut blocks = boxes.of(Modality::NotNeeded);
        blocks.extend(boxes.of(Modality::Forbidden));
        blocks.push(Block::Para(plain(
            "Tick nothing that is not named in this guide. What a service user cannot read cannot leak through it, and \
             what it cannot change it cannot break.",
        )));
        blocks
    }

    fn beside(&self) -> Vec<Block> {
        let says = self.policy.also.iter().map(|also| {
            let what = match also.kind {
                AlsoKind::Webhook => "Webhooks",
                AlsoKind::Data => "Data",
                AlsoKind::List => "Lists",
                AlsoKind::Parameter => "How it asks",
                AlsoKind::Metadata => "Fields and tables",
            };
            format!("{what}: {}", also.text)
        });
        points(says)
    }

    fn apply(&self) -> Vec<Block> {
        let mut blocks =
            vec![Block::Para(plain(format!("{APPLY} A check before that still sees the old state.")))];
        blocks.extend(points(self.policy.guide.timing.iter().cloned()));
        blocks
    }

    fn check(&self) -> Vec<Block> {
        let policy = self.policy;
        let named = match policy.origin {
            Origin::Shipped => format!("{}@{}", policy.name, policy.version),
            Origin::File | Origin::Stdin => policy.file.clone(),
        };
        let mut command = format!("audit --policy {named}");
        for overlay in &policy.overlays {
            command.push_str(&format!(" --overlay {}", overlay.file));
        }
        let by = |role: Role| {
            policy.manual.iter().filter(move |manual| manual.role == role).map(|manual| manual.text.clone())
        };
        let mut blocks = Vec::new();
        let look: Vec<String> = by(Role::HibobAdmin).collect();
        if !look.is_empty() {
            blocks.push(Block::Para(plain("No program can see these. Please look:")));
            blocks.push(Block::Ticks(
                look.into_iter().map(|text| super::Tick { what: plain(text), about: Vec::new() }).collect(),
            ));
        }
        blocks.push(Block::Para(vec![
            Piece::Plain(format!(
                "Then tell {} that you are done. Whoever runs the connection checks it from outside with ",
                policy.publisher
            )),
            Piece::Typed(command.clone()),
            Piece::Plain(
                ", which reads and changes nothing. What is missing or too much comes back as clicks ("
                    .to_owned(),
            ),
            Piece::Typed("--output message".to_owned()),
            Piece::Plain(
                "), as text that can be sent to you. Answer with the numbers: \"done, all but 3\"."
                    .to_owned(),
            ),
        ]));
        let others = by(Role::Integrator)
            .map(|text| format!("For {}: {text}", policy.publisher))
            .chain(by(Role::Operator).map(|text| format!("For whoever runs the check: {text}")));
        blocks.extend(points(others));
        blocks
    }
}

fn points(says: impl Iterator<Item = String>) -> Vec<Block> {
    let points: Vec<Text> = says.map(plain).collect();
    if points.is_empty() { Vec::new() } else { vec![Block::Points(points)] }
}

/// An address as it is, unless one of its words looks like a token: addresses are longer than other words.
fn clean_address(address: &str) -> String {
    let suspicious = |word: &str| clean(word) != word;
    if address.split(|c: char| !c.is_alphanumeric()).any(suspicious) {
        clean(address)
    } else {
        address.chars().filter(|c| !is_unprintable(*c)).collect()
    }
}

/// Whatever stands in a guide came from a file: nothing in it may steer a terminal or look like a token.
fn clean_all(guide: &mut Guide) {
    fn pieces(text: &mut Text) {
        for piece in text {
            match piece {
                Piece::Plain(words) | Piece::Printed(words) | Piece::Typed(words) => *words = clean(words),
                Piece::Address(words) => *words = clean_address(words),
            }
        }
    }
    guide.title = clean(&guide.title);
    let chapters = guide.chapters.iter_mut().flat_map(|chapter| &mut chapter.blocks);
    for block in guide.lead.iter_mut().chain(chapters) {
        match block {
            Block::Heading(_, words) => *words = clean(words),
            Block::Para(text) => pieces(text),
            Block::Steps(texts) | Block::Points(texts) => texts.iter_mut().for_each(pieces),
            Block::Ticks(ticks) => {
                for tick in ticks {
                    pieces(&mut tick.what);
                    tick.about.iter_mut().for_each(pieces);
                }
            }
        }
    }
}
