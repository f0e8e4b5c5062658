//! Single reports, each of which is shared by itself: by their ids in HiBob, or by their names.

use super::items::SHARED_ONE_BY_ONE;
use crate::policy::fields::Reader;
use crate::policy::tree::{At, Node, Value};
use crate::source::problems::Problem;

impl Reader<'_> {
    /// Which of a resource are read, by their ids in HiBob.
    pub(super) fn ids_of(&mut self, key: &At<String>, node: Node, resource: &str) -> Option<Vec<String>> {
        self.are_shared_one_by_one(key, resource)?;
        let mut ids = Vec::new();
        for node in self.list_of(node, "ids") {
            let Some(id) = self.text_of(node, "ids") else { continue };
            if id.value.bytes().all(|byte| byte.is_ascii_digit()) {
                ids.push(id.value);
                continue;
            }
            let message = self.says("has an id that is none");
            self.problems.push(
                Problem::error("bad-id", message, id.span)
                    .label("HiBob's ids of reports are numbers")
                    .help("of a report by its name, write `name: …` in the place of `ids`"),
            );
        }
        (!ids.is_empty()).then_some(ids)
    }

    /// Which of a resource are read, by their names: one, or several.
    pub(super) fn names_of_reports(
        &mut self,
        key: &At<String>,
        node: Node,
        resource: &str,
    ) -> Option<Vec<String>> {
        self.are_shared_one_by_one(key, resource)?;
        let nodes =
            if matches!(node.value, Value::List(_)) { self.list_of(node, "name") } else { vec![node] };
        let names: Vec<String> =
            nodes.into_iter().filter_map(|node| self.text_of(node, "name")).map(|name| name.value).collect();
        (!names.is_empty()).then_some(names)
    }

    /// Known of reports alone.
    fn are_shared_one_by_one(&mut self, key: &At<String>, resource: &str) -> Option<()> {
        if resource == SHARED_ONE_BY_ONE {
            return Some(());
        }
        let message = self.says("names single ones of what is not shared one by one");
        self.problems.push(
            Problem::error("no-ids", message, key.span.clone())
                .label(format!("only of `{SHARED_ONE_BY_ONE}`"))
                .help("keep them as `label`"),
        );
        None
    }
}
