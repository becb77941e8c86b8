//! Writing Rust values: serde's data model, kind by kind, the corpus byte by byte, and round trips.
#![cfg(feature = "serde")]

#[path = "serde_ser/engines.rs"]
mod engines;
mod serde_any;
#[path = "serde_ser/shapes.rs"]
mod shapes;
mod support;
#[path = "serde_ser/trees.rs"]
mod trees;

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use support::with_stack;
use v8wire::{
    ByteOrder, BytesAs, IntegersAs, MapsAs, NoneAs, ParseOptions, Profile, SerializeOptions,
    WriteErrorKind, WriteOptions, to_vec,
};

fn written_with<T: Serialize + ?Sized>(value: &T, options: SerializeOptions) -> Vec<u8> {
    let bytes = options.to_vec(value).expect("bytes");
    let parse = ParseOptions::new()
        .byte_order(options.write.byte_order)
        .profile(options.write.profile.unwrap_or_default());
    parse.parse(&bytes).expect("what is written can be read");
    assert_eq!(bytes[..2], [0xFF, options.write.version as u8]);
    bytes[2..].to_vec()
}

/// The bytes behind the header.
fn written<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    written_with(value, SerializeOptions::new())
}

fn refused<T: Serialize + ?Sized>(value: &T) -> String {
    to_vec(value).expect_err("an error").to_string()
}

fn double(value: f64) -> Vec<u8> {
    [b"N", &value.to_le_bytes()[..]].concat()
}

struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

/// A sequence that says so many elements, and gives others.
struct Announced<'a, T>(Option<usize>, &'a [T]);

impl<T: Serialize> Serialize for Announced<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(self.0)?;
        self.1.iter().try_for_each(|item| seq.serialize_element(item))?;
        seq.end()
    }
}

/// A map of entries in this order.
struct Pairs<'a, K, V>(&'a [(K, V)]);

impl<K: Serialize, V: Serialize> Serialize for Pairs<'_, K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[test]
fn numbers() {
    assert_eq!(written(&-1i8), b"I\x01");
    assert_eq!(written(&300u16), b"I\xD8\x04");
    assert_eq!(written(&i32::MIN), b"I\xFF\xFF\xFF\xFF\x0F");
    assert_eq!(written(&i32::MAX), b"I\xFE\xFF\xFF\xFF\x0F");
    assert_eq!(written(&u32::MAX), double(4294967295.0));
    assert_eq!(written(&(1u64 << 31)), double(2147483648.0));
    assert_eq!(written(&-5i128), b"Z\x11\x05\0\0\0\0\0\0\0");
    assert_eq!(written(&0u128), b"Z\0");
    assert_eq!(written(&9007199254740991u64), double(9007199254740991.0));
    assert_eq!(written(&-9007199254740991i64), double(-9007199254740991.0));
    assert_eq!(written(&2.0f64), b"I\x04");
    assert_eq!(written(&-0.0f64), double(-0.0));
    assert_eq!(written(&0.5f32), double(0.5));
    assert_eq!(written(&2147483648.0f32), double(2147483648.0));
    assert_eq!(written(&f64::from_bits(0xFFF8_0000_0000_0001)), double(f64::NAN));
    let small = SerializeOptions::new().write(WriteOptions::new().smi_bits(31));
    assert_eq!(written_with(&(1 << 30), small), double(1073741824.0));
    assert_eq!(written_with(&1073741824.0, small), double(1073741824.0));
    assert_eq!(written_with(&((1 << 30) - 1), small), b"I\xFE\xFF\xFF\xFF\x07");
    let big = SerializeOptions::new().write(WriteOptions::new().byte_order(ByteOrder::Big));
    assert_eq!(written_with(&1.5, big), b"N\x3F\xF8\0\0\0\0\0\0");
}

