//! Plain JSON, its options and limits; and what is deep or repeats itself in both kinds.

use v8wire::ParseOptions;
use v8wire::json::{
    BigInts, Bytes, Cycles, PlainOptions, TypedOptions, to_plain_string, to_typed_string,
};

use super::{hex, parsed, typed};

fn plain_with(blob: &[u8], change: impl FnOnce(&mut PlainOptions)) -> String {
    let mut options = PlainOptions::default();
    change(&mut options);
    to_plain_string(parsed(blob).root().value(), &options).expect("plain JSON")
}

fn plain(blob: &[u8]) -> String {
    plain_with(blob, |_| ())
}

#[test]
fn plain_json_of_single_values() {
    for (blob, text) in [
        (&b"\xFF\x0F_"[..], "null"),
        (b"\xFF\x0FN\0\0\0\0\0\0\0\x80", "0"),
        (b"\xFF\x0FN\0\0\0\0\0\0\xF8\x7F", "null"),
        (b"\xFF\x0FN\0\0\0\0\0\0\xF0\xFF", "null"),
        (b"\xFF\x0FN\x50\xEF\xE2\xD6\xE4\x1A\x4B\x44", "1e+21"),
        (b"\xFF\x0FZ\x11\x02\0\0\0\0\0\0\0", "\"-2\""),
        (b"\xFF\x0Fc\x02\x3D\xD8", "\"\u{FFFD}\""),
        (b"\xFF\x0FA\x03_-I\x02$\0\x03", "[null,null,1]"),
        (b"\xFF\x0FA\x01TI\x06F\"\x01aF$\x02\x01", "[true,null,null,false]"),
        (b"\xFF\x0Fa\x03I\x02T\"\x01aF@\x02\x03", "[null,true,null]"),
        (
            b"\xFF\x0Fa\xFF\xFF\xFF\xFF\x0FI\x0AT@\x01\xFF\xFF\xFF\xFF\x0F",
            r#"{"5":true,"length":4294967295}"#,
        ),
        (b"\xFF\x0Fo\"\x01a_\"\x01bTI\x02F{\x03", r#"{"b":true,"1":false}"#),
        (b"\xFF\x0F;\"\x01aT\"\x01bF:\x04", r#"{"a":true,"b":false}"#),
        (b"\xFF\x0F;\"\x01aTI\x02A\0$\0\0:\x04", r#"[["a",true],[1,[]]]"#),
        (b"\xFF\x0F;:\0", "{}"),
        (b"\xFF\x0F'T_,\x02", "[true,null]"),
        (b"\xFF\x0FD\0\0\0\0\0\0\0\0", "\"1970-01-01T00:00:00.000Z\""),
        (b"\xFF\x0FD\0\0\0\0\0\0\xF8\x7F", "null"),
        (b"\xFF\x0FR\"\x03a\"b\x03", r#""/a\"b/gi""#),
        (b"\xFF\x0FR\"\0\0", r#""/(?:)/""#),
        (b"\xFF\x0Fy", "true"),
        (b"\xFF\x0Fn\0\0\0\0\0\0\xF0\x3F", "1"),
        (b"\xFF\x0Fs\"\x01a", "\"a\""),
        (b"\xFF\x0FB\x02\x01\x02", "\"AQI=\""),
        (b"\xFF\x0F\\\x0A\x02\x01\x02", "[1,2]"),
        (b"\xFF\x0F\\\x09\x02\x01\x02", "\"AQI=\""),
        (b"\xFF\x0F\\\x0B\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "[\"-1\"]"),
        (b"\xFF\x0F\\\x07\x04\0\0\xC0\x7F", "[null]"),
        (
            b"\xFF\x0FrTm\"\x01as\"\x01bcr..",
            r#"{"name":"TypeError","message":"a","stack":"b","cause":{"name":"Error"}}"#,
        ),
        (b"\xFF\x0Frc_.", r#"{"name":"Error"}"#),
        (b"\xFF\x0Ft\x05", "null"),
        (b"\xFF\x0Fp\x05", "null"),
        (b"\xFF\x0FA\x02o{\0^\x01$\0\x02", "[{},{}]"),
    ] {
        assert_eq!(plain(blob), text, "{}", hex(blob));
    }
}

#[test]
fn plain_json_by_options() {
    let bigints = b"\xFF\x0FA\x02Z\x11\x02\0\0\0\0\0\0\0\\\x0C\x08\xFF\0\0\0\0\0\0\0$\0\x02";
    assert_eq!(plain(bigints), r#"["-2",["255"]]"#);
    assert_eq!(plain_with(bigints, |options| options.bigints = BigInts::Number), "[-2,[255]]");
    assert_eq!(
        plain_with(bigints, |options| options.bytes = Bytes::Base64),
        r#"["-2","/wAAAAAAAAA="]"#
    );
    let nested = b"\xFF\x0Fo\"\x01aA\x02I\x02A\0$\0\0$\0\x02{\x01";
    assert_eq!(
        plain_with(nested, |options| options.indent = Some(2)),
        "{\n  \"a\": [\n    1,\n    []\n  ]\n}"
    );
}

#[test]
fn cycles_have_a_path() {
    // { a: { list: [x, { up: a }] } } where up is the value of a.
    let blob = b"\xFF\x0Fo\"\x01ao\"\x04listA\x02T;\"\x02up^\x01:\x02$\0\x02{\x01{\x01";
    let doc = parsed(blob);
    let error = to_plain_string(doc.root().value(), &PlainOptions::default()).unwrap_err();
    assert!(error.is_cycle() && !error.is_limit());
    assert_eq!(error.path(), Some("$.a.list[1].up"));
    assert_eq!(error.to_string(), "cycle: $.a.list[1].up is $.a again");
    assert_eq!(
        plain_with(blob, |options| options.cycles = Cycles::Path),
        r#"{"a":{"list":[true,{"up":{"$ref":"$.a"}}]}}"#
    );
}

/// What is written again and again counts by its size, and what is left out counts.
#[test]
fn repeated_contents_are_counted() {
    let mut text = b"\"\x80\x7D".to_vec();
    text.extend([b'x'; 16000]);
    let mut absent = b"o".to_vec();
    for key in 0u8..100 {
        absent.extend([b'"', 1, key, b'_']);
    }
    absent.extend(b"{\x64");
    let mut bigint = b"Z\x80\x40".to_vec();
    bigint.extend([1; 4096]);
    for repeated in [&text[..], &absent, &bigint] {
        // [[repeated], the same list, the same list, ...]
        let mut blob = b"\xFF\x0FA\x64A\x01".to_vec();
        blob.extend(repeated);
        blob.extend(b"$\0\x01");
        blob.extend(b"^\x01".repeat(99));
        blob.extend(b"$\0\x64");
        let doc = parsed(&blob);
        let mut options = PlainOptions::default();
        options.max_nodes = 5000;
        let error = to_plain_string(doc.root().value(), &options).unwrap_err();
        assert!(error.is_limit());
        options.max_nodes = 1_000_000;
        to_plain_string(doc.root().value(), &options).expect("below the limit");
    }
}

/// Parts of an error that repeat are looked through at each place that the error is written.
#[test]
fn repeated_errors_of_many_parts_end() {
    let mut blob = b"\xFF\x0FA\x64r".to_vec();
    blob.extend([b'E'; 1000]);
    blob.push(b'.');
    blob.extend(b"^\x01".repeat(99));
    blob.extend(b"$\0\x64");
    let doc = ParseOptions::new().lenient().parse(&blob).unwrap();
    let mut options = PlainOptions::default();
    options.max_nodes = 50_000;
    assert!(to_plain_string(doc.root().value(), &options).unwrap_err().is_limit());
    options.max_nodes = 200_000;
    let text = to_plain_string(doc.root().value(), &options).unwrap();
    assert_eq!(text.matches("EvalError").count(), 100);
}

/// Sixty levels of arrays that each hold the next one twice.
#[test]
fn a_reference_bomb_ends() {
    let mut blob = b"\xFF\x0F".to_vec();
    for _ in 0..60 {
        blob.extend(b"A\x02");
    }
    blob.extend(b"TT$\0\x02");
    for level in (1..60).rev() {
        blob.extend([b'^', level, b'$', 0, 2]);
    }
    let doc = parsed(&blob);
    let mut options = PlainOptions::default();
    options.max_nodes = 10_000;
    let error = to_plain_string(doc.root().value(), &options).unwrap_err();
    assert!(error.is_limit(), "{error}");
    assert!(error.path().is_some_and(|path| path.starts_with("$[0][0]")), "{error}");
    // Typed JSON and inspect write each once.
    assert!(typed(&doc).len() < 10_000);
    let mut options = v8wire::inspect::InspectOptions::default();
    options.full = true;
    assert!(v8wire::inspect::to_string(doc.root().value(), &options).len() < 100_000);
}

#[test]
fn deep_nesting_takes_no_stack() {
    const DEPTH: usize = 200_000;
    let mut options = ParseOptions::new().lenient();
    options.limits.depth = u32::MAX;
    for (open, close) in [
        (&b"A\x01"[..], &b"$\0\x01"[..]),
        (b"o\"\x01a", b"{\x01"),
        (b";T", b":\x02"),
        (b"'", b",\x01"),
        (b"a\x01I\0", b"@\x01\x01"),
        (b"rc", b"."),
    ] {
        let mut blob = b"\xFF\x0F".to_vec();
        blob.extend(open.repeat(DEPTH));
        blob.push(b'T');
        blob.extend(close.repeat(DEPTH));
        let doc = options.parse(&blob).expect("blob");
        let root = doc.root().value();
        for indent in [None, Some(1)] {
            let mut typed = TypedOptions::default();
            typed.indent = indent;
            let text = to_typed_string(&doc, &typed).expect("typed JSON");
            assert!(text.contains("true") && text.len() > 2 * DEPTH);
            let mut plain = PlainOptions::default();
            plain.indent = indent;
            let text = to_plain_string(root, &plain).expect("plain JSON");
            assert!(text.contains("true") && text.len() > 2 * DEPTH);
        }
        let mut inspect = v8wire::inspect::InspectOptions::default();
        assert!(v8wire::inspect::to_string(root, &inspect).len() < 1000);
        inspect.full = true;
        let text = v8wire::inspect::to_string(root, &inspect);
        assert!(text.contains("true") && text.len() > 2 * DEPTH);
    }
}
