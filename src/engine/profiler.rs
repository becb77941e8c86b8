//! V8's heap profiler: snapshots, object ids, tracking.

use std::cell::RefCell;
use std::ffi::c_void;

use serde::{Deserialize, Serialize};

use super::error::{EngineError, EngineErrorKind};
use super::ffi;
use super::handle::Handle;
use super::isolate::Engine;
use super::snapshot::{HeapSnapshot, SnapshotOptions};

/// The id of what the profiler has not seen.
pub const UNKNOWN_OBJECT_ID: u32 = 0;

/// V8's `HeapProfiler` of one engine.
///
/// `SetWrapperClassInfoProvider` and `SetGetRetainerInfosCallback` are no more: V8 withdrew them in
/// version 7 for [`HeapProfiler::on_build_embedder_graph`].
#[derive(Debug)]
pub struct HeapProfiler<'e> {
    pub(super) engine: &'e mut Engine,
}

/// One interval of tracking: how many objects made in it are alive, and their size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeapStatsUpdate {
    /// The number of the interval, from 0; each call of [`HeapProfiler::heap_stats`] ends one.
    pub index: u32,
    /// Objects.
    pub count: u32,
    /// Bytes.
    pub size: u32,
}

/// What [`HeapProfiler::heap_stats`] has to tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeapStats {
    /// The intervals that have changed since the last call.
    pub updates: Vec<HeapStatsUpdate>,
    /// The greatest object id so far.
    pub last_seen_object_id: u32,
    /// When the interval ended, in microseconds from when tracking started.
    pub timestamp_us: i64,
}

impl Engine {
    /// The heap profiler.
    pub fn heap_profiler(&mut self) -> HeapProfiler<'_> {
        HeapProfiler { engine: self }
    }
}

impl HeapProfiler<'_> {
    /// How many snapshots V8 has. `GetSnapshotCount`.
    pub fn snapshot_count(&self) -> usize {
        // SAFETY: the engine is alive.
        let count = unsafe { ffi::v8wire_snapshot_count(self.engine.inner.raw()) };
        usize::try_from(count).unwrap_or(0)
    }

    /// A snapshot by its number, in the order in which they were taken. `GetHeapSnapshot`.
    pub fn heap_snapshot(&mut self, index: usize) -> Option<HeapSnapshot<'_>> {
        let index = i32::try_from(index).ok().filter(|_| index < self.snapshot_count())?;
        // SAFETY: the engine is alive and has so many snapshots.
        let raw = unsafe { ffi::v8wire_snapshot(self.engine.inner.raw(), index) };
        HeapSnapshot::new(&self.engine.inner, raw)
    }

    /// Takes a snapshot, which V8 keeps until it is deleted. `TakeHeapSnapshot`.
    ///
    /// # Errors
    /// A callback has cancelled it.
    pub fn take_heap_snapshot(
        &mut self,
        options: SnapshotOptions<'_>,
    ) -> Result<HeapSnapshot<'_>, EngineError> {
        let taken = self.engine.inner.take_guarded(options);
        self.engine.inner.resume();
        taken
    }

    /// Deletes all snapshots. `DeleteAllHeapSnapshots`.
    pub fn delete_all_heap_snapshots(&mut self) {
        // SAFETY: the engine is alive, and who has a snapshot borrows it.
        unsafe { ffi::v8wire_delete_all_snapshots(self.engine.inner.raw()) }
    }

    /// The id of an object that the profiler has seen, in a snapshot or by tracking; else
    /// [`UNKNOWN_OBJECT_ID`]. `GetObjectId`.
    ///
    /// # Errors
    /// A handle of another engine.
    pub fn object_id(&mut self, value: &Handle) -> Result<u32, EngineError> {
        let value = self.engine.own(value)?;
        // SAFETY: the handle is of this engine.
        Ok(unsafe { ffi::v8wire_object_id(self.engine.inner.raw(), value) })
    }

    /// The object of this id, if it is alive. `FindObjectById`.
    pub fn find_object_by_id(&mut self, id: u32) -> Option<Handle> {
        // SAFETY: the engine is alive.
        let found = unsafe { ffi::v8wire_find_object(self.engine.inner.raw(), id) };
        Handle::new(&self.engine.inner, found)
    }

    /// Forgets all ids. `ClearObjectIds`.
    pub fn clear_object_ids(&mut self) {
        // SAFETY: the engine is alive.
        unsafe { ffi::v8wire_clear_object_ids(self.engine.inner.raw()) }
    }

    /// Starts to note each object that is made. With `track_allocations` also where; a snapshot then
    /// has the traces. `StartTrackingHeapObjects`.
    pub fn start_tracking_heap_objects(&mut self, track_allocations: bool) {
        self.engine.inner.tracking.set(true);
        // SAFETY: the engine is alive.
        unsafe { ffi::v8wire_start_tracking(self.engine.inner.raw(), track_allocations) }
    }

    /// Ends an interval of tracking and tells what is alive of each that has changed. `GetHeapStats`.
    ///
    /// # Errors
    /// Nothing is tracked.
    pub fn heap_stats(&mut self) -> Result<HeapStats, EngineError> {
        unsafe extern "C" fn update(data: *mut c_void, index: u32, count: u32, size: u32) -> bool {
            // SAFETY: `data` is the list below.
            let list = unsafe { &*data.cast::<RefCell<Vec<HeapStatsUpdate>>>() };
            list.borrow_mut().push(HeapStatsUpdate { index, count, size });
            true
        }

        if !self.engine.inner.tracking.get() {
            return Err(EngineError::new(EngineErrorKind::Misuse, "heap objects are not tracked"));
        }
        let list = RefCell::new(Vec::new());
        let mut timestamp_us = 0;
        // SAFETY: the engine is alive and tracks objects, and the list outlives the call.
        let last_seen_object_id = unsafe {
            let data = (&raw const list).cast_mut().cast();
            ffi::v8wire_heap_stats(self.engine.inner.raw(), update, data, &mut timestamp_us)
        };
        Ok(HeapStats { updates: list.into_inner(), last_seen_object_id, timestamp_us })
    }

    /// Stops tracking and forgets what was noted. `StopTrackingHeapObjects`.
    pub fn stop_tracking_heap_objects(&mut self) {
        if self.engine.inner.tracking.replace(false) {
            // SAFETY: the engine is alive and tracks objects.
            unsafe { ffi::v8wire_stop_tracking(self.engine.inner.raw()) }
        }
    }
}
