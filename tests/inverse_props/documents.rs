//! Whole values: typed JSON and bytes, plain JSON and blobs, `Literal` and documents, transcoding there and back,
//! Node's functions, annotated bytes.

use proptest::prelude::*;
use serde_json::Value as Json;
use v8wire::annotate::{AnnotateOptions, lines};
use v8wire::json::{
    EncodeOptions, PlainOptions, TypedOptions, to_plain_string, to_typed_string, to_vec,
    to_vec_with,
};
use v8wire::{Document, Externals, Literal, ParseOptions, WriteOptions, node, transcode};

use crate::graph::{Compare, Node, node as any_node, written};

fn typed(doc: &Document<'_>, indent: Option<usize>) -> String {
    let mut options = TypedOptions::default();
    options.indent = indent;
    to_typed_string(doc, &options).expect("typed JSON")
}

/// JSON without what is not the same number in every reader.
fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i32>().prop_map(Json::from),
        (-(1i64 << 53)..1 << 53).prop_map(Json::from),
        any::<f64>().prop_map(|number| if number == 0.0 { Json::from(0) } else { number.into() }),
        any::<String>().prop_map(Json::String),
        "[0-9$a-z\u{e9}\u{20ac}\u{1f600}]{0,3}".prop_map(Json::String),
    ];
    leaf.prop_recursive(6, 60, 8, |inner| {
        let key = prop_oneof![
            "[0-9]{1,11}".boxed(),
            "[$a-z\u{e9}\u{20ac}]{0,3}".boxed(),
            any::<String>().boxed(),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Json::Array),
            prop::collection::btree_map(key, inner, 0..8)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

/// Whether two texts hold the same; numbers as JavaScript has them, members in any order.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// With the properties of objects in the order of JavaScript: indices ascending, then names.
fn sorted(node: Node) -> Node {
    let pairs = |pairs: Vec<(String, Node)>| {
        let mut pairs: Vec<_> = pairs.into_iter().map(|(key, node)| (key, sorted(node))).collect();
        let index = |key: &str| key.parse().ok().filter(|index: &u32| index.to_string() == *key);
        pairs.sort_by_key(|(key, _)| index(key).unwrap_or(u32::MAX));
        pairs
    };
    match node {
        Node::Object(properties) => Node::Object(pairs(properties)),
        // An index behind the elements would be one of them.
        Node::Dense(elements, _) => {
            Node::Dense(elements.into_iter().map(|it| it.map(sorted)).collect(), Vec::new())
        }
        Node::Sparse(length, mut elements) => {
            elements.sort_by_key(|entry| entry.0);
            let elements = elements.into_iter().map(|(key, node)| (key, sorted(node))).collect();
            Node::Sparse(length, elements)
        }
        Node::Map(entries) => {
            Node::Map(entries.into_iter().map(|(a, b)| (sorted(a), sorted(b))).collect())
        }
        Node::Set(members) => Node::Set(members.into_iter().map(sorted).collect()),
        Node::Error(message, stack, cause) => {
            Node::Error(message, stack, cause.map(|cause| Box::new(sorted(*cause))))
        }
        Node::Wrapper(inner) => Node::Wrapper(Box::new(sorted(*inner))),
        other => other,
    }
}

/// With views as Node has them, which share no buffer.
fn hosted(node: &mut Node) {
    let of_pairs = |pairs: &mut [(String, Node)]| pairs.iter_mut().for_each(|it| hosted(&mut it.1));
    match node {
        Node::View(kind, data) => {
            data.truncate(data.len() - data.len() % kind.element_size());
            *node = Node::HostView(*kind, std::mem::take(data));
        }
        Node::Object(pairs) => of_pairs(pairs),
        Node::Dense(elements, pairs) => {
            elements.iter_mut().flatten().for_each(hosted);
            of_pairs(pairs);
        }
        Node::Sparse(_, pairs) => pairs.iter_mut().for_each(|it| hosted(&mut it.1)),
        Node::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            hosted(key);
            hosted(value);
        }),
        Node::Set(members) => members.iter_mut().for_each(hosted),
        Node::Error(_, _, Some(inner)) | Node::Wrapper(inner) => hosted(inner),
        _ => {}
    }
}

/// Bytes that are put, left out or changed.
fn damage() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    let bytes = prop_oneof![
        2 => Just(0),
        1 => Just(0x80),
        1 => Just(b'?'),
        1 => any::<u8>(),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), 0u8..4, bytes), 1..4)
}

fn damaged(mut blob: Vec<u8>, damage: Vec<(prop::sample::Index, u8, u8)>) -> Vec<u8> {
    for (at, how, byte) in damage {
        // Behind the header, mostly in front of a tag or a number.
        let at = 2.min(blob.len()) + at.index(blob.len().saturating_sub(2) + 1);
        match how {
            2 if at < blob.len() => blob[at] = byte,
            3 if at < blob.len() => drop(blob.remove(at)),
            _ => blob.insert(at, byte),
        }
    }
    blob
}

