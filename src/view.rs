//! Kinds of typed arrays and their element sizes.

use crate::wire::ViewTag;

/// What kind of view an `ArrayBufferView` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum ViewKind {
    /// `Int8Array`
    Int8,
    /// `Uint8Array`
    Uint8,
    /// `Uint8ClampedArray`
    Uint8Clamped,
    /// `Int16Array`
    Int16,
    /// `Uint16Array`
    Uint16,
    /// `Int32Array`
    Int32,
    /// `Uint32Array`
    Uint32,
    /// `Float32Array`
    Float32,
    /// `Float64Array`
    Float64,
    /// `DataView`
    DataView,
    /// Node's `Buffer`, which is a `Uint8Array` in JavaScript's eyes
    Buffer,
    /// `BigInt64Array`
    BigInt64,
    /// `BigUint64Array`
    BigUint64,
    /// `Float16Array`
    Float16,
}

impl ViewKind {
    /// All kinds, in the order of Node's numbers for them (`lib/v8.js`, `arrayBufferViewTypeToIndex`).
    pub const ALL: [ViewKind; 14] = [
        ViewKind::Int8,
        ViewKind::Uint8,
        ViewKind::Uint8Clamped,
        ViewKind::Int16,
        ViewKind::Uint16,
        ViewKind::Int32,
        ViewKind::Uint32,
        ViewKind::Float32,
        ViewKind::Float64,
        ViewKind::DataView,
        ViewKind::Buffer,
        ViewKind::BigInt64,
        ViewKind::BigUint64,
        ViewKind::Float16,
    ];

    /// The JavaScript class: `"Uint8Array"`.
    pub const fn name(self) -> &'static str {
        match self.tag().name() {
            Some(_) if matches!(self, ViewKind::Buffer) => "Buffer",
            Some(name) => name,
            None => "",
        }
    }

    /// The size of an element in bytes; 1 for `DataView`.
    pub const fn element_size(self) -> usize {
        match self {
            ViewKind::Int8
            | ViewKind::Uint8
            | ViewKind::Uint8Clamped
            | ViewKind::DataView
            | ViewKind::Buffer => 1,
            ViewKind::Int16 | ViewKind::Uint16 | ViewKind::Float16 => 2,
            ViewKind::Int32 | ViewKind::Uint32 | ViewKind::Float32 => 4,
            ViewKind::Float64 | ViewKind::BigInt64 | ViewKind::BigUint64 => 8,
        }
    }

    /// The sub-tag of a raw view; `Buffer` shares that of `Uint8Array`.
    pub const fn tag(self) -> ViewTag {
        match self {
            ViewKind::Int8 => ViewTag::INT8_ARRAY,
            ViewKind::Uint8 | ViewKind::Buffer => ViewTag::UINT8_ARRAY,
            ViewKind::Uint8Clamped => ViewTag::UINT8_CLAMPED_ARRAY,
            ViewKind::Int16 => ViewTag::INT16_ARRAY,
            ViewKind::Uint16 => ViewTag::UINT16_ARRAY,
            ViewKind::Int32 => ViewTag::INT32_ARRAY,
            ViewKind::Uint32 => ViewTag::UINT32_ARRAY,
            ViewKind::Float16 => ViewTag::FLOAT16_ARRAY,
            ViewKind::Float32 => ViewTag::FLOAT32_ARRAY,
            ViewKind::Float64 => ViewTag::FLOAT64_ARRAY,
            ViewKind::BigInt64 => ViewTag::BIGINT64_ARRAY,
            ViewKind::BigUint64 => ViewTag::BIGUINT64_ARRAY,
            ViewKind::DataView => ViewTag::DATA_VIEW,
        }
    }

    /// The kind behind a sub-tag.
    pub const fn from_tag(tag: ViewTag) -> Option<ViewKind> {
        Some(match tag {
            ViewTag::INT8_ARRAY => ViewKind::Int8,
            ViewTag::UINT8_ARRAY => ViewKind::Uint8,
            ViewTag::UINT8_CLAMPED_ARRAY => ViewKind::Uint8Clamped,
            ViewTag::INT16_ARRAY => ViewKind::Int16,
            ViewTag::UINT16_ARRAY => ViewKind::Uint16,
            ViewTag::INT32_ARRAY => ViewKind::Int32,
            ViewTag::UINT32_ARRAY => ViewKind::Uint32,
            ViewTag::FLOAT16_ARRAY => ViewKind::Float16,
            ViewTag::FLOAT32_ARRAY => ViewKind::Float32,
            ViewTag::FLOAT64_ARRAY => ViewKind::Float64,
            ViewTag::BIGINT64_ARRAY => ViewKind::BigInt64,
            ViewTag::BIGUINT64_ARRAY => ViewKind::BigUint64,
            ViewTag::DATA_VIEW => ViewKind::DataView,
            _ => return None,
        })
    }
}
