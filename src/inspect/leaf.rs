//! Text of what has no items: primitives and the heads of objects.

use alloc::string::{String, ToString};
use core::fmt::{self, Write as _};

use super::items::Item;
use super::paint::{AsWrite, Paint, Style};
use super::{InspectOptions, strings};
use crate::document::{Document, Key, Kind, Value};
use crate::spell;
use crate::text::Text;
use crate::wire::regexp_flags;

/// A value without brackets; nothing for others.
pub(super) fn leaf(
    value: Value<'_, '_>,
    options: &InspectOptions,
    indent: usize,
    paint: &mut dyn Paint,
) -> fmt::Result {
    match value.kind() {
        Kind::Undefined => paint.styled(Style::Undefined, "undefined"),
        Kind::Null => paint.styled(Style::Null, "null"),
        Kind::Hole => paint.styled(Style::Undefined, "<1 empty item>"),
        Kind::Bool => {
            let text = if value.as_bool() == Some(true) { "true" } else { "false" };
            paint.styled(Style::Number, text)
        }
        Kind::Number => number(value.as_f64().unwrap_or(0.0), paint),
        Kind::BigInt => bigint(value, paint),
        Kind::String => match value.as_text() {
            Some(text) => strings::string(text, options.max_string, options.width, indent, paint),
            None => Ok(()),
        },
        Kind::Date => {
            paint.begin(Style::Date)?;
            let ms = value.as_date_ms().unwrap_or(f64::NAN);
            if !spell::iso_date(&mut AsWrite(paint), ms)? {
                paint.text("Invalid Date")?;
            }
            paint.end(Style::Date)
        }
        Kind::RegExp => regexp(value, options, paint),
        Kind::BooleanObject => {
            let text = if value.as_bool() == Some(true) { "true" } else { "false" };
            boxed("[Boolean: ", Style::Number, paint, |paint| paint.text(text))
        }
        Kind::NumberObject => boxed("[Number: ", Style::Number, paint, |paint| {
            spell::number(&mut AsWrite(paint), value.as_f64().unwrap_or(0.0), true)
        }),
        Kind::BigIntObject => {
            boxed("[BigInt: ", Style::Number, paint, |paint| match value.as_bigint() {
                Some(bigint) => {
                    spell::bigint(&mut AsWrite(paint), bigint)?;
                    paint.text("n")
                }
                None => Ok(()),
            })
        }
        Kind::StringObject => boxed("[String: ", Style::String, paint, |paint| {
            let text = value.as_text().unwrap_or(Text::OneByte(b""));
            strings::string(text, options.max_string, options.width, indent, &mut Plain(paint))
        }),
        Kind::View => match value.as_bytes() {
            Some(bytes) => strings::bytes("Buffer", bytes, options.max_bytes, paint),
            None => Ok(()),
        },
        Kind::Error => error(value, options, indent, paint),
        _ => Ok(()),
    }
}

/// Drops escape codes.
struct Plain<'p>(&'p mut dyn Paint);

impl Paint for Plain<'_> {
    fn text(&mut self, text: &str) -> fmt::Result {
        self.0.text(text)
    }

    fn code(&mut self, _: &str) -> fmt::Result {
        Ok(())
    }
}

fn boxed(
    head: &str,
    style: Style,
    paint: &mut dyn Paint,
    value: impl FnOnce(&mut dyn Paint) -> fmt::Result,
) -> fmt::Result {
    paint.begin(style)?;
    paint.text(head)?;
    value(paint)?;
    paint.text("]")?;
    paint.end(style)
}

fn number(number: f64, paint: &mut dyn Paint) -> fmt::Result {
    paint.begin(Style::Number)?;
    spell::number(&mut AsWrite(paint), number, true)?;
    paint.end(Style::Number)
}

fn bigint(value: Value<'_, '_>, paint: &mut dyn Paint) -> fmt::Result {
    paint.begin(Style::Number)?;
    if let Some(bigint) = value.as_bigint() {
        spell::bigint(&mut AsWrite(paint), bigint)?;
    }
    paint.text("n")?;
    paint.end(Style::Number)
}

fn regexp(value: Value<'_, '_>, options: &InspectOptions, paint: &mut dyn Paint) -> fmt::Result {
    let Some((source, flags)) = value.as_regexp() else { return Ok(()) };
    paint.begin(Style::RegExp)?;
    paint.text("/")?;
    if source.is_empty() {
        paint.text("(?:)")?;
    }
    strings::bare(source, options.max_string, None, paint)?;
    paint.text("/")?;
    paint.text(&regexp_flags::to_string(flags))?;
    paint.end(Style::RegExp)
}

