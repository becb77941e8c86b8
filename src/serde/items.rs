//! The elements of arrays, sets and typed arrays.

use alloc::vec;

use ::serde::de::{DeserializeSeed, Error as _, SeqAccess, Unexpected};

use super::HolesAs;
use super::de::De;
use super::direct::Direct;
use super::error::Step;
use super::head::{Head, Place, element};
use super::source::{At, Source, lost};
use super::unasked::Unasked;
use crate::document::raw::{Cursor, NodeKind};
use crate::document::{Document, Key, Value};
use crate::error::Error;
use crate::read::Event;
use crate::view::ViewKind;
use crate::wire::ByteOrder;

enum Of<'d, 'de> {
    /// A dense array in the stream. `full`: it is known that no property fills a hole.
    Stream {
        level: usize,
        length: u32,
        start: usize,
        full: bool,
    },
    /// A dense array whose elements are where they stand.
    Dense {
        doc: &'d Document<'de>,
        cursor: Cursor,
        length: u32,
    },
    /// An array whose elements are also among its properties: index and slot, by index.
    Indexed {
        doc: &'d Document<'de>,
        list: vec::IntoIter<(u32, u32)>,
        length: u32,
        start: usize,
    },
    StreamSet {
        level: usize,
    },
    Set {
        doc: &'d Document<'de>,
        cursor: Cursor,
    },
    Elements {
        kind: ViewKind,
        bytes: &'de [u8],
        order: ByteOrder,
        start: usize,
    },
}

/// What a sequence in Rust is made of.
pub(super) struct Items<'s, 'd, 'de> {
    source: &'s mut Source<'d, 'de>,
    of: Of<'d, 'de>,
    index: u32,
    /// From where and up to where elements may be left in the stream, see `Stream::leave`.
    leaves: (u32, u32),
}

fn dense<'d, 'de>(
    source: &mut Source<'d, 'de>,
    value: Value<'d, 'de>,
    start: usize,
) -> Result<Of<'d, 'de>, Error> {
    let doc = value.document();
    if !value.has_indices() {
        return Ok(Of::Dense { doc, cursor: value.contents(), length: value.declared_length() });
    }
    let length = value.len().and_then(|length| u32::try_from(length).ok()).unwrap_or(u32::MAX);
    let list = value.indexed_slots();
    source.charge_repeated(list.len() as u64 + value.properties().count() as u64, start)?;
    Ok(Of::Indexed { doc, list: list.into_iter(), length, start })
}

impl<'s, 'd, 'de> Items<'s, 'd, 'de> {
    /// What a sequence is read from.
    pub(super) fn of(
        source: &'s mut Source<'d, 'de>,
        head: &Head<'d, 'de>,
        start: usize,
    ) -> Result<Self, Error> {
        let of = match *head {
            Head::Array(Place::Stream, length) => {
                Of::Stream { level: source.stream()?.level, length, start, full: false }
            }
            Head::Array(Place::Value(value), _) => dense(source, value, start)?,
            Head::Set(Place::Stream) => Of::StreamSet { level: source.stream()?.level },
            Head::Set(Place::Value(value)) => {
                Of::Set { doc: value.document(), cursor: value.contents() }
            }
            Head::Bytes(_, bytes) => {
                let (kind, order) = (ViewKind::Uint8, ByteOrder::Little);
                Of::Elements { kind, bytes, order, start }
            }
            Head::Elements(kind, bytes, order) => {
                let whole = bytes.len() - bytes.len() % kind.element_size();
                let bytes = bytes.get(..whole).unwrap_or(bytes);
                Of::Elements { kind, bytes, order, start }
            }
            _ => return Err(lost()),
        };
        if let Of::Elements { kind, bytes, .. } = &of {
            source.charge_repeated((bytes.len() / kind.element_size()) as u64, start)?;
        }
        Ok(Items { source, of, index: 0, leaves: (0, 0) })
    }

    /// The next element; `None` behind the last.
    pub(super) fn next(&mut self) -> Result<Option<At<'d, 'de>>, Error> {
        loop {
            let Some(at) = self.place()? else { return Ok(None) };
            if self.source.holes == HolesAs::None || !self.is_hole(at)? {
                return Ok(Some(at));
            }
            if self.source.holes == HolesAs::Error {
                let offset = self.source.offset(at)?;
                let error = Error::invalid_type(Unexpected::Other("hole"), &"an element");
                return Err(self.source.stepped(error, offset, Step::Index(self.index)));
            }
            self.source.skip(at)?;
            self.index = self.index.saturating_add(1);
        }
    }

    fn is_hole(&mut self, at: At<'d, 'de>) -> Result<bool, Error> {
        Ok(match at {
            At::Stream => matches!(self.source.stream()?.peek()?, Some((Event::Hole, _))),
            At::Slot(doc, slot) => {
                doc.nodes().get(slot).is_some_and(|node| node.kind() == NodeKind::Hole)
            }
            At::Ready(..) => matches!(self.of, Of::Indexed { .. }),
            At::Value(_) => false,
        })
    }

