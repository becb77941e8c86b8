//! Elements of which nothing is asked, as by `IgnoredAny`.

use ::serde::de::{Deserializer, Visitor};

use super::items::Items;
use super::methods::with_methods;
use super::source::lost;
use crate::error::Error;

/// The next element of a dense array in the stream, as long as nothing is asked of it.
pub(super) struct Unasked<'i, 's, 'd, 'de>(pub(super) &'i mut Items<'s, 'd, 'de>);

macro_rules! ask {
    ($($method:ident($($arg:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $ty,)* visitor: V) -> Result<V::Value, Error> {
            self.0.tell_left()?;
            match self.0.next()? {
                Some(at) => self.0.read(at, |de| de.$method($($arg,)* visitor)),
                None => Err(lost()),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Unasked<'_, '_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    with_methods! { ask! {
        deserialize_any() deserialize_str() deserialize_string() deserialize_identifier()
    } }
}
