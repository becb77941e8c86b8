//! The pull parser.

use super::event::{Event, Span};
use super::machine::{Machine, Sink};
use crate::error::Error;
use crate::options::ParseOptions;

/// Reads events one by one, over the same grammar and with the same refusals as
/// [`Document`](crate::Document).
///
/// # Memory
///
/// The input is borrowed. What is kept besides is a stack of what is open:
///
/// - for each container 24 bytes: where it stands and how far it has been read;
/// - of each object and array its keys, 16 bytes each, as V8 refuses those that are there twice (leniently none), and
///   8 bytes for each hole of a dense array, which a property may fill; of the last object at each of 16 levels the
///   first 16 keys as well, since the next one mostly has the same (14 KiB at most);
/// - 4 bytes for each object that may not be referred to yet: host objects, and errors up to V8 11.3;
/// - of version 13 a second stack, where a value with views or references is read ahead to know how V8 reads it.
///
/// It grows with the input only where what V8 does takes a look back:
///
/// - Where a view stands behind a reference to an `ArrayBuffer`, whose length it is checked against, and where there is
///   a WebAssembly memory, all that has been read is read again, once. From there on 8 bytes are kept for each buffer
///   and 4 for each such memory: to look for each one anew would take quadratic time.
/// - Where V8 reads a value of version 13 a second time, what its first reading met (SPEC.md 6.11): about two bytes for
///   each object, 12 more for each container, since references may be to what that left.
/// - Version 0 is all stack: containers stand behind their contents. A plan of it takes up to 16 bytes for each key
///   and value, 8 more for each container.
///
/// ```
/// use v8wire::{Event, Reader};
/// let mut reader = Reader::new(&[0xFF, 15, b'A', 1, b'I', 84, b'$', 0, 1])?;
/// assert_eq!(reader.next_event()?, Some(Event::DenseArrayBegin { length: 1 }));
/// assert_eq!(reader.next_event()?, Some(Event::Int32(42)));
/// assert_eq!((reader.span().start, reader.path().as_str()), (4, "$[0]"));
/// assert_eq!(reader.next_event()?, Some(Event::DenseArrayEnd { properties: 0, length: 1 }));
/// assert_eq!(reader.next_event()?, None);
/// reader.finish()?;
/// # Ok::<(), v8wire::Error>(())
/// ```
///
/// Several values are read one after the other with [`Reader::next_value`].
#[derive(Clone)]
pub struct Reader<'a> {
    machine: Machine<'a>,
    queue: Queue<'a>,
    span: Span,
    done: bool,
    /// Given out behind the events that were read before it. Nothing is read behind it.
    failed: Option<Error>,
    /// Whether [`Reader::next_event`] has given it out.
    told: bool,
}

/// A step makes two events at most, and three where a host object is nothing but bytes.
#[derive(Clone, Default)]
struct Queue<'a> {
    events: [Option<(Event<'a>, Span)>; 3],
    read: usize,
    written: usize,
}

impl<'a> Sink<'a> for Queue<'a> {
    #[inline(always)]
    fn event(&mut self, event: Event<'a>, span: Span) {
        if let Some(slot) = self.events.get_mut(self.written) {
            *slot = Some((event, span));
            self.written += 1;
        }
    }
}

impl<'a> Queue<'a> {
    fn pop(&mut self) -> Option<(Event<'a>, Span)> {
        if self.is_empty() {
            self.clear();
            return None;
        }
        self.read += 1;
        self.events[self.read - 1]
    }

    fn is_empty(&self) -> bool {
        self.read == self.written
    }

    fn clear(&mut self) {
        (self.read, self.written) = (0, 0);
    }
}

impl<'a> Reader<'a> {
    /// Reads the header; [`Reader::next_event`] then reads the first value.
    ///
    /// # Errors
    /// A version that is not supported.
    pub fn new(data: &'a [u8]) -> Result<Self, Error> {
        Self::with_options(data, &ParseOptions::default())
    }

