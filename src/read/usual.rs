//! What most values are, and loops over those: the state of the machine is theirs alone meanwhile.
//!
//! Where nothing is optimised, each is a function of its own, so that the sum of their variables is not on the stack.
//! A loop takes what is good and as a writer would write it. Where anything else stands it has not read that, and
//! the machine's own steps go on from there.

use super::event::{Event, Span};
use super::frame::{Frame, FrameKind, Next};
use super::machine::{Machine, Sink};
use super::scalar;
use super::shapes::{FOLLOWS, Shapes};
use crate::error::Error;
use crate::text::Text;
use crate::wire::varint::{self, unzigzag};
use crate::wire::{ByteOrder, Tag};

/// What most values are.
#[derive(Clone, Copy)]
pub(super) enum Usual<'a> {
    Int32(i32),
    Double(f64),
    OneByte(&'a [u8]),
    Bool(bool),
}

impl<'a> Usual<'a> {
    #[inline(always)]
    pub(super) fn event(self) -> Event<'a> {
        match self {
            Usual::Int32(value) => Event::Int32(value),
            Usual::Double(value) => Event::Double(value),
            Usual::OneByte(text) => Event::String(Text::OneByte(text)),
            Usual::Bool(value) => Event::Bool(value),
        }
    }

    /// The value at `start` and where it ends. A string has `longest` bytes at most, in one byte of length.
    #[inline(always)]
    fn at(data: &'a [u8], start: usize, order: ByteOrder, longest: u64) -> Option<(Self, usize)> {
        let [tag, rest @ ..] = data.get(start..)? else { return None };
        let start = start + 1;
        Some(match Tag(*tag) {
            Tag::INT32 => {
                let (length, code) = varint::tidy(rest)?;
                (Usual::Int32(unzigzag(code)), start + length)
            }
            Tag::ONE_BYTE_STRING => {
                let (&length, rest) = rest.split_first()?;
                if length >= 0x80 || u64::from(length) > longest {
                    return None;
                }
                let text = rest.get(..usize::from(length))?;
                (Usual::OneByte(text), start + 1 + text.len())
            }
            Tag::DOUBLE => {
                let bytes = rest.first_chunk::<8>()?;
                (Usual::Double(f64::from_bits(order.u64(bytes))), start + 8)
            }
            Tag::TRUE => (Usual::Bool(true), start),
            Tag::FALSE => (Usual::Bool(false), start),
            _ => return None,
        })
    }
}

