//! Values made in Rust: the bytes are those that Node writes for the equal value.

#[path = "builder/literals.rs"]
mod literals;
mod support;

use support::{ENGINES, cases, engine_setup, hex, with_stack};
use v8wire::{
    BigInt, Builder, ByteOrder, Document, ErrorTag, Externals, Kind, Literal, NodeId, ParseOptions,
    Release, Strictness, Text, ViewKind, WriteErrorKind, WriteOptions, regexp_flags, value,
};

/// What Node 22 wrote.
fn blob(case: &str) -> Vec<u8> {
    let path = support::corpus().join("node-22").join(case).with_extension("v8");
    std::fs::read(path).unwrap_or_else(|error| panic!("{case}: {error}"))
}

#[track_caller]
fn same(case: &str, literal: Literal) {
    let written = literal.to_vec().unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(hex(&written), hex(&blob(case)), "{case}");
}

#[track_caller]
fn built(case: &str, build: impl FnOnce(&mut Builder) -> NodeId) {
    let mut builder = Builder::new();
    let root = build(&mut builder);
    same(case, Literal::of(builder, root));
}

#[test]
fn literals_are_what_node_writes() {
    same("array-doubles", value!([1.5, 2, 3, -0.0, f64::NAN, 1e300]));
    same("array-mixed", value!([1, "a", null, undefined, true, false, 2.5, -0.0, [], {}]));
    same("array-undefined", value!([undefined, 1, undefined]));
    same("array-holes", value!([1, hole, 3, hole]));
    same("array-holes-doubles", value!([1.5, hole, 3.5]));
    same("array-nested", value!([[1, [2, [3, []]]], [[]]]));
    same(
        "array-same-shape",
        Literal::array((1..=4).map(|id| {
            let name = format!("n{id}");
            value!({ "id": id, "name": name, "ok": id % 2 == 0 })
        })),
    );
    same("array-1000-doubles", Literal::array((0..1000).map(|i| f64::from(i) / 8.0)));
    same("array-1000-integers", Literal::from((0..1000).map(|i| i * 37).collect::<Vec<i32>>()));
    // In no order: indices come first, ascending.
    same(
        "object-integer-keys",
        value!({
            "z": 0, 10: "ten", 2: "two", "0": "zero", 4294967294u32: "last index",
            4294967295u32: "no index", 2147483647: "int32 max", 2147483648u32: "above int32",
            (1i64 << 30): "2^30",
        }),
    );
    same("set-simple", Literal::set([value!(1), value!("1"), value!(2), value!("two")]));
    same("set-nested", {
        let empty: [i32; 0] = [];
        Literal::set([Literal::set([Literal::set(empty)]), Literal::set([1])])
    });
    same(
        "regexp-flags-gimsuy",
        Literal::regexp("[a-z]", regexp_flags::from_str("gimsuy").unwrap()),
    );
    same("regexp-two-byte", Literal::regexp("\u{4E2D}+", regexp_flags::UNICODE));
    same(
        "string-ascii",
        Literal::from(Document::parse(&blob("string-ascii")).unwrap().root().value()),
    );
    same("number-smi31-max", value!((1 << 30) - 1));
    same("number-2-to-31", value!(2_147_483_648.0));
    same("number-minus-zero", value!(-0.0));
    same("bigint-zero", Literal::bigint(0));
}

#[test]
fn maps_take_any_keys() {
    same("map-odd-keys", {
        let entries = [
            (value!(f64::NAN), value!("nan")),
            (value!(0), value!("zero")),
            (value!(undefined), value!("undefined")),
            (value!(null), value!("null")),
            (value!(true), value!(1)),
            (value!({ "a": 1 }), value!("object")),
            (value!([1]), value!("array")),
            (value!(1.5), value!("double")),
            (value!("1"), value!("s")),
            (value!(1), value!("n")),
        ];
        Literal::map(entries)
    });
}

