//! The defaults: whatever they take can be walked, and whatever they refuse has its place.
#![no_main]

#[path = "../mutator.rs"]
mod mutator;
#[allow(dead_code, unused_imports)] // Each target runs some of the oracles.
#[path = "../../tests/oracle/mod.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|data: &[u8]| oracle::check(data, &v8wire::ParseOptions::new()));
