//! The library against the slow decoder of the tests, strictly and leniently.
#![no_main]

#[path = "../../tests/reference/bytes.rs"]
mod bytes;
#[path = "../../tests/reference/compare.rs"]
mod compare;
#[path = "../../tests/reference/decoder/mod.rs"]
mod decoder;
#[path = "../mutator.rs"]
mod mutator;
#[path = "../../tests/reference/ours.rs"]
mod ours;
#[path = "../../tests/reference/text.rs"]
mod text;
#[path = "../../tests/reference/value.rs"]
mod value;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    // The reference recurses.
    if data.len() <= 2048 {
        compare::compare(data);
    }
});
