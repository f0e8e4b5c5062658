//! Tables of people's data: which rows, which columns, and the boxes of the section that a table is in.

use crate::catalogue::id::{Action, PermissionId};
use crate::catalogue::reads::{self, ReadKind, columns_of, tables_with_columns};
use crate::policy::fields::{Fields, Reader, near, quoted};
use crate::policy::lines::{Aim, Section};
use crate::policy::tree::{At, Node};
use crate::source::problems::Problem;

use super::items::OF_A_FIELD;

impl Reader<'_> {
    pub(super) fn rows(&mut self, fields: &mut Fields) -> bool {
        // HiBob shows rows that are not in force yet as it shows those that are not any more.
        let words = [("all", true), ("current", false), ("future", true)];
        self.word_at(fields, "rows", "kind of row", &words).unwrap_or(false)
    }

    /// The columns of a table, each of which must be a field.
    pub(super) fn columns(&mut self, key: &At<String>, node: Node, table: &str) -> Option<Vec<String>> {
        let nodes = self.list_of(node, "columns");
        let known = tables_with_columns(self.catalogue);
        if !known.contains(&table) {
            let message = self.says("names columns of a table that has no rights for single columns");
            self.problems.push(
                Problem::error("no-columns", message, key.span.clone())
                    .label("nothing shows a column of this table apart from the others")
                    .help(format!(
                        "columns are known of {}; else keep the column as `label`",
                        quoted(&known)
                    )),
            );
            return None;
        }
        let named: Vec<At<String>> =
            nodes.into_iter().filter_map(|node| self.text_of(node, "columns")).collect();
        named.into_iter().map(|column| self.column(column, table)).collect()
    }

    /// A column that HiBob documents, or the id of a field: that is how a tenant's own is called.
    fn column(&mut self, column: At<String>, table: &str) -> Option<String> {
        let known: Vec<&str> = columns_of(table, self.catalogue).iter().map(String::as_str).collect();
        if column.value.contains('.') || known.contains(&column.value.as_str()) {
            return Some(column.value);
        }
        let label = near(self.problems, &column.value, known.iter().copied()).map_or_else(
            || format!("HiBob documents no such column of `{table}`"),
            |near| format!("did you mean `{near}`?"),
        );
        let message = self.says("names an unknown column of a table");
        self.problems.push(Problem::error("unknown-column", message, column.span).label(label).help(
            format!(
                "`{table}` has the columns {}; any other goes by the id of its field, with a dot in it",
                quoted(&known)
            ),
        ));
        None
    }

    /// The boxes of the section that a table is in: of a table of HiBob's own, that section is known. Beside them
    /// stands nothing of rows and columns, for they are said of what is read.
    pub(super) fn boxes_of_a_table(&mut self, aim: Aim, boxes: Vec<At<String>>, beside: bool) -> Option<Aim> {
        let Aim::Table { name, all_rows, columns, .. } = aim else { return Some(aim) };
        let Some(first) = boxes.first().map(|text| text.span.clone()) else {
            return Some(Aim::Table { name, all_rows, columns, boxes: Vec::new() });
        };
        if beside {
            let message = self.says("names boxes of a table beside its rows or columns");
            self.problems.push(
                Problem::error("no-boxes", message, first)
                    .label("the boxes are those of the section that the table is in")
                    .help("leave `rows` and `columns` out: the box of earlier rows is `history`"),
            );
            return None;
        }
        let own = reads::find(ReadKind::Table, &name).and_then(|read| read.now.first());
        if let Some(section) = own.and_then(|id| PermissionId::parse(&format!("{}/*", id.section())).ok()) {
            let section = Section::Id(section);
            let boxes = self.boxes_of(&section, boxes)?;
            return Some(Aim::Section { section, boxes });
        }
        let named = self.named_boxes(boxes, &OF_A_FIELD, "the section of a table")?;
        let boxes = named.iter().filter_map(|action| Action::from_segment(action)).collect();
        Some(Aim::Table { name, all_rows, columns, boxes })
    }
}
