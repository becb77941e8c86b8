//! From events to lines. The grammar is the reader's; here the gaps between its events are named.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{Damaged, Item, Line};
use crate::error::Error;
use crate::options::ParseOptions;
use crate::read::{ErrorPart, Event, Reader, Span};
use crate::wire::input::Input;
use crate::wire::{ByteOrder, ErrorTag, Tag};

/// The error that reading ends with.
pub(super) fn find_error(data: &[u8], parse: &ParseOptions, all: bool) -> Result<(), Error> {
    let mut reader = Reader::with_options(data, parse)?;
    if !all {
        return reader.finish();
    }
    if reader.position() < data.len() {
        while reader.next_value()? {}
    }
    Ok(())
}

/// What comes next in an open container.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Key,
    PropertyValue,
    /// A value that has no key, or one that is a value itself.
    Value,
    ErrorPart,
    Cause,
    HostBytes,
}

#[derive(Clone, Copy)]
struct Open {
    /// Elements of a dense array that are still to come.
    elements: u32,
    next: Next,
}

/// How an event stands to the value that it is of.
enum Shape {
    Begin(Open),
    Whole,
    Part,
    End,
}

fn shape(event: Event<'_>) -> Shape {
    let begin = |next| Shape::Begin(Open { elements: 0, next });
    match event {
        Event::ObjectBegin | Event::SparseArrayBegin { .. } => begin(Next::Key),
        Event::DenseArrayBegin { length } => {
            Shape::Begin(Open { elements: length, next: Next::Key })
        }
        Event::MapBegin
        | Event::SetBegin
        | Event::WasmSharedArrayBufferBegin { .. }
        | Event::WasmMemoryBegin { .. } => begin(Next::Value),
        Event::ErrorBegin => begin(Next::ErrorPart),
        Event::HostObjectBegin { .. } => begin(Next::HostBytes),
        Event::View { .. } | Event::ErrorPart(_) | Event::HostBytes(_) => Shape::Part,
        _ if event.is_end() => Shape::End,
        _ => Shape::Whole,
    }
}

/// Whether the event is the begin of an object that later ones can refer to.
fn takes_id(event: Event<'_>, span: Span) -> bool {
    match event {
        // Containers of version 0 have no id. They have no bytes in front of their contents either.
        Event::ObjectBegin | Event::SparseArrayBegin { .. } => !span.is_empty(),
        _ => event.takes_id(),
    }
}

type Visit<'v, 'a> = &'v mut dyn FnMut(&Line<'_, 'a>) -> fmt::Result;

/// `false` when the line with the error has been given out.
type Going = Result<bool, fmt::Error>;

pub(super) struct Walk<'v, 'a> {
    data: &'a [u8],
    error: Option<&'v Error>,
    visit: Visit<'v, 'a>,
    /// Where the last line ended.
    covered: usize,
    /// The offsets of objects by id.
    ids: Vec<usize>,
    open: Vec<Open>,
    value: usize,
    /// Whether the data is of version 0.
    legacy: bool,
    /// A reference of version 13 to what a failed reading left, of which the events are not through.
    left: Option<Left>,
    /// How many containers of such an object are open.
    left_open: usize,
}

/// See [`Walk::left`]. Its line is given out behind its events, since a view is the second of them.
struct Left {
    span: Span,
    /// The object's id.
    id: u32,
    key: bool,
    path: String,
}

impl<'v, 'a> Walk<'v, 'a> {
    pub(super) fn new(data: &'a [u8], error: Option<&'v Error>, visit: Visit<'v, 'a>) -> Self {
        let (ids, open) = (Vec::new(), Vec::new());
        let (left, left_open) = (None, 0);
        Walk { data, error, visit, covered: 0, ids, open, value: 0, legacy: false, left, left_open }
    }

