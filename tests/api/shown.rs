//! What logs show: `Debug` is short whatever the data, the messages of all errors say what was wrong, and each
//! kind of error has a name of its own.

use std::collections::BTreeSet;
use std::error::Error as _;

use v8wire::{
    ByteOrder, Document, ErrorTag, Event, Externals, ParseOptions, Parser, Profile, Reader,
    Release, Tag, Target, TranscodeError, Transcoder, ValueDeserializer, ValueSerializer, ViewKind,
    WriteError, WriteErrorKind, WriteOptions, transcode,
};

/// An array of a million elements, and no more than a line about it.
#[test]
fn debug_is_short() {
    let mut data = b"\xFF\x0FA\xC0\x84\x3D".to_vec();
    data.resize(data.len() + 1_000_000, b'T');
    data.extend(b"$\0\xC0\x84\x3D");
    let doc = Document::parse(&data).unwrap();
    let options = ParseOptions::new().transfer_array_buffer(1, 2);
    let (from, to) = (ParseOptions::new(), WriteOptions::for_target(Target::NODE));
    let transcoder = Transcoder::new(&doc, &from, &to);
    let mut deserializer = ValueDeserializer::new(&data);
    deserializer.read_header().unwrap();
    deserializer.read_value().unwrap();
    let mut serializer = ValueSerializer::new();
    serializer.write_header().unwrap();
    serializer.begin_array(7).unwrap();
    for (shown, wanted) in [
        (format!("{doc:?}"), "Document { version: 15, nodes: 1000001, .. }"),
        (format!("{:?}", doc.root()[0]), "Value(Bool at 6)"),
        (format!("{:?}", doc.obstacles(&to)), "Obstacles { next: 0, .. }"),
        (
            format!("{:?}", Parser::with_options(options.clone())),
            "Parser { options: ParseOptions {",
        ),
        (format!("{options:?}"), "transfers: "),
        (format!("{transcoder:?}"), "Transcoder { options: WriteOptions {"),
        (
            format!("{deserializer:?}"),
            "ValueDeserializer { version: 15, position: 1000011, document: Document {",
        ),
        (format!("{serializer:?}"), "position: 4, depth: 1, .. }"),
        (
            format!("{:?}", Reader::new(&data).unwrap()),
            "Reader { version: 15, position: 2, depth: 0, .. }",
        ),
    ] {
        assert!(shown.contains(wanted) && shown.len() < 900, "{shown}");
    }
    assert_eq!(deserializer.wire_format_version(), 15);
    assert_eq!((Tag(b'o').name(), format!("{:?}", Tag(7))), (Some("object"), "Tag(0x07)".into()));
    assert!(format!("{:?}", ErrorTag(b'x')).contains("0x78"));
}

