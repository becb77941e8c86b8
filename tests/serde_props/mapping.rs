//! The rows of the table in `mapping` that are about values which hold no others.

use std::fmt::Debug;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use v8wire::js::{self, Date};
use v8wire::{
    BytesAs, DeserializeOptions, Event, HolesAs, IntegersAs, Kind, NoneAs, Profile,
    SerializeOptions, Text, ValueSerializer, ViewKind, WriteErrorKind, from_slice, regexp_flags,
    to_vec,
};

use super::{Bytes, comes_back, kind_of, read, shown};

const MAX_SAFE: u128 = (1 << 53) - 1;

/// Bits of all lengths: most integers would be long otherwise.
fn bits() -> impl Strategy<Value = u128> {
    (any::<u128>(), 0u32..128).prop_map(|(bits, shift)| bits >> shift)
}

/// Near the last number that is one, of either sign.
fn integers() -> impl Strategy<Value = i128> {
    const EDGES: [i64; 6] = [0, 1, 1 << 31, (1 << 53) - 1, 1 << 53, i64::MAX];
    prop_oneof![
        3 => (bits(), any::<bool>()).prop_map(|(bits, negative)| {
            let value = (bits >> 1) as i128;
            if negative { -value } else { value }
        }),
        1 => (prop::sample::select(&EDGES[..]), -2i128..3, any::<bool>()).prop_map(
            |(edge, more, negative)| {
                let value = i128::from(edge) + more;
                if negative { -value } else { value }
            }
        ),
    ]
}

/// What an integer is written as, by each policy, and that it is read again.
fn integer<T>(value: T, magnitude: u128, bits: u32)
where
    T: Copy + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let (safe, wide) = (magnitude <= MAX_SAFE, bits == 128);
    for integers in [
        IntegersAs::NumberOrBigInt,
        IntegersAs::BigInt,
        IntegersAs::Number,
        IntegersAs::NumberLossy,
    ] {
        let written = SerializeOptions::new().integers(integers).to_vec(&value);
        let small = bits < 64;
        let expected = match integers {
            IntegersAs::NumberOrBigInt if safe && !wide => Kind::Number,
            IntegersAs::NumberOrBigInt => Kind::BigInt,
            IntegersAs::BigInt if small => Kind::Number,
            IntegersAs::BigInt => Kind::BigInt,
            IntegersAs::Number if !safe => {
                let error = written.unwrap_err();
                assert!(matches!(error.kind(), WriteErrorKind::UnsafeInteger { .. }), "{error}");
                continue;
            }
            _ => Kind::Number,
        };
        let bytes = written.unwrap();
        assert_eq!(kind_of(&bytes), expected, "{value:?} {integers:?}");
        if expected == Kind::BigInt || safe {
            assert_eq!(read::<T>(&bytes), Some(value), "{integers:?}");
        } else {
            let rounded = from_slice::<f64>(&bytes).unwrap();
            assert_eq!(rounded.abs(), magnitude as f64, "{value:?}");
        }
    }
}

