//! What is refused although it is well-formed, and damage that must be told.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use v8wire::{DeserializeOptions, from_document, from_slice};

use super::serde_any::Any;
use super::{User, blob, read, refused};

#[test]
fn references_are_read_again_and_cycles_refused() {
    let shared = b"A\x03o\"\x04name\"\x01x{\x01^\x01^\x01$\0\x03";
    let users: Vec<User> = read(shared).unwrap();
    assert_eq!(users.len(), 3);
    assert_eq!(users[0], users[2]);
    assert_eq!(
        refused::<(User, User, u8)>(shared),
        "$[2]: invalid type: map, expected u8 at offset 4"
    );
    assert_eq!(
        refused::<Any>(b"o\"\x01ao\"\x04self^\0{\x01{\x01"),
        "cyclic value at offset 13: the value at offset 2 contains itself ($.a.self)"
    );
    // Within an object that is referred to.
    assert_eq!(
        refused::<(IgnoredAny, Any)>(b"A\x02o\"\x01aA\x01^\x01$\0\x01{\x01^\x01$\0\x02"),
        "cyclic value at offset 10: the value at offset 4 contains itself ($[1].a[0])"
    );
    // Nobody looks at it.
    let body = b"o\"\x04name\"\x01x\"\x04self^\0{\x02";
    assert_eq!(read::<User>(body).unwrap().name, "x");
}

/// Keys and values of any length that is allowed, and of none that is not.
#[test]
fn strings_have_a_limit() {
    let mut options = DeserializeOptions::new();
    options.parse.limits.bytes = 3;
    let read = |key: &str, value: &str| {
        let body = format!(
            "o\"{}{key}\"{}{value}{{\u{1}",
            key.len() as u8 as char,
            value.len() as u8 as char
        );
        options.from_slice::<BTreeMap<String, String>>(&blob(body.as_bytes())).map(|map| map.len())
    };
    for good in ["", "ab", "abc"] {
        assert_eq!((read(good, "x"), read("x", good)), (Ok(1), Ok(1)));
    }
    for long in ["abcd", "abcde"] {
        assert!(read(long, "x").unwrap_err().is_limit());
        assert!(read("x", long).unwrap_err().is_limit());
    }
}

/// Arrays of two references each to the one before: 2^59 values out of 300 bytes.
#[test]
fn a_bomb_of_references_is_refused() {
    let mut body = vec![b'A', 60, b'A', 1, b'T', b'$', 0, 1];
    for id in 1..60 {
        body.extend([b'A', 2, b'^', id, b'^', id, b'$', 0, 2]);
    }
    body.extend([b'$', 0, 60]);
    let bytes = blob(&body);
    assert!(from_slice::<IgnoredAny>(&bytes).is_ok());
    let mut options = DeserializeOptions::new();
    options.max_repeats = 100_000;
    let error = options.from_slice::<Any>(&bytes).unwrap_err();
    assert!(error.is_limit() && error.to_string().contains("repeated values"), "{error}");
    options.max_repeats = 10;
    assert!(options.from_slice::<Vec<IgnoredAny>>(&bytes).is_ok());
    assert!(options.from_slice::<Vec<Any>>(&bytes).unwrap_err().is_limit());
}

#[test]
fn deep_nesting_ends_in_an_error() {
    let nested = |depth: usize| {
        let mut bytes = blob(&b"A\x01".repeat(depth));
        bytes.push(b'T');
        bytes.extend(b"$\0\x01".repeat(depth));
        bytes
    };
    assert!(from_slice::<Any>(&nested(128)).is_ok());
    let bytes = nested(129);
    let error = from_slice::<Any>(&bytes).unwrap_err();
    assert!(error.is_limit(), "{error}");
    assert!(
        error.to_string().starts_with("limit exceeded at offset 258: depth above 128 ($[0][0]")
    );
    assert!(error.to_string().contains("…<96 more>…"), "{error}");
    let document = v8wire::Document::parse(&bytes).unwrap();
    assert_eq!(from_document::<Any>(&document).unwrap_err().to_string(), error.to_string());
    // What is skipped may be as deep as the reader's own limit.
    let deep = nested(90_000);
    assert!(from_slice::<IgnoredAny>(&deep).is_ok());
    assert!(from_slice::<Vec<IgnoredAny>>(&deep).is_ok());

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Endless(Option<Box<Endless>>);
    assert!(from_slice::<Endless>(&blob(b"T")).unwrap_err().is_limit());
}

#[test]
fn a_visitor_may_go_on_behind_an_error() {
    /// A value, or nothing where it does not fit.
    #[derive(Debug, PartialEq)]
    struct Maybe<T>(Option<T>);

    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Ok(Maybe(T::deserialize(deserializer).ok()))
        }
    }
    let body =
        b"A\x04A\x02A\x01T$\0\x01I\x02$\0\x02A\x02I\x02I\x04$\0\x02o\"\x01ao{\0{\x01I\x02$\0\x04";
    let list: Vec<Maybe<(u8, u8)>> = read(body).unwrap();
    assert_eq!(list, [Maybe(None), Maybe(Some((1, 2))), Maybe(None), Maybe(None)]);
    let map: BTreeMap<String, Maybe<u8>> = read(b"o\"\x01aA\x01T$\0\x01\"\x01bI\x02{\x02").unwrap();
    assert_eq!(map["b"], Maybe(Some(1)));
    assert_eq!(map["a"], Maybe(None));
    // The path is that of the last error.
    assert_eq!(
        refused::<(Maybe<(u8, u8)>, u8, u8, u8)>(body),
        "$[1]: invalid type: sequence, expected u8 at offset 17"
    );
}

#[test]
fn data_is_checked_to_its_end() {
    assert!(from_slice::<u8>(&blob(b"I\x02T")).unwrap_err().is_trailing());
    assert!(from_slice::<IgnoredAny>(&blob(b"A\x01I\x02")).unwrap_err().is_eof());
    let error = from_slice::<Vec<User>>(&blob(b"A\x01o\"\x04name\"\x09Ada")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unexpected end of input at offset 13: one-byte string of 9 bytes needs 6 more ($[0].name)"
    );
    assert!(from_slice::<IgnoredAny>(b"\xFF\x20T").unwrap_err().is_version());
    // Version 0, whose containers stand behind what they hold.
    assert!(from_slice::<BTreeMap<String, bool>>(b"S\x01aT{\x01").unwrap()["a"]);
}
