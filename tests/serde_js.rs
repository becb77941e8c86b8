//! JavaScript's own types in Rust structs: round trips, other formats, and what is refused.
#![cfg(feature = "serde")]

#[path = "serde_js/trees.rs"]
mod trees;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use v8wire::js::{self, Boxed, Date, ErrorClass, Map, RegExp, Set, Undefined};
use v8wire::{
    ByteOrder, DeserializeOptions, Document, NoneAs, ParseOptions, Profile, SerializeOptions,
    WriteOptions, f16, from_document, from_slice, regexp_flags, to_vec, with,
};

/// All ways of reading it, in all profiles and byte orders, give the value again.
fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    for profile in Profile::ALL {
        for (version, order) in
            [(13, ByteOrder::Little), (15, ByteOrder::Little), (16, ByteOrder::Big)]
        {
            let write = WriteOptions::new().version(version).byte_order(order);
            let bytes =
                SerializeOptions::new().profile(profile).write(write).to_vec(value).unwrap();
            let parse = ParseOptions::new().profile(profile).byte_order(order);
            let options = DeserializeOptions::new().parse(parse.clone());
            assert_eq!(&options.from_slice::<T>(&bytes).unwrap(), value, "{bytes:02x?}");
            let document = parse.parse(&bytes).unwrap();
            assert_eq!(&from_document::<T>(&document).unwrap(), value, "{bytes:02x?}");
            // As V8 would have written it.
            let mut serializer = v8wire::ValueSerializer::with_options(write);
            serializer.write_header().unwrap();
            if profile != Profile::NodeIpc {
                serializer.set_treat_array_buffer_views_as_host_objects(profile == Profile::Node);
                serializer.write_value(document.root().value()).unwrap();
                assert_eq!(serializer.release().unwrap(), bytes);
            }
        }
    }
}

/// As JSON, and from it again.
fn json<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, text: &str) {
    assert_eq!(serde_json::to_string(value).unwrap(), text);
    assert_eq!(&serde_json::from_str::<T>(text).unwrap(), value);
}

fn written<T: Serialize>(value: &T) -> Vec<u8> {
    to_vec(value).unwrap()[2..].to_vec()
}

fn refused<T: DeserializeOwned + Debug>(body: &[u8]) -> String {
    from_slice::<T>(&[&[0xFF, 15], body].concat()).unwrap_err().to_string()
}

#[test]
fn dates() {
    for date in
        [Date::from_millis(0), Date::from_millis(-1), Date::from_millis(8_640_000_000_000_000)]
    {
        survives(&(date, vec![date]));
        json(&date, &date.millis().unwrap().to_string());
    }
    survives(&Date::INVALID);
    json(&Date::INVALID, "null");
    assert_eq!(Date::from_millis(8_640_000_000_000_001), Date::INVALID);
    assert_eq!(Date::from_millis_f64(-0.5), Date::from_millis(0));
    assert_eq!(written(&Date::from_millis(1)), b"D\0\0\0\0\0\0\xF0\x3F");
    let before = SystemTime::UNIX_EPOCH - Duration::from_nanos(1_500_001);
    assert_eq!(Date::from(before), Date::from_millis(-2));
    assert_eq!(
        refused::<Date>(b"I\x02"),
        "$: invalid type: floating point `1.0`, expected Date at offset 2"
    );
    assert!(
        refused::<Vec<Date>>(b"A\x02D\0\0\0\0\0\0\0\0\"\x01x$\0\x02")
            .starts_with("$[1]: invalid type: string")
    );
    assert!(refused::<Date>(b"0").contains("null, expected Date"));
}

#[test]
fn regexps() {
    for regexp in [
        RegExp::new("", 0),
        RegExp::new("a/b", regexp_flags::GLOBAL | regexp_flags::STICKY),
        RegExp::new("李é", regexp_flags::UNICODE),
    ] {
        survives(&regexp);
        survives(&BTreeMap::from([("x€".to_owned(), regexp.clone())]));
        json(&regexp, &format!("\"{regexp}\""));
    }
    for bad in ["\"a\"", "\"/a\"", "\"/a/gg\"", "\"/a/x\"", "1"] {
        serde_json::from_str::<RegExp>(bad).unwrap_err();
    }
    assert!(refused::<RegExp>(b"\"\x04/a/g").contains("string, expected RegExp"));
}

