//! What is tagged: a JSON object with one key that begins with `$` (SPEC.md 10.4 to 10.9,
//! 10.11).

use alloc::format;
use alloc::vec::Vec;

use super::encoder::{Encoder, Task, refused};
use super::error::{EncodeErrorKind, Fault, Step};
use super::text::Kind;
use crate::read::event::{BigInt, ErrorPart, Event};
use crate::text::Text;
use crate::wire::{ByteOrder, ErrorTag, regexp_flags};

/// Labels are integers that a double holds.
const MAX_LABEL: u64 = (1 << 53) - 1;

/// The classes of errors that have a part of their own.
const CLASSES: [(&str, ErrorTag); 6] = [
    ("EvalError", ErrorTag::EVAL_ERROR),
    ("RangeError", ErrorTag::RANGE_ERROR),
    ("ReferenceError", ErrorTag::REFERENCE_ERROR),
    ("SyntaxError", ErrorTag::SYNTAX_ERROR),
    ("TypeError", ErrorTag::TYPE_ERROR),
    ("URIError", ErrorTag::URI_ERROR),
];

/// How the bytes of a string are encoded.
#[derive(Clone, Copy)]
enum Encoding {
    OneByte,
    TwoByte,
    Utf8,
}

impl Encoding {
    fn text(self, bytes: &[u8]) -> Text<'_> {
        match self {
            Encoding::OneByte => Text::OneByte(bytes),
            Encoding::TwoByte => Text::TwoByte(bytes, ByteOrder::Little),
            Encoding::Utf8 => Text::Utf8(bytes),
        }
    }
}

impl Encoder<'_, '_> {
    /// `index` is the object with the tag, `held` what it holds.
    pub(super) fn tag(&mut self, index: u32, tag: &str, held: u32) -> Step {
        if !self.identity(index, tag, held)?
            && !self.primitive(index, tag, held)?
            && !self.container(index, tag, held)?
            && !self.flat_object(index, tag, held)?
            && !self.buffer(index, tag, held)?
            && !self.host_or_wasm(index, tag, held)?
        {
            let reason =
                format!("no tag of typed JSON: `{tag}`; as a plain key it needs `$object`");
            return self.tape.fault(index + 1, reason);
        }
        // Within `$id` the label is still to be used.
        if tag == "$id" { Ok(()) } else { self.no_label() }
    }