    pub(super) fn run(&mut self, parse: &ParseOptions, all: bool) -> fmt::Result {
        let Ok(mut reader) = Reader::with_options(self.data, parse) else {
            return self.damaged();
        };
        self.legacy = reader.version() == 0;
        if !self.header(&reader)? {
            return Ok(());
        }
        while !all || reader.position() < self.data.len() {
            loop {
                match reader.next_event() {
                    Ok(Some(event)) => {
                        if !self.event(event, &reader)? {
                            return Ok(());
                        }
                    }
                    Ok(None) => break,
                    Err(_) => return self.damaged(),
                }
            }
            if !self.finish_left()? || !self.gap(reader.position())? {
                return Ok(());
            }
            if !all {
                break;
            }
            self.value += 1;
            match reader.next_value() {
                Ok(false) => break,
                Ok(true) => {
                    if !self.header(&reader)? {
                        return Ok(());
                    }
                }
                Err(_) => return self.damaged(),
            }
            if reader.position() == self.data.len() {
                // A header and no value: an error.
                return self.damaged();
            }
        }
        let end = self.data.len();
        if self.error.is_none() {
            // Flags that V8 leaves (SPEC.md 12.9).
            self.gap(end)?;
        } else if self.covered < end {
            self.line(self.plain(Item::Trailing, end))?;
        }
        Ok(())
    }

    /// A line up to `end` that is no event.
    fn plain(&self, item: Item<'a>, end: usize) -> Line<'v, 'a> {
        Line {
            span: Span { start: self.covered, end },
            depth: self.open.len(),
            value: self.value,
            item,
            id: None,
            target: None,
            path: None,
            error: None,
        }
    }

    fn line(&mut self, line: Line<'_, 'a>) -> Going {
        let Span { start, end } = line.span;
        let here = self.error.filter(|error| (start..end).contains(&error.offset()));
        let line = Line { error: here, ..line };
        self.covered = end;
        (self.visit)(&line)?;
        if here.is_none() {
            return Ok(true);
        }
        let end = self.data.len();
        if self.covered < end {
            let rest = self.plain(Item::Unread, end);
            (self.visit)(&rest)?;
            self.covered = end;
        }
        Ok(false)
    }

    fn header(&mut self, reader: &Reader<'a>) -> Going {
        match reader.position() {
            end if end > self.covered => {
                let version = reader.version();
                self.line(self.plain(Item::Header { version }, end))
            }
            _ => Ok(true),
        }
    }

