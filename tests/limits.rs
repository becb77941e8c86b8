//! Hostile input: depth, size and time. Nothing here may need stack in proportion to the data, or
//! time beyond it.
//!
//! Ten million levels take a while unoptimized, so debug builds use fewer; CI runs this file with
//! `--release`.

use std::time::{Duration, Instant};

use v8wire::{Document, ErrorKind, Event, Kind, Limits, ParseOptions, Parser, Reader, Value};

/// Levels of nesting: enough to overflow any stack if one frame each were used.
const LEVELS: usize = if cfg!(debug_assertions) { 400_000 } else { 10_000_000 };

/// The thread of a test has two megabytes of stack, here it is a quarter of one: less than a byte for
/// each level.
const STACK: usize = 256 << 10;

fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(test).unwrap();
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

fn deep() -> ParseOptions {
    ParseOptions::new().max_depth(u32::MAX)
}

/// `open` so many times, `inner`, `close` as many times, behind a header.
fn nested(open: &[u8], inner: &[u8], close: &[u8], levels: usize) -> Vec<u8> {
    let mut blob = vec![0xFF, 15];
    for _ in 0..levels {
        blob.extend_from_slice(open);
    }
    blob.extend_from_slice(inner);
    for _ in 0..levels {
        blob.extend_from_slice(close);
    }
    blob
}

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

// Each limit, at the limit and one beyond.

fn limited(set: impl FnOnce(&mut Limits)) -> ParseOptions {
    let mut options = ParseOptions::new();
    set(&mut options.limits);
    options
}

/// The message of the error, in a document and in events alike.
fn refusal(options: &ParseOptions, blob: &[u8]) -> Option<String> {
    let document = options.parse(blob).map(drop);
    let events = Reader::with_options(blob, options).and_then(Reader::finish);
    assert_eq!(document, events);
    let error = document.err()?;
    assert!(error.is_limit(), "{error}");
    Some(error.to_string())
}

#[test]
fn depth() {
    let three = nested(b"A\x01", b"T", b"$\x00\x01", 3);
    assert_eq!(refusal(&limited(|limits| limits.depth = 3), &three), None);
    assert_eq!(
        refusal(&limited(|limits| limits.depth = 2), &three).as_deref(),
        Some("limit exceeded at offset 6: depth above 2 ($[0][0])")
    );
    assert_eq!(refusal(&limited(|limits| limits.depth = 0), b"\xFF\x0FT"), None);
    for blob in [
        &b"\xFF\x0Fo{\0"[..],
        b"\xFF\x0FA\0$\0\0",
        b"\xFF\x0Fa\0@\0\0",
        b"\xFF\x0F;:\0",
        b"\xFF\x0F',\0",
        b"\xFF\x0Fr.",
        b"{\0",
    ] {
        assert_eq!(refusal(&limited(|limits| limits.depth = 1), blob), None, "{blob:x?}");
        let refused = refusal(&limited(|limits| limits.depth = 0), blob);
        assert!(refused.is_some_and(|text| text.contains("depth above 0")), "{blob:x?}");
    }
}

#[test]
fn nodes() {
    // An array, two elements, a key and a value: five.
    let blob = b"\xFF\x0FA\x02TF\"\x01kT$\x01\x02";
    assert_eq!(refusal(&limited(|limits| limits.nodes = 5), blob), None);
    assert_eq!(
        refusal(&limited(|limits| limits.nodes = 4), blob).as_deref(),
        Some("limit exceeded at offset 9: nodes above 4 ($.k)")
    );
    assert_eq!(
        refusal(&limited(|limits| limits.nodes = 3), blob).as_deref(),
        Some("limit exceeded at offset 6: nodes above 3 ($)")
    );
    assert!(refusal(&limited(|limits| limits.nodes = 0), b"\xFF\x0FT").is_some());
    // Containers of version 0, which stand behind their contents.
    assert_eq!(refusal(&limited(|limits| limits.nodes = 1), b"{\0"), None);
    assert!(refusal(&limited(|limits| limits.nodes = 0), b"{\0").is_some());
}

/// Up to V8 11.3 an error has any number of parts, and each makes a node.
#[test]
fn nodes_of_errors() {
    let blob = [&b"\xFF\x0Fr"[..], &[b'E'; 1000], b"."].concat();
    let with = |nodes| limited(|limits| limits.nodes = nodes).lenient();
    assert_eq!(refusal(&with(1001), &blob), None);
    assert_eq!(
        refusal(&with(1000), &blob).as_deref(),
        Some("limit exceeded at offset 1002: nodes above 1000 ($)")
    );
}