#[test]
fn bigints() {
    for text in ["0", "-1", "18446744073709551616", "-340282366920938463463374607431768211456"] {
        let value: js::BigInt = text.parse().unwrap();
        survives(&value);
        survives(&Boxed(value.clone()));
        json(&value, &format!("\"{text}\""));
    }
    let large = js::BigInt::from_bytes_le(true, &[7; 10_000]);
    survives(&large);
    assert_eq!(large.to_string().parse::<js::BigInt>().unwrap(), large);
    assert!(large.to_string().starts_with("-0x70707"));
    assert_eq!(serde_json::from_str::<js::BigInt>("-3").unwrap(), js::BigInt::from(-3));
    for bad in ["", "-", "0x", "1_0", "+1", "0xg", "1n", &"9".repeat(19_729)] {
        bad.parse::<js::BigInt>().unwrap_err();
    }
    let longest = "9".repeat(19_728);
    assert_eq!(longest.parse::<js::BigInt>().unwrap().to_string(), longest);
    assert_eq!(u128::try_from(&js::BigInt::from(u128::MAX)), Ok(u128::MAX));
    i128::try_from(&js::BigInt::from(u128::MAX)).unwrap_err();
    u32::try_from(&js::BigInt::from(-1)).unwrap_err();
    // The elements of a `BigInt64Array` are bigints as well.
    let bytes = [&[0xFF, 15, b'\\', 11, 8], &(-5i64).to_le_bytes()[..]].concat();
    assert_eq!(from_slice::<Vec<js::BigInt>>(&bytes).unwrap(), [js::BigInt::from(-5)]);
}