#[test]
fn large_integers() {
    assert_eq!(written(&(1u64 << 53)), b"Z\x10\0\0\0\0\0\0\x20\0");
    assert_eq!(written(&i64::MIN), b"Z\x11\0\0\0\0\0\0\0\x80");
    assert_eq!(written(&u128::MAX), [&b"Z\x20"[..], &[0xFF; 16]].concat());
    let with = |integers| SerializeOptions::new().integers(integers);
    assert_eq!(written_with(&1u64, with(IntegersAs::BigInt)), b"Z\x10\x01\0\0\0\0\0\0\0");
    assert_eq!(written_with(&0i64, with(IntegersAs::BigInt)), b"Z\0");
    assert_eq!(written_with(&-1i128, with(IntegersAs::BigInt)), b"Z\x11\x01\0\0\0\0\0\0\0");
    assert_eq!(written_with(&1u32, with(IntegersAs::BigInt)), b"I\x02");
    assert_eq!(written_with(&u64::MAX, with(IntegersAs::NumberLossy)), double(2f64.powi(64)));
    assert_eq!(written_with(&i64::MIN, with(IntegersAs::NumberLossy)), double(-(2f64.powi(63))));
    assert_eq!(written_with(&7u64, with(IntegersAs::Number)), b"I\x0E");
    assert_eq!(written_with(&7u128, with(IntegersAs::Number)), b"I\x0E");
    let error = with(IntegersAs::Number).to_vec(&(1, -(1i64 << 53))).unwrap_err();
    assert_eq!(error.to_string(), "integer -9007199254740992 is not exact as a number ($[1])");
    assert_eq!(error.kind().code(), "integer-not-exact");
}

#[test]
fn strings_and_bytes() {
    assert_eq!(written("hi"), b"\"\x02hi");
    assert_eq!(written("é"), b"\"\x01\xE9");
    assert_eq!(written("€"), b"\0c\x02\xAC\x20".strip_prefix(b"\0").unwrap());
    assert_eq!(written(&'ÿ'), b"\"\x01\xFF");
    assert_eq!(written(&'😀'), b"c\x04\x3D\xD8\x00\xDE");
    assert_eq!(written(&("a", "€")), b"A\x02\"\x01a\0c\x02\xAC\x20$\0\x02");
    let with = |bytes| SerializeOptions::new().bytes(bytes);
    assert_eq!(written(&Bytes(b"hi")), b"\\\x0A\x02hi");
    assert_eq!(written_with(&Bytes(b"hi"), with(BytesAs::Uint8Array)), b"\\\x01\x02hi");
    assert_eq!(written_with(&Bytes(b"hi"), with(BytesAs::ArrayBuffer)), b"B\x02hi");
    let v8 = with(BytesAs::Buffer).profile(Profile::V8);
    assert_eq!(written_with(&Bytes(b"hi"), v8), b"B\x02hiVB\0\x02\0");
    assert_eq!(written_with(&Bytes(b"hi"), v8.bytes(BytesAs::Uint8Array)), b"B\x02hiVB\0\x02\0");
    let message = with(BytesAs::Buffer).profile(Profile::NodeIpc);
    assert_eq!(message.to_vec(&Bytes(b"hi")).unwrap(), b"\xFF\x0F\\\0\x0A\x02hi");
    let old = v8.write(WriteOptions::new().version(13));
    assert_eq!(written_with(&[Bytes(b"hi")], old), b"A\x01B\x02hiVB\0\x02$\0\x01");
}

