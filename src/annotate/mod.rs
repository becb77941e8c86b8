//! The bytes of a value, explained one by one, as a protocol analyser shows them.
//!
//! [`write()`] prints offset, bytes, meaning and path, indented by nesting; [`lines`] gives the same
//! as data. Every byte of the input belongs to exactly one [`Line`], in damaged input too: the lines
//! go up to the damage, the error stands under the byte that it is about, and what is behind is
//! counted.
//!
//! ```
//! use v8wire::{ParseOptions, annotate};
//! let mut text = String::new();
//! let options = annotate::AnnotateOptions::default();
//! let error = annotate::write(b"\xFF\x0Fo\"\x01aA\x01T$\0\x01{\x07", &ParseOptions::new(), &options, &mut text)?;
//! assert_eq!(
//!     text,
//!     r#"   0  ff 0f                     version 15
//!    2  6f                        object #0                               $
//!    3  22 01 61                    key: one-byte string "a"
//!    6  41 01                       dense array #1, length 1              $.a
//!    8  54                            true                                $.a[0]
//!    9  24 00 01                    end of dense array, 0 properties, length 1
//!   12  7b                          end of object, damaged
//!   13  07                        not read
//!       ^^ wrong count at offset 13: property count is 7, but 1 was read ($)
//! "#
//! );
//! assert_eq!(error.unwrap().offset(), 13);
//! # Ok::<(), core::fmt::Error>(())
//! ```

mod meaning;
mod print;
mod walk;

use core::fmt;

use crate::error::Error;
use crate::options::ParseOptions;
use crate::read::{Event, Span};
use crate::wire::{ErrorTag, Tag};

/// How to print.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AnnotateOptions {
    /// Whether to colour with ANSI escape codes. Default: no.
    pub colors: bool,
    /// The bytes shown of one item; what is left is counted. Default: 64.
    pub max_bytes: usize,
    /// Whether several values may follow each other, with headers between them or not, as in
    /// [`ParseOptions::parse_all`]. Default: no, what is behind the first one is an error.
    pub all: bool,
}

impl Default for AnnotateOptions {
    fn default() -> Self {
        AnnotateOptions { colors: false, max_bytes: 64, all: false }
    }
}

/// A run of bytes and what they are.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Line<'l, 'a> {
    /// Where the bytes stand. Empty for what the data has no bytes for: the begin of a container of
    /// version 0, the end of a host object, the end of the input as the place of an error.
    pub span: Span,
    /// How deep it is nested.
    pub depth: usize,
    /// Which value it belongs to, counted from 0; see [`AnnotateOptions::all`].
    pub value: usize,
    /// What the bytes are.
    pub item: Item<'a>,
    /// The id of the object that starts here. What a failed reading of version 13 left (SPEC.md 4.10) has
    /// no line of its own: ids are left out for it where it is first referred to.
    pub id: Option<u32>,
    /// Where the object that a reference is about stands.
    pub target: Option<usize>,
    /// The path of the value that starts here, such as `$.users[0].name`.
    pub path: Option<&'l str>,
    /// The error, if it is about a byte of this line, or about the end of the input if it is here.
    pub error: Option<&'l Error>,
}

/// What the bytes of a [`Line`] are.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Item<'a> {
    /// A header.
    Header {
        /// The wire format version.
        version: u32,
    },
    /// Zeros in front of a tag, which mean nothing.
    Padding,
    /// An object count, which means nothing.
    ObjectCount {
        /// The count.
        count: u32,
    },
    /// The key of a property.
    Key(Event<'a>),
    /// A value, or the begin of one with contents.
    Value(Event<'a>),
    /// A part of a value: of an error or of a host object, or the view of the buffer before.
    Part(Event<'a>),
    /// The end of a value with contents.
    End(Event<'a>),
    /// Something damaged, up to the byte that the error is about.
    Damaged(Damaged),
    /// The rest of damaged input.
    Unread,
    /// Bytes behind the value.
    Trailing,
}

/// What is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damaged {
    /// What starts with this tag.
    Tag(Tag),
    /// A part of an error that starts with this tag.
    ErrorPart(ErrorTag),
    /// The payload of a host object.
    HostBytes,
    /// All of a value of version 0, which is read from its end.
    Legacy,
}

/// Calls `visit` with each line, in the order of the input.
///
/// The input is read twice: the error has to be known before the lines that it is about. That takes
/// eight bytes for each object besides what [`Reader`](crate::Reader) takes, and eight for each open
/// container.
///
/// Gives the error that `options` find in the data, [`TrailingData`](crate::ErrorKind::TrailingData)
/// included; no lines are made behind it but one for the rest of the bytes.
///
/// # Errors
/// What `visit` returned.
pub fn lines<'a>(
    data: &'a [u8],
    parse: &ParseOptions,
    options: &AnnotateOptions,
    visit: &mut dyn FnMut(&Line<'_, 'a>) -> fmt::Result,
) -> Result<Option<Error>, fmt::Error> {
    let error = walk::find_error(data, parse, options.all).err();
    walk::Walk::new(data, error.as_ref(), visit).run(parse, options.all)?;
    Ok(error)
}

/// Prints the lines: offset, bytes, meaning and path.
///
/// Offsets are decimal, as they are in errors. Strings are cut at 60 characters, bytes at
/// [`AnnotateOptions::max_bytes`]; characters that are not to be printed are escaped.
///
/// Gives the error in the data, which has been printed too.
///
/// # Errors
/// What `out` returned.
pub fn write(
    data: &[u8],
    parse: &ParseOptions,
    options: &AnnotateOptions,
    out: &mut dyn fmt::Write,
) -> Result<Option<Error>, fmt::Error> {
    let mut printer = print::Printer::new(data, options, out);
    lines(data, parse, options, &mut |line| printer.line(line))
}
