//! Whose data must be reachable, and who may be in the group: two blocks that guides mix up.

use super::blocks::OWNERSHIPS;
use crate::policy::blocks::{
    Audience, DefaultCondition, GroupKind, HeadCount, Members, Membership, Population, STATUSES, Status,
};
use crate::policy::fields::{Fields, Reader};
use crate::policy::tree::{At, Node, Value};
use crate::source::Spot;
use crate::source::problems::Problem;

const AUDIENCES: [(&str, Audience); 4] = [
    (Audience::Everyone.as_str(), Audience::Everyone),
    (Audience::ByCondition.as_str(), Audience::ByCondition),
    (Audience::ByName.as_str(), Audience::ByName),
    (Audience::Customer.as_str(), Audience::Customer),
];
const GROUPS: [(&str, GroupKind); 3] =
    [("service-user", GroupKind::ServiceUser), ("employee", GroupKind::Employee), ("any", GroupKind::Any)];
const MEMBERS: [(&str, Members); 2] = [
    (Members::OnlyTheServiceUser.as_str(), Members::OnlyTheServiceUser),
    (Members::TheServiceUser.as_str(), Members::TheServiceUser),
];
const CHOOSING: [(&str, Audience); 2] =
    [("by-condition", Audience::ByCondition), ("by-name", Audience::ByName)];
const CONDITIONS: [(&str, DefaultCondition); 2] =
    [("removed", DefaultCondition::Removed), ("kept", DefaultCondition::Kept)];

/// The keys that say whom.
const WHOM: [&str; 5] = ["at-least", "exactly", "not-only", "recommended", "never"];

