//! Version 13: what a failed reading leaves (SPEC.md 4.8 to 4.11) where the cases `v13-left-*` of the corpus do
//! not show it: as events, from one value of a stream to the next, and where no engine can be asked.

use std::fmt::Write as _;
use std::sync::Arc;

use v8wire::{
    Delegate, HostError, HostReader, HostStep, ParseOptions, Reader, Release, SharedBuffer,
    Strictness, ValueDeserializer,
};

/// Its host objects hold a value. It knows one shared buffer, and two of memories.
struct Host;

impl Delegate for Host {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        Ok(if host.step() == 0 { HostStep::Value } else { HostStep::Done })
    }

    fn shared_array_buffer(&self, id: u32) -> Option<SharedBuffer> {
        match id {
            0 => Some(SharedBuffer::new(2)),
            1 | 2 => Some(SharedBuffer::new(65_536).wasm()),
            _ => None,
        }
    }
}

fn options() -> ParseOptions {
    ParseOptions::new().delegate(Arc::new(Host))
}

fn release(major: u16, minor: u16) -> ParseOptions {
    options().strictness(Strictness::Engine(Release::new(major, minor)))
}

/// Behind a view: in the first reading a Date and what stands in the string, in the second one flags and the string.
/// In an array (0) the first reading gives it the ids from 4 on.
fn unread(bytes: &[u8]) -> Vec<u8> {
    [b"B\0VB\0\0D\"", &[6 + bytes.len() as u8][..], &[0; 6], bytes].concat()
}

/// A view that needs its flags.
const FLAGGED: &[u8] = b"B\0VB\0\0\x04";

/// An array of version 13.
fn array(elements: &[&[u8]]) -> Vec<u8> {
    let length = elements.iter().map(|it| if it.starts_with(b"B\0VB\0\0D") { 2 } else { 1 }).sum();
    [b"\xFF\x0DA", &[length][..], &elements.concat(), &[b'$', 0, length]].concat()
}

/// What a reader gives out, without strings: events and where they are.
fn events(options: &ParseOptions, data: &[u8]) -> String {
    let mut events = String::new();
    let mut reader = Reader::with_options(data, options).expect("a header");
    loop {
        let _ = match reader.next_event() {
            Ok(Some(event)) => writeln!(events, "{event:?} {}", reader.path()),
            Ok(None) => return events,
            Err(error) => return events + &error.to_string(),
        };
    }
}

/// A stream of values, read by a few calls.
struct Stream<'a>(ValueDeserializer<'a>);

impl<'a> Stream<'a> {
    fn new(data: &'a [u8], options: &ParseOptions) -> Self {
        let mut reader = ValueDeserializer::with_options(data, options);
        assert_eq!(reader.read_header(), Ok(true));
        Stream(reader)
    }

    /// The next value, as the events of the document that come with it.
    fn value(&mut self) -> Result<Vec<String>, String> {
        let before = self.0.document().events().count();
        self.0.read_value().map_err(|error| error.to_string())?;
        let events = self.0.document().events().skip(before);
        Ok(events.map(|event| format!("{event:?}")).collect())
    }

    fn skip(&mut self, bytes: usize) {
        self.0.read_raw_bytes(bytes).expect("so many bytes");
    }
}

// What stands in a value that is read twice, and in what was left.

/// A delegate gives the same each time. (Deno gives a shared buffer once.)
#[test]
fn what_is_given_is_no_exception() {
    let data = array(&[b"u\0", FLAGGED]);
    assert!(events(&options(), &data).ends_with(
        "SharedArrayBuffer { id: 0 } $[0]\n\
         ArrayBuffer([]) $[1]\n\
         View { kind: Uint8, byte_offset: 0, byte_length: 0, flags: Some(4) } $[1]\n\
         DenseArrayEnd { properties: 0, length: 2 } $\n"
    ));
}

