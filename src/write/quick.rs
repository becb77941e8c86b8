//! What is written most, without an event made of it.

use super::frame::Class;
use super::patch::Entry;
use super::writer::{Done, Writer};
use crate::wire::Tag;

/// A key as it stands on the wire: a short name in ASCII that is no index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlainKey {
    /// Tag, length and text, with zeros behind.
    bytes: [u8; ROOM],
    length: usize,
    entry: Entry,
}

/// So many bytes are appended at once, which is faster than as many as there are.
const ROOM: usize = 16;

impl PlainKey {
    /// The key `name`, if it is such a one, of which `entry` is.
    pub(crate) fn new(name: &str, entry: Entry) -> Option<Self> {
        let length = 2 + name.len();
        if length > ROOM || !name.is_ascii() || entry.is_index() {
            return None;
        }
        let mut bytes = [0; ROOM];
        (bytes[0], bytes[1]) = (Tag::ONE_BYTE_STRING.0, name.len() as u8);
        bytes[2..length].copy_from_slice(name.as_bytes());
        Some(PlainKey { bytes, length, entry })
    }
}

impl Writer {
    /// As [`Writer::name`].
    #[inline]
    pub(crate) fn plain_key(&mut self, key: &PlainKey) -> Done<Entry> {
        let start = self.position();
        self.guard(|w| {
            w.slot(Class::Name)?;
            w.out.raw_of(&key.bytes, key.length);
            Ok(())
        })?;
        Ok(key.entry.moved_to(start))
    }

    /// As the event of that name.
    #[inline]
    pub(crate) fn int32_value(&mut self, value: i32) -> Done {
        self.guard(|w| {
            w.slot(Class::Name)?;
            w.int32(value);
            Ok(())
        })
    }

    /// As the event of that name.
    #[inline]
    pub(crate) fn double_value(&mut self, value: f64) -> Done {
        self.guard(|w| {
            w.slot(Class::Name)?;
            w.out.tagged_double(Tag::DOUBLE, w.canonical(value));
            Ok(())
        })
    }

    /// As the event of that name.
    #[inline]
    pub(crate) fn bool_value(&mut self, value: bool) -> Done {
        self.guard(|w| w.oddball(if value { Tag::TRUE } else { Tag::FALSE }))
    }

    /// A string of ASCII alone.
    #[inline]
    pub(crate) fn ascii(&mut self, text: &[u8]) -> Done {
        self.guard(|w| {
            w.slot(Class::Name)?;
            w.one_byte(text)
        })
    }
}
