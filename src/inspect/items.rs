//! What a container shows, item by item.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::document::raw::{Cursor, NodeKind};
use crate::document::{ArrayBufferKind, Document, Kind, Value};
use crate::{ByteOrder, ViewKind};

/// One item between commas.
#[derive(Clone, Copy)]
pub(super) enum Item<'a> {
    /// The value at a slot.
    Value(u32),
    /// A property: the slots of key and value.
    Property(u32, u32),
    /// An entry of a map: the slots of key and value.
    Entry(u32, u32),
    /// A part of an object, by its node.
    Part(&'static str, u32),
    /// A number that belongs to an object.
    Count(&'static str, u64),
    /// A property that is true.
    Flag(&'static str),
    /// Bytes, with a name or not.
    Bytes(&'static str, &'a [u8]),
    /// An element of a typed array.
    Float(f64),
    Signed(i64),
    Unsigned(u64),
    /// Holes.
    Empty(u64),
    /// What is not shown.
    More(u64),
}

/// The text around the items, and where they come from.
pub(super) struct Shape<'a> {
    /// `Map(2) {`, without a number where there is none.
    pub(super) name: &'static str,
    pub(super) size: Option<u64>,
    pub(super) brackets: (char, char),
    pub(super) items: Items<'a>,
}

impl Shape<'_> {
    /// Whether the items are laid out in columns.
    pub(super) fn is_list(&self) -> bool {
        self.brackets.0 == '['
    }
}

pub(super) struct Items<'a> {
    source: Source<'a>,
    /// How many more of a kind are shown.
    left: usize,
    max: usize,
}

