//! serde: the same from bytes, from a document and from a value, into whatever type.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use v8wire::{DeserializeOptions, ParseOptions};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Choice {
    Unit,
    One(i32),
    Two(bool, String),
    Named { a: Option<u8>, b: Vec<f64> },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    #[serde(default)]
    a: Option<Box<Record>>,
    #[serde(default)]
    b: Vec<Record>,
    #[serde(default)]
    name: Option<String>,
    #[serde(flatten)]
    rest: BTreeMap<String, IgnoredAny2>,
}

/// Takes and gives anything, and keeps nothing.
#[derive(Debug, PartialEq)]
struct IgnoredAny2;

impl<'de> Deserialize<'de> for IgnoredAny2 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| IgnoredAny2)
    }
}

impl Serialize for IgnoredAny2 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

fn one<T: DeserializeOwned + Debug + PartialEq>(data: &[u8], options: &ParseOptions) -> Option<T> {
    let mut with = DeserializeOptions::new().parse(options.clone());
    // A few bytes can say that there are millions of holes.
    with.max_repeats = 5_000;
    let streamed = with.from_slice::<T>(data);
    if let Err(error) = &streamed {
        assert!(error.offset() <= data.len(), "{error}");
        let _ = error.to_string();
    }
    if let Ok(document) = options.parse(data) {
        let built = with.from_document::<T>(&document);
        assert_eq!(streamed.as_ref().ok(), built.as_ref().ok(), "{streamed:?} against {built:?}");
    } else {
        assert!(streamed.is_err(), "{streamed:?} of bad data");
    }
    streamed.ok()
}

fn two<T: DeserializeOwned + Serialize + Debug + PartialEq>(data: &[u8], options: &ParseOptions) {
    if let Some(value) = one::<T>(data, options) {
        let bytes = v8wire::to_vec(&value).expect("what was read can be written");
        let again = v8wire::from_slice::<T>(&bytes).expect("what was written can be read");
        assert_eq!(again, value);
    }
}

/// Reads into a set of types; what comes of it is written and read again.
pub(crate) fn types(data: &[u8], options: &ParseOptions) {
    two::<()>(data, options);
    two::<bool>(data, options);
    two::<u8>(data, options);
    two::<i64>(data, options);
    two::<u128>(data, options);
    two::<String>(data, options);
    two::<Vec<i32>>(data, options);
    two::<Vec<Option<String>>>(data, options);
    two::<(i32, String)>(data, options);
    two::<BTreeMap<String, Vec<i64>>>(data, options);
    two::<BTreeMap<u32, bool>>(data, options);
    two::<HashMap<String, Option<Choice>>>(data, options);
    two::<Choice>(data, options);
    two::<Vec<Choice>>(data, options);
    two::<Record>(data, options);
}
