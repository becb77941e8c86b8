//! Lines as rows of text: eight bytes a row, the meaning beside the first.

use alloc::string::String;
use core::fmt::{self, Write};

use super::meaning::{Style, describe};
use super::{AnnotateOptions, Item, Line};
use crate::error::Error;

const ROW: usize = 8;
/// Deeper levels are indented no further; they say how deep they are instead.
const MAX_INDENT: usize = 24;
/// Where paths stand, counted from the begin of the meaning.
const PATH_COLUMN: usize = 40;

const OFFSET: &str = "\x1b[90m";
const ID: &str = "\x1b[35m";
const PATH: &str = "\x1b[90m";
const ERROR: &str = "\x1b[1;31m";
const RESET: &str = "\x1b[0m";

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::String => "\x1b[32m",
            Style::Number => "\x1b[33m",
            Style::Special => "\x1b[36m",
            Style::Quiet => "\x1b[90m",
            Style::Bad => "\x1b[31m",
        }
    }
}

pub(super) struct Printer<'o> {
    data: &'o [u8],
    options: &'o AnnotateOptions,
    out: &'o mut dyn Write,
    /// The width of offsets.
    width: usize,
    name: String,
    rest: String,
}

impl<'o> Printer<'o> {
    pub(super) fn new(
        data: &'o [u8],
        options: &'o AnnotateOptions,
        out: &'o mut dyn Write,
    ) -> Self {
        let digits = data.len().checked_ilog10().unwrap_or(0) as usize + 1;
        Printer {
            data,
            options,
            out,
            width: digits.max(4),
            name: String::new(),
            rest: String::new(),
        }
    }

    pub(super) fn line(&mut self, line: &Line<'_, '_>) -> fmt::Result {
        let bytes = self.data.get(line.span.start..line.span.end).unwrap_or_default();
        let shown = &bytes[..bytes.len().min(self.options.max_bytes)];
        let (first, more) = shown.split_at(shown.len().min(ROW));
        self.offset(line.span.start)?;
        self.hex(first)?;
        self.meaning(line, first.len())?;
        let mut caret =
            line.error.map(|error| (error.offset().saturating_sub(line.span.start), error));
        self.caret(&mut caret, 0)?;
        for (row, bytes) in more.chunks(ROW).enumerate() {
            let start = (row + 1) * ROW;
            self.offset(line.span.start + start)?;
            self.hex(bytes)?;
            self.out.write_char('\n')?;
            self.caret(&mut caret, start)?;
        }
        if shown.len() < bytes.len() {
            let hidden = bytes.len() - shown.len();
            let plural = if hidden == 1 { "" } else { "s" };
            let more = if shown.is_empty() { "" } else { " more" };
            writeln!(self.out, "{:1$}  \u{2026} {hidden}{more} byte{plural}", "", self.width)?;
        }
        match caret {
            Some((_, error)) => self.error(error, 0),
            None => Ok(()),
        }
    }

    fn styled(&mut self, code: &str, text: fmt::Arguments<'_>) -> fmt::Result {
        if self.options.colors && !code.is_empty() {
            write!(self.out, "{code}{text}{RESET}")
        } else {
            self.out.write_fmt(text)
        }
    }

    fn offset(&mut self, offset: usize) -> fmt::Result {
        let width = self.width;
        self.styled(OFFSET, format_args!("{offset:>width$}"))?;
        self.out.write_str("  ")
    }

    fn hex(&mut self, bytes: &[u8]) -> fmt::Result {
        for (i, byte) in bytes.iter().enumerate() {
            write!(self.out, "{}{byte:02x}", if i > 0 { " " } else { "" })?;
        }
        Ok(())
    }

    fn meaning(&mut self, line: &Line<'_, '_>, hex: usize) -> fmt::Result {
        let (mut name, mut rest) =
            (core::mem::take(&mut self.name), core::mem::take(&mut self.rest));
        name.clear();
        rest.clear();
        let style = describe(line, self.data, &mut name, &mut rest)?;
        let result = self.columns(line, hex, style, &name, &rest);
        (self.name, self.rest) = (name, rest);
        result
    }

    fn columns(
        &mut self,
        line: &Line<'_, '_>,
        hex: usize,
        style: Style,
        name: &str,
        rest: &str,
    ) -> fmt::Result {
        let written = (3 * hex).saturating_sub(1);
        write!(self.out, "{:1$}", "", 3 * ROW + 2 - written)?;
        // Rows that belong to no value stand at the margin.
        let depth = match line.item {
            Item::Unread | Item::Trailing | Item::Header { .. } => 0,
            _ => line.depth,
        };
        let indent = depth.min(MAX_INDENT);
        write!(self.out, "{:1$}", "", 2 * indent)?;
        let mut used = 2 * indent;
        if depth > MAX_INDENT {
            let more = depth - MAX_INDENT;
            self.styled(OFFSET, format_args!("+{more} "))?;
            used += more.ilog10() as usize + 3;
        }
        let quiet = matches!(style, Style::Quiet | Style::Bad) || rest.is_empty();
        match (quiet, line.id.and_then(|_| name.split_once('#'))) {
            (false, Some((name, id))) => {
                self.out.write_str(name)?;
                self.styled(ID, format_args!("#{id}"))?;
            }
            _ => self.styled(if quiet { style.code() } else { "" }, format_args!("{name}"))?,
        }
        if !rest.is_empty() {
            self.styled(style.code(), format_args!("{rest}"))?;
        }
        used += name.chars().count() + rest.chars().count();
        if let Some(path) = line.path {
            write!(self.out, "{:1$}", "", PATH_COLUMN.saturating_sub(used).max(2))?;
            self.styled(PATH, format_args!("{path}"))?;
            if line.value > 0 && line.depth == 0 {
                self.styled(PATH, format_args!(" (value {})", line.value + 1))?;
            }
        }
        self.out.write_char('\n')
    }

    /// Prints the error if it is about a byte of the row from `start` on.
    fn caret(&mut self, caret: &mut Option<(usize, &Error)>, start: usize) -> fmt::Result {
        match *caret {
            Some((at, error)) if at < start + ROW => {
                *caret = None;
                self.error(error, at.saturating_sub(start))
            }
            _ => Ok(()),
        }
    }

    fn error(&mut self, error: &Error, column: usize) -> fmt::Result {
        write!(self.out, "{:1$}", "", self.width + 2 + 3 * column)?;
        self.styled(ERROR, format_args!("^^ {error}"))?;
        self.out.write_char('\n')
    }
}
