//! Documents as what serde serializes and deserializes.
#![cfg(feature = "serde")]

mod serde_any;
mod support;

use serde::{Deserialize, Serialize};
use serde_any::{Any, sorted};
use support::{ENGINES, cases, engine_setup, with_stack};
use v8wire::{DeserializeOptions, Document, ErrorKind, Profile, SerializeOptions, json};

fn blob(body: &[u8]) -> Vec<u8> {
    [&[0xFF, 15], body].concat()
}

fn to_json(body: &[u8]) -> Result<String, String> {
    let bytes = blob(body);
    let document = Document::parse(&bytes).unwrap();
    serde_json::to_string(&document).map_err(|error| error.to_string())
}

#[test]
fn each_kind_as_json() {
    for (body, text) in [
        (&b"_"[..], "null"),
        (b"0", "null"),
        (b"T", "true"),
        (b"y", "true"),
        (b"I\x01", "-1"),
        (b"N\0\0\0\0\0\0\xF8\x3F", "1.5"),
        (b"N\0\0\0\0\0\0\0\x80", "-0.0"),
        (b"N\0\0\0\0\0\0\0\x42", "8589934592"),
        (b"n\0\0\0\0\0\0\xF0\x3F", "1"),
        (b"Z\x11\x07\0\0\0\0\0\0\0", r#""-7""#),
        (b"\"\x01\xE9", r#""é""#),
        (b"s\"\x01a", r#""a""#),
        (b"D\0\0\0\0\0\0\xF0\x3F", "1"),
        (b"D\0\0\0\0\0\0\xF8\x7F", "null"),
        (b"R\"\x01a\x01", r#""/a/g""#),
        (b"o\"\x01aI\x02I\x04T{\x02", r#"{"a":1,"2":true}"#),
        (b"A\x03I\x02-_\"\x01kT$\x01\x03", "[1,null,null]"),
        (b"a\x03I\x02T@\x01\x03", "[null,true,null]"),
        (b";\"\x01aI\x02:\x02", r#"{"a":1}"#),
        (b";I\x02I\x04:\x02", "[[1,2]]"),
        (b"'I\x02,\x01", "[1]"),
        (b"B\x02hi", "[104,105]"),
        (b"\\\x0A\x02hi", "[104,105]"),
        (b"\\\x08\x08\0\0\0\0\0\0\xE0\x3F", "[0.5]"),
        (b"\\\x0B\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "[-1]"),
        (b"rTm\"\x01xcI\x02.", r#"{"name":"TypeError","message":"x","cause":1}"#),
        (b"A\x02o{\0^\x01$\0\x02", "[{},{}]"),
    ] {
        assert_eq!(to_json(body).as_deref(), Ok(text), "{body:02x?}");
    }
    let bytes = blob(b"u\0");
    let keep = v8wire::ParseOptions::new().externals(v8wire::Externals::Keep);
    let document = keep.parse(&bytes).unwrap();
    let error = serde_json::to_string(&document.root()).unwrap_err().to_string();
    assert!(error.contains("buffer whose bytes are elsewhere cannot be serialized"), "{error}");
}

#[test]
fn cycles_depth_and_repeats_are_bounded() {
    assert_eq!(
        to_json(b"o\"\x01a^\0{\x01").unwrap_err(),
        "cyclic value at offset 6: the value at offset 2 contains itself"
    );
    let nested =
        |depth: usize| [b"A\x01".repeat(depth), b"0".to_vec(), b"$\0\x01".repeat(depth)].concat();
    assert_eq!(to_json(&nested(128)).unwrap().len(), 128 + 4 + 128);
    let error = to_json(&nested(129)).unwrap_err();
    assert_eq!(error, "limit exceeded at offset 258: depth above 128");
    to_json(&nested(100_000)).unwrap_err();
    // 2^60 values in less than a kilobyte: each array holds the one before twice.
    let mut bomb = b"A\x02".repeat(60);
    bomb.extend_from_slice(b"A\0$\0\0");
    for id in (1..=60).rev() {
        bomb.extend_from_slice(&[b'^', id, b'$', 0, 2]);
    }
    let bytes = blob(&bomb);
    assert!(bytes.len() < 1024);
    let document = Document::parse(&bytes).unwrap();
    assert!(document.node_count() < 200);
    let error = serde_json::to_writer(std::io::sink(), &document).unwrap_err().to_string();
    assert!(error.contains("repeated values above 16777216"), "{error}");
    let max = 1 << 16;
    let error = DeserializeOptions::new().max_repeats(max).from_slice::<Any>(&bytes).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::LimitExceeded { limit: "repeated values", max });
    let mut options = json::PlainOptions::default();
    options.max_nodes = max;
    let error = json::to_plain_string(document.root().value(), &options).unwrap_err();
    assert!(error.is_limit(), "{error}");
    // Typed JSON keeps the references.
    assert!(json::to_typed_string(&document, &json::TypedOptions::default()).unwrap().len() < 4096);
}

#[test]
fn values_are_deserializers() {
    let bytes = blob(b"o\"\x01aA\x02I\x02\"\x01x$\0\x02{\x01");
    let document = Document::parse(&bytes).unwrap();
    #[derive(Debug, PartialEq, Deserialize)]
    struct Of<'a> {
        #[serde(borrow)]
        a: (u8, &'a str),
    }
    assert_eq!(Of::deserialize(&document).unwrap(), Of { a: (1, "x") });
    assert_eq!(Of::deserialize(document.root()).unwrap(), Of { a: (1, "x") });
    assert_eq!(<(u8, &str)>::deserialize(document.root()["a"].value()).unwrap(), (1, "x"));
    let error = <Vec<u8>>::deserialize(&document.root()["a"]).unwrap_err();
    assert_eq!(error.to_string(), "$[1]: invalid type: string \"x\", expected u8 at offset 10");
}

#[test]
fn documents_of_rust_values() {
    #[derive(Serialize)]
    struct User {
        name: &'static str,
        since: v8wire::js::Date,
    }
    let mut buffer = b"what was there".to_vec();
    let user = User { name: "Ada", since: v8wire::js::Date::from_millis(0) };
    let document = Document::from_serialize(&user, &mut buffer).unwrap();
    assert_eq!(
        v8wire::inspect::to_string(document.root().value(), &Default::default()),
        "{ name: 'Ada', since: 1970-01-01T00:00:00.000Z }"
    );
}

/// A document, written by way of serde, is the same value as before, only without identity.
#[test]
fn the_corpus_by_way_of_serde() {
    with_stack(|| {
        let (mut same, mut without) = (0, 0);
        for case in ENGINES.into_iter().flat_map(cases).filter(|case| case.has("value")) {
            let mut parse = engine_setup(&case).options;
            parse.strictness = v8wire::Strictness::Lenient;
            let Ok(document) = parse.parse(&case.bytes) else { continue };
            let mut options = SerializeOptions::new().profile(Profile::V8);
            options.write.byte_order = parse.byte_order;
            options.write.version = 16;
            let written = match options.to_vec(&document) {
                Ok(written) => written,
                Err(_) => {
                    without += 1;
                    continue;
                }
            };
            let parse = v8wire::ParseOptions::new().byte_order(parse.byte_order);
            let again = parse.parse(&written).unwrap();
            let mut read = v8wire::DeserializeOptions::new();
            read.max_repeats = 1 << 20;
            let [before, after] = [&document, &again].map(|document| {
                format!("{:?}", read.from_document::<Any>(document).ok().map(sorted))
            });
            assert_eq!(before, after, "{}", case.name());
            same += 1;
        }
        println!("{same} the same, {without} not serialized");
        assert!(same > 3000 && without < 500);
    });
}

/// What a child process sent, by way of serde: views as host objects of messages.
#[test]
fn messages_of_child_processes() {
    let message = support::corpus().join("node-22/channel-views.v8");
    let bytes = std::fs::read(message).unwrap();
    let document = v8wire::ParseOptions::new().profile(Profile::NodeIpc).parse(&bytes).unwrap();
    let written = SerializeOptions::new().profile(Profile::NodeIpc).to_vec(&document).unwrap();
    assert_eq!(written, bytes);
}
