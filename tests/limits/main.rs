//! Hostile input: depth, size and time. Nothing here may need stack in proportion to the data, or
//! time beyond it.
//!
//! Ten million levels take a while unoptimized, so debug builds use fewer; CI runs this test with
//! `--release`.

#[path = "../blobs/mod.rs"]
mod blobs;

mod depth;
mod exact;
mod growth;
mod texts;
mod writing;

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use v8wire::ParseOptions;

/// Levels of nesting: enough to overflow any stack if one frame each were used.
const LEVELS: usize = if cfg!(debug_assertions) { 400_000 } else { 10_000_000 };

/// The thread of a test has two megabytes of stack, here it is a quarter of one: less than a byte for
/// each level.
const STACK: usize = 256 << 10;

fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(test).unwrap();
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

fn deep() -> ParseOptions {
    ParseOptions::new().max_depth(u32::MAX)
}

/// Of what stands side by side.
const MANY: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };

/// Runs a task of size `MANY / 64`, `MANY / 8` and `MANY`, and refuses a cost that grows much faster
/// than the size. Short times say nothing and pass.
fn roughly_linear<T>(make: impl Fn(usize) -> T, task: impl Fn(&T)) {
    let mut before = Duration::MAX;
    for count in [MANY / 64, MANY / 8, MANY] {
        let made = make(count);
        let start = busy();
        task(&made);
        let took = busy() - start;
        assert!(
            took < Duration::from_secs(1) || took < before.saturating_mul(24),
            "{took:?} for {count}, but {before:?} for an eighth of that"
        );
        before = took.max(Duration::from_millis(2));
    }
}

/// How long this thread has had a processor, so that others on it do not count; where Linux does not tell, how
/// long the tests have been running.
fn busy() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// All numbers below `count`, each once, in no order: `count` is no multiple of the factor.
fn shuffled(number: usize, count: usize) -> usize {
    (number * 7919 + 13) % count
}
