//! What was read is written, as bytes and by value, and read again.
#![no_main]

#[path = "../mutator.rs"]
mod mutator;
#[allow(dead_code, unused_imports)] // Each target runs some of the oracles.
#[path = "../../tests/oracle/mod.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    for (_, options) in oracle::option_sets() {
        oracle::written_again(data, &options);
    }
});
