//! Tags and sub-tags as open newtypes: any byte is a tag, some have names.
//!
//! Mirrors `SerializationTag`, `ArrayBufferViewTag` and `ErrorTag` of V8's
//! `src/objects/value-serializer.cc`; see [SPEC.md section 3](https://docs.rs/crate/v8wire/latest/source/SPEC.md#r-3-1).

macro_rules! codes {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $konst:ident = $byte:literal => $text:literal,)* }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u8);

        impl $name {
            $($(#[$doc])* pub const $konst: $name = $name($byte);)*

            /// What the code is called, or `None` for a byte that the format does not use.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($byte => Some($text),)*
                    _ => None,
                }
            }

            /// All codes with a name.
            pub const ALL: &'static [$name] = &[$($name($byte)),*];
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self.name() {
                    Some(name) => write!(f, concat!(stringify!($name), "({:#04x} {})"), self.0, name),
                    None => write!(f, concat!(stringify!($name), "({:#04x})"), self.0),
                }
            }
        }

        impl From<u8> for $name {
            fn from(byte: u8) -> Self {
                $name(byte)
            }
        }
    };
}

codes! {
    /// The byte in front of a value.
    Tag {
        /// Header: a varint version follows.
        VERSION = 0xFF => "version",
        /// Skipped wherever a tag is expected.
        PADDING = 0x00 => "padding",
        /// A varint count that readers ignore.
        OBJECT_COUNT = b'?' => "object count",
        /// An absent element of a dense array.
        HOLE = b'-' => "hole",
        /// `undefined`.
        UNDEFINED = b'_' => "undefined",
        /// `null`.
        NULL = b'0' => "null",
        /// `true`.
        TRUE = b'T' => "true",
        /// `false`.
        FALSE = b'F' => "false",
        /// Zigzag varint.
        INT32 = b'I' => "int32",
        /// Varint.
        UINT32 = b'U' => "uint32",
        /// Eight bytes in host order.
        DOUBLE = b'N' => "double",
        /// Bitfield and digits.
        BIGINT = b'Z' => "bigint",
        /// Length and UTF-8.
        UTF8_STRING = b'S' => "UTF-8 string",
        /// Length and Latin-1.
        ONE_BYTE_STRING = b'"' => "one-byte string",
        /// Byte length and UTF-16 in host order.
        TWO_BYTE_STRING = b'c' => "two-byte string",
        /// The id of an object met before.
        OBJECT_REFERENCE = b'^' => "reference",
        /// Properties follow, up to [`Tag::END_JS_OBJECT`].
        BEGIN_JS_OBJECT = b'o' => "object",
        /// Property count follows.
        END_JS_OBJECT = b'{' => "end of object",
        /// Length, then properties up to [`Tag::END_SPARSE_JS_ARRAY`].
        BEGIN_SPARSE_JS_ARRAY = b'a' => "sparse array",
        /// Property count and length follow.
        END_SPARSE_JS_ARRAY = b'@' => "end of sparse array",
        /// Length, elements, then properties up to [`Tag::END_DENSE_JS_ARRAY`].
        BEGIN_DENSE_JS_ARRAY = b'A' => "dense array",
        /// Property count and length follow.
        END_DENSE_JS_ARRAY = b'$' => "end of dense array",
        /// Milliseconds as a double.
        DATE = b'D' => "date",
        /// `new Boolean(true)`.
        TRUE_OBJECT = b'y' => "true object",
        /// `new Boolean(false)`.
        FALSE_OBJECT = b'x' => "false object",
        /// A double follows.
        NUMBER_OBJECT = b'n' => "number object",
        /// Bitfield and digits follow.
        BIGINT_OBJECT = b'z' => "bigint object",
        /// A string follows.
        STRING_OBJECT = b's' => "string object",
        /// Pattern and flags follow.
        REGEXP = b'R' => "regexp",
        /// Keys and values up to [`Tag::END_JS_MAP`].
        BEGIN_JS_MAP = b';' => "map",
        /// Twice the number of entries follows.
        END_JS_MAP = b':' => "end of map",
        /// Values up to [`Tag::END_JS_SET`].
        BEGIN_JS_SET = b'\'' => "set",
        /// The number of values follows.
        END_JS_SET = b',' => "end of set",
        /// Length and bytes.
        ARRAY_BUFFER = b'B' => "array buffer",
        /// Length and bytes (V8 14.6 and later).
        IMMUTABLE_ARRAY_BUFFER = b'C' => "immutable array buffer",
        /// Length, maximum length and bytes.
        RESIZABLE_ARRAY_BUFFER = b'~' => "resizable array buffer",
        /// A transfer id.
        ARRAY_BUFFER_TRANSFER = b't' => "transferred array buffer",
        /// A view of the buffer in front of it.
        ARRAY_BUFFER_VIEW = b'V' => "array buffer view",
        /// The id of a shared buffer.
        SHARED_ARRAY_BUFFER = b'u' => "shared array buffer",
        /// The id of a value shared between isolates.
        SHARED_OBJECT = b'p' => "shared object",
        /// The id of a WebAssembly module.
        WASM_MODULE_TRANSFER = b'w' => "wasm module transfer",
        /// A WebAssembly module with its bytes (up to V8 7.x).
        WASM_MODULE = b'W' => "wasm module",
        /// Maximum pages, flags and a shared buffer.
        WASM_MEMORY_TRANSFER = b'm' => "wasm memory",
        /// The embedder's own bytes follow.
        HOST_OBJECT = b'\\' => "host object",
        /// Parts follow, see [`ErrorTag`].
        ERROR = b'r' => "error",
    }
}

