//! Promise hooks.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::fmt;
use std::rc::{Rc, Weak};

use super::ffi;
use super::handle::Handle;
use super::isolate::{Engine, Inner};

/// A promise within a hook.
pub struct Promise<'p> {
    engine: &'p Rc<Inner>,
    raw: *mut ffi::Promise,
    id: u64,
}

/// How far a promise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PromiseState {
    /// Neither of the others.
    Pending,
    /// It has a value.
    Fulfilled,
    /// It has a reason.
    Rejected,
}

impl Promise<'_> {
    /// Its number: from 1, in the order in which hooks first saw promises.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// How far it is.
    pub fn state(&self) -> PromiseState {
        // SAFETY: V8 waits for the hook, and so does the promise.
        match unsafe { ffi::v8wire_promise_state(self.raw) } {
            1 => PromiseState::Fulfilled,
            2 => PromiseState::Rejected,
            _ => PromiseState::Pending,
        }
    }

    /// Its value, or the reason for which it was rejected; `None` while it is pending.
    pub fn result(&self) -> Option<Handle> {
        // SAFETY: V8 waits for the hook, and so does the promise.
        Handle::new(self.engine, unsafe { ffi::v8wire_promise_handle(self.raw, true) })
    }

    /// The promise itself.
    pub fn handle(&self) -> Handle {
        // SAFETY: V8 waits for the hook, and so does the promise.
        let handle = unsafe { ffi::v8wire_promise_handle(self.raw, false) };
        Handle::new(self.engine, handle).expect("the shim allocates or aborts")
    }
}

impl fmt::Debug for Promise<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Promise").field("id", &self.id).field("state", &self.state()).finish()
    }
}

