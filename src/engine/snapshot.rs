//! Heap snapshots: taken, written, read as a stream.

use std::cell::RefCell;
use std::ffi::c_void;
use std::fs::{self, File};
use std::io::{self, BufWriter, Cursor, Read, Write};
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::error::{EngineError, EngineErrorKind};
use super::ffi;
use super::isolate::{Engine, Inner};

/// Who is told how a snapshot comes along: done and total.
type Progress<'p> = dyn FnMut(u32, u32) -> ControlFlow<()> + 'p;
/// Who names global objects.
type Names<'p> = dyn FnMut() -> Option<String> + 'p;

/// How to take a heap snapshot.
#[derive(Default)]
pub struct SnapshotOptions<'p> {
    progress: Option<Box<Progress<'p>>>,
    names: Option<Box<Names<'p>>>,
}

impl<'p> SnapshotOptions<'p> {
    /// Without progress and names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Has this called now and then with what is done and the total, in units that say nothing else.
    /// `Break` cancels the snapshot. V8's `ActivityControl`.
    #[must_use]
    pub fn progress(mut self, progress: impl FnMut(u32, u32) -> ControlFlow<()> + 'p) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// Has the global object named by this; the name is put behind that of its class. V8's
    /// `ObjectNameResolver`, called for each global object.
    #[must_use]
    pub fn global_object_name(mut self, names: impl FnMut() -> Option<String> + 'p) -> Self {
        self.names = Some(Box::new(names));
        self
    }
}

/// The heap at one moment, kept by V8 until it is deleted.
pub struct HeapSnapshot<'e> {
    pub(super) engine: &'e Inner,
    pub(super) raw: *const ffi::HeapSnapshot,
    /// Nothing else is done with the engine meanwhile.
    _borrow: PhantomData<&'e mut Engine>,
}

/// What the callbacks see.
struct Taking<'t, 'p> {
    inner: &'t Inner,
    options: RefCell<SnapshotOptions<'p>>,
}

unsafe extern "C" fn on_progress(data: *mut c_void, done: u32, total: u32) -> bool {
    // SAFETY: `data` is the `Taking` of a `take` that is still under way.
    let taking = unsafe { &*data.cast::<Taking<'_, '_>>() };
    let call = || match &mut taking.options.borrow_mut().progress {
        Some(progress) => progress(done, total).is_continue(),
        None => true,
    };
    taking.inner.guard(false, call)
}

unsafe extern "C" fn on_name(data: *mut c_void, engine: *mut ffi::Engine) {
    // SAFETY: as above.
    let taking = unsafe { &*data.cast::<Taking<'_, '_>>() };
    let call = || taking.options.borrow_mut().names.as_mut().and_then(|names| names());
    if let Some(name) = taking.inner.guard(None, call) {
        // SAFETY: the engine is the one that waits for the name, and copies it.
        unsafe { ffi::v8wire_set_name(engine, name.as_ptr(), name.len()) }
    }
}

impl Inner {
    /// Null where a callback has cancelled it.
    pub(super) fn take(&self, options: SnapshotOptions<'_>) -> *const ffi::HeapSnapshot {
        let raw = ffi::SnapshotOptions {
            progress: options.progress.is_some().then_some(on_progress),
            name: options.names.is_some().then_some(on_name),
            data: std::ptr::null_mut(),
        };
        let taking = Taking { inner: self, options: RefCell::new(options) };
        let raw = ffi::SnapshotOptions { data: (&raw const taking).cast_mut().cast(), ..raw };
        // V8 takes one at a time.
        let was_busy = self.near_limit.busy.replace(true);
        // SAFETY: the engine is alive, and `taking` outlives the call.
        let snapshot = unsafe { ffi::v8wire_take_snapshot(self.raw(), &raw) };
        self.near_limit.busy.set(was_busy);
        snapshot
    }

    /// Takes a snapshot, writes it to a file and deletes it.
    pub(super) fn write_snapshot(
        &self,
        path: &Path,
        file: File,
        options: SnapshotOptions<'_>,
    ) -> Result<(), EngineError> {
        let result = self.take_guarded(options).and_then(|snapshot| {
            let mut file = BufWriter::new(file);
            let written = snapshot.write_to(&mut file).and_then(|()| file.flush());
            snapshot.delete();
            written.map_err(|error| EngineError::io(path, &error))
        });
        // Half a file is of no use; that it is left is no new error. A device stays.
        if result.is_err() && fs::symlink_metadata(path).is_ok_and(|found| found.is_file()) {
            let _ = fs::remove_file(path);
        }
        result
    }