    /// The next element or hole.
    #[inline]
    fn place(&mut self) -> Result<Option<At<'d, 'de>>, Error> {
        let index = self.index;
        let source = &mut *self.source;
        match &mut self.of {
            Of::Stream { level, length, full, .. } => {
                let stream = source.stream()?;
                stream.settle(*level)?;
                if stream.level < *level {
                    return Ok(None);
                }
                let whole = if index < *length {
                    !matches!(stream.peek()?, Some((Event::Hole, _))) || *full
                } else {
                    *full || !Self::grown(source)?
                };
                if whole {
                    let more = index < *length;
                    if more {
                        source.stream()?.pending = true;
                    }
                    return Ok(more.then_some(At::Stream));
                }
                self.go_over(index)?;
                self.place()
            }
            Of::Dense { doc, cursor, length } => Ok(if index < *length {
                cursor.next(doc).map(|slot| At::Slot(doc, slot))
            } else {
                None
            }),
            Of::Indexed { doc, list, length, start } => {
                if index >= *length {
                    return Ok(None);
                }
                match list.as_slice().first() {
                    Some(&(at, slot)) if at == index => {
                        list.next();
                        Ok(Some(At::Slot(doc, slot)))
                    }
                    Some(&(at, slot)) if at < *length && source.holes == HolesAs::Skip => {
                        list.next();
                        self.index = at;
                        Ok(Some(At::Slot(doc, slot)))
                    }
                    None if source.holes == HolesAs::Skip => Ok(None),
                    _ => {
                        // Holes cost nothing in the data, so they are counted here.
                        let start = *start;
                        source.charge(1, start)?;
                        Ok(Some(At::Ready(Head::Undefined, start)))
                    }
                }
            }
            Of::StreamSet { level } => {
                let stream = source.stream()?;
                stream.settle(*level)?;
                let over =
                    stream.level < *level || stream.peek()?.is_none_or(|(event, _)| event.is_end());
                stream.pending = !over;
                Ok((!over).then_some(At::Stream))
            }
            Of::Set { doc, cursor } => Ok(cursor.next(doc).map(|slot| At::Slot(doc, slot))),
            Of::Elements { kind, bytes, order, start } => {
                Ok(bytes.split_at_checked(kind.element_size()).map(|(first, rest)| {
                    *bytes = rest;
                    At::Ready(element(*kind, first, *order), *start)
                }))
            }
        }
    }

    /// Whether the next element is simply the next value of the stream, as nearly always. Then it is
    /// marked as handed out.
    #[inline]
    fn is_next_in_stream(&mut self) -> Result<bool, Error> {
        let Of::Stream { level, length, .. } = self.of else { return Ok(false) };
        let stream = self.source.stream()?;
        stream.settle(level)?;
        if self.index >= length || stream.level < level || stream.is_hole()? {
            return Ok(false);
        }
        stream.pending = true;
        Ok(true)
    }

    /// Whether properties behind the elements of the stream's array make it longer.
    fn grown(source: &mut Source<'d, 'de>) -> Result<bool, Error> {
        let stream = source.stream()?;
        loop {
            match stream.peek()? {
                Some((event, _)) if event.is_end() => return Ok(false),
                Some((Event::String(text), _)) if text.as_array_index().is_none() => {}
                Some((Event::Double(number), _))
                    if Key::Number(*number).as_array_index().is_none() => {}
                Some(_) => return Ok(true),
                None => return Ok(false),
            }
            stream.next()?;
            stream.skip()?;
        }
    }

    /// Goes over to the document, where properties may have elements that the stream does not give
    /// in time.
    #[cold]
    fn go_over(&mut self, index: u32) -> Result<(), Error> {
        let Of::Stream { start, full, .. } = &mut self.of else { return Ok(()) };
        let start = *start;
        if let At::Slot(doc, slot) = self.source.slot(start)? {
            let value = doc.value_at(slot);
            if value.has_indices() {
                let mut of = dense(self.source, value, start)?;
                if let Of::Indexed { list, .. } = &mut of {
                    while list.as_slice().first().is_some_and(|entry| entry.0 < index) {
                        list.next();
                    }
                }
                self.of = of;
            } else {
                *full = true;
            }
        }
        Ok(())
    }

    /// How many elements the array has, and whether some are left.
    fn rest(&mut self) -> Result<Option<usize>, Error> {
        let more = |left: usize| (left > 0).then_some(self.index as usize + left);
        Ok(match &mut self.of {
            Of::Stream { length, level, full, .. } => {
                let (left, level, full) = (length.saturating_sub(self.index), *level, *full);
                let stream = self.source.stream()?;
                if left > 0 || full || stream.level < level {
                    return Ok(more(left as usize));
                }
                stream.settle(level)?;
                if !Self::grown(self.source)? {
                    return Ok(None);
                }
                // Perhaps it only fills holes that were left.
                self.go_over(self.index)?;
                return self.rest();
            }
            Of::Dense { length, .. } | Of::Indexed { length, .. } => {
                more(length.saturating_sub(self.index) as usize)
            }
            Of::Set { doc, cursor } => {
                let mut left = 0;
                while cursor.next(doc).is_some() {
                    left += 1;
                }
                more(left)
            }
            Of::Elements { kind, bytes, .. } => more(bytes.len() / kind.element_size()),
            Of::StreamSet { level } => {
                let level = *level;
                let mut left = 0;
                let stream = self.source.stream()?;
                stream.settle(level)?;
                while stream.level == level
                    && stream.peek()?.is_some_and(|(event, _)| !event.is_end())
                {
                    stream.skip()?;
                    left += 1;
                }
                (left > 0).then_some(self.index as usize + left)
            }
        })
    }

