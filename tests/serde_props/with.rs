//! Every module of `with`, with every type that it takes, bare and in an `Option`: written as the type of
//! `js` is, and read again.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use v8wire::{from_slice, js, to_vec};

use super::{comes_back, shown, through_json};

macro_rules! fields {
    ($($name:ident $with:literal $ty:ty;)*) => {$(
        #[derive(Debug, Serialize, Deserialize)]
        struct $name {
            #[serde(with = $with)]
            value: $ty,
            #[serde(with = $with)]
            maybe: Option<$ty>,
        }

        impl $name {
            /// Written as a struct of these values of `js` is, and read again.
            fn check<J: Serialize>(value: $ty, js: J) {
                let none = $name { value, maybe: None };
                let bytes = comes_back(&none, v8wire::Kind::Object);
                // A copy of the value, which not every type here can make.
                let $name { value, .. } = from_slice(&bytes).unwrap();
                assert_eq!(bytes, to_vec(&Same { value: &js, maybe: None }).unwrap());
                let some = $name { value: none.value, maybe: Some(value) };
                let bytes = comes_back(&some, v8wire::Kind::Object);
                assert_eq!(bytes, to_vec(&Same { value: &js, maybe: Some(&js) }).unwrap());
            }
        }
    )*};
}

#[derive(Serialize)]
struct Same<T> {
    value: T,
    maybe: Option<T>,
}

fields! {
    Time "v8wire::with::date" SystemTime;
    Millis "v8wire::with::date" i64;
    FloatMillis "v8wire::with::date" f64;
    Int32 "v8wire::with::bigint" i32;
    Int64 "v8wire::with::bigint" i64;
    Int128 "v8wire::with::bigint" i128;
    Uint32 "v8wire::with::bigint" u32;
    Uint64 "v8wire::with::bigint" u64;
    Uint128 "v8wire::with::bigint" u128;
    Object "v8wire::with::object" BTreeMap<i64, String>;
    Map "v8wire::with::map" BTreeMap<String, i32>;
    Set "v8wire::with::set" BTreeSet<i32>;
    Flag "v8wire::with::boxed" bool;
    Number "v8wire::with::boxed" f64;
    Text "v8wire::with::boxed" String;
    Pattern "v8wire::with::regexp" String;
    ArrayBuffer "v8wire::with::array_buffer" Vec<u8>;
    Buffer "v8wire::with::buffer" Vec<u8>;
    DataView "v8wire::with::data_view" Box<[u8]>;
    Int8Array "v8wire::with::int8_array" Vec<i8>;
    Uint8Array "v8wire::with::uint8_array" [u8; 3];
    Uint8ClampedArray "v8wire::with::uint8_clamped_array" Vec<u8>;
    Int16Array "v8wire::with::int16_array" Vec<i16>;
    Uint16Array "v8wire::with::uint16_array" Vec<u16>;
    Int32Array "v8wire::with::int32_array" Vec<i32>;
    Uint32Array "v8wire::with::uint32_array" Vec<u32>;
    Float16Array "v8wire::with::float16_array" Vec<v8wire::f16>;
    Float32Array "v8wire::with::float32_array" Box<[f32]>;
    Float64Array "v8wire::with::float64_array" [f64; 2];
    BigInt64Array "v8wire::with::big_int64_array" Vec<i64>;
    BigUint64Array "v8wire::with::big_uint64_array" Vec<u64>;
}

#[cfg(feature = "num-bigint")]
fields! {
    Any "v8wire::with::bigint" v8wire::num_bigint::BigInt;
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Lent<'a> {
    #[serde(with = "v8wire::with::buffer", borrow)]
    slice: &'a [u8],
    #[serde(with = "v8wire::with::int16_array", borrow)]
    cow: Cow<'a, [i16]>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Maybe {
    #[serde(with = "v8wire::with::undefined")]
    value: Option<String>,
}

fn list<T: std::fmt::Debug>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(of, 0..6)
}

