//! What must hold for any bytes at all. The fuzz targets and `tests/oracle.rs` run the same functions.
//!
//! Each function panics where the library breaks a promise; bytes that are refused are fine.

mod lockstep;
mod program;
mod types;
mod walk;
mod written;

use std::sync::Arc;

use v8wire::{
    ByteOrder, Delegate, Document, Error, Event, Externals, HostError, HostReader, HostStep, Kind,
    ParseOptions, Parser, Profile, Release, SharedBuffer, Strictness, ViewKind,
};

pub(crate) use lockstep::{events_match, events_match_document, values_match_document};
pub(crate) use program::program;
pub(crate) use types::types;
pub(crate) use walk::walk;
pub(crate) use written::{texts, typed_json, written_again};

/// Strict and lenient, every profile, both byte orders, with and without what the embedder brings.
pub(crate) fn option_sets() -> Vec<(&'static str, ParseOptions)> {
    let new = ParseOptions::new;
    vec![
        ("strict", new()),
        ("lenient", new().lenient()),
        ("v8", new().profile(Profile::V8)),
        ("ipc", new().profile(Profile::NodeIpc)),
        ("big-endian", new().byte_order(ByteOrder::Big)),
        ("headerless", new().headerless_version(13)),
        ("keep", new().externals(Externals::Keep)),
        ("lenient keep", new().lenient().externals(Externals::Keep).profile(Profile::V8)),
        ("keep wasm", new().externals(Externals::Keep).wasm_shared_buffers(true)),
        ("embedder", embedder(new())),
        ("lenient embedder", embedder(new().lenient())),
        ("tight", tight(new())),
    ]
}

/// The engines of the corpus and the newest one.
pub(crate) fn releases() -> impl Iterator<Item = Release> {
    (8..=26).step_by(2).filter_map(Release::node).chain([Release::NEWEST])
}

fn embedder(options: ParseOptions) -> ParseOptions {
    options
        .transfer_array_buffer(0, 8)
        .transfer_resizable_array_buffer(1, 16)
        .delegate(Arc::new(Embedder))
}

fn tight(mut options: ParseOptions) -> ParseOptions {
    options.limits.depth = 4;
    options.limits.nodes = 16;
    options.limits.bytes = 8;
    options.limits.sparse_length = 64;
    options
}

/// Everything that an embedder can provide; its host objects are those of the corpus's custom cases
/// and one more, a view.
struct Embedder;

impl Delegate for Embedder {
    fn read_host_object(&self, host: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        if host.step() == 0 {
            let kind = host.read_uint32()?;
            host.set_token(kind);
            return Ok(match kind {
                1 => HostStep::Done,
                2 => {
                    let length = host.read_uint32()? as usize;
                    host.read_raw_bytes(length)?;
                    HostStep::Done
                }
                3 => {
                    host.read_uint64()?;
                    host.read_double()?;
                    HostStep::Done
                }
                4 | 5 => HostStep::Value,
                6 => {
                    let length = host.read_uint32()? as usize;
                    host.read_raw_bytes(length)?;
                    HostStep::View { kind: ViewKind::Uint16, length }
                }
                _ => return Err(HostError::new("unknown kind")),
            });
        }
        Ok(if host.token() == 5 && host.step() == 1 { HostStep::Value } else { HostStep::Done })
    }

    fn shared_array_buffer(&self, id: u32) -> Option<SharedBuffer> {
        match id % 4 {
            0 => Some(SharedBuffer::new(8)),
            1 => Some(SharedBuffer::new(8).growable()),
            2 => Some(SharedBuffer::new(65_536).growable().wasm()),
            _ => None,
        }
    }

    fn has_wasm_module(&self, id: u32) -> bool {
        id.is_multiple_of(2)
    }

    fn has_shared_value(&self, id: u32) -> bool {
        id.is_multiple_of(2)
    }
}

/// Everything below, with every set of options.
pub(crate) fn everything(data: &[u8]) {
    for (_, options) in option_sets() {
        check(data, &options);
    }
    all_releases(data);
}

/// One parse: no panic, a document that can be walked or an error that makes sense, and the events
/// tell the same.
pub(crate) fn check(data: &[u8], options: &ParseOptions) {
    match options.parse(data) {
        Ok(document) => walk(&document),
        Err(error) => check_error(data, &error),
    }
    if let Ok(document) = options.parse_all(data) {
        walk(&document);
    }
    events_match_document(data, options);
    values_match_document(data, options);
    parser_forgets(data, options);
    prefix(data, options);
}

