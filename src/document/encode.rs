//! From a document back to bytes.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::lower::Fit;
use super::parser::Document;
use super::value::{Kind, Value};
use super::walk::Walk;
use crate::read::event::Event;
use crate::write::drain::{Drain, again, contents, drained};
use crate::write::writer::{Form, Writer};
use crate::write::{HostViews, ValueSerializer, WriteError, WriteErrorKind, WriteOptions};

impl Document<'_> {
    /// The bytes again: header, values, in the version and byte order that they were read in, with the
    /// same encodings of strings and numbers, the same kinds of arrays, order of properties and of the
    /// parts of errors, the same forms of views and payloads of host objects.
    ///
    /// What an engine wrote comes out identical to the byte. What no engine writes is put right on the
    /// way: counts of objects (`?`) and padding are left out (but for the padding that two-byte strings
    /// need), overlong varints become short, wrong counts that were read leniently become right, and a number
    /// at the end of a host object's payload ends there.
    ///
    /// Versions below 13 are written as 15, in the form that V8 has for the values; so is version 13 where
    /// V8 counts references anew in its second reading (SPEC.md 4.8), and where views have flags (6.11) and
    /// other bytes would come out than were read.
    ///
    /// ```
    /// let blob = b"\xFF\x0Fo\"\x01aN\0\0\0\0\0\0\xF8\x3F{\x01";
    /// assert_eq!(v8wire::Document::parse(blob)?.to_vec(), blob);
    /// # Ok::<(), v8wire::Error>(())
    /// ```
    pub fn to_vec(&self) -> Vec<u8> {
        if let Some(bytes) = self.as_written().filter(|_| self.version_lasts()) {
            debug_assert!(self.gives(bytes));
            return bytes.to_vec();
        }
        let written = if self.keeps_version() { self.as_given() } else { self.modernised() };
        // What cannot be written was read from bytes that say it, such as a length above 4 GiB under a
        // header of version 12.
        written.unwrap_or_else(|_| self.data.to_vec())
    }

    /// Whether it is written in the version that it was read in.
    fn keeps_version(&self) -> bool {
        self.version_lasts()
            && (self.version() > 13
                || self.as_written().is_some()
                || !self.has_view_flags()
                || self.gives_what_was_read())
    }

    fn version_lasts(&self) -> bool {
        let version = self.version();
        (13..=16).contains(&version) && version == self.lasting_version()
    }

    fn has_view_flags(&self) -> bool {
        self.events().any(|event| matches!(event, Event::View { flags: Some(_), .. }))
    }

    /// Of other bytes V8's reading without flags may be good, or throw an exception; then it makes no second
    /// one (SPEC.md 6.11).
    fn gives_what_was_read(&self) -> bool {
        self.bytes_read().is_some_and(|read| self.gives(read))
    }

    /// Whether these bytes are written in the version that it was read in, if it can be written so.
    fn gives(&self, bytes: &[u8]) -> bool {
        let mut expected = Expected(bytes);
        let given = drained(
            &mut self.given_writer(0),
            &mut expected,
            |writer| writer,
            |writer, drain| self.give(writer, Some(drain)),
        );
        match given {
            Ok(()) => expected.0.is_empty(),
            Err(error) => !matches!(error.kind(), WriteErrorKind::Output),
        }
    }

    /// Writes the bytes that [`to_vec`](Self::to_vec) gives as they come, without having all of them in
    /// memory.
    ///
    /// ```
    /// let blob = b"\xFF\x0FA\x01T$\0\x01";
    /// let mut out = Vec::new(); // or a file, a socket
    /// v8wire::Document::parse(blob)?.write_to(&mut out).unwrap();
    /// assert_eq!(out, blob);
    /// # Ok::<(), v8wire::Error>(())
    /// ```
    ///
    /// # Errors
    /// That of the writer, and [`InvalidData`](std::io::ErrorKind::InvalidData) where the document holds what its
    /// version cannot carry, which only a lenient reader lets pass.
    #[cfg(feature = "std")]
    pub fn write_to(&self, to: impl std::io::Write) -> std::io::Result<()> {
        if self.keeps_version() {
            return crate::write::drain::draining(
                &mut self.given_writer(0),
                to,
                |writer| writer,
                |writer, drain| self.give(writer, Some(drain)),
            );
        }
        let mut serializer = self.modern_serializer(0);
        crate::write::drain::draining(
            &mut serializer,
            to,
            |serializer| &mut serializer.writer,
            |serializer, drain| self.modernise(serializer, Some(drain)),
        )
    }

    fn as_given(&self) -> Result<Vec<u8>, WriteError> {
        let mut writer = self.given_writer(self.data.len());
        self.give(&mut writer, None)?;
        writer.finish()
    }

    fn given_writer(&self, size_hint: usize) -> Writer {
        let options =
            WriteOptions::new().version(self.version()).byte_order(self.order).size_hint(size_hint);
        Writer::new(options, Form::AsGiven)
    }

    fn give(
        &self,
        writer: &mut Writer,
        mut drain: Option<&mut dyn Drain>,
    ) -> Result<(), WriteError> {
        let mut events = self.events();
        let mut number = 0;
        if self.nodes.end() == 0
            && let Some(version) = self.header_before(0)
        {
            writer.header(version)?;
        }
        loop {
            if events.at_root() {
                if let Some(version) = self.header_before(number) {
                    writer.header(version)?;
                }
                number += 1;
            }
            let Some(event) = events.next() else { break };
            match events.goes_on(&event) {
                true => writer.event_and_number(event)?,
                false => writer.event(event)?,
            }
            if let Some(drain) = &mut drain {
                writer.drain_behind(&mut **drain, contents(&event))?;
            }
        }
        Ok(())
    }

    fn modernised(&self) -> Result<Vec<u8>, WriteError> {
        let mut serializer = self.modern_serializer(self.data.len().saturating_add(2));
        self.modernise(&mut serializer, None)?;
        serializer.release()
    }

    fn modern_serializer(&self, size_hint: usize) -> ValueSerializer<'_> {
        let options = WriteOptions::new().byte_order(self.order).size_hint(size_hint);
        let mut serializer = ValueSerializer::with_options(options);
        serializer.host_views = HostViews::Keep;
        serializer
    }

    fn modernise<'d>(
        &'d self,
        serializer: &mut ValueSerializer<'d>,
        mut drain: Option<&mut dyn Drain>,
    ) -> Result<(), WriteError> {
        serializer.write_header()?;
        for value in self.values() {
            serializer.walk(value, again(&mut drain))?;
        }
        Ok(())
    }
}

