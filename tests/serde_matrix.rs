//! serde's data model and the types of `js`, each in both directions, against engines: what they wrote
//! for the equal values is in `serde_matrix/engines.txt`. `scripts/serde-node-check.sh` asks them again.
#![cfg(feature = "serde")]

mod serde_any;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_any::Bytes;
use v8wire::js::{self, Boxed, Date, ErrorClass, Map, RegExp, Set, Undefined};
use v8wire::{
    BytesAs, DeserializeOptions, NoneAs, ParseOptions, Profile, Release, SerializeOptions,
    Strictness, WriteOptions, f16, regexp_flags, with,
};

type Check = dyn Fn(&DeserializeOptions, &[u8]) -> Result<(), String>;

/// A value of the matrix.
struct Row {
    name: &'static str,
    /// Its bytes, with these options.
    write: Box<dyn Fn(WriteOptions) -> Vec<u8>>,
    /// Whether bytes are the value; what they are, if not.
    read: Box<Check>,
}

fn row_with<T>(name: &'static str, options: SerializeOptions, value: T) -> Row
where
    T: Serialize + DeserializeOwned + Debug + 'static,
{
    let expected = format!("{value:?}");
    Row {
        name,
        write: Box::new(move |write| options.write(write).to_vec(&value).expect(name)),
        read: Box::new(move |options, bytes| match options.from_slice::<T>(bytes) {
            // So that NaN is NaN.
            Ok(value) if format!("{value:?}") == expected => Ok(()),
            other => Err(format!("{other:?} instead of {expected}")),
        }),
    }
}

fn row<T: Serialize + DeserializeOwned + Debug + 'static>(name: &'static str, value: T) -> Row {
    row_with(name, SerializeOptions::new(), value)
}

#[derive(Debug, Serialize, Deserialize)]
struct UnitStruct;
#[derive(Debug, Serialize, Deserialize)]
struct Newtype(String);
#[derive(Debug, Serialize, Deserialize)]
struct TupleStruct(u8, String);
#[derive(Debug, Serialize, Deserialize)]
struct User {
    name: String,
    age: u8,
    next: Option<Box<User>>,
}
#[derive(Debug, Serialize, Deserialize)]
struct Flat {
    id: u8,
    #[serde(flatten)]
    point: Point,
}
#[derive(Debug, Serialize, Deserialize)]
struct Point {
    x: u8,
    y: String,
}

