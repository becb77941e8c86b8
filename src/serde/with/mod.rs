//! Modules for `#[serde(with = "...")]`: fields of ordinary types that are values of JavaScript's own
//! types on the wire. To other formats they are what the types of [`js`](crate::js) are to them.
//!
//! An `Option` may stand around any of them: its `None` is what
//! [`SerializeOptions::none`](crate::SerializeOptions::none) says, or `undefined` with [`undefined`].
//!
//! ```
//! use std::collections::{BTreeSet, HashMap};
//! use std::time::SystemTime;
//!
//! #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
//! struct Cache {
//!     #[serde(with = "v8wire::with::date")]
//!     written: SystemTime,
//!     #[serde(with = "v8wire::with::bigint")]
//!     id: u64,
//!     #[serde(with = "v8wire::with::map")]
//!     files: HashMap<String, u32>,
//!     #[serde(with = "v8wire::with::set")]
//!     tags: BTreeSet<String>,
//!     #[serde(with = "v8wire::with::float64_array")]
//!     ratios: Vec<f64>,
//!     #[serde(with = "v8wire::with::undefined")]
//!     note: Option<String>,
//! }
//!
//! let cache = Cache {
//!     written: SystemTime::UNIX_EPOCH,
//!     id: 7,
//!     files: HashMap::from([("a.js".into(), 120)]),
//!     tags: BTreeSet::from(["new".into()]),
//!     ratios: vec![0.5],
//!     note: None,
//! };
//! let bytes = v8wire::to_vec(&cache)?;
//! assert_eq!(v8wire::from_slice::<Cache>(&bytes)?, cache);
//!
//! let document = v8wire::Document::parse(&bytes)?;
//! let kinds: Vec<_> = document.root().properties().map(|(_, value)| value.kind()).collect();
//! use v8wire::Kind;
//! assert_eq!(
//!     kinds,
//!     [Kind::Date, Kind::BigInt, Kind::Map, Kind::Set, Kind::View, Kind::Undefined]
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use ::serde::{Deserialize, Deserializer, Serialize, Serializer};

use self::fields::{ReadAs, WriteAs};
use super::js;
use super::token::Token;

mod fields;

macro_rules! converted {
    ($($(#[$doc:meta])* $name:ident as $ty:ty;)*) => {$(
        $(#[$doc])*
        pub mod $name {
            use super::{Deserializer, ReadAs, Serializer, WriteAs, js};

            /// Writes the value.
            ///
            /// # Errors
            /// Those of the serializer.
            pub fn serialize<T: WriteAs<$ty>, S: Serializer>(
                value: &T,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                value.write_as(serializer)
            }

            /// Reads the value.
            ///
            /// # Errors
            /// What is something else, or has no form in Rust's type, and those of the deserializer.
            pub fn deserialize<'de, T: ReadAs<'de, $ty>, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<T, D::Error> {
                T::read_as(deserializer)
            }
        }
    )*};
}

converted! {
    /// A `Date`: of a `SystemTime`, or of milliseconds since 1970 as `i64` or `f64`, in which NaN is an
    /// invalid one. What is out of a `Date`'s range is written as an invalid one.
    date as js::Date;
    /// A bigint, however small: of an integer of 32 to 128 bits, or a `num_bigint::BigInt` (feature
    /// `num-bigint`).
    bigint as js::BigInt;
    /// An `ArrayBuffer`: of bytes in a `Vec`, a boxed slice, a `Cow`, an array or, borrowed, a slice. So
    /// are the elements of all typed arrays.
    array_buffer as js::ArrayBuffer<'static>;
    /// Node's `Buffer`.
    buffer as js::Buffer<'static>;
    /// A `DataView`.
    data_view as js::DataView<'static>;
    /// An `Int8Array`.
    int8_array as js::Int8Array<'static>;
    /// A `Uint8Array`.
    uint8_array as js::Uint8Array<'static>;
    /// A `Uint8ClampedArray`.
    uint8_clamped_array as js::Uint8ClampedArray<'static>;
    /// An `Int16Array`.
    int16_array as js::Int16Array<'static>;
    /// A `Uint16Array`.
    uint16_array as js::Uint16Array<'static>;
    /// An `Int32Array`.
    int32_array as js::Int32Array<'static>;
    /// A `Uint32Array`.
    uint32_array as js::Uint32Array<'static>;
    /// A `Float16Array`.
    float16_array as js::Float16Array<'static>;
    /// A `Float32Array`.
    float32_array as js::Float32Array<'static>;
    /// A `Float64Array`.
    float64_array as js::Float64Array<'static>;
    /// A `BigInt64Array`.
    big_int64_array as js::BigInt64Array<'static>;
    /// A `BigUint64Array`.
    big_uint64_array as js::BigUint64Array<'static>;
}

macro_rules! as_they_are {
    ($($(#[$doc:meta])* $name:ident: $token:expr;)*) => {$(
        $(#[$doc])*
        pub mod $name {
            use super::{Deserialize, Deserializer, Serialize, Serializer, Token};

            /// Writes the value.
            ///
            /// # Errors
            /// What cannot be written so, and those of the serializer.
            pub fn serialize<T: Serialize, S: Serializer>(
                value: &T,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_newtype_struct($token.name(), value)
            }

            /// Reads the value.
            ///
            /// # Errors
            /// What is something else, and those of the deserializer.
            pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<T, D::Error> {
                $token.read(deserializer)
            }
        }
    )*};
}

as_they_are! {
    /// An object, whatever [`SerializeOptions::maps`](crate::SerializeOptions::maps) says: of whatever is
    /// a map to serde, with keys that can be names of properties.
    object: Token::Object;
    /// A `Map`: of whatever is a map to serde, such as `HashMap`.
    map: Token::Map;
    /// A `Set`: of whatever is a sequence to serde, such as `BTreeSet`.
    set: Token::Set;
    /// A `Boolean`, `Number`, `String` or `BigInt` object: of a `bool`, a number or a string.
    boxed: Token::Boxed;
    /// A `RegExp`: of a string `/source/flags`.
    regexp: Token::RegExp;
}

/// `undefined` for `None`, whatever the options say. Both `null` and `undefined` are read as `None`.
pub mod undefined {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Token};

    /// Writes the value, or `undefined`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<T: Serialize, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.serialize_some(value),
            None => serializer.serialize_newtype_struct(Token::Undefined.name(), &None::<()>),
        }
    }

    /// Reads the value.
    ///
    /// # Errors
    /// Those of the deserializer.
    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        Option::deserialize(deserializer)
    }
}
