//! serde: a set of Rust types, from bytes and from documents.
#![no_main]

#[path = "../mutator.rs"]
mod mutator;
#[allow(dead_code, unused_imports)] // Each target runs some of the oracles.
#[path = "../../tests/oracle/mod.rs"]
mod oracle;

use v8wire::ParseOptions;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    oracle::types(data, &ParseOptions::new());
    oracle::types(data, &ParseOptions::new().lenient());
});
