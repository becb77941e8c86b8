//! An allocator that counts.
#![allow(unsafe_code)] // It cannot be made without.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

/// Of one thread: tests run side by side.
#[derive(Clone, Copy, Default)]
struct Count {
    calls: usize,
    live: usize,
    peak: usize,
}

thread_local! {
    static COUNT: Cell<Count> = const { Cell::new(Count { calls: 0, live: 0, peak: 0 }) };
}

fn count(freed: usize, taken: usize) {
    // The thread may be ending; what it then does does not count.
    let _ = COUNT.try_with(|cell| {
        let mut count = cell.get();
        count.calls += usize::from(taken > 0);
        count.live = (count.live + taken).saturating_sub(freed);
        count.peak = count.peak.max(count.live);
        cell.set(count);
    });
}

// SAFETY: every call goes to the system's allocator as it came; counting touches neither the pointer
// nor the layout, and allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(0, layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(layout.size(), 0);
        // SAFETY: the pointer came from `System` with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(layout.size(), size);
        // SAFETY: the pointer came from `System` with this layout.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often `task` allocated, and the most bytes that it held at a time.
pub(super) fn counted<R>(task: impl FnOnce() -> R) -> (R, usize, usize) {
    let before = COUNT.get();
    COUNT.set(Count { peak: before.live, ..before });
    let result = task();
    let after = COUNT.get();
    (result, after.calls - before.calls, after.peak - before.live)
}
