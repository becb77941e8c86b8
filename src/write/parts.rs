//! What values consist of: numbers, strings, bigints, references, parts of errors.

use super::error::{WriteError, WriteErrorKind};
use super::frame::{Class, FrameKind, Next, bounded, misuse};
use super::writer::{Done, Form, Writer};
use crate::read::event::{BigInt, ErrorPart};
use crate::text::Text;
use crate::wire::engine::{MAX_BIGINT_BYTES, MAX_STRING_UNITS};
use crate::wire::{ErrorTag, Tag};

impl Writer {
    pub(super) fn needs(&self, what: &'static str, needs: u32) -> Done {
        if self.version < needs {
            let kind = WriteErrorKind::VersionTooOld { what, needs, version: self.version };
            return Err(WriteError::new(kind));
        }
        Ok(())
    }

    #[inline(always)]
    pub(super) fn oddball(&mut self, tag: Tag) -> Done {
        self.slot(Class::Other)?;
        self.out.tag(tag);
        Ok(())
    }

    #[inline(always)]
    pub(super) fn int32(&mut self, value: i32) {
        if self.all_int32 || self.options.is_smi(value) {
            self.out.tagged_zigzag(Tag::INT32, value);
        } else {
            self.out.tagged_double(Tag::DOUBLE, value.into());
        }
    }

    pub(super) fn uint32(&mut self, value: u32) {
        if self.form == Form::AsGiven {
            self.out.tag(Tag::UINT32);
            self.out.varint_u32(value);
            return;
        }
        match i32::try_from(value) {
            Ok(value) => self.int32(value),
            Err(_) => {
                self.out.tag(Tag::DOUBLE);
                self.out.double(value.into());
            }
        }
    }

    /// A double, of which V8 knows one NaN.
    #[inline(always)]
    pub(super) fn canonical(&self, value: f64) -> f64 {
        let changed = self.form == Form::AsV8 && value.is_nan();
        if changed { f64::from_bits(0x7FF8 << 48) } else { value }
    }

    pub(super) fn double(&mut self, value: f64) {
        self.out.double(self.canonical(value));
    }

    #[inline(always)]
    pub(super) fn one_byte(&mut self, bytes: &[u8]) -> Done {
        bounded("string length in units", bytes.len() as u64, MAX_STRING_UNITS)?;
        self.out.one_byte(bytes);
        Ok(())
    }

    pub(super) fn text(&mut self, text: Text<'_>) -> Done {
        let what = "string length in units";
        match text {
            Text::OneByte(bytes) => return self.one_byte(bytes),
            Text::TwoByte(bytes, order) => {
                let units = bytes.len() / 2;
                bounded(what, units as u64, MAX_STRING_UNITS)?;
                self.out.two_byte_head(2 * units);
                if order == self.out.order {
                    self.out.data(bytes.get(..2 * units).unwrap_or(bytes));
                } else {
                    self.out.units(text.units());
                }
            }
            Text::Utf8(bytes) if self.form == Form::AsGiven => {
                bounded("bytes of string", bytes.len() as u64, u32::MAX.into())?;
                self.out.tag(Tag::UTF8_STRING);
                self.out.varint(bytes.len() as u64);
                self.out.data(bytes);
            }
            Text::Utf8(bytes) if bytes.is_ascii() => return self.text(Text::OneByte(bytes)),
            Text::Utf8(_) => {
                let (mut units, mut all) = (0usize, 0u16);
                for unit in text.units() {
                    units += 1;
                    all |= unit;
                }
                bounded(what, units as u64, MAX_STRING_UNITS)?;
                if all < 0x100 {
                    self.out.tag(Tag::ONE_BYTE_STRING);
                    self.out.varint(units as u64);
                    for unit in text.units() {
                        self.out.byte(unit as u8);
                    }
                } else {
                    self.out.two_byte_head(2 * units);
                    self.out.units(text.units());
                }
            }
        }
        Ok(())
    }

    /// V8 writes whole words of 64 bits, none of them a leading zero, and no sign of zero.
    pub(super) fn bigint(&mut self, value: BigInt<'_>) -> Done {
        let BigInt { mut negative, mut digits } = value;
        let mut padding = 0;
        if self.form == Form::AsV8 {
            let end = digits.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
            digits = digits.get(..end).unwrap_or_default();
            padding = digits.len().next_multiple_of(8) - digits.len();
            negative &= !digits.is_empty();
        }
        let length = (digits.len() + padding) as u64;
        bounded("bigint length", length, MAX_BIGINT_BYTES)?;
        self.out.varint(length << 1 | u64::from(negative));
        self.out.raw(digits);
        self.out.raw([0; 8].get(..padding).unwrap_or_default());
        Ok(())
    }

    pub(super) fn reference(&mut self, id: u32) -> Done {
        let class = match self.frames.last().map(|frame| frame.kind) {
            Some(FrameKind::WasmMemory) if self.is_shared_buffer(id) => Class::SharedBuffer,
            Some(FrameKind::WasmShared) if self.memories.binary_search(&id).is_ok() => {
                Class::WasmMemory
            }
            _ => Class::Other,
        };
        self.slot(class)?;
        if id >= self.next_id {
            let kind = WriteErrorKind::InvalidReference { id, known: self.next_id };
            return Err(WriteError::new(kind));
        }
        self.out.tag(Tag::OBJECT_REFERENCE);
        self.out.varint_u32(id);
        self.may_view(self.buffer_of(id));
        Ok(())
    }

    pub(super) fn error_part(&mut self, part: ErrorPart<'_>) -> Done {
        self.view_of = None;
        let cause_first = self.options.cause_before_stack;
        let Some(frame) = self.frames.last_mut().filter(|frame| frame.kind == FrameKind::Error)
        else {
            return misuse("part of an error outside of one");
        };
        if frame.next == Next::Value {
            return misuse("part of an error in the place of its cause");
        }
        let (code, stage) = match part {
            ErrorPart::Prototype(tag) => (tag, 1),
            ErrorPart::Message(_) => (ErrorTag::MESSAGE, 2),
            ErrorPart::Stack(_) => (ErrorTag::STACK, if cause_first { 4 } else { 3 }),
            ErrorPart::Cause => (ErrorTag::CAUSE, if cause_first { 3 } else { 4 }),
        };
        // V8 from 12.4 on takes one order only (SPEC.md 3.24.4).
        if self.form == Form::AsV8 && stage <= frame.count {
            return misuse("part of an error behind one that it must precede");
        }
        frame.count = stage;
        frame.next = if part == ErrorPart::Cause { Next::Value } else { Next::Key };
        let is_prototype = code.name().is_some_and(|name| name.ends_with("prototype"));
        if stage == 1 && !is_prototype {
            return misuse("no class of error has this tag");
        }
        self.out.byte(code.0);
        match part {
            ErrorPart::Message(text) | ErrorPart::Stack(text) => self.inner_text(text),
            ErrorPart::Prototype(_) | ErrorPart::Cause => Ok(()),
        }
    }
}
