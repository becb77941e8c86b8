//! The document against the events: the same verdict, the same contents, the same identities.

use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};
use std::vec::IntoIter;

use v8wire::{
    ArrayBufferKind, Document, Error, ErrorPart, Event, Key, Kind, ParseOptions, Reader, Span,
    Text, Value,
};

/// Reads `data` both ways and compares.
pub(crate) fn events_match_document(data: &[u8], options: &ParseOptions) {
    events_match(data, options.parse(data), options);
}

/// All values, one behind the other: the same verdict, and as many of them.
pub(crate) fn values_match_document(data: &[u8], options: &ParseOptions) {
    let values = || {
        let mut reader = Reader::with_options(data, options)?;
        let mut values = 1;
        loop {
            while reader.next_event()?.is_some() {}
            if !reader.next_value()? {
                return reader.finish().map(|()| values);
            }
            values += 1;
        }
    };
    let parsed = options.parse_all(data).map(|document| document.values().count());
    // Nothing at all is no value for a document, and the end of one for events.
    if parsed != Ok(0) {
        assert_eq!(values(), parsed, "{data:02x?}");
    }
}

/// Compares what a document made of `data` with the events.
pub(crate) fn events_match<'a>(
    data: &'a [u8],
    parsed: Result<Document<'a>, Error>,
    options: &ParseOptions,
) {
    let events = match collect(data, options) {
        Ok(events) => events,
        Err(error) => {
            assert_eq!(parsed.err().as_ref(), Some(&error), "only the reader refuses it");
            return;
        }
    };
    let document = parsed.unwrap_or_else(|error| panic!("only the document refuses it: {error}"));
    let root = document.root().value();
    Lockstep {
        lenient: is_lenient(options),
        error_ids: error_ids(options),
        ids: Vec::new(),
        outside: HashMap::new(),
        version: document.version(),
    }
    .compare(&events, root);
}

fn is_lenient(options: &ParseOptions) -> bool {
    options.strictness == v8wire::Strictness::Lenient
}

/// Up to V8 9.x readers gave errors no id (SPEC.md 4.6).
fn error_ids(options: &ParseOptions) -> bool {
    match options.strictness {
        v8wire::Strictness::Engine(release) => release.major() >= 10,
        _ => true,
    }
}

fn collect<'a>(data: &'a [u8], options: &ParseOptions) -> Result<Vec<(Event<'a>, Span)>, Error> {
    let mut reader = Reader::with_options(data, options)?;
    let mut events = Vec::new();
    while let Some(event) = reader.next_event()? {
        let span = reader.span();
        assert!(span.start <= span.end && span.end <= data.len(), "{event:?} at {span:?}");
        events.push((event, span));
    }
    assert_eq!(reader.depth(), 0);
    reader.finish()?;
    Ok(events)
}

