//! `shim/shim.h` in Rust, line by line.
//!
//! What must hold for all functions: the engine is alive and called on the thread that made it; handles
//! and snapshots are of that engine and not freed; pointers with a length are readable for it, or
//! null where it is 0; out-pointers are writable.

use std::ffi::{c_char, c_void};
use std::marker::{PhantomData, PhantomPinned};

macro_rules! opaque {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[repr(C)]
        pub(super) struct $name {
            _private: [u8; 0],
            // Of one thread, and C++ knows its address.
            _marker: PhantomData<(*mut u8, PhantomPinned)>,
        }
    )*};
}

opaque! {
    /// `V8WireEngine`
    Engine
    /// `V8WireHandle`
    Handle
    /// `V8WireHostReader`
    HostReader
    /// `V8WireHostWriter`
    HostWriter
    /// `V8WirePromise`
    Promise
    /// `v8::HeapSnapshot`
    HeapSnapshot
    /// `v8::HeapGraphNode`
    HeapGraphNode
    /// `v8::EmbedderGraph`
    EmbedderGraph
    /// `v8::EmbedderGraph::Node`
    EmbedderNode
    /// `v8::Isolate`
    Isolate
}

/// Memory from the shim.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Bytes {
    data: *mut u8,
    length: usize,
}

impl Bytes {
    pub(super) const EMPTY: Bytes = Bytes { data: std::ptr::null_mut(), length: 0 };

    /// Copies and frees it.
    pub(super) fn into_vec(self) -> Vec<u8> {
        if self.data.is_null() {
            return Vec::new();
        }
        // SAFETY: the shim allocated `length` bytes and has no other pointer to them; `self` is gone
        // behind this.
        unsafe {
            let copy = std::slice::from_raw_parts(self.data, self.length).to_vec();
            v8wire_free(self);
            copy
        }
    }

    /// Copies and frees text.
    pub(super) fn into_text(self) -> String {
        String::from_utf8_lossy(&self.into_vec()).into_owned()
    }
}

#[repr(C)]
pub(super) struct Failure {
    pub(super) message: Bytes,
    pub(super) stack: Bytes,
    pub(super) script: Bytes,
    pub(super) line: i32,
    pub(super) column: i32,
    pub(super) not_cloneable: bool,
}

impl Failure {
    pub(super) const NONE: Failure = Failure {
        message: Bytes::EMPTY,
        stack: Bytes::EMPTY,
        script: Bytes::EMPTY,
        line: 0,
        column: 0,
        not_cloneable: false,
    };
}

#[repr(C)]
pub(super) struct Numbered {
    pub(super) id: u32,
    pub(super) handle: *mut Handle,
}

#[repr(C)]
pub(super) struct DeserializeOptions {
    pub(super) legacy: bool,
    pub(super) transfers: *const Numbered,
    pub(super) transfer_count: usize,
    pub(super) shared: *const Numbered,
    pub(super) shared_count: usize,
    pub(super) modules: *const Numbered,
    pub(super) module_count: usize,
    pub(super) read_host: Option<unsafe extern "C" fn(*mut c_void, *mut HostReader) -> bool>,
    pub(super) data: *mut c_void,
}

#[repr(C)]
pub(super) struct Deserialized {
    pub(super) value: *mut Handle,
    pub(super) consumed: usize,
    pub(super) version: u32,
}

#[repr(C)]
pub(super) struct SerializeOptions {
    pub(super) views_as_host_objects: bool,
    pub(super) transfers: *const Numbered,
    pub(super) transfer_count: usize,
    pub(super) write_host: Option<unsafe extern "C" fn(*mut c_void, *mut HostWriter) -> bool>,
    pub(super) external: unsafe extern "C" fn(*mut c_void, i32, *mut Handle),
    pub(super) data: *mut c_void,
}

#[repr(C)]
#[derive(Default)]
pub(super) struct HeapStatistics {
    pub(super) total_heap_size: u64,
    pub(super) total_heap_size_executable: u64,
    pub(super) total_physical_size: u64,
    pub(super) total_available_size: u64,
    pub(super) used_heap_size: u64,
    pub(super) heap_size_limit: u64,
    pub(super) malloced_memory: u64,
    pub(super) peak_malloced_memory: u64,
    pub(super) does_zap_garbage: u64,
    pub(super) number_of_native_contexts: u64,
    pub(super) number_of_detached_contexts: u64,
    pub(super) total_global_handles_size: u64,
    pub(super) used_global_handles_size: u64,
    pub(super) external_memory: u64,
}

