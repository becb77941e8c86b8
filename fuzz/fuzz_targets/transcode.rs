//! Whatever is read, written for every engine and in every version.
#![no_main]

use v8wire::{Externals, ParseOptions, Profile};

#[path = "../mutator.rs"]
mod mutator;
#[path = "../../tests/oracle/transcode.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let keep = ParseOptions::new().externals(Externals::Keep);
    for profile in [Profile::Node, Profile::NodeIpc, Profile::V8] {
        oracle::transcodes(data, &keep.clone().profile(profile));
    }
    oracle::transcodes(data, &keep.lenient());
});
