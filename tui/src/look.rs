//! How things look: with the sixteen colours that every terminal has, without colours, and in ASCII alone.

use ratatui::style::{Color, Modifier, Style};

use crate::model::{Status, Target};

/// What the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether colours are wanted.
    pub colour: bool,
    /// Whether only ASCII is understood.
    pub ascii: bool,
}

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing in particular.
    Plain,
    /// Beside the point.
    Dim,
    /// A heading.
    Heading,
    /// A key to press, or what is being typed.
    Accent,
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// Worth a look.
    Warning,
    /// A member's name in JSON.
    Name,
    /// A string in JSON.
    Text,
    /// A number, `true`, `false` or `null` in JSON.
    Number,
}

/// The signs that are not ASCII where the terminal knows more.
#[derive(Debug, Clone, Copy)]
pub struct Signs {
    /// Where text was cut.
    pub cut: &'static str,
    /// The column that rows are sorted by.
    pub sorted: &'static str,
    /// A part that is folded, and one that is not.
    pub folded: &'static str,
    /// See `folded`.
    pub open: &'static str,
    /// Between things on one line.
    pub dot: &'static str,
    /// From low to high.
    pub bars: [&'static str; 8],
    /// A row that is a rule.
    pub rule: &'static str,
    /// A stretch of time.
    pub bar: &'static str,
    /// Beside a selected row.
    pub pointer: &'static str,
}

const UNICODE: Signs = Signs {
    cut: "…",
    sorted: "▲",
    folded: "▸",
    open: "▾",
    dot: "·",
    bars: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    rule: "─",
    bar: "█",
    pointer: "▌",
};

const ASCII: Signs = Signs {
    cut: "~",
    sorted: "^",
    folded: "+",
    open: "-",
    dot: "-",
    bars: ["_", ".", ",", ":", "-", "=", "+", "#"],
    rule: "-",
    bar: "#",
    pointer: ">",
};

impl Look {
    /// What the environment says of the terminal; `get` gives a variable. `NO_COLOR` (<https://no-color.org>) and a dumb
    /// terminal mean no colours; a locale that is not UTF-8 means ASCII, as does `ascii`.
    #[must_use]
    pub fn of_environment(get: impl Fn(&str) -> Option<String>, ascii: bool) -> Self {
        let set = |name| get(name).filter(|value: &String| !value.is_empty());
        let colour = set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb");
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        // Windows has no such variables, and its terminals know Unicode.
        let unicode = cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8");
        Self { colour, ascii: ascii || !unicode }
    }

    /// The signs to use.
    #[must_use]
    pub fn signs(self) -> &'static Signs {
        if self.ascii { &ASCII } else { &UNICODE }
    }

    /// How text of this role looks.
    #[must_use]
    pub fn style(self, role: Role) -> Style {
        let plain = Style::new();
        if !self.colour {
            return match role {
                Role::Dim => plain.add_modifier(Modifier::DIM),
                Role::Heading | Role::Bad | Role::Warning => plain.add_modifier(Modifier::BOLD),
                Role::Accent => plain.add_modifier(Modifier::UNDERLINED),
                Role::Plain | Role::Good | Role::Name | Role::Text | Role::Number => plain,
            };
        }
        match role {
            Role::Plain => plain,
            Role::Dim => plain.fg(Color::DarkGray),
            Role::Heading => plain.add_modifier(Modifier::BOLD),
            Role::Accent | Role::Name => plain.fg(Color::Cyan),
            Role::Good | Role::Text => plain.fg(Color::Green),
            Role::Bad => plain.fg(Color::Red).add_modifier(Modifier::BOLD),
            Role::Warning => plain.fg(Color::Yellow),
            Role::Number => plain.fg(Color::Magenta),
        }
    }

    /// How the selected row looks, over whatever it holds.
    #[must_use]
    pub fn selected(self) -> Style {
        // Other colours in it would each be turned round for themselves.
        Style::reset().add_modifier(Modifier::REVERSED)
    }

    /// How the banner's badge looks: the calls of which side one is looking at must never be in doubt.
    #[must_use]
    pub fn badge(self, target: &Target) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        if !self.colour {
            return bold.add_modifier(Modifier::REVERSED);
        }
        match target {
            Target::Local { .. } => bold.fg(Color::Black).bg(Color::Green),
            Target::Aws { .. } => bold.fg(Color::White).bg(Color::Red),
            Target::Custom { .. } => bold.fg(Color::Black).bg(Color::Yellow),
        }
    }

    /// A call's sign.
    #[must_use]
    pub fn glyph(self, status: Status) -> &'static str {
        match (status, self.ascii) {
            (Status::Running, false) => "◌",
            (Status::Running, true) => "*",
            (Status::Ok, false) => "✓",
            (Status::Ok, true) => ".",
            (Status::Error, false) => "✗",
            (Status::Error, true) => "E",
            (Status::Refused, false) => "⊘",
            (Status::Refused, true) => "R",
            (Status::Abandoned, false) => "∅",
            (Status::Abandoned, true) => "A",
            (Status::Lost, _) => "?",
        }
    }

    /// What a call's state is.
    #[must_use]
    pub fn role(self, status: Status) -> Role {
        match status {
            Status::Running => Role::Accent,
            Status::Ok => Role::Good,
            Status::Error => Role::Bad,
            Status::Refused | Status::Lost => Role::Warning,
            Status::Abandoned => Role::Dim,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Look;

    #[test]
    #[cfg(not(windows))]
    fn the_environment_says_what_the_terminal_can_show() {
        let look = |variables: &[(&str, &str)]| {
            let get = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            let Look { colour, ascii } = Look::of_environment(get, false);
            (colour, ascii)
        };
        assert_eq!(look(&[("LANG", "de_DE.UTF-8"), ("TERM", "xterm")]), (true, false));
        assert_eq!(look(&[("LANG", "C.utf8"), ("NO_COLOR", "1")]), (false, false));
        assert_eq!(look(&[("LANG", "C.UTF-8"), ("NO_COLOR", "")]), (true, false));
        assert_eq!(look(&[("LANG", "en_US.UTF-8"), ("LC_ALL", "C")]), (true, true));
        assert_eq!(look(&[("TERM", "dumb")]), (false, true));
    }
}
