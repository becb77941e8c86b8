//! The engine: scripts in, values out.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::builder::EngineBuilder;
use super::embedder::GraphBuilders;
use super::error::{EngineError, EngineErrorKind};
use super::gc::GcRecords;
use super::handle::Handle;
use super::hooks::HookLists;
use super::near_limit::NearLimit;
use super::wire::{SerializeOptions, Serialized};
use super::{ffi, process};
use crate::Value;

/// A running V8: an isolate with a global object of its own.
///
/// There may be several, one after the other, at once, and on several threads; each stays on the
/// thread that made it. Scripts run up to their end: there is no event loop, but promises are
/// settled and their handlers run before [`Engine::run`] returns.
///
/// ```
/// use v8wire::engine::Engine;
/// let mut engine = Engine::new();
/// let value = engine.eval("({ sum: 1 + 2, when: new Date(0) })")?;
/// assert_eq!(value.document()?.root()["sum"].as_i32(), Some(3));
/// # Ok::<(), v8wire::engine::EngineError>(())
/// ```
///
/// V8 ends the process where it runs out of memory, with a message; see
/// [`EngineBuilder::heap_limit`] and [`Engine::set_heap_snapshot_near_heap_limit`]. Scripts have a
/// stack of 1 MB from where the engine was made, or what the thread has left there.
pub struct Engine {
    pub(super) inner: Rc<Inner>,
}

/// What handles and hooks keep alive.
pub(super) struct Inner {
    raw: NonNull<ffi::Engine>,
    /// From 0, counted through the process: the `threadid` in names of files.
    pub(super) number: u64,
    /// What a callback panicked with, until there is no C++ above any more.
    panic: RefCell<Option<Box<dyn Any + Send>>>,
    /// V8 reads it as long as the isolate lives.
    _startup: Option<Arc<[u8]>>,
    pub(super) diagnostic_dir: PathBuf,
    pub(super) coverage_dir: Option<PathBuf>,
    /// Whether coverage is on.
    pub(super) covered: Cell<bool>,
    /// Whether heap objects are tracked.
    pub(super) tracking: Cell<bool>,
    pub(super) near_limit: NearLimit,
    pub(super) hooks: HookLists,
    pub(super) collections: GcRecords,
    pub(super) graphs: GraphBuilders,
}

static NUMBER: AtomicU64 = AtomicU64::new(0);

impl Inner {
    pub(super) fn new(builder: EngineBuilder) -> Rc<Inner> {
        process::start();
        let startup = builder.startup;
        let (blob, length) =
            startup.as_ref().map_or((std::ptr::null(), 0), |blob| (blob.as_ptr(), blob.len()));
        // SAFETY: V8 is started, and the blob lives as long as the engine, beside it.
        let raw = process::with_flags(|| unsafe {
            ffi::v8wire_engine_new(builder.heap_limit, blob, length)
        });
        let raw = NonNull::new(raw).expect("the shim makes an engine or aborts");
        Rc::new(Inner {
            raw,
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            panic: RefCell::new(None),
            _startup: startup,
            diagnostic_dir: builder.diagnostic_dir,
            coverage_dir: builder.coverage_dir,
            covered: Cell::new(false),
            tracking: Cell::new(false),
            near_limit: NearLimit::default(),
            hooks: HookLists::default(),
            collections: GcRecords::default(),
            graphs: GraphBuilders::default(),
        })
    }

    /// What callbacks get to know the engine by. It stays in its `Rc` as long as V8's engine lives.
    pub(super) fn as_data(self: &Rc<Self>) -> *mut c_void {
        Rc::as_ptr(self).cast_mut().cast()
    }

    pub(super) fn raw(&self) -> *mut ffi::Engine {
        self.raw.as_ptr()
    }

    /// Runs a callback that C++ called, and keeps its panic for later.
    pub(super) fn guard<T>(&self, otherwise: T, callback: impl FnOnce() -> T) -> T {
        // Nothing is seen of what it left half-done: the panic goes on as soon as it can.
        catch_unwind(AssertUnwindSafe(callback)).unwrap_or_else(|panic| {
            self.panic.borrow_mut().get_or_insert(panic);
            otherwise
        })
    }

    /// Goes on with a callback's panic, now that C++ has returned.
    pub(super) fn resume(&self) {
        let panic = self.panic.borrow_mut().take();
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
    }

