//! What V8 has once for the whole process: its start, version and flags.

use std::ffi::{CStr, CString};
use std::sync::{Mutex, Once, PoisonError};

use super::error::{EngineError, EngineErrorKind};
use super::ffi;

static START: Once = Once::new();

/// V8 reads its flags without a lock. This keeps those who write them, and engines in the making,
/// apart.
static FLAGS: Mutex<()> = Mutex::new(());

/// Starts V8 if that has not been done.
pub(super) fn start() {
    START.call_once(|| {
        // SAFETY: called once, and nothing else of V8 but its flags is used before.
        unsafe { ffi::v8wire_start() }
    });
}

/// Keeps flags from being changed.
pub(super) fn with_flags<T>(then: impl FnOnce() -> T) -> T {
    // A panic of another thread leaves nothing half-done here.
    let _guard = FLAGS.lock().unwrap_or_else(PoisonError::into_inner);
    then()
}

/// The version of the V8 that the program runs with, such as `10.2.154.26-node.37`.
pub fn v8_version() -> &'static str {
    // SAFETY: V8 has its version in a static string.
    unsafe { CStr::from_ptr(ffi::v8wire_version()) }.to_str().unwrap_or_default()
}

pub(super) fn v8_major_version() -> u32 {
    v8_version().split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0)
}

/// A number made of V8's version, its flags and the features of the processor. Code that V8 cached is
/// of use only where it is the same. Node's `v8.cachedDataVersionTag()`.
pub fn cached_data_version_tag() -> u32 {
    // The features are known from the start on.
    start();
    // SAFETY: V8 has been started.
    with_flags(|| unsafe { ffi::v8wire_cached_data_version_tag() })
}

/// Sets V8's flags: one or several, such as `--expose-gc --max-old-space-size=64`. They hold for the
/// whole process. Node's `v8.setFlagsFromString()`.
///
/// This works before the first [`Engine`](super::Engine) and behind. As Node's documentation says of
/// it: what flags do when they change behind V8's start may be nothing, or a crash. Set what matters
/// before the first engine, and take flags only from those who may also choose the program's
/// arguments: some switch off what keeps scripts apart from memory.
///
/// # Errors
/// A flag that V8 does not know or whose value it does not take. The others have been set; V8 leaves
/// at 0 a number that it could not read.
pub fn set_flags_from_string(flags: &str) -> Result<(), EngineError> {
    let mut words = vec![c"v8wire".to_owned()];
    for word in flags.split_whitespace() {
        if word.trim_start_matches('-') == "help" {
            return Err(flag("--help would end the process"));
        }
        words.push(CString::new(word).map_err(|_| flag("flags hold no NUL"))?);
    }
    let mut raw: Vec<_> = words.into_iter().map(CString::into_raw).collect();
    let all = raw.clone();
    let count = i32::try_from(raw.len()).map_err(|_| flag("too many flags"))?;
    // SAFETY: `count` C strings, which V8 may write to but does not keep. It takes some out of the list
    // and moves the others to its front.
    let left = with_flags(|| unsafe { ffi::v8wire_set_flags(count, raw.as_mut_ptr()) });
    let rest: Vec<String> = raw
        .iter()
        .take(usize::try_from(left).unwrap_or(0))
        .skip(1)
        .filter(|word| !word.is_null())
        // SAFETY: those that are left are from `all`, which are freed below.
        .map(|&word| unsafe { CStr::from_ptr(word) }.to_string_lossy().into_owned())
        .collect();
    for word in all {
        // SAFETY: from `into_raw` above, once each.
        drop(unsafe { CString::from_raw(word) });
    }
    if rest.is_empty() { Ok(()) } else { Err(flag(format!("V8 does not take {}", rest.join(" ")))) }
}

#[cold]
fn flag(message: impl Into<String>) -> EngineError {
    EngineError::new(EngineErrorKind::Flag, message)
}