const TEXT: &str = "[a-zé€😀]{0,6}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dates(millis in -8_640_000_000_000_000i64..=8_640_000_000_000_000, nanos in 0u32..1_000_000) {
        let date = js::Date::from_millis(millis);
        Millis::check(millis, date);
        FloatMillis::check(millis as f64, date);
        FloatMillis::check(f64::NAN, js::Date::INVALID);
        let distance = Duration::from_millis(millis.unsigned_abs());
        let epoch = SystemTime::UNIX_EPOCH;
        let time = if millis < 0 { epoch - distance } else { epoch + distance };
        Time::check(time, date);
        // Parts of a millisecond are cut, downwards.
        prop_assert_eq!(js::Date::from(time + Duration::from_nanos(nanos.into())), date);
        prop_assert_eq!(SystemTime::try_from(date), Ok(time));
        through_json(&Millis { value: millis, maybe: Some(-millis) });
    }

    #[test]
    fn bigints(signed in any::<i128>(), unsigned in any::<u128>(), shift in 0u32..128) {
        let (signed, unsigned) = (signed >> shift, unsigned >> shift);
        Int32::check(signed as i32, js::BigInt::from(signed as i32));
        Int64::check(signed as i64, js::BigInt::from(signed as i64));
        Int128::check(signed, js::BigInt::from(signed));
        Uint32::check(unsigned as u32, js::BigInt::from(unsigned as u32));
        Uint64::check(unsigned as u64, js::BigInt::from(unsigned as u64));
        Uint128::check(unsigned, js::BigInt::from(unsigned));
        through_json(&Uint128 { value: unsigned, maybe: None });
        // What does not fit is refused.
        let bytes = to_vec(&Same { value: js::BigInt::from(signed), maybe: None }).unwrap();
        let fits = |it: Result<i64, _>| it.ok();
        let read = from_slice::<Int64>(&bytes).map(|it| it.value).ok();
        prop_assert_eq!(read, fits(i64::try_from(signed)));
        prop_assert_eq!(from_slice::<Uint32>(&bytes).is_ok(), u32::try_from(signed).is_ok());
        #[cfg(feature = "num-bigint")]
        Any::check(signed.into(), js::BigInt::from(signed));
    }

    #[test]
    fn collections(
        numbers in prop::collection::btree_map(any::<i64>(), TEXT, 0..5),
        names in prop::collection::btree_map(TEXT, any::<i32>(), 0..5),
        members in prop::collection::btree_set(any::<i32>(), 0..6),
    ) {
        Object::check(numbers.clone(), &numbers);
        Map::check(names.clone(), js::Map::from_iter(names.clone()));
        Set::check(members.clone(), js::Set::from_iter(members.clone()));
        through_json(&Object { value: numbers.clone(), maybe: Some(numbers) });
        through_json(&Map { value: names.clone(), maybe: Some(names) });
        through_json(&Set { value: members.clone(), maybe: Some(members) });
    }

    #[test]
    fn objects_of_primitives_and_patterns(
        flag in any::<bool>(), number in any::<f64>(), text in TEXT, flags in 0u32..64,
    ) {
        Flag::check(flag, js::Boxed(flag));
        Number::check(number, js::Boxed(number));
        Text::check(text.clone(), js::Boxed(text.clone()));
        let regexp = js::RegExp::new(text, flags);
        Pattern::check(regexp.to_string(), regexp.clone());
        through_json(&Pattern { value: regexp.to_string(), maybe: None });
    }

    #[test]
    fn arrays(
        int8 in list(any::<i8>()), uint8 in list(any::<u8>()),
        int16 in list(any::<i16>()), uint16 in list(any::<u16>()),
        int32 in list(any::<i32>()), uint32 in list(any::<u32>()),
        int64 in list(any::<i64>()), uint64 in list(any::<u64>()),
        three in any::<[u8; 3]>(), two in any::<[f64; 2]>(), singles in list(any::<f32>()),
    ) {
        let halves: Vec<_> = uint16.iter().map(|&bits| v8wire::f16::from_bits(bits)).collect();
        ArrayBuffer::check(uint8.clone(), js::ArrayBuffer::from(uint8.clone()));
        Buffer::check(uint8.clone(), js::Buffer::from(uint8.clone()));
        DataView::check(uint8.clone().into(), js::DataView::from(uint8.clone()));
        Int8Array::check(int8.clone(), js::Int8Array::from(int8));
        Uint8Array::check(three, js::Uint8Array::from(&three[..]));
        Uint8ClampedArray::check(uint8.clone(), js::Uint8ClampedArray::from(uint8.clone()));
        Int16Array::check(int16.clone(), js::Int16Array::from(int16.clone()));
        Uint16Array::check(uint16.clone(), js::Uint16Array::from(uint16));
        Int32Array::check(int32.clone(), js::Int32Array::from(int32));
        Uint32Array::check(uint32.clone(), js::Uint32Array::from(uint32));
        Float16Array::check(halves.clone(), js::Float16Array::from(halves));
        Float32Array::check(singles.clone().into(), js::Float32Array::from(singles));
        Float64Array::check(two, js::Float64Array::from(&two[..]));
        BigInt64Array::check(int64.clone(), js::BigInt64Array::from(int64));
        BigUint64Array::check(uint64.clone(), js::BigUint64Array::from(uint64));
        // An array of another length is refused.
        let bytes = to_vec(&Same { value: js::Uint8Array::from(uint8.clone()), maybe: None }).unwrap();
        prop_assert_eq!(from_slice::<Uint8Array>(&bytes).is_ok(), uint8.len() == 3);
        // Lent where they are aligned.
        let lent = Lent { slice: &uint8, cow: Cow::Borrowed(&int16) };
        let bytes = to_vec(&lent).unwrap();
        let read = from_slice::<Lent<'_>>(&bytes).unwrap();
        prop_assert_eq!(shown(&read), shown(&lent));
        prop_assert!(uint8.is_empty() || bytes.as_ptr_range().contains(&read.slice.as_ptr()));
    }

    #[test]
    fn undefined(value in prop::option::of(TEXT)) {
        let bytes = comes_back(&Maybe { value: value.clone() }, v8wire::Kind::Object);
        let document = v8wire::Document::parse(&bytes).unwrap();
        prop_assert_eq!(document.root()["value"].value().exists(), true);
        prop_assert_eq!(document.root()["value"].is_undefined(), value.is_none());
        through_json(&Maybe { value });
    }
}
