//! The nodes as they stand on the wire, for writers that keep everything: references are not
//! followed, views stand behind their buffers.

use alloc::vec::Vec;

pub(crate) use super::node::{HAS_EXTRA, HAS_PROPERTIES, HAS_VIEW, MEMORY64, Node, NodeKind};
use super::node::after;
use super::parser::Document;
use super::value::Value;
use crate::text::Text;

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
        self.next = after(&doc.nodes, slot);
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

impl<'a> Document<'a> {
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The slots of the values.
    pub(crate) fn roots(&self) -> Cursor {
        Cursor { next: 0, end: self.nodes.len() as u32 }
    }

    /// What the container at `slot` holds.
    pub(crate) fn contents(&self, slot: u32) -> Cursor {
        match self.nodes.get(slot as usize) {
            Some(node) if node.is_container() => Cursor { next: slot + 1, end: node.a },
            _ => Cursor::default(),
        }
    }

    /// The value at a slot, references followed.
    pub(crate) fn value_at(&self, slot: u32) -> Value<'_, 'a> {
        Value::at_slot(self, slot)
    }

    /// The view over the buffer (or over the reference to one) at `slot`, and the extra behind it.
    pub(crate) fn view_of(&self, slot: u32) -> Option<(u32, &Node, &Node)> {
        let node = self.nodes.get(slot as usize).filter(|node| node.flag(HAS_VIEW))?;
        debug_assert!(node.flag(HAS_VIEW));
        let view = after(&self.nodes, slot).checked_sub(2)?;
        Some((view, self.nodes.get(view as usize)?, self.nodes.get(view as usize + 1)?))
    }

    /// The number that does not fit into the node at `slot`.
    pub(crate) fn extra_of(&self, slot: u32) -> Option<u64> {
        let has = self.nodes.get(slot as usize)?.flag(HAS_EXTRA);
        self.nodes.get(slot as usize + 1).filter(|_| has).map(Node::number)
    }

    /// Bytes of the input.
    pub(crate) fn part(&self, start: usize, length: u64) -> &'a [u8] {
        self.bytes(start, length)
    }

    /// The text of a node that has one.
    pub(crate) fn text_of(&self, node: &Node) -> Text<'a> {
        self.text(node)
    }

    /// Whether objects may have a key twice.
    pub(crate) fn may_repeat_keys(&self) -> bool {
        self.duplicates
    }

    /// Objects that are referred to, with their object id, sorted by node. Buffers that are only
    /// referred to by further views count where `views` says so.
    pub(crate) fn shared(&self, views: bool) -> Vec<(u32, u32)> {
        let mut shared: Vec<_> = self
            .nodes
            .iter()
            .filter(|node| node.kind() == NodeKind::Reference && (views || !node.flag(HAS_VIEW)))
            .map(|node| (node.a, node.b))
            .collect();
        shared.sort_unstable();
        shared.dedup_by_key(|entry| entry.0);
        shared.shrink_to_fit();
        shared
    }

    /// The version in the header that stands before the value of this number, if there is one.
    pub(crate) fn header_before(&self, number: usize) -> Option<u32> {
        // Headers behind the first are not kept by the document.
        (number == 0 && self.data.first() == Some(&0xFF)).then(|| self.version())
    }
}
