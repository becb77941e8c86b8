//! Properties of writing, over generated graphs and over calls in any order.

#[path = "write_props/graph.rs"]
mod graph;

use graph::{Compare, node, view_kind, written};
use proptest::prelude::*;
use v8wire::{
    BigInt, Document, ErrorPart, ErrorTag, Event, Externals, ParseOptions, Profile, Target, Text,
    Transcoder, ValueSerializer, WriteOptions,
};

/// Each event as text: NaNs are equal to each other so.
fn events(doc: &Document<'_>) -> Vec<String> {
    doc.events().map(|event| format!("{event:?}")).collect()
}

/// Anything that can be called with, in any order.
fn any_event() -> impl Strategy<Value = Event<'static>> {
    const TEXTS: [Text<'static>; 5] = [
        Text::OneByte(b"a"),
        Text::OneByte(b"0"),
        Text::Utf8("\u{20ac}".as_bytes()),
        Text::TwoByte(b"a\0b", v8wire::ByteOrder::Little),
        Text::OneByte(b"length"),
    ];
    let text = || (0..TEXTS.len()).prop_map(|index| TEXTS[index]);
    let data = || prop_oneof![Just(&b""[..]), Just(&b"12345678"[..]), Just(&b"123"[..])];
    prop_oneof![
        4 => any::<i32>().prop_map(Event::Int32),
        4 => text().prop_map(Event::String),
        1 => any::<f64>().prop_map(Event::Double),
        1 => any::<u32>().prop_map(Event::Uint32),
        1 => any::<bool>().prop_map(Event::Bool),
        1 => Just(Event::Undefined),
        1 => Just(Event::Hole),
        1 => (0u32..12).prop_map(Event::Reference),
        1 => (any::<bool>(), data()).prop_map(|(negative, digits)| Event::BigInt(BigInt { negative, digits })),
        3 => Just(Event::ObjectBegin),
        3 => Just(Event::ObjectEnd { properties: 0 }),
        2 => (0u32..3).prop_map(|length| Event::DenseArrayBegin { length }),
        2 => Just(Event::DenseArrayEnd { properties: 0, length: 0 }),
        1 => any::<u32>().prop_map(|length| Event::SparseArrayBegin { length }),
        1 => Just(Event::SparseArrayEnd { properties: 0, length: 0 }),
        1 => Just(Event::MapBegin),
        1 => Just(Event::MapEnd { length: 0 }),
        1 => Just(Event::SetBegin),
        1 => Just(Event::SetEnd { length: 0 }),
        1 => any::<f64>().prop_map(Event::Date),
        1 => text().prop_map(Event::StringObject),
        1 => (text(), 0u32..64).prop_map(|(pattern, flags)| Event::RegExp { pattern, flags }),
        2 => data().prop_map(Event::ArrayBuffer),
        1 => data().prop_map(Event::ImmutableArrayBuffer),
        1 => (data(), 0u64..9).prop_map(|(data, max_byte_length)| Event::ResizableArrayBuffer { data, max_byte_length }),
        1 => (0u32..3).prop_map(|id| Event::TransferredArrayBuffer { id }),
        1 => (0u32..3).prop_map(|id| Event::SharedArrayBuffer { id }),
        3 => (view_kind(), 0u64..9, 0u64..9, prop::option::of(0u32..4)).prop_map(
            |(kind, byte_offset, byte_length, flags)| Event::View { kind, byte_offset, byte_length, flags }
        ),
        1 => Just(Event::ErrorBegin),
        1 => text().prop_map(|text| Event::ErrorPart(ErrorPart::Message(text))),
        1 => text().prop_map(|text| Event::ErrorPart(ErrorPart::Stack(text))),
        1 => any::<u8>().prop_map(|tag| Event::ErrorPart(ErrorPart::Prototype(ErrorTag(tag)))),
        1 => Just(Event::ErrorPart(ErrorPart::Cause)),
        1 => Just(Event::ErrorEnd),
        1 => (0u32..3).prop_map(|id| Event::WasmModuleTransfer { id }),
        1 => Just(Event::WasmMemoryBegin { maximum_pages: 1, memory64: None }),
        1 => Just(Event::WasmMemoryEnd),
        1 => (0u32..3).prop_map(|id| Event::WasmSharedArrayBufferBegin { id }),
        1 => Just(Event::WasmSharedArrayBufferEnd),
        1 => (0u32..3).prop_map(|id| Event::SharedObject { id }),
    ]
}

