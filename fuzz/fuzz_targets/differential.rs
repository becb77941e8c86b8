//! The library against a live V8 in this process, with the legacy switch on: verdict, value and end of what
//! both read; V8 reads what we write, and we write what V8 wrote alike. Needs the feature `v8`.
#![no_main]

#[path = "../../tests/known/mod.rs"]
mod known;
#[path = "../mutator.rs"]
mod mutator;
#[allow(dead_code, unused_imports)]
#[path = "../../tests/support/mod.rs"]
mod support;

use std::cell::RefCell;
use std::sync::Arc;

use known::{NoHostObjects, is_known};
use serde_json::{Value as Json, json};
use support::{Case, Describer, Setup, verdict_setup};
use v8wire::Release;
use v8wire::engine::{DeserializeOptions, Engine, NodeHostObjects, SerializeOptions};

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::new(Engine::new());
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| ENGINE.with_borrow_mut(|engine| judge(engine, data)));

fn judge(engine: &mut Engine, data: &[u8]) {
    // V8 and the descriptions recurse.
    if data.len() > 1024 || (is_long_array(data) && data.len() % 64 != 0) {
        return;
    }
    let release = release();
    // Views over buffers and host views cannot be told apart in V8, so a run has either kind.
    let raw = data.contains(&b'V');
    let options = if raw { json!({}) } else { json!({"profile": "node"}) };
    let case =
        Case { path: "fuzz".into(), bytes: data.to_vec(), json: json!({"options": options}) };
    let mut setup = verdict_setup(&case, release);
    if raw {
        setup.options = setup.options.delegate(Arc::new(NoHostObjects));
    }
    let ours = setup.options.parse_prefix(data);
    let described = match &ours {
        Ok((document, end)) => outcome(described(&setup, document), data.len() - end),
        Err(error) => json!({"refused": error.to_string()}),
    };
    let read = v8(engine, &setup, data, raw);
    let refused = |outcome: &Json| outcome.get("refused").is_some();
    let same = described == read || (refused(&described) && refused(&read));
    assert!(
        same || is_known(data, &described, &read),
        "{data:02x?}\n  ours   {described}\n  theirs {read}"
    );
    if let (Ok((document, _)), true) = (&ours, same) {
        let written = document.to_vec();
        let back = v8(engine, &setup, &written, raw);
        assert_eq!(
            back.get("ok"),
            described.get("ok"),
            "V8 reads {written:02x?}, written for {data:02x?}"
        );
    }
}

/// Whether V8 may set aside megabytes for a sparse array, which would take most of a campaign's time.
fn is_long_array(data: &[u8]) -> bool {
    let length = |bytes: &[u8]| {
        let number = bytes.iter().take(5).enumerate();
        let number = number.fold((0, true), |(sum, goes_on), (place, &byte)| {
            let more = if goes_on { u64::from(byte & 0x7F) << (7 * place) } else { 0 };
            (sum + more, goes_on && byte & 0x80 != 0)
        });
        number.0 & 0xFFFF_FFFF
    };
    let mut arrays = data.iter().enumerate().filter(|&(_, &byte)| byte == b'a' || byte == b'@');
    arrays.any(|(at, _)| (20_000..=32 << 20).contains(&length(&data[at + 1..])))
}

/// That of the V8 that is linked.
fn release() -> Release {
    let mut numbers = v8wire::engine::v8_version().split('.').map_while(|part| part.parse().ok());
    let (major, minor) = numbers.next().zip(numbers.next()).expect("a version");
    Release::new(major, minor)
}

fn outcome(value: Json, left: usize) -> Json {
    if left > 0 { json!({"ok": value, "left": left}) } else { json!({"ok": value}) }
}

fn described(setup: &Setup, document: &v8wire::Document<'_>) -> Json {
    let mut value = Describer::new(setup).describe(document.root().value());
    support::normalise(&mut value);
    value
}

/// What V8 reads, told by the bytes that it writes for it.
fn v8(engine: &mut Engine, setup: &Setup, data: &[u8], raw: bool) -> Json {
    let (reading, writing) = (DeserializeOptions::new().legacy(true), SerializeOptions::new());
    let (reading, writing) = if raw {
        (reading, writing)
    } else {
        (reading.host_objects(&NodeHostObjects), writing.host_objects(&NodeHostObjects))
    };
    let read = match engine.deserialize(data, &reading) {
        Ok(read) => read,
        // Without the name of its class, as engines tell it in the corpus.
        Err(error) => {
            let message = error.message();
            let message = message.split_once("Error: ").map_or(message, |(_, message)| message);
            return json!({"refused": message});
        }
    };
    let bytes = match engine.serialize(&read.value, &writing) {
        Ok(bytes) => bytes.into_bytes(),
        Err(error) => return json!({"refused": format!("not written again: {}", error.message())}),
    };
    let document =
        setup.options.parse(&bytes).unwrap_or_else(|error| panic!("{error}: {bytes:02x?}"));
    assert_eq!(document.to_vec(), bytes, "what V8 wrote comes out identical");
    outcome(described(setup, &document), data.len() - read.consumed)
}
