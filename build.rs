//! With the feature `v8`: finds an installed V8 and compiles the shim over it. Without: nothing.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "v8")]
    v8::build();
}

#[cfg(feature = "v8")]
mod v8 {
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::{env, fs};

    const SHIM: &str = "src/engine/shim";

    const VARIABLES: [&str; 4] =
        ["V8WIRE_V8_INCLUDE", "V8WIRE_V8_LIB", "V8WIRE_V8_NAME", "V8WIRE_V8_DEFINES"];

    /// A V8 to compile against and to link with.
    #[derive(Default)]
    struct V8 {
        include: Vec<PathBuf>,
        /// Where its libraries are, if that is no place where a linker looks anyway.
        folder: Option<PathBuf>,
        libraries: Vec<String>,
        defines: Vec<String>,
    }

    pub(super) fn build() {
        for name in VARIABLES {
            println!("cargo::rerun-if-env-changed={name}");
        }
        for name in ["DOCS_RS", "PKG_CONFIG_PATH"] {
            println!("cargo::rerun-if-env-changed={name}");
        }
        println!("cargo::rerun-if-changed={SHIM}");
        // Documentation needs no V8.
        if env::var_os("DOCS_RS").is_some() {
            return;
        }
        let Some(v8) = from_variables()
            .or_else(installed)
            .or_else(pkg_config)
            .or_else(homebrew)
            .or_else(fetched)
        else {
            println!(
                "cargo::error=the feature `v8` needs V8's headers and library, and none were found. Run \
                 `scripts/fetch-v8.sh` (Debian, unpacks below target/), or install `libnode-dev` (Debian, \
                 Ubuntu) or `v8` (Homebrew), or set V8WIRE_V8_INCLUDE and V8WIRE_V8_LIB to their folders."
            );
            std::process::exit(1);
        };
        compile(&v8);
        link(&v8);
    }

