//! The doubts in words, one row each.
//!
//! A doubt is told to two readers. Whoever runs `audit` knows what an API is; the HiBob admin knows
//! the screens and owes us nothing. Neither of them should have to learn the other's words.

use super::Item;

/// A doubt, told to whoever runs `audit` and to the HiBob admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// The word in the report.
    pub word: &'static str,
    /// Why there is no verdict.
    pub why: &'static str,
    /// What settles it.
    pub next: &'static str,
    /// Why there is no verdict, for the HiBob admin.
    pub plain: &'static str,
    /// What the HiBob admin can tell to settle it, as a sentence; empty if nothing.
    pub needed: &'static str,
}

/// The wording of a doubt; `None` for a word that this version does not know.
pub fn doubt(word: &str) -> Option<&'static Doubt> {
    DOUBTS.iter().find(|doubt| doubt.word == word)
}

/// The wording of an item's doubt: that of the rule that raised it, where it has one of its own.
pub fn of(item: &Item) -> Option<&'static Doubt> {
    let word = item.doubt.as_deref()?;
    let by_rule = BY_RULE.iter().find(|(rule, doubt)| *rule == item.rule && doubt.word == word);
    by_rule.map(|(_, doubt)| doubt).or_else(|| doubt(word))
}

/// The doubt about what the tenant does not have.
pub const NOT_THERE: &str = "not-in-tenant";

/// The doubt about everything where no person is seen.
pub const NOBODY_VISIBLE: &str = "nobody-visible";

/// Rules whose doubt has words of its own: of what is not there, what it is; and whose status nobody may read.
const BY_RULE: [(&str, Doubt); 4] = [
    (
        "no-such-field",
        Doubt {
            word: NOT_THERE,
            why: "this tenant has no field of that id or name, or it was removed",
            next: "ask the HiBob admin what the field is called, and name it by its id",
            plain: "your HiBob seems to have no such field",
            needed: "Is there such a field in your HiBob, perhaps under another name?",
        },
    ),
    (
        "no-such-table",
        Doubt {
            word: NOT_THERE,
            why: "this tenant has no table of that id or name, or it was removed",
            next: "ask the HiBob admin what the table is called",
            plain: "your HiBob seems to have no such table",
            needed: "Is there such a table in your HiBob, perhaps under another name?",
        },
    ),
    (
        "no-such-folder",
        Doubt {
            word: NOT_THERE,
            why: "this tenant has no folder of documents of that id, or it was removed",
            next: "ask the HiBob admin which folder is meant, and name it by its id",
            plain: "your HiBob seems to have no such folder of documents",
            needed: "Is there such a folder of documents in your HiBob, perhaps under another name?",
        },
    ),
    (
        "statuses-withheld",
        Doubt {
            word: "nobody-seen",
            why: "lifecycle statuses may not be read, so nobody's status is known",
            next: "look at Access data for; or run again with --known; or have lifecycle statuses shown, if the list may hold that box",
            plain: "the service user may not read anybody's status, so we cannot tell whom it can see",
            needed: "Does \"Access data for\" include these people?",
        },
    ),
];

const SECTION_NOT_THERE: Doubt = Doubt {
    word: NOT_THERE,
    why: "this tenant has no section of that name, or it was moved or removed",
    next: "ask the HiBob admin where the section went",
    plain: "your HiBob seems to have no such section",
    needed: "Does this section exist in your HiBob, perhaps under another name?",
};

