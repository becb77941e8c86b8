//! What is open, outermost first.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::error::{Step, path};
use crate::document::Key;
use crate::write::writer::Writer;
use crate::write::{Entry, OpenArray};

/// An open container.
#[derive(Clone, Copy, Debug)]
pub(super) enum Level {
    Array {
        array: OpenArray,
        /// How many elements there are.
        count: usize,
        /// How many of them are numbers, as integers and as doubles.
        integers: usize,
        doubles: usize,
    },
    Object {
        /// Where its entries begin among those of all open objects.
        base: usize,
        /// Whether a key is being written, or the end, rather than the value of the last entry.
        between: bool,
        names: Names,
    },
    Map {
        /// Keys and values, the one being written included.
        count: usize,
    },
    Set {
        /// How many members there are.
        count: usize,
    },
    Error {
        /// The part that is being written.
        part: &'static str,
    },
    /// A map that will be an object or a `Map`, as its first key is.
    Undecided,
}

/// What is known of an object's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// Nothing.
    Any,
    /// They are a struct's.
    Fields,
}

/// The path of what is being written.
pub(super) fn current_path(levels: &[Level], entries: &[Entry], writer: &Writer) -> String {
    let mut end = entries.len();
    let mut trace = Vec::new();
    for level in levels.iter().rev() {
        match *level {
            Level::Array { count, .. } => {
                trace.push(Step::Index(u32::try_from(count).unwrap_or(u32::MAX)));
            }
            Level::Object { base, between, .. } => {
                let last = entries.get(base..end).and_then(<[Entry]>::last);
                if let Some(entry) = last.filter(|_| !between) {
                    trace.push(match writer.key_of(*entry) {
                        Ok(index) => Step::Index(index),
                        Err(text) => Step::Property(Key::Text(text)),
                    });
                }
                end = base;
            }
            Level::Map { count } if count % 2 == 1 => trace.push(Step::MapKey(count / 2)),
            Level::Map { count } if count > 0 => trace.push(Step::MapValue(count / 2 - 1)),
            Level::Set { count } => trace.push(Step::Member(count)),
            Level::Error { part } => trace.push(Step::Ascii(part)),
            Level::Map { .. } | Level::Undecided => {}
        }
    }
    path(&trace)
}
