//! The rows of the table in `mapping` that are about values which hold others.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use v8wire::js::{self, Boxed, ErrorClass};
use v8wire::{Kind, MapsAs, SerializeOptions, from_slice, to_vec};

use super::{comes_back, kind_of, read};

const TEXT: &str = "[a-zé€😀0-9]{0,6}";

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Record {
    name: String,
    size: i64,
    tags: Vec<String>,
    next: Option<Box<Record>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Unit {
    One,
    Two,
    #[serde(rename = "größte")]
    Last,
}

macro_rules! enums {
    ($($(#[$tag:meta])? $name:ident)*) => {$(
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        $(#[$tag])?
        enum $name {
            Unit,
            Newtype(Record),
            Struct { flag: bool, list: Vec<i32> },
        }

        impl From<Variant> for $name {
            fn from(variant: Variant) -> $name {
                match variant {
                    Variant::Unit => $name::Unit,
                    Variant::Newtype(record) => $name::Newtype(record),
                    Variant::Struct { flag, list } => $name::Struct { flag, list },
                }
            }
        }
    )*};
}

#[derive(Clone, Debug)]
enum Variant {
    Unit,
    Newtype(Record),
    Struct { flag: bool, list: Vec<i32> },
}

enums! {
    External
    #[serde(tag = "type")] Internal
    #[serde(tag = "t", content = "c")] Adjacent
    #[serde(untagged)] Untagged
}

/// What only tagged enums can have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Tuple {
    Pair(i32, String),
}

fn records() -> impl Strategy<Value = Record> {
    let leaf = (TEXT, any::<i64>(), prop::collection::vec(TEXT, 0..3))
        .prop_map(|(name, size, tags)| Record { name, size, tags, next: None });
    leaf.prop_recursive(3, 4, 1, |inner| {
        (inner.clone(), inner)
            .prop_map(|(record, next)| Record { next: Some(Box::new(next)), ..record })
    })
}

fn variants() -> impl Strategy<Value = Variant> {
    prop_oneof![
        Just(Variant::Unit),
        records().prop_map(Variant::Newtype),
        (any::<bool>(), prop::collection::vec(any::<i32>(), 0..4))
            .prop_map(|(flag, list)| Variant::Struct { flag, list }),
    ]
}

/// A map with keys of one type is written by each policy, and read again.
fn map<K>(keys: Vec<K>, as_object: bool)
where
    K: Ord + Clone + std::fmt::Debug + Serialize + DeserializeOwned,
{
    let map: BTreeMap<K, usize> = keys.into_iter().zip(0..).collect();
    let object = as_object || map.is_empty();
    comes_back(&map, if object { Kind::Object } else { Kind::Map });
    let written = |maps| SerializeOptions::new().maps(maps).to_vec(&map);
    let maps = written(MapsAs::Maps).unwrap();
    assert_eq!(kind_of(&maps), Kind::Map);
    assert_eq!(read::<BTreeMap<K, usize>>(&maps).as_ref(), Some(&map));
    match written(MapsAs::Objects) {
        Ok(bytes) => {
            assert!(object, "{map:?}");
            assert_eq!(kind_of(&bytes), Kind::Object);
            assert_eq!(read::<BTreeMap<K, usize>>(&bytes), Some(map));
        }
        Err(error) => assert!(!object, "{error} for {map:?}"),
    }
}

fn keys<K: std::fmt::Debug>(of: impl Strategy<Value = K>) -> impl Strategy<Value = Vec<K>> {
    prop::collection::vec(of, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sequences(list in prop::collection::vec(any::<i32>(), 0..8), text in TEXT) {
        let bytes = comes_back(&list, Kind::Array);
        comes_back(&(list.clone(), text.clone(), (1u8, [text.clone(), text])), Kind::Array);
        if let [first, second] = list[..] {
            prop_assert_eq!(&to_vec(&(first, second)).unwrap(), &bytes);
            prop_assert_eq!(read::<(i32, i32)>(&bytes), Some((first, second)));
        }
        // A tuple takes as many as it has.
        prop_assert_eq!(read::<(i32, i32)>(&bytes).is_some(), list.len() == 2);
        let as_set = to_vec(&js::Set(list.clone())).unwrap();
        prop_assert_eq!(read::<Vec<i32>>(&as_set), Some(list.clone()));
        let as_view = to_vec(&js::Int32Array::from(list.clone())).unwrap();
        prop_assert_eq!(read::<Vec<i32>>(&as_view), Some(list.clone()));
        let octets: Vec<u8> = list.iter().map(|&item| item as u8).collect();
        let as_buffer = to_vec(&js::ArrayBuffer::from(octets.clone())).unwrap();
        prop_assert_eq!(read::<Vec<u8>>(&as_buffer), Some(octets));
    }

    #[test]
    fn maps_by_policy(
        texts in keys(TEXT),
        chars in keys(any::<char>()),
        signed in keys(any::<i64>()),
        unsigned in keys(any::<u128>()),
        flags in keys(any::<bool>()),
        units in keys(prop::sample::select(&[Unit::One, Unit::Two, Unit::Last][..])),
        pairs in keys(any::<(u8, bool)>()),
        options in keys(any::<Option<u8>>()),
        lists in keys(prop::collection::vec(any::<u8>(), 0..3)),
    ) {
        map(texts, true);
        map(chars, true);
        map(signed, true);
        map(unsigned, true);
        map(flags, true);
        map(units, true);
        map(pairs, false);
        map(lists, false);
        // By the first key: `None` is the least one, and no name.
        let first = options.iter().min().is_none_or(Option::is_some);
        map(options, first);
    }

    #[test]
    fn maps_are_read_from_what_they_may_be(
        list in prop::collection::vec(any::<i32>(), 0..6),
        texts in prop::collection::btree_map(TEXT, any::<i32>(), 0..5),
        message in TEXT,
        flags in 0u32..64,
    ) {
        let indexed: BTreeMap<u32, i32> = (0..).zip(list.iter().copied()).collect();
        prop_assert_eq!(read::<BTreeMap<u32, i32>>(&to_vec(&list).unwrap()), Some(indexed));
        let entries = js::Map::from_iter(texts.clone());
        prop_assert_eq!(read::<BTreeMap<String, i32>>(&to_vec(&entries).unwrap()), Some(texts));
        let error: js::Error = js::Error::new(ErrorClass::RangeError, message.clone());
        let parts = [("name", "RangeError".into()), ("message", message.clone())];
        let parts: BTreeMap<String, String> = parts.map(|(key, value)| (key.into(), value)).into();
        prop_assert_eq!(read::<BTreeMap<String, String>>(&to_vec(&error).unwrap()), Some(parts));
        let regexp = js::RegExp::new(message.clone(), flags);
        let fields = [("source", message), ("flags", v8wire::regexp_flags::to_string(flags))];
        let fields: BTreeMap<String, String> = fields.map(|(key, value)| (key.into(), value)).into();
        prop_assert_eq!(read::<BTreeMap<String, String>>(&to_vec(&regexp).unwrap()), Some(fields));
    }

    #[test]
    fn structs_are_read_from_what_they_may_be(record in records()) {
        comes_back(&record, Kind::Object);
        let Record { name, size, tags, next } = record.clone();
        // Field by field out of an array; with as many.
        let array = to_vec(&(&name, size, &tags, &next)).unwrap();
        prop_assert_eq!(read::<Record>(&array), Some(record.clone()));
        prop_assert_eq!(read::<Record>(&to_vec(&(&name, size, &tags)).unwrap()), None);
        // A `Map` of its fields, whatever their order.
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Field<'a> {
            Name(&'a String),
            Size(i64),
            Tags(&'a Vec<String>),
            Next(&'a Option<Box<Record>>),
        }
        let entries = js::Map::from_iter([
            ("tags", Field::Tags(&tags)),
            ("next", Field::Next(&next)),
            ("name", Field::Name(&name)),
            ("size", Field::Size(size)),
        ]);
        prop_assert_eq!(read::<Record>(&to_vec(&entries).unwrap()), Some(record));
    }

    #[test]
    fn enums_of_all_taggings(variant in variants(), pair in any::<(i32, String)>()) {
        let external = External::from(variant.clone());
        let unit = matches!(variant, Variant::Unit);
        let bytes = comes_back(&external, if unit { Kind::String } else { Kind::Object });
        comes_back(&Internal::from(variant.clone()), Kind::Object);
        comes_back(&Adjacent::from(variant.clone()), Kind::Object);
        comes_back(&Untagged::from(variant), if unit { Kind::Null } else { Kind::Object });
        comes_back(&Tuple::Pair(pair.0, pair.1), Kind::Object);
        // A `Map` with the one key, and no other.
        if let External::Struct { flag, list } = &external {
            #[derive(Serialize)]
            struct Fields<'a> {
                flag: bool,
                list: &'a [i32],
            }
            let fields = || Fields { flag: *flag, list };
            let one = js::Map::from_iter([("Struct", fields())]);
            prop_assert_eq!(read::<External>(&to_vec(&one).unwrap()), Some(external.clone()));
            let two = js::Map::from_iter([("Struct", fields()), ("Unit", fields())]);
            prop_assert_eq!(read::<External>(&to_vec(&two).unwrap()), None);
        }
        if unit {
            prop_assert_eq!(bytes, to_vec("Unit").unwrap());
        }
    }

    /// Objects of primitives are the primitives in them.
    #[test]
    fn objects_of_primitives(flag in any::<bool>(), number in any::<f64>(), text in TEXT, bigint in any::<i128>()) {
        prop_assert_eq!(read::<bool>(&to_vec(&Boxed(flag)).unwrap()), Some(flag));
        let read_number = from_slice::<f64>(&to_vec(&Boxed(number)).unwrap()).unwrap();
        prop_assert!(read_number == number || number.is_nan());
        prop_assert_eq!(read::<i128>(&to_vec(&Boxed(js::BigInt::from(bigint))).unwrap()), Some(bigint));
        prop_assert_eq!(read::<String>(&to_vec(&Boxed(&text)).unwrap()), Some(text));
    }
}
