//! The serializer call by call: what comes out, and what is refused.

use v8wire::node::{self, DefaultSerializer};
use v8wire::{
    BigInt, ByteOrder, Document, ErrorPart, ErrorTag, Event, Externals, ParseOptions, Release,
    Strictness, Text, ValueSerializer, ViewKind, WriteError, WriteErrorKind, WriteOptions,
};

fn one(write: impl FnOnce(&mut ValueSerializer<'_>) -> Result<(), WriteError>) -> Vec<u8> {
    with(WriteOptions::new(), write).expect("good calls")
}

/// What stands behind the header.
fn with(
    options: WriteOptions,
    write: impl FnOnce(&mut ValueSerializer<'_>) -> Result<(), WriteError>,
) -> Result<Vec<u8>, WriteError> {
    let mut serializer = ValueSerializer::with_options(options);
    serializer.write_header()?;
    write(&mut serializer)?;
    Ok(serializer.release()?.split_off(2))
}

#[test]
fn scalars() {
    assert_eq!(one(|s| s.write_undefined()), b"_");
    assert_eq!(one(|s| s.write_null()), b"0");
    assert_eq!(one(|s| s.write_bool(true)), b"T");
    assert_eq!(one(|s| s.write_number(-1.0)), b"I\x01");
    assert_eq!(one(|s| s.write_number(-0.0)), b"N\0\0\0\0\0\0\0\x80");
    assert_eq!(one(|s| s.write_number(2_147_483_647.0)), b"I\xFE\xFF\xFF\xFF\x0F");
    assert_eq!(one(|s| s.write_number(2_147_483_648.0)), b"N\0\0\0\0\0\0\xE0\x41");
    assert_eq!(one(|s| s.write_number(f64::from_bits(!0))), b"N\0\0\0\0\0\0\xF8\x7F");
    assert_eq!(one(|s| s.write_double_value(1.0)), b"N\0\0\0\0\0\0\xF0\x3F");
    assert_eq!(one(|s| s.write_str("a\u{e9}")), b"\"\x02a\xE9");
    assert_eq!(one(|s| s.write_text(Text::TwoByte(b"a\0", ByteOrder::Little))), b"c\x02a\0");
    assert_eq!(one(|s| s.write_utf16(&[0xD800])), b"c\x02\0\xD8");
    assert_eq!(one(|s| s.write_utf16(&[0x61])), b"\"\x01a");
    assert_eq!(one(|s| s.write_bigint_i128(0)), b"Z\0");
    assert_eq!(one(|s| s.write_bigint_i128(-1)), b"Z\x11\x01\0\0\0\0\0\0\0");
    // No whole word, and leading zeros.
    let digits: &[u8] = &[1, 2, 3, 0, 0, 0, 0, 0, 0];
    assert_eq!(
        one(|s| s.write_bigint(BigInt { negative: true, digits })),
        b"Z\x11\x01\x02\x03\0\0\0\0\0"
    );
    assert_eq!(one(|s| s.write_bigint(BigInt { negative: true, digits: &[0] })), b"Z\0");
    assert_eq!(one(|s| s.write_event(Event::Uint32(3))), b"I\x06");
    assert_eq!(one(|s| s.write_date(0.5).map(drop)), b"D\0\0\0\0\0\0\xE0\x3F");
    assert_eq!(one(|s| s.write_regexp("a", 5).map(drop)), b"R\"\x01a\x05");
}

#[test]
fn small_integers_of_31_bits() {
    let options = WriteOptions::new().smi_bits(31);
    let number = |value: f64| with(options, |s| s.write_number(value)).unwrap()[0];
    assert_eq!(number(1_073_741_823.0), b'I');
    assert_eq!(number(1_073_741_824.0), b'N');
    assert_eq!(number(-1_073_741_824.0), b'I');
    assert_eq!(number(-1_073_741_825.0), b'N');
    let key = with(options, |s| {
        s.begin_object()?;
        s.write_key("1073741824")?;
        s.write_null()?;
        s.end_object()
    });
    assert_eq!(key.unwrap(), b"oN\0\0\0\0\0\0\xD0\x410{\x01");
}

#[test]
fn big_endian() {
    let options = WriteOptions::new().byte_order(ByteOrder::Big);
    let written = with(options, |s| {
        s.write_double_value(1.5)?;
        s.write_str("\u{20AC}")?;
        s.write_text(Text::TwoByte(b"\xAC\x20", ByteOrder::Little))
    });
    assert_eq!(written.unwrap(), b"N\x3F\xF8\0\0\0\0\0\0\0c\x02\x20\xACc\x02\x20\xAC");
}

#[test]
fn two_byte_strings_are_aligned_from_the_start_of_the_buffer() {
    assert_eq!(one(|s| s.write_str("\u{20AC}")), b"c\x02\xAC\x20");
    let shifted = one(|s| {
        s.write_raw_bytes(b"x")?;
        s.write_str("\u{20AC}")
    });
    assert_eq!(shifted, b"x\0c\x02\xAC\x20");
}

#[test]
fn containers() {
    let map = one(|s| {
        let map = s.begin_map()?;
        s.write_reference(map)?;
        s.begin_set()?;
        s.write_number(1.0)?;
        s.end_set()?;
        s.end_map()
    });
    assert_eq!(map, b";^\0'I\x02,\x01:\x02");
    let arrays = one(|s| {
        s.begin_array(3)?;
        s.write_hole()?;
        s.begin_sparse_array(9)?;
        s.write_key("7")?;
        s.write_null()?;
        s.end_sparse_array()?;
        s.write_null()?;
        s.write_key("name")?;
        s.write_bool(false)?;
        s.end_array()
    });
    assert_eq!(arrays, b"A\x03-a\x09I\x0E0@\x01\x090\"\x04nameF$\x01\x03");
    let error = one(|s| {
        s.begin_error(Some(ErrorTag::TYPE_ERROR))?;
        s.write_error_message("m")?;
        s.write_error_stack("s")?;
        s.begin_error_cause()?;
        s.write_reference(0)?;
        s.end_error()
    });
    assert_eq!(error, b"rTm\"\x01ms\"\x01sc^\0.");
    let host = one(|s| {
        s.begin_host_object()?;
        s.write_uint32(300)?;
        s.write_uint64_hi_lo(1, 0)?;
        s.write_double(1.5)?;
        s.write_null()?;
        s.write_raw_bytes(b"raw")?;
        s.end_host_object()
    });
    assert_eq!(host, b"\\\xAC\x02\x80\x80\x80\x80\x10\0\0\0\0\0\0\xF8\x3F0raw");
}

#[test]
fn buffers_and_views() {
    let views = |s: &mut ValueSerializer<'_>| {
        s.begin_array(2)?;
        let buffer = s.write_array_buffer(&[1, 2, 3, 4])?;
        assert_eq!(s.write_view(ViewKind::Uint16, 2, 2)?, buffer + 1);
        s.write_reference(buffer)?;
        s.write_view(ViewKind::Buffer, 0, 4)?;
        s.end_array()
    };
    assert_eq!(one(views), b"A\x02B\x04\x01\x02\x03\x04VW\x02\x02\0^\x01VB\0\x04\0$\0\x02");
    let old = with(WriteOptions::new().version(13), views).unwrap();
    assert_eq!(old, b"A\x02B\x04\x01\x02\x03\x04VW\x02\x02^\x01VB\0\x04$\0\x02");
    let resizable = |s: &mut ValueSerializer<'_>| {
        s.begin_array(2)?;
        let buffer = s.write_resizable_array_buffer(&[1, 2], 8)?;
        s.write_length_tracking_view(ViewKind::Int8, 1)?;
        s.write_reference(buffer)?;
        s.write_view(ViewKind::DataView, 0, 2)?;
        s.end_array()
    };
    let written = one(resizable);
    assert_eq!(written, b"A\x02~\x02\x08\x01\x02Vb\x01\0\x03^\x01V?\0\x02\x02$\0\x02");
    let read = [b"\xFF\x0F", &written[..]].concat();
    let doc = Document::parse(&read).unwrap();
    assert!(doc.root()[0].as_view().unwrap().length_tracking);

    let old = with(WriteOptions::new().version(13), resizable).unwrap_err();
    assert!(old.is_version(), "{old}");
    assert_eq!(old.to_string(), "a view of a resizable array buffer needs version 14, not 13");
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |write: Call<'_>| {
        let mut serializer = ValueSerializer::new();
        serializer.write_header().unwrap();
        let error = write(&mut serializer).expect_err("misuse");
        // Nothing behind an error is taken, and nothing comes out.
        assert_eq!(serializer.write_null().as_ref(), Err(&error));
        assert_eq!(serializer.release().as_ref(), Err(&error));
        error.to_string()
    };
    let misuse: [(Call<'_>, &str); 23] = [
        (&|s| s.end_object(), "misuse: an end where nothing is open"),
        (
            &|s| s.begin_array(0).and_then(|_| s.end_object()),
            "misuse: an object ends, but an array is open",
        ),
        (
            &|s| s.begin_array(0).and_then(|_| s.end_sparse_array()),
            "misuse: an array ends, but one of the other kind is open",
        ),
        (&|s| s.begin_array(1).and_then(|_| s.end_array()), "array of 1 elements has 0"),
        (
            &|s| s.begin_array(0).and_then(|_| s.write_null()),
            "misuse: a key that is neither a string nor a number",
        ),
        (
            &|s| s.begin_object().and_then(|_| s.write_bigint_i128(1)),
            "misuse: a key that is neither a string nor a number",
        ),
        (
            &|s| s.begin_object().and_then(|_| s.begin_object()).map(drop),
            "misuse: a key that is neither a string nor a number",
        ),
        (
            &|s| {
                s.begin_object()?;
                s.write_key("a")?;
                s.end_object()
            },
            "misuse: a container ends behind a key",
        ),
        (
            &|s| {
                s.begin_map()?;
                s.write_null()?;
                s.end_map()
            },
            "misuse: a map ends behind a key",
        ),
        (&|s| s.write_hole(), "misuse: a hole that is no element of a dense array"),
        (
            &|s| {
                s.begin_array(0)?;
                s.write_key("a")?;
                s.write_hole()
            },
            "misuse: a hole that is no element of a dense array",
        ),
        (&|s| s.write_reference(0), "reference to object 0 of 0"),
        (&|s| s.write_view(ViewKind::Int8, 0, 0).map(drop), VIEW_ALONE),
        (
            &|s| {
                s.write_array_buffer(&[])?;
                s.write_view(ViewKind::Int8, 0, 0)?;
                s.write_view(ViewKind::Int8, 0, 0).map(drop)
            },
            VIEW_ALONE,
        ),
        (
            &|s| {
                let date = s.write_date(0.0)?;
                s.write_reference(date)?;
                s.write_view(ViewKind::Int8, 0, 0).map(drop)
            },
            VIEW_ALONE,
        ),
        (
            &|s| {
                s.write_array_buffer(&[0; 4])?;
                s.write_view(ViewKind::Int8, 1, 4).map(drop)
            },
            "view ends behind the end of its buffer",
        ),
        (
            &|s| {
                s.write_array_buffer(&[0; 4])?;
                s.write_view(ViewKind::Int8, u64::MAX, u64::MAX).map(drop)
            },
            "view ends behind the end of its buffer",
        ),
        (
            &|s| {
                s.write_array_buffer(&[0; 4])?;
                s.write_view(ViewKind::Int32, 0, 3).map(drop)
            },
            "view is no whole number of elements",
        ),
        (
            &|s| {
                s.write_array_buffer(&[0; 4])?;
                s.write_length_tracking_view(ViewKind::Int8, 0).map(drop)
            },
            "view tracks the length of a buffer that is not resizable",
        ),
        (
            &|s| s.write_resizable_array_buffer(&[0; 4], 3).map(drop),
            "length of resizable array buffer of 4 is above 3",
        ),
        (
            &|s| s.begin_object().and_then(|_| s.write_uint32(1)),
            "misuse: raw data within a value that is no host object",
        ),
        (&|s| s.begin_object().and_then(|_| s.write_header()), "misuse: a header within a value"),
        (
            &|s| {
                s.begin_error(None)?;
                s.write_error_stack("s")?;
                s.write_error_message("m")
            },
            "misuse: part of an error behind one that it must precede",
        ),
    ];
    for (write, message) in misuse {
        assert_eq!(refused(write), message);
    }

    let mut open = ValueSerializer::new();
    open.begin_object().unwrap();
    let error = open.release().unwrap_err();
    assert!(error.is_misuse());
    assert_eq!(error.to_string(), "misuse: released while a container is open");
}

