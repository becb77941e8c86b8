//! `RegExp`.

use alloc::string::String;
use core::fmt;

use ::serde::de::{Deserialize, Deserializer, Unexpected, Visitor};
use ::serde::ser::{Serialize, Serializer};

use super::super::token::Token;
use crate::wire::regexp_flags;

/// A `RegExp`: its source and its flags, neither of which is checked here.
///
/// All other formats get the string `/source/flags`.
///
/// ```
/// use v8wire::{js::RegExp, regexp_flags};
/// let regexp = RegExp::new("^a/b", regexp_flags::GLOBAL);
/// assert_eq!(v8wire::to_vec(&regexp)?, b"\xFF\x0FR\"\x04^a/b\x01");
/// assert_eq!(v8wire::from_slice::<RegExp>(b"\xFF\x0FR\"\x04^a/b\x01")?, regexp);
/// assert_eq!(serde_json::to_string(&regexp)?, r#""/^a/b/g""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RegExp {
    /// What is between the slashes.
    pub source: String,
    /// Bits, see [`regexp_flags`].
    pub flags: u32,
}

impl RegExp {
    /// Of this source, with these flags.
    pub fn new(source: impl Into<String>, flags: u32) -> Self {
        RegExp { source: source.into(), flags }
    }

    fn parse(literal: &str) -> Option<Self> {
        let (source, flags) = literal.strip_prefix('/')?.rsplit_once('/')?;
        Some(RegExp::new(source, regexp_flags::from_str(flags)?))
    }
}

/// `/source/flags`
impl fmt::Display for RegExp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/{}", self.source, regexp_flags::to_string(self.flags))
    }
}

struct Literal<T>(T);

impl Serialize for Literal<&RegExp> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

impl Serialize for RegExp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Token::RegExp.name(), &Literal(self))
    }
}

impl<'de> Deserialize<'de> for RegExp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Token::RegExp.read::<D, Literal<RegExp>>(deserializer).map(|Literal(regexp)| regexp)
    }
}

impl<'de> Deserialize<'de> for Literal<RegExp> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(LiteralVisitor)
    }
}

struct LiteralVisitor;

impl Visitor<'_> for LiteralVisitor {
    type Value = Literal<RegExp>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string `/source/flags`")
    }

    fn visit_str<E: ::serde::de::Error>(self, literal: &str) -> Result<Literal<RegExp>, E> {
        let regexp = RegExp::parse(literal);
        regexp.map(Literal).ok_or_else(|| E::invalid_value(Unexpected::Str(literal), &self))
    }
}
