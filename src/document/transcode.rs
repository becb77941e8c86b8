//! From one version and engine to another.

use alloc::vec::Vec;
use core::fmt;

use super::lower::Fit;
use super::parser::Document;
use super::raw::Cursor;
use crate::error::Error;
use crate::options::{ParseOptions, Profile};
use crate::write::drain::{Drain, again};
use crate::write::{HostViews, ValueSerializer, WriteError, WriteOptions};

/// Reads `data` as `from` says and writes it as `to` says: from any version that is read (0 to 16) to any
/// that is written (13 to 16), for the target that `to` names, if it names one. Identity is kept, also
/// across several values; each value gets a header where it had one, the first one always.
///
/// Views become what the target's layer reads ([`WriteOptions::profile`]); without a profile they
/// keep their form. Values stand in the form that V8 has for them, so the bytes need not be the same
/// even where nothing has to be changed; [`Document::to_vec`] keeps them.
///
/// ```
/// use v8wire::{ParseOptions, Target, TranscodeError, WriteOptions, transcode};
/// // What Node 22 writes for `[Buffer.from('hi'), new ArrayBuffer(1, { maxByteLength: 2 })]`.
/// let blob = b"\xFF\x0FA\x02\\\x0A\x02hi~\x01\x02\0$\0\x02";
/// let node_12 = WriteOptions::for_target(Target::node(12).unwrap());
///
/// let error = transcode(blob, &ParseOptions::new(), &node_12).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "Node 12 does not read a resizable ArrayBuffer; lowering makes it one of fixed length ($[1])"
/// );
/// assert_eq!(
///     transcode(blob, &ParseOptions::new(), &node_12.lower(true))?,
///     b"\xFF\x0DA\x02\\\x0A\x02hiB\x01\0$\0\x02"
/// );
/// # Ok::<(), TranscodeError>(())
/// ```
///
/// # Errors
/// What cannot be read, and everything that stands in the way of writing.
pub fn transcode(
    data: &[u8],
    from: &ParseOptions,
    to: &WriteOptions,
) -> Result<Vec<u8>, TranscodeError> {
    let doc = from.parse_all(data).map_err(TranscodeError::Read)?;
    Transcoder::new(&doc, from, to).to_vec()
}

/// Why data cannot be transcoded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TranscodeError {
    /// It cannot be read.
    Read(Error),
    /// It cannot be written.
    Write {
        /// What stands in the way, with the path of each; at least one. Only the first
        /// [`MAX_OBSTACLES`](TranscodeError::MAX_OBSTACLES) are kept: [`Transcoder::obstacles`] gives all.
        obstacles: Vec<WriteError>,
        /// How many there are.
        count: usize,
    },
}

impl TranscodeError {
    /// How many obstacles an error keeps.
    pub const MAX_OBSTACLES: usize = 1000;
}

impl fmt::Display for TranscodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TranscodeError::Read(error) => error.fmt(f),
            TranscodeError::Write { obstacles, count } => {
                for (number, obstacle) in obstacles.iter().enumerate() {
                    if number > 0 {
                        f.write_str("\n")?;
                    }
                    obstacle.fmt(f)?;
                }
                match count - obstacles.len().min(*count) {
                    0 => Ok(()),
                    more => write!(f, "\nand {more} more"),
                }
            }
        }
    }
}

impl core::error::Error for TranscodeError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            TranscodeError::Read(error) => Some(error),
            TranscodeError::Write { .. } => None,
        }
    }
}

impl From<WriteError> for TranscodeError {
    fn from(error: WriteError) -> Self {
        TranscodeError::Write { obstacles: [error].into(), count: 1 }
    }
}

/// Where nothing is kept.
struct Nowhere;

impl Drain for Nowhere {
    fn take(&mut self, _: &[u8]) -> bool {
        true
    }
}

