//! The working directory's `.env`: only `AWS_*` and `FOOTBRIDGE_*` variables are ours; the rest belongs to others.

use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::setting::Source;

/// The file's name in the working directory.
pub(super) const NAME: &str = ".env";

/// A variable of the file.
#[derive(Clone)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) line: usize,
}

/// The variables that concern us, in the file's order; the first of a name counts.
#[derive(Clone, Default)]
pub(super) struct DotEnv {
    path: PathBuf,
    pub(super) variables: Vec<Variable>,
}

/// Reads `text`, which is the contents of `path`. A line that is not ours may be as malformed as it likes.
pub(super) fn parse(path: &Path, text: &str) -> Result<DotEnv, ConfigError> {
    let mut file = DotEnv { path: path.to_owned(), variables: Vec::new() };
    for item in dotenvy::Iter::new(text.trim_start_matches('\u{feff}').as_bytes()) {
        match item {
            Ok((name, value)) if ours(&name) => {
                if file.get(&name).is_none() && !value.is_empty() {
                    let line = line_of(text, |start| name_at(start) == Some(&name)).unwrap_or(1);
                    file.variables.push(Variable { name, value, line });
                }
            }
            Ok(_) => {}
            Err(dotenvy::Error::LineParse(bad, _)) => {
                // The line itself is not shown: it may be a secret.
                if let Some(name) = name_at(&bad).filter(|name| ours(name)) {
                    return Err(ConfigError::Syntax {
                        path: path.to_owned(),
                        line: line_of(text, |start| name_at(start) == Some(name)).unwrap_or(1),
                        message: format!("`{name}` cannot be read: quote its value"),
                    });
                }
            }
            Err(error) => {
                let error = std::io::Error::other(error.to_string());
                return Err(ConfigError::Read { path: path.to_owned(), error });
            }
        }
    }
    Ok(file)
}

impl DotEnv {
    pub(super) fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    pub(super) fn source(&self, variable: &Variable) -> Source {
        Source::DotEnv { path: self.path.clone(), line: variable.line, name: variable.name.clone() }
    }

    pub(super) fn place(&self, variable: &Variable) -> String {
        format!("{}:{}", self.path.display(), variable.line)
    }
}

fn ours(name: &str) -> bool {
    name.starts_with("AWS_") || name.starts_with("FOOTBRIDGE_")
}

/// The variable that an assignment's line starts with.
fn name_at(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").map_or(line, str::trim_start);
    line.split_once('=').map(|(name, _)| name.trim_end())
}

fn line_of(text: &str, is_it: impl Fn(&str) -> bool) -> Option<usize> {
    text.lines().position(is_it).map(|index| index + 1)
}
