//! Sampling of allocations.

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_void};

use serde::{Deserialize, Serialize};

use super::error::{EngineError, EngineErrorKind};
use super::ffi;
use super::profiler::HeapProfiler;

/// How to sample allocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SamplingOptions {
    /// One allocation in so many bytes is taken, on the average. Default: 512 KiB.
    pub interval: u64,
    /// The most frames of a stack. Default: 16.
    pub depth: u16,
    /// Whether garbage is collected before a profile is given, so that only what lives is in it.
    /// V8's `kSamplingForceGC`.
    pub force_gc: bool,
    /// Whether samples of objects that a full collection has freed are kept. V8's
    /// `kSamplingIncludeObjectsCollectedByMajorGC`, which V8s below 11 do not have and do not mind.
    pub include_collected_by_major_gc: bool,
    /// Whether samples of objects that a young collection has freed are kept. V8's
    /// `kSamplingIncludeObjectsCollectedByMinorGC`, as above.
    pub include_collected_by_minor_gc: bool,
}

impl Default for SamplingOptions {
    fn default() -> Self {
        SamplingOptions {
            interval: 512 << 10,
            depth: 16,
            force_gc: false,
            include_collected_by_major_gc: false,
            include_collected_by_minor_gc: false,
        }
    }
}

impl SamplingOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`interval`](Self::interval).
    #[must_use]
    pub fn interval(mut self, bytes: u64) -> Self {
        self.interval = bytes;
        self
    }

    /// Sets [`depth`](Self::depth).
    #[must_use]
    pub fn depth(mut self, frames: u16) -> Self {
        self.depth = frames;
        self
    }

    /// Sets [`force_gc`](Self::force_gc).
    #[must_use]
    pub fn force_gc(mut self, force: bool) -> Self {
        self.force_gc = force;
        self
    }

    fn flags(self) -> i32 {
        i32::from(self.force_gc)
            | i32::from(self.include_collected_by_major_gc) << 1
            | i32::from(self.include_collected_by_minor_gc) << 2
    }
}

/// What was allocated and still lives, by the stacks that allocated it: V8's `AllocationProfile`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AllocationProfile {
    /// The tree of calls, callers before what they call; the first is its root.
    pub nodes: Vec<AllocationNode>,
    /// The samples.
    pub samples: Vec<AllocationSample>,
}

/// A function in the tree, as called by those above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AllocationNode {
    /// Its id in the tree.
    pub node_id: u32,
    /// The index in [`AllocationProfile::nodes`] of its caller; `None` for the root.
    pub parent: Option<usize>,
    /// The function's name; empty where it has none.
    pub name: String,
    /// The name of its script.
    pub script_name: String,
    /// V8's id of its script; 0 where there is none.
    pub script_id: i32,
    /// Where in the script the function starts, in UTF-16 units.
    pub start_position: i32,
    /// Its line, from 1; 0 where there is none.
    pub line_number: i32,
    /// Its column, from 1; 0 where there is none.
    pub column_number: i32,
    /// What it allocated itself.
    pub allocations: Vec<Allocation>,
}

impl AllocationNode {
    /// The bytes that it allocated itself.
    pub fn self_size(&self) -> u64 {
        self.allocations.iter().map(|one| one.size.saturating_mul(one.count.into())).sum()
    }
}

/// Allocations of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Allocation {
    /// The bytes of one.
    pub size: u64,
    /// How many there are, estimated from the samples.
    pub count: u32,
}

/// One sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AllocationSample {
    /// The [`AllocationNode::node_id`] of the function that allocated it.
    pub node_id: u32,
    /// Its bytes.
    pub size: u64,
    /// For how many allocations it stands.
    pub count: u32,
    /// Its number in the order of allocation.
    pub sample_id: u64,
}

impl HeapProfiler<'_> {
    /// Starts to sample allocations. `StartSamplingHeapProfiler`.
    ///
    /// # Errors
    /// It has been started already, or the interval is 0.
    pub fn start_sampling_heap_profiler(
        &mut self,
        options: SamplingOptions,
    ) -> Result<(), EngineError> {
        if options.interval == 0 {
            return Err(EngineError::new(EngineErrorKind::Misuse, "a sampling interval of 0"));
        }
        // SAFETY: the engine is alive.
        let started = unsafe {
            let (interval, depth) = (options.interval, options.depth.into());
            ffi::v8wire_start_sampling(self.engine.inner.raw(), interval, depth, options.flags())
        };
        if started {
            return Ok(());
        }
        Err(EngineError::new(EngineErrorKind::Misuse, "allocations are sampled already"))
    }

    /// Stops sampling and forgets the samples. `StopSamplingHeapProfiler`.
    pub fn stop_sampling_heap_profiler(&mut self) {
        // SAFETY: the engine is alive; V8 does not mind where nothing is sampled.
        unsafe { ffi::v8wire_stop_sampling(self.engine.inner.raw()) }
    }

    /// What has been sampled so far; `None` where nothing is. `GetAllocationProfile`.
    pub fn allocation_profile(&mut self) -> Option<AllocationProfile> {
        let profile = RefCell::new(AllocationProfile::default());
        let visitor = ffi::SampleVisitor {
            node: on_node,
            allocation: on_allocation,
            sample: on_sample,
            data: (&raw const profile).cast_mut().cast(),
        };
        // SAFETY: the engine is alive, and the profile outlives the call.
        let active = unsafe { ffi::v8wire_allocation_profile(self.engine.inner.raw(), &visitor) };
        active.then(|| profile.into_inner())
    }
}

/// # Safety
/// A C string, or null.
unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: as the caller says.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

unsafe extern "C" fn on_node(data: *mut c_void, node: *const ffi::SampleNode) {
    // SAFETY: `data` is the profile of a call that is under way, `node` is readable.
    let (profile, raw) = unsafe { (&*data.cast::<RefCell<AllocationProfile>>(), &*node) };
    let mut profile = profile.borrow_mut();
    let parent = (raw.parent != u32::MAX).then_some(raw.parent as usize);
    // SAFETY: the shim gives C strings.
    let (name, script_name) = unsafe { (text(raw.name), text(raw.script_name)) };
    profile.nodes.push(AllocationNode {
        node_id: raw.id,
        parent,
        name,
        script_name,
        script_id: raw.script_id,
        start_position: raw.start_position,
        line_number: raw.line,
        column_number: raw.column,
        allocations: Vec::new(),
    });
}

unsafe extern "C" fn on_allocation(data: *mut c_void, size: u64, count: u32) {
    // SAFETY: as above.
    let profile = unsafe { &*data.cast::<RefCell<AllocationProfile>>() };
    if let Some(node) = profile.borrow_mut().nodes.last_mut() {
        node.allocations.push(Allocation { size, count });
    }
}

unsafe extern "C" fn on_sample(data: *mut c_void, node_id: u32, size: u64, count: u32, id: u64) {
    // SAFETY: as above.
    let profile = unsafe { &*data.cast::<RefCell<AllocationProfile>>() };
    let sample = AllocationSample { node_id, size, count, sample_id: id };
    profile.borrow_mut().samples.push(sample);
}
