//! Values made of the input: all that is made is read, strictly, and written alike.
#![no_main]

#[allow(dead_code, unused_imports)] // Each target runs some of the oracles.
#[path = "../../tests/oracle/mod.rs"]
mod oracle;

use v8wire::{ParseOptions, ValidBlob};

libfuzzer_sys::fuzz_target!(|blob: ValidBlob| {
    let options = ParseOptions::new();
    let document = options.parse(&blob.0).expect("a valid blob");
    oracle::walk(&document);
    oracle::events_match_document(&blob.0, &options);
    oracle::written_again(&blob.0, &options);
    oracle::typed_json(&blob.0, &options);
    oracle::types(&blob.0, &options);
});
