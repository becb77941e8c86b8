//! Where data comes from and where text goes.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    Good,
    /// The data is bad.
    Bad,
    /// The command is wrong, or a file cannot be read.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Good => 0,
            Exit::Bad => 1,
            Exit::Usage => 2,
        })
    }
}

/// Where a command writes. Errors of `out` are the command's, those of `err` nobody's.
pub(crate) struct Streams<'s> {
    pub(crate) out: &'s mut dyn Write,
    pub(crate) err: &'s mut dyn Write,
    /// Whether `out` takes colours.
    pub(crate) colors: bool,
}

impl Streams<'_> {
    /// Flushes what was written, so that the complaint stands behind it.
    pub(crate) fn complain(
        &mut self,
        file: impl fmt::Display,
        message: impl fmt::Display,
    ) -> io::Result<()> {
        self.out.flush()?;
        complain(self.err, file, message);
        Ok(())
    }
}

/// `v8wire: FILE: message` on standard error, whether that works or not.
pub(crate) fn complain(err: &mut dyn Write, file: impl fmt::Display, message: impl fmt::Display) {
    let _ = writeln!(err, "v8wire: {}: {message}", printable(&file.to_string()));
}

/// A name without control characters, which a terminal would obey.
pub(crate) fn printable(name: &str) -> Cow<'_, str> {
    if !name.contains(char::is_control) {
        return Cow::Borrowed(name);
    }
    let mut out = String::new();
    for char in name.chars() {
        match char.is_control() {
            true => out.extend(char.escape_default()),
            false => out.push(char),
        }
    }
    Cow::Owned(out)
}

/// What was read, and what to call it.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) data: Vec<u8>,
}

impl Source {
    /// Reads a file, or standard input for `-` and for none. Complains where that does not work.
    pub(crate) fn read(
        path: Option<&Path>,
        streams: &mut Streams<'_>,
    ) -> io::Result<Result<Source, Exit>> {
        let file = path.filter(|path| *path != Path::new("-"));
        let name = file.map_or("standard input".into(), |path| path.display().to_string());
        if path.is_none() && io::stdin().is_terminal() {
            streams.complain(name, "a terminal; name a file, or `-` to type the data")?;
            return Ok(Err(Exit::Usage));
        }
        let data = match file {
            Some(path) => std::fs::read(path),
            None => {
                let mut data = Vec::new();
                io::stdin().lock().read_to_end(&mut data).map(|_| data)
            }
        };
        match data {
            Ok(data) => Ok(Ok(Source { name, data })),
            Err(error) => {
                streams.complain(name, error)?;
                Ok(Err(Exit::Usage))
            }
        }
    }
}

/// Lets the library write to a [`Write`], and keeps the error that it cannot pass on.
pub(crate) struct Text<'w> {
    out: &'w mut dyn Write,
    /// What has not been passed on: the library writes a few bytes at a time.
    held: Vec<u8>,
    error: Option<io::Error>,
}

/// So many bytes are passed on at once.
const HELD: usize = 1 << 16;

impl<'w> Text<'w> {
    pub(crate) fn new(out: &'w mut dyn Write) -> Self {
        Text { out, held: Vec::with_capacity(HELD), error: None }
    }

    /// Passes on what is left; the error that made writing fail, if one did.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let _ = self.pass_on();
        self.error.map_or(Ok(()), Err)
    }

    fn pass_on(&mut self) -> fmt::Result {
        let result = self.out.write_all(&self.held);
        self.held.clear();
        result.map_err(|error| {
            self.error.get_or_insert(error);
            fmt::Error
        })
    }

    #[cold]
    fn write_more(&mut self, text: &str) -> fmt::Result {
        self.pass_on()?;
        if text.len() <= HELD {
            self.held.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        self.out.write_all(text.as_bytes()).map_err(|error| {
            self.error = Some(error);
            fmt::Error
        })
    }
}

impl fmt::Write for Text<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.len() > HELD - self.held.len() {
            return self.write_more(text);
        }
        self.held.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
