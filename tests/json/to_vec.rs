//! JSON to bytes, case by case; over the corpus it is tested where the corpus is read.

use v8wire::json::{
    EncodeErrorKind, EncodeOptions, TypedOptions, to_typed_string, to_vec, to_vec_with,
};
use v8wire::{ByteOrder, Document, ParseOptions, Profile, Release, Strictness, WriteOptions};

use super::support::{cases, engine_setup, hex, with_stack};

/// Lines of bytes and text; see `scripts/plain-json.js`.
const PLAIN: &str = include_str!("plain-json.txt");

fn value(text: &str) -> Vec<u8> {
    let bytes = to_vec(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    bytes.strip_prefix(b"\xFF\x0F").expect("version 15").to_vec()
}

#[test]
fn plain_json_is_written_as_node_does() {
    let mut plain = EncodeOptions::default();
    plain.plain = true;
    for line in PLAIN.lines() {
        let (bytes, text) = line.split_once(' ').expect("two columns");
        // The texts have lone surrogates in escapes only.
        let text: String = serde_json::from_str(text).expect("a string");
        assert_eq!(to_vec(&text).map(|bytes| hex(&bytes)).as_deref(), Ok(bytes), "{text}");
        assert_eq!(to_vec_with(&text, &plain).map(|it| hex(&it)).as_deref(), Ok(bytes), "{text}");
    }
    assert!(PLAIN.lines().count() > 50);
}

#[test]
fn tags_mean_nothing_in_plain_json() {
    let mut plain = EncodeOptions::default();
    plain.plain = true;
    for (text, bytes) in [
        (r#"{"$date":0}"#, &b"o\"\x05$dateI\0{\x01"[..]),
        (r#"{"$v8":1,"value":2}"#, b"o\"\x03$v8I\x02\"\x05valueI\x04{\x02"),
        (r#"{"a":1,"$ref":2}"#, b"o\"\x01aI\x02\"\x04$refI\x04{\x02"),
    ] {
        assert_eq!(to_vec_with(text, &plain).unwrap()[2..], *bytes, "{text}");
    }
    assert_eq!(value(r#"{"$object":[["$ref",2]]}"#), b"o\"\x04$refI\x04{\x01");
}

/// What a writer of typed JSON never says, and a reader takes.
#[test]
fn typed_json_of_other_writers() {
    for (text, bytes) in [
        // Members in any order, escapes in tags, white space.
        (r#"{"$\u0064ate": 0.0}"#, &b"D\0\0\0\0\0\0\0\0"[..]),
        (
            r#"{"$view":{"buffer":{"$arraybuffer":"AQI="},"length":1,"offset":1,"type":"Uint8Array"}}"#,
            b"B\x02\x01\x02VB\x01\x01\0",
        ),
        (r#"{"$sparse":{"properties":[["1",true]],"length":5}}"#, b"a\x05\"\x011T@\x01\x05"),
        (r#"{"$array":{"elements":[1]}}"#, b"A\x01I\x02$\0\x01"),
        (r#"{"$bigint":"-0x2"}"#, b"Z\x11\x02\0\0\0\0\0\0\0"),
        (r#"{"$bigint":"00018446744073709551616"}"#, b"Z\x20\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0"),
        (r#"{"$regexp":["a","ig"]}"#, b"R\"\x01a\x03"),
        (r#"{"$uint32":1e2}"#, b"Ud"),
        (r#"{"$shared":{"id":5}}"#, b"u\x05"),
        (r#"{"$arraybuffer":{"bytes":""}}"#, b"B\0"),
        (r#"{"$two-byte":"\ud800"}"#, b"c\x02\x00\xD8"),
        // The document says what its numbers are.
        (r#"{"$v8":{"version":15},"value":[1,2.5]}"#, b"A\x02I\x02N\0\0\0\0\0\0\x04\x40$\0\x02"),
        // Labels need only be distinct.
        (r#"[{"$id":[9,{}]},{"$id":[1,[]]},{"$ref":1}]"#, b"A\x03o{\0A\0$\0\0^\x02$\0\x03"),
    ] {
        assert_eq!(hex(&value(text)), hex(bytes), "{text}");
    }
}

fn refused(text: &str, at: usize, reason: &str) {
    let error = to_vec(text).expect_err(text);
    let place = format!("line 1, column {}: ", at + 1);
    assert_eq!(error.to_string(), format!("{place}{reason}"), "{text}");
    assert_eq!((error.offset(), error.line()), (Some(at), Some(1)), "{text}");
}

/// Each tag says what it holds.
#[test]
fn tags_that_hold_something_else() {
    for (text, at, reason) in [
        (
            r#"{"$shared":{"id":1,"wasm-length":3,"memory":null}}"#,
            11,
            "expected either `wasm-length` or `memory` ($.$shared)",
        ),
        (
            r#"{"$arraybuffer":{"bytes":"","max":3,"immutable":true}}"#,
            16,
            "expected either `max` or `immutable` ($.$arraybuffer)",
        ),
        (r#"{"$host-view":3}"#, 14, r#"expected a list of a class and bytes ($["$host-view"])"#),
        (
            r#"{"$host-view":["Int8Array"]}"#,
            14,
            r#"expected a list of a class and bytes ($["$host-view"])"#,
        ),
        (
            r#"{"$host-view":["Int8Array","","","tagged",1]}"#,
            42,
            r#"expected the end of the list ($["$host-view"][4])"#,
        ),
        (
            r#"{"$host-view":["Int9Array",""]}"#,
            15,
            r#"no class of views has this name ($["$host-view"][0])"#,
        ),
        (r#"{"$host":true}"#, 9, "expected a list ($.$host)"),
        (
            r#"{"$wasm-memory":{"maximum":0.5,"buffer":null}}"#,
            27,
            r#"expected a whole number of 32 bits, or null ($["$wasm-memory"].maximum)"#,
        ),
        (
            r#"{"$wasm-memory":{"maximum":"1","buffer":null}}"#,
            27,
            r#"expected a whole number of 32 bits, or null ($["$wasm-memory"].maximum)"#,
        ),
        (
            r#"{"$wasm-memory":{"maximum":1,"memory64":1,"buffer":null}}"#,
            40,
            r#"expected `true` or `false` ($["$wasm-memory"].memory64)"#,
        ),
        (r#"{"$v8":{"version":15},"values":{}}"#, 31, "expected a list ($.values)"),
        (
            r#"{"$v8":{"version":15,"byteOrder":"middle"},"value":1}"#,
            33,
            "expected `big` or `little` ($.$v8.byteOrder)",
        ),
        (
            r#"{"$v8":{"version":15},"value":true,"patches":{"crc32":2856805597,"list":{}}}"#,
            72,
            "expected a list ($.patches.list)",
        ),
        (r#"{"$two-byte":1}"#, 13, r#"expected a string ($["$two-byte"])"#),
        (r#"{"$two-byte":{"$units":1}}"#, 13, r#"expected a string ($["$two-byte"])"#),
        (r#"{"$two-byte":{"$units":[65536]}}"#, 13, r#"expected a string ($["$two-byte"])"#),
        (r#"{"$set":{}}"#, 8, "expected a list ($.$set)"),
        (r#"{"$array":{"elements":{}}}"#, 22, "expected a list ($.$array.elements)"),
        (r#"{"$array":{}}"#, 10, "`elements` is missing ($.$array)"),
        (r#"{"$object":true}"#, 11, "expected a list ($.$object)"),
        (r#"{"$error":1}"#, 10, "expected an object, or a list of pairs ($.$error)"),
        (r#"{"$bigint":"-0"}"#, 11, "-0 needs its number of bytes ($.$bigint)"),
        (
            r#"{"$view":{"type":"\ud800","offset":0,"length":1,"buffer":null}}"#,
            17,
            "no class of views has this name ($.$view.type)",
        ),
        (
            r#"{"$sparse":{"length":1,"properties":3}}"#,
            36,
            "expected an object, or a list of pairs ($.$sparse.properties)",
        ),
        (r#"{"$regexp":["a"]}"#, 11, "expected a list of a pattern and its flags ($.$regexp)"),
        (
            r#"{"$error":[["message"]]}"#,
            11,
            "expected a list of a part's name and its value ($.$error[0])",
        ),
    ] {
        refused(text, at, reason);
    }
}

#[test]
fn texts_that_are_refused() {
    for (text, at, reason) in [
        ("", 0, "the text ends too early ($)"),
        (" [1,", 4, "the text ends too early ($[1])"),
        ("[1,]", 3, "no JSON value begins so ($[1])"),
        ("[1 2]", 3, "expected `,` or `]` ($[0])"),
        (r#"{"a":1,}"#, 7, "expected a key in quotes ($.a)"),
        (r#"{"a" 1}"#, 5, "expected `:` ($)"),
        (r#"{"a":1 "b":2}"#, 7, "expected `,` or `}` ($.a)"),
        ("1 1", 2, "something follows the value ($)"),
        ("nul", 3, "the text ends too early ($)"),
        ("NaN", 0, "no JSON value begins so ($)"),
        ("01", 1, "no JSON number is spelled so ($)"),
        ("1.", 2, "the text ends too early ($)"),
        ("1.x", 2, "expected a digit ($)"),
        ("-a", 1, "expected a digit ($)"),
        ("1e+a", 3, "expected a digit ($)"),
        ("\"a\nb\"", 2, "a control character within a string ($)"),
        (r#""\x""#, 2, "no such escape ($)"),
        (r#""\u12g4""#, 5, "`\\u` without four hexadecimal digits ($)"),
        (r#""a"#, 2, "the text ends too early ($)"),
        (r#"[{"a":1,"b":2,"a":3}]"#, 14, r#"duplicate key "a" ($[0].a)"#),
        (r#"{"a":1,"\u0061":2}"#, 7, r#"duplicate key "a" ($.a)"#),
        (
            r#"{"a":1,"$b":2}"#,
            7,
            "a tag beside other keys; as a plain key it needs `$object` ($.$b)",
        ),
        (r#"{"$b":2}"#, 1, "no tag of typed JSON: `$b`; as a plain key it needs `$object` ($.$b)"),
        (r#"[{"$ref":0}]"#, 9, "no `$id` 0 stands before this `$ref` ($[0].$ref)"),
        (r#"{"$id":[0,1]}"#, 8, "`$id` of a value that takes no id ($.$id[0])"),
        (r#"{"$id":[0,{"$bigint":"1"}]}"#, 8, "`$id` of a value that takes no id ($.$id[0])"),
        (r#"{"$id":[0,{"$id":[1,{}]}]}"#, 10, "two labels of one value ($.$id[1])"),
        (r#"[{"$id":[0,{}]},{"$id":[0,{}]}]"#, 24, "a label that another value has ($[1].$id[0])"),
        (r#"{"$id":[0]}"#, 7, "expected a list of a label and a value ($.$id)"),
        (r#"{"$undefined":false}"#, 14, "expected `true` ($.$undefined)"),
        (r#"{"$uint32":-1}"#, 11, "expected a whole number of 0 to 4294967295 ($.$uint32)"),
        (r#"{"$uint32":4294967296}"#, 11, "expected a whole number of 0 to 4294967295 ($.$uint32)"),
        (r#"{"$bigint":"1.5"}"#, 11, "expected the digits of an integer ($.$bigint)"),
        (
            r#"{"$bigint":{"value":"256","bytes":1}}"#,
            34,
            "too few bytes for the value ($.$bigint.bytes)",
        ),
        (
            r#"{"$bigint":{"value":"1","bytes":1000000}}"#,
            32,
            "more than 1,024 bytes above those of the value ($.$bigint.bytes)",
        ),
        (r#"{"$arraybuffer":"A"}"#, 16, "no base64 with padding ($.$arraybuffer)"),
        (r#"{"$date":"2000-02-30T00:00:00.000Z"}"#, 9, "no date of `toISOString` ($.$date)"),
        (r#"{"$map":[[1]]}"#, 9, "expected a list of a key and a value ($.$map[0])"),
        (
            r#"{"$object":[[true,1]]}"#,
            13,
            "misuse: a key that is neither a string nor a number ($.$object[0][0])",
        ),
        (r#"{"$hole":true}"#, 0, "misuse: a hole that is no element of a dense array ($)"),
        (
            r#"[{"$hole":"undefined"}]"#,
            10,
            "undefined means a hole below version 11 only ($[0].$hole)",
        ),
        (r#"{"$untagged-host":[]}"#, 0, "host objects have a tag from version 13 on ($)"),
        (r#"{"$prefix":{}}"#, 0, "`$prefix` is for version 0 ($)"),
        (r#"{"$sparse":{"length":1}}"#, 11, "`properties` is missing ($.$sparse)"),
        (
            r#"{"$sparse":{"length":1,"x":2}}"#,
            23,
            "expected one of `length`, `properties` ($.$sparse.x)",
        ),
        (
            r#"{"$error":{"name":"Error"}}"#,
            18,
            "expected one of `EvalError`, `RangeError`, `ReferenceError`, `SyntaxError`, `TypeError`, `URIError` ($.$error.name)",
        ),
        (
            r#"{"$v8":{"version":17},"value":1}"#,
            18,
            "expected a whole number of 0 to 16 ($.$v8.version)",
        ),
        (
            r#"{"$v8":{"version":15},"value":1,"values":[]}"#,
            0,
            "expected either `value` or `values` beside `$v8` ($)",
        ),
        (
            r#"{"$v8":{"version":15},"value":1,"patches":{"crc32":0,"list":[]}}"#,
            42,
            "the values are not those that `patches` was made for; remove it, or ignore it ($.patches)",
        ),
        (
            r#"{"$v8":{"version":15},"value":true,"patches":{"crc32":2856805597}}"#,
            45,
            "`list` is missing ($.patches)",
        ),
        (
            r#"{"$v8":{"version":15},"value":true,"patches":{"crc32":2856805597,"list":[[4,0,""]]}}"#,
            74,
            "expected a whole number of 0 to 3 ($.patches.list[0][0])",
        ),
        (
            r#"{"$v8":{"version":15},"value":true,"patches":{"crc32":2856805597,"list":[[2,2,""]]}}"#,
            76,
            "expected a whole number of 0 to 1 ($.patches.list[0][1])",
        ),
        (
            r#"{"$v8":{"version":15},"value":true,"patches":{"crc32":2856805597,"list":[[0,2,""],[1,1,""]]}}"#,
            83,
            "the patch begins before the end of the last one ($.patches.list[1][0])",
        ),
        (
            r#"{"$v8":{"version":15},"value":true,"patches":{"crc32":2856805597,"list":[[0,2,"?"]]}}"#,
            78,
            "no base64 with padding ($.patches.list[0][2])",
        ),
        (
            r#"{"$view":{"type":"Int16Array","offset":0,"length":3,"buffer":{"$arraybuffer":"AQID"}}}"#,
            0,
            "view is no whole number of elements ($)",
        ),
    ] {
        refused(text, at, reason);
    }
    let error = to_vec("[\n  \"é\", 1,\n  \"é\" x]").unwrap_err();
    assert_eq!((error.line(), error.column(), error.path()), (Some(3), Some(7), Some("$[2]")));
    assert!(matches!(error.kind(), EncodeErrorKind::Syntax { .. }));
    let keys: Vec<String> = (0..40).map(|key| format!(r#""k{}":0"#, key % 39)).collect();
    let error = to_vec(&format!("{{{}}}", keys.join(","))).unwrap_err();
    assert_eq!(error.kind(), &EncodeErrorKind::DuplicateKey { key: "k0".into() });
    assert_eq!(error.column(), Some(keys[..39].join(",").len() + 3));
    // Decimal digits take time with the square of their number.
    let digits = "9".repeat(19_729);
    assert!(to_vec(&format!(r#"{{"$bigint":"{digits}"}}"#)).is_ok());
    let error = to_vec(&format!(r#"{{"$bigint":"{digits}9"}}"#)).unwrap_err();
    assert!(error.to_string().contains("hexadecimal"), "{error}");
}

#[test]
fn options_write_anew() {
    let text = r#"{"$v8":{"version":13},"value":[{"$uint32":1073741824},{"$utf8":"é"},"€",
        {"$id":[7,{"$view":{"type":"Uint16Array","offset":2,"length":2,"buffer":{"$arraybuffer":"AQIDBA=="}}}]},
        {"$host-view":["Buffer","AQI="]},{"$ref":7}]}"#;
    let written = |change: &dyn Fn(&mut EncodeOptions)| {
        let mut options = EncodeOptions::default();
        change(&mut options);
        hex(&to_vec_with(text, &options).unwrap())
    };
    let hexed = |parts: &[&[u8]]| hex(&parts.concat());
    let as_told: &[u8] = b"U\x80\x80\x80\x80\x04S\x02\xC3\xA9c\x02\xAC\x20";
    let view: &[u8] = b"B\x04\x01\x02\x03\x04VW\x02\x02";
    let buffer: &[u8] = b"\\\x0A\x02\x01\x02";
    assert_eq!(
        written(&|_| ()),
        hexed(&[b"\xFF\x0DA\x06", as_told, view, buffer, b"^\x02$\0\x06"])
    );
    let anew: &[u8] = b"N\0\0\0\0\0\0\xD0\x41\"\x01\xE9c\x02\xAC\x20";
    assert_eq!(
        written(&|options| options.write = Some(WriteOptions::new().smi_bits(31))),
        hexed(&[b"\xFF\x0FA\x06", anew, view, b"\0", buffer, b"^\x02$\0\x06"])
    );
    // Host views have no buffer that takes an id.
    let old = WriteOptions::new().version(13);
    let anew: &[u8] = b"I\x80\x80\x80\x80\x08\"\x01\xE9\0c\x02\xAC\x20";
    assert_eq!(
        written(&|options| options.write = Some(old.profile(Profile::Node))),
        hexed(&[b"\xFF\x0DA\x06", anew, b"\\\x04\x02\x03\x04", buffer, b"^\x01$\0\x06"])
    );
    assert_eq!(
        written(&|options| options.write = Some(old.profile(Profile::V8))),
        hexed(&[b"\xFF\x0DA\x06", anew, view, b"B\x02\x01\x02VB\0\x02", b"^\x02$\0\x06"])
    );
    let big = WriteOptions::new().version(16).byte_order(ByteOrder::Big);
    let mut options = EncodeOptions::default();
    options.write = Some(big);
    assert_eq!(
        to_vec_with("[1.5]", &options).unwrap(),
        b"\xFF\x10A\x01N\x3F\xF8\0\0\0\0\0\0$\0\x01"
    );
    // What the options cannot do.
    let text =
        r#"{"a":{"$view":{"type":"Int8Array","offset":0,"length":1,"buffer":{"$transfer":1}}}}"#;
    options.write = Some(big.profile(Profile::Node));
    let error = to_vec_with(text, &options).unwrap_err();
    assert_eq!((error.offset(), error.path()), (None, Some("$.a")));
}

#[test]
fn big_endian_blobs_come_back() {
    with_stack(|| {
        let mut count = 0;
        for case in cases("node-18-s390x") {
            if case.has("parts") {
                continue;
            }
            let release = Strictness::Engine(Release::new(10, 2));
            let strictness = match case.json["case"].as_str() {
                // Its own engine refuses it; see corpus/README.md.
                Some("error-cause-itself") => Strictness::Lenient,
                _ => release,
            };
            let options =
                engine_setup(&case).options.byte_order(ByteOrder::Big).strictness(strictness);
            let all = case.has("values");
            let doc = if all { options.parse_all(&case.bytes) } else { options.parse(&case.bytes) };
            let text = to_typed_string(&doc.expect("blob"), &TypedOptions::default()).unwrap();
            let written = to_vec(&text).unwrap_or_else(|error| panic!("{}: {error}", case.name()));
            assert_eq!(hex(&written), hex(&case.bytes), "{}", case.name());
            count += 1;
        }
        assert!(count > 300, "only {count}");
    });
}

#[test]
fn deep_texts_take_no_stack() {
    // More in tests/limits.
    const DEPTH: usize = 100_000;
    for (open, close) in [
        ("[", "]"),
        (r#"{"a":"#, "}"),
        (r#"{"$map":[[1,"#, "]]}"),
        (r#"{"$error":{"cause":"#, "}}"),
        (r#"{"$host":["AA==",["#, "]]}"),
    ] {
        let text = [&*open.repeat(DEPTH), "1", &close.repeat(DEPTH)].concat();
        let blob = to_vec(&text).unwrap_or_else(|error| panic!("{open}: {error}"));
        assert!(blob.len() > 2 * DEPTH);
        if open == "[" {
            let options = ParseOptions::new().max_depth(u32::MAX);
            assert_eq!(options.parse(&blob).unwrap().node_count(), DEPTH + 1);
            let mut anew = EncodeOptions::default();
            anew.write = Some(WriteOptions::new());
            assert_eq!(to_vec_with(&text, &anew).as_ref(), Ok(&blob));
        }
        let bad = [&*open.repeat(DEPTH), r#"{"$date":true}"#, &close.repeat(DEPTH)].concat();
        let error = to_vec(&bad).unwrap_err();
        assert!(error.path().is_some_and(|path| path.len() < 400), "{error}");
    }
    assert!(to_vec(&"[".repeat(DEPTH)).is_err());
}

/// Damaged texts: nothing panics, and what is taken is read again.
#[test]
fn damaged_texts_are_refused_or_written() {
    let texts: Vec<String> = with_stack(|| {
        cases("node-22")
            .into_iter()
            .chain(cases("handmade"))
            .filter(|case| case.bytes.len() <= 16)
            .filter_map(|case| {
                let options = ParseOptions::new().lenient().externals(v8wire::Externals::Keep);
                let doc = options.parse(&case.bytes).ok()?;
                to_typed_string(&doc, &TypedOptions::default()).ok()
            })
            .collect()
    });
    assert!(texts.len() > 100, "only {}", texts.len());
    let (mut good, mut bad) = (0, 0);
    for text in &texts {
        for at in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
            let (before, behind) = text.split_at(at);
            let mut rest = behind.chars();
            rest.next();
            for put in ["", "1", "-", "\"", "{", "]", "$", ",", "null", "\\"] {
                let damaged = [before, put, rest.as_str()].concat();
                match to_vec(&damaged) {
                    Err(error) => {
                        bad += 1;
                        assert!(error.offset().is_some_and(|offset| offset <= damaged.len()));
                    }
                    Ok(blob) => {
                        good += 1;
                        assert!(!blob.is_empty());
                    }
                }
            }
        }
    }
    assert!(good > 1000 && bad > 10_000, "{good} good, {bad} bad");
    assert!(Document::parse(&to_vec("[]").unwrap()).is_ok());
}

/// What V8's first reading of version 13 left of a memory is in the text for its patches only.
#[test]
fn memory_with_nothing_needs_its_patches() {
    let blob = b"\xFF\x0DA\x03B\0VB\0\0D\"\x0B\0\0\0\0\0\0m\x01\0^\x01^\x04$\0\x03";
    let document = Document::parse(blob).unwrap();
    let mut options = TypedOptions::default();
    let text = to_typed_string(&document, &options).unwrap();
    assert_eq!(to_vec(&text).unwrap(), blob);
    options.canonical = true;
    let text = to_typed_string(&document, &options).unwrap();
    let reason = "misuse: a memory holds one shared buffer, its buffer one memory \
                  ($.value[2][\"$wasm-memory\"].buffer)";
    refused(&text, text.find(r#"{"$undefined""#).unwrap(), reason);
}
