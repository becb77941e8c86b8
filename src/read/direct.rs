//! Steps of the machine that give what they read, without an event made of it.
//!
//! They take what is most usual and good. For all else they read nothing, and the machine's own steps do.

use super::frame::{Frame, FrameKind, Next};
use super::machine::Machine;
use super::scalar::Key;
use crate::error::Error;
use crate::text::{Text, ascii};
use crate::wire::Tag;
use crate::wire::varint::{self, unzigzag};

impl<'a> Machine<'a> {
    /// The next step without an event, if it is the end of an object. Otherwise nothing has been read.
    #[inline(always)]
    pub(crate) fn take_object_end(&mut self) -> Result<bool, Error> {
        let start = self.input.pos();
        if self.input.data().get(start) != Some(&Tag::END_JS_OBJECT.0)
            || !self.frames.last().is_some_and(Frame::expects_key)
        {
            return Ok(false);
        }
        self.value_start = start;
        self.input.set_pos(start + 1);
        match self.end_properties(&mut ()) {
            Ok(()) => Ok(true),
            Err(error) => Err(self.placed(error)),
        }
    }

    /// The next step without an event, if it is a key of an object: a short one-byte string of ASCII. Gives
    /// where it starts, too.
    #[inline(always)]
    pub(crate) fn take_ascii_key(&mut self) -> Option<(usize, &'a str)> {
        let (text, start, end) = self.short_ascii()?;
        if !self.frames.last().is_some_and(Frame::expects_key) {
            return None;
        }
        self.nodes_left = self.nodes_left.checked_sub(1)?;
        if self.unique_keys {
            self.note_key(Key::Text(Text::OneByte(text.as_bytes())), start);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.count += 1;
            frame.set_key(start);
        }
        self.value_start = start;
        self.input.set_pos(end);
        Some((start, text))
    }

    /// A short one-byte string of ASCII that is next: its text, its start and its end.
    #[inline(always)]
    fn short_ascii(&self) -> Option<(&'a str, usize, usize)> {
        let (data, start) = (self.input.data(), self.input.pos());
        let &[tag, length] = data.get(start..)?.first_chunk()?;
        if tag != Tag::ONE_BYTE_STRING.0
            || length >= 0x80
            || u64::from(length) > self.bounds().bytes
        {
            return None;
        }
        let end = start + 2 + usize::from(length);
        Some((ascii(data.get(start + 2..end)?)?, start, end))
    }

    /// The next step without an event, if it is the begin of an object that is the value of a property or
    /// an element of an array.
    #[inline(always)]
    pub(crate) fn take_object_begin(&mut self) -> Option<()> {
        let start = self.input.pos();
        if self.input.data().get(start) != Some(&Tag::BEGIN_JS_OBJECT.0)
            || self.frames.len() >= self.options.limits.depth as usize
        {
            return None;
        }
        self.take_place()?;
        self.value_start = start;
        self.input.set_pos(start + 1);
        self.take_id();
        // It is not too deep.
        self.open(FrameKind::Object, Next::Key, self.object_length).ok()
    }

    /// Takes the place of a value, which the caller reads: of a property's or of an element of an array.
    #[inline(always)]
    fn take_place(&mut self) -> Option<()> {
        let left = self.nodes_left.checked_sub(1)?;
        let frame = self.frames.last_mut()?;
        match (frame.kind(), frame.next()) {
            (FrameKind::Object, Next::Value) => frame.set_next(Next::Key),
            (FrameKind::Dense, Next::Element) if frame.count < frame.length => frame.count += 1,
            _ => return None,
        }
        self.nodes_left = left;
        Some(())
    }

    /// The next step without an event, if it is a short one-byte string of ASCII in such a place. Where
    /// anything is wrong with it, nothing has been read: the usual way says what.
    #[inline(always)]
    pub(crate) fn take_ascii(&mut self) -> Option<&'a str> {
        let (text, start, end) = self.short_ascii()?;
        self.take_place()?;
        self.value_start = start;
        self.input.set_pos(end);
        Some(text)
    }

    /// As [`Machine::take_ascii`], of an integer.
    #[inline(always)]
    pub(crate) fn take_int32(&mut self) -> Option<i32> {
        let (data, start) = (self.input.data(), self.input.pos());
        let [tag, rest @ ..] = data.get(start..)? else { return None };
        if *tag != Tag::INT32.0 {
            return None;
        }
        let (length, code) = varint::tidy(rest)?;
        self.take_place()?;
        self.value_start = start;
        self.input.set_pos(start + 1 + length);
        Some(unzigzag(code))
    }

    /// As [`Machine::take_ascii`], of a double.
    #[inline(always)]
    pub(crate) fn take_double(&mut self) -> Option<f64> {
        let (data, start) = (self.input.data(), self.input.pos());
        let [tag, bytes @ ..] = data.get(start..)?.first_chunk::<9>()?;
        if *tag != Tag::DOUBLE.0 {
            return None;
        }
        self.take_place()?;
        self.value_start = start;
        self.input.set_pos(start + 9);
        Some(f64::from_bits(self.input.order.u64(bytes)))
    }

    /// As [`Machine::take_ascii`], of a boolean.
    #[inline(always)]
    pub(crate) fn take_bool(&mut self) -> Option<bool> {
        let start = self.input.pos();
        let value = match Tag(*self.input.data().get(start)?) {
            Tag::TRUE => true,
            Tag::FALSE => false,
            _ => return None,
        };
        self.take_place()?;
        self.value_start = start;
        self.input.set_pos(start + 1);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::ParseOptions;

    /// Behind the last element of an array the next value is the key of a property.
    #[test]
    fn elements_are_taken_up_to_the_last() {
        let data = b"\xFF\x0FA\x02I\x02\"\x01aI\x04TT$\x01\x02";
        let mut machine = Machine::new(data, &ParseOptions::new());
        assert_eq!(machine.header(), Ok(true));
        assert_eq!(machine.step(&mut ()), Ok(true));
        assert_eq!(machine.take_int32(), Some(1));
        assert_eq!(machine.take_ascii(), Some("a"));
        assert_eq!(machine.take_int32(), None);
        assert_eq!((machine.input.pos(), machine.frames[0].count), (9, 2));
    }
}
