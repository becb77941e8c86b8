//! Literals of every kind, and the paths of what is wrong in a graph.

use v8wire::{Builder, Document, Kind, Literal, ViewKind, WriteOptions, regexp_flags};

/// What is wrong far within has a path through all that holds values.
#[test]
fn paths_through_all_that_holds_values() {
    let mut builder = Builder::new();
    let number = builder.value(1);
    let wrong = builder.view(ViewKind::Int8, number, 0, 1);
    let host = builder.host_object();
    builder.host_bytes(host, b"x");
    builder.host_value(host, 0);
    builder.host_bytes(host, b"y");
    builder.host_value(host, wrong);
    let error = builder.error(None, "");
    builder.set_cause(error, host);
    let map = builder.map();
    builder.entry(map, error, 1);
    let outer = builder.map();
    builder.entry(outer, 0, 0);
    builder.entry(outer, 1, map);
    let set = builder.new_set();
    builder.member(set, 0);
    builder.member(set, outer);
    let array = builder.array();
    builder.set(array, "na me", set);
    let root = builder.object();
    builder.set(root, "list", array);
    let error = builder.to_vec(root, &WriteOptions::new()).unwrap_err();
    let path = "$.list[\"na me\"]<1><value 1><key 0>.cause<host 1>";
    assert_eq!(error.path(), Some(path), "{error}");
}

/// Each constructor of `Literal` makes what it says.
#[test]
fn literals_of_every_kind() {
    let name = String::from("k");
    let made = Literal::object([
        (&name, Literal::undefined()),
        (&"b".into(), Literal::buffer(b"hi")),
        (&"a".into(), Literal::array_buffer(b"ab")),
        (&"d".into(), Literal::date(1.5)),
        (&"z".into(), Literal::bigint(-1)),
        (&"r".into(), Literal::regexp("x", regexp_flags::GLOBAL)),
        (&"n".into(), Literal::null()),
    ]);
    let bytes = made.to_vec().unwrap();
    let doc = Document::parse(&bytes).unwrap();
    let kinds: Vec<_> = doc.root().properties().map(|(_, value)| value.kind()).collect();
    let wanted = [
        Kind::Undefined,
        Kind::View,
        Kind::ArrayBuffer,
        Kind::Date,
        Kind::BigInt,
        Kind::RegExp,
        Kind::Null,
    ];
    assert_eq!(kinds, wanted);
    assert_eq!(doc.root()["b"].as_view().unwrap().kind, ViewKind::Buffer);
    assert_eq!(doc.root()["k"].value().kind(), Kind::Undefined);
}
