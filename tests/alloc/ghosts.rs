//! Version 13 whose first reading fails behind all of it, and whose second refers to what that left.

use std::sync::Arc;

use v8wire::{
    Delegate, Externals, HostError, HostReader, HostStep, ParseOptions, Reader, Release, Strictness,
};

use super::counting::counted;
use super::{ANY, PER_BYTE, PER_LEVEL, blobs};

/// Good with flags only, and not without: there the last byte is a tag that there is not.
const VIEW: &[u8] = b"B\0VB\0\0\x04";

/// Host objects are one value.
struct One;

impl Delegate for One {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        Ok(if host.step() == 0 { HostStep::Value } else { HostStep::Done })
    }
}

fn varint(value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    blobs::varint(&mut bytes, value);
    bytes
}

fn reference(id: usize) -> Vec<u8> {
    [b"^", &varint(id)[..]].concat()
}

/// The key of a property, as short as there is one.
fn key(index: usize) -> Vec<u8> {
    [b"U", &varint(index)[..]].concat()
}

/// What stands there over and over.
#[derive(Clone, Copy)]
struct Unit {
    bytes: &'static [u8],
    /// How many objects are in it in the first reading.
    objects: usize,
    /// How many values it is in the second.
    values: usize,
    /// Whether a number follows that is not the same twice.
    numbered: bool,
}

const fn unit(bytes: &'static [u8], objects: usize) -> Unit {
    Unit { bytes, objects, values: 1, numbered: false }
}

const UNITS: [Unit; 39] = [
    unit(b"y", 1),
    unit(b"T", 0),
    Unit { values: 2, ..unit(b"Ty", 1) },
    unit(b"I\0", 0),
    unit(b"\"\0", 0),
    unit(b"Z\0", 0),
    unit(b"z\0", 1),
    unit(b"s\"\0", 1),
    unit(b"R\"\0\0", 1),
    unit(b"D\0\0\0\0\0\0\0\0", 1),
    unit(b"^\0", 0),
    unit(b"r.", 1),
    unit(b"rT.", 1),
    unit(b"rcT.", 1),
    unit(b"rTm\"\0s\"\0cy.", 2),
    unit(b"rTm\"\0cr..", 2),
    unit(b"o{\0", 1),
    unit(b"o\"\0y{\x01", 2),
    unit(b"',\0", 1),
    unit(b"'y,\x01", 2),
    unit(b"'T',\0,\x02", 2),
    unit(b";:\0", 1),
    unit(b";yy:\x02", 3),
    unit(b"A\0$\0\0", 1),
    unit(b"A\x03y-y$\0\x03", 3),
    unit(b"a\0@\0\0", 1),
    unit(b"a\x01I\0y@\x01\x01", 2),
    unit(b"B\0", 1),
    unit(b"~\0\0", 1),
    unit(b"B\0VB\0\0\0", 2),
    unit(b"B\0V?\0\0\0", 2),
    // Without flags there is a date of what are booleans with them.
    Unit { values: 9, ..unit(b"B\0VB\0\0Dyyyyyyyy", 3) },
    unit(b"t\0", 1),
    unit(b"u\0", 1),
    unit(b"w\0", 1),
    Unit { numbered: true, ..unit(b"t", 1) },
    Unit { numbered: true, ..unit(b"u", 1) },
    Unit { numbered: true, ..unit(b"w", 1) },
    unit(b"m\0\0u\0", 2),
];

/// Host objects that take one byte, and a value.
const HOSTS: [Unit; 6] = [
    unit(b"\\y", 2),
    unit(b"\\\\\\\\y", 5),
    unit(b"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\y", 21),
    Unit { values: 16, ..unit(b"\\yyyyyyyyyyyyyyyy", 17) },
    unit(b"\\\\o{\0", 3),
    // Read twice by itself.
    unit(b"\\B\0VB\0\0\x04", 3),
];

impl Unit {
    /// So many of them that they take `size` bytes.
    fn count(&self, size: usize) -> usize {
        (size / (self.bytes.len() + if self.numbered { 2 } else { 0 })).max(1)
    }

    fn nth(&self, index: usize) -> Vec<u8> {
        let number = if self.numbered { varint(index) } else { Vec::new() };
        [self.bytes, &number].concat()
    }

    fn list(&self, count: usize) -> Vec<u8> {
        (0..count).flat_map(|index| self.nth(index)).collect()
    }

