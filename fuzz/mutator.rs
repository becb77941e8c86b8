//! libFuzzer's own mutations, which know the dictionary and the comparisons, and in turns with them those
//! that know the format. `fuzz -- -len_control=0` has room for them from the start.

use v8wire::mutate::{Mutator, mutate_in_place};

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed.is_multiple_of(2) {
        libfuzzer_sys::fuzzer_mutate(data, size, max_size)
    } else {
        mutate_in_place(data, size, max_size, seed.into())
    }
});

libfuzzer_sys::fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| {
    let mut data = one.to_vec();
    Mutator::new(seed.into()).splice(&mut data, other, out.len());
    out[..data.len()].copy_from_slice(&data);
    data.len()
});