#[test]
fn identity_is_kept() {
    built("cycle-mutual", |b| {
        let parent = b.object();
        b.set(parent, "name", "p");
        let children = b.array();
        b.set(parent, "children", children);
        for number in 0..3 {
            let child = b.value(value!({ "name": format!("c{number}") }));
            b.set(child, "parent", parent);
            b.push(children, child);
        }
        parent
    });
    built("map-key-is-value", |b| {
        let (map, object) = (b.map(), b.object());
        b.entry(map, object, object);
        b.entry(map, "x", object);
        map
    });
    // Buffers take an id, and their views another.
    built("view-ids-raw", |b| {
        let buffer = b.array_buffer(&[1, 2]);
        let view = b.view(ViewKind::Uint8, buffer, 0, 2);
        let list = b.array();
        b.push(list, view);
        let object = b.value(value!({ "o": 1 }));
        for id in [object, object, view, buffer] {
            b.push(list, id);
        }
        // The case refers to the object, then to view and buffer.
        let doc = blob("view-ids-raw");
        let doc = Document::parse(&doc).unwrap();
        assert!(doc.root()[2].is_same(doc.root()[1].value()));
        list
    });
}

#[test]
fn arrays_are_dense_or_sparse() {
    built("array-named-properties", |b| {
        let array = b.value([1, 2]);
        b.set(array, "name", "x");
        b.set(array, -1, "y");
        array
    });
    built("array-holes-named-properties", |b| {
        let array = b.value(value!([1, hole, 3]));
        b.set(array, "name", "x");
        array
    });
    built("array-sparse", |b| {
        let array = b.array();
        b.set(array, 5000, "last");
        b.set(array, 3, "three");
        array
    });
    built("array-sparse-huge", |b| {
        let array = b.array();
        b.set(array, "note", "x");
        b.push(array, "first");
        b.set(array, 4_294_967_294u32, "last");
        array
    });
    built("array-all-holes", |b| b.sparse_array(5));
    built("array-fill", |b| {
        let array = b.sparse_array(0);
        (0..4).for_each(|_| b.push(array, 7));
        array
    });
    // What is set again is replaced where it is.
    let mut b = Builder::new();
    let array = b.array();
    b.push(array, 1);
    b.set(array, 1, 2.5);
    b.set(array, 0, "a");
    assert_eq!(to_vec(&b, array), b"\xFF\x0FA\x02\"\x01aN\0\0\0\0\0\0\x04\x40$\0\x02");
}

fn to_vec(builder: &Builder, root: NodeId) -> Vec<u8> {
    builder.to_vec(root, &WriteOptions::new()).expect("bytes")
}

/// Names of properties, few and many: the first place, the last value.
#[test]
fn properties_are_set_once() {
    for count in [3, 40] {
        let mut b = Builder::new();
        let object = b.object();
        for round in 0..3 {
            for number in (0..count).rev() {
                b.set(object, format!("k{number}"), round * 100 + number);
                b.set(object, number, round);
            }
        }
        let mut buffer = Vec::new();
        let doc = b.document(object, &mut buffer).unwrap();
        let found: Vec<_> = doc
            .root()
            .properties()
            .map(|(key, value)| (key.to_str().into_owned(), value.as_i32().unwrap()))
            .collect();
        let indices = (0..count).map(|number| (number.to_string(), 2));
        let names = (0..count).rev().map(|number| (format!("k{number}"), 200 + number));
        assert_eq!(found, indices.chain(names).collect::<Vec<_>>());
    }
    // `é` is the same name in either encoding.
    let mut b = Builder::new();
    let object = b.object();
    b.set(object, "é", 1);
    b.set(object, Text::TwoByte(&[0, 0xE9], ByteOrder::Big), 2);
    assert_eq!(to_vec(&b, object), b"\xFF\x0Fo\"\x01\xE9I\x04{\x01");
}

