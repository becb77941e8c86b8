//! Lines: what fits on one, what goes into columns, and a stack for the rest.
//!
//! The rules are those of `reduceToSingleString` and `groupArrayElements` in Node's
//! `lib/internal/util/inspect.js`. Node makes the text of each part first and measures it then. Here a
//! part is tried on one line, which fails within a line's length, and is otherwise written item by
//! item, so that nothing is held but a line and the stack.

use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use super::InspectOptions;
use super::items::{Item, Items, Shape, shape};
use super::leaf;
use super::paint::{AsWrite, Direct, Line, Paint, Style};
use crate::document::raw::HAS_VIEW;
use crate::document::{Document, Kind, Value};

/// Levels that may stand on one line (Node's `compact`).
const COMPACT: usize = 3;
/// More items than these are put into columns.
const MIN_GROUPED: usize = 6;
/// What one line may nest at most, whatever its length.
const MAX_FLAT: usize = 64;

/// An object that occurs several times.
struct Shared {
    node: u32,
    /// The number it is shown with.
    number: u32,
    shown: bool,
    open: bool,
}

/// A container that is written item by item.
struct Frame<'a> {
    items: Items<'a>,
    /// Its node, for [`Shared::open`].
    node: u32,
    indent: usize,
    depth: usize,
    close: char,
    /// The value of a map's entry whose key is being written.
    pending: Option<u32>,
    first: bool,
}

struct Inspector<'d, 'a> {
    doc: &'d Document<'a>,
    options: InspectOptions,
    shared: Vec<Shared>,
    /// Which of them were shown, in order: a line that failed takes its own back.
    log: Vec<usize>,
    /// The level of the container that was entered last (Node's `currentDepth`).
    current_depth: usize,
    frames: Vec<Frame<'a>>,
}

pub(super) fn write(
    value: Value<'_, '_>,
    options: &InspectOptions,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let doc = value.document();
    let mut options = *options;
    if options.full {
        options.depth = None;
        options.max_items = usize::MAX;
        options.max_string = usize::MAX;
        options.max_bytes = usize::MAX;
    }
    let mut inspector = Inspector {
        doc,
        options,
        shared: shared(doc),
        log: Vec::new(),
        current_depth: 0,
        frames: Vec::new(),
    };
    let mut paint = Direct { out, colors: options.colors };
    inspector.value(value, 0, 0, &mut paint)?;
    while inspector.step(&mut paint)? {}
    Ok(())
}

/// The objects that are referred to, by node, numbered by their first references.
fn shared(doc: &Document<'_>) -> Vec<Shared> {
    // A reference that only stands in front of a view shows no buffer.
    let references = doc.references().filter(|node| !node.flag(HAS_VIEW));
    let mut list: Vec<(u32, usize)> =
        references.enumerate().map(|(order, node)| (node.a, order)).collect();
    list.sort_unstable();
    list.dedup_by_key(|entry| entry.0);
    list.sort_unstable_by_key(|entry| entry.1);
    let mut shared: Vec<Shared> = list
        .iter()
        .zip(1..)
        .map(|(entry, number)| Shared { node: entry.0, number, shown: false, open: false })
        .collect();
    shared.sort_unstable_by_key(|shared| shared.node);
    shared
}

impl<'d, 'a> Inspector<'d, 'a> {
    fn find(&self, value: Value<'d, 'a>) -> Option<usize> {
        let node = value.id()?;
        self.shared.binary_search_by_key(&node, |shared| shared.node).ok()
    }

    fn set_open(&mut self, node: u32, open: bool) {
        let found = self.shared.binary_search_by_key(&node, |shared| shared.node);
        if let Some(shared) = found.ok().and_then(|at| self.shared.get_mut(at)) {
            shared.open = open;
        }
    }

    /// Forgets what was shown since.
    fn take_back(&mut self, shown: usize) {
        while self.log.len() > shown {
            let at = self.log.pop();
            if let Some(shared) = at.and_then(|at| self.shared.get_mut(at)) {
                shared.shown = false;
                shared.open = false;
            }
        }
    }

