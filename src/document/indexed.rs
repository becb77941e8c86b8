//! `doc.root()["users"][0]["name"]`.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::OnceCell;
use core::ops::{Deref, Index};

use super::value::Value;

/// A [`Value`] that can be indexed.
///
/// `Index` has to return a reference, so each step is kept within the value that it starts from. An
/// index that leads nowhere gives `undefined`, as in JavaScript (but does not throw further on). For
/// loops take [`Value::elements`], whose steps are not kept.
pub struct Indexed<'d, 'a> {
    value: Value<'d, 'a>,
    steps: OnceCell<Box<Step<'d, 'a>>>,
}

/// A value that an index led to, and the next one.
struct Step<'d, 'a> {
    to: Indexed<'d, 'a>,
    next: OnceCell<Box<Step<'d, 'a>>>,
}

impl<'d, 'a> Indexed<'d, 'a> {
    pub(super) fn new(value: Value<'d, 'a>) -> Self {
        Indexed { value, steps: OnceCell::new() }
    }

    /// The value, to keep.
    pub fn value(&self) -> Value<'d, 'a> {
        self.value
    }

    fn step(&self, to: Value<'d, 'a>) -> &Self {
        let mut cell = &self.steps;
        loop {
            let step =
                cell.get_or_init(|| Box::new(Step { to: Indexed::new(to), next: OnceCell::new() }));
            if step.to.value.is_same(to) {
                return &step.to;
            }
            cell = &step.next;
        }
    }
}

/// Steps are taken apart one by one: how many there are, and how deep they go, is the caller's affair.
impl Drop for Step<'_, '_> {
    fn drop(&mut self) {
        let mut rest: Vec<Box<Step<'_, '_>>> = self.next.take().into_iter().collect();
        rest.extend(self.to.steps.take());
        while let Some(mut step) = rest.pop() {
            rest.extend(step.next.take());
            rest.extend(step.to.steps.take());
        }
    }
}

/// The value, without the steps that were made from it.
impl Clone for Indexed<'_, '_> {
    fn clone(&self) -> Self {
        Indexed::new(self.value)
    }
}

impl<'d, 'a> Deref for Indexed<'d, 'a> {
    type Target = Value<'d, 'a>;

    fn deref(&self) -> &Value<'d, 'a> {
        &self.value
    }
}

impl Index<&str> for Indexed<'_, '_> {
    type Output = Self;

    /// As [`Value::get`].
    fn index(&self, name: &str) -> &Self {
        self.step(self.value.get(name).unwrap_or_else(|| Value::missing(self.value.doc)))
    }
}

impl Index<usize> for Indexed<'_, '_> {
    type Output = Self;

    /// As [`Value::get_index`].
    fn index(&self, index: usize) -> &Self {
        let found = u32::try_from(index).ok().and_then(|index| self.value.get_index(index));
        self.step(found.unwrap_or_else(|| Value::missing(self.value.doc)))
    }
}

impl core::fmt::Debug for Indexed<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.value.fmt(f)
    }
}
