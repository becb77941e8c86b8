//! What the grammar is made of, in the order of the wire.

use crate::text::Text;
use crate::view::ViewKind;
use crate::wire::{ErrorTag, Tag};

/// A range of offsets in the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The offset of the first byte, which is the tag where there is one.
    pub start: usize,
    /// The offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The number of bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether there are no bytes.
    pub const fn is_empty(self) -> bool {
        self.end == self.start
    }
}

/// A bigint's sign and digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BigInt<'a> {
    /// Whether it is below zero. V8 writes zero without it.
    pub negative: bool,
    /// The magnitude, least byte first. V8 writes a multiple of eight bytes.
    pub digits: &'a [u8],
}

impl<'a> BigInt<'a> {
    /// The magnitude in 64-bit words, least first; empty for zero with no digits.
    pub fn words(self) -> impl ExactSizeIterator<Item = u64> + 'a {
        self.digits.chunks(8).map(|chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(word)
        })
    }

    /// The value, if it fits.
    pub fn to_i128(self) -> Option<i128> {
        let (low, high) = self.digits.split_at(self.digits.len().min(16));
        if high.iter().any(|&byte| byte != 0) {
            return None;
        }
        let mut bytes = [0; 16];
        bytes[..low.len()].copy_from_slice(low);
        let magnitude = u128::from_le_bytes(bytes);
        if self.negative {
            0i128.checked_sub_unsigned(magnitude)
        } else {
            i128::try_from(magnitude).ok()
        }
    }

    /// The value as a `num_bigint::BigInt`.
    #[cfg(feature = "num-bigint")]
    pub fn to_num_bigint(self) -> num_bigint::BigInt {
        let sign = if self.negative { num_bigint::Sign::Minus } else { num_bigint::Sign::Plus };
        num_bigint::BigInt::from_bytes_le(sign, self.digits)
    }
}

