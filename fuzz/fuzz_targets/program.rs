//! `ValueDeserializer`, asked for anything in any order: the first byte says how many bytes of program follow.
#![no_main]

#[path = "../mutator.rs"]
mod mutator;
#[allow(dead_code, unused_imports)] // Each target runs some of the oracles.
#[path = "../../tests/oracle/mod.rs"]
mod oracle;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&length, data)) = data.split_first() else { return };
    let (program, data) = data.split_at(data.len().min(usize::from(length % 32)));
    for (_, options) in oracle::option_sets() {
        oracle::program(program, data, &options);
    }
});
