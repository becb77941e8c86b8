//! `Error`.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::marker::PhantomData;

use ::serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use ::serde::ser::{Serialize, SerializeStruct, Serializer};

use super::super::token::Token;

/// An `Error`, with its cause: by default another error, or else any type that serde reads and writes.
///
/// Other formats get a struct of `name`, `message`, `stack` and `cause`; those for people, such as JSON,
/// without what is `None`.
///
/// ```
/// use v8wire::js::{Error, ErrorClass};
/// let error: Error = Error {
///     message: Some("not saved".into()),
///     cause: Some(Error::new(ErrorClass::RangeError, "disk full").into()),
///     ..Error::default()
/// };
/// let bytes = v8wire::to_vec(&error)?;
/// assert_eq!(v8wire::from_slice::<Error>(&bytes)?, error);
/// assert_eq!(
///     serde_json::to_string(&error)?,
///     r#"{"name":"Error","message":"not saved","cause":{"name":"RangeError","message":"disk full"}}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Node reads causes from Node 16 on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Error<C = Chain> {
    /// Its class.
    pub class: ErrorClass,
    /// `message`
    pub message: Option<String>,
    /// `stack`
    pub stack: Option<String>,
    /// `cause`
    pub cause: Option<C>,
}

/// An error that is the cause of an error.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chain(pub Box<Error>);

impl From<Error> for Chain {
    fn from(error: Error) -> Self {
        Chain(Box::new(error))
    }
}

impl<C> Default for Error<C> {
    fn default() -> Self {
        Error { class: ErrorClass::Error, message: None, stack: None, cause: None }
    }
}

impl Error {
    /// Of this class and with this message, to which causes that are errors can be given.
    pub fn new(class: ErrorClass, message: impl Into<String>) -> Self {
        Error { class, message: Some(message.into()), stack: None, cause: None }
    }
}

/// `RangeError: message`
impl<C> fmt::Display for Error<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.class.name())?;
        match &self.message {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

macro_rules! classes {
    ($($(#[$doc:meta])* $class:ident)*) => {
        /// The class of an [`Error`]. Others are written by V8 as a plain `Error`.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorClass {
            /// `Error`, or a class that the format has no name for.
            #[default]
            Error,
            $($(#[$doc])* $class,)*
        }

        impl ErrorClass {
            /// `"TypeError"`, say.
            pub const fn name(self) -> &'static str {
                match self {
                    ErrorClass::Error => "Error",
                    $(ErrorClass::$class => stringify!($class),)*
                }
            }

            /// The class of this name, `Error` where there is none.
            pub fn from_name(name: &str) -> Self {
                match name {
                    $(stringify!($class) => ErrorClass::$class,)*
                    _ => ErrorClass::Error,
                }
            }
        }
    };
}

classes! {
    /// `EvalError`
    EvalError
    /// `RangeError`
    RangeError
    /// `ReferenceError`
    ReferenceError
    /// `SyntaxError`
    SyntaxError
    /// `TypeError`
    TypeError
    /// `URIError`
    URIError
}

const FIELDS: &[&str] = &["name", "message", "stack", "cause"];

struct Parts<T>(T);

impl<C: Serialize> Serialize for Parts<&Error<C>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Error { class, message, stack, cause } = self.0;
        // Formats for machines need all of them; ours leaves out what is `None`.
        let all = !serializer.is_human_readable();
        let some = [message.is_some(), stack.is_some(), cause.is_some()];
        let count = 1 + some.iter().filter(|&&some| some || all).count();
        let mut parts = serializer.serialize_struct("Error", count)?;
        parts.serialize_field("name", class.name())?;
        if all || message.is_some() {
            parts.serialize_field("message", message)?;
        }
        if all || stack.is_some() {
            parts.serialize_field("stack", stack)?;
        }
        if all || cause.is_some() {
            parts.serialize_field("cause", cause)?;
        }
        parts.end()
    }
}

impl<C: Serialize> Serialize for Error<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Token::Error.name(), &Parts(self))
    }
}

impl<'de, C: Deserialize<'de>> Deserialize<'de> for Error<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Token::Error.read::<D, Parts<Self>>(deserializer).map(|Parts(error)| error)
    }
}

impl<'de, C: Deserialize<'de>> Deserialize<'de> for Parts<Error<C>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("Error", FIELDS, PartsVisitor(PhantomData))
    }
}

struct PartsVisitor<C>(PhantomData<C>);

/// Which part a key names.
struct Part(Option<usize>);

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PartVisitor;

        impl Visitor<'_> for PartVisitor {
            type Value = Part;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a part of an error")
            }

            fn visit_str<E>(self, name: &str) -> Result<Part, E> {
                Ok(Part(FIELDS.iter().position(|field| *field == name)))
            }

            fn visit_u64<E>(self, index: u64) -> Result<Part, E> {
                Ok(Part(usize::try_from(index).ok()))
            }
        }

        deserializer.deserialize_identifier(PartVisitor)
    }
}

impl<'de, C: Deserialize<'de>> Visitor<'de> for PartsVisitor<C> {
    type Value = Parts<Error<C>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut error = Error::default();
        while let Some(Part(part)) = map.next_key()? {
            match part {
                Some(0) => error.class = ErrorClass::from_name(&map.next_value::<String>()?),
                Some(1) => error.message = map.next_value()?,
                Some(2) => error.stack = map.next_value()?,
                // An error may have a cause that is `undefined`.
                Some(3) => error.cause = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Parts(error))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let name: Option<String> = seq.next_element()?;
        Ok(Parts(Error {
            class: ErrorClass::from_name(name.as_deref().unwrap_or_default()),
            message: seq.next_element()?.flatten(),
            stack: seq.next_element()?.flatten(),
            cause: seq.next_element()?.flatten(),
        }))
    }
}

impl Serialize for Chain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Chain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Error::deserialize(deserializer).map(Chain::from)
    }
}
