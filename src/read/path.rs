//! Where in the value an error is: rendered from the stack, and only when there is an error.

use alloc::string::String;
use core::fmt::Write as _;

use super::frame::{Frame, FrameKind, Next};
use super::keys::key_at;
use super::machine::Machine;
use super::scalar::{Key, Name};
use crate::error::Error;
use crate::path::{push_property, start_of};
use crate::wire::Tag;
use crate::wire::input::Input;

/// Segments shown at the start of a long path, and at its end.
const HEAD: usize = 24;
const TAIL: usize = 8;
/// Characters shown of a long key.
const KEY: usize = 64;

impl Machine<'_> {
    /// An error in the value being read.
    #[cold]
    #[inline(never)]
    pub(super) fn placed(&self, error: Error) -> Error {
        error.place(self.current_tag(), || self.path())
    }

    /// An error in the innermost container itself, not in one of its values.
    #[cold]
    #[inline(never)]
    pub(super) fn placed_at_container(&self, error: Error) -> Error {
        let outer = self.frames.len().saturating_sub(1);
        error.place(self.current_tag(), || render(&self.frames[..outer], &self.input))
    }

    fn current_tag(&self) -> Option<Tag> {
        self.input.data().get(self.span().start).map(|&tag| Tag(tag))
    }

    /// The path of the value that was read last.
    pub(crate) fn path(&self) -> String {
        render(&self.frames, &self.input)
    }
}

fn render(frames: &[Frame], input: &Input<'_>) -> String {
    let mut path = String::from("$");
    // The middle is not even looked at: a path is asked for at each line of an annotation.
    let (head, tail) = match frames.len().checked_sub(HEAD + TAIL) {
        Some(2..) => (&frames[..HEAD], &frames[frames.len() - TAIL..]),
        _ => (frames, &[][..]),
    };
    for frame in head {
        segment(&mut path, frame, input);
    }
    if !tail.is_empty() {
        let _ = write!(path, "\u{2026}<{} more>\u{2026}", frames.len() - HEAD - TAIL);
    }
    for frame in tail {
        segment(&mut path, frame, input);
    }
    path
}

fn segment(path: &mut String, frame: &Frame, input: &Input<'_>) {
    let last = frame.count.wrapping_sub(1);
    let _ = match (frame.container(), frame.next()) {
        (FrameKind::Dense, Next::Element) if frame.count > 0 => write!(path, "[{last}]"),
        (
            FrameKind::Object
            | FrameKind::Sparse
            | FrameKind::Dense
            | FrameKind::LegacyObject
            | FrameKind::LegacySparse,
            _,
        ) if frame.count > 0 => {
            push_key(path, input, frame.key());
            Ok(())
        }
        (FrameKind::Map, Next::Value) => write!(path, "<key {last}>"),
        (FrameKind::Map, _) if frame.count > 0 => write!(path, "<value {last}>"),
        (FrameKind::Set, _) if frame.count > 0 => write!(path, "<{last}>"),
        (FrameKind::Error, Next::Value | Next::Element) => write!(path, ".cause"),
        (FrameKind::WasmMemory, Next::Value) => write!(path, ".buffer"),
        (FrameKind::WasmShared, Next::Value) => write!(path, ".memory"),
        (FrameKind::Host, _) if frame.count > 0 => write!(path, "<host {last}>"),
        _ => Ok(()),
    };
}

fn push_key(path: &mut String, input: &Input<'_>, offset: usize) {
    let Some(mut name) = key_at(input, offset).map(Key::name) else { return };
    if let Name::Index(index) = name {
        let _ = write!(path, "[{index}]");
    } else if let Some(text) = name.with_text(|text| start_of(text, KEY)) {
        push_property(path, &text, KEY);
    }
}