    /// Calls a function of the shim that gives false where it failed.
    pub(super) fn call(
        &self,
        kind: EngineErrorKind,
        function: impl FnOnce(*mut ffi::Engine, &mut ffi::Failure) -> bool,
    ) -> Result<(), EngineError> {
        let mut failure = ffi::Failure::NONE;
        let done = function(self.raw(), &mut failure);
        self.resume();
        if done { Ok(()) } else { Err(EngineError::failed(kind, failure)) }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // SAFETY: whatever refers to the engine holds the `Rc` around this, so nothing does any more.
        unsafe { ffi::v8wire_engine_free(self.raw()) }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.inner.finish_coverage();
        // Callbacks may hold handles, which hold the engine.
        self.inner.hooks.clear();
        self.inner.graphs.clear();
    }
}

impl Default for Engine {
    fn default() -> Self {
        Engine::new()
    }
}

impl Engine {
    /// With V8's own limits and no more than ECMAScript's globals.
    pub fn new() -> Engine {
        Engine { inner: Inner::new(EngineBuilder::default()) }
    }

    /// With a heap limit, flags, coverage, or from a startup snapshot.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// Runs a script, then the microtasks, and gives the script's last value, cloned out of the
    /// engine.
    ///
    /// # Errors
    /// What the script throws, and a value that cannot be cloned.
    pub fn eval(&mut self, script: &str) -> Result<Serialized, EngineError> {
        let handle = self.run("eval", script)?;
        self.serialize(&handle, &SerializeOptions::new())
    }

    /// Runs a script under a name, which stands in stacks, coverage and profiles; then the microtasks.
    /// Gives its last value, whatever that is.
    ///
    /// # Errors
    /// What the script throws. What a promise is rejected with is the script's own affair.
    pub fn run(&mut self, name: &str, script: &str) -> Result<Handle, EngineError> {
        let mut result = std::ptr::null_mut();
        // SAFETY: the strings are readable for their length, the rest writable.
        self.inner.call(EngineErrorKind::Exception, |engine, failure| unsafe {
            let (name, name_length) = (name.as_ptr(), name.len());
            let (script, length) = (script.as_ptr(), script.len());
            ffi::v8wire_eval(engine, script, length, name, name_length, &mut result, failure)
        })?;
        Ok(self.handle(result))
    }

    /// Sets a property of the global object to a copy of the value. Node's Buffers become
    /// `Uint8Array`s.
    ///
    /// # Errors
    /// A value that has no bytes to copy, or that this V8 does not read.
    pub fn set_global(&mut self, name: &str, value: Value<'_, '_>) -> Result<(), EngineError> {
        let handle = self.import(value)?;
        self.set_global_handle(name, &handle)
    }

    /// Sets a property of the global object to the value itself.
    ///
    /// # Errors
    /// A handle of another engine.
    pub fn set_global_handle(&mut self, name: &str, value: &Handle) -> Result<(), EngineError> {
        let value = self.own(value)?;
        // SAFETY: the name is readable, and the handle is of this engine.
        self.inner.call(EngineErrorKind::Exception, |engine, failure| unsafe {
            ffi::v8wire_set_global(engine, name.as_ptr(), name.len(), value, failure)
        })
    }

    /// The value as a short text for people, as V8 has it in its messages.
    ///
    /// # Errors
    /// What the value's own `toString` throws.
    pub fn describe(&mut self, value: &Handle) -> Result<String, EngineError> {
        let value = self.own(value)?;
        let mut text = ffi::Bytes::EMPTY;
        // SAFETY: the handle is of this engine.
        self.inner.call(EngineErrorKind::Exception, |engine, failure| unsafe {
            ffi::v8wire_to_string(engine, value, &mut text, failure)
        })?;
        Ok(text.into_text())
    }

    /// Frees all that can be freed now: V8's answer to low memory.
    pub fn collect_garbage(&mut self) {
        // SAFETY: the engine is alive.
        unsafe { ffi::v8wire_collect_garbage(self.inner.raw()) };
        self.inner.resume();
    }

    /// The number of this engine in the process, from 0; it stands in the names of snapshots and
    /// coverage files where Node has the id of a worker thread.
    pub fn number(&self) -> u64 {
        self.inner.number
    }

    /// Takes a handle that the shim made.
    pub(super) fn handle(&self, raw: *mut ffi::Handle) -> Handle {
        Handle::new(&self.inner, raw).expect("the shim gives a handle or fails")
    }

    /// The handle, if it is of this engine.
    pub(super) fn own(&self, handle: &Handle) -> Result<*mut ffi::Handle, EngineError> {
        if handle.is_of(&self.inner) {
            return Ok(handle.raw());
        }
        Err(EngineError::new(EngineErrorKind::Misuse, "the handle is of another engine"))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("number", &self.inner.number).finish_non_exhaustive()
    }
}
