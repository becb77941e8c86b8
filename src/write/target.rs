//! Who is to read what is written: engines and their releases.

use core::fmt;
use core::str::FromStr;

use super::options::WriteOptions;
use crate::host::NodeHost;
use crate::options::Profile;
use crate::read::event::{ErrorPart, Event};
use crate::read::pattern;
use crate::read::rules::Rules;
use crate::view::ViewKind;
use crate::wire::{Release, Tag, regexp_flags};

/// An engine that is to read what is written.
///
/// As text `node-12` (or `node12`), `deno`, `deno-core`, `chromium-120`, `electron-30`, `v8-13.6`; without a
/// number the newest that this library knows.
///
/// ```
/// use v8wire::{Target, WriteOptions};
/// let target: Target = "node12".parse()?;
/// assert_eq!(target.to_string(), "Node 12");
/// assert_eq!(WriteOptions::for_target(target).version, 13);
/// assert_eq!(WriteOptions::for_target("chromium".parse()?).version, 16);
/// # Ok::<(), v8wire::UnknownTarget>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    platform: Platform,
    /// The number of its release line; 0 where it has none.
    number: u16,
    release: Release,
}

/// What kind of engine a [`Target`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Platform {
    /// Node's `v8.deserialize`.
    Node,
    /// Deno's `node:v8`.
    Deno,
    /// Deno's own deserializer: Deno KV, `structuredClone`, `postMessage`.
    DenoCore,
    /// Chromium, without Blink's envelope (SPEC.md 9.1). What is written for the newest one has been compared with
    /// what Chromium 156 wrote (V8 15.6, Debian's package); older ones rest on the V8 of each.
    Chromium,
    /// Electron's `v8.deserialize`. No Electron was asked: it rests on the V8 and the small integers of the Chromium
    /// that each has, and on Node's host objects.
    Electron,
    /// V8 alone.
    V8,
}

/// Chromium 152 is V8 15.2.
const fn chromium_release(number: u16) -> Release {
    Release::new(number / 10, number % 10)
}

const NEWEST_CHROMIUM: u16 = Release::NEWEST.major() * 10 + Release::NEWEST.minor();

/// From Electron 15 on, each has the Chromium of twice its number and 64.
const fn electron_chromium(number: u16) -> u16 {
    2 * number + 64
}

const OLDEST_ELECTRON: u16 = 15;
const NEWEST_ELECTRON: u16 = (NEWEST_CHROMIUM - 64) / 2;

impl Target {
    /// The newest Node that this library knows.
    pub const NODE: Target =
        Target { platform: Platform::Node, number: 26, release: Release::new(14, 6) };
    /// Deno's `node:v8`.
    pub const DENO: Target =
        Target { platform: Platform::Deno, number: 2, release: Release::new(15, 0) };
    /// Deno's own deserializer, which reads Deno KV.
    pub const DENO_CORE: Target =
        Target { platform: Platform::DenoCore, number: 2, release: Release::new(15, 0) };

    /// A Node.js release line: the even ones from 8 to 26.
    pub const fn node(major: u32) -> Option<Target> {
        match Release::node(major) {
            Some(release) => {
                Some(Target { platform: Platform::Node, number: major as u16, release })
            }
            None => None,
        }
    }

    /// Chromium from 80 on; its V8 has a tenth of its number.
    pub const fn chromium(major: u32) -> Option<Target> {
        if major < 80 || major > NEWEST_CHROMIUM as u32 {
            return None;
        }
        let number = major as u16;
        Some(Target { platform: Platform::Chromium, number, release: chromium_release(number) })
    }

    /// Electron from 15 on.
    pub const fn electron(major: u32) -> Option<Target> {
        if major < OLDEST_ELECTRON as u32 || major > NEWEST_ELECTRON as u32 {
            return None;
        }
        let number = major as u16;
        let release = chromium_release(electron_chromium(number));
        Some(Target { platform: Platform::Electron, number, release })
    }

    /// V8 alone, of this release.
    pub const fn v8(release: Release) -> Target {
        Target { platform: Platform::V8, number: 0, release }
    }

    /// What kind of engine it is.
    pub const fn platform(self) -> Platform {
        self.platform
    }

    /// Its V8.
    pub const fn release(self) -> Release {
        self.release
    }

    /// The wire format version that it writes, which it reads as well.
    pub const fn version(self) -> u32 {
        let newest = self.release.latest_version();
        match self.platform {
            Platform::Deno if newest > 15 => 15,
            _ => newest,
        }
    }

    /// Whose host objects it reads.
    pub const fn profile(self) -> Profile {
        match self.platform {
            Platform::Node | Platform::Deno | Platform::Electron => Profile::Node,
            Platform::DenoCore | Platform::Chromium | Platform::V8 => Profile::V8,
        }
    }

    pub(crate) const fn rules(self) -> Rules {
        Rules::of(self.release)
    }

    /// Whether its layer reads views of this kind as host objects (SPEC.md 8.3).
    pub(crate) const fn knows_host_view(self, kind: ViewKind) -> bool {
        let kinds = match self.platform {
            // Electron's Node is younger than its V8: that of Node 24 came with Electron 40.
            Platform::Electron if self.number < 40 => 13,
            _ => NodeHost::new(self.release).kinds(),
        };
        (kind as u32) < kinds
    }

