//! What `mapping` says, row by row, and every type of `js` and module of `with`: over generated values,
//! written and read again, read as what else they may be, and refused as what they are not.
#![cfg(feature = "serde")]

mod mapping;
#[path = "../serde_any/mod.rs"]
mod serde_any;
mod shapes;
mod with;
mod wrappers;

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_any::Bytes;
use v8wire::{Document, Kind, from_document, from_slice, to_vec};

/// NaNs are all the same, and the same as themselves.
fn shown(value: &impl Debug) -> String {
    format!("{value:?}")
}

fn kind_of(bytes: &[u8]) -> Kind {
    Document::parse(bytes).expect("what was written").root().kind()
}

/// Written as this kind, and read again in both ways. The bytes.
fn comes_back<T: Serialize + DeserializeOwned + Debug>(value: &T, kind: Kind) -> Vec<u8> {
    let bytes = to_vec(value).expect("a value that can be written");
    let document = Document::parse(&bytes).expect("what was written");
    assert_eq!(document.root().kind(), kind, "{value:?}");
    assert_eq!(shown(&from_slice::<T>(&bytes).unwrap()), shown(value));
    assert_eq!(shown(&from_document::<T>(&document).unwrap()), shown(value));
    bytes
}

/// Read from the bytes and from the document alike.
fn read<T: DeserializeOwned + Debug>(bytes: &[u8]) -> Option<T> {
    let read = from_slice::<T>(bytes).ok();
    let document = Document::parse(bytes).expect("what was written");
    assert_eq!(shown(&from_document::<T>(&document).ok()), shown(&read));
    read
}

/// Through a text of JSON.
fn through_json<T: Serialize + DeserializeOwned + Debug>(value: &T) {
    let text = serde_json::to_string(value).expect("JSON");
    let read = serde_json::from_str::<T>(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(shown(&read), shown(value), "{text}");
}