/// How many damaged blobs were still read.
static READ: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn typed_json_and_bytes(node in any_node()) {
        let blob = written(&node);
        let doc = Document::parse(&blob).expect("what was written");
        for indent in [None, Some(1)] {
            let text = typed(&doc, indent);
            let bytes = to_vec(&text);
            prop_assert_eq!(bytes.as_ref(), Ok(&blob), "{}", text);
            prop_assert_eq!(typed(&Document::parse(&bytes.unwrap()).unwrap(), indent), text);
        }
    }

    fn damaged_bytes(node in any_node(), damage in damage()) {
        let blob = damaged(written(&node), damage);
        let options = ParseOptions::new().lenient().externals(Externals::Keep);
        let Ok((doc, read)) = options.parse_prefix(&blob) else { return Ok(()) };
        READ.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let text = typed(&doc, None);
        let bytes = to_vec(&text);
        prop_assert_eq!(bytes.as_deref(), Ok(&blob[..read]), "{}", text);
    }

    #[test]
    fn plain_json_and_blobs(json in json()) {
        let mut plain = EncodeOptions::default();
        plain.plain = true;
        let text = json.to_string();
        let blob = to_vec_with(&text, &plain).expect("JSON");
        let doc = Document::parse(&blob).expect("a blob");
        let back = to_plain_string(doc.root().value(), &PlainOptions::default()).expect("JSON");
        let again: Json = serde_json::from_str(&back).expect("JSON");
        prop_assert!(same(&json, &again), "{}\n{}", text, back);
        // Written once, nothing changes any more.
        let twice = to_vec_with(&back, &plain);
        prop_assert_eq!(twice.as_ref(), Ok(&blob), "{}", back);
    }

    #[test]
    fn literals_and_documents(node in any_node().prop_map(sorted)) {
        let blob = written(&node);
        let doc = Document::parse(&blob).unwrap();
        let options = WriteOptions::new();
        let bytes = Literal::from(doc.root().value()).to_vec_with(&options).expect("a literal");
        let again = Document::parse(&bytes).expect("what was written");
        prop_assert!(Compare::default().same(again.root().value(), &node), "{:02x?}", bytes);
        let twice = Literal::from(again.root().value()).to_vec_with(&options);
        prop_assert_eq!(twice.as_ref(), Ok(&bytes));
    }

    /// What is read of what Node would write is the value, and is written so again.
    #[test]
    fn node_s_functions(mut node in any_node().prop_map(sorted)) {
        hosted(&mut node);
        let blob = written(&node);
        let doc = Document::parse(&blob).unwrap();
        let bytes = node::serialize(doc.root().value()).expect("a value of Node's");
        let again = node::deserialize(&bytes).expect("what was written");
        prop_assert!(Compare::default().same(again.root().value(), &node), "{:02x?}", bytes);
        let twice = node::serialize(again.root().value());
        prop_assert_eq!(twice.as_ref(), Ok(&bytes));
        // By the classes, too.
        let mut serializer = node::DefaultSerializer::new();
        serializer.write_header().unwrap();
        serializer.write_value(doc.root().value()).unwrap();
        prop_assert_eq!(serializer.release(), Ok(bytes.clone()));
        let mut deserializer = node::DefaultDeserializer::new(&bytes);
        prop_assert_eq!(deserializer.read_header(), Ok(true));
        deserializer.read_value().expect("what was written");
        prop_assert_eq!(deserializer.remaining(), 0);
    }

    /// The bytes of the lines, put together, are the bytes that were annotated, whatever they are.
    #[test]
    fn annotated_lines_and_bytes(node in any_node(), damage in damage(), cut in any::<prop::sample::Index>()) {
        let blob = written(&node);
        let end = cut.index(blob.len() + 1);
        let damaged = damaged(blob.clone(), damage);
        for data in [&blob[..], &blob[..end], &damaged] {
            let (mut together, mut error) = (Vec::<u8>::new(), 0);
            let options = ParseOptions::new().externals(Externals::Keep);
            let found = lines(data, &options, &AnnotateOptions::default(), &mut |line| {
                together.extend(&data[line.span.start..line.span.end]);
                error += usize::from(line.error.is_some());
                Ok(())
            });
            let found = found.expect("nothing to write to");
            prop_assert_eq!(&together, data);
            prop_assert_eq!(error, usize::from(found.is_some()));
            prop_assert_eq!(found, options.parse(data).err());
        }
    }

    #[test]
    fn transcoded_there_and_back(node in any_node(), version in 13u32..=16) {
        let (read, there) = (ParseOptions::new(), WriteOptions::new().version(version));
        let blob = transcode(&written(&node), &read, &WriteOptions::new()).expect("version 15");
        let Ok(other) = transcode(&blob, &read, &there) else {
            prop_assert_eq!(version, 13);
            return Ok(());
        };
        let back = transcode(&other, &read, &WriteOptions::new());
        prop_assert_eq!(back.as_ref(), Ok(&blob), "{:02x?}", other);
    }
}

#[test]
fn typed_json_and_damaged_bytes() {
    damaged_bytes();
    let read = READ.load(std::sync::atomic::Ordering::Relaxed);
    assert!(read > 150, "only {read} were read");
}
