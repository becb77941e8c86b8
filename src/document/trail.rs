//! Paths to values that cannot be written.

use alloc::string::String;
use core::fmt::Write as _;

use super::node::NodeKind;
use super::parser::Document;

/// Segments shown at the start of a long path, and at its end.
const HEAD: usize = 24;
const TAIL: usize = 8;
/// Characters shown of a long key.
const KEY: usize = 64;

/// The path that leads over so many containers, each of which `segment` appends. The middle of a long one
/// is not even gone through: each of a million values may have one.
pub(super) fn path(depth: usize, mut segment: impl FnMut(&mut String, usize)) -> String {
    let mut path = String::from("$");
    if depth <= HEAD + TAIL + 1 {
        (0..depth).for_each(|i| segment(&mut path, i));
        return path;
    }
    (0..HEAD).for_each(|i| segment(&mut path, i));
    let _ = write!(path, "\u{2026}<{} more>\u{2026}", depth - HEAD - TAIL);
    (depth - TAIL..depth).for_each(|i| segment(&mut path, i));
    path
}

impl Document<'_> {
    /// Appends what leads from the container to its value at a position, counted from 0, whose key is at
    /// the slot before.
    pub(super) fn segment(
        &self,
        path: &mut String,
        container: u32,
        position: u32,
        key: Option<u32>,
    ) {
        let Some(node) = self.nodes.get(container) else { return };
        let _ = match node.kind() {
            NodeKind::Dense if position < node.b => write!(path, "[{position}]"),
            NodeKind::Object | NodeKind::Sparse | NodeKind::Dense => {
                let key = key.and_then(|slot| self.key_at(slot));
                match key.map(|key| (key.as_array_index(), key)) {
                    Some((Some(index), _)) => write!(path, "[{index}]"),
                    Some((None, key)) => {
                        crate::path::push_property(path, &key.start(KEY), KEY);
                        Ok(())
                    }
                    None => Ok(()),
                }
            }
            NodeKind::Map if position.is_multiple_of(2) => write!(path, "<key {}>", position / 2),
            NodeKind::Map => write!(path, "<value {}>", position / 2),
            NodeKind::Set => write!(path, "<{position}>"),
            NodeKind::Error => write!(path, ".cause"),
            NodeKind::WasmMemory => write!(path, ".buffer"),
            NodeKind::WasmShared => write!(path, ".memory"),
            _ => write!(path, "<host {position}>"),
        };
    }
}
