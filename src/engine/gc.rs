//! The profiler of garbage collections.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::rc::{Rc, Weak};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::ffi;
use super::heap::{HeapSpaceStatistics, HeapStatistics};
use super::isolate::{Engine, Inner};
use super::process;

/// Notes each garbage collection of an engine: Node's `v8.GCProfiler`.
///
/// ```
/// use v8wire::engine::{Engine, GcProfiler};
/// let mut engine = Engine::new();
/// let mut profiler = GcProfiler::new(&engine);
/// profiler.start();
/// engine.collect_garbage();
/// let report = profiler.stop().unwrap();
/// assert!(report.statistics.iter().any(|gc| gc.gc_type == "MarkSweepCompact"));
/// # Ok::<(), v8wire::engine::EngineError>(())
/// ```
#[derive(Debug)]
pub struct GcProfiler {
    engine: Weak<Inner>,
    record: Option<Rc<RefCell<Record>>>,
}

/// A run of the profiler so far.
#[derive(Debug)]
pub(super) struct Record {
    start_time: u64,
    statistics: Vec<GcStatistics>,
    /// The collection under way: they can nest, and the outer one counts.
    open: Option<(i32, Instant, GcHeap)>,
}

#[derive(Default)]
pub(super) struct GcRecords {
    list: RefCell<Vec<Rc<RefCell<Record>>>>,
    watched: Cell<bool>,
}

/// What a run of the profiler saw: the object that Node's `profiler.stop()` returns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GcReport {
    /// The version of this form: 1.
    pub version: u32,
    /// When it started, in milliseconds since 1970.
    pub start_time: u64,
    /// The collections.
    pub statistics: Vec<GcStatistics>,
    /// When it stopped, in milliseconds since 1970.
    pub end_time: u64,
}

/// One collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GcStatistics {
    /// `Scavenge`, `MarkSweepCompact`, `IncrementalMarking`, `ProcessWeakCallbacks` or, with flags
    /// and in later V8s, others.
    #[serde(rename = "gcType")]
    pub gc_type: String,
    /// The heap before.
    #[serde(rename = "beforeGC")]
    pub before_gc: GcHeap,
    /// How long it took, in microseconds.
    pub cost: f64,
    /// The heap behind.
    #[serde(rename = "afterGC")]
    pub after_gc: GcHeap,
}

/// The heap before or behind a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GcHeap {
    /// As a whole.
    pub heap_statistics: GcHeapStatistics,
    /// Space by space.
    pub heap_space_statistics: Vec<GcHeapSpaceStatistics>,
}

/// [`HeapStatistics`] as Node's reports have them; all in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GcHeapStatistics {
    /// [`HeapStatistics::total_heap_size`]
    pub total_heap_size: u64,
    /// [`HeapStatistics::total_heap_size_executable`]
    pub total_heap_size_executable: u64,
    /// [`HeapStatistics::total_physical_size`]
    pub total_physical_size: u64,
    /// [`HeapStatistics::total_available_size`]
    pub total_available_size: u64,
    /// [`HeapStatistics::total_global_handles_size`]
    pub total_global_handles_size: u64,
    /// [`HeapStatistics::used_global_handles_size`]
    pub used_global_handles_size: u64,
    /// [`HeapStatistics::used_heap_size`]
    pub used_heap_size: u64,
    /// [`HeapStatistics::heap_size_limit`]
    pub heap_size_limit: u64,
    /// [`HeapStatistics::malloced_memory`]
    pub malloced_memory: u64,
    /// [`HeapStatistics::external_memory`]
    pub external_memory: u64,
    /// [`HeapStatistics::peak_malloced_memory`]
    pub peak_malloced_memory: u64,
}

/// [`HeapSpaceStatistics`] as Node's reports have them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GcHeapSpaceStatistics {
    /// [`HeapSpaceStatistics::space_name`]
    pub space_name: String,
    /// [`HeapSpaceStatistics::space_size`]
    pub space_size: u64,
    /// [`HeapSpaceStatistics::space_used_size`]
    pub space_used_size: u64,
    /// [`HeapSpaceStatistics::space_available_size`]
    pub space_available_size: u64,
    /// [`HeapSpaceStatistics::physical_space_size`]
    pub physical_space_size: u64,
}