/// A callback with the promise and, for `init`, the number of the promise that it continues.
type Callback = Rc<RefCell<dyn FnMut(&Promise<'_>, Option<u64>)>>;

/// The events, in V8's order (`PromiseHookType`).
const INIT: usize = 0;
const SETTLED: usize = 1;
const BEFORE: usize = 2;
const AFTER: usize = 3;

#[derive(Default)]
pub(super) struct HookLists {
    lists: RefCell<[Vec<(u64, Callback)>; 4]>,
    next: Cell<u64>,
    /// Whether V8 reports to this engine.
    installed: Cell<bool>,
}

impl HookLists {
    pub(super) fn clear(&self) {
        // A callback that is dropped may own a handle on what is here.
        let old = self.lists.take();
        drop(old);
    }
}

/// Callbacks for one [`PromiseHooks::create_hook`]. All are optional.
#[derive(Default)]
pub struct PromiseCallbacks([Option<Callback>; 4]);

impl PromiseCallbacks {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Called when a promise is made, with the number of the promise that it continues.
    #[must_use]
    pub fn init(mut self, call: impl FnMut(&Promise<'_>, Option<u64>) + 'static) -> Self {
        self.0[INIT] = Some(Rc::new(RefCell::new(call)));
        self
    }

    /// Called before a handler of the promise runs, or an `await` goes on.
    #[must_use]
    pub fn before(self, call: impl FnMut(&Promise<'_>) + 'static) -> Self {
        self.with(BEFORE, call)
    }

    /// Called behind the handler, or where the next `await` stops.
    #[must_use]
    pub fn after(self, call: impl FnMut(&Promise<'_>) + 'static) -> Self {
        self.with(AFTER, call)
    }

    /// Called when the promise is about to be resolved or rejected; most are still pending then.
    #[must_use]
    pub fn settled(self, call: impl FnMut(&Promise<'_>) + 'static) -> Self {
        self.with(SETTLED, call)
    }

    fn with(mut self, event: usize, mut call: impl FnMut(&Promise<'_>) + 'static) -> Self {
        self.0[event] = Some(Rc::new(RefCell::new(move |promise: &Promise<'_>, _| call(promise))));
        self
    }
}

/// Node's `v8.promiseHooks`, for one engine. Several hooks may be on at once; they are called in the
/// order in which they came.
///
/// A callback that panics lets the other callbacks and the script go on; the panic goes on when the
/// call of the engine returns.
///
/// ```
/// use std::{cell::Cell, rc::Rc};
/// use v8wire::engine::Engine;
/// let mut engine = Engine::new();
/// let made = Rc::new(Cell::new(0));
/// let hook = engine.promise_hooks().on_init({
///     let made = made.clone();
///     move |_, _| made.set(made.get() + 1)
/// });
/// engine.run("a.js", "Promise.resolve(1).then(() => {})")?;
/// hook.stop();
/// engine.run("b.js", "Promise.resolve(1)")?;
/// assert_eq!(made.get(), 2);
/// # Ok::<(), v8wire::engine::EngineError>(())
/// ```
#[derive(Clone)]
pub struct PromiseHooks(Weak<Inner>);

/// Stops a hook. Dropping it leaves the hook on, as long as the engine lives.
pub struct StopHook {
    engine: Weak<Inner>,
    id: u64,
}

impl PromiseHooks {
    /// Has this called when a promise is made, with the number of the promise that it continues.
    /// `promiseHooks.onInit()`.
    pub fn on_init(&self, call: impl FnMut(&Promise<'_>, Option<u64>) + 'static) -> StopHook {
        self.create_hook(PromiseCallbacks::new().init(call))
    }

    /// Has this called before a handler of a promise runs, or an `await` goes on.
    /// `promiseHooks.onBefore()`.
    pub fn on_before(&self, call: impl FnMut(&Promise<'_>) + 'static) -> StopHook {
        self.create_hook(PromiseCallbacks::new().before(call))
    }

    /// Has this called behind such a handler, or where the next `await` stops.
    /// `promiseHooks.onAfter()`.
    pub fn on_after(&self, call: impl FnMut(&Promise<'_>) + 'static) -> StopHook {
        self.create_hook(PromiseCallbacks::new().after(call))
    }

    /// Has this called when a promise is about to be resolved or rejected; as in Node, most are still
    /// pending then. `promiseHooks.onSettled()`.
    pub fn on_settled(&self, call: impl FnMut(&Promise<'_>) + 'static) -> StopHook {
        self.create_hook(PromiseCallbacks::new().settled(call))
    }

    /// Starts several callbacks at once. `promiseHooks.createHook()`.
    pub fn create_hook(&self, callbacks: PromiseCallbacks) -> StopHook {
        let stop = |id| StopHook { engine: self.0.clone(), id };
        let Some(engine) = self.0.upgrade() else { return stop(0) };
        let id = engine.hooks.next.get();
        engine.hooks.next.set(id + 1);
        {
            let mut lists = engine.hooks.lists.borrow_mut();
            for (list, callback) in lists.iter_mut().zip(callbacks.0) {
                list.extend(callback.map(|callback| (id, callback)));
            }
        }
        engine.watch_promises();
        stop(id)
    }
}

impl StopHook {
    /// Stops the hook, also from within a callback.
    pub fn stop(self) {
        let Some(engine) = self.engine.upgrade() else { return };
        let mut stopped = Vec::new();
        for list in engine.hooks.lists.borrow_mut().iter_mut() {
            stopped.extend(list.extract_if(.., |(id, _)| *id == self.id));
        }
        engine.watch_promises();
    }
}

impl fmt::Debug for StopHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StopHook").finish_non_exhaustive()
    }
}

unsafe extern "C" fn on_promise(
    data: *mut c_void,
    event: i32,
    raw: *mut ffi::Promise,
    id: f64,
    parent: f64,
) {
    // SAFETY: `data` is from `Rc::as_ptr`, and the engine's owner holds that `Rc` while a script runs.
    let engine = unsafe {
        let inner = data.cast::<Inner>().cast_const();
        Rc::increment_strong_count(inner);
        Rc::from_raw(inner)
    };
    // A hook may start and stop hooks: that counts from the next event on.
    let callbacks: Vec<Callback> = {
        let lists = engine.hooks.lists.borrow();
        let list = usize::try_from(event).ok().and_then(|event| lists.get(event));
        list.into_iter().flatten().map(|(_, callback)| callback.clone()).collect()
    };
    let promise = Promise { engine: &engine, raw, id: id as u64 };
    let parent = (parent > 0.0).then_some(parent as u64);
    for callback in callbacks {
        engine.guard((), || {
            // Hooks run no scripts, so this is no second call within the first.
            if let Ok(mut callback) = callback.try_borrow_mut() {
                callback(&promise, parent);
            }
        });
    }
}

impl Inner {
    /// Has the shim pass events on if there is somebody to be called. V8 itself is left alone: a
    /// callback may be at work where it could not bear that.
    fn watch_promises(&self) {
        let wanted = self.hooks.lists.borrow().iter().any(|list| !list.is_empty());
        // SAFETY: the engine is alive.
        unsafe { ffi::v8wire_want_promises(self.raw(), wanted) }
    }
}

impl Engine {
    /// The promise hooks. Node's `v8.promiseHooks`.
    ///
    /// From the first call on, V8 reports each promise of this engine, which costs a little even where
    /// no hook is on.
    pub fn promise_hooks(&mut self) -> PromiseHooks {
        if !self.inner.hooks.installed.replace(true) {
            // SAFETY: the engine is alive, and `Inner` as long as it is.
            unsafe {
                let (engine, data) = (self.inner.raw(), self.inner.as_data());
                ffi::v8wire_set_promise_hook(engine, Some(on_promise), data);
            }
        }
        PromiseHooks(Rc::downgrade(&self.inner))
    }
}
