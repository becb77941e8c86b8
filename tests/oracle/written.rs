//! What was read and is written again: bytes, typed JSON, and texts for people.

use std::collections::HashSet;
use std::mem::discriminant;

use v8wire::json::{self, PlainOptions, TypedOptions};
use v8wire::{Document, Event, ParseOptions, ValueSerializer, WriteOptions, annotate, inspect};

/// A good value comes out such that it is read again, as the same.
pub(crate) fn written_again(data: &[u8], options: &ParseOptions) {
    let Ok(document) = options.parse(data) else { return };
    let text = canonical(&document);
    let written = document.to_vec();
    let again = match options.parse(&written) {
        Ok(again) => again,
        // UTF-8 of older versions takes more as UTF-16.
        Err(error) if error.is_limit() => return,
        Err(error) => panic!("{error} in what was written: {written:02x?}"),
    };
    // Older versions are written as 15, in another form.
    if document.version() == again.version() && !payload_goes_on(&document) {
        assert_eq!(canonical(&again), text);
    }
    assert_eq!(again.to_vec(), written, "written twice");
    by_value(&again, options);
}

/// Each object once, in the form that V8 has for the value: after that nothing changes any more.
fn by_value(document: &Document<'_>, options: &ParseOptions) {
    let Some(once) = serialized(document, options) else { return };
    let again = match options.parse_all(&once) {
        Ok(again) => again,
        Err(error) if error.is_limit() => return,
        Err(error) => panic!("{error} in what was serialized: {once:02x?}"),
    };
    assert_eq!(serialized(&again, options).as_deref(), Some(&once[..]), "serialized twice");
}

/// `None` where the version cannot carry it, or the bytes of a view are elsewhere.
fn serialized(document: &Document<'_>, options: &ParseOptions) -> Option<Vec<u8>> {
    let write = WriteOptions::new().byte_order(options.byte_order);
    let mut serializer = ValueSerializer::with_options(write);
    serializer.write_header().ok()?;
    document.values().try_for_each(|value| serializer.write_value(value)).ok()?;
    serializer.release().ok()
}

fn typed(document: &Document<'_>) -> String {
    json::to_typed_string(document, &TypedOptions::default()).expect("memory")
}

/// Without what only the bytes have.
fn canonical(document: &Document<'_>) -> String {
    let mut options = TypedOptions::default();
    options.canonical = true;
    json::to_typed_string(document, &options).expect("memory")
}

/// Typed JSON keeps everything, to the byte.
pub(crate) fn typed_json(data: &[u8], options: &ParseOptions) {
    if let Ok((document, read)) = options.parse_prefix(data) {
        typed_bytes(&document, &data[..read]);
        values_say_it_all(&document, options);
    }
    if let Ok(document) = options.parse_all(data) {
        typed_bytes(&document, data);
    }
}

fn typed_bytes(document: &Document<'_>, data: &[u8]) {
    let text = typed(document);
    let made = json::to_vec(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
    assert_eq!(made, data, "of {text}");
}

/// Patches are no substitute for what a value has to say: without them the bytes mean the same.
fn values_say_it_all(document: &Document<'_>, options: &ParseOptions) {
    let text = canonical(document);
    // In older versions tags mean other things in other places and behind padding, and in 13 what follows a
    // view may be its flags: there the patches are needed.
    if document.version() < 14 || text == typed(document) {
        return;
    }
    let made = json::to_vec(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
    // Without a header the reader is told the version.
    let header = made.first() == Some(&0xFF);
    let options = match document.version() {
        version @ 1.. if !header => options.clone().headerless_version(version),
        _ => options.clone(),
    };
    let again = match options.parse(&made) {
        Ok(again) => again,
        Err(error) if error.is_eof() && payload_goes_on(document) => return,
        Err(error) => panic!("{error} in {made:02x?}, which was made of {text}"),
    };
    // What is named from outside twice is one object with two ids, of which the text knows the first.
    if !named_twice(document) {
        assert_eq!(canonical(&again), text, "of {made:02x?}");
    }
}

/// Whether a host object's payload may end in a number that says it goes on, which no engine writes: written,
/// it ends there; typed JSON keeps it.
fn payload_goes_on(document: &Document<'_>) -> bool {
    document.events().any(|event| match event {
        Event::HostBytes(payload) | Event::HostView { payload, .. } => {
            payload.last().is_some_and(|byte| byte & 0x80 != 0)
        }
        _ => false,
    })
}

/// Whether the same buffer or module from outside stands in two places.
fn named_twice(document: &Document<'_>) -> bool {
    let mut named = HashSet::new();
    document.events().any(|event| match event {
        Event::TransferredArrayBuffer { id }
        | Event::SharedArrayBuffer { id }
        | Event::WasmSharedArrayBuffer { id, .. }
        | Event::WasmSharedArrayBufferBegin { id }
        | Event::WasmModuleTransfer { id } => !named.insert((discriminant(&event), id)),
        _ => false,
    })
}

/// Texts come to an end, within their limits.
pub(crate) fn texts(data: &[u8], options: &ParseOptions) {
    let mut out = String::new();
    let _ = annotate::write(data, options, &annotate::AnnotateOptions::default(), &mut out);
    let Ok(document) = options.parse(data) else { return };
    let root = document.root().value();
    let shown = inspect::to_string(root, &inspect::InspectOptions::default());
    assert!(!shown.is_empty());
    let mut plain = PlainOptions::default();
    plain.max_nodes = 10_000;
    if let Ok(text) = json::to_plain_string(root, &plain) {
        // Mostly "\u0000", and 64 bytes of text count as a value.
        assert!(text.len() < 10_000 * 64 * 8 + 1024, "{} bytes", text.len());
        let made = json::to_vec(&text);
        // Plain JSON may have a key twice, where it was read leniently, or tags of its own.
        if let Ok(made) = made {
            assert!(ParseOptions::new().max_depth(u32::MAX).parse(&made).is_ok());
        }
    }
}
