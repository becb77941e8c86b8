//! The embedder's part of the heap graph.

use std::cell::RefCell;
use std::ffi::c_void;
use std::fmt;
use std::rc::Rc;

use super::ffi;
use super::handle::Handle;
use super::isolate::Inner;
use super::profiler::HeapProfiler;

/// What is outside V8's heap and belongs to it: nodes and edges for a snapshot that is being taken.
/// V8's `EmbedderGraph`.
pub struct EmbedderGraph<'g> {
    engine: &'g Inner,
    raw: *mut ffi::EmbedderGraph,
    nodes: Vec<*mut ffi::EmbedderNode>,
}

/// A node of the [`EmbedderGraph`] that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EmbedderNode(usize);

/// Whether a node is still in use, where that is known: V8's `Detachedness`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Detachedness {
    /// Not known.
    #[default]
    Unknown,
    /// In use.
    Attached,
    /// Not in use any more; a leak if it is kept for long.
    Detached,
}

impl EmbedderGraph<'_> {
    /// Adds a node of `size` bytes. V8 shows it as a native one, and leaves out those that nothing
    /// refers to.
    pub fn add_node(&mut self, name: &str, size: u64, detachedness: Detachedness) -> EmbedderNode {
        self.make(name, size, detachedness, false)
    }

    /// Adds a node that the root of the snapshot refers to.
    pub fn add_root(&mut self, name: &str, size: u64) -> EmbedderNode {
        self.make(name, size, Detachedness::Unknown, true)
    }

    /// The node of an object in V8's heap; `None` for a handle of another engine, or to what is no
    /// object.
    pub fn v8_node(&mut self, value: &Handle) -> Option<EmbedderNode> {
        if !value.is_of(self.engine) {
            return None;
        }
        // SAFETY: V8 waits for the graph; the handle is of this engine.
        let node = unsafe { ffi::v8wire_graph_value(self.engine.raw(), self.raw, value.raw()) };
        (!node.is_null()).then(|| self.keep(node))
    }

    /// Adds an edge; without a name it is an element. Nodes of another graph are not looked at.
    pub fn add_edge(&mut self, from: EmbedderNode, to: EmbedderNode, name: Option<&str>) {
        let (Some(&from), Some(&to)) = (self.nodes.get(from.0), self.nodes.get(to.0)) else {
            return;
        };
        // No text is null, even an empty one is not.
        let (name, length) = name.map_or((std::ptr::null(), 0), |name| (name.as_ptr(), name.len()));
        // SAFETY: V8 waits for the graph; the nodes are of it.
        unsafe {
            ffi::v8wire_graph_edge(self.engine.raw(), self.raw, from, to, name, length);
        }
    }

    fn make(&mut self, name: &str, size: u64, detached: Detachedness, root: bool) -> EmbedderNode {
        // SAFETY: V8 waits for the graph; the name is copied.
        let node = unsafe {
            let (engine, name, length) = (self.engine.raw(), name.as_ptr(), name.len());
            ffi::v8wire_graph_node(engine, self.raw, name, length, size, detached as i32, root)
        };
        self.keep(node)
    }

    fn keep(&mut self, node: *mut ffi::EmbedderNode) -> EmbedderNode {
        self.nodes.push(node);
        EmbedderNode(self.nodes.len() - 1)
    }
}

impl fmt::Debug for EmbedderGraph<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbedderGraph").field("nodes", &self.nodes.len()).finish_non_exhaustive()
    }
}

type Build = dyn FnMut(&mut EmbedderGraph<'_>);

/// The callback that V8 calls; an engine has at most one registered with V8, which calls all of these.
#[derive(Default)]
pub(super) struct GraphBuilders {
    list: RefCell<Vec<(u64, Rc<RefCell<Build>>)>>,
    next: std::cell::Cell<u64>,
}

/// Stops what [`HeapProfiler::on_build_embedder_graph`] started. Dropping it does not.
#[derive(Debug)]
pub struct GraphCallback(u64);

unsafe extern "C" fn build(
    _: *mut ffi::Isolate,
    graph: *mut ffi::EmbedderGraph,
    data: *mut c_void,
) {
    // SAFETY: `data` is the engine that takes the snapshot, which holds its callbacks.
    let engine = unsafe { &*data.cast::<Inner>() };
    let builders: Vec<_> =
        engine.graphs.list.borrow().iter().map(|(_, builder)| builder.clone()).collect();
    for builder in builders {
        engine.guard((), || {
            let mut graph = EmbedderGraph { engine, raw: graph, nodes: Vec::new() };
            // Not twice at once: V8 does not take a snapshot within a snapshot.
            if let Ok(mut builder) = builder.try_borrow_mut() {
                builder(&mut graph);
            }
        });
    }
}

impl GraphBuilders {
    pub(super) fn clear(&self) {
        let old = self.list.take();
        drop(old);
    }
}

impl HeapProfiler<'_> {
    /// Has every snapshot from now on ask this for nodes and edges of the embedder.
    /// `AddBuildEmbedderGraphCallback`, and what `SetBuildEmbedderGraphCallback` was.
    pub fn on_build_embedder_graph(
        &mut self,
        builder: impl FnMut(&mut EmbedderGraph<'_>) + 'static,
    ) -> GraphCallback {
        let inner = &self.engine.inner;
        let id = inner.graphs.next.replace(inner.graphs.next.get() + 1);
        let mut list = inner.graphs.list.borrow_mut();
        if list.is_empty() {
            // SAFETY: the engine is alive, and `Inner` as long as it is.
            unsafe {
                ffi::v8wire_add_graph_callback(inner.raw(), build, inner.as_data());
            }
        }
        list.push((id, Rc::new(RefCell::new(builder))));
        GraphCallback(id)
    }

    /// Ends it. `RemoveBuildEmbedderGraphCallback`.
    pub fn remove_embedder_graph_callback(&mut self, callback: GraphCallback) {
        let inner = &self.engine.inner;
        let mut list = inner.graphs.list.borrow_mut();
        let Some(at) = list.iter().position(|(id, _)| *id == callback.0) else { return };
        let removed = list.remove(at);
        if list.is_empty() {
            // SAFETY: the engine is alive and has the callback.
            unsafe {
                ffi::v8wire_remove_graph_callback(inner.raw(), build, inner.as_data());
            }
        }
        drop(list);
        // What it held may be a handle, whose end is nobody's business above.
        drop(removed);
    }
}
