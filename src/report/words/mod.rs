//! The wording of every report for people: one place, so that one thing has one name.

mod by_hand;
mod labels;
mod values;
mod ways;

pub(super) use by_hand::{A_MEMBER, about};
pub use by_hand::{
    MEMBERS, also, choice_contradicted, example_of_conditions, is_on_the_status, membership, population,
};
pub use labels::{name, named, quoted, same_label, section, short};
pub(super) use values::{bin, standing};
pub use values::{
    known_by, mark, need, notice, omission, outcome, permission_model, role, scope, sensitivity, status,
    strength, verdict,
};
pub use ways::{
    APPLY, APPLY_AND_WAIT, AUDIENCE, NEVER_THE_TOKEN, NUMBERS, WAIT, below_the_group, choice_of_people,
    is_population, not_a_box, path, shared_steps, up_to_groups,
};

/// The first words of whatever is written about a run against the simulator.
pub const SIMULATED: &str = "SIMULATED: made up by the built-in simulator; no HiBob was asked";

/// Why something has no verdict in a run that did not reach its end.
pub const CUT_SHORT: &str = "the run was stopped before this was settled";

/// `1 setting`, `2 settings`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", plural(number, one, many))
}

/// The word that goes with a number.
pub fn plural<'w>(number: usize, one: &'w str, many: &'w str) -> &'w str {
    if number == 1 { one } else { many }
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<S: AsRef<str>>(words: &[S]) -> String {
    match words {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}

/// The first `most` words, and how many more there are.
pub fn list_some<S: AsRef<str>>(words: &[S], most: usize) -> String {
    // One name is never hidden behind "and 1 more", which is no shorter.
    if words.len() <= most + 1 {
        return list(words);
    }
    let shown: Vec<&str> = words[..most].iter().map(AsRef::as_ref).collect();
    format!("{} and {} more", shown.join(", "), words.len() - most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_like_sentences() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(list_some(&["a", "b", "c"], 2), "a, b and c");
        assert_eq!(list_some(&["a", "b", "c", "d"], 2), "a, b and 2 more");
        assert_eq!(count(1, "box", "boxes"), "1 box");
        assert_eq!(count(0, "box", "boxes"), "0 boxes");
    }
}