impl Reader<'_> {
    /// Whose data must be reachable: one block, or several, each under its own condition.
    pub(super) fn populations(&mut self, fields: &mut Fields) -> Vec<Population> {
        let blocks = self.one_or_more(fields, "population");
        blocks.into_iter().filter_map(|(key, node)| self.population(&key, node)).collect()
    }

    /// Who may be in the group: one block, or several, each under its own condition.
    pub(super) fn memberships(&mut self, fields: &mut Fields) -> Vec<Membership> {
        let blocks = self.one_or_more(fields, "membership");
        blocks.into_iter().filter_map(|(key, node)| self.membership(&key, node)).collect()
    }

    /// A block alone or a list of blocks, each with what points at it.
    pub(super) fn one_or_more(&mut self, fields: &mut Fields, key: &'static str) -> Vec<(At<String>, Node)> {
        let Some((name, node)) = fields.take(key) else { return Vec::new() };
        if !matches!(node.value, Value::List(_)) {
            return vec![(name, node)];
        }
        let at = |node: &Node| At { value: key.to_owned(), span: node.span.clone() };
        self.list_of(node, key).into_iter().map(|node| (at(&node), node)).collect()
    }

    fn population(&mut self, key: &At<String>, node: Node) -> Option<Population> {
        let place = self.spot(&key.span);
        let mut fields = self.fields(node, "`population`")?;
        let written: Vec<At<String>> = WHOM
            .iter()
            .filter_map(|whom| fields.left.iter().find(|(name, _)| name.value == *whom))
            .map(|(name, _)| name.clone())
            .collect();
        let mut all = false;
        let [at_least, exactly, not_only, recommended, never] = WHOM.map(|whom| {
            let may_be_all = matches!(whom, "at-least" | "exactly");
            let (statuses, every) = self.statuses(&mut fields, whom, may_be_all);
            all |= every;
            statuses
        });
        let choose = self.word_at(&mut fields, "choose", "way to choose people", &AUDIENCES);
        let conditions = self.texts(&mut fields, "where");
        let head_count = self.head_count(&mut fields);
        let breaks = self.text(&mut fields, "breaks").map(|breaks| breaks.value);
        let disputed = self.text(&mut fields, "disputed").map(|disputed| disputed.value);
        let when = self.condition(&mut fields);
        let says = fields.written.iter().any(|key| !matches!(key.as_str(), "breaks" | "disputed" | "when"));
        let meant = self.refuse_the_rest(&mut fields);
        if let Some(exactly) = written.iter().find(|key| key.value == "exactly")
            && let Some(other) = written.iter().find(|key| key.value != "exactly")
        {
            let message = self.says("states its population twice");
            self.problems.push(
                Problem::error("two-targets", message, other.span.clone())
                    .label(format!("`{}` too", other.value))
                    .related(exactly.span.clone(), "`exactly` here")
                    .help("keep `exactly` if nobody else may be reached, else the others"),
            );
            return None;
        }
        if !says && meant.is_empty() {
            self.problems.push(
                Problem::error("missing-key", self.says("has a population without people"), key.span.clone())
                    .label("expected `at-least` or `exactly` in it"),
            );
            return None;
        }
        Some(Population {
            at_least,
            exactly,
            not_only,
            recommended,
            never,
            all,
            choose,
            conditions,
            head_count,
            breaks,
            disputed,
            when,
            place,
        })
    }

    /// How many people are to be seen: a number alone is the least.
    fn head_count(&mut self, fields: &mut Fields) -> Vec<(HeadCount, Spot)> {
        let Some(at) = fields.left.iter().find(|(name, _)| name.value == "head-count") else {
            return Vec::new();
        };
        if !matches!(at.1.value, Value::Map(_)) {
            let least = self.number(fields, "head-count").into_iter();
            return least.map(|it| (HeadCount::AtLeast(it.value), self.spot(&it.span))).collect();
        }
        let Some(mut bounds) =
            fields.take("head-count").and_then(|(_, node)| self.fields(node, "a head count"))
        else {
            return Vec::new();
        };
        let (least, most) = (self.number(&mut bounds, "at-least"), self.number(&mut bounds, "at-most"));
        let meant = self.refuse_the_rest(&mut bounds);
        if bounds.written.is_empty() && meant.is_empty() {
            self.demand(&bounds, "at-most", &meant);
        }
        if let (Some(least), Some(most)) = (&least, &most)
            && least.value > most.value
        {
            let message = self.says("has a head count that nobody can meet");
            self.problems.push(
                Problem::error("contradiction", message, most.span.clone())
                    .label("less than the least")
                    .related(least.span.clone(), "the least here"),
            );
        }
        let least = least.map(|it| (HeadCount::AtLeast(it.value), self.spot(&it.span)));
        let most = most.map(|it| (HeadCount::AtMost(it.value), self.spot(&it.span)));
        least.into_iter().chain(most).collect()
    }

    /// Lifecycle statuses, or `all` for every one that HiBob has.
    fn statuses(&mut self, fields: &mut Fields, key: &'static str, may_be_all: bool) -> (Vec<Status>, bool) {
        let Some((_, node)) = fields.take(key) else { return (Vec::new(), false) };
        let known = STATUSES.map(|(id, _)| (id, id));
        let all = may_be_all && matches!(&node.value, Value::Scalar(word, _) if word == "all");
        if all {
            let place = self.spot(&node.span);
            return (known.iter().map(|(id, _)| Status { id, place: place.clone() }).collect(), true);
        }
        let nodes = self.list_of(node, key);
        let statuses = nodes.iter().filter_map(|node| {
            let status = self.word(node, "lifecycle status", &known)?;
            Some(Status { id: status.value, place: self.spot(&status.span) })
        });
        (statuses.collect(), false)
    }

    fn membership(&mut self, key: &At<String>, node: Node) -> Option<Membership> {
        let place = self.spot(&key.span);
        let mut fields = self.fields(node, "`membership`")?;
        let membership = Membership {
            names: self.names(&mut fields, "name").into_iter().map(|name| name.value).collect(),
            group: self.word_at(&mut fields, "group", "kind of group", &GROUPS),
            own: self.word_at(&mut fields, "own", "kind of ownership", &OWNERSHIPS),
            members: self.word_at(&mut fields, "members", "word for members", &MEMBERS),
            choose: self.word_at(&mut fields, "choose", "way to choose members", &CHOOSING),
            condition: self.word_at(&mut fields, "condition", "word for the condition", &CONDITIONS),
            disputed: self.text(&mut fields, "disputed").map(|disputed| disputed.value),
            when: self.condition(&mut fields),
            place,
        };
        self.refuse_the_rest(&mut fields);
        Some(membership)
    }
}