/// The stack of an error, in brackets where it has no frames; without one its name and message.
fn error(
    value: Value<'_, '_>,
    options: &InspectOptions,
    indent: usize,
    paint: &mut dyn Paint,
) -> fmt::Result {
    let name = value.error_name().unwrap_or("Error");
    let message = value.error_message().filter(|message| !message.is_empty());
    let stack = value.error_stack().filter(|stack| !stack.is_empty());
    let Some(stack) = stack else {
        paint.text("[")?;
        paint.text(name)?;
        if let Some(message) = message {
            paint.text(": ")?;
            strings::bare(message, options.max_string, Some(indent), paint)?;
        }
        return paint.text("]");
    };
    let framed = has_frames(stack, message);
    if !framed {
        paint.text("[")?;
    }
    strings::bare(stack, options.max_string, Some(indent), paint)?;
    if framed { Ok(()) } else { paint.text("]") }
}

/// Whether frames (`\n    at`) follow the message in a stack.
fn has_frames(stack: Text<'_>, message: Option<Text<'_>>) -> bool {
    let stack = stack.to_str();
    let message = message.map(|message| message.to_str().to_string()).unwrap_or_default();
    let behind = stack.find(&message).and_then(|at| stack.get(at + message.len()..));
    behind.unwrap_or(&stack).contains("\n    at")
}

/// The name of a property and the colon behind it.
pub(super) fn key(doc: &Document<'_>, slot: u32, paint: &mut dyn Paint) -> fmt::Result {
    match doc.key_at(slot) {
        Some(Key::Text(text)) => {
            let identifier = text.as_ascii().filter(|name| is_identifier(name));
            match identifier {
                Some("__proto__") => paint.text("['__proto__']")?,
                Some(name) => paint.text(name)?,
                None => strings::key(text, paint)?,
            }
        }
        Some(key) => strings::key(Text::Utf8(key.to_str().as_bytes()), paint)?,
        None => {}
    }
    paint.text(": ")
}

fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// An item that holds no value; nothing for others.
pub(super) fn item(item: Item<'_>, options: &InspectOptions, paint: &mut dyn Paint) -> fmt::Result {
    match item {
        Item::Count(name, count) => {
            paint.text(name)?;
            paint.text(": ")?;
            paint.begin(Style::Number)?;
            write!(AsWrite(paint), "{count}")?;
            paint.end(Style::Number)
        }
        Item::Flag(name) => {
            paint.text(name)?;
            paint.text(": ")?;
            paint.styled(Style::Number, "true")
        }
        Item::Bytes(name, bytes) => {
            if !name.is_empty() {
                paint.styled(Style::Special, name)?;
                paint.text(": ")?;
            }
            strings::bytes("", bytes, options.max_bytes, paint)
        }
        Item::Float(element) => number(element, paint),
        Item::Signed(element) => integer(element, paint),
        Item::Unsigned(element) => integer(element, paint),
        Item::Empty(count) => {
            let s = if count > 1 { "s" } else { "" };
            paint.begin(Style::Undefined)?;
            write!(AsWrite(paint), "<{count} empty item{s}>")?;
            paint.end(Style::Undefined)
        }
        Item::More(count) => {
            let s = if count > 1 { "s" } else { "" };
            write!(AsWrite(paint), "... {count} more item{s}")
        }
        Item::Value(_) | Item::Property(..) | Item::Entry(..) | Item::Part(..) => Ok(()),
    }
}

fn integer(element: impl fmt::Display, paint: &mut dyn Paint) -> fmt::Result {
    paint.begin(Style::Number)?;
    write!(AsWrite(paint), "{element}n")?;
    paint.end(Style::Number)
}

/// What stands for a container that is too deep: `[Object]`.
pub(super) fn too_deep(value: Value<'_, '_>, name: &str, paint: &mut dyn Paint) -> fmt::Result {
    let name = match value.kind() {
        Kind::Object => "Object",
        Kind::Array => "Array",
        Kind::Error => value.error_name().unwrap_or("Error"),
        _ => name,
    };
    let mut text = String::from("[");
    text.push_str(name);
    text.push(']');
    paint.styled(Style::Special, &text)
}
