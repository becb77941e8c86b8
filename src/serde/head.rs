//! What a value is, before anything is read of what it holds.

use crate::document::raw::NodeKind;
use crate::document::{Kind, Value};
use crate::read::{BigInt, Event};
use crate::text::Text;
use crate::view::ViewKind;
use crate::wire::ByteOrder;

/// Where the contents of a container are.
#[derive(Clone, Copy)]
pub(super) enum Place<'d, 'de> {
    /// They are the next events.
    Stream,
    /// In the document.
    Value(Value<'d, 'de>),
}

/// A value, or the start of one.
#[derive(Clone, Copy)]
pub(super) enum Head<'d, 'de> {
    /// Also a hole.
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    BigInt(BigInt<'de>),
    /// An element of a `BigInt64Array`.
    Signed(i64),
    /// An element of a `BigUint64Array`.
    Unsigned(u64),
    Text(Text<'de>),
    Date(f64),
    RegExp(Text<'de>, u32),
    /// The flags of a regexp alone: a string.
    Flags(u32),
    /// A view that shows bytes, or a buffer.
    Bytes(Option<ViewKind>, &'de [u8]),
    /// A typed array of something else.
    Elements(ViewKind, &'de [u8], ByteOrder),
    Object(Place<'d, 'de>),
    /// An array, its length if it is in the stream.
    Array(Place<'d, 'de>, u32),
    Map(Place<'d, 'de>),
    Set(Place<'d, 'de>),
    Error(Value<'d, 'de>),
    /// There is nothing in Rust for it.
    Opaque(&'static str),
}

const ELSEWHERE: &str = "buffer whose bytes are elsewhere";

fn number<'d, 'de>(value: f64) -> Head<'d, 'de> {
    // V8 knows one NaN.
    Head::Number(if value.is_nan() { f64::NAN } else { value })
}

fn view<'d, 'de>(kind: ViewKind, bytes: &'de [u8], order: ByteOrder) -> Head<'d, 'de> {
    match kind {
        ViewKind::Uint8 | ViewKind::Uint8Clamped | ViewKind::Buffer | ViewKind::DataView => {
            Head::Bytes(Some(kind), bytes)
        }
        _ => Head::Elements(kind, bytes, order),
    }
}

/// The longest time that a `Date` can be from 1970, in milliseconds (ECMAScript's TimeClip).
const MAX_TIME: f64 = 8.64e15;

/// A date as JavaScript has it: whole, in range, never -0.
fn date(ms: f64) -> f64 {
    if (-MAX_TIME..=MAX_TIME).contains(&ms) { (ms as i64) as f64 } else { f64::NAN }
}

impl<'d, 'de> Head<'d, 'de> {
    /// The container, if it is one that is read from the document.
    #[inline]
    pub(super) fn in_document(&self) -> Option<Value<'d, 'de>> {
        match *self {
            Head::Object(Place::Value(value))
            | Head::Array(Place::Value(value), _)
            | Head::Map(Place::Value(value))
            | Head::Set(Place::Value(value))
            | Head::Error(value) => Some(value),
            _ => None,
        }
    }

    /// The value that begins with an event; `None` where more must be known.
    #[inline]
    pub(super) fn of_event(event: &Event<'de>) -> Option<Self> {
        Some(match *event {
            Event::Undefined | Event::Hole => Head::Undefined,
            Event::Null => Head::Null,
            Event::Bool(value) | Event::BooleanObject(value) => Head::Bool(value),
            Event::Int32(value) => Head::Number(f64::from(value)),
            Event::Uint32(value) => Head::Number(f64::from(value)),
            Event::Double(value) | Event::NumberObject(value) => number(value),
            Event::BigInt(value) | Event::BigIntObject(value) => Head::BigInt(value),
            Event::String(text) | Event::StringObject(text) => Head::Text(text),
            Event::ObjectBegin => Head::Object(Place::Stream),
            Event::DenseArrayBegin { length } => Head::Array(Place::Stream, length),
            Event::MapBegin => Head::Map(Place::Stream),
            Event::SetBegin => Head::Set(Place::Stream),
            Event::Date(ms) => Head::Date(date(ms)),
            Event::RegExp { pattern, flags } => Head::RegExp(pattern, flags),
            _ => return None,
        })
    }

    /// A buffer, a view of one, or what else has no contents.
    pub(super) fn of_buffer(
        event: &Event<'de>,
        over: Option<Event<'de>>,
        order: ByteOrder,
    ) -> Option<Self> {
        let bytes = match *event {
            Event::ArrayBuffer(bytes) | Event::ImmutableArrayBuffer(bytes) => bytes,
            Event::ResizableArrayBuffer { data, .. } => data,
            Event::TransferredArrayBuffer { .. }
            | Event::SharedArrayBuffer { .. }
            | Event::WasmSharedArrayBuffer { .. } => {
                return Some(Head::Opaque(ELSEWHERE));
            }
            Event::HostView { kind, data, .. } => return Some(view(kind, data, order)),
            Event::WasmModuleTransfer { .. } | Event::WasmModule { .. } => {
                return Some(Head::Opaque("WebAssembly.Module"));
            }
            Event::SharedObject { .. } => return Some(Head::Opaque("shared object")),
            _ => return None,
        };
        let Some(Event::View { kind, byte_offset, byte_length, flags }) = over else {
            return Some(Head::Bytes(None, bytes));
        };
        let start = usize::try_from(byte_offset).ok()?;
        let rest = bytes.get(start..)?;
        let length = if flags.is_some_and(|flags| flags & 1 != 0) {
            rest.len() - rest.len() % kind.element_size()
        } else {
            usize::try_from(byte_length).ok()?
        };
        Some(view(kind, rest.get(..length)?, order))
    }

    /// A value of a document.
    pub(super) fn of_value(value: Value<'d, 'de>) -> Self {
        let head = match value.kind() {
            Kind::Undefined | Kind::Hole => Some(Head::Undefined),
            Kind::Null => Some(Head::Null),
            Kind::Bool | Kind::BooleanObject => value.as_bool().map(Head::Bool),
            Kind::Number | Kind::NumberObject => value.as_f64().map(number),
            Kind::BigInt | Kind::BigIntObject => value.as_bigint().map(Head::BigInt),
            Kind::String | Kind::StringObject => value.as_text().map(Head::Text),
            Kind::Object => Some(Head::Object(Place::Value(value))),
            Kind::Array => Some(Head::Array(Place::Value(value), 0)),
            Kind::Map => Some(Head::Map(Place::Value(value))),
            Kind::Set => Some(Head::Set(Place::Value(value))),
            Kind::Date => value.as_date_ms().map(Head::Date),
            Kind::RegExp => value.as_regexp().map(|(text, flags)| Head::RegExp(text, flags)),
            Kind::Error => Some(Head::Error(value)),
            Kind::ArrayBuffer => value.as_bytes().map(|bytes| Head::Bytes(None, bytes)),
            Kind::View => value
                .as_view()
                .and_then(|of| Some(view(of.kind, of.bytes?, value.document().byte_order()))),
            Kind::SharedArrayBuffer => None,
            Kind::WasmModule => Some(Head::Opaque("WebAssembly.Module")),
            Kind::WasmMemory => Some(Head::Opaque("WebAssembly.Memory")),
            Kind::SharedObject => Some(Head::Opaque("shared object")),
            Kind::HostObject => Some(Head::Opaque("host object")),
        };
        head.unwrap_or(Head::Opaque(ELSEWHERE))
    }

    /// The one value that a host object holds, and whether a reference stands there.
    pub(super) fn inner_value(value: Value<'d, 'de>) -> Option<(Value<'d, 'de>, bool)> {
        if value.kind() != Kind::HostObject {
            return None;
        }
        let doc = value.document();
        let mut contents = value.contents();
        let mut inner = None;
        while let Some(slot) = contents.next(doc) {
            if doc.host_bytes_at(slot).is_some() {
                continue;
            }
            if inner.is_some() {
                return None;
            }
            inner = Some(slot);
        }
        let slot = inner?;
        let node = doc.nodes().get(slot)?;
        Some((doc.value_at(slot), node.kind() == NodeKind::Reference))
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Head::Undefined | Head::Null)
    }

    pub(super) fn is_container(&self) -> bool {
        matches!(
            self,
            Head::Object(_) | Head::Array(..) | Head::Map(_) | Head::Set(_) | Head::Error(_)
        )
    }

    /// Bytes that reading it copies, perhaps.
    pub(super) fn byte_length(&self) -> usize {
        match self {
            Head::Text(text) | Head::RegExp(text, _) => text.as_bytes().len(),
            Head::Bytes(_, bytes) | Head::Elements(_, bytes, _) => bytes.len(),
            _ => 0,
        }
    }
}

/// An element of a typed array, out of as many bytes as it has.
pub(super) fn element<'d, 'de>(kind: ViewKind, bytes: &[u8], order: ByteOrder) -> Head<'d, 'de> {
    fn array<const N: usize>(bytes: &[u8], order: ByteOrder) -> [u8; N] {
        let mut array = [0; N];
        array.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        if order == ByteOrder::Big {
            array.reverse();
        }
        array
    }
    match kind {
        ViewKind::Int8 => Head::Number(i8::from_le_bytes(array(bytes, order)).into()),
        ViewKind::Uint8 | ViewKind::Uint8Clamped | ViewKind::DataView | ViewKind::Buffer => {
            Head::Number(u8::from_le_bytes(array(bytes, order)).into())
        }
        ViewKind::Int16 => Head::Number(i16::from_le_bytes(array(bytes, order)).into()),
        ViewKind::Uint16 => Head::Number(u16::from_le_bytes(array(bytes, order)).into()),
        ViewKind::Int32 => Head::Number(i32::from_le_bytes(array(bytes, order)).into()),
        ViewKind::Uint32 => Head::Number(u32::from_le_bytes(array(bytes, order)).into()),
        ViewKind::Float16 => number(half::f16::from_le_bytes(array(bytes, order)).into()),
        ViewKind::Float32 => number(f32::from_le_bytes(array(bytes, order)).into()),
        ViewKind::Float64 => number(f64::from_le_bytes(array(bytes, order))),
        ViewKind::BigInt64 => Head::Signed(i64::from_le_bytes(array(bytes, order))),
        ViewKind::BigUint64 => Head::Unsigned(u64::from_le_bytes(array(bytes, order))),
    }
}
