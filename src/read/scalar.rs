//! Values without contents: strings, bigints, property keys.

use crate::error::{Error, ErrorKind};
use crate::options::ParseOptions;
use crate::read::event::BigInt;
use crate::read::rules::Rules;
use crate::text::Text;
use crate::wire::Tag;
use crate::wire::engine::{MAX_BIGINT_BYTES, MAX_STRING_UNITS};
use crate::wire::input::Input;
use crate::wire::varint::unzigzag;

/// Bounds on what one scalar may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// [`Limits::bytes`](crate::Limits::bytes).
    pub(crate) bytes: u64,
    /// Whether a bigint of no digits may have a sign (V8 before 11.x).
    pub(crate) negative_zero: bool,
    /// The bits of a bigint's length, behind that of its sign.
    pub(crate) bigint_length_mask: u32,
}

impl Bounds {
    pub(super) fn new(options: &ParseOptions, rules: Rules) -> Self {
        Bounds {
            bytes: options.limits.bytes,
            negative_zero: rules.negative_zero(),
            bigint_length_mask: rules.bigint_length_mask(),
        }
    }

    #[inline(always)]
    pub(crate) fn check(&self, at: usize, length: u64) -> Result<(), Error> {
        if length > self.bytes { Err(self.exceeded(at)) } else { Ok(()) }
    }

    #[cold]
    fn exceeded(&self, at: usize) -> Error {
        Error::new(at, ErrorKind::LimitExceeded { limit: "bytes", max: self.bytes })
    }
}

#[cold]
fn too_long(at: usize, units: u64) -> Error {
    let what = "string length in units";
    Error::new(at, ErrorKind::InvalidLength { what, length: units, max: MAX_STRING_UNITS })
}

#[inline(always)]
pub(crate) fn one_byte<'a>(input: &mut Input<'a>, bounds: Bounds) -> Result<Text<'a>, Error> {
    let at = input.pos();
    let length = u64::from(input.varint_u32("length of one-byte string")?);
    bounds.check(at, length)?;
    let bytes = input.take(length, "one-byte string")?;
    if length > MAX_STRING_UNITS {
        return Err(too_long(at, length));
    }
    Ok(Text::OneByte(bytes))
}

#[inline]
pub(crate) fn two_byte<'a>(input: &mut Input<'a>, bounds: Bounds) -> Result<Text<'a>, Error> {
    let at = input.pos();
    let length = input.varint_u32("length of two-byte string")?;
    bounds.check(at, u64::from(length))?;
    if length % 2 != 0 {
        return Err(Error::new(at, ErrorKind::OddTwoByteLength { length }));
    }
    let bytes = input.take(u64::from(length), "two-byte string")?;
    if u64::from(length / 2) > MAX_STRING_UNITS {
        return Err(too_long(at, u64::from(length / 2)));
    }
    input.odd |= !(input.pos() - bytes.len()).is_multiple_of(2);
    Ok(Text::TwoByte(bytes, input.order))
}

#[inline]
pub(crate) fn utf8<'a>(input: &mut Input<'a>, bounds: Bounds) -> Result<Text<'a>, Error> {
    let at = input.pos();
    let length = u64::from(input.varint_u32("length of UTF-8 string")?);
    bounds.check(at, length)?;
    let text = Text::Utf8(input.take(length, "UTF-8 string")?);
    // Counting units is slow, and needed only where the bytes could be too many.
    if length > MAX_STRING_UNITS && text.len_utf16() as u64 > MAX_STRING_UNITS {
        return Err(too_long(at, text.len_utf16() as u64));
    }
    Ok(text)
}

/// The string behind a tag that has been consumed, `None` if the tag starts no string.
#[inline(always)]
pub(crate) fn string<'a>(
    input: &mut Input<'a>,
    tag: u8,
    bounds: Bounds,
) -> Result<Option<Text<'a>>, Error> {
    match Tag(tag) {
        Tag::ONE_BYTE_STRING => one_byte(input, bounds).map(Some),
        Tag::TWO_BYTE_STRING => two_byte(input, bounds).map(Some),
        Tag::UTF8_STRING => utf8(input, bounds).map(Some),
        _ => Ok(None),
    }
}

