//! The only way to standard output for people: text on a terminal, JSON with `--json`.

use std::fmt::{self, Display};
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use footbridge_record::text::{visible_json, visible_lines};

/// Writes a line on standard error, for people, with control characters shown and not obeyed.
pub(super) fn tell(text: impl Display) {
    // Where nobody can read it, there is nobody to tell that.
    let _ = writeln!(io::stderr(), "{}", visible_lines(&text.to_string()));
}

/// How a piece of text looks where colours are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// A heading.
    Bold,
    /// Beside the point.
    Dim,
    /// What was asked.
    Accent,
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
}

impl Style {
    /// The parameters of its control sequence, of the sixteen colours that every terminal has.
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "0",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Accent => "36",
            Self::Good => "32",
            Self::Bad => "31",
        }
    }
}

/// Where a command's answer goes.
#[derive(Clone)]
pub struct Output {
    json: bool,
    terminal: bool,
    sink: Arc<Mutex<dyn Write + Send>>,
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("json", &self.json).field("terminal", &self.terminal).finish_non_exhaustive()
    }
}

impl Output {
    /// Standard output.
    #[must_use]
    pub fn stdout(json: bool) -> Self {
        let stdout = io::stdout();
        Self { json, terminal: stdout.is_terminal(), sink: Arc::new(Mutex::new(stdout)) }
    }

    /// Any other place, treated as no terminal.
    pub fn to(json: bool, sink: Arc<Mutex<dyn Write + Send>>) -> Self {
        Self { json, terminal: false, sink }
    }

    /// Whether `--json` was given.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether a person is looking.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Writes a line for people. Control characters in it are shown, not obeyed: names and values come from anywhere, and
    /// what is piped ends on a terminal, too.
    pub fn line(&self, text: impl Display) -> io::Result<()> {
        self.write(format!("{}\n", visible_lines(&text.to_string())).as_bytes())
    }

    /// Writes a line that a program may read: as it is, except on a terminal.
    pub fn exact(&self, text: impl Display) -> io::Result<()> {
        if self.terminal { self.line(text) } else { self.write(format!("{text}\n").as_bytes()) }
    }

    /// Writes a line of pieces, in colour on a terminal unless `NO_COLOR` is set.
    pub fn styled(&self, pieces: &[(Style, &str)]) -> io::Result<()> {
        if !self.terminal || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            return self.line(pieces.iter().map(|(_, text)| *text).collect::<String>());
        }
        let mut line = String::new();
        for (style, text) in pieces {
            line.extend(["\u{1b}[", style.code(), "m", &visible_lines(text), "\u{1b}[0m"]);
        }
        line.push('\n');
        self.write(line.as_bytes())
    }

    /// Writes a value as one line of JSON, which means the same to a program and moves nothing on a terminal.
    pub fn json(&self, value: &impl Serialize) -> io::Result<()> {
        self.json_text(&serde_json::to_string(value)?)
    }

    /// The same of a value that is JSON already.
    pub fn json_text(&self, json: &str) -> io::Result<()> {
        self.write(format!("{}\n", visible_json(json)).as_bytes())
    }

    /// Writes a value as JSON with `--json`, else as its text.
    pub fn show(&self, value: &(impl Serialize + Display)) -> io::Result<()> {
        if self.json { self.json(value) } else { self.line(value) }
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        sink.write_all(bytes)?;
        sink.flush()
    }
}
