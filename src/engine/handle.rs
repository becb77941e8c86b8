//! Values that stay in V8.

use std::fmt;
use std::ptr::NonNull;
use std::rc::Rc;

use super::ffi;
use super::isolate::Inner;

/// A value within an [`Engine`](super::Engine), of any kind: also functions, promises and symbols,
/// which have no form in bytes. V8 keeps it as long as the handle lives.
///
/// It belongs to the engine that gave it; others refuse it. Where it outlives the engine, V8's
/// memory is freed with the last handle.
pub struct Handle {
    raw: NonNull<ffi::Handle>,
    engine: Rc<Inner>,
}

impl Handle {
    /// Takes what the shim made for this engine; `None` for null.
    pub(super) fn new(engine: &Rc<Inner>, raw: *mut ffi::Handle) -> Option<Handle> {
        Some(Handle { raw: NonNull::new(raw)?, engine: engine.clone() })
    }

    pub(super) fn raw(&self) -> *mut ffi::Handle {
        self.raw.as_ptr()
    }

    pub(super) fn is_of(&self, engine: &Inner) -> bool {
        std::ptr::eq(&*self.engine, engine)
    }
}

impl Clone for Handle {
    fn clone(&self) -> Self {
        // SAFETY: both are alive: `self` holds them.
        let raw = unsafe { ffi::v8wire_handle_clone(self.engine.raw(), self.raw()) };
        let raw = NonNull::new(raw).expect("the shim allocates or aborts");
        Handle { raw, engine: self.engine.clone() }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the engine is alive, `self` holds it; and nobody has the handle any more.
        unsafe { ffi::v8wire_handle_free(self.engine.raw(), self.raw()) }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").finish_non_exhaustive()
    }
}
