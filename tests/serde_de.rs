//! Reading into Rust types: serde's data model, kind by kind.
#![cfg(feature = "serde")]

#[path = "serde_de/limits.rs"]
mod limits;
mod serde_any;
#[path = "serde_de/shapes.rs"]
mod shapes;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_any::{Any, text};
use v8wire::{DeserializeOptions, Error, ParseOptions, from_document, from_slice};

#[derive(Debug, Deserialize, PartialEq)]
struct User {
    name: String,
    #[serde(default)]
    age: Option<u8>,
}

/// Bytes of a version 15 value.
fn blob(body: &[u8]) -> Vec<u8> {
    [&[0xFF, 15], body].concat()
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Error> {
    let bytes = blob(body);
    let direct = from_slice(&bytes);
    let document =
        v8wire::Document::parse(&bytes).and_then(|document| from_document::<T>(&document));
    assert_eq!(direct.is_ok(), document.is_ok());
    direct
}

fn refused<T: for<'de> Deserialize<'de> + std::fmt::Debug>(body: &[u8]) -> String {
    read::<T>(body).expect_err("an error").to_string()
}

#[test]
fn numbers() {
    assert_eq!(read::<u8>(b"I\x02").unwrap(), 1);
    assert_eq!(read::<i8>(b"I\x01").unwrap(), -1);
    assert_eq!(read::<u32>(b"U\xFF\xFF\xFF\xFF\x0F").unwrap(), u32::MAX);
    let double = |value: f64| [b"N", &value.to_le_bytes()[..]].concat();
    assert_eq!(read::<u64>(&double(9007199254740992.0)).unwrap(), 1 << 53);
    assert_eq!(read::<i64>(&double(-9223372036854775808.0)).unwrap(), i64::MIN);
    assert_eq!(read::<u64>(&double(9223372036854775808.0)).unwrap(), 1 << 63);
    assert_eq!(read::<i16>(&double(-0.0)).unwrap(), 0);
    assert_eq!(read::<i128>(&double(1e30)).unwrap(), 1e30 as i128);
    assert_eq!(read::<f32>(&double(0.1)).unwrap(), 0.1);
    assert_eq!(read::<f64>(b"I\x02").unwrap(), 1.0);
    assert!(read::<f64>(&double(f64::NAN)).unwrap().is_nan());
    assert_eq!(read::<u16>(b"n\0\0\0\0\0\0\xF0\x3F").unwrap(), 1);
    assert_eq!(read::<i64>(b"D\0\0\0\0\0\0\x59\xC0").unwrap(), -100);
    assert_eq!(read::<f64>(b"D\0\0\0\0\0\0\x59\xC0").unwrap(), -100.0);
    assert!(read::<Option<f64>>(b"D\0\0\0\0\0\0\xF8\x7F").unwrap().unwrap().is_nan());

    assert_eq!(
        refused::<u8>(b"U\xAC\x02"),
        "$: invalid value: integer `300`, expected u8 at offset 2"
    );
    assert_eq!(
        refused::<u64>(&double(1.5)),
        "$: invalid type: floating point `1.5`, expected u64 at offset 2"
    );
    assert_eq!(
        refused::<u64>(&double(18446744073709551616.0)),
        "$: invalid type: floating point `18446744073709552000.0`, expected u64 at offset 2"
    );
    assert!(refused::<i32>(&double(f64::INFINITY)).contains("floating point"));
    assert!(refused::<i128>(&double(f64::INFINITY)).contains("floating point"));
    assert!(refused::<i128>(&double(2f64.powi(127))).contains("floating point"));
    assert_eq!(read::<i128>(&double(-(2f64.powi(127)))).unwrap(), i128::MIN);
}

#[test]
fn bigints() {
    let bigint = |negative: u8, words: &[u64]| {
        let mut body = vec![b'Z', (words.len() * 16) as u8 | negative];
        words.iter().for_each(|word| body.extend(word.to_le_bytes()));
        body
    };
    assert_eq!(read::<u8>(&bigint(0, &[7])).unwrap(), 7);
    assert_eq!(read::<i64>(&bigint(1, &[1 << 63])).unwrap(), i64::MIN);
    assert_eq!(read::<u64>(&bigint(0, &[u64::MAX])).unwrap(), u64::MAX);
    assert_eq!(read::<i128>(&bigint(1, &[5, 1])).unwrap(), -(1 << 64) - 5);
    assert_eq!(read::<u128>(&bigint(0, &[u64::MAX, u64::MAX])).unwrap(), u128::MAX);
    assert_eq!(read::<f64>(&bigint(0, &[0, 1])).unwrap(), 2f64.powi(64));
    assert_eq!(
        refused::<f64>(&bigint(0, &[u64::MAX])),
        "$: invalid value: bigint that no double is equal to, expected f64 at offset 2"
    );
    assert!(refused::<u64>(&bigint(1, &[1])).contains("integer `-1`, expected u64"));
    assert!(refused::<i64>(&bigint(0, &[u64::MAX])).contains("expected i64"));
    assert_eq!(
        refused::<u128>(&bigint(0, &[0, 0, 1])),
        "$: invalid value: bigint beyond 128 bits, expected u128 at offset 2"
    );
    let mut boxed = bigint(0, &[7]);
    boxed[0] = b'z';
    assert_eq!(read::<i128>(&boxed).unwrap(), 7);
}

#[test]
fn strings_are_borrowed_where_they_can_be() {
    for body in [&b"\"\x02hi"[..], b"S\x02hi", b"s\"\x02hi"] {
        assert_eq!(from_slice::<&str>(&blob(body)).unwrap(), "hi");
    }
    assert_eq!(from_slice::<&str>(&blob(b"S\x02\xC3\xA9")).unwrap(), "é");
    assert_eq!(read::<String>(b"\"\x01\xE9").unwrap(), "é");
    assert_eq!(read::<String>(b"c\x02\x4E\x67").unwrap(), "\u{674E}");
    assert_eq!(read::<String>(b"c\x02\x3D\xD8").unwrap(), "\u{FFFD}");
    assert_eq!(read::<char>(b"\"\x01\xE9").unwrap(), 'é');
    let latin = blob(b"\"\x01\xE9");
    let error = from_slice::<&str>(&latin).unwrap_err().to_string();
    assert_eq!(error, "$: invalid type: string \"é\", expected a borrowed string at offset 2");
    assert!(refused::<char>(b"\"\x02ab").contains("expected a character"));
}

#[test]
fn oddballs() {
    for body in [b"_", b"0"] {
        assert_eq!(read::<Option<u8>>(body).unwrap(), None);
        assert_eq!(read::<Option<Option<u8>>>(body).unwrap(), None);
        read::<()>(body).unwrap();
        read::<UnitStruct>(body).unwrap();
        assert!(refused::<bool>(body).contains("invalid type: unit value, expected a boolean"));
    }
    assert_eq!(read::<Option<u8>>(b"I\x02").unwrap(), Some(1));
    assert!(read::<bool>(b"T").unwrap());
    assert!(!read::<bool>(b"x").unwrap());
    assert!(refused::<()>(b"T").contains("boolean `true`, expected unit"));
}

#[derive(Debug, Deserialize, PartialEq)]
struct UnitStruct;

#[derive(Debug, Deserialize, PartialEq)]
struct Newtype(Vec<u8>);

#[derive(Debug, Deserialize, PartialEq)]
struct Pair(u8, String);

#[test]
fn sequences() {
    let array = b"A\x02I\x02\"\x01x$\0\x02";
    assert_eq!(read::<(u8, String)>(array).unwrap(), (1, "x".into()));
    assert_eq!(read::<Pair>(array).unwrap(), Pair(1, "x".into()));
    assert_eq!(
        refused::<(u8,)>(array),
        "$: invalid length 2, expected fewer elements in array at offset 2"
    );
    assert!(refused::<(u8, String, u8)>(array).contains("invalid length 2, expected a tuple"));
    assert_eq!(
        refused::<Vec<u8>>(array),
        "$[1]: invalid type: string \"x\", expected u8 at offset 6"
    );
    // Holes and named properties.
    let holes = b"A\x03-I\x02-\"\x01k\"\x01v$\x01\x03";
    assert_eq!(read::<Vec<Option<u8>>>(holes).unwrap(), [None, Some(1), None]);
    assert!(refused::<Vec<u8>>(holes).contains("$[0]: invalid type: unit value, expected u8"));
    let map: BTreeMap<String, Any> = read(holes).unwrap();
    assert_eq!(format!("{map:?}"), r#"{"1": Integer(1), "k": Text("v")}"#);
    // A property fills a hole, another stands behind the end.
    let filled = b"A\x02-I\x02I\x00I\x0AI\x06I\x0E$\x02\x02";
    assert_eq!(read::<Vec<Option<u8>>>(filled).unwrap(), [Some(5), Some(1), None, Some(7)]);
    let grown = b"A\x01I\x02I\x02I\x04$\x01\x01";
    assert_eq!(read::<Vec<u8>>(grown).unwrap(), [1, 2]);
    assert!(refused::<(u8,)>(grown).contains("invalid length 2"));
    // Sparse, and not in order.
    let sparse = b"a\x04I\x04I\x0AI\x00I\x02\"\x01kT@\x03\x04";
    assert_eq!(read::<Vec<Option<u8>>>(sparse).unwrap(), [Some(1), None, Some(5), None]);
    assert_eq!(
        read::<BTreeMap<String, IgnoredAny>>(sparse).unwrap().into_keys().collect::<Vec<_>>(),
        ["0", "2", "k"]
    );
    assert_eq!(
        read::<BTreeSet<String>>(b"'\"\x01b\"\x01a,\x02").unwrap().into_iter().collect::<String>(),
        "ab"
    );
    assert_eq!(
        refused::<Vec<u8>>(b"'\"\x01b,\x01"),
        "$<0>: invalid type: string \"b\", expected u8 at offset 3"
    );
}

#[test]
fn a_long_sparse_array_is_refused() {
    let mut options = DeserializeOptions::new();
    assert_eq!(options.max_repeats, 1 << 24);
    options.max_repeats = 1000;
    let bytes = blob(b"a\xFE\xFF\xFF\xFF\x0FI\x00I\x02@\x01\xFE\xFF\xFF\xFF\x0F");
    let error = options.from_slice::<Vec<Option<u8>>>(&bytes).unwrap_err();
    assert_eq!(error.to_string(), "limit exceeded at offset 2: repeated values above 1000 ($)");
    let map: BTreeMap<u32, u8> =
        read(b"a\xFE\xFF\xFF\xFF\x0FU\xFD\xFF\xFF\xFF\x0FI\x02@\x01\xFE\xFF\xFF\xFF\x0F").unwrap();
    assert_eq!(map, BTreeMap::from([(u32::MAX - 2, 1)]));
}

#[test]
fn bytes() {
    // A Buffer, an ArrayBuffer and a Uint8Array of it.
    let buffer = blob(b"\\\x0A\x02hi");
    assert_eq!(from_slice::<&[u8]>(&buffer).unwrap(), b"hi");
    assert_eq!(from_slice::<Vec<u8>>(&buffer).unwrap(), b"hi");
    assert_eq!(from_slice::<[u8; 2]>(&buffer).unwrap(), *b"hi");
    assert_eq!(from_slice::<&[u8]>(&blob(b"B\x02hi")).unwrap(), b"hi");
    assert_eq!(from_slice::<&[u8]>(&blob(b"B\x03hi!VB\x01\x02\0")).unwrap(), b"i!");
    // An Int16Array: numbers, or the bytes of them.
    let typed = blob(b"\\\x03\x04\x01\0\xFF\xFF");
    assert_eq!(from_slice::<Vec<i16>>(&typed).unwrap(), [1, -1]);
    assert_eq!(from_slice::<&[u8]>(&typed).unwrap(), b"\x01\0\xFF\xFF");
    assert_eq!(
        from_slice::<Vec<u8>>(&typed).unwrap_err().to_string(),
        "$[1]: invalid value: integer `-1`, expected u8 at offset 2"
    );
    let big =
        DeserializeOptions::new().parse(ParseOptions::new().byte_order(v8wire::ByteOrder::Big));
    assert_eq!(big.from_slice::<Vec<i16>>(&typed).unwrap(), [256, -1]);
    // A buffer and two views of it, by reference.
    let views = blob(b"A\x03B\x02hi^\x01VB\x00\x01\0^\x01VB\x01\x01\0$\0\x03");
    assert_eq!(from_slice::<Vec<&[u8]>>(&views).unwrap(), [&b"hi"[..], b"h", b"i"]);
    assert_eq!(from_slice::<(IgnoredAny, IgnoredAny, &[u8])>(&views).unwrap().2, b"i");
    assert!(refused::<u8>(b"\\\x0A\x02hi").contains("invalid type: byte array, expected u8"));
}

/// Elements that are left alone are passed over together, later.
#[test]
fn elements_that_nothing_is_asked_of() {
    let count = |body: &[u8]| read::<Vec<IgnoredAny>>(body).unwrap().len();
    assert_eq!(count(b"A\0$\0\0"), 0);
    assert_eq!(count(b"A\x03o\"\x01aA\x01T$\0\x01{\x01I\x02\"\x01x$\0\x03"), 3);
    // Holes count, and so does what properties add.
    assert_eq!(count(b"A\x03I\x02-I\x06$\0\x03"), 3);
    assert_eq!(count(b"A\x03I\x02-I\x06I\x02T$\x01\x03"), 3);
    assert_eq!(count(b"A\x02I\x02I\x04I\x08T\"\x01kF$\x02\x02"), 5);
    assert_eq!(count(b"A\x02I\x02I\x04\"\x01kF$\x01\x02"), 2);
    assert!(read::<(IgnoredAny, IgnoredAny, u8)>(b"A\x03I\x02-I\x06I\x02T$\x01\x03").is_ok());
    // A buffer and its view are one element; within others.
    assert_eq!(count(b"A\x03B\x02hiVB\x00\x01\0^\x01VB\x01\x01\0F$\0\x03"), 3);
    type Lists = Vec<Vec<IgnoredAny>>;
    let lists = read::<Lists>(b"A\x02A\x02TF$\0\x02A\x01o{\0$\0\x01$\0\x02").unwrap();
    assert_eq!(lists.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    // Some are read, behind them and before.
    let mixed = b"A\x04o\"\x01aT{\x01A\0$\0\0I\x02F$\0\x04";
    assert!(read::<(IgnoredAny, IgnoredAny, u8, IgnoredAny)>(mixed).is_ok_and(|read| read.2 == 1));
    assert_eq!(
        refused::<(IgnoredAny, IgnoredAny, bool, IgnoredAny)>(mixed),
        "$[2]: invalid type: integer `1`, expected a boolean at offset 16"
    );
    assert_eq!(
        refused::<(IgnoredAny, IgnoredAny, IgnoredAny)>(mixed),
        "$: invalid length 4, expected fewer elements in array at offset 2"
    );
    // What holds nothing may all the same be read.
    assert_eq!(read::<Vec<()>>(b"A\x03_0-$\0\x03").unwrap().len(), 3);
    assert_eq!(
        refused::<Vec<()>>(b"A\x03I\x02_-I\x04T$\x01\x03"),
        "$[0]: invalid type: integer `1`, expected unit at offset 4"
    );
    assert_eq!(
        refused::<(IgnoredAny, (), ())>(b"A\x03I\x02_-I\x04T$\x01\x03"),
        "$[2]: invalid type: boolean `true`, expected unit at offset 10"
    );
    #[derive(Debug)]
    struct Never;
    impl<'de> Deserialize<'de> for Never {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            IgnoredAny::deserialize(deserializer)?;
            Err(serde::de::Error::custom("never"))
        }
    }
    assert_eq!(
        refused::<(IgnoredAny, IgnoredAny, Never)>(b"A\x03A\x01T$\0\x01FT$\0\x03"),
        "$[2]: never at offset 11"
    );
    // What is wrong with them is found, with its place.
    assert_eq!(
        refused::<Vec<IgnoredAny>>(b"A\x02To\"\x01aI\x02\"\x01aT{\x02$\0\x02"),
        "duplicate key at offset 11: \"a\" occurs before ($[1])"
    );
    assert_eq!(
        refused::<(IgnoredAny, u8)>(b"A\x02\x01I\x02$\0\x02"),
        "unknown tag at offset 4: 0x01 starts no value ($[0])"
    );
}

#[test]
fn keys_that_repeat_where_that_is_allowed() {
    let options = DeserializeOptions::new().parse(ParseOptions::new().lenient());
    let object =
        blob(b"o\"\x01aI\x02\"\x01bI\x04I\x02I\x06\"\x01aI\x08\"\x011I\x0A\"\x01aI\x0C{\x06");
    let all: Any = options.from_slice(&object).unwrap();
    let expected = [("a", 6), ("b", 2), ("1", 5)];
    assert_eq!(all, Any::Map(expected.map(|(key, value)| (text(key), Any::Integer(value))).into()));
    #[derive(Deserialize)]
    struct A {
        a: u8,
    }
    assert_eq!(options.from_slice::<A>(&object).unwrap().a, 6);
    let array = blob(b"A\x01I\x02\"\x01aI\x02I\x00I\x04\"\x01aI\x06$\x03\x01");
    assert_eq!(options.from_slice::<Vec<u8>>(&array).unwrap(), [2]);
    assert_eq!(
        options.from_slice::<BTreeMap<String, u8>>(&array).unwrap(),
        [("0".into(), 2), ("a".into(), 3)].into()
    );
    assert_eq!(read::<Any>(&object[2..]).err().unwrap().kind().code(), "duplicate-key");
}

#[test]
fn values_are_deserializers() {
    let bytes =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/node-18/app-records.v8"))
            .unwrap();
    let document = v8wire::Document::parse(&bytes).unwrap();
    let root = document.root();
    #[derive(Deserialize)]
    struct Row<'a> {
        uuid: &'a str,
        tags: Vec<&'a str>,
    }
    let row = Row::deserialize(&root[1]).unwrap();
    assert_eq!(row.uuid, "00000000-0000-4000-8000-000000000001");
    assert_eq!(row.tags, ["new", "vip"]);
    let error = u8::deserialize(root[1]["tags"].value()).unwrap_err().to_string();
    assert!(error.starts_with("$: invalid type: sequence, expected u8 at offset "), "{error}");
    let json = serde_json::Value::deserialize(root.clone()).unwrap();
    assert_eq!(json[2]["name"], "李雷");
    assert_eq!(json[2]["created"], 1600172800000.0);
    let other = serde::de::IntoDeserializer::into_deserializer(root[0]["id"].value());
    assert_eq!(u16::deserialize(other).unwrap(), 1000);
}