impl<'a> Machine<'a> {
    /// The value behind `tag`, if it is such a one. It has been counted in any case.
    #[inline(always)]
    pub(super) fn usual(&mut self, tag: u8) -> Result<Option<Usual<'a>>, Error> {
        self.count_node()?;
        let bounds = self.bounds();
        Ok(Some(match Tag(tag) {
            Tag::INT32 => Usual::Int32(unzigzag(self.input.varint_u32("int32")?)),
            Tag::ONE_BYTE_STRING => match scalar::one_byte(&mut self.input, bounds)? {
                Text::OneByte(text) => Usual::OneByte(text),
                _ => return Ok(None),
            },
            Tag::DOUBLE => Usual::Double(self.input.double("double")?),
            Tag::TRUE => Usual::Bool(true),
            Tag::FALSE => Usual::Bool(false),
            _ => return Ok(None),
        }))
    }

    /// Where the next tag is, if it is right here.
    #[inline(always)]
    pub(crate) fn next_tag_offset(&self) -> Option<usize> {
        let start = self.input.pos();
        let &tag = self.input.data().get(start)?;
        (tag != Tag::PADDING.0 && tag != Tag::OBJECT_COUNT.0).then_some(start)
    }

    /// Where the next tag is, if that is right here and an element of a dense array, and how many are to come.
    pub(super) fn next_elements(&self) -> Option<(usize, u32)> {
        let frame = self.frames.last()?;
        if (frame.kind(), frame.next()) != (FrameKind::Dense, Next::Element) {
            return None;
        }
        let left = frame.length.checked_sub(frame.count).filter(|&left| left > 0)?;
        self.next_tag_offset().map(|start| (start, left))
    }

    /// The next step, if it reads a key that the last object had in this place, or such a value where one of an
    /// object or dense array is next. Otherwise nothing has been read.
    #[inline(always)]
    pub(super) fn take_usual(&mut self) -> Option<(Event<'a>, Span)> {
        let frame = self.state.frames.last_mut()?;
        let element = match (frame.kind(), frame.next()) {
            (FrameKind::Object, Next::Key) => {
                let key = self.take_known_key::<true>()?;
                let text = key.text(self.input.data());
                return Some((Event::String(Text::OneByte(text)), self.span()));
            }
            (FrameKind::Object, Next::Value) => false,
            (FrameKind::Dense, Next::Element) if frame.count < frame.length => true,
            _ => return None,
        };
        let left = self.state.nodes_left.checked_sub(1)?;
        let start = self.input.pos();
        let (data, order) = (self.input.data(), self.input.order);
        let (value, end) = Usual::at(data, start, order, self.state.bounds.bytes)?;
        if element {
            frame.count += 1;
        } else {
            frame.set_next(Next::Key);
        }
        self.nodes_left = left;
        self.value_start = start;
        self.input.set_pos(end);
        Some((value.event(), Span { start, end }))
    }

    /// Elements of the innermost container, a dense array, as long as they are such values.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn elements<S: Sink<'a>>(&mut self, sink: &mut S) {
        let (data, order, longest) = (self.input.data(), self.input.order, self.bounds().bytes);
        let Some(frame) = self.state.frames.last_mut() else { return };
        let most = (frame.length - frame.count).min(self.state.nodes_left);
        let (first, mut pos) = (self.input.pos(), self.input.pos());
        let mut read = 0;
        let mut start = pos;
        while read < most
            && let Some((value, end)) = Usual::at(data, pos, order, longest)
        {
            sink.event(value.event(), Span { start: pos, end });
            read += 1;
            (start, pos) = (pos, end);
        }
        if pos > first {
            frame.count += read;
            self.nodes_left -= read;
            self.value_start = start;
            self.input.set_pos(pos);
        }
    }

    /// Properties of the innermost container, if that is an object, as long as they have the keys that the last
    /// object had in the same places and such values; then its end, and as much of the objects that are the next
    /// elements of the array around it. Whether a key was read, but not its value.
    ///
    /// Never a part of another function: only so is it known that the sink has nothing in common with the machine.
    #[inline(never)]
    pub(super) fn properties<S: Sink<'a>>(&mut self, sink: &mut S) -> bool {
        let (data, order, longest) = (self.input.data(), self.input.order, self.bounds().bytes);
        let depth = self.frames.len();
        let Some((frame, outer)) = self.state.frames.split_last_mut() else { return false };
        if !frame.expects_key() || frame.length != FOLLOWS {
            return false;
        }
        let mut array = outer.last_mut().filter(|array| {
            depth > self.state.floor
                && (array.kind(), array.next()) == (FrameKind::Dense, Next::Element)
        });
        let row = self.state.shapes.row(Shapes::place(depth, 0));
        let (mut pos, mut left) = (self.input.pos(), self.state.nodes_left);
        let mut count = frame.count;
        let (mut key_start, mut value_start) = (frame.key(), self.state.value_start);
        let mut keys = row.get(count as usize..).unwrap_or_default().iter();
        let mut next = Next::Key;
        loop {
            while left >= 2
                && let Some(known) = keys.next()
                && known.is_at(data, pos)
            {
                let end = pos + known.length;
                let text = data.get(pos + 2..end).unwrap_or_default();
                sink.event(Event::String(Text::OneByte(text)), Span { start: pos, end });
                count += 1;
                left -= 1;
                (key_start, value_start, pos) = (pos, pos, end);
                let Some((value, end)) = Usual::at(data, pos, order, longest) else {
                    next = Next::Value;
                    break;
                };
                sink.event(value.event(), Span { start: pos, end });
                left -= 1;
                (value_start, pos) = (pos, end);
            }
            let ended = next == Next::Key
                && matches!(data.get(pos..), Some(&[tag, number, ..])
                    if tag == Tag::END_JS_OBJECT.0 && u32::from(number) == count);
            if !ended {
                break;
            }
            let end = pos + 2;
            sink.event(Event::ObjectEnd { properties: count }, Span { start: pos, end });
            self.state.ended_properties = count;
            let place = array.as_mut().filter(|array| array.count < array.length && left > 0);
            let Some(array) = place.filter(|_| data.get(end) == Some(&Tag::BEGIN_JS_OBJECT.0))
            else {
                (self.nodes_left, self.value_start) = (left, pos);
                self.input.set_pos(end);
                self.frames.pop();
                return false;
            };
            array.count += 1;
            self.state.next_id = self.state.next_id.wrapping_add(1);
            *frame = Frame::new(FrameKind::Object, Next::Key, end, FOLLOWS);
            sink.event(Event::ObjectBegin, Span { start: end, end: end + 1 });
            (pos, left, count) = (end + 1, left - 1, 0);
            (key_start, value_start) = (0, end);
            keys = row.iter();
        }
        (self.state.nodes_left, self.state.value_start) = (left, value_start);
        self.input.set_pos(pos);
        frame.count = count;
        frame.set_key(key_start);
        frame.set_next(next);
        next == Next::Value
    }
}