/// Nodes are counted over all values of one input.
#[test]
fn nodes_of_several_values() {
    let options = limited(|limits| limits.nodes = 3);
    assert_eq!(options.parse_all(b"\xFF\x0FTTT").unwrap().values().count(), 3);
    assert!(options.parse_all(b"\xFF\x0FTTTT").unwrap_err().is_limit());
}

#[test]
fn bytes() {
    for blob in [
        &b"\xFF\x0F\"\x04abcd"[..],
        b"\xFF\x0FS\x04abcd",
        b"\xFF\x0Fc\x04a\0b\0",
        b"\xFF\x0FZ\x08abcd",
        b"\xFF\x0Fs\"\x04abcd",
        b"\xFF\x0FR\"\x04abcd\0",
        b"\xFF\x0Fz\x08abcd",
        b"\xFF\x0FB\x04abcd",
        b"\xFF\x0F~\x04\x08abcd",
        b"\xFF\x0F\\\x0A\x04abcd",
        b"\xFF\x0Frm\"\x04abcd.",
        b"\xFF\x0Fo\"\x04abcdT{\x01",
        b"\xFF\x0BR\x04abcd\0",
        b"\"\x04abcd",
    ] {
        assert_eq!(refusal(&limited(|limits| limits.bytes = 6), blob), None, "{blob:x?}");
        let refused = refusal(&limited(|limits| limits.bytes = 3), blob);
        assert!(refused.is_some_and(|text| text.contains("bytes above 3")), "{blob:x?}");
    }
    let exact = b"\xFF\x0F\"\x04abcd";
    assert_eq!(refusal(&limited(|limits| limits.bytes = 4), exact), None);
    assert_eq!(
        refusal(&limited(|limits| limits.bytes = 3), exact).as_deref(),
        Some("limit exceeded at offset 3: bytes above 3 ($)")
    );
}

#[test]
fn sparse_length() {
    let blob = b"\xFF\x0Fa\x0A@\0\x0A";
    assert_eq!(refusal(&limited(|limits| limits.sparse_length = 10), blob), None);
    assert_eq!(
        refusal(&limited(|limits| limits.sparse_length = 9), blob).as_deref(),
        Some("limit exceeded at offset 3: sparse length above 9 ($)")
    );
    let old = b"@\0\x0A";
    assert_eq!(refusal(&limited(|limits| limits.sparse_length = 10), old), None);
    assert!(refusal(&limited(|limits| limits.sparse_length = 9), old).is_some());
}

// Time in proportion to the input.

const MANY: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };

/// Runs a task of size `MANY / 64`, `MANY / 8` and `MANY`, and refuses a cost that grows much faster
/// than the size. Short times say nothing and pass.
fn roughly_linear(make: impl Fn(usize) -> Vec<u8>, read: impl Fn(&[u8])) {
    let mut before = Duration::MAX;
    for count in [MANY / 64, MANY / 8, MANY] {
        let blob = make(count);
        let start = Instant::now();
        read(&blob);
        let took = start.elapsed();
        assert!(
            took < Duration::from_secs(1) || took < before.saturating_mul(24),
            "{took:?} for {count}, but {before:?} for an eighth of that"
        );
        before = took.max(Duration::from_millis(2));
    }
}

/// An object of `count` properties, the keys made by `key`, and one more at its end.
fn object(count: usize, key: impl Fn(usize) -> String, last: &str) -> Vec<u8> {
    let mut blob = vec![0xFF, 15, b'o'];
    let mut property = |name: &str| {
        blob.push(b'"');
        varint(&mut blob, name.len());
        blob.extend_from_slice(name.as_bytes());
        blob.push(b'T');
    };
    for number in 0..count {
        property(&key(number));
    }
    property(last);
    blob.push(b'{');
    varint(&mut blob, count + 1);
    blob
}

fn varint(blob: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        blob.push(value as u8 | 0x80);
        value >>= 7;
    }
    blob.push(value as u8);
}

#[test]
fn a_million_keys_and_one_again() {
    let names = |number: usize| format!("key{number}");
    roughly_linear(
        |count| object(count, names, "key0"),
        |blob| {
            let error = Document::parse(blob).unwrap_err();
            assert_eq!(error.kind(), &ErrorKind::DuplicateKey { key: String::from("key0") });
            assert_eq!(error.path(), "$");
        },
    );
    roughly_linear(
        |count| object(count, names, "other"),
        |blob| assert_eq!(Document::parse(blob).unwrap().root()["other"].as_bool(), Some(true)),
    );
    // Keys that look alike to a weak hash: numbers as text, and long common beginnings and ends.
    roughly_linear(|count| object(count, |n| n.to_string(), "-"), parses);
    roughly_linear(|count| object(count, |n| format!("{:032}", n << 16), "-"), parses);
}

fn parses(blob: &[u8]) {
    Document::parse(blob).unwrap();
}

