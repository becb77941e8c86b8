//! Buffers and the views over them.

use alloc::borrow::Cow;

use bytemuck::Pod;
use half::f16;

use super::node::{Node, NodeKind};
use super::value::Value;
use crate::view::ViewKind;
use crate::wire::ByteOrder;

/// What an `ArrayBuffer` or `SharedArrayBuffer` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArrayBufferKind {
    /// Of fixed length, its bytes in the data.
    Fixed,
    /// Immutable, its bytes in the data.
    Immutable,
    /// Resizable up to so many bytes.
    Resizable {
        /// `maxByteLength`
        max_byte_length: u64,
    },
    /// Transferred: its bytes are elsewhere.
    Transferred {
        /// The transfer id.
        id: u32,
    },
    /// Shared: its bytes are elsewhere.
    Shared {
        /// The embedder's id.
        id: u32,
    },
}

/// A typed array, `DataView` or Node `Buffer`.
#[derive(Clone, Copy, Debug)]
pub struct View<'d, 'a> {
    /// Its class.
    pub kind: ViewKind,
    /// The buffer that it is over; `None` for Node's host objects, which have no buffer of their own.
    pub buffer: Option<Value<'d, 'a>>,
    /// Where in the buffer it starts, in bytes.
    pub byte_offset: u64,
    /// Its length in bytes; that of the buffer's rest where it tracks the length.
    pub byte_length: u64,
    /// Whether its length is that of its buffer, whatever that becomes.
    pub length_tracking: bool,
    /// Its bytes; `None` where the buffer is elsewhere.
    pub bytes: Option<&'a [u8]>,
    order: ByteOrder,
}

