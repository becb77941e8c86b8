//! A value, and all that is left of it when its end is missing.
#![no_main]

#[path = "../mutator.rs"]
mod mutator;
#[allow(dead_code, unused_imports)] // Each target runs some of the oracles.
#[path = "../../tests/oracle/mod.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if data.len() <= 256 {
        oracle::truncations(data, &v8wire::ParseOptions::new());
    }
});