#[test]
fn every_kind_has_its_bytes() {
    type Build = fn(&mut Builder) -> NodeId;
    let table: &[(&[u8], Build)] = &[
        (b"_", Builder::undefined),
        (b"0", Builder::null),
        (b"N\0\0\0\0\0\0\xF0\x3F", |b| b.double(1.0)),
        (b"I\x02", |b| b.value(1.0)),
        (b"T", |b| b.value(true)),
        (b"c\x02a\0", |b| b.text(Text::TwoByte(&[b'a', 0], ByteOrder::Little))),
        (b"\"\x01\xE9", |b| b.value("é")),
        (b"Z\x11\x02\0\0\0\0\0\0\0", |b| b.bigint_i128(-2)),
        (b"Z\x10\x02\0\0\0\0\0\0\0", |b| b.bigint(BigInt { negative: false, digits: &[2] })),
        (b"D\0\0\0\0\0\0\0\0", |b| b.date(0.0)),
        (b"y", |b| b.boolean_object(true)),
        (b"n\0\0\0\0\0\0\xF0\x3F", |b| b.number_object(1.0)),
        (b"z\0", |b| b.bigint_object(BigInt { negative: true, digits: &[0] })),
        (b"s\"\x01a", |b| b.string_object("a")),
        (b"R\"\x01a\x03", |b| b.regexp("a", 3)),
        (b"B\x01\x07", |b| b.array_buffer(&[7])),
        (b"C\x01\x07", |b| b.immutable_array_buffer(&[7])),
        (b"~\x01\x08\x07", |b| b.resizable_array_buffer(&[7], 8)),
        (b"t\x05", |b| b.transferred_array_buffer(5)),
        (b"u\x05", |b| b.shared_array_buffer(5)),
        (b"p\x05", |b| b.shared_object(5)),
        (b"w\x05", |b| b.wasm_module_transfer(5)),
        (b"\\\x0A\x01\x07", |b| b.host_view(ViewKind::Buffer, &[7])),
        (b"B\x02\x01\x02Vb\x01\x01\0", |b| {
            let buffer = b.array_buffer(&[1, 2]);
            b.view(ViewKind::Int8, buffer, 1, 1)
        }),
        (b"~\x02\x08\x01\x02Vb\x01\0\x03", |b| {
            let buffer = b.resizable_array_buffer(&[1, 2], 8);
            b.length_tracking_view(ViewKind::Int8, buffer, 1)
        }),
        (b"'I\x02,\x01", |b| {
            let set = b.new_set();
            b.member(set, 1);
            set
        }),
        (b"rTm\"\x01as\"\x01bcI\x02.", |b| {
            let error = b.error(Some(ErrorTag::TYPE_ERROR), "a");
            b.set_cause(error, 1);
            b.set_stack(error, "b");
            error
        }),
        (b"\\\x01\x02I\x02\x03", |b| {
            let host = b.host_object();
            b.host_bytes(host, &[1, 2]);
            b.host_value(host, 1);
            b.host_bytes(host, &[3]);
            host
        }),
    ];
    for (bytes, build) in table {
        let mut b = Builder::new();
        let root = build(&mut b);
        assert_eq!(hex(&to_vec(&b, root)[2..]), hex(bytes));
    }
}

#[test]
fn options_are_minded() {
    let mut b = Builder::new();
    let error = b.error(None, "a");
    b.set_cause(error, value!([1, 1 << 30]));
    b.set_stack(error, "b");
    let options = WriteOptions::new().version(13).smi_bits(31).cause_before_stack(true);
    let array = b"A\x02N\0\0\0\0\0\0\xF0\x3FN\0\0\0\0\0\0\xD0\x41$\0\x02";
    let all = [&b"\xFF\x0Drm\"\x01ac"[..], array, b"s\"\x01b."].concat();
    assert_eq!(b.to_vec(error, &options).unwrap(), all);
    let options = WriteOptions::new().byte_order(ByteOrder::Big);
    assert_eq!(
        value!([1.5, "\u{20AC}"]).to_vec_with(&options).unwrap(),
        b"\xFF\x0FA\x02N\x3F\xF8\0\0\0\0\0\0\0c\x02\x20\xAC$\0\x02"
    );
}

