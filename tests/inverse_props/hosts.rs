//! Host objects: what a delegate wrote, a delegate reads; what a `Builder` was given, a document has.

use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use v8wire::{
    Builder, Delegate, Document, HostError, HostObject, HostReader, HostStep, HostWriter, Kind,
    ParseOptions, SerializerDelegate, ValueSerializer, WriteOptions,
};

/// An item of a payload.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    Uint32(u32),
    Uint64(u64),
    Double(u64),
    Bytes(Vec<u8>),
    Value(i32),
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    let item = prop_oneof![
        any::<u32>().prop_map(Item::Uint32),
        any::<u64>().prop_map(Item::Uint64),
        any::<u64>().prop_map(Item::Double),
        prop::collection::vec(any::<u8>(), 1..5).prop_map(Item::Bytes),
        any::<i32>().prop_map(Item::Value),
    ];
    prop::collection::vec(item, 0..8)
}

/// Writes and reads objects of one form.
#[derive(Default)]
struct Form {
    items: Vec<Item>,
    read: Mutex<Vec<Item>>,
}

impl Form {
    fn of(items: &[Item]) -> Form {
        Form { items: items.into(), ..Form::default() }
    }

    /// The items of a step: those behind so many values.
    fn step(&self, step: u32) -> impl Iterator<Item = &Item> {
        let mut values = 0;
        self.items.iter().skip_while(move |item| {
            let before = values < step;
            values += u32::from(matches!(item, Item::Value(_)));
            before
        })
    }
}

impl SerializerDelegate for Form {
    fn write_host_object(
        &self,
        object: &HostObject<'_>,
        host: &mut HostWriter<'_>,
    ) -> Result<HostStep, HostError> {
        assert_eq!(host.token(), host.step());
        let shown =
            format!("HostWriter {{ step: {}, position: {}, .. }}", host.step(), host.position());
        assert_eq!(format!("{host:?}"), shown);
        for item in self.step(host.step()) {
            match item {
                Item::Uint32(value) => host.write_uint32(*value),
                Item::Uint64(value) => host.write_uint64(*value),
                Item::Double(bits) => host.write_double(f64::from_bits(*bits)),
                Item::Bytes(bytes) => host.write_raw_bytes(bytes),
                Item::Value(_) => {
                    host.set_token(host.step() + 1);
                    return Ok(HostStep::Value);
                }
            }
        }
        assert_eq!(object.value_count(), host.step());
        Ok(HostStep::Done)
    }
}

impl Delegate for Form {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        assert_eq!(host.token(), host.step());
        assert_eq!(host.legacy_tag(), None);
        let shown =
            format!("HostReader {{ step: {}, position: {}, .. }}", host.step(), host.position());
        assert_eq!(format!("{host:?}"), shown);
        let whole = host.position() + host.remaining();
        let mut read = self.read.lock().unwrap();
        for item in self.step(host.step()) {
            read.push(match item {
                Item::Uint32(_) => Item::Uint32(host.read_uint32()?),
                Item::Uint64(_) => Item::Uint64(host.read_uint64()?),
                Item::Double(_) => Item::Double(host.read_double()?.to_bits()),
                Item::Bytes(bytes) => Item::Bytes(host.read_raw_bytes(bytes.len())?.into()),
                Item::Value(value) => {
                    read.push(Item::Value(*value));
                    host.set_token(host.step() + 1);
                    return Ok(HostStep::Value);
                }
            });
            assert_eq!(host.position() + host.remaining(), whole);
        }
        Ok(HostStep::Done)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn payloads(items in items()) {
        // An object that holds the values, in bytes that matter to nobody.
        let mut builder = Builder::new();
        let host = builder.host_object();
        for item in &items {
            match item {
                Item::Value(value) => builder.host_value(host, *value),
                Item::Bytes(bytes) => builder.host_bytes(host, bytes),
                _ => {}
            }
        }
        let bytes = builder.to_vec(host, &WriteOptions::new()).unwrap();
        let bare: Vec<Item> =
            items.iter().filter(|it| matches!(it, Item::Bytes(_) | Item::Value(_))).cloned().collect();
        let given = Arc::new(Form::of(&bare));
        let doc = ParseOptions::new().delegate(given.clone()).parse(&bytes).unwrap();
        prop_assert_eq!(doc.root().kind(), Kind::HostObject);
        prop_assert_eq!(&*given.read.lock().unwrap(), &bare);
        // What the builder was given is there, in its order: bytes between values are one piece.
        let values: Vec<_> = doc.root().host_values().filter_map(|it| it.as_i32()).collect();
        let wanted = bare.iter().filter_map(|it| match it {
            Item::Value(value) => Some(*value),
            _ => None,
        });
        prop_assert_eq!(values, wanted.collect::<Vec<_>>());
        let pieces: Vec<u8> = doc.root().host_bytes().flatten().copied().collect();
        let wanted = bare.iter().filter_map(|it| match it {
            Item::Bytes(bytes) => Some(&bytes[..]),
            _ => None,
        });
        prop_assert_eq!(pieces, wanted.collect::<Vec<_>>().concat());

        // Written by the one delegate, with all items, and read by the other.
        let form = Arc::new(Form::of(&items));
        let mut serializer = ValueSerializer::new();
        serializer.set_delegate(form.clone());
        serializer.write_header().unwrap();
        serializer.write_value(doc.root().value()).unwrap();
        let written = serializer.release().unwrap();
        let again = ParseOptions::new().delegate(form.clone()).parse(&written).unwrap();
        prop_assert_eq!(&*form.read.lock().unwrap(), &items);
        // Without a delegate it comes out as it is.
        prop_assert_eq!(again.to_vec(), &written[..]);
        let mut plain = ValueSerializer::new();
        plain.write_header().unwrap();
        plain.write_value(again.root().value()).unwrap();
        prop_assert_eq!(plain.release().unwrap(), written);
        prop_assert_eq!(Document::parse(&bytes).is_ok(), false);
    }
}
