//! From a policy to its guide, chapter by chapter.

use crate::catalogue::Catalogue;
use crate::catalogue::screens::Screens;
use crate::policy::lines::{Feature, Line, Modality, Truth, When};
use crate::policy::{Model, Note, Origin, Policy, Role};
use crate::report::words::{APPLY, APPLY_AND_WAIT, list};
use crate::source::clean::{clean, is_unprintable};

use super::boxes::Boxes;
use super::{Block, Chapter, Guide, Piece, Text, Tick, plain, words};

pub(super) struct Builder<'a> {
    pub(super) policy: &'a Policy,
    pub(super) catalogue: &'a Catalogue,
    pub(super) screens: &'a Screens,
    pub(super) group: Option<&'a str>,
    /// How rights are given, where somebody vouches for it.
    pub(super) model: Option<Model>,
}

impl Builder<'_> {
    pub(super) fn guide(&self) -> Guide {
        let truth = |line: &Line| self.truth(&line.when);
        let lines = self.policy.lines.iter().filter(|line| truth(line) != Truth::No).collect();
        let boxes = Boxes {
            policy: self.policy,
            catalogue: self.catalogue,
            screens: self.screens,
            lines,
            truth: &truth,
        };
        let chapters: [(&str, Vec<Block>); 13] = [
            ("Before you begin", self.before()),
            (words::of_credentials(self.credentials()), self.service_user()),
            (words::of_group(self.is_an_app()), self.group()),
            ("Choose whose data it may see", self.population()),
            ("Tick the boxes", self.tick(&boxes)),
            ("What not to tick", self.untick(&boxes)),
            ("The data behind the boxes", boxes.of(Modality::Needs)),
            ("Beside the permissions", self.beside(false)),
            ("Save, apply, wait", self.apply()),
            (&self.to_connect(), self.connect()),
            ("Check", self.check()),
            ("Notes", points(self.notes(&self.policy.guide.notes).into_iter())),
            ("Later", points(self.later().into_iter())),
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

    /// Whether a condition holds on these screens; open where nothing is known of the customer.
    pub(super) fn truth(&self, when: &When) -> Truth {
        match self.policy.choices.ui.filter(|_| !self.is_tailored()) {
            Some(ui) => when.truth_on(ui, self.model),
            None => self.policy.truth(when, self.model),
        }
    }

    /// A sentence with its condition, if it concerns this customer.
    pub(super) fn under(&self, text: &str, when: &When) -> Option<String> {
        match self.truth(when) {
            Truth::Yes => Some(text.to_owned()),
            Truth::Open => Some(format!("{text} ({})", self.policy.only(when))),
            Truth::No => None,
        }
    }

    /// The sentences that concern this customer.
    pub(super) fn notes(&self, notes: &[Note]) -> Vec<String> {
        notes.iter().filter_map(|note| self.under(&note.text, &note.when)).collect()
    }

    fn lead(&self) -> Vec<Block> {
        let policy = self.policy;
        let mut blocks = vec![Block::Para(plain(format!(
            "For the HiBob admin of a company that connects {}. Work through the chapters in order. What {}'s own guide prints is in bold, or in quotes where there is no bold, letter by letter.",
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
        blocks.extend(self.tailored_to().map(|says| Block::Para(plain(says))));
        blocks
    }

    /// For which customer it is written, where anything is known of one.
    fn tailored_to(&self) -> Option<String> {
        let policy = self.policy;
        if !self.is_tailored() {
            return None;
        }
        let (with, without): (Vec<&Feature>, Vec<&Feature>) =
            policy.features.iter().partition(|feature| policy.choices.with.contains(&feature.name));
        let titles = |features: &[&Feature]| {
            list(&features.iter().map(|feature| feature.title.as_str()).collect::<Vec<_>>())
        };
        let mut says = Vec::new();
        if !with.is_empty() {
            says.push(format!("It is written for a company that uses: {}.", titles(&with)));
        }
        if !without.is_empty() {
            says.push(format!("Left out is what is only for: {}.", titles(&without)));
        }
        let answers = policy.facts.iter().filter_map(|fact| {
            let answer = policy.choices.facts.get(&fact.name).or(fact.otherwise.as_ref())?;
            Some(format!("\"{}\" is answered \"{answer}\".", fact.asks))
        });
        says.extend(answers);
        (!says.is_empty()).then(|| says.join(" "))
    }

    fn tick(&self, boxes: &Boxes<'_>) -> Vec<Block> {
        let listed: Vec<Block> = boxes.wanted().into_iter().flat_map(|modality| boxes.of(modality)).collect();
        let read = boxes.that_open_what_is_read();
        if listed.is_empty() && read.is_empty() {
            return listed;
        }
        let rights = self.screens.rights.replace("{tab}", &boxes.first_tab());
        let mut blocks = vec![Block::Para(plain(format!("{rights} The ways below begin in the group.")))];
        blocks.extend(
            words::honesty(self.policy, &boxes.lines).into_iter().map(|says| Block::Para(plain(says))),
        );
        blocks.extend(listed);
        blocks.extend(read);
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

    fn apply(&self) -> Vec<Block> {
        let timing = points(self.notes(&self.policy.guide.timing).into_iter());
        let apply = if timing.is_empty() { APPLY } else { APPLY_AND_WAIT };
        let mut blocks =
            vec![Block::Para(plain(format!("{apply} A check before that still sees the old state.")))];
        if !timing.is_empty() {
            blocks.push(Block::Heading(2, format!("{} says of waiting", self.policy.publisher)));
        }
        blocks.extend(timing);
        let handover = points(self.handover().into_iter());
        if !handover.is_empty() {
            blocks.push(Block::Heading(2, words::of_handover(self.is_an_app()).to_owned()));
        }
        blocks.extend(handover);
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
        // It is checked for the customer whom the guide was made for.
        for feature in &policy.choices.with {
            command.push_str(&format!(" --with {feature}"));
        }
        for (name, value) in &policy.choices.facts {
            command.push_str(&format!(" --fact {}", typed(&format!("{name}={value}"))));
        }
        command.push_str(match self.model {
            Some(Model::Category) => " --permission-model category",
            Some(Model::Field) => " --permission-model field",
            None => "",
        });
        let by = |role: Role| {
            let of_role = policy.manual.iter().filter(move |manual| manual.by.role == role);
            of_role.filter_map(|manual| self.duty(manual))
        };
        let mut blocks = Vec::new();
        let look: Vec<String> = by(Role::HibobAdmin).collect();
        if !look.is_empty() {
            blocks.push(Block::Para(plain("No program can see these. Please look:")));
            blocks.push(Block::Ticks(look.into_iter().map(Tick::plain).collect()));
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
        blocks.extend(points(by(Role::Integrator).chain(by(Role::Operator))));
        blocks
    }
}

pub(super) fn points(says: impl Iterator<Item = String>) -> Vec<Block> {
    let points: Vec<Text> = says.map(plain).collect();
    if points.is_empty() { Vec::new() } else { vec![Block::Points(points)] }
}

/// A word of a command as it is typed: in quotes where a shell would take it apart.
fn typed(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_=.,:/@%+".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
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
    fn tick(it: &mut Tick) {
        pieces(&mut it.what);
        it.about.iter_mut().for_each(pieces);
        it.parts.iter_mut().for_each(tick);
    }
    guide.title = clean(&guide.title);
    let chapters = guide.chapters.iter_mut().flat_map(|chapter| &mut chapter.blocks);
    for block in guide.lead.iter_mut().chain(chapters) {
        match block {
            Block::Heading(_, words) => *words = clean(words),
            Block::Para(text) => pieces(text),
            Block::Steps(texts) | Block::Points(texts) => texts.iter_mut().for_each(pieces),
            Block::Ticks(ticks) => ticks.iter_mut().for_each(tick),
        }
    }
}
