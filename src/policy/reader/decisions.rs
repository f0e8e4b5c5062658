//! What people decided about items.

use std::collections::BTreeMap;

use crate::catalogue::id::PermissionId;
use crate::policy::decisions::{Decision, DecisionKind};
use crate::policy::fields::{Fields, Reader};
use crate::policy::tree::Node;
use crate::source::problems::Problem;

const KINDS: [(&str, DecisionKind); 2] =
    [("accept", DecisionKind::Accept), ("seen-on-screen", DecisionKind::SeenOnScreen)];

impl Reader<'_> {
    pub(super) fn decisions(&mut self, fields: &mut Fields) -> Vec<Decision> {
        let nodes = self.list(fields, "decisions");
        let mut seen = BTreeMap::new();
        let mut decisions = Vec::new();
        for node in nodes {
            let span = node.span.clone();
            let Some(decision) = self.decision(node) else { continue };
            if let Some(first) = seen.insert(decision.item.clone(), span.clone()) {
                let message = self.says("decides twice about one item");
                self.problems.push(
                    Problem::error("decided-twice", message, span)
                        .label("and here")
                        .related(first, "decided here")
                        .help("keep the one that holds"),
                );
                continue;
            }
            decisions.push(decision);
        }
        decisions
    }

    fn decision(&mut self, node: Node) -> Option<Decision> {
        let place = self.spot(&node.span);
        let mut fields = self.fields(node, "a decision")?;
        let item = self.text(&mut fields, "item").map(|item| item.value);
        let kind = self.word_at(&mut fields, "kind", "kind of decision", &KINDS);
        let reason = self.text(&mut fields, "reason").map(|reason| reason.value);
        let by = self.text(&mut fields, "by").map(|by| by.value);
        let until = self.date(&mut fields, "until").and_then(|until| until.value.parse().ok());
        let meant = self.refuse_the_rest(&mut fields);
        for key in ["item", "kind", "reason", "by", "until"] {
            self.demand(&fields, key, &meant);
        }
        // An id that was named before HiBob's own name was known still means its box.
        let item = item.map(|item| match PermissionId::parse(&item) {
            Ok(id) => self.catalogue.canonical(&id).to_string(),
            Err(_) => item,
        });
        Some(Decision { item: item?, kind: kind?, reason: reason?, by: by?, until: until?, place })
    }
}