#[test]
fn many_objects_with_the_same_keys() {
    roughly_linear(
        |count| {
            let mut blob = vec![0xFF, 15, b'A'];
            varint(&mut blob, count);
            for _ in 0..count {
                blob.extend_from_slice(b"o\"\x01aT\"\x01bT{\x02");
            }
            blob.push(b'$');
            varint(&mut blob, 0);
            varint(&mut blob, count);
            blob
        },
        parses,
    );
}

/// Each level refers twice to the one before: 2^n values if they were copied.
#[test]
fn reference_bomb() {
    roughly_linear(
        |count| {
            let mut blob = vec![0xFF, 15, b'A'];
            varint(&mut blob, count);
            blob.extend_from_slice(b"A\0$\0\0");
            for id in 1..count {
                blob.extend_from_slice(b"A\x02");
                for _ in 0..2 {
                    blob.push(b'^');
                    varint(&mut blob, id);
                }
                blob.extend_from_slice(b"$\0\x02");
            }
            blob.push(b'$');
            varint(&mut blob, 0);
            varint(&mut blob, count);
            blob
        },
        |blob| {
            let document = Document::parse(blob).unwrap();
            let last = document.root().elements().last().unwrap();
            let [left, right] = [0, 1].map(|index| last.get_index(index).unwrap());
            assert!(left.is_same(right));
        },
    );
}

/// Arrays full of holes, into which keys then put elements.
#[test]
fn holes_that_are_filled() {
    roughly_linear(
        |count| {
            let mut blob = vec![0xFF, 15, b'A'];
            varint(&mut blob, count);
            blob.extend(std::iter::repeat_n(b'-', count));
            for index in 0..count {
                blob.push(b'U');
                varint(&mut blob, index);
                blob.push(b'T');
            }
            blob.push(b'$');
            varint(&mut blob, count);
            varint(&mut blob, count);
            blob
        },
        parses,
    );
}

/// Version 13 is read twice to find out whether views carry flags: once for each value.
#[test]
fn many_values_of_version_13_with_views() {
    roughly_linear(
        |count| {
            let mut blob = vec![0xFF, 13];
            for _ in 0..count {
                blob.extend_from_slice(b"B\0VB\0\0");
            }
            blob
        },
        |blob| {
            let document = ParseOptions::new().parse_all(blob).unwrap();
            assert!(document.values().all(|value| value.kind() == Kind::View));
        },
    );
}

/// Ids of things that nobody provides, all of them different.
#[test]
fn many_ids_from_outside() {
    roughly_linear(
        |count| {
            let mut blob = vec![0xFF, 15, b'A'];
            varint(&mut blob, count);
            for id in 0..count {
                blob.push(b't');
                varint(&mut blob, id);
            }
            blob.push(b'$');
            varint(&mut blob, 0);
            varint(&mut blob, count);
            blob
        },
        |blob| {
            let options = ParseOptions::new().externals(v8wire::Externals::Keep);
            assert_eq!(options.parse(blob).unwrap().root().len(), Some(blob_length(blob)));
        },
    );
}

/// The length of the array that a blob begins with.
fn blob_length(blob: &[u8]) -> usize {
    let mut reader =
        Reader::with_options(blob, &ParseOptions::new().externals(v8wire::Externals::Keep))
            .unwrap();
    match reader.next_event().unwrap() {
        Some(Event::DenseArrayBegin { length }) => length as usize,
        other => panic!("{other:?}"),
    }
}

/// A parser may be used for small data after large data without paying for the large data again.
#[test]
fn small_after_large() {
    let large = nested(b"A\x01", b"0", b"$\x00\x01", MANY);
    let mut parser = Parser::with_options(deep());
    let document = parser.parse(&large).unwrap();
    parser.recycle(document);
    let start = Instant::now();
    for _ in 0..10_000 {
        let document = parser.parse(b"\xFF\x0FT").unwrap();
        parser.recycle(document);
    }
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

/// A path that leads over a long key is asked for at each line.
#[test]
fn a_long_key_over_many_values() {
    roughly_linear(
        |count| {
            let mut blob = b"\xFF\x0Fo\"".to_vec();
            varint(&mut blob, count);
            blob.resize(blob.len() + count, b'k');
            blob.push(b'A');
            varint(&mut blob, count);
            blob.resize(blob.len() + count, b'T');
            blob.extend_from_slice(b"$\0");
            varint(&mut blob, count);
            blob.extend_from_slice(b"{\x01");
            blob
        },
        |blob| {
            let mut reader = Reader::new(blob).unwrap();
            let mut longest = 0;
            while reader.next_event().unwrap().is_some() {
                longest = longest.max(reader.path().len());
            }
            assert!(longest > 64 && longest < 100, "{longest}");
        },
    );
}
