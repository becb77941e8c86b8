//! Values as JSON: plain, with documented losses, and typed, with none.
//!
//! - [`write_plain`] is for programs that want the data: what JSON cannot say is converted (SPEC.md 11).
//! - [`write_typed`] keeps everything, down to the encoding of each string, so that the same bytes can
//!   be made of it again (SPEC.md 10): [`to_vec`] makes them, and those of plain JSON as well.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use v8wire::json::{PlainOptions, TypedOptions, to_plain_string, to_typed_string};
//! // What Node writes for `{ at: new Date(0), n: 1n }`.
//! let blob = b"\xFF\x0Fo\"\x02atD\0\0\0\0\0\0\0\0\"\x01nZ\x10\x01\0\0\0\0\0\0\0{\x02";
//! let doc = v8wire::Document::parse(blob)?;
//! assert_eq!(
//!     to_plain_string(doc.root().value(), &PlainOptions::default())?,
//!     r#"{"at":"1970-01-01T00:00:00.000Z","n":"1"}"#
//! );
//! assert_eq!(
//!     to_typed_string(&doc, &TypedOptions::default())?,
//!     r#"{"$v8":{"version":15},"value":{"at":{"$date":"1970-01-01T00:00:00.000Z"},"n":{"$bigint":"1"}}}"#
//! );
//! # Ok(())
//! # }
//! ```
//!
//! The two write as they walk and hold no more than a stack of the containers that are open, but for typed JSON
//! of bytes that no engine writes, which are written anew meanwhile to be compared. `to_vec` holds 16 bytes for
//! each value and key of the text besides. Nothing recurses.

mod canonical;
mod encode;
mod frames;
mod out;
mod patch;
mod plain;
mod scalar;
mod typed;

use alloc::string::String;
use core::fmt;

pub use encode::{EncodeError, EncodeErrorKind, EncodeOptions, to_vec, to_vec_with};

use crate::document::{Document, Value};

/// How [`write_plain`] converts. The conversions themselves are in SPEC.md 11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlainOptions {
    /// What bigints become. Default: strings.
    pub bigints: BigInts,
    /// What typed arrays and Buffers become. Default: arrays of numbers.
    pub bytes: Bytes,
    /// What becomes of a value that is inside of itself. Default: an error.
    pub cycles: Cycles,
    /// How many JSON values may be written, elements of typed arrays and holes included. What is left
    /// out counts too, 64 bytes of text count as a value, and long bigints as many. Objects that occur
    /// several times are written at each place, so that a few bytes can stand for any amount of text.
    /// Default: 100 million.
    pub max_nodes: u64,
    /// Spaces a level, each item on a line of its own; `None` for all on one line. Levels below the
    /// 64th are indented as the 64th. Default: `None`.
    pub indent: Option<usize>,
}

impl Default for PlainOptions {
    fn default() -> Self {
        PlainOptions {
            bigints: BigInts::default(),
            bytes: Bytes::default(),
            cycles: Cycles::default(),
            max_nodes: 100_000_000,
            indent: None,
        }
    }
}

/// What bigints become in plain JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BigInts {
    /// Strings of decimal digits, of hexadecimal ones with `0x` above 65,536 bits.
    #[default]
    String,
    /// JSON numbers of any length, which many readers round. Strings above 65,536 bits.
    Number,
}

/// What typed arrays and Node's Buffers become in plain JSON. ArrayBuffers and DataViews always
/// become base64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bytes {
    /// Arrays of numbers.
    #[default]
    Array,
    /// Strings: the bytes in base64.
    Base64,
}

/// What becomes of a value that is inside of itself in plain JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cycles {
    /// A [`JsonError`].
    #[default]
    Error,
    /// `{"$ref":"$.a"}`, the path of the value that it is within.
    Path,
}

/// How [`write_typed`] writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypedOptions {
    /// As [`PlainOptions::indent`].
    pub indent: Option<usize>,
    /// Leave out what makes bytes of the text that no writer would write: padding, overlong numbers, wrong
    /// counts (SPEC.md 10.16). The texts of two documents are then the same where they hold the same. What
    /// an engine wrote has nothing to leave out. Default: all of it is there.
    pub canonical: bool,
}

