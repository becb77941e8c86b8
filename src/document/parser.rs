//! From bytes to a document.

use alloc::vec::Vec;

use super::build::Builder;
use super::indexed::Indexed;
use super::nodes::Nodes;
use super::value::Value;
use crate::error::Error;
use crate::options::ParseOptions;
use crate::read::machine::{Machine, State};
use crate::wire::ByteOrder;

/// A value read whole: flat nodes over borrowed input.
///
/// Nodes stand in one vector, 8 or 16 bytes each, in the order of the wire; numbers, strings and bytes stay
/// in the input. An object that occurs several times, or within itself, is one node. Nothing recurses:
/// depth costs no stack in parsing, walking or dropping. (What a failed reading of version 13 left,
/// SPEC.md 4.10, stands where it is first referred to.)
///
/// ```
/// use v8wire::Document;
/// // What Node 18 writes for `{ users: [{ name: 'Ada' }] }`.
/// let blob = b"\xFF\x0Fo\"\x05usersA\x01o\"\x04name\"\x03Ada{\x01$\0\x01{\x01";
/// let doc = Document::parse(blob)?;
/// assert_eq!(doc.root()["users"][0]["name"].as_str().as_deref(), Some("Ada"));
/// # Ok::<(), v8wire::Error>(())
/// ```
#[derive(Clone)]
pub struct Document<'a> {
    pub(super) data: &'a [u8],
    pub(super) nodes: Nodes,
    pub(super) order: ByteOrder,
    version: u32,
    headers: Headers,
    /// Where keys may occur twice, the last one counts.
    pub(super) duplicates: bool,
    /// References on the wire count as V8 does in its second reading of version 13.
    renumbered: bool,
    /// Whether errors have ids, see `Rules::error_ids`.
    error_ids: bool,
    /// Where what was read ends; `None` where the caller has read more than values, or elsewhere.
    end: Option<usize>,
    /// Whether something was read that a writer would write otherwise, see `Input::odd`.
    odd: bool,
}

impl<'a> Document<'a> {
    pub(super) fn empty(data: &'a [u8], order: ByteOrder, duplicates: bool) -> Self {
        let headers = Headers::default();
        Document {
            data,
            nodes: Nodes::default(),
            order,
            version: 0,
            headers,
            duplicates,
            renumbered: false,
            error_ids: true,
            end: None,
            odd: true,
        }
    }

    /// Notes what was read where a header may stand, before the value of this number.
    pub(super) fn set_header(&mut self, has_header: bool, values: usize, version: u32) {
        if values == 0 {
            (self.headers.first, self.version) = (has_header, version);
        } else if has_header {
            self.headers.more.push((values, version));
        }
    }

    pub(super) fn set_renumbered(&mut self, renumbered: bool) {
        self.renumbered = renumbered;
    }

    /// Whether V8 counts ids anew in its second reading of version 13. Nodes need not be in the order of
    /// the wire then.
    #[cfg_attr(not(feature = "serde"), allow(dead_code))]
    pub(crate) fn is_renumbered(&self) -> bool {
        self.renumbered
    }

    /// The version in which the values mean what they mean here. Written as version 13, references that
    /// were counted in V8's second reading would be counted anew (SPEC.md 4.8).
    pub(crate) fn lasting_version(&self) -> u32 {
        if self.renumbered && self.version == 13 { 15 } else { self.version }
    }