    /// As [`Reader::new`], with options.
    ///
    /// # Errors
    /// A version that is not supported.
    pub fn with_options(data: &'a [u8], options: &ParseOptions) -> Result<Self, Error> {
        let mut machine = Machine::new(data, options);
        machine.header()?;
        machine.note_buffers_later();
        Ok(Reader {
            machine,
            queue: Queue::default(),
            span: Span::default(),
            done: false,
            failed: None,
            told: false,
        })
    }

    /// The next event of the current value, `None` when it is complete, or was given up.
    ///
    /// # Errors
    /// What is wrong with the data, once. Nothing is read behind it:
    /// [`next_value`](Self::next_value) and [`finish`](Self::finish) give the same error.
    #[inline]
    pub fn next_event(&mut self) -> Result<Option<Event<'a>>, Error> {
        if self.queue.is_empty()
            && !self.done
            && let Some((event, span)) = self.machine.take_usual()
        {
            self.span = span;
            return Ok(Some(event));
        }
        self.any_event()
    }

    #[inline(never)]
    fn any_event(&mut self) -> Result<Option<Event<'a>>, Error> {
        loop {
            if let Some((event, span)) = self.queue.pop() {
                self.span = span;
                return Ok(Some(event));
            }
            if !self.told
                && let Some(error) = &self.failed
            {
                self.told = true;
                return Err(error.clone());
            }
            if self.done {
                return Ok(None);
            }
            match self.machine.step(&mut self.queue) {
                Ok(more) => self.done = !more,
                Err(error) => {
                    self.done = true;
                    self.failed = Some(error);
                }
            }
        }
    }

    /// Where the last event stands in the input. Behind the ones before, but in version 0 and where a failed
    /// reading of version 13 left something (SPEC.md 4.10).
    pub fn span(&self) -> Span {
        self.span
    }

    /// The path of the value that was read last, such as `$.users[0].name`. Made anew each time.
    pub fn path(&self) -> alloc::string::String {
        self.machine.path()
    }

    /// How many containers are open.
    pub fn depth(&self) -> usize {
        self.machine.frames.len()
    }

    /// The number of ids given to objects so far; the next object gets this one.
    pub fn object_count(&self) -> u32 {
        self.machine.given_ids()
    }

    /// The wire format version of the data, 0 where there was no header.
    pub fn version(&self) -> u32 {
        self.machine.version.0
    }

    /// How far the input has been read. (What a failed reading of version 13 left, and is read again
    /// elsewhere, does not count.)
    pub fn position(&self) -> usize {
        self.machine.position()
    }

    /// Goes on to the next value behind the current one, a header before it included; `false` where
    /// the input is at its end. Ids run on, as in V8.
    ///
    /// What is left of the current value is read (and checked) first.
    ///
    /// # Errors
    /// What is wrong with the current value, or with a header. There is nothing to go on with behind
    /// it: the same error is given again.
    pub fn next_value(&mut self) -> Result<bool, Error> {
        self.skip()?;
        if self.machine.at_end() {
            return Ok(false);
        }
        if let Err(error) = self.machine.header() {
            return Err(self.fail(error));
        }
        if self.machine.version.0 == 0 {
            self.machine.find_buffers(self.machine.next_id);
        }
        self.machine.begin_value();
        self.done = false;
        Ok(true)
    }

    /// Passes over the next value with all that it holds, which is checked as ever; `false`, and
    /// nothing is passed, where an end is next or the value is complete. Keys are values here, and so
    /// are parts of errors and bytes of host objects.
    ///
    /// ```
    /// use v8wire::{Event, Reader};
    /// // What Node 18 writes for `[{ name: 'Ada' }, 7]`.
    /// let mut reader = Reader::new(b"\xFF\x0FA\x02o\"\x04name\"\x03Ada{\x01I\x0E$\0\x02")?;
    /// assert_eq!(reader.next_event()?, Some(Event::DenseArrayBegin { length: 2 }));
    /// assert!(reader.skip_value()?);
    /// assert_eq!(reader.next_event()?, Some(Event::Int32(7)));
    /// assert!(!reader.skip_value()?);
    /// assert_eq!(reader.next_event()?, Some(Event::DenseArrayEnd { properties: 0, length: 2 }));
    /// # Ok::<(), v8wire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`next_event`](Self::next_event).
    pub fn skip_value(&mut self) -> Result<bool, Error> {
        if self.queue.is_empty()
            && !self.done
            && let Some((start, _)) = self.machine.next_elements()
        {
            return self.passed(start, |machine| machine.pass_elements(1));
        }
        self.skip_any()
    }

    /// Passes over so many values as [`skip_value`](Self::skip_value) would one by one, up to an end; how many there
    /// were. Elements of dense arrays are passed over faster than that. [`span`](Self::span) is that of the last call
    /// that it stands for, or of several elements.
    ///
    /// ```
    /// use v8wire::{Event, Reader};
    /// // What Node 18 writes for `[{ name: 'Ada' }, 7, true]`.
    /// let mut reader = Reader::new(b"\xFF\x0FA\x03o\"\x04name\"\x03Ada{\x01I\x0ET$\0\x03")?;
    /// assert_eq!(reader.next_event()?, Some(Event::DenseArrayBegin { length: 3 }));
    /// assert_eq!(reader.skip_values(2)?, 2);
    /// assert_eq!(reader.next_event()?, Some(Event::Bool(true)));
    /// assert_eq!(reader.skip_values(usize::MAX)?, 0);
    /// # Ok::<(), v8wire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`next_event`](Self::next_event).
    pub fn skip_values(&mut self, count: usize) -> Result<usize, Error> {
        let mut skipped = 0;
        while skipped < count {
            let elements = match self.machine.next_elements() {
                Some(elements) if self.queue.is_empty() && !self.done => elements,
                _ if self.skip_any()? => {
                    skipped += 1;
                    continue;
                }
                _ => break,
            };
            let (start, left) = elements;
            let some = u32::try_from(count - skipped).map_or(left, |more| more.min(left));
            self.passed(start, |machine| machine.pass_elements(some))?;
            skipped += some as usize;
        }
        Ok(skipped)
    }

    /// As [`Reader::skip_value`], by the events of the value.
    fn skip_any(&mut self) -> Result<bool, Error> {
        let depth = self.depth();
        let mut event = self.next_event()?;
        if let Some(Event::View { .. }) = event {
            // Of the buffer that was read before.
            event = self.next_event()?;
        }
        let Some(event) = event else { return Ok(false) };
        if event.is_end() {
            self.queue.read -= 1;
            return Ok(false);
        }
        // What else the step has made is of this value: a view, a host object's bytes. Only behind bytes
        // it is the end of what they are in.
        if !matches!(event, Event::HostBytes(_)) {
            self.queue.clear();
        }
        self.passed(self.span.start, |machine| machine.pass(depth + 1))
    }

    /// The value that starts here, when `pass` has passed over the rest of it.
    fn passed(
        &mut self,
        start: usize,
        pass: impl FnOnce(&mut Machine<'a>) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        if let Err(error) = pass(&mut self.machine) {
            self.done = true;
            return Err(self.fail(error));
        }
        self.span = Span { start, end: self.position() };
        Ok(true)
    }

    /// Reads what is left of the current value, without making events of it.
    fn skip(&mut self) -> Result<(), Error> {
        self.queue.clear();
        if let Some(error) = &self.failed {
            self.told = true;
            return Err(error.clone());
        }
        if !core::mem::replace(&mut self.done, true)
            && let Err(error) = self.machine.pass(0)
        {
            return Err(self.fail(error));
        }
        Ok(())
    }

    #[cold]
    fn fail(&mut self, error: Error) -> Error {
        (self.failed, self.told) = (Some(error.clone()), true);
        error
    }

    /// Reads what is left of the current value, and refuses bytes behind it.
    ///
    /// # Errors
    /// What is wrong with the value, or [`ErrorKind::TrailingData`](crate::ErrorKind::TrailingData).
    pub fn finish(mut self) -> Result<(), Error> {
        self.skip()?;
        self.machine.finish()
    }
}

impl core::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Reader")
            .field("version", &self.version())
            .field("position", &self.position())
            .field("depth", &self.depth())
            .finish_non_exhaustive()
    }
}