    /// SPEC.md 10.6
    fn identity(&mut self, index: u32, tag: &str, held: u32) -> Step<bool> {
        let tape = self.tape;
        match tag {
            "$id" => {
                let [label, value] = tape.list(held, "of a label and a value")?;
                let number = tape.uint(label, MAX_LABEL)?;
                if self.ids.contains_key(&number) {
                    return tape.fault(label, "a label that another value has");
                }
                if self.label.is_some() {
                    return tape.fault(index, "two labels of one value");
                }
                self.label = Some((number, label));
                self.tasks.push(Task::Value(value));
            }
            "$ref" => {
                let label = tape.uint(held, MAX_LABEL)?;
                let Some(&id) = self.ids.get(&label) else {
                    let kind = EncodeErrorKind::UnknownReference { label };
                    return Err(Fault::new(tape.at(held), kind));
                };
                self.put(index, Event::Reference(id))?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// SPEC.md 10.4, 10.5
    fn primitive(&mut self, index: u32, tag: &str, held: u32) -> Step<bool> {
        let tape = self.tape;
        match tag {
            "$undefined" => {
                tape.is_true(held)?;
                self.put(index, Event::Undefined)?;
            }
            "$hole" if tape.kind(held) == Kind::Text && tape.str(held).is("undefined") => {
                if !self.version().undefined_is_hole() {
                    return tape.fault(held, "undefined means a hole below version 11 only");
                }
                self.writer.undefined_hole().map_err(|error| refused(tape, index, &error))?;
            }
            "$hole" => {
                tape.is_true(held)?;
                self.put(index, Event::Hole)?;
            }
            "$uint32" => self.put(index, Event::Uint32(tape.u32(held)?))?,
            "$double" => self.put(index, Event::Double(tape.double(held)?))?,
            "$bigint" => self.bigint(index, held, false)?,
            "$shared-object" => self.put(index, Event::SharedObject { id: tape.u32(held)? })?,
            "$utf8" | "$two-byte" | "$units" => {
                let encoding = self.string(index, false)?;
                let bytes = core::mem::take(&mut self.scratch);
                self.put(index, Event::String(encoding.text(&bytes)))?;
                self.scratch = bytes;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn bigint(&mut self, index: u32, held: u32, object: bool) -> Step {
        let mut digits = core::mem::take(&mut self.scratch);
        let negative = self.tape.bigint(held, &mut digits)?;
        let value = BigInt { negative, digits: &digits };
        let event = if object { Event::BigIntObject(value) } else { Event::BigInt(value) };
        self.object(index, event)?;
        self.scratch = digits;
        Ok(())
    }

    /// Reads any form of string (SPEC.md 10.3, 10.5). `inner`: it stands in a RegExp, a String object or
    /// an error, where it has no tag below version 12 and is UTF-8. Its bytes are in `scratch`.
    fn string(&mut self, index: u32, inner: bool) -> Step<Encoding> {
        let tape = self.tape;
        let raw = inner && self.version().raw_utf8_strings();
        let mut bytes = core::mem::take(&mut self.scratch);
        bytes.clear();
        let encoding = match (tape.kind(index), self.tagged(index)?) {
            (Kind::Text, _) if raw => {
                bytes.extend_from_slice(tape.string(index)?.as_bytes());
                Encoding::Utf8
            }
            (Kind::Text, _) if tape.str(index).to_latin1(&mut bytes) => Encoding::OneByte,
            (Kind::Text, _) => {
                bytes.clear();
                bytes.extend(tape.str(index).units().flat_map(u16::to_le_bytes));
                Encoding::TwoByte
            }
            (_, Some((tag, held))) if tag == "$utf8" => {
                if tape.kind(held) == Kind::Object {
                    let [base64] = tape.fields(held, ["base64"])?;
                    tape.base64(tape.must(held, base64, "base64")?, &mut bytes)?;
                } else {
                    bytes.extend_from_slice(tape.string(held)?.as_bytes());
                }
                Encoding::Utf8
            }
            (_, Some((tag, held))) if tag == "$two-byte" && !raw => {
                bytes.extend(tape.text(held)?.units().flat_map(u16::to_le_bytes));
                Encoding::TwoByte
            }
            (_, Some((tag, held))) if tag == "$units" && !raw => {
                self.units(held, &mut bytes)?;
                Encoding::TwoByte
            }
            _ => return tape.fault(index, "expected a string"),
        };
        self.scratch = bytes;
        Ok(encoding)
    }

    fn units(&self, list: u32, bytes: &mut Vec<u8>) -> Step {
        let tape = self.tape;
        if tape.kind(list) != Kind::List {
            return tape.fault(list, "expected a list of strings and numbers");
        }
        for part in tape.children(list) {
            if tape.kind(part) == Kind::Text {
                bytes.extend(tape.str(part).units().flat_map(u16::to_le_bytes));
            } else {
                let unit = tape.uint(part, u16::MAX.into())? as u16;
                bytes.extend(unit.to_le_bytes());
            }
        }
        Ok(())
    }

    /// SPEC.md 10.7, 10.11
    fn container(&mut self, index: u32, tag: &str, held: u32) -> Step<bool> {
        let tape = self.tape;
        let items = Task::Items { next: held + 1, end: tape.next(held) };
        match tag {
            "$object" | "$map" | "$set" if tape.kind(held) != Kind::List => {
                return tape.fault(held, "expected a list");
            }
            "$object" => {
                self.begin_object(index)?;
                self.tasks.push(Task::End(index));
                self.tasks.push(Task::Properties(held));
            }
            "$map" => {
                self.object(index, Event::MapBegin)?;
                self.tasks.push(Task::End(index));
                self.tasks.push(Task::Pairs { next: held + 1, end: tape.next(held) });
            }
            "$set" => {
                self.object(index, Event::SetBegin)?;
                self.tasks.push(Task::End(index));
                self.tasks.push(items);
            }
            "$array" => {
                let [elements, properties] = tape.fields(held, ["elements", "properties"])?;
                let elements = tape.must(held, elements, "elements")?;
                if tape.kind(elements) != Kind::List {
                    return tape.fault(elements, "expected a list");
                }
                let length = tape.count(elements);
                self.object(index, Event::DenseArrayBegin { length })?;
                self.tasks.push(Task::End(index));
                self.tasks.extend(properties.map(Task::Properties));
                self.tasks.push(Task::Items { next: elements + 1, end: tape.next(elements) });
            }
            "$sparse" => {
                let (length, properties) = self.sparse(held)?;
                if self.version().0 > 0 {
                    self.object(index, Event::SparseArrayBegin { length })?;
                } else {
                    let begun = self.writer.begin_on_stack(Some(length));
                    begun.map_err(|error| refused(tape, index, &error))?;
                }
                self.tasks.push(Task::End(index));
                self.tasks.push(Task::Properties(properties));
            }
            "$prefix" => {
                if self.version().0 > 0 {
                    return tape.fault(index, "`$prefix` is for version 0");
                }
                let (event, properties) = match self.tagged(held)? {
                    Some((tag, held)) if tag == "$sparse" => {
                        let (length, properties) = self.sparse(held)?;
                        (Event::SparseArrayBegin { length }, properties)
                    }
                    Some((tag, held)) if tag == "$object" => (Event::ObjectBegin, held),
                    None if tape.kind(held) == Kind::Object => (Event::ObjectBegin, held),
                    _ => return tape.fault(held, "expected an object or `$sparse`"),
                };
                self.object(index, event)?;
                self.tasks.push(Task::End(index));
                self.tasks.push(Task::Properties(properties));
            }
            "$error" => {
                let members = tape.kind(held) == Kind::Object;
                if !members && tape.kind(held) != Kind::List {
                    return tape.fault(held, "expected an object, or a list of pairs");
                }
                self.object(index, Event::ErrorBegin)?;
                self.tasks.push(Task::End(index));
                self.tasks.push(Task::Parts { next: held + 1, end: tape.next(held), members });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn sparse(&self, held: u32) -> Step<(u32, u32)> {
        let tape = self.tape;
        let [length, properties] = tape.fields(held, ["length", "properties"])?;
        let length = tape.u32(tape.must(held, length, "length")?)?;
        Ok((length, tape.must(held, properties, "properties")?))
    }

    /// A part of an error (SPEC.md 10.11).
    pub(super) fn part(&mut self, next: u32, end: u32, members: bool) -> Step {
        let tape = self.tape;
        let ([name, value], behind) = if members {
            ([next, next + 1], tape.next(next + 1))
        } else {
            (tape.list(next, "of a part's name and its value")?, tape.next(next))
        };
        self.tasks.push(Task::Parts { next: behind, end, members });
        let part = tape.text(name)?;
        if part.is("cause") {
            self.put(name, Event::ErrorPart(ErrorPart::Cause))?;
            self.tasks.push(Task::Value(value));
            return Ok(());
        }
        if part.is("name") {
            let class = tape.text(value)?;
            let Some((_, tag)) = CLASSES.iter().find(|(name, _)| class.is(name)) else {
                let known = CLASSES.map(|(name, _)| name).join("`, `");
                return tape.fault(value, format!("expected one of `{known}`"));
            };
            return self.put(value, Event::ErrorPart(ErrorPart::Prototype(*tag)));
        }
        let is_message = part.is("message");
        if !is_message && !part.is("stack") {
            return tape.fault(name, "expected one of `name`, `message`, `stack`, `cause`");
        }
        let encoding = self.string(value, true)?;
        let bytes = core::mem::take(&mut self.scratch);
        let text = encoding.text(&bytes);
        let part = if is_message { ErrorPart::Message(text) } else { ErrorPart::Stack(text) };
        self.put(value, Event::ErrorPart(part))?;
        self.scratch = bytes;
        Ok(())
    }

    /// SPEC.md 10.9
    fn flat_object(&mut self, index: u32, tag: &str, held: u32) -> Step<bool> {
        let tape = self.tape;
        match tag {
            "$date" => self.object(index, Event::Date(tape.date(held)?))?,
            "$boolean-object" => self.object(index, Event::BooleanObject(tape.bool(held)?))?,
            "$number-object" => self.object(index, Event::NumberObject(tape.double(held)?))?,
            "$bigint-object" => self.bigint(index, held, true)?,
            "$string-object" => {
                let encoding = self.string(held, true)?;
                let bytes = core::mem::take(&mut self.scratch);
                self.object(index, Event::StringObject(encoding.text(&bytes)))?;
                self.scratch = bytes;
            }
            "$regexp" => {
                let [pattern, flags] = tape.list(held, "of a pattern and its flags")?;
                let encoding = self.string(pattern, true)?;
                let flags = match tape.kind(flags) {
                    Kind::Number => tape.u32(flags)?,
                    _ => {
                        let bits = regexp_flags::from_str(&tape.string(flags)?);
                        bits.map_or_else(|| tape.fault(flags, "no flags of a RegExp"), Ok)?
                    }
                };
                let bytes = core::mem::take(&mut self.scratch);
                self.object(index, Event::RegExp { pattern: encoding.text(&bytes), flags })?;
                self.scratch = bytes;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}
