//! JSON as text: punctuation, strings, base64.

use alloc::string::String;
use core::fmt::{self, Write};

use crate::text::Text;

/// Deeper levels are indented no more, so that deep nesting does not make the text grow with the
/// square of its depth.
const MAX_LEVELS: usize = 64;

/// So many bytes are passed on at once.
const HELD: usize = 4096;

/// Writes one JSON text, compact or indented.
///
/// It holds what is to be written until that is some thousand bytes, and the rest until it is
/// [finished](Out::finish).
pub(super) struct Out<'o> {
    out: &'o mut dyn Write,
    held: String,
    indent: Option<usize>,
    level: usize,
    /// Nothing is in the innermost list yet.
    empty: bool,
}

impl<'o> Out<'o> {
    pub(super) fn new(out: &'o mut dyn Write, indent: Option<usize>) -> Self {
        Out { out, held: String::new(), indent, level: 0, empty: false }
    }

    #[inline]
    pub(super) fn raw(&mut self, text: &str) -> fmt::Result {
        if self.held.len() + text.len() > HELD {
            return self.pass_on(text);
        }
        self.held.push_str(text);
        Ok(())
    }

    /// Passes on what is held, then this.
    #[cold]
    #[inline(never)]
    fn pass_on(&mut self, text: &str) -> fmt::Result {
        let result = self.out.write_str(&self.held);
        self.held.clear();
        result?;
        self.out.write_str(text)
    }

    /// For what is short.
    pub(super) fn writer(&mut self) -> &mut dyn Write {
        &mut self.held
    }

    /// Passes on what is held, whatever became of it.
    pub(super) fn finish<E: From<fmt::Error>>(&mut self, result: Result<(), E>) -> Result<(), E> {
        let passed = self.pass_on("");
        result.and(passed.map_err(E::from))
    }

    /// `[` or `{`, each of its items on a line of its own where there is indentation.
    pub(super) fn open(&mut self, bracket: &str) -> fmt::Result {
        self.level += 1;
        self.empty = true;
        self.raw(bracket)
    }

    pub(super) fn close(&mut self, bracket: &str) -> fmt::Result {
        self.level = self.level.saturating_sub(1);
        if !core::mem::take(&mut self.empty) {
            self.line()?;
        }
        self.raw(bracket)
    }

    /// In front of each item of a list.
    pub(super) fn item(&mut self) -> fmt::Result {
        if !core::mem::take(&mut self.empty) {
            self.raw(",")?;
        }
        self.line()
    }

    /// Between a key and its value.
    pub(super) fn colon(&mut self) -> fmt::Result {
        self.raw(if self.indent.is_some() { ": " } else { ":" })
    }

    /// Between two items on one line.
    pub(super) fn comma(&mut self) -> fmt::Result {
        self.raw(if self.indent.is_some() { ", " } else { "," })
    }

    /// An item with a key that needs no escapes.
    pub(super) fn key(&mut self, key: &str) -> fmt::Result {
        self.item()?;
        self.name(key)
    }

    /// `"key":`
    pub(super) fn name(&mut self, key: &str) -> fmt::Result {
        self.raw("\"")?;
        self.raw(key)?;
        self.raw("\"")?;
        self.colon()
    }

    fn line(&mut self) -> fmt::Result {
        let Some(width) = self.indent else { return Ok(()) };
        self.raw("\n")?;
        write!(self.held, "{:1$}", "", width * self.level.min(MAX_LEVELS))
    }

