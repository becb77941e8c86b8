//! Keys that an object has twice, which V8 refuses to read (SPEC.md 3.10.4, 3.11.4).
//!
//! The keys of open objects are kept as they were written, since what has been written may be gone
//! by the time that the object ends. They are compared as the reader does.

use alloc::string::String;
use alloc::vec::Vec;

use super::error::{WriteError, WriteErrorKind};
use super::frame::{Frame, FrameKind, Next};
use super::writer::{Done, Writer};
use crate::read::event::Event;
use crate::read::keys::{Keys, spelling};
use crate::read::scalar::{Key, Name};
use crate::text::Text;
use crate::wire::ByteOrder;
use crate::wire::input::Input;

/// The keys of all open objects.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    keys: Keys,
    /// Their bytes.
    bytes: Vec<u8>,
    /// For each open object where its bytes begin.
    starts: Vec<usize>,
    /// The holes of open dense arrays: how deep the array is, and the index.
    holes: Vec<(u32, u32)>,
}

fn is_keyed(kind: FrameKind) -> bool {
    matches!(kind, FrameKind::Object | FrameKind::Sparse | FrameKind::Dense)
}

impl Names {
    pub(super) fn begin(&mut self, kind: FrameKind) {
        if is_keyed(kind) {
            self.starts.push(self.bytes.len());
        }
    }

    /// The innermost object ends; gives a key that it has twice.
    pub(super) fn end(&mut self, frame: Frame, depth: u32, order: ByteOrder) -> Option<String> {
        if !is_keyed(frame.kind) {
            return None;
        }
        let start = self.starts.pop()?;
        // The count of a dense array is that of its elements until there is a key.
        let count = if frame.next == Next::Element { 0 } else { frame.count as usize };
        let input = Input::new(&self.bytes, order);
        let twice = self.keys.pop(count, &input).and_then(|offset| spelling(&input, offset));
        self.bytes.truncate(start);
        while self.holes.last().is_some_and(|hole| hole.0 == depth) {
            self.holes.pop();
        }
        twice
    }

    /// Whether an array has this name already, without looking at its other properties.
    fn array_has(&self, frame: Frame, depth: u32, key: Key<'_>) -> bool {
        match key.name() {
            Name::Index(index) => {
                frame.kind == FrameKind::Dense
                    && index < frame.length
                    && self.holes.binary_search(&(depth, index)).is_err()
            }
            Name::Text(text) => text == "length",
            Name::Number(..) => false,
        }
    }
}

impl Writer {
    /// Refuses objects that have a key twice from here on; gives what there was.
    pub(crate) fn set_names(&mut self, names: Option<Names>) -> Option<Names> {
        core::mem::replace(&mut self.names, names)
    }

    /// A string or a number was written behind `start`, which may be a key.
    pub(super) fn note(&mut self, event: Event<'_>, start: usize) -> Done {
        let depth = self.frames.len() as u32;
        let (Some(frame), Some(names)) = (self.frames.last().copied(), &mut self.names) else {
            return Ok(());
        };
        if frame.next != Next::Value || !is_keyed(frame.kind) {
            if event == Event::Hole {
                names.holes.push((depth, frame.count.wrapping_sub(1)));
            }
            return Ok(());
        }
        let key = match event {
            Event::Int32(value) => Key::Int32(value),
            Event::Uint32(value) => Key::Uint32(value),
            Event::Double(value) => Key::Double(value),
            Event::String(text) => Key::Text(text),
            _ => return Ok(()),
        };
        if frame.kind != FrameKind::Object && names.array_has(frame, depth, key) {
            let key = key.name().with_text(|text: Text<'_>| text.to_str().into_owned());
            return duplicate(match (key, event) {
                (Some(key), _) => key,
                (None, Event::Int32(value)) => alloc::format!("{value}"),
                (None, Event::Uint32(value)) => alloc::format!("{value}"),
                (None, Event::Double(value)) => alloc::format!("{value}"),
                (None, _) => String::new(),
            });
        }
        let at = names.bytes.len();
        names.bytes.extend_from_slice(self.out.behind(start));
        names.keys.push(key, at, usize::MAX);
        Ok(())
    }
}

#[cold]
pub(super) fn duplicate<T>(key: String) -> Done<T> {
    Err(WriteError::new(WriteErrorKind::DuplicateKey { key }))
}
