//! Plain and typed JSON: over the corpus, and case by case.

#[path = "json/encode.rs"]
mod encode;
#[path = "json/plain.rs"]
mod plain;
mod support;
#[path = "json/to_vec.rs"]
mod to_vec;
#[path = "json/tree.rs"]
mod tree;

use std::collections::BTreeMap;

use support::{Case, ENGINES, cases, engine_setup, hex, verdict_setup, with_stack};
use v8wire::json::{
    self, Cycles, EncodeError, PlainOptions, TypedOptions, to_plain_string, to_typed_string,
};
use v8wire::{ByteOrder, Document, Externals, ParseOptions, Release, Strictness};

/// Pieces that no value begins.
const NO_VALUE: &str = "parts";
/// Names a transferred buffer twice, which gives it two ids; one label is all that it has.
const NAMED_TWICE: &str = "transfer-twice";

fn typed(doc: &Document<'_>) -> String {
    to_typed_string(doc, &TypedOptions::default()).expect("typed JSON")
}

/// Without patches.
fn canonical(doc: &Document<'_>) -> String {
    let mut options = TypedOptions::default();
    options.canonical = true;
    to_typed_string(doc, &options).expect("typed JSON")
}

/// The start of the bytes, or the error.
fn shown(written: &Result<Vec<u8>, EncodeError>) -> String {
    match written {
        Ok(bytes) => hex(&bytes[..bytes.len().min(80)]),
        Err(error) => error.to_string(),
    }
}

/// A release that reads what this engine wrote.
fn options_of(case: &Case, folder: &str) -> ParseOptions {
    let mut options = engine_setup(case).options;
    let release = folder.strip_prefix("node-").and_then(|major| Release::node(major.parse().ok()?));
    options.strictness = match case.json["case"].as_str() {
        Some("wasm-module") if case.bytes.contains(&b'W') => Strictness::Engine(Release::new(7, 8)),
        Some("wasm-memory") => Strictness::Engine(release.unwrap_or_default()),
        _ => Strictness::Lenient,
    };
    options
}

/// Both forms are JSON, with and without indentation.
fn check_both(doc: &Document<'_>) {
    for indent in [None, Some(2)] {
        let mut options = TypedOptions::default();
        options.indent = indent;
        let text = to_typed_string(doc, &options).expect("typed JSON");
        support::parse_json(&text);
        for value in doc.values() {
            let mut options = PlainOptions::default();
            options.indent = indent;
            options.cycles = Cycles::Path;
            let text = to_plain_string(value, &options).expect("plain JSON");
            support::parse_json(&text);
        }
    }
}

#[test]
fn engines_blobs_come_back_from_typed_json() {
    with_stack(|| {
        let (mut count, mut wrong) = (0, Vec::new());
        for folder in ENGINES {
            for case in cases(folder) {
                if case.json["case"] == NO_VALUE {
                    continue;
                }
                let options = options_of(&case, folder);
                let several = case.has("values");
                let parsed = if several {
                    options.parse_all(&case.bytes)
                } else {
                    options.parse(&case.bytes)
                };
                let doc = match parsed {
                    Ok(doc) => doc,
                    Err(error) => {
                        wrong.push(format!("{}: {error}", case.name()));
                        continue;
                    }
                };
                count += 1;
                check_both(&doc);
                let text = typed(&doc);
                let back = encode::encode(&text);
                let written = json::to_vec(&text);
                if text != canonical(&doc) {
                    wrong.push(format!("{}: has patches", case.name()));
                }
                if written.as_deref() != Ok(&case.bytes) {
                    wrong.push(format!("{}: to_vec: {}", case.name(), shown(&written)));
                }
                if back != case.bytes {
                    let [a, b] =
                        [&case.bytes, &back].map(|bytes| hex(&bytes[..bytes.len().min(80)]));
                    let text = text.get(..400).unwrap_or(&text);
                    wrong.push(format!("{}\n  {a}\n  {b}\n  {text}", case.name()));
                }
            }
        }
        assert!(count > 4000, "only {count} blobs");
        assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
        println!("{count} blobs");
    });
}

