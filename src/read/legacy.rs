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
use crate::wire::Tag;

#[derive(Clone, Copy, Debug)]
enum Item {
    /// Anything that starts with a tag of its own, at this offset.
    Leaf(usize),
    Container(Container),
}

#[derive(Clone, Copy, Debug)]
struct Container {
    /// The length of a sparse array, `None` for an object.
    length: Option<u32>,
    properties: u32,
    /// Where its children start in [`Legacy::children`].
    children: usize,
    /// Its tag and counts.
    span: Span,
}

/// What the first pass found.
#[derive(Clone, Debug, Default)]
pub(super) struct Legacy {
    items: Vec<Item>,
    children: Vec<usize>,
    /// Open containers: which, and how many children have been replayed.
    open: Vec<(Container, usize)>,
    /// Of the first pass: the values on V8's stack, in [`Legacy::items`].
    stack: Vec<usize>,
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
        let (buffers, memories) = (self.buffers.len(), self.memories.len());
        let mut scout = self.scout();
        core::mem::swap(&mut scout.legacy, &mut self.legacy);
        let root = scout.plan();
        core::mem::swap(&mut scout.legacy, &mut self.legacy);
        self.retire(scout);
        self.buffers.truncate(buffers);
        self.memories.truncate(memories);
        self.legacy_item(root?, sink)
    }

    /// The first pass. All of the input is one value.
    fn plan(&mut self) -> Result<Item, Error> {
        let invalid = |at, reason| Err(Error::new(at, ErrorKind::LegacyStack { reason }));
        // Taken out, so that what is read meanwhile finds none.
        let mut plan = core::mem::take(&mut self.legacy);
        while let Some(tag) = self.input.tag().map(Tag) {
            let start = self.input.pos() - 1;
            let item = match tag {
                Tag::END_JS_OBJECT | Tag::END_SPARSE_JS_ARRAY => {
                    let properties = self.input.varint_u32("property count")?;
                    let length = match tag {
                        Tag::END_SPARSE_JS_ARRAY => Some(self.sparse_length()?),
                        _ => None,
                    };
                    let Some(first) = plan.stack.len().checked_sub(2 * properties as usize) else {
                        return invalid(start, "more properties than values before them");
                    };
                    let children = plan.children.len();
                    plan.children.extend(plan.stack.drain(first..));
                    let span = Span { start, end: self.input.pos() };
                    Item::Container(Container { length, properties, children, span })
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
                    Item::Leaf(start)
                }
            };
            plan.stack.push(plan.items.len());
            plan.items.push(item);
        }
        let [root] = plan.stack[..] else {
            let at = self.input.data().len();
            if plan.stack.is_empty() {
                let kind = ErrorKind::UnexpectedEnd { what: "value", size: None, missing: 1 };
                return Err(Error::new(at, kind));
            }
            return invalid(at, "more than one value");
        };
        let root = plan.items[root];
        self.legacy = plan;
        Ok(root)
    }

    fn legacy_item<S: Sink<'a>>(&mut self, item: Item, sink: &mut S) -> Result<bool, Error> {
        let container = match item {
            Item::Leaf(start) => {
                self.input.set_pos(start);
                return self.any_value(sink);
            }
            Item::Container(container) => container,
        };
        self.set_value_start(container.span.start);
        self.count_node()?;
        let kind = match container.length {
            Some(_) => FrameKind::LegacySparse,
            None => FrameKind::LegacyObject,
        };
        self.open(kind, Next::Key, container.length.unwrap_or(0))?;
        self.legacy.open.push((container, 0));
        // The container has no bytes in front of its contents.
        let at = self.input.pos();
        let span = Span { start: at, end: at };
        sink.legacy_begin(container.length, span);
        Ok(true)
    }

    /// The next child of a container that is being replayed, or its end.
    pub(super) fn legacy_step<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let legacy = &mut self.legacy;
        let Some((container, done)) = legacy.open.last_mut() else { return Ok(true) };
        let container = *container;
        if *done == 2 * container.properties as usize {
            legacy.open.pop();
            self.input.set_pos(container.span.end);
            self.check_keys(container.properties)?;
            self.frames.pop();
            let Container { properties, span, .. } = container;
            match container.length {
                Some(length) => sink.event(Event::SparseArrayEnd { properties, length }, span),
                None => sink.event(Event::ObjectEnd { properties }, span),
            }
            return Ok(true);
        }
        let item = legacy.items[legacy.children[container.children + *done]];
        let is_key = *done % 2 == 0;
        *done += 1;
        if !is_key {
            return self.legacy_item(item, sink);
        }
        match item {
            Item::Leaf(start) => {
                self.input.set_pos(start);
                let Some(tag) = self.input.tag() else { return Ok(true) };
                let start = self.input.pos() - 1;
                self.set_value_start(start);
                self.property_key(tag, sink).map_err(|error| self.placed_at_container(error))?;
            }
            Item::Container(key) => {
                let tag = Tag(self.input.data()[key.span.start]);
                let error = Error::new(key.span.start, ErrorKind::InvalidKey { tag });
                return Err(self.placed_at_container(error));
            }
        }
        Ok(true)
    }
}
