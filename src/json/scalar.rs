//! Typed JSON of values that hold no other values.

use core::fmt;

use super::canonical::is_plain_text;
use super::typed::Typed;
use crate::document::raw::{Node, NodeKind};
use crate::spell;
use crate::text::Text;
use crate::wire::output::Output;
use crate::wire::{ByteOrder, regexp_flags};
use crate::{BigInt, ViewKind};

/// The NaN that V8 writes.
const NAN: u64 = 0x7FF8_0000_0000_0000;
/// The most bytes of a bigint that say nothing and are not spelled. A reader need not take more.
pub(super) const MAX_UNSPELLED: usize = 1024;
/// The flags that have letters.
const LETTERS: u32 = 0x1FF;

impl<'a> Typed<'_, 'a, '_> {
    /// A value that takes no object id; `false` where the node is another.
    pub(super) fn primitive(&mut self, slot: u32, node: &Node) -> Result<bool, fmt::Error> {
        match node.kind() {
            NodeKind::Undefined => self.out.raw("{\"$undefined\":true}")?,
            NodeKind::Null => self.out.raw("null")?,
            NodeKind::True => self.out.raw("true")?,
            NodeKind::False => self.out.raw("false")?,
            // Below version 11 a hole may be written as undefined.
            NodeKind::Hole if self.tag_of(node) == Some(b'_') => {
                self.out.raw("{\"$hole\":\"undefined\"}")?;
            }
            NodeKind::Hole => self.out.raw("{\"$hole\":true}")?,
            NodeKind::Int32 => write!(self.out.writer(), "{}", self.doc.int32(node))?,
            NodeKind::Uint32 => {
                self.tag("$uint32")?;
                write!(self.out.writer(), "{}}}", self.doc.uint32(node))?;
            }
            NodeKind::Double => {
                let bits = self.doc.double_bits(node);
                let number = f64::from_bits(bits);
                let integer = f64::from(number as i32) == number;
                if number.is_finite() && !integer {
                    spell::number(self.out.writer(), number, false)?;
                } else {
                    self.tagged_double("$double", bits)?;
                }
            }
            NodeKind::BigInt => self.tagged_bigint("$bigint", slot)?,
            NodeKind::OneByte | NodeKind::TwoByte | NodeKind::Utf8 => {
                self.string(self.doc.text(node), false)?;
            }
            NodeKind::SharedObject => self.tagged_id("$shared-object", node.a)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// An object that holds no others; `false` where the node is another.
    pub(super) fn flat_object(&mut self, slot: u32, node: &Node) -> Result<bool, fmt::Error> {
        match node.kind() {
            NodeKind::Date => self.date(self.doc.double_bits(node))?,
            NodeKind::TrueObject => self.out.raw("{\"$boolean-object\":true}")?,
            NodeKind::FalseObject => self.out.raw("{\"$boolean-object\":false}")?,
            NodeKind::NumberObject => {
                self.tagged_double("$number-object", self.doc.double_bits(node))?;
            }
            NodeKind::BigIntObject => self.tagged_bigint("$bigint-object", slot)?,
            NodeKind::OneByteObject | NodeKind::TwoByteObject | NodeKind::Utf8Object => {
                self.tag("$string-object")?;
                self.string(self.doc.text(node), self.has_raw_strings())?;
                self.out.raw("}")?;
            }
            NodeKind::OneByteRegExp | NodeKind::TwoByteRegExp | NodeKind::Utf8RegExp => {
                self.tag("$regexp")?;
                self.out.raw("[")?;
                self.string(self.doc.text(node), self.has_raw_strings())?;
                self.out.comma()?;
                if node.b & !LETTERS == 0 {
                    self.out.str(&regexp_flags::to_string(node.b))?;
                } else {
                    write!(self.out.writer(), "{}", node.b)?;
                }
                self.out.raw("]}")?;
            }
            NodeKind::ArrayBuffer => {
                self.tag("$arraybuffer")?;
                self.out.base64(self.doc.part(node.content(), node.number()))?;
                self.out.raw("}")?;
            }
            NodeKind::ImmutableArrayBuffer => {
                self.tag("$arraybuffer")?;
                self.field("{", "bytes")?;
                self.out.base64(self.doc.part(node.content(), node.number()))?;
                self.comma_field("immutable")?;
                self.out.raw("true}}")?;
            }
            NodeKind::ResizableArrayBuffer => {
                self.tag("$arraybuffer")?;
                self.field("{", "bytes")?;
                self.out.base64(self.doc.part(node.content(), node.number()))?;
                self.comma_field("max")?;
                write!(self.out.writer(), "{}}}}}", self.doc.extra_of(slot).unwrap_or(0))?;
            }
            NodeKind::TransferredArrayBuffer => self.tagged_id("$transfer", node.a)?,
            NodeKind::SharedArrayBuffer => match self.doc.extra_of(slot) {
                None if node.b != 0 => {
                    self.tag("$shared")?;
                    self.field("{", "id")?;
                    write!(self.out.writer(), "{}", node.a)?;
                    self.comma_field("wasm-length")?;
                    self.out.raw("null}}")?;
                }
                None => self.tagged_id("$shared", node.a)?,
                Some(length) => {
                    self.tag("$shared")?;
                    self.field("{", "id")?;
                    write!(self.out.writer(), "{}", node.a)?;
                    self.comma_field("wasm-length")?;
                    write!(self.out.writer(), "{length}}}}}")?;
                }
            },
            NodeKind::HostView => self.host_view(node)?,
            NodeKind::WasmModuleTransfer => self.tagged_id("$wasm-module", node.a)?,
            NodeKind::WasmModule => {
                self.tag("$wasm-module")?;
                self.field("{", "bytes")?;
                self.out.base64(self.doc.part(node.content(), node.a.into()))?;
                self.comma_field("compiled")?;
                self.out.base64(self.doc.compiled_code(slot))?;
                self.out.raw("}}")?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn field(&mut self, bracket: &str, name: &str) -> fmt::Result {
        self.out.raw(bracket)?;
        self.out.name(name)
    }

    fn comma_field(&mut self, name: &str) -> fmt::Result {
        self.out.comma()?;
        self.out.name(name)
    }

    fn tagged_id(&mut self, tag: &str, id: u32) -> fmt::Result {
        self.tag(tag)?;
        write!(self.out.writer(), "{id}}}")
    }

    fn tagged_double(&mut self, tag: &str, bits: u64) -> fmt::Result {
        self.tag(tag)?;
        self.double(bits)?;
        self.out.raw("}")
    }

    /// A double with all its bits: a JSON number, or a string for what is none.
    fn double(&mut self, bits: u64) -> fmt::Result {
        let number = f64::from_bits(bits);
        if number.is_nan() && bits != NAN {
            return write!(self.out.writer(), "\"0x{bits:016x}\"");
        }
        let special = !number.is_finite() || (number == 0.0 && number.is_sign_negative());
        let quote = if special { "\"" } else { "" };
        self.out.raw(quote)?;
        spell::number(self.out.writer(), number, true)?;
        self.out.raw(quote)
    }

    fn date(&mut self, bits: u64) -> fmt::Result {
        let ms = f64::from_bits(bits);
        let integer = ms.abs() <= 8.64e15 && (ms as i64) as f64 == ms;
        if !integer || bits == (-0.0f64).to_bits() {
            return self.tagged_double("$date", bits);
        }
        self.tag("$date")?;
        self.out.raw("\"")?;
        spell::iso_date(self.out.writer(), ms)?;
        self.out.raw("\"}")
    }

    fn tagged_bigint(&mut self, tag: &str, slot: u32) -> fmt::Result {
        let Some(bigint) = self.doc.value_of(slot).as_bigint() else { return Ok(()) };
        self.tag(tag)?;
        self.bigint(bigint)?;
        self.out.raw("}")
    }

    /// A string of digits; with the number of bytes where V8 would take another.
    fn bigint(&mut self, bigint: BigInt<'a>) -> fmt::Result {
        let length = bigint.digits.len();
        let needed = bigint.digits.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        let minus_zero = needed == 0 && bigint.negative;
        let canonical = length == needed.next_multiple_of(8) && !minus_zero;
        if !canonical {
            self.field("{", "value")?;
        }
        if length - needed > MAX_UNSPELLED {
            self.out.raw(if bigint.negative { "\"-0x" } else { "\"0x" })?;
            for byte in bigint.digits.iter().rev() {
                write!(self.out.writer(), "{byte:02x}")?;
            }
        } else {
            self.out.raw(if minus_zero { "\"-" } else { "\"" })?;
            spell::bigint(self.out.writer(), bigint)?;
        }
        self.out.raw("\"")?;
        if !canonical {
            self.comma_field("bytes")?;
            write!(self.out.writer(), "{length}}}")?;
        }
        Ok(())
    }

    /// A string in any encoding. `raw`: it stands without a tag, which leaves UTF-8 only.
    pub(super) fn string(&mut self, text: Text<'a>, raw: bool) -> fmt::Result {
        if is_plain_text(text, raw) {
            return self.out.text(&text);
        }
        match text {
            Text::OneByte(_) => self.out.text(&text),
            Text::Utf8(bytes) => {
                self.tag("$utf8")?;
                if core::str::from_utf8(bytes).is_ok() {
                    self.out.text(&text)?;
                } else {
                    self.field("{", "base64")?;
                    self.out.base64(bytes)?;
                    self.out.raw("}")?;
                }
                self.out.raw("}")
            }
            Text::TwoByte(..) if text.is_well_formed() => {
                self.tag("$two-byte")?;
                self.out.text(&text)?;
                self.out.raw("}")
            }
            Text::TwoByte(..) => self.units(text),
        }
    }

    /// Runs of characters as strings, lone surrogates between them as numbers.
    fn units(&mut self, text: Text<'a>) -> fmt::Result {
        self.tag("$units")?;
        self.out.raw("[")?;
        let mut chars = char::decode_utf16(text.units()).peekable();
        let mut first = true;
        while let Some(char) = chars.peek() {
            if !core::mem::take(&mut first) {
                self.out.comma()?;
            }
            if let Err(lone) = char {
                write!(self.out.writer(), "{}", lone.unpaired_surrogate())?;
                chars.next();
                continue;
            }
            self.out.raw("\"")?;
            self.out.characters(core::iter::from_fn(|| chars.next_if(Result::is_ok)?.ok()))?;
            self.out.raw("\"")?;
        }
        self.out.raw("]}")
    }

    /// A view that is a host object. What stands between the tag and the contents is Node's kind and
    /// length mostly, with something of the embedder's in front.
    fn host_view(&mut self, node: &Node) -> fmt::Result {
        let kind = ViewKind::ALL.get((node.b & 0xFF) as usize).copied();
        let name = kind.map_or("", ViewKind::name);
        let bytes = self.doc.part(node.content(), node.a.into());
        let tag = node.tag_offset();
        let tagged = self.tag_of(node) == Some(b'\\');
        let start = tag + usize::from(tagged);
        let head = self.doc.part(start, node.content().saturating_sub(start) as u64);
        // Node's kind and length.
        let mut usual = Output::new(ByteOrder::Little);
        usual.varint_u32(node.b & 0xFF);
        usual.varint_u32(node.a);
        let lead = head.strip_suffix(usual.bytes()).filter(|_| tagged);
        self.tag("$host-view")?;
        self.out.raw("[")?;
        self.out.str(name)?;
        self.out.comma()?;
        self.out.base64(bytes)?;
        match lead {
            Some([]) => {}
            Some(lead) => {
                self.out.comma()?;
                self.out.base64(lead)?;
            }
            None => {
                // All of it, and whether the tag is in front.
                self.out.comma()?;
                self.out.base64(head)?;
                self.out.comma()?;
                self.out.raw(if tagged { "\"tagged\"" } else { "\"untagged\"" })?;
            }
        }
        self.out.raw("]}")
    }
}
