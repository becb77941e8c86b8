//! Readers and writers of `std::io`.

use std::io::{Error as IoError, ErrorKind as IoErrorKind, Read, Result, Write};
use std::vec::Vec;

use ::serde::Serialize;
use ::serde::de::DeserializeOwned;

use super::{DeserializeOptions, SerializeOptions};
use crate::error::Error;

/// `UnexpectedEof` where the data ends too early, `InvalidData` otherwise. The error itself is
/// [`get_ref`](std::io::Error::get_ref).
impl From<Error> for IoError {
    fn from(error: Error) -> Self {
        let kind =
            if error.is_eof() { IoErrorKind::UnexpectedEof } else { IoErrorKind::InvalidData };
        IoError::new(kind, error)
    }
}

impl DeserializeOptions {
    /// As [`from_reader`](crate::from_reader).
    ///
    /// # Errors
    /// As [`from_reader`](crate::from_reader).
    pub fn from_reader<T: DeserializeOwned>(&self, mut reader: impl Read) -> Result<T> {
        let mut data = Vec::new();
        reader.read_to_end(&mut data)?;
        Ok(self.from_slice(&data)?)
    }
}

impl SerializeOptions {
    /// As [`to_writer`](crate::to_writer).
    ///
    /// # Errors
    /// As [`to_writer`](crate::to_writer).
    pub fn to_writer<T: Serialize + ?Sized>(
        &self,
        mut writer: impl Write,
        value: &T,
    ) -> Result<()> {
        writer.write_all(&self.to_vec(value)?)
    }
}

/// As [`from_slice`](crate::from_slice), out of all that a reader gives. It is read to its end and kept
/// in memory while the value is read, so nothing can be borrowed of it; bound it with
/// [`Read::take`](std::io::Read::take).
///
/// ```
/// let file = std::io::Cursor::new(b"\xFF\x0F\"\x03Ada");
/// assert_eq!(v8wire::from_reader::<String>(file)?, "Ada");
///
/// let error = v8wire::from_reader::<u8>(&b"\xFF\x0F\"\x03Ada"[..]).unwrap_err();
/// let reason = error.get_ref().unwrap().downcast_ref::<v8wire::Error>().unwrap();
/// assert!(reason.is_mismatch());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Those of the reader, and those of [`from_slice`](crate::from_slice) in a [`std::io::Error`].
pub fn from_reader<T: DeserializeOwned>(reader: impl Read) -> Result<T> {
    DeserializeOptions::default().from_reader(reader)
}

/// As [`to_vec`](crate::to_vec), into a writer. Nothing is written before all of the value is known:
/// keys are put in order, and lengths stand in front.
///
/// ```
/// let mut out = Vec::new();
/// v8wire::to_writer(&mut out, "Ada")?;
/// assert_eq!(out, b"\xFF\x0F\"\x03Ada");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Those of the writer, and those of [`to_vec`](crate::to_vec) in a [`std::io::Error`].
pub fn to_writer<T: Serialize + ?Sized>(writer: impl Write, value: &T) -> Result<()> {
    SerializeOptions::default().to_writer(writer, value)
}
