//! The events of the reader's machine, one ahead.
//!
//! They stay where the machine puts them: moving an [`Event`] costs more than reading it.

use alloc::vec::Vec;

use crate::document::Key;
use crate::error::Error;
use crate::options::ParseOptions;
use crate::read::keys::next_key;
use crate::read::machine::{Machine, Sink};
use crate::read::properties::KnownKey;
use crate::read::{Event, Span, scalar};
use crate::text::{Text, ascii};
use crate::wire::Tag;

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
    /// Where what was read last starts.
    start: usize,
    /// Given out behind the events that were read before it.
    failed: Option<Error>,
    /// How many containers are open.
    pub(super) level: usize,
    /// A value stands here and has been handed out, but not been read so far.
    pub(super) pending: bool,
    /// So many elements of the innermost array, which is dense, have been handed out and left.
    left: u32,
    /// Keys that objects have had, by their place in a shape, each with the place in the data of the first.
    names: Vec<(u64, &'de str)>,
}

/// What [`Stream::quick`] finds. The value has been read, unless it is none of these.
pub(super) enum Quick<'de> {
    Ascii(&'de str),
    Latin1(&'de [u8]),
    Number(f64),
    True,
    False,
    Not,
}

impl Quick<'_> {
    /// V8 knows one NaN.
    #[inline]
    fn number(value: f64) -> Self {
        Quick::Number(if value.is_nan() { f64::NAN } else { value })
    }
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
            start: 0,
            failed: None,
            level: 0,
            pending: true,
            left: 0,
            names: Vec::new(),
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
        let (begins, ends) = (event.is_begin(), event.is_end());
        self.level = (self.level + usize::from(begins)).saturating_sub(usize::from(ends));
        self.queue.read += 1;
        let last = self.queue.events.get(self.queue.read - 1).and_then(Option::as_ref);
        self.start = last.map_or(self.start, |(_, start)| *start);
        Ok(last)
    }

    /// Whether the machine stands where the reader does, so that what is next may be taken from it
    /// without an event.
    #[inline]
    fn is_level(&self) -> bool {
        self.queue.read >= self.queue.written && !self.done
    }

    /// The next key of the object of this level, if it is the one that the last object had in this place:
    /// a short one in ASCII.
    #[inline]
    pub(super) fn known_key(&mut self, level: usize) -> Option<&'de str> {
        if self.level != level || !self.is_level() {
            return None;
        }
        let key = self.machine.take_known_key::<false>()?;
        self.start = key.start;
        self.pending = true;
        match self.names.get(key.place) {
            Some(&(first, name)) if first == key.first => Some(name),
            _ => self.note_name(key),
        }
    }

    /// The next key of the object of this level, if it is a short one in ASCII.
    #[inline(never)]
    pub(super) fn ascii_key(&mut self, level: usize) -> Option<&'de str> {
        if self.level != level || !self.is_level() {
            return None;
        }
        let (start, name) = self.machine.take_ascii_key()?;
        (self.start, self.pending) = (start, true);
        Some(name)
    }

    /// Keeps the text of a key, so that it is not checked each time: the same bytes, where they stood
    /// first.
    #[inline(never)]
    fn note_name(&mut self, key: KnownKey) -> Option<&'de str> {
        let name = core::str::from_utf8(key.text(self.machine.input.data())).ok()?;
        if self.names.len() <= key.place {
            self.names.resize(key.place + 1, (u64::MAX, ""));
        }
        *self.names.get_mut(key.place)? = (key.first, name);
        Some(name)
    }

    /// Reads the next value with one of the machine's direct steps.
    #[inline(always)]
    fn take<T>(&mut self, take: impl FnOnce(&mut Machine<'de>) -> Option<T>) -> Option<T> {
        if !self.is_level() {
            return None;
        }
        let value = take(&mut self.machine)?;
        self.start = self.machine.value_start;
        self.pending = false;
        Some(value)
    }

    /// The next value, if it is a short string in ASCII.
    #[inline]
    pub(super) fn ascii(&mut self) -> Option<&'de str> {
        self.take(|machine| machine.take_ascii())
    }

    /// The next value, if it is an integer.
    #[inline]
    pub(super) fn int32(&mut self) -> Option<i32> {
        self.take(Machine::take_int32)
    }

    /// The next value, if it is a double. V8 knows one NaN.
    #[inline]
    pub(super) fn double(&mut self) -> Option<f64> {
        let value = self.take(Machine::take_double)?;
        Some(if value.is_nan() { f64::NAN } else { value })
    }

    /// The next value, if it is a boolean.
    #[inline]
    pub(super) fn bool(&mut self) -> Option<bool> {
        self.take(Machine::take_bool)
    }

    /// Where the next value starts, if it is an object, which is open then.
    #[inline]
    pub(super) fn object(&mut self) -> Option<usize> {
        self.take(Machine::take_object_begin)?;
        self.level += 1;
        Some(self.start)
    }

    /// Whether the object of this level ends here, which then is behind.
    #[inline]
    pub(super) fn object_end(&mut self, level: usize) -> Result<bool, Error> {
        if self.level != level || !self.is_level() {
            return Ok(false);
        }
        match self.machine.take_object_end() {
            Ok(ended) => {
                self.level -= usize::from(ended);
                Ok(ended)
            }
            Err(error) => {
                self.done = true;
                Err(error)
            }
        }
    }

    /// The next tag, if the machine stands before it.
    #[inline]
    fn next_tag(&self) -> Option<Tag> {
        let start = self.machine.next_tag_offset().filter(|_| self.is_level())?;
        self.machine.input.data().get(start).map(|&tag| Tag(tag))
    }

    /// Whether an absent element is next.
    #[inline]
    pub(super) fn is_hole(&mut self) -> Result<bool, Error> {
        match self.next_tag() {
            Some(tag) if tag.is_usual() || tag == Tag::BEGIN_JS_OBJECT => Ok(false),
            _ => Ok(matches!(self.peek()?, Some((Event::Hole, _)))),
        }
    }

    /// Whether `undefined`, `null` or an absent element is next.
    #[inline]
    pub(super) fn is_nothing(&mut self) -> Result<bool, Error> {
        if self.next_tag().is_some_and(Tag::is_usual) {
            return Ok(false);
        }
        let next = self.peek()?;
        Ok(matches!(next, Some((Event::Undefined | Event::Null | Event::Hole, _))))
    }

    /// The next value, if it is an ASCII string, a number or a boolean. Nearly all are, and this way nothing is
    /// moved to and fro.
    #[inline]
    pub(super) fn quick(&mut self) -> Result<Quick<'de>, Error> {
        if let Some(text) = self.ascii() {
            return Ok(Quick::Ascii(text));
        } else if let Some(value) = self.int32() {
            return Ok(Quick::Number(f64::from(value)));
        } else if let Some(value) = self.double() {
            return Ok(Quick::number(value));
        } else if let Some(value) = self.bool() {
            return Ok(if value { Quick::True } else { Quick::False });
        }
        let quick = match self.peek()? {
            Some(&(Event::String(Text::OneByte(bytes)), _)) => match ascii(bytes) {
                Some(text) => Quick::Ascii(text),
                None => Quick::Latin1(bytes),
            },
            Some((Event::Int32(value), _)) => Quick::Number(f64::from(*value)),
            Some((Event::Uint32(value), _)) => Quick::Number(f64::from(*value)),
            Some((Event::Double(value), _)) => Quick::number(*value),
            Some((Event::Bool(true), _)) => Quick::True,
            Some((Event::Bool(false), _)) => Quick::False,
            _ => return Ok(Quick::Not),
        };
        if let Some((_, start)) = self.peek()? {
            self.start = *start;
        }
        self.queue.read += 1;
        self.pending = false;
        Ok(quick)
    }

    /// The key of a property at `offset`, and where its value starts.
    pub(super) fn property(&self, offset: usize) -> Option<(Key<'de>, usize)> {
        let mut input = self.machine.input;
        input.set_pos(offset);
        let key = match next_key(&mut input)? {
            scalar::Key::Text(text) => Key::Text(text),
            scalar::Key::Int32(number) => Key::Number(number.into()),
            scalar::Key::Uint32(number) => Key::Number(number.into()),
            scalar::Key::Double(number) => Key::Number(number),
        };
        while input.tag()? == Tag::OBJECT_COUNT.0 {
            input.varint_u32("object count").ok()?;
        }
        Some((key, input.pos() - 1))
    }

    /// Where the next event starts.
    #[inline]
    pub(super) fn next_start(&mut self) -> Result<usize, Error> {
        if let Some(start) = self.machine.next_tag_offset().filter(|_| self.is_level()) {
            return Ok(start);
        }
        Ok(self.peek()?.map_or(0, |(_, start)| *start))
    }

    /// Where the last event starts.
    pub(super) fn start(&self) -> usize {
        self.start
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
        let result = self.machine.pass(self.machine.frames.len().max(1));
        self.done |= result.is_err();
        result
    }

    /// Whether the next values are elements of a dense array of this level, right in front of the machine:
    /// then they may be left, see [`Stream::leave`].
    #[inline]
    pub(super) fn may_leave(&self, level: usize) -> bool {
        self.level == level && self.left == 0 && !self.pending && self.is_level()
    }

    /// Leaves so many elements, which are passed over all at once, as fast as when it is one value.
    pub(super) fn leave(&mut self, count: u32) {
        self.left = count;
    }

    /// Where all elements that the array of this level has in front of the machine have been left, and
    /// nothing else: reads it to its end. Gives the number of its properties.
    #[inline(never)]
    pub(super) fn pass_rest(&mut self, level: usize) -> Result<Option<u32>, Error> {
        if self.left == 0 || self.level != level || self.pending {
            return Ok(None);
        }
        self.left = 0;
        self.skip_frame()?;
        self.level -= 1;
        Ok(Some(self.machine.ended_properties))
    }

    #[inline(never)]
    fn pass_left(&mut self) -> Result<(), Error> {
        let result = self.machine.pass_elements(core::mem::take(&mut self.left));
        self.done |= result.is_err();
        result
    }

    /// Readies for the next item of the container of this level, whatever became of the last one.
    #[inline]
    pub(super) fn settle(&mut self, level: usize) -> Result<(), Error> {
        if self.left > 0 {
            self.pass_left()?;
        }
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
            self.machine.pass(0)?;
        }
        self.machine.finish()
    }
}
