//! What targets do not read, and the numbers that they have.

use v8wire::node::DefaultSerializer;
use v8wire::{
    ErrorTag, Event, Release, Target, Text, ValueSerializer, ViewKind, WriteError, WriteErrorKind,
    WriteOptions, regexp_flags as flag,
};

/// Writes the events, of which the last may fail.
fn events(options: WriteOptions, events: &[Event<'_>]) -> Result<Vec<u8>, WriteError> {
    let mut serializer = ValueSerializer::with_options(options);
    serializer.write_header()?;
    let (last, first) = events.split_last().unwrap();
    first.iter().for_each(|&event| serializer.write_event(event).unwrap());
    serializer.write_event(*last)?;
    serializer.release()
}

fn refused(target: Target, these: &[Event<'_>]) -> Option<String> {
    let mut serializer = ValueSerializer::with_options(WriteOptions::for_target(target));
    serializer.write_header().unwrap();
    these.iter().find_map(|&event| serializer.write_event(event).err()).map(|e| e.to_string())
}

#[test]
fn numbers_of_targets() {
    for (number, good) in [(79, false), (80, true), (152, true), (153, false)] {
        assert_eq!(Target::chromium(number).is_some(), good, "{number}");
    }
    for (number, good) in [(14, false), (15, true), (44, true), (45, false)] {
        assert_eq!(Target::electron(number).is_some(), good, "{number}");
    }
    assert_eq!(Target::electron(15).unwrap().release(), Release::new(9, 4));
    assert_eq!(Target::chromium(152).unwrap().release(), Release::NEWEST);
    // Deno's layer reads no version above 15.
    assert_eq!((Target::DENO.version(), Target::DENO_CORE.version()), (15, 16));
    for (name, target) in [
        ("node", Target::NODE),
        ("deno", Target::DENO),
        ("chromium152", Target::chromium(152).unwrap()),
    ] {
        assert_eq!(name.parse(), Ok(target));
    }
    let error = "netscape".parse::<Target>().unwrap_err().to_string();
    assert!(error.contains("chromium-80") && error.contains("electron-44"), "{error}");
    assert!("4".parse::<Release>().unwrap_err().to_string().contains("13.6"));
}

/// The last of these events is what a target does not read, as its error says.
#[test]
fn what_targets_do_not_read() {
    let regexp = |flags| [Event::RegExp { pattern: Text::OneByte(b"a"), flags }];
    let view = |kind, flags| {
        let view = Event::View { kind, byte_offset: 0, byte_length: 8, flags: Some(flags) };
        [Event::ResizableArrayBuffer { data: &[0; 8], max_byte_length: 8 }, view]
    };
    let fixed = |kind| {
        let view = Event::View { kind, byte_offset: 0, byte_length: 8, flags: None };
        [Event::ArrayBuffer(&[0; 8]), view]
    };
    let module = [Event::WasmModule { wire_bytes: b"\0asm", compiled: b"" }];
    let memory = [Event::WasmMemoryBegin { maximum_pages: 1, memory64: None }];
    let shared = [Event::WasmSharedArrayBuffer { id: 0, length: None }];
    let by_id = [Event::WasmModuleTransfer { id: 0 }];
    let elsewhere = [Event::SharedArrayBuffer { id: 0 }];
    let v8 = |major, minor| Target::v8(Release::new(major, minor));
    let node = |major| Target::node(major).unwrap();
    let both = flag::UNICODE | flag::UNICODE_SETS;
    let cases: [(Target, &[Event<'_>], Option<&str>); 25] = [
        (v8(12, 0), &regexp(both), Some("the flags `u` and `v`")),
        (v8(12, 0), &regexp(flag::UNICODE), None),
        (v8(12, 0), &regexp(flag::UNICODE_SETS), None),
        (v8(11, 0), &regexp(both), None),
        (v8(10, 0), &regexp(both), Some("the flag `v`")),
        (v8(10, 0), &regexp(flag::UNICODE_SETS | flag::HAS_INDICES), Some("the flag `v`")),
        (v8(10, 0), &regexp(flag::HAS_INDICES), None),
        (v8(8, 4), &regexp(flag::HAS_INDICES), Some("flags `d` or `l`")),
        (v8(8, 4), &regexp(flag::HAS_INDICES | flag::LINEAR), Some("flags `d` or `l`")),
        (v8(15, 0), &regexp(flag::LINEAR), Some("flags `d` or `l`")),
        (v8(15, 0), &regexp(1 << 12), Some("these flags")),
        (v8(15, 0), &regexp(1 << 12 | flag::LINEAR), Some("these flags")),
        (node(20), &view(ViewKind::Uint8, 2), None),
        (node(18), &view(ViewKind::Uint8, 2), Some("resizable ArrayBuffer")),
        (v8(6, 2), &fixed(ViewKind::BigInt64), Some("a BigInt64Array")),
        (v8(6, 2), &fixed(ViewKind::BigUint64), Some("a BigUint64Array")),
        (v8(6, 2), &fixed(ViewKind::Uint16), None),
        (v8(15, 0), &module, Some("a WebAssembly module")),
        (v8(7, 5), &module, None),
        (v8(15, 0), &memory, Some("a WebAssembly memory")),
        (v8(15, 0), &shared, Some("a WebAssembly memory")),
        (v8(15, 0), &by_id, None),
        (Target::NODE, &by_id, Some("a WebAssembly module")),
        (v8(15, 0), &elsewhere, None),
        (Target::NODE, &elsewhere, Some("a SharedArrayBuffer")),
    ];
    for (target, events, text) in cases {
        let said = refused(target, events);
        let as_wanted = match (&said, text) {
            (None, None) => true,
            (Some(said), Some(text)) => said.contains(text),
            _ => false,
        };
        assert!(as_wanted, "{events:?} for {target}: {said:?}, not {text:?}");
    }
    // A view with flags, whose buffer is elsewhere.
    let outside = Event::TransferredArrayBuffer { id: 0 };
    for (target, flags, good) in [(v8(10, 2), 1, false), (v8(10, 2), 4, true), (v8(11, 0), 1, true)]
    {
        let kind = ViewKind::Uint8;
        let view = Event::View { kind, byte_offset: 0, byte_length: 8, flags: Some(flags) };
        let said = refused(target, &[outside, view]);
        assert_eq!(said.is_none(), good, "{target} {flags}: {said:?}");
    }
}

/// What the calls would make that cannot be read.
#[test]
fn memories_and_their_buffers() {
    let memory = Event::WasmMemoryBegin { maximum_pages: 1, memory64: None };
    let wide = Event::WasmMemoryBegin { maximum_pages: 1, memory64: Some(true) };
    let [buffer, shared] = [Event::ArrayBuffer(b""), Event::SharedArrayBuffer { id: 0 }];
    let begin = Event::WasmSharedArrayBufferBegin { id: 0 };
    let fixed = Event::WasmSharedArrayBuffer { id: 0, length: Some(4) };
    let view = |byte_length| Event::View {
        kind: ViewKind::Uint8,
        byte_offset: 0,
        byte_length,
        flags: None,
    };
    let array = Event::DenseArrayBegin { length: 2 };
    let cases: [(&[Event<'_>], bool); 8] = [
        (&[array, buffer, memory, Event::Reference(1)], false),
        (&[array, shared, memory, Event::Reference(1)], true),
        (&[array, buffer, begin, Event::Reference(1)], false),
        (&[array, memory, shared, Event::WasmMemoryEnd, begin, Event::Reference(1)], true),
        (&[array, memory, shared, Event::WasmMemoryEnd, begin, Event::Reference(2)], false),
        (&[array, fixed, view(4)], true),
        (&[array, fixed, view(5)], false),
        (&[wide], false),
    ];
    for (these, good) in cases {
        let mut serializer =
            ValueSerializer::with_options(WriteOptions::new().memory64_byte(false));
        serializer.write_header().unwrap();
        let (last, first) = these.split_last().unwrap();
        first.iter().for_each(|&event| serializer.write_event(event).unwrap());
        let written = serializer.write_event(*last);
        assert_eq!(written.is_ok(), good, "{these:?}: {written:?}");
    }
}

/// What is said of calls that do not fit together.
#[test]
fn misused_calls_say_what_is_wrong() {
    let cases: [(&[Event<'_>], &str); 6] = [
        (&[Event::DenseArrayBegin { length: 1 }, Event::Hole, Event::Hole], "no element"),
        (&[Event::DenseArrayBegin { length: 0 }, Event::Hole], "no element"),
        (&[Event::ObjectBegin, Event::Hole], "no element"),
        (&[Event::DenseArrayBegin { length: 0 }, Event::Null], "neither a string nor a number"),
        (
            &[Event::ErrorBegin, Event::ErrorPart(v8wire::ErrorPart::Cause), Event::ErrorEnd],
            "before its cause",
        ),
        (&[Event::MapBegin, Event::Null, Event::MapEnd { length: 2 }], "behind a key"),
    ];
    for (these, text) in cases {
        let error = events(WriteOptions::new(), these).unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
        assert!(error.is_misuse() && !error.is_version(), "{error}");
    }
    let error = events(WriteOptions::new(), &[Event::ObjectBegin]).unwrap_err();
    assert!(error.is_misuse(), "{error}");
    let old = Target::node(8).unwrap();
    let error = events(WriteOptions::for_target(old), &[Event::ErrorBegin]).unwrap_err();
    assert!(!error.is_misuse(), "{error}");
    assert_ne!(error.kind(), &WriteErrorKind::Output);
}

#[test]
fn serializers_tell_where_they_are() {
    let options = WriteOptions::new().version(14).smi_bits(31);
    let mut serializer = DefaultSerializer::with_options(options);
    serializer.write_header().unwrap();
    assert_eq!(serializer.options(), &options);
    serializer.begin_object().unwrap();
    serializer.write_key("a").unwrap();
    serializer.begin_error(Some(ErrorTag::RANGE_ERROR)).unwrap();
    assert_eq!((serializer.depth(), serializer.object_count()), (2, 2));
    let shown = format!("{:?}", *serializer);
    assert!(shown.starts_with("ValueSerializer {"), "{shown}");
    serializer.end_error().unwrap();
    serializer.end_object().unwrap();
    assert_eq!(serializer.depth(), 0);
    let mut inner = serializer.into_inner();
    assert_eq!((inner.options(), inner.position()), (&options, 11));
    inner.write_null().unwrap();
    assert_eq!(inner.release().unwrap(), b"\xFF\x0Eo\"\x01arR.{\x010");

    let mut serializer = DefaultSerializer::new();
    serializer.write_uint32(7).unwrap();
    assert_eq!(serializer.release().unwrap(), [7]);
}
