//! The bridge to serde: [`from_slice`](crate::from_slice) and [`Deserializer`](::serde::Deserializer)
//! for values, and the way back. How values map is said in [`mapping`].

mod de;
mod direct;
mod document;
mod entries;
mod error;
mod fields;
mod head;
#[cfg(feature = "std")]
mod io;
mod items;
pub mod js;
mod key;
pub mod mapping;
mod methods;
mod number;
mod payload;
mod ser;
mod source;
mod stream;
mod token;
mod unasked;
mod value;
pub mod with;

use core::cell::OnceCell;

use ::serde::de::Deserialize;

use self::de::De;
#[cfg(feature = "std")]
pub use self::io::{from_reader, to_writer};
pub use self::ser::{BytesAs, IntegersAs, MapsAs, NoneAs, SerializeOptions, to_vec, to_vec_with};
use self::source::{At, Lazy, Source};
use self::stream::Stream;
use crate::document::{Document, Value};
use crate::error::Error;
use crate::options::{ParseOptions, Strictness};
use crate::wire::Release;

/// The first release that refuses objects with a key twice (`Rules::unique_keys`).
const UNIQUE_KEYS: Release = Release::new(7, 0);

/// How to read Rust values: [`from_slice`] and [`from_document`] with other bounds or another dialect.
///
/// ```
/// let mut options = v8wire::DeserializeOptions::new();
/// options.max_depth = 1;
/// let error = options.from_slice::<Vec<Vec<u8>>>(b"\xFF\x0FA\x01A\0$\0\0$\0\x01").unwrap_err();
/// assert_eq!(error.to_string(), "limit exceeded at offset 4: depth above 1 ($[0])");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeserializeOptions {
    /// How the bytes are read.
    pub parse: ParseOptions,
    /// Containers within containers. Default: 128. serde recurses, so this guards the stack; it is
    /// apart from [`Limits::depth`](crate::Limits::depth), and parts that are skipped do not count.
    pub max_depth: usize,
    /// Values that are read although they stand nowhere in the data: what an object holds that is
    /// referred to, each time but the first (of strings and buffers, each 64 bytes), and the holes of
    /// sparse arrays. Default: 2^24. A kilobyte of references to references is
    /// 2^60 values otherwise.
    pub max_repeats: u64,
    /// What a hole in an array is where a sequence is read.
    pub holes: HolesAs,
}

/// What the holes of arrays (`[1, , 3]`) are in a sequence.
///
/// ```
/// use v8wire::{DeserializeOptions, HolesAs};
/// let blob = b"\xFF\x0FA\x03I\x02-I\x06$\0\x03"; // [1, , 3]
/// let read = |holes| DeserializeOptions::new().holes(holes).from_slice::<Vec<Option<u8>>>(blob);
/// assert_eq!(read(HolesAs::None)?, [Some(1), None, Some(3)]);
/// assert_eq!(read(HolesAs::Skip)?, [Some(1), Some(3)]);
/// let error = read(HolesAs::Error).unwrap_err();
/// assert_eq!(error.to_string(), "$[1]: invalid type: hole, expected an element at offset 6");
/// # Ok::<(), v8wire::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HolesAs {
    /// `None` or `()`, as `undefined` is, which JavaScript reads there.
    #[default]
    None,
    /// Nothing: the elements behind move up.
    Skip,
    /// An error.
    Error,
}

impl Default for DeserializeOptions {
    fn default() -> Self {
        DeserializeOptions {
            parse: ParseOptions::default(),
            max_depth: 128,
            max_repeats: 1 << 24,
            holes: HolesAs::default(),
        }
    }
}