/// The elements of a typed array: the input itself where it is aligned and in this machine's byte
/// order, a copy otherwise.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TypedArray<'a> {
    /// `Int8Array`
    Int8(Cow<'a, [i8]>),
    /// `Uint8Array`, `Uint8ClampedArray`, `Buffer`, and the bytes of a `DataView`
    Uint8(Cow<'a, [u8]>),
    /// `Int16Array`
    Int16(Cow<'a, [i16]>),
    /// `Uint16Array`
    Uint16(Cow<'a, [u16]>),
    /// `Int32Array`
    Int32(Cow<'a, [i32]>),
    /// `Uint32Array`
    Uint32(Cow<'a, [u32]>),
    /// `Float16Array`
    Float16(Cow<'a, [f16]>),
    /// `Float32Array`
    Float32(Cow<'a, [f32]>),
    /// `Float64Array`
    Float64(Cow<'a, [f64]>),
    /// `BigInt64Array`
    BigInt64(Cow<'a, [i64]>),
    /// `BigUint64Array`
    BigUint64(Cow<'a, [u64]>),
}

/// Elements of at most eight bytes, out of bytes in either order.
pub(crate) fn elements<T: Pod>(bytes: &[u8], order: ByteOrder) -> Cow<'_, [T]> {
    let size = size_of::<T>();
    let bytes = &bytes[..bytes.len() / size * size];
    if order == ByteOrder::NATIVE || size == 1 {
        return match bytemuck::try_cast_slice(bytes) {
            Ok(slice) => Cow::Borrowed(slice),
            Err(_) => Cow::Owned(bytemuck::pod_collect_to_vec(bytes)),
        };
    }
    let mut swapped = bytes.to_vec();
    swapped.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    Cow::Owned(bytemuck::pod_collect_to_vec(&swapped))
}

impl<'a> View<'_, 'a> {
    /// The elements; `None` where the bytes are elsewhere.
    ///
    /// A length that is no whole number of elements, which Node's host objects may have, is cut.
    pub fn elements(&self) -> Option<TypedArray<'a>> {
        let (bytes, order) = (self.bytes?, self.order);
        Some(match self.kind {
            ViewKind::Int8 => TypedArray::Int8(elements(bytes, order)),
            ViewKind::Uint8 | ViewKind::Uint8Clamped | ViewKind::DataView | ViewKind::Buffer => {
                TypedArray::Uint8(Cow::Borrowed(bytes))
            }
            ViewKind::Int16 => TypedArray::Int16(elements(bytes, order)),
            ViewKind::Uint16 => TypedArray::Uint16(elements(bytes, order)),
            ViewKind::Int32 => TypedArray::Int32(elements(bytes, order)),
            ViewKind::Uint32 => TypedArray::Uint32(elements(bytes, order)),
            ViewKind::Float16 => TypedArray::Float16(elements(bytes, order)),
            ViewKind::Float32 => TypedArray::Float32(elements(bytes, order)),
            ViewKind::Float64 => TypedArray::Float64(elements(bytes, order)),
            ViewKind::BigInt64 => TypedArray::BigInt64(elements(bytes, order)),
            ViewKind::BigUint64 => TypedArray::BigUint64(elements(bytes, order)),
        })
    }

    /// Its length in elements.
    pub fn len(&self) -> u64 {
        self.byte_length / self.kind.element_size() as u64
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

macro_rules! slices {
    ($($(#[$doc:meta])* $name:ident: $variant:ident -> $ty:ty;)*) => {$(
        $(#[$doc])*
        pub fn $name(self) -> Option<Cow<'a, [$ty]>> {
            match self.as_view()?.elements()? {
                TypedArray::$variant(elements) => Some(elements),
                _ => None,
            }
        }
    )*};
}

impl<'d, 'a> Value<'d, 'a> {
    /// What kind of `ArrayBuffer` or `SharedArrayBuffer` it is.
    pub fn array_buffer_kind(self) -> Option<ArrayBufferKind> {
        let node = self.node()?;
        Some(match node.kind() {
            NodeKind::ArrayBuffer => ArrayBufferKind::Fixed,
            NodeKind::ImmutableArrayBuffer => ArrayBufferKind::Immutable,
            NodeKind::ResizableArrayBuffer => {
                ArrayBufferKind::Resizable { max_byte_length: self.extra()?.number() }
            }
            NodeKind::TransferredArrayBuffer => ArrayBufferKind::Transferred { id: node.a },
            NodeKind::SharedArrayBuffer => ArrayBufferKind::Shared { id: node.a },
            NodeKind::WasmShared => ArrayBufferKind::Shared { id: node.b },
            _ => return None,
        })
    }

    fn extra(self) -> Option<Node> {
        self.doc.nodes.extra(self.index, &self.node()?)
    }

    /// The bytes of an `ArrayBuffer`, or those that a view shows; `None` where they are elsewhere.
    pub fn as_bytes(self) -> Option<&'a [u8]> {
        let node = self.node()?;
        match node.kind() {
            NodeKind::ArrayBuffer
            | NodeKind::ImmutableArrayBuffer
            | NodeKind::ResizableArrayBuffer => Some(self.doc.bytes(node.content(), node.number())),
            NodeKind::View | NodeKind::HostView => self.as_view()?.bytes,
            _ => None,
        }
    }

    /// A typed array, `DataView` or Node `Buffer`.
    pub fn as_view(self) -> Option<View<'d, 'a>> {
        let node = self.node()?;
        let kind = *ViewKind::ALL.get((node.b & 0xFF) as usize)?;
        let order = self.doc.order;
        match node.kind() {
            NodeKind::HostView => Some(View {
                kind,
                buffer: None,
                byte_offset: 0,
                byte_length: u64::from(node.a),
                length_tracking: false,
                bytes: Some(self.doc.bytes(node.content(), u64::from(node.a))),
                order,
            }),
            NodeKind::View => {
                let extra = self.extra()?;
                let buffer = Value { doc: self.doc, index: node.a };
                let all = buffer.as_bytes();
                let (kind, byte_offset, mut byte_length, flags) = node.as_view(&extra);
                let length_tracking = flags.unwrap_or(0) & 1 != 0;
                if length_tracking && let Some(all) = all {
                    let rest = (all.len() as u64).saturating_sub(byte_offset);
                    byte_length = rest - rest % kind.element_size() as u64;
                }
                let end = byte_offset + byte_length;
                let bytes = all.and_then(|all| all.get(byte_offset as usize..end as usize));
                let buffer = Some(buffer);
                Some(View { kind, buffer, byte_offset, byte_length, length_tracking, bytes, order })
            }
            _ => None,
        }
    }

    /// The flags of a view as they stand in the data: bit 0 length-tracking, bit 1 backed by a
    /// resizable buffer, others mean nothing. `None` in versions that have none.
    pub fn view_flags(self) -> Option<u32> {
        let node = self.node().filter(|node| node.kind() == NodeKind::View)?;
        node.as_view(&self.extra()?).3
    }

    slices! {
        /// The elements of an `Int8Array`.
        as_i8_slice: Int8 -> i8;
        /// The elements of a `Uint8Array`, `Uint8ClampedArray` or `Buffer`, or the bytes of a `DataView`.
        as_u8_slice: Uint8 -> u8;
        /// The elements of an `Int16Array`.
        as_i16_slice: Int16 -> i16;
        /// The elements of a `Uint16Array`.
        as_u16_slice: Uint16 -> u16;
        /// The elements of an `Int32Array`.
        as_i32_slice: Int32 -> i32;
        /// The elements of a `Uint32Array`.
        as_u32_slice: Uint32 -> u32;
        /// The elements of a `Float32Array`.
        as_f32_slice: Float32 -> f32;
        /// The elements of a `Float64Array`; the input itself where it is aligned.
        as_f64_slice: Float64 -> f64;
        /// The elements of a `BigInt64Array`.
        as_i64_slice: BigInt64 -> i64;
        /// The elements of a `BigUint64Array`.
        as_u64_slice: BigUint64 -> u64;
    }
}
