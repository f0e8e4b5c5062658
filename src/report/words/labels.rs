//! What a box is called: HiBob's labels are long, and drift.

use crate::report::{Item, text};

use super::{AUDIENCE, is_population};

/// A label without the words that every label has: `View selected employees' Work sections` is
/// `Work`. A label of another shape stays as it is.
pub fn short(label: &str) -> String {
    let trimmed = label.trim().trim_end_matches('.');
    let of_status = trimmed.strip_prefix("Access data for: people whose lifecycle status is ");
    if let Some(status) = of_status.or_else(|| trimmed.strip_prefix("People whose lifecycle status is ")) {
        return format!("people with the status {status}");
    }
    let shortened = || {
        let (verb, rest) = trimmed.split_once(' ')?;
        let (who, rest) = rest.split_once("employee")?;
        if !matches!(who.trim_end(), "selected" | "all" | "all other") {
            return None;
        }
        let rest = rest.trim_start_matches(['s', '\'', '’']).trim_start();
        let (section, suffix) = [
            (" section histories", "history"),
            (" sections histories", "history"),
            (" sections", ""),
            (" section", ""),
        ]
        .iter()
        .find_map(|(end, suffix)| rest.strip_suffix(end).map(|section| (section, *suffix)))?;
        match (verb, suffix) {
            ("View", "") => Some(section.to_owned()),
            ("View", suffix) => Some(format!("{section} {suffix}")),
            ("Edit", "") => Some(format!("{section} edit")),
            _ => None,
        }
    };
    shortened().unwrap_or_else(|| label.to_owned())
}

/// A name, or words for one that shows nothing.
pub fn named(name: &str) -> &str {
    if text::clean(name).is_empty() { "(no name)" } else { name }
}

/// The section in which an item's box stands, where its label does not begin with it.
pub fn section(item: &Item) -> Option<&str> {
    let last = item.fix.as_ref()?.path.last()?;
    // A group in brackets is a place and no section, and neither is the choice of people.
    let is_section = !last.starts_with('[') && last != AUDIENCE;
    (is_section && !item.label.to_lowercase().starts_with(&last.to_lowercase())).then_some(last)
}

/// The short name of an item. A guide may call the right to edit a section by the section's name
/// alone; told beside the right to view it, that would be the same name for two things.
pub fn name(item: &Item) -> String {
    let name = short(&item.label);
    if item.permission.as_deref().is_some_and(is_population) && name == item.label {
        return format!("people with the status {name}");
    }
    let action = item.permission.as_deref().and_then(|id| id.rsplit_once('/')).map(|(_, action)| action);
    match action {
        Some(action @ ("edit" | "history")) if !name.to_lowercase().contains(action) => {
            format!("{name} {action}")
        }
        // All folders have boxes of the same names.
        Some(_) if is_of_a_folder(item) => match section(item).filter(|folder| !name.contains(*folder)) {
            Some(folder) => format!("{name} ({folder})"),
            None => name,
        },
        _ => name,
    }
}

fn is_of_a_folder(item: &Item) -> bool {
    item.permission.as_deref().is_some_and(|id| id.starts_with("docs/"))
}

/// Words as they are printed, in quotes that none of their own are taken for.
pub fn quoted(printed: &str) -> String {
    let printed = printed.trim();
    if printed.contains('"') { format!("‘{printed}’") } else { format!("\"{printed}\"") }
}

/// Whether two labels name the same box. HiBob's own wording drifts (`all employees'`, `selected
/// employees'`), and guides add full stops; none of that is worth a remark.
pub fn same_label(one: &str, other: &str) -> bool {
    let plain = |label: &str| {
        label
            .to_lowercase()
            .replace('’', "'")
            .replace("all other employees'", "selected employees'")
            .replace("all employees'", "selected employees'")
            .replace("employee's", "employees'")
            .replace("sections histories", "section histories")
            .trim_end_matches('.')
            .trim()
            .to_owned()
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_labels_of_the_known_shape_are_shortened() {
        assert_eq!(short("View selected employees' Work sections"), "Work");
        assert_eq!(short("View all employees’ Attendance Policies sections."), "Attendance Policies");
        assert_eq!(short("View selected employees' Work section histories"), "Work history");
        assert_eq!(short("Edit selected employee's Personal sections"), "Personal edit");
        assert_eq!(short("See who's out"), "See who's out");
        assert_eq!(short("People whose lifecycle status is Hired"), "people with the status Hired");
        assert_eq!(
            short("Access data for: people whose lifecycle status is Hired"),
            "people with the status Hired"
        );
        assert_eq!(
            short("View selected employees' email addresses"),
            "View selected employees' email addresses"
        );
    }

    #[test]
    fn drifting_wording_is_the_same_box() {
        assert!(same_label("View all employees' Work sections", "View selected employees’ Work sections."));
        assert!(!same_label(
            "View selected employees' Work sections",
            "Edit selected employees' Work sections"
        ));
    }
}
