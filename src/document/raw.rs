//! The nodes as they stand on the wire, for writers that keep everything: references are not
//! followed, views stand behind their buffers.

use alloc::vec::Vec;
#[cfg(feature = "serde")]
use core::cmp::Ordering;

use super::entries::Key;
use super::node::VIEW_WORDS;
pub(crate) use super::node::{
    HAS_PROPERTIES, HAS_VIEW, MEMORY64, Node, NodeKind, OUTSIDE, STATES_WIDTH,
};
use super::nodes::Nodes;
use super::parser::Document;
use super::value::Value;
use crate::read::event::Event;

/// Slots that stand one behind the other: the contents of a container.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursor {
    next: u32,
    end: u32,
}

impl Cursor {
    /// The next slot.
    pub(crate) fn next(&mut self, doc: &Document<'_>) -> Option<u32> {
        if self.next >= self.end {
            return None;
        }
        let slot = self.next;
        self.next = doc.nodes.after(slot);
        Some(slot)
    }

    /// The value at the next slot, references followed.
    pub(crate) fn value<'d, 'a>(&mut self, doc: &'d Document<'a>) -> Option<Value<'d, 'a>> {
        self.next(doc).map(|slot| Value::at_slot(doc, slot))
    }

    pub(crate) fn is_empty(self) -> bool {
        self.next >= self.end
    }
}

impl<'d, 'a> Value<'d, 'a> {
    pub(crate) fn document(self) -> &'d Document<'a> {
        self.doc
    }

    /// What a container holds; nothing of other values.
    pub(crate) fn contents(self) -> Cursor {
        self.id().map_or(Cursor::default(), |index| self.doc.contents(index))
    }

    /// The event of the value itself: all of one that holds no others, the begin of a container, the
    /// view without its buffer.
    pub(crate) fn flat_event(self) -> Option<Event<'a>> {
        self.id().and_then(|index| self.doc.event_at(index)).map(|(event, _)| event)
    }

    /// What a host object's payload is made of: bytes, and values between them.
    pub(crate) fn host_runs(
        self,
    ) -> impl Iterator<Item = Result<&'a [u8], Value<'d, 'a>>> + use<'d, 'a> {
        let (doc, mut cursor) = (self.doc, self.contents());
        core::iter::from_fn(move || {
            let slot = cursor.next(doc)?;
            Some(match doc.host_bytes_at(slot) {
                Some(bytes) => Ok(bytes),
                None => Err(Value::at_slot(doc, slot)),
            })
        })
    }

    /// The number of elements of a dense array, the length that a sparse one was written with.
    pub(crate) fn declared_length(self) -> u32 {
        match self.node_kind() {
            NodeKind::Dense | NodeKind::Sparse => self.node().map_or(0, |node| node.b),
            _ => 0,
        }
    }

    /// Whether an array has properties besides the elements of a dense one.
    pub(crate) fn has_properties(self) -> bool {
        self.node().is_some_and(|node| match node.kind() {
            NodeKind::Dense => node.flag(HAS_PROPERTIES),
            _ => true,
        })
    }
}

impl Value<'_, '_> {
    /// Whether an array has elements among its properties: a sparse one, or a dense one where a
    /// property fills a hole or stands behind the end.
    pub(crate) fn has_indices(self) -> bool {
        self.node_kind() == NodeKind::Sparse
            || (self.has_properties()
                && self.properties().any(|(key, _)| key.as_array_index().is_some()))
    }

    /// The elements of an array that are there, as index and slot, by index.
    pub(crate) fn indexed_slots(self) -> Vec<(u32, u32)> {
        let mut cursor = self.contents();
        let mut list = Vec::new();
        if self.node_kind() == NodeKind::Dense {
            for index in 0..self.declared_length() {
                let Some(slot) = cursor.next(self.doc) else { break };
                if self.doc.nodes.kind(slot) != Some(NodeKind::Hole) {
                    list.push((index, slot));
                }
            }
        }
        for (key, slot) in self.doc.pairs(cursor) {
            if let Some(index) = key.as_array_index() {
                list.push((index, slot));
            }
        }
        if !list.is_sorted_by_key(|entry| entry.0) {
            // Stable, so that of one index the last one written stays last.
            list.sort_by_key(|entry| entry.0);
        }
        list.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                *earlier = *later;
            }
            same
        });
        list
    }
}

impl<'a> Document<'a> {
    /// Properties from here on: keys, and the slots of their values.
    pub(crate) fn pairs(&self, mut cursor: Cursor) -> impl Iterator<Item = (Key<'a>, u32)> {
        core::iter::from_fn(move || {
            let key = self.key_at(cursor.next(self)?)?;
            Some((key, cursor.next(self)?))
        })
    }

