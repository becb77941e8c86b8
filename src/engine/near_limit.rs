//! Heap snapshots when memory runs out.

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
    let enough = initial.saturating_add(SPARE).max(current.saturating_add(1));
    engine.guard((), || engine.snapshot_near_limit());
    enough
}

impl Inner {
    fn snapshot_near_limit(&self) {
        // The snapshot itself may come near the limit again.
        // SAFETY: the engine is alive and has the hook.
        unsafe { ffi::v8wire_remove_heap_limit_hook(self.raw()) };
        let (path, file) = match self.create_snapshot_file() {
            Ok(created) => created,
            Err(error) => return eprintln!("v8wire: no heap snapshot: {error}"),
        };
        match self.write_snapshot(&path, file, SnapshotOptions::new()) {
            Ok(()) => eprintln!("Wrote snapshot to {}", path.display()),
            Err(error) => return eprintln!("v8wire: no heap snapshot: {error}"),
        }
        let left = self.near_limit_snapshots.get() - 1;
        self.near_limit_snapshots.set(left);
        if left > 0 {
            self.watch_limit();
        }
        // SAFETY: the engine is alive.
        unsafe { ffi::v8wire_restore_heap_limit(self.raw()) };
    }

    fn watch_limit(&self) {
        // SAFETY: the engine is alive, and `Inner` as long as it is.
        unsafe { ffi::v8wire_set_heap_limit_hook(self.raw(), near_limit, self.as_data()) }
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
        if !self.inner.near_limit_set.replace(true) {
            self.inner.near_limit_snapshots.set(limit);
            self.inner.watch_limit();
        }
        Ok(())
    }
}
