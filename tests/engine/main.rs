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
