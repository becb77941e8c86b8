//! Generated values of JavaScript's types, written and read again; and hostile bytes for such types.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use v8wire::js::{
    ArrayBuffer, BigInt, BigInt64Array, Boxed, Buffer, Chain, DataView, Date, Error, ErrorClass,
    Float16Array, Float32Array, Float64Array, Map, RegExp, Set, Uint8Array, Uint16Array, Undefined,
};
use v8wire::{
    ByteOrder, DeserializeOptions, Document, ParseOptions, Profile, SerializeOptions, Strictness,
    WriteOptions, f16, from_slice, to_vec, with,
};

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Tree {
    Number(f64),
    Text(String),
    Date(Date),
    RegExp(RegExp),
    BigInt(BigInt),
    Undefined(Undefined),
    Flag(Boxed<bool>),
    Object(Boxed<f64>),
    StringObject(Boxed<String>),
    BigIntObject(Boxed<BigInt>),
    ArrayBuffer(#[serde(with = "with::array_buffer")] Vec<u8>),
    Buffer(#[serde(with = "with::buffer")] Vec<u8>),
    Uint16Array(#[serde(with = "with::uint16_array")] Vec<u16>),
    Float32Array(#[serde(with = "with::float32_array")] Vec<f32>),
    Float64Array(#[serde(with = "with::float64_array")] Option<Vec<f64>>),
    BigInt64Array(#[serde(with = "with::big_int64_array")] Vec<i64>),
    List(Vec<Tree>),
    Map(Map<Tree, Tree>),
    Set(Set<Tree>),
    Error(Box<Error<Tree>>),
    Maybe(#[serde(with = "with::undefined")] Option<Box<Tree>>),
    Record { when: Date, next: Option<Box<Tree>> },
}

fn classes() -> impl Strategy<Value = ErrorClass> {
    prop_oneof![Just(ErrorClass::Error), Just(ErrorClass::TypeError), Just(ErrorClass::URIError)]
}

fn trees() -> impl Strategy<Value = Tree> {
    let text = "[a-zé€😀0-9]{0,6}";
    let bigints = (any::<bool>(), prop::collection::vec(any::<u8>(), 0..40))
        .prop_map(|(negative, digits)| BigInt::from_bytes_le(negative, &digits));
    let dates = prop_oneof![any::<i64>(), -10_000i64..10_000].prop_map(Date::from_millis);
    let bytes = || prop::collection::vec(any::<u8>(), 0..9);
    let leaf = prop_oneof![
        any::<f64>().prop_map(Tree::Number),
        text.prop_map(Tree::Text),
        dates.clone().prop_map(Tree::Date),
        ("[a-z/é€]{0,6}", 0u32..64)
            .prop_map(|(source, flags)| Tree::RegExp(RegExp::new(source, flags))),
        bigints.clone().prop_map(Tree::BigInt),
        Just(Tree::Undefined(Undefined)),
        any::<bool>().prop_map(|flag| Tree::Flag(Boxed(flag))),
        any::<f64>().prop_map(|number| Tree::Object(Boxed(number))),
        text.prop_map(|text| Tree::StringObject(Boxed(text))),
        bigints.prop_map(|value| Tree::BigIntObject(Boxed(value))),
        bytes().prop_map(Tree::ArrayBuffer),
        bytes().prop_map(Tree::Buffer),
        prop::collection::vec(any::<u16>(), 0..5).prop_map(Tree::Uint16Array),
        prop::collection::vec(any::<f32>(), 0..5).prop_map(Tree::Float32Array),
        prop::option::of(prop::collection::vec(any::<f64>(), 0..5)).prop_map(Tree::Float64Array),
        prop::collection::vec(any::<i64>(), 0..5).prop_map(Tree::BigInt64Array),
    ];
    leaf.prop_recursive(5, 64, 6, move |tree| {
        let dates = dates.clone();
        let error = (
            classes(),
            prop::option::of(text),
            prop::option::of(text),
            prop::option::of(tree.clone()),
        );
        prop_oneof![
            prop::collection::vec(tree.clone(), 0..6).prop_map(Tree::List),
            prop::collection::vec((tree.clone(), tree.clone()), 0..4)
                .prop_map(|entries| Tree::Map(Map(entries))),
            prop::collection::vec(tree.clone(), 0..6).prop_map(|members| Tree::Set(Set(members))),
            error.prop_map(|(class, message, stack, cause)| {
                Tree::Error(Box::new(Error { class, message, stack, cause }))
            }),
            prop::option::of(tree.clone().prop_map(Box::new)).prop_map(Tree::Maybe),
            (dates, prop::option::of(tree.prop_map(Box::new)))
                .prop_map(|(when, next)| Tree::Record { when, next }),
        ]
    })
}

fn options() -> impl Strategy<Value = (SerializeOptions, ParseOptions)> {
    let rest = (13u32..=16, any::<bool>(), any::<bool>());
    (0usize..3, rest).prop_map(|(profile, (version, big, cause_first))| {
        let order = if big { ByteOrder::Big } else { ByteOrder::Little };
        // Version 16 came when that was over.
        let cause_first = cause_first && version < 16;
        let write =
            WriteOptions::new().version(version).byte_order(order).cause_before_stack(cause_first);
        let profile = Profile::ALL[profile];
        let mut parse = ParseOptions::new().profile(profile).byte_order(order);
        if cause_first {
            // Newer releases refuse it.
            parse.strictness = Strictness::Engine(v8wire::Release::new(10, 2));
        }
        (SerializeOptions::new().profile(profile).write(write), parse)
    })
}

/// NaNs are all the same.
fn shown(tree: &Tree) -> String {
    format!("{tree:?}")
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(tree in trees(), (options, parse) in options()) {
        let bytes = options.to_vec(&tree).unwrap();
        let document = parse.parse(&bytes).unwrap();
        let reading = DeserializeOptions::new().parse(parse);
        prop_assert_eq!(shown(&reading.from_slice(&bytes).unwrap()), shown(&tree));
        prop_assert_eq!(shown(&reading.from_document(&document).unwrap()), shown(&tree));
        // By way of the document, which is as good as the tree.
        prop_assert_eq!(options.to_vec(&document).unwrap(), bytes);
    }
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Hostile<'a> {
    #[serde(default)]
    date: Option<Date>,
    #[serde(default, borrow)]
    floats: Option<Float64Array<'a>>,
    #[serde(default, with = "with::map")]
    map: Option<std::collections::BTreeMap<String, Tree>>,
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, Map<String, Tree>>,
}

/// How many of these types the bytes are.
fn read_all(options: &DeserializeOptions, bytes: &[u8]) -> usize {
    macro_rules! count {
        ($($ty:ty),*) => {
            [$(options.from_slice::<$ty>(bytes).is_ok()),*].into_iter().filter(|&good| good).count()
        };
    }
    count!(
        Tree, Hostile<'_>, Date, RegExp, BigInt, Undefined, Boxed<Tree>, Boxed<BigInt>,
        Boxed<String>, Map<Tree, Tree>, Set<Set<Date>>, Vec<Option<Map<Tree, ()>>>, Error, Chain,
        Error<Tree>, ArrayBuffer<'_>, Buffer<'_>, DataView<'_>, Uint8Array<'_>, Uint16Array<'_>,
        Float16Array<'_>, Float32Array<'_>, Float64Array<'_>, BigInt64Array<'_>
    )
}

#[test]
fn hostile_bytes() {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) as usize % below.max(1)
    };
    let error: Error =
        Error { cause: Some(Error::new(ErrorClass::Error, "x").into()), ..Error::default() };
    let error_of_tree = Error {
        cause: Some(Tree::Date(Date::INVALID)),
        stack: Some("s".into()),
        ..Error::default()
    };
    let array = |floats| Float16Array::from(floats);
    let seeds = [
        to_vec(&Date::from_millis(1)),
        to_vec(&RegExp::new("a", 1)),
        to_vec(&BigInt::from(i128::MIN)),
        to_vec(&Boxed(BigInt::from(1))),
        to_vec(&Boxed("x")),
        to_vec(&error),
        to_vec(&error_of_tree),
        to_vec(&Map::from_iter([(Tree::Text("k".into()), Tree::List(vec![]))])),
        to_vec(&Set::from_iter([Set::from_iter([Date::INVALID])])),
        to_vec(&Buffer::from(vec![1, 2, 3])),
        to_vec(&array(vec![f16::ONE])),
        SerializeOptions::new().profile(Profile::V8).to_vec(&BigInt64Array::from(vec![1, -1])),
        to_vec(&Tree::Record { when: Date::INVALID, next: Some(Box::new(Tree::Maybe(None))) }),
        to_vec(&(Undefined, Map::<u8, u8>::default())),
    ];
    let seeds: Vec<Vec<u8>> = seeds.into_iter().map(|bytes| bytes.unwrap()).collect();
    const TAGS: &[u8] = b"oAaI;:'^{$@,\\BVrRDNZz\"cSs_0-\0mc.nyx";
    let mut options = DeserializeOptions::new().max_repeats(1000);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..20_000 {
        let mut bytes = seeds[random(seeds.len())].clone();
        for _ in 0..random(4) {
            let at = 2 + random(bytes.len() - 2);
            match random(4) {
                0 if bytes.len() > 3 => drop(bytes.remove(at)),
                1 => bytes.insert(at, TAGS[random(TAGS.len())]),
                2 => bytes[at] = random(256) as u8,
                _ => bytes[at] = TAGS[random(TAGS.len())],
            }
        }
        options.parse.strictness = match random(2) {
            0 => Strictness::Lenient,
            _ => Strictness::default(),
        };
        let types = read_all(&options, &bytes);
        if options.parse.parse(&bytes).is_err() {
            assert_eq!(types, 0, "{bytes:02x?}");
        }
        *(if types > 0 { &mut good } else { &mut bad }) += 1;
    }
    println!("{good} good, {bad} bad");
    assert!(good > 1000 && bad > 1000);
}

/// Types that ask for themselves without end, and data that is deep, end in an error.
#[test]
fn nothing_is_endless() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Endless(#[serde(with = "with::map")] Option<Box<Endless>>);
    from_slice::<Endless>(b"\xFF\x0FT").unwrap_err();
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Wrapped(#[serde(with = "with::undefined")] Option<Box<Wrapped>>);
    from_slice::<Wrapped>(b"\xFF\x0FT").unwrap_err();
    let deep = [&b"\xFF\x0F"[..], &b"rc".repeat(50_000), b"0", &b".".repeat(50_000)].concat();
    assert!(from_slice::<Error>(&deep).unwrap_err().is_limit());
    assert!(Document::parse(&deep).is_ok());
    let mut chain: Error = Error::default();
    for _ in 0..127 {
        chain = Error { cause: Some(chain.into()), ..Error::default() };
    }
    let bytes = to_vec(&chain).unwrap();
    assert_eq!(from_slice::<Error>(&bytes).unwrap(), chain);
    to_vec(&Error { cause: Some(Chain::from(chain)), ..Error::default() }).unwrap_err();
}