    /// Writes a value that has no items to show, or what stands in front of its items, which are
    /// returned.
    fn begin(
        &mut self,
        value: Value<'d, 'a>,
        indent: usize,
        depth: usize,
        paint: &mut dyn Paint,
    ) -> Result<Option<Shape<'a>>, fmt::Error> {
        let at = self.find(value);
        let known = at.and_then(|at| self.shared.get(at));
        if let Some(&Shared { number, shown: true, open, .. }) = known {
            let word = if open { "Circular" } else { "Ref" };
            paint.begin(Style::Special)?;
            write!(AsWrite(paint), "[{word} *{number}]")?;
            return paint.end(Style::Special).map(|()| None);
        }
        let shape = shape(value, self.options.max_items).filter(|shape| !is_leaf(value, shape));
        if let Some(shape) = &shape
            && self.options.depth.is_some_and(|most| depth > most)
            && !shape.items.is_empty()
        {
            return leaf::too_deep(value, shape.name, paint).map(|()| None);
        }
        if let Some((at, shared)) = at.and_then(|at| Some((at, self.shared.get_mut(at)?))) {
            shared.shown = true;
            shared.open = shape.is_some();
            let number = shared.number;
            self.log.push(at);
            paint.begin(Style::Special)?;
            write!(AsWrite(paint), "<ref *{number}>")?;
            paint.end(Style::Special)?;
            paint.text(" ")?;
        }
        let Some(shape) = shape else {
            return leaf::leaf(value, &self.options, indent, paint).map(|()| None);
        };
        head(value, &shape, &self.options, indent, paint)?;
        if shape.items.is_empty() {
            self.set_open(value.id().unwrap_or(u32::MAX), false);
            write!(AsWrite(paint), "{}", shape.brackets.1)?;
            return Ok(None);
        }
        self.current_depth = depth;
        Ok(Some(shape))
    }

    /// Writes a value, or begins to.
    fn value(
        &mut self,
        value: Value<'d, 'a>,
        indent: usize,
        depth: usize,
        paint: &mut dyn Paint,
    ) -> fmt::Result {
        let shown = self.log.len();
        let current_depth = self.current_depth;
        let room = self.options.width.saturating_sub(indent);
        let mut line = Line::new(room, self.options.colors);
        if self.flat(value, indent, depth, 0, &mut line).is_ok() {
            return paint_line(&line, paint);
        }
        self.take_back(shown);
        self.current_depth = current_depth;
        let Some(shape) = self.begin(value, indent, depth, paint)? else { return Ok(()) };
        let node = value.id().unwrap_or(u32::MAX);
        let close = shape.brackets.1;
        if shape.is_list() && self.grouped(value, indent, depth, paint)? {
            self.set_open(node, false);
            paint.line(indent)?;
            return write!(AsWrite(paint), "{close}");
        }
        let items = shape.items;
        self.frames.push(Frame { items, node, indent, depth, close, pending: None, first: true });
        Ok(())
    }

    /// Goes on in the innermost container; `false` when there is none.
    fn step(&mut self, paint: &mut dyn Paint) -> Result<bool, fmt::Error> {
        let doc = self.doc;
        let Some(frame) = self.frames.last_mut() else { return Ok(false) };
        let (indent, depth) = (frame.indent + 2, frame.depth + 1);
        if let Some(slot) = frame.pending.take() {
            paint.text(" => ")?;
            self.value(doc.value_at(slot), indent, depth, paint)?;
            return Ok(true);
        }
        let Some(item) = frame.items.next(doc) else {
            let (node, indent, close) = (frame.node, frame.indent, frame.close);
            self.frames.pop();
            self.set_open(node, false);
            paint.line(indent)?;
            write!(AsWrite(paint), "{close}")?;
            return Ok(true);
        };
        if !core::mem::take(&mut frame.first) {
            paint.text(",")?;
        }
        if let Item::Entry(_, value) = item {
            frame.pending = Some(value);
        }
        paint.line(indent)?;
        if let Some(value) = self.before_value(item, paint)? {
            self.value(value, indent, depth, paint)?;
        }
        Ok(true)
    }

    /// What stands in front of an item's value, which is returned; all of an item without one.
    fn before_value(
        &self,
        item: Item<'a>,
        paint: &mut dyn Paint,
    ) -> Result<Option<Value<'d, 'a>>, fmt::Error> {
        match item {
            Item::Value(slot) | Item::Entry(slot, _) => Ok(Some(self.doc.value_at(slot))),
            Item::Property(key, slot) => {
                leaf::key(self.doc, key, paint)?;
                Ok(Some(self.doc.value_at(slot)))
            }
            Item::Part(name, node) => {
                paint.text(name)?;
                paint.text(": ")?;
                Ok(Some(self.doc.value_of(node)))
            }
            _ => leaf::item(item, &self.options, paint).map(|()| None),
        }
    }

    // One line.

    /// A value on one line, or an error where it has no place there. Recursion ends with the line.
    fn flat(
        &mut self,
        value: Value<'d, 'a>,
        indent: usize,
        depth: usize,
        level: usize,
        line: &mut Line,
    ) -> fmt::Result {
        if level > MAX_FLAT {
            return Err(fmt::Error);
        }
        let start = line.width;
        let Some(mut shape) = self.begin(value, indent, depth, line)? else { return Ok(()) };
        // What Node takes for the text around the items: not the space behind a base.
        let base = value.kind() == Kind::Error || self.find(value).is_some();
        let around = line.width - start - usize::from(base) + indent + 10;
        let mut widths = Widths::default();
        while let Some(item) = shape.items.next(self.doc) {
            line.text(if widths.count == 0 { " " } else { ", " })?;
            let before = line.width;
            self.flat_item(item, indent, depth, level, line)?;
            widths.push(item, line.width - before, self.doc);
            let least = around.saturating_add(widths.count.saturating_mul(3));
            let needed = around.saturating_add(2 * widths.count).saturating_add(widths.sum);
            if least.max(needed) > self.options.width {
                return Err(fmt::Error);
            }
        }
        let grouped = shape.is_list() && widths.columns(indent, &self.options) > 1;
        if grouped || self.current_depth.saturating_sub(depth) >= COMPACT {
            return Err(fmt::Error);
        }
        line.text(" ")?;
        write!(AsWrite(line), "{}", shape.brackets.1)?;
        self.set_open(value.id().unwrap_or(u32::MAX), false);
        Ok(())
    }

    fn flat_item(
        &mut self,
        item: Item<'a>,
        indent: usize,
        depth: usize,
        level: usize,
        line: &mut Line,
    ) -> fmt::Result {
        if let Some(value) = self.before_value(item, line)? {
            self.flat(value, indent + 2, depth + 1, level + 1, line)?;
        }
        if let Item::Entry(_, slot) = item {
            line.text(" => ")?;
            self.flat(self.doc.value_at(slot), indent + 2, depth + 1, level + 1, line)?;
        }
        Ok(())
    }

    // Columns.

    /// Writes the items of a list in columns, if they are short and many; `false` otherwise.
    fn grouped(
        &mut self,
        value: Value<'d, 'a>,
        indent: usize,
        depth: usize,
        paint: &mut dyn Paint,
    ) -> Result<bool, fmt::Error> {
        let fresh = || shape(value, self.options.max_items).map(|shape| shape.items);
        let (Some(mut items), Some(mut again)) = (fresh(), fresh()) else { return Ok(false) };
        let shown = self.log.len();
        let current_depth = self.current_depth;
        // Three of the longest must fit next to each other.
        let longest = (self.options.width.saturating_sub(indent + 1) / 3).saturating_sub(2);
        let mut line = Line::new(longest, self.options.colors);
        let mut widths = Widths::default();
        let mut fits = true;
        while let Some(item) = items.next(self.doc) {
            line.clear();
            fits = matches!(item, Item::More(_))
                || self.flat_item(item, indent, depth, 0, &mut line).is_ok();
            if !fits {
                break;
            }
            widths.push(item, line.width, self.doc);
        }
        self.take_back(shown);
        let columns = if fits { widths.columns(indent, &self.options) } else { 1 };
        if columns <= 1 {
            self.current_depth = current_depth;
            return Ok(false);
        }
        let column_widths: Vec<usize> = (0..columns)
            .map(|column| {
                let list = widths.list.iter().skip(column).step_by(columns);
                usize::from(list.copied().max().unwrap_or(0)) + 2
            })
            .collect();
        let mut done = 0;
        while let Some(item) = again.next(self.doc) {
            line.clear();
            let column = done % columns;
            if column == 0 || matches!(item, Item::More(_)) {
                paint.text(if done > 0 { "," } else { "" })?;
                paint.line(indent + 2)?;
            }
            if matches!(item, Item::More(_)) {
                leaf::item(item, &self.options, paint)?;
                continue;
            }
            self.flat_item(item, indent, depth, 0, &mut line)?;
            done += 1;
            let last = column + 1 == columns || done == widths.list.len();
            let room = column_widths.get(column).copied().unwrap_or(2);
            let pad = room.saturating_sub(2).saturating_sub(line.width);
            if widths.numbers {
                write!(AsWrite(paint), "{:pad$}", "")?;
            }
            paint_line(&line, paint)?;
            if !last {
                paint.text(", ")?;
                if !widths.numbers {
                    write!(AsWrite(paint), "{:pad$}", "")?;
                }
            }
        }
        Ok(true)
    }
}

