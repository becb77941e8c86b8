//! Leniently, alone and with an embedder that brings host objects and shared buffers.
#![no_main]

#[path = "../mutator.rs"]
mod mutator;
#[allow(dead_code, unused_imports)] // Each target runs some of the oracles.
#[path = "../../tests/oracle/mod.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    for (name, options) in oracle::option_sets() {
        if name.contains("lenient") {
            oracle::check(data, &options);
        }
    }
});
