//! The way to a box on HiBob's screens, and what is said of it.

/// A path of clicks.
pub fn path<S: AsRef<str>>(steps: &[S]) -> String {
    steps.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" › ")
}

/// How many steps several paths have in common from the top: as far as the permission group, and
/// never a whole path, since its last step is what tells one item from another.
pub fn shared_steps(paths: &[&[String]]) -> usize {
    let Some((first, others)) = paths.split_first() else { return 0 };
    let most = paths.iter().map(|path| path.len()).min().unwrap_or(0).saturating_sub(1).min(4);
    (0..most).take_while(|at| others.iter().all(|path| path[*at] == first[*at])).count()
}

/// The steps above the permission group, for a thing that is to be done in several groups. A way
/// that does not lead through the groups stays whole.
pub fn up_to_groups(steps: &[String]) -> &[String] {
    let groups = steps.iter().position(|step| step.eq_ignore_ascii_case("permission groups"));
    groups.map_or(steps, |at| &steps[..=at])
}

/// What ends every change of a group.
pub const APPLY: &str = "Press Save, then Apply, and confirm if HiBob asks. HiBob needs about ten seconds.";

/// How long that takes, where no guide says otherwise.
pub const WAIT: &str = "HiBob needs about ten seconds.";

/// The same where the guide itself says how long that takes.
pub const APPLY_AND_WAIT: &str = "Press Save, then Apply, and confirm if HiBob asks.";

/// How an answer may look.
pub const NUMBERS: &str = "The numbers are enough: \"done, all but 3\".";

/// What no answer needs.
pub const NEVER_THE_TOKEN: &str =
    "Please never put the token into your answer, nor a screenshot that shows it.";

/// That the choice of people is no box, and how it is opened.
pub fn not_a_box(audience: &str) -> String {
    format!(
        "{}: Select people by condition, Edit, then Lifecycle status equals …",
        choice_of_people(audience)
    )
}

/// That whose data is reachable is no box, however it is chosen.
pub fn choice_of_people(audience: &str) -> String {
    format!("This is not a box. It is the choice of people whom the service user can see, under {audience}")
}

/// The place where an admin chooses whose data a group reaches.
pub const AUDIENCE: &str = "Access data for";

/// How many steps lead to a permission group and into it.
pub fn below_the_group(steps: &[String]) -> usize {
    let groups = steps.iter().position(|step| step.eq_ignore_ascii_case("permission groups"));
    groups.map_or(0, |at| at + 2)
}

/// Whether a permission is no box but a choice of people.
pub fn is_population(permission: &str) -> bool {
    permission.starts_with("population/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_share_their_steps_up_to_the_group() {
        let path = |text: &str| text.split('/').map(str::to_owned).collect::<Vec<_>>();
        let (one, two, short) = (path("a/b/c/d/e/f"), path("a/b/c/d/e/g"), path("a/b"));
        assert_eq!(shared_steps(&[&one, &two]), 4);
        assert_eq!(shared_steps(&[&one, &two, &short]), 1);
        assert_eq!(shared_steps(&[&short]), 1);
        assert_eq!(shared_steps(&[&one, &[]]), 0);
        assert_eq!(shared_steps(&[]), 0);
        assert_eq!(up_to_groups(&path("System settings/Permission groups/[group]")).len(), 2);
        assert_eq!(up_to_groups(&short).len(), 2);
    }
}