/// One part of an error, in the order of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorPart<'a> {
    /// Which class it is, one of `ErrorTag::EVAL_ERROR` and so on; absent for a plain `Error`.
    Prototype(ErrorTag),
    /// The `message` property.
    Message(Text<'a>),
    /// The `stack` property.
    Stack(Text<'a>),
    /// The value that follows is the `cause` property.
    Cause,
}

/// A step of reading. Containers are a begin and an end event with their contents between.
///
/// Objects and sparse arrays alternate keys and values; maps too, with keys of any type. A dense
/// array has [`length`](Event::DenseArrayBegin::length) elements, then keys and values.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// `undefined`
    Undefined,
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An absent element of a dense array; in versions below 11 also one written as `undefined`.
    Hole,
    /// A number written as a signed integer.
    Int32(i32),
    /// A number written as an unsigned integer.
    Uint32(u32),
    /// A number written as a double. A NaN has the bits of the wire, which V8 makes canonical.
    Double(f64),
    /// A bigint.
    BigInt(BigInt<'a>),
    /// A string, or the key of a property.
    String(Text<'a>),
    /// The object with this id again.
    Reference(u32),
    /// An object begins: keys and values follow.
    ObjectBegin,
    /// An object ends.
    ObjectEnd {
        /// How many properties there were, also where the data claims others and is read leniently.
        properties: u32,
    },
    /// An array begins: `length` elements follow, then keys and values.
    DenseArrayBegin {
        /// The number of elements.
        length: u32,
    },
    /// A dense array ends.
    DenseArrayEnd {
        /// How many properties besides the elements.
        properties: u32,
        /// The length again.
        length: u32,
    },
    /// An array begins whose elements are written as properties: keys and values follow.
    SparseArrayBegin {
        /// JavaScript's `length`.
        length: u32,
    },
    /// A sparse array ends.
    SparseArrayEnd {
        /// How many properties, elements included.
        properties: u32,
        /// The length again.
        length: u32,
    },
    /// A `Map` begins: keys and values follow.
    MapBegin,
    /// A `Map` ends.
    MapEnd {
        /// Twice the number of entries.
        length: u32,
    },
    /// A `Set` begins: values follow.
    SetBegin,
    /// A `Set` ends.
    SetEnd {
        /// The number of values.
        length: u32,
    },
    /// A `Date`, in milliseconds since 1970; NaN for an invalid one.
    Date(f64),
    /// `new Boolean(..)`
    BooleanObject(bool),
    /// `new Number(..)`
    NumberObject(f64),
    /// `Object(1n)`
    BigIntObject(BigInt<'a>),
    /// `new String(..)`
    StringObject(Text<'a>),
    /// A `RegExp`.
    RegExp {
        /// Its source.
        pattern: Text<'a>,
        /// Its flags as bits, see [`regexp_flags`](crate::regexp_flags).
        flags: u32,
    },
    /// An `ArrayBuffer` with its bytes. A [`Event::View`] may follow.
    ArrayBuffer(&'a [u8]),
    /// An immutable `ArrayBuffer` with its bytes. A [`Event::View`] may follow.
    ImmutableArrayBuffer(&'a [u8]),
    /// A resizable `ArrayBuffer` with its bytes. A [`Event::View`] may follow.
    ResizableArrayBuffer {
        /// The contents.
        data: &'a [u8],
        /// How long it may become.
        max_byte_length: u64,
    },
    /// A transferred `ArrayBuffer`. A [`Event::View`] may follow.
    TransferredArrayBuffer {
        /// Its transfer id.
        id: u32,
    },
    /// A `SharedArrayBuffer`. A [`Event::View`] may follow.
    SharedArrayBuffer {
        /// The embedder's id for it.
        id: u32,
    },
    /// A `SharedArrayBuffer` over a WebAssembly memory, of fixed length. A [`Event::View`] may follow.
    WasmSharedArrayBuffer {
        /// The embedder's id for it.
        id: u32,
        /// Its length; V8 13.6 to 14 say only that it is fixed.
        length: Option<u64>,
    },
    /// A growable `SharedArrayBuffer` over a WebAssembly memory: that memory follows.
    WasmSharedArrayBufferBegin {
        /// The embedder's id for it.
        id: u32,
    },
    /// The end of it. A [`Event::View`] may follow.
    WasmSharedArrayBufferEnd,
    /// A view of the buffer just before. The two are one value: the view.
    View {
        /// The kind of view.
        kind: ViewKind,
        /// Where in the buffer it starts, in bytes.
        byte_offset: u64,
        /// How long it is, in bytes; 0 for one that tracks the buffer's length.
        byte_length: u64,
        /// Bit 0: tracks the length; bit 1: the buffer is resizable. `None` where the data has none.
        flags: Option<u32>,
    },
    /// An error begins: parts follow.
    ErrorBegin,
    /// A part of an error. Behind [`ErrorPart::Cause`] a value follows.
    ErrorPart(ErrorPart<'a>),
    /// An error ends.
    ErrorEnd,
    /// A WebAssembly module that was passed on by id.
    WasmModuleTransfer {
        /// Its transfer id.
        id: u32,
    },
    /// A WebAssembly module with its bytes, as V8 wrote it up to 7.x.
    WasmModule {
        /// The module in WebAssembly's binary format.
        wire_bytes: &'a [u8],
        /// The compiled code, of use only to the V8 that wrote it.
        compiled: &'a [u8],
    },
    /// A shared `WebAssembly.Memory` begins: its buffer follows.
    WasmMemoryBegin {
        /// The most pages it may have; -1 for no maximum.
        maximum_pages: i32,
        /// Whether its addresses have 64 bits; `None` where the data does not say (V8 up to 12.3).
        memory64: Option<bool>,
    },
    /// The end of it.
    WasmMemoryEnd,
    /// A value shared between isolates.
    SharedObject {
        /// Its id.
        id: u32,
    },
    /// A host object begins: payload bytes and values follow.
    HostObjectBegin {
        /// The tag that made it a host object, in versions below 13.
        legacy_tag: Option<Tag>,
    },
    /// Bytes of a host object's payload.
    HostBytes(&'a [u8]),
    /// A host object whose payload is a view, such as Node's Buffers. It has no end event.
    HostView {
        /// The kind of view.
        kind: ViewKind,
        /// Its bytes.
        data: &'a [u8],
        /// All of the payload, of which `data` is the end.
        payload: &'a [u8],
    },
    /// A host object ends.
    HostObjectEnd,
}

impl Event<'_> {
    /// Whether an object begins, or is there, that takes an id. (A container of version 0 takes none.)
    pub(crate) fn takes_id(&self) -> bool {
        match self {
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
            | Event::ErrorPart(_)
            | Event::SharedObject { .. }
            | Event::HostBytes(_) => false,
            _ => !self.is_end(),
        }
    }

    /// Whether a container begins.
    pub(crate) fn is_begin(&self) -> bool {
        matches!(
            self,
            Event::ObjectBegin
                | Event::DenseArrayBegin { .. }
                | Event::SparseArrayBegin { .. }
                | Event::MapBegin
                | Event::SetBegin
                | Event::ErrorBegin
                | Event::WasmSharedArrayBufferBegin { .. }
                | Event::WasmMemoryBegin { .. }
                | Event::HostObjectBegin { .. }
        )
    }

    /// Whether a container ends.
    pub(crate) fn is_end(&self) -> bool {
        matches!(
            self,
            Event::ObjectEnd { .. }
                | Event::DenseArrayEnd { .. }
                | Event::SparseArrayEnd { .. }
                | Event::MapEnd { .. }
                | Event::SetEnd { .. }
                | Event::ErrorEnd
                | Event::WasmSharedArrayBufferEnd
                | Event::WasmMemoryEnd
                | Event::HostObjectEnd
        )
    }
}
