//! The files that say something, read once each.

use std::path::{Path, PathBuf};

use super::dotenv::{self, DotEnv};
use super::environment;
use super::error::ConfigError;
use super::file::{self, Parsed};
use super::inputs::Inputs;
use super::setting::Source;
use super::trust::{Project, TrustStore};

/// The files that were read, once each: what is judged is what is parsed.
pub(super) struct Files {
    pub(super) dotenv: DotEnv,
    pub(super) local: Parsed,
    pub(super) user: Parsed,
    dotenv_bytes: Option<Vec<u8>>,
    local_bytes: Option<Vec<u8>>,
    local_path: PathBuf,
}

impl Files {
    pub(super) fn read(inputs: &Inputs) -> Result<Self, ConfigError> {
        let dotenv_path = inputs.cwd.join(dotenv::NAME);
        let local_path = inputs.cwd.join(file::NAME);
        let chosen = inputs
            .flags
            .config
            .clone()
            .or_else(|| inputs.env.get(environment::CONFIG).filter(|path| !path.is_empty()).map(PathBuf::from));
        let dotenv_bytes = optional(&dotenv_path)?;
        let mut files = Self {
            dotenv: match &dotenv_bytes {
                Some(bytes) => dotenv::parse(&dotenv_path, text(&dotenv_path, bytes)?)?,
                None => DotEnv::default(),
            },
            local: Parsed::default(),
            user: Parsed::default(),
            dotenv_bytes,
            local_bytes: None,
            local_path,
        };
        if let Some(chosen) = chosen {
            let path = inputs.cwd.join(chosen);
            let bytes = std::fs::read(&path).map_err(|error| ConfigError::Read { path: path.clone(), error })?;
            files.user = file::parse(&path, text(&path, &bytes)?)?;
            return Ok(files);
        }
        let user_path = inputs.dirs.config.as_ref().map(|directory| directory.join(file::NAME));
        if let Some(path) = &user_path
            && let Some(bytes) = optional(path)?
        {
            files.user = file::parse(path, text(path, &bytes)?)?;
        }
        if user_path.as_ref() != Some(&files.local_path) {
            files.local_bytes = optional(&files.local_path)?;
            if let Some(bytes) = &files.local_bytes {
                files.local = file::parse(&files.local_path, text(&files.local_path, bytes)?)?;
            }
        }
        Ok(files)
    }

    pub(super) fn judge(&self, inputs: &Inputs) -> Result<Project, ConfigError> {
        let files = [self.dotenv_bytes.as_deref(), self.local_bytes.as_deref()];
        match &inputs.dirs.config {
            Some(config) => TrustStore::in_directory(config).judge(&inputs.cwd, &files),
            // Without a home there is no list, and nothing is trusted.
            None => Ok(Project::untrusted(&inputs.cwd, &files)),
        }
    }

    pub(super) fn are_of_project(&self, source: &Source) -> bool {
        match source {
            Source::DotEnv { .. } => true,
            Source::File { path, .. } => *path == self.local_path && self.local_bytes.is_some(),
            _ => false,
        }
    }
}

fn optional(path: &Path) -> Result<Option<Vec<u8>>, ConfigError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(ConfigError::Read { path: path.to_owned(), error }),
    }
}

fn text<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, ConfigError> {
    std::str::from_utf8(bytes)
        .map_err(|error| ConfigError::Read { path: path.to_owned(), error: std::io::Error::other(error) })
}
