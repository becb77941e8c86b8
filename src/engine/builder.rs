//! How an engine is made.

use super::engine::{Engine, Inner};
use super::error::EngineError;
use super::process::set_flags_from_string;

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
    heap_limit: u64,
    flags: String,
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

    /// Makes the engine.
    ///
    /// # Errors
    /// A flag that V8 does not take.
    pub fn build(self) -> Result<Engine, EngineError> {
        set_flags_from_string(&self.flags)?;
        Ok(Engine { inner: Inner::new(self.heap_limit, None) })
    }
}
