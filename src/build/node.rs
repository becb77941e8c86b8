//! What a builder holds: one node for each value, all owned.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::NodeId;
use crate::read::event::{BigInt, Event};
use crate::text::Text;
use crate::view::ViewKind;
use crate::wire::output::Output;
use crate::wire::{ByteOrder, ErrorTag};

/// A string.
#[derive(Clone, Debug)]
pub(super) enum Chars {
    /// Written as V8 does: one-byte where all of it is Latin-1.
    Str(Box<str>),
    /// Two-byte, whatever it holds: the units, least byte first.
    Wide(Box<[u8]>),
}

impl Chars {
    pub(super) fn text(&self) -> Text<'_> {
        match self {
            Chars::Str(str) => Text::Utf8(str.as_bytes()),
            Chars::Wide(units) => Text::TwoByte(units, ByteOrder::Little),
        }
    }
}

impl From<&str> for Chars {
    fn from(str: &str) -> Self {
        Chars::Str(str.into())
    }
}

impl From<String> for Chars {
    fn from(string: String) -> Self {
        Chars::Str(string.into())
    }
}

impl From<Text<'_>> for Chars {
    fn from(text: Text<'_>) -> Self {
        match text {
            Text::TwoByte(..) => Chars::Wide(text.units().flat_map(u16::to_le_bytes).collect()),
            _ => Chars::Str(text.to_str().into()),
        }
    }
}

/// The key of a property.
#[derive(Clone, Debug)]
pub(super) enum Name {
    Index(u32),
    Text(Chars),
}

impl Name {
    pub(super) fn as_ref(&self) -> NameRef<'_> {
        match self {
            Name::Index(index) => NameRef::Index(*index),
            Name::Text(chars) => NameRef::Text(chars.text()),
        }
    }
}

/// Ordered as JavaScript orders the properties of an object: indices first, ascending. Names have an
/// order too, which is none of JavaScript's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameRef<'b> {
    Index(u32),
    Text(Text<'b>),
}

#[derive(Clone, Debug)]
pub(super) struct Integer {
    negative: bool,
    digits: Box<[u8]>,
}

impl From<BigInt<'_>> for Integer {
    fn from(BigInt { negative, digits }: BigInt<'_>) -> Self {
        Integer { negative, digits: digits.into() }
    }
}

