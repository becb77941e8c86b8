//! [`Error`] as serde makes it, and paths.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use core::fmt::{Display, Write as _};

use ::serde::de;

use crate::document::Key;
use crate::error::Error;
use crate::path::push_property;
use crate::text::Text;

impl de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Error::mismatch(message.to_string())
    }
}

/// Segments shown at the start of a long path, and at its end.
const HEAD: usize = 24;
const TAIL: usize = 8;
/// Characters shown of a long key.
const KEY: usize = 64;

/// One step of a path, from a container to what it holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'de> {
    Property(Key<'de>),
    Ascii(&'de str),
    Index(u32),
    MapKey(usize),
    MapValue(usize),
    Member(usize),
}

impl Step<'_> {
    fn push(&self, path: &mut String) {
        let _ = match *self {
            Step::Property(key) => match key.as_array_index() {
                Some(index) => write!(path, "[{index}]"),
                None => {
                    let name: Cow<'_, str> = key.to_str();
                    push_property(path, &name, KEY);
                    Ok(())
                }
            },
            Step::Ascii(name) => {
                Step::Property(Key::Text(Text::OneByte(name.as_bytes()))).push(path);
                Ok(())
            }
            Step::Index(index) => write!(path, "[{index}]"),
            Step::MapKey(number) => write!(path, "<key {number}>"),
            Step::MapValue(number) => write!(path, "<value {number}>"),
            Step::Member(number) => write!(path, "<{number}>"),
        };
    }
}

/// The path of steps that were noted innermost first.
pub(super) fn path(trace: &[Step<'_>]) -> String {
    let mut path = String::from("$");
    let cut = trace.len().saturating_sub(HEAD + TAIL);
    for (number, step) in trace.iter().rev().enumerate() {
        if cut > 0 && number == HEAD {
            let _ = write!(path, "\u{2026}<{cut} more>\u{2026}");
        }
        if cut == 0 || number < HEAD || number >= HEAD + cut {
            step.push(&mut path);
        }
    }
    path
}
