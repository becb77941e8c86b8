//! Reading and writing without the standard library, behind a C function.
#![no_std]

extern crate alloc;

use alloc::string::ToString;
use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};

unsafe extern "C" {
    fn aligned_alloc(align: usize, size: usize) -> *mut u8;
    fn free(pointer: *mut u8);
    fn abort() -> !;
}

/// C's allocator.
struct Malloc;

// SAFETY: `aligned_alloc` gives memory of this alignment, whose size must be a multiple of it.
unsafe impl GlobalAlloc for Malloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let align = layout.align().max(size_of::<usize>());
        // SAFETY: the alignment is a power of two, and the size a multiple of it.
        unsafe { aligned_alloc(align, layout.size().next_multiple_of(align)) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, _: Layout) {
        // SAFETY: the pointer came from `alloc`.
        unsafe { free(pointer) }
    }
}

#[global_allocator]
static ALLOCATOR: Malloc = Malloc;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: it can be called at any time.
    unsafe { abort() }
}

/// `core` and `alloc` come compiled for unwinding.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

/// Reads a blob, writes it again, and tells: the number of nodes, minus the offset of an error, or the
/// smallest number where the bytes that were written are others.
///
/// # Safety
/// `data` points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn v8wire_check(data: *const u8, length: usize) -> i64 {
    // SAFETY: the caller says so.
    let data = unsafe { core::slice::from_raw_parts(data, length) };
    match v8wire::Document::parse(data) {
        Ok(document) => {
            let written: Vec<u8> = document.to_vec();
            if written == data { document.node_count() as i64 } else { i64::MIN }
        }
        Err(error) => {
            let _ = error.to_string();
            -(error.offset() as i64)
        }
    }
}
