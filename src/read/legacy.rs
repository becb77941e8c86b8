//! Version 0: no header, and containers are written behind their contents (SPEC.md 6.1 to 6.6).
//!
//! V8 keeps a stack of values and lets `{` and `@` take theirs off it
//! (`ReadObjectUsingEntireBufferForLegacyFormat`). Here a first pass finds out which values belong to
//! which container; then the plan is replayed in the usual order, container first. The order of the
//! leaves stays that of the input, and so do object ids.

use alloc::vec::Vec;

use super::event::{Event, Span};
use super::frame::{FrameKind, Next};
use super::machine::{Machine, Sink};
use crate::error::{Error, ErrorKind};
use crate::grow::push;
use crate::rare::Empty;
use crate::wire::Tag;

/// A value: the offset of the tag of anything that starts with one; of a container [`CONTAINER`] and the
/// place of its mark in [`Legacy::children`].
type Item = u64;

const CONTAINER: Item = 1 << 63;

/// What the first pass found. Small, because a hostile input has a value with each byte.
#[derive(Clone, Debug, Default)]
pub(super) struct Legacy {
    items: Vec<Item>,
    /// Of each container its keys and values, in [`Legacy::items`], then its mark: the two halves of
    /// the offset of its tag.
    children: Vec<u32>,
    /// Containers that are being replayed.
    open: Vec<Open>,
    /// Of the first pass: the values on V8's stack, in [`Legacy::items`].
    stack: Vec<u32>,
}

/// A container that is being replayed.
#[derive(Clone, Copy, Debug)]
struct Open {
    /// The next child, in [`Legacy::children`]; behind the last one, the mark.
    next: usize,
    /// The children that are left.
    left: usize,
}

/// What a container's tag and numbers say.
#[derive(Clone, Copy, Debug)]
struct Container {
    /// The length of a sparse array, `None` for an object.
    length: Option<u32>,
    properties: u32,
    /// Its tag and counts.
    span: Span,
}

impl Empty for Legacy {
    const EMPTY: &'static Self =
        &Legacy { items: Vec::new(), children: Vec::new(), open: Vec::new(), stack: Vec::new() };
}

impl Legacy {
    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.children.clear();
        self.open.clear();
        self.stack.clear();
    }

    /// Whether there is something to replay.
    pub(super) fn is_planned(&self) -> bool {
        !self.items.is_empty()
    }
}

