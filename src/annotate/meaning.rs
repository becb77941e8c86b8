//! What an item means, in words.

use alloc::string::String;
use core::fmt::{self, Write};

use super::{Damaged, Item, Line};
use crate::read::{BigInt, ErrorPart, Event};
use crate::spell;
use crate::text::Text;
use crate::wire::{ErrorTag, Tag, regexp_flags};

/// Characters shown of a string.
const MAX_CHARS: usize = 60;

/// Colours of meanings, those that Node's `util.inspect` gives to values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    String,
    Number,
    Special,
    Quiet,
    Bad,
}

/// Puts the tag's name in `name` and the rest, if there is any, in `rest`.
pub(super) fn describe(
    line: &Line<'_, '_>,
    data: &[u8],
    name: &mut String,
    rest: &mut String,
) -> Result<Style, fmt::Error> {
    let bytes = data.get(line.span.start..line.span.end).unwrap_or_default();
    let tag = bytes.first().and_then(|&tag| Tag(tag).name());
    match line.item {
        Item::Header { version } => {
            write!(name, "version {version}")?;
            Ok(Style::Plain)
        }
        Item::Padding => {
            name.push_str("padding");
            Ok(Style::Quiet)
        }
        Item::ObjectCount { count } => {
            write!(name, "object count {count}")?;
            Ok(Style::Quiet)
        }
        Item::Key(event) => {
            write!(name, "key: {}", tag.unwrap_or("value"))?;
            value(event, line.target, data, rest)
        }
        Item::Value(event) => {
            name.push_str(match event {
                Event::HostObjectBegin { .. } => "host object",
                Event::ObjectBegin if bytes.is_empty() => "object, its contents first",
                Event::SparseArrayBegin { .. } if bytes.is_empty() => {
                    "sparse array, its contents first"
                }
                _ => tag.unwrap_or("value"),
            });
            if let Some(id) = line.id {
                write!(name, " #{id}")?;
            }
            value(event, line.target, data, rest)
        }
        Item::Part(event) => part(event, line.id, name, rest),
        Item::End(event) => end(event, name, rest),
        Item::Damaged(damaged) => {
            match damaged {
                Damaged::Tag(tag) => name.push_str(tag.name().unwrap_or("unknown tag")),
                Damaged::ErrorPart(ErrorTag::END) => name.push_str("end of error"),
                Damaged::ErrorPart(tag) => {
                    write!(name, "part of error: {}", tag.name().unwrap_or("unknown"))?;
                }
                Damaged::HostBytes => name.push_str("contents of host object"),
                Damaged::Legacy => name.push_str("version 0, without header"),
            }
            rest.push_str(", damaged");
            Ok(Style::Bad)
        }
        Item::Unread => {
            match bytes.len() {
                0 => name.push_str("end of input"),
                _ => name.push_str("not read"),
            }
            Ok(Style::Bad)
        }
        Item::Trailing => {
            name.push_str("behind the value");
            Ok(Style::Bad)
        }
    }
}

fn value(
    event: Event<'_>,
    target: Option<usize>,
    data: &[u8],
    out: &mut String,
) -> Result<Style, fmt::Error> {
    match event {
        Event::Int32(value) => {
            write!(out, " {value}")?;
            return Ok(Style::Number);
        }
        Event::Uint32(value) => {
            write!(out, " {value}")?;
            return Ok(Style::Number);
        }
        Event::Double(value) | Event::NumberObject(value) => {
            out.push(' ');
            spell::number(out, value, true)?;
            return Ok(Style::Number);
        }
        Event::BigInt(value) | Event::BigIntObject(value) => {
            bigint(value, out)?;
            return Ok(Style::Number);
        }
        Event::String(text) | Event::StringObject(text) => {
            out.push(' ');
            quote(text, out)?;
            return Ok(Style::String);
        }
        Event::Date(ms) => {
            out.push(' ');
            if !spell::iso_date(out, ms)? {
                out.push_str("invalid");
            }
            return Ok(Style::Number);
        }
        Event::RegExp { pattern, flags } => {
            out.push(' ');
            quote(pattern, out)?;
            write!(out, ", flags {:?}", regexp_flags::to_string(flags))?;
            return Ok(Style::String);
        }
        Event::Reference(id) => {
            write!(out, " to #{id}")?;
            if let Some(offset) = target {
                let tag = data.get(offset).and_then(|&tag| Tag(tag).name()).unwrap_or("value");
                write!(out, ", the {tag} at {offset}")?;
            }
            return Ok(Style::Special);
        }
        Event::DenseArrayBegin { length } | Event::SparseArrayBegin { length } => {
            write!(out, ", length {length}")?;
        }
        Event::ArrayBuffer(bytes) | Event::ImmutableArrayBuffer(bytes) => {
            size(out, bytes.len() as u64)?;
        }
        Event::ResizableArrayBuffer { data, max_byte_length } => {
            write!(out, ", {} of at most {max_byte_length} bytes", data.len())?;
        }
        Event::TransferredArrayBuffer { id } => write!(out, ", transfer id {id}")?,
        Event::SharedArrayBuffer { id } => write!(out, ", buffer id {id}")?,
        Event::WasmSharedArrayBuffer { id, length } => {
            write!(out, ", buffer id {id}, ")?;
            match length {
                Some(length) => write!(out, "{length} bytes of a wasm memory")?,
                None => out.push_str("a wasm memory of fixed length"),
            }
        }
        Event::WasmSharedArrayBufferBegin { id } => {
            write!(out, ", buffer id {id}, of the wasm memory that follows")?;
        }
        Event::WasmModuleTransfer { id } => write!(out, ", module id {id}")?,
        Event::WasmModule { wire_bytes, compiled } => {
            let [wire, compiled] = [wire_bytes.len(), compiled.len()];
            write!(out, ", {wire} bytes and {compiled} bytes of compiled code")?;
        }
        Event::WasmMemoryBegin { maximum_pages, memory64 } => {
            match maximum_pages {
                -1 => out.push_str(", no maximum"),
                pages => write!(out, ", at most {pages} pages")?,
            }
            write!(out, ", {}-bit addresses", if memory64 == Some(true) { 64 } else { 32 })?;
        }
        Event::SharedObject { id } => write!(out, ", object id {id}")?,
        Event::HostObjectBegin { legacy_tag: Some(tag) } => write!(out, ", tag {:#04x}", tag.0)?,
        Event::HostView { kind, data, .. } => {
            write!(out, ", {} of {}", kind.name(), Bytes(data.len() as u64))?;
        }
        _ => {}
    }
    Ok(match event {
        Event::Bool(_) | Event::BooleanObject(_) => Style::Number,
        Event::Undefined | Event::Hole => Style::Quiet,
        _ => Style::Plain,
    })
}

