//! What cannot be written, and where.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use super::target::Target;
use crate::view::ViewKind;

/// Something that cannot be written.
///
/// ```
/// use v8wire::{Event, ValueSerializer};
/// let mut serializer = ValueSerializer::new();
/// serializer.write_header()?;
/// serializer.begin_object()?;
/// let error = serializer.end_array().unwrap_err();
/// assert_eq!(error.to_string(), "misuse: an array ends, but an object is open");
/// // Nothing half-written gets out.
/// assert!(serializer.release().is_err());
/// # Ok::<(), v8wire::WriteError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: WriteErrorKind,
    path: Option<String>,
}

/// The reason of a [`WriteError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteErrorKind {
    /// The version asked for is none that this library writes.
    UnsupportedVersion {
        /// The version.
        version: u32,
    },
    /// The version cannot carry it.
    VersionTooOld {
        /// What it is.
        what: &'static str,
        /// The first version that can.
        needs: u32,
        /// The version being written.
        version: u32,
    },
    /// A length that the version cannot carry, or that V8 does not take.
    TooLong {
        /// What has this length.
        what: &'static str,
        /// The length.
        length: u64,
        /// The largest possible one.
        max: u64,
    },
    /// Something that cannot stand where it was written.
    Misuse {
        /// Why.
        reason: &'static str,
    },
    /// An array has more or fewer elements than were announced.
    WrongCount {
        /// What was announced.
        declared: u32,
        /// What was written when the array, or its elements, ended.
        found: u32,
    },
    /// A reference to an object that has not been written.
    InvalidReference {
        /// The id.
        id: u32,
        /// How many ids have been given so far.
        known: u32,
    },
    /// A view that does not fit its buffer.
    InvalidView {
        /// Why.
        reason: &'static str,
    },
    /// A buffer whose bytes would be needed, and which are elsewhere.
    BytesElsewhere,
    /// An object would have the key twice, which V8 refuses to read.
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// An integer beyond ±(2<sup>53</sup> - 1), and those are not wanted.
    UnsafeInteger {
        /// The integer.
        value: String,
    },
    /// A Rust value that has no form in JavaScript, or whose `Serialize` gave an error.
    Unsupported {
        /// Why.
        message: String,
    },
    /// The target does not read it.
    NotCarried {
        /// What it is.
        what: &'static str,
        /// Who does not read it.
        target: Target,
        /// What [`lower`](crate::WriteOptions::lower) makes of it; `None` where it can do nothing.
        lowering: Option<&'static str>,
    },
    /// The elements of a typed array are in the byte order of another machine, and contents of buffers
    /// are not changed.
    ForeignElements {
        /// The kind of typed array.
        kind: ViewKind,
    },
    /// The embedder cannot pass it on; the text is V8's.
    DataClone {
        /// As V8 says it: `#<SharedArrayBuffer> could not be cloned.`
        message: String,
    },
    /// The embedder's delegate could not write a host object.
    HostObject {
        /// Why.
        reason: String,
    },
    /// What was written could not be passed on: the error is that of the output.
    Output,
    /// A limit that the caller has set.
    LimitExceeded {
        /// Which limit: `depth` or `wrappers`.
        limit: &'static str,
        /// Its value.
        max: u64,
    },
}

impl WriteErrorKind {
    /// A short stable name, such as `version-too-old`, for machine-readable reports.
    pub const fn code(&self) -> &'static str {
        match self {
            WriteErrorKind::UnsupportedVersion { .. } => "unsupported-version",
            WriteErrorKind::VersionTooOld { .. } => "version-too-old",
            WriteErrorKind::TooLong { .. } => "too-long",
            WriteErrorKind::Misuse { .. } => "misuse",
            WriteErrorKind::WrongCount { .. } => "wrong-count",
            WriteErrorKind::InvalidReference { .. } => "invalid-reference",
            WriteErrorKind::InvalidView { .. } => "invalid-view",
            WriteErrorKind::BytesElsewhere => "bytes-elsewhere",
            WriteErrorKind::DuplicateKey { .. } => "duplicate-key",
            WriteErrorKind::UnsafeInteger { .. } => "integer-not-exact",
            WriteErrorKind::Unsupported { .. } => "unsupported",
            WriteErrorKind::NotCarried { .. } => "not-carried",
            WriteErrorKind::ForeignElements { .. } => "foreign-elements",
            WriteErrorKind::DataClone { .. } => "data-clone",
            WriteErrorKind::HostObject { .. } => "host-object",
            WriteErrorKind::Output => "output",
            WriteErrorKind::LimitExceeded { .. } => "limit-exceeded",
        }
    }
}