/// The widths of a list's items.
struct Widths {
    list: Vec<u16>,
    /// Of all of them, with what stands for those not shown.
    sum: usize,
    count: usize,
    numbers: bool,
}

impl Default for Widths {
    fn default() -> Self {
        Widths { list: Vec::new(), sum: 0, count: 0, numbers: true }
    }
}

impl Widths {
    fn push(&mut self, item: Item<'_>, width: usize, doc: &Document<'_>) {
        self.sum = self.sum.saturating_add(width);
        self.count += 1;
        if matches!(item, Item::More(_)) {
            return;
        }
        self.list.push(u16::try_from(width).unwrap_or(u16::MAX));
        self.numbers &= match item {
            Item::Float(_) | Item::Signed(_) | Item::Unsigned(_) => true,
            Item::Value(slot) => matches!(doc.value_at(slot).kind(), Kind::Number | Kind::BigInt),
            _ => false,
        };
    }

    /// How many columns they are laid out in; 1 for none.
    fn columns(&self, indent: usize, options: &InspectOptions) -> usize {
        if self.count <= MIN_GROUPED {
            return 1;
        }
        let longest = usize::from(self.list.iter().copied().max().unwrap_or(0));
        let total: usize = self.list.iter().map(|&width| usize::from(width) + 2).sum();
        let most = longest + 2;
        // They are of about the same length, or short.
        if most * 3 + indent >= options.width || !(total > 5 * most || longest <= 6) {
            return 1;
        }
        let bias = sqrt(most as f64 - total as f64 / self.count as f64);
        let biased = (most as f64 - 3.0 - bias).max(1.0);
        // About a square, where a character is 2.5 times as high as wide.
        let square = sqrt(2.5 * biased * self.list.len() as f64) / biased + 0.5;
        let fit = options.width.saturating_sub(indent) / most;
        (square as usize).min(fit).min(COMPACT * 4).min(15)
    }
}

