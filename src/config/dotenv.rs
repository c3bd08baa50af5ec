//! The working directory's `.env`: only `AWS_*` and `FOOTBRIDGE_*` variables are ours; the rest belongs to others.

use std::cell::Cell;
use std::collections::HashSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::setting::{NAME_SHOWN, Source, shown_path};
use footbridge_record::text::{brief, is_treacherous};

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
const NO_DOLLAR: char = '\u{E000}';

/// Reads `text`, which is the contents of `path`. A line that is not ours may be as malformed as it likes; one that is
/// gives a variable or an error. Blank values are absent, as for the SDK. Only a file that is `trusted` has `$NAME`
/// replaced: the parser brings in variables of this process, secrets among them, and a few lines that name one another
/// make gigabytes.
pub(super) fn parse(path: &Path, text: &str, trusted: bool) -> Result<DotEnv, ConfigError> {
    let mut file = DotEnv { path: path.to_owned(), variables: Vec::new() };
    let text = text.trim_start_matches('\u{feff}');
    let parsed = if trusted { text.to_owned() } else { without_dollars(text) } + "\n";
    let told = Lines::of(&parsed);
    let mut seen = HashSet::new();
    let mut items = dotenvy::Iter::new(told.reader());
    loop {
        let first = told.given.get();
        let item = items.next();
        let mut ours = told.ours(first);
        let Some(item) = item else {
            return ours.next().map_or(Ok(file), |line| Err(line.unreadable(path)));
        };
        match item {
            Ok((name, value)) if is_ours(&name) => {
                let line = ours.next();
                let other = line.as_ref().filter(|line| line.name != name || !line.begins);
                if let Some(other) = other.or(ours.next().as_ref()) {
                    return Err(other.unreadable(path));
                }
                if !value.trim().is_empty() && seen.insert(name.clone()) {
                    let dollar = !trusted && value.contains(NO_DOLLAR);
                    let value = if dollar { value.replace(NO_DOLLAR, "$") } else { value };
                    let line = line.map_or(first + 1, |line| line.number);
                    file.variables.push(Variable { name, value, line, dollar });
                }
            }
            Ok(_) | Err(dotenvy::Error::LineParse(..)) => {
                if let Some(line) = ours.next() {
                    return Err(line.unreadable(path));
                }
            }
            Err(error) => {
                let error = std::io::Error::other(error.to_string());
                return Err(ConfigError::Read { path: path.to_owned(), error });
            }
        }
    }
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
        format!("{}:{}", shown_path(&self.path), variable.line)
    }
}

fn is_ours(name: &str) -> bool {
    name.starts_with("AWS_") || name.starts_with("FOOTBRIDGE_")
}

/// `text` with each `$` that would bring in a variable taken out of the parser's sight. One behind a backslash stands for
/// itself already.
fn without_dollars(text: &str) -> String {
    let mut escaped = false;
    text.chars()
        .map(|c| {
            let shown = if c == '$' && !escaped { NO_DOLLAR } else { c };
            escaped = c == '\\' && !escaped;
            shown
        })
        .collect()
}

/// Our variable that `line` sets, as far as a person would say, or that it cannot set as it is written.
fn name_at(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || is_treacherous(c));
    let exported = line.strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace));
    let line = exported.map_or(line, str::trim_start);
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let rest = rest.trim_start();
    // A name alone asks for the environment's own value, and a list of names behind `export` sets nothing.
    let sets = rest.starts_with('=') || !(rest.is_empty() || rest.starts_with('#') || exported.is_some());
    (is_ours(name) && (sets || rest.contains('='))).then_some(name)
}

/// A line that is ours.
struct OurLine<'a> {
    name: &'a str,
    /// Counted from one.
    number: usize,
    /// Whether nothing but blank lines and comments stands between it and what was read before.
    begins: bool,
}

impl OurLine<'_> {
    /// The line itself is not shown: it may be a secret.
    fn unreadable(&self, path: &Path) -> ConfigError {
        let name = brief(self.name, NAME_SHOWN);
        let message = if self.begins {
            format!("`{name}` cannot be read: write NAME=VALUE, and quote its value")
        } else {
            format!("`{name}` is inside a quote that was opened on an earlier line: close it there")
        };
        ConfigError::Syntax { path: path.to_owned(), line: self.number, message }
    }
}

/// The file's lines, handed to the parser one by one, so that it is known which of them each of its answers is about.
struct Lines<'a> {
    lines: Vec<&'a str>,
    /// How many the parser has.
    given: Cell<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self { lines: text.split_inclusive('\n').collect(), given: Cell::new(0) }
    }

    fn reader(&self) -> OneByOne<'_> {
        OneByOne { lines: self, rest: &[] }
    }

    /// Our lines among those that were given since `first` were.
    fn ours(&self, first: usize) -> impl Iterator<Item = OurLine<'a>> {
        let mut begins = true;
        let given = self.lines.get(first..self.given.get()).unwrap_or_default();
        given.iter().enumerate().filter_map(move |(index, line)| {
            let text = line.trim();
            if text.is_empty() || text.starts_with('#') {
                return None;
            }
            let begins = std::mem::replace(&mut begins, false);
            name_at(line).map(|name| OurLine { name, number: first + index + 1, begins })
        })
    }
}

/// Never gives more than a line, nor any before the last was read.
struct OneByOne<'a> {
    lines: &'a Lines<'a>,
    rest: &'a [u8],
}

impl Read for OneByOne<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            let given = self.lines.given.get();
            let Some(line) = self.lines.lines.get(given) else { return Ok(0) };
            self.rest = line.as_bytes();
            self.lines.given.set(given + 1);
        }
        self.rest.read(buffer)
    }
}