    /// Whether a reference to an error is read, and not taken for one to another object
    /// (SPEC.md 4.6).
    pub(crate) fn errors_take_ids(self) -> bool {
        self.rules().error_ids()
    }

    /// Whether an error may be referred to within itself (SPEC.md 3.24.5).
    pub(crate) fn errors_hold_themselves(self) -> bool {
        self.rules().ordered_error_parts()
    }

    /// The RegExp flags that it reads, of these.
    pub(crate) fn known_flags(self, flags: u32) -> u32 {
        flags & self.rules().regexp_flags()
    }

    /// What of the event the engine does not read, and what lowering makes of it where it can.
    pub(crate) fn refusal(
        self,
        event: &Event<'_>,
        profile: Profile,
    ) -> Option<(&'static str, Option<&'static str>)> {
        let rules = self.rules();
        // Node's layer has no way to be given shared buffers or modules.
        let layer = self.profile() != Profile::V8;
        let unless = |good: bool, what, lowered| (!good).then_some((what, lowered));
        match *event {
            Event::BigInt(_) => unless(rules.knows(Tag::BIGINT), "a bigint", None),
            Event::BigIntObject(_) => {
                unless(rules.knows(Tag::BIGINT_OBJECT), "a BigInt object", None)
            }
            Event::ErrorBegin => unless(rules.knows(Tag::ERROR), "an error", None),
            Event::ErrorPart(ErrorPart::Cause) => {
                unless(rules.error_causes(), "the cause of an error", Some("leaves it out"))
            }
            Event::RegExp { pattern, flags } => {
                let clash = regexp_flags::UNICODE | regexp_flags::UNICODE_SETS;
                if rules.excludes_u_and_v() && flags & clash == clash {
                    return Some(("a RegExp with the flags `u` and `v`", None));
                }
                let unknown = flags ^ self.known_flags(flags);
                let harmless = regexp_flags::HAS_INDICES | regexp_flags::LINEAR;
                match unknown {
                    0 => unless(
                        pattern::compile(&rules, pattern, flags).is_ok(),
                        "a RegExp with this pattern",
                        None,
                    ),
                    _ if unknown & !harmless == 0 => {
                        Some(("a RegExp with flags `d` or `l`", Some("drops the flags")))
                    }
                    _ if unknown & regexp_flags::UNICODE_SETS != 0 => {
                        Some(("a RegExp with the flag `v`", None))
                    }
                    _ => Some(("a RegExp with these flags", None)),
                }
            }
            Event::ResizableArrayBuffer { .. } => unless(
                rules.knows(Tag::RESIZABLE_ARRAY_BUFFER),
                "a resizable ArrayBuffer",
                Some("makes it one of fixed length"),
            ),
            Event::ImmutableArrayBuffer(_) => unless(
                rules.knows(Tag::IMMUTABLE_ARRAY_BUFFER),
                "an immutable ArrayBuffer",
                Some("makes it an ordinary one"),
            ),
            Event::View { kind, flags, .. } => {
                if flags.is_some_and(|flags| flags & 3 != 0)
                    && !rules.knows(Tag::RESIZABLE_ARRAY_BUFFER)
                {
                    return Some(("a view of a resizable ArrayBuffer", None));
                }
                self.view_refusal(kind)
            }
            Event::SharedObject { .. } => Some(("a value of the heap shared by isolates", None)),
            Event::WasmModule { .. } => {
                unless(rules.knows(Tag::WASM_MODULE), "a WebAssembly module", None)
            }
            Event::WasmMemoryBegin { .. }
            | Event::WasmSharedArrayBuffer { .. }
            | Event::WasmSharedArrayBufferBegin { .. } => {
                Some(("a WebAssembly memory, which lives in one process", None))
            }
            Event::SharedArrayBuffer { .. } if layer => {
                Some(("a SharedArrayBuffer, which lives in one process", None))
            }
            Event::WasmModuleTransfer { .. } if layer => {
                Some(("a WebAssembly module that was passed on by id", None))
            }
            Event::HostObjectBegin { .. } if profile == Profile::Node => {
                Some(("a host object of another embedder", None))
            }
            _ => None,
        }
    }

    /// What is wrong with a view behind a buffer, as V8 reads it.
    pub(crate) fn view_refusal(
        self,
        kind: ViewKind,
    ) -> Option<(&'static str, Option<&'static str>)> {
        if self.rules().knows_view(kind.tag()) {
            return None;
        }
        Some(match kind {
            ViewKind::Float16 => {
                ("a Float16Array", Some("makes it a Uint16Array of the same bytes"))
            }
            ViewKind::BigInt64 => ("a BigInt64Array", None),
            _ => ("a BigUint64Array", None),
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.platform {
            Platform::Node => write!(f, "Node {}", self.number),
            Platform::Deno => f.write_str("Deno"),
            Platform::DenoCore => f.write_str("Deno's core"),
            Platform::Chromium => write!(f, "Chromium {}", self.number),
            Platform::Electron => write!(f, "Electron {}", self.number),
            Platform::V8 => self.release.fmt(f),
        }
    }
}

/// The text does not name a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownTarget;

impl fmt::Display for UnknownTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected `node-8` to `node-26` (even), `deno`, `deno-core`, `chromium-80` to \
             `chromium-{NEWEST_CHROMIUM}`, `electron-{OLDEST_ELECTRON}` to \
             `electron-{NEWEST_ELECTRON}`, or `v8-13.6`"
        )
    }
}