    /// The property key at a slot.
    #[inline(always)]
    pub(crate) fn key_at(&self, slot: u32) -> Option<Key<'a>> {
        let node = self.nodes.get(slot)?;
        Some(match node.kind() {
            NodeKind::OneByte | NodeKind::TwoByte | NodeKind::Utf8 => Key::Text(self.text(&node)),
            NodeKind::Int32 => Key::Number(self.int32(&node).into()),
            NodeKind::Uint32 => Key::Number(self.uint32(&node).into()),
            _ => Key::Number(self.value_of(slot).as_f64()?),
        })
    }

    /// The value that has this node itself, see [`Value::id`].
    pub(crate) fn value_of(&self, index: u32) -> Value<'_, 'a> {
        Value { doc: self, index }
    }

    /// The bytes of a run of a host object's payload; `None` where the slot is a value.
    pub(crate) fn host_bytes_at(&self, slot: u32) -> Option<&'a [u8]> {
        let node = self.nodes.get(slot)?;
        (node.kind() == NodeKind::HostBytes).then(|| self.bytes(node.content(), node.number()))
    }

    /// The compiled code of an inline WebAssembly module.
    pub(crate) fn compiled_code(&self, module: u32) -> &'a [u8] {
        let Some(node) = self.nodes.get(module) else { return &[] };
        let extra = self.nodes.extra(module, &node);
        extra.map_or(&[], |extra| self.bytes(extra.first() as usize, node.b.into()))
    }

    pub(crate) fn nodes(&self) -> &Nodes {
        &self.nodes
    }

    /// The slots of the values.
    pub(crate) fn roots(&self) -> Cursor {
        Cursor { next: 0, end: self.nodes.end() }
    }

    /// What the container at `slot` holds.
    pub(crate) fn contents(&self, slot: u32) -> Cursor {
        match self.nodes.get(slot) {
            Some(node) if node.is_container() => {
                Cursor { next: self.nodes.next(slot), end: node.a }
            }
            _ => Cursor::default(),
        }
    }

    /// The value at a slot, references followed.
    pub(crate) fn value_at(&self, slot: u32) -> Value<'_, 'a> {
        Value::at_slot(self, slot)
    }

    /// The view over the buffer (or over the reference to one) at `slot`, and the extra behind it.
    pub(crate) fn view_of(&self, slot: u32) -> Option<(u32, Node, Node)> {
        self.nodes.get(slot).filter(|node| node.flag(HAS_VIEW))?;
        let index = self.nodes.after(slot).checked_sub(VIEW_WORDS)?;
        let view = self.nodes.get(index)?;
        Some((index, view, self.nodes.extra(index, &view)?))
    }

    /// The number that does not fit into the node at `slot`.
    pub(crate) fn extra_of(&self, slot: u32) -> Option<u64> {
        let node = self.nodes.get(slot)?;
        self.nodes.extra(slot, &node).map(|extra| extra.number())
    }

    /// Some of the slots, in order, from which [`slot_at`](Self::slot_at) goes on.
    #[cfg(feature = "serde")]
    pub(crate) fn marks(&self) -> Vec<u32> {
        const APART: usize = 64;
        self.nodes.iter().step_by(APART).map(|(slot, _)| slot).collect()
    }

    /// The slot whose tag is at `offset`. Nodes stand in the order of the wire, except in what is not streamed:
    /// version 0, and version 13 with references.
    #[cfg(feature = "serde")]
    pub(crate) fn slot_at(&self, offset: usize, marks: &[u32]) -> Option<u32> {
        let behind = marks.partition_point(|&slot| self.tag_offset(slot) < offset);
        let mut slot = marks.get(behind.saturating_sub(1)).copied()?;
        while slot < self.nodes.end() {
            match self.tag_offset(slot).cmp(&offset) {
                Ordering::Equal => return Some(slot),
                Ordering::Greater => return None,
                Ordering::Less => slot = self.nodes.next(slot),
            }
        }
        None
    }

    /// Bytes of the input.
    pub(crate) fn part(&self, start: usize, length: u64) -> &'a [u8] {
        self.bytes(start, length)
    }

    /// Whether objects may have a key twice.
    pub(crate) fn may_repeat_keys(&self) -> bool {
        self.duplicates
    }

    /// All nodes that are references.
    pub(crate) fn references(&self) -> impl Iterator<Item = Node> {
        self.nodes.iter().map(|(_, node)| node).filter(|node| node.kind() == NodeKind::Reference)
    }
}
