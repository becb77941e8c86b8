//! V8 in this process, see v8.cc.

use std::ffi::{CStr, c_char};

unsafe extern "C" {
    fn peers_v8_start();
    fn peers_v8_version() -> *const c_char;
    fn peers_v8_read(data: *const u8, size: usize) -> bool;
    fn peers_v8_keep(data: *const u8, size: usize) -> bool;
    fn peers_v8_write(size: *mut usize) -> *mut u8;
    fn peers_v8_free(data: *mut u8);
}

/// The one isolate, on this thread.
pub struct Engine(());

/// What V8 wrote, in its own memory.
pub struct Written(*mut u8, usize);

impl Engine {
    /// To be called once.
    pub fn start() -> Self {
        // SAFETY: called once, on the thread that all other calls come from.
        unsafe { peers_v8_start() };
        Engine(())
    }

    pub fn version(&self) -> &'static str {
        // SAFETY: a static string of V8's.
        unsafe { CStr::from_ptr(peers_v8_version()) }.to_str().unwrap_or("?")
    }

    pub fn read(&self, blob: &[u8]) -> bool {
        // SAFETY: V8 has started; it reads within the slice.
        unsafe { peers_v8_read(blob.as_ptr(), blob.len()) }
    }

    pub fn keep(&self, blob: &[u8]) -> bool {
        // SAFETY: V8 has started; it reads within the slice.
        unsafe { peers_v8_keep(blob.as_ptr(), blob.len()) }
    }

    pub fn write(&self) -> Written {
        let mut size = 0;
        // SAFETY: V8 has started, and `keep` has been called.
        let data = unsafe { peers_v8_write(&mut size) };
        assert!(!data.is_null(), "V8 does not write it");
        Written(data, size)
    }
}

impl std::ops::Deref for Written {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: so many bytes are there, and ours.
        unsafe { std::slice::from_raw_parts(self.0, self.1) }
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        // SAFETY: from `peers_v8_write`, freed once.
        unsafe { peers_v8_free(self.0) };
    }
}
