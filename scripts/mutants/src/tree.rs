//! A copy of the sources to put mutants in; everything else in it is a link.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failure;
use crate::rounds::write_if_changed;

pub const FEATURES: &str = "cli,num-bigint,regress,arbitrary";

const SWITCH: &str = include_str!("switch.rs");

/// Makes the copy, or brings an old one up to date. Files in `woven` are left to the weaver.
pub fn prepare(work: &Path, woven: &dyn Fn(&Path) -> bool) -> Result<PathBuf, Failure> {
    let copy = std::path::absolute(work.join("tree"))?;
    fs::create_dir_all(&copy)?;
    for entry in fs::read_dir(".")? {
        let name = entry?.file_name();
        let to = copy.join(&name);
        if ["src", "target", ".git"].iter().any(|&not| OsStr::new(not) == name) || to.is_symlink() {
            continue;
        }
        symlink(fs::canonicalize(&name)?, to)?;
    }
    copy_sources(Path::new("src"), &copy, woven)?;
    write_if_changed(&copy.join("src/mutants.rs"), SWITCH)?;
    Ok(copy)
}

fn copy_sources(folder: &Path, copy: &Path, woven: &dyn Fn(&Path) -> bool) -> Result<(), Failure> {
    fs::create_dir_all(copy.join(folder))?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            copy_sources(&path, copy, woven)?;
        } else if path == Path::new("src/lib.rs") {
            let text = fs::read_to_string(&path)?;
            let allow = "#![allow(warnings, arithmetic_overflow, unconditional_panic)]";
            write_if_changed(&copy.join(path), &format!("{allow}\n{text}\nmod mutants;\n"))?;
        } else if path.extension() != Some(OsStr::new("rs")) {
            fs::copy(&path, copy.join(&path))?;
        } else if !woven(&path) {
            write_if_changed(&copy.join(&path), &fs::read_to_string(&path)?)?;
        }
    }
    Ok(())
}

/// Cargo in the copy. Level 1, or the slow tests take too long; checks for overflow stay.
pub fn cargo(copy: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(copy).env("CARGO_TARGET_DIR", copy.with_file_name("build"));
    cargo.env("CARGO_PROFILE_DEV_OPT_LEVEL", "1").env("CARGO_PROFILE_DEV_DEBUG", "0");
    cargo.env("CARGO_TERM_QUIET", "true");
    cargo
}
