//! Every type of `js`: written as what it says, read as that and nothing else, and kept by JSON.

use std::fmt::Debug;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use v8wire::js::{
    ArrayBuffer, BigInt, BigInt64Array, BigUint64Array, Boxed, Buffer, DataView, Date, Error,
    ErrorClass, Float16Array, Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, Map,
    RegExp, Set, Uint8Array, Uint8ClampedArray, Uint16Array, Uint32Array, Undefined,
};
use v8wire::{
    ByteOrder, DeserializeOptions, Document, Kind, ParseOptions, Profile, SerializeOptions,
    ViewKind, WriteOptions, f16, from_slice, to_vec,
};

use super::{comes_back, kind_of, shown, through_json};

/// Which types took the bytes, by name.
fn taken_as(bytes: &[u8]) -> Vec<&'static str> {
    macro_rules! types {
        ($($name:literal $ty:ty;)*) => {
            [$(($name, from_slice::<$ty>(bytes).is_ok())),*]
        };
    }
    let types = types! {
        "Undefined" Undefined;
        "Date" Date;
        "RegExp" RegExp;
        "BigInt" BigInt;
        "Map" Map<String, i32>;
        "Set" Set<i32>;
        "Error" Error;
        "Boxed<bool>" Boxed<bool>;
        "Boxed<f64>" Boxed<f64>;
        "Boxed<String>" Boxed<String>;
        "Boxed<BigInt>" Boxed<BigInt>;
        "ArrayBuffer" ArrayBuffer<'_>;
        "Buffer" Buffer<'_>;
        "DataView" DataView<'_>;
        "Int8Array" Int8Array<'_>;
        "Uint8Array" Uint8Array<'_>;
        "Uint8ClampedArray" Uint8ClampedArray<'_>;
        "Int16Array" Int16Array<'_>;
        "Uint16Array" Uint16Array<'_>;
        "Int32Array" Int32Array<'_>;
        "Uint32Array" Uint32Array<'_>;
        "Float16Array" Float16Array<'_>;
        "Float32Array" Float32Array<'_>;
        "Float64Array" Float64Array<'_>;
        "BigInt64Array" BigInt64Array<'_>;
        "BigUint64Array" BigUint64Array<'_>;
    };
    types.into_iter().filter(|it| it.1).map(|it| it.0).collect()
}

/// A value that is of this kind and is taken by these types.
fn only<T: Serialize + DeserializeOwned + Debug>(value: &T, kind: Kind, types: &[&str]) {
    let bytes = comes_back(value, kind);
    assert_eq!(taken_as(&bytes), types, "{value:?}");
}

/// By every profile, version and byte order: the kind of the view, and what is read again.
macro_rules! view {
    ($name:ident, $kind:expr, $elements:expr) => {
        let (value, kind): ($name<'_>, ViewKind) = ($name::from($elements), $kind);
        for (profile, version, order) in ways() {
            let write = WriteOptions::new().version(version).byte_order(order).profile(profile);
            let written = SerializeOptions::new().write(write).to_vec(&value).unwrap();
            let parse = ParseOptions::new().profile(profile).byte_order(order);
            let found = parse.parse(&written).unwrap().root().as_view().unwrap().kind;
            let buffer = (found, kind) == (ViewKind::Uint8, ViewKind::Buffer);
            prop_assert!(found == kind || buffer && profile == Profile::V8, "{:?}", found);
            let with = DeserializeOptions::new().parse(parse);
            let again = with.from_slice::<$name<'_>>(&written).unwrap();
            prop_assert_eq!(shown(&again), shown(&value));
        }
        let types = match kind {
            // Each is read as the other.
            ViewKind::Buffer | ViewKind::Uint8 => vec!["Buffer", "Uint8Array"],
            _ => vec![stringify!($name)],
        };
        prop_assert_eq!(taken_as(&to_vec(&value).unwrap()), types);
        kept_by_json!($name, &value);
    };
}

/// JSON has no NaN and no infinity; for these it has `null`.
macro_rules! kept_by_json {
    ($name:ident, $value:expr) => {
        let text = serde_json::to_string($value).unwrap();
        if !text.contains("null") {
            let read = serde_json::from_str::<$name<'_>>(&text).unwrap();
            prop_assert_eq!(shown(&read), shown($value));
        }
    };
}

fn ways() -> Vec<(Profile, u32, ByteOrder)> {
    let orders = [ByteOrder::Little, ByteOrder::Big];
    let versions = orders.into_iter().flat_map(|order| (13..=16).map(move |it| (it, order)));
    let ways = versions.flat_map(|(version, order)| {
        Profile::ALL.into_iter().map(move |profile| (profile, version, order))
    });
    ways.collect()
}

fn list<T: Debug>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(of, 0..6)
}

fn bigints() -> impl Strategy<Value = BigInt> {
    let lengths = prop_oneof![0usize..9, 0usize..40];
    let digits = lengths.prop_flat_map(|length| prop::collection::vec(any::<u8>(), length));
    (any::<bool>(), digits).prop_map(|(negative, digits)| BigInt::from_bytes_le(negative, &digits))
}

const TEXT: &str = "[a-z/é€😀0-9]{0,6}";

fn classes() -> impl Strategy<Value = ErrorClass> {
    const NAMES: [&str; 7] = [
        "Error",
        "EvalError",
        "RangeError",
        "ReferenceError",
        "SyntaxError",
        "TypeError",
        "URIError",
    ];
    prop::sample::select(&NAMES[..]).prop_map(|name| {
        let class = ErrorClass::from_name(name);
        assert_eq!(class.name(), name);
        class
    })
}

