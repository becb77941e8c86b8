//! Which bytes belong together: found by reading leniently, as far as that goes.

use alloc::vec::Vec;
use core::ops::Range;

use super::encode;
use crate::options::{Externals, ParseOptions};
use crate::read::{ErrorPart, Event, Reader, Span};

/// What can be taken out or put in: an element, a property, an entry, a member, a part of an error, a
/// whole value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) start: usize,
    /// Where the value of a property, an entry or a part starts; `start` for others.
    value: usize,
    pub(super) end: usize,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A value on its own.
    Value,
    /// An element of this dense array, in [`Layout::arrays`].
    Element(usize),
    /// A key and a value.
    Pair,
    /// A part of an error.
    Part,
}

impl Unit {
    /// Where its value is.
    pub(super) fn value(&self) -> Range<usize> {
        self.value..self.end
    }

    /// Whether another value may stand beside it.
    pub(super) fn has_room_beside(&self) -> bool {
        self.form != Form::Part
    }
}

/// A dense array: where its length stands in front of its elements, and what that is.
#[derive(Clone, Debug)]
struct Array {
    length_at: Range<usize>,
    length: u32,
}

#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) units: Vec<Unit>,
    /// Where tags of values and of ends are.
    pub(super) tags: Vec<usize>,
    /// How many objects have an id.
    pub(super) objects: usize,
    arrays: Vec<Array>,
}

/// A container that is being read.
struct Open {
    start: usize,
    /// Whether keys and values alternate.
    pairs: bool,
    /// Where the key starts whose value is next.
    key: Option<usize>,
    /// Where the cause of an error has its tag, whose value is next.
    cause: Option<usize>,
    /// Elements that are to come, of which array.
    elements: u32,
    array: usize,
}

fn options() -> ParseOptions {
    ParseOptions::new().lenient().externals(Externals::Keep)
}

impl Layout {
    pub(super) fn of(data: &[u8]) -> Self {
        let mut layout = Layout::default();
        let Ok(mut reader) = Reader::with_options(data, &options()) else { return layout };
        let mut open: Vec<Open> = Vec::new();
        while let Ok(Some(event)) = reader.next_event() {
            layout.event(&mut open, event, reader.span());
            layout.objects = reader.object_count() as usize;
        }
        layout
    }

    fn event(&mut self, open: &mut Vec<Open>, event: Event<'_>, span: Span) {
        let Span { start, end } = span;
        if start < end {
            self.tags.push(start);
        }
        let mut begin = |pairs, elements, array| {
            open.push(Open { start, pairs, key: None, cause: None, elements, array });
        };
        match event {
            Event::ObjectBegin | Event::SparseArrayBegin { .. } | Event::MapBegin => {
                begin(true, 0, 0);
            }
            Event::DenseArrayBegin { length } => {
                begin(true, length, self.arrays.len());
                self.arrays.push(Array { length_at: start + 1..end, length });
            }
            _ if event.is_begin() => begin(false, 0, 0),
            _ if event.is_end() => {
                if let Some(container) = open.pop() {
                    self.value(open, container.start, end);
                }
            }
            // One value with the buffer before it.
            Event::View { .. } => {
                if let Some(unit) = self.units.last_mut()
                    && unit.end <= start
                {
                    unit.end = end;
                }
            }
            Event::ErrorPart(ErrorPart::Cause) => {
                if let Some(error) = open.last_mut() {
                    error.cause = Some(start);
                }
            }
            Event::ErrorPart(ErrorPart::Message(_) | ErrorPart::Stack(_)) => {
                self.units.push(Unit { start, value: start + 1, end, form: Form::Part });
            }
            Event::ErrorPart(_) => {}
            Event::HostBytes(_) => {}
            _ => self.value(open, start, end),
        }
    }

    /// A value is complete.
    fn value(&mut self, open: &mut [Open], start: usize, end: usize) {
        let mut unit = Unit { start, value: start, end, form: Form::Value };
        if let Some(container) = open.last_mut() {
            if container.elements > 0 {
                container.elements -= 1;
                unit.form = Form::Element(container.array);
            } else if let Some(tag) = container.cause.take() {
                (unit.start, unit.form) = (tag, Form::Part);
            } else if let Some(key) = container.key.take() {
                (unit.start, unit.form) = (key, Form::Pair);
            } else if container.pairs {
                container.key = Some(start);
                return;
            }
        }
        if unit.start < unit.end {
            self.units.push(unit);
        }
    }

    /// Puts a value in, beside a unit; behind this key where that has one.
    pub(super) fn insert(&self, data: &mut Vec<u8>, beside: Unit, key: &[u8], value: &[u8]) {
        let key = if beside.form == Form::Pair { key } else { &[] };
        data.splice(beside.end..beside.end, [key, value].concat());
        self.lengthen(data, beside, 1);
    }

    pub(super) fn remove(&self, data: &mut Vec<u8>, unit: Unit) {
        data.drain(unit.start..unit.end);
        self.lengthen(data, unit, -1);
    }

    /// The array that the unit is an element of has more of them now, or fewer.
    fn lengthen(&self, data: &mut Vec<u8>, unit: Unit, by: i32) {
        if let Form::Element(array) = unit.form
            && let Some(array) = self.arrays.get(array)
        {
            // It stands in front of what was changed.
            let length = array.length.saturating_add_signed(by);
            data.splice(array.length_at.clone(), encode(length.into()));
        }
    }
}

/// Makes the counts and lengths at the ends of containers those that they should be.
pub(super) fn repair(data: &mut Vec<u8>) {
    let mut ends: Vec<(Span, u32, Option<u32>)> = Vec::new();
    let Ok(mut reader) = Reader::with_options(data, &options()) else { return };
    while let Ok(Some(event)) = reader.next_event() {
        let (count, length) = match event {
            Event::ObjectEnd { properties } => (properties, None),
            Event::DenseArrayEnd { properties, length }
            | Event::SparseArrayEnd { properties, length } => (properties, Some(length)),
            Event::MapEnd { length } | Event::SetEnd { length } => (length, None),
            _ => continue,
        };
        ends.push((reader.span(), count, length));
    }
    for (span, count, length) in ends.into_iter().rev() {
        let mut numbers = encode(count.into());
        numbers.extend(length.into_iter().flat_map(|length| encode(length.into())));
        data.splice(span.start + 1..span.end, numbers);
    }
}