    /// The bytes that all of this was read from, if they are known.
    pub(crate) fn bytes_read(&self) -> Option<&'a [u8]> {
        self.data.get(..self.end?)
    }

    /// The same, if [`Document::to_vec`] would write just these anew one by one.
    pub(super) fn as_written(&self) -> Option<&'a [u8]> {
        self.bytes_read().filter(|_| !self.odd)
    }

    /// Whether the values alone, without ids, make a writer write the bytes that were read. It may be so even
    /// where this says no.
    pub(crate) fn is_canonical(&self) -> bool {
        // Version 0 takes much for a host object that stands elsewhere for something else.
        !self.odd
            && self.end.is_some()
            && self.version > 0
            && self.lasting_version() == self.version
            && (self.error_ids || self.references().next().is_none())
            && self.headers.more.iter().all(|header| header.1 == self.version)
    }

    /// The version in the header that stands before the value of this number, if there is one.
    pub(crate) fn header_before(&self, number: usize) -> Option<u32> {
        if number == 0 {
            return self.headers.first.then_some(self.version);
        }
        let found = self.headers.more.binary_search_by_key(&number, |header| header.0).ok()?;
        Some(self.headers.more[found].1)
    }

    pub(super) fn nodes_mut(&mut self) -> &mut Nodes {
        &mut self.nodes
    }

    /// Reads the one value of `data` as strictly as the newest V8, and refuses bytes behind it.
    ///
    /// # Errors
    /// What V8 refuses, and trailing bytes, which it ignores.
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        ParseOptions::default().parse(data)
    }

    /// Reads one value from the start of `data`; also gives the number of bytes that it takes.
    ///
    /// # Errors
    /// What V8 refuses.
    pub fn parse_prefix(data: &'a [u8]) -> Result<(Self, usize), Error> {
        ParseOptions::default().parse_prefix(data)
    }

    /// The value; the first one of [`ParseOptions::parse_all`].
    ///
    /// ```
    /// # let doc = v8wire::Document::parse(b"\xFF\x0Fo\"\x01ao\"\x01bI\x02{\x01{\x01")?;
    /// let root = doc.root();
    /// assert_eq!(root["a"]["b"].as_i32(), Some(1));
    /// assert!(root["no"]["such"]["key"].is_undefined());
    /// # Ok::<(), v8wire::Error>(())
    /// ```
    pub fn root(&self) -> Indexed<'_, 'a> {
        Indexed::new(self.values().next().unwrap_or_else(|| Value::missing(self)))
    }

    /// All values of [`ParseOptions::parse_all`]; the one value of others.
    pub fn values(&self) -> impl Iterator<Item = Value<'_, 'a>> {
        let mut next = 0;
        core::iter::from_fn(move || {
            let index = next;
            if index >= self.nodes.end() {
                return None;
            }
            next = self.nodes.after(index);
            Some(Value::at_slot(self, index))
        })
    }

    /// The version in the (first) header, 0 where there was none and none was given.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The byte order that it was read with.
    pub fn byte_order(&self) -> ByteOrder {
        self.order
    }

    /// The number of nodes: values, property keys and parts of values.
    pub fn node_count(&self) -> usize {
        self.nodes.count()
    }

    /// The input.
    pub fn input(&self) -> &'a [u8] {
        self.data
    }
}

impl core::fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Document")
            .field("version", &self.version)
            .field("nodes", &self.nodes.count())
            .finish_non_exhaustive()
    }
}

/// Parses documents one after the other with the same buffers.
///
/// A parse after [`Parser::recycle`] allocates nothing, unless the input needs more than any before.
///
/// ```
/// use v8wire::Parser;
/// let mut parser = Parser::new();
/// for blob in [&b"\xFF\x0FI\x02"[..], b"\xFF\x0FI\x04"] {
///     let doc = parser.parse(blob)?;
///     assert!(doc.root().as_i32().is_some());
///     parser.recycle(doc);
/// }
/// # Ok::<(), v8wire::Error>(())
/// ```
#[derive(Default)]
pub struct Parser {
    builder: Builder,
    /// `None` is that of the default options.
    state: Option<State>,
    /// For [`Headers::more`].
    headers: Vec<(usize, u32)>,
}

/// Where headers stand.
#[derive(Clone, Debug, Default)]
struct Headers {
    /// Whether there is one before the first value.
    first: bool,
    /// Before which other values there is one, and its version.
    more: Vec<(usize, u32)>,
}

/// How much of the input is to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// One value, and bytes behind it are refused.
    Whole,
    /// One value.
    Prefix,
    /// Values up to the end.
    All,
}

impl Parser {
    /// A parser with the default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// A parser with these options.
    pub fn with_options(options: ParseOptions) -> Self {
        Parser { state: Some(State::new(options)), ..Self::default() }
    }

    /// Takes back the buffers of a document.
    pub fn recycle(&mut self, document: Document<'_>) {
        if document.nodes.words.capacity() > self.builder.nodes.words.capacity() {
            self.builder.nodes = document.nodes;
        }
        if document.headers.more.capacity() > self.headers.capacity() {
            self.headers = document.headers.more;
        }
    }

