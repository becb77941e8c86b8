//! `ValueDeserializer`, asked for anything in any order.

use v8wire::{ParseOptions, ValueDeserializer};

/// Runs a program of reads that `program` spells, one a byte.
pub(crate) fn program(program: &[u8], data: &[u8], options: &ParseOptions) {
    let mut deserializer = ValueDeserializer::with_options(data, options);
    deserializer.transfer_array_buffer(3, 8);
    let mut values = 0;
    for &step in program {
        let before = deserializer.position();
        let good = match step % 8 {
            0 => deserializer.read_header().is_ok(),
            1..=3 => match deserializer.read_value() {
                Ok(value) => {
                    assert!(value.exists());
                    values += 1;
                    true
                }
                Err(error) => {
                    super::check_error(data, &error);
                    assert_eq!(deserializer.position(), before, "a value that failed moved on");
                    false
                }
            },
            4 => deserializer.read_uint32().is_ok(),
            5 => deserializer.read_uint64_hi_lo().is_ok(),
            6 => deserializer.read_double().is_ok(),
            _ => {
                let length = usize::from(step >> 3);
                match deserializer.read_raw_bytes(length) {
                    Ok(bytes) => bytes.len() == length,
                    Err(_) => false,
                }
            }
        };
        let after = deserializer.position();
        assert!(before <= after && after <= data.len(), "{before} to {after}");
        assert_eq!(deserializer.remaining(), data.len() - after);
        assert!(good || after == before || step % 8 == 0 || after == data.len());
    }
    let document = deserializer.into_document();
    assert_eq!(document.values().count(), values);
    super::walk(&document);
    let _ = document.to_vec();
}