pub(crate) fn bigint<'a>(input: &mut Input<'a>, bounds: Bounds) -> Result<BigInt<'a>, Error> {
    let at = input.pos();
    let bitfield = input.varint_u32("bitfield of bigint")?;
    let length = u64::from(bitfield >> 1 & bounds.bigint_length_mask);
    bounds.check(at, length)?;
    let digits = input.take(length, "bigint")?;
    input.odd |= length != u64::from(bitfield >> 1);
    let negative = bitfield & 1 != 0;
    if negative && digits.is_empty() && !bounds.negative_zero {
        return Err(Error::new(at, ErrorKind::InvalidBigInt { reason: "no digits, but a sign" }));
    }
    if length > MAX_BIGINT_BYTES {
        let what = "bigint length";
        return Err(Error::new(
            at,
            ErrorKind::InvalidLength { what, length, max: MAX_BIGINT_BYTES },
        ));
    }
    Ok(BigInt { negative, digits })
}

/// A property key as the wire has it (SPEC.md 3.10.2, 3.10.3).
#[derive(Clone, Copy, Debug)]
pub(crate) enum Key<'a> {
    Text(Text<'a>),
    Int32(i32),
    Uint32(u32),
    Double(f64),
}

/// The key behind a tag that has been consumed, `None` if the tag starts no key.
#[inline(always)]
pub(crate) fn key<'a>(
    input: &mut Input<'a>,
    tag: u8,
    bounds: Bounds,
) -> Result<Option<Key<'a>>, Error> {
    Ok(Some(match Tag(tag) {
        Tag::ONE_BYTE_STRING => Key::Text(one_byte(input, bounds)?),
        Tag::INT32 => Key::Int32(unzigzag(input.varint_u32("int32")?)),
        Tag::TWO_BYTE_STRING => Key::Text(two_byte(input, bounds)?),
        Tag::UTF8_STRING => Key::Text(utf8(input, bounds)?),
        Tag::UINT32 => Key::Uint32(input.varint_u32("uint32")?),
        Tag::DOUBLE => Key::Double(input.double("double")?),
        _ => return Ok(None),
    }))
}

/// The property that a key names: JavaScript has numbers and strings in one space of names.
#[derive(Clone)]
pub(crate) enum Name<'a> {
    Index(u32),
    Text(Text<'a>),
    /// A number that is no array index, as JavaScript spells it.
    Number(ryu_js::Buffer, f64),
}

impl<'a> Key<'a> {
    /// The property that the key names.
    #[inline]
    pub(crate) fn name(self) -> Name<'a> {
        match self {
            Key::Text(text) => match text.as_array_index() {
                Some(index) => Name::Index(index),
                None => Name::Text(text),
            },
            Key::Int32(value) if value >= 0 => Name::Index(value as u32),
            Key::Uint32(value) if value < u32::MAX => Name::Index(value),
            Key::Int32(value) => Name::number(f64::from(value)),
            Key::Uint32(value) => Name::number(f64::from(value)),
            Key::Double(value) => Name::number(value),
        }
    }
}

impl Name<'_> {
    fn number(value: f64) -> Self {
        // -0 names the property "0".
        if value >= 0.0 && value < f64::from(u32::MAX) && f64::from(value as u32) == value {
            return Name::Index(value as u32);
        }
        Name::Number(ryu_js::Buffer::new(), value)
    }

    /// Calls `f` with the spelling of a name that is no index.
    pub(crate) fn with_text<R>(&mut self, f: impl FnOnce(Text<'_>) -> R) -> Option<R> {
        match self {
            Name::Index(_) => None,
            Name::Text(text) => Some(f(*text)),
            Name::Number(buffer, value) => Some(f(Text::OneByte(buffer.format(*value).as_bytes()))),
        }
    }
}
