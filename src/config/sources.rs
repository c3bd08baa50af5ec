//! The files that say something, read once each.

use std::path::{Path, PathBuf};

use super::dotenv::{self, DotEnv};
use super::environment;
use super::error::ConfigError;
use super::file::{self, Parsed};
use super::inputs::Inputs;
use super::read::{self, Found};
use super::setting::{Source, shown_path};
use super::trust::{Project, Trust, TrustStore};

/// The files that were read, once each: what is judged is what is parsed.
pub(super) struct Files {
    pub(super) dotenv: DotEnv,
    pub(super) local: Parsed,
    pub(super) user: Parsed,
    /// The working directory, and whether a person vouched for its files.
    pub(super) project: Project,
    /// What stands where a file of the working directory would, and was not read.
    pub(super) warnings: Vec<String>,
    /// The working directory's `footbridge.toml`, where it was read.
    local_path: Option<PathBuf>,
}

impl Files {
    pub(super) fn read(inputs: &Inputs) -> Result<Self, ConfigError> {
        let mut warnings = Vec::new();
        let dotenv_path = inputs.cwd.join(dotenv::NAME);
        let dotenv_bytes = of_project(&dotenv_path, &mut warnings)?;
        let local_path = inputs.cwd.join(file::NAME);
        let chosen =
            inputs.flags.config.clone().or_else(|| {
                inputs.env.get(environment::CONFIG).filter(|path| !path.trim().is_empty()).map(PathBuf::from)
            });
        let usual = inputs.dirs.config.as_ref().map(|directory| directory.join(file::NAME));
        // A chosen file stands for both, and a person may work in the very directory of their own file.
        let has_local = chosen.is_none() && usual.as_ref() != Some(&local_path);
        let local_bytes = if has_local { of_project(&local_path, &mut warnings)? } else { None };
        let project = judge(inputs, &[dotenv_bytes.as_deref(), local_bytes.as_deref()])?;
        let trusted = project.trust == Trust::Trusted;

        let user = match (chosen, usual) {
            (Some(chosen), _) => {
                let path = inputs.cwd.join(chosen);
                parsed(&path, Some(read::of_person(&path)?))?
            }
            (None, Some(path)) => parsed(&path, read::of_person_if_there(&path)?)?,
            (None, None) => Parsed::default(),
        };
        Ok(Self {
            dotenv: match dotenv_bytes {
                Some(bytes) => dotenv::parse(&dotenv_path, text(&dotenv_path, &bytes)?, trusted)?,
                None => DotEnv::default(),
            },
            local_path: local_bytes.is_some().then(|| local_path.clone()),
            local: parsed(&local_path, local_bytes)?,
            user,
            project,
            warnings,
        })
    }

    pub(super) fn are_of_project(&self, source: &Source) -> bool {
        match source {
            Source::DotEnv { .. } => true,
            Source::File { path, .. } => Some(path) == self.local_path.as_ref(),
            _ => false,
        }
    }
}

fn judge(inputs: &Inputs, files: &[Option<&[u8]>]) -> Result<Project, ConfigError> {
    match &inputs.dirs.config {
        Some(config) => TrustStore::in_directory(config).judge(&inputs.cwd, files),
        // Without a home there is no list, and nothing is trusted.
        None => Ok(Project::untrusted(&inputs.cwd, files)),
    }
}

fn parsed(path: &Path, bytes: Option<Vec<u8>>) -> Result<Parsed, ConfigError> {
    bytes.map_or_else(|| Ok(Parsed::default()), |bytes| file::parse(path, text(path, &bytes)?))
}

/// A file of the working directory, if there is one.
fn of_project(path: &Path, warnings: &mut Vec<String>) -> Result<Option<Vec<u8>>, ConfigError> {
    match read::of_project(path)? {
        Found::Nothing => Ok(None),
        Found::Bytes(bytes) => Ok(Some(bytes)),
        Found::NotAFile(kind) => {
            warnings.push(format!("{} is {kind} and was not read: put a file in its place", shown_path(path)));
            Ok(None)
        }
    }
}

fn text<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, ConfigError> {
    std::str::from_utf8(bytes)
        .map_err(|error| ConfigError::Read { path: path.to_owned(), error: std::io::Error::other(error) })
}
