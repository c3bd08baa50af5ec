//! The clients: which file each reads, what that looks like, and what it passes on to a server.
//!
//! Sources: the clients' own pages on MCP servers (Claude Code and Claude Desktop, Cursor, VS Code, Codex, Gemini CLI), and
//! what they were seen to pass to a server (anthropics/claude-code#92515, #70485; codex-rs/rmcp-client/src/utils.rs).

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::error::InstallError;

/// An MCP client whose file is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Client {
    /// Claude Code, the command line and its extensions.
    ClaudeCode,
    /// The desktop application.
    ClaudeDesktop,
    /// Cursor.
    Cursor,
    /// Visual Studio Code.
    #[value(name = "vscode")]
    VsCode,
    /// Codex: command line, extension, application.
    Codex,
    /// Gemini CLI.
    Gemini,
}

/// What is in a client's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json(Json),
    Toml,
}

/// JSON as one client reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Json {
    /// The member that has the servers.
    pub(super) servers: &'static str,
    /// Whether a server says that it is one on standard input and output.
    pub(super) typed: bool,
    /// Whether comments are skipped.
    pub(super) comments: bool,
    /// Whether a comma may stand after the last member.
    pub(super) trailing_commas: bool,
}

/// Where a person works.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The home directory.
    pub home: PathBuf,
    /// Where applications keep their configuration: `~/.config`, `~/Library/Application Support`, `%APPDATA%`.
    pub config: PathBuf,
    /// The working directory.
    pub directory: PathBuf,
    /// The process's environment.
    pub env: BTreeMap<String, String>,
}

/// A client's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The project's directory, where the file is the project's: whoever made the project made what is below.
    pub project: Option<PathBuf>,
}

/// The variables that the protocol's own library for TypeScript passes to a server.
const LIBRARY: &[&str] = &["HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER"];
/// The variables that Codex passes.
const CODEX: &[&str] =
    &["HOME", "LOGNAME", "PATH", "SHELL", "USER", "LANG", "LC_ALL", "TERM", "TMPDIR", "TZ", "__CF_USER_TEXT_ENCODING"];
/// What every program needs on Windows.
const WINDOWS: &[&str] = &[
    "APPDATA",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "PATH",
    "PROCESSOR_ARCHITECTURE",
    "PROGRAMFILES",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "USERNAME",
    "USERPROFILE",
];

