//! The nodes of a document: one vector of words, in which a node is found by the index of its first.

use alloc::vec::Vec;

use super::node::{HAS_EXTRA, HAS_VIEW, Node, NodeKind, VIEW_WORDS, WORDS, flag_bits, is_alone};

/// See [`Node`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Nodes {
    pub(super) words: Vec<u64>,
    /// How many nodes have two words.
    pub(super) pairs: u32,
}

impl Nodes {
    /// How many nodes there are.
    pub(super) fn count(&self) -> usize {
        self.words.len() - self.pairs as usize
    }

    /// The index behind the last node.
    #[inline(always)]
    pub(crate) fn end(&self) -> u32 {
        self.words.len() as u32
    }

    #[inline(always)]
    pub(crate) fn get(&self, index: u32) -> Option<Node> {
        let head = *self.words.get(index as usize)?;
        // Of a short node it says nothing, and is not asked for.
        let second = self.words.get(index as usize + 1).copied().unwrap_or(0);
        Some(Node::from_words(head, second))
    }

    #[inline(always)]
    pub(crate) fn kind(&self, index: u32) -> Option<NodeKind> {
        self.get(index).map(|node| node.kind())
    }

    /// Whether the node at `index` is all of a value, and none that is referred to from elsewhere: so it is of
    /// nearly all that hold no others.
    #[inline(always)]
    pub(super) fn is_short(&self, index: u32) -> bool {
        self.words.get(index as usize).is_some_and(|&head| is_alone(head))
    }

    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.pairs = 0;
    }

    pub(super) fn set_flag(&mut self, index: u32, flag: u8) {
        if let Some(head) = self.words.get_mut(index as usize) {
            *head |= flag_bits(flag);
        }
    }

    /// Notes that what comes next is behind the contents of a container, whose number `b` is this now if
    /// there is one. Gives the number that it had in the place of the node behind it.
    #[inline(always)]
    pub(super) fn end_container(&mut self, index: u32, b: Option<u32>) -> Option<u32> {
        let after = u64::from(self.end());
        let second = self.words.get_mut((index as usize).checked_add(1)?)?;
        let had = *second;
        *second = after | b.map_or(had & !u64::from(u32::MAX), |b| u64::from(b) << 32);
        Some(had as u32)
    }

    /// The extra behind a node.
    pub(super) fn extra(&self, index: u32, node: &Node) -> Option<Node> {
        if node.flag(HAS_EXTRA) { self.get(index + WORDS) } else { None }
    }

    /// The index of the node behind the one at `index` and its extra: of a container the first that it
    /// holds.
    #[inline(always)]
    pub(super) fn next(&self, index: u32) -> u32 {
        match self.words.get(index as usize) {
            Some(&head) if is_alone(head) => index + 1,
            Some(&head) => index + Node::from_words(head, 0).own_words(),
            None => u32::MAX,
        }
    }

    /// The index behind the value at `index`: one step, whatever the value holds.
    #[inline(always)]
    pub(crate) fn after(&self, index: u32) -> u32 {
        match self.words.get(index as usize) {
            Some(&head) if is_alone(head) => index + 1,
            _ => self.after_others(index),
        }
    }

    #[inline]
    fn after_others(&self, index: u32) -> u32 {
        let Some(node) = self.get(index) else { return u32::MAX };
        let after = if node.is_container() { node.a } else { index + node.own_words() };
        if node.flag(HAS_VIEW) { after.saturating_add(VIEW_WORDS) } else { after }
    }

    /// All nodes, those in containers too.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Node)> {
        let mut next = 0;
        core::iter::from_fn(move || {
            let index = next;
            let node = self.get(index)?;
            next = self.next(index);
            Some((index, node))
        })
    }
}
