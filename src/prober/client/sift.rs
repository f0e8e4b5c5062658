//! A JSON body read piece by piece: the items of its lists are handed on one at a time and dropped, so that
//! no more of it is held than one item and what stands around the lists.

use serde_json::Value;

use crate::prober::answer;

/// What one item may take: far more than a person has.
const ITEM_BUDGET: usize = 4 << 20;

/// Takes the items of an answer while it is being read.
pub(in crate::prober) trait Take: Send {
    /// The answer begins; perhaps once more, after an attempt that failed. What was taken is to be forgotten.
    fn begin(&mut self);

    /// Whether the items of a list are wanted: of the one under this key of the body, or of the body itself, if
    /// that is one (then the key is empty). A list that nobody wants is left in what stands around.
    fn wants(&self, list: &str) -> bool;

    /// One more item of a list that is wanted; of one that is too long to be held, nothing. Whether the question is answered, so that the rest need not be
    /// read.
    fn take(&mut self, list: &str, item: Value) -> bool;
}

/// What may follow in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    FirstOrEnd,
    Item,
    CommaOrEnd,
}

/// Tells items from what stands around them. A list is an array that is the body, or a member of it.
pub(super) struct Sift<'t> {
    take: &'t mut dyn Take,
    /// What stands around the items.
    rest: Vec<u8>,
    /// As much of one item as has come.
    item: Vec<u8>,
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The depth inside the list that is being read.
    list: Option<(usize, Next)>,
    in_item: bool,
    is_too_long: bool,
    /// Where the last string began that may be a key.
    key_from: usize,
    key: String,
    is_sound: bool,
    has_enough: bool,
}

impl<'t> Sift<'t> {
    pub(super) fn new(take: &'t mut dyn Take) -> Self {
        take.begin();
        Self {
            take,
            rest: Vec::new(),
            item: Vec::new(),
            depth: 0,
            in_string: false,
            escaped: false,
            list: None,
            in_item: false,
            is_too_long: false,
            key_from: 0,
            key: String::new(),
            is_sound: true,
            has_enough: false,
        }
    }

    pub(super) fn read(&mut self, mut piece: &[u8]) {
        while let Some((byte, rest)) = piece.split_first() {
            // Most of a body is text: what is plain of it is taken at once, as far as there is room.
            let is_text = self.in_string && self.in_item && !self.escaped;
            let room = if is_text { ITEM_BUDGET - self.item.len() } else { 0 };
            let text = &piece[..room.min(piece.len())];
            let plain = text.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(text.len());
            if plain > 0 {
                self.item.extend_from_slice(&text[..plain]);
                piece = &piece[plain..];
            } else {
                self.step(*byte);
                piece = rest;
            }
        }
    }

    /// Whether the question is answered.
    pub(super) fn has_enough(&self) -> bool {
        self.has_enough
    }

    /// How much is held at this moment.
    pub(super) fn held(&self) -> usize {
        if self.is_too_long { usize::MAX } else { self.rest.len() }
    }

    /// The body without the items of its lists, unless it was damaged.
    pub(super) fn finish(self) -> Option<Vec<u8>> {
        self.is_sound.then_some(self.rest)
    }

