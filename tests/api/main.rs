//! The public names as a caller uses them, on blobs put together by hand.

mod alike;
mod buffers;
mod hosts;
mod keys;
mod places;
mod reading;
mod shown;
mod steps;
mod values;

use v8wire::{Document, Value};

/// Behind a header of version 15.
fn blob(parts: &[&[u8]]) -> Vec<u8> {
    let mut blob = vec![0xFF, 15];
    blob.extend(parts.concat());
    blob
}

fn double(value: f64) -> Vec<u8> {
    [&b"N"[..], &value.to_le_bytes()].concat()
}

/// `{ users: [{ name: 'Ada' }, { name: 'Bob' }], 7: true, 'first name': 'Zoë' }`
const PEOPLE: &[u8] =
    b"\xFF\x0Fo\"\x05usersA\x02o\"\x04name\"\x03Ada{\x01o\"\x04name\"\x03Bob{\x01\
    $\x00\x02I\x0ET\"\x0Afirst name\"\x03Zo\xEB{\x03";

fn parsed<R>(bytes: &[u8], ask: impl for<'d, 'a> FnOnce(Value<'d, 'a>) -> R) -> R {
    let blob = blob(&[bytes]);
    let doc = Document::parse(&blob).unwrap();
    ask(doc.root().value())
}
