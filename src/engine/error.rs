//! What goes wrong with a live engine.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::ffi;

/// An error of a live engine.
///
/// Its text is the kind, the message and the place: `exception: TypeError: x is not a function
/// (main.js:3:7)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: EngineErrorKind,
    message: String,
    stack: Option<String>,
    position: Option<Position>,
    file: Option<PathBuf>,
}

/// The reason of an [`EngineError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EngineErrorKind {
    /// A script threw, or does not compile.
    Exception,
    /// A value that V8's serializer refuses, such as a function.
    NotCloneable,
    /// Bytes that V8's deserializer refuses, or that v8wire cannot write for it.
    Deserialize,
    /// What V8 wrote cannot be read as what was asked for.
    Decode,
    /// V8 has no such flag, or the flag does not take the value.
    Flag,
    /// A file could not be written or read.
    Io,
    /// A callback asked to stop.
    Cancelled,
    /// A startup snapshot that is damaged or from another V8.
    Startup,
    /// The call makes no sense now, such as a second profiler, or an object of another engine.
    Misuse,
    /// This V8 lacks it.
    Unsupported,
}

impl EngineErrorKind {
    /// A short stable name, such as `not-cloneable`.
    pub const fn code(self) -> &'static str {
        match self {
            EngineErrorKind::Exception => "exception",
            EngineErrorKind::NotCloneable => "not-cloneable",
            EngineErrorKind::Deserialize => "deserialize",
            EngineErrorKind::Decode => "decode",
            EngineErrorKind::Flag => "flag",
            EngineErrorKind::Io => "io",
            EngineErrorKind::Cancelled => "cancelled",
            EngineErrorKind::Startup => "startup",
            EngineErrorKind::Misuse => "misuse",
            EngineErrorKind::Unsupported => "unsupported",
        }
    }
}

/// Where in a script an exception was thrown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Position {
    /// The name that the script was run under.
    pub script: String,
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 units.
    pub column: u32,
}

impl EngineError {
    #[cold]
    pub(super) fn new(kind: EngineErrorKind, message: impl Into<String>) -> Self {
        EngineError(Box::new(Inner {
            kind,
            message: message.into(),
            stack: None,
            position: None,
            file: None,
        }))
    }

    #[cold]
    pub(super) fn io(file: &Path, error: &std::io::Error) -> Self {
        let mut made = EngineError::new(EngineErrorKind::Io, error.to_string());
        made.0.file = Some(file.into());
        made
    }

    /// Takes what the shim has to say, unless it is that a value cannot be cloned.
    #[cold]
    pub(super) fn failed(kind: EngineErrorKind, failure: ffi::Failure) -> Self {
        let kind = if failure.not_cloneable { EngineErrorKind::NotCloneable } else { kind };
        let mut made = EngineError::new(kind, failure.message.into_text());
        let stack = failure.stack.into_text();
        made.0.stack = (!stack.is_empty()).then_some(stack);
        let script = failure.script.into_text();
        made.0.position = (failure.line > 0).then(|| Position {
            script,
            line: failure.line.unsigned_abs(),
            column: failure.column.unsigned_abs(),
        });
        made
    }

    /// The reason.
    pub fn kind(&self) -> EngineErrorKind {
        self.0.kind
    }

    /// What V8 or the system says, such as `TypeError: x is not a function`.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The `stack` of the exception.
    pub fn stack(&self) -> Option<&str> {
        self.0.stack.as_deref()
    }

    /// Where the exception was thrown.
    pub fn position(&self) -> Option<&Position> {
        self.0.position.as_ref()
    }

    /// The file that could not be written or read.
    pub fn file(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        write!(f, "{}: ", inner.kind.code())?;
        if let Some(file) = &inner.file {
            write!(f, "{}: ", file.display())?;
        }
        f.write_str(&inner.message)?;
        match &inner.position {
            Some(Position { script, line, column }) => write!(f, " ({script}:{line}:{column})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for EngineError {}