impl<'a> Machine<'a> {
    pub(super) fn legacy_begin<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let mut scout = self.scout();
        core::mem::swap(&mut scout.legacy, &mut self.legacy);
        let root = scout.plan();
        core::mem::swap(&mut scout.legacy, &mut self.legacy);
        self.retire(scout);
        self.forget_tables(self.next_id);
        self.legacy_item(root?, sink)
    }

    /// The first pass. All of the input is one value.
    fn plan(&mut self) -> Result<Item, Error> {
        let invalid = |at, reason| Err(Error::new(at, ErrorKind::LegacyStack { reason }));
        // Taken out, so that what is read meanwhile finds none.
        let mut taken = core::mem::take(&mut self.legacy);
        let plan = &mut *taken;
        while let Some(tag) = self.input.tag().map(Tag) {
            let start = self.input.pos() - 1;
            let item = match tag {
                Tag::END_JS_OBJECT | Tag::END_SPARSE_JS_ARRAY => {
                    self.set_value_start(start);
                    self.count_node()?;
                    let container = self.legacy_container(start)?;
                    let children = 2 * container.properties as usize;
                    let Some(first) = plan.stack.len().checked_sub(children) else {
                        return invalid(start, "more properties than values before them");
                    };
                    // A key and its value take three bytes of the input at least, a container two.
                    let most = self.input.data().len() / 3 * 4 + 4;
                    let start = start as u64;
                    for child in
                        plan.stack.drain(first..).chain([start as u32, (start >> 32) as u32])
                    {
                        push(&mut plan.children, child, most);
                    }
                    CONTAINER | (plan.children.len() - 2) as u64
                }
                Tag::END_DENSE_JS_ARRAY => {
                    return invalid(start, "dense arrays never worked in version 0");
                }
                _ => {
                    self.input.set_pos(start);
                    self.any_value(&mut ()).map_err(|error| self.placed(error))?;
                    while !self.frames.is_empty() {
                        self.step(&mut ())?;
                    }
                    start as u64
                }
            };
            let most = self.input.data().len();
            push(&mut plan.stack, plan.items.len() as u32, most);
            push(&mut plan.items, item, most);
        }
        let [root] = plan.stack[..] else {
            let at = self.input.data().len();
            if plan.stack.is_empty() {
                let kind = ErrorKind::UnexpectedEnd { what: "value", size: None, missing: 1 };
                return Err(Error::new(at, kind));
            }
            return invalid(at, "more than one value");
        };
        let root = plan.items[root as usize];
        self.legacy = taken;
        Ok(root)
    }

    /// Reads what stands at the end of a container whose tag is at `start`.
    fn legacy_container(&mut self, start: usize) -> Result<Container, Error> {
        self.input.set_pos(start + 1);
        let properties = self.input.varint_u32("property count")?;
        let length = match self.input.data().get(start).map(|&tag| Tag(tag)) {
            Some(Tag::END_SPARSE_JS_ARRAY) => Some(self.sparse_length()?),
            _ => None,
        };
        Ok(Container { length, properties, span: Span { start, end: self.input.pos() } })
    }

    /// The offset of the tag of a container, by the place of its mark.
    fn legacy_offset(&self, mark: usize) -> usize {
        match self.legacy.children.get(mark..mark + 2) {
            Some(&[low, high]) => (u64::from(low) | u64::from(high) << 32) as usize,
            _ => 0,
        }
    }

    fn legacy_item<S: Sink<'a>>(&mut self, item: Item, sink: &mut S) -> Result<bool, Error> {
        if item & CONTAINER == 0 {
            self.input.set_pos(item as usize);
            return self.any_value(sink);
        }
        // The container has no bytes in front of its contents.
        let at = self.input.pos();
        let mark = (item & !CONTAINER) as usize;
        let container = self.legacy_container(self.legacy_offset(mark))?;
        self.input.set_pos(at);
        self.set_value_start(container.span.start);
        self.count_node()?;
        let kind = match container.length {
            Some(_) => FrameKind::LegacySparse,
            None => FrameKind::LegacyObject,
        };
        self.open(kind, Next::Key, container.length.unwrap_or(0))?;
        let left = 2 * container.properties as usize;
        self.legacy.open.push(Open { next: mark - left, left });
        let span = Span { start: at, end: at };
        sink.legacy_begin(container.length, span);
        Ok(true)
    }

    /// The next child of a container that is being replayed, or its end.
    pub(super) fn legacy_step<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let legacy = &mut *self.legacy;
        let Some(open) = legacy.open.last_mut() else { return Ok(true) };
        if open.left == 0 {
            let mark = open.next;
            legacy.open.pop();
            let container = self.legacy_container(self.legacy_offset(mark))?;
            let Container { length, properties, span } = container;
            self.check_keys(properties)?;
            self.frames.pop();
            match length {
                Some(length) => sink.event(Event::SparseArrayEnd { properties, length }, span),
                None => sink.event(Event::ObjectEnd { properties }, span),
            }
            return Ok(true);
        }
        let is_key = open.left.is_multiple_of(2);
        let item = legacy.items[legacy.children[open.next] as usize];
        open.next += 1;
        open.left -= 1;
        if !is_key {
            return self.legacy_item(item, sink);
        }
        if item & CONTAINER != 0 {
            let at = self.legacy_offset((item & !CONTAINER) as usize);
            let tag = Tag(self.input.data()[at]);
            let error = Error::new(at, ErrorKind::InvalidKey { tag });
            return Err(self.placed_at_container(error));
        }
        self.input.set_pos(item as usize);
        let Some(tag) = self.input.tag() else { return Ok(true) };
        let start = self.input.pos() - 1;
        self.set_value_start(start);
        self.property_key(tag, sink).map_err(|error| self.placed_at_container(error))?;
        Ok(true)
    }
}