    /// What stands before an event: padding and object counts.
    fn gap(&mut self, end: usize) -> Going {
        while self.covered < end {
            let Some((item, item_end)) = self.skipped(end) else {
                // The reader skips nothing else; this keeps the lines whole if it ever does.
                return self.line(self.plain(Item::Padding, end));
            };
            if !self.line(self.plain(item, item_end))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Padding or an object count that ends at `end` at the latest.
    fn skipped(&self, end: usize) -> Option<(Item<'a>, usize)> {
        let bytes = self.data.get(self.covered..end)?;
        let zeros = bytes.iter().take_while(|&&byte| byte == Tag::PADDING.0).count();
        if zeros > 0 {
            return Some((Item::Padding, self.covered + zeros));
        }
        let mut input = Input::new(bytes, ByteOrder::Little);
        if input.tag()? != Tag::OBJECT_COUNT.0 {
            return None;
        }
        let count = input.varint_u32("object count").ok()?;
        Some((Item::ObjectCount { count }, self.covered + input.pos()))
    }

    fn event(&mut self, event: Event<'a>, reader: &Reader<'a>) -> Going {
        let span = reader.span();
        if self.left_open > 0 || (span.start < self.covered && !self.legacy) {
            return self.left_event(event, span, reader);
        }
        if !self.finish_left()? || !self.gap(span.start)? {
            return Ok(false);
        }
        let shape = shape(event);
        let mut key = false;
        match shape {
            Shape::Begin(_) | Shape::Whole => key = self.is_key(),
            Shape::End => drop(self.open.pop()),
            Shape::Part => {}
        }
        let id = takes_id(event, span).then_some(self.ids.len() as u32);
        if id.is_some() {
            self.ids.push(span.start);
        }
        let target = match event {
            Event::Reference(id) => self.ids.get(id as usize).copied(),
            _ => None,
        };
        let mut path = None;
        if !key && matches!(shape, Shape::Begin(_) | Shape::Whole) {
            path = Some(self.path(event, reader));
        }
        let item = match shape {
            Shape::Begin(_) | Shape::Whole if key => Item::Key(event),
            Shape::Begin(_) | Shape::Whole => Item::Value(event),
            Shape::Part => Item::Part(event),
            Shape::End => Item::End(event),
        };
        let line = Line { span, id, target, path: path.as_deref(), ..self.plain(item, span.end) };
        let going = self.line(line)?;
        if let Shape::Begin(open) = shape {
            self.open.push(open);
        }
        if event == Event::ErrorPart(ErrorPart::Cause)
            && let Some(open) = self.open.last_mut()
        {
            open.next = Next::Cause;
        }
        Ok(going)
    }

    /// An event of what a failed reading of version 13 left, which stands elsewhere: here is a reference
    /// to it (SPEC.md 4.10).
    fn left_event(&mut self, event: Event<'a>, span: Span, reader: &Reader<'a>) -> Going {
        let next_id = self.ids.len() as u32;
        match event {
            Event::View { .. } if self.left_open == 0 => {
                if let Some(left) = &mut self.left {
                    left.id = next_id;
                }
            }
            _ if self.left_open == 0 => {
                if !self.finish_left()? {
                    return Ok(false);
                }
                let mut input = Input::new(self.data, ByteOrder::Little);
                input.set_pos(self.covered);
                while input.tag() == Some(Tag::OBJECT_COUNT.0)
                    && input.varint_u32("object count").is_ok()
                {}
                let start = input.pos().saturating_sub(1);
                if !self.gap(start)? {
                    return Ok(false);
                }
                let _ = input.varint_u32("object id");
                let id = match event {
                    Event::Reference(id) => id,
                    _ => next_id,
                };
                let (key, path) = (self.is_key(), self.path(event, reader));
                self.covered = input.pos();
                self.left = Some(Left { span: Span { start, end: self.covered }, id, key, path });
            }
            _ => {}
        }
        if takes_id(event, span) {
            self.ids.push(span.start);
        }
        match shape(event) {
            Shape::Begin(_) => self.left_open += 1,
            Shape::End => self.left_open = self.left_open.saturating_sub(1),
            Shape::Whole | Shape::Part => {}
        }
        Ok(true)
    }

    /// The line of a reference whose events are through.
    fn finish_left(&mut self) -> Going {
        let Some(Left { span, id, key, path }) = self.left.take() else { return Ok(true) };
        let event = Event::Reference(id);
        let item = if key { Item::Key(event) } else { Item::Value(event) };
        let target = self.ids.get(id as usize).copied();
        let path = Some(path.as_str()).filter(|_| !key);
        self.line(Line { span, target, path, ..self.plain(item, span.end) })
    }

    /// Whether the value that starts now is the key of a property.
    fn is_key(&mut self) -> bool {
        let Some(open) = self.open.last_mut() else { return false };
        if open.elements > 0 {
            open.elements -= 1;
            return false;
        }
        let next = open.next;
        match next {
            Next::Key => open.next = Next::PropertyValue,
            Next::PropertyValue => open.next = Next::Key,
            Next::Cause => open.next = Next::ErrorPart,
            Next::Value | Next::ErrorPart | Next::HostBytes => {}
        }
        next == Next::Key
    }

    fn path(&self, event: Event<'_>, reader: &Reader<'_>) -> String {
        let mut path = reader.path();
        // A host object that holds values: the reader is at the first of them already.
        if matches!(event, Event::HostObjectBegin { .. })
            && reader.depth() > self.open.len()
            && let Some(own) = path.strip_suffix("<host 0>").map(str::len)
        {
            path.truncate(own);
        }
        path
    }

    /// The end of what can be read: what is damaged, up to the error's byte, and the rest.
    fn damaged(&mut self) -> fmt::Result {
        if !self.finish_left()? {
            return Ok(());
        }
        let Some(error) = self.error else { return Ok(()) };
        let at = error.offset().clamp(self.covered, self.data.len());
        let next = self.open.last().map(|open| open.next);
        let raw = matches!(next, Some(Next::ErrorPart | Next::HostBytes));
        while self.covered < at
            && !raw
            && let Some((item, end)) = self.skipped(at)
        {
            self.line(self.plain(item, end))?;
        }
        if self.covered < at {
            let first = self.data.get(self.covered).copied().unwrap_or_default();
            let damaged = match next {
                Some(Next::ErrorPart) => Damaged::ErrorPart(ErrorTag(first)),
                Some(Next::HostBytes) => Damaged::HostBytes,
                // It gives no events until all of it has been read.
                _ if self.covered == 0 && self.legacy => Damaged::Legacy,
                _ => Damaged::Tag(Tag(first)),
            };
            self.line(self.plain(Item::Damaged(damaged), at))?;
        }
        let line = Line { error: Some(error), ..self.plain(Item::Unread, self.data.len()) };
        self.covered = self.data.len();
        (self.visit)(&line)
    }
}
