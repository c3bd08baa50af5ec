//! What a client is told to start.

use std::path::Path;

use super::client::Client;
use super::error::InstallError;

/// A command and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The program, an absolute path.
    pub command: String,
    /// Its arguments.
    pub args: Vec<String>,
}

impl Entry {
    /// Checks that the entry will be known for ours, and that `client` takes it at its word: several put the values of
    /// variables into it.
    ///
    /// # Errors
    /// [`InstallError::Value`] where the program has another name, or something would be read as a variable.
    pub fn check(&self, client: Client) -> Result<(), InstallError> {
        if !Self::is_ours(&self.command, &self.args) {
            let why = "by its name `uninstall` knows it: call the program footbridge, or footbridge and more";
            return Err(InstallError::Value(format!("{}: {why}", self.command)));
        }
        let Some(variable) = client.variable() else { return Ok(()) };
        match std::iter::once(&self.command).chain(&self.args).find(|text| text.contains(variable)) {
            None => Ok(()),
            Some(text) => Err(InstallError::Value(format!(
                "{client} reads {variable} as the beginning of a variable, and {text} has it: choose another path"
            ))),
        }
    }

    /// Whether this starts footbridge as a server.
    pub(super) fn is_ours(command: &str, args: &[String]) -> bool {
        // The other system's separator too: a file is shared between machines.
        let file = command.rsplit(['/', '\\']).next().unwrap_or(command);
        let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        stem.to_ascii_lowercase().starts_with("footbridge") && args.iter().any(|word| word == "mcp")
    }

    /// The words as a shell shows them.
    pub(super) fn shown(command: &str, args: &[String]) -> String {
        std::iter::once(command).chain(args.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
    }
}
