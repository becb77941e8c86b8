//! Buffers and views.

use std::borrow::Cow;

use v8wire::{
    ArrayBufferKind, ByteOrder, Document, Externals, Kind, ParseOptions, TypedArray, ViewKind,
};

use super::blob;

#[test]
fn views_share_their_buffer() {
    let blob = blob(&[b"A\x02B\x04\x01\x02\x03\x04VW\x02\x02\x00^\x01V?\x00\x04\x00$\x00\x02"]);
    let doc = Document::parse(&blob).unwrap();
    let root = doc.root();
    let [short, all] = [root[0].as_view().unwrap(), root[1].as_view().unwrap()];
    assert_eq!((short.kind, short.len(), short.byte_offset), (ViewKind::Uint16, 1, 2));
    assert_eq!(root[0].as_u16_slice().as_deref(), Some(&[0x0403][..]));
    assert_eq!(all.bytes, Some(&[1, 2, 3, 4][..]));
    let [left, right] = [short.buffer.unwrap(), all.buffer.unwrap()];
    assert!(left.is_same(right));
    assert_eq!(left.array_buffer_kind(), Some(ArrayBufferKind::Fixed));
    assert_eq!(root[0].view_flags(), Some(0));
    assert_eq!(root[0].as_i16_slice(), None, "another kind of view");
}

#[test]
fn views_that_track_their_buffer() {
    let blob = blob(&[b"~\x05\x08\x01\x02\x03\x04\x05VW\x02\x00\x03"]);
    let doc = Document::parse(&blob).unwrap();
    let view = doc.root().as_view().unwrap();
    assert!(view.length_tracking);
    assert_eq!((view.byte_length, view.len()), (2, 1), "whole elements only");
    let resizable = ArrayBufferKind::Resizable { max_byte_length: 8 };
    assert_eq!(view.buffer.unwrap().array_buffer_kind(), Some(resizable));
}

/// The same elements wherever they lie: borrowed where aligned, copied where not.
#[test]
fn typed_arrays_aligned_or_not() {
    let values = [1.0f64, -2.5, f64::INFINITY];
    let contents: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let mut borrowed = 0;
    for shift in 0..8 {
        // Node's host object: kind 8 is Float64Array. Padding shifts it through all alignments.
        let mut bytes = vec![0; shift];
        bytes.extend_from_slice(b"\\\x08\x18");
        bytes.extend_from_slice(&contents);
        let blob = blob(&[&bytes]);
        let doc = Document::parse(&blob).unwrap();
        let elements = doc.root().as_f64_slice().unwrap();
        assert_eq!(&elements[..], values);
        borrowed += usize::from(matches!(elements, Cow::Borrowed(_)));
    }
    let expected = if ByteOrder::NATIVE == ByteOrder::Little { 1 } else { 0 };
    assert_eq!(borrowed, expected);
}

