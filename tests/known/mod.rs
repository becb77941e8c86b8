//! Where the library and an engine differ by intent: consumed by the differential test and by the fuzz target
//! against a live V8. The list by case is `tests/known-differences.txt`.

mod halves;

use serde_json::Value as Json;
use v8wire::{Delegate, HostError, HostReader, HostStep};

/// Differences that SPEC.md 12 has, each no wider than its rule. Both sides are `{"ok":description}`, with the
/// number of bytes behind the value as `left` where there are any, or `{"refused":message}`.
pub(crate) fn is_known(blob: &[u8], ours: &Json, theirs: &Json) -> bool {
    let refusal = theirs["refused"].as_str().unwrap_or_default();
    let (taken, version_13) = (theirs.get("ok").is_some(), is_version_13(blob));
    // 12.1: patterns are not compiled without the feature, and by the newest syntax with it.
    let pattern = refusal.starts_with("Invalid regular expression") && blob.contains(&b'R');
    // No difference: Deno's delegate throws for what is elsewhere, here there is none.
    let delegate = refusal.starts_with("Deno deserializer: get_");
    // 12.8: the bytes of modules are not looked at.
    let module = refusal.contains("ReadWasmModule");
    // 12.3: objects of which there was a part.
    let both = taken && ours.get("ok").is_some() && ours.get("left") == theirs.get("left");
    let halves = version_13 && both && halves::same_but_for_halves(&ours["ok"], &theirs["ok"]);
    // 12.2: engines refuse a maximum that they cannot reserve.
    let maximum = blob.contains(&b'~') && refusal.starts_with("Unable to deserialize");
    // No difference at all: that an empty view over an empty rest tracks the length cannot be seen
    // from JavaScript, so the engine's description does not say it.
    let blind = |json: &Json| json.to_string().replace(",0,true,[", ",0,false,[");
    let tracking = blob.contains(&b'~') && taken && blind(ours) == blind(theirs);
    pattern || delegate || module || halves || maximum || tracking
}

/// The number may be longer than it need be.
fn is_version_13(blob: &[u8]) -> bool {
    let Some((0xFF, number)) = blob.split_first() else { return false };
    let end = number.iter().position(|&byte| byte < 0x80).unwrap_or(0);
    number.first().is_some_and(|&byte| byte & 0x7F == 13)
        && number[..=end].iter().skip(1).take(3).all(|&byte| byte & 0x7F == 0)
}

/// Node's `v8.Deserializer` has a delegate, which throws where V8 without one just gives no value.
pub(crate) struct NoHostObjects;

impl Delegate for NoHostObjects {
    fn read_host_object(&self, _: &mut HostReader<'_, '_>) -> Result<HostStep, HostError> {
        Err(HostError::new("no host objects"))
    }
}