    /// As [`Document::parse`].
    ///
    /// # Errors
    /// What the options refuse, and trailing bytes.
    pub fn parse<'a>(&mut self, data: &'a [u8]) -> Result<Document<'a>, Error> {
        self.read(data, Extent::Whole).map(|(document, _)| document)
    }

    /// As [`Document::parse_prefix`].
    ///
    /// # Errors
    /// What the options refuse.
    pub fn parse_prefix<'a>(&mut self, data: &'a [u8]) -> Result<(Document<'a>, usize), Error> {
        self.read(data, Extent::Prefix)
    }

    /// As [`ParseOptions::parse_all`].
    ///
    /// # Errors
    /// What the options refuse.
    pub fn parse_all<'a>(&mut self, data: &'a [u8]) -> Result<Document<'a>, Error> {
        self.read(data, Extent::All).map(|(document, _)| document)
    }

    fn read<'a>(&mut self, data: &'a [u8], extent: Extent) -> Result<(Document<'a>, usize), Error> {
        let mut machine = Machine::with_state(data, self.state.take().unwrap_or_default());
        let mut more = core::mem::take(&mut self.headers);
        more.clear();
        let result = Self::build(&mut machine, &mut self.builder, data, extent, more);
        self.state = Some(machine.into_state());
        result
    }

    /// With nothing kept for a next time, which would cost a small input most of its time.
    fn read_once<'a>(
        options: &ParseOptions,
        data: &'a [u8],
        extent: Extent,
    ) -> Result<(Document<'a>, usize), Error> {
        let mut machine = Machine::new(data, options);
        Self::build(&mut machine, &mut Builder::default(), data, extent, Vec::new())
    }

    fn build<'a>(
        machine: &mut Machine<'a>,
        builder: &mut Builder,
        data: &'a [u8],
        extent: Extent,
        more: Vec<(usize, u32)>,
    ) -> Result<(Document<'a>, usize), Error> {
        builder.start(data, machine.rules.error_ids());
        let (version, headers) = Self::fill(machine, builder, extent, more)?;
        let read = machine.input.pos();
        let document = Document {
            data,
            nodes: core::mem::take(&mut builder.nodes),
            order: machine.options.byte_order,
            version,
            headers,
            duplicates: !machine.rules.unique_keys(),
            renumbered: machine.is_renumbered(),
            error_ids: machine.rules.error_ids(),
            end: Some(read),
            odd: machine.input.odd,
        };
        Ok((document, read))
    }

    fn fill<'a>(
        machine: &mut Machine<'a>,
        builder: &mut Builder,
        extent: Extent,
        more: Vec<(usize, u32)>,
    ) -> Result<(u32, Headers), Error> {
        let mut headers = Headers { first: machine.header()?, more };
        let version = machine.version.0;
        if extent == Extent::All && machine.input.remaining() == 0 {
            return Ok((version, headers));
        }
        machine.run(builder)?;
        let mut values = 1;
        while extent == Extent::All && !machine.at_end() {
            if machine.header()? {
                headers.more.push((values, machine.version.0));
            }
            values += 1;
            machine.begin_value();
            machine.run(builder)?;
        }
        if extent == Extent::Whole {
            machine.finish()?;
        }
        builder.check()?;
        Ok((version, headers))
    }
}

impl core::fmt::Debug for Parser {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let options = self.state.as_ref().map(|state| &state.options);
        f.debug_struct("Parser")
            .field("options", options.unwrap_or(&ParseOptions::default()))
            .finish_non_exhaustive()
    }
}

impl ParseOptions {
    /// As [`Document::parse`], with these options.
    ///
    /// # Errors
    /// What the options refuse, and trailing bytes.
    pub fn parse<'a>(&self, data: &'a [u8]) -> Result<Document<'a>, Error> {
        Parser::read_once(self, data, Extent::Whole).map(|(document, _)| document)
    }

    /// As [`Document::parse_prefix`], with these options.
    ///
    /// # Errors
    /// What the options refuse.
    pub fn parse_prefix<'a>(&self, data: &'a [u8]) -> Result<(Document<'a>, usize), Error> {
        Parser::read_once(self, data, Extent::Prefix)
    }

    /// Reads several values that stand one behind the other, each with a header before it or not.
    /// Ids run on across them, so that a later one may refer to objects of an earlier one.
    ///
    /// ```
    /// let doc = v8wire::ParseOptions::new().parse_all(b"\xFF\x0FI\x02T")?;
    /// assert_eq!(doc.values().count(), 2);
    /// # Ok::<(), v8wire::Error>(())
    /// ```
    ///
    /// # Errors
    /// What the options refuse.
    pub fn parse_all<'a>(&self, data: &'a [u8]) -> Result<Document<'a>, Error> {
        Parser::read_once(self, data, Extent::All).map(|(document, _)| document)
    }
}
