//! What a serializer was told part by part.

use serde_json::{Value as Json, json};
use v8wire::ValueDeserializer;

use super::{Case, Describer, Setup, hex};

/// Reads the parts of a case, behind its header, and compares each with what the case says.
pub fn read_parts(reader: &mut ValueDeserializer<'_>, case: &Case, setup: &Setup) {
    for part in case.json["parts"].as_array().expect("parts") {
        let ours: Json = match part[0].as_str().expect("kind") {
            "uint32" => json!(["uint32", reader.read_uint32().expect("uint32")]),
            "uint64" => {
                let [high, low] = reader.read_uint64_hi_lo().expect("uint64");
                json!(["uint64", high, low])
            }
            "double" => {
                let value = reader.read_double().expect("double");
                let theirs: f64 = match part[1].as_str().expect("text") {
                    "Infinity" => f64::INFINITY,
                    "-Infinity" => f64::NEG_INFINITY,
                    text => text.parse().expect("number"),
                };
                let same =
                    value.to_bits() == theirs.to_bits() || (value.is_nan() && theirs.is_nan());
                assert!(same, "{}: {value} for {theirs}", case.name());
                continue;
            }
            "raw" => {
                let length = part[1].as_str().expect("hex").len() / 2;
                json!(["raw", hex(reader.read_raw_bytes(length).expect("bytes"))])
            }
            "value" => {
                let value = reader.read_value().expect("value");
                json!(["value", Describer::new(setup).describe(value)])
            }
            other => panic!("{other}"),
        };
        assert_eq!(&ours, part, "{}", case.name());
    }
}
