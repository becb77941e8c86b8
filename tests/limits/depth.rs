//! Nesting: ten million levels on a stack of a quarter of a megabyte.

use v8wire::{Document, ErrorKind, Kind, Reader, Value};

use crate::blobs::nested;
use crate::{LEVELS, deep, on_a_small_stack};

/// A text becomes bytes, and these are read.
#[test]
fn deep_json_is_encoded() {
    on_a_small_stack(|| {
        let text = ["[".repeat(LEVELS), "]".repeat(LEVELS)].concat();
        let blob = v8wire::json::to_vec(&text).unwrap();
        assert_eq!(deep().parse(&blob).unwrap().node_count(), LEVELS);
    });
}

/// Decodes, walks, reads as events and drops a nesting; then refuses it under the default limit.
fn decode_walk_drop(
    blob: Vec<u8>,
    kind: Kind,
    down: impl for<'d, 'a> Fn(Value<'d, 'a>) -> Option<Value<'d, 'a>>,
) {
    let options = deep();
    let document = options.parse(&blob).unwrap();
    let (mut value, mut levels) = (document.root().value(), 0);
    while let Some(inner) = down(value) {
        assert_eq!(value.kind(), kind);
        (value, levels) = (inner, levels + 1);
    }
    assert_eq!(levels, LEVELS);
    let copy = document.clone();
    drop(document);
    assert!(copy.node_count() >= LEVELS);

    let mut reader = Reader::with_options(&blob, &options).unwrap();
    let (mut events, mut deepest) = (0usize, 0);
    while reader.next_event().unwrap().is_some() {
        events += 1;
        deepest = deepest.max(reader.depth());
    }
    assert_eq!(deepest, LEVELS);
    assert!(events >= 2 * LEVELS);
    reader.finish().unwrap();

    let error = Document::parse(&blob).unwrap_err();
    assert!(error.is_limit());
    assert_eq!(error.kind(), &ErrorKind::LimitExceeded { limit: "depth", max: 100_000 });
    assert!(error.to_string().len() < 1000, "a path that is not cut");
}

#[test]
fn nested_arrays() {
    on_a_small_stack(|| {
        let blob = nested(b"A\x01", b"0", b"$\x00\x01", LEVELS);
        let error = Document::parse(&blob).unwrap_err();
        let head = "[0]".repeat(24);
        let tail = "[0]".repeat(8);
        assert_eq!(
            error.to_string(),
            format!(
                "limit exceeded at offset 200002: depth above 100000 (${head}…<99968 more>…{tail})"
            )
        );
        decode_walk_drop(blob, Kind::Array, |value| value.elements().next());
    });
}

#[test]
fn nested_objects() {
    on_a_small_stack(|| {
        let blob = nested(b"o\"\x01a", b"0", b"{\x01", LEVELS);
        decode_walk_drop(blob, Kind::Object, |value| value.get("a"));
    });
}

#[test]
fn nested_sparse_arrays() {
    on_a_small_stack(|| {
        let blob = nested(b"a\x01I\x00", b"0", b"@\x01\x01", LEVELS);
        decode_walk_drop(blob, Kind::Array, |value| value.get_index(0));
    });
}

#[test]
fn nested_sets() {
    on_a_small_stack(|| {
        let blob = nested(b"'", b"0", b",\x01", LEVELS);
        decode_walk_drop(blob, Kind::Set, |value| value.members().next());
    });
}

/// Maps within the keys of maps, which JavaScript allows.
#[test]
fn nested_map_keys() {
    on_a_small_stack(|| {
        let blob = nested(b";", b"0", b"0:\x02", LEVELS);
        decode_walk_drop(blob, Kind::Map, |value| value.entries().next().map(|entry| entry.0));
    });
}

#[test]
fn nested_error_causes() {
    on_a_small_stack(|| {
        let blob = nested(b"rc", b"0", b".", LEVELS);
        decode_walk_drop(blob, Kind::Error, |value| value.error_cause());
    });
}

/// A megabyte of a single byte, and what it is cut off from.
#[test]
fn unclosed_openers() {
    for (opener, path) in [
        (&b";"[..], "<key 0>"),
        (b"'", "<0>"),
        (b"o\"\x00", "[\"\"]"),
        (b"a\x01I\x00", "[0]"),
        (b"rc", ".cause"),
    ] {
        on_a_small_stack(move || {
            let blob = nested(opener, b"", b"", LEVELS);
            let error = deep().parse(&blob).unwrap_err();
            assert!(error.is_eof(), "{error}");
            assert_eq!(error.offset(), blob.len());
            let text = error.to_string();
            assert!(
                text.starts_with(&format!("unexpected end of input at offset {}: ", blob.len()))
            );
            assert!(text.ends_with(&format!("{})", path.repeat(7))), "{text}");
        });
    }
}

/// Steps by index and by name keep each value that they lead to; dropping them must not recurse.
#[test]
fn indexing_far_down() {
    on_a_small_stack(|| {
        let levels = LEVELS.min(1_000_000);
        let blob = nested(b"A\x01", b"T", b"$\x00\x01", levels);
        let document = deep().parse(&blob).unwrap();
        let root = document.root();
        let mut here = &root;
        for _ in 0..levels {
            here = &here[0];
        }
        assert_eq!(here.as_bool(), Some(true));
        let copy = root.clone();
        drop(root);
        drop(copy);
    });
}

/// Version 0 puts containers behind their contents.
#[test]
fn nested_in_version_0() {
    on_a_small_stack(|| {
        let mut blob = Vec::new();
        for _ in 0..LEVELS {
            blob.extend_from_slice(b"I\x02");
        }
        blob.push(b'0');
        for _ in 0..LEVELS {
            blob.extend_from_slice(b"{\x01");
        }
        let document = deep().parse(&blob).unwrap();
        let (mut value, mut levels) = (document.root().value(), 0);
        while let Some(inner) = value.get_index(1) {
            (value, levels) = (inner, levels + 1);
        }
        assert_eq!(levels, LEVELS);
        assert!(Document::parse(&blob).unwrap_err().is_limit());
    });
}