macro_rules! enums {
    ($($name:ident: $(#[$style:meta])* { $($variant:tt)* })*) => {$(
        #[derive(Debug, Serialize, Deserialize)]
        $(#[$style])*
        enum $name {
            $($variant)*
        }
    )*};
}

enums! {
    External: { Unit, Newtype(u8), Tuple(u8, String), Struct { a: u8 } }
    Internal: #[serde(tag = "type")] { Unit, Struct { a: u8 } }
    Adjacent: #[serde(tag = "t", content = "c")] {
        Unit, Newtype(u8), Tuple(u8, String), Struct { a: u8 }
    }
    Untagged: #[serde(untagged)] { Unit, Newtype(u8), Tuple(u8, String), Struct { a: u8 } }
}

#[derive(Debug, Serialize, Deserialize)]
struct Fields {
    #[serde(with = "with::date")]
    time: SystemTime,
    #[serde(with = "with::bigint")]
    id: u64,
    #[serde(with = "with::map")]
    files: HashMap<String, u32>,
    #[serde(with = "with::set")]
    tags: BTreeSet<String>,
    #[serde(with = "with::float32_array")]
    ratios: Vec<f32>,
    #[serde(with = "with::undefined")]
    note: Option<u8>,
    nested: (Date, String),
}

/// A field of elements alone.
macro_rules! elements {
    ($($name:ident: $ty:ty, $with:literal;)*) => {$(
        #[derive(Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        struct $name(#[serde(with = $with)] Vec<$ty>);
    )*};
}

elements! {
    ArrayBuffer: u8, "with::array_buffer";
    Buffer: u8, "with::buffer";
    DataView: u8, "with::data_view";
    Int8Array: i8, "with::int8_array";
    Uint8Array: u8, "with::uint8_array";
    Uint8ClampedArray: u8, "with::uint8_clamped_array";
    Int16Array: i16, "with::int16_array";
    Uint16Array: u16, "with::uint16_array";
    Int32Array: i32, "with::int32_array";
    Uint32Array: u32, "with::uint32_array";
    Float16Array: f16, "with::float16_array";
    Float32Array: f32, "with::float32_array";
    Float64Array: f64, "with::float64_array";
    BigInt64Array: i64, "with::big_int64_array";
    BigUint64Array: u64, "with::big_uint64_array";
}

fn data_model() -> Vec<Row> {
    let v8 = SerializeOptions::new().profile(Profile::V8);
    let text = |text: &str| text.to_owned();
    let user = |name: &str, age, next| User { name: name.into(), age, next };
    vec![
        row("bool", (true, false)),
        row("i8", i8::MIN),
        row("i16", i16::MIN),
        row("i32", i32::MIN),
        row("i64", -5i64),
        row("i64-safe", -9_007_199_254_740_991i64),
        row("i64-beyond", -9_007_199_254_740_992i64),
        row("i128", -5i128),
        row("u8", u8::MAX),
        row("u16", u16::MAX),
        row("u32", u32::MAX),
        row("u64", 5u64),
        row("u64-safe", 9_007_199_254_740_991u64),
        row("u64-beyond", u64::MAX),
        row("u128", u128::MAX),
        row("f32", 0.5f32),
        row("f64", 0.1f64),
        row("f64-integral", 3.0f64),
        row("f64-minus-zero", -0.0f64),
        row("f64-nan", f64::NAN),
        row("f64-infinity", f64::NEG_INFINITY),
        row("char", '\u{1F600}'),
        row("str", text("hello")),
        row("str-empty", text("")),
        row("str-latin1", text("héllo")),
        row("str-wide", text("世界")),
        row("bytes", Bytes(vec![0xDE, 0xAD, 0xBE, 0xEF])),
        row_with("bytes-raw", v8, Bytes(vec![0xDE, 0xAD])),
        row_with(
            "bytes-array-buffer",
            SerializeOptions::new().bytes(BytesAs::ArrayBuffer),
            Bytes(vec![1, 2]),
        ),
        row("none", None::<u8>),
        row_with("none-undefined", SerializeOptions::new().none(NoneAs::Undefined), None::<u8>),
        row("some", Some(7u8)),
        row("unit", ()),
        row("unit-struct", UnitStruct),
        row("newtype-struct", Newtype(text("inner"))),
        row("seq", vec![1u8, 2, 3]),
        row("seq-empty", Vec::<u8>::new()),
        row("seq-doubles", vec![1.0, 2.5]),
        row("seq-options", vec![Some(1), None, Some(3)]),
        row("tuple", (1u8, text("two"), true)),
        row("tuple-struct", TupleStruct(1, text("two"))),
        row("map", BTreeMap::from([(text("a"), 2), (text("b"), 1)])),
        row("map-empty", BTreeMap::<String, u8>::new()),
        row(
            "map-indices",
            BTreeMap::from([(-1, text("minus")), (9, text("nine")), (10, text("ten"))]),
        ),
        row("map-booleans", BTreeMap::from([(false, 0), (true, 1)])),
        row("map-tuples", BTreeMap::from([((0, 14), text("x")), ((15, 20), text("y"))])),
        row("struct", user("Ada", 36, Some(Box::new(user("Alan", 41, None))))),
        row("struct-flatten", Flat { id: 1, point: Point { x: 2, y: text("z") } }),
        row("external-unit", External::Unit),
        row("external-newtype", External::Newtype(7)),
        row("external-tuple", External::Tuple(7, text("x"))),
        row("external-struct", External::Struct { a: 7 }),
        row("internal-unit", Internal::Unit),
        row("internal-struct", Internal::Struct { a: 7 }),
        row("adjacent-unit", Adjacent::Unit),
        row("adjacent-newtype", Adjacent::Newtype(7)),
        row("adjacent-tuple", Adjacent::Tuple(7, text("x"))),
        row("adjacent-struct", Adjacent::Struct { a: 7 }),
        row("untagged-unit", Untagged::Unit),
        row("untagged-newtype", Untagged::Newtype(7)),
        row("untagged-tuple", Untagged::Tuple(7, text("x"))),
        row("untagged-struct", Untagged::Struct { a: 7 }),
    ]
}

fn wrappers() -> Vec<Row> {
    let v8 = SerializeOptions::new().profile(Profile::V8);
    let text = |text: &str| text.to_owned();
    let big = |text: &str| text.parse::<js::BigInt>().expect("digits");
    let error = |class, message: &str, stack: &str| js::Error {
        stack: Some(stack.into()),
        ..js::Error::new(class, message)
    };
    let mut rows = vec![
        row("date", Date::from_millis(1_700_000_000_123)),
        row("date-invalid", Date::INVALID),
        row(
            "regexp",
            RegExp::new("a\\/b\\u4e16", regexp_flags::GLOBAL | regexp_flags::IGNORE_CASE),
        ),
        row("bigint", big("-1234567890123456789012345678901234567890")),
        row("bigint-zero", big("0")),
        row("undefined", (Undefined, ())),
        row("js-map", Map(vec![(text("k"), Map(vec![(1u8, true)])), (text("j"), Map(vec![]))])),
        row("js-set", Set(vec![text("b"), text("a")])),
        row("error", error(ErrorClass::TypeError, "bad", "TypeError: bad\n    at x.js:1:1")),
        row(
            "error-cause",
            js::Error {
                cause: Some(error(ErrorClass::RangeError, "inner", "at i").into()),
                ..error(ErrorClass::Error, "outer", "at o")
            },
        ),
        row("boxed-bool", (Boxed(true), Boxed(false))),
        row("boxed-number", Boxed(-0.5)),
        row("boxed-string", Boxed(text("hé"))),
        row("boxed-bigint", Boxed(js::BigInt::from(7))),
        row("array-buffer", ArrayBuffer(vec![1, 2, 3])),
        row("buffer", Buffer(vec![1, 2, 3])),
        row_with("buffer-raw", v8, Buffer(vec![1, 2, 3])),
        row(
            "fields",
            Fields {
                time: SystemTime::UNIX_EPOCH + Duration::from_millis(5),
                id: 7,
                files: HashMap::from([(text("a"), 1)]),
                tags: BTreeSet::from([text("x")]),
                ratios: vec![0.5],
                note: None,
                nested: (Date::from_millis(6), text("€")),
            },
        ),
    ];
    macro_rules! arrays {
        ($($name:literal, $raw:literal => $value:expr;)*) => {$(
            rows.push(row($name, $value));
            rows.push(row_with($raw, v8, $value));
        )*};
    }
    arrays! {
        "int8-array", "int8-array-raw" => Int8Array(vec![-1, 1]);
        "uint8-array", "uint8-array-raw" => Uint8Array(vec![1, 255]);
        "uint8-clamped-array", "uint8-clamped-array-raw" => Uint8ClampedArray(vec![1, 255]);
        "int16-array", "int16-array-raw" => Int16Array(vec![-300, 1]);
        "uint16-array", "uint16-array-raw" => Uint16Array(vec![300, 1]);
        "int32-array", "int32-array-raw" => Int32Array(vec![-70000, 1]);
        "uint32-array", "uint32-array-raw" => Uint32Array(vec![70000, 1]);
        "float16-array", "float16-array-raw" =>
            Float16Array(vec![f16::from_f32(0.5), f16::from_f32(-2.0)]);
        "float32-array", "float32-array-raw" => Float32Array(vec![0.5, -2.0]);
        "float64-array", "float64-array-raw" => Float64Array(vec![0.1, -0.0]);
        "big-int64-array", "big-int64-array-raw" => BigInt64Array(vec![-1, 1]);
        "big-uint64-array", "big-uint64-array-raw" => BigUint64Array(vec![u64::MAX]);
        "data-view", "data-view-raw" => DataView(vec![1, 2, 3]);
    }
    rows
}

fn rows() -> Vec<Row> {
    data_model().into_iter().chain(wrappers()).collect()
}

/// How an engine writes: those that write version 13, and those that put the cause of an error in front
/// of its stack.
fn options(engine: &str) -> WriteOptions {
    let release =
        engine.strip_prefix("node-").map_or(99, |release| release.parse().expect("release"));
    WriteOptions::new()
        .version(if release < 18 { 13 } else { 15 })
        .cause_before_stack((16..22).contains(&release))
}

fn engines() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/serde_matrix/engines.txt")
}