/// The buffer of a memory may have a view behind it, and so may a reference to it.
#[test]
fn views_of_memories() {
    let data = b"\xFF\x0FA\x02u\x01rm\x02\0^\x01VB\0\x01\0^\x01VB\0\x01\0$\0\x02";
    assert_eq!(
        events(&options(), data),
        "DenseArrayBegin { length: 2 } $\n\
         WasmSharedArrayBufferBegin { id: 1 } $[0]\n\
         WasmMemoryBegin { maximum_pages: 1, memory64: Some(false) } $[0].memory\n\
         Reference(1) $[0].memory.buffer\n\
         WasmMemoryEnd $[0].memory\n\
         WasmSharedArrayBufferEnd $[0]\n\
         View { kind: Uint8, byte_offset: 0, byte_length: 1, flags: Some(0) } $[0]\n\
         Reference(1) $[1]\n\
         View { kind: Uint8, byte_offset: 0, byte_length: 1, flags: Some(0) } $[1]\n\
         DenseArrayEnd { properties: 0, length: 2 } $\n"
    );
    // The view that was left, then its buffer.
    let data = array(&[&unread(b"u\x01rm\x02\0^\x04VB\0\0j"), b"^\x06", b"^\x04"]);
    assert!(events(&options(), &data).ends_with(
        "WasmSharedArrayBufferBegin { id: 1 } $[2]\n\
         WasmMemoryBegin { maximum_pages: 1, memory64: Some(false) } $[2].memory\n\
         Reference(3) $[2].memory.buffer\n\
         WasmMemoryEnd $[2].memory\n\
         WasmSharedArrayBufferEnd $[2]\n\
         View { kind: Uint8, byte_offset: 0, byte_length: 0, flags: None } $[2]\n\
         Reference(3) $[3]\n\
         DenseArrayEnd { properties: 0, length: 4 } $\n"
    ));
}

/// A buffer and the memory that it is of, in either order, without the view that stood behind the buffer; and a
/// memory whose buffer is known by then.
#[test]
fn memories_and_their_buffers() {
    let both = unread(b"u\x01rm\x02\0^\x04VB\0\0j");
    let data = array(&[&both, b"^\x04", b"^\x05"]);
    assert!(events(&options(), &data).ends_with(
        "WasmSharedArrayBufferBegin { id: 1 } $[2]\n\
         WasmMemoryBegin { maximum_pages: 1, memory64: Some(false) } $[2].memory\n\
         Reference(3) $[2].memory.buffer\n\
         WasmMemoryEnd $[2].memory\n\
         WasmSharedArrayBufferEnd $[2]\n\
         Reference(4) $[3]\n\
         DenseArrayEnd { properties: 0, length: 4 } $\n"
    ));
    let data = array(&[&both, b"^\x05", b"^\x04"]);
    assert!(events(&options(), &data).ends_with(
        "WasmMemoryBegin { maximum_pages: 1, memory64: Some(false) } $[2]\n\
         WasmSharedArrayBufferBegin { id: 1 } $[2].buffer\n\
         Reference(3) $[2].buffer.memory\n\
         WasmSharedArrayBufferEnd $[2].buffer\n\
         WasmMemoryEnd $[2]\n\
         Reference(4) $[3]\n\
         DenseArrayEnd { properties: 0, length: 4 } $\n"
    ));
    let data = array(&[&unread(b"m\x02\0u\x01f\0j"), b"^\x05", b"^\x04"]);
    assert!(events(&options(), &data).ends_with(
        "WasmSharedArrayBuffer { id: 1, length: Some(0) } $[2]\n\
         WasmMemoryBegin { maximum_pages: 1, memory64: Some(false) } $[3]\n\
         Reference(3) $[3].buffer\n\
         WasmMemoryEnd $[3]\n\
         DenseArrayEnd { properties: 0, length: 4 } $\n"
    ));
}

/// Of several memories each is known.
#[test]
fn memories_beside_each_other() {
    let data = b"\xFF\x0FA\x03m\x02\0u\x01f\0m\x02\0u\x02f\0u\x01r^\x03$\0\x03";
    assert!(events(&options(), data).ends_with(
        "WasmSharedArrayBufferBegin { id: 1 } $[2]\n\
         Reference(3) $[2].memory\n\
         WasmSharedArrayBufferEnd $[2]\n\
         DenseArrayEnd { properties: 0, length: 3 } $\n"
    ));
}

/// Those of the first reading stay known: a buffer of the second one may be of such a memory.
#[test]
fn memories_of_both_readings() {
    let data = array(&[b"u\x01rm\x02\0^\x01", FLAGGED, b"u\x02r^\x02"]);
    assert!(events(&options(), &data).ends_with(
        "WasmSharedArrayBufferBegin { id: 2 } $[2]\n\
         Reference(4) $[2].memory\n\
         WasmSharedArrayBufferEnd $[2]\n\
         DenseArrayEnd { properties: 0, length: 3 } $\n"
    ));
}

/// From 15.0 it is there before its buffer is. (Deno crashes when it is asked for the buffer then.)
#[test]
fn a_memory_without_its_buffer() {
    let data = array(&[&unread(b"m\x01\0T"), b"^\x04"]);
    assert!(events(&options(), &data).ends_with(
        "WasmMemoryBegin { maximum_pages: -1, memory64: Some(false) } $[2]\n\
         Undefined $[2]\n\
         WasmMemoryEnd $[2]\n\
         DenseArrayEnd { properties: 0, length: 3 } $\n"
    ));
    let refused = "invalid reference at offset 24: object 4 is not complete ($[2])";
    assert!(events(&release(14, 6), &data).ends_with(refused));
}

