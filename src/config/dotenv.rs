//! The working directory's `.env`: only `AWS_*` and `FOOTBRIDGE_*` variables are ours; the rest belongs to others.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
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
    /// Whether it has a `$` that would bring in another variable, were the file trusted.
    pub(super) dollar: bool,
}

/// The variables that concern us, in the file's order; the first of a name counts.
#[derive(Clone, Default)]
pub(super) struct DotEnv {
    path: PathBuf,
    pub(super) variables: Vec<Variable>,
}

/// Stands for `$` while nothing may be brought in.
const NO_DOLLAR: &str = "\u{E000}";

/// Reads `text`, which is the contents of `path`. A line that is not ours may be as malformed as it likes. Blank values
/// are absent, as for the SDK. Only a file that is `trusted` has `$NAME` replaced: the parser brings in variables of this
/// process, secrets among them, and a few lines that name one another make gigabytes.
pub(super) fn parse(path: &Path, text: &str, trusted: bool) -> Result<DotEnv, ConfigError> {
    let mut file = DotEnv { path: path.to_owned(), variables: Vec::new() };
    let text = text.trim_start_matches('\u{feff}');
    let lines = Lines::of(text);
    let parsed = if trusted { Cow::Borrowed(text) } else { Cow::Owned(text.replace('$', NO_DOLLAR)) };
    let mut seen = HashSet::new();
    for item in dotenvy::Iter::new(parsed.as_bytes()) {
        match item {
            Ok((name, value)) if ours(&name) => {
                if !value.trim().is_empty() && seen.insert(name.clone()) {
                    let value = if trusted { value } else { value.replace(NO_DOLLAR, "$") };
                    let dollar = !trusted && value.contains('$');
                    file.variables.push(Variable { line: lines.of_name(&name), name, value, dollar });
                }
            }
            Ok(_) => {}
            Err(dotenvy::Error::LineParse(bad, _)) => {
                // The line itself is not shown: it may be a secret.
                if let Some(name) = name_at(&bad).filter(|name| ours(name)) {
                    return Err(ConfigError::Syntax {
                        path: path.to_owned(),
                        line: lines.of_name(name),
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

    /// Where `name` is set, if it is.
    pub(super) fn source_of(&self, name: &str) -> Option<Source> {
        self.get(name).map(|variable| self.source(variable))
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

/// The lines at which variables are set, the first of each name.
struct Lines<'a>(HashMap<&'a str, usize>);

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let mut lines = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            if let Some(name) = name_at(line).filter(|name| ours(name)) {
                lines.entry(name).or_insert(index + 1);
            }
        }
        Self(lines)
    }

    fn of_name(&self, name: &str) -> usize {
        self.0.get(name).copied().unwrap_or(1)
    }
}
