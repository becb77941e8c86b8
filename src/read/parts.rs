//! Values made of other values' parts: strings within values, RegExps, references, errors.

use super::event::{ErrorPart, Event};
use super::frame::Next;
use super::machine::{Machine, Sink};
use super::scalar;
use crate::error::{Error, ErrorKind};
use crate::text::Text;
use crate::wire::{ErrorTag, Tag};

impl<'a> Machine<'a> {
    // Strings within other values.

    /// `ReadString`: raw UTF-8 in old versions, else a tagged string and nothing else (SPEC.md 3.14.4,
    /// 6.8).
    pub(super) fn string(&mut self, what: &'static str) -> Result<Text<'a>, Error> {
        if self.version.raw_utf8_strings() {
            return scalar::utf8(&mut self.input, self.state.bounds);
        }
        loop {
            let Some(tag) = self.input.tag() else { return Err(self.end_of_input(what)) };
            let at = self.input.pos() - 1;
            if tag == Tag::OBJECT_COUNT.0 {
                self.input.odd = true;
                self.input.varint_u32("object count")?;
            } else if let Some(text) = scalar::string(&mut self.input, tag, self.state.bounds)? {
                return Ok(text);
            } else {
                return Err(Error::new(at, ErrorKind::ExpectedString { what, tag: Tag(tag) }));
            }
        }
    }

    /// SPEC.md 3.15.1.
    pub(super) fn regexp(&mut self) -> Result<Event<'a>, Error> {
        let at = self.input.pos();
        let pattern = self.string("pattern of regexp")?;
        let flags_at = self.input.pos();
        let flags = self.input.varint_u32("flags of regexp")?;
        match super::rules::check_regexp(&self.rules, pattern, flags) {
            Ok(()) => Ok(Event::RegExp { pattern, flags }),
            Err((true, kind)) => Err(Error::new(flags_at, kind)),
            Err((false, kind)) => {
                self.second.note_throw();
                Err(Error::new(at, kind))
            }
        }
    }

    // References.

    /// SPEC.md 3.9.2; a view may stand behind a reference to a buffer (3.23.8).
    pub(super) fn reference<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let at = self.input.pos();
        let id = self.input.varint_u32("object id")?;
        match self.resolve(id) {
            Some(target) => sink.event(Event::Reference(target), self.span()),
            None if self.deliver(id, at, sink)? => {}
            None => return Ok(true),
        }
        match self.buffer_of_view(id) {
            Some(buffer) => self.view_behind(buffer, sink),
            None => Ok(true),
        }
    }

    // Errors.

    /// Whether an error can be referred to only when all its parts are read.
    pub(super) fn errors_are_late(&self) -> bool {
        !self.rules.lenient && !self.rules.ordered_error_parts()
    }

    /// One part of an error (`ReadJSError`; SPEC.md 3.24.1 to 3.24.4). The sub-tag is a varint, without
    /// padding before it.
    pub(super) fn error_part<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let at = self.input.pos();
        self.value_start = at;
        if let Some(frame) = self.frames.last_mut() {
            if frame.next() == Next::Value {
                frame.set_next(Next::Element);
                return self.any_value(sink);
            }
            frame.set_next(Next::Key);
        }
        let part = ErrorTag(self.input.varint_u8("part of error")?);
        let stage = match part {
            ErrorTag::MESSAGE => 2,
            ErrorTag::STACK => 3,
            ErrorTag::CAUSE if self.rules.error_causes() => 4,
            ErrorTag::END => 5,
            tag if tag != ErrorTag::CAUSE && tag.name().is_some() => 1,
            _ => {
                let kind = ErrorKind::InvalidErrorPart { part, reason: "is unknown" };
                return Err(Error::new(at, kind));
            }
        };
        if part != ErrorTag::END {
            // Up to V8 11.3 there may be any number of them.
            self.count_node()?;
        }
        let Some(frame) = self.state.frames.last_mut() else { return Ok(true) };
        if self.state.rules.ordered_error_parts() && stage <= frame.length {
            let reason = "stands behind a part that it must precede";
            return Err(Error::new(at, ErrorKind::InvalidErrorPart { part, reason }));
        }
        frame.length = stage;
        let event = match part {
            ErrorTag::MESSAGE => ErrorPart::Message(self.string("message of error")?),
            ErrorTag::STACK => ErrorPart::Stack(self.string("stack of error")?),
            ErrorTag::CAUSE => {
                frame.set_next(Next::Value);
                ErrorPart::Cause
            }
            ErrorTag::END => {
                self.frames.pop();
                if self.rules.error_ids() && self.errors_are_late() {
                    self.incomplete.pop();
                }
                sink.event(Event::ErrorEnd, self.span());
                return Ok(true);
            }
            prototype => ErrorPart::Prototype(prototype),
        };
        sink.event(Event::ErrorPart(event), self.span());
        Ok(true)
    }
}
