//! Buffers, the views behind them, and WebAssembly's own kinds of both (SPEC.md 3.18.1 to 3.23.8,
//! 3.25.1 to 3.26.2).

use super::buffers::Buffer;
use super::event::Event;
use super::frame::{FrameKind, Next};
use super::machine::{Machine, Sink};
use crate::error::{Error, ErrorKind};
use crate::view::ViewKind;
use crate::wire::engine::MAX_BYTE_LENGTH;
use crate::wire::{Tag, ViewTag};

/// Why a memory is refused, of which older readers read all before.
pub(super) const MAXIMUM: &str = "maximum pages of memory out of range";

const FIXED: u8 = b'f';
const RESIZABLE: u8 = b'r';

impl<'a> Machine<'a> {
    /// A length: of 64 bits in readers of V8 14.9 and later, whatever the data's version (SPEC.md 3.18.2).
    fn buffer_length(&mut self, what: &'static str) -> Result<u64, Error> {
        if self.rules.wide_lengths() {
            self.input.varint_u64(what)
        } else {
            self.input.varint_u32(what).map(u64::from)
        }
    }

    /// Notes a buffer, unless a scout has been here.
    fn know_buffer(&mut self, id: u32, buffer: Buffer) {
        if !self.buffers_later && self.buffers.is_behind(id) {
            self.state.buffers.push(id, buffer, self.input.data().len());
        }
    }

