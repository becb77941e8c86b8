//! Buffers, views over them, and what WebAssembly has of both.

use super::error::{WriteError, WriteErrorKind};
use super::frame::{Class, FrameKind, bounded, misuse};
use super::writer::{Done, Form, Writer};
use crate::read::event::Event;
use crate::view::ViewKind;
use crate::wire::Tag;
use crate::wire::engine::MAX_BYTE_LENGTH;

/// What views need to know of their buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buffer {
    /// `None` where nobody knows.
    length: Option<u64>,
    /// `None` where nobody knows.
    resizable: Option<bool>,
    shared: bool,
}

#[cold]
fn invalid_view<T>(reason: &'static str) -> Done<T> {
    Err(WriteError::new(WriteErrorKind::InvalidView { reason }))
}

impl Writer {
    /// The rest of the grammar.
    pub(super) fn buffers(&mut self, event: Event<'_>) -> Done {
        let buffer = |length, resizable| Buffer {
            length: Some(length),
            resizable: Some(resizable),
            shared: false,
        };
        let elsewhere = |shared| Buffer { length: None, resizable: None, shared };
        match event {
            Event::ArrayBuffer(data) => {
                let length = data.len() as u64;
                self.buffer(Tag::ARRAY_BUFFER, Class::Other, buffer(length, false))?;
                self.length("array buffer", length)?;
                self.out.data(data);
            }
            Event::ImmutableArrayBuffer(data) => {
                let length = data.len() as u64;
                self.buffer(Tag::IMMUTABLE_ARRAY_BUFFER, Class::Other, buffer(length, false))?;
                self.length("array buffer", length)?;
                self.out.data(data);
            }
            Event::ResizableArrayBuffer { data, max_byte_length } => {
                let length = data.len() as u64;
                self.buffer(Tag::RESIZABLE_ARRAY_BUFFER, Class::Other, buffer(length, true))?;
                bounded("length of resizable array buffer", length, max_byte_length)?;
                self.length("array buffer", length)?;
                self.length("maximum of array buffer", max_byte_length)?;
                self.out.data(data);
            }
            Event::TransferredArrayBuffer { id } => {
                // What is given under the id may as well be a shared buffer.
                self.buffer(Tag::ARRAY_BUFFER_TRANSFER, Class::Other, elsewhere(false))?;
                self.out.varint_u32(id);
            }
            Event::SharedArrayBuffer { id } => {
                self.buffer(Tag::SHARED_ARRAY_BUFFER, Class::SharedBuffer, elsewhere(true))?;
                self.out.varint_u32(id);
            }
            Event::WasmSharedArrayBuffer { id, length } => {
                let shared = Buffer { length, ..elsewhere(true) };
                self.buffer(Tag::SHARED_ARRAY_BUFFER, Class::SharedBuffer, shared)?;
                self.out.varint_u32(id);
                self.out.byte(b'f');
                if let Some(length) = length {
                    self.out.varint(length);
                }
            }
            Event::WasmSharedArrayBufferBegin { id } => {
                let object = self.next_id;
                let kind = FrameKind::WasmShared;
                self.begin(kind, Tag::SHARED_ARRAY_BUFFER, Class::SharedBuffer)?;
                self.buffers.push((object, elsewhere(true)));
                self.open_buffers.push(object);
                self.out.varint_u32(id);
                self.out.byte(b'r');
            }
            Event::WasmSharedArrayBufferEnd => {
                self.close(FrameKind::WasmShared)?;
                if let Some(object) = self.open_buffers.pop() {
                    self.may_view(self.buffer_of(object));
                }
            }
            Event::View { kind, byte_offset, byte_length, flags } => {
                self.view(kind, byte_offset, byte_length, flags)?;
            }
            Event::WasmModuleTransfer { id } => {
                self.object(Tag::WASM_MODULE_TRANSFER)?;
                self.out.varint_u32(id);
            }
            Event::WasmModule { wire_bytes, compiled } => {
                self.object(Tag::WASM_MODULE)?;
                self.out.byte(b'y');
                for bytes in [wire_bytes, compiled] {
                    bounded("wasm module", bytes.len() as u64, u32::MAX.into())?;
                    self.out.varint(bytes.len() as u64);
                    self.out.raw(bytes);
                }
            }
            Event::WasmMemoryBegin { maximum_pages, memory64 } => {
                let kind = FrameKind::WasmMemory;
                let object = self.next_id;
                self.begin(kind, Tag::WASM_MEMORY_TRANSFER, Class::WasmMemory)?;
                self.memories.push(object);
                self.out.zigzag(maximum_pages);
                let said = match self.form {
                    Form::AsGiven => memory64,
                    Form::AsV8 => self.options.memory64_byte.then_some(memory64 == Some(true)),
                };
                match said {
                    Some(memory64) => self.out.byte(memory64.into()),
                    None if memory64 == Some(true) => {
                        return misuse("a memory of 64 bits without the byte that says so");
                    }
                    None => {}
                }
            }
            Event::WasmMemoryEnd => drop(self.close(FrameKind::WasmMemory)?),
            _ => return misuse("an event that this writer does not know"),
        }
        Ok(())
    }