#[derive(Serialize)]
struct Unit;
#[derive(Serialize)]
struct Newtype(u8);
#[derive(Serialize)]
struct Tuple(u8, &'static str);
#[derive(Serialize)]
struct Struct {
    a: u8,
    b: Option<Box<Struct>>,
}
#[derive(Serialize)]
enum Enum {
    Unit,
    Newtype(u8),
    Tuple(u8, bool),
    Struct { a: u8 },
}

#[test]
fn the_other_kinds() {
    assert_eq!(written(&(true, false)), b"A\x02TF$\0\x02");
    assert_eq!(written(&(None::<u8>, Some(1), (), Unit)), b"A\x040I\x0200$\0\x04");
    let undefined = SerializeOptions::new().none(NoneAs::Undefined);
    assert_eq!(written_with(&(None::<u8>, (), Unit), undefined), b"A\x03___$\0\x03");
    assert_eq!(written(&Newtype(1)), b"I\x02");
    assert_eq!(written(&Tuple(1, "x")), b"A\x02I\x02\"\x01x$\0\x02");
    let nested = Struct { a: 1, b: Some(Box::new(Struct { a: 2, b: None })) };
    assert_eq!(written(&nested), b"o\"\x01aI\x02\"\x01bo\"\x01aI\x04\"\x01b0{\x02{\x02");
    assert_eq!(written(&Enum::Unit), b"\"\x04Unit");
    assert_eq!(written(&Enum::Newtype(1)), b"o\"\x07NewtypeI\x02{\x01");
    assert_eq!(written(&Enum::Tuple(1, true)), b"o\"\x05TupleA\x02I\x02T$\0\x02{\x01");
    assert_eq!(written(&Enum::Struct { a: 1 }), b"o\"\x06Structo\"\x01aI\x02{\x01{\x01");
    assert_eq!(written::<[u8]>(&[]), b"A\0$\0\0");
}

#[test]
fn arrays_of_numbers_are_all_doubles_if_one_is() {
    let array = |items: &[f64]| {
        let items: Vec<u8> = items.iter().flat_map(|&item| double(item)).collect();
        [b"A\x02", &items[..], b"$\0\x02"].concat()
    };
    assert_eq!(written(&[1.0, 2.0]), b"A\x02I\x02I\x04$\0\x02");
    assert_eq!(written(&[1.0, 2.5]), array(&[1.0, 2.5]));
    assert_eq!(written(&[1i64, 1 << 40]), array(&[1.0, 1_099_511_627_776.0]));
    assert_eq!(written(&(-7, 0.5)), array(&[-7.0, 0.5]));
    let mixed = [b"A\x03I\x02", &double(2.5)[..], b"0$\0\x03"].concat();
    assert_eq!(written(&(1, 2.5, ())), mixed);
    // In a `Map` each stands for itself.
    let maps = SerializeOptions::new().maps(MapsAs::Maps);
    let map = BTreeMap::from([(1, 2.5)]);
    assert_eq!(written_with(&map, maps), [b";I\x02", &double(2.5)[..], b":\x02"].concat());
}

#[test]
fn lengths_that_are_not_known() {
    for length in [0, 1, 3, 127, 128, 129, 16383, 16384] {
        let items = vec![true; length];
        let known = written(&items);
        for announced in [None, Some(0), Some(5), Some(200), Some(usize::MAX)] {
            assert_eq!(written(&Announced(announced, &items)), known, "{length} {announced:?}");
        }
        // Numbers become doubles at once, and strings behind are aligned as if all had been known.
        let mut numbers = vec![1.0; length];
        numbers.push(0.5);
        for text in ["x", "€"] {
            let texts = vec![text; length];
            assert_eq!(
                written(&(text, Announced(None, &numbers), Announced(None, &texts), text)),
                written(&(text, &numbers, &texts, text)),
            );
        }
    }
}

#[test]
fn nested_lengths_that_are_not_known() {
    fn nest(depth: usize, length: Option<usize>, out: &mut Vec<u8>) {
        struct Nested(usize, Option<usize>);
        impl Serialize for Nested {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut seq = serializer.serialize_seq(self.1)?;
                for _ in 0..199 {
                    seq.serialize_element("€")?;
                }
                if self.0 > 0 {
                    seq.serialize_element(&Nested(self.0 - 1, self.1))?;
                } else {
                    seq.serialize_element(&0)?;
                }
                seq.end()
            }
        }
        *out = to_vec(&Nested(depth, length)).unwrap();
    }
    let (mut known, mut open) = (Vec::new(), Vec::new());
    nest(100, Some(200), &mut known);
    nest(100, None, &mut open);
    assert_eq!(known, open);
}

#[test]
fn keys() {
    assert_eq!(
        written(&Pairs(&[("b", 1), ("7", 2), ("é", 3), ("", 4), ("3", 5), ("03", 6)])),
        b"oI\x06I\x0AI\x0EI\x04\"\x01bI\x02\"\x01\xE9I\x06\"\0I\x08\"\x0203I\x0C{\x06"
    );
    assert_eq!(written(&Pairs(&[(-1, 0)])), b"o\"\x02-1I\0{\x01");
    assert_eq!(written(&Pairs(&[(true, 0), (false, 0)])), b"o\"\x04trueI\0\"\x05falseI\0{\x02");
    assert_eq!(written(&Pairs(&[(1e21, 0), (0.5, 0)])), b"o\"\x051e+21I\0\"\x030.5I\0{\x02");
    assert_eq!(written(&Pairs(&[(-0.0, 0)])), b"oI\0I\0{\x01");
    assert_eq!(written(&Pairs(&[('x', 0)])), b"o\"\x01xI\0{\x01");
    assert_eq!(written(&Pairs(&[(Some(Newtype(9)), 0)])), b"oI\x12I\0{\x01");
    assert_eq!(written(&Pairs(&[(Enum::Unit, 0)])), b"o\"\x04UnitI\0{\x01");
    let last = [&b"o"[..], b"N", &4294967294.0f64.to_le_bytes(), b"I\0\"\x0A4294967295I\0{\x02"];
    assert_eq!(written(&Pairs(&[(u32::MAX, 0), (u32::MAX - 1, 0)])), last.concat());
    // Wide strings are aligned where the order puts them.
    let pairs = [("€", "€"), ("2", "€"), ("x1", "€"), ("1", "x")];
    let sorted = [("1", "x"), ("2", "€"), ("€", "€"), ("x1", "€")];
    assert_eq!(written(&Pairs(&pairs)), written(&Pairs(&sorted)));
    assert_eq!(
        written(&("a", Pairs(&pairs), Pairs(&pairs), "€")),
        written(&("a", Pairs(&sorted), Pairs(&sorted), "€"))
    );
    let scattered: HashMap<u32, String> = (0..500).map(|n| (n, format!("{n}€"))).collect();
    let ordered: BTreeMap<u32, String> = scattered.clone().into_iter().collect();
    assert_eq!(written(&scattered), written(&ordered));
}

