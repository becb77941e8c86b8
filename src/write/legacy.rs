//! What versions below 13 have in a form of their own (SPEC.md 6). It is written as given only: for a
//! document that was read from such data, never anew.

use super::frame::{Class, Frame, FrameKind};
use super::writer::{Done, Form, Writer};
use crate::text::Text;
use crate::wire::Tag;
use crate::wire::version::Version;

/// The oldest version that is written anew.
const OLDEST: u32 = 13;

impl Writer {
    /// Whether data of this version can be written.
    pub(super) fn writes(form: Form, version: u32) -> bool {
        (form == Form::AsGiven || version >= OLDEST) && version <= crate::wire::LATEST_VERSION
    }

    /// Begins an object, or a sparse array of a length, whose contents stand in front of it (SPEC.md
    /// 6.2). It takes no id.
    pub(crate) fn begin_on_stack(&mut self, length: Option<u32>) -> Done {
        self.guard(|w| {
            w.slot(Class::Other)?;
            let kind = if length.is_some() { FrameKind::Sparse } else { FrameKind::Object };
            let mut frame = Frame::new(kind);
            frame.length = length.unwrap_or(0);
            w.frames.push(frame);
            Ok(())
        })
    }

    /// A hole that is written as undefined (SPEC.md 6.7).
    pub(crate) fn undefined_hole(&mut self) -> Done {
        self.guard(|w| {
            w.slot(Class::Hole)?;
            w.out.tag(Tag::UNDEFINED);
            Ok(())
        })
    }

    /// What a memory holds, or the shared buffer of one, that V8's first reading of version 13 left without
    /// it (SPEC.md 4.10). No reader takes these bytes: they are there for others to be put in their place.
    pub(crate) fn nothing_held(&mut self) -> Done {
        self.guard(|w| {
            let class = match w.frames.last().map(|frame| frame.kind) {
                Some(FrameKind::WasmMemory) => Class::SharedBuffer,
                _ => Class::WasmMemory,
            };
            w.slot(class)?;
            w.out.tag(Tag::UNDEFINED);
            Ok(())
        })
    }

    /// The string in a RegExp, a String object or a part of an error: without a tag below version 12
    /// (SPEC.md 6.8).
    pub(super) fn inner_text(&mut self, text: Text<'_>) -> Done {
        if !Version(self.version).raw_utf8_strings() {
            return self.text(text);
        }
        let owned;
        let bytes = match text {
            Text::Utf8(bytes) => bytes,
            other => {
                owned = other.to_str();
                owned.as_bytes()
            }
        };
        self.out.varint(bytes.len() as u64);
        self.out.raw(bytes);
        Ok(())
    }
}
