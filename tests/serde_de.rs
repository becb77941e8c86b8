//! Reading into Rust types: serde's data model, kind by kind.
#![cfg(feature = "serde")]

mod serde_any;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_any::{Any, text};
use v8wire::{DeserializeOptions, Error, ParseOptions, from_document, from_slice};

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

#[derive(Debug, Deserialize, PartialEq)]
struct User {
    name: String,
    #[serde(default)]
    age: Option<u8>,
}

#[test]
fn structs() {
    let body = b"A\x04o\"\x04name\"\x03Ada\"\x03ageIH{\x02o\"\x04name\"\x01x\"\x03age_\"\x05otherA\x01o{\0$\0\x01{\x03;\"\x04name\"\x01y:\x02A\x02\"\x01z0$\0\x02$\0\x04";
    let user = |name: &str, age| User { name: name.into(), age };
    assert_eq!(
        read::<Vec<User>>(body).unwrap(),
        [user("Ada", Some(36)), user("x", None), user("y", None), user("z", None)]
    );
    assert_eq!(
        refused::<Vec<User>>(b"A\x01o\"\x03ageI\x02{\x01$\0\x01"),
        "$[0]: missing field `name` at offset 4"
    );
    assert_eq!(
        refused::<HashMap<String, Vec<User>>>(
            b"o\"\x05usersA\x01o\"\x03age\"\x01x{\x01$\0\x01{\x01"
        ),
        "$.users[0].age: invalid type: string \"x\", expected u8 at offset 18"
    );
    assert!(refused::<User>(b"\"\x01x").contains("expected struct User"));

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Strict {
        a: u8,
    }
    assert_eq!(
        refused::<Strict>(b"o\"\x01aI\x02\"\x01bI\x02{\x02"),
        "$: unknown field `b`, expected `a` at offset 8"
    );
    assert_eq!(read::<Newtype>(b"A\x01I\x02$\0\x01").unwrap(), Newtype(vec![1]));
}

#[test]
fn maps_and_their_keys() {
    let object = b"oI\x02T\"\x02-7T{\x02";
    assert_eq!(read::<BTreeMap<i32, bool>>(object).unwrap(), [(-7, true), (1, true)].into());
    assert_eq!(
        read::<BTreeMap<String, bool>>(object).unwrap(),
        [("-7".into(), true), ("1".into(), true)].into()
    );
    assert!(
        refused::<BTreeMap<u8, bool>>(object).contains("integer `-7`, expected u8 at offset 6")
    );
    assert_eq!(read::<BTreeMap<bool, u8>>(b"o\"\x04trueI\x02{\x01").unwrap(), [(true, 1)].into());
    assert_eq!(
        read::<BTreeMap<(u8, u8), Option<char>>>(
            b";A\x02I\x02I\x04$\0\x02\"\x01xA\x02I\x02I\x06$\0\x020:\x04"
        )
        .unwrap(),
        [((1, 2), Some('x')), ((1, 3), None)].into()
    );
    assert_eq!(
        refused::<BTreeMap<String, u8>>(b";\"\x01aI\x02I\x02T:\x04"),
        "$<key 1>: invalid type: integer `1`, expected a string at offset 8"
    );
    assert_eq!(
        refused::<BTreeMap<u8, u8>>(b";I\x02T:\x02"),
        "$<value 0>: invalid type: boolean `true`, expected u8 at offset 5"
    );
    #[derive(Debug, Deserialize, PartialEq, PartialOrd, Eq, Ord)]
    enum Key {
        A,
        B,
    }
    assert_eq!(
        read::<BTreeMap<Key, u8>>(b"o\"\x01BI\x02\"\x01AI\x04{\x02").unwrap(),
        [(Key::A, 2), (Key::B, 1)].into()
    );
}

