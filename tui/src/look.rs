//! How things look: dark, light, with the sixteen colours that every terminal has, without colours, and in ASCII alone.

use footbridge_record::Target;
use ratatui::style::{Color, Modifier, Style};

use crate::row::{Effect, Standing};

/// What the terminal can show, and what a person wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The colours.
    pub theme: Theme,
    /// Whether only ASCII is understood.
    pub ascii: bool,
}

/// The colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// For a dark background, of 256 colours.
    Dark,
    /// For a light background, of 256 colours.
    Light,
    /// The terminal's own sixteen.
    Sixteen,
    /// None: bold, dim, underlined and reversed text.
    None,
}

impl Theme {
    /// All of them, with their words.
    pub const ALL: [(&'static str, Self); 4] =
        [("dark", Self::Dark), ("light", Self::Light), ("16", Self::Sixteen), ("none", Self::None)];
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
    /// What one looks for: a key to press, what is being typed.
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
    /// A pane's border, and that of the one which keys go to.
    Border,
    /// See `Border`.
    Front,
    /// Of S3.
    S3,
    /// Of DynamoDB.
    DynamoDb,
    /// Of any other service.
    Other,
    /// What writes.
    Write,
    /// What takes away.
    Destroy,
    /// What a search found.
    Match,
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
    /// Beside a folder, and between the parts of a path.
    pub folder: &'static str,
    /// See `folder`.
    pub path: &'static str,
    /// What a call does: reads, writes, takes away.
    pub effects: [&'static str; 3],
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
    folder: "▸",
    path: " › ",
    effects: [" ", "+", "−"],
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
    folder: ">",
    path: " > ",
    effects: [" ", "+", "-"],
};

/// The colours of a theme of 256, by role.
struct Palette {
    dim: u8,
    accent: u8,
    good: u8,
    bad: u8,
    warning: u8,
    name: u8,
    text: u8,
    number: u8,
    border: u8,
    s3: u8,
    dynamodb: u8,
    other: u8,
    write: u8,
    selected: u8,
}

const DARK: Palette = Palette {
    dim: 246,
    accent: 81,
    good: 114,
    bad: 203,
    warning: 221,
    name: 117,
    text: 150,
    number: 180,
    border: 240,
    s3: 114,
    dynamodb: 111,
    other: 176,
    write: 215,
    selected: 238,
};

const LIGHT: Palette = Palette {
    dim: 242,
    accent: 25,
    good: 28,
    bad: 160,
    warning: 130,
    name: 25,
    text: 22,
    number: 94,
    border: 249,
    s3: 28,
    dynamodb: 26,
    other: 91,
    write: 130,
    selected: 253,
};

impl Look {
    /// What the environment says of the terminal; `get` gives a variable. `NO_COLOR` (<https://no-color.org>) and a dumb
    /// terminal mean no colours, a terminal of 256 means the dark theme, or the light one where `COLORFGBG` says that the
    /// background is light; a locale that is not UTF-8 means ASCII, as does `ascii`.
    #[must_use]
    pub fn of_environment(get: impl Fn(&str) -> Option<String>, theme: Option<Theme>, ascii: bool) -> Self {
        let set = |name| get(name).filter(|value: &String| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        let many = term.contains("256color") || set("COLORTERM").is_some() || cfg!(windows);
        // "15;0": foreground and background, of sixteen.
        let light = set("COLORFGBG").is_some_and(|of| matches!(of.rsplit(';').next(), Some("7" | "15")));
        let theme = match theme {
            Some(theme) => theme,
            None if set("NO_COLOR").is_some() || term == "dumb" => Theme::None,
            None if !many => Theme::Sixteen,
            None if light => Theme::Light,
            None => Theme::Dark,
        };
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        // Windows has no such variables, and its terminals know Unicode.
        let unicode = cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8");
        Self { theme, ascii: ascii || !unicode }
    }

    /// The signs to use.
    #[must_use]
    pub fn signs(self) -> &'static Signs {
        if self.ascii { &ASCII } else { &UNICODE }
    }

    /// How text of this role looks.
    #[must_use]
    pub fn style(self, role: Role) -> Style {
        match self.theme {
            Theme::None => colourless(role),
            Theme::Sixteen => sixteen(role),
            Theme::Dark => of_palette(&DARK, role),
            Theme::Light => of_palette(&LIGHT, role),
        }
    }

    /// How the selected row looks, over whatever it holds; `front` where keys go to its pane.
    #[must_use]
    pub fn selected(self, front: bool) -> Style {
        let palette = match self.theme {
            // Other colours in it would each be turned round for themselves.
            Theme::None | Theme::Sixteen if front => return Style::reset().add_modifier(Modifier::REVERSED),
            Theme::None | Theme::Sixteen => return Style::new().add_modifier(Modifier::UNDERLINED),
            Theme::Dark => &DARK,
            Theme::Light => &LIGHT,
        };
        let style = Style::new().bg(Color::Indexed(palette.selected));
        if front { style.add_modifier(Modifier::BOLD) } else { style }
    }

    /// How the badge of a target looks: the calls of which side one is looking at must never be in doubt.
    #[must_use]
    pub fn badge(self, target: &Target) -> Style {
        self.badge_of(target.word())
    }

    /// The same, by the target's word.
    #[must_use]
    pub fn badge_of(self, target: &str) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        if self.theme == Theme::None {
            return bold.add_modifier(Modifier::REVERSED);
        }
        match target {
            "local" => bold.fg(Color::Black).bg(Color::Green),
            "aws" => bold.fg(Color::White).bg(Color::Red),
            _ => bold.fg(Color::Black).bg(Color::Yellow),
        }
    }

    /// A call's sign.
    #[must_use]
    pub fn glyph(self, standing: Standing) -> &'static str {
        match (standing, self.ascii) {
            (Standing::Running, false) => "◌",
            (Standing::Running, true) => "*",
            (Standing::Ok, false) => "✓",
            (Standing::Ok, true) => ".",
            (Standing::Error, false) => "✗",
            (Standing::Error, true) => "E",
            (Standing::Refused, false) => "⊘",
            (Standing::Refused, true) => "R",
            (Standing::Abandoned, false) => "∅",
            (Standing::Abandoned, true) => "A",
            (Standing::Lost, _) => "?",
        }
    }

    /// What a call's state is.
    #[must_use]
    pub fn role(self, standing: Standing) -> Role {
        match standing {
            Standing::Running => Role::Accent,
            Standing::Ok => Role::Good,
            Standing::Error => Role::Bad,
            Standing::Refused | Standing::Lost => Role::Warning,
            Standing::Abandoned => Role::Dim,
        }
    }

    /// What a service is.
    #[must_use]
    pub fn service(self, service: &str) -> Role {
        match service {
            "s3" => Role::S3,
            "dynamodb" | "dynamodbstreams" => Role::DynamoDb,
            _ => Role::Other,
        }
    }

    /// What a call's effect is.
    #[must_use]
    pub fn effect(self, effect: Effect) -> (Role, &'static str) {
        let [read, write, destroy] = self.signs().effects;
        match effect {
            Effect::Read => (Role::Dim, read),
            Effect::Write => (Role::Write, write),
            Effect::Destroy => (Role::Destroy, destroy),
        }
    }
}

fn colourless(role: Role) -> Style {
    let plain = Style::new();
    match role {
        Role::Dim | Role::Border => plain.add_modifier(Modifier::DIM),
        Role::Heading | Role::Bad | Role::Warning | Role::Front | Role::Destroy => plain.add_modifier(Modifier::BOLD),
        Role::Accent => plain.add_modifier(Modifier::UNDERLINED),
        Role::Match => plain.add_modifier(Modifier::REVERSED),
        _ => plain,
    }
}

fn sixteen(role: Role) -> Style {
    let plain = Style::new();
    match role {
        Role::Plain => plain,
        Role::Dim | Role::Border => plain.fg(Color::DarkGray),
        Role::Heading => plain.add_modifier(Modifier::BOLD),
        Role::Accent | Role::Name | Role::Front => plain.fg(Color::Cyan),
        Role::Good | Role::Text | Role::S3 => plain.fg(Color::Green),
        Role::Bad | Role::Destroy => plain.fg(Color::Red).add_modifier(Modifier::BOLD),
        Role::Warning | Role::Write => plain.fg(Color::Yellow),
        Role::Number | Role::Other => plain.fg(Color::Magenta),
        Role::DynamoDb => plain.fg(Color::Blue),
        Role::Match => plain.fg(Color::Black).bg(Color::Yellow),
    }
}

fn of_palette(palette: &Palette, role: Role) -> Style {
    let colour = |number: u8| Style::new().fg(Color::Indexed(number));
    match role {
        Role::Plain => Style::new(),
        Role::Dim => colour(palette.dim),
        Role::Border => colour(palette.border),
        Role::Heading => Style::new().add_modifier(Modifier::BOLD),
        Role::Accent | Role::Front => colour(palette.accent),
        Role::Good => colour(palette.good),
        Role::Bad | Role::Destroy => colour(palette.bad).add_modifier(Modifier::BOLD),
        Role::Warning => colour(palette.warning),
        Role::Name => colour(palette.name),
        Role::Text => colour(palette.text),
        Role::Number => colour(palette.number),
        Role::S3 => colour(palette.s3),
        Role::DynamoDb => colour(palette.dynamodb),
        Role::Other => colour(palette.other),
        Role::Write => colour(palette.write),
        Role::Match => Style::new().fg(Color::Black).bg(Color::Indexed(palette.warning)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Look, Theme};

    #[test]
    #[cfg(not(windows))]
    fn the_environment_says_what_the_terminal_can_show() {
        let look = |variables: &[(&str, &str)]| {
            let get = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            let Look { theme, ascii } = Look::of_environment(get, None, false);
            (theme, ascii)
        };
        assert_eq!(look(&[("LANG", "de_DE.UTF-8"), ("TERM", "xterm")]), (Theme::Sixteen, false));
        assert_eq!(look(&[("LANG", "C.utf8"), ("NO_COLOR", "1"), ("TERM", "xterm-256color")]), (Theme::None, false));
        assert_eq!(look(&[("LANG", "C.UTF-8"), ("NO_COLOR", ""), ("TERM", "tmux-256color")]), (Theme::Dark, false));
        assert_eq!(look(&[("LANG", "en_US.UTF-8"), ("LC_ALL", "C"), ("TERM", "linux")]), (Theme::Sixteen, true));
        assert_eq!(
            look(&[("COLORTERM", "truecolor"), ("COLORFGBG", "0;15"), ("LANG", "C.UTF-8")]),
            (Theme::Light, false)
        );
        assert_eq!(look(&[("TERM", "dumb")]), (Theme::None, true));
    }
}