/// Events count what they give: of an array that is not whole the elements without the holes.
#[test]
fn holes_that_were_left() {
    // A hole of the array around it is none of its own.
    let data = array(&[b"-", &unread(b"A\x04-T-j"), b"^\x04"]);
    let events = events(&options(), &data);
    assert!(events.contains("SparseArrayBegin { length: 4 } $[3]\nInt32(1) "), "{events}");
    assert!(events.contains("\nSparseArrayEnd { properties: 1, length: 4 } $[3]\n"), "{events}");
}

/// A cause that has been given out by then.
#[test]
fn a_cause_that_is_known() {
    let data = array(&[&unread(b"rcy.j"), b"^\x05", b"^\x04"]);
    assert!(events(&options(), &data).ends_with(
        "BooleanObject(true) $[2]\n\
         ErrorBegin $[3]\n\
         ErrorPart(Cause) $[3].cause\n\
         Reference(3) $[3].cause\n\
         ErrorEnd $[3]\n\
         DenseArrayEnd { properties: 0, length: 4 } $\n"
    ));
}

/// Where both readings fail the events are those of the one that came further, and so is the error.
#[test]
fn both_readings_fail() {
    let data = b"\xFF\x0DA\x02B\0VB\0\0\\'^\x06";
    let refused = "invalid reference at offset 13: object 6 of 5 ($[1]<host 0><0>)";
    assert!(events(&options(), data).ends_with(refused));
    // The keys of the first reading are none of the second one.
    let data = b"\xFF\x0Do\"\0\"\0\"\x01\0B\0VB\0\0\0\"\x02\0\0^\x01V?\0\0$I\0^\x05V";
    let refused = "unexpected end of input at offset 33: expected kind of view ($[0])";
    assert!(events(&options(), data).ends_with(refused));
}

// From one value to the next.

/// An id of what could not be made is free again.
#[test]
fn objects_that_a_failed_value_could_not_make() {
    // A view in front, so that it is read ahead.
    let data = array(&[b"B\0VB\0\0\0", b"t\x05", FLAGGED, b"^\x03"]);
    let mut stream = Stream::new(&data, &options());
    let refused =
        "unresolved transfer at offset 11: transferred array buffer 5 was not provided ($[1])";
    assert_eq!(stream.value().unwrap_err(), refused);
    stream.0.transfer_array_buffer(5, 2);
    // The one of the first reading is there, as what was left.
    assert_eq!(
        stream.value().unwrap()[6..],
        ["TransferredArrayBuffer { id: 5 }", "DenseArrayEnd { properties: 0, length: 4 }"]
    );
}

/// In 10.2 an error may not be referred to while it is open; its id in the second reading is told from others.
#[test]
fn errors_of_later_values() {
    let data = b"\xFF\x0Do{\0rcA\x02B\0VB\0\0\0^\x07$\0\x02.";
    let mut stream = Stream::new(data, &release(10, 2));
    stream.value().unwrap();
    assert_eq!(
        stream.value().unwrap()[5..7],
        ["Reference(3)", "DenseArrayEnd { properties: 0, length: 2 }"]
    );
}

/// Nor does it leave its buffers and memories, while those before it stay.
#[test]
fn buffers_and_memories_of_a_failed_value() {
    let data = b"\xFF\x0FB\x02\x01\x02VB\0\x05\0B\0^\0VB\0\x02\0";
    let mut stream = Stream::new(data, &options());
    let refused = |offset| {
        format!("invalid view at offset {offset}: Uint8Array ends behind the end of its buffer ($)")
    };
    assert_eq!(stream.value(), Err(refused(9)));
    stream.skip(9);
    assert_eq!(stream.value().unwrap(), ["ArrayBuffer([])"]);
    assert_eq!(stream.value(), Err(refused(18)));

    let data = b"\xFF\x0Fm\x02\0u\x01f\0m\x02\0To{\0u\x02r^\0u\x02r^\x02";
    let mut stream = Stream::new(data, &options());
    stream.value().unwrap();
    assert!(stream.value().is_err());
    stream.skip(4);
    assert_eq!(stream.value().unwrap()[0], "ObjectBegin");
    assert_eq!(stream.value().unwrap()[1], "Reference(0)");
    let refused =
        "invalid wasm data at offset 25: shared array buffer without its memory ($.memory)";
    assert_eq!(stream.value().unwrap_err(), refused);
}