/// The offset lies within the input, and the message is the parts that the error tells one by one.
pub(crate) fn check_error(data: &[u8], error: &Error) {
    assert!(error.offset() <= data.len(), "{error}: the input has {} bytes", data.len());
    let message = error.to_string();
    let expected = format!(" at offset {}: {}", error.offset(), error.kind());
    assert!(message.contains(&expected), "{message:?} does not tell {expected:?}");
    assert!(error.path().starts_with('$'), "{message}");
    assert!(!error.kind().code().is_empty());
    let kinds = [
        error.is_eof(),
        error.is_limit(),
        error.is_version(),
        error.is_unresolved(),
        error.is_trailing(),
    ];
    assert!(kinds.iter().filter(|&&is| is).count() <= 1, "{message}");
    // A report needs memory in proportion to the data, not to the depth squared or the like.
    assert!(message.len() < 16_384 + 6 * data.len(), "a message of {} bytes", message.len());
}

/// A parser that has seen other data gives the same answer as a new one.
fn parser_forgets(data: &[u8], options: &ParseOptions) {
    let mut parser = Parser::with_options(options.clone());
    let fresh = parser.parse(data).map(|document| document.node_count());
    let _ = parser.parse(&[0xFF, 15, b'o', b'"', 1, b'k', b'A', 2, b'-', b'\\', 4]);
    for _ in 0..2 {
        let again = parser.parse(data).map(|document| {
            let nodes = document.node_count();
            parser.recycle(document);
            nodes
        });
        assert_eq!(again, fresh, "a used parser says otherwise");
    }
}

/// The bytes that one value takes are that value, whatever follows them.
fn prefix(data: &[u8], options: &ParseOptions) {
    let whole = options.parse(data);
    match options.parse_prefix(data) {
        Ok((document, read)) => {
            assert!(read <= data.len());
            match &whole {
                Ok(whole) => {
                    assert_eq!(whole.node_count(), document.node_count());
                    // Flags that V8 leaves (SPEC.md 12.9).
                    let view = document.version() == 13 && document.root().kind() == Kind::View;
                    assert!(read == data.len() || view && data[read..] == [0], "{read} bytes read");
                }
                Err(error) => {
                    assert!(error.is_trailing(), "good as a prefix, but: {error}");
                    assert_eq!(error.offset(), read);
                }
            }
            // What a failed reading of version 13 left may have gone on behind the value (SPEC.md 4.10).
            let left = document.version() == 13
                && document.events().any(|event| matches!(event, Event::View { .. }));
            match options.parse(&data[..read]) {
                _ if left => {}
                Ok(alone) => assert_eq!(alone.node_count(), document.node_count()),
                // The other thing that depends on what follows (SPEC.md 1.4).
                Err(error) => {
                    let continued = data[..read].last().is_some_and(|byte| byte & 0x80 != 0);
                    assert!(continued && error.is_eof(), "its {read} bytes alone: {error}");
                }
            }
        }
        Err(error) => assert_eq!(whole.err(), Some(error), "bad as a prefix only"),
    }
}

/// All prefixes of a good value are refused with an offset within what is left of it.
pub(crate) fn truncations(data: &[u8], options: &ParseOptions) {
    let whole = options.parse(data);
    for length in 0..data.len() {
        let cut = &data[..length];
        match options.parse(cut) {
            Err(error) => check_error(cut, &error),
            Ok(document) => {
                walk(&document);
                if let Ok(whole) = &whole {
                    assert!(may_be_cut(whole, &document), "good without its end at {length}");
                }
            }
        }
        events_match_document(cut, options);
    }
}

/// Whether a value may end before its end: version 0 is as long as its input, and a view stands
/// behind a buffer that is a value of its own. Flags behind a view of version 13 may be padding.
fn may_be_cut(whole: &Document<'_>, cut: &Document<'_>) -> bool {
    let buffer = |kind| matches!(kind, Kind::ArrayBuffer | Kind::SharedArrayBuffer | Kind::View);
    whole.version() == 0
        || (whole.root().kind() == Kind::View && buffer(cut.root().kind()))
        || (whole.root().kind() == Kind::HostObject && cut.root().kind() == Kind::HostObject)
}

/// Each release: whatever one takes can be walked, and the events tell the same.
pub(crate) fn all_releases(data: &[u8]) {
    for release in releases() {
        let options = ParseOptions::new().strictness(Strictness::Engine(release));
        match options.parse(data) {
            Ok(document) => walk(&document),
            Err(error) => check_error(data, &error),
        }
        events_match_document(data, &options);
    }
}
