//! From a text to a policy that is valid against the catalogue, or to every mistake in it.

#[cfg(test)]
mod tests;

use crate::catalogue::Catalogue;
use crate::policy::lines::Choices;
use crate::policy::meaning::{self, OPEN_LIST};
use crate::policy::reader::{self, Unfolded};
use crate::policy::{List, Origin, Policy, Remark};
use crate::source::Source;
use crate::source::problems::Problems;

pub use crate::policy::reader::{Files, Lineage, Whence};

/// Reads a policy that stands in no folder: it can start only from shipped ones.
///
/// # Errors
/// With every mistake in the text, each with its place and, where a name is near, what was meant.
pub fn read(source: &Source, origin: Origin, catalogue: &Catalogue) -> Result<Policy, Problems> {
    read_beside(source, origin, catalogue, None)
}

/// Reads a policy; `files` reads what stands in its folder, for a policy that starts from another.
///
/// # Errors
/// With every mistake in the text, each with its place and, where a name is near, what was meant.
pub fn read_beside(
    source: &Source,
    origin: Origin,
    catalogue: &Catalogue,
    files: Option<Files<'_>>,
) -> Result<Policy, Problems> {
    let mut problems = Problems::new(source);
    let below = match origin {
        Origin::Shipped => vec![Whence::Shipped(source.name.trim_end_matches(".yaml").to_owned())],
        Origin::File => {
            let file = std::path::Path::new(&source.name).file_name().unwrap_or_default();
            vec![Whence::Beside(file.to_string_lossy().into_owned())]
        }
        Origin::Stdin => Vec::new(),
    };
    let unfolded = reader::policy(source, origin, catalogue, &Lineage { files, below }, &mut problems);
    let policy = unfolded.map(|Unfolded { mut policy, list }| {
        if let Some(list) = &list {
            policy.list_at = source.spot(list.span.start);
            meaning::list_is_honest(&policy, list, source, &mut problems);
            if list.value == List::Open {
                policy.remarks.push(Remark {
                    code: OPEN_LIST,
                    text: "the guide's list is open: to satisfy it is the least, and excess is advice"
                        .to_owned(),
                    place: source.spot(list.span.start),
                });
            }
        }
        if let Err(found) = meaning::fold(&mut policy, catalogue) {
            found.into_iter().for_each(|found| problems.also(found));
        }
        policy
    });
    match policy {
        Some(policy) if !problems.has_errors() => Ok(policy),
        _ => Err(problems),
    }
}

/// What a policy comes to when this is said of the customer.
///
/// # Errors
/// With what contradicts itself then.
pub fn choose(mut policy: Policy, choices: Choices, catalogue: &Catalogue) -> Result<Policy, Vec<Problems>> {
    policy.choices = choices;
    meaning::fold(&mut policy, catalogue)?;
    Ok(policy)
}