/// Each kind of what can go wrong in writing comes about, has a name and a message, and says where.
#[test]
fn errors_of_writing() {
    #[track_caller]
    fn refused(
        options: WriteOptions,
        calls: impl Fn(&mut ValueSerializer<'_>) -> Result<(), WriteError>,
    ) -> WriteError {
        let mut serializer = ValueSerializer::with_options(options);
        serializer.write_header().and_then(|()| calls(&mut serializer)).unwrap_err()
    }
    let plain = WriteOptions::new();
    let node8 = WriteOptions::for_target(Target::node(8).unwrap());
    let elsewhere = ParseOptions::new().externals(Externals::Keep).profile(Profile::V8);
    let doc = elsewhere.parse(b"\xFF\x0Ft\0VB\0\0\0").unwrap();
    let node = v8wire::node::serialize(doc.root().value()).unwrap_err();
    let big = ParseOptions::new().byte_order(ByteOrder::Big);
    let numbers = big.parse(b"\xFF\x0F\\\x03\x02\0\x01").unwrap();
    let foreign = Transcoder::new(&numbers, &big, &node8).obstacles().next().unwrap();
    let mut closed = ValueSerializer::new();
    closed.write_str("what stays").unwrap();
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("closed"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert_eq!(closed.drain_to(Closed).unwrap_err().to_string(), "closed");
    let mut errors = vec![
        (
            refused(plain.version(12), |_| Ok(())),
            "unsupported-version",
            "version 12 is not written, 13 to 16 are",
        ),
        (
            refused(plain.version(13), |it| it.write_event(Event::SharedObject { id: 0 })),
            "version-too-old",
            "a shared object needs version 15, not 13",
        ),
        (
            refused(plain, |it| it.write_resizable_array_buffer(b"", u64::MAX).map(drop)),
            "too-long",
            "above 4294967295",
        ),
        (refused(plain, |it| it.end_object()), "misuse", "misuse: "),
        (
            refused(plain, |it| {
                it.begin_array(2)?;
                it.write_null()?;
                it.end_array()
            }),
            "wrong-count",
            "array of 2 elements has 1",
        ),
        (
            refused(plain, |it| it.write_reference(3)),
            "invalid-reference",
            "reference to object 3 of 0",
        ),
        (
            refused(plain, |it| {
                it.write_array_buffer(b"abc")?;
                it.write_view(ViewKind::Int16, 1, 2).map(drop)
            }),
            "invalid-view",
            "view ",
        ),
        (node, "bytes-elsewhere", "the bytes of the view are in a transferred or shared buffer"),
        (
            refused(plain, |it| {
                it.begin_object()?;
                for _ in 0..2 {
                    it.write_key("k")?;
                    it.write_null()?;
                }
                it.end_object()
            }),
            "duplicate-key",
            "duplicate key: \"k\" occurs before",
        ),
        (refused(node8, |it| it.write_bigint_i128(1)), "not-carried", "Node 8 does not read "),
        (foreign, "foreign-elements", "elements in the other byte order: Int16Array ($)"),
        (WriteError::data_clone("#<Object>"), "data-clone", "#<Object> could not be cloned."),
        (closed.release().unwrap_err(), "output", "the output failed"),
    ];
    #[cfg(feature = "serde")]
    {
        let options = v8wire::SerializeOptions::new();
        let exact = options.integers(v8wire::IntegersAs::Number);
        errors.push((
            v8wire::to_vec_with(&u64::MAX, &exact).unwrap_err(),
            "integer-not-exact",
            "integer 18446744073709551615 is not exact as a number ($)",
        ));
        errors.push((
            options.max_depth(1).to_vec(&[[1]]).unwrap_err(),
            "limit-exceeded",
            "limit exceeded: depth above 1 ($[0])",
        ));
        errors.push((serde::ser::Error::custom("no"), "unsupported", "no"));
    }
    let mut codes = BTreeSet::new();
    for (error, code, message) in &errors {
        assert_eq!(&error.kind().code(), code, "{error}");
        assert!(error.to_string().contains(message), "{error}");
        let misuse = matches!(
            error.kind(),
            WriteErrorKind::Misuse { .. }
                | WriteErrorKind::WrongCount { .. }
                | WriteErrorKind::InvalidReference { .. }
                | WriteErrorKind::InvalidView { .. }
        );
        assert!(misuse || error.path().is_some() || !error.to_string().contains(" ($"));
        codes.insert(code);
    }
    assert_eq!(codes.len(), errors.len());
}

#[test]
fn errors_of_names_and_transcoding() {
    assert_eq!(
        "x".parse::<Profile>().unwrap_err().to_string(),
        "expected one of `node`, `node-ipc`, `v8`"
    );
    let release = "x".parse::<Release>().unwrap_err().to_string();
    assert_eq!(release, "expected a release such as `13.6`, `node-22` or `newest`");
    assert!("x".parse::<Target>().unwrap_err().to_string().starts_with("expected `node-8` to"));
    let to = WriteOptions::for_target(Target::node(8).unwrap());
    let unread = transcode(b"\xFF\x0F%", &ParseOptions::new(), &to).unwrap_err();
    assert_eq!(unread.to_string(), unread.source().unwrap().to_string());
    assert!(matches!(unread, TranscodeError::Read(_)));
    let unwritten = transcode(b"\xFF\x0FZ\0", &ParseOptions::new(), &to).unwrap_err();
    assert!(unwritten.source().is_none() && unwritten.to_string().contains("Node 8 does not read"));
    let doc = Document::parse(b"\xFF\x0FT").unwrap();
    let missing = doc.root().at("$.a").unwrap_err();
    assert_eq!((missing.path(), missing.is_missing()), ("$.a", true));
    assert!(doc.root().at("$<host x>").is_err() && doc.root().at("$<new 1>").is_err());
    let error = Document::parse(b"\xFF\x0FA\x01%$\0\x01").unwrap_err();
    assert_eq!(error.tag(), Some(Tag(b'%')));
}

#[cfg(feature = "serde")]
#[test]
fn texts_of_rust_types() {
    use v8wire::js::{BigInt, Date, Error, ErrorClass};
    assert_eq!(Date::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
    assert_eq!(Date::INVALID.to_string(), "Invalid Date");
    let invalid = std::time::SystemTime::try_from(Date::INVALID).unwrap_err();
    assert_eq!(invalid.to_string(), "the date is invalid, or out of the range of times");
    let wide = i32::try_from(&BigInt::from(u64::MAX)).unwrap_err();
    assert_eq!(wide.to_string(), "the bigint does not fit into the type");
    assert!("1x".parse::<BigInt>().unwrap_err().to_string().starts_with("expected decimal digits"));
    let error: Error = Error::new(ErrorClass::RangeError, "too far");
    assert_eq!(error.to_string(), "RangeError: too far");
    assert_eq!(Error::<()>::default().to_string(), "Error");
    // What was expected is named, in the format of others too.
    for (text, wanted) in [
        (serde_json::from_str::<Date>("true").map(drop), "expected milliseconds since 1970"),
        (serde_json::from_str::<BigInt>("true").map(drop), "expected a bigint"),
        (serde_json::from_str::<Error>("true").map(drop), "expected an error"),
        (
            serde_json::from_str::<v8wire::js::Int8Array<'_>>("true").map(drop),
            "expected the elements of a typed array",
        ),
    ] {
        let message = text.unwrap_err().to_string();
        assert!(message.contains(wanted), "{message}");
    }
    let read: Error = serde_json::from_str(r#"{"name":"TypeError","other":[1]}"#).unwrap();
    assert_eq!(read.class, ErrorClass::TypeError);
}