/// Why there is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError(Reason);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reason {
    Cycle { path: String, target: String },
    Limit { path: String, max: u64 },
    Write,
}

impl JsonError {
    /// Whether a value is inside of itself, which plain JSON cannot say; see [`Cycles`].
    pub fn is_cycle(&self) -> bool {
        matches!(self.0, Reason::Cycle { .. })
    }

    /// Whether there was more than [`PlainOptions::max_nodes`].
    pub fn is_limit(&self) -> bool {
        matches!(self.0, Reason::Limit { .. })
    }

    /// Where in the value it happened, such as `$.users[0].parent`; `None` where writing the text
    /// failed.
    pub fn path(&self) -> Option<&str> {
        match &self.0 {
            Reason::Cycle { path, .. } | Reason::Limit { path, .. } => Some(path),
            Reason::Write => None,
        }
    }
}

impl From<fmt::Error> for JsonError {
    fn from(_: fmt::Error) -> Self {
        JsonError(Reason::Write)
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Cycle { path, target } => write!(f, "cycle: {path} is {target} again"),
            Reason::Limit { path, max } => write!(f, "more than {max} values at {path}"),
            Reason::Write => f.write_str("the text could not be written"),
        }
    }
}

impl core::error::Error for JsonError {}

/// Writes a value as plain JSON, as `JSON.stringify` does and beyond it (SPEC.md 11).
///
/// # Errors
/// A cycle (unless the options say otherwise), more values than the limit, or an error of `out`. What
/// has been written by then stays written.
pub fn write_plain(
    value: Value<'_, '_>,
    options: &PlainOptions,
    out: &mut dyn fmt::Write,
) -> Result<(), JsonError> {
    plain::write(value, options, out)
}

/// As [`write_plain`], into a string.
///
/// # Errors
/// As [`write_plain`].
pub fn to_plain_string(value: Value<'_, '_>, options: &PlainOptions) -> Result<String, JsonError> {
    let mut text = String::new();
    write_plain(value, options, &mut text)?;
    Ok(text)
}

/// Writes a document as typed JSON, which keeps everything (SPEC.md 10).
///
/// Of what a [`ValueDeserializer`](crate::ValueDeserializer) read it keeps the values only: its caller may
/// have read other data between them.
///
/// # Errors
/// An error of `out`.
pub fn write_typed(
    doc: &Document<'_>,
    options: &TypedOptions,
    out: &mut dyn fmt::Write,
) -> Result<(), JsonError> {
    typed::write(doc, doc.bytes_read(), options, out).map_err(JsonError::from)
}

/// As [`write_typed`], of a document that is a part of `data`: [`to_vec`] makes all of `data` of the text, unless it is
/// [canonical](TypedOptions::canonical). It keeps an embedder's envelope, such as that of Chromium (SPEC.md 9.1), and
/// what follows the value.
///
/// ```
/// use v8wire::json::{TypedOptions, to_vec, write_typed_within};
/// let data = b"\x2A\xFF\x0FT more"; // 42, `true`, and more
/// let (doc, _) = v8wire::Document::parse_prefix(&data[1..])?;
/// let mut text = String::new();
/// write_typed_within(&doc, data, &TypedOptions::default(), &mut text).unwrap();
/// assert!(text.starts_with(r#"{"$v8":{"version":15},"value":true,"patches":{"#));
/// assert_eq!(to_vec(&text).unwrap(), data);
/// # Ok::<(), v8wire::Error>(())
/// ```
///
/// # Errors
/// An error of `out`.
pub fn write_typed_within(
    doc: &Document<'_>,
    data: &[u8],
    options: &TypedOptions,
    out: &mut dyn fmt::Write,
) -> Result<(), JsonError> {
    typed::write(doc, Some(data), options, out).map_err(JsonError::from)
}

/// As [`write_typed`], into a string.
///
/// # Errors
/// None but those of memory.
pub fn to_typed_string(doc: &Document<'_>, options: &TypedOptions) -> Result<String, JsonError> {
    let mut text = String::new();
    write_typed(doc, options, &mut text)?;
    Ok(text)
}
