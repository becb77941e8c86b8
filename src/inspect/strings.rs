//! Strings with Node's quotes and escapes (`strEscape` in Node's `lib/internal/util/inspect.js`).

use alloc::string::String;
use core::fmt::{self, Write as _};

use super::paint::{AsWrite, Paint, Style};
use crate::text::{Text, Units};

/// Text goes out in pieces of about so many bytes.
const CHUNK: usize = 256;

/// What is on one line of a string, up to a line feed and with it.
struct Scan {
    units: usize,
    quote: char,
}

/// Looks through at most `max` units, up to the first line feed where `lines` says so.
fn scan(units: Units<'_>, max: usize, lines: bool) -> Scan {
    let (mut single, mut double, mut back) = (false, false, false);
    let mut count = 0;
    let mut before = 0;
    for unit in units.take(max) {
        count += 1;
        match u8::try_from(unit) {
            Ok(b'\'') => single = true,
            Ok(b'"') => double = true,
            Ok(b'`') => back = true,
            Ok(b'{') if before == u16::from(b'$') => back = true,
            Ok(b'\n') if lines => break,
            _ => {}
        }
        before = unit;
    }
    let quote = match (single, double, back) {
        (true, false, _) => '"',
        (true, true, false) => '`',
        _ => '\'',
    };
    Scan { units: count, quote }
}

/// A string in quotes; a long one in pieces that end with its line feeds, each on a line of its own.
pub(super) fn string(
    text: Text<'_>,
    max: usize,
    width: usize,
    indent: usize,
    paint: &mut dyn Paint,
) -> fmt::Result {
    /// Shorter strings stay in one piece (Node's `kMinLineLength`).
    const MIN: usize = 16;
    let length = text.len_utf16();
    let shown = length.min(max);
    let lines = shown > MIN && shown.saturating_add(indent).saturating_add(4) > width;
    let mut units = text.units();
    let mut left = shown;
    loop {
        let line = scan(units.clone(), left, lines);
        quoted(&mut units, &line, paint)?;
        left -= line.units;
        if left == 0 {
            break;
        }
        paint.text(" +")?;
        paint.line(indent + 2)?;
    }
    if length > shown {
        let more = length - shown;
        let s = if more > 1 { "s" } else { "" };
        write!(AsWrite(paint), "... {more} more character{s}")?;
    }
    Ok(())
}

/// A string in quotes, in one piece, such as a property's name.
pub(super) fn key(text: Text<'_>, paint: &mut dyn Paint) -> fmt::Result {
    let mut units = text.units();
    let line = scan(units.clone(), usize::MAX, false);
    quoted(&mut units, &line, paint)
}

fn quoted(units: &mut Units<'_>, line: &Scan, paint: &mut dyn Paint) -> fmt::Result {
    paint.begin(Style::String)?;
    let mut chunk = String::new();
    chunk.push(line.quote);
    for char in char::decode_utf16(units.by_ref().take(line.units)) {
        match char {
            Ok('\\') => chunk.push_str("\\\\"),
            Ok('\'') if line.quote == '\'' => chunk.push_str("\\'"),
            Ok(char) => push_escaped(&mut chunk, char),
            Err(lone) => write!(chunk, "\\u{:x}", lone.unpaired_surrogate())?,
        }
        if chunk.len() >= CHUNK {
            paint.text(&chunk)?;
            chunk.clear();
        }
    }
    chunk.push(line.quote);
    paint.text(&chunk)?;
    paint.end(Style::String)
}

/// A character, escaped where it is a control character.
fn push_escaped(chunk: &mut String, char: char) {
    match char {
        '\u{8}' => chunk.push_str("\\b"),
        '\t' => chunk.push_str("\\t"),
        '\n' => chunk.push_str("\\n"),
        '\u{C}' => chunk.push_str("\\f"),
        '\r' => chunk.push_str("\\r"),
        char if char.is_control() => {
            let _ = write!(chunk, "\\x{:02X}", u32::from(char));
        }
        char => chunk.push(char),
    }
}

/// Text without quotes, such as a pattern or a stack. Control characters are escaped, for they move a
/// terminal; line feeds are not where the text may have lines, which are then indented.
pub(super) fn bare(
    text: Text<'_>,
    max: usize,
    indent: Option<usize>,
    paint: &mut dyn Paint,
) -> fmt::Result {
    let mut chunk = String::new();
    let mut units = text.units();
    for char in char::decode_utf16(units.by_ref().take(max)) {
        match (char, indent) {
            (Ok('\n'), Some(indent)) => {
                paint.text(&chunk)?;
                chunk.clear();
                paint.line(indent)?;
            }
            (Ok('\t'), Some(_)) => chunk.push('\t'),
            (Ok(char), _) => push_escaped(&mut chunk, char),
            (Err(lone), _) => write!(chunk, "\\u{:x}", lone.unpaired_surrogate())?,
        }
        if chunk.len() >= CHUNK {
            paint.text(&chunk)?;
            chunk.clear();
        }
    }
    paint.text(&chunk)?;
    let more = units.count();
    if more > 0 {
        let s = if more > 1 { "s" } else { "" };
        write!(AsWrite(paint), "... {more} more character{s}")?;
    }
    Ok(())
}

/// Bytes in hexadecimal between `<` and `>`.
pub(super) fn bytes(name: &str, bytes: &[u8], max: usize, paint: &mut dyn Paint) -> fmt::Result {
    paint.text("<")?;
    paint.text(name)?;
    let (shown, more) = bytes.split_at(bytes.len().min(max));
    let mut chunk = String::new();
    if !name.is_empty() {
        chunk.push(' ');
    }
    for (i, byte) in shown.iter().enumerate() {
        if i > 0 {
            chunk.push(' ');
        }
        write!(chunk, "{byte:02x}")?;
        if chunk.len() >= CHUNK {
            paint.text(&chunk)?;
            chunk.clear();
        }
    }
    paint.text(&chunk)?;
    if !more.is_empty() {
        let s = if more.len() > 1 { "s" } else { "" };
        write!(AsWrite(paint), " ... {} more byte{s}", more.len())?;
    }
    paint.text(">")
}
