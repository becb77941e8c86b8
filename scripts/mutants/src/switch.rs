//! Which mutant is on. Put into the copy of the library; allocates nothing, as tests count that.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

const NOT_ASKED: usize = usize::MAX;
const RECORDING: usize = usize::MAX - 1;
const NONE: usize = usize::MAX - 2;

static ACTIVE: AtomicUsize = AtomicUsize::new(NOT_ASKED);
static HITS: OnceLock<File> = OnceLock::new();
static HIT: [AtomicBool; 1 << 14] = [const { AtomicBool::new(false) }; 1 << 14];

/// Whether this mutant is on: `V8WIRE_MUTANT=number`. With `V8WIRE_MUTANT_HITS=file` none is, and the file
/// gets the numbers that were asked for.
#[inline(never)]
pub(crate) fn on(number: usize) -> bool {
    let active = ACTIVE.load(Relaxed);
    if active < RECORDING { active == number } else { slow(number) }
}

#[cold]
#[inline(never)]
fn slow(number: usize) -> bool {
    if ACTIVE.load(Relaxed) == NOT_ASKED {
        ACTIVE.store(ask(), Relaxed);
        return on(number);
    }
    if let Some(mut file) = HITS.get()
        && !HIT[number].swap(true, Relaxed)
    {
        let mut line = [b' '; 8];
        write!(&mut line[..7], "{number}").unwrap();
        line[7] = b'\n';
        file.write_all(&line).unwrap();
    }
    false
}

fn ask() -> usize {
    let mut buffer = [0; 1 << 14];
    let mut environment = File::open("/proc/self/environ").unwrap();
    let mut length = 0;
    while let Ok(read) = environment.read(&mut buffer[length..])
        && read > 0
    {
        length += read;
    }
    for variable in buffer[..length].split(|&byte| byte == 0) {
        if let Some(path) = variable.strip_prefix(b"V8WIRE_MUTANT_HITS=") {
            let file = File::options().append(true).create(true).open(OsStr::from_bytes(path));
            let _ = HITS.set(file.unwrap());
            return RECORDING;
        }
        if let Some(number) = variable.strip_prefix(b"V8WIRE_MUTANT=") {
            return std::str::from_utf8(number).unwrap().parse().unwrap();
        }
    }
    NONE
}
