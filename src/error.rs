//! What went wrong, where, and inside of which value.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use crate::wire::{ErrorTag, Tag, ViewTag};

/// An error in the data, or a limit that it exceeds.
///
/// It knows the offset in the input, the path of the value (`$.users[0].name`) and the reason:
///
/// ```
/// let error = v8wire::Document::parse(&[0xFF, 15, b'o', b'"', 1, b'k', b'"', 40, b'x']).unwrap_err();
/// assert_eq!(error.offset(), 8);
/// assert_eq!(
///     error.to_string(),
///     "unexpected end of input at offset 8: one-byte string of 40 bytes needs 39 more ($.k)"
/// );
/// assert!(error.is_eof());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    offset: usize,
    tag: Option<Tag>,
    kind: ErrorKind,
    path: Option<String>,
}

/// The reason of an [`Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input ends inside of a value.
    UnexpectedEnd {
        /// What was being read.
        what: &'static str,
        /// Its size in bytes, where the data says so.
        size: Option<u64>,
        /// How many bytes are missing, at least.
        missing: u64,
    },
    /// Bytes follow the value. V8 ignores them; see [`ParseOptions::parse_prefix`](crate::ParseOptions::parse_prefix).
    TrailingData {
        /// How many.
        remaining: usize,
    },
    /// The version is above what the engine reads, or below what the caller wants.
    UnsupportedVersion {
        /// The version of the data.
        version: u32,
        /// [`ParseOptions::minimum_version`](crate::ParseOptions::minimum_version).
        min: u32,
        /// The newest version that the engine reads.
        max: u32,
    },
    /// No value starts with this tag, in this version and for this release.
    UnknownTag {
        /// The tag.
        tag: Tag,
    },
    /// A key that is neither a string nor a number.
    InvalidKey {
        /// The tag of the key.
        tag: Tag,
    },
    /// An object has the key twice, or an array has it already.
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A count or length at the end of a container is not what was read.
    CountMismatch {
        /// What is counted.
        what: &'static str,
        /// What the data says at the end.
        declared: u32,
        /// What was read.
        found: u32,
    },
    /// A length that cannot be.
    InvalidLength {
        /// What has this length.
        what: &'static str,
        /// The length.
        length: u64,
        /// The largest possible one.
        max: u64,
    },
    /// A reference to an object that has not been met, or is not complete.
    InvalidReference {
        /// The id.
        id: u32,
        /// How many ids have been given so far.
        known: u32,
    },
    /// A bigint that V8 does not take.
    InvalidBigInt {
        /// Why.
        reason: &'static str,
    },
    /// A two-byte string with half a code unit.
    OddTwoByteLength {
        /// The length in bytes.
        length: u32,
    },
    /// Something else stands where V8 takes a string only.
    ExpectedString {
        /// What the string is for.
        what: &'static str,
        /// The tag that stands there.
        tag: Tag,
    },
    /// RegExp flags or a pattern that V8 does not take.
    InvalidRegExp {
        /// Why.
        reason: String,
    },
    /// A view that does not fit its buffer.
    InvalidView {
        /// The kind of view.
        view: ViewTag,
        /// Why.
        reason: &'static str,
    },
    /// A part of an error that is unknown or out of order.
    InvalidErrorPart {
        /// The part.
        part: ErrorTag,
        /// Why.
        reason: &'static str,
    },
    /// WebAssembly data that V8 does not take.
    InvalidWasm {
        /// Why.
        reason: &'static str,
    },
    /// A transferred or shared value that the caller did not provide.
    Unresolved {
        /// What it is.
        what: &'static str,
        /// Its id.
        id: u32,
    },
    /// A host object, and the profile has no delegate that reads it.
    NoHostDelegate,
    /// The delegate could not read the host object.
    HostObject {
        /// The delegate's reason.
        reason: String,
    },
    /// The stack of a version 0 value does not come out even.
    LegacyStack {
        /// Why.
        reason: &'static str,
    },
    /// The value is good, but not one of the Rust type that was asked for.
    Mismatch {
        /// What serde says: `` invalid type: string "x", expected u8 ``.
        message: String,
    },
    /// A value that contains itself, where a tree was asked for.
    Cycle {
        /// Where the value starts that contains itself; [`Error::offset`] is where it does so.
        start: usize,
    },
    /// The data exceeds a limit that the caller has set, or one that keeps memory in proportion.
    LimitExceeded {
        /// Which limit: `depth`, `nodes`, `bytes`, `sparse length`, `repeated values`, or `repeated host objects` (of
        /// version 13, SPEC.md 12.3).
        limit: &'static str,
        /// Its value.
        max: u64,
    },
}