fn errors() -> impl Strategy<Value = Error> {
    let text = || prop::option::of(TEXT);
    let leaf = (classes(), text(), text()).prop_map(|(class, message, stack)| Error {
        class,
        message,
        stack,
        cause: None,
    });
    leaf.prop_recursive(3, 4, 1, |inner| {
        (inner.clone(), inner)
            .prop_map(|(error, cause)| Error { cause: Some(cause.into()), ..error })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scalars(
        millis in prop_oneof![any::<i64>(), -10_000i64..10_000],
        source in TEXT,
        flags in 0u32..64,
        bigint in bigints(),
    ) {
        only(&Undefined, Kind::Undefined, &["Undefined"]);
        through_json(&Undefined);
        let date = Date::from_millis(millis);
        only(&date, Kind::Date, &["Date"]);
        through_json(&date);
        let regexp = RegExp::new(source, flags);
        only(&regexp, Kind::RegExp, &["RegExp"]);
        through_json(&regexp);
        only(&bigint, Kind::BigInt, &["BigInt"]);
        through_json(&bigint);
    }

    #[test]
    fn objects_of_primitives(flag in any::<bool>(), number in any::<f64>(), text in TEXT, bigint in bigints()) {
        only(&Boxed(flag), Kind::BooleanObject, &["Boxed<bool>"]);
        only(&Boxed(number), Kind::NumberObject, &["Boxed<f64>"]);
        only(&Boxed(text.clone()), Kind::StringObject, &["Boxed<String>"]);
        let bytes = comes_back(&Boxed(bigint.clone()), Kind::BigIntObject);
        // Within a double's reach it is read as that object too; as a bigint it is not.
        let double = i128::try_from(&bigint).is_ok_and(|it| (it as f64) as i128 == it);
        let all = ["Boxed<f64>", "Boxed<BigInt>"];
        let types: Vec<_> = all.into_iter().filter(|it| double || *it != "Boxed<f64>").collect();
        prop_assert_eq!(taken_as(&bytes), types);
        through_json(&Boxed(flag));
        through_json(&Boxed(text));
        through_json(&Boxed(bigint));
    }

    #[test]
    fn collections_and_errors(
        entries in list((TEXT, any::<i32>())),
        members in list(any::<i32>()),
        numbers in prop::collection::btree_map(any::<i64>(), TEXT, 0..5),
        error in errors(),
    ) {
        // That no key is there twice is the caller's care; both ways keep what is there.
        only(&Map(entries.clone()), Kind::Map, &["Map"]);
        through_json(&Map(entries));
        only(&Set(members.clone()), Kind::Set, &["Set"]);
        through_json(&Set(members));
        comes_back(&Map::from_iter(numbers.clone()), Kind::Map);
        through_json(&Map::from_iter(numbers));
        only(&error, Kind::Error, &["Error"]);
        through_json(&error);
    }

    #[test]
    fn views_of_integers(
        int8 in list(any::<i8>()), uint8 in list(any::<u8>()),
        int16 in list(any::<i16>()), uint16 in list(any::<u16>()),
        int32 in list(any::<i32>()), uint32 in list(any::<u32>()),
        int64 in list(any::<i64>()), uint64 in list(any::<u64>()),
    ) {
        let buffer = ArrayBuffer::from(&uint8[..]);
        let bytes = to_vec(&buffer).unwrap();
        prop_assert_eq!(kind_of(&bytes), Kind::ArrayBuffer);
        prop_assert_eq!(taken_as(&bytes), ["ArrayBuffer"]);
        prop_assert_eq!(&from_slice::<ArrayBuffer<'_>>(&bytes).unwrap(), &buffer);
        kept_by_json!(ArrayBuffer, &buffer);
        view!(Buffer, ViewKind::Buffer, uint8.clone());
        view!(DataView, ViewKind::DataView, uint8.clone());
        view!(Int8Array, ViewKind::Int8, int8);
        view!(Uint8Array, ViewKind::Uint8, uint8.clone());
        view!(Uint8ClampedArray, ViewKind::Uint8Clamped, uint8);
        view!(Int16Array, ViewKind::Int16, int16);
        view!(Uint16Array, ViewKind::Uint16, uint16);
        view!(Int32Array, ViewKind::Int32, int32);
        view!(Uint32Array, ViewKind::Uint32, uint32);
        view!(BigInt64Array, ViewKind::BigInt64, int64);
        view!(BigUint64Array, ViewKind::BigUint64, uint64);
    }

    #[test]
    fn views_of_floats(
        halves in list(any::<u16>().prop_map(f16::from_bits)),
        singles in list(any::<f32>()),
        doubles in list(any::<f64>()),
    ) {
        view!(Float16Array, ViewKind::Float16, halves);
        view!(Float32Array, ViewKind::Float32, singles);
        view!(Float64Array, ViewKind::Float64, doubles);
    }

    /// Elements are lent where they are aligned, and own what `into_owned` gives.
    #[test]
    fn views_are_borrowed(bytes in list(any::<u8>())) {
        let written = to_vec(&Uint8Array::from(bytes.clone())).unwrap();
        let lent: Uint8Array<'_> = from_slice(&written).unwrap();
        prop_assert!(matches!(&lent.0, std::borrow::Cow::Borrowed(it) if *it == bytes));
        let owned = lent.into_owned();
        drop(written);
        prop_assert_eq!(&owned[..], &bytes[..]);
        let mut buffer = Vec::new();
        let document = Document::from_serialize(&owned, &mut buffer).unwrap();
        prop_assert_eq!(document.root().as_bytes(), Some(&bytes[..]));
    }
}