/// A document on its way to another version or engine: [`transcode`] in steps.
///
/// ```
/// use v8wire::{Document, ParseOptions, Target, Transcoder, WriteOptions};
/// let doc = Document::parse(b"\xFF\x0D~\x01\x02!")?;
/// let to = WriteOptions::for_target(Target::node(18).unwrap()).lower(true);
/// let transcoder = Transcoder::new(&doc, &ParseOptions::new(), &to);
/// assert_eq!(transcoder.obstacles().count(), 0);
/// assert_eq!(transcoder.to_vec().unwrap(), b"\xFF\x0FB\x01!");
/// # Ok::<(), v8wire::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Transcoder<'d, 'a> {
    doc: &'d Document<'a>,
    fit: Fit,
}

impl fmt::Debug for Transcoder<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transcoder").field("options", &self.fit.options).finish_non_exhaustive()
    }
}

impl<'d, 'a> Transcoder<'d, 'a> {
    /// Of a document that was read as `from` says, to be written as `to` says.
    pub fn new(doc: &'d Document<'a>, from: &ParseOptions, to: &WriteOptions) -> Self {
        let of_messages = from.profile == Profile::NodeIpc && from.delegate.is_none();
        let fit = Fit {
            options: *to,
            host_views: HostViews::of(to.profile),
            unwrap: of_messages && to.profile.is_some_and(|profile| profile != Profile::NodeIpc),
        };
        Transcoder { doc, fit }
    }

    /// Everything that stands in the way: see [`Document::obstacles`].
    pub fn obstacles(&self) -> super::Obstacles<'d, 'a> {
        self.doc.obstacles_to(self.fit)
    }

    /// The bytes.
    ///
    /// # Errors
    /// Everything that stands in the way.
    pub fn to_vec(&self) -> Result<Vec<u8>, TranscodeError> {
        self.check()?;
        let mut serializer = self.serializer();
        self.run(&mut serializer, None)?;
        Ok(serializer.release()?)
    }

    /// Writes the bytes as they come. Nothing is written where something stands in the way.
    ///
    /// # Errors
    /// That of the writer; [`InvalidData`](std::io::ErrorKind::InvalidData) with a [`TranscodeError`] in it where
    /// something stands in the way.
    #[cfg(feature = "std")]
    pub fn write_to(&self, to: impl std::io::Write) -> std::io::Result<()> {
        self.check()
            .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))?;
        let mut serializer = self.serializer();
        crate::write::drain::draining(
            &mut serializer,
            to,
            |serializer| &mut serializer.writer,
            |serializer, drain| self.run(serializer, Some(drain)),
        )
    }

    /// Whether it can be written.
    ///
    /// # Errors
    /// Everything that stands in the way.
    pub fn check(&self) -> Result<(), TranscodeError> {
        let mut rest = self.obstacles();
        let obstacles: Vec<_> = rest.by_ref().take(TranscodeError::MAX_OBSTACLES).collect();
        if obstacles.is_empty() {
            // Keys may be there twice, which is found in writing.
            if self.doc.duplicates {
                self.run(&mut self.serializer(), Some(&mut Nowhere))?;
            }
            return Ok(());
        }
        let count = obstacles.len() + rest.count();
        Err(TranscodeError::Write { obstacles, count })
    }

    fn serializer(&self) -> ValueSerializer<'d> {
        let mut serializer = ValueSerializer::with_options(self.fit.options);
        (serializer.host_views, serializer.unwrap) = (self.fit.host_views, self.fit.unwrap);
        serializer
    }

    fn run(
        &self,
        serializer: &mut ValueSerializer<'d>,
        mut drain: Option<&mut dyn Drain>,
    ) -> Result<(), WriteError> {
        let mut slots: Cursor = self.doc.roots();
        let mut number = 0;
        if slots.is_empty() {
            serializer.write_header()?;
        }
        while let Some(value) = slots.value(self.doc) {
            if number == 0 || self.doc.header_before(number).is_some() {
                serializer.write_header()?;
            }
            serializer.walk(value, again(&mut drain))?;
            number += 1;
        }
        Ok(())
    }
}
