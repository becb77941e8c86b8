//! State that few inputs need: others neither make it, move it nor take it apart.

use alloc::boxed::Box;
use core::ops::{Deref, DerefMut};

/// What has an empty state that all can share.
pub(crate) trait Empty: Default + 'static {
    const EMPTY: &'static Self;
}

/// Empty until it is first changed. Once made it is kept, so that a later use of it allocates nothing.
#[derive(Clone, Debug)]
pub(crate) struct Rare<T>(Option<Box<T>>);

impl<T> Rare<T> {
    /// What there is, to be emptied.
    pub(crate) fn made(&mut self) -> Option<&mut T> {
        self.0.as_deref_mut()
    }
}

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Rare(None)
    }
}

impl<T: Empty> Deref for Rare<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or(T::EMPTY)
    }
}

impl<T: Empty> DerefMut for Rare<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}