#[test]
fn rust_values_become_javascripts() {
    let list = value!([
        1u8,
        -1i64,
        u64::MAX,
        9_007_199_254_740_991i64,
        -9_007_199_254_740_992i64,
        Some("x"),
        None::<i32>,
        vec![1, 2],
        ["a"],
        'q'.to_string(),
        2.5f32,
        std::time::UNIX_EPOCH - std::time::Duration::from_micros(1500),
    ]);
    let blob = list.to_vec().unwrap();
    let doc = Document::parse(&blob).unwrap();
    let options = v8wire::inspect::InspectOptions::default();
    let shown: Vec<String> = doc
        .root()
        .elements()
        .map(|element| v8wire::inspect::to_string(element, &options))
        .collect();
    assert_eq!(
        shown,
        [
            "1",
            "-1",
            "18446744073709551615n",
            "9007199254740991",
            "-9007199254740992n",
            "'x'",
            "null",
            "[ 1, 2 ]",
            "[ 'a' ]",
            "'q'",
            "2.5",
            "1969-12-31T23:59:59.998Z",
        ]
    );
}

#[test]
fn misuse_is_told_at_the_end() {
    let misuses: [fn(&mut Builder) -> NodeId; 8] = [
        |b| {
            let map = b.map();
            b.push(map, 1);
            map
        },
        |b| {
            let map = b.map();
            b.set(map, "a", 1);
            map
        },
        |b| {
            let set = b.new_set();
            b.entry(set, 1, 1);
            set
        },
        |b| {
            let map = b.map();
            b.member(map, 1);
            map
        },
        |b| {
            let map = b.map();
            b.set_cause(map, 1);
            map
        },
        |b| {
            let map = b.map();
            b.host_bytes(map, b"");
            map
        },
        |b| {
            let map = b.map();
            b.push_hole(map);
            map
        },
        |b| {
            let list = b.sparse_array(u32::MAX);
            b.push(list, 1);
            list
        },
    ];
    for build in misuses {
        let mut b = Builder::new();
        let root = build(&mut b);
        assert!(b.to_vec(root, &WriteOptions::new()).unwrap_err().is_misuse());
        // Whatever it is put into fails as well.
        let mut other = Builder::new();
        let list = other.array();
        other.push(list, Literal::of(b, root));
        assert!(other.to_vec(list, &WriteOptions::new()).is_err());
    }
    // A node of another builder.
    let (mut one, two) = (Builder::new(), Builder::new());
    let node = one.object();
    assert!(two.to_vec(node, &WriteOptions::new()).unwrap_err().is_misuse());
}

#[test]
fn errors_have_a_path() {
    let mut b = Builder::new();
    let buffer = b.array_buffer(&[1, 2]);
    let view = b.view(ViewKind::Int16, buffer, 1, 2);
    let (root, map) = (b.object(), b.map());
    b.entry(map, "k", value!([]));
    b.entry(map, 2, view);
    let list = b.array();
    b.push(list, root);
    b.push(list, map);
    b.set(root, "a b", list);
    let error = b.to_vec(root, &WriteOptions::new()).unwrap_err();
    assert!(matches!(error.kind(), WriteErrorKind::InvalidView { .. }), "{error}");
    assert_eq!(error.path(), Some("$[\"a b\"][1]<value 1>"));
    let error = value!({ "x": [Literal::date(0.0)] }).to_vec_with(&WriteOptions::new().version(12));
    assert!(error.unwrap_err().is_version());
}