/// Bytes of an integer are read as each type that holds it, and no other.
fn as_every_type(bytes: &[u8], value: i128) {
    macro_rules! types {
        ($($ty:ty)*) => {$(
            assert_eq!(read::<$ty>(bytes), <$ty>::try_from(value).ok(), "{value}");
        )*};
    }
    types! { i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[ -~]{0,12}", "[ -~\u{a0}-\u{ff}]{0,12}", "[a\u{20ac}😀]{0,4}"]
}

/// The value as the element of an array, or a hole in it.
fn hole_between(first: i32, last: i32) -> Vec<u8> {
    let mut serializer = ValueSerializer::new();
    serializer.write_header().unwrap();
    serializer.begin_array(3).unwrap();
    serializer.write_int32(first).unwrap();
    serializer.write_hole().unwrap();
    serializer.write_int32(last).unwrap();
    serializer.end_array().unwrap();
    serializer.release().unwrap()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Unit;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Newtype<T>(T);

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn booleans_and_characters(value in any::<bool>(), char in any::<char>()) {
        comes_back(&value, Kind::Bool);
        comes_back(&char, Kind::String);
        prop_assert_eq!(to_vec(&char).unwrap(), to_vec(&char.to_string()).unwrap());
    }

    #[test]
    fn integers_by_policy(value in integers(), large in bits()) {
        macro_rules! types {
            ($($ty:ty)*) => {$(
                if let Ok(value) = <$ty>::try_from(value) {
                    integer(value, i128::from(value).unsigned_abs(), <$ty>::BITS);
                }
            )*};
        }
        types! { i8 i16 i32 i64 u8 u16 u32 u64 }
        integer(value, value.unsigned_abs(), 128);
        integer(large, large, 128);
    }

    #[test]
    fn integers_are_read_from_what_they_may_be(value in integers()) {
        as_every_type(&to_vec(&js::BigInt::from(value)).unwrap(), value);
        let double = value as f64;
        if double as i128 == value {
            as_every_type(&to_vec(&double).unwrap(), value);
        }
        if let Some(millis) = i64::try_from(value).ok().and_then(|it| Date::from_millis(it).millis()) {
            as_every_type(&to_vec(&Date::from_millis(millis)).unwrap(), value);
        }
        // What is in between is no integer.
        let bytes = to_vec(&(f64::from(value as i16) + 0.5)).unwrap();
        prop_assert_eq!(read::<i128>(&bytes), None);
    }

    #[test]
    fn floats(double in any::<f64>(), single in any::<f32>(), integer in integers()) {
        for double in [double, f64::from(single), -0.0, f64::from(integer as i32)] {
            let bytes = comes_back(&double, Kind::Number);
            let back = from_slice::<f64>(&bytes).unwrap();
            prop_assert!(back.to_bits() == double.to_bits() || back.is_nan() && double.is_nan());
        }
        comes_back(&single, Kind::Number);
        prop_assert_eq!(to_vec(&single).unwrap(), to_vec(&f64::from(single)).unwrap());
        // A bigint that a double is equal to, and a date.
        let bigint = to_vec(&js::BigInt::from(integer)).unwrap();
        let equal = (integer as f64) as i128 == integer && integer != i128::MAX;
        prop_assert_eq!(read::<f64>(&bigint), equal.then_some(integer as f64));
        let date = Date::from_millis(integer as i64);
        let millis = date.millis().map_or(f64::NAN, |millis| millis as f64);
        prop_assert_eq!(shown(&read::<f64>(&to_vec(&date).unwrap())), shown(&Some(millis)));
    }

    #[test]
    fn strings(text in text(), flags in 0u32..64) {
        let bytes = comes_back(&text, Kind::String);
        let latin1 = text.chars().all(|char| u32::from(char) < 256);
        prop_assert_eq!(bytes[2] == b'"', latin1, "{:?}", text);
        let borrowed = from_slice::<&str>(&bytes).ok();
        prop_assert_eq!(borrowed, text.is_ascii().then_some(&text[..]));
        if let Some(borrowed) = borrowed.filter(|text| !text.is_empty()) {
            prop_assert!(bytes.as_ptr_range().contains(&borrowed.as_ptr()));
        }
        // A wire that holds UTF-8 lends it.
        let mut serializer = ValueSerializer::new();
        serializer.write_header().unwrap();
        serializer.write_event(Event::String(Text::Utf8(text.as_bytes()))).unwrap();
        let utf8 = serializer.release().unwrap();
        prop_assert_eq!(read::<String>(&utf8), Some(text.clone()));
        // With the feature `regress` a pattern has to compile.
        let pattern: String = text.chars().filter(|char| char.is_alphanumeric()).collect();
        let literal = format!("/{pattern}/{}", regexp_flags::to_string(flags));
        let regexp = js::RegExp::new(pattern, flags);
        prop_assert_eq!(read::<String>(&to_vec(&regexp).unwrap()), Some(literal));
    }

    #[test]
    fn bytes_by_policy(bytes in prop::collection::vec(any::<u8>(), 0..24)) {
        let value = Bytes(bytes.clone());
        for profile in Profile::ALL {
            for (policy, kind) in [
                (BytesAs::Buffer, ViewKind::Buffer),
                (BytesAs::Uint8Array, ViewKind::Uint8),
            ] {
                let options = SerializeOptions::new().profile(profile).bytes(policy);
                let written = options.to_vec(&value).unwrap();
                let reading = v8wire::ParseOptions::new().profile(profile);
                let document = reading.parse(&written).unwrap();
                let view = document.root().as_view().unwrap();
                let buffer = profile != Profile::V8 && kind == ViewKind::Buffer;
                prop_assert_eq!(view.kind == ViewKind::Buffer, buffer);
                prop_assert_eq!(view.bytes, Some(&bytes[..]));
                let with = DeserializeOptions::new().parse(reading);
                prop_assert_eq!(&with.from_slice::<Bytes>(&written).unwrap(), &value);
            }
        }
        let options = SerializeOptions::new().bytes(BytesAs::ArrayBuffer);
        let written = options.to_vec(&value).unwrap();
        prop_assert_eq!(kind_of(&written), Kind::ArrayBuffer);
        prop_assert_eq!(read::<Bytes>(&written), Some(value.clone()));
        // All else that has bytes; borrowed from the input.
        let words: Vec<u16> = bytes.iter().map(|&byte| byte.into()).collect();
        let wire: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        prop_assert_eq!(
            read::<Bytes>(&to_vec(&js::Uint16Array::from(words)).unwrap()),
            Some(Bytes(wire))
        );
        let view = to_vec(&js::DataView::from(bytes.clone())).unwrap();
        prop_assert_eq!(read::<Bytes>(&view), Some(value));
        let lent = from_slice::<&[u8]>(&view).unwrap();
        prop_assert_eq!(lent, &bytes[..]);
        prop_assert!(lent.is_empty() || view.as_ptr_range().contains(&lent.as_ptr()));
    }

    #[test]
    fn nothing_and_what_wraps(value in any::<i32>(), other in any::<i32>(), text in text()) {
        for (policy, kind) in [(NoneAs::Null, Kind::Null), (NoneAs::Undefined, Kind::Undefined)] {
            let options = SerializeOptions::new().none(policy);
            let none = options.to_vec(&None::<i32>).unwrap();
            prop_assert_eq!(kind_of(&none), kind);
            prop_assert_eq!(&options.to_vec(&()).unwrap(), &none);
            prop_assert_eq!(&options.to_vec(&Unit).unwrap(), &none);
            prop_assert_eq!(read::<Option<i32>>(&none), Some(None));
            prop_assert_eq!(read::<()>(&none), Some(()));
            prop_assert_eq!(read::<Unit>(&none), Some(Unit));
            prop_assert_eq!(read::<i32>(&none), None);
        }
        let plain = to_vec(&text).unwrap();
        prop_assert_eq!(&to_vec(&Some(&text)).unwrap(), &plain);
        prop_assert_eq!(&to_vec(&Newtype(Some(Newtype(&text)))).unwrap(), &plain);
        prop_assert_eq!(read::<Newtype<Option<String>>>(&plain), Some(Newtype(Some(text))));
        // Holes, by policy.
        let holes = hole_between(value, other);
        let by = |policy| {
            DeserializeOptions::new().holes(policy).from_slice::<Vec<Option<i32>>>(&holes).ok()
        };
        prop_assert_eq!(by(HolesAs::None), Some(vec![Some(value), None, Some(other)]));
        prop_assert_eq!(by(HolesAs::Skip), Some(vec![Some(value), Some(other)]));
        prop_assert_eq!(by(HolesAs::Error), None);
        prop_assert_eq!(read::<(i32, (), i32)>(&holes), Some((value, (), other)));
    }
}
