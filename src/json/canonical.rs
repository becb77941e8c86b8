//! What a plain JSON value stands for in typed JSON: the encoding that V8 itself would write.

use alloc::vec::Vec;

use crate::document::raw::{Cursor, NodeKind};
use crate::document::{Document, Key};
use crate::text::Text;

/// Whether the text is a plain JSON string in typed JSON. `raw`: it has no tag and can only be UTF-8.
pub(super) fn is_plain_text(text: Text<'_>, raw: bool) -> bool {
    match text {
        Text::OneByte(_) => true,
        Text::TwoByte(..) => needs_two_bytes(text) && text.is_well_formed(),
        Text::Utf8(bytes) => raw && core::str::from_utf8(bytes).is_ok(),
    }
}

/// Whether a unit does not fit in one byte.
pub(super) fn needs_two_bytes(text: Text<'_>) -> bool {
    text.units().any(|unit| unit > 0xFF)
}

/// Whether properties can be a plain JSON object: each key has the encoding that V8 gives it, indices
/// come first and ascend, no key begins with `$` or occurs twice.
pub(super) fn are_plain_members(doc: &Document<'_>, mut cursor: Cursor) -> bool {
    let all = cursor;
    let mut last_index = None;
    let mut texts = false;
    while let Some(slot) = cursor.next(doc) {
        let Some(node) = doc.nodes().get(slot) else { return false };
        match node.kind() {
            NodeKind::Int32 | NodeKind::Double => {
                let Some(index) = index_of(doc, slot, node.kind()) else { return false };
                if texts || last_index.is_some_and(|last| last >= index) {
                    return false;
                }
                last_index = Some(index);
            }
            NodeKind::OneByte | NodeKind::TwoByte => {
                let text = doc.text(&node);
                let dollar = text.units().next() == Some(u16::from(b'$'));
                if dollar || !is_plain_text(text, false) || text.as_array_index().is_some() {
                    return false;
                }
                texts = true;
            }
            _ => return false,
        }
        cursor.next(doc);
    }
    !doc.may_repeat_keys() || are_unique(doc, all)
}

/// The index at `slot`, if it is one and has the tag that V8 gives it: that of signed integers where
/// it fits.
fn index_of(doc: &Document<'_>, slot: u32, kind: NodeKind) -> Option<u32> {
    let index = doc.key_at(slot)?.as_array_index()?;
    let fits = i32::try_from(index).is_ok();
    (fits == (kind == NodeKind::Int32)).then_some(index)
}

/// Only asked where the reader has let repeated keys pass.
fn are_unique(doc: &Document<'_>, cursor: Cursor) -> bool {
    let mut texts: Vec<Text<'_>> = doc
        .pairs(cursor)
        .filter_map(|(key, _)| match key {
            Key::Text(text) => Some(text),
            Key::Number(_) => None,
        })
        .collect();
    texts.sort_unstable();
    texts.is_sorted_by(|a, b| a < b)
}
