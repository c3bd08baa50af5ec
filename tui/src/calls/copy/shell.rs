//! Commands for a shell.

use crate::command;
use crate::text::shell_word;

/// A command under way: words with spaces between them, a line for each option.
#[derive(Debug)]
pub(super) struct Command {
    lines: Vec<String>,
    /// Whether the AWS CLI would take a value for a file's name.
    reads_a_file: bool,
}

impl Command {
    /// A command that begins with these words, which are ours.
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self { lines: vec![words.into()], reads_a_file: false }
    }

    /// A word of its own.
    pub(super) fn arg(&mut self, text: &str) -> &mut Self {
        self.reads_a_file |= command::names_a_file(text);
        self.lines.push(shell_word(text));
        self
    }

    /// A word of its own of a tool that takes it as it is.
    pub(super) fn word(&mut self, text: &str) -> &mut Self {
        self.lines.push(shell_word(text));
        self
    }

    /// A file of this machine, which an option is not.
    pub(super) fn file(&mut self, name: &str) -> &mut Self {
        if name.starts_with('-') { self.arg(&format!("./{name}")) } else { self.arg(name) }
    }

    /// An option without a value.
    pub(super) fn flag(&mut self, name: &str) -> &mut Self {
        self.lines.push(name.to_owned());
        self
    }

    /// An option of the AWS CLI with its value.
    pub(super) fn option(&mut self, name: &str, value: &str) -> &mut Self {
        self.reads_a_file |= command::names_a_file(value);
        self.lines.push(command::option(name, value));
        self
    }

    /// An option of curl with its value, which stands after it.
    pub(super) fn pair(&mut self, name: &str, value: &str) -> &mut Self {
        self.lines.push(format!("{name} {}", shell_word(value)));
        self
    }

    /// The command, given what `text` says.
    pub(super) fn fed(mut self, text: &str) -> Self {
        let command = format!("printf %s {} | {}", shell_word(text), self.lines.remove(0));
        self.lines.insert(0, command);
        self
    }

    /// Whether a file would be read that nobody means.
    pub(super) fn reads_a_file(&self) -> bool {
        self.reads_a_file
    }

    /// The command: on one line where it is short.
    pub(super) fn text(&self) -> String {
        let one = self.lines.join(" ");
        if one.len() <= 100 { one } else { self.lines.join(" \\\n  ") }
    }
}
