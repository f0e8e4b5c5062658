//! The lints, each with its code. A code is a contract: pipelines allow and deny it by name.

/// A defect of a guide that is no mistake of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lint {
    /// Its stable name, the anchor of its paragraph in `docs/lints.md`.
    pub code: &'static str,
    /// What it is about, as a line of a list.
    pub title: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

/// Every lint, in the order of their codes.
pub const LINTS: [Lint; 30] = [
    Lint {
        code: "box-not-known",
        title: "a box is named that the catalogue does not know",
        help: "see on HiBob's screen that it is printed so; `audit catalogue` lists the boxes that have an id",
    },
    Lint {
        code: "box-not-named",
        title: "a line names a section and no box in it",
        help: "ask who publishes the guide which box is meant, and name it with `boxes:`",
    },
    Lint {
        code: "choice-made-twice",
        title: "a choice of one is left to the reader, and other lines require more than one of it",
        help: "there is no choice then: ask which is meant, and keep the choice or the other lines",
    },
    Lint {
        code: "contradiction-chosen",
        title: "two lines contradict each other once their conditions hold",
        help: "whoever makes these choices gets no run: give the other line a condition too, or keep one",
    },
    Lint {
        code: "decision-ended",
        title: "the last day of a decision has passed",
        help: "decide anew with a later `until`, or take the decision out",
    },
    Lint {
        code: "decision-ends",
        title: "the last day of a decision is at most 14 days away",
        help: "decide anew with a later `until`, or let it end",
    },
    Lint {
        code: "duplicate-line",
        title: "a line asks for what another line asks for already",
        help: "the guide repeats itself: tell who publishes it; in a file of your own, keep one of them",
    },
    Lint {
        code: "everyone-leaves-out",
        title: "\"Everyone\" is to be chosen, and people are asked for whom it leaves out",
        help: "write `choose: by-condition`, or say in `disputed:` which of the two the guide means",
    },
    Lint {
        code: "field-of-unwanted-section",
        title: "a section is not wanted, and a field of it is read",
        help: "where rights are given by section, its box is the only way to the field: keep one of the two",
    },
    Lint {
        code: "forbidden-unseen",
        title: "a box must not be held that no read shows",
        help: "`not-needed` where the guide only says that it reads: what nobody sees is then no gate; `forbidden` where \
               holding it does harm",
    },
    Lint {
        code: "guide-contradicts-itself",
        title: "the guide wants a thing in one line and does not want it in another",
        help: "ask who publishes the guide which is meant, and leave `disputed:` beside the line that does not hold",
    },
    Lint {
        code: "history-without-view",
        title: "the histories of a section are asked for without the section",
        help: "histories alone show no current value: ask whether View is meant too",
    },
    Lint {
        code: "label-not-in-hibob",
        title: "a label names a section that HiBob does not have",
        help: "look at the guide again; if it prints so, say in `disputed:` which section is meant",
    },
    Lint {
        code: "label-of-another-box",
        title: "a label is that of another box than the line points at",
        help: "point the line at the box that it prints, or say in `disputed:` why not",
    },
    Lint {
        code: "list-not-known",
        title: "the guide does not hold its list, or a part of it",
        help: "get the list from who publishes the guide; what is required and not known is never green",
    },
    Lint {
        code: "name-not-known",
        title: "a field or a table goes by a name that HiBob does not ship, and nearly by one that it does",
        help: "write it as HiBob does; `audit catalogue fields` and `audit catalogue tables` list what it ships",
    },
    Lint {
        code: "need-said-twice",
        title: "two lines want the same thing to different degrees",
        help: "the stronger one stands; keep the one that is meant",
    },
    Lint {
        code: "no-basic-info",
        title: "people's data is asked for without Basic info",
        help: "without `people/root/view` nobody has a name, if anybody comes back at all: add it, and tell who publishes the guide",
    },
    Lint {
        code: "no-witness",
        title: "nothing in HiBob's API shows whether a box is ticked",
        help: "somebody has to look at the screen; ask whether the box is needed at all",
    },
    Lint {
        code: "open-list",
        title: "the guide says that more may be needed",
        help: "excess is only advice then; write `list: closed` if the list is known to be whole",
    },
    Lint {
        code: "overlay-alone",
        title: "an overlay was looked at without the policy that it speaks of",
        help: "name the policy too: `audit policy lint POLICY OVERLAY`",
    },
    Lint {
        code: "path-label-conflict",
        title: "the path of a line names another section than its label",
        help: "keep both as the guide prints them, and say in `disputed:` where the box stands",
    },
    Lint {
        code: "people-unseen",
        title: "whose data may be seen cannot be verified with the boxes of the policy alone",
        help: "name people whose status you know (`--known hired=ID`), attest what you saw (`seen-on-screen`), or ask for \
               the box that shows lifecycle statuses",
    },
    Lint {
        code: "screen-groups-otherwise",
        title: "a pattern goes by ids, and HiBob's screen groups these boxes otherwise",
        help: "name the boxes that are meant beside the pattern, and leave the others out with `except:`",
    },
    Lint {
        code: "section-not-known",
        title: "a section is called by a name that HiBob does not ship, and nearly by one that it does",
        help: "a section that HiBob ships is best written by its id; `audit catalogue` lists them all",
    },
    Lint {
        code: "see-against-manage",
        title: "a box to see is asked for where HiBob wants the box to manage",
        help: "ask what is read: the box to see may open nothing",
    },
    Lint {
        code: "stale-source",
        title: "the guide was read more than a year ago",
        help: "read the guide again, and set `read:` and `version:`",
    },
    Lint {
        code: "unresolved-label",
        title: "nobody could match a label to a box of HiBob's yet",
        help: "ask who publishes the guide what is meant; until then the line is never green",
    },
    Lint {
        code: "unused-choice",
        title: "a feature or a fact that no condition speaks of",
        help: "say `when:` beside the lines that it is about, or take it out: whoever chooses it changes nothing",
    },
    Lint {
        code: "write-for-read",
        title: "a right to write is asked for that HiBob wants for reading",
        help: "accept it with a reason and a last day: `decisions:` in an overlay",
    },
];

/// One by its code.
pub fn find(code: &str) -> Option<&'static Lint> {
    LINTS.iter().find(|lint| lint.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_each_says_what_to_do() {
        assert!(LINTS.is_sorted_by_key(|lint| lint.code));
        for lint in LINTS {
            assert!(lint.code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", lint.code);
            assert!(!lint.title.is_empty() && !lint.title.ends_with('.'), "{}", lint.code);
            assert!(!lint.help.is_empty() && !lint.help.ends_with('.'), "{}", lint.code);
        }
        assert_eq!(find("open-list").map(|lint| lint.code), Some("open-list"));
        assert_eq!(find("open"), None);
    }

    #[test]
    fn the_page_of_lints_has_a_paragraph_for_each() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lints.md");
        let page = std::fs::read_to_string(file).unwrap().replace("\r\n", "\n");
        let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
        let codes: Vec<&str> = LINTS.iter().map(|lint| lint.code).collect();
        assert_eq!(headings, codes);
        for lint in LINTS {
            let paragraph = page.split(&format!("### {}\n", lint.code)).nth(1).unwrap();
            let paragraph = paragraph.split("\n#").next().unwrap();
            let (first, rest) = paragraph.trim().split_once('.').unwrap();
            assert_eq!(first.to_lowercase(), lint.title.to_lowercase(), "{}", lint.code);
            assert!(rest.len() > 80, "{} is not explained", lint.code);
        }
    }
}
