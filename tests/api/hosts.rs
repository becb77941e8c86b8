//! Host objects and what else the embedder brings.

use std::sync::Arc;

use v8wire::{
    ArrayBufferKind, Delegate, ErrorKind, HostError, HostReader, HostStep, Kind, ParseOptions,
    Profile, Reader, SharedBuffer,
};

use super::blob;

/// A host object is a kind, then: 1 two nested values, 2 a run of bytes, anything else is unknown.
struct Pairs;

impl Delegate for Pairs {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        if host.step() == 0 {
            let kind = host.read_uint32()?;
            host.set_token(kind);
            match kind {
                1 => return Ok(HostStep::Value),
                2 => {
                    let length = host.read_uint64()? as usize;
                    host.read_raw_bytes(length)?;
                    return Ok(HostStep::Done);
                }
                _ => return Err(HostError::new(format_args!("no kind {kind}"))),
            }
        }
        assert_eq!(host.token(), 1);
        Ok(if host.step() == 1 { HostStep::Value } else { HostStep::Done })
    }

    fn shared_array_buffer(&self, id: u32) -> Option<SharedBuffer> {
        (id == 3).then(|| SharedBuffer::new(16))
    }
}

fn pairs() -> ParseOptions {
    ParseOptions::new().delegate(Arc::new(Pairs))
}

#[test]
fn a_delegate_with_nested_values() {
    // Pair(Pair('a', bytes), [the bytes again])
    let blob = blob(&[b"\\\x01\\\x01\"\x01a\\\x02\x03xyzA\x01^\x02$\x00\x01"]);
    let doc = pairs().parse(&blob).unwrap();
    let outer = doc.root().value();
    assert_eq!(outer.kind(), Kind::HostObject);
    let [inner, array] = outer.host_values().collect::<Vec<_>>()[..] else { panic!("two values") };
    let [name, bytes] = inner.host_values().collect::<Vec<_>>()[..] else { panic!("two values") };
    assert_eq!(name.as_str().as_deref(), Some("a"));
    assert_eq!(bytes.host_bytes().collect::<Vec<_>>(), [b"\x02\x03xyz"]);
    assert_eq!(outer.host_bytes().collect::<Vec<_>>(), [b"\x01"]);
    assert!(array.get_index(0).is_some_and(|again| again.is_same(bytes)));

    let mut reader = Reader::with_options(&blob, &pairs()).unwrap();
    let mut deepest = 0;
    while reader.next_event().unwrap().is_some() {
        deepest = deepest.max(reader.depth());
    }
    assert_eq!(deepest, 2);
}

#[test]
fn a_delegate_that_refuses() {
    let error = pairs().parse(&blob(&[b"A\x01\\\x09$\x00\x01"])).unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::HostObject { reason: String::from("no kind 9") });
    assert!(error.is_unresolved());
    assert!(error.path().starts_with("$[0]"), "{error}");
    let error = pairs().parse(&blob(&[b"\\\x02\x05ab"])).unwrap_err();
    assert!(error.is_eof(), "{error}");
    let bare = ParseOptions::new().profile(Profile::V8);
    assert_eq!(bare.parse(&blob(&[b"\\\x01"])).unwrap_err().kind(), &ErrorKind::NoHostDelegate);
}

#[test]
fn a_delegate_with_shared_buffers() {
    let good = blob(&[b"u\x03VB\x00\x10\x00"]);
    let doc = pairs().parse(&good).unwrap();
    let view = doc.root().as_view().unwrap();
    assert_eq!(view.buffer.unwrap().array_buffer_kind(), Some(ArrayBufferKind::Shared { id: 3 }));
    assert!(pairs().parse(&blob(&[b"u\x03VB\x00\x11\x00"])).is_err(), "longer than its buffer");
    assert!(pairs().parse(&blob(&[b"u\x04"])).unwrap_err().is_unresolved());
}

/// Hosts nested deeply cost no stack: each level is a pair whose first value is the next level.
#[test]
fn a_delegate_far_down() {
    let levels = 300_000;
    let mut data = vec![0xFF, 15];
    (0..levels).for_each(|_| data.extend_from_slice(b"\\\x01"));
    data.push(b'T');
    (0..levels).for_each(|_| data.push(b'F'));
    let doc = pairs().max_depth(u32::MAX).parse(&data).unwrap();
    let (mut value, mut depth) = (doc.root().value(), 0);
    while let Some(first) = value.host_values().next() {
        (value, depth) = (first, depth + 1);
    }
    assert_eq!((depth, value.as_bool()), (levels, Some(true)));
}