#[test]
fn typed_arrays_of_every_kind() {
    let mut seen = 0;
    for (kind, view) in ViewKind::ALL.into_iter().enumerate() {
        let bytes = [0x00, 0x3C, 0, 0, 0, 0, 0xF0, 0x3F];
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let contents = match order {
                ByteOrder::Little => bytes.to_vec(),
                ByteOrder::Big => bytes
                    .chunks(view.element_size())
                    .flat_map(|element| element.iter().rev().copied())
                    .collect(),
            };
            let blob = blob(&[&[b'\\', kind as u8, 8], &contents]);
            let doc = ParseOptions::new().byte_order(order).parse(&blob).unwrap();
            let value = doc.root().value();
            assert_eq!(value.as_bytes(), Some(&contents[..]));
            match value.as_view().unwrap().elements().unwrap() {
                TypedArray::Int8(all) => assert_eq!(all[6..], [-16, 0x3F]),
                TypedArray::Uint8(all) => assert_eq!(all[6..], [0xF0, 0x3F]),
                TypedArray::Int16(all) => assert_eq!(all[..], [0x3C00, 0, 0, 0x3FF0]),
                TypedArray::Uint16(all) => assert_eq!(all[..], [0x3C00, 0, 0, 0x3FF0]),
                TypedArray::Int32(all) => assert_eq!(all[..], [0x3C00, 0x3FF0_0000]),
                TypedArray::Uint32(all) => assert_eq!(all[..], [0x3C00, 0x3FF0_0000]),
                TypedArray::Float16(all) => assert_eq!(all[0].to_f32(), 1.0),
                TypedArray::Float32(all) => assert_eq!(all[1], 1.875),
                TypedArray::Float64(all) => assert!(all[0] > 1.0 && all[0] < 1.000_001),
                TypedArray::BigInt64(all) => assert_eq!(all[..], [0x3FF0_0000_0000_3C00]),
                TypedArray::BigUint64(all) => assert_eq!(all[..], [0x3FF0_0000_0000_3C00]),
                other => panic!("{other:?}"),
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 28);
}

#[test]
fn what_lives_elsewhere() {
    let blob = blob(&[b"A\x02t\x05VB\x00\x04\x00t\x05$\x00\x02"]);
    let error = Document::parse(&blob).unwrap_err();
    assert!(error.is_unresolved());
    assert!(error.to_string().contains("transferred array buffer 5 was not provided"), "{error}");
    for options in [
        ParseOptions::new().transfer_array_buffer(5, 4),
        ParseOptions::new().externals(Externals::Keep),
    ] {
        let doc = options.parse(&blob).unwrap();
        let view = doc.root()[0].as_view().unwrap();
        let buffer = view.buffer.unwrap();
        assert_eq!((view.bytes, buffer.external_id()), (None, Some(5)));
        assert!(buffer.is_same(doc.root()[1].value()), "the same transfer");
    }
    let short = ParseOptions::new().transfer_array_buffer(5, 3).parse(&blob).unwrap_err();
    assert_eq!(short.kind().code(), "invalid-view");
}

/// A shared buffer over a memory holds that memory or a reference to one, and to nothing else.
#[test]
fn buffers_of_memories() {
    let options = ParseOptions::new().externals(Externals::Keep).wasm_shared_buffers(true);
    let parse = |bytes: &[u8]| options.parse(&blob(&[bytes])).map(|doc| doc.node_count());
    assert!(parse(b"A\x02m\x04\x00u\x00r^\x01u\x01r^\x01$\x00\x02").is_ok());
    for (bytes, offset) in
        [(&b"A\x02o{\x00u\x00r^\x01$\x00\x02"[..], 11), (b"A\x02B\x00u\x00r^\x01$\x00\x02", 10)]
    {
        let error = parse(bytes).unwrap_err();
        assert_eq!((error.kind().code(), error.offset()), ("invalid-wasm", offset), "{error}");
    }
    assert_eq!(parse(b"u\x00r^\x07").unwrap_err().kind().code(), "invalid-reference");
}

/// No view is longer than an engine's longest buffer, whatever is said of one that is elsewhere.
#[test]
fn lengths_that_cannot_be() {
    let huge = [&[0xFF; 9][..], &[1]].concat();
    let data = [&b"\xFF\x10u\x00f"[..], &huge, b"VB", &huge, b"\x00\x00"].concat();
    let options = ParseOptions::new().externals(Externals::Keep).wasm_shared_buffers(true);
    assert_eq!(options.parse(&data).unwrap_err().kind().code(), "invalid-view");
    let given = ParseOptions::new().transfer_array_buffer(0, u64::MAX);
    let data = [&b"\xFF\x10t\x00VB"[..], &huge, b"\x00\x00"].concat();
    assert_eq!(given.parse(&data).unwrap_err().kind().code(), "invalid-view");
}

/// Bytes behind a value are no part of it, whatever they look like: here as the form that V8 13.6 to 14
/// have for a memory's buffer.
#[test]
fn what_follows_a_shared_buffer_is_not_its_own() {
    let options = ParseOptions::new().externals(Externals::Keep);
    let (doc, read) = options.parse_prefix(b"\xFF\x0Fu\x00f").unwrap();
    assert_eq!((read, doc.to_vec()), (4, b"\xFF\x0Fu\x00".to_vec()));
    // With that form, of the first mention of a buffer and of another.
    let options = options
        .strictness(v8wire::Strictness::Engine(v8wire::Release::new(13, 6)))
        .wasm_shared_buffers(true);
    let data = blob(&[b"A\x02u\x00fu\x00f$\x00\x02"]);
    assert_eq!(options.parse(&data).unwrap().to_vec(), data);
}

/// The memory that a shared buffer brings with it goes wherever its value goes.
#[test]
fn memories_of_shared_buffers() {
    let options = || {
        ParseOptions::new()
            .externals(Externals::Keep)
            .profile(v8wire::Profile::V8)
            .wasm_shared_buffers(true)
    };
    // [buffer 3 and its memory, of at most 2 pages, which names the buffer; the memory again]
    let data = blob(&[b"A\x02u\x03rm\x04\x00^\x01^\x02$\x00\x02"]);
    let doc = options().parse(&data).unwrap();
    let [buffer, again] = doc.root().elements().collect::<Vec<_>>()[..] else { panic!("two") };
    let memory = buffer.wasm_memory().unwrap();
    assert_eq!((buffer.kind(), memory.kind()), (Kind::SharedArrayBuffer, Kind::WasmMemory));
    assert!(memory.is_same(again) && buffer.get("memory").unwrap().is_same(memory));
    assert!(memory.get("buffer").unwrap().is_same(buffer));
    assert_eq!(doc.root().at("$[0].memory.buffer").unwrap().offset(), buffer.offset());
    // Written as it is, by its values, and as made in Rust.
    assert_eq!(doc.to_vec(), data);
    let mut serializer = v8wire::ValueSerializer::new();
    serializer.write_header().unwrap();
    serializer.write_value(doc.root().value()).unwrap();
    assert_eq!(serializer.release().unwrap(), data);
    assert_eq!(v8wire::Literal::from(doc.root().value()).to_vec().unwrap(), data);
    // As text, and back.
    let text = v8wire::json::to_typed_string(&doc, &Default::default()).unwrap();
    assert_eq!(v8wire::json::to_vec(&text).unwrap(), data, "{text}");
    let mut lines = String::new();
    v8wire::annotate::write(&data, &options(), &Default::default(), &mut lines).unwrap();
    assert!(lines.contains("buffer id 3, of the wasm memory that follows"), "{lines}");
    assert!(lines.contains("$[0].memory"), "{lines}");
    let reader = v8wire::Reader::with_options(&data, &options()).and_then(v8wire::Reader::finish);
    assert_eq!(reader, Ok(()));
}

/// A parser forgets the buffers of what it has read before.
#[test]
fn buffers_of_another_document() {
    let mut parser = v8wire::Parser::new();
    for length in [4, 1, 4, 0] {
        let data =
            [&b"\xFF\x0FA\x02B"[..], &[length], &vec![7; length.into()], b"^\x01VB\0\x04\0$\0\x02"];
        let data = data.concat();
        let parsed = parser.parse(&data);
        assert_eq!(parsed.as_ref().err(), Document::parse(&data).err().as_ref());
        assert_eq!(parsed.is_ok(), length == 4, "{parsed:?}");
        if let Ok(document) = parsed {
            parser.recycle(document);
        }
    }
}
