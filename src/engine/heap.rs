//! Statistics of the heap.

use std::ffi::CStr;

use serde::{Deserialize, Serialize};

use super::ffi;
use super::isolate::{Engine, Inner};

/// The heap as a whole, in bytes where nothing else is said: Node's `v8.getHeapStatistics()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeapStatistics {
    /// What V8 has taken from the system for the heap.
    pub total_heap_size: u64,
    /// The part of it that may be executed.
    pub total_heap_size_executable: u64,
    /// The part of it that the system has memory for.
    pub total_physical_size: u64,
    /// What could still be taken.
    pub total_available_size: u64,
    /// What objects take, dead ones that have not been found among them.
    pub used_heap_size: u64,
    /// The most that the heap may take.
    pub heap_size_limit: u64,
    /// What V8 has from `malloc`.
    pub malloced_memory: u64,
    /// The most that it had from `malloc`.
    pub peak_malloced_memory: u64,
    /// 1 where garbage is overwritten (`--zap-code-space`), else 0.
    pub does_zap_garbage: u64,
    /// The number of contexts in use. One that grows is a leak.
    pub number_of_native_contexts: u64,
    /// The number of contexts that were given up and are still in memory.
    pub number_of_detached_contexts: u64,
    /// What V8 has for global handles.
    pub total_global_handles_size: u64,
    /// The part of it that handles take.
    pub used_global_handles_size: u64,
    /// What array buffers and external strings take.
    pub external_memory: u64,
}

/// One space of the heap, in bytes: an element of Node's `v8.getHeapSpaceStatistics()`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeapSpaceStatistics {
    /// Such as `new_space` and `old_space`; they differ between V8s.
    pub space_name: String,
    /// What V8 has taken from the system for it.
    pub space_size: u64,
    /// What objects take.
    pub space_used_size: u64,
    /// What is free in it.
    pub space_available_size: u64,
    /// What the system has memory for.
    pub physical_space_size: u64,
}

/// Code and what belongs to it, in bytes: Node's `v8.getHeapCodeStatistics()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeapCodeStatistics {
    /// Machine code.
    pub code_and_metadata_size: u64,
    /// Bytecode.
    pub bytecode_and_metadata_size: u64,
    /// Source text outside the heap.
    pub external_script_source_size: u64,
    /// What a running CPU profiler has noted.
    pub cpu_profiler_metadata_size: u64,
}

impl Inner {
    pub(super) fn heap_statistics(&self) -> HeapStatistics {
        let mut raw = ffi::HeapStatistics::default();
        // SAFETY: the engine is alive.
        unsafe { ffi::v8wire_heap_statistics(self.raw(), &mut raw) };
        HeapStatistics {
            total_heap_size: raw.total_heap_size,
            total_heap_size_executable: raw.total_heap_size_executable,
            total_physical_size: raw.total_physical_size,
            total_available_size: raw.total_available_size,
            used_heap_size: raw.used_heap_size,
            heap_size_limit: raw.heap_size_limit,
            malloced_memory: raw.malloced_memory,
            peak_malloced_memory: raw.peak_malloced_memory,
            does_zap_garbage: raw.does_zap_garbage,
            number_of_native_contexts: raw.number_of_native_contexts,
            number_of_detached_contexts: raw.number_of_detached_contexts,
            total_global_handles_size: raw.total_global_handles_size,
            used_global_handles_size: raw.used_global_handles_size,
            external_memory: raw.external_memory,
        }
    }

    pub(super) fn heap_space_statistics(&self) -> Vec<HeapSpaceStatistics> {
        // SAFETY: the engine is alive.
        let count = unsafe { ffi::v8wire_heap_space_count(self.raw()) };
        (0..count).filter_map(|index| self.heap_space(index)).collect()
    }

    fn heap_space(&self, index: usize) -> Option<HeapSpaceStatistics> {
        let mut raw = ffi::HeapSpace {
            name: c"".as_ptr(),
            size: 0,
            used_size: 0,
            available_size: 0,
            physical_size: 0,
        };
        // SAFETY: the engine is alive.
        if !unsafe { ffi::v8wire_heap_space(self.raw(), index, &mut raw) } {
            return None;
        }
        Some(HeapSpaceStatistics {
            // SAFETY: V8 has the names in static strings.
            space_name: unsafe { CStr::from_ptr(raw.name) }.to_string_lossy().into_owned(),
            space_size: raw.size,
            space_used_size: raw.used_size,
            space_available_size: raw.available_size,
            physical_space_size: raw.physical_size,
        })
    }
}

impl Engine {
    /// The heap as a whole. Node's `v8.getHeapStatistics()`.
    pub fn heap_statistics(&self) -> HeapStatistics {
        self.inner.heap_statistics()
    }

    /// The heap space by space. Node's `v8.getHeapSpaceStatistics()`.
    pub fn heap_space_statistics(&self) -> Vec<HeapSpaceStatistics> {
        self.inner.heap_space_statistics()
    }

    /// The code in the heap. Node's `v8.getHeapCodeStatistics()`.
    pub fn heap_code_statistics(&self) -> HeapCodeStatistics {
        let mut raw = ffi::HeapCode::default();
        // SAFETY: the engine is alive. Where V8 has no answer, all stay 0.
        unsafe { ffi::v8wire_heap_code(self.inner.raw(), &mut raw) };
        HeapCodeStatistics {
            code_and_metadata_size: raw.code_and_metadata_size,
            bytecode_and_metadata_size: raw.bytecode_and_metadata_size,
            external_script_source_size: raw.external_script_source_size,
            cpu_profiler_metadata_size: raw.cpu_profiler_metadata_size,
        }
    }
}
