//! Writing to where bytes go as they come.

mod support;

use std::io::{self, Write};

use support::{ENGINES, cases, engine_setup, with_stack};
use v8wire::{
    Document, ParseOptions, Target, Transcoder, ValueSerializer, WriteErrorKind, WriteOptions,
};

/// Takes so many bytes and no more; notes the longest piece.
struct Limited {
    taken: Vec<u8>,
    most: usize,
    longest: usize,
}

impl Limited {
    fn new(most: usize) -> Self {
        Limited { taken: Vec::new(), most, longest: 0 }
    }
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.taken.len() == self.most {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "no more room"));
        }
        let some = bytes.len().min(self.most - self.taken.len());
        self.taken.extend_from_slice(&bytes[..some]);
        self.longest = self.longest.max(bytes.len());
        Ok(some)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Strings of both kinds, buffers and views, long ones and short ones.
fn large() -> Vec<u8> {
    let mut serializer = ValueSerializer::new();
    serializer.write_header().unwrap();
    serializer.begin_array(400).unwrap();
    for number in 0..100u32 {
        let length = [3, 70_000, 1_000, 65_536][number as usize % 4];
        serializer.write_str(&"\u{20ac}".repeat(length / 2)).unwrap();
        serializer.write_str(&"a".repeat(length)).unwrap();
        serializer.write_array_buffer(&vec![number as u8; length]).unwrap();
        serializer.write_view(v8wire::ViewKind::Uint8, 1, 2).unwrap();
        serializer.write_host_view(v8wire::ViewKind::Buffer, &vec![1; length]).unwrap();
    }
    serializer.end_array().unwrap();
    serializer.release().unwrap()
}

#[test]
fn documents_come_out_the_same() {
    let check = |doc: &Document<'_>| {
        let mut out = Limited::new(usize::MAX);
        doc.write_to(&mut out).unwrap();
        assert!(out.taken == doc.to_vec());
        out.longest
    };
    let blob = large();
    let doc = Document::parse(&blob).unwrap();
    assert!(blob.len() > 10_000_000);
    assert!(check(&doc) < 300_000, "it does not come out in pieces");
    with_stack(|| {
        let mut count = 0;
        for case in ENGINES.into_iter().flat_map(cases) {
            let setup = engine_setup(&case);
            if let Ok(doc) = setup.options.parse_all(&case.bytes) {
                check(&doc);
                count += 1;
            }
        }
        assert!(count > 3000);
    });
    // Below version 13, which is written as 15.
    check(&Document::parse(b"\xFF\x09A\x01_$\0\x01").unwrap());
}

#[test]
fn values_come_out_the_same() {
    let blob = large();
    let doc = Document::parse(&blob).unwrap();
    let mut whole = ValueSerializer::new();
    whole.write_header().unwrap();
    whole.write_value(doc.root().value()).unwrap();
    let blob = whole.release().unwrap();
    let mut serializer = ValueSerializer::new();
    serializer.write_header().unwrap();
    let mut out = Vec::new();
    serializer.write_value_to(doc.root().value(), &mut out).unwrap();
    assert!(out == blob);
    assert_eq!(serializer.position(), blob.len());
    assert_eq!(serializer.object_count(), 1 + 400);
    // All goes on as if it were still there.
    serializer.write_reference(0).unwrap();
    serializer.drain_to(&mut out).unwrap();
    serializer.write_str("\u{20ac}").unwrap();
    out.extend(serializer.release().unwrap());
    let even = blob.len().is_multiple_of(2);
    let tail: &[u8] = if even { b"^\0c\x02\xAC\x20" } else { b"^\0\0c\x02\xAC\x20" };
    assert_eq!(&out[blob.len()..], tail);
}