/// What is still to come of these bytes.
struct Expected<'b>(&'b [u8]);

impl Drain for Expected<'_> {
    fn take(&mut self, bytes: &[u8]) -> bool {
        let rest = self.0.strip_prefix(bytes);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }
}

/// Writes a value as `v8.serialize` does: header, version 15, and typed arrays, DataViews and Buffers
/// as Node's host objects.
///
/// ```
/// // What Node 22 writes for `{ data: Buffer.from('hi') }`.
/// let blob = b"\xFF\x0Fo\"\x04data\\\x0A\x02hi{\x01";
/// let doc = v8wire::Document::parse(blob).unwrap();
/// assert_eq!(v8wire::node::serialize(doc.root().value())?, blob);
/// # Ok::<(), v8wire::WriteError>(())
/// ```
///
/// # Errors
/// What the version cannot carry, and views over buffers whose bytes are elsewhere.
pub fn serialize(value: Value<'_, '_>) -> Result<Vec<u8>, WriteError> {
    let mut serializer = ValueSerializer::new();
    serializer.set_treat_array_buffer_views_as_host_objects(true);
    serializer.write_header()?;
    serializer.write_value(value)?;
    serializer.release()
}

impl<'v> ValueSerializer<'v> {
    /// Writes a value of a document, with all that it holds, in the form that V8 has for it. An object
    /// that was written before, also by an earlier call, is written as a reference.
    ///
    /// ```
    /// use v8wire::{Document, ValueSerializer};
    /// let doc = Document::parse(b"\xFF\x0FA\x02o{\0^\x01$\0\x02").unwrap();
    /// let mut serializer = ValueSerializer::new();
    /// serializer.write_header()?;
    /// serializer.write_value(doc.root()[0].value())?;
    /// serializer.write_value(doc.root()[1].value())?; // the same object
    /// assert_eq!(serializer.release()?, b"\xFF\x0Fo{\0^\0");
    /// # Ok::<(), v8wire::WriteError>(())
    /// ```
    ///
    /// # Errors
    /// What the version cannot carry, with the path to it; and where no value can stand.
    pub fn write_value<'a: 'v>(&mut self, value: Value<'v, 'a>) -> Result<(), WriteError> {
        self.walk(value, None)
    }

