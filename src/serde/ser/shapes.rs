//! The fields of the struct that was written last at each depth: mostly those of the next one too.
//!
//! As long as a struct has the same names in the same order, they need not be looked at again: they were
//! found to be different from each other, and to be no array indices.

use alloc::vec::Vec;

use crate::write::{Entry, PlainKey};

/// Structs at greater depths are written without.
const DEPTHS: usize = 16;
/// Structs with more fields are written without.
const FIELDS: usize = 64;

struct Field {
    name: &'static str,
    key: PlainKey,
}

#[derive(Default)]
struct Shape {
    fields: Vec<Field>,
    /// Whether a struct has ended that had just these.
    whole: bool,
}

#[derive(Default)]
pub(super) struct Shapes {
    shapes: Vec<Shape>,
    /// The depths at which a struct has ended: the first one is mostly the only one, but
    /// in an array.
    met: u16,
}

impl Shapes {
    /// A struct begins, of which more are to be expected or not; whether there is a shape that it may follow.
    pub(super) fn begin(&mut self, depth: usize, more: bool) -> bool {
        if depth >= DEPTHS || !more && self.met & 1 << depth == 0 {
            return false;
        }
        if self.shapes.len() <= depth {
            self.shapes.resize_with(depth + 1, Shape::default);
        }
        let shape = &mut self.shapes[depth];
        if !shape.whole {
            shape.fields.clear();
        }
        shape.whole
    }

    /// The field of this number, if it has this name. That is not looked at but for where it stands:
    /// names that are equal and elsewhere are just written more slowly.
    #[inline]
    pub(super) fn follow(
        &self,
        depth: usize,
        number: usize,
        name: &'static str,
    ) -> Option<&PlainKey> {
        let field = self.shapes.get(depth)?.fields.get(number)?;
        core::ptr::eq(field.name, name).then_some(&field.key)
    }

    /// The struct has this field, and those before it in the shape.
    pub(super) fn note(&mut self, depth: usize, number: usize, name: &'static str, entry: Entry) {
        let Some(shape) = self.shapes.get_mut(depth) else { return };
        shape.whole = false;
        shape.fields.truncate(number);
        if shape.fields.len() == number
            && number < FIELDS
            && let Some(key) = PlainKey::new(name, entry)
        {
            shape.fields.push(Field { name, key });
        }
    }

    /// A struct has ended that has so many fields, no two of them alike.
    pub(super) fn end(&mut self, depth: usize, count: usize) {
        if depth < DEPTHS {
            self.met |= 1 << depth;
        }
        if let Some(shape) = self.shapes.get_mut(depth) {
            shape.whole = count > 0 && shape.fields.len() == count;
        }
    }
}