impl ErrorKind {
    /// A short stable name, such as `unexpected-end`, for machine-readable reports.
    pub const fn code(&self) -> &'static str {
        match self {
            ErrorKind::UnexpectedEnd { .. } => "unexpected-end",
            ErrorKind::TrailingData { .. } => "trailing-data",
            ErrorKind::UnsupportedVersion { .. } => "unsupported-version",
            ErrorKind::UnknownTag { .. } => "unknown-tag",
            ErrorKind::InvalidKey { .. } => "invalid-key",
            ErrorKind::DuplicateKey { .. } => "duplicate-key",
            ErrorKind::CountMismatch { .. } => "count-mismatch",
            ErrorKind::InvalidLength { .. } => "invalid-length",
            ErrorKind::InvalidReference { .. } => "invalid-reference",
            ErrorKind::InvalidBigInt { .. } => "invalid-bigint",
            ErrorKind::OddTwoByteLength { .. } => "odd-two-byte-length",
            ErrorKind::ExpectedString { .. } => "expected-string",
            ErrorKind::InvalidRegExp { .. } => "invalid-regexp",
            ErrorKind::InvalidView { .. } => "invalid-view",
            ErrorKind::InvalidErrorPart { .. } => "invalid-error-part",
            ErrorKind::InvalidWasm { .. } => "invalid-wasm",
            ErrorKind::Unresolved { .. } => "unresolved",
            ErrorKind::NoHostDelegate => "no-host-delegate",
            ErrorKind::HostObject { .. } => "host-object",
            ErrorKind::LegacyStack { .. } => "legacy-stack",
            ErrorKind::Mismatch { .. } => "mismatch",
            ErrorKind::Cycle { .. } => "cycle",
            ErrorKind::LimitExceeded { .. } => "limit-exceeded",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            ErrorKind::UnexpectedEnd { .. } => "unexpected end of input",
            ErrorKind::TrailingData { .. } => "trailing data",
            ErrorKind::UnsupportedVersion { .. } => "unsupported version",
            ErrorKind::UnknownTag { .. } => "unknown tag",
            ErrorKind::InvalidKey { .. } => "invalid key",
            ErrorKind::DuplicateKey { .. } => "duplicate key",
            ErrorKind::CountMismatch { .. } => "wrong count",
            ErrorKind::InvalidLength { .. } => "invalid length",
            ErrorKind::InvalidReference { .. } => "invalid reference",
            ErrorKind::InvalidBigInt { .. } => "invalid bigint",
            ErrorKind::OddTwoByteLength { .. } => "invalid string",
            ErrorKind::ExpectedString { .. } => "expected a string",
            ErrorKind::InvalidRegExp { .. } => "invalid regexp",
            ErrorKind::InvalidView { .. } => "invalid view",
            ErrorKind::InvalidErrorPart { .. } => "invalid error part",
            ErrorKind::InvalidWasm { .. } => "invalid wasm data",
            ErrorKind::Unresolved { .. } => "unresolved transfer",
            ErrorKind::NoHostDelegate | ErrorKind::HostObject { .. } => "unreadable host object",
            ErrorKind::LegacyStack { .. } => "invalid version 0 data",
            ErrorKind::Mismatch { .. } => "mismatch",
            ErrorKind::Cycle { .. } => "cyclic value",
            ErrorKind::LimitExceeded { .. } => "limit exceeded",
        }
    }
}

struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} byte{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

struct TagText(u8, Option<&'static str>);

impl fmt::Display for TagText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#04x}", self.0)?;
        if self.0.is_ascii_graphic() {
            write!(f, " `{}`", char::from(self.0))?;
        }
        match self.1 {
            Some(name) => write!(f, " ({name})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::UnexpectedEnd { what, size: Some(size), missing } => {
                write!(f, "{what} of {} needs {missing} more", Bytes(*size))
            }
            ErrorKind::UnexpectedEnd { what, size: None, .. } => write!(f, "expected {what}"),
            ErrorKind::TrailingData { remaining } => {
                let verb = if *remaining == 1 { "follows" } else { "follow" };
                write!(f, "{} {verb} the value", Bytes(*remaining as u64))
            }
            ErrorKind::UnsupportedVersion { version, min, max } => {
                write!(f, "version {version} is not within {min} to {max}")
            }
            ErrorKind::UnknownTag { tag } => {
                write!(f, "{} starts no value", TagText(tag.0, tag.name()))
            }
            ErrorKind::InvalidKey { tag } => {
                write!(f, "{} is neither a string nor a number", TagText(tag.0, tag.name()))
            }
            ErrorKind::DuplicateKey { key } => write!(f, "{key:?} occurs before"),
            ErrorKind::CountMismatch { what, declared, found } => {
                write!(f, "{what} is {declared}, but {found} was read")
            }
            ErrorKind::InvalidLength { what, length, max } => {
                write!(f, "{what} of {length} is above {max}")
            }
            ErrorKind::InvalidReference { id, known } if id < known => {
                write!(f, "object {id} is not complete")
            }
            ErrorKind::InvalidReference { id, known } => {
                write!(f, "object {id} of {known}")
            }
            ErrorKind::OddTwoByteLength { length } => {
                write!(f, "two-byte string of {length} bytes is not a whole number of units")
            }
            ErrorKind::ExpectedString { what, tag } => {
                write!(f, "{what} is {}", TagText(tag.0, tag.name()))
            }
            ErrorKind::InvalidRegExp { reason } => f.write_str(reason),
            ErrorKind::InvalidView { view, reason } => match view.name() {
                Some(name) => write!(f, "{name} {reason}"),
                None => write!(f, "kind {} {reason}", TagText(view.0, None)),
            },
            ErrorKind::InvalidErrorPart { part, reason } => {
                write!(f, "{} {reason}", TagText(part.0, part.name()))
            }
            ErrorKind::InvalidBigInt { reason }
            | ErrorKind::InvalidWasm { reason }
            | ErrorKind::LegacyStack { reason } => f.write_str(reason),
            ErrorKind::Unresolved { what, id } => write!(f, "{what} {id} was not provided"),
            ErrorKind::NoHostDelegate => f.write_str("no delegate for host objects"),
            ErrorKind::HostObject { reason } => f.write_str(reason),
            ErrorKind::Mismatch { message } => f.write_str(message),
            ErrorKind::Cycle { start } => write!(f, "the value at offset {start} contains itself"),
            ErrorKind::LimitExceeded { limit, max } => write!(f, "{limit} above {max}"),
        }
    }
}

