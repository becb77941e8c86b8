//! Finding values: indices, names, paths, containers, identity.

use std::borrow::Cow;

use v8wire::{Document, ErrorKind, ErrorPart, ErrorTag, Key, Kind, Value};

use super::{PEOPLE, blob, double};

#[test]
fn indexing() {
    let doc = Document::parse(PEOPLE).unwrap();
    let root = doc.root();
    assert_eq!(root["users"][1]["name"].as_str().as_deref(), Some("Bob"));
    assert_eq!(root["users"][0]["name"].as_str().as_deref(), Some("Ada"));
    assert_eq!(root["first name"].as_str().as_deref(), Some("Zoë"));
    assert_eq!((root["7"].as_bool(), root[7].as_bool()), (Some(true), Some(true)));
    assert!(root["users"][2].is_undefined() && !root["users"][2].exists());
    assert!(root["users"]["length"].is_undefined());
    assert_eq!(root["no"]["such"][3]["value"].kind(), Kind::Undefined);
    assert_eq!(root["no"].id(), None);
    assert_eq!(root["no"].offset(), None);
    // The values outlive the temporary that led to them.
    let name = doc.root()["users"][0]["name"].value();
    assert_eq!(name.as_str().as_deref(), Some("Ada"));
}

#[test]
fn text_outlives_the_document() {
    let name = {
        let doc = Document::parse(PEOPLE).unwrap();
        doc.root()["users"][0]["name"].as_str().unwrap()
    };
    assert!(matches!(name, Cow::Borrowed("Ada")));
}

#[test]
fn paths() {
    let doc = Document::parse(PEOPLE).unwrap();
    let root = doc.root();
    let text = |path: &str| root.at(path).unwrap().as_str().unwrap().into_owned();
    assert_eq!(text("$.users[1].name"), "Bob");
    assert_eq!(text("users[0].name"), "Ada");
    assert_eq!(text("$[\"first name\"]"), "Zoë");
    assert_eq!(root.at("$[7]").unwrap().as_bool(), Some(true));
    assert!(root.at("$").unwrap().is_same(root.value()));
    assert!(root.at("").unwrap().is_same(root.value()));

    let missing = root.at("$.users[0].age").unwrap_err();
    assert!(missing.is_missing());
    assert_eq!(missing.to_string(), "no value at `$.users[0].age`");
    for bad in
        ["$.", "$..a", "$[", "$[x]", "$.users[", "$users]", "$[\"a", "$.<key>", "$[4294967296]"]
    {
        let error = root.at(bad).unwrap_err();
        assert!(!error.is_missing(), "{bad}: {error}");
    }

    let map = blob(&[b";\"\x01aI\x02I\x04\"\x01b:\x04"]);
    let map = Document::parse(&map).unwrap();
    let map = map.root();
    assert_eq!(map.at("<value 0>").unwrap().as_i32(), Some(1));
    assert_eq!(map.at("$<key 1>").unwrap().as_i32(), Some(2));
    assert_eq!((map["a"].as_i32(), map[2].as_str().as_deref()), (Some(1), Some("b")));
}

/// An error's path leads to the value that it is about.
#[test]
fn the_path_of_an_error() {
    let parts: [&[u8]; 3] = [b"o\"\x01aA\x02T;I\x02", b"o\"\x03x ", b"yT{\x01:\x02$\x00\x02{\x01"];
    let good = blob(&parts);
    let doc = Document::parse(&good).unwrap();
    let at = good.iter().rposition(|&byte| byte == b'T').unwrap();
    let mut bad = good.clone();
    bad[at] = b'!';
    let error = Document::parse(&bad).unwrap_err();
    assert_eq!(error.offset(), at);
    assert_eq!(error.kind(), &ErrorKind::UnknownTag { tag: b'!'.into() });
    assert_eq!(error.path(), "$.a[1]<value 0>[\"x y\"]");
    assert_eq!(doc.root().at(error.path()).unwrap().as_bool(), Some(true));
}

