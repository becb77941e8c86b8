//! Typed JSON to bytes (SPEC.md 10): the text is read into a tape of tokens, and the tape is walked with
//! a stack of what is still to be written.

mod buffers;
mod encoder;
mod error;
mod objects;
mod patches;
mod scalar;
mod string;
mod text;

use alloc::vec::Vec;

pub use error::{EncodeError, EncodeErrorKind};

use crate::document::{TranscodeError, transcode};
use crate::options::{Externals, Limits, ParseOptions};
use crate::write::{WriteError, WriteErrorKind, WriteOptions};
use encoder::Encoder;
use text::Tape;

/// How [`to_vec_with`] reads a text and writes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EncodeOptions {
    /// Whether the text is plain JSON, in which keys that begin with `$` mean nothing. Default: it is
    /// typed.
    pub plain: bool,
    /// How to write. `None`, the default: as the text says, in version 15 and little-endian where it
    /// does not say. `Some`: everything is written anew by these options, in the form that V8 has for
    /// it, as [`transcode`](crate::transcode) does.
    pub write: Option<WriteOptions>,
    /// Whether to leave out what `patches` puts in (SPEC.md 10.16), and write the values as a writer does:
    /// for a text whose values were changed. Default: the patches must fit. They have no place in what
    /// `write` says.
    pub ignore_patches: bool,
}

/// The bytes of a typed JSON text (SPEC.md 10), which [`write_typed`](super::write_typed) writes: those
/// that it was made of. Plain JSON is written as `v8.serialize` does what
/// `JSON.parse` makes of it, but for integers that V8 holds as doubles because the same property of
/// another object has a fraction (SPEC.md 7.1).
///
/// ```
/// use v8wire::json::{TypedOptions, to_typed_string, to_vec};
/// let blob = b"\xFF\x0Fo\"\x02atD\0\0\0\0\0\0\0\0{\x01";
/// let text = to_typed_string(&v8wire::Document::parse(blob).unwrap(), &TypedOptions::default()).unwrap();
/// assert_eq!(to_vec(&text)?, blob);
/// assert_eq!(to_vec(r#"{"at": {"$date": 0}}"#)?, blob);
/// assert_eq!(to_vec("[true]")?, b"\xFF\x0FA\x01T$\0\x01");
/// # Ok::<(), v8wire::json::EncodeError>(())
/// ```
///
/// # Errors
/// The text is no JSON or no typed JSON, an object has a key twice, the version cannot carry a value, or the
/// values were changed and `patches` was not ([`EncodeErrorKind::StalePatches`]). Each error says where.
pub fn to_vec(text: &str) -> Result<Vec<u8>, EncodeError> {
    to_vec_with(text, &EncodeOptions::default())
}

/// As [`to_vec`], by options.
///
/// ```
/// use v8wire::json::{EncodeOptions, to_vec_with};
/// let mut options = EncodeOptions::default();
/// options.plain = true;
/// options.write = Some(v8wire::WriteOptions::new().version(13));
/// assert_eq!(to_vec_with(r#"{"$id": 1}"#, &options)?, b"\xFF\x0Do\"\x03$idI\x02{\x01");
/// # Ok::<(), v8wire::json::EncodeError>(())
/// ```
///
/// # Errors
/// As [`to_vec`]; also what cannot be written anew, such as a view over a buffer whose bytes are
/// elsewhere as a host object.
pub fn to_vec_with(text: &str, options: &EncodeOptions) -> Result<Vec<u8>, EncodeError> {
    let (tape, result) = Tape::parse(text);
    let encoded = result.and_then(|()| {
        let mut encoder = Encoder::new(&tape, options)?;
        let patches = encoder.head.patches;
        let patches = patches.filter(|_| options.write.is_none() && !options.ignore_patches);
        encoder.unread = patches.is_some();
        let (bytes, head) = encoder.run()?;
        match patches {
            Some(token) => Ok((patches::patched(&tape, token, &bytes)?, head)),
            None => Ok((bytes, head)),
        }
    });
    let (bytes, head) = encoded.map_err(|fault| EncodeError::new(fault, text, &tape))?;
    let Some(write) = options.write else { return Ok(bytes) };
    drop(tape);
    let mut read = ParseOptions::new()
        .lenient()
        .externals(Externals::Keep)
        .byte_order(head.byte_order)
        .headerless_version(head.version)
        .limits(Limits { depth: u32::MAX, ..Limits::default() });
    // What follows the id of a shared buffer does not say what the buffer is; the text did.
    read.wasm_shared_buffers = head.wasm_shared_buffers;
    transcode(&bytes, &read, &write).map_err(|error| match error {
        TranscodeError::Write { mut obstacles, .. } if !obstacles.is_empty() => {
            obstacles.swap_remove(0).into()
        }
        error => {
            let message = alloc::format!("cannot be written anew: {error}");
            WriteError::new(WriteErrorKind::Unsupported { message }).into()
        }
    })
}

/// What the patches of a typed text without any are to change.
pub(super) fn unpatched(text: &str) -> Result<Vec<u8>, EncodeError> {
    let (tape, result) = Tape::parse(text);
    let encoded = result.and_then(|()| {
        let mut encoder = Encoder::new(&tape, &EncodeOptions::default())?;
        encoder.unread = true;
        encoder.run()
    });
    encoded.map(|(bytes, _)| bytes).map_err(|fault| EncodeError::new(fault, text, &tape))
}
