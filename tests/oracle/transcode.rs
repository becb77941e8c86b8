//! Whatever is read is written for every engine, or refused with reasons; what is written is read as
//! strictly as that engine reads.

use v8wire::{Document, ParseOptions, Strictness, Target, Transcoder, WriteOptions};

pub(crate) fn targets() -> impl Iterator<Item = Target> {
    let nodes = [8, 10, 12, 14, 16, 18, 20, 22, 24, 26].into_iter().filter_map(Target::node);
    nodes.chain([Target::DENO, Target::DENO_CORE]).chain(Target::chromium(120))
}

/// Gives how often it was written.
pub(crate) fn transcodes(data: &[u8], from: &ParseOptions) -> usize {
    let Ok(doc) = from.parse_all(data) else { return 0 };
    let versions = (13..=16).map(|version| WriteOptions::new().version(version));
    let lowered = |to: WriteOptions| [to, to.lower(true)];
    let all = targets().map(WriteOptions::for_target).chain(versions).flat_map(lowered);
    all.filter(|to| written(&doc, from, &to.byte_order(from.byte_order))).count()
}

fn written(doc: &Document<'_>, from: &ParseOptions, to: &WriteOptions) -> bool {
    let transcoder = Transcoder::new(doc, from, to);
    let (obstacles, result) = (transcoder.obstacles().count(), transcoder.to_vec());
    let Ok(bytes) = result else { return false };
    assert_eq!(obstacles, 0, "{to:?}");
    let mut out = Vec::new();
    transcoder.write_to(&mut out).expect("what was written before");
    assert_eq!(out, bytes);
    let mut strict = from.clone();
    if let Some(target) = to.target {
        // Duplicate keys are compared by the writer.
        strict = strict.strictness(Strictness::Engine(target.release()));
    }
    if let Some(profile) = to.profile {
        strict = strict.profile(profile);
    }
    // A lenient reader takes patterns and host objects that a strict one does not.
    let lenient = from.strictness == Strictness::Lenient;
    match strict.parse_all(&bytes) {
        // Payloads that are kept may end in a varint that needs something behind it (SPEC.md 1.4).
        Err(error) if !lenient && to.profile.is_some() => {
            panic!("{error} for {to:?}: {bytes:02x?}")
        }
        Ok(again) if to.target.is_some() => {
            let twice = Transcoder::new(&again, &strict, to).to_vec();
            assert!(lenient || twice.as_ref() == Ok(&bytes), "{to:?}: {bytes:02x?}\n{twice:02x?}");
        }
        _ => {}
    }
    true
}