#[test]
fn alignment_keeps_everything_else() {
    for version in 13..=16 {
        for (profile, bytes) in [
            (Profile::Node, BytesAs::Buffer),
            (Profile::NodeIpc, BytesAs::Buffer),
            (Profile::V8, BytesAs::Uint8Array),
            (Profile::V8, BytesAs::ArrayBuffer),
        ] {
            for (smi_bits, byte_order) in [(31, ByteOrder::Little), (32, ByteOrder::Big)] {
                let write = WriteOptions::new().version(version).smi_bits(smi_bits);
                let options =
                    SerializeOptions::new().bytes(bytes).write(write.byte_order(byte_order));
                let options = options.profile(profile);
                let value = || ("€", Bytes(b"abc"), 1 << 30, [1.5, 2.0], u64::MAX, -0.0, 'é');
                let maps = (BTreeMap::from([((1, "€"), value())]), BTreeMap::from([(true, ())]));
                let pairs = [("x", (value(), &maps)), ("1", (value(), &maps))];
                let sorted = [("1", (value(), &maps)), ("x", (value(), &maps))];
                assert_eq!(
                    written_with(&("a", Pairs(&pairs), "€"), options),
                    written_with(&("a", Pairs(&sorted), "€"), options),
                    "{options:?}"
                );
            }
        }
    }
}

#[test]
fn large_maps_take_time_in_proportion() {
    // Half a million keys in no order, each level of 64 put in order again: what is quadratic never ends.
    let scattered: Vec<(String, u32)> =
        (0..500_000u32).map(|n| (n.wrapping_mul(2_654_435_761).to_string(), n)).collect();
    written(&Pairs(&scattered));
    let names: Vec<(String, u32)> =
        scattered.iter().map(|(key, value)| (format!("k{key}"), *value)).collect();
    written(&Pairs(&names));
    struct Nest<'a>(u32, &'a [u8]);
    impl Serialize for Nest<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            match self.0 {
                0 => map.serialize_entry("z", self.1)?,
                depth => map.serialize_entry("z", &Nest(depth - 1, self.1))?,
            }
            map.serialize_entry(&0, "€")?;
            map.end()
        }
    }
    written(&Nest(64, &vec![7; 100_000]));
}

#[test]
fn maps() {
    let tuples = BTreeMap::from([((1, 2), "x")]);
    assert_eq!(written(&tuples), b";A\x02I\x02I\x04$\0\x02\"\x01x:\x02");
    assert_eq!(written(&BTreeMap::from([(None, 1), (Some(2), 3)])), b";0I\x02I\x04I\x06:\x04");
    assert_eq!(written(&BTreeMap::<(u8, u8), u8>::new()), b"o{\0");
    let maps = SerializeOptions::new().maps(MapsAs::Maps);
    assert_eq!(written_with(&BTreeMap::from([("7", 1)]), maps), b";\"\x017I\x02:\x02");
    assert_eq!(written_with(&BTreeMap::from([(7, true)]), maps), b";I\x0ET:\x02");
    assert_eq!(written_with(&BTreeMap::<u8, u8>::new(), maps), b";:\0");
    assert_eq!(written_with(&Struct { a: 1, b: None }, maps), b"o\"\x01aI\x02\"\x01b0{\x02");
    let objects = SerializeOptions::new().maps(MapsAs::Objects);
    assert_eq!(
        objects.to_vec(&[tuples]).unwrap_err().to_string(),
        "the key of an object cannot be a tuple ($[0])"
    );
    assert_eq!(
        refused(&BTreeMap::from([("m", Pairs(&[(Some(1), 2), (None, 3)]))])),
        "the key of an object cannot be None ($.m)"
    );
}

