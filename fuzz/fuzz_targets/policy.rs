//! Any text as a policy, and as an overlay of a shipped one: it is read or its mistakes are shown.
#![no_main]

use std::sync::LazyLock;

use hibob_audit::catalogue::Catalogue;
use hibob_audit::lint;
use hibob_audit::policy::{Origin, Policy, overlay, shipped, validate};
use hibob_audit::source::Source;
use jiff::civil::date;
use libfuzzer_sys::fuzz_target;

static SHIPPED: LazyLock<Vec<Policy>> = LazyLock::new(|| {
    let source = shipped::find("frontegg").ok().flatten().expect("it ships");
    vec![validate::read(&source, Origin::Shipped, Catalogue::embedded()).ok().expect("it is sound")]
});

fuzz_target!(|text: &str| {
    let (catalogue, today) = (Catalogue::embedded(), date(2026, 11, 21));
    let source = Source::new("fuzz.yaml", text);
    let found = match validate::read(&source, Origin::File, catalogue) {
        Ok(policy) => lint::of_policy(&source, &policy, catalogue, today),
        Err(problems) => problems,
    };
    let shown = found.render(false);
    // Whatever the text holds, a terminal is not told to do anything by it.
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{shown:?}");
    if overlay::peek(&source).is_some() {
        let found = match overlay::read(&source, &SHIPPED, catalogue) {
            Ok(overlay) => lint::of_overlay(&source, &overlay, today),
            Err(problems) => problems,
        };
        let _ = found.render(true);
    }
});
