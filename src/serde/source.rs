//! Where values come from: the events of a reader, and behind references the nodes of a document.
//!
//! Values are read straight off the events. Where that is not enough (an object that was met before, a
//! sparse array, holes), the document is made, once, and the value is read from its nodes; the events
//! go on behind it.

use alloc::vec::Vec;
use core::cell::OnceCell;

use super::error::{Step, path};
use super::head::Head;
use super::stream::Stream;
use super::{DeserializeOptions, HolesAs};
use crate::document::raw::{NodeKind, OUTSIDE};
use crate::document::{Document, Kind, Value};
use crate::error::{Error, ErrorKind};
use crate::options::ParseOptions;
use crate::read::Event;
use crate::wire::ByteOrder;

/// Bytes of a repeated string or buffer that count as one value.
pub(super) const BYTES_PER_VALUE: usize = 64;

/// Where a value is.
#[derive(Clone, Copy)]
pub(super) enum At<'d, 'de> {
    /// It is the next one of the stream.
    Stream,
    /// At a slot of the document.
    Slot(&'d Document<'de>, u32),
    /// In the document.
    Value(Value<'d, 'de>),
    /// Here, from that offset.
    Ready(Head<'d, 'de>, usize),
}

/// The document of a stream, made when it is needed.
#[derive(Clone, Copy)]
pub(super) struct Lazy<'d, 'de> {
    pub(super) data: &'de [u8],
    pub(super) options: &'d ParseOptions,
    pub(super) cell: &'d OnceCell<Document<'de>>,
}

/// What a deserializer and all within it share.
pub(super) struct Source<'d, 'de> {
    pub(super) stream: Option<Stream<'de>>,
    lazy: Option<Lazy<'d, 'de>>,
    pub(super) holes: HolesAs,
    max_depth: usize,
    max_repeats: u64,
    repeats: u64,
    /// The marks of the open containers, see [`mark`].
    open: Vec<usize>,
    /// How many references have been followed to here.
    pub(super) within: usize,
    /// See [`Document::marks`], once the document is there.
    marks: Vec<u32>,
    /// The steps to an error, innermost first.
    trace: Vec<Step<'de>>,
}

/// A value whose tag has been read.
pub(super) struct Taken<'d, 'de> {
    pub(super) head: Head<'d, 'de>,
    /// Where the value starts, which is elsewhere if it is referred to.
    pub(super) start: usize,
    /// Whether a reference led to it.
    pub(super) again: bool,
}

impl<'d, 'de> Source<'d, 'de> {
    pub(super) fn new(options: &DeserializeOptions) -> Self {
        Source {
            stream: None,
            lazy: None,
            holes: options.holes,
            max_depth: options.max_depth,
            max_repeats: options.max_repeats,
            repeats: options.max_repeats,
            open: Vec::new(),
            within: 0,
            marks: Vec::new(),
            trace: Vec::new(),
        }
    }

    pub(super) fn streaming(
        options: &DeserializeOptions,
        stream: Stream<'de>,
        lazy: Lazy<'d, 'de>,
    ) -> Self {
        Source { stream: Some(stream), lazy: Some(lazy), ..Source::new(options) }
    }

    /// The byte order of a stream's typed arrays.
    pub(super) fn order(&self) -> ByteOrder {
        self.lazy.map_or(ByteOrder::NATIVE, |lazy| lazy.options.byte_order)
    }

