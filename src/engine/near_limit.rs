//! Heap snapshots when memory runs out.

use std::cell::Cell;
use std::ffi::c_void;

use super::error::{EngineError, EngineErrorKind};
use super::ffi;
use super::isolate::{Engine, Inner};
use super::snapshot::SnapshotOptions;

/// What V8 may need to take the snapshot and go on: its default for young objects, as in Node.
const SPARE: usize = 48 << 20;

unsafe extern "C" fn near_limit(data: *mut c_void, current: usize, initial: usize) -> usize {
    // SAFETY: `data` is the engine whose heap it is.
    let engine = unsafe { &*data.cast::<Inner>() };
    let state = &engine.near_limit;
    if state.busy.replace(true) {
        // Taking a snapshot has itself come near the limit.
        return current.saturating_add(SPARE);
    }
    engine.guard((), || engine.snapshot_near_limit());
    state.busy.set(false);
    initial.saturating_add(SPARE).max(current.saturating_add(1))
}

/// What is left to do near the heap's limit.
#[derive(Default)]
pub(super) struct NearLimit {
    /// Whether snapshots were ever asked for.
    asked: Cell<bool>,
    /// How many may still be written.
    left: Cell<u32>,
    /// Whether a heap snapshot is being taken, for this or any reason.
    pub(super) busy: Cell<bool>,
}

impl Inner {
    fn snapshot_near_limit(&self) {
        let left = self.near_limit.left.get().saturating_sub(1);
        self.near_limit.left.set(left);
        let written = self.create_snapshot_file().and_then(|(path, file)| {
            self.write_snapshot(&path, file, SnapshotOptions::new())?;
            Ok(path)
        });
        match written {
            Ok(path) => eprintln!("Wrote snapshot to {}", path.display()),
            Err(error) => eprintln!("v8wire: no heap snapshot: {error}"),
        }
        // SAFETY: the engine is alive and has the hook.
        unsafe {
            if left == 0 {
                ffi::v8wire_remove_heap_limit_hook(self.raw());
            }
            ffi::v8wire_restore_heap_limit(self.raw());
        }
    }
}

impl Engine {
    /// Has a heap snapshot written each time the heap comes near its limit, at most `limit` times. The
    /// files are named as by [`Engine::write_heap_snapshot`], and each is told on standard error.
    /// Where memory runs out in the end, V8 ends the process all the same. Node's
    /// `v8.setHeapSnapshotNearHeapLimit()`; as there, all calls but the first do nothing.
    ///
    /// # Errors
    /// A limit of 0.
    pub fn set_heap_snapshot_near_heap_limit(&mut self, limit: u32) -> Result<(), EngineError> {
        if limit == 0 {
            return Err(EngineError::new(EngineErrorKind::Misuse, "a limit of 0 heap snapshots"));
        }
        if !self.inner.near_limit.asked.replace(true) {
            self.inner.near_limit.left.set(limit);
            // SAFETY: the engine is alive, and `Inner` as long as it is.
            unsafe {
                let (engine, data) = (self.inner.raw(), self.inner.as_data());
                ffi::v8wire_set_heap_limit_hook(engine, near_limit, data);
            }
        }
        Ok(())
    }
}
