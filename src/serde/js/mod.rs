//! JavaScript's types that Rust has none of, to stand in structs that serde reads and writes.
//!
//! Each survives a round trip: [`to_vec`](crate::to_vec) writes the very thing, and
//! [`from_slice`](crate::from_slice) takes nothing else for it. The modules of [`with`](crate::with) do
//! the same for fields of other types.
//!
//! | Type | JavaScript | In formats for people, such as JSON | In formats for machines |
//! |---|---|---|---|
//! | [`Date`] | `Date` | milliseconds since 1970, a whole number; `null` if invalid | the same, as an option |
//! | [`RegExp`] | `RegExp` | the string `/source/flags` | the same |
//! | [`BigInt`] | bigint | a string of decimal digits (hexadecimal above 65,536 bits) | a byte for the sign, bytes from the lowest |
//! | [`Undefined`] | `undefined` | a unit: `null` | a unit |
//! | [`Map`] | `Map` | a map; JSON wants strings for keys | a map |
//! | [`Set`] | `Set` | a sequence | a sequence |
//! | [`Error`] | `Error` | a struct of `name`, `message`, `stack`, `cause`, without those that it has not | an option each |
//! | [`Boxed`] | `new String('')` and the like | what is in it | what is in it |
//! | [`ArrayBuffer`], [`Buffer`], [`DataView`], [`Uint8Array`] and all other typed arrays | the same | a sequence of numbers | bytes, elements from their lowest byte |
//!
//! Every one is read again from what it was written as in the other format, if that keeps floats that
//! are no numbers (JSON does not).
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use v8wire::js;
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! struct Session<'a> {
//!     since: js::Date,
//!     visits: js::Map<String, u32>,
//!     #[serde(borrow)]
//!     samples: js::Float32Array<'a>,
//! }
//!
//! let session = Session {
//!     since: js::Date::from_millis(0),
//!     visits: js::Map::from_iter([("/".to_owned(), 3)]),
//!     samples: vec![0.5, 1.5].into(),
//! };
//! let bytes = v8wire::to_vec(&session)?;
//! assert_eq!(v8wire::from_slice::<Session<'_>>(&bytes)?, session);
//!
//! let document = v8wire::Document::parse(&bytes)?;
//! assert_eq!(document.root()["since"].kind(), v8wire::Kind::Date);
//! assert_eq!(
//!     serde_json::to_string(&session)?,
//!     r#"{"since":0,"visits":{"/":3},"samples":[0.5,1.5]}"#
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where serde keeps a copy
//! Inside of `#[serde(flatten)]`, untagged and internally tagged enums serde puts values away before it
//! knows their types, and what it keeps has no dates, maps or sets. There these types are still written
//! as themselves, and read out of what is left: a `Date` of any number (the first variant of an untagged
//! enum that takes a number takes it), a `Map` of any object, a `Set` of any sequence, `Undefined` also
//! of `null`, a typed array of any sequence of numbers, `Boxed` of the bare primitive. Bigints beyond 64
//! bits cannot be kept, and are an error.

mod arrays;
mod bigint;
mod boxed;
mod collections;
mod date;
mod error;
mod regexp;

pub(super) use self::arrays::{Array, Elements};
pub use self::arrays::{
    ArrayBuffer, BigInt64Array, BigUint64Array, Buffer, DataView, Element, Float16Array,
    Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, Uint8Array, Uint8ClampedArray,
    Uint16Array, Uint32Array,
};
pub use self::bigint::{BigInt, ParseBigIntError, TryFromBigIntError};
pub use self::boxed::{Boxed, Undefined};
pub use self::collections::{Map, Set};
pub use self::date::{Date, InvalidDate};
pub use self::error::{Chain, Error, ErrorClass};
pub use self::regexp::RegExp;