impl fmt::Display for WriteErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteErrorKind::UnsupportedVersion { version } => {
                write!(f, "version {version} is not written, 13 to 16 are")
            }
            WriteErrorKind::VersionTooOld { what, needs, version } => {
                write!(f, "{what} needs version {needs}, not {version}")
            }
            WriteErrorKind::TooLong { what, length, max } => {
                write!(f, "{what} of {length} is above {max}")
            }
            WriteErrorKind::Misuse { reason } => write!(f, "misuse: {reason}"),
            WriteErrorKind::WrongCount { declared, found } => {
                write!(f, "array of {declared} elements has {found}")
            }
            WriteErrorKind::InvalidReference { id, known } => {
                write!(f, "reference to object {id} of {known}")
            }
            WriteErrorKind::InvalidView { reason } => write!(f, "view {reason}"),
            WriteErrorKind::BytesElsewhere => {
                f.write_str("the bytes of the view are in a transferred or shared buffer")
            }
            WriteErrorKind::DuplicateKey { key } => {
                write!(f, "duplicate key: {key:?} occurs before")
            }
            WriteErrorKind::UnsafeInteger { value } => {
                write!(f, "integer {value} is not exact as a number")
            }
            WriteErrorKind::Unsupported { message } => f.write_str(message),
            WriteErrorKind::NotCarried { what, target, lowering } => {
                write!(f, "{target} does not read {what}")?;
                match lowering {
                    Some(lowering) => write!(f, "; lowering {lowering}"),
                    None => Ok(()),
                }
            }
            WriteErrorKind::ForeignElements { kind } => {
                write!(f, "elements in the other byte order: {}", kind.name())
            }
            WriteErrorKind::DataClone { message } => f.write_str(message),
            WriteErrorKind::HostObject { reason } => write!(f, "host object: {reason}"),
            WriteErrorKind::Output => f.write_str("the output failed"),
            WriteErrorKind::LimitExceeded { limit, max } => {
                write!(f, "limit exceeded: {limit} above {max}")
            }
        }
    }
}

impl WriteError {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(kind: WriteErrorKind) -> Self {
        WriteError(Box::new(Inner { kind, path: None }))
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn not_carried(
        target: Target,
        (what, lowering): (&'static str, Option<&'static str>),
    ) -> Self {
        Self::new(WriteErrorKind::NotCarried { what, target, lowering })
    }

    /// V8's error for what cannot be passed on: `{what} could not be cloned.` V8 names objects by their
    /// class (`#<SharedArrayBuffer>`), functions and symbols by their text.
    ///
    /// ```
    /// let error = v8wire::WriteError::data_clone("Symbol(x)");
    /// assert_eq!(error.to_string(), "Symbol(x) could not be cloned.");
    /// ```
    #[cold]
    pub fn data_clone(what: impl fmt::Display) -> Self {
        let message = alloc::format!("{what} could not be cloned.");
        Self::new(WriteErrorKind::DataClone { message })
    }

    /// Notes where in the value the error is, unless that is known.
    #[cold]
    pub(crate) fn place(mut self, path: impl FnOnce() -> String) -> Self {
        self.0.path.get_or_insert_with(path);
        self
    }

    /// The reason.
    pub fn kind(&self) -> &WriteErrorKind {
        &self.0.kind
    }

    /// The path of the value that cannot be written, such as `$.users[0].name`; `None` where it was
    /// not given as part of a value.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// Whether a newer version could carry it.
    pub fn is_version(&self) -> bool {
        matches!(
            self.0.kind,
            WriteErrorKind::UnsupportedVersion { .. } | WriteErrorKind::VersionTooOld { .. }
        )
    }

    /// Whether the caller called in a wrong order.
    pub fn is_misuse(&self) -> bool {
        matches!(self.0.kind, WriteErrorKind::Misuse { .. } | WriteErrorKind::WrongCount { .. })
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.path {
            Some(path) => write!(f, "{} ({path})", self.0.kind),
            None => write!(f, "{}", self.0.kind),
        }
    }
}

impl core::error::Error for WriteError {}