impl Client {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::ClaudeCode, Self::ClaudeDesktop, Self::Cursor, Self::VsCode, Self::Codex, Self::Gemini];

    /// The client's file: the person's own, or that of the project in the working directory.
    ///
    /// # Errors
    /// [`InstallError::Value`] where the client has no file of a project.
    pub fn place(self, around: &Surroundings, project: bool) -> Result<Place, InstallError> {
        if project {
            let below = match self {
                Self::ClaudeCode => ".mcp.json",
                Self::Cursor => ".cursor/mcp.json",
                Self::VsCode => ".vscode/mcp.json",
                Self::Codex => ".codex/config.toml",
                Self::Gemini => ".gemini/settings.json",
                Self::ClaudeDesktop => {
                    let why = "Claude Desktop has no file of a project: leave --project out";
                    return Err(InstallError::Value(why.to_owned()));
                }
            };
            let directory = around.directory.clone();
            return Ok(Place { path: directory.join(below), project: Some(directory) });
        }
        let moved = |variable: &str| around.env.get(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
        let home = &around.home;
        let path = match self {
            Self::ClaudeCode => moved("CLAUDE_CONFIG_DIR").unwrap_or_else(|| home.clone()).join(".claude.json"),
            Self::ClaudeDesktop => around.config.join("Claude/claude_desktop_config.json"),
            Self::Cursor => home.join(".cursor/mcp.json"),
            Self::VsCode => around.config.join("Code/User/mcp.json"),
            Self::Codex => moved("CODEX_HOME").unwrap_or_else(|| home.join(".codex")).join("config.toml"),
            Self::Gemini => moved("GEMINI_CLI_HOME").unwrap_or_else(|| home.clone()).join(".gemini/settings.json"),
        };
        Ok(Place { path, project: None })
    }

    pub(super) fn format(self) -> Format {
        let plain = Json { servers: "mcpServers", typed: false, comments: false, trailing_commas: false };
        match self {
            Self::ClaudeCode | Self::ClaudeDesktop => Format::Json(plain),
            Self::Cursor => Format::Json(Json { comments: true, trailing_commas: true, ..plain }),
            Self::Gemini => Format::Json(Json { comments: true, ..plain }),
            Self::VsCode => {
                Format::Json(Json { servers: "servers", typed: true, comments: true, trailing_commas: true })
            }
            Self::Codex => Format::Toml,
        }
    }

    /// With what a variable begins in the client's file, where it puts in the values of variables.
    pub(super) fn variable(self) -> Option<&'static str> {
        match self {
            Self::ClaudeCode | Self::Cursor | Self::VsCode => Some("${"),
            Self::Gemini => Some("$"),
            Self::ClaudeDesktop | Self::Codex => None,
        }
    }

    /// The variables of a person's environment that a server can count on.
    pub(super) fn passes(self) -> &'static [&'static str] {
        match self {
            _ if cfg!(windows) => WINDOWS,
            Self::ClaudeDesktop => &["PATH"],
            Self::Codex => CODEX,
            Self::ClaudeCode | Self::Cursor | Self::VsCode | Self::Gemini => LIBRARY,
        }
    }

    /// Where the client starts a server.
    pub(super) fn directory(self, around: &Surroundings, place: &Place) -> PathBuf {
        match (&place.project, self) {
            (Some(project), _) => project.clone(),
            (None, Self::ClaudeDesktop) => around.home.ancestors().last().unwrap_or(Path::new("/")).to_owned(),
            (None, _) => around.home.clone(),
        }
    }

    /// What a person does for the client to read its file again.
    #[must_use]
    pub fn next(self) -> &'static str {
        match self {
            Self::ClaudeCode => "a session of Claude Code that begins now has it (/mcp shows it)",
            Self::ClaudeDesktop => "quit Claude Desktop and start it again",
            Self::Cursor => "Cursor asks about it, or has it in its settings under MCP",
            Self::VsCode => "VS Code asks whether it may start it",
            Self::Codex => "a session of Codex that begins now has it (/mcp shows it)",
            Self::Gemini => "a session of Gemini CLI that begins now has it (/mcp shows it)",
        }
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClaudeCode => "Claude Code",
            Self::ClaudeDesktop => "Claude Desktop",
            Self::Cursor => "Cursor",
            Self::VsCode => "VS Code",
            Self::Codex => "Codex",
            Self::Gemini => "Gemini CLI",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around() -> Surroundings {
        Surroundings {
            home: "/home/ann".into(),
            config: "/home/ann/.config".into(),
            directory: "/work/shop".into(),
            env: BTreeMap::new(),
        }
    }

    #[test]
    fn each_client_has_its_file_and_the_one_of_a_project() {
        let around = around();
        let place = |client: Client, project| client.place(&around, project).unwrap().path;
        assert_eq!(place(Client::ClaudeCode, false), Path::new("/home/ann/.claude.json"));
        assert_eq!(place(Client::Codex, false), Path::new("/home/ann/.codex/config.toml"));
        assert_eq!(place(Client::Gemini, false), Path::new("/home/ann/.gemini/settings.json"));
        assert_eq!(place(Client::Cursor, false), Path::new("/home/ann/.cursor/mcp.json"));
        assert_eq!(place(Client::VsCode, false), Path::new("/home/ann/.config/Code/User/mcp.json"));
        let desktop = Path::new("/home/ann/.config/Claude/claude_desktop_config.json");
        assert_eq!(place(Client::ClaudeDesktop, false), desktop);
        for client in Client::ALL.into_iter().filter(|client| *client != Client::ClaudeDesktop) {
            let place = client.place(&around, true).unwrap();
            assert!(place.path.starts_with("/work/shop") && place.project.is_some(), "{client}: {place:?}");
        }
        let error = Client::ClaudeDesktop.place(&around, true).unwrap_err();
        assert!(error.to_string().contains("--project"), "{error}");
    }

    #[test]
    fn a_client_whose_directory_was_moved_is_found_there() {
        let mut around = around();
        for (client, variable, file) in [
            (Client::ClaudeCode, "CLAUDE_CONFIG_DIR", "/else/.claude.json"),
            (Client::Codex, "CODEX_HOME", "/else/config.toml"),
            (Client::Gemini, "GEMINI_CLI_HOME", "/else/.gemini/settings.json"),
        ] {
            around.env = BTreeMap::from([(variable.to_owned(), "/else".to_owned())]);
            assert_eq!(client.place(&around, false).unwrap().path, Path::new(file));
        }
    }
}
