//! The calls of V8's interface: what `ValueSerializer` is told, `ValueDeserializer` tells again.

use proptest::prelude::*;
use v8wire::{
    ByteOrder, Document, ParseOptions, Profile, Reader, ValueDeserializer, ValueSerializer,
    WriteOptions,
};

use crate::graph::{Compare, Node, node, written};

/// What is written, one behind the other.
#[derive(Clone, Debug)]
enum Part {
    Header,
    Uint32(u32),
    Uint64(u64),
    Halves(u32, u32),
    Double(u64),
    Raw(Vec<u8>),
    Value(Node),
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    // Of all lengths on the wire.
    let wide = (any::<u64>(), 0u32..64).prop_map(|(value, shift)| value >> shift);
    let part = prop_oneof![
        Just(Part::Header),
        wide.clone().prop_map(|value| Part::Uint32(value as u32)),
        wide.prop_map(Part::Uint64),
        any::<(u32, u32)>().prop_map(|(high, low)| Part::Halves(high, low)),
        prop_oneof![any::<f64>().prop_map(f64::to_bits), any::<u64>()].prop_map(Part::Double),
        prop::collection::vec(any::<u8>(), 0..9).prop_map(Part::Raw),
        node().prop_map(Part::Value),
    ];
    prop::collection::vec(part, 0..9)
}

/// The bytes of the documents whose values are written.
fn blobs(parts: &[Part]) -> Vec<Vec<u8>> {
    let values = parts.iter().filter_map(|part| match part {
        Part::Value(node) => Some(written(node)),
        _ => None,
    });
    values.collect()
}

fn tell<'d, 'a: 'd>(
    serializer: &mut ValueSerializer<'d>,
    parts: &[Part],
    docs: &'d [Document<'a>],
) -> Result<(), v8wire::WriteError> {
    let mut docs = docs.iter();
    for part in parts {
        match part {
            Part::Header => serializer.write_header()?,
            Part::Uint32(value) => serializer.write_uint32(*value)?,
            Part::Uint64(value) => serializer.write_uint64(*value)?,
            Part::Halves(high, low) => serializer.write_uint64_hi_lo(*high, *low)?,
            Part::Double(bits) => serializer.write_double(f64::from_bits(*bits))?,
            Part::Raw(bytes) => serializer.write_raw_bytes(bytes)?,
            Part::Value(_) => serializer.write_value(docs.next().unwrap().root().value())?,
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_are_read_as_they_were_written(parts in parts(), big in any::<bool>()) {
        let order = if big { ByteOrder::Big } else { ByteOrder::Little };
        let blobs = blobs(&parts);
        let docs: Vec<_> = blobs.iter().map(|blob| Document::parse(blob).unwrap()).collect();
        let mut serializer = ValueSerializer::with_options(WriteOptions::new().byte_order(order));
        tell(&mut serializer, &parts, &docs).unwrap();
        let bytes = serializer.release().unwrap();
        let mut options = ParseOptions::new().byte_order(order).profile(Profile::V8);
        // Values may stand in front of any header.
        options.headerless_version = Some(15);
        let mut reader = ValueDeserializer::with_options(&bytes, &options);
        let mut docs = docs.iter();
        for part in &parts {
            match part {
                Part::Header => prop_assert_eq!(reader.read_header(), Ok(true)),
                Part::Uint32(value) => prop_assert_eq!(reader.read_uint32(), Ok(*value)),
                Part::Uint64(value) => prop_assert_eq!(reader.read_uint64(), Ok(*value)),
                Part::Halves(high, low) => {
                    prop_assert_eq!(reader.read_uint64_hi_lo(), Ok([*high, *low]));
                }
                Part::Double(bits) => {
                    let double = f64::from_bits(*bits);
                    // Every NaN is read as the same one.
                    let bits = if double.is_nan() { f64::NAN.to_bits() } else { *bits };
                    prop_assert_eq!(reader.read_double().map(f64::to_bits), Ok(bits));
                }
                Part::Raw(bytes) => {
                    prop_assert_eq!(reader.read_raw_bytes(bytes.len()), Ok(&bytes[..]));
                }
                Part::Value(_) => {
                    let (value, before) = (reader.read_value().unwrap(), docs.next().unwrap());
                    prop_assert_eq!(value.kind(), before.root().kind());
                }
            }
        }
        prop_assert_eq!(reader.remaining(), 0);
    }

    /// The events of a reader, written one by one, are its bytes.
    #[test]
    fn events_and_bytes(node in node()) {
        let blob = written(&node);
        let (mut reader, mut writer) = (Reader::new(&blob).unwrap(), ValueSerializer::new());
        writer.write_header().unwrap();
        while let Some(event) = reader.next_event().unwrap() {
            writer.write_event(event).unwrap();
        }
        let bytes = writer.release().unwrap();
        prop_assert_eq!(&bytes, &blob);
        let doc = Document::parse(&bytes).unwrap();
        prop_assert!(Compare::default().same(doc.root().value(), &node));
        let mut writer = ValueSerializer::new();
        writer.write_header().unwrap();
        doc.events().try_for_each(|event| writer.write_event(event)).unwrap();
        prop_assert_eq!(writer.release().unwrap(), blob);
    }

    /// What is drained on the way and what is released at the end are together what is released at once.
    #[test]
    fn drained_and_released(parts in parts()) {
        let blobs = blobs(&parts);
        let docs: Vec<_> = blobs.iter().map(|blob| Document::parse(blob).unwrap()).collect();
        let mut whole = ValueSerializer::new();
        tell(&mut whole, &parts, &docs).unwrap();
        let (mut serializer, mut drained, mut rest) = (ValueSerializer::new(), Vec::new(), &docs[..]);
        for part in &parts {
            tell(&mut serializer, std::slice::from_ref(part), rest).unwrap();
            rest = &rest[usize::from(matches!(part, Part::Value(_)))..];
            serializer.drain_to(&mut drained).unwrap();
        }
        drained.extend(serializer.release().unwrap());
        prop_assert_eq!(drained, whole.release().unwrap());
    }
}