    pub(super) fn take_guarded(
        &self,
        options: SnapshotOptions<'_>,
    ) -> Result<HeapSnapshot<'_>, EngineError> {
        let raw = self.take(options);
        if raw.is_null() {
            return Err(EngineError::new(
                EngineErrorKind::Cancelled,
                "the heap snapshot was cancelled",
            ));
        }
        Ok(HeapSnapshot { engine: self, raw, _borrow: PhantomData })
    }

    /// Creates a file named as Node's documentation has it, next to those that are there.
    pub(super) fn create_snapshot_file(&self) -> Result<(PathBuf, File), EngineError> {
        let mut time = ffi::LocalTime::default();
        // SAFETY: it only writes to `time`.
        unsafe { ffi::v8wire_local_time(&mut time) };
        let ffi::LocalTime { year, month, day, hour, minute, second } = time;
        let (pid, number) = (std::process::id(), self.number);
        let stem = format!(
            "Heap-{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}-{pid}-{number}"
        );
        let mut name = format!("{stem}.heapsnapshot");
        for next in 2.. {
            let path = self.diagnostic_dir.join(&name);
            match File::create_new(&path) {
                Ok(file) => return Ok((path, file)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    name = format!("{stem}-{next}.heapsnapshot");
                }
                Err(error) => return Err(EngineError::io(&path, &error)),
            }
        }
        unreachable!("there are fewer files than numbers")
    }
}

impl<'e> HeapSnapshot<'e> {
    pub(super) fn new(engine: &'e Inner, raw: *const ffi::HeapSnapshot) -> Option<Self> {
        (!raw.is_null()).then_some(HeapSnapshot { engine, raw, _borrow: PhantomData })
    }

    /// Writes the snapshot as JSON, in the form that developer tools load (`.heapsnapshot`).
    ///
    /// # Errors
    /// The first error of `out`.
    pub fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        struct Writing<'w> {
            inner: &'w Inner,
            out: RefCell<(&'w mut dyn Write, io::Result<()>)>,
        }

        unsafe extern "C" fn write(data: *mut c_void, chunk: *const u8, length: usize) -> bool {
            // SAFETY: `data` is the `Writing` below, and V8 lends so many bytes.
            let (writing, chunk) = unsafe {
                (&*data.cast::<Writing<'_>>(), std::slice::from_raw_parts(chunk, length))
            };
            writing.inner.guard(false, || {
                let (out, result) = &mut *writing.out.borrow_mut();
                *result = out.write_all(chunk);
                result.is_ok()
            })
        }

        let writing = Writing { inner: self.engine, out: RefCell::new((out, Ok(()))) };
        let data = (&raw const writing).cast_mut().cast();
        // SAFETY: the snapshot is of this engine and has not been deleted; `writing` outlives the call.
        unsafe { ffi::v8wire_serialize_snapshot(self.engine.raw(), self.raw, write, data) };
        let (_, result) = writing.out.into_inner();
        self.engine.resume();
        result
    }

    /// Deletes it, before [`HeapProfiler::delete_all_heap_snapshots`](super::HeapProfiler) does. With
    /// the last one V8 forgets the ids of objects, unless they are being tracked.
    pub fn delete(self) {
        // SAFETY: the snapshot is of this engine, and `self` was the last to know it.
        unsafe { ffi::v8wire_delete_snapshot(self.engine.raw(), self.raw) }
    }
}

/// A heap snapshot as a stream of JSON: Node's `v8.getHeapSnapshot()`.
///
/// V8 writes a snapshot in one go, so the text is in memory until it is read, as it is in Node.
/// [`Engine::write_heap_snapshot`] and [`HeapSnapshot::write_to`] hold no more than a piece of it.
#[derive(Clone, Debug)]
pub struct HeapSnapshotStream(Cursor<Vec<u8>>);

impl Read for HeapSnapshotStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Engine {
    /// Takes a heap snapshot and gives its JSON. Node's `v8.getHeapSnapshot()`.
    ///
    /// # Errors
    /// A callback has cancelled it.
    pub fn heap_snapshot(
        &mut self,
        options: SnapshotOptions<'_>,
    ) -> Result<HeapSnapshotStream, EngineError> {
        let snapshot = self.inner.take_guarded(options);
        self.inner.resume();
        let snapshot = snapshot?;
        let mut json = Vec::new();
        let written = snapshot.write_to(&mut json);
        snapshot.delete();
        written.map_err(|error| EngineError::new(EngineErrorKind::Io, error.to_string()))?;
        Ok(HeapSnapshotStream(Cursor::new(json)))
    }

    /// Writes a heap snapshot to a file and gives its path. Without one the name is
    /// `Heap-yyyymmdd-hhmmss-pid-threadid.heapsnapshot`, in the diagnostic folder
    /// ([`EngineBuilder::diagnostic_dir`](super::EngineBuilder::diagnostic_dir)), with the number of the
    /// engine for the thread, and `-2` and so on behind it where there is such a file. Node's
    /// `v8.writeHeapSnapshot()`.
    ///
    /// # Errors
    /// The file cannot be written, or a callback has cancelled it; there is no file then.
    pub fn write_heap_snapshot(
        &mut self,
        path: Option<&Path>,
        options: SnapshotOptions<'_>,
    ) -> Result<PathBuf, EngineError> {
        let (path, file) = match path {
            Some(path) => {
                let file = File::create(path).map_err(|error| EngineError::io(path, &error))?;
                (path.to_owned(), file)
            }
            None => self.inner.create_snapshot_file()?,
        };
        let result = self.inner.write_snapshot(&path, file, options);
        self.inner.resume();
        result.map(|()| path)
    }
}