impl Integer {
    fn bigint(&self) -> BigInt<'_> {
        BigInt { negative: self.negative, digits: &self.digits }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Array {
    /// The elements from 0 on; `None` for holes.
    pub(super) elements: Vec<Option<NodeId>>,
    /// All others, and those elements that do not follow the ones before.
    pub(super) properties: Vec<(Name, NodeId)>,
    /// JavaScript's `length`.
    pub(super) length: u32,
    pub(super) form: ArrayForm,
}

impl Array {
    /// Sets an element; the array becomes longer where it lies behind the end.
    pub(super) fn set(&mut self, index: u32, value: NodeId) {
        let is_next = index == self.length && self.elements.len() == index as usize;
        self.length = self.length.max(index.saturating_add(1));
        if let Some(element) = self.elements.get_mut(index as usize) {
            *element = Some(value);
        } else if is_next && self.form != ArrayForm::Sparse {
            self.elements.push(Some(value));
        } else {
            self.form = ArrayForm::Sparse;
            self.properties.push((Name::Index(index), value));
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ArrayForm {
    /// As V8 would most likely: dense where no element is missing.
    #[default]
    Auto,
    /// Elements as properties.
    Sparse,
    /// Dense, elements as they are: what a document had.
    Dense,
}

#[derive(Clone, Debug, Default)]
pub(super) struct ErrorNode {
    pub(super) class: Option<ErrorTag>,
    pub(super) message: Option<Chars>,
    pub(super) stack: Option<Chars>,
    pub(super) cause: Option<NodeId>,
}

#[derive(Clone, Debug)]
pub(super) struct ViewNode {
    pub(super) kind: ViewKind,
    pub(super) buffer: NodeId,
    pub(super) byte_offset: u64,
    pub(super) byte_length: u64,
    pub(super) flags: Option<u32>,
}

/// A run of a host object's payload.
#[derive(Clone, Debug)]
pub(super) enum Run {
    Bytes(Box<[u8]>),
    Value(NodeId),
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Undefined,
    Null,
    Bool(bool),
    Int32(i32),
    Double(f64),
    BigInt(Integer),
    Text(Chars),
    SharedObject(u32),

    Date(f64),
    BooleanObject(bool),
    NumberObject(f64),
    BigIntObject(Integer),
    StringObject(Chars),
    RegExp {
        pattern: Chars,
        flags: u32,
    },
    ArrayBuffer(Box<[u8]>),
    ImmutableArrayBuffer(Box<[u8]>),
    ResizableArrayBuffer {
        data: Box<[u8]>,
        max_byte_length: u64,
    },
    TransferredArrayBuffer(u32),
    SharedArrayBuffer(u32),
    WasmSharedArrayBuffer {
        id: u32,
        length: Option<u64>,
    },
    WasmModuleTransfer(u32),
    WasmModule(Box<[Box<[u8]>; 2]>),
    /// A view as a host object: all behind its tag.
    HostView(Box<[u8]>),

    Object(Vec<(Name, NodeId)>),
    Array(Box<Array>),
    Map(Vec<(NodeId, NodeId)>),
    Set(Vec<NodeId>),
    Error(Box<ErrorNode>),
    View(Box<ViewNode>),
    Host(Vec<Run>),
    WasmMemory {
        maximum_pages: i32,
        memory64: Option<bool>,
        buffer: NodeId,
    },
    WasmShared {
        id: u32,
        memory: NodeId,
    },
}

impl Node {
    /// A number as JavaScript has it: an integer where it is one.
    pub(super) fn number(value: f64) -> Node {
        let integer = value as i32;
        if f64::from(integer).to_bits() == value.to_bits() {
            Node::Int32(integer)
        } else {
            Node::Double(value)
        }
    }

    pub(super) fn bigint(value: i128) -> Node {
        let digits = value.unsigned_abs().to_le_bytes();
        Node::BigInt(BigInt { negative: value < 0, digits: &digits }.into())
    }

    pub(super) fn host_view(kind: ViewKind, data: &[u8]) -> Node {
        let mut payload = Output::new(ByteOrder::Little);
        payload.reserve(data.len() + 8);
        payload.varint_u32(kind as u32);
        payload.varint(data.len() as u64);
        payload.raw(data);
        Node::HostView(payload.into_bytes().into())
    }

    /// The one event that it is, of a value that holds no others.
    pub(super) fn event(&self) -> Option<Event<'_>> {
        Some(match self {
            Node::Undefined => Event::Undefined,
            Node::Null => Event::Null,
            Node::Bool(value) => Event::Bool(*value),
            Node::Int32(value) => Event::Int32(*value),
            Node::Double(value) => Event::Double(*value),
            Node::BigInt(value) => Event::BigInt(value.bigint()),
            Node::Text(chars) => Event::String(chars.text()),
            Node::SharedObject(id) => Event::SharedObject { id: *id },
            Node::Date(value) => Event::Date(*value),
            Node::BooleanObject(value) => Event::BooleanObject(*value),
            Node::NumberObject(value) => Event::NumberObject(*value),
            Node::BigIntObject(value) => Event::BigIntObject(value.bigint()),
            Node::StringObject(chars) => Event::StringObject(chars.text()),
            Node::RegExp { pattern, flags } => {
                Event::RegExp { pattern: pattern.text(), flags: *flags }
            }
            Node::ArrayBuffer(data) => Event::ArrayBuffer(data),
            Node::ImmutableArrayBuffer(data) => Event::ImmutableArrayBuffer(data),
            Node::ResizableArrayBuffer { data, max_byte_length } => {
                Event::ResizableArrayBuffer { data, max_byte_length: *max_byte_length }
            }
            Node::TransferredArrayBuffer(id) => Event::TransferredArrayBuffer { id: *id },
            Node::SharedArrayBuffer(id) => Event::SharedArrayBuffer { id: *id },
            Node::WasmSharedArrayBuffer { id, length } => {
                Event::WasmSharedArrayBuffer { id: *id, length: *length }
            }
            Node::WasmModuleTransfer(id) => Event::WasmModuleTransfer { id: *id },
            Node::WasmModule(bytes) => {
                let [wire_bytes, compiled] = &**bytes;
                Event::WasmModule { wire_bytes, compiled }
            }
            // The writer takes the payload for what it is.
            Node::HostView(payload) => {
                Event::HostView { kind: ViewKind::Buffer, data: &[], payload }
            }
            Node::Object(_)
            | Node::Array(_)
            | Node::Map(_)
            | Node::Set(_)
            | Node::Error(_)
            | Node::View(_)
            | Node::Host(_)
            | Node::WasmMemory { .. }
            | Node::WasmShared { .. } => return None,
        })
    }

    /// The other way round; `None` for what holds other values.
    pub(super) fn of_event(event: Event<'_>) -> Option<Node> {
        Some(match event {
            Event::Undefined | Event::Hole => Node::Undefined,
            Event::Null => Node::Null,
            Event::Bool(value) => Node::Bool(value),
            Event::Int32(value) => Node::Int32(value),
            Event::Uint32(value) => Node::number(value.into()),
            Event::Double(value) => Node::Double(value),
            Event::BigInt(value) => Node::BigInt(value.into()),
            Event::String(text) => Node::Text(text.into()),
            Event::SharedObject { id } => Node::SharedObject(id),
            Event::Date(value) => Node::Date(value),
            Event::BooleanObject(value) => Node::BooleanObject(value),
            Event::NumberObject(value) => Node::NumberObject(value),
            Event::BigIntObject(value) => Node::BigIntObject(value.into()),
            Event::StringObject(text) => Node::StringObject(text.into()),
            Event::RegExp { pattern, flags } => Node::RegExp { pattern: pattern.into(), flags },
            Event::ArrayBuffer(data) => Node::ArrayBuffer(data.into()),
            Event::ImmutableArrayBuffer(data) => Node::ImmutableArrayBuffer(data.into()),
            Event::ResizableArrayBuffer { data, max_byte_length } => {
                Node::ResizableArrayBuffer { data: data.into(), max_byte_length }
            }
            Event::TransferredArrayBuffer { id } => Node::TransferredArrayBuffer(id),
            Event::SharedArrayBuffer { id } => Node::SharedArrayBuffer(id),
            Event::WasmSharedArrayBuffer { id, length } => {
                Node::WasmSharedArrayBuffer { id, length }
            }
            Event::WasmModuleTransfer { id } => Node::WasmModuleTransfer(id),
            Event::WasmModule { wire_bytes, compiled } => {
                Node::WasmModule(Box::new([wire_bytes.into(), compiled.into()]))
            }
            Event::HostView { payload, .. } => Node::HostView(payload.into()),
            _ => return None,
        })
    }

    /// The nodes that it holds, to be changed.
    pub(super) fn held_mut(&mut self, mut change: impl FnMut(&mut NodeId)) {
        match self {
            Node::Object(properties) => {
                properties.iter_mut().for_each(|(_, value)| change(value));
            }
            Node::Array(array) => {
                array.elements.iter_mut().flatten().for_each(&mut change);
                array.properties.iter_mut().for_each(|(_, value)| change(value));
            }
            Node::Map(entries) => {
                for (key, value) in entries {
                    change(key);
                    change(value);
                }
            }
            Node::Set(members) => members.iter_mut().for_each(change),
            Node::Error(error) => error.cause.iter_mut().for_each(change),
            Node::View(view) => change(&mut view.buffer),
            Node::Host(runs) => {
                for run in runs {
                    if let Run::Value(value) = run {
                        change(value);
                    }
                }
            }
            Node::WasmMemory { buffer, .. } => change(buffer),
            Node::WasmShared { memory, .. } => change(memory),
            _ => {}
        }
    }
}
