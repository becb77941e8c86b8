//! Typed JSON and back; plain JSON, inspection and annotation within their limits.
#![no_main]

#[path = "../mutator.rs"]
mod mutator;
#[allow(dead_code, unused_imports)] // Each target runs some of the oracles.
#[path = "../../tests/oracle/mod.rs"]
mod oracle;

use v8wire::{Externals, ParseOptions};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let options = ParseOptions::new();
    for options in [options.clone(), options.lenient().externals(Externals::Keep)] {
        oracle::typed_json(data, &options);
        oracle::texts(data, &options);
    }
});