    /// A list of properties of which each is one, and how many there are.
    fn properties(&self, size: usize) -> (Vec<u8>, usize) {
        let count = (size / (self.nth(1).len() + 4)).max(1);
        ((0..count).flat_map(|index| [key(index), self.nth(index)].concat()).collect(), count)
    }
}

struct Blob {
    name: String,
    bytes: Vec<u8>,
    depth: usize,
}

/// Blobs of about this size in which what was left is units.
fn of_units(size: usize, unit: &Unit) -> Vec<Blob> {
    let count = unit.count(size);
    let list = &unit.list(count)[..];
    let values = count * unit.values;
    let name = unit.bytes.escape_ascii();
    let mut blobs = Vec::new();
    let inside = unit.bytes.iter().take_while(|&&byte| byte == b'\\').count();
    let mut add = |shape: &str, depth: usize, parts: &[&[u8]]| {
        let bytes = [b"\xFF\x0D", &parts.concat()[..]].concat();
        let depth = depth + inside + 8;
        blobs.push(Blob { name: format!("{shape} of {name}"), bytes, depth });
    };
    let length = varint(values + 2);
    // A container that is whole.
    add("set", 0, &[b"A\x03'", list, b",", &varint(values), VIEW, b"^\x01$\0\x03"]);
    let array = [b"A", &varint(values)[..], list, b"$\0", &varint(values)].concat();
    add("array", 0, &[b"A\x03", &array, VIEW, b"^\x01$\0\x03"]);
    // A container that is not.
    add("half array", 0, &[b"A", &length, list, VIEW, b"^\0$\0", &length]);
    add("half set", 0, &[b"'", list, VIEW, b"^\0,", &length]);
    let even = unit.list(count & !1);
    let length = varint((count & !1) * unit.values + 2);
    add("half map", 0, &[b";", &even, VIEW, b"^\0:", &length]);
    if unit.values == 1 {
        let (list, count) = unit.properties(size);
        let length = varint(count + 2);
        let last = [&key(count), VIEW, &key(count + 1), b"^\0"].concat();
        add("half object", 0, &[b"o", &list, &last, b"{", &length]);
        add("half sparse array", 0, &[b"a\0", &list, &last, b"@", &length, b"\0"]);
        add("properties of array", 0, &[b"A\0", &list, &last, b"$", &length, b"\0"]);
        let object = [b"o", &list[..], b"{", &varint(count)].concat();
        add("object", 0, &[b"A\x03", &object, VIEW, b"^\x01$\0\x03"]);
    }
    // Several, from the first one to the last and the other way.
    for many in [10, (size / 200).max(1)] {
        let count = (count / many).max(1);
        let set = [b"'", &unit.list(count)[..], b",", &varint(count * unit.values)].concat();
        let length = varint(2 * many + 1);
        let ids = (0..many).map(|index| 1 + index * (1 + count * unit.objects));
        let there: Vec<u8> = ids.clone().flat_map(reference).collect();
        let back: Vec<u8> = ids.rev().flat_map(reference).collect();
        for references in [there, back] {
            let sets = set.repeat(many);
            add("sets", 0, &[b"A", &length, &sets, VIEW, &references, b"$\0", &length]);
        }
        // Arrays in each other.
        let around = varint(count * unit.values + 1);
        let inside = varint(count * unit.values + 2);
        let list = unit.list(count);
        let arrays = [b"A", &around[..], &list].concat().repeat(many);
        let ends = [b"$\0", &around[..]].concat().repeat(many);
        let innermost = [b"A", &inside[..], &list, VIEW, b"^\0$\0", &inside].concat();
        add("half arrays", many, &[&arrays, &innermost, &ends]);
        // Values, all of which are read twice.
        let value = [b"'", &list[..], VIEW, b",", &varint(count * unit.values + 1)].concat();
        let ids = (0..many).map(|index| (index + 1) * (3 + count * unit.objects));
        let references: Vec<u8> = ids.flat_map(reference).collect();
        add("values", 0, &[&value.repeat(many), b"^\0", &references]);
    }
    // Each object by itself.
    if unit.objects == 1 {
        let count = size / (unit.nth(1).len() + 4);
        let references: Vec<u8> = (1..=count).rev().flat_map(reference).collect();
        let length = varint(count * (1 + unit.values) + 1);
        add("single ones", 0, &[b"'", &unit.list(count), VIEW, &references, b",", &length]);
    }
    blobs
}

