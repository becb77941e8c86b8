//! The bits of a RegExp's flags on the wire, as V8's `src/regexp/regexp-flags.h` numbers them.

use alloc::string::String;

/// `g`
pub const GLOBAL: u32 = 1;
/// `i`
pub const IGNORE_CASE: u32 = 1 << 1;
/// `m`
pub const MULTILINE: u32 = 1 << 2;
/// `y`
pub const STICKY: u32 = 1 << 3;
/// `u`
pub const UNICODE: u32 = 1 << 4;
/// `s`
pub const DOT_ALL: u32 = 1 << 5;
/// `l`, V8's own: the non-backtracking engine
pub const LINEAR: u32 = 1 << 6;
/// `d`
pub const HAS_INDICES: u32 = 1 << 7;
/// `v`
pub const UNICODE_SETS: u32 = 1 << 8;

const ORDER: [(u32, char); 9] = [
    (HAS_INDICES, 'd'),
    (GLOBAL, 'g'),
    (IGNORE_CASE, 'i'),
    (LINEAR, 'l'),
    (MULTILINE, 'm'),
    (DOT_ALL, 's'),
    (UNICODE, 'u'),
    (UNICODE_SETS, 'v'),
    (STICKY, 'y'),
];

/// The bits of flags given as letters in any order; `None` where one is unknown or there twice.
pub fn from_str(letters: &str) -> Option<u32> {
    letters.chars().try_fold(0, |flags, letter| {
        let &(bit, _) = ORDER.iter().find(|(_, known)| *known == letter)?;
        (flags & bit == 0).then_some(flags | bit)
    })
}

/// The flags in the order of JavaScript's `flags` property: `dgimsuvy`.
pub fn to_string(flags: u32) -> String {
    ORDER.iter().filter(|(bit, _)| flags & bit != 0).map(|&(_, letter)| letter).collect()
}