/// Whatever the bytes, they come back; and what the values do not say of them makes no difference to the
/// meaning.
#[test]
fn handmade_blobs_come_back_from_typed_json() {
    with_stack(|| {
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let (mut count, mut patched, mut wrong) = (0, 0, Vec::new());
        for case in cases("handmade").into_iter().chain(cases("refused")) {
            for lenient in [false, true] {
                let mut options = verdict_setup(&case, Release::NEWEST).options;
                if lenient {
                    options.strictness = Strictness::Lenient;
                    options.externals = Externals::Keep;
                }
                let Ok(doc) = options.parse(&case.bytes) else { continue };
                count += 1;
                check_both(&doc);
                let (text, values) = (typed(&doc), canonical(&doc));
                let back = encode::encode(&text);
                let written = json::to_vec(&text);
                if written.as_deref() != Ok(&case.bytes) || back != case.bytes {
                    let shown = [shown(&written), shown(&Ok(back))];
                    wrong.push(format!("{}: {shown:?}\n  {text}", case.name()));
                }
                // Equal texts say the same bytes.
                if let Some(other) = texts.insert(text.clone(), hex(&case.bytes)) {
                    assert_eq!(other, hex(&case.bytes), "{}", case.name());
                }
                if values == text {
                    continue;
                }
                patched += 1;
                let bytes = encode::encode(&values);
                assert_eq!(json::to_vec(&values).as_ref(), Ok(&bytes), "{values}");
                let again = options.parse(&bytes).map(|doc| canonical(&doc));
                if again.as_ref() != Ok(&values) && case.json["case"] != NAMED_TWICE {
                    wrong.push(format!(
                        "{} lenient {lenient}\n  {}\n  {}\n  {values}\n  {again:?}",
                        case.name(),
                        hex(&case.bytes),
                        hex(&bytes),
                    ));
                }
            }
        }
        assert!(count > 800 && patched > 100, "only {count} blobs, {patched} with patches");
        assert!(wrong.is_empty(), "{} of {count}\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// The value of a blob, read leniently.
fn parsed(blob: &[u8]) -> Document<'_> {
    ParseOptions::new().lenient().externals(Externals::Keep).parse(blob).expect("blob")
}

fn typed_value(blob: &[u8]) -> String {
    let text = typed(&parsed(blob));
    let value = text.strip_prefix(r#"{"$v8":{"version":15},"value":"#).expect("version 15");
    value.strip_suffix('}').expect("the end").into()
}

#[test]
fn typed_json_of_single_values() {
    for (blob, text) in [
        // A plain JSON value means itself.
        (&b"\xFF\x0F0"[..], "null"),
        (b"\xFF\x0FT", "true"),
        (b"\xFF\x0FI\x01", "-1"),
        (b"\xFF\x0FN\0\0\0\0\0\0\xF8\x3F", "1.5"),
        (b"\xFF\x0FN\0\0\0\0\0\0\xE0\x41", "2147483648"),
        (b"\xFF\x0F\"\x02a\xE9", "\"aé\""),
        (b"\xFF\x0Fc\x04a\0\xAC\x20", "\"a€\""),
        (b"\xFF\x0Fo\"\x01aI\x02{\x01", r#"{"a":1}"#),
        (b"\xFF\x0FoI\x02I\x02\"\x01aI\x04{\x02", r#"{"1":1,"a":2}"#),
        (b"\xFF\x0FA\x02I\x02T$\0\x02", "[1,true]"),
        // What JSON has no word for.
        (b"\xFF\x0F_", r#"{"$undefined":true}"#),
        (b"\xFF\x0FU\x01", r#"{"$uint32":1}"#),
        (b"\xFF\x0FN\0\0\0\0\0\0\xF0\x3F", r#"{"$double":1}"#),
        (b"\xFF\x0FN\0\0\0\0\0\0\0\x80", r#"{"$double":"-0"}"#),
        (b"\xFF\x0FN\0\0\0\0\0\0\xF8\x7F", r#"{"$double":"NaN"}"#),
        (b"\xFF\x0FN\x01\0\0\0\0\0\xF8\x7F", r#"{"$double":"0x7ff8000000000001"}"#),
        (b"\xFF\x0FN\0\0\0\0\0\0\xF0\xFF", r#"{"$double":"-Infinity"}"#),
        (b"\xFF\x0FZ\x11\x02\0\0\0\0\0\0\0", r#"{"$bigint":"-2"}"#),
        (b"\xFF\x0FZ\0", r#"{"$bigint":"0"}"#),
        (b"\xFF\x0FZ\x02\x02", r#"{"$bigint":{"value":"2","bytes":1}}"#),
        (b"\xFF\x0FZ\x03\0", r#"{"$bigint":{"value":"-0","bytes":1}}"#),
        (b"\xFF\x0FS\x01a", r#"{"$utf8":"a"}"#),
        (b"\xFF\x0FS\x01\xFF", r#"{"$utf8":{"base64":"/w=="}}"#),
        (b"\xFF\x0Fc\x02a\0", r#"{"$two-byte":"a"}"#),
        (b"\xFF\x0Fc\x06a\0\x3D\xD8b\0", r#"{"$units":["a",55357,"b"]}"#),
        (b"\xFF\x0FD\0\0\0\0\0\0\0\0", r#"{"$date":"1970-01-01T00:00:00.000Z"}"#),
        (b"\xFF\x0FD\0\0\0\0\0\0\xE0\x3F", r#"{"$date":0.5}"#),
        (b"\xFF\x0FD\0\0\0\0\0\0\xF8\x7F", r#"{"$date":"NaN"}"#),
        (b"\xFF\x0Fy", r#"{"$boolean-object":true}"#),
        (b"\xFF\x0Fn\0\0\0\0\0\0\xF0\x3F", r#"{"$number-object":1}"#),
        (b"\xFF\x0Fz\0", r#"{"$bigint-object":"0"}"#),
        (b"\xFF\x0Fs\"\x01a", r#"{"$string-object":"a"}"#),
        (b"\xFF\x0FR\"\x01a\x03", r#"{"$regexp":["a","gi"]}"#),
        (b"\xFF\x0FB\x03\x01\x02\x03", r#"{"$arraybuffer":"AQID"}"#),
        (b"\xFF\x0F~\x01\x08\x01", r#"{"$arraybuffer":{"bytes":"AQ==","max":8}}"#),
        (b"\xFF\x0FC\x01\x01", r#"{"$arraybuffer":{"bytes":"AQ==","immutable":true}}"#),
        (b"\xFF\x0Ft\x05", r#"{"$transfer":5}"#),
        (b"\xFF\x0Fu\x05", r#"{"$shared":5}"#),
        (b"\xFF\x0Fw\x05", r#"{"$wasm-module":5}"#),
        (b"\xFF\x0Fp\x05", r#"{"$shared-object":5}"#),
        (b"\xFF\x0F\\\x01\x02\x07\x08", r#"{"$host-view":["Uint8Array","Bwg="]}"#),
        (
            b"\xFF\x0FB\x02\x01\x02VB\x01\x01\0",
            r#"{"$view":{"type":"Uint8Array","offset":1,"length":1,"buffer":{"$arraybuffer":"AQI="}}}"#,
        ),
        // Containers that are more than JSON's.
        (b"\xFF\x0Fo\"\x02$aT{\x01", r#"{"$object":[["$a",true]]}"#),
        (b"\xFF\x0Fo\"\x011T{\x01", r#"{"$object":[["1",true]]}"#),
        (b"\xFF\x0FoI\x01T{\x01", r#"{"$object":[[-1,true]]}"#),
        (b"\xFF\x0FoI\x04TI\x02T{\x02", r#"{"$object":[[2,true],[1,true]]}"#),
        (b"\xFF\x0Fo\"\x01aTI\x02T{\x02", r#"{"$object":[["a",true],[1,true]]}"#),
        (b"\xFF\x0Fo\"\x01aT\"\x01aF{\x02", r#"{"$object":[["a",true],["a",false]]}"#),
        (b"\xFF\x0Fo\"\x01aTS\x01aF{\x02", r#"{"$object":[["a",true],[{"$utf8":"a"},false]]}"#),
        (b"\xFF\x0FA\x01-$\0\x01", r#"[{"$hole":true}]"#),
        (
            b"\xFF\x0FA\x01T\"\x01aF$\x01\x01",
            r#"{"$array":{"elements":[true],"properties":{"a":false}}}"#,
        ),
        (b"\xFF\x0Fa\x05I\x02T@\x01\x05", r#"{"$sparse":{"length":5,"properties":{"1":true}}}"#),
        (b"\xFF\x0F;I\x02T:\x02", r#"{"$map":[[1,true]]}"#),
        (b"\xFF\x0F'I\x02T,\x02", r#"{"$set":[1,true]}"#),
        (
            b"\xFF\x0FrTm\"\x01as\"\x01bc0.",
            r#"{"$error":{"name":"TypeError","message":"a","stack":"b","cause":null}}"#,
        ),
        (b"\xFF\x0Frm\"\x01am\"\x01b.", r#"{"$error":[["message","a"],["message","b"]]}"#),
        (b"\xFF\x0FA\x02o{\0^\x01$\0\x02", r#"[{"$id":[1,{}]},{"$ref":1}]"#),
        (b"\xFF\x0Fo\"\x01a^\0{\x01", r#"{"$id":[0,{"a":{"$ref":0}}]}"#),
    ] {
        assert_eq!(typed_value(blob), text, "{}", hex(blob));
        assert_eq!(hex(&encode::encode(&typed(&parsed(blob)))), hex(blob), "{text}");
    }
}

#[test]
fn typed_json_of_documents() {
    let new = ParseOptions::new;
    for (blob, options, text) in [
        (&b"\xFF\x0DT"[..], new(), r#"{"$v8":{"version":13},"value":true}"#),
        (
            b"T",
            new().headerless_version(13),
            r#"{"$v8":{"version":13,"header":false},"value":true}"#,
        ),
        (
            b"\xFF\x0FN\x3F\xF8\0\0\0\0\0\0",
            new().byte_order(ByteOrder::Big),
            r#"{"$v8":{"version":15,"byteOrder":"big"},"value":1.5}"#,
        ),
        // Built from the stack, and not.
        (b"I\x02T{\x01", new(), r#"{"$v8":{"version":0,"header":false},"value":{"1":true}}"#),
        (b"o{\0", new(), r#"{"$v8":{"version":0,"header":false},"value":{"$prefix":{}}}"#),
        // Below version 12 a pattern has no tag, below 11 undefined is a hole.
        (
            b"\xFF\x0BR\x02\xC3\xA9\0",
            new(),
            r#"{"$v8":{"version":11},"value":{"$regexp":["é",""]}}"#,
        ),
        (
            b"\xFF\x0AA\x02_-$\0\x02",
            new(),
            r#"{"$v8":{"version":10},"value":[{"$hole":"undefined"},{"$hole":true}]}"#,
        ),
    ] {
        let doc = options.parse(blob).expect("blob");
        assert_eq!(typed(&doc), text);
        assert_eq!(hex(&encode::encode(text)), hex(blob), "{text}");
    }
    let doc = new().parse_all(b"\xFF\x0FI\x02T").expect("two values");
    assert_eq!(typed(&doc), r#"{"$v8":{"version":15},"values":[1,true]}"#);
    let headers = b"\xFF\x0FI\x02\xFF\x0DT";
    let doc = new().parse_all(headers).expect("two headers");
    assert_eq!(typed(&doc), r#"{"$v8":{"version":15},"values":[1,{"$header":[13,true]}]}"#);
    assert_eq!(encode::encode(&typed(&doc)), headers);
    let doc = new().parse_all(b"\xFF\x0F").expect("no values");
    assert_eq!(typed(&doc), r#"{"$v8":{"version":15},"values":[]}"#);
}

#[test]
fn typed_json_of_what_no_writer_writes() {
    let lenient = || ParseOptions::new().lenient().externals(Externals::Keep);
    for (blob, options, text) in [
        // Padding.
        (
            &b"\xFF\x0FA\x01\0\0I\x02\0$\0\x01"[..],
            lenient(),
            r#"{"$v8":{"version":15},"value":[1],"patches":{"crc32":3908012856,"list":[[4,2,"AABJAgA="]]}}"#,
        ),
        // A wrong count.
        (
            b"\xFF\x0F'T,\x05",
            lenient(),
            r#"{"$v8":{"version":15},"value":{"$set":[true]},"patches":{"crc32":3476084589,"list":[[5,1,"BQ=="]]}}"#,
        ),
        // A header of two bytes and a number of three: what differs within a few bytes is one patch.
        (
            b"\xFF\x8F\0I\x82\x80\0",
            lenient(),
            r#"{"$v8":{"version":15},"value":1,"patches":{"crc32":1000868784,"list":[[1,3,"jwBJgoAA"]]}}"#,
        ),
        // The second id of what is one object.
        (
            b"\xFF\x0FA\x03t\0t\0^\x02$\0\x03",
            lenient(),
            r#"{"$v8":{"version":15},"value":[{"$id":[2,{"$transfer":0}]},{"$transfer":0},{"$ref":2}],"patches":{"crc32":2420500433,"list":[[9,1,"Ag=="]]}}"#,
        ),
    ] {
        let doc = options.parse(blob).expect("blob");
        assert_eq!(typed(&doc), text);
        assert_eq!(json::to_vec(text).as_deref(), Ok(blob), "{text}");
        assert_eq!(hex(&encode::encode(text)), hex(blob), "{text}");
        let values = canonical(&doc);
        let without = text.split(r#","patches""#).next().expect("the values");
        assert_eq!(values, format!("{without}}}"));
        let mut ignoring = json::EncodeOptions::default();
        ignoring.ignore_patches = true;
        assert_eq!(json::to_vec_with(text, &ignoring), json::to_vec(&values));
        assert_ne!(json::to_vec(&values).as_deref(), Ok(blob));
        // What is written anew has no place for them.
        let mut anew = json::EncodeOptions::default();
        anew.write = Some(v8wire::WriteOptions::new());
        assert_eq!(json::to_vec_with(text, &anew), json::to_vec_with(&values, &anew));
    }
    let doc = lenient().parse(b"\xFF\x0F\0T").expect("padding");
    let mut pretty = TypedOptions::default();
    pretty.indent = Some(1);
    assert_eq!(
        to_typed_string(&doc, &pretty).expect("typed JSON"),
        "{\n \"$v8\": {\"version\": 15},\n \"value\": true,\n \"patches\": {\n  \"crc32\": 2856805597,\n  \
         \"list\": [\n   [2, 0, \"AA==\"]\n  ]\n }\n}"
    );
    // Of what is read in pieces nobody knows what stood between them.
    let mut pieces = v8wire::ValueDeserializer::new(b"\xFF\x0F\0T");
    pieces.read_header().and_then(|_| pieces.read_value().map(drop)).expect("a value");
    assert_eq!(typed(pieces.document()), r#"{"$v8":{"version":15},"value":true}"#);
}

/// What a text keeps of bytes that differ much, or everywhere, is no more than in proportion to them.
#[test]
fn patches_are_small() {
    let array = |element: &[u8], count: usize| {
        let mut blob = b"\xFF\x0FA\x90\x4E".to_vec();
        blob.extend(element.repeat(count));
        blob.extend(b"$\0\x90\x4E");
        blob
    };
    for (element, most) in [
        (&b"\0I\x02"[..], 4.0),
        (b"I\x82\0", 4.0),
        (b"?\x05T", 4.0),
        (b"\"\x88\0abcdefgh", 3.0),
        (b"\0\0\0\"\x05abcde", 4.0),
        (b"c\x02\xAC\x20\0c\x02\xAC\x20", 3.0),
    ] {
        let count = if element[0] == b'c' { 5000 } else { 10_000 };
        let blob = array(element, count);
        let doc = ParseOptions::new().parse(&blob).expect("blob");
        let text = typed(&doc);
        let more = text.len() - canonical(&doc).len();
        assert!(
            more as f64 <= most * blob.len() as f64,
            "{element:02x?}: {more} of {}",
            blob.len()
        );
        assert_eq!(json::to_vec(&text).as_ref(), Ok(&blob));
    }
}

/// Digits of a bigint that say nothing are not in the text, unless they are many.
#[test]
fn bigints_with_leading_zeros_come_back() {
    for zeros in [1, 7, 1023, 1024, 1025, 5000] {
        for (sign, low) in [(0, 1), (1, 1), (1, 0)] {
            let mut output = vec![0xFF, 15, b'Z'];
            let mut bitfield = (zeros + 1) << 1 | sign;
            while bitfield >= 0x80 {
                output.push(bitfield as u8 | 0x80);
                bitfield >>= 7;
            }
            output.extend([bitfield as u8, low]);
            output.resize(output.len() + zeros, 0);
            let text = typed(&parsed(&output));
            assert_eq!(json::to_vec(&text).as_ref(), Ok(&output), "{text}");
            assert_eq!(encode::encode(&text), output, "{text}");
            assert!(!text.contains("patches"), "{text}");
        }
    }
}
