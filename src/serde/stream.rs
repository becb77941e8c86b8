//! The events of the reader's machine, one ahead.
//!
//! They stay where the machine puts them: moving an [`Event`] costs more than reading it.

use crate::error::{Error, ErrorKind};
use crate::options::ParseOptions;
use crate::read::machine::{Machine, Sink};
use crate::read::{Event, Span};
use crate::text::Text;

/// What a step of the machine gives: one event, two or three at times.
struct Queue<'de> {
    /// Events and their offsets.
    events: [Option<(Event<'de>, usize)>; 3],
    read: usize,
    written: usize,
}

impl<'de> Sink<'de> for Queue<'de> {
    #[inline(always)]
    fn event(&mut self, event: Event<'de>, span: Span) {
        if let Some(slot) = self.events.get_mut(self.written) {
            *slot = Some((event, span.start));
            self.written += 1;
        }
    }
}

/// The events of one value.
pub(super) struct Stream<'de> {
    machine: Machine<'de>,
    queue: Queue<'de>,
    /// The machine is through with the value.
    done: bool,
    /// Given out behind the events that were read before it.
    failed: Option<Error>,
    /// How many containers are open.
    pub(super) level: usize,
    /// A value stands here and has been handed out, but not been read so far.
    pub(super) pending: bool,
}

/// What [`Stream::quick`] finds. The value has been read, unless it is none of these.
pub(super) enum Quick<'de> {
    Ascii(&'de str),
    Number(f64),
    Not,
}

pub(super) fn opens(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::ObjectBegin
            | Event::DenseArrayBegin { .. }
            | Event::SparseArrayBegin { .. }
            | Event::MapBegin
            | Event::SetBegin
            | Event::ErrorBegin
            | Event::WasmSharedArrayBufferBegin { .. }
            | Event::WasmMemoryBegin { .. }
            | Event::HostObjectBegin { .. }
    )
}

impl<'de> Stream<'de> {
    /// Reads the header.
    pub(super) fn new(data: &'de [u8], options: &ParseOptions) -> Result<Self, Error> {
        let mut machine = Machine::new(data, options);
        machine.header()?;
        Ok(Stream {
            machine,
            queue: Queue { events: [None; 3], read: 0, written: 0 },
            done: false,
            failed: None,
            level: 0,
            pending: true,
        })
    }

    /// The version of the data.
    pub(super) fn version(&self) -> u32 {
        self.machine.version.0
    }

