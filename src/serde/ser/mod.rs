//! Writing: any [`Serialize`] as the value that Node would have written.
//!
//! The writer of `write` keeps the grammar. Here stands how Rust's values are JavaScript's, and a
//! stack of what is open, for paths and for what is put right at the end of a container.

mod compound;
mod key;
mod level;
mod options;
mod serializer;
mod shapes;
mod token;

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt::Display;

use ::serde::{Serialize, ser};

pub use self::options::{BytesAs, IntegersAs, MapsAs, NoneAs, SerializeOptions};
use crate::write::{WriteError, WriteErrorKind};

impl ser::Error for WriteError {
    fn custom<T: Display>(message: T) -> Self {
        WriteError::new(WriteErrorKind::Unsupported { message: message.to_string() })
    }
}

/// Writes a Rust value as what Node 18 and later write for the equal JavaScript value, byte for byte:
/// `v8.deserialize` reads it, and so does [`from_slice`](crate::from_slice).
///
/// [`mapping`](crate::mapping) says what becomes of what.
/// Keys of objects that spell array indices come first, ascending, as in any object of JavaScript.
///
/// ```
/// #[derive(serde::Serialize)]
/// struct User {
///     name: &'static str,
///     age: Option<u8>,
/// }
///
/// let users = [User { name: "Ada", age: Some(36) }, User { name: "Alan", age: None }];
/// // What Node writes for `[{ name: 'Ada', age: 36 }, { name: 'Alan', age: null }]`.
/// let blob = b"\xFF\x0FA\x02o\"\x04name\"\x03Ada\"\x03ageIH{\x02o\"\x04name\"\x04Alan\"\x03age0{\x02$\0\x02";
/// assert_eq!(v8wire::to_vec(&users)?, blob);
/// # Ok::<(), v8wire::WriteError>(())
/// ```
///
/// # Errors
/// An object with a key twice, which V8 refuses to read: from `#[serde(flatten)]`, or from keys that
/// are spelled alike. A key that is no name where the keys before were names. Containers deeper than
/// 128. What `T` itself refuses. The error knows the path:
///
/// ```
/// let map = [("a", vec![1]), ("b", vec![])].map(|(key, value)| (key, std::cell::RefCell::new(value)));
/// let borrowed = map[1].1.borrow_mut();
/// let error = v8wire::to_vec(&std::collections::BTreeMap::from([("x", &map)])).unwrap_err();
/// assert_eq!(error.to_string(), "already mutably borrowed ($.x[1][1])");
/// # drop(borrowed);
/// ```
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, WriteError> {
    SerializeOptions::default().to_vec(value)
}

/// As [`to_vec`], with options.
///
/// ```
/// use v8wire::{NoneAs, SerializeOptions, to_vec_with};
/// assert_eq!(to_vec_with(&(), &SerializeOptions::new().none(NoneAs::Undefined))?, b"\xFF\x0F_");
/// # Ok::<(), v8wire::WriteError>(())
/// ```
///
/// # Errors
/// As [`to_vec`], and what the options refuse.
pub fn to_vec_with<T: Serialize + ?Sized>(
    value: &T,
    options: &SerializeOptions,
) -> Result<Vec<u8>, WriteError> {
    options.to_vec(value)
}