/// Others.
fn others(size: usize) -> Vec<Blob> {
    let mut blobs = Vec::new();
    let mut add = |name: &str, depth: usize, parts: &[&[u8]]| {
        let bytes = [b"\xFF\x0D", &parts.concat()[..]].concat();
        blobs.push(Blob { name: name.to_owned(), bytes, depth: depth + 8 });
    };
    // Each of many within each other, from the inside and from the outside.
    let count = (size / 8).min(9_000);
    let sets = ["'".repeat(count), ",\0".to_owned(), ",\x01".repeat(count - 1)].concat();
    for order in [(1..=count).collect::<Vec<_>>(), (1..=count).rev().collect()] {
        let references: Vec<u8> = order.into_iter().flat_map(reference).collect();
        let length = varint(count + 2);
        add("sets in sets", count, &[b"'", sets.as_bytes(), VIEW, &references, b",", &length]);
    }
    // Views of one buffer, which is of the first reading for both.
    let count = size / 7;
    let (views, length) = (b"^\x01VB\0\0\0".repeat(count), varint(count + 3));
    add("views", 0, &[b"A", &length, b"B\0", &views, VIEW, b"^\0$\0", &length]);
    // Holes.
    for unit in [&b"-"[..], b"y-", b"-yy"] {
        let count = size / unit.len() * unit.len();
        let (list, length) = (unit.repeat(size / unit.len()), varint(count + 2));
        add("holes", 0, &[b"A", &length, &list, VIEW, b"^\0$\0", &length]);
    }
    // Parts of an error, as many as one likes in older readers.
    let parts = b"T".repeat(size);
    add("parts", 0, &[b"A\x03r", &parts, b".", VIEW, b"^\x01$\0\x03"]);
    blobs
}

fn events(bytes: &[u8], options: &ParseOptions) {
    let Ok(mut reader) = Reader::with_options(bytes, options) else { return };
    loop {
        while let Ok(Some(_)) = reader.next_event() {}
        if reader.next_value() != Ok(true) {
            return;
        }
    }
}

/// The most bytes for one of these blobs that reading takes, by the byte; all have to be good in one of the releases, but
/// where they are `limited`.
fn most(blobs: impl Iterator<Item = Blob>, limited: bool) -> (usize, String) {
    /// The keys of objects that were read, of both machines, see `src/read/shapes.rs`.
    const SHAPES: usize = 2 * 16 * 17 * 64;
    let options = ParseOptions::new().externals(Externals::Keep).delegate(Arc::new(One));
    let releases = [Release::NEWEST, Release::new(10, 2)];
    let mut worst = (0, String::new());
    for Blob { name, bytes, depth } in blobs {
        let mut is_good = false;
        for release in releases {
            let options = options.clone().strictness(Strictness::Engine(release));
            let options = options.max_depth(depth as u32);
            let (result, _, peak) = counted(|| options.parse_all(&bytes));
            is_good |= match result {
                Ok(_) => true,
                Err(error) => limited && error.to_string().contains("repeated host objects above"),
            };
            let ((), _, events) = counted(|| events(&bytes, &options));
            let peak = peak.max(events);
            let others = ANY + SHAPES + PER_LEVEL * depth;
            let each = peak.saturating_sub(others).div_ceil(bytes.len());
            worst = worst.max((each, format!("{} bytes of {name} for {release:?}", bytes.len())));
        }
        assert!(is_good, "{} bytes of {name}", bytes.len());
    }
    println!("{} bytes each for {}", worst.0, worst.1);
    worst
}

/// Vectors are emptiest just behind a power of two.
const SIZES: &[usize] = if cfg!(debug_assertions) { &[9_000] } else { &[9_000, 65_600, 150_000] };

/// What a failed reading left is told once more.
#[test]
fn what_a_failed_reading_left_takes_memory_in_proportion() {
    for &size in SIZES {
        let blobs = UNITS.iter().flat_map(|unit| of_units(size, unit)).chain(others(size));
        let (each, what) = most(blobs, false);
        assert!(each <= PER_BYTE, "{each} bytes each for {what}");
    }
}

/// The same where a delegate reads values within host objects and nothing else: there is a limit to how many of them
/// are told once more.
#[test]
fn host_objects_without_payload_are_limited() {
    for &size in SIZES {
        let (each, what) = most(HOSTS.iter().flat_map(|unit| of_units(size, unit)), true);
        assert!(each <= PER_BYTE, "{each} bytes each for {what}");
    }
}
