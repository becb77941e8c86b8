//! Host objects: the delegate reads their payload, step by step.

use super::event::{Event, Span};
use super::frame::{FrameKind, Next};
use super::machine::{Machine, Sink};
use crate::error::{Error, ErrorKind};
use crate::host::{Delegate, HostFault, HostReader, HostStep};
use crate::wire::Tag;

/// Three varints of 32 bits and some.
const MAX_HEAD: usize = 32;

impl<'a> Machine<'a> {
    // Host objects.

    /// SPEC.md 3.28.1, 3.28.2.
    pub(super) fn host_begin<S: Sink<'a>>(
        &mut self,
        tag: Option<Tag>,
        sink: &mut S,
    ) -> Result<bool, Error> {
        let id = self.take_id();
        let begin = Event::HostObjectBegin { legacy_tag: tag };
        let host = self.host.clone();
        let Some(host) = host.delegate() else {
            if !self.rules.lenient || !self.frames.is_empty() {
                return Err(Error::new(self.value_start, ErrorKind::NoHostDelegate));
            }
            // All that is left is the payload.
            self.bounds.check(self.input.pos(), self.input.remaining() as u64)?;
            sink.event(begin, self.span());
            let rest = self.input.take(self.input.remaining() as u64, "host object")?;
            let end = self.input.pos();
            if !rest.is_empty() {
                sink.event(Event::HostBytes(rest), Span { start: end - rest.len(), end });
            }
            sink.event(Event::HostObjectEnd, Span { start: end, end });
            return Ok(true);
        };
        self.count_ghost_host()?;
        self.open(FrameKind::Host, Next::Value, 0)?;
        self.incomplete.push(id);
        let start = self.input.pos();
        let step = self.ask_host(host)?;
        let end = self.input.pos();
        // A payload that is more than a short head and the view's bytes is kept as it is.
        if let HostStep::View { kind, length } = step
            && (length..=length.saturating_add(MAX_HEAD)).contains(&(end - start))
            && u32::try_from(length).is_ok()
        {
            self.close_host();
            let data = &self.input.data()[end - length..end];
            self.bounds.check(start, length as u64)?;
            let payload = &self.input.data()[start..end];
            sink.event(Event::HostView { kind, data, payload }, self.span());
            self.note_number(sink);
            return Ok(true);
        }
        sink.event(begin, Span { start: self.value_start, end: start });
        self.host_answer(start, step, sink)
    }

    pub(super) fn host_step<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        if let Some(frame) = self.frames.last_mut()
            && frame.next() == Next::Element
        {
            frame.set_next(Next::Value);
            self.note_host_value();
            return self.any_value(sink);
        }
        let host = self.host.clone();
        let Some(host) = host.delegate() else { return Ok(true) };
        let start = self.input.pos();
        self.value_start = start;
        let step = self.ask_host(host)?;
        self.host_answer(start, step, sink)
    }

    fn host_answer<S: Sink<'a>>(
        &mut self,
        start: usize,
        step: HostStep,
        sink: &mut S,
    ) -> Result<bool, Error> {
        let end = self.input.pos();
        if end > start {
            self.bounds.check(start, (end - start) as u64)?;
            sink.event(Event::HostBytes(&self.input.data()[start..end]), Span { start, end });
            self.note_number(sink);
        }
        if step == HostStep::Value {
            if let Some(frame) = self.frames.last_mut() {
                frame.set_next(Next::Element);
            }
            return Ok(true);
        }
        self.close_host();
        sink.event(Event::HostObjectEnd, Span { start: end, end });
        Ok(true)
    }

    fn note_number<S: Sink<'a>>(&self, sink: &mut S) {
        if self.input.goes_on == self.input.pos() {
            sink.payload_goes_on();
        }
    }

    fn close_host(&mut self) {
        self.frames.pop();
        self.incomplete.pop();
    }

    fn ask_host(&mut self, host: &dyn Delegate) -> Result<HostStep, Error> {
        let Some(frame) = self.state.frames.last_mut() else { return Ok(HostStep::Done) };
        let start = self.input.pos();
        let tag = self.input.data()[frame.start()];
        let mut reader = HostReader {
            input: &mut self.input,
            step: frame.count,
            token: frame.length,
            legacy_tag: (tag != Tag::HOST_OBJECT.0).then_some(Tag(tag)),
            lenient: self.state.rules.lenient,
        };
        let answer = host.read_host_object(&mut reader);
        if answer.is_err() {
            self.state.second.note_throw();
        }
        frame.length = reader.token;
        frame.count += 1;
        answer.map_err(|error| {
            let error = match error.0 {
                HostFault::Wire(error) => error,
                HostFault::Message(reason) => Error::new(start, ErrorKind::HostObject { reason }),
            };
            self.placed_at_container(error)
        })
    }
}
