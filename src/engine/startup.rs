//! Startup snapshots.

use std::path::Path;
use std::sync::Arc;

use super::error::{EngineError, EngineErrorKind};
use super::isolate::Engine;
use super::{ffi, process};

const PRELUDE: &str = include_str!("startup.js");
const MAGIC: &[u8; 16] = b"v8wire-startup\0\x01";

/// A heap to start engines from: Node's `--build-snapshot`.
///
/// The script that fills the heap sees Node's interface as the global `v8.startupSnapshot`:
/// `addSerializeCallback`, `addDeserializeCallback`, `setDeserializeMainFunction` and
/// `isBuildingSnapshot`. Callbacks run in Node's order: those for serializing behind the script, in
/// the order in which they were added; those for deserializing when an engine starts, and then the
/// main function.
///
/// ```
/// use v8wire::engine::{Engine, StartupSnapshot};
/// let snapshot = StartupSnapshot::build("entry.js", "
///     globalThis.shelf = new Map([['book', 'text']]);
///     v8.startupSnapshot.setDeserializeMainFunction((shelf) => shelf.set('ready', true), shelf);
/// ")?;
/// let mut engine = Engine::builder().startup_snapshot(&snapshot).build()?;
/// assert_eq!(engine.eval("[...shelf.keys()]")?.to::<Vec<String>>()?, ["book", "ready"]);
/// # Ok::<(), v8wire::engine::EngineError>(())
/// ```
#[derive(Clone)]
pub struct StartupSnapshot(Arc<[u8]>);

impl StartupSnapshot {
    /// Runs the script in an engine of its own and takes the heap that it leaves. V8 has no
    /// `WebAssembly` and no `SharedArrayBuffer` there, and ends the process where it cannot write what
    /// it finds: objects of `Intl`, or a `FinalizationRegistry` with a task.
    ///
    /// # Errors
    /// What the script or one of its callbacks throws.
    pub fn build(name: &str, script: &str) -> Result<Self, EngineError> {
        process::start();
        let mut blob = ffi::Bytes::EMPTY;
        let mut failure = ffi::Failure::NONE;
        // SAFETY: the texts are readable for their length.
        let built = unsafe {
            ffi::v8wire_build_startup(
                PRELUDE.as_ptr(),
                PRELUDE.len(),
                script.as_ptr(),
                script.len(),
                name.as_ptr(),
                name.len(),
                &mut blob,
                &mut failure,
            )
        };
        if !built {
            return Err(EngineError::failed(EngineErrorKind::Exception, failure));
        }
        Ok(StartupSnapshot(blob.into_vec().into()))
    }

    /// The snapshot as bytes to keep, with V8's version and a checksum.
    pub fn to_bytes(&self) -> Vec<u8> {
        let version = process::v8_version().as_bytes();
        let mut bytes = MAGIC.to_vec();
        bytes.push(version.len() as u8);
        bytes.extend_from_slice(version);
        bytes.extend_from_slice(&checksum(&self.0).to_le_bytes());
        bytes.extend_from_slice(&self.0);
        bytes
    }

    /// From [`StartupSnapshot::to_bytes`]. The bytes are code and memory of an engine: take them only
    /// from who may choose the scripts.
    ///
    /// # Errors
    /// Damaged bytes, or those of another V8.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EngineError> {
        let wrong = |message: &str| EngineError::new(EngineErrorKind::Startup, message);
        let cut = || wrong("the startup snapshot is cut short");
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| wrong("this is no startup snapshot"))?;
        let (&length, rest) = rest.split_first().ok_or_else(cut)?;
        let (version, rest) = rest.split_at_checked(length.into()).ok_or_else(cut)?;
        let (sum, blob) = rest.split_first_chunk().ok_or_else(cut)?;
        if version != process::v8_version().as_bytes() {
            return Err(wrong(&format!(
                "the startup snapshot is of V8 {}, this is {}",
                String::from_utf8_lossy(version),
                process::v8_version()
            )));
        }
        if checksum(blob) != u64::from_le_bytes(*sum) {
            return Err(wrong("the startup snapshot is damaged"));
        }
        process::start();
        // SAFETY: V8 is started, and the blob readable; its start, which V8 looks at, is whole.
        if !unsafe { ffi::v8wire_startup_is_valid(blob.as_ptr(), blob.len()) } {
            return Err(wrong("V8 does not take the startup snapshot"));
        }
        Ok(StartupSnapshot(blob.into()))
    }

    /// Writes it to a file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), EngineError> {
        std::fs::write(path, self.to_bytes()).map_err(|error| EngineError::io(path, &error))
    }

    /// Reads it from a file, as [`StartupSnapshot::from_bytes`] does.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, or of another V8.
    pub fn load(path: &Path) -> Result<Self, EngineError> {
        let bytes = std::fs::read(path).map_err(|error| EngineError::io(path, &error))?;
        StartupSnapshot::from_bytes(&bytes)
    }

    pub(super) fn blob(&self) -> Arc<[u8]> {
        self.0.clone()
    }
}

impl std::fmt::Debug for StartupSnapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("StartupSnapshot").field(&self.0.len()).finish()
    }
}

/// FNV-1a, which finds what disks and cables do to bytes.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |sum, &byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
    })
}

impl Engine {
    /// Runs what a startup snapshot has for this moment.
    pub(super) fn run_startup(&mut self) -> Result<(), EngineError> {
        // SAFETY: the engine is alive.
        self.inner.call(EngineErrorKind::Exception, |engine, failure| unsafe {
            ffi::v8wire_run_startup(engine, failure)
        })
    }
}
