//! How large V8's values can be on 64-bit machines.

/// The longest string in UTF-16 units (`String::kMaxLength`; SPEC.md 3.8.6).
pub(crate) const MAX_STRING_UNITS: u64 = (1 << 29) - 24;

/// The longest bigint in bytes (`BigInt::kMaxLength`; SPEC.md 3.7.4).
pub(crate) const MAX_BIGINT_BYTES: u64 = ((1 << 30) - 1) / 64 * 8;

/// The longest buffer in bytes (`JSArrayBuffer::kMaxByteLength`; SPEC.md 3.19.2).
pub(crate) const MAX_BYTE_LENGTH: u64 = (1 << 53) - 1;
