//! As strictly as each release.
#![no_main]

#[path = "../mutator.rs"]
mod mutator;
#[allow(dead_code, unused_imports)] // Each target runs some of the oracles.
#[path = "../../tests/oracle/mod.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|data: &[u8]| oracle::all_releases(data));
