//! Host objects, and ids of what lives elsewhere, as the embedder's delegate writes them.

use alloc::format;
use alloc::vec::Vec;

use super::node::NodeKind;
use super::value::Value;
use super::walk::Walk;
use crate::host::{HostError, HostObject, HostStep, SerializerDelegate};
use crate::read::event::Event;
use crate::view::ViewKind;
use crate::write::{WriteError, WriteErrorKind};

/// A host object that a delegate is writing.
pub(super) struct HostState<'a> {
    /// Its node.
    pub(super) of: u32,
    object: HostObject<'a>,
    step: u32,
    token: u32,
}

fn data_clone(delegate: &dyn SerializerDelegate, what: &str) -> WriteError {
    let message = delegate.data_clone_error(format!("{what} could not be cloned."));
    WriteError::new(WriteErrorKind::DataClone { message })
}

fn unwritable(error: HostError) -> WriteError {
    WriteError::new(WriteErrorKind::HostObject { reason: format!("{error}") })
}

/// The event with the id that the delegate has for what lives elsewhere.
pub(super) fn named<'a>(
    delegate: &dyn SerializerDelegate,
    event: Event<'a>,
) -> Result<Event<'a>, WriteError> {
    let shared = |id| {
        let known = delegate.shared_array_buffer_id(id);
        known.ok_or_else(|| data_clone(delegate, "#<SharedArrayBuffer>"))
    };
    Ok(match event {
        Event::SharedArrayBuffer { id } => Event::SharedArrayBuffer { id: shared(id)? },
        Event::WasmSharedArrayBuffer { id, length } => {
            Event::WasmSharedArrayBuffer { id: shared(id)?, length }
        }
        Event::WasmSharedArrayBufferBegin { id } => {
            Event::WasmSharedArrayBufferBegin { id: shared(id)? }
        }
        Event::WasmModuleTransfer { id } => match delegate.wasm_module_transfer_id(id) {
            Some(id) => Event::WasmModuleTransfer { id },
            None => return Err(data_clone(delegate, "#<Module>")),
        },
        Event::SharedObject { id } => match delegate.shared_value_id(id) {
            Some(id) => Event::SharedObject { id },
            None => return Err(data_clone(delegate, "#<Object>")),
        },
        event => event,
    })
}

impl<'a> Walk<'_, '_, 'a> {
    /// Begins a host object.
    pub(super) fn delegated(&mut self, index: u32) -> Result<(), WriteError> {
        let (mut bytes, mut values) = (Vec::new(), 0);
        let end = self.doc.nodes.get(index).map_or(0, |node| node.a);
        let mut slot = self.doc.nodes.next(index);
        while slot < end {
            match self.doc.host_bytes_at(slot) {
                Some(run) => bytes.push(run),
                None => values += 1,
            }
            slot = self.doc.nodes.after(slot);
        }
        self.noted(index, &[], |w| w.event(Event::HostObjectBegin { legacy_tag: None }))?;
        let object = HostObject { view: None, bytes, values };
        self.hosts.push(HostState { of: index, object, step: 0, token: 0 });
        self.open.push(super::walk::Open::new(index, end));
        Ok(())
    }

    /// Asks the delegate once.
    pub(super) fn host_step(&mut self) -> Result<(), WriteError> {
        let (Some(delegate), Some(host), Some(open)) =
            (self.delegate, self.hosts.last_mut(), self.open.last_mut())
        else {
            return Ok(());
        };
        let answer = self.writer.host_payload(&mut host.token, host.step, |writer| {
            delegate.write_host_object(&host.object, writer)
        })?;
        if answer.map_err(unwritable)? != HostStep::Value {
            self.writer.end()?;
            self.hosts.pop();
            self.open.pop();
            return Ok(());
        }
        host.step = host.step.saturating_add(1);
        let is_bytes = |slot: u32| self.doc.nodes.kind(slot) == Some(NodeKind::HostBytes);
        while open.next < open.end && is_bytes(open.next) {
            open.next = self.doc.nodes.after(open.next);
        }
        if open.next >= open.end {
            return Err(unwritable(HostError::new("it holds no further value")));
        }
        let slot = open.next;
        open.next = self.doc.nodes.after(slot);
        self.value(Value::at_slot(self.doc, slot).index)
    }

    /// A view, which the delegate writes in one step.
    pub(super) fn delegated_view(
        &mut self,
        index: u32,
        kind: ViewKind,
        data: &'a [u8],
    ) -> Result<(), WriteError> {
        let Some(delegate) = self.delegate else { return Ok(()) };
        self.noted(index, &[], |w| w.event(Event::HostObjectBegin { legacy_tag: None }))?;
        let object = HostObject { view: Some((kind, data)), bytes: Vec::new(), values: 0 };
        let answer = self
            .writer
            .host_payload(&mut 0, 0, |writer| delegate.write_host_object(&object, writer))?;
        if answer.map_err(unwritable)? == HostStep::Value {
            return Err(unwritable(HostError::new("it holds no further value")));
        }
        self.writer.end()
    }
}