/// What was left is given out once, also across a value that fails; what that referred to is not given out.
#[test]
fn what_was_left_behind_a_failed_value() {
    let data = [&array(&[FLAGGED, b"^\0"])[..], b"^\0j^\0"].concat();
    let mut stream = Stream::new(&data, &options());
    assert_eq!(stream.value().unwrap()[3], "SparseArrayBegin { length: 2 }");
    assert_eq!(stream.value().unwrap(), ["Reference(3)"]);
    assert!(stream.value().is_err());
    stream.skip(1);
    assert_eq!(stream.value().unwrap(), ["Reference(3)"]);

    let data = b"\xFF\x0DA\x03B\0VB\0\0\x04^\x01";
    let mut stream = Stream::new(data, &options());
    assert!(stream.value().is_err());
    stream.skip(2);
    assert_eq!(stream.value().unwrap()[0], "ArrayBuffer([])");
    stream.skip(1);
    assert_eq!(stream.value().unwrap(), ["Reference(1)"]);
}

/// How a value within a host object was read stays known with the host object, and no longer.
#[test]
fn values_of_host_objects_behind_a_failed_value() {
    let inner = [b"A\x01\\A\x01", FLAGGED, b"$\0\x01$\0\x01"].concat();
    let data = [&array(&[&inner, b"^\x09"])[..], b"j^\x01"].concat();
    let mut stream = Stream::new(&data, &options());
    stream.value().unwrap();
    assert!(stream.value().is_err());
    stream.skip(1);
    assert_eq!(
        stream.value().unwrap()[1..5],
        [
            "HostObjectBegin { legacy_tag: None }",
            "DenseArrayBegin { length: 1 }",
            "ArrayBuffer([])",
            "View { kind: Uint8, byte_offset: 0, byte_length: 0, flags: Some(4) }"
        ]
    );

    let data = array(&[b"\\A\x02B\0VB\0\0\0t\x05$\0\x02", b"^\x06", b"^\x01", b"^\x02"]);
    let mut stream = Stream::new(&data, &options());
    assert!(stream.value().is_err());
    stream.0.transfer_array_buffer(5, 2);
    assert_eq!(
        stream.value().unwrap()[6..],
        [
            "DenseArrayEnd { properties: 0, length: 2 }",
            "HostObjectEnd",
            "Reference(0)",
            "HostObjectBegin { legacy_tag: None }",
            "DenseArrayBegin { length: 2 }",
            "ArrayBuffer([])",
            "View { kind: Uint8, byte_offset: 0, byte_length: 0, flags: None }",
            "TransferredArrayBuffer { id: 5 }",
            "DenseArrayEnd { properties: 0, length: 2 }",
            "HostObjectEnd",
            "Reference(7)",
            "DenseArrayEnd { properties: 0, length: 4 }"
        ]
    );
}

/// An array of host objects, and a reference to what the first reading left of it.
fn array_of_hosts(count: usize, more: &[u8]) -> Vec<u8> {
    let length = count + 2 + more.len() / 2;
    let length = [length as u8 | 0x80, (length >> 7) as u8];
    [b"\xFF\x0DA", &length[..], &b"\\T".repeat(count), FLAGGED, b"^\0", more, b"$\0", &length]
        .concat()
}

/// A delegate may read nothing of them but a value: for all that they cost the input there is more than it may take.
#[test]
fn host_objects_that_were_left_are_limited() {
    for count in 130..160 {
        let data = array_of_hosts(count, b"");
        let max = 128 + data.len() / 16;
        let parsed = options().parse(&data);
        if count <= max {
            assert_eq!(parsed.expect("few").root().len(), Some(count + 2));
            continue;
        }
        let error = parsed.expect_err("many");
        let refused = format!(
            "limit exceeded at offset {}: repeated host objects above {max} ($[{}][{max}])",
            5 + 2 * max,
            count + 1
        );
        assert!(error.is_limit());
        assert_eq!(error.to_string(), refused);
        assert!(events(&options(), &data).ends_with(&refused));
    }
}

/// Those of a value that failed do not count.
#[test]
fn host_objects_of_failed_values_are_not_limited() {
    let data = array_of_hosts(100, b"t\x05");
    let mut stream = Stream::new(&data, &options());
    for _ in 0..3 {
        assert!(stream.value().unwrap_err().starts_with("unresolved transfer"));
    }
    stream.0.transfer_array_buffer(5, 2);
    assert_eq!(
        stream.value().unwrap().last().unwrap(),
        "DenseArrayEnd { properties: 0, length: 103 }"
    );
}
