//! Blobs in bulk: those of the corpus, and large ones that are put together by hand, in version 15, each
//! container with as many items as are asked for.
#![allow(dead_code, unreachable_pub)] // Each test uses some of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "v8") {
            into.push(path);
        }
    }
}

/// All blobs of the corpus of at most `longest` bytes, each once.
pub fn corpus(longest: usize) -> BTreeSet<Vec<u8>> {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), &mut paths);
    let blobs = paths.iter().map(|path| fs::read(path).expect("a blob"));
    blobs.filter(|blob| blob.len() <= longest).collect()
}

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