    /// The stream, which is there where a value is said to be in it.
    #[inline]
    pub(super) fn stream(&mut self) -> Result<&mut Stream<'de>, Error> {
        self.stream.as_mut().ok_or_else(lost)
    }

    /// The slot in the document of the value whose tag is at `offset` of the stream.
    pub(super) fn slot(&mut self, offset: usize) -> Result<At<'d, 'de>, Error> {
        let lazy = self.lazy.ok_or_else(lost)?;
        let doc = match lazy.cell.get() {
            Some(doc) => doc,
            None => {
                let doc = lazy.options.parse(lazy.data)?;
                lazy.cell.get_or_init(|| doc)
            }
        };
        if self.marks.is_empty() {
            self.marks = doc.marks();
        }
        let slot = doc.slot_at(offset, &self.marks).ok_or_else(lost)?;
        Ok(At::Slot(doc, slot))
    }

    /// Counts values that are read again, or that are not in the data.
    pub(super) fn charge(&mut self, values: u64, offset: usize) -> Result<(), Error> {
        match self.repeats.checked_sub(values) {
            Some(left) => {
                self.repeats = left;
                Ok(())
            }
            None => {
                let max = self.max_repeats;
                Err(self.fail(offset, ErrorKind::LimitExceeded { limit: "repeated values", max }))
            }
        }
    }

    #[inline]
    pub(super) fn charge_repeated(&mut self, values: u64, offset: usize) -> Result<(), Error> {
        if self.within > 0 { self.charge(values, offset) } else { Ok(()) }
    }

    /// Reads the tag of a value and, of anything but a container, the rest.
    #[inline]
    pub(super) fn take(
        &mut self,
        at: At<'d, 'de>,
        taken: &mut Taken<'d, 'de>,
    ) -> Result<(), Error> {
        match at {
            At::Stream => return self.take_next(taken),
            At::Ready(head, start) => *taken = Taken { head, start, again: false },
            At::Value(value) => {
                *taken = self.take_value(value, value.offset().unwrap_or(0), false)?;
            }
            At::Slot(doc, slot) => *taken = self.take_slot(doc, slot)?,
        }
        self.charge_taken(taken)
    }

    /// As [`Source::take`], of the next value of the stream.
    #[inline]
    pub(super) fn take_next(&mut self, taken: &mut Taken<'d, 'de>) -> Result<(), Error> {
        self.take_event(taken)?;
        self.charge_taken(taken)
    }

    #[inline]
    fn charge_taken(&mut self, taken: &Taken<'d, 'de>) -> Result<(), Error> {
        if self.within > 0 || taken.again {
            self.charge(1 + (taken.head.byte_length() / BYTES_PER_VALUE) as u64, taken.start)?;
        }
        Ok(())
    }

    #[inline]
    fn take_event(&mut self, taken: &mut Taken<'d, 'de>) -> Result<(), Error> {
        let stream = self.stream()?;
        stream.pending = false;
        let Some((event, start)) = stream.next()? else { return Err(lost()) };
        let start = *start;
        if let Some(head) = Head::of_event(event) {
            taken.head = head;
            taken.start = start;
            return Ok(());
        }
        let event = *event;
        *taken = self.take_uncommon(event, start)?;
        Ok(())
    }

    #[inline(never)]
    fn take_uncommon(&mut self, event: Event<'de>, start: usize) -> Result<Taken<'d, 'de>, Error> {
        let stream = self.stream()?;
        let level = stream.level;
        let is_buffer = !event.is_begin() && !matches!(event, Event::Reference(_));
        let view = match event {
            _ if event.is_end() => return Err(lost()),
            _ if event.is_begin() => {
                stream.close(level.saturating_sub(1))?;
                stream.view()?
            }
            _ => stream.view()?,
        };
        if is_buffer {
            let head = Head::of_buffer(&event, view, self.order()).ok_or_else(lost)?;
            return Ok(Taken { head, start, again: false });
        }
        match self.slot(start)? {
            At::Slot(doc, slot) => self.take_slot(doc, slot),
            _ => Err(lost()),
        }
    }

    fn take_slot(&mut self, doc: &'d Document<'de>, slot: u32) -> Result<Taken<'d, 'de>, Error> {
        let node = doc.nodes().get(slot).ok_or_else(lost)?;
        let again = node.kind() == NodeKind::Reference && !node.flag(OUTSIDE);
        self.take_value(doc.value_at(slot), doc.tag_offset(slot), again)
    }

    fn take_value(
        &mut self,
        mut value: Value<'d, 'de>,
        offset: usize,
        again: bool,
    ) -> Result<Taken<'d, 'de>, Error> {
        let mut again = again;
        // A host object that is nothing but a value, as in messages of Node's child processes.
        while let Some((inner, referred)) = Head::inner_value(value) {
            value = inner;
            again |= referred;
        }
        let head = Head::of_value(value);
        // A view starts where its buffer does, if that stands right before it.
        let start = if again { value.offset().unwrap_or(offset) } else { offset };
        if again && head.is_container() && self.open.contains(&mark(&head, start)) {
            return Err(self.fail(offset, ErrorKind::Cycle { start }));
        }
        Ok(Taken { head, start, again })
    }

    /// Whether the value is `undefined`, `null` or a hole. It stays.
    pub(super) fn is_nothing(&mut self, at: At<'d, 'de>) -> Result<bool, Error> {
        Ok(match at {
            At::Stream => self.stream()?.is_nothing()?,
            At::Ready(head, _) => head.is_nothing(),
            At::Value(value) => Head::of_value(value).is_nothing(),
            At::Slot(doc, slot) => doc.nodes().get(slot).is_some_and(|node| {
                matches!(node.kind(), NodeKind::Undefined | NodeKind::Null | NodeKind::Hole)
            }),
        })
    }

    /// Whether the value is an object of a primitive, as `new String('')` makes.
    pub(super) fn is_boxed(&mut self, at: At<'d, 'de>) -> Result<bool, Error> {
        let at = match at {
            At::Stream => match self.stream()?.peek()? {
                Some(&(Event::Reference(_), start)) => self.slot(start)?,
                event => {
                    return Ok(matches!(
                        event,
                        Some((
                            Event::BooleanObject(_)
                                | Event::NumberObject(_)
                                | Event::BigIntObject(_)
                                | Event::StringObject(_),
                            _
                        ))
                    ));
                }
            },
            at => at,
        };
        let value = match at {
            At::Slot(doc, slot) => doc.value_at(slot),
            At::Value(value) => value,
            At::Stream | At::Ready(..) => return Ok(false),
        };
        Ok(matches!(
            value.kind(),
            Kind::BooleanObject | Kind::NumberObject | Kind::BigIntObject | Kind::StringObject
        ))
    }

    /// Where the value starts, for errors.
    pub(super) fn offset(&mut self, at: At<'d, 'de>) -> Result<usize, Error> {
        Ok(match at {
            At::Stream => self.stream()?.next_start()?,
            At::Ready(_, offset) => offset,
            At::Value(value) => value.offset().unwrap_or(0),
            At::Slot(doc, slot) => doc.tag_offset(slot),
        })
    }

    /// Passes over a value without a look at what it holds.
    pub(super) fn skip(&mut self, at: At<'d, 'de>) -> Result<(), Error> {
        if let At::Stream = at { self.stream()?.skip() } else { Ok(()) }
    }

    /// A container is entered.
    pub(super) fn enter(&mut self, taken: &Taken<'d, 'de>) -> Result<(), Error> {
        self.enter_marked(taken.start, mark(&taken.head, taken.start))
    }

    /// A container of the stream is entered.
    #[inline]
    pub(super) fn enter_streamed(&mut self, start: usize) -> Result<(), Error> {
        self.enter_marked(start, start)
    }

    #[inline]
    fn enter_marked(&mut self, start: usize, mark: usize) -> Result<(), Error> {
        if self.open.len() >= self.max_depth {
            return Err(self.too_deep(start));
        }
        self.open.push(mark);
        Ok(())
    }

    #[cold]
    pub(super) fn too_deep(&mut self, offset: usize) -> Error {
        let max = self.max_depth as u64;
        self.fail(offset, ErrorKind::LimitExceeded { limit: "depth", max })
    }

    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// All containers above this depth are left.
    pub(super) fn leave(&mut self, depth: usize) {
        self.open.truncate(depth);
    }

    #[cold]
    fn fail(&mut self, offset: usize, kind: ErrorKind) -> Error {
        self.trace.clear();
        Error::new(offset, kind)
    }

    /// Gives an error that has none the offset.
    #[cold]
    pub(super) fn located(&mut self, mut error: Error, offset: usize) -> Error {
        if error.locate(offset) {
            self.trace.clear();
        }
        error
    }

    /// Notes that an error came up through this step, from a value at `offset`.
    #[cold]
    pub(super) fn stepped(&mut self, error: Error, offset: usize, step: Step<'de>) -> Error {
        let error = self.located(error, offset);
        if !error.is_placed() {
            self.trace.push(step);
        }
        error
    }

    /// An error that is through to the caller.
    #[cold]
    pub(super) fn placed(&self, error: Error) -> Error {
        error.place(None, || path(&self.trace))
    }
}

/// What tells an open container from others: where it starts. Where several readings of version 13 left
/// objects that start in one place it is the node of the document.
#[inline]
fn mark(head: &Head<'_, '_>, start: usize) -> usize {
    match head.in_document() {
        Some(value) if value.document().is_renumbered() => {
            usize::MAX - value.id().unwrap_or(0) as usize
        }
        _ => start,
    }
}

/// A visitor asked for a value where there is none.
#[cold]
pub(super) fn lost() -> Error {
    <Error as ::serde::de::Error>::custom("a value was asked for where there is none")
}
