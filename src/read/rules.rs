//! The rules in force: what the data's version and the chosen release decide, in one place.
//!
//! `tests/corpus.rs` compares them with the verdicts of twelve engines on the hand-made cases.

use alloc::format;
use alloc::string::String;

use crate::error::ErrorKind;
use crate::options::{ParseOptions, Strictness};
use crate::text::Text;
use crate::wire::{Release, Tag, ViewTag, regexp_flags};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) lenient: bool,
    release: Release,
}

impl Rules {
    pub(crate) fn new(options: &ParseOptions) -> Self {
        Rules {
            lenient: options.strictness == Strictness::Lenient,
            release: options.strictness.release(),
        }
    }

    /// What this release reads by default.
    pub(crate) const fn of(release: Release) -> Self {
        Rules { lenient: false, release }
    }

    fn since(&self, major: u16, minor: u16) -> bool {
        self.release >= Release::new(major, minor)
    }

    pub(crate) fn latest_version(&self) -> u32 {
        self.release.latest_version()
    }

    /// Duplicate keys are refused (SPEC.md 3.10.4).
    pub(crate) fn unique_keys(&self) -> bool {
        !self.lenient && self.since(7, 0)
    }

    /// A bigint without digits may have a sign (SPEC.md 3.7.3).
    pub(crate) fn negative_zero(&self) -> bool {
        self.lenient || !self.since(11, 0)
    }

    /// Varints that go on behind the bytes that count are read to their end (SPEC.md 1.3).
    pub(crate) fn endless_varints(&self) -> bool {
        !self.since(10, 0)
    }

    /// Names and properties in RegExp patterns (SPEC.md 3.15.5).
    #[cfg(feature = "regress")]
    pub(super) fn named_groups(&self) -> bool {
        self.since(6, 4)
    }

    /// Names beyond the basic plane where neither `u` nor `v` is set (SPEC.md 3.15.5).
    #[cfg(feature = "regress")]
    pub(super) fn wide_names(&self) -> bool {
        self.since(10, 2)
    }

    /// Modifiers, and one name in two alternatives (SPEC.md 3.15.5).
    #[cfg(feature = "regress")]
    pub(super) fn modifiers(&self) -> bool {
        self.since(12, 5)
    }

    /// The length in a bigint's bitfield has 31 bits, not 30 (SPEC.md 3.7.1).
    pub(crate) fn bigint_length_mask(&self) -> u32 {
        if self.since(14, 9) { u32::MAX >> 1 } else { u32::MAX >> 2 }
    }

    /// Version 13 data that cannot be read is read again with flags behind views (SPEC.md 6.11).
    pub(crate) fn second_reading(&self) -> bool {
        self.since(10, 0)
    }

    /// Errors take an id. Readers of V8 7.7 to 9.x forgot that their own writers give one (SPEC.md 4.6).
    pub(crate) fn error_ids(&self) -> bool {
        self.since(10, 0)
    }

    /// Errors have causes (SPEC.md 3.24.5).
    pub(crate) fn error_causes(&self) -> bool {
        self.since(9, 0)
    }

    /// The maximum of a WebAssembly memory is checked (SPEC.md 3.26.2).
    pub(crate) fn checks_wasm_maximum(&self) -> bool {
        !self.lenient && self.since(12, 4)
    }

    /// RegExp flags `u` and `v` exclude each other (SPEC.md 3.15.3).
    pub(crate) fn excludes_u_and_v(&self) -> bool {
        self.since(12, 0)
    }

    /// The parts of an error stand in one order (SPEC.md 3.24.4).
    pub(crate) fn ordered_error_parts(&self) -> bool {
        !self.lenient && self.since(12, 1)
    }

    /// A WebAssembly memory has a byte that says whether its addresses have 64 bits (SPEC.md 3.26.1).
    pub(crate) fn memory64_byte(&self) -> bool {
        self.since(12, 4)
    }