/// The offset of an error that nobody has given one.
const NOWHERE: usize = usize::MAX;

/// For errors that come about in a caller's code, which knows no offsets.
#[cfg(feature = "serde")]
impl Error {
    #[cold]
    #[inline(never)]
    pub(crate) fn mismatch(message: String) -> Self {
        Error::new(NOWHERE, ErrorKind::Mismatch { message })
    }

    /// Notes the offset, unless that is known; says whether it was not.
    pub(crate) fn locate(&mut self, offset: usize) -> bool {
        let new = self.0.offset == NOWHERE;
        if new {
            self.0.offset = offset;
        }
        new
    }

    /// Whether [`Error::path`] is known.
    pub(crate) fn is_placed(&self) -> bool {
        self.0.path.is_some()
    }
}

impl Error {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(offset: usize, kind: ErrorKind) -> Self {
        Error(Box::new(Inner { offset, tag: None, kind, path: None }))
    }

    /// Notes where in the value the error is, unless that is known.
    #[cold]
    pub(crate) fn place(mut self, tag: Option<Tag>, path: impl FnOnce() -> String) -> Self {
        if self.0.path.is_none() {
            self.0.path = Some(path());
            self.0.tag = tag;
        }
        self
    }

    /// Where in the input, in bytes. At most the input's length.
    pub fn offset(&self) -> usize {
        if self.0.offset == NOWHERE { 0 } else { self.0.offset }
    }

    /// The reason.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The tag of the value that was being read, if there was one.
    pub fn tag(&self) -> Option<Tag> {
        self.0.tag
    }

    /// The path of the value that was being read, such as `$.users[0].name`.
    ///
    /// Map entries are `<key 0>` and `<value 0>`, set members `<0>`, the parts of an error `.cause`;
    /// long paths are cut in the middle.
    pub fn path(&self) -> &str {
        self.0.path.as_deref().unwrap_or("$")
    }

    /// Whether the input ended too soon; more bytes could make it good.
    pub fn is_eof(&self) -> bool {
        matches!(self.0.kind, ErrorKind::UnexpectedEnd { .. })
    }

    /// Whether a limit of [`ParseOptions`](crate::ParseOptions) was exceeded.
    pub fn is_limit(&self) -> bool {
        matches!(self.0.kind, ErrorKind::LimitExceeded { .. })
    }

    /// Whether the data is of a version that the engine does not read.
    pub fn is_version(&self) -> bool {
        matches!(self.0.kind, ErrorKind::UnsupportedVersion { .. })
    }

    /// Whether the data needs something that the caller could provide: a host delegate, a transferred
    /// or shared value.
    pub fn is_unresolved(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Unresolved { .. } | ErrorKind::NoHostDelegate | ErrorKind::HostObject { .. }
        )
    }

    /// Whether the data is good, but no value of the Rust type that was asked for.
    pub fn is_mismatch(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Mismatch { .. })
    }

    /// Whether a whole value was read and bytes follow it.
    pub fn is_trailing(&self) -> bool {
        matches!(self.0.kind, ErrorKind::TrailingData { .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { offset, kind, path, .. } = &*self.0;
        if let ErrorKind::Mismatch { .. } = kind {
            if let Some(path) = path {
                write!(f, "{path}: ")?;
            }
            write!(f, "{kind}")?;
            return if *offset == NOWHERE { Ok(()) } else { write!(f, " at offset {offset}") };
        }
        write!(f, "{} at offset {offset}: {kind}", kind.title())?;
        match path {
            Some(path) => write!(f, " ({path})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { offset, tag, kind, path } = &*self.0;
        f.debug_struct("Error")
            .field("offset", offset)
            .field("tag", tag)
            .field("kind", kind)
            .field("path", path)
            .finish()
    }
}

impl core::error::Error for Error {}
