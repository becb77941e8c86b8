//! Values as a person wants to see them: the text that Node's `util.inspect` shows.
//!
//! ```
//! use v8wire::inspect::{InspectOptions, to_string};
//! // What Node writes for `{ name: 'Ada', tags: new Set([1n]) }`.
//! let blob = b"\xFF\x0Fo\"\x04name\"\x03Ada\"\x04tags'Z\x10\x01\0\0\0\0\0\0\0,\x01{\x02";
//! let doc = v8wire::Document::parse(blob)?;
//! assert_eq!(
//!     to_string(doc.root().value(), &InspectOptions::default()),
//!     "{ name: 'Ada', tags: Set(1) { 1n } }"
//! );
//! # Ok::<(), v8wire::Error>(())
//! ```
//!
//! What differs from Node:
//! - Identity is shown: an object that occurs several times is marked where it is first, `<ref *1>`,
//!   and is `[Ref *1]` at the other places (`[Circular *1]`, as in Node, within itself). Node writes
//!   such an object out again. Numbers go by the order of the first references in the data.
//! - Properties stand in the order of the data, and so do entries that V8 would collapse.
//! - Objects are cut at [`InspectOptions::max_items`] too, bytes at [`InspectOptions::max_bytes`].
//! - Buffers show what Node does not: `maxByteLength`, `immutable`, the id of one that is elsewhere.
//!   So do views of those, host objects (`HostObject { <01 02>, 'value' }`) and WebAssembly's.
//! - Control characters in stacks and patterns are escaped; stack frames are not coloured, and those
//!   that a cause repeats not left out. A RegExp's source is as the data has it.
//! - Columns are measured in UTF-16 units, also for characters that are two columns wide.
//! - Below 50 levels lines are indented no more.

mod items;
mod layout;
mod leaf;
mod paint;
mod strings;

use alloc::string::String;
use core::fmt;

use crate::document::Value;

/// How much of a value is shown, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InspectOptions {
    /// Colours by ANSI escape codes, as Node has them. Default: no.
    pub colors: bool,
    /// Show all, whatever the limits below say. Default: no.
    pub full: bool,
    /// Levels of containers within the outermost that are shown; deeper ones are `[Object]`. `None`
    /// for all. Default: 8. (Node's default is 2.)
    pub depth: Option<usize>,
    /// Elements, entries, members or properties shown of each container. Default: 100.
    pub max_items: usize,
    /// UTF-16 units shown of a string. Default: 10,000.
    pub max_string: usize,
    /// Bytes shown of a buffer. Default: 50.
    pub max_bytes: usize,
    /// Columns of a line, where there are places to break it. Default: 80.
    pub width: usize,
}

impl Default for InspectOptions {
    fn default() -> Self {
        InspectOptions {
            colors: false,
            full: false,
            depth: Some(8),
            max_items: 100,
            max_string: 10_000,
            max_bytes: 50,
            width: 80,
        }
    }
}

/// Writes a value. There is no line end behind it.
///
/// # Errors
/// Those of `out`.
pub fn write(
    value: Value<'_, '_>,
    options: &InspectOptions,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    layout::write(value, options, out)
}

/// As [`write`](write()), into a string.
pub fn to_string(value: Value<'_, '_>, options: &InspectOptions) -> String {
    let mut text = String::new();
    // A string takes everything.
    let _ = write(value, options, &mut text);
    text
}