fn part(
    event: Event<'_>,
    id: Option<u32>,
    name: &mut String,
    rest: &mut String,
) -> Result<Style, fmt::Error> {
    match event {
        Event::View { kind, byte_offset, byte_length, flags } => {
            write!(name, "array buffer view #{}", id.unwrap_or(0))?;
            write!(rest, ", {} of {} at {byte_offset}", kind.name(), Bytes(byte_length))?;
            match flags {
                None => {}
                Some(0) => rest.push_str(", flags 0"),
                Some(flags) => {
                    let [tracking, resizable] = [1, 2].map(|bit| flags & bit != 0);
                    write!(rest, ", flags {flags}")?;
                    let meaning = match (tracking, resizable) {
                        (true, true) => ": tracks the length, resizable",
                        (true, false) => ": tracks the length",
                        (false, true) => ": resizable",
                        (false, false) => "",
                    };
                    rest.push_str(meaning);
                }
            }
        }
        Event::ErrorPart(ErrorPart::Prototype(tag)) => {
            name.push_str(tag.name().unwrap_or("prototype"));
        }
        Event::ErrorPart(ErrorPart::Message(text)) => {
            name.push_str("message ");
            quote(text, rest)?;
            return Ok(Style::String);
        }
        Event::ErrorPart(ErrorPart::Stack(text)) => {
            name.push_str("stack ");
            quote(text, rest)?;
            return Ok(Style::String);
        }
        Event::ErrorPart(ErrorPart::Cause) => name.push_str("cause"),
        Event::HostBytes(bytes) => {
            name.push_str("host object's own");
            size(rest, bytes.len() as u64)?;
        }
        _ => {}
    }
    Ok(Style::Plain)
}

fn end(event: Event<'_>, name: &mut String, rest: &mut String) -> Result<Style, fmt::Error> {
    let (what, properties, length) = match event {
        Event::ObjectEnd { properties } => ("object", Some(properties), None),
        Event::DenseArrayEnd { properties, length } => {
            ("dense array", Some(properties), Some(length))
        }
        Event::SparseArrayEnd { properties, length } => {
            ("sparse array", Some(properties), Some(length))
        }
        Event::MapEnd { length } => ("map", None, Some(length)),
        Event::SetEnd { length } => ("set", None, Some(length)),
        Event::ErrorEnd => ("error", None, None),
        Event::WasmMemoryEnd => ("wasm memory", None, None),
        Event::WasmSharedArrayBufferEnd => ("shared array buffer", None, None),
        _ => ("host object", None, None),
    };
    write!(name, "end of {what}")?;
    if let Some(count) = properties {
        write!(rest, ", {count} {}", if count == 1 { "property" } else { "properties" })?;
    }
    if let Some(length) = length {
        write!(rest, ", length {length}")?;
    }
    Ok(Style::Plain)
}

/// `16 bytes`, `1 byte`
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} byte{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

fn size(out: &mut String, length: u64) -> fmt::Result {
    write!(out, ", {}", Bytes(length))
}

fn bigint(value: BigInt<'_>, out: &mut String) -> fmt::Result {
    /// Longer ones would fill the line.
    const MAX_BYTES: usize = 32;
    if value.digits.len() > MAX_BYTES {
        let sign = if value.negative { "negative" } else { "positive" };
        return write!(out, ", {sign}, {} bits", value.digits.len() as u64 * 8);
    }
    out.push(' ');
    spell::bigint(out, value)?;
    out.push('n');
    Ok(())
}

/// In quotes, with escapes, cut when long. Lone surrogates are escaped.
fn quote(text: Text<'_>, out: &mut String) -> fmt::Result {
    out.push('"');
    let mut chars = char::decode_utf16(text.units());
    for char in chars.by_ref().take(MAX_CHARS) {
        match char {
            Ok('\'') => out.push('\''),
            Ok(char) => write!(out, "{}", char.escape_debug())?,
            Err(lone) => write!(out, "\\u{{{:x}}}", lone.unpaired_surrogate())?,
        }
    }
    out.push('"');
    if chars.next().is_some() {
        out.push('\u{2026}');
    }
    Ok(())
}