/// Each row, read from what each engine wrote and written to be the same. `V8WIRE_MATRIX`: a file of
/// other lines than the kept ones.
#[test]
fn as_engines_write_and_read() {
    let lines = std::env::var_os("V8WIRE_MATRIX").map_or_else(engines, PathBuf::from);
    let lines = std::fs::read_to_string(lines).expect("lines");
    let rows: BTreeMap<_, _> = rows().into_iter().map(|row| (row.name, row)).collect();
    let mut seen = BTreeMap::<_, usize>::new();
    for line in lines.lines() {
        let [name, engines, hex] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let row = rows.get(name).unwrap_or_else(|| panic!("no row {name}"));
        let bytes: Vec<u8> = (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex"))
            .collect();
        for engine in engines.split(',') {
            let mut parse = ParseOptions::new();
            if options(engine).cause_before_stack {
                // What later releases refuse.
                parse.strictness = Strictness::Engine(Release::new(10, 2));
            }
            let reading = DeserializeOptions::new().parse(parse);
            let read = (row.read)(&reading, &bytes);
            read.unwrap_or_else(|error| panic!("{name} of {engine}: {error}"));
            assert_eq!((row.write)(options(engine)), bytes, "{name} of {engine}");
            *seen.entry(engine).or_default() += 1;
        }
    }
    println!("{} rows: {seen:?}", rows.len());
    if std::env::var_os("V8WIRE_MATRIX").is_none() {
        assert_eq!(seen["node-26"], rows.len());
        assert_eq!(seen.len(), 11);
    }
}

/// `V8WIRE_MATRIX_OUT`: the folder into which the rows are written, each engine's in one of its own.
#[test]
fn written_out() {
    let Some(folder) = std::env::var_os("V8WIRE_MATRIX_OUT") else { return };
    for engine in std::env::var("V8WIRE_ENGINES").expect("engines").split(' ') {
        let folder = Path::new(&folder).join(engine);
        std::fs::create_dir_all(&folder).expect("folder");
        for row in rows() {
            let path = folder.join(row.name).with_extension("v8");
            std::fs::write(path, (row.write)(options(engine))).expect("file");
        }
    }
}
