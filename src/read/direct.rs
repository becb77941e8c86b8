//! Steps of the machine that give what they read, without an event made of it.

use super::event::{Event, Span};
use super::frame::{FrameKind, Next};
use super::machine::{Machine, Sink, Usual};
use crate::error::Error;
use crate::text::Text;
use crate::wire::Tag;

/// Takes the one event of a known key.
struct KeyOnly<'a>(Option<&'a [u8]>);

impl<'a> Sink<'a> for KeyOnly<'a> {
    #[inline(always)]
    fn event(&mut self, event: Event<'a>, _: Span) {
        if let Event::String(Text::OneByte(text)) = event {
            self.0 = Some(text);
        }
    }
}

impl<'a> Machine<'a> {
    /// The next step without an event, if it is the key that the last object had in this place.
    #[inline(always)]
    pub(crate) fn step_known_key(&mut self) -> Result<Option<&'a [u8]>, Error> {
        match self.frames.last() {
            Some(frame) if frame.next() == Next::Key => {}
            _ => return Ok(None),
        }
        let mut key = KeyOnly(None);
        match self.known_key(&mut key) {
            Ok(_) => Ok(key.0),
            Err(error) => Err(self.placed(error)),
        }
    }

    /// The next step without an event, if it is the value of a property or an element of an array, and
    /// one of these.
    #[inline(always)]
    pub(crate) fn step_usual(&mut self) -> Result<Option<Usual<'a>>, Error> {
        let start = self.input.pos();
        let Some(&tag) = self.input.data().get(start) else { return Ok(None) };
        if !Tag(tag).is_usual() {
            return Ok(None);
        }
        let Some(frame) = self.frames.last_mut() else { return Ok(None) };
        match (frame.kind(), frame.next()) {
            (FrameKind::Object, Next::Value) => frame.set_next(Next::Key),
            (FrameKind::Dense, Next::Element) if frame.count < frame.length => frame.count += 1,
            _ => return Ok(None),
        }
        self.value_start = start;
        self.input.set_pos(start + 1);
        self.usual(tag).map_err(|error| self.placed(error))
    }

    /// Where the next tag is, if it is right here.
    #[inline(always)]
    pub(crate) fn next_tag_offset(&self) -> Option<usize> {
        let start = self.input.pos();
        let &tag = self.input.data().get(start)?;
        (tag != Tag::PADDING.0 && tag != Tag::OBJECT_COUNT.0).then_some(start)
    }
}
