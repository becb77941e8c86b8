//! The preset for Chromium against what a Chromium wrote (156, Debian's package; corpus/other).

mod support;

use std::sync::Arc;

use support::{Case, cases, hex};
use v8wire::json::{EncodeOptions, to_vec_with};
use v8wire::{
    Delegate, HostError, HostReader, HostStep, ParseOptions, Target, ValueSerializer, WriteOptions,
};

/// Blink's header from 21 on (SPEC.md 9.1).
const ENVELOPE: usize = 15;

/// Blink's host objects, as far as the corpus has them.
struct Blink;

impl Delegate for Blink {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        let (doubles, numbers, texts) = match host.read_raw_bytes(1)? {
            b"Q" | b"W" | b"E" => (4, 0, 0),
            b"I" => (6, 0, 0),
            b"T" => (16, 0, 0),
            b"i" | b"e" | b"L" => (0, 1, 0),
            b"K" => (0, 4, 0),
            b"x" => (0, 0, 3),
            // Three settings, their end, and the size.
            b"#" => (0, 9, 1),
            tag => return Err(HostError::new(format!("tag {tag:?}"))),
        };
        for _ in 0..doubles {
            host.read_double()?;
        }
        for _ in 0..numbers {
            host.read_uint32()?;
        }
        for _ in 0..texts {
            let length = host.read_uint32()? as usize;
            host.read_raw_bytes(length)?;
        }
        Ok(HostStep::Done)
    }
}

/// Values of IndexedDB that are there in one piece, in Blink's envelope.
fn values() -> Vec<Case> {
    let whole = |case: &Case| {
        let cut = case.json["note"].as_str().is_some_and(|note| note.contains("first 256"));
        case.bytes.starts_with(b"\xFF\x15\xFE") && !cut
    };
    cases("other/chromium").into_iter().filter(whole).collect()
}

fn preset() -> WriteOptions {
    WriteOptions::for_target("chromium".parse::<Target>().expect("a target"))
}

#[test]
fn documents_are_written_as_chromium_did() {
    let mut hosts = 0;
    let values = values();
    for case in &values {
        let (envelope, data) = case.bytes.split_at(ENVELOPE);
        let options = ParseOptions::new().delegate(Arc::new(Blink));
        let (document, read) = options.parse_prefix(data).expect("a value");
        // V8 writes behind Blink's header, which counts where two-byte strings are aligned.
        let mut serializer = ValueSerializer::with_options(preset());
        serializer.write_raw_bytes(envelope).expect("the envelope");
        serializer.write_header().expect("a header");
        serializer.write_value(document.root().value()).expect("a value");
        serializer.write_raw_bytes(&data[read..]).expect("the trailer");
        let written = serializer.release().expect("bytes");
        assert_eq!(hex(&written), hex(&case.bytes), "{}", case.name());
        hosts += usize::from(read < data.len());
    }
    assert!(values.len() >= 30 && hosts >= 10, "{} values, {hosts} with objects", values.len());
}

/// What the cases say of their values, in typed JSON, with no help of the bytes.
#[test]
fn values_are_written_as_chromium_did() {
    let texts = [
        ("number-one", "1"),
        ("number-2-to-30-minus-one", "1073741823"),
        ("number-2-to-30", "1073741824"),
        ("bigint", r#"{"$bigint":"-123"}"#),
        ("undefined", r#"{"$undefined":true}"#),
        ("string", r#""hello""#),
        ("object", r#"{"a":1,"b":[true,null,"x"]}"#),
        ("map", r#"{"$map":[[1,2]]}"#),
        ("date", r#"{"$date":0}"#),
        ("error", r#"{"$error":{"name":"RangeError","message":"x"}}"#),
        ("error-cause", r#"{"$error":{"message":"x","cause":1}}"#),
        ("arraybuffer", r#"{"$arraybuffer":"AQID"}"#),
        ("arraybuffer-resizable", r#"{"$arraybuffer":{"bytes":"AAA=","max":4}}"#),
        ("uint8array", r#"{"$host-view":["Uint8Array","AQID"]}"#),
        ("float16array", r#"{"$host-view":["Float16Array","AD4="]}"#),
        (
            "array-from-length",
            r#"{"$sparse":{"length":2,"properties":{"0":{"$undefined":true},"1":{"$undefined":true}}}}"#,
        ),
    ];
    let mut options = EncodeOptions::default();
    options.write = Some(preset());
    let cases = values();
    for (name, text) in texts {
        let case = cases.iter().find(|case| case.json["case"] == name).expect(name);
        let written = to_vec_with(text, &options).expect(name);
        assert_eq!(hex(&written), hex(&case.bytes[ENVELOPE..]), "{name}");
    }
    let long = cases.iter().find(|case| case.json["case"] == "string-long").expect("string-long");
    let written = to_vec_with(&format!("\"{}\"", "a".repeat(2000)), &options).expect("a string");
    assert!(written == long.bytes[ENVELOPE..]);
}