#[derive(Debug, Deserialize, PartialEq)]
enum External {
    Unit,
    Newtype(u8),
    Tuple(u8, u8),
    Struct { a: u8 },
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "t")]
enum Internal {
    One { a: u8 },
    Two,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    One(u8),
    Two,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Untagged {
    Number(u64),
    Float(f64),
    Text(String),
    List(Vec<u8>),
    Object { a: u8 },
}

#[test]
fn enums() {
    assert_eq!(read::<External>(b"\"\x04Unit").unwrap(), External::Unit);
    assert_eq!(read::<External>(b"o\"\x04Unit0{\x01").unwrap(), External::Unit);
    assert_eq!(read::<External>(b"o\"\x07NewtypeI\x02{\x01").unwrap(), External::Newtype(1));
    assert_eq!(read::<External>(b";\"\x07NewtypeI\x02:\x02").unwrap(), External::Newtype(1));
    assert_eq!(
        read::<External>(b"o\"\x05TupleA\x02I\x02I\x04$\0\x02{\x01").unwrap(),
        External::Tuple(1, 2)
    );
    assert_eq!(
        read::<External>(b"o\"\x06Structo\"\x01aI\x02{\x01{\x01").unwrap(),
        External::Struct { a: 1 }
    );
    assert_eq!(
        refused::<External>(b"o\"\x07NewtypeI\x02\"\x01bT{\x02"),
        "$: invalid length 2, expected an object with one key at offset 2"
    );
    assert!(
        refused::<External>(b"o{\0").contains("invalid length 0, expected an object with one key")
    );
    assert!(refused::<External>(b"\"\x01x").contains("unknown variant `x`"));
    assert_eq!(
        refused::<External>(b"o\"\x07NewtypeT{\x01"),
        "$.Newtype: invalid type: boolean `true`, expected u8 at offset 12"
    );
    assert!(refused::<External>(b"I\x02").contains("expected enum External"));

    assert_eq!(
        read::<Internal>(b"o\"\x01aI\x02\"\x01t\"\x03One{\x02").unwrap(),
        Internal::One { a: 1 }
    );
    assert_eq!(read::<Internal>(b"o\"\x01t\"\x03Two{\x01").unwrap(), Internal::Two);
    assert_eq!(read::<Adjacent>(b"o\"\x01cI\x02\"\x01t\"\x03One{\x02").unwrap(), Adjacent::One(1));
    assert_eq!(read::<Adjacent>(b"o\"\x01t\"\x03Two{\x01").unwrap(), Adjacent::Two);
    // 1e10 is a double on the wire, but an integer in JavaScript's eyes.
    let all = [
        b"N\0\0\0\x20\x5F\xA0\x02\x42".to_vec(),
        b"N\0\0\0\0\0\0\xF8\x3F".to_vec(),
        b"\"\x01x".to_vec(),
        b"A\x01I\x02$\0\x01".to_vec(),
        b"o\"\x01aI\x02{\x01".to_vec(),
    ];
    let read: Vec<Untagged> = all.iter().map(|body| read(body).unwrap()).collect();
    assert_eq!(
        read,
        [
            Untagged::Number(10_000_000_000),
            Untagged::Float(1.5),
            Untagged::Text("x".into()),
            Untagged::List(vec![1]),
            Untagged::Object { a: 1 },
        ]
    );
}

#[test]
fn flattened_and_regexps_and_errors() {
    #[derive(Debug, Deserialize)]
    struct Flat {
        a: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    }
    let flat: Flat = read(b"o\"\x01bI\x04\"\x01aI\x02{\x02").unwrap();
    assert_eq!((flat.a, flat.rest), (1, [("b".into(), 2)].into()));

    #[derive(Debug, Deserialize)]
    struct RegExp {
        source: String,
        flags: String,
    }
    let regexp = b"R\"\x02a+\x03";
    let parts: RegExp = read(regexp).unwrap();
    assert_eq!((&*parts.source, &*parts.flags), ("a+", "gi"));
    assert_eq!(read::<String>(regexp).unwrap(), "/a+/gi");

    #[derive(Debug, Deserialize)]
    struct Failure {
        name: String,
        message: Option<String>,
        cause: Option<Box<Failure>>,
    }
    let failure: Failure = read(b"rTm\"\x01mcrm\"\x01i..").unwrap();
    assert_eq!((&*failure.name, failure.message.as_deref()), ("TypeError", Some("m")));
    let cause = failure.cause.unwrap();
    assert_eq!((&*cause.name, cause.message.as_deref()), ("Error", Some("i")));
    assert!(cause.cause.is_none());
    assert_eq!(
        refused::<Failure>(b"rcT."),
        "$.cause: invalid type: boolean `true`, expected struct Failure at offset 4"
    );
}

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