    /// Writes a value as [`write_value`](Self::write_value) does, and passes on to `to` all that has been
    /// written, as it comes. Positions and the padding of two-byte strings go on as if it were still there.
    ///
    /// ```
    /// use v8wire::{Document, ValueSerializer};
    /// let doc = Document::parse(b"\xFF\x0FI\x02").unwrap();
    /// let mut out = Vec::new();
    /// let mut serializer = ValueSerializer::new();
    /// serializer.write_header()?;
    /// serializer.write_value_to(doc.root().value(), &mut out).unwrap();
    /// assert_eq!(out, b"\xFF\x0FI\x02");
    /// assert_eq!((serializer.position(), serializer.release()?.len()), (4, 0));
    /// # Ok::<(), v8wire::WriteError>(())
    /// ```
    ///
    /// # Errors
    /// Those of the writer, and [`InvalidData`](std::io::ErrorKind::InvalidData) for those of `write_value`. The serializer
    /// takes nothing more then.
    #[cfg(feature = "std")]
    pub fn write_value_to<'a: 'v>(
        &mut self,
        value: Value<'v, 'a>,
        to: impl std::io::Write,
    ) -> std::io::Result<()> {
        crate::write::drain::draining(
            self,
            to,
            |serializer| &mut serializer.writer,
            |serializer, drain| serializer.walk(value, Some(drain)),
        )
    }

    pub(super) fn walk<'a: 'v>(
        &mut self,
        value: Value<'v, 'a>,
        mut drain: Option<&mut dyn Drain>,
    ) -> Result<(), WriteError> {
        let Some(index) = value.id() else {
            return self.write_undefined();
        };
        let doc = value.doc;
        let address = core::ptr::from_ref(doc).addr();
        let mut known = self.known.remove(&address).unwrap_or_default();
        let end = doc.nodes.end() as usize;
        if known.len() < end {
            // Zeros cost nothing until they are changed.
            let mut longer = alloc::vec![0; end];
            for (new, old) in longer.iter_mut().zip(&known) {
                *new = *old;
            }
            known = longer;
        }
        // The reader has compared the keys.
        let names = (!doc.duplicates).then(|| self.writer.set_names(None)).flatten();
        let mut walk = Walk {
            doc,
            address,
            fit: Fit {
                options: *self.writer.options(),
                host_views: self.host_views,
                unwrap: self.unwrap,
            },
            plain: !self.writer.options().lower && self.delegate.is_none() && drain.is_none(),
            delegate: self.delegate.as_deref(),
            transfers: &self.transfers,
            known: &mut known,
            writer: &mut self.writer,
            drain: again(&mut drain),
            open: Vec::new(),
            hosts: Vec::new(),
            wrapped: BTreeMap::new(),
            open_errors: BTreeSet::new(),
        };
        let result = walk.run(index).map_err(|error| error.place(|| walk.path()));
        self.known.insert(address, known);
        if !doc.duplicates {
            self.writer.set_names(names);
        }
        result.map_err(|error| self.writer.fail(error))
    }

    /// Notes that the `ArrayBuffer` is handed over by id: where [`write_value`](Self::write_value) meets
    /// it, the id is written and not the bytes.
    ///
    /// # Errors
    /// The value is no `ArrayBuffer`, or has been written already.
    pub fn transfer_array_buffer<'a: 'v>(
        &mut self,
        id: u32,
        buffer: Value<'v, 'a>,
    ) -> Result<(), WriteError> {
        let misuse = |reason| Err(WriteError::new(WriteErrorKind::Misuse { reason }));
        let Some(index) = buffer.id().filter(|_| buffer.kind() == Kind::ArrayBuffer) else {
            return misuse("what is transferred is no ArrayBuffer");
        };
        let address = core::ptr::from_ref(buffer.doc).addr();
        let known = self.known.get(&address).and_then(|known| known.get(index as usize));
        if known.is_some_and(|&id| id != 0) {
            return misuse("a buffer is transferred that has been written already");
        }
        self.transfers.insert((address, index), id);
        Ok(())
    }
}