enum Source<'a> {
    /// Elements in their places, then properties.
    Dense {
        cursor: Cursor,
        index: u32,
        length: u32,
        properties: bool,
    },
    Indexed(Box<Indexed>),
    /// Properties; those that are elements were shown before where it says so.
    Properties {
        cursor: Cursor,
        names_only: bool,
    },
    Entries(Cursor),
    Members(Cursor),
    Elements {
        bytes: &'a [u8],
        kind: ViewKind,
        order: ByteOrder,
    },
    Payload(Cursor),
    /// At most four. In a box, for the stack of containers holds one of these for each.
    Parts(Box<[Option<Item<'a>>; 4]>, usize),
}

struct Indexed {
    elements: Vec<(u32, u32)>,
    done: usize,
    index: u32,
    length: u32,
    /// From the first property on.
    properties: Cursor,
}

/// What a value shows within brackets; `None` for values that have none.
pub(super) fn shape<'a>(value: Value<'_, 'a>, max: usize) -> Option<Shape<'a>> {
    let cursor = value.contents();
    let (name, size, brackets, source) = match value.kind() {
        Kind::Object => ("", None, ('{', '}'), Source::Properties { cursor, names_only: false }),
        Kind::Array => ("", None, ('[', ']'), array(value, cursor)),
        Kind::Map => {
            let size = value.entries().count() as u64;
            ("Map", Some(size), ('{', '}'), Source::Entries(cursor))
        }
        Kind::Set => {
            let size = value.members().count() as u64;
            ("Set", Some(size), ('{', '}'), Source::Members(cursor))
        }
        Kind::HostObject => ("HostObject", None, ('{', '}'), Source::Payload(cursor)),
        Kind::View => return view(value, max),
        Kind::ArrayBuffer | Kind::SharedArrayBuffer => return Some(buffer(value)),
        Kind::Error => {
            let cause = value.error_cause().and_then(Value::id);
            return Some(parts("", [cause.map(|at| Item::Part("[cause]", at)), None, None, None]));
        }
        Kind::WasmModule => {
            let bytes = value.wasm_module_bytes();
            return Some(parts(
                "WebAssembly.Module",
                [
                    bytes.map(|bytes| Item::Bytes("[Uint8Contents]", bytes)),
                    bytes.map(|bytes| Item::Count("byteLength", bytes.len() as u64)),
                    value.external_id().map(|id| Item::Count("transferId", id.into())),
                    None,
                ],
            ));
        }
        Kind::WasmMemory => {
            let (maximum, width, buffer) = value.as_wasm_memory()?;
            return Some(parts(
                "WebAssembly.Memory",
                [
                    maximum.map(|pages| Item::Count("maximum", u64::from(pages.unsigned_abs()))),
                    Some(Item::Count("addressWidth", width.into())),
                    buffer.id().map(|at| Item::Part("buffer", at)),
                    None,
                ],
            ));
        }
        Kind::SharedObject => {
            let id = value.external_id().map(|id| Item::Count("id", id.into()));
            return Some(parts("SharedObject", [id, None, None, None]));
        }
        _ => return None,
    };
    Some(Shape { name, size, brackets, items: Items { source, left: max, max } })
}

fn array<'a>(value: Value<'_, 'a>, cursor: Cursor) -> Source<'a> {
    if !value.has_indices() {
        let length = value.declared_length();
        return Source::Dense { cursor, index: 0, length, properties: value.has_properties() };
    }
    let mut properties = cursor;
    if value.is_dense() {
        for _ in 0..value.declared_length() {
            properties.next(value.document());
        }
    }
    let length = value.len().unwrap_or(0) as u32;
    let elements = value.indexed_slots();
    Source::Indexed(Box::new(Indexed { elements, done: 0, index: 0, length, properties }))
}

fn parts<'a>(name: &'static str, list: [Option<Item<'a>>; 4]) -> Shape<'a> {
    let items =
        Items { source: Source::Parts(Box::new(list), 0), left: usize::MAX, max: usize::MAX };
    Shape { name, size: None, brackets: ('{', '}'), items }
}

fn view<'a>(value: Value<'_, 'a>, max: usize) -> Option<Shape<'a>> {
    let view = value.as_view()?;
    let buffer = view.buffer.and_then(Value::id).map(|at| Item::Part("buffer", at));
    let ends =
        [Item::Count("byteLength", view.byte_length), Item::Count("byteOffset", view.byte_offset)];
    Some(match (view.kind, view.bytes) {
        // Shown as a primitive.
        (ViewKind::Buffer, Some(_)) => return None,
        (ViewKind::DataView, Some(bytes)) => {
            let contents = buffer.unwrap_or(Item::Bytes("[Uint8Contents]", bytes));
            parts("DataView", [Some(ends[0]), Some(ends[1]), Some(contents), None])
        }
        (kind, Some(bytes)) => {
            let whole = bytes.len() - bytes.len() % kind.element_size();
            let bytes = bytes.get(..whole).unwrap_or_default();
            let source = Source::Elements { bytes, kind, order: value.document().byte_order() };
            Shape {
                name: kind.name(),
                size: Some(view.len()),
                brackets: ('[', ']'),
                items: Items { source, left: max, max },
            }
        }
        (kind, None) => parts(kind.name(), [Some(ends[0]), Some(ends[1]), buffer, None]),
    })
}

fn buffer<'a>(value: Value<'_, 'a>) -> Shape<'a> {
    let mut list = [None; 4];
    let mut name = "ArrayBuffer";
    if let Some(bytes) = value.as_bytes() {
        list[0] = Some(Item::Bytes("[Uint8Contents]", bytes));
        list[1] = Some(Item::Count("byteLength", bytes.len() as u64));
    }
    match value.array_buffer_kind() {
        Some(ArrayBufferKind::Resizable { max_byte_length }) => {
            list[2] = Some(Item::Count("maxByteLength", max_byte_length));
        }
        Some(ArrayBufferKind::Immutable) => list[2] = Some(Item::Flag("immutable")),
        Some(ArrayBufferKind::Transferred { id }) => {
            list[0] = Some(Item::Count("transferId", id.into()));
        }
        Some(ArrayBufferKind::Shared { id }) => {
            name = "SharedArrayBuffer";
            list[0] = Some(Item::Count("id", id.into()));
            let doc = value.document();
            let slot = value.id().unwrap_or(u32::MAX);
            list[1] = doc.extra_of(slot).map(|length| Item::Count("byteLength", length));
            let mut inner = value.contents();
            list[2] =
                inner.value(doc).and_then(Value::id).map(|memory| Item::Part("memory", memory));
        }
        _ => {}
    }
    parts(name, list)
}

impl<'a> Items<'a> {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        match &self.source {
            Source::Dense { length, properties, .. } => *length == 0 && !properties,
            Source::Indexed(indexed) => indexed.length == 0 && indexed.properties.is_empty(),
            Source::Properties { cursor, .. }
            | Source::Entries(cursor)
            | Source::Members(cursor)
            | Source::Payload(cursor) => cursor.is_empty(),
            Source::Elements { bytes, .. } => bytes.is_empty(),
            Source::Parts(list, _) => list.iter().all(Option::is_none),
        }
    }

    pub(super) fn next(&mut self, doc: &Document<'a>) -> Option<Item<'a>> {
        if let Source::Dense { .. } | Source::Indexed(_) = self.source {
            if let Some(item) = self.element(doc) {
                return Some(item);
            }
            // The properties behind the elements have a limit of their own.
            self.left = self.max;
            let cursor = match &self.source {
                Source::Dense { cursor, .. } => *cursor,
                Source::Indexed(indexed) => indexed.properties,
                _ => Cursor::default(),
            };
            self.source = Source::Properties { cursor, names_only: true };
        }
        if let Source::Parts(list, next) = &mut self.source {
            while let Some(item) = list.get(*next) {
                *next += 1;
                if item.is_some() {
                    return *item;
                }
            }
            return None;
        }
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                self.source.next(doc)
            }
            None => match self.source.rest(doc) {
                0 => None,
                more => Some(Item::More(more)),
            },
        }
    }

    /// The next element of an array, or what stands for those that are not shown.
    fn element(&mut self, doc: &Document<'a>) -> Option<Item<'a>> {
        match &mut self.source {
            Source::Dense { cursor, index, length, properties } => {
                if *index == *length {
                    return None;
                }
                if self.left == 0 {
                    let more = *length - *index;
                    if *properties {
                        for _ in 0..more {
                            cursor.next(doc);
                        }
                    } else {
                        *cursor = Cursor::default();
                    }
                    *index = *length;
                    return Some(Item::More(more.into()));
                }
                self.left -= 1;
                let slot = cursor.next(doc)?;
                *index += 1;
                if !is_hole(doc, slot) {
                    return Some(Item::Value(slot));
                }
                let mut holes = 1;
                while *index < *length {
                    let mut ahead = *cursor;
                    match ahead.next(doc) {
                        Some(slot) if is_hole(doc, slot) => *cursor = ahead,
                        _ => break,
                    }
                    *index += 1;
                    holes += 1;
                }
                Some(Item::Empty(holes))
            }
            Source::Indexed(indexed) => {
                let rest = indexed.length - indexed.index;
                if rest == 0 {
                    return None;
                }
                if self.left == 0 {
                    indexed.index = indexed.length;
                    return Some(Item::More(rest.into()));
                }
                self.left -= 1;
                let next = indexed.elements.get(indexed.done);
                let (index, slot) = next.copied().unwrap_or((indexed.length, 0));
                if index > indexed.index {
                    let holes = index - indexed.index;
                    indexed.index = index;
                    return Some(Item::Empty(holes.into()));
                }
                indexed.done += 1;
                indexed.index = indexed.index.saturating_add(1);
                Some(Item::Value(slot))
            }
            _ => None,
        }
    }
}

fn is_hole(doc: &Document<'_>, slot: u32) -> bool {
    doc.nodes().get(slot).is_some_and(|node| node.kind() == NodeKind::Hole)
}

impl<'a> Source<'a> {
    fn next(&mut self, doc: &Document<'a>) -> Option<Item<'a>> {
        match self {
            Source::Properties { cursor, names_only } => loop {
                let key = cursor.next(doc)?;
                let value = cursor.next(doc)?;
                if !*names_only || doc.key_at(key)?.as_array_index().is_none() {
                    return Some(Item::Property(key, value));
                }
            },
            Source::Entries(cursor) => Some(Item::Entry(cursor.next(doc)?, cursor.next(doc)?)),
            Source::Members(cursor) => cursor.next(doc).map(Item::Value),
            Source::Payload(cursor) => {
                let slot = cursor.next(doc)?;
                Some(match doc.host_bytes_at(slot) {
                    Some(bytes) => Item::Bytes("", bytes),
                    None => Item::Value(slot),
                })
            }
            Source::Elements { bytes, kind, order } => {
                let (element, rest) = bytes.split_at_checked(kind.element_size())?;
                *bytes = rest;
                Some(number(element, *kind, *order))
            }
            Source::Dense { .. } | Source::Indexed(_) | Source::Parts(..) => None,
        }
    }

    /// How many items are left; there are none afterwards.
    fn rest(&mut self, doc: &Document<'a>) -> u64 {
        if let Source::Elements { bytes, kind, .. } = self {
            return (core::mem::take(bytes).len() / kind.element_size()) as u64;
        }
        let mut count = 0;
        while self.next(doc).is_some() {
            count += 1;
        }
        count
    }
}

/// An element of a typed array.
fn number<'a>(element: &[u8], kind: ViewKind, order: ByteOrder) -> Item<'a> {
    let mut bytes = [0; 8];
    for (i, slot) in bytes.iter_mut().enumerate() {
        let at = if order == ByteOrder::Big { element.len().checked_sub(i + 1) } else { Some(i) };
        *slot = at.and_then(|at| element.get(at)).copied().unwrap_or(0);
    }
    let bits = u64::from_le_bytes(bytes);
    match kind {
        ViewKind::Int8 => Item::Float(f64::from(bits as i8)),
        ViewKind::Int16 => Item::Float(f64::from(bits as i16)),
        ViewKind::Int32 => Item::Float(f64::from(bits as i32)),
        ViewKind::Uint8
        | ViewKind::Uint8Clamped
        | ViewKind::Buffer
        | ViewKind::DataView
        | ViewKind::Uint16
        | ViewKind::Uint32 => Item::Float(bits as f64),
        ViewKind::Float16 => Item::Float(half::f16::from_bits(bits as u16).to_f64()),
        ViewKind::Float32 => Item::Float(f64::from(f32::from_bits(bits as u32))),
        ViewKind::Float64 => Item::Float(f64::from_bits(bits)),
        ViewKind::BigInt64 => Item::Signed(bits as i64),
        ViewKind::BigUint64 => Item::Unsigned(bits),
    }
}