#[test]
fn collections() {
    let map = Map::from_iter([
        ((1, "a".to_owned()), Set::from_iter([true, false])),
        ((0, "b".to_owned()), Set::default()),
    ]);
    survives(&map);
    survives(&Map::<u8, u8>::default());
    json(&Map::from_iter([("b".to_owned(), 1), ("a".to_owned(), 2)]), r#"{"b":1,"a":2}"#);
    assert_eq!(serde_json::from_str::<Map<u8, bool>>("[[1,true]]").unwrap().0, [(1, true)]);
    assert_eq!(serde_json::from_str::<Map<u8, bool>>(r#"{"1":true}"#).unwrap().0, [(1, true)]);
    json(&Set::from_iter([3, 1]), "[3,1]");
    assert!(refused::<Map<String, u8>>(b"o{\0").contains("object, expected Map"));
    assert!(refused::<Set<u8>>(b";:\0").contains("Map, expected Set"));
    assert!(refused::<Set<u8>>(b"'I\x02\"\x01x,\x02").starts_with("$<1>: invalid type: string"));
    struct Fails;
    impl Serialize for Fails {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no"))
        }
    }
    let path = |error: v8wire::WriteError| error.path().unwrap().to_owned();
    assert_eq!(path(to_vec(&Set(vec![Some(Fails)])).unwrap_err()), "$<0>");
    assert_eq!(
        path(to_vec(&Map(vec![(0, Ok(1)), (1, Err(Fails))])).unwrap_err()),
        "$<value 1>.Err"
    );
    let error = js::Error { cause: Some([Fails]), ..js::Error::default() };
    assert_eq!(path(to_vec(&error).unwrap_err()), "$.cause[0]");
    // Keys that are no names of properties make a `Map`.
    let dates = BTreeMap::from([(Date::from_millis(0), 1)]);
    assert_eq!(written(&dates), b";D\0\0\0\0\0\0\0\0I\x02:\x02");
}

#[test]
fn errors() {
    let inner = js::Error::new(ErrorClass::URIError, "in€ner");
    let error: js::Error = js::Error {
        class: ErrorClass::TypeError,
        message: Some("outer".into()),
        stack: Some("at €".into()),
        cause: Some(inner.into()),
    };
    survives(&error);
    survives(&js::Error::<u8>::default());
    survives(&js::Error::<Vec<Date>> { cause: Some(vec![Date::INVALID]), ..js::Error::default() });
    json(
        &error,
        r#"{"name":"TypeError","message":"outer","stack":"at €","cause":{"name":"URIError","message":"in€ner"}}"#,
    );
    // V8 9.4 to 11.3 wants the cause in front of the stack.
    let write = WriteOptions::new().cause_before_stack(true);
    let bytes = SerializeOptions::new().write(write).to_vec(&js::Error {
        stack: Some("s".into()),
        cause: Some(true),
        ..js::Error::default()
    });
    assert_eq!(bytes.unwrap(), b"\xFF\x0FrcTs\"\x01s.");
    assert_eq!(error.to_string(), "TypeError: outer");
    assert!(refused::<js::Error>(b"o{\0").contains("object, expected Error"));
    let cause = refused::<js::Error>(b"rcrcI\x02..");
    assert!(cause.starts_with("$.cause.cause: invalid type: floating point"), "{cause}");
}

#[test]
fn boxes_and_undefined() {
    survives(&(Boxed(true), Boxed(-0.5), Boxed("€".to_owned()), Boxed(7u8), Boxed(u64::MAX)));
    survives(&Boxed(1i128));
    survives(&Undefined);
    json(&(Boxed(true), Undefined), "[true,null]");
    assert_eq!(written(&(Boxed(1u8), Boxed('x'))), b"A\x02n\0\0\0\0\0\0\xF0\x3Fs\"\x01x$\0\x02");
    assert_eq!(written(&Boxed(js::BigInt::from(1))), b"z\x10\x01\0\0\0\0\0\0\0");
    assert!(refused::<Undefined>(b"0").contains("null, expected undefined"));
    assert!(
        refused::<Boxed<bool>>(b"T").contains("boolean `true`, expected object of a primitive")
    );
    assert!(
        refused::<js::BigInt>(b"z\x10\x01\0\0\0\0\0\0\0")
            .contains("BigInt object, expected bigint")
    );
    assert!(refused::<Boxed<Boxed<js::BigInt>>>(b"z\0").contains("expected object of a primitive"));
    // The second time it is a reference.
    let twice = b"\xFF\x0FA\x02s\"\x01x^\x01$\0\x02";
    let [a, b] = from_slice::<[Boxed<String>; 2]>(twice).unwrap();
    assert_eq!((a.0, b.0), ("x".to_owned(), "x".to_owned()));
    // Two-byte strings are aligned where the order of keys puts them.
    struct Pairs<'a>(&'a [(&'a str, Boxed<&'a str>)]);
    impl Serialize for Pairs<'_> {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
        }
    }
    for text in ["", "a"] {
        let (x, one) = (("x", Boxed("€")), ("1", Boxed(text)));
        assert_eq!(written(&Pairs(&[x, one])), written(&Pairs(&[one, x])));
    }
    to_vec(&Boxed(())).unwrap_err();
    to_vec(&Boxed([1])).unwrap_err();
    to_vec(&Boxed(Date::INVALID)).unwrap_err();
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Arrays {
    #[serde(with = "with::array_buffer")]
    buffer: Vec<u8>,
    #[serde(with = "with::buffer")]
    node: Box<[u8]>,
    #[serde(with = "with::data_view")]
    view: [u8; 3],
    #[serde(with = "with::int8_array")]
    int8: Vec<i8>,
    #[serde(with = "with::uint8_array")]
    uint8: Option<Vec<u8>>,
    #[serde(with = "with::uint8_clamped_array")]
    clamped: Vec<u8>,
    #[serde(with = "with::int16_array")]
    int16: Vec<i16>,
    #[serde(with = "with::uint16_array")]
    uint16: Vec<u16>,
    #[serde(with = "with::int32_array")]
    int32: Vec<i32>,
    #[serde(with = "with::uint32_array")]
    uint32: Vec<u32>,
    #[serde(with = "with::float16_array")]
    float16: Vec<f16>,
    #[serde(with = "with::float32_array")]
    float32: Vec<f32>,
    #[serde(with = "with::float64_array")]
    float64: Option<Box<[f64]>>,
    #[serde(with = "with::big_int64_array")]
    big: Vec<i64>,
    #[serde(with = "with::big_uint64_array")]
    unsigned: Vec<u64>,
}

fn arrays() -> Arrays {
    Arrays {
        buffer: vec![1, 2, 3],
        node: Box::new([4]),
        view: [5, 6, 7],
        int8: vec![-1, 1],
        uint8: Some(vec![]),
        clamped: vec![8],
        int16: vec![-300],
        uint16: vec![300],
        int32: vec![-70_000],
        uint32: vec![70_000],
        float16: vec![f16::from_f32(0.5)],
        float32: vec![0.1],
        float64: None,
        big: vec![i64::MIN],
        unsigned: vec![u64::MAX],
    }
}