#[repr(C)]
pub(super) struct HeapSpace {
    pub(super) name: *const c_char,
    pub(super) size: u64,
    pub(super) used_size: u64,
    pub(super) available_size: u64,
    pub(super) physical_size: u64,
}

#[repr(C)]
#[derive(Default)]
pub(super) struct HeapCode {
    pub(super) code_and_metadata_size: u64,
    pub(super) bytecode_and_metadata_size: u64,
    pub(super) external_script_source_size: u64,
    pub(super) cpu_profiler_metadata_size: u64,
}

#[repr(C)]
pub(super) struct SnapshotOptions {
    pub(super) progress: Option<unsafe extern "C" fn(*mut c_void, u32, u32) -> bool>,
    pub(super) name: Option<unsafe extern "C" fn(*mut c_void, *mut Engine)>,
    pub(super) data: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct HeapNode {
    pub(super) node: *const HeapGraphNode,
    pub(super) kind: i32,
    pub(super) id: u32,
    pub(super) self_size: u64,
    pub(super) edges: u32,
}

impl HeapNode {
    pub(super) const NONE: HeapNode =
        HeapNode { node: std::ptr::null(), kind: 0, id: 0, self_size: 0, edges: 0 };
}

#[repr(C)]
pub(super) struct HeapEdge {
    pub(super) to: *const HeapGraphNode,
    pub(super) kind: i32,
    pub(super) index: u32,
    pub(super) is_index: bool,
}

#[repr(C)]
pub(super) struct SampleNode {
    pub(super) id: u32,
    pub(super) parent: u32,
    pub(super) name: *const c_char,
    pub(super) script_name: *const c_char,
    pub(super) script_id: i32,
    pub(super) start_position: i32,
    pub(super) line: i32,
    pub(super) column: i32,
}

#[repr(C)]
pub(super) struct SampleVisitor {
    pub(super) node: unsafe extern "C" fn(*mut c_void, *const SampleNode),
    pub(super) allocation: unsafe extern "C" fn(*mut c_void, u64, u32),
    pub(super) sample: unsafe extern "C" fn(*mut c_void, u32, u64, u32, u64),
    pub(super) data: *mut c_void,
}

#[repr(C)]
#[derive(Default)]
pub(super) struct LocalTime {
    pub(super) year: i32,
    pub(super) month: i32,
    pub(super) day: i32,
    pub(super) hour: i32,
    pub(super) minute: i32,
    pub(super) second: i32,
}

pub(super) type PromiseHook = unsafe extern "C" fn(*mut c_void, i32, *mut Promise, f64, f64);
pub(super) type GcHook = unsafe extern "C" fn(*mut c_void, i32, bool);
pub(super) type HeapLimitHook = unsafe extern "C" fn(*mut c_void, usize, usize) -> usize;
pub(super) type GraphCallback = unsafe extern "C" fn(*mut Isolate, *mut EmbedderGraph, *mut c_void);
pub(super) type WriteChunk = unsafe extern "C" fn(*mut c_void, *const u8, usize) -> bool;
pub(super) type HeapStatsUpdate = unsafe extern "C" fn(*mut c_void, u32, u32, u32) -> bool;

unsafe extern "C" {
    // engine.cc
    pub(super) fn v8wire_start();
    pub(super) fn v8wire_version() -> *const c_char;
    pub(super) fn v8wire_cached_data_version_tag() -> u32;
    pub(super) fn v8wire_set_flags(argc: i32, argv: *mut *mut c_char) -> i32;
    pub(super) fn v8wire_local_time(time: *mut LocalTime);
    fn v8wire_free(bytes: Bytes);
    pub(super) fn v8wire_engine_new(heap_limit: u64, blob: *const u8, length: usize)
    -> *mut Engine;
    pub(super) fn v8wire_engine_free(engine: *mut Engine);
    pub(super) fn v8wire_eval(
        engine: *mut Engine,
        source: *const u8,
        length: usize,
        name: *const u8,
        name_length: usize,
        result: *mut *mut Handle,
        failure: *mut Failure,
    ) -> bool;
    pub(super) fn v8wire_set_global(
        engine: *mut Engine,
        name: *const u8,
        length: usize,
        value: *mut Handle,
        failure: *mut Failure,
    ) -> bool;
    pub(super) fn v8wire_to_string(
        engine: *mut Engine,
        value: *mut Handle,
        text: *mut Bytes,
        failure: *mut Failure,
    ) -> bool;
    pub(super) fn v8wire_handle_clone(engine: *mut Engine, handle: *mut Handle) -> *mut Handle;
    pub(super) fn v8wire_handle_free(engine: *mut Engine, handle: *mut Handle);
    pub(super) fn v8wire_collect_garbage(engine: *mut Engine);

    // wire.cc
    pub(super) fn v8wire_serialize(
        engine: *mut Engine,
        value: *mut Handle,
        options: *const SerializeOptions,
        bytes: *mut Bytes,
        failure: *mut Failure,
    ) -> bool;
    pub(super) fn v8wire_deserialize(
        engine: *mut Engine,
        data: *const u8,
        length: usize,
        options: *const DeserializeOptions,
        result: *mut Deserialized,
        failure: *mut Failure,
    ) -> bool;
    pub(super) fn v8wire_read_uint32(reader: *mut HostReader, value: *mut u32) -> bool;
    pub(super) fn v8wire_read_uint64(reader: *mut HostReader, value: *mut u64) -> bool;
    pub(super) fn v8wire_read_double(reader: *mut HostReader, value: *mut f64) -> bool;
    pub(super) fn v8wire_read_raw_bytes(
        reader: *mut HostReader,
        length: usize,
        data: *mut *const u8,
    ) -> bool;
    pub(super) fn v8wire_read_value(reader: *mut HostReader) -> bool;
    pub(super) fn v8wire_read_view(
        reader: *mut HostReader,
        kind: u32,
        data: *const u8,
        length: usize,
    ) -> bool;
    pub(super) fn v8wire_read_failed(reader: *mut HostReader, message: *const u8, length: usize);
    pub(super) fn v8wire_write_view(
        writer: *mut HostWriter,
        kind: *mut u32,
        bytes: *mut Bytes,
    ) -> bool;
    pub(super) fn v8wire_write_uint32(writer: *mut HostWriter, value: u32);
    pub(super) fn v8wire_write_uint64(writer: *mut HostWriter, value: u64);
    pub(super) fn v8wire_write_double(writer: *mut HostWriter, value: f64);
    pub(super) fn v8wire_write_raw_bytes(writer: *mut HostWriter, data: *const u8, length: usize);
    pub(super) fn v8wire_write_failed(writer: *mut HostWriter, message: *const u8, length: usize);

    // heap.cc
    pub(super) fn v8wire_heap_statistics(engine: *mut Engine, statistics: *mut HeapStatistics);
    pub(super) fn v8wire_heap_space_count(engine: *mut Engine) -> usize;
    pub(super) fn v8wire_heap_space(
        engine: *mut Engine,
        index: usize,
        space: *mut HeapSpace,
    ) -> bool;
    pub(super) fn v8wire_heap_code(engine: *mut Engine, code: *mut HeapCode) -> bool;
    pub(super) fn v8wire_set_heap_limit_hook(
        engine: *mut Engine,
        hook: HeapLimitHook,
        data: *mut c_void,
    );
    pub(super) fn v8wire_remove_heap_limit_hook(engine: *mut Engine);
    pub(super) fn v8wire_restore_heap_limit(engine: *mut Engine);

    // snapshot.cc
    pub(super) fn v8wire_take_snapshot(
        engine: *mut Engine,
        options: *const SnapshotOptions,
    ) -> *const HeapSnapshot;
    pub(super) fn v8wire_set_name(engine: *mut Engine, name: *const u8, length: usize);
    pub(super) fn v8wire_snapshot_count(engine: *mut Engine) -> i32;
    pub(super) fn v8wire_snapshot(engine: *mut Engine, index: i32) -> *const HeapSnapshot;
    pub(super) fn v8wire_delete_snapshot(engine: *mut Engine, snapshot: *const HeapSnapshot);
    pub(super) fn v8wire_delete_all_snapshots(engine: *mut Engine);
    pub(super) fn v8wire_serialize_snapshot(
        engine: *mut Engine,
        snapshot: *const HeapSnapshot,
        write: WriteChunk,
        data: *mut c_void,
    );
    pub(super) fn v8wire_snapshot_node_count(snapshot: *const HeapSnapshot) -> i32;
    pub(super) fn v8wire_snapshot_max_id(snapshot: *const HeapSnapshot) -> u32;
    pub(super) fn v8wire_snapshot_node(
        snapshot: *const HeapSnapshot,
        index: i32,
        node: *mut HeapNode,
    );
    pub(super) fn v8wire_snapshot_node_by_id(
        snapshot: *const HeapSnapshot,
        id: u32,
        node: *mut HeapNode,
    ) -> bool;
    pub(super) fn v8wire_node(pointer: *const HeapGraphNode, node: *mut HeapNode);
    pub(super) fn v8wire_node_name(engine: *mut Engine, node: *const HeapGraphNode) -> Bytes;
    pub(super) fn v8wire_edge(
        engine: *mut Engine,
        from: *const HeapGraphNode,
        index: i32,
        edge: *mut HeapEdge,
        name: *mut Bytes,
    );

    // profiler.cc
    pub(super) fn v8wire_object_id(engine: *mut Engine, value: *mut Handle) -> u32;
    pub(super) fn v8wire_find_object(engine: *mut Engine, id: u32) -> *mut Handle;
    pub(super) fn v8wire_clear_object_ids(engine: *mut Engine);
    pub(super) fn v8wire_start_tracking(engine: *mut Engine, track_allocations: bool);
    pub(super) fn v8wire_heap_stats(
        engine: *mut Engine,
        update: HeapStatsUpdate,
        data: *mut c_void,
        timestamp_us: *mut i64,
    ) -> u32;
    pub(super) fn v8wire_stop_tracking(engine: *mut Engine);
    pub(super) fn v8wire_start_sampling(
        engine: *mut Engine,
        interval: u64,
        depth: i32,
        flags: i32,
    ) -> bool;
    pub(super) fn v8wire_stop_sampling(engine: *mut Engine);
    pub(super) fn v8wire_allocation_profile(
        engine: *mut Engine,
        visitor: *const SampleVisitor,
    ) -> bool;
    pub(super) fn v8wire_add_graph_callback(
        engine: *mut Engine,
        callback: GraphCallback,
        data: *mut c_void,
    );
    pub(super) fn v8wire_remove_graph_callback(
        engine: *mut Engine,
        callback: GraphCallback,
        data: *mut c_void,
    );
    pub(super) fn v8wire_graph_node(
        engine: *mut Engine,
        graph: *mut EmbedderGraph,
        name: *const u8,
        length: usize,
        size: u64,
        detachedness: i32,
        root: bool,
    ) -> *mut EmbedderNode;
    pub(super) fn v8wire_graph_value(
        engine: *mut Engine,
        graph: *mut EmbedderGraph,
        value: *mut Handle,
    ) -> *mut EmbedderNode;
    pub(super) fn v8wire_graph_edge(
        engine: *mut Engine,
        graph: *mut EmbedderGraph,
        from: *mut EmbedderNode,
        to: *mut EmbedderNode,
        name: *const u8,
        length: usize,
    );

    // hooks.cc
    pub(super) fn v8wire_set_promise_hook(
        engine: *mut Engine,
        hook: Option<PromiseHook>,
        data: *mut c_void,
    );
    pub(super) fn v8wire_want_promises(engine: *mut Engine, wanted: bool);
    pub(super) fn v8wire_promise_state(promise: *mut Promise) -> i32;
    pub(super) fn v8wire_promise_handle(promise: *mut Promise, result: bool) -> *mut Handle;
    pub(super) fn v8wire_set_gc_hook(engine: *mut Engine, hook: Option<GcHook>, data: *mut c_void);

    // inspector.cc
    pub(super) fn v8wire_inspect(
        engine: *mut Engine,
        message: *const u8,
        length: usize,
        answer: *mut Bytes,
    ) -> bool;
    pub(super) fn v8wire_parse_json(
        engine: *mut Engine,
        text: *const u8,
        length: usize,
        result: *mut *mut Handle,
        failure: *mut Failure,
    ) -> bool;

    // startup.cc
    pub(super) fn v8wire_build_startup(
        prelude: *const u8,
        prelude_length: usize,
        source: *const u8,
        length: usize,
        name: *const u8,
        name_length: usize,
        blob: *mut Bytes,
        failure: *mut Failure,
    ) -> bool;
    pub(super) fn v8wire_startup_is_valid(blob: *const u8, length: usize) -> bool;
    pub(super) fn v8wire_run_startup(engine: *mut Engine, failure: *mut Failure) -> bool;
}
