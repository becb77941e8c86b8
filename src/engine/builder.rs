//! How an engine is made.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::EngineError;
use super::isolate::{Engine, Inner};
use super::process::set_flags_from_string;
use super::startup::StartupSnapshot;

/// How to make an [`Engine`].
///
/// ```
/// use v8wire::engine::Engine;
/// let mut engine = Engine::builder().heap_limit(64 << 20).build()?;
/// assert!(engine.heap_statistics().heap_size_limit < 200 << 20);
/// # Ok::<(), v8wire::engine::EngineError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct EngineBuilder {
    pub(super) heap_limit: u64,
    flags: String,
    pub(super) startup: Option<Arc<[u8]>>,
    pub(super) coverage_dir: Option<PathBuf>,
    pub(super) diagnostic_dir: PathBuf,
}

impl EngineBuilder {
    /// The most bytes of objects that are no longer young: `--max-old-space-size`, but in bytes and
    /// for this engine alone. Beyond it V8 ends the process. Default: V8's own, which goes by the
    /// machine's memory.
    #[must_use]
    pub fn heap_limit(mut self, bytes: u64) -> Self {
        self.heap_limit = bytes;
        self
    }

    /// Flags of V8, set by [`set_flags_from_string`] before the engine is made. They hold for the
    /// whole process.
    #[must_use]
    pub fn flags(mut self, flags: &str) -> Self {
        self.flags.push(' ');
        self.flags.push_str(flags);
        self
    }

    /// Starts from this heap. Its callbacks have run when the engine is there.
    #[must_use]
    pub fn startup_snapshot(mut self, snapshot: &StartupSnapshot) -> Self {
        self.startup = Some(snapshot.blob());
        self
    }

    /// Counts what scripts run from the start, and writes a report into this folder at each
    /// [`Engine::take_coverage`] and when the engine is dropped. Node's `NODE_V8_COVERAGE`.
    #[must_use]
    pub fn coverage(mut self, folder: impl AsRef<Path>) -> Self {
        self.coverage_dir = Some(folder.as_ref().to_owned());
        self
    }

    /// Where heap snapshots without a name of their own are written. Default: the current folder.
    /// Node's `--diagnostic-dir`.
    #[must_use]
    pub fn diagnostic_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.diagnostic_dir = folder.as_ref().to_owned();
        self
    }

    /// Makes the engine.
    ///
    /// # Errors
    /// A flag that V8 does not take, coverage without V8's inspector, and what the callbacks of the
    /// startup snapshot throw.
    pub fn build(self) -> Result<Engine, EngineError> {
        set_flags_from_string(&self.flags)?;
        let (has_startup, is_covered) = (self.startup.is_some(), self.coverage_dir.is_some());
        let mut engine = Engine { inner: Inner::new(self) };
        if is_covered {
            engine.start_coverage()?;
        }
        if has_startup {
            engine.run_startup()?;
        }
        Ok(engine)
    }
}
