//! Where text goes: straight out, or onto a line that may turn out too long.

use alloc::string::String;
use core::fmt;

/// Styles of Node's `util.inspect`.
#[derive(Clone, Copy)]
pub(super) enum Style {
    Number,
    String,
    Undefined,
    Null,
    Date,
    RegExp,
    Special,
}

impl Style {
    /// The escape codes before and behind.
    fn codes(self) -> (&'static str, &'static str) {
        match self {
            Style::Number => ("\u{1b}[33m", "\u{1b}[39m"),
            Style::String => ("\u{1b}[32m", "\u{1b}[39m"),
            Style::Undefined => ("\u{1b}[90m", "\u{1b}[39m"),
            Style::Null => ("\u{1b}[1m", "\u{1b}[22m"),
            Style::Date => ("\u{1b}[35m", "\u{1b}[39m"),
            Style::RegExp => ("\u{1b}[31m", "\u{1b}[39m"),
            Style::Special => ("\u{1b}[36m", "\u{1b}[39m"),
        }
    }
}

/// Takes text and styles. Text that must stay on one line makes a [`Line`] fail.
pub(super) trait Paint {
    fn text(&mut self, text: &str) -> fmt::Result;

    /// An escape code, which takes no room. Dropped where there are no colours.
    fn code(&mut self, code: &str) -> fmt::Result;

    fn begin(&mut self, style: Style) -> fmt::Result {
        self.code(style.codes().0)
    }

    fn end(&mut self, style: Style) -> fmt::Result {
        self.code(style.codes().1)
    }

    fn styled(&mut self, style: Style, text: &str) -> fmt::Result {
        self.begin(style)?;
        self.text(text)?;
        self.end(style)
    }

    /// A line break and so many spaces.
    fn line(&mut self, indent: usize) -> fmt::Result {
        /// Deeper nesting is indented no more, or the text would grow with the square of its depth.
        const MAX: usize = 100;
        const SPACES: &str = "          ";
        self.text("\n")?;
        let mut left = indent.min(MAX);
        while left > 0 {
            let part = left.min(SPACES.len());
            self.text(SPACES.get(..part).unwrap_or(" "))?;
            left -= part;
        }
        Ok(())
    }
}

/// `write!` for paint.
pub(super) struct AsWrite<'p>(pub(super) &'p mut dyn Paint);

impl fmt::Write for AsWrite<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.text(text)
    }
}

/// Straight out.
pub(super) struct Direct<'o> {
    pub(super) out: &'o mut dyn fmt::Write,
    pub(super) colors: bool,
}

impl Paint for Direct<'_> {
    fn text(&mut self, text: &str) -> fmt::Result {
        self.out.write_str(text)
    }

    fn code(&mut self, code: &str) -> fmt::Result {
        if self.colors { self.out.write_str(code) } else { Ok(()) }
    }
}

/// One line: fails when it gets longer than its limit, or would break.
pub(super) struct Line {
    pub(super) text: String,
    /// In UTF-16 units, without escape codes.
    pub(super) width: usize,
    limit: usize,
    colors: bool,
}

impl Line {
    pub(super) fn new(limit: usize, colors: bool) -> Self {
        Line { text: String::new(), width: 0, limit, colors }
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.width = 0;
    }
}

impl Paint for Line {
    fn text(&mut self, text: &str) -> fmt::Result {
        if text.len() > 3 * self.limit || text.contains('\n') {
            return Err(fmt::Error);
        }
        self.width += text.chars().map(char::len_utf16).sum::<usize>();
        if self.width > self.limit {
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }

    fn code(&mut self, code: &str) -> fmt::Result {
        if self.colors {
            self.text.push_str(code);
        }
        Ok(())
    }
}