/// Every doubt.
pub const DOUBTS: [Doubt; 24] = [
    Doubt {
        word: "silence",
        why: "nothing came back, and empty looks the same as withheld",
        next: "find somebody who has a value there and raise --sample, or look at the box",
        plain: "it was empty for everyone we could see, which looks the same as not being allowed to see it",
        needed: "Please tell us whether the box is ticked, or whether anybody has something filled in there.",
    },
    Doubt {
        word: "no-history-to-see",
        why: "only current rows came back, and nobody seen is known to have older ones",
        next: "look at the box, or run again once somebody in the audience has an older row",
        plain: "nobody whom we could see has older entries there, so there was no history to find",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "refused-without-reason",
        why: "refused without a reason, and HiBob sells this module apart: it may not be bought",
        next: "ask the HiBob admin whether the module is bought; if it is, the box is missing",
        plain: "HiBob refused without saying why; perhaps your company does not have this module",
        needed: "Does your company use this module? If so, please tell us whether the box is ticked.",
    },
    Doubt {
        word: "blocked",
        why: "HiBob stopped answering about then, so what it said proves nothing",
        next: "wait five minutes and run again, with a smaller --headroom",
        plain: "HiBob stopped answering us for a while",
        needed: "",
    },
    Doubt {
        word: "module-off",
        why: "HiBob does not know this address here: the module is probably not switched on",
        next: "ask the HiBob admin whether the module is in use",
        plain: "this part of HiBob does not seem to be switched on in your company",
        needed: "Does your company use it?",
    },
    Doubt {
        word: "not-found",
        why: "what was asked for was not there, which says nothing about the right to see it",
        next: "run again; if it stays so, look at the box",
        plain: "what we asked for was not there",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "bad-request",
        why: "HiBob did not accept the question in this form",
        next: "look at the box, and report it: the catalogue may need mending",
        plain: "HiBob did not understand our question",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "not-an-api-answer",
        why: "the answer is not one of HiBob's API; perhaps a proxy or a sign-in page spoke",
        next: "check --base-url and the proxy, then run again",
        plain: "something between us and HiBob answered in its place",
        needed: "",
    },
    Doubt {
        word: "redirected",
        why: "the answer pointed to another host, which is never followed",
        next: "check --base-url and the proxy, then run again",
        plain: "our question was sent on to another address, and we did not follow",
        needed: "",
    },
    Doubt {
        word: "empty",
        why: "an empty list came back, as it does with and without the right",
        next: "look at the box, or run again once the list has an entry",
        plain: "the list is empty, which looks the same with and without this setting",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "throttled",
        why: "HiBob's rate limit was used up before this could be asked",
        next: "run again later, or with --scope policy",
        plain: "HiBob asked us to slow down before we had finished",
        needed: "",
    },
    Doubt {
        word: "unavailable",
        why: "HiBob answered with an error of its own, also when asked again",
        next: "run again later",
        plain: "this part of HiBob did not work when we asked",
        needed: "",
    },
    Doubt {
        word: "timeout",
        why: "no answer came in time, also when asked again",
        next: "run again later",
        plain: "HiBob did not answer in time",
        needed: "",
    },
    Doubt {
        word: "nobody-seen",
        why: "nobody with this status was seen: none is visible, or there is none",
        next: "look at Access data for, and attest it (seen-on-screen); or run again with --known STATUS=ID",
        plain: "we saw nobody with this status; perhaps there is nobody, perhaps they are left out",
        needed: "Is there anybody with this status, and does \"Access data for\" include it?",
    },
    Doubt {
        word: "nobody-visible",
        why: "no person is visible: nobody is in Access data for, or no basic section is ticked",
        next: "look at Access data for, and at Basic info, About, Employment and Work",
        plain: "the service user can see no person at all",
        needed: "See the first two points to look at.",
    },
    Doubt {
        word: "model-undetermined",
        why: "nothing shows whether this tenant gives rights by category or by field",
        next: "say which it is: --permission-model category or field",
        plain: "it depends on whether your HiBob gives rights by section or field by field",
        needed: "Is there a block \"People's fields\" under People's data?",
    },
    Doubt {
        word: "not-tested",
        why: "it was not asked in this run",
        next: "look at the box",
        plain: "our check did not try this one",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "order-unproven",
        why: "the write was turned down for its content, perhaps before any right was looked at",
        next: "look at the box",
        plain: "HiBob's answer can be read in two ways",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "mapping-unconfirmed",
        why: "which box opens this is only inferred; nobody has confirmed it",
        next: "look at the box",
        plain: "HiBob does not say which box opens this",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "no-witness",
        why: "no API call shows this box",
        next: "look at the box",
        plain: "this box cannot be seen from outside",
        needed: "Please tell us whether the box is ticked.",
    },
    Doubt {
        word: "box-not-named",
        why: "the guide names a section and no box",
        next: "ask which box is meant",
        plain: "the guide names a section and no box",
        needed: "",
    },
    Doubt {
        word: "list-not-known",
        why: "the guide does not contain its list",
        next: "ask for the list, and write it into the policy",
        plain: "the guide does not contain its list",
        needed: "",
    },
    Doubt {
        word: "contradiction",
        why: "two observations say opposite things; -v shows both",
        next: "run again; if it stays so, look at the box, and report it",
        plain: "HiBob gave two answers that do not fit together",
        needed: "Please tell us whether the box is ticked.",
    },
    SECTION_NOT_THERE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Absent, Doubt, STATUSES_WITHHELD};

    #[test]
    fn every_doubt_is_worded_once_and_fits_a_line() {
        for (at, row) in DOUBTS.iter().enumerate() {
            assert_eq!(DOUBTS.iter().position(|other| other.word == row.word), Some(at), "{}", row.word);
            assert!(!row.why.is_empty() && !row.next.is_empty() && !row.plain.is_empty(), "{}", row.word);
            assert!(row.why.len() < 100 && row.plain.len() < 100, "{}", row.word);
        }
        assert_eq!(doubt("a-word-of-tomorrow"), None);
    }

    #[test]
    fn a_rule_that_tells_more_than_the_doubt_has_its_own_words() {
        let told = |word: &str, rule: &str| {
            let item = crate::report::fixtures::gaps().policies[0].items[0].clone();
            let because = "this tenant has no section of this name, and a folder of documents is called so";
            let (doubt, rule) = (Some(word.to_owned()), rule.to_owned());
            of(&Item { doubt, rule, because: because.to_owned(), ..item }).unwrap().plain
        };
        // As `access` calls them.
        for (absent, plain) in [
            (Absent::Field, "no such field"),
            (Absent::Folder, "no such folder"),
            (Absent::Table, "no such table"),
            (Absent::Section, "no such section"),
        ] {
            let said = told(Doubt::NotInTenant.as_str(), absent.rule());
            assert!(said.contains(plain), "{absent:?}: {said}");
        }
        assert!(told(NOT_THERE, "a-rule-of-tomorrow").contains("no such section"));
        let nobody_seen = Doubt::NobodySeen.as_str();
        assert!(told(nobody_seen, STATUSES_WITHHELD).contains("may not read anybody's status"));
        assert!(told(nobody_seen, nobody_seen).contains("we saw nobody"));
        assert_eq!(Doubt::NotInTenant.as_str(), NOT_THERE);
    }

    #[test]
    fn the_admin_is_told_no_jargon() {
        for row in DOUBTS.into_iter().chain(BY_RULE.map(|(_, doubt)| doubt)) {
            for text in [row.plain, row.needed] {
                for word in ["probe", "API", "403", "404", "tenant", "witness", "--"] {
                    assert!(!text.contains(word), "{}: {text}", row.word);
                }
            }
        }
    }
}
