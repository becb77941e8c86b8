//! Paths as errors, readers and annotations have them lead back to the value, whatever its keys are.

use proptest::prelude::*;
use v8wire::annotate::{AnnotateOptions, Item, lines};
use v8wire::{Document, Event, Kind, Literal, ParseOptions, Reader, Target, WriteOptions};

use crate::graph::{Node, written};

/// Keys that need quotes and such as look like a part of a path.
fn keys() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z$_][a-z0-9$_]{0,4}",
        "[0-9]{1,3}",
        "[\\]\\[\"\\\\.<>'\n\r\t\u{0}\u{7f}\u{85} a-c]{0,5}",
        "[é€😀\u{301}]{1,3}",
        any::<String>(),
    ]
    // Longer ones are cut.
    .prop_filter("too long", |key| key.chars().count() < 64)
}

/// Containers only, around numbers: a value has a path, and what stands there is it.
fn nodes() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        4 => any::<i32>().prop_map(Node::Int),
        1 => any::<u64>().prop_map(|bits| Node::BigInt(false, bits.to_le_bytes().into())),
    ];
    leaf.prop_recursive(6, 40, 5, |inner| {
        let list = || prop::collection::vec(inner.clone(), 0..5);
        let pairs = || prop::collection::vec((keys(), inner.clone()), 0..4);
        prop_oneof![
            3 => pairs().prop_map(Node::Object),
            1 => (list(), pairs()).prop_map(|(elements, pairs)| {
                Node::Dense(elements.into_iter().map(Some).collect(), pairs)
            }),
            1 => (any::<u32>(), prop::collection::vec((any::<u32>(), inner.clone()), 0..4))
                .prop_map(|(length, pairs)| Node::Sparse(length, pairs)),
            1 => prop::collection::vec((inner.clone(), inner.clone()), 0..4).prop_map(Node::Map),
            1 => list().prop_map(Node::Set),
            1 => inner.clone().prop_map(|cause| Node::Error(None, None, Some(Box::new(cause)))),
        ]
    })
}

/// Where each value starts, whether it is a bigint, and its path.
fn values(blob: &[u8]) -> Vec<(usize, bool, String)> {
    let mut values = Vec::new();
    let error = lines(blob, &ParseOptions::new(), &AnnotateOptions::default(), &mut |line| {
        if let Item::Value(event) = line.item {
            let bigint = matches!(event, Event::BigInt(_));
            values.push((line.span.start, bigint, line.path.expect("a path").to_owned()));
        }
        Ok(())
    });
    assert_eq!(error, Ok(None));
    values
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn paths_of_values(node in nodes()) {
        let blob = written(&node);
        let doc = Document::parse(&blob).unwrap();
        let mut reader = Reader::new(&blob).unwrap();
        for (start, _, path) in values(&blob) {
            let value = doc.root().at(&path);
            prop_assert_eq!(value.map(|it| it.offset()), Ok(Some(start)), "{}", path);
            while reader.next_event().unwrap().is_some() && reader.span().start != start {}
            prop_assert_eq!(reader.path(), path);
        }
    }

    /// Values that the target does not read, each found again.
    #[test]
    fn paths_of_obstacles(node in nodes()) {
        let blob = written(&node);
        let doc = Document::parse(&blob).unwrap();
        let options = WriteOptions::for_target(Target::node(8).unwrap());
        let mut found = Vec::new();
        for obstacle in doc.obstacles(&options) {
            let path = obstacle.path().unwrap();
            // An error is one too, and that it has a cause is one more, at the same place.
            if doc.root().at(path).unwrap().kind() == Kind::BigInt {
                found.push(path.to_owned());
            }
        }
        found.dedup();
        let wanted = values(&blob).into_iter().filter(|value| value.1).map(|value| value.2);
        prop_assert_eq!(found, wanted.collect::<Vec<_>>());
    }

    /// Where the tag of a value is wrong, the error has the path of the value.
    #[test]
    fn paths_of_errors(node in nodes(), which in any::<prop::sample::Index>()) {
        let mut blob = written(&node);
        let values = values(&blob);
        let (start, _, path) = which.get(&values);
        blob[*start] = b'%';
        let error = Document::parse(&blob).unwrap_err();
        prop_assert_eq!((error.path(), error.offset()), (&path[..], *start));
    }

    /// `Value::get` and indexing find what the properties are called.
    #[test]
    fn properties_by_name(pairs in prop::collection::btree_map(keys(), any::<i32>(), 0..6)) {
        let blob = Literal::object(pairs.clone()).to_vec().unwrap();
        let doc = Document::parse(&blob).unwrap();
        prop_assert_eq!(doc.root().len(), Some(pairs.len()));
        for (key, value) in &pairs {
            prop_assert_eq!(doc.root().get(key).and_then(|it| it.as_i32()), Some(*value));
            prop_assert_eq!(doc.root()[&key[..]].as_i32(), Some(*value));
        }
        for (key, value) in doc.root().properties() {
            prop_assert_eq!(pairs.get(&*key.to_str()).copied(), value.as_i32());
        }
    }
}