    pub(super) fn buffer<S: Sink<'a>>(&mut self, tag: Tag, sink: &mut S) -> Result<bool, Error> {
        match self.buffer_alone(tag, sink)? {
            Some(buffer) => self.view_behind(buffer, sink),
            None => Ok(true),
        }
    }

    /// A buffer, without the view behind it; `None` where it is open now.
    #[inline]
    pub(super) fn buffer_alone<S: Sink<'a>>(
        &mut self,
        tag: Tag,
        sink: &mut S,
    ) -> Result<Option<Buffer>, Error> {
        let id = self.take_id();
        let (event, buffer) = match tag {
            Tag::ARRAY_BUFFER_TRANSFER => {
                let transfer = self.input.varint_u32("transfer id")?;
                let known = self.options.transfers.get(&transfer).copied();
                self.provided(known.is_some(), "transferred array buffer", transfer)?;
                let buffer = Buffer {
                    length: known.map(|known| known.byte_length),
                    resizable: known.map(|known| known.resizable),
                    shared: known.is_some_and(|known| known.shared),
                };
                (Event::TransferredArrayBuffer { id: transfer }, buffer)
            }
            Tag::SHARED_ARRAY_BUFFER => return self.shared(id, sink),
            _ => self.inline_buffer(tag)?,
        };
        self.know_buffer(id, buffer);
        sink.event(event, self.span());
        Ok(Some(buffer))
    }

    /// What is known of the buffer with this id of V8's, if it is one.
    #[inline]
    pub(super) fn buffer_with(&self, id: u32) -> Option<Buffer> {
        self.buffers.get(id)
    }

    /// SPEC.md 3.18.1, 3.19.2.
    fn inline_buffer(&mut self, tag: Tag) -> Result<(Event<'a>, Buffer), Error> {
        let at = self.input.pos();
        let length = self.buffer_length("length of array buffer")?;
        self.bounds().check(at, length)?;
        let resizable = tag == Tag::RESIZABLE_ARRAY_BUFFER;
        let mut max = length;
        if resizable {
            let at = self.input.pos();
            max = self.buffer_length("maximum length of array buffer")?;
            let bound = if length > max { max } else { MAX_BYTE_LENGTH };
            let (what, value) = if length > max {
                ("length of resizable array buffer", length)
            } else {
                ("maximum length of array buffer", max)
            };
            if value > bound {
                let kind = ErrorKind::InvalidLength { what, length: value, max: bound };
                return Err(Error::new(at, kind));
            }
        }
        let data = self.input.take(length, "array buffer")?;
        let buffer = Buffer { length: Some(length), resizable: Some(resizable), shared: false };
        let event = match tag {
            Tag::IMMUTABLE_ARRAY_BUFFER => Event::ImmutableArrayBuffer(data),
            Tag::RESIZABLE_ARRAY_BUFFER => {
                Event::ResizableArrayBuffer { data, max_byte_length: max }
            }
            _ => Event::ArrayBuffer(data),
        };
        Ok((event, buffer))
    }

    /// SPEC.md 3.22.1, 3.22.2.
    fn shared<S: Sink<'a>>(&mut self, object: u32, sink: &mut S) -> Result<Option<Buffer>, Error> {
        let id = self.input.varint_u32("shared array buffer id")?;
        let known = self.options.delegate.as_ref().and_then(|host| host.shared_array_buffer(id));
        self.delegated(known.is_some(), "shared array buffer", id)?;
        let mut buffer = Buffer {
            length: known.map(|known| known.byte_length),
            resizable: known.map(|known| known.growable),
            shared: true,
        };
        let wasm = known.map_or(self.options.wasm_shared_buffers, |known| known.wasm);
        let mut event = Event::SharedArrayBuffer { id };
        if wasm && self.rules.wasm_shared_buffers() {
            self.input.odd = true;
            let at = self.input.pos();
            match self.input.varint_u8("kind of wasm buffer")? {
                RESIZABLE => {
                    buffer.resizable = Some(true);
                    self.know_buffer(object, buffer);
                    self.open(FrameKind::WasmShared, Next::Key, object)?;
                    sink.event(Event::WasmSharedArrayBufferBegin { id }, self.span());
                    return Ok(None);
                }
                FIXED if self.rules.wasm_shared_length() => {
                    let length = self.input.varint_u64("length of wasm buffer")?;
                    if buffer.length.is_some_and(|known| length > known) {
                        let reason = "fixed length above that of the memory";
                        return Err(Error::new(at, ErrorKind::InvalidWasm { reason }));
                    }
                    buffer.length = Some(length);
                    buffer.resizable = Some(false);
                    event = Event::WasmSharedArrayBuffer { id, length: Some(length) };
                }
                FIXED => event = Event::WasmSharedArrayBuffer { id, length: None },
                _ => {
                    let reason = "kind of wasm buffer is neither `f` nor `r`";
                    return Err(Error::new(at, ErrorKind::InvalidWasm { reason }));
                }
            }
        }
        self.know_buffer(object, buffer);
        sink.event(event, self.span());
        Ok(Some(buffer))
    }

    /// A view is written right behind its buffer, or behind a reference to it; the two are one value
    /// (SPEC.md 3.23.2).
    pub(super) fn view_behind<S: Sink<'a>>(
        &mut self,
        buffer: Buffer,
        sink: &mut S,
    ) -> Result<bool, Error> {
        // The buffer of a memory is the memory's alone (`ReadObjectInternal`).
        if self.frames.last().is_some_and(|frame| frame.kind() == FrameKind::WasmMemory) {
            return Ok(true);
        }
        if self.input.tag_if(Tag::ARRAY_BUFFER_VIEW.0) {
            let start = self.input.pos() - 1;
            self.set_value_start(start);
            if self.version.view_flags_unclear() && self.view_flags.is_none() {
                self.read_ahead();
            }
            self.view(buffer, sink)?;
        }
        Ok(true)
    }

    /// SPEC.md 3.23.3 to 3.23.7.
    pub(super) fn view<S: Sink<'a>>(&mut self, buffer: Buffer, sink: &mut S) -> Result<(), Error> {
        let at = self.input.pos();
        let tag = ViewTag(self.input.varint_u8("kind of view")?);
        let invalid =
            |at, reason| Err(Error::new(at, ErrorKind::InvalidView { view: tag, reason }));
        let offset_at = self.input.pos();
        let byte_offset = self.buffer_length("offset of view")?;
        let length_at = self.input.pos();
        let byte_length = self.buffer_length("length of view")?;
        // What is elsewhere may be said to have any length.
        let all = buffer.length.unwrap_or(MAX_BYTE_LENGTH).min(MAX_BYTE_LENGTH);
        if byte_offset > all {
            return invalid(offset_at, "starts behind the end of its buffer");
        }
        if byte_length > all - byte_offset {
            return invalid(length_at, "ends behind the end of its buffer");
        }
        let flags_at = self.input.pos();
        let flags = if self.version.view_flags() || self.view_flags == Some(true) {
            Some(self.input.varint_u32("flags of view")?)
        } else {
            self.flags_left = self.flags_are_all_that_is_left();
            None
        };
        self.take_id();
        let Some(kind) = ViewKind::from_tag(tag).filter(|_| self.rules.knows_view(tag)) else {
            return invalid(at, "is unknown");
        };
        let size = kind.element_size() as u64;
        if byte_offset % size != 0 {
            return invalid(offset_at, "starts at no multiple of its element size");
        }
        if byte_length % size != 0 {
            return invalid(length_at, "is no whole number of elements long");
        }
        let [tracking, resizable] = [1, 2].map(|bit| flags.unwrap_or(0) & bit != 0);
        if (tracking || resizable) && buffer.resizable == Some(false) {
            return invalid(flags_at, "has flags of a resizable buffer, and its buffer is none");
        }
        if resizable && buffer.shared {
            return invalid(
                flags_at,
                "has the flag of a resizable buffer, and its buffer is shared",
            );
        }
        if buffer.resizable == Some(true) && !buffer.shared && !resizable {
            return invalid(flags_at, "lacks the flag of its resizable buffer");
        }
        sink.event(Event::View { kind, byte_offset, byte_length, flags }, self.span());
        Ok(())
    }

    /// Whether one `00` is left behind a view that is all of version 13 data (SPEC.md 12.9).
    fn flags_are_all_that_is_left(&self) -> bool {
        self.version.view_flags_unclear()
            && self.rules.second_reading()
            && self.frames.is_empty()
            && self.input.remaining() == 1
            && self.input.data().last() == Some(&0)
    }

    // WebAssembly.

    /// A memory: its maximum, its address width, then a shared buffer (`ReadWasmMemory`; SPEC.md 3.26.1).
    pub(super) fn wasm_memory(&mut self) -> Result<Event<'a>, Error> {
        const MAX_PAGES_32: i32 = 65_536;
        const MAX_PAGES_64: i32 = 262_144;
        self.input.odd = true;
        // There may be references to it, and in it to a buffer.
        self.find_buffers(self.next_id);
        let id = self.take_id();
        let at = self.input.pos();
        let code = self.input.varint_u32("maximum pages of wasm memory")?;
        let maximum_pages = crate::wire::varint::unzigzag(code);
        let mut memory64 = None;
        if self.rules.memory64_byte() {
            let at = self.input.pos();
            memory64 = match self.input.byte("address width of wasm memory")? {
                0 => Some(false),
                1 => Some(true),
                _ => {
                    let reason = "address width of memory is neither 0 nor 1";
                    return Err(Error::new(at, ErrorKind::InvalidWasm { reason }));
                }
            };
        }
        let max = if memory64 == Some(true) { MAX_PAGES_64 } else { MAX_PAGES_32 };
        if self.rules.checks_wasm_maximum()
            && maximum_pages != -1
            && !(0..=max).contains(&maximum_pages)
        {
            return Err(Error::new(at, ErrorKind::InvalidWasm { reason: MAXIMUM }));
        }
        if self.memories.last().is_none_or(|&last| last < id) {
            self.memories.push(id);
        }
        self.open(FrameKind::WasmMemory, Next::Key, id)?;
        Ok(Event::WasmMemoryBegin { maximum_pages, memory64 })
    }

    /// The one value inside of a memory or of a shared buffer over a memory, then the end of it.
    pub(super) fn wasm_child<S: Sink<'a>>(&mut self, sink: &mut S) -> Result<bool, Error> {
        let Some(frame) = self.frames.last_mut() else { return Ok(true) };
        let memory = frame.kind() == FrameKind::WasmMemory;
        let object = frame.length;
        if frame.next() == Next::Key {
            frame.set_next(Next::Value);
            return self.wasm_value(memory, sink);
        }
        self.frames.pop();
        let end = self.input.pos();
        self.set_value_start(end);
        if memory {
            sink.event(Event::WasmMemoryEnd, self.span());
            return Ok(true);
        }
        sink.event(Event::WasmSharedArrayBufferEnd, self.span());
        match self.buffer_with(object).filter(|_| !self.is_whole_ghost()) {
            Some(buffer) => self.view_behind(buffer, sink),
            None => Ok(true),
        }
    }

    /// Within a memory only a shared buffer is good, within such a buffer only a memory; or
    /// references to them.
    fn wasm_value<S: Sink<'a>>(&mut self, memory: bool, sink: &mut S) -> Result<bool, Error> {
        let mut peek = self.input;
        let mut tag = peek.tag().map(Tag);
        while tag == Some(Tag::OBJECT_COUNT) && peek.varint_u32("object count").is_ok() {
            tag = peek.tag().map(Tag);
        }
        let good = match tag {
            Some(Tag::OBJECT_REFERENCE) => match peek.varint_u32("object id") {
                Ok(id) if memory => self.buffer_with(id).is_some_and(|buffer| buffer.shared),
                // The reader of the reference says so where there is no such object.
                Ok(id) => id >= self.next_id || self.memories.binary_search(&id).is_ok(),
                Err(_) => true,
            },
            Some(Tag::SHARED_ARRAY_BUFFER) => memory,
            Some(Tag::WASM_MEMORY_TRANSFER) => !memory,
            Some(_) => false,
            // The reader of the value says what is missing.
            None => true,
        };
        if !good {
            let reason = if memory {
                "memory without a shared array buffer"
            } else {
                "shared array buffer without its memory"
            };
            return Err(Error::new(peek.pos() - 1, ErrorKind::InvalidWasm { reason }));
        }
        self.any_value(sink)
    }

    /// A module with its bytes (SPEC.md 3.25.2), as V8 wrote it up to 7.x: `W y`, then twice
    /// a length and bytes.
    pub(super) fn wasm_module(&mut self) -> Result<Event<'a>, Error> {
        const RAW_BYTES: u8 = b'y';
        self.input.odd = true;
        let at = self.input.pos();
        if self.input.byte("encoding of wasm module")? != RAW_BYTES {
            let reason = "encoding of module is not `y`";
            return Err(Error::new(at, ErrorKind::InvalidWasm { reason }));
        }
        let length = self.input.varint_u32("length of wasm module")?;
        self.bounds().check(at, length.into())?;
        let wire_bytes = self.input.take(length.into(), "wasm module")?;
        let length = self.input.varint_u32("length of compiled wasm module")?;
        self.bounds().check(at, length.into())?;
        let compiled = self.input.take(length.into(), "compiled wasm module")?;
        self.take_id();
        Ok(Event::WasmModule { wire_bytes, compiled })
    }
}