    /// The next event, which stays; `None` behind the value.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<Option<&(Event<'de>, usize)>, Error> {
        if self.queue.read >= self.queue.written {
            self.fill()?;
        }
        if self.queue.read >= self.queue.written {
            return Ok(None);
        }
        Ok(self.queue.events.get(self.queue.read).and_then(Option::as_ref))
    }

    /// Lets the machine go on until there is an event.
    #[inline(never)]
    fn fill(&mut self) -> Result<(), Error> {
        (self.queue.read, self.queue.written) = (0, 0);
        while self.queue.written == 0 {
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            if self.done {
                break;
            }
            match self.machine.step(&mut self.queue) {
                Ok(more) => self.done = !more,
                Err(error) => {
                    self.done = true;
                    self.failed = Some(error);
                }
            }
        }
        Ok(())
    }

    /// The next event.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<&(Event<'de>, usize)>, Error> {
        let Some((event, _)) = self.peek()? else { return Ok(None) };
        let (begins, ends) = (opens(event), event.is_end());
        self.level = (self.level + usize::from(begins)).saturating_sub(usize::from(ends));
        self.queue.read += 1;
        Ok(self.last())
    }

    fn last(&self) -> Option<&(Event<'de>, usize)> {
        self.queue.events.get(self.queue.read.wrapping_sub(1)).and_then(Option::as_ref)
    }

    /// The next value, if it is an ASCII string or a number. Nearly all are, and this way nothing is
    /// moved to and fro.
    #[inline]
    pub(super) fn quick(&mut self) -> Result<Quick<'de>, Error> {
        let quick = match self.peek()? {
            Some((Event::String(Text::OneByte(bytes)), _)) if bytes.is_ascii() => {
                match core::str::from_utf8(bytes) {
                    Ok(text) => Quick::Ascii(text),
                    Err(_) => return Ok(Quick::Not),
                }
            }
            Some((Event::Int32(value), _)) => Quick::Number(f64::from(*value)),
            Some((Event::Uint32(value), _)) => Quick::Number(f64::from(*value)),
            Some((Event::Double(value), _)) => {
                Quick::Number(if value.is_nan() { f64::NAN } else { *value })
            }
            _ => return Ok(Quick::Not),
        };
        self.queue.read += 1;
        self.pending = false;
        Ok(quick)
    }

    /// Where the next event starts.
    #[inline]
    pub(super) fn next_start(&mut self) -> Result<usize, Error> {
        Ok(self.peek()?.map_or(0, |(_, start)| *start))
    }

    /// Where the last event starts.
    pub(super) fn start(&self) -> usize {
        self.last().map_or(0, |(_, start)| *start)
    }

    /// The view of the buffer, or of the reference to one, that was read last.
    pub(super) fn view(&mut self) -> Result<Option<Event<'de>>, Error> {
        match self.peek()? {
            Some(&(event @ Event::View { .. }, _)) => {
                self.next()?;
                Ok(Some(event))
            }
            _ => Ok(None),
        }
    }

    /// Reads on until `level` containers are open.
    pub(super) fn close(&mut self, level: usize) -> Result<(), Error> {
        while self.level > level && self.next()?.is_some() {}
        Ok(())
    }

    /// Passes over the next value.
    pub(super) fn skip(&mut self) -> Result<(), Error> {
        if self.level == 0 && self.queue.written == 0 {
            // All of it: [`Stream::finish`] does that.
            return Ok(());
        }
        self.pending = false;
        let level = self.level;
        let Some((event, _)) = self.next()? else { return Ok(()) };
        match event {
            Event::ObjectBegin
            | Event::DenseArrayBegin { .. }
            | Event::SparseArrayBegin { .. }
            | Event::MapBegin
            | Event::SetBegin => {
                if self.queue.read == self.queue.written && self.failed.is_none() {
                    self.skip_frame()?;
                    self.level = level;
                }
                self.close(level)
            }
            Event::ArrayBuffer(_)
            | Event::ImmutableArrayBuffer(_)
            | Event::ResizableArrayBuffer { .. }
            | Event::TransferredArrayBuffer { .. }
            | Event::SharedArrayBuffer { .. }
            | Event::WasmSharedArrayBuffer { .. }
            | Event::WasmSharedArrayBufferBegin { .. }
            | Event::Reference(_) => {
                self.close(level)?;
                self.view().map(|_| ())
            }
            _ => self.close(level),
        }
    }

    /// Reads the innermost container to its end, without events.
    fn skip_frame(&mut self) -> Result<(), Error> {
        let frames = self.machine.frames.len();
        while !self.done && self.machine.frames.len() >= frames {
            match self.machine.step(&mut ()) {
                Ok(more) => self.done = !more,
                Err(error) => {
                    self.done = true;
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Readies for the next item of the container of this level, whatever became of the last one.
    #[inline]
    pub(super) fn settle(&mut self, level: usize) -> Result<(), Error> {
        if self.pending {
            self.skip()?;
        }
        if self.level > level {
            self.close(level)?;
        }
        Ok(())
    }

    /// Reads the rest of the value and refuses bytes behind it.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if !self.done {
            self.machine.run(&mut ())?;
        }
        match self.machine.input.remaining() {
            0 => Ok(()),
            remaining => {
                let kind = ErrorKind::TrailingData { remaining };
                Err(Error::new(self.machine.input.pos(), kind))
            }
        }
    }
}
