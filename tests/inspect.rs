//! `inspect` against what Node 20's `util.inspect` shows of the same values, and what is our own.

#[allow(dead_code)] // Dates are of no use here.
#[path = "json/encode/scalars.rs"]
mod scalars;
mod support;

use std::fmt::Write as _;

use scalars::base64;
use v8wire::inspect::{InspectOptions, to_string};
use v8wire::{Externals, ParseOptions, Profile, Release, Strictness};

fn defaults() -> InspectOptions {
    InspectOptions::default()
}

fn shown(blob: &[u8]) -> String {
    shown_with(blob, &defaults())
}

fn shown_with(blob: &[u8], options: &InspectOptions) -> String {
    let doc = ParseOptions::new().externals(Externals::Keep).parse(blob).expect("blob");
    to_string(doc.root().value(), options)
}

#[test]
fn as_node_shows_it() {
    // Newer ones refuse the order of its errors' parts.
    let release = Release::node(20).expect("release");
    let node_20 = ParseOptions::new().strictness(Strictness::Engine(release));
    let goldens = include_str!("goldens/inspect.txt");
    let mut lines = goldens.lines();
    let mut wrong = String::new();
    let mut count = 0;
    while let Some(head) = lines.next() {
        let mut words = head.split(' ');
        words.next().expect("name");
        let mut options = defaults();
        options.depth = words.next().map(|depth| depth.parse().expect("depth"));
        options.colors = words.next() == Some("colors");
        let blob = base64(lines.next().expect("blob"));
        let expected: Vec<&str> = lines.by_ref().map_while(|line| line.strip_prefix('|')).collect();
        let expected = expected.join("\n");
        let doc = node_20.parse(&blob).expect("blob");
        let ours = to_string(doc.root().value(), &options);
        count += 1;
        if ours != expected {
            writeln!(wrong, "--- {head}\n{expected}\n--- ours\n{ours}").expect("string");
        }
    }
    assert!(count > 140, "only {count} cases");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_node_has_no_form_for() {
    for (blob, text) in [
        // The same object twice.
        (&b"\xFF\x0FA\x02o{\0^\x01$\0\x02"[..], "[ <ref *1> {}, [Ref *1] ]"),
        (b"\xFF\x0FA\x02D\0\0\0\0\0\0\xF8\x7F^\x01$\0\x02", "[ <ref *1> Invalid Date, [Ref *1] ]"),
        (
            b"\xFF\x0Fo\"\x01ao\"\x01b^\0{\x01\"\x01c^\x01{\x02",
            "<ref *1> { a: <ref *2> { b: [Circular *1] }, c: [Ref *2] }",
        ),
        // Buffers of all kinds.
        (
            b"\xFF\x0F~\x01\x08\x07",
            "ArrayBuffer { [Uint8Contents]: <07>, byteLength: 1, maxByteLength: 8 }",
        ),
        (
            b"\xFF\x0FC\x01\x07",
            "ArrayBuffer { [Uint8Contents]: <07>, byteLength: 1, immutable: true }",
        ),
        (b"\xFF\x0Ft\x05", "ArrayBuffer { transferId: 5 }"),
        (b"\xFF\x0Fu\x05", "SharedArrayBuffer { id: 5 }"),
        (
            b"\xFF\x0Ft\x05VB\x01\x02\0",
            "Uint8Array {\n  byteLength: 2,\n  byteOffset: 1,\n  buffer: ArrayBuffer { transferId: 5 }\n}",
        ),
        (
            b"\xFF\x0FB\x02\x01\x02V?\x01\x01\0",
            "DataView {\n  byteLength: 1,\n  byteOffset: 1,\n  buffer: ArrayBuffer { [Uint8Contents]: <01 02>, byteLength: 2 }\n}",
        ),
        (
            b"\xFF\x0F\\\x09\x02\x01\x02",
            "DataView { byteLength: 2, byteOffset: 0, [Uint8Contents]: <01 02> }",
        ),
        // A view and the buffer that it is over.
        (
            b"\xFF\x0FA\x02B\x01\x07VB\0\x01\0^\x01$\0\x02",
            "[\n  Uint8Array(1) [ 7 ],\n  <ref *1> ArrayBuffer { [Uint8Contents]: <07>, byteLength: 1 }\n]",
        ),
        // From elsewhere.
        (b"\xFF\x0Fw\x05", "WebAssembly.Module { transferId: 5 }"),
        (b"\xFF\x0Fp\x05", "SharedObject { id: 5 }"),
        (
            b"\xFF\x0Fm\x04\0u\x05",
            "WebAssembly.Memory {\n  maximum: 2,\n  addressWidth: 32,\n  buffer: SharedArrayBuffer { id: 5 }\n}",
        ),
        // What could move a terminal.
        (b"\xFF\x0FR\"\x03a\x1Bb\0", "/a\\x1Bb/"),
        (b"\xFF\x0Frs\"\x06a\n\x1B\tb\x9B.", "[a\n\\x1B\tb\\x9B]"),
        // Out of order and beyond the length.
        (b"\xFF\x0Fa\x02I\x08TI\x02F@\x02\x02", "[ <1 empty item>, false, <2 empty items>, true ]"),
        (b"\xFF\x0FA\x01TI\x06F\"\x01aF$\x02\x01", "[ true, <2 empty items>, false, a: false ]"),
    ] {
        assert_eq!(shown(blob), text);
    }
    let options = ParseOptions::new().profile(Profile::NodeIpc);
    let doc = options.parse(b"\xFF\x0F\\\x01o\"\x01aT{\x01").expect("blob");
    assert_eq!(to_string(doc.root().value(), &defaults()), "HostObject { <01>, { a: true } }");
}

fn changed(blob: &[u8], change: impl FnOnce(&mut InspectOptions)) -> String {
    let mut options = defaults();
    change(&mut options);
    shown_with(blob, &options)
}

#[test]
fn long_data_is_cut_with_a_count() {
    let list = b"\xFF\x0FA\x04I\x02I\x04I\x06I\x08$\0\x04";
    assert_eq!(changed(list, |options| options.max_items = 2), "[ 1, 2, ... 2 more items ]");
    assert_eq!(changed(list, |options| options.max_items = 3), "[ 1, 2, 3, ... 1 more item ]");
    let object = b"\xFF\x0Fo\"\x01aT\"\x01bF\"\x01c0{\x03";
    assert_eq!(changed(object, |options| options.max_items = 1), "{ a: true, ... 2 more items }");
    let map = b"\xFF\x0F;\"\x01aT\"\x01bF\"\x01c0:\x06";
    assert_eq!(
        changed(map, |options| options.max_items = 1),
        "Map(3) { 'a' => true, ... 2 more items }"
    );
    let named = b"\xFF\x0FA\x02TT\"\x01aF\"\x01bF$\x02\x02";
    assert_eq!(
        changed(named, |options| options.max_items = 1),
        "[ true, ... 1 more item, a: false, ... 1 more item ]"
    );
    let sparse = b"\xFF\x0Fa\x0AI\x02TI\x08F\"\x01a0@\x03\x0A";
    assert_eq!(
        changed(sparse, |options| options.max_items = 2),
        "[ <1 empty item>, true, ... 8 more items, a: null ]"
    );
    let typed = b"\xFF\x0F\\\x03\x06\x01\0\x02\0\x03\0";
    assert_eq!(
        changed(typed, |options| options.max_items = 1),
        "Int16Array(3) [ 1, ... 2 more items ]"
    );
    let string = b"\xFF\x0F\"\x04abcd";
    assert_eq!(changed(string, |options| options.max_string = 3), "'abc'... 1 more character");
    let bytes = b"\xFF\x0FB\x04\x01\x02\x03\x04";
    assert_eq!(
        changed(bytes, |options| options.max_bytes = 2),
        "ArrayBuffer {\n  [Uint8Contents]: <01 02 ... 2 more bytes>,\n  byteLength: 4\n}"
    );
    let deep = b"\xFF\x0FA\x01o\"\x01aA\x01T$\0\x01{\x01$\0\x01";
    assert_eq!(changed(deep, |options| options.depth = Some(0)), "[ [Object] ]");
    assert_eq!(changed(deep, |options| options.depth = Some(1)), "[ { a: [Array] } ]");
    for blob in [&list[..], object, map, named, sparse, typed, string, bytes, deep] {
        let full = changed(blob, |options| {
            options.depth = Some(0);
            (options.max_items, options.max_string, options.max_bytes) = (1, 1, 1);
            options.full = true;
        });
        assert_eq!(full, shown(blob));
        assert!(!full.contains("more"), "{full}");
    }
    assert_eq!(changed(list, |options| options.width = 20), "[\n  1,\n  2,\n  3,\n  4\n]");
}

#[test]
fn a_cut_object_is_shown_where_there_is_room() {
    // [[[{ n: 1 }]], the same object]
    let blob = b"\xFF\x0FA\x02A\x01A\x01o\"\x01nI\x02{\x01$\0\x01$\0\x01^\x03$\0\x02";
    assert_eq!(
        changed(blob, |options| options.depth = Some(2)),
        "[ [ [ [Object] ] ], <ref *1> { n: 1 } ]"
    );
    assert_eq!(shown(blob), "[\n  [ [ <ref *1> { n: 1 } ] ],\n  [Ref *1]\n]");
}

/// All of the corpus, with every cut and without any.
#[test]
fn everything_is_shown() {
    support::with_stack(all_of_the_corpus);
}

fn all_of_the_corpus() {
    let mut count = 0;
    for folder in ["handmade", "refused", "node-8", "node-20", "node-26", "deno-2.9-core"] {
        for case in support::cases(folder) {
            for several in [false, true] {
                let options = ParseOptions::new().lenient().externals(Externals::Keep);
                let doc = if several {
                    options.parse_all(&case.bytes)
                } else {
                    options.parse(&case.bytes)
                };
                let Ok(doc) = doc else { continue };
                for value in doc.values() {
                    let short = to_string(value, &defaults());
                    assert!(!short.is_empty() && short.len() < 20_000, "{short}");
                    let mut options = defaults();
                    (options.full, options.colors) = (true, true);
                    let full = to_string(value, &options);
                    options.colors = false;
                    assert_eq!(without_codes(&full), to_string(value, &options));
                    options.width = 0;
                    assert!(to_string(value, &options).len() >= short.len().min(10));
                    count += 1;
                }
            }
        }
    }
    assert!(count > 2000, "only {count} values");
}

fn without_codes(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').expect("the end of a code").1);
    }
    plain
}
