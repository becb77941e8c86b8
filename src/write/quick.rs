//! What is written most, without an event made of it.

use super::frame::{Class, Frame, FrameKind};
use super::patch::Entry;
use super::writer::{Done, Writer};
use crate::read::Event;
use crate::text::{Text, is_ascii};
use crate::wire::Tag;
use crate::wire::output::SHORT;

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
    /// Takes the place of a value, as nearly all are: of a property's, or of an element of a dense array.
    /// Where it is another one, or something failed before, the event says what is to be done.
    #[inline(always)]
    fn takes_value(&mut self) -> bool {
        self.view_of = None;
        self.failed.is_none() && self.frames.last_mut().is_some_and(Frame::takes_value)
    }

    /// As [`Writer::name`]; `None` where that must do it.
    #[inline]
    pub(crate) fn plain_key(&mut self, key: &PlainKey) -> Option<Entry> {
        self.view_of = None;
        if self.failed.is_some() || !self.frames.last_mut().is_some_and(Frame::takes_key) {
            return None;
        }
        let start = self.position();
        self.out.raw_of(&key.bytes, key.length);
        Some(key.entry.moved_to(start))
    }

    /// Writes a name in the place of a key, if it is such a one as nearly all are: short, of ASCII, and no array
    /// index by its first letter.
    #[inline]
    pub(crate) fn plain_name(&mut self, name: &str) -> Option<Entry> {
        let text = name.as_bytes();
        if text.len() >= SHORT || text.first().is_some_and(u8::is_ascii_digit) || !is_ascii(text) {
            return None;
        }
        if self.failed.is_some() || !self.frames.last_mut().is_some_and(Frame::takes_key) {
            return None;
        }
        self.view_of = None;
        let (start, at) = (self.position(), self.out.bytes().len());
        self.out.short_one_byte(text);
        Some(Entry::of_name(start, self.out.bytes().get(at..).unwrap_or_default()))
    }

    /// As the event of that name.
    #[inline]
    pub(crate) fn int32_value(&mut self, value: i32) -> Done {
        if !self.takes_value() {
            return self.event(Event::Int32(value));
        }
        self.int32(value);
        Ok(())
    }

    /// As the event of that name.
    #[inline]
    pub(crate) fn double_value(&mut self, value: f64) -> Done {
        if !self.takes_value() {
            return self.event(Event::Double(value));
        }
        self.out.tagged_double(Tag::DOUBLE, self.canonical(value));
        Ok(())
    }

    /// As the event of that name.
    #[inline]
    pub(crate) fn bool_value(&mut self, value: bool) -> Done {
        if !self.takes_value() {
            return self.event(Event::Bool(value));
        }
        self.out.tag(if value { Tag::TRUE } else { Tag::FALSE });
        Ok(())
    }

    /// A string of ASCII alone.
    #[inline]
    pub(crate) fn ascii(&mut self, text: &[u8]) -> Done {
        if text.len() >= SHORT || !self.takes_value() {
            return self.event(Event::String(Text::OneByte(text)));
        }
        self.out.short_one_byte(text);
        Ok(())
    }

    /// As the event of that name.
    #[inline]
    pub(crate) fn object_begin(&mut self) -> Done {
        self.guard(|w| w.begin(FrameKind::Object, Tag::BEGIN_JS_OBJECT, Class::Other))
    }

    /// As the event of that name.
    #[inline]
    pub(crate) fn object_end(&mut self) -> Done {
        self.guard(Writer::end_object)
    }
}
