//! Wire format versions and engine releases: one predicate for each change of the format.
//!
//! SPEC.md 2.10 and 2.11 are the tables.

use core::fmt;
use core::str::FromStr;

/// The newest wire format version (V8 14.9 and later).
pub const LATEST_VERSION: u32 = 16;

/// The rules that depend on the wire format version of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version(pub(crate) u32);

impl Version {
    /// The one that V8 reads twice.
    pub(crate) const READ_TWICE: Version = Version(13);

    /// Below 11, `undefined` as a dense element means a hole (SPEC.md 6.7).
    pub(crate) const fn undefined_is_hole(self) -> bool {
        self.0 < 11
    }
    /// Below 12, RegExp patterns and String objects hold raw UTF-8 (SPEC.md 6.8).
    pub(crate) const fn raw_utf8_strings(self) -> bool {
        self.0 < 12
    }
    /// Below 13, an unknown tag starts a host object (SPEC.md 6.9).
    pub(crate) const fn unknown_tag_is_host(self) -> bool {
        self.0 < 13
    }
    /// 13 was written with and without view flags (SPEC.md 6.11).
    pub(crate) const fn view_flags_unclear(self) -> bool {
        self.0 == Version::READ_TWICE.0
    }
    /// From 14 on, views carry flags (SPEC.md 6.10).
    pub(crate) const fn view_flags(self) -> bool {
        self.0 >= 14
    }
    /// From 15 on, `p` is a shared object (SPEC.md 6.12).
    pub(crate) const fn shared_objects(self) -> bool {
        self.0 >= 15
    }
}

/// A release of V8, which decides what a strict reader takes and refuses.
///
/// ```
/// use v8wire::Release;
/// assert_eq!(Release::node(18), Some(Release::new(10, 2)));
/// assert!(Release::NEWEST > Release::new(14, 6));
/// assert_eq!("node-24".parse(), Ok(Release::new(13, 6)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    major: u16,
    minor: u16,
}

impl Default for Release {
    fn default() -> Self {
        Release::NEWEST
    }
}

impl Release {
    /// The newest release that this library knows, V8 15.2.
    pub const NEWEST: Release = Release::new(15, 2);

    /// V8 `major.minor`.
    pub const fn new(major: u16, minor: u16) -> Self {
        Release { major, minor }
    }

    /// The V8 of a Node.js release line (even majors 8 to 26).
    pub const fn node(major: u32) -> Option<Release> {
        Some(match major {
            8 => Release::new(6, 2),
            10 => Release::new(6, 8),
            12 => Release::new(7, 8),
            14 => Release::new(8, 4),
            16 => Release::new(9, 4),
            18 => Release::new(10, 2),
            20 => Release::new(11, 3),
            22 => Release::new(12, 4),
            24 => Release::new(13, 6),
            26 => Release::new(14, 6),
            _ => return None,
        })
    }

    /// The major version.
    pub const fn major(self) -> u16 {
        self.major
    }

    /// The minor version.
    pub const fn minor(self) -> u16 {
        self.minor
    }

    const fn at_least(self, major: u16, minor: u16) -> bool {
        self.major > major || (self.major == major && self.minor >= minor)
    }

    /// The newest wire format version that this release reads.
    pub const fn latest_version(self) -> u32 {
        match self {
            r if r.at_least(14, 9) => 16,
            r if r.at_least(9, 8) => 15,
            _ => 13,
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "V8 {}.{}", self.major, self.minor)
    }
}

/// The text does not name a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownRelease;

impl fmt::Display for UnknownRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a release such as `13.6`, `node-22` or `newest`")
    }
}

impl core::error::Error for UnknownRelease {}

impl FromStr for Release {
    type Err = UnknownRelease;

    /// `13.6`, `node-22` (or `node22`), `newest`.
    fn from_str(text: &str) -> Result<Self, UnknownRelease> {
        if text == "newest" {
            return Ok(Release::NEWEST);
        }
        if let Some(node) = text.strip_prefix("node") {
            let major =
                node.strip_prefix('-').unwrap_or(node).parse().map_err(|_| UnknownRelease)?;
            return Release::node(major).ok_or(UnknownRelease);
        }
        let (major, minor) = text.split_once('.').ok_or(UnknownRelease)?;
        Ok(Release::new(
            major.parse().map_err(|_| UnknownRelease)?,
            minor.parse().map_err(|_| UnknownRelease)?,
        ))
    }
}
