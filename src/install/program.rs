//! Which program a client starts.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::error::InstallError;

/// Where this program may be found.
#[derive(Debug, Clone)]
pub struct Whereabouts {
    /// The running program.
    pub exe: PathBuf,
    /// `PATH`.
    pub path: Option<OsString>,
    /// Directories that are emptied.
    pub temporary: Vec<PathBuf>,
}

impl Whereabouts {
    /// Those of this process.
    ///
    /// # Errors
    /// Where the system does not say which program runs.
    pub fn of_process() -> std::io::Result<Self> {
        let mut temporary = vec![std::env::temp_dir()];
        for path in
            ["/tmp", "/var/tmp", "/private/tmp", "/private/var/tmp", "/var/folders", "/private/var/folders", "/dev/shm"]
        {
            temporary.push(path.into());
        }
        // A temporary directory is known by the name that it has and by the one that links lead to.
        let led: Vec<_> = temporary.iter().filter_map(|path| path.canonicalize().ok()).collect();
        temporary.extend(led);
        Ok(Self { exe: std::env::current_exe()?, path: std::env::var_os("PATH"), temporary })
    }
}

/// The absolute path by which clients start this program: the one in `PATH` that leads to it, which stays the same where a
/// package manager puts a newer one behind it, else its own.
///
/// # Errors
/// [`InstallError::Program`] where it lies below `target/` or in a temporary directory: the next build or boot takes it away.
pub fn find(among: &Whereabouts) -> Result<PathBuf, InstallError> {
    let own = among.exe.canonicalize().unwrap_or_else(|_| among.exe.clone());
    let name = among.exe.file_name().map_or_else(|| "footbridge".into(), OsString::from);
    let in_path = among
        .path
        .iter()
        .flat_map(std::env::split_paths)
        .filter(|directory| directory.is_absolute())
        .map(|directory| directory.join(&name))
        .find(|candidate| candidate.canonicalize().is_ok_and(|led| led == own));
    for path in in_path.iter().chain([&own]) {
        if let Some(why) = passing(path, &among.temporary) {
            return Err(InstallError::Program { path: path.clone(), why });
        }
    }
    Ok(in_path.unwrap_or(own))
}

fn passing(path: &Path, temporary: &[PathBuf]) -> Option<String> {
    let what = if path.parent()?.components().any(|part| part.as_os_str() == "target") {
        "is what a build made, which the next one replaces and `cargo clean` takes away"
    } else if temporary.iter().any(|directory| path.starts_with(directory)) {
        "is in a temporary directory, which is emptied"
    } else {
        return None;
    };
    Some(format!(
        "{what}: install footbridge for good (`cargo install --path .`) and run that one, or name the program with \
         --program"
    ))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn at(exe: PathBuf, path: &Path, temporary: Vec<PathBuf>) -> Whereabouts {
        Whereabouts { exe, path: Some(path.into()), temporary }
    }

    #[test]
    fn the_path_is_the_one_that_stays_when_a_newer_program_is_put_behind_it() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().canonicalize().unwrap();
        let cellar = root.join("Cellar/footbridge/0.1.0/bin");
        let bin = root.join("bin");
        std::fs::create_dir_all(&cellar).unwrap();
        std::fs::create_dir_all(&bin).unwrap();
        let exe = cellar.join("footbridge");
        std::fs::write(&exe, "").unwrap();
        assert_eq!(find(&at(exe.clone(), &bin, vec![])).unwrap(), exe);
        std::os::unix::fs::symlink(&exe, bin.join("footbridge")).unwrap();
        assert_eq!(find(&at(exe.clone(), &bin, vec![])).unwrap(), bin.join("footbridge"));
        // Another program of this name is not this one.
        std::fs::remove_file(bin.join("footbridge")).unwrap();
        std::fs::write(bin.join("footbridge"), "").unwrap();
        assert_eq!(find(&at(exe.clone(), &bin, vec![])).unwrap(), exe);
    }

    #[test]
    fn a_program_that_will_be_gone_is_refused_also_behind_a_link() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().canonicalize().unwrap();
        let built = root.join("shop/target/debug/footbridge");
        let bin = root.join("bin");
        std::fs::create_dir_all(built.parent().unwrap()).unwrap();
        std::fs::create_dir_all(&bin).unwrap();
        std::fs::write(&built, "").unwrap();
        std::os::unix::fs::symlink(&built, bin.join("footbridge")).unwrap();
        for path in [&bin, &root] {
            let error = find(&at(built.clone(), path, vec![])).unwrap_err().to_string();
            assert!(error.contains("cargo install") && error.contains("target/debug"), "{error}");
        }
        let plain = root.join("footbridge");
        std::fs::write(&plain, "").unwrap();
        let error = find(&at(plain.clone(), &bin, vec![root.clone()])).unwrap_err().to_string();
        assert!(error.contains("temporary"), "{error}");
        // A project of the name is no build.
        assert_eq!(find(&at(plain.clone(), &bin, vec![])).unwrap(), plain);
    }
}