    fn step(&mut self, byte: u8) {
        if self.in_string {
            self.keep(byte);
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.in_string = false;
                    if self.depth == 1 && !self.in_item {
                        self.key = serde_json::from_slice(&self.rest[self.key_from..]).unwrap_or_default();
                    }
                }
                _ => {}
            }
            return;
        }
        // Between values it means nothing, and there may be any amount of it. One is kept all the same where it
        // may part what would be one word without it.
        if matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
            let between_items = self.list.is_some_and(|(depth, _)| depth == self.depth);
            let parts = !between_items && self.rest.last().is_some_and(|last| *last != b' ');
            if self.in_item {
                self.keep(byte);
            } else if parts {
                self.rest.push(b' ');
            }
            return;
        }
        if let Some((depth, next)) = self.list.filter(|(depth, _)| *depth == self.depth) {
            return self.step_in_list(byte, depth, next);
        }
        self.step_over(byte);
    }

    /// A byte that is in no list, or deeper than the items of one.
    fn step_over(&mut self, byte: u8) {
        match byte {
            b'"' => {
                self.in_string = true;
                self.key_from = self.rest.len();
            }
            b'{' | b'[' => {
                let is_member = self.depth == 1 && answer::first_letter(&self.rest) == Some(b'{');
                self.depth += 1;
                if self.depth == 1 {
                    self.key.clear();
                }
                let in_body = self.depth == 1 || is_member;
                if byte == b'[' && in_body && self.list.is_none() && self.take.wants(&self.key) {
                    self.list = Some((self.depth, Next::FirstOrEnd));
                }
            }
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.keep(byte);
    }

    /// A byte between the brackets of a list, and in none that is deeper.
    fn step_in_list(&mut self, byte: u8, depth: usize, next: Next) {
        match byte {
            b',' | b']' if self.in_item => {
                self.hand_on();
                self.list = Some((depth, Next::CommaOrEnd));
                self.step_in_list(byte, depth, Next::CommaOrEnd);
            }
            b']' => {
                self.is_sound &= next != Next::Item;
                self.list = None;
                self.depth -= 1;
                self.rest.push(byte);
            }
            b',' => {
                self.is_sound &= next == Next::CommaOrEnd;
                self.list = Some((depth, Next::Item));
            }
            _ => {
                self.is_sound &= self.in_item || next != Next::CommaOrEnd;
                self.in_item = true;
                self.step_over(byte);
            }
        }
    }

    fn hand_on(&mut self) {
        self.in_item = false;
        match serde_json::from_slice(&self.item) {
            Ok(item) => self.has_enough |= self.take.take(&self.key, item),
            Err(_) => self.is_sound = false,
        }
        self.item.clear();
    }

    fn keep(&mut self, byte: u8) {
        if !self.in_item {
            self.rest.push(byte);
        } else if self.item.len() < ITEM_BUDGET {
            self.item.push(byte);
        } else if !self.is_too_long {
            self.is_too_long = true;
            self.take.take(&self.key, Value::Null);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Default)]
    struct All(Vec<(String, Value)>);

    impl Take for All {
        fn begin(&mut self) {
            self.0.clear();
        }

        fn wants(&self, list: &str) -> bool {
            list != "kept"
        }

        fn take(&mut self, list: &str, item: Value) -> bool {
            self.0.push((list.to_owned(), item));
            self.0.len() == 1000
        }
    }

    /// What is left of a body that comes in pieces of this size, and what was taken.
    fn sifted(body: &str, size: usize) -> (Option<String>, Vec<(String, Value)>) {
        let mut all = All::default();
        let mut sift = Sift::new(&mut all);
        for piece in body.as_bytes().chunks(size) {
            sift.read(piece);
        }
        let rest = sift.finish().map(|rest| String::from_utf8(rest).unwrap());
        (rest, all.0)
    }

    #[test]
    fn the_items_of_every_list_of_a_body_are_handed_on_and_the_rest_is_left() {
        let body = r#" {"a,]\"": "[1]", "employees": [ {"id": "1", "x": [1, {"y": []}]}, "te]x\",t" , 7, null,
            [2, 3]], "b": {"inner": [1, 2]}, "next": [], "errors": [{"9": "NO"}]} "#;
        let items = [
            ("employees", json!({"id": "1", "x": [1, {"y": []}]})),
            ("employees", json!("te]x\",t")),
            ("employees", json!(7)),
            ("employees", Value::Null),
            ("employees", json!([2, 3])),
            ("errors", json!({"9": "NO"})),
        ]
        .map(|(list, item)| (list.to_owned(), item));
        for size in [1, 2, 7, 10_000] {
            let (rest, taken) = sifted(body, size);
            let expected =
                json!({"a,]\"": "[1]", "employees": [], "b": {"inner": [1, 2]}, "next": [], "errors": []});
            assert_eq!(serde_json::from_str::<Value>(&rest.unwrap()).unwrap(), expected, "{size}");
            assert_eq!(taken, items, "{size}");
        }
    }

    #[test]
    fn a_body_that_is_a_list_has_no_key() {
        let (rest, taken) = sifted(r#"[{"id": 1}, {"id": 2}]"#, 3);
        assert_eq!(rest.as_deref(), Some("[]"));
        assert_eq!(taken, [("".to_owned(), json!({"id": 1})), ("".to_owned(), json!({"id": 2}))]);
        // What is deeper than that is a part of its item.
        assert_eq!(sifted("[[1], [2]]", 1).1.len(), 2);
    }

    #[test]
    fn a_list_that_nobody_wants_is_left_where_it_stands() {
        let body = r#"{"kept": [1, {"a": [2]}], "b": [3]}"#;
        for size in [1, 5, 100] {
            let (rest, taken) = sifted(body, size);
            let expected = json!({"kept": [1, {"a": [2]}], "b": []});
            assert_eq!(serde_json::from_str::<Value>(&rest.unwrap()).unwrap(), expected);
            assert_eq!(taken, [("b".to_owned(), json!(3))]);
        }
    }

    #[test]
    fn a_byte_order_mark_hides_no_list() {
        for size in [1, 2, 100] {
            let (rest, taken) = sifted("\u{feff} {\"employees\": [{}, {}]}", size);
            assert_eq!(taken.len(), 2, "{rest:?}");
            assert_eq!(sifted("\u{feff}[1, 2]", size).1.len(), 2);
        }
    }

    #[test]
    fn what_is_no_json_is_not_taken_for_it() {
        let is_json = |body: &str| {
            let rest = sifted(body, 2).0;
            rest.is_some_and(|rest| serde_json::from_str::<Value>(&rest).is_ok())
        };
        for good in ["{}", "[]", "[1]", "[1,2]", r#"{"a":[1],"b":[]}"#, "7", "\"x\"", "null", "[[],[]]"] {
            assert!(is_json(good), "{good}");
        }
        for bad in [
            "",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[,]",
            "[1 2]",
            "[{}{}]",
            "[1]]",
            "[1}",
            r#"{"a":[1}"#,
            r#"{"a":[1]"#,
            r#"{"a":[1]]}"#,
            r#"{"a" [1]}"#,
            "[tru]",
            "{]",
            "<html>",
            "[\"a]",
            "[1],[2]",
            "[{\"a\":1]}",
            r#"{"a":1 2}"#,
            r#"{"a":- 1}"#,
            "tr ue",
            "{\"a\":1}{}",
        ] {
            assert!(!is_json(bad), "{bad}");
        }
    }

    #[test]
    fn blanks_and_large_items_are_not_hoarded() {
        let mut all = All::default();
        let mut sift = Sift::new(&mut all);
        sift.read(b"{\"a\": [1, 2");
        sift.read(&vec![b'\n'; 1 << 20]);
        assert!(sift.held() < 100 && sift.item.len() < 2 << 20);
        sift.read(b", \"");
        sift.read(&vec![b'x'; ITEM_BUDGET + 2]);
        assert_eq!(sift.held(), usize::MAX);
    }

    #[test]
    fn whoever_has_enough_says_so() {
        let mut all = All::default();
        let mut sift = Sift::new(&mut all);
        sift.read(b"[");
        for _ in 0..999 {
            sift.read(b"1,");
        }
        assert!(!sift.has_enough());
        sift.read(b"1,");
        assert!(sift.has_enough());
    }

    /// Lots are drawn from a counter, so that every run of this test is the same.
    struct Lots(u64);

    impl Lots {
        fn below(&mut self, many: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % many
        }
    }

    /// What comes of a body that is read whole: the same items and the same rest, or that it is no JSON.
    fn expected(body: &str) -> Option<(Value, Vec<(String, Value)>)> {
        let mut whole: Value = serde_json::from_str(body).ok()?;
        let mut items = Vec::new();
        let mut empty = |key: &str, value: &mut Value| {
            if let Value::Array(list) = value {
                items.extend(std::mem::take(list).into_iter().map(|item| (key.to_owned(), item)));
            }
        };
        match &mut whole {
            Value::Object(members) => members.iter_mut().for_each(|(key, value)| empty(key, value)),
            other => empty("", other),
        }
        items.sort_by_key(|(key, _)| key.clone());
        Some((whole, items))
    }

    #[test]
    fn garbled_bodies_read_piece_by_piece_are_what_they_are_read_whole() {
        let seeds = [
            r#"{"employees": [{"id": "1", "a]": [1, {"b": "\"]"}]}, null, "x,y"], "n": {"m": [1]}, "e": []}"#,
            r#"[{"id": 1.5e3}, [2, [3]], "\u00e9\n", true]"#,
            r#"{"a\"[": [[], {}], "b": [0], "c": "[1, 2]", "d": -1}"#,
        ];
        let letters = b"{}[]\",:\\ \n1-e.atnul\x00\xc3\xff";
        let mut lots = Lots(6);
        let mut sound = 0;
        for round in 0..60_000_usize {
            let mut body = seeds[round % seeds.len()].as_bytes().to_vec();
            for _ in 0..lots.below(4) {
                let at = lots.below(body.len().max(1));
                if body.is_empty() {
                    break;
                }
                match lots.below(4) {
                    0 => body[at] = letters[lots.below(letters.len())],
                    1 => body.insert(at, letters[lots.below(letters.len())]),
                    2 => drop(body.remove(at)),
                    _ => body.truncate(at.max(1)),
                }
            }
            let mut all = All::default();
            let mut sift = Sift::new(&mut all);
            for piece in body.chunks(1 + lots.below(9)) {
                sift.read(piece);
                assert!(sift.held() <= body.len());
            }
            let rest = sift.finish().and_then(|rest| serde_json::from_slice::<Value>(&rest).ok());
            let text = String::from_utf8_lossy(&body).into_owned();
            let whole = std::str::from_utf8(&body).ok().and_then(expected);
            let mut taken = all.0;
            taken.sort_by_key(|(key, _)| key.clone());
            match whole {
                // A key that comes twice: the last is read, and both were handed on.
                Some((_, ref items)) if items.len() < taken.len() => {}
                Some((whole, items)) => {
                    sound += 1;
                    assert_eq!((rest, taken), (Some(whole), items), "{text}");
                }
                None => assert_eq!(rest, None, "{text}"),
            }
        }
        assert!(sound > 10_000, "{sound}");
    }
}
