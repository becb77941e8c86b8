//! V8's and Node's interface, against what engines wrote piece by piece.

mod support;

use support::{cases, engine_setup, read_parts, with_stack};
use v8wire::{ErrorKind, ValueDeserializer, node};

#[test]
fn parts_are_read_as_they_were_written() {
    with_stack(|| {
        let mut count = 0;
        for folder in ["node-8", "node-12", "node-16", "node-18", "node-22", "node-26", "deno-2.9"]
        {
            for case in cases(folder).into_iter().filter(|case| case.has("parts")) {
                count += 1;
                let setup = engine_setup(&case);
                let mut reader = ValueDeserializer::with_options(&case.bytes, &setup.options);
                assert!(reader.read_header().expect("header"), "{}", case.name());
                read_parts(&mut reader, &case, &setup);
                assert_eq!(reader.remaining(), 0, "{}", case.name());
            }
        }
        assert!(count > 0);
    });
}

#[test]
fn ids_run_on_across_values() {
    let mut reader = ValueDeserializer::new(b"\xFF\x0Fo{\0^\0");
    reader.read_header().expect("header");
    let first = reader.read_value().expect("object").id();
    let second = reader.read_value().expect("reference").id();
    assert_eq!(first, second);
    assert_eq!(reader.document().values().count(), 2);
}

/// What `scripts/second-reading.js` shows of Node: a first reading that failed left objects for all that follows.
#[test]
fn later_values_refer_to_what_a_failed_reading_left() {
    const BLOB: &[u8] =
        b"\xFF\x0DA\x01B\x02\x01\x02VB\0\x02\x04$\0\x01^\0^\0\xFF\x0F^\x01VB\x01\x01\0^\x02";
    let check = |values: &[v8wire::Value<'_, '_>]| {
        let [first, left, again, other, view] = values else { panic!("{values:?}") };
        assert!(left.is_same(*again) && !left.is_same(*first));
        assert_eq!((left.offset(), left.len(), left.is_dense()), (Some(2), Some(1), false));
        assert!(left.get_index(0).expect("the view").is_same(*view));
        let own = first.get_index(0).expect("a view");
        let [other_buffer, buffer, own] = [*other, *view, own]
            .map(|view| view.as_view().expect("a view").buffer.expect("a buffer"));
        assert!(other_buffer.is_same(buffer) && !own.is_same(buffer));
        assert_eq!(other.as_bytes(), Some(&[2][..]));
        assert_eq!((view.view_flags(), other.view_flags()), (None, Some(0)));
    };
    let document = v8wire::ParseOptions::new().parse_all(BLOB).expect("values");
    check(&document.values().collect::<Vec<_>>());

    let mut reader = ValueDeserializer::new(BLOB);
    reader.read_header().expect("header");
    for _ in 0..3 {
        reader.read_value().expect("value");
    }
    reader.read_header().expect("header");
    for _ in 0..2 {
        reader.read_value().expect("value");
    }
    check(&reader.document().values().collect::<Vec<_>>());
}

/// What a value referred to that then failed is as if it had not.
#[test]
fn a_failed_read_takes_back_what_it_referred_to() {
    let mut reader = ValueDeserializer::new(
        b"\xFF\x0DA\x01B\x02\x01\x02VB\0\x02\x04$\0\x01\xFF\x0FA\x03o{\0^\0?",
    );
    reader.read_header().expect("header");
    reader.read_value().expect("value");
    reader.read_header().expect("header");
    let nodes = reader.document().node_count();
    assert_eq!(reader.read_value().expect_err("no more").kind().code(), "unexpected-end");
    assert_eq!(reader.document().node_count(), nodes);
    assert_eq!(reader.read_raw_bytes(5).expect("bytes"), b"A\x03o{\0");
    let left = reader.read_value().expect("the array");
    assert_eq!((left.offset(), left.len()), (Some(2), Some(1)));
    assert_eq!(left.get_index(0).expect("its view").as_bytes(), Some(&[1, 2][..]));
}

#[test]
fn a_failed_read_leaves_no_trace() {
    let mut reader = ValueDeserializer::new(b"\xFF\x0FA\x02o{\0^\x09$\0\x02");
    reader.read_header().expect("header");
    let error = reader.read_value().expect_err("no such object");
    assert_eq!(error.to_string(), "invalid reference at offset 8: object 9 of 2 ($[1])");
    assert_eq!(reader.position(), 2);
    assert_eq!(reader.document().node_count(), 0);
    assert_eq!(reader.read_raw_bytes(2).expect("bytes"), b"A\x02");
    // Its ids are free again.
    let kind = |reader: &mut ValueDeserializer<'_>| reader.read_value().map(|value| value.kind());
    assert_eq!(kind(&mut reader), Ok(v8wire::Kind::Object));
    assert!(kind(&mut reader).is_err());
}

#[test]
fn old_versions_only_by_leave() {
    let blob = b"\xFF\x09I\x02";
    let mut reader = ValueDeserializer::new(blob);
    let error = reader.read_header().expect_err("too old");
    assert_eq!(
        error.to_string(),
        "unsupported version at offset 1: version 9 is not within 13 to 16"
    );
    assert!(error.is_version());
    let mut reader = ValueDeserializer::new(blob);
    reader.set_supports_legacy_wire_format(true);
    assert_eq!(reader.read_header(), Ok(true));
    assert_eq!(reader.read_value().expect("value").as_i32(), Some(1));
    assert!(node::deserialize(b"I\x02").expect_err("no header").is_version());
}

