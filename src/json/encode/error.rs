//! Why a JSON text does not become bytes, and where.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt::{self, Write as _};

use super::text::{Kind, Tape};
use crate::path::push_property;
use crate::write::{WriteError, WriteErrorKind};

/// Segments shown at the start of a long path, and at its end.
const HEAD: usize = 24;
const TAIL: usize = 8;
/// Characters shown of a long key.
const KEY: usize = 64;

/// A JSON text that does not become bytes.
///
/// ```
/// let error = v8wire::json::to_vec("[1,\n {\"$date\": true}]").unwrap_err();
/// assert_eq!(error.to_string(), "line 2, column 12: expected a string or a number ($[1].$date)");
/// assert_eq!((error.offset(), error.path()), (Some(15), Some("$[1].$date")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: EncodeErrorKind,
    place: Option<Place>,
    path: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    offset: usize,
    line: usize,
    column: usize,
}

/// The reason of an [`EncodeError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// The text is no JSON.
    Syntax {
        /// Why.
        reason: &'static str,
    },
    /// An object has the same key twice, which V8 refuses to read.
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// The text is JSON, but no typed JSON (SPEC.md 10).
    Typed {
        /// Why.
        reason: String,
    },
    /// A `$ref` whose `$id` does not stand before it.
    UnknownReference {
        /// The label.
        label: u64,
    },
    /// The text's `patches` were made for other bytes than those that the values have now; see
    /// [`EncodeOptions::ignore_patches`](super::EncodeOptions::ignore_patches).
    StalePatches,
    /// The version cannot carry it, or V8 would not take it.
    Write(WriteErrorKind),
}

impl fmt::Display for EncodeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EncodeErrorKind::Syntax { reason } => f.write_str(reason),
            EncodeErrorKind::DuplicateKey { key } => write!(f, "duplicate key {key:?}"),
            EncodeErrorKind::Typed { reason } => f.write_str(reason),
            EncodeErrorKind::UnknownReference { label } => {
                write!(f, "no `$id` {label} stands before this `$ref`")
            }
            EncodeErrorKind::StalePatches => f.write_str(
                "the values are not those that `patches` was made for; remove it, or ignore it",
            ),
            EncodeErrorKind::Write(kind) => write!(f, "{kind}"),
        }
    }
}

impl EncodeError {
    /// The reason.
    pub fn kind(&self) -> &EncodeErrorKind {
        &self.0.kind
    }

    /// The offset in the text, in bytes; `None` where the text was read and the value of it cannot be
    /// written as the options ask.
    pub fn offset(&self) -> Option<usize> {
        self.0.place.map(|place| place.offset)
    }

    /// The line, from 1 on.
    pub fn line(&self) -> Option<usize> {
        self.0.place.map(|place| place.line)
    }

    /// The column in characters, from 1 on.
    pub fn column(&self) -> Option<usize> {
        self.0.place.map(|place| place.column)
    }

    /// The way through the JSON text, such as `$.value.users[0].$date`. Where there is no
    /// [`offset`](Self::offset), the way through the value, if that is known.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    #[cold]
    pub(super) fn new(fault: Fault, text: &str, tape: &Tape<'_>) -> Self {
        let before = text.get(..fault.offset).unwrap_or(text);
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        let column = before.chars().rev().take_while(|&char| char != '\n').count() + 1;
        let place = Some(Place { offset: fault.offset, line, column });
        let path = Some(path_to(tape, fault.offset));
        EncodeError(Box::new(Inner { kind: fault.kind, place, path }))
    }
}

/// Of a value that is JSON and cannot be written as the options ask.
impl From<WriteError> for EncodeError {
    fn from(error: WriteError) -> Self {
        let path = error.path().map(String::from);
        let kind = EncodeErrorKind::Write(error.kind().clone());
        EncodeError(Box::new(Inner { kind, place: None, path }))
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Place { line, column, .. }) = self.0.place {
            write!(f, "line {line}, column {column}: ")?;
        }
        write!(f, "{}", self.0.kind)?;
        match &self.0.path {
            Some(path) => write!(f, " ({path})"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for EncodeError {}

fn path_to(tape: &Tape<'_>, offset: usize) -> String {
    let mut path = String::from("$");
    let way = tape.way_to(offset);
    let cut = way.len() > HEAD + TAIL + 1;
    for (number, &(container, child)) in way.iter().enumerate() {
        if cut && number == HEAD {
            let _ = write!(path, "\u{2026}<{} more>\u{2026}", way.len() - HEAD - TAIL);
        }
        if cut && (HEAD..way.len() - TAIL).contains(&number) {
            continue;
        }
        if tape.kind(container) == Kind::List {
            let position = tape.children(container).take_while(|&other| other != child).count();
            let _ = write!(path, "[{position}]");
        } else {
            let key = tape.members(container).find(|&(key, value)| key == child || value == child);
            if let Some((key, _)) = key {
                push_property(&mut path, &tape.str(key).start(), KEY);
            }
        }
    }
    path
}

/// An error before its place is known in lines.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    offset: usize,
    kind: EncodeErrorKind,
}

pub(super) type Step<T = ()> = Result<T, Fault>;

impl Fault {
    #[cold]
    pub(super) fn new(offset: usize, kind: EncodeErrorKind) -> Self {
        Fault { offset, kind }
    }

    #[cold]
    pub(super) fn typed(offset: usize, reason: impl Into<String>) -> Self {
        Fault { offset, kind: EncodeErrorKind::Typed { reason: reason.into() } }
    }
}