impl From<HeapStatistics> for GcHeapStatistics {
    fn from(heap: HeapStatistics) -> Self {
        GcHeapStatistics {
            total_heap_size: heap.total_heap_size,
            total_heap_size_executable: heap.total_heap_size_executable,
            total_physical_size: heap.total_physical_size,
            total_available_size: heap.total_available_size,
            total_global_handles_size: heap.total_global_handles_size,
            used_global_handles_size: heap.used_global_handles_size,
            used_heap_size: heap.used_heap_size,
            heap_size_limit: heap.heap_size_limit,
            malloced_memory: heap.malloced_memory,
            external_memory: heap.external_memory,
            peak_malloced_memory: heap.peak_malloced_memory,
        }
    }
}

impl From<HeapSpaceStatistics> for GcHeapSpaceStatistics {
    fn from(space: HeapSpaceStatistics) -> Self {
        GcHeapSpaceStatistics {
            space_name: space.space_name,
            space_size: space.space_size,
            space_used_size: space.space_used_size,
            space_available_size: space.space_available_size,
            physical_space_size: space.physical_space_size,
        }
    }
}

impl GcHeap {
    fn now(engine: &Inner) -> Self {
        GcHeap {
            heap_statistics: engine.heap_statistics().into(),
            heap_space_statistics: engine
                .heap_space_statistics()
                .into_iter()
                .map(GcHeapSpaceStatistics::from)
                .collect(),
        }
    }
}

fn type_name(kind: i32) -> &'static str {
    // `v8::GCType`, with the names of Node's `GetGCTypeName`.
    match kind {
        1 => "Scavenge",
        2 if process::v8_major_version() >= 12 => "MinorMarkSweep",
        2 => "MinorMarkCompact",
        4 => "MarkSweepCompact",
        8 => "IncrementalMarking",
        16 => "ProcessWeakCallbacks",
        _ => "Unknown",
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

unsafe extern "C" fn on_gc(data: *mut c_void, kind: i32, begins: bool) {
    // SAFETY: `data` is the engine whose garbage is collected.
    let engine = unsafe { &*data.cast::<Inner>() };
    engine.guard((), || {
        for record in engine.collections.list.borrow().iter() {
            let mut record = record.borrow_mut();
            match record.open.take() {
                None if begins => record.open = Some((kind, Instant::now(), GcHeap::now(engine))),
                Some((open, start, before_gc)) if open == kind && !begins => {
                    let cost = start.elapsed().as_nanos() as f64 / 1e3;
                    let after_gc = GcHeap::now(engine);
                    let gc_type = type_name(kind).to_owned();
                    record.statistics.push(GcStatistics { gc_type, before_gc, cost, after_gc });
                }
                other => record.open = other,
            }
        }
    });
}

impl GcProfiler {
    /// A profiler of this engine, not started yet.
    pub fn new(engine: &Engine) -> Self {
        GcProfiler { engine: Rc::downgrade(&engine.inner), record: None }
    }

    /// Starts; nothing happens where it has been started.
    pub fn start(&mut self) {
        let Some(engine) = self.engine.upgrade().filter(|_| self.record.is_none()) else { return };
        let record = Record { start_time: now(), statistics: Vec::new(), open: None };
        let record = Rc::new(RefCell::new(record));
        engine.collections.list.borrow_mut().push(record.clone());
        self.record = Some(record);
        engine.watch_collections();
    }

    /// Stops and gives the report; `None` where it has not been started.
    pub fn stop(&mut self) -> Option<GcReport> {
        let record = self.record.take()?;
        if let Some(engine) = self.engine.upgrade() {
            engine.collections.list.borrow_mut().retain(|other| !Rc::ptr_eq(other, &record));
            engine.watch_collections();
        }
        let mut record = record.borrow_mut();
        Some(GcReport {
            version: 1,
            start_time: record.start_time,
            statistics: std::mem::take(&mut record.statistics),
            end_time: now(),
        })
    }
}

impl Drop for GcProfiler {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Inner {
    /// Has V8 call if there is somebody to be called.
    fn watch_collections(self: &Rc<Self>) {
        let wanted = !self.collections.list.borrow().is_empty();
        if self.collections.watched.replace(wanted) == wanted {
            return;
        }
        // SAFETY: the engine is alive, and `Inner` as long as it is.
        unsafe {
            let hook: Option<ffi::GcHook> = wanted.then_some(on_gc);
            ffi::v8wire_set_gc_hook(self.raw(), hook, self.as_data());
        }
    }
}
