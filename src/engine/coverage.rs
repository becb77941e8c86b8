//! Precise coverage, by V8's inspector.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::error::{EngineError, EngineErrorKind};
use super::ffi;
use super::isolate::{Engine, Inner};
use super::wire::SerializeOptions;

/// Counts since the last call of [`Engine::take_coverage`]: the JSON of Node's coverage files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Coverage {
    /// The scripts that ran or were called into.
    pub result: Vec<ScriptCoverage>,
    /// When it was taken, in seconds of V8's clock.
    pub timestamp: f64,
    /// The file that it was written to, if there is a folder for that.
    #[serde(skip)]
    pub file: Option<PathBuf>,
}

/// The functions of a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ScriptCoverage {
    /// V8's id of the script.
    pub script_id: String,
    /// The name that it was run under.
    pub url: String,
    /// The functions; the first is the script itself.
    pub functions: Vec<FunctionCoverage>,
}

/// How often a function ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FunctionCoverage {
    /// Its name; empty where it has none.
    pub function_name: String,
    /// The first range is all of it, later ones are blocks within that ran more or less often.
    pub ranges: Vec<CoverageRange>,
    /// Whether there are blocks.
    pub is_block_coverage: bool,
}

/// How often a piece of a script ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CoverageRange {
    /// Where it starts, in UTF-16 units.
    pub start_offset: u32,
    /// Where it ends.
    pub end_offset: u32,
    /// How often it ran.
    pub count: u64,
}

impl Inner {
    /// Calls a method of the inspector and gives its result as JSON.
    fn inspect(&self, method: &str, params: &str) -> Result<String, EngineError> {
        let message = format!(r#"{{"id":1,"method":"{method}","params":{params}}}"#);
        let mut answer = ffi::Bytes::EMPTY;
        // SAFETY: the engine is alive, and the message readable.
        let answered = unsafe {
            ffi::v8wire_inspect(self.raw(), message.as_ptr(), message.len(), &mut answer)
        };
        self.resume();
        let answer = answer.into_text();
        // V8 writes it without spaces, the result last.
        let result =
            answer.strip_prefix(r#"{"id":1,"result":"#).and_then(|rest| rest.strip_suffix('}'));
        match result {
            Some(result) => Ok(result.to_owned()),
            None if answered => {
                Err(EngineError::new(EngineErrorKind::Unsupported, format!("{method}: {answer}")))
            }
            None => Err(EngineError::new(
                EngineErrorKind::Unsupported,
                "v8wire was built with headers that lack v8-inspector.h",
            )),
        }
    }

    fn start_coverage(&self) -> Result<(), EngineError> {
        self.inspect("Profiler.enable", "{}")?;
        let params = r#"{"callCount":true,"detailed":true}"#;
        self.inspect("Profiler.startPreciseCoverage", params)?;
        self.covered.set(true);
        Ok(())
    }

    /// The counts as JSON, and the file that it was written to.
    fn take_coverage(&self) -> Result<(String, Option<PathBuf>), EngineError> {
        if !self.covered.get() {
            return Err(EngineError::new(EngineErrorKind::Misuse, "coverage has not been started"));
        }
        let json = self.inspect("Profiler.takePreciseCoverage", "{}")?;
        let file = self.coverage_dir.as_deref().map(|folder| self.write_coverage(folder, &json));
        Ok((json, file.transpose()?))
    }

    fn write_coverage(&self, folder: &Path, json: &str) -> Result<PathBuf, EngineError> {
        std::fs::create_dir_all(folder).map_err(|error| EngineError::io(folder, &error))?;
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (pid, number) = (std::process::id(), self.number);
        for time in since.as_millis().. {
            let path = folder.join(format!("coverage-{pid}-{time}-{number}.json"));
            match File::create_new(&path).and_then(|mut file| file.write_all(json.as_bytes())) {
                Ok(()) => return Ok(path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(EngineError::io(&path, &error)),
            }
        }
        unreachable!("there are fewer files than milliseconds")
    }

    /// As Node at its exit: one more report where they are written.
    pub(super) fn finish_coverage(&self) {
        if self.covered.get()
            && self.coverage_dir.is_some()
            && let Err(error) = self.take_coverage()
        {
            eprintln!("v8wire: no coverage: {error}");
        }
    }
}

impl Engine {
    /// Starts to count calls and blocks of the scripts that are run from now on.
    /// [`EngineBuilder::coverage`](super::EngineBuilder::coverage) does so from the engine's start.
    ///
    /// # Errors
    /// v8wire was built without V8's inspector.
    pub fn start_coverage(&mut self) -> Result<(), EngineError> {
        self.inner.start_coverage()
    }

    /// Takes the counts, which start from 0 again. With a folder
    /// ([`EngineBuilder::coverage`](super::EngineBuilder::coverage)) they are also written to a file
    /// there, in Node's form: `coverage-PID-TIME-NUMBER.json`. Node's `v8.takeCoverage()`.
    ///
    /// # Errors
    /// Coverage has not been started, or the file cannot be written.
    pub fn take_coverage(&mut self) -> Result<Coverage, EngineError> {
        let (json, file) = self.inner.take_coverage()?;
        let mut handle = std::ptr::null_mut();
        // SAFETY: the text is readable for its length.
        self.inner.call(EngineErrorKind::Decode, |engine, failure| unsafe {
            ffi::v8wire_parse_json(engine, json.as_ptr(), json.len(), &mut handle, failure)
        })?;
        let handle = self.handle(handle);
        let coverage = self.serialize(&handle, &SerializeOptions::new())?.to::<Coverage>()?;
        Ok(Coverage { file, ..coverage })
    }

    /// Stops counting. Where coverage is written to a folder, no last report is written when the engine
    /// is dropped. Node's `v8.stopCoverage()`.
    ///
    /// # Errors
    /// Coverage has not been started.
    pub fn stop_coverage(&mut self) -> Result<(), EngineError> {
        if !self.inner.covered.replace(false) {
            return Err(EngineError::new(EngineErrorKind::Misuse, "coverage has not been started"));
        }
        self.inner.inspect("Profiler.stopPreciseCoverage", "{}")?;
        self.inner.inspect("Profiler.disable", "{}").map(drop)
    }
}
