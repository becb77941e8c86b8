//! Large blobs, put together by hand: version 15, each container with as many items as are asked for.
#![allow(dead_code, unreachable_pub)] // Each test uses some of it.

pub fn varint(blob: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        blob.push(value as u8 | 0x80);
        value >>= 7;
    }
    blob.push(value as u8);
}

/// A one-byte string.
pub fn text(blob: &mut Vec<u8>, text: &str) {
    blob.push(b'"');
    varint(blob, text.len());
    blob.extend_from_slice(text.as_bytes());
}

/// An integer that is not negative.
pub fn int(blob: &mut Vec<u8>, value: usize) {
    blob.push(b'I');
    varint(blob, 2 * value);
}

/// A container, and behind its items the tag of its end and how many of something there are.
fn container(
    open: &[u8],
    count: usize,
    mut item: impl FnMut(&mut Vec<u8>, usize),
    end: u8,
    counted: usize,
) -> Vec<u8> {
    let mut blob = [&[0xFF, 15], open].concat();
    for number in 0..count {
        item(&mut blob, number);
    }
    blob.push(end);
    varint(&mut blob, counted);
    blob
}

/// An object of so many properties: `item` writes key and value.
pub fn object(count: usize, item: impl FnMut(&mut Vec<u8>, usize)) -> Vec<u8> {
    container(b"o", count, item, b'{', count)
}

/// A dense array.
pub fn array(count: usize, item: impl FnMut(&mut Vec<u8>, usize)) -> Vec<u8> {
    let mut open = b"A".to_vec();
    varint(&mut open, count);
    let mut blob = container(&open, count, item, b'$', 0);
    varint(&mut blob, count);
    blob
}

/// A `Map` of so many entries: `item` writes key and value.
pub fn map(count: usize, item: impl FnMut(&mut Vec<u8>, usize)) -> Vec<u8> {
    container(b";", count, item, b':', 2 * count)
}

/// A `Set`.
pub fn set(count: usize, item: impl FnMut(&mut Vec<u8>, usize)) -> Vec<u8> {
    container(b"'", count, item, b',', count)
}

/// `open` so many times, `inner`, `close` as many times, behind a header.
pub fn nested(open: &[u8], inner: &[u8], close: &[u8], levels: usize) -> Vec<u8> {
    [b"\xFF\x0F", &open.repeat(levels)[..], inner, &close.repeat(levels)].concat()
}