#[test]
fn typed_arrays() {
    survives(&arrays());
    survives(&Arrays { float64: Some(Box::new([0.1, -0.0])), uint8: None, ..arrays() });
    json(
        &arrays(),
        r#"{"buffer":[1,2,3],"node":[4],"view":[5,6,7],"int8":[-1,1],"uint8":[],"clamped":[8],"int16":[-300],"uint16":[300],"int32":[-70000],"uint32":[70000],"float16":[0.5],"float32":[0.1],"float64":null,"big":[-9223372036854775808],"unsigned":[18446744073709551615]}"#,
    );
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Int8(#[serde(with = "with::int8_array")] Vec<i8>);
    assert!(refused::<Int8>(b"B\x01a").contains("ArrayBuffer, expected Int8Array"));
}

#[test]
fn elements_are_borrowed_where_they_are_aligned() {
    let bytes = to_vec(&js::Float64Array::from(vec![1.0, 2.0])).unwrap();
    let mut borrowed = 0;
    for shift in 0..8 {
        let mut room = vec![0; shift];
        room.extend_from_slice(&bytes);
        let read: js::Float64Array<'_> = from_slice(&room[shift..]).unwrap();
        assert_eq!(read[..], [1.0, 2.0]);
        borrowed += usize::from(matches!(read.0, Cow::Borrowed(_)));
    }
    assert_eq!(borrowed, 1);
    // Bytes always.
    let bytes = to_vec(&js::Buffer::from(&b"hi"[..])).unwrap();
    assert!(matches!(from_slice::<js::Uint8Array<'_>>(&bytes).unwrap().0, Cow::Borrowed(b"hi")));
    #[derive(Deserialize)]
    struct Slice<'a>(#[serde(borrow, with = "with::buffer")] &'a [u8]);
    assert_eq!(from_slice::<Slice<'_>>(&bytes).unwrap().0, b"hi");
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Fields {
    #[serde(with = "with::date")]
    time: SystemTime,
    #[serde(with = "with::date")]
    later: Option<SystemTime>,
    #[serde(with = "with::date")]
    millis: i64,
    #[serde(with = "with::date")]
    float: Option<f64>,
    #[serde(with = "with::bigint")]
    id: u64,
    #[serde(with = "with::bigint")]
    wide: Option<i128>,
    #[serde(with = "with::map")]
    map: HashMap<String, u32>,
    #[serde(with = "with::map")]
    keyed: Option<BTreeMap<u8, bool>>,
    #[serde(with = "with::set")]
    set: BTreeSet<String>,
    #[serde(with = "with::set")]
    pair: (u8, bool),
    #[serde(with = "with::boxed")]
    boxed: Option<i32>,
    #[serde(with = "with::regexp")]
    regexp: String,
    #[serde(with = "with::undefined")]
    undefined: Option<u8>,
    #[serde(with = "with::undefined")]
    defined: Option<Vec<u8>>,
}

fn fields() -> Fields {
    Fields {
        time: SystemTime::UNIX_EPOCH + Duration::from_millis(5),
        later: None,
        millis: -7,
        float: Some(3.0),
        id: 7,
        wide: None,
        map: HashMap::from([("a".into(), 1)]),
        keyed: Some(BTreeMap::from([(1, true)])),
        set: BTreeSet::from(["x".into()]),
        pair: (1, true),
        boxed: Some(-3),
        regexp: "/x/g".into(),
        undefined: None,
        defined: Some(vec![1]),
    }
}

#[test]
fn fields_of_other_types() {
    survives(&fields());
    survives(&Fields {
        later: Some(SystemTime::UNIX_EPOCH),
        wide: Some(i128::MIN),
        keyed: None,
        boxed: None,
        ..fields()
    });
    json(
        &fields(),
        r#"{"time":5,"later":null,"millis":-7,"float":3,"id":"7","wide":null,"map":{"a":1},"keyed":{"1":true},"set":["x"],"pair":[1,true],"boxed":-3,"regexp":"/x/g","undefined":null,"defined":[1]}"#,
    );
    let bytes = to_vec(&fields()).unwrap();
    let document = Document::parse(&bytes).unwrap();
    let kinds: Vec<String> =
        document.root().properties().map(|(_, value)| format!("{:?}", value.kind())).collect();
    assert_eq!(
        kinds.join(" "),
        "Date Null Date Date BigInt Null Map Map Set Set NumberObject RegExp Undefined Array"
    );
    // By option all maps are `Map`s, but for those.
    #[derive(Serialize)]
    struct Maps<T: Serialize>(#[serde(with = "with::object")] T, T);
    let maps = SerializeOptions::new().maps(v8wire::MapsAs::Maps);
    let named = BTreeMap::from([("a", 1)]);
    let bytes = maps.to_vec(&Maps(&named, &named)).unwrap();
    assert_eq!(bytes[2..], b"A\x02o\"\x01aI\x02{\x01;\"\x01aI\x02:\x02$\0\x02"[..]);
    let document = Document::parse(&bytes).unwrap();
    assert_eq!(maps.to_vec(&document).unwrap(), bytes);
    let tuples = BTreeMap::from([((1, 2), 3)]);
    to_vec(&Maps(&tuples, &tuples)).unwrap_err();
    let undefined = SerializeOptions::new().none(NoneAs::Undefined).to_vec(&fields()).unwrap();
    let document = Document::parse(&undefined).unwrap();
    assert!(document.root()["later"].is_undefined() && document.root()["wide"].is_undefined());
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Narrow(#[serde(with = "with::bigint")] u32);
    assert!(
        refused::<Narrow>(b"Z\x11\x01\0\0\0\0\0\0\0").contains("value out of range, expected u32")
    );
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Valid(#[serde(with = "with::date")] SystemTime);
    assert!(refused::<Valid>(b"D\0\0\0\0\0\0\xF8\x7F").contains("value out of range"));
}

/// What serde keeps before it knows the type (see `js`).
#[test]
fn where_serde_keeps_a_copy() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Inner {
        date: Date,
        regexp: RegExp,
        id: js::BigInt,
        map: Map<String, Set<u8>>,
        error: js::Error,
        boxed: Boxed<bool>,
        undefined: Undefined,
        #[serde(with = "with::float32_array")]
        floats: Vec<f32>,
        #[serde(with = "with::buffer")]
        bytes: Vec<u8>,
    }
    let inner = || Inner {
        date: Date::from_millis(1),
        regexp: RegExp::new("a", 1),
        id: 7.into(),
        map: Map::from_iter([("k".into(), Set(vec![1]))]),
        error: js::Error::new(ErrorClass::RangeError, "e"),
        boxed: Boxed(true),
        undefined: Undefined,
        floats: vec![0.5],
        bytes: vec![1, 2],
    };
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Outer {
        a: u8,
        #[serde(flatten)]
        inner: Inner,
    }
    let outer = Outer { a: 1, inner: inner() };
    let bytes = to_vec(&outer).unwrap();
    assert_eq!(Document::parse(&bytes).unwrap().root()["date"].kind(), v8wire::Kind::Date);
    assert_eq!(from_slice::<Outer>(&bytes).unwrap(), outer);
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        No { missing: u8 },
        Yes(Box<Inner>),
    }
    let bytes = to_vec(&Untagged::Yes(Box::new(inner()))).unwrap();
    assert_eq!(from_slice::<Untagged>(&bytes).unwrap(), Untagged::Yes(Box::new(inner())));
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "type")]
    enum Tagged {
        Inner(Inner),
    }
    let bytes = to_vec(&Tagged::Inner(inner())).unwrap();
    assert_eq!(from_slice::<Tagged>(&bytes).unwrap(), Tagged::Inner(inner()));
    // What cannot be kept.
    let large = Outer { inner: Inner { id: u64::MAX.into(), ..inner() }, a: 1 };
    assert_eq!(from_slice::<Outer>(&to_vec(&large).unwrap()).unwrap(), large);
    let larger = Outer { inner: Inner { id: (1i128 << 64).into(), ..inner() }, a: 1 };
    let error = from_slice::<Outer>(&to_vec(&larger).unwrap()).unwrap_err();
    assert!(error.is_mismatch() && error.to_string().contains("i128"), "{error}");
    // A date is a number there.
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Either {
        Date(Date),
        Number(f64),
    }
    assert_eq!(
        from_slice::<Either>(&to_vec(&2.5).unwrap()).unwrap(),
        Either::Date(Date::from_millis(2))
    );
}

#[cfg(feature = "num-bigint")]
#[test]
fn num_bigints() {
    use v8wire::num_bigint::BigInt;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Big(#[serde(with = "with::bigint")] BigInt);
    for text in ["0", "-1", "340282366920938463463374607431768211456"] {
        let value: BigInt = text.parse().unwrap();
        survives(&Big(value.clone()));
        json(&Big(value.clone()), &format!("\"{text}\""));
        assert_eq!(BigInt::from(&js::BigInt::from(&value)), value);
    }
}
