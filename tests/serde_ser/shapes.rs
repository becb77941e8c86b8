//! Structs that have the fields of the one before, or only some of them: both ways remember the last.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use v8wire::{Document, from_document, from_slice, to_vec};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Record {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i32>,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(rename = "a name that is longer than others", skip_serializing_if = "Option::is_none")]
    long: Option<bool>,
    #[serde(rename = "größe", skip_serializing_if = "Option::is_none")]
    size: Option<u8>,
    #[serde(rename = "7", skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Record>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Box<Record>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    more: BTreeMap<String, i8>,
}

/// What is read where only this is asked for.
#[derive(Debug, PartialEq, Deserialize)]
struct Name<'a> {
    #[serde(borrow, default)]
    name: std::borrow::Cow<'a, str>,
}

fn records() -> impl Strategy<Value = Record> {
    let name = prop_oneof![
        3 => "[a-z]{0,20}",
        1 => "[a-zäß€]{0,4}",
        1 => "a{120,140}".prop_map(String::from),
    ];
    let more = prop::collection::btree_map("[a-c1]{1,2}", any::<i8>(), 0..3);
    let leaf = (
        prop::option::of(any::<i32>()),
        name,
        prop::option::of(prop_oneof![any::<i16>().prop_map(f64::from), -1e9..1e9]),
        prop::option::of(any::<bool>()),
        prop::option::weighted(0.2, any::<u8>()),
        prop::option::weighted(0.1, 0..1u64 << 53),
        more,
    );
    let leaf = leaf.prop_map(|(id, name, score, long, size, index, more)| Record {
        id,
        name,
        score,
        long,
        size,
        index,
        more,
        ..Record::default()
    });
    leaf.prop_recursive(3, 24, 4, |inner| {
        let parts = prop::collection::vec(inner.clone(), 0..4);
        let next = prop::option::of(inner.clone().prop_map(Box::new));
        (inner, parts, next).prop_map(|(record, parts, next)| Record { parts, next, ..record })
    })
}

proptest! {
    #[test]
    fn records_that_differ_come_back(records in prop::collection::vec(records(), 0..12)) {
        let bytes = to_vec(&records).unwrap();
        let document = Document::parse(&bytes).unwrap();
        prop_assert_eq!(&from_slice::<Vec<Record>>(&bytes).unwrap(), &records);
        prop_assert_eq!(&from_document::<Vec<Record>>(&document).unwrap(), &records);
        // As V8 would write them.
        let mut serializer = v8wire::ValueSerializer::new();
        serializer.write_header().unwrap();
        serializer.write_value(document.root().value()).unwrap();
        prop_assert_eq!(&serializer.release().unwrap(), &bytes);
        // Parts of them only.
        prop_assert_eq!(from_slice::<Vec<IgnoredAny>>(&bytes).unwrap().len(), records.len());
        let names: Vec<Name<'_>> = from_slice(&bytes).unwrap();
        prop_assert!(names.iter().map(|it| &it.name).eq(records.iter().map(|it| &it.name)));
        if let [_, second, ..] = &records[..] {
            let error = from_slice::<(IgnoredAny, Record)>(&bytes).map(|read| read.1);
            let exact = records.len() == 2;
            prop_assert_eq!(error.is_ok(), exact);
            prop_assert!(!exact || error.as_ref() == Ok(second));
        }
    }

    /// Wherever the bytes end or one of them is another, typed reading refuses what parsing refuses.
    #[test]
    fn damaged_records_are_told(
        records in prop::collection::vec(records(), 1..6),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = to_vec(&records).unwrap();
        let at = at.index(bytes.len());
        prop_assert!(from_slice::<Vec<Record>>(&bytes[..at]).is_err());
        prop_assert!(from_slice::<Vec<IgnoredAny>>(&bytes[..at]).is_err());
        bytes[at] = byte;
        let document = Document::parse(&bytes);
        let whole = document.as_ref().map_or_else(
            |error| Err(error.to_string()),
            |document| from_document::<Vec<Record>>(document).map_err(|error| error.to_string()),
        );
        let read = from_slice::<Vec<Record>>(&bytes);
        match document {
            Ok(_) => prop_assert_eq!(read.map_err(|error| error.to_string()), whole),
            // The type may be refused before the damage is met.
            Err(error) => match read {
                Err(found) if !found.is_mismatch() => {
                    prop_assert_eq!(found.to_string(), error.to_string());
                }
                Err(_) => {}
                Ok(_) => prop_assert!(false, "read in spite of {error}"),
            },
        }
        let ignored = from_slice::<IgnoredAny>(&bytes).map(drop).map_err(|error| error.to_string());
        prop_assert_eq!(ignored, Document::parse(&bytes).map(drop).map_err(|error| error.to_string()));
    }
}