fn targets() -> Vec<Option<Target>> {
    let nodes = [8, 12, 16, 18, 20, 26].map(Target::node);
    nodes.into_iter().chain([None, Some(Target::DENO_CORE), Target::chromium(120)]).collect()
}

/// Makes a call; where it is refused all goes on as if it had not been made.
fn called(serializer: &mut ValueSerializer<'static>, event: Event<'static>) -> bool {
    let before = serializer.clone();
    if serializer.write_event(event).is_ok() {
        return true;
    }
    // Once refused, always refused.
    assert!(serializer.write_null().is_err() && serializer.clone().release().is_err());
    *serializer = before;
    false
}

/// How many calls are in what was released.
static RELEASED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(node in node()) {
        let blob = written(&node);
        let doc = Document::parse(&blob).expect("what was written");
        prop_assert_eq!(doc.to_vec(), &blob[..]);
        prop_assert!(Compare::default().same(doc.root().value(), &node));
        let mut out = Vec::new();
        doc.write_to(&mut out).unwrap();
        prop_assert_eq!(&out, &blob);
    }

    /// Whatever is written for a target is read as strictly as that target reads, as the same value.
    #[test]
    fn targets_read_what_is_written_for_them(node in node()) {
        let blob = written(&node);
        let doc = Document::parse(&blob).unwrap();
        for target in targets().into_iter().flatten() {
            for lower in [false, true] {
                let to = WriteOptions::for_target(target).lower(lower);
                let from = ParseOptions::new();
                let transcoder = Transcoder::new(&doc, &from, &to);
                let result = transcoder.to_vec();
                prop_assert_eq!(result.is_ok(), transcoder.obstacles().next().is_none());
                let Ok(bytes) = result else { continue };
                let strict = ParseOptions::new()
                    .strictness(v8wire::Strictness::Engine(target.release()))
                    .profile(target.profile());
                let again = strict.parse(&bytes);
                prop_assert!(again.is_ok(), "{} {:?} {:02x?}", target, again, bytes);
                let again = again.unwrap();
                // Written for it once more it is the same: nothing has been lost but what lowering took.
                let twice = Transcoder::new(&again, &strict, &to).to_vec();
                prop_assert_eq!(twice.as_ref(), Ok(&bytes), "{}", target);
                if !lower && to.profile == Some(Profile::Node) {
                    let back = WriteOptions::new().profile(Profile::Node);
                    let ours = Transcoder::new(&doc, &from, &back).to_vec();
                    let theirs = Transcoder::new(&again, &strict, &back).to_vec();
                    prop_assert_eq!(ours, theirs, "{}", target);
                }
            }
        }
    }

    fn any_calls(
        calls in prop::collection::vec(any_event(), 0..24),
        version in 13u32..=16,
        target in prop::sample::select(targets()),
    ) {
        let mut options = WriteOptions::new().version(version);
        options.target = target;
        let mut serializer = ValueSerializer::with_options(options);
        serializer.write_header().unwrap();
        let mut good = 0;
        for event in calls {
            good += usize::from(called(&mut serializer, event));
        }
        // Close what is open, if that can be done without more in it.
        let ends = [
            Event::ObjectEnd { properties: 0 },
            Event::DenseArrayEnd { properties: 0, length: 0 },
            Event::SparseArrayEnd { properties: 0, length: 0 },
            Event::MapEnd { length: 0 },
            Event::SetEnd { length: 0 },
            Event::ErrorEnd,
            Event::Null,
        ];
        for _ in 0..50 {
            for end in ends.into_iter().filter(|_| serializer.depth() > 0).collect::<Vec<_>>() {
                called(&mut serializer, end);
            }
        }
        let Ok(blob) = serializer.release() else { return Ok(()) };
        RELEASED.fetch_add(good, std::sync::atomic::Ordering::Relaxed);
        let options = ParseOptions::new().lenient().externals(Externals::Keep).profile(Profile::V8);
        let read = options.parse_all(&blob);
        prop_assert!(read.is_ok(), "{:?} {:02x?}", read, blob);
        if target.is_none_or(|target| target.release() > v8wire::Release::new(12, 0)) {
            let doc = read.unwrap();
            prop_assert_eq!(events(&options.parse_all(&doc.to_vec()).unwrap()), events(&doc));
        }
    }
}

#[test]
fn calls_in_any_order_are_refused_or_read() {
    any_calls();
    let released = RELEASED.load(std::sync::atomic::Ordering::Relaxed);
    assert!(released > 3000, "only {released} calls came to something");
}