#[test]
fn arrays_with_holes_and_names() {
    // [1, <hole>, 'x'] with the properties 1: true (fills the hole) and k: false.
    let blob = blob(&[b"A\x03I\x02-\"\x01xU\x01T\"\x01kF$\x02\x03"]);
    let doc = Document::parse(&blob).unwrap();
    let array = doc.root();
    assert_eq!((array.len(), array.elements().len(), array.is_dense()), (Some(3), 3, true));
    assert_eq!(
        array.elements().map(Value::kind).collect::<Vec<_>>(),
        [Kind::Number, Kind::Hole, Kind::String]
    );
    assert_eq!(array[1].as_bool(), Some(true));
    assert_eq!(array["k"].as_bool(), Some(false));
    let keys: Vec<String> = array.properties().map(|(key, _)| key.to_string()).collect();
    assert_eq!(keys, ["1", "k"]);
    // Sparse: what there is, and the length.
    let sparse = b"\xFF\x0Fa\x64I\x14T\"\x02-1F@\x02\x64";
    let doc = Document::parse(sparse).unwrap();
    let array = doc.root();
    assert_eq!((array.len(), array.elements().len(), array.is_dense()), (Some(100), 0, false));
    assert_eq!((array[10].as_bool(), array["-1"].as_bool()), (Some(true), Some(false)));
    assert!(!array[11].exists());
}

#[test]
fn keys_as_javascript_spells_them() {
    let blob = blob(&[b"o", &double(1.5), b"T", &double(-0.0), b"T", &double(1e21), b"T{\x03"]);
    let doc = Document::parse(&blob).unwrap();
    let keys: Vec<Key<'_>> = doc.root().properties().map(|(key, _)| key).collect();
    assert_eq!(keys.iter().map(Key::to_string).collect::<Vec<_>>(), ["1.5", "0", "1e+21"]);
    assert_eq!(keys[1].as_array_index(), Some(0));
    assert!(keys[0].is("1.5") && !keys[0].is("1.50"));
    assert_eq!(doc.root()["1e+21"].as_bool(), Some(true));
}

#[test]
fn errors() {
    // new TypeError('m', { cause: <itself> }) with a stack.
    let blob = blob(&[b"rTm\"\x01ms\"\x02stc^\x00."]);
    let doc = Document::parse(&blob).unwrap();
    let error = doc.root();
    assert_eq!((error.kind(), error.error_name()), (Kind::Error, Some("TypeError")));
    assert!(error.error_message().is_some_and(|text| text == "m"));
    assert!(error.error_stack().is_some_and(|text| text == "st"));
    assert!(error.error_cause().is_some_and(|cause| cause.is_same(error.value())));
    assert!(error["cause"]["cause"]["cause"].is_same(error.value()));
    assert_eq!(error["message"].as_str().as_deref(), Some("m"));
    let parts: Vec<ErrorPart<'_>> = error.error_parts().map(|(part, _)| part).collect();
    assert_eq!(parts[0], ErrorPart::Prototype(ErrorTag::TYPE_ERROR));
    assert_eq!(parts.len(), 4);
}

#[test]
fn cycles_and_shared_objects() {
    // a = { self: a, twice: [b, b], copy: {} }
    let blob =
        blob(&[b"o\"\x04self^\x00\"\x05twiceA\x02o{\x00^\x02$\x00\x02\"\x04copyo{\x00{\x03"]);
    let doc = Document::parse(&blob).unwrap();
    let root = doc.root();
    assert!(root["self"]["self"]["self"].is_same(root.value()));
    assert_eq!(root["self"].id(), root.id());
    assert!(root["twice"][0].is_same(root["twice"][1].value()));
    assert!(!root["twice"][0].is_same(root["copy"].value()));
    let other = doc.clone();
    assert!(!other.root().is_same(root.value()), "of another document");
}
