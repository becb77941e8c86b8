//! A live V8 (feature `v8`): each test asks the real engine.
#![cfg(feature = "v8")]

#[cfg(feature = "cli")]
mod cli;
mod coverage;
mod gc;
mod hooks;
mod leaks;
mod near_limit;
mod profiler;
mod scripts;
mod snapshots;
mod startup;
mod statistics;
mod wire;

/// An empty folder of a test's own; removed with the value.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("v8wire-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).unwrap();
        Folder(path)
    }

    fn files(&self) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs an ignored test alone in a process of its own, with a variable set.
fn child(test: &str, variable: &str, value: impl AsRef<std::ffi::OsStr>) -> std::process::Output {
    std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(variable, value)
        .output()
        .unwrap()
}

/// The memory of this process, in bytes; 0 where the system does not say.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}