#[test]
fn duplicate_keys() {
    #[derive(Serialize)]
    struct Outer {
        a: u8,
        #[serde(flatten)]
        inner: Struct,
    }
    let outer = Outer { a: 1, inner: Struct { a: 2, b: None } };
    assert_eq!(refused(&[outer]), "duplicate key: \"a\" occurs before ($[0])");
    let mut pairs: Vec<(String, usize)> = (0..100).map(|n| (format!("é{n}€"), n)).collect();
    to_vec(&Pairs(&pairs)).unwrap();
    pairs.push(("é50€".into(), 0));
    let error = to_vec(&BTreeMap::from([("x", Pairs(&pairs))])).unwrap_err();
    assert_eq!(error.to_string(), "duplicate key: \"é50€\" occurs before ($.x)");
    assert_eq!(error.path(), Some("$.x"));
    assert_eq!(*error.kind(), WriteErrorKind::DuplicateKey { key: "é50€".into() });
    assert_eq!(refused(&Pairs(&[("1", 0), ("1", 0)])), "duplicate key: \"1\" occurs before ($)");
    assert_eq!(refused(&Pairs(&[(0.0, 0), (-0.0, 0)])), "duplicate key: \"0\" occurs before ($)");
    // Two-byte keys at odd and even offsets are the same.
    assert!(refused(&Pairs(&[("€", "ab"), ("€", "a")])).contains("duplicate"));
    assert!(refused(&Pairs(&[("€", "a"), ("€", "a")])).contains("duplicate"));
    // In a `Map` that is V8's affair.
    written_with(&Pairs(&[(1, 2), (1, 2)]), SerializeOptions::new().maps(MapsAs::Maps));
}

struct Fails;

impl Serialize for Fails {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no way"))
    }
}

#[test]
fn errors_know_where() {
    let map = BTreeMap::from([("users", ((), BTreeMap::from([("first name", Fails)])))]);
    assert_eq!(refused(&map), "no way ($.users[1][\"first name\"])");
    assert_eq!(refused(&Pairs(&[("3", Fails)])), "no way ($[3])");
    assert_eq!(refused(&Pairs(&[("ключ", Fails)])), "no way ($.ключ)");
    assert_eq!(refused(&Pairs(&[((1, Fails), 0)])), "no way ($<key 0>[1])");
    assert_eq!(refused(&Pairs(&[(((), 1), Fails)])), "no way ($<value 0>)");
    assert_eq!(refused(&Pairs(&[(Fails, 0)])), "no way ($)");
    let error = to_vec(&Fails).unwrap_err();
    assert_eq!((error.path(), error.kind().code()), (Some("$"), "unsupported"));
    let error = SerializeOptions::new().write(WriteOptions::new().version(12)).to_vec(&1);
    assert!(error.unwrap_err().is_version());

    /// Goes on where an element failed.
    struct Stubborn;
    impl Serialize for Stubborn {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_key("a")?;
            let _ = map.serialize_value(&[(1, Fails)]);
            map.end()
        }
    }
    to_vec(&Stubborn).unwrap_err();
    to_vec(&[Stubborn]).unwrap_err();
}

#[test]
fn depth_is_bounded() {
    struct Nest(usize);
    impl Serialize for Nest {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.0 {
                0 => serializer.serialize_unit(),
                depth => {
                    let mut seq = serializer.serialize_seq(Some(1))?;
                    seq.serialize_element(&Nest(depth - 1))?;
                    seq.end()
                }
            }
        }
    }
    to_vec(&Nest(128)).unwrap();
    let error = to_vec(&Nest(1_000_000)).unwrap_err();
    let path = format!("${}\u{2026}<96 more>\u{2026}{}", "[0]".repeat(24), "[0]".repeat(8));
    assert_eq!(error.to_string(), format!("limit exceeded: depth above 128 ({path})"));
    assert_eq!(*error.kind(), WriteErrorKind::LimitExceeded { limit: "depth", max: 128 });
    let error = SerializeOptions::new().max_depth(1).to_vec(&(1, [1])).unwrap_err();
    assert_eq!(error.to_string(), "limit exceeded: depth above 1 ($[1])");
    with_stack(|| SerializeOptions::new().max_depth(10_000).to_vec(&Nest(10_000)).map(drop))
        .unwrap();

    /// Nothing but wrappers, without end.
    struct Endless;
    impl Serialize for Endless {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_some(&Endless)
        }
    }
    assert_eq!(refused(&[Endless]), "limit exceeded: wrappers above 544 ($[0])");
    assert_eq!(refused(&Pairs(&[(Endless, 0)])), "limit exceeded: wrappers above 128 ($)");
}