    /// Passes over what the visitor was not interested in, and refuses elements that it left.
    pub(super) fn finish(mut self, level: Option<usize>) -> Result<(), Error> {
        self.tell_left()?;
        let is_array = matches!(self.of, Of::Stream { .. } | Of::Dense { .. } | Of::Indexed { .. });
        let rest = if is_array && self.source.holes == HolesAs::Skip {
            // Holes are no elements that are left.
            self.next()?.map(|_| self.index as usize + 1)
        } else {
            self.rest()?
        };
        if let Some(length) = rest {
            return Err(Error::invalid_length(length, &"fewer elements in array"));
        }
        match level {
            Some(level) => {
                let stream = self.source.stream()?;
                stream.settle(level)?;
                stream.close(level.saturating_sub(1))
            }
            None => Ok(()),
        }
    }

    /// Reads the element at a place that was just given.
    pub(super) fn read<T>(
        &mut self,
        at: At<'d, 'de>,
        read: impl FnOnce(De<'_, 'd, 'de>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let offset = self.source.offset(at)?;
        let index = self.index;
        self.index = index.saturating_add(1);
        match read(De::new(self.source, at)) {
            Ok(value) => Ok(value),
            Err(error) => {
                let step = match self.of {
                    Of::StreamSet { .. } | Of::Set { .. } => Step::Member(index as usize),
                    _ => Step::Index(index),
                };
                Err(self.source.stepped(error, offset, step))
            }
        }
    }

    /// Whether the next element is in the stream, and may be left there: a hole is no element that is
    /// missing.
    fn may_leave(&mut self) -> bool {
        let Of::Stream { level, length, .. } = self.of else { return false };
        let may = self.index < length
            && self.source.holes == HolesAs::None
            && self.source.stream().is_ok_and(|stream| stream.may_leave(level));
        if may {
            self.leaves = (self.index, length);
        }
        may
    }

    /// The next element is refused, although nothing was asked of it.
    #[cold]
    fn refused(&mut self, error: Error) -> Error {
        let index = self.index;
        let at = self.tell_left().and_then(|()| self.next()?.ok_or_else(lost));
        match at.and_then(|at| self.source.offset(at)) {
            Ok(offset) => {
                self.index = index.saturating_add(1);
                self.source.stepped(error, offset, Step::Index(index))
            }
            Err(damage) => damage,
        }
    }

    /// Tells the stream of the elements that have been left.
    pub(super) fn tell_left(&mut self) -> Result<(), Error> {
        let (from, to) = core::mem::take(&mut self.leaves);
        if to > 0 {
            self.source.stream()?.leave(self.index - from);
        }
        Ok(())
    }

    /// Passes over an array whose elements have all been left, with its end. Says whether it had nothing
    /// but elements.
    fn passes_rest(&mut self) -> Result<bool, Error> {
        let Of::Stream { level, length, .. } = self.of else { return Ok(false) };
        if self.index < length {
            return Ok(false);
        }
        match self.source.stream()?.pass_rest(level)? {
            None => Ok(false),
            Some(0) => Ok(true),
            Some(_) => self.go_over(self.index).map(|()| false),
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        // What holds nothing is mostly `IgnoredAny`.
        if size_of::<T::Value>() == 0 && (self.index < self.leaves.1 || self.may_leave()) {
            let index = self.index;
            let result = seed.deserialize(Unasked(self));
            if self.index == index {
                if let Err(error) = result {
                    return Err(self.refused(error));
                }
                self.index += 1;
            }
            return result.map(Some);
        }
        self.tell_left()?;
        if size_of::<T::Value>() == 0 && self.passes_rest()? {
            return Ok(None);
        }
        if self.is_next_in_stream()? {
            let offset = self.source.stream()?.next_start()?;
            let index = self.index;
            self.index = index.saturating_add(1);
            return match seed.deserialize(Direct(self.source)) {
                Ok(value) => Ok(Some(value)),
                Err(error) => Err(self.source.stepped(error, offset, Step::Index(index))),
            };
        }
        match self.next()? {
            Some(at) => self.read(at, |de| seed.deserialize(de)).map(Some),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        match &self.of {
            Of::Stream { length, .. } | Of::Dense { length, .. } => {
                Some(length.saturating_sub(self.index) as usize)
            }
            Of::Elements { kind, bytes, .. } => Some(bytes.len() / kind.element_size()),
            Of::Indexed { .. } | Of::StreamSet { .. } | Of::Set { .. } => None,
        }
    }
}