#[test]
fn two_byte_strings_stay_aligned() {
    for before in 0..4 {
        let (mut whole, mut drained) = (ValueSerializer::new(), ValueSerializer::new());
        let mut out = Vec::new();
        for serializer in [&mut whole, &mut drained] {
            serializer.write_header().unwrap();
            serializer.begin_array(2).unwrap();
            serializer.write_str(&"a".repeat(before)).unwrap();
        }
        drained.drain_to(&mut out).unwrap();
        for serializer in [&mut whole, &mut drained] {
            serializer.write_str("\u{20ac}").unwrap();
            serializer.end_array().unwrap();
        }
        out.extend(drained.release().unwrap());
        assert_eq!(out, whole.release().unwrap());
    }
}

/// Keys are compared though their bytes are gone.
#[test]
fn keys_are_compared_across_drains() {
    let mut serializer = ValueSerializer::new();
    serializer.write_header().unwrap();
    serializer.begin_object().unwrap();
    for key in ["\u{20ac}", "b", "\u{20ac}"] {
        serializer.write_key(key).unwrap();
        serializer.drain_to(io::sink()).unwrap();
        serializer.write_null().unwrap();
    }
    let error = serializer.end_object().unwrap_err();
    assert_eq!(error.to_string(), "duplicate key: \"\u{20ac}\" occurs before");
}

#[test]
fn a_writer_that_fails_is_an_error() {
    let blob = large();
    let doc = Document::parse(&blob).unwrap();
    let to = WriteOptions::for_target(Target::NODE);
    for most in [0, 1, 2, 100, 65_536, 200_000, blob.len() - 1] {
        let storage_full = |result: io::Result<()>| {
            assert_eq!(result.unwrap_err().kind(), io::ErrorKind::StorageFull, "{most}");
        };
        storage_full(doc.write_to(Limited::new(most)));
        let from = ParseOptions::new();
        storage_full(Transcoder::new(&doc, &from, &to).write_to(Limited::new(most.min(1_000_000))));
        let mut serializer = ValueSerializer::new();
        serializer.write_header().unwrap();
        storage_full(serializer.write_value_to(doc.root().value(), Limited::new(most)));
        // It takes nothing more.
        let error = serializer.write_null().unwrap_err();
        assert_eq!(error.kind(), &WriteErrorKind::Output);
        assert_eq!(io::Error::from(error).kind(), io::ErrorKind::Other);
        assert!(serializer.drain_to(io::sink()).is_err());
        assert!(serializer.release().is_err());
    }
}

/// Notes whether bytes come from where they are borrowed.
struct Borrowed<'d> {
    from: &'d [u8],
    pieces: usize,
}

impl Write for Borrowed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pieces += usize::from(self.from.as_ptr_range().contains(&bytes.as_ptr()));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Long contents are passed on from where they are, without being copied.
#[test]
fn long_contents_are_not_copied() {
    let blob = large();
    let doc = Document::parse(&blob).unwrap();
    let mut out = Borrowed { from: &blob, pieces: 0 };
    doc.write_to(&mut out).unwrap();
    // Of each kind two in four: of 65,536 bytes and of 70,000.
    assert_eq!(out.pieces, 200);
}

#[test]
fn an_error_comes_before_the_rest() {
    let mut serializer = ValueSerializer::new();
    serializer.write_header().unwrap();
    assert!(serializer.write_hole().is_err());
    let error = serializer.drain_to(io::sink()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    // A container that is open keeps nothing back.
    let mut serializer = ValueSerializer::new();
    serializer.begin_map().unwrap();
    let mut out = Vec::new();
    serializer.drain_to(&mut out).unwrap();
    assert_eq!(out, b";");
    assert!(serializer.release().is_err());
    // Nothing is written where something stands in the way.
    let blob = b"\xFF\x0FA\x02TC\x01!$\0\x02";
    let doc = Document::parse(blob).unwrap();
    let to = WriteOptions::for_target(Target::node(12).unwrap());
    let mut out = Vec::new();
    let error = Transcoder::new(&doc, &ParseOptions::new(), &to).write_to(&mut out).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert!(error.to_string().contains("immutable") && out.is_empty());
}