impl core::error::Error for UnknownTarget {}

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, UnknownTarget> {
        match text {
            "node" => return Ok(Target::NODE),
            "deno" => return Ok(Target::DENO),
            "deno-core" | "deno-kv" => return Ok(Target::DENO_CORE),
            _ => {}
        }
        // A number stands behind the name, with `-` between or not.
        let number = |name: &str, newest: u16| {
            let rest = text.strip_prefix(name)?;
            match rest.strip_prefix('-').unwrap_or(rest) {
                "" if rest.is_empty() => Some(u32::from(newest)),
                digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
                _ => None,
            }
        };
        let numbered = number("node", 26)
            .and_then(Target::node)
            .or_else(|| number("chromium", NEWEST_CHROMIUM).and_then(Target::chromium))
            .or_else(|| number("electron", NEWEST_ELECTRON).and_then(Target::electron));
        if let Some(target) = numbered {
            return Ok(target);
        }
        let release = text.strip_prefix("v8").ok_or(UnknownTarget)?;
        let release = match release {
            "" => "newest",
            _ => release.strip_prefix('-').unwrap_or(release),
        };
        // `v8-node-12` is no name.
        match release.parse() {
            Ok(release_found) if !release.starts_with("node") => Ok(Target::v8(release_found)),
            _ => Err(UnknownTarget),
        }
    }
}

impl WriteOptions {
    /// As this engine writes, so that it reads it: its version, small integers, order of the parts of an
    /// error, and form of views. What it cannot read is refused, or lowered where
    /// [`lower`](WriteOptions::lower) is set (SPEC.md 7.19, 7.20).
    ///
    /// One thing is as the engine *reads*, not as it writes: Node 12 to 16 give an error an id when writing
    /// and none when reading (SPEC.md 4.6), and here it gets none.
    ///
    /// ```
    /// use v8wire::{Document, Target, ValueSerializer, WriteOptions};
    /// let doc = Document::parse(b"\xFF\x0F~\x01\x02!").unwrap(); // a resizable ArrayBuffer
    /// let options = WriteOptions::for_target(Target::node(14).unwrap());
    /// let write = |options| {
    ///     let mut serializer = ValueSerializer::with_options(options);
    ///     serializer.write_header()?;
    ///     serializer.write_value(doc.root().value())?;
    ///     serializer.release()
    /// };
    /// let error = write(options).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "Node 14 does not read a resizable ArrayBuffer; lowering makes it one of fixed length ($)"
    /// );
    /// assert_eq!(write(options.lower(true))?, b"\xFF\x0DB\x01!");
    /// # Ok::<(), v8wire::WriteError>(())
    /// ```
    pub fn for_target(target: Target) -> Self {
        let rules = target.rules();
        let compressed = matches!(target.platform, Platform::Chromium | Platform::Electron);
        WriteOptions::new()
            .version(target.version())
            .smi_bits(if compressed { 31 } else { 32 })
            .memory64_byte(rules.memory64_byte())
            .cause_before_stack(rules.error_causes() && !rules.ordered_error_parts())
            .profile(target.profile())
            .target(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let good = [
            ("node", "Node 26"),
            ("node8", "Node 8"),
            ("node-14", "Node 14"),
            ("deno", "Deno"),
            ("deno-core", "Deno's core"),
            ("deno-kv", "Deno's core"),
            ("chromium", "Chromium 152"),
            ("chromium-98", "Chromium 98"),
            ("electron30", "Electron 30"),
            ("v8-9.4", "V8 9.4"),
            ("v8", "V8 15.2"),
        ];
        for (text, name) in good {
            let target: Result<Target, _> = text.parse();
            assert_eq!(target.map(|target| alloc::format!("{target}")).as_deref(), Ok(name));
        }
        let bad = "|nod|node-|node-13|node-28|node-+8|chromium-79|chromium-153|electron-14|v8-|13.6|\
                   deno-1|v8-node-12";
        for text in bad.split('|') {
            assert_eq!(text.parse::<Target>(), Err(UnknownTarget), "{text}");
        }
    }

    #[test]
    fn releases_follow_chromium() {
        assert_eq!(Target::electron(30).unwrap().release(), Release::new(12, 4));
        assert_eq!(Target::chromium(98).unwrap().release(), Release::new(9, 8));
        assert_eq!(Target::chromium(98).unwrap().version(), 15);
        assert_eq!(Target::chromium(97).unwrap().version(), 13);
        assert!(!Target::electron(39).unwrap().knows_host_view(ViewKind::Float16));
        assert!(Target::electron(40).unwrap().knows_host_view(ViewKind::Float16));
    }
}