    /// What could be the first key of an object is nothing where no number is behind its tag (SPEC.md 4.11). V8 12.9
    /// has it so, 12.4 not; those between have not been asked.
    pub(crate) fn first_key_has_number(&self) -> bool {
        self.since(12, 9)
    }

    /// A value that is no buffer is read whole before the WebAssembly memory around it is refused
    /// (SPEC.md 4.11).
    pub(crate) fn wasm_memory_reads_on(&self) -> bool {
        self.since(11, 0)
    }

    /// A WebAssembly memory is made before its buffer is read, and that without a view (SPEC.md 4.11).
    pub(crate) fn wasm_memory_at_once(&self) -> bool {
        self.since(15, 0)
    }

    /// Lengths of buffers and views are 64-bit varints, in data of any version (SPEC.md 3.18.2).
    pub(crate) fn wide_lengths(&self) -> bool {
        self.since(14, 9)
    }

    /// A shared buffer that is a WebAssembly memory has more behind its id (SPEC.md 3.22.2).
    pub(crate) fn wasm_shared_buffers(&self) -> bool {
        self.since(13, 6)
    }

    /// The fixed form of it carries its length.
    pub(crate) fn wasm_shared_length(&self) -> bool {
        self.since(15, 0)
    }

    /// Whether this release knows the tag as that of a value (SPEC.md 5.3).
    pub(crate) fn knows(&self, tag: Tag) -> bool {
        self.lenient
            || match tag {
                Tag::ERROR => self.since(7, 7),
                Tag::RESIZABLE_ARRAY_BUFFER => self.since(11, 0),
                Tag::IMMUTABLE_ARRAY_BUFFER => self.since(14, 6),
                Tag::BIGINT | Tag::BIGINT_OBJECT => self.since(6, 8),
                Tag::WASM_MODULE => self.since(7, 0) && !self.since(8, 0),
                _ => true,
            }
    }

    /// Whether this release knows the kind of view (SPEC.md 3.23.3).
    pub(crate) fn knows_view(&self, tag: ViewTag) -> bool {
        self.lenient
            || match tag {
                ViewTag::FLOAT16_ARRAY => self.since(13, 6),
                ViewTag::BIGINT64_ARRAY | ViewTag::BIGUINT64_ARRAY => self.since(6, 8),
                _ => true,
            }
    }

    /// The RegExp flags that this release knows (SPEC.md 3.15.2), without `l` (linear), which no release takes by
    /// default.
    pub(crate) fn regexp_flags(&self) -> u32 {
        const BASE: u32 = 0b011_1111; // g i m y u s
        match self.release {
            r if r >= Release::new(11, 0) => {
                BASE | regexp_flags::HAS_INDICES | regexp_flags::UNICODE_SETS
            }
            r if r >= Release::new(9, 0) => BASE | regexp_flags::HAS_INDICES,
            _ => BASE,
        }
    }
}

/// RegExp flags and pattern; whether it is the flags that are wrong, and how.
pub(crate) fn check_regexp(
    rules: &Rules,
    pattern: Text<'_>,
    flags: u32,
) -> Result<(), (bool, ErrorKind)> {
    if rules.lenient {
        return Ok(());
    }
    let unknown = flags & !rules.regexp_flags();
    if unknown != 0 {
        let reason = format!("unknown flags {unknown:#x}");
        return Err((true, ErrorKind::InvalidRegExp { reason }));
    }
    if rules.excludes_u_and_v()
        && flags & regexp_flags::UNICODE != 0
        && flags & regexp_flags::UNICODE_SETS != 0
    {
        let reason = String::from("flags `u` and `v` exclude each other");
        return Err((true, ErrorKind::InvalidRegExp { reason }));
    }
    super::pattern::compile(rules, pattern, flags)
        .map_err(|reason| (false, ErrorKind::InvalidRegExp { reason }))
}