    /// A string. Lone surrogates become U+FFFD.
    ///
    /// It is given by reference, since it was made just now: to copy it would wait for its pieces.
    pub(super) fn text(&mut self, text: &Text<'_>) -> fmt::Result {
        if let Some(ascii) = text.as_ascii() {
            return self.str(ascii);
        }
        if let Text::Utf8(bytes) = *text
            && let Ok(str) = core::str::from_utf8(bytes)
        {
            return self.str(str);
        }
        self.raw("\"")?;
        self.characters(
            char::decode_utf16(text.units())
                .map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)),
        )?;
        self.raw("\"")
    }

    pub(super) fn str(&mut self, str: &str) -> fmt::Result {
        self.raw("\"")?;
        let mut rest = str;
        while let Some(at) = rest.bytes().position(|byte| STOPS[usize::from(byte)]) {
            let (plain, behind) = rest.split_at(at);
            self.raw(plain)?;
            let mut chars = behind.chars();
            if let Some(char) = chars.next() {
                self.char(char)?;
            }
            rest = chars.as_str();
        }
        self.raw(rest)?;
        self.raw("\"")
    }

    /// Characters of a string, without its quotes.
    pub(super) fn characters(&mut self, chars: impl Iterator<Item = char>) -> fmt::Result {
        const CHUNK: usize = 1024;
        let mut chunk = String::new();
        for char in chars {
            if needs_escape(char) {
                self.raw(&chunk)?;
                chunk.clear();
                self.char(char)?;
                continue;
            }
            chunk.push(char);
            if chunk.len() >= CHUNK {
                self.raw(&chunk)?;
                chunk.clear();
            }
        }
        self.raw(&chunk)
    }

    /// Control characters are escaped, those that JSON lets stand too: they move a terminal.
    fn char(&mut self, char: char) -> fmt::Result {
        match char {
            '"' => self.raw("\\\""),
            '\\' => self.raw("\\\\"),
            '\u{8}' => self.raw("\\b"),
            '\t' => self.raw("\\t"),
            '\n' => self.raw("\\n"),
            '\u{C}' => self.raw("\\f"),
            '\r' => self.raw("\\r"),
            char if needs_escape(char) => write!(self.held, "\\u{:04x}", u32::from(char)),
            char => self.held.write_char(char),
        }
    }

    /// Bytes as a string of base64 (RFC 4648, with padding).
    pub(super) fn base64(&mut self, bytes: &[u8]) -> fmt::Result {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        self.raw("\"")?;
        for part in bytes.chunks(768) {
            let mut text = [b'='; 1024];
            for (three, four) in part.chunks(3).zip(text.chunks_mut(4)) {
                let group = three.iter().fold(0u32, |group, &byte| group << 8 | u32::from(byte))
                    << (8 * (3 - three.len()));
                // One digit more than there are bytes; the rest is padding.
                for (i, digit) in four.iter_mut().enumerate().take(three.len() + 1) {
                    let index = (group >> (18 - 6 * i)) as usize & 63;
                    *digit = ALPHABET.get(index).copied().unwrap_or(b'=');
                }
            }
            let length = part.len().div_ceil(3) * 4;
            let text = text.get(..length).unwrap_or_default();
            self.raw(core::str::from_utf8(text).unwrap_or_default())?;
        }
        self.raw("\"")
    }
}

/// Bytes at which a string is looked at more closely. C1 controls are two bytes in UTF-8 that begin
/// with C2.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        stops[byte] = true;
        byte += 1;
    }
    (stops[b'"' as usize], stops[b'\\' as usize]) = (true, true);
    (stops[0x7F], stops[0xC2]) = (true, true);
    stops
};

fn needs_escape(char: char) -> bool {
    char.is_control() || char == '"' || char == '\\'
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;
    use crate::wire::ByteOrder;

    fn written(write: impl Fn(&mut Out<'_>) -> fmt::Result) -> String {
        let mut text = String::new();
        let mut out = Out::new(&mut text, None);
        let result = write(&mut out);
        out.finish(result).unwrap();
        text
    }

    #[test]
    fn base64() {
        for (bytes, text) in [
            (&b""[..], "\"\""),
            (b"f", "\"Zg==\""),
            (b"fo", "\"Zm8=\""),
            (b"foo", "\"Zm9v\""),
            (b"foobar", "\"Zm9vYmFy\""),
            (&[0xFB, 0xFF], "\"+/8=\""),
        ] {
            assert_eq!(written(|out| out.base64(bytes)), text);
        }
        let long = written(|out| out.base64(&[0; 1537]));
        assert_eq!(long.len(), 2 + 2052);
        assert!(long.ends_with("AAA==\""));
    }

    #[test]
    fn strings() {
        let escaped = "\"a\\\"\\\\\\n\\u0001\\u007f\\u0085é¢😀\"";
        let plain = "a\"\\\n\u{1}\u{7F}\u{85}é¢😀";
        assert_eq!(written(|out| out.str(plain)), escaped);
        assert_eq!(written(|out| out.text(&Text::Utf8(plain.as_bytes()))), escaped);
        let wide: alloc::vec::Vec<u8> = plain.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(written(|out| out.text(&Text::TwoByte(&wide, ByteOrder::Big))), escaped);
        assert_eq!(written(|out| out.text(&Text::OneByte(b"\xE9\x80"))), "\"é\\u0080\"");
        assert_eq!(
            written(|out| out.text(&Text::TwoByte(&[0xD8, 0], ByteOrder::Big))),
            "\"\u{FFFD}\""
        );
    }

    #[test]
    fn indentation() {
        let mut text = String::new();
        let mut out = Out::new(&mut text, Some(2));
        let result = (|| {
            out.open("{")?;
            out.key("a")?;
            out.open("[")?;
            out.close("]")?;
            out.key("b")?;
            out.raw("1")?;
            out.close("}")
        })();
        out.finish(result).unwrap();
        assert_eq!(text, "{\n  \"a\": [],\n  \"b\": 1\n}");
    }
}
