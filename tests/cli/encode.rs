//! `v8wire encode`

use std::path::Path;

use super::{BLOB, command, file, folder, ran, run};

/// What the command writes to standard output.
fn encoded(args: &[&str], text: &str) -> Vec<u8> {
    let folder = folder("encoded");
    let text = file(&folder, "text.json", text.as_bytes());
    let output = command(&[&["encode", &text], args].concat()).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), error.as_str()), (Some(0), ""), "{text}");
    output.stdout
}

/// Both commands, as a pipe has them: for some blobs of each engine.
#[test]
fn encode_undoes_decode() {
    let names =
        ["app-records", "cycle-mutual", "error-cause", "object-key-encodings", "view-twice-raw"];
    let out = folder("encode").join("out.v8");
    let out = out.to_str().unwrap();
    let mut count = 0;
    for entry in std::fs::read_dir("corpus").unwrap() {
        for name in names {
            let path = entry.as_ref().unwrap().path().join(name).with_extension("v8");
            let Ok(blob) = std::fs::read(&path) else { continue };
            let order: &[&str] = match path.to_str().unwrap().contains("s390x") {
                true => &["--big-endian"],
                false => &[],
            };
            for pretty in [&[][..], &["--pretty"]] {
                let decoded = run(&[&["decode", "-ftyped"], order, pretty].concat(), &blob);
                assert_eq!(decoded.code, Some(0), "{}: {decoded:?}", path.display());
                let written = run(&["encode", "--output", out], decoded.out.as_bytes());
                assert_eq!(written, ran(0, "", ""), "{}", path.display());
                assert!(std::fs::read(out).unwrap() == blob, "{}", path.display());
            }
            count += 1;
        }
    }
    assert!(count > 50, "only {count}");
}

#[test]
fn encode_takes_plain_json() {
    assert_eq!(encoded(&[], r#"{"a":[1,"x"]}"#), BLOB);
    assert_eq!(encoded(&["-o", "-"], r#"{"a":[1,"x"]}"#), BLOB);
    assert_eq!(encoded(&["-f", "json"], r#"{"$id":1}"#), b"\xFF\x0Fo\"\x03$idI\x02{\x01");
    let tag = run(&["encode"], br#"{"$schema":"x","a":1}"#);
    assert_eq!(
        tag,
        ran(
            1,
            "",
            "v8wire: standard input: line 1, column 2: a tag beside other keys; as a plain key it \
             needs `$object` ($.$schema)\nv8wire: standard input: note: --format json takes `$` for a letter\n"
        )
    );
}

#[test]
fn encode_writes_by_options() {
    let text =
        r#"{"$v8":{"version":15},"value":[1073741824,{"$host-view":["Uint8Array","AQI="]}]}"#;
    assert_eq!(encoded(&[], text), b"\xFF\x0FA\x02I\x80\x80\x80\x80\x08\\\x01\x02\x01\x02$\0\x02");
    assert_eq!(
        encoded(&["--to-version=13", "--smi-bits=31", "--to-profile=v8"], text),
        b"\xFF\x0DA\x02N\0\0\0\0\0\0\xD0\x41B\x02\x01\x02VB\0\x02$\0\x02"
    );
    assert_eq!(
        encoded(
            &["--big-endian", "--to-profile=node"],
            r#"[1.5,{"$view":{"type":"Int8Array","offset":1,"length":1,"buffer":{"$arraybuffer":"AQI="}}}]"#
        ),
        b"\xFF\x0FA\x02N\x3F\xF8\0\0\0\0\0\0\\\0\x01\x02$\0\x02"
    );
}

#[test]
fn encode_tells_what_is_wrong() {
    let message = "v8wire: standard input: line 2, column 3: no JSON value begins so ($.a)\n";
    assert_eq!(run(&["encode"], b"{\"a\":\n  x}"), ran(1, "", message));
    let message = "v8wire: standard input: not UTF-8 at offset 1\n";
    assert_eq!(run(&["encode", "-"], b"\"\xFF\""), ran(1, "", message));
    let folder = folder("encode-errors");
    let out = file(&folder, "out.v8", b"before");
    assert_eq!(run(&["encode", "-o", &out], b"[").code, Some(1));
    assert_eq!(std::fs::read(&out).unwrap(), b"before");
    // What is asked for, and cannot be had.
    let text = br#"{"$arraybuffer":{"bytes":"","max":1}}"#;
    assert_eq!(run(&["encode", "-o", &out], text).code, Some(0));
    let view = br#"{"$view":{"type":"Int8Array","offset":0,"length":0,"flags":3,"buffer":{"$arraybuffer":{"bytes":"","max":1}}}}"#;
    let old = run(&["encode", "--to-version", "13"], view);
    assert_eq!(
        old,
        ran(
            1,
            "",
            "v8wire: standard input: a view of a resizable array buffer needs version 14, not 13 ($)\n"
        )
    );
    for usage in [
        &["encode", "no such file"][..],
        &["encode", "--to-version", "12"],
        &["encode", "--smi-bits", "30"],
        &["encode", "--output", "no such folder/out.v8"],
        &["encode", "-f", "yaml"],
    ] {
        assert_eq!(run(usage, b"1").code, Some(2), "{usage:?}");
    }
    assert!(!Path::new("no such folder").exists());
}