/// Values of documents, copied and written: what the engine wrote.
#[test]
fn inserted_values_come_out_identical() {
    /// V8 7.8 and 8.4 wrote some NaNs with other bits; here every NaN is the canonical one.
    const OTHER_NANS: [&str; 3] = ["app-metrics", "app-metrics-raw", "object-oddballs"];
    with_stack(|| {
        let (mut count, mut wrong) = (0, Vec::new());
        for folder in ENGINES {
            for case in cases(folder) {
                if case.has("parts") || case.has("values") || case.bytes.first() != Some(&0xFF) {
                    continue;
                }
                let engine = case.json["engine"].as_str().unwrap_or_default();
                let name = case.json["case"].as_str().unwrap_or_default();
                let mut options = engine_setup(&case).options;
                options.strictness = match name {
                    "wasm-module" => Strictness::Engine(Release::new(7, 8)),
                    "wasm-memory" => Strictness::Engine(engine.parse().unwrap_or_default()),
                    _ => Strictness::Lenient,
                };
                let Ok(doc) = options.parse(&case.bytes) else { continue };
                let old = ["node-16", "node-18", "node-20"].contains(&engine);
                let write = WriteOptions::new()
                    .version(doc.version())
                    .memory64_byte(!old)
                    .cause_before_stack(old);
                let mut builder = Builder::new();
                let root = builder.insert(doc.root().value());
                let written = builder.to_vec(root, &write);
                count += 1;
                let nans = matches!(engine, "node-12" | "node-14") && OTHER_NANS.contains(&name);
                if written.as_deref() != Ok(&case.bytes) && !nans {
                    let start = |bytes: &[u8]| hex(&bytes[..bytes.len().min(60)]);
                    let written = written.map(|bytes| start(&bytes));
                    wrong.push(format!("{}\n {written:?}\n {}", case.name(), start(&case.bytes)));
                }
            }
        }
        assert!(count > 3900, "only {count}");
        assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// Nothing recurses: building, copying, writing, dropping.
#[test]
fn deep_values_take_no_stack() {
    const DEPTH: usize = 1_000_000;
    let mut b = Builder::new();
    let mut inner = b.array();
    for _ in 1..DEPTH {
        let outer = b.array();
        b.push(outer, inner);
        inner = outer;
    }
    let mut buffer = Vec::new();
    let doc = b.document(inner, &mut buffer).unwrap();
    let mut again = Builder::new();
    let list = again.array();
    again.push(list, Literal::of(b.clone(), inner));
    let copy = again.insert(doc.root().value());
    again.push(list, copy);
    assert_eq!(to_vec(&again, copy).len(), to_vec(&b, inner).len());
    assert_eq!(to_vec(&again, list).len(), 2 * to_vec(&b, inner).len() + 3);
    // An error at the bottom.
    let buffer = b.array_buffer(&[]);
    let mut inner = b.view(ViewKind::Int8, buffer, 1, 0);
    for _ in 0..DEPTH {
        let outer = b.array();
        b.push(outer, inner);
        inner = outer;
    }
    let error = b.to_vec(inner, &WriteOptions::new()).unwrap_err();
    assert!(error.path().is_some_and(|path| path.len() < 200), "{error}");
}

#[test]
fn documents_can_be_had_of_everything() {
    let mut b = Builder::new();
    let list = b.array();
    let shared = b.shared_array_buffer(3);
    b.push(list, shared);
    let transferred = b.transferred_array_buffer(4);
    b.push(list, transferred);
    let immutable = b.immutable_array_buffer(&[1]);
    b.push(list, immutable);
    let mut buffer = b"what was there".to_vec();
    let doc = b.document(list, &mut buffer).unwrap();
    assert_eq!(doc.root()[0].external_id(), Some(3));
    assert_eq!(doc.root()[2].kind(), Kind::ArrayBuffer);
    assert_eq!(ParseOptions::new().externals, Externals::Refuse);
}