type Call<'c> = &'c dyn Fn(&mut ValueSerializer<'_>) -> Result<(), WriteError>;

const VIEW_ALONE: &str = "misuse: a view that does not follow its buffer";

#[test]
fn versions() {
    for version in [0, 12, 17] {
        let mut serializer = ValueSerializer::with_options(WriteOptions::new().version(version));
        let error = serializer.write_header().unwrap_err();
        assert_eq!(error.kind(), &WriteErrorKind::UnsupportedVersion { version });
    }
    for version in 13..=16 {
        let options = WriteOptions::new().version(version);
        let shared = with(options, |s| s.write_shared_object(3));
        match shared {
            Ok(bytes) => assert_eq!((bytes, version >= 15), (b"p\x03".to_vec(), true)),
            Err(error) => {
                assert!(version < 15, "{error}");
                assert_eq!(error.kind().code(), "version-too-old");
            }
        }
    }
    // Lengths of 32 bits below version 16.
    let long =
        Event::View { kind: ViewKind::Int8, byte_offset: 1 << 32, byte_length: 1, flags: None };
    let view = |version| {
        with(WriteOptions::new().version(version), |s| {
            s.write_shared_array_buffer(0)?;
            s.write_event(long)
        })
    };
    assert_eq!(view(16).unwrap(), b"u\0Vb\x80\x80\x80\x80\x10\x01\0");
    let error = view(15).unwrap_err();
    assert_eq!(error.to_string(), "offset of view of 4294967296 is above 4294967295");
}

#[test]
fn errors_say_where() {
    let blob = b"\xFF\x0Fo\"\x05usersA\x02_;\"\x01k~\x01\x02\x00VB\x00\x01\x02:\x02$\0\x02{\x01";
    let doc = Document::parse(blob).unwrap();
    assert_eq!(doc.to_vec(), blob);
    let mut serializer = ValueSerializer::with_options(WriteOptions::new().version(13));
    let error = serializer.write_value(doc.root().value()).unwrap_err();
    assert_eq!(error.path(), Some("$.users[1]<value 0>"));
    assert_eq!(
        error.to_string(),
        "a view of a resizable array buffer needs version 14, not 13 ($.users[1]<value 0>)"
    );
    assert_eq!(serializer.release(), Err(error));
}

#[test]
fn identity_is_kept_across_values_and_documents() {
    let first = Document::parse(b"\xFF\x0FA\x02o{\0^\x01$\0\x02").unwrap();
    let second = Document::parse(b"\xFF\x0FA\x02o{\0^\x01$\0\x02").unwrap();
    let mut serializer = ValueSerializer::new();
    for doc in [&first, &second, &first] {
        serializer.write_value(doc.root()[1].value()).unwrap();
    }
    serializer.write_value(second.root().value()).unwrap();
    assert_eq!(serializer.object_count(), 3);
    assert_eq!(serializer.release().unwrap(), b"o{\0o{\0^\0A\x02^\x01^\x01$\0\x02");
    // A part of a cycle, from within.
    let cycle = Document::parse(b"\xFF\x0Fo\"\x01ao\"\x01b^\0{\x01{\x01").unwrap();
    let mut serializer = ValueSerializer::new();
    serializer.write_value(cycle.root()["a"].value()).unwrap();
    assert_eq!(serializer.release().unwrap(), b"o\"\x01bo\"\x01a^\0{\x01{\x01");
}

#[test]
fn transferred_buffers() {
    let blob = b"\xFF\x0FA\x03B\x02\x01\x02VB\0\x02\0^\x01B\x01\x07$\0\x03";
    let doc = Document::parse(blob).unwrap();
    let mut serializer = ValueSerializer::new();
    serializer.transfer_array_buffer(9, doc.root()[1].value()).unwrap();
    serializer.write_value(doc.root().value()).unwrap();
    assert!(serializer.transfer_array_buffer(9, doc.root()[1].value()).is_err());
    assert!(serializer.transfer_array_buffer(9, doc.root().value()).is_err());
    assert_eq!(serializer.release().unwrap(), b"A\x03t\x09VB\0\x02\0^\x01B\x01\x07$\0\x03");
}

#[test]
fn views_as_host_objects_and_back() {
    let raw = b"\xFF\x0FA\x02B\x04\x01\x02\x03\x04VW\x02\x02\0^\x02$\0\x02";
    let doc = Document::parse(raw).unwrap();
    let host = node::serialize(doc.root().value()).unwrap();
    assert_eq!(host, b"\xFF\x0FA\x02\\\x04\x02\x03\x04^\x01$\0\x02");
    let doc = node::deserialize(&host).unwrap();
    let mut serializer = ValueSerializer::new();
    serializer.write_value(doc.root().value()).unwrap();
    assert_eq!(serializer.release().unwrap(), b"A\x02B\x02\x03\x04VW\0\x02\0^\x02$\0\x02");

    let options = ParseOptions::new().externals(Externals::Keep);
    let doc = options.parse(b"\xFF\x0Fo\"\x01vt\0VB\0\x01\0{\x01").unwrap();
    let mut serializer = DefaultSerializer::new();
    let error = serializer.write_value(doc.root().value()).unwrap_err();
    assert_eq!((error.kind().code(), error.path()), ("bytes-elsewhere", Some("$.v")));
}

#[test]
fn parts_of_errors_in_the_order_of_the_target() {
    // As V8 9.4 to 11.3 write them.
    let blob = b"\xFF\x0FrRm\"\x01mc0s\"\x01s.";
    let release = Strictness::Engine(Release::new(11, 3));
    let doc = ParseOptions::new().strictness(release).parse(blob).unwrap();
    assert_eq!(doc.to_vec(), blob);
    let write = |options| {
        let mut serializer = ValueSerializer::with_options(options);
        serializer.write_header().unwrap();
        serializer.write_value(doc.root().value()).unwrap();
        serializer.release().unwrap()
    };
    assert_eq!(write(WriteOptions::new().cause_before_stack(true)), blob);
    let newest = write(WriteOptions::new());
    assert_eq!(newest, b"\xFF\x0FrRm\"\x01ms\"\x01sc0.");
    assert_eq!(Document::parse(&newest).unwrap().events().count(), 7);
    assert_eq!(doc.events().nth(2), Some(Event::ErrorPart(ErrorPart::Message(Text::Utf8(b"m")))));
}

#[test]
fn ten_million_arrays_within_each_other() {
    const DEPTH: usize = 10_000_000;
    let mut blob = vec![0xFF, 15];
    blob.resize(2 + 2 * DEPTH, 1);
    blob[2..].iter_mut().step_by(2).for_each(|byte| *byte = b'A');
    blob.push(b'0');
    blob.extend([b'$', 0, 1].repeat(DEPTH));
    let doc = ParseOptions::new().max_depth(u32::MAX).parse(&blob).unwrap();
    assert!(doc.to_vec() == blob);
    let mut serializer = ValueSerializer::new();
    serializer.write_header().unwrap();
    serializer.write_value(doc.root().value()).unwrap();
    assert!(serializer.release().unwrap() == blob);
}

/// As readers take it: a memory holds a shared buffer, new or known, and nothing else.
/// A hole may be filled by a property, and is one of its own array only.
#[test]
fn holes_are_of_one_array() {
    let write = |second: bool| {
        let mut serializer = ValueSerializer::new();
        serializer.write_header()?;
        serializer.begin_array(2)?;
        for hole in [true, second] {
            serializer.begin_array(1)?;
            if hole { serializer.write_hole() } else { serializer.write_null() }?;
            serializer.write_int32(0)?;
            serializer.write_null()?;
            serializer.end_array()?;
        }
        serializer.end_array()?;
        serializer.release()
    };
    assert!(Document::parse(&write(true).unwrap()).is_ok());
    let error = write(false).unwrap_err();
    assert_eq!(error.to_string(), "duplicate key: \"0\" occurs before");
}

#[test]
fn memories_hold_shared_buffers() {
    let memory = Event::WasmMemoryBegin { maximum_pages: 1, memory64: None };
    let write = |events: &[Event<'_>]| {
        let mut serializer =
            ValueSerializer::with_options(WriteOptions::new().memory64_byte(false));
        serializer.write_header().unwrap();
        for &event in events {
            serializer.write_event(event)?;
        }
        serializer.release()
    };
    let [array, shared] =
        [Event::DenseArrayBegin { length: 2 }, Event::SharedArrayBuffer { id: 7 }];
    let end = Event::DenseArrayEnd { properties: 0, length: 2 };
    let known = [array, shared, memory, Event::Reference(1), Event::WasmMemoryEnd, end];
    assert_eq!(write(&known).unwrap(), b"\xFF\x0FA\x02u\x07m\x02^\x01$\0\x02");
    for id in [0, 2] {
        let wrong = [array, shared, memory, Event::Reference(id)];
        assert!(write(&wrong).unwrap_err().is_misuse(), "{id}");
    }
    // The other way round, the buffer of a memory holds that, or a memory that is known.
    let buffer = Event::WasmSharedArrayBufferBegin { id: 3 };
    let held = [buffer, memory, Event::Reference(0), Event::WasmMemoryEnd];
    assert!(write(&[&held[..], &[Event::WasmSharedArrayBufferEnd]].concat()).is_ok());
    assert!(write(&[array, buffer, Event::Reference(0)]).unwrap_err().is_misuse());
}