/// What the document says stands next.
enum Slot<'d, 'a> {
    Value(Value<'d, 'a>),
    Key(Key<'a>),
    Part(ErrorPart<'a>),
}

struct Lockstep<'d, 'a> {
    lenient: bool,
    error_ids: bool,
    version: u32,
    /// Objects by id, as the events number them; `None` where the document does not show them.
    ids: Vec<Option<Value<'d, 'a>>>,
    /// What lives elsewhere, by kind of event and id: the same id is the same object.
    outside: HashMap<(Discriminant<Event<'a>>, u32), Option<Value<'d, 'a>>>,
}

impl<'d, 'a> Lockstep<'d, 'a> {
    fn compare(&mut self, events: &[(Event<'a>, Span)], root: Value<'d, 'a>) {
        let mut open: Vec<(Value<'d, 'a>, IntoIter<Slot<'d, 'a>>)> = Vec::new();
        let mut next_root = Some(Slot::Value(root));
        let mut at = 0;
        while let Some(&(event, span)) = events.get(at) {
            at += 1;
            if is_end(&event) {
                let (container, mut rest) = open.pop().expect("an end without a beginning");
                assert!(rest.next().is_none(), "the document has more than {event:?} ends");
                self.check_end(event, container);
                continue;
            }
            if let Event::HostBytes(bytes) = event {
                let (host, _) = open.last().expect("payload outside of a host object");
                assert!(host.host_bytes().any(|run| std::ptr::eq(run, bytes)));
                continue;
            }
            let slot = match open.last_mut() {
                Some((_, slots)) => slots.next(),
                None => next_root.take(),
            };
            let slot = slot.unwrap_or_else(|| panic!("the document ends before {event:?}"));
            match slot {
                Slot::Key(key) => assert!(key_is(key, event), "{key:?} against {event:?}"),
                Slot::Part(part) => assert_eq!(Event::ErrorPart(part), event),
                Slot::Value(value) => {
                    let over_memory = matches!(event, Event::WasmSharedArrayBufferBegin { .. });
                    if over_memory {
                        at = self.skip_memory(events, at);
                    }
                    let view = match events.get(at) {
                        Some((view @ Event::View { .. }, _)) => Some(*view),
                        _ => None,
                    };
                    at += usize::from(view.is_some());
                    if over_memory {
                        self.view(view, value);
                        continue;
                    }
                    let children = self.value(event, span, view, value);
                    if let Some(children) = children {
                        open.push((value, children.into_iter()));
                    }
                }
            }
        }
        assert!(open.is_empty() && next_root.is_none(), "the events end before the document");
    }

    /// The contents of a shared buffer over a memory, which the document has no name for. Gives the
    /// place behind its end.
    fn skip_memory(&mut self, events: &[(Event<'a>, Span)], mut at: usize) -> usize {
        self.ids.push(None);
        let mut depth = 1usize;
        while depth > 0 {
            let (event, _) = events[at];
            at += 1;
            match event {
                Event::WasmSharedArrayBufferBegin { .. } | Event::WasmMemoryBegin { .. } => {
                    self.ids.push(None);
                    depth += 1;
                }
                Event::SharedArrayBuffer { .. }
                | Event::WasmSharedArrayBuffer { .. }
                | Event::View { .. } => {
                    self.ids.push(None);
                    if let Some(id) = outside_id(&event) {
                        self.outside.entry((discriminant(&event), id)).or_insert(None);
                    }
                }
                Event::WasmSharedArrayBufferEnd | Event::WasmMemoryEnd => depth -= 1,
                // What a failed reading of version 13 left of one may have nothing yet (SPEC.md 4.10).
                Event::Reference(_) | Event::Undefined => {}
                _ => panic!("{event:?} within a memory"),
            }
        }
        at
    }

    /// A value that is no property key: compares it, and gives the contents of a container.
    fn value(
        &mut self,
        event: Event<'a>,
        span: Span,
        view: Option<Event<'a>>,
        value: Value<'d, 'a>,
    ) -> Option<Vec<Slot<'d, 'a>>> {
        if let Event::Reference(id) = event {
            let target = *self.ids.get(id as usize).expect("an id that nobody has");
            if let Some(target) = target {
                match view {
                    None => assert!(value.is_same(target), "reference to {id}: {value:?}"),
                    Some(_) => {
                        let buffer = value.as_view().and_then(|view| view.buffer);
                        assert!(buffer.is_some_and(|buffer| buffer.is_same(target)));
                    }
                }
            }
            if view.is_some() {
                self.check_view(view, value);
                self.ids.push(Some(value));
            }
            return None;
        }
        let buffer = match view {
            Some(_) => value.as_view().and_then(|view| view.buffer).expect("a view of no buffer"),
            None => value,
        };
        // Version 0 puts the tag of such a container behind its contents, and gives it no id.
        let behind = span.is_empty()
            && self.version == 0
            && matches!(event, Event::ObjectBegin | Event::SparseArrayBegin { .. });
        if !behind {
            let first = match outside_id(&event) {
                Some(id) => *self.outside.entry((discriminant(&event), id)).or_insert(Some(buffer)),
                None => Some(buffer),
            };
            assert!(first.is_none_or(|first| first.is_same(buffer)), "{event:?} is {buffer:?}");
            if outside_id(&event).is_none() {
                assert_eq!(buffer.offset(), Some(span.start), "where {event:?} starts");
            }
            if takes_id(&event) && (self.error_ids || event != Event::ErrorBegin) {
                self.ids.push(Some(buffer));
            }
        }
        if view.is_some() {
            self.ids.push(Some(value));
            self.check_view(view, value);
        }
        assert!(scalar_is(buffer, event), "{buffer:?} against {event:?}");
        children(buffer, event)
    }

    fn view(&mut self, view: Option<Event<'a>>, value: Value<'d, 'a>) {
        // The buffer itself was given its id when it began, before its memory.
        if view.is_some() {
            self.ids.push(Some(value));
            self.check_view(view, value);
        } else {
            assert_eq!(value.kind(), Kind::SharedArrayBuffer);
        }
    }

    fn check_view(&self, event: Option<Event<'a>>, value: Value<'d, 'a>) {
        let Some(Event::View { kind, byte_offset, byte_length, flags }) = event else { return };
        let view = value.as_view().expect("a view");
        assert_eq!((view.kind, view.byte_offset), (kind, byte_offset));
        assert_eq!(value.view_flags(), flags);
        assert_eq!(view.length_tracking, flags.is_some_and(|flags| flags & 1 != 0));
        if !view.length_tracking {
            assert_eq!(view.byte_length, byte_length);
        }
    }

    fn check_end(&self, event: Event<'a>, container: Value<'d, 'a>) {
        if self.lenient {
            return;
        }
        match event {
            Event::ObjectEnd { properties } => {
                assert_eq!(container.properties().count(), properties as usize);
                assert_eq!(container.len(), Some(properties as usize));
            }
            Event::DenseArrayEnd { properties, length } => {
                assert_eq!(container.elements().len(), length as usize);
                assert_eq!(container.properties().count(), properties as usize);
            }
            Event::SparseArrayEnd { properties, length } => {
                assert_eq!(container.properties().count(), properties as usize);
                assert!(container.len() >= Some(length as usize));
            }
            Event::MapEnd { length } => {
                assert_eq!(container.len(), Some(length as usize / 2));
            }
            Event::SetEnd { length } => assert_eq!(container.len(), Some(length as usize)),
            _ => {}
        }
    }
}

fn is_end(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::ObjectEnd { .. }
            | Event::DenseArrayEnd { .. }
            | Event::SparseArrayEnd { .. }
            | Event::MapEnd { .. }
            | Event::SetEnd { .. }
            | Event::ErrorEnd
            | Event::WasmMemoryEnd
            | Event::WasmSharedArrayBufferEnd
            | Event::HostObjectEnd
    )
}

/// Whether the value of this event is an object, which references can name. A view is one too, but
/// has an event of its own behind that of its buffer.
fn takes_id(event: &Event<'_>) -> bool {
    !matches!(
        event,
        Event::Undefined
            | Event::Null
            | Event::Bool(_)
            | Event::Hole
            | Event::Int32(_)
            | Event::Uint32(_)
            | Event::Double(_)
            | Event::BigInt(_)
            | Event::String(_)
            | Event::Reference(_)
            | Event::SharedObject { .. }
    )
}

/// The id of an object that the data does not hold.
fn outside_id(event: &Event<'_>) -> Option<u32> {
    match *event {
        Event::TransferredArrayBuffer { id }
        | Event::SharedArrayBuffer { id }
        | Event::WasmModuleTransfer { id } => Some(id),
        _ => None,
    }
}

/// What stands in a container, `None` for anything else.
fn children<'d, 'a>(value: Value<'d, 'a>, event: Event<'a>) -> Option<Vec<Slot<'d, 'a>>> {
    let properties =
        || value.properties().flat_map(|(key, value)| [Slot::Key(key), Slot::Value(value)]);
    Some(match event {
        Event::ObjectBegin | Event::SparseArrayBegin { .. } => properties().collect(),
        Event::DenseArrayBegin { .. } => {
            value.elements().map(Slot::Value).chain(properties()).collect()
        }
        Event::MapBegin => {
            value.entries().flat_map(|(key, value)| [key, value].map(Slot::Value)).collect()
        }
        Event::SetBegin => value.members().map(Slot::Value).collect(),
        Event::ErrorBegin => value
            .error_parts()
            .flat_map(|(part, value)| {
                let cause = value.filter(|_| part == ErrorPart::Cause).map(Slot::Value);
                [Some(Slot::Part(part)), cause].into_iter().flatten()
            })
            .collect(),
        Event::HostObjectBegin { .. } => value.host_values().map(Slot::Value).collect(),
        Event::WasmMemoryBegin { .. } => {
            value.as_wasm_memory().into_iter().map(|(.., buffer)| Slot::Value(buffer)).collect()
        }
        _ => return None,
    })
}

fn key_is(key: Key<'_>, event: Event<'_>) -> bool {
    match (key, event) {
        (Key::Text(a), Event::String(b)) => same_text(a, b),
        (Key::Number(a), Event::Int32(b)) => a == f64::from(b),
        (Key::Number(a), Event::Uint32(b)) => a == f64::from(b),
        (Key::Number(a), Event::Double(b)) => a == b || (a.is_nan() && b.is_nan()),
        _ => false,
    }
}

/// The same bytes of the input, in the same encoding.
fn same_text(a: Text<'_>, b: Text<'_>) -> bool {
    let encoding = std::mem::discriminant::<Text<'_>>;
    encoding(&a) == encoding(&b) && std::ptr::eq(a.as_bytes(), b.as_bytes())
}

/// Whether a value is what its event says, contents of containers aside.
fn scalar_is(value: Value<'_, '_>, event: Event<'_>) -> bool {
    let kind = value.kind();
    let bytes = |data: &[u8]| {
        value
            .as_bytes()
            .is_some_and(|bytes| bytes == data && (data.is_empty() || std::ptr::eq(bytes, data)))
    };
    match event {
        Event::Undefined => kind == Kind::Undefined,
        Event::Null => kind == Kind::Null,
        Event::Hole => kind == Kind::Hole,
        Event::Bool(bool) => kind == Kind::Bool && value.as_bool() == Some(bool),
        Event::Int32(number) => kind == Kind::Number && value.as_i64() == Some(number.into()),
        Event::Uint32(number) => kind == Kind::Number && value.as_i64() == Some(number.into()),
        Event::Double(number) => kind == Kind::Number && bits(value) == Some(number.to_bits()),
        Event::BigInt(bigint) => kind == Kind::BigInt && value.as_bigint() == Some(bigint),
        Event::BigIntObject(bigint) => {
            kind == Kind::BigIntObject && value.as_bigint() == Some(bigint)
        }
        Event::String(text) => {
            kind == Kind::String && value.as_text().is_some_and(|is| same_text(is, text))
        }
        Event::StringObject(text) => {
            kind == Kind::StringObject && value.as_text().is_some_and(|is| same_text(is, text))
        }
        Event::ObjectBegin => kind == Kind::Object,
        Event::DenseArrayBegin { length } => {
            kind == Kind::Array && value.is_dense() && value.elements().len() == length as usize
        }
        Event::SparseArrayBegin { .. } => kind == Kind::Array && !value.is_dense(),
        Event::MapBegin => kind == Kind::Map,
        Event::SetBegin => kind == Kind::Set,
        Event::Date(number) => kind == Kind::Date && bits(value) == Some(number.to_bits()),
        Event::BooleanObject(bool) => kind == Kind::BooleanObject && value.as_bool() == Some(bool),
        Event::NumberObject(number) => {
            kind == Kind::NumberObject && bits(value) == Some(number.to_bits())
        }
        Event::RegExp { pattern, flags } => value
            .as_regexp()
            .is_some_and(|regexp| same_text(regexp.0, pattern) && regexp.1 == flags),
        Event::ArrayBuffer(data) => {
            bytes(data) && value.array_buffer_kind() == Some(ArrayBufferKind::Fixed)
        }
        Event::ImmutableArrayBuffer(data) => {
            bytes(data) && value.array_buffer_kind() == Some(ArrayBufferKind::Immutable)
        }
        Event::ResizableArrayBuffer { data, max_byte_length } => {
            let resizable = ArrayBufferKind::Resizable { max_byte_length };
            bytes(data) && value.array_buffer_kind() == Some(resizable)
        }
        Event::TransferredArrayBuffer { id } => {
            value.array_buffer_kind() == Some(ArrayBufferKind::Transferred { id })
        }
        Event::SharedArrayBuffer { id } | Event::WasmSharedArrayBuffer { id, .. } => {
            value.array_buffer_kind() == Some(ArrayBufferKind::Shared { id })
        }
        Event::HostView { kind: view, data, .. } => {
            value.as_view().is_some_and(|is| is.kind == view && is.buffer.is_none()) && bytes(data)
        }
        Event::ErrorBegin => kind == Kind::Error,
        Event::WasmModuleTransfer { id } => {
            kind == Kind::WasmModule && value.external_id() == Some(id)
        }
        Event::WasmModule { wire_bytes, .. } => value.wasm_module_bytes() == Some(wire_bytes),
        Event::WasmMemoryBegin { maximum_pages, memory64 } => {
            value.as_wasm_memory().is_some_and(|(maximum, width, _)| {
                maximum == (maximum_pages != -1).then_some(maximum_pages)
                    && width == if memory64 == Some(true) { 64 } else { 32 }
            })
        }
        Event::SharedObject { id } => kind == Kind::SharedObject && value.external_id() == Some(id),
        Event::HostObjectBegin { .. } => kind == Kind::HostObject,
        _ => false,
    }
}

fn bits(value: Value<'_, '_>) -> Option<u64> {
    value.double_bits()
}