#[test]
fn transfers_and_host_objects() {
    let blob = b"\xFF\x0Ft\x03VB\0\x02\0";
    let mut reader = ValueDeserializer::new(blob);
    reader.read_header().expect("header");
    let error = reader.read_value().expect_err("not provided");
    assert!(matches!(error.kind(), ErrorKind::Unresolved { id: 3, .. }), "{error}");
    reader.transfer_array_buffer(3, 2);
    let view = reader.read_value().expect("view").as_view().expect("view");
    assert_eq!((view.byte_length, view.bytes), (2, None));

    let blob = b"\xFF\x0F\\\x03\x04\x01\0\xFF\xFF";
    assert!(ValueDeserializer::new(&blob[2..]).read_value().is_err());
    let mut reader = node::DefaultDeserializer::new(blob);
    reader.read_header().expect("header");
    let value = reader.read_value().expect("Int16Array");
    assert_eq!(value.as_i16_slice().as_deref(), Some(&[1, -1][..]));
}

/// `B .. V ..` under version 13 and one `00` behind it, which is flags or padding.
#[test]
fn flags_of_a_view_that_is_all_of_version_13_data() {
    let blob = b"\xFF\x0DB\x04abcdVB\0\x04\0";
    let doc = v8wire::Document::parse(blob).expect("the view");
    assert_eq!(doc.root().as_u8_slice().as_deref(), Some(&b"abcd"[..]));
    v8wire::Reader::new(blob).expect("header").finish().expect("the view");
    // Anything else is too much.
    for tail in [&b"\0\0"[..], b"\0\x01", b"T"] {
        let long = [&blob[..12], tail].concat();
        assert!(v8wire::Document::parse(&long).expect_err("bytes behind the value").is_trailing());
    }
    assert!(v8wire::Document::parse(b"\xFF\x0DT\0").expect_err("no view").is_trailing());
}

/// What is elsewhere, and how long it is said to be, is told value by value.
#[test]
fn buffers_that_are_elsewhere() {
    use v8wire::{ArrayBufferKind, Event, Profile, ValueSerializer, ViewKind};
    let mut serializer = ValueSerializer::new();
    serializer.write_header().unwrap();
    // Of a resizable one views say so by flags.
    for (id, flags) in [(0, 0), (1, 2), (2, 0)] {
        serializer.write_transferred_array_buffer(id).unwrap();
        let (kind, flags) = (ViewKind::Uint8, Some(flags));
        let view = Event::View { kind, byte_offset: 1, byte_length: 2, flags };
        serializer.write_event(view).unwrap();
    }
    let bytes = serializer.release().unwrap();
    let options = v8wire::ParseOptions::new().profile(Profile::V8);
    let mut reader = ValueDeserializer::with_options(&bytes, &options);
    assert!(reader.read_header().unwrap());
    assert_eq!(reader.wire_format_version(), 15);
    reader.transfer_array_buffer(0, 3);
    reader.transfer_resizable_array_buffer(1, 3);
    reader.transfer_shared_array_buffer(2, 3, true);
    for _ in 0..3 {
        let view = reader.read_value().expect("a view").as_view().expect("a view");
        assert_eq!((view.byte_offset, view.byte_length, view.bytes), (1, 2, None));
        let kind = view.buffer.and_then(|it| it.array_buffer_kind());
        assert!(matches!(kind, Some(ArrayBufferKind::Transferred { .. })), "{kind:?}");
    }
    // Too short for the view, or not there at all.
    let mut reader = ValueDeserializer::with_options(&bytes, &options);
    reader.read_header().unwrap();
    reader.transfer_array_buffer(0, 2);
    assert_eq!(reader.read_value().expect_err("a short one").kind().code(), "invalid-view");
    let mut reader = ValueDeserializer::with_options(&bytes, &options);
    reader.read_header().unwrap();
    assert!(reader.read_value().expect_err("none").is_unresolved());
}

/// Node's classes are V8's with a profile: what they are made of can be had.
#[test]
fn the_classes_of_node() {
    let mut serializer = node::DefaultSerializer::default();
    serializer.write_header().unwrap();
    serializer.write_array_buffer(b"ab").unwrap();
    assert_eq!(serializer.position(), 6);
    let mut serializer = serializer.into_inner();
    serializer.write_host_view(v8wire::ViewKind::Buffer, b"cd").unwrap();
    let bytes = serializer.release().unwrap();
    let options = v8wire::ParseOptions::new().profile(v8wire::Profile::V8);
    let mut reader = node::DefaultDeserializer::with_options(&bytes, &options);
    assert_eq!(reader.read_header(), Ok(true));
    assert_eq!(reader.read_value().unwrap().as_bytes(), Some(&b"ab"[..]));
    let mut reader = reader.into_inner();
    assert_eq!(reader.read_value().unwrap().as_bytes(), Some(&b"cd"[..]));
}