    // Buffers and views.

    pub(super) fn buffer_of(&self, id: u32) -> Option<Buffer> {
        let index = self.buffers.binary_search_by_key(&id, |entry| entry.0).ok()?;
        self.buffers.get(index).map(|entry| entry.1)
    }

    pub(super) fn is_shared_buffer(&self, id: u32) -> bool {
        self.buffer_of(id).is_some_and(|buffer| buffer.shared)
    }

    /// A length or an offset of a buffer: 32 bits wide below version 16, where V8 writes it (SPEC.md 6.13).
    pub(super) fn length(&mut self, what: &'static str, length: u64) -> Done {
        let narrow = self.version < 16 && self.form == Form::AsV8;
        let max = if narrow { u32::MAX.into() } else { MAX_BYTE_LENGTH };
        bounded(what, length, max)?;
        self.out.varint(length);
        Ok(())
    }

    pub(super) fn buffer(&mut self, tag: Tag, class: Class, buffer: Buffer) -> Done {
        self.slot(class)?;
        let id = self.take_id()?;
        self.out.tag(tag);
        self.buffers.push((id, buffer));
        self.may_view(Some(buffer));
        Ok(())
    }

    /// A view may follow, unless the buffer is that of a memory.
    pub(super) fn may_view(&mut self, buffer: Option<Buffer>) {
        let of_memory = self.frames.last().is_some_and(|frame| frame.kind == FrameKind::WasmMemory);
        self.view_of = buffer.filter(|_| !of_memory);
    }

    pub(super) fn view(
        &mut self,
        kind: ViewKind,
        offset: u64,
        length: u64,
        flags: Option<u32>,
    ) -> Done {
        let Some(buffer) = self.view_of.take() else {
            return misuse("a view that does not follow its buffer");
        };
        let all = buffer.length.unwrap_or(MAX_BYTE_LENGTH);
        if offset > all || length > all - offset {
            return invalid_view("ends behind the end of its buffer");
        }
        let size = kind.element_size() as u64;
        if !offset.is_multiple_of(size) || !length.is_multiple_of(size) {
            return invalid_view("is no whole number of elements");
        }
        let as_v8 = self.form == Form::AsV8;
        let (given, given_flags) = (flags.unwrap_or(0), flags.is_some());
        let tracking = given & 1 != 0;
        if tracking && buffer.resizable == Some(false) {
            return invalid_view("tracks the length of a buffer that is not resizable");
        }
        // Bit 1 says that the buffer is resizable, and is clear over shared ones (SPEC.md 3.23.6).
        let resizable = match buffer.resizable {
            _ if buffer.shared => false,
            Some(resizable) => resizable,
            None => given & 2 != 0,
        };
        let needed = u32::from(tracking) | u32::from(resizable) << 1;
        let (flags, length) = match flags {
            _ if as_v8 => (needed, if tracking { 0 } else { length }),
            Some(flags) => (flags, length),
            None => (needed, length),
        };
        let has_flags = self.version >= 14 || (!as_v8 && given_flags);
        if !has_flags && needed != 0 {
            self.needs("a view of a resizable array buffer", 14)?;
        }
        self.take_id()?;
        self.out.tag(Tag::ARRAY_BUFFER_VIEW);
        self.out.byte(kind.tag().0);
        self.length("offset of view", offset)?;
        self.length("length of view", length)?;
        if has_flags {
            self.out.varint_u32(flags);
        }
        Ok(())
    }
}