    fn compile(v8: &V8) {
        let mut shim = cc::Build::new();
        shim.cpp(true)
            .std(if major_version(v8) >= 12 { "c++20" } else { "c++17" })
            // V8 has no type information for classes to inherit.
            .flag_if_supported("-fno-rtti")
            .flag_if_supported("-Wno-deprecated-declarations");
        for folder in &v8.include {
            // Another version, or none any more, is looked for anew.
            println!("cargo::rerun-if-changed={}", folder.join("v8-version.h").display());
            shim.flag(format!("-isystem{}", folder.display()));
        }
        for define in &v8.defines {
            let (name, value) = define.split_once('=').unwrap_or((define, "1"));
            shim.define(name, value);
        }
        // Node builds its V8 with these.
        if v8.libraries.iter().any(|library| library == "node") {
            shim.define("V8WIRE_CONTEXT_PROMISE_HOOKS", None);
        }
        let mut files: Vec<PathBuf> = fs::read_dir(SHIM)
            .expect("the shim is part of the package")
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "cc"))
            .collect();
        files.sort();
        shim.files(files).compile("v8wire_shim");
    }

    fn link(v8: &V8) {
        for library in &v8.libraries {
            let kind = if library.ends_with("monolith") { "static" } else { "dylib" };
            println!("cargo::rustc-link-lib={kind}={library}");
        }
        let Some(folder) = &v8.folder else { return };
        let folder = folder.display();
        println!("cargo::rustc-link-search=native={folder}");
        println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
        // Arguments for the linker reach only this package. Others may ask for the folder.
        println!("cargo::metadata=rpath={folder}");
        if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
            // The libraries that V8's library needs stand beside it: the linker looks for them there,
            // and the old tag, unlike the new one, has the loader do so too.
            println!("cargo::rustc-link-arg=-Wl,-rpath-link,{folder}");
            println!("cargo::rustc-link-arg=-Wl,--disable-new-dtags");
        }
    }

    fn major_version(v8: &V8) -> u32 {
        let version = v8.include.iter().find_map(|folder| {
            let text = fs::read_to_string(folder.join("v8-version.h")).ok()?;
            let line = text.lines().find(|line| line.contains("define V8_MAJOR_VERSION"))?;
            line.rsplit(' ').next()?.parse().ok()
        });
        version.unwrap_or(0)
    }

    fn list(variable: &str) -> Vec<String> {
        let text = env::var(variable).unwrap_or_default();
        text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    fn from_variables() -> Option<V8> {
        let include = PathBuf::from(env::var_os("V8WIRE_V8_INCLUDE")?);
        if !include.join("v8.h").is_file() {
            println!("cargo::error=V8WIRE_V8_INCLUDE: there is no v8.h in {}", include.display());
            std::process::exit(1);
        }
        let folder = env::var_os("V8WIRE_V8_LIB").map(PathBuf::from);
        let mut libraries = list("V8WIRE_V8_NAME");
        if libraries.is_empty() {
            libraries = names(folder.as_deref());
        }
        Some(V8 { include: vec![include], folder, libraries, defines: list("V8WIRE_V8_DEFINES") })
    }

    /// The libraries to link with: all of V8 in one, or V8 and its platform.
    fn names(folder: Option<&Path>) -> Vec<String> {
        let has = |file: &str| folder.is_some_and(|folder| folder.join(file).exists());
        let names: &[&str] = if has("libv8_monolith.a") {
            &["v8_monolith"]
        } else if folder.is_none() || has("libnode.so") || has("libnode.dylib") {
            &["node"]
        } else {
            &["v8", "v8_libplatform", "v8_libbase"]
        };
        names.iter().map(|&name| name.to_owned()).collect()
    }

    /// Below a prefix such as `/usr`, as Debian's `libnode-dev` has it.
    fn libnode(prefix: &Path) -> Option<(PathBuf, PathBuf)> {
        let include = prefix.join("include/nodejs/deps/v8/include");
        if !include.join("v8.h").is_file() {
            return None;
        }
        let folders = fs::read_dir(prefix.join("lib")).ok()?;
        let folder = folders
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|folder| folder.join("libnode.so").exists())?;
        Some((include, folder))
    }

    fn installed() -> Option<V8> {
        let (include, _) = libnode(Path::new("/usr"))?;
        Some(V8 { include: vec![include], libraries: names(None), ..V8::default() })
    }

    fn fetched() -> Option<V8> {
        let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
        let (include, folder) = libnode(&root.join("target/v8/unpacked/usr"))?;
        Some(V8 {
            include: vec![include],
            folder: Some(folder),
            libraries: names(None),
            ..V8::default()
        })
    }

    fn pkg_config() -> Option<V8> {
        let output = Command::new("pkg-config").args(["--cflags", "--libs", "v8"]).output().ok()?;
        if !output.status.success() {
            return None;
        }
        let mut v8 = V8::default();
        for word in String::from_utf8_lossy(&output.stdout).split_whitespace() {
            match word.split_at_checked(2) {
                Some(("-I", folder)) => v8.include.push(folder.into()),
                Some(("-L", folder)) => v8.folder = Some(folder.into()),
                Some(("-l", name)) => v8.libraries.push(name.into()),
                Some(("-D", define)) => v8.defines.push(define.into()),
                _ => {}
            }
        }
        Some(v8)
    }

    fn homebrew() -> Option<V8> {
        let prefix =
            ["/opt/homebrew/opt/v8", "/usr/local/opt/v8", "/home/linuxbrew/.linuxbrew/opt/v8"]
                .map(Path::new)
                .into_iter()
                .find(|prefix| prefix.join("include/v8.h").is_file())?;
        let folder = prefix.join("lib");
        let mut defines = list("V8WIRE_V8_DEFINES");
        if defines.is_empty() {
            // How Homebrew builds it; V8 says so at its start if that has changed.
            defines = ["V8_COMPRESS_POINTERS", "V8_ENABLE_SANDBOX"].map(str::to_owned).into();
        }
        Some(V8 {
            include: vec![prefix.join("include")],
            libraries: names(Some(&folder)),
            folder: Some(folder),
            defines,
        })
    }
}
