//! Tagged values that carry bytes: buffers, views, host objects, WebAssembly (SPEC.md 10.10, 10.12).

use alloc::vec::Vec;

use super::encoder::{Encoder, Task, View, refused};
use super::error::Step;
use super::text::Kind;
use crate::read::event::Event;
use crate::view::ViewKind;
use crate::wire::output::Output;
use crate::wire::{ByteOrder, Tag};

impl Encoder<'_, '_> {
    /// SPEC.md 10.10
    pub(super) fn buffer(&mut self, index: u32, tag: &str, held: u32) -> Step<bool> {
        let tape = self.tape;
        match tag {
            "$arraybuffer" => self.array_buffer(index, held)?,
            "$transfer" => {
                self.object(index, Event::TransferredArrayBuffer { id: tape.u32(held)? })?;
            }
            "$shared" if tape.kind(held) == Kind::Number => {
                self.object(index, Event::SharedArrayBuffer { id: tape.u32(held)? })?;
            }
            "$shared" => {
                let [id, length, memory] = tape.fields(held, ["id", "wasm-length", "memory"])?;
                let id = tape.u32(tape.must(held, id, "id")?)?;
                self.head.wasm_shared_buffers |= length.is_some() || memory.is_some();
                match (length, memory) {
                    (None, None) => self.object(index, Event::SharedArrayBuffer { id })?,
                    (Some(length), None) => {
                        let length = match tape.kind(length) {
                            Kind::Null => None,
                            _ => Some(tape.uint(length, u64::MAX)?),
                        };
                        self.object(index, Event::WasmSharedArrayBuffer { id, length })?;
                    }
                    (None, Some(memory)) => {
                        self.object(index, Event::WasmSharedArrayBufferBegin { id })?;
                        self.tasks.push(Task::End(index));
                        self.held(memory)?;
                    }
                    (Some(_), Some(_)) => {
                        return tape.fault(held, "expected either `wasm-length` or `memory`");
                    }
                }
            }
            "$view" => {
                let names = ["type", "offset", "length", "flags", "buffer"];
                let [kind, offset, length, flags, buffer] = tape.fields(held, names)?;
                let byte_offset = tape.uint(tape.must(held, offset, "offset")?, u64::MAX)?;
                let byte_length = tape.uint(tape.must(held, length, "length")?, u64::MAX)?;
                let kind = self.view_kind(tape.must(held, kind, "type")?)?;
                let buffer = tape.must(held, buffer, "buffer")?;
                let mut flags = flags.map(|flags| tape.u32(flags)).transpose()?;
                if self.version().view_flags() {
                    flags = flags.or(Some(0));
                }
                // It belongs to the view, which comes behind.
                let label = self.label.take();
                let view = View { at: index, kind, byte_offset, byte_length, flags, label };
                self.tasks.push(Task::View(view));
                self.tasks.push(Task::Value(buffer));
            }
            "$host-view" => self.host_view(index, held)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn array_buffer(&mut self, index: u32, held: u32) -> Step {
        let tape = self.tape;
        let mut bytes = core::mem::take(&mut self.scratch);
        if tape.kind(held) != Kind::Object {
            tape.base64(held, &mut bytes)?;
            self.object(index, Event::ArrayBuffer(&bytes))?;
        } else {
            let [data, max, immutable] = tape.fields(held, ["bytes", "max", "immutable"])?;
            tape.base64(tape.must(held, data, "bytes")?, &mut bytes)?;
            let data = &bytes;
            self.object(
                index,
                match (max, immutable) {
                    (Some(max), None) => {
                        let max_byte_length = tape.uint(max, u64::MAX)?;
                        Event::ResizableArrayBuffer { data, max_byte_length }
                    }
                    (None, Some(immutable)) => {
                        tape.is_true(immutable)?;
                        Event::ImmutableArrayBuffer(data)
                    }
                    (None, None) => Event::ArrayBuffer(data),
                    (Some(_), Some(_)) => {
                        return tape.fault(held, "expected either `max` or `immutable`");
                    }
                },
            )?;
        }
        self.scratch = bytes;
        Ok(())
    }

    fn view_kind(&self, name: u32) -> Step<ViewKind> {
        let text = self.tape.text(name)?;
        let kind = ViewKind::ALL.into_iter().find(|kind| text.is(kind.name()));
        kind.map_or_else(|| self.tape.fault(name, "no class of views has this name"), Ok)
    }

    /// A view whose buffer has been written.
    pub(super) fn view_behind(&mut self, view: View) -> Step {
        let View { at, kind, byte_offset, byte_length, flags, label } = view;
        self.label = label;
        self.object(at, Event::View { kind, byte_offset, byte_length, flags })
    }

    /// A view as a host object: Node's kind and length in front of its bytes, or what another embedder
    /// has there.
    fn host_view(&mut self, index: u32, held: u32) -> Step {
        let tape = self.tape;
        let mut parts = if tape.kind(held) == Kind::List {
            tape.children(held)
        } else {
            return tape.fault(held, "expected a list of a class and bytes");
        };
        let (Some(name), Some(bytes)) = (parts.next(), parts.next()) else {
            return tape.fault(held, "expected a list of a class and bytes");
        };
        let (lead, how, none) = (parts.next(), parts.next(), parts.next());
        if let Some(more) = none {
            return tape.fault(more, "expected the end of the list");
        }
        let kind = self.view_kind(name)?;
        let mut payload = Vec::new();
        if let Some(lead) = lead {
            tape.base64(lead, &mut payload)?;
        }
        tape.base64(bytes, &mut self.scratch)?;
        let data = core::mem::take(&mut self.scratch);
        let tagged = match how {
            None => {
                let mut usual = Output::new(ByteOrder::Little);
                usual.varint_u32(kind as u32);
                usual.varint(data.len() as u64);
                payload.extend_from_slice(usual.bytes());
                true
            }
            Some(how) => match tape.text(how)? {
                text if text.is("tagged") => true,
                text if text.is("untagged") => false,
                _ => return tape.fault(how, "expected `tagged` or `untagged`"),
            },
        };
        payload.extend_from_slice(&data);
        if tagged {
            self.object(index, Event::HostView { kind, data: &data, payload: &payload })?;
        } else {
            self.untagged_host(index)?;
            self.put(index, Event::HostBytes(&payload))?;
            self.end(index)?;
        }
        self.scratch = data;
        Ok(())
    }

    /// SPEC.md 10.12
    pub(super) fn host_or_wasm(&mut self, index: u32, tag: &str, held: u32) -> Step<bool> {
        let tape = self.tape;
        match tag {
            "$host" | "$untagged-host" => {
                if tape.kind(held) != Kind::List {
                    return tape.fault(held, "expected a list");
                }
                if tag == "$host" {
                    self.object(index, Event::HostObjectBegin { legacy_tag: None })?;
                } else {
                    self.untagged_host(index)?;
                }
                self.tasks.push(Task::End(index));
                self.tasks.push(Task::Payload { next: held + 1, end: tape.next(held) });
            }
            "$wasm-module" if tape.kind(held) == Kind::Number => {
                self.object(index, Event::WasmModuleTransfer { id: tape.u32(held)? })?;
            }
            "$wasm-module" => {
                let [module, code] = tape.fields(held, ["bytes", "compiled"])?;
                let (mut wire_bytes, mut compiled) = (Vec::new(), Vec::new());
                tape.base64(tape.must(held, module, "bytes")?, &mut wire_bytes)?;
                tape.base64(tape.must(held, code, "compiled")?, &mut compiled)?;
                let (wire_bytes, compiled) = (&wire_bytes[..], &compiled[..]);
                self.object(index, Event::WasmModule { wire_bytes, compiled })?;
            }
            "$wasm-memory" => {
                let names = ["maximum", "memory64", "buffer"];
                let [maximum, memory64, buffer] = tape.fields(held, names)?;
                let maximum = tape.must(held, maximum, "maximum")?;
                let maximum_pages = match tape.kind(maximum) {
                    Kind::Null => -1,
                    _ => self.pages(maximum)?,
                };
                let memory64 = memory64.map(|wide| tape.bool(wide)).transpose()?;
                let buffer = tape.must(held, buffer, "buffer")?;
                self.object(index, Event::WasmMemoryBegin { maximum_pages, memory64 })?;
                self.tasks.push(Task::End(index));
                self.held(buffer)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// What a memory holds, or the shared buffer of one: nothing yet where V8 left it so (SPEC.md 4.10).
    fn held(&mut self, index: u32) -> Step {
        let tape = self.tape;
        match self.tagged(index)? {
            Some((tag, held)) if self.unread && tag == "$undefined" => {
                tape.is_true(held)?;
                self.writer.nothing_held().map_err(|error| refused(tape, index, &error))
            }
            _ => {
                self.tasks.push(Task::Value(index));
                Ok(())
            }
        }
    }

    /// The maximum of a memory, which hand-made data has below zero.
    fn pages(&self, index: u32) -> Step<i32> {
        let tape = self.tape;
        let pages = match tape.kind(index) {
            Kind::Number => tape.to_f64(index),
            _ => f64::NAN,
        };
        match pages as i32 {
            whole if f64::from(whole) == pages => Ok(whole),
            _ => tape.fault(index, "expected a whole number of 32 bits, or null"),
        }
    }

    fn untagged_host(&mut self, index: u32) -> Step {
        if !self.version().unknown_tag_is_host() {
            let reason = "host objects have a tag from version 13 on";
            return self.tape.fault(index, reason);
        }
        self.object(index, Event::HostObjectBegin { legacy_tag: Some(Tag::HOST_OBJECT) })
    }
}
