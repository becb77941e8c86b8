//! Each limit, at the limit and one beyond.

use v8wire::{ErrorKind, Limits, ParseOptions, Reader};

use crate::blobs::{self, nested};

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

/// V8's own limits. The zeros are pages that nobody touches.
#[test]
fn longest_values_of_engines() {
    const UNITS: u64 = (1 << 29) - 24;
    let mut data = vec![0; (1 << 30) + 64];
    let mut refused = |tag: u8, code: u64| {
        let mut blob = vec![0xFF, 15, tag];
        blobs::varint(&mut blob, code as usize);
        data[..blob.len()].copy_from_slice(&blob);
        match Reader::new(&data).and_then(|mut reader| reader.next_event().map(drop)) {
            Ok(()) => None,
            Err(error) => match *error.kind() {
                ErrorKind::InvalidLength { length, max, .. } => Some((length, max)),
                _ => panic!("{error}"),
            },
        }
    };
    assert_eq!(refused(b'"', UNITS), None);
    assert_eq!(refused(b'"', UNITS + 1), Some((UNITS + 1, UNITS)));
    assert_eq!(refused(b'c', 2 * UNITS), None);
    assert_eq!(refused(b'c', 2 * UNITS + 2), Some((UNITS + 1, UNITS)));
    let bytes = (1 << 27) - 8;
    assert_eq!(refused(b'Z', 2 * bytes), None);
    assert_eq!(refused(b'Z', 2 * bytes + 2), Some((bytes + 1, bytes)));
    let elements = (1 << 27) - 3;
    assert_eq!(refused(b'A', elements), None);
    assert_eq!(refused(b'A', elements + 1), Some((elements + 1, elements)));
    // Half a gigabyte to be counted.
    if !cfg!(debug_assertions) {
        assert_eq!(refused(b'S', UNITS), None);
        assert_eq!(refused(b'S', UNITS + 1), Some((UNITS + 1, UNITS)));
    }
}
