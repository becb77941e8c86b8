//! Node's host objects: views and Buffers (SPEC.md 8.2 to 8.4, 8.7).

use alloc::format;

use super::{Delegate, HostError, HostReader, HostStep};
use crate::view::ViewKind;
use crate::wire::Release;

/// Host objects of Node's `DefaultSerializer`: a kind, a byte length and the bytes of a view.
///
/// Mirrors `DefaultDeserializer#_readHostObject` in Node's `lib/v8.js`.
#[derive(Clone, Copy, Debug)]
pub struct NodeHost {
    kinds: u32,
}

impl NodeHost {
    /// Reads what the Node of this V8 release reads: kinds 0 to 10 up to Node 14, to 12 from Node 16
    /// on, to 13 from Node 24 on.
    pub const fn new(release: Release) -> Self {
        let kinds = match (release.major(), release.minor()) {
            (0..=8, _) => 11,
            (9..=12, _) => 13,
            _ => 14,
        };
        NodeHost { kinds }
    }

    /// How many kinds of views it knows.
    pub(crate) const fn kinds(self) -> u32 {
        self.kinds
    }

    fn view(self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        let index = host.read_uint32()?;
        let length = host.read_uint32()? as usize;
        if index >= self.kinds && !host.is_lenient() {
            return Err(HostError::new(format!("Node has no view of kind {index}")));
        }
        host.read_raw_bytes(length)?;
        Ok(match ViewKind::ALL.get(index as usize) {
            Some(&kind) => HostStep::View { kind, length },
            None => HostStep::Done,
        })
    }
}

impl Delegate for NodeHost {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        self.view(host)
    }
}

/// Host objects of Node's child processes with `serialization: 'advanced'`: 0 and a view as in
/// [`NodeHost`], or 1 and a plain object.
///
/// Mirrors `ChildProcessDeserializer` in Node's `lib/internal/child_process/serialization.js`.
#[derive(Clone, Copy, Debug)]
pub struct NodeIpcHost(NodeHost);

impl NodeIpcHost {
    /// As [`NodeHost::new`].
    pub const fn new(release: Release) -> Self {
        NodeIpcHost(NodeHost::new(release))
    }
}

impl Delegate for NodeIpcHost {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        if host.step() > 0 {
            return Ok(HostStep::Done);
        }
        match host.read_uint32()? {
            0 => self.0.view(host),
            1 => Ok(HostStep::Value),
            kind => Err(HostError::new(format!("unknown kind {kind} of host object in a message"))),
        }
    }
}