impl DeserializeOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`parse`](Self::parse).
    #[must_use]
    pub fn parse(mut self, options: ParseOptions) -> Self {
        self.parse = options;
        self
    }

    /// Sets [`max_depth`](Self::max_depth).
    #[must_use]
    pub fn max_depth(mut self, depth: usize) -> Self {
        self.max_depth = depth;
        self
    }

    /// Sets [`max_repeats`](Self::max_repeats).
    #[must_use]
    pub fn max_repeats(mut self, values: u64) -> Self {
        self.max_repeats = values;
        self
    }

    /// Sets [`holes`](Self::holes).
    #[must_use]
    pub fn holes(mut self, holes: HolesAs) -> Self {
        self.holes = holes;
        self
    }

    /// As [`from_slice`](crate::from_slice).
    ///
    /// # Errors
    /// As [`from_slice`](crate::from_slice).
    pub fn from_slice<'de, T: Deserialize<'de>>(&self, data: &'de [u8]) -> Result<T, Error> {
        let stream = Stream::new(data, &self.parse)?;
        let keys_repeat = self.parse.strictness == Strictness::Lenient
            || self.parse.strictness.release() < UNIQUE_KEYS;
        let refers_back =
            stream.version() == 13 && data.contains(&crate::wire::Tag::OBJECT_REFERENCE.0);
        if stream.version() == 0 || keys_repeat || refers_back {
            // In version 0 containers stand behind their contents. Where a key may come again, its
            // last value is not known before the end. A reference of version 13 may be to what a failed
            // reading left.
            return self.from_document(&self.parse.parse(data)?);
        }
        let cell = OnceCell::new();
        let lazy = Lazy { data, options: &self.parse, cell: &cell };
        let mut source = Source::streaming(self, stream, lazy);
        let result = T::deserialize(De::new(&mut source, At::Stream));
        let value = result.map_err(|error| source.placed(error))?;
        match source.stream {
            Some(stream) => stream.finish().map(|()| value),
            None => Ok(value),
        }
    }

    /// As [`from_document`](crate::from_document).
    ///
    /// # Errors
    /// As [`from_document`](crate::from_document).
    pub fn from_document<'de, T: Deserialize<'de>>(
        &self,
        document: &Document<'de>,
    ) -> Result<T, Error> {
        value::read_first(document, self, |de| T::deserialize(de))
    }

    /// Reads a value of a document. Paths in errors begin at it.
    ///
    /// # Errors
    /// As [`from_document`](crate::from_document).
    pub fn from_value<'de, T: Deserialize<'de>>(&self, value: Value<'_, 'de>) -> Result<T, Error> {
        value::read(value, self, |de| T::deserialize(de))
    }
}

/// Reads a Rust value out of what `v8.serialize` wrote, as strictly as [`Document::parse`].
///
/// It is read straight off the bytes; only where an object is referred to, or an array has holes, a
/// [`Document`] is made. What the type does not ask for is checked, but not decoded.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct User<'a> {
///     name: &'a str,
///     age: Option<u8>,
/// }
///
/// // What Node 18 writes for `[{ name: 'Ada', age: 36 }, { name: 'Alan' }]`.
/// let blob = b"\xFF\x0FA\x02o\"\x04name\"\x03Ada\"\x03ageIH{\x02o\"\x04name\"\x04Alan{\x01$\0\x02";
/// let users: Vec<User> = v8wire::from_slice(blob)?;
/// assert_eq!((users[0].name, users[0].age), ("Ada", Some(36)));
/// assert_eq!((users[1].name, users[1].age), ("Alan", None));
///
/// let error = v8wire::from_slice::<Vec<std::collections::BTreeMap<String, String>>>(blob).err().unwrap();
/// assert_eq!(
///     error.to_string(),
///     "$[0].age: invalid type: integer `36`, expected a string at offset 21"
/// );
/// # Ok::<(), v8wire::Error>(())
/// ```
///
/// [`mapping`](crate::mapping) says what is read from what. An object that is referred to several
/// times is read each time; [`DeserializeOptions`] bounds that.
///
/// # Errors
/// What [`Document::parse`] refuses, what is no `T` ([`Error::is_mismatch`]), cycles, and what exceeds
/// the bounds of [`DeserializeOptions`].
pub fn from_slice<'de, T: Deserialize<'de>>(data: &'de [u8]) -> Result<T, Error> {
    DeserializeOptions::default().from_slice(data)
}

/// Reads a Rust value out of a document. Strings and bytes are borrowed from its input.
///
/// ```
/// let doc = v8wire::Document::parse(b"\xFF\x0FA\x02I\x02\"\x01x$\0\x02")?;
/// let pair: (u8, &str) = v8wire::from_document(&doc)?;
/// drop(doc);
/// assert_eq!(pair, (1, "x"));
/// # Ok::<(), v8wire::Error>(())
/// ```
///
/// # Errors
/// What is no `T`, cycles, and what exceeds the bounds of [`DeserializeOptions`].
pub fn from_document<'de, T: Deserialize<'de>>(document: &Document<'de>) -> Result<T, Error> {
    DeserializeOptions::default().from_document(document)
}