/// Newton's method; `core` has no square root.
fn sqrt(square: f64) -> f64 {
    if square <= 0.0 {
        return 0.0;
    }
    let mut root = square.max(1.0);
    for _ in 0..64 {
        root = (root + square / root) / 2.0;
    }
    root
}

/// An error without a cause.
fn is_leaf(value: Value<'_, '_>, shape: &Shape<'_>) -> bool {
    value.kind() == Kind::Error && shape.items.is_empty()
}

/// What stands in front of the items, the bracket included.
fn head(
    value: Value<'_, '_>,
    shape: &Shape<'_>,
    options: &InspectOptions,
    indent: usize,
    paint: &mut dyn Paint,
) -> fmt::Result {
    if value.kind() == Kind::Error {
        leaf::leaf(value, options, indent, paint)?;
        paint.text(" ")?;
    }
    paint.text(shape.name)?;
    if let Some(size) = shape.size {
        write!(AsWrite(paint), "({size})")?;
    }
    if !shape.name.is_empty() {
        paint.text(" ")?;
    }
    write!(AsWrite(paint), "{}", shape.brackets.0)
}

/// A line that holds its escape codes already.
fn paint_line(line: &Line, paint: &mut dyn Paint) -> fmt::Result {
    paint.text(&line.text)
}