codes! {
    /// What kind of view stands behind [`Tag::ARRAY_BUFFER_VIEW`].
    ViewTag {
        /// `Int8Array`
        INT8_ARRAY = b'b' => "Int8Array",
        /// `Uint8Array`
        UINT8_ARRAY = b'B' => "Uint8Array",
        /// `Uint8ClampedArray`
        UINT8_CLAMPED_ARRAY = b'C' => "Uint8ClampedArray",
        /// `Int16Array`
        INT16_ARRAY = b'w' => "Int16Array",
        /// `Uint16Array`
        UINT16_ARRAY = b'W' => "Uint16Array",
        /// `Int32Array`
        INT32_ARRAY = b'd' => "Int32Array",
        /// `Uint32Array`
        UINT32_ARRAY = b'D' => "Uint32Array",
        /// `Float16Array`
        FLOAT16_ARRAY = b'h' => "Float16Array",
        /// `Float32Array`
        FLOAT32_ARRAY = b'f' => "Float32Array",
        /// `Float64Array`
        FLOAT64_ARRAY = b'F' => "Float64Array",
        /// `BigInt64Array`
        BIGINT64_ARRAY = b'q' => "BigInt64Array",
        /// `BigUint64Array`
        BIGUINT64_ARRAY = b'Q' => "BigUint64Array",
        /// `DataView`
        DATA_VIEW = b'?' => "DataView",
    }
}

codes! {
    /// The parts of an error behind [`Tag::ERROR`].
    ErrorTag {
        /// The error is an `EvalError`.
        EVAL_ERROR = b'E' => "EvalError prototype",
        /// The error is a `RangeError`.
        RANGE_ERROR = b'R' => "RangeError prototype",
        /// The error is a `ReferenceError`.
        REFERENCE_ERROR = b'F' => "ReferenceError prototype",
        /// The error is a `SyntaxError`.
        SYNTAX_ERROR = b'S' => "SyntaxError prototype",
        /// The error is a `TypeError`.
        TYPE_ERROR = b'T' => "TypeError prototype",
        /// The error is a `URIError`.
        URI_ERROR = b'U' => "URIError prototype",
        /// A string follows.
        MESSAGE = b'm' => "message",
        /// A value follows.
        CAUSE = b'c' => "cause",
        /// A string follows.
        STACK = b's' => "stack",
        /// No more parts.
        END = b'.' => "end of error",
    }
}

impl Tag {
    /// Whether the tag begins one of the values that are most frequent and hold no others.
    #[cfg_attr(not(feature = "serde"), allow(dead_code))]
    pub(crate) const fn is_usual(self) -> bool {
        matches!(self, Tag::INT32 | Tag::DOUBLE | Tag::ONE_BYTE_STRING | Tag::TRUE | Tag::FALSE)
    }

    /// Whether the tag begins a buffer.
    pub(crate) const fn is_buffer(self) -> bool {
        matches!(
            self,
            Tag::ARRAY_BUFFER
                | Tag::IMMUTABLE_ARRAY_BUFFER
                | Tag::RESIZABLE_ARRAY_BUFFER
                | Tag::ARRAY_BUFFER_TRANSFER
                | Tag::SHARED_ARRAY_BUFFER
        )
    }

    /// Whether the tag ends a container.
    pub(crate) const fn is_end(self) -> bool {
        matches!(
            self,
            Tag::END_JS_OBJECT
                | Tag::END_SPARSE_JS_ARRAY
                | Tag::END_DENSE_JS_ARRAY
                | Tag::END_JS_MAP
                | Tag::END_JS_SET
        )
    }
}
