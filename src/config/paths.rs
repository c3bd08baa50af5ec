//! Settings that are paths.

use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::inputs::Inputs;
use super::key::Key;
use super::layer::Stack;
use super::setting::{Setting, Source};

/// Paths in a file are relative to the file, all others to the working directory.
pub(super) struct Paths<'a> {
    pub(super) inputs: &'a Inputs,
}

impl Paths<'_> {
    fn base<'s>(&'s self, source: &'s Source) -> &'s Path {
        match source {
            Source::File { path, .. } => path.parent().unwrap_or(&self.inputs.cwd),
            _ => &self.inputs.cwd,
        }
    }

    fn resolve(&self, path: &Path, source: &Source) -> PathBuf {
        match (path.strip_prefix("~"), &self.inputs.dirs.home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => self.base(source).join(path),
        }
    }

    pub(super) fn absolute(&self, setting: Setting<PathBuf>) -> Setting<PathBuf> {
        Setting { value: self.resolve(&setting.value, &setting.source), source: setting.source }
    }

    pub(super) fn data_dir(&self, stack: &Stack<'_>) -> Result<Setting<PathBuf>, ConfigError> {
        if let Some(setting) = stack.get(Key::DataDir)? {
            return Ok(self.absolute(setting));
        }
        self.inputs.dirs.data.clone().map(Setting::default_of).ok_or_else(|| {
            ConfigError::Conflict("there is no home directory to keep data in: name one with --data-dir".to_owned())
        })
    }

    /// By default the working directory, unless that is the home directory or the root: desktop clients start servers
    /// there, and nobody meant all of it.
    pub(super) fn files(&self, stack: &Stack<'_>) -> Result<Setting<Vec<PathBuf>>, ConfigError> {
        if let Some(Setting { value, source }) = stack.get::<Vec<PathBuf>>(Key::Files)? {
            let value = value.iter().map(|path| self.resolve(path, &source)).collect();
            return Ok(Setting { value, source });
        }
        let cwd = &self.inputs.cwd;
        let everything = cwd.parent().is_none() || self.inputs.dirs.home.as_ref() == Some(cwd);
        Ok(Setting::default_of(if everything { Vec::new() } else { vec![cwd.clone()] }))
    }
}
