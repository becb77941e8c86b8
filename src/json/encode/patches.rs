//! The patches of a typed text (SPEC.md 10.16).

use alloc::vec::Vec;

use super::error::{EncodeErrorKind, Fault, Step};
use super::text::{Kind, Tape};

/// The bytes of the values as `patches` changes them.
pub(super) fn patched(tape: &Tape<'_>, patches: u32, bytes: &[u8]) -> Step<Vec<u8>> {
    let [sum, list] = tape.fields(patches, ["crc32", "list"])?;
    let sum = tape.u32(tape.must(patches, sum, "crc32")?)?;
    let list = tape.must(patches, list, "list")?;
    if tape.kind(list) != Kind::List {
        return tape.fault(list, "expected a list");
    }
    if sum != crc32fast::hash(bytes) {
        return Err(Fault::new(tape.at(patches), EncodeErrorKind::StalePatches));
    }
    let (mut out, mut inserted) = (Vec::with_capacity(bytes.len()), Vec::new());
    let mut rest = bytes;
    for patch in tape.children(list) {
        let [offset, removed, put] = tape.list(patch, "of an offset, a number and bytes")?;
        let (offset_at, removed_at) = (offset, removed);
        let offset = tape.uint(offset, bytes.len() as u64)? as usize;
        let Some(before) = offset.checked_sub(bytes.len() - rest.len()) else {
            return tape.fault(offset_at, "the patch begins before the end of the last one");
        };
        let (before, behind) = rest.split_at(before);
        let removed = tape.uint(removed_at, behind.len() as u64)? as usize;
        tape.base64(put, &mut inserted)?;
        out.extend_from_slice(before);
        out.extend_from_slice(&inserted);
        rest = &behind[removed..];
    }
    out.extend_from_slice(rest);
    Ok(out)
}
