//! The names by which the types of [`js`](super::js) and the modules of [`with`](super::with) tell our
//! serializer and deserializer what they are. To all others they are newtype structs.
//!
//! What is in such a newtype is its payload. Ours have it in the form that formats for machines get
//! (`is_human_readable()` is false): bytes rather than numbers and digits.

use core::fmt;
use core::marker::PhantomData;

use ::serde::de::{Deserialize, Deserializer, Visitor};

use crate::view::ViewKind;

/// What a newtype struct stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    Undefined,
    Date,
    RegExp,
    BigInt,
    Object,
    Map,
    Set,
    Error,
    /// A `Boolean`, `Number`, `BigInt` or `String` object.
    Boxed,
    ArrayBuffer,
    View(ViewKind),
}

/// What all names begin with.
const PREFIX: &str = "$v8wire::";

macro_rules! names {
    ($($token:pat => $what:literal, $value:expr;)*) => {
        impl Token {
            /// The name of the newtype struct.
            pub(super) const fn name(self) -> &'static str {
                match self {
                    $($token => concat!("$v8wire::", $what),)*
                }
            }

            /// What it is, for errors.
            pub(super) const fn what(self) -> &'static str {
                match self {
                    $($token => $what,)*
                }
            }

            /// What the name stands for.
            #[inline]
            pub(super) fn of(name: &str) -> Option<Self> {
                Some(match name.strip_prefix(PREFIX)? {
                    $($what => $value,)*
                    _ => return None,
                })
            }
        }
    };
}

names! {
    Token::Undefined => "undefined", Token::Undefined;
    Token::Date => "Date", Token::Date;
    Token::RegExp => "RegExp", Token::RegExp;
    Token::BigInt => "bigint", Token::BigInt;
    Token::Object => "object", Token::Object;
    Token::Map => "Map", Token::Map;
    Token::Set => "Set", Token::Set;
    Token::Error => "Error", Token::Error;
    Token::Boxed => "object of a primitive", Token::Boxed;
    Token::ArrayBuffer => "ArrayBuffer", Token::ArrayBuffer;
    Token::View(ViewKind::Int8) => "Int8Array", Token::View(ViewKind::Int8);
    Token::View(ViewKind::Uint8) => "Uint8Array", Token::View(ViewKind::Uint8);
    Token::View(ViewKind::Uint8Clamped) => "Uint8ClampedArray", Token::View(ViewKind::Uint8Clamped);
    Token::View(ViewKind::Int16) => "Int16Array", Token::View(ViewKind::Int16);
    Token::View(ViewKind::Uint16) => "Uint16Array", Token::View(ViewKind::Uint16);
    Token::View(ViewKind::Int32) => "Int32Array", Token::View(ViewKind::Int32);
    Token::View(ViewKind::Uint32) => "Uint32Array", Token::View(ViewKind::Uint32);
    Token::View(ViewKind::Float16) => "Float16Array", Token::View(ViewKind::Float16);
    Token::View(ViewKind::Float32) => "Float32Array", Token::View(ViewKind::Float32);
    Token::View(ViewKind::Float64) => "Float64Array", Token::View(ViewKind::Float64);
    Token::View(ViewKind::BigInt64) => "BigInt64Array", Token::View(ViewKind::BigInt64);
    Token::View(ViewKind::BigUint64) => "BigUint64Array", Token::View(ViewKind::BigUint64);
    Token::View(ViewKind::DataView) => "DataView", Token::View(ViewKind::DataView);
    Token::View(ViewKind::Buffer) => "Buffer", Token::View(ViewKind::Buffer);
}

impl Token {
    /// Reads the payload.
    pub(super) fn read<'de, D: Deserializer<'de>, P: Deserialize<'de>>(
        self,
        deserializer: D,
    ) -> Result<P, D::Error> {
        let newtype = Newtype { token: self, payload: PhantomData };
        deserializer.deserialize_newtype_struct(self.name(), newtype)
    }
}

struct Newtype<P> {
    token: Token,
    payload: PhantomData<P>,
}

impl<'de, P: Deserialize<'de>> Visitor<'de> for Newtype<P> {
    type Value = P;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.token.what())
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<P, D::Error> {
        P::deserialize(deserializer)
    }
}
