//! Values of a document as deserializers: `T::deserialize(value)`.

use ::serde::de::{Deserializer, IntoDeserializer, Visitor};

use super::DeserializeOptions;
use super::de::De;
use super::methods::with_methods;
use super::source::{At, Source};
use crate::document::{Document, Indexed, Value};
use crate::error::Error;

/// Reads a value with what `read` does to its deserializer.
pub(super) fn read<'d, 'de, T>(
    value: Value<'d, 'de>,
    options: &DeserializeOptions,
    read: impl FnOnce(De<'_, 'd, 'de>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut source = Source::new(options);
    read(De::new(&mut source, At::Value(value))).map_err(|error| source.placed(error))
}

/// Reads the (first) value of a document.
pub(super) fn read_first<'d, 'de, T>(
    document: &'d Document<'de>,
    options: &DeserializeOptions,
    read: impl FnOnce(De<'_, 'd, 'de>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut source = Source::new(options);
    let at = match document.roots().next(document) {
        Some(slot) => At::Slot(document, slot),
        None => At::Value(document.root().value()),
    };
    read(De::new(&mut source, at)).map_err(|error| source.placed(error))
}

macro_rules! methods {
    ($($method:ident($($arg:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $ty,)* visitor: V) -> Result<V::Value, Error> {
            read(self, &DeserializeOptions::default(), |de| de.$method($($arg,)* visitor))
        }
    )*};
    (whole $($method:ident($($arg:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $ty,)* visitor: V) -> Result<V::Value, Error> {
            let options = DeserializeOptions::default();
            read_first(self, &options, |de| de.$method($($arg,)* visitor))
        }
    )*};
    (through $($method:ident($($arg:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $ty,)* visitor: V) -> Result<V::Value, Error> {
            self.value().$method($($arg,)* visitor)
        }
    )*};
}

macro_rules! all_methods {
    ($($through:ident)?) => {
        with_methods! { methods! { $($through)?
            deserialize_any() deserialize_str() deserialize_string() deserialize_identifier()
            deserialize_ignored_any()
        } }
    };
}

/// Reads the value as [`from_slice`](crate::from_slice) does, with the default bounds. Paths in errors
/// begin at it.
///
/// ```
/// use serde::Deserialize;
/// let doc = v8wire::Document::parse(b"\xFF\x0Fo\"\x01aA\x02I\x02I\x04$\0\x02{\x01")?;
/// let numbers = Vec::<u8>::deserialize(doc.root()["a"].value())?;
/// assert_eq!(numbers, [1, 2]);
/// # Ok::<(), v8wire::Error>(())
/// ```
impl<'de> Deserializer<'de> for Value<'_, 'de> {
    type Error = Error;

    all_methods! {}
}

/// As for [`Value`].
impl<'de> Deserializer<'de> for Indexed<'_, 'de> {
    type Error = Error;

    all_methods! { through }
}

/// As for [`Value`].
impl<'de> Deserializer<'de> for &Indexed<'_, 'de> {
    type Error = Error;

    all_methods! { through }
}

/// The (first) value, as for [`Value`].
///
/// ```
/// use serde::Deserialize;
/// let doc = v8wire::Document::parse(b"\xFF\x0FA\x02I\x02I\x04$\0\x02")?;
/// assert_eq!(<(u8, u8)>::deserialize(&doc)?, (1, 2));
/// # Ok::<(), v8wire::Error>(())
/// ```
impl<'de> Deserializer<'de> for &Document<'de> {
    type Error = Error;

    all_methods! { whole }
}

impl<'de> IntoDeserializer<'de, Error> for Value<'_, 'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
