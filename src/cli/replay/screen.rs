//! What people see of a comparison: a line a call, and below it what differs. Programs get a JSON object a line.

use footbridge_record::{Brief, brief};
use serde_json::{Value, json};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::cli::Output;
use crate::cli::output::Style;
use crate::journal::Call;
use crate::mcp::Effect;
use crate::replay::{Difference, Fate, Step, Summary, Verdict};
use footbridge_record::text::visible;

/// The most differences of a call that are shown.
const MOST: usize = 10;

/// Where nobody knows the width.
const WIDTH: usize = 120;

/// The way to the person.
pub(in crate::cli) struct Screen<'a> {
    output: &'a Output,
    width: usize,
    quiet: bool,
}

impl<'a> Screen<'a> {
    pub(in crate::cli) fn new(output: &'a Output, quiet: bool) -> Self {
        let width = terminal_size::terminal_size().filter(|_| output.is_terminal());
        let width = width.map_or(WIDTH, |(width, _)| usize::from(width.0).max(40));
        Self { output, width, quiet }
    }

    pub(in crate::cli) fn title(&self, text: &str) -> std::io::Result<()> {
        if self.output.is_json() {
            return Ok(());
        }
        self.output.styled(&[(Style::Bold, text)])
    }

    /// What would become of a call.
    pub(in crate::cli) fn planned(&self, number: usize, call: &Call, fate: &Fate) -> std::io::Result<()> {
        if self.output.is_json() {
            let mut line = json!({ "call": number, "id": call.id, "name": call.name() });
            line["resources"] = json!(call.started.resources);
            line["brief"] = json!(brief(call));
            match fate {
                Fate::Made(effect) => line["effect"] = json!(effect.as_str()),
                Fate::Skipped(reason) => line["reason"] = json!(reason),
            }
            return self.output.json(&line);
        }
        match fate {
            Fate::Made(effect) => {
                let style = if *effect == Effect::Destructive { Style::Bad } else { Style::Plain };
                let mark = if *effect == Effect::Read { " " } else { "!" };
                self.line(number, (style, mark), &before(call), effect.as_str())
            }
            Fate::Skipped(reason) => self.line(number, (Style::Dim, "-"), &before(call), &reason.text),
        }
    }

    /// What became of a call.
    pub(in crate::cli) fn step(&self, step: &Step) -> std::io::Result<()> {
        if self.quiet && matches!(step.verdict, Verdict::Same | Verdict::NotReplayed { .. }) {
            return Ok(());
        }
        if self.output.is_json() {
            return self.output.json(step);
        }
        let (mark, mut note) = match &step.verdict {
            Verdict::Same => ((Style::Good, "="), String::new()),
            Verdict::Differs { .. } => ((Style::Bad, "~"), String::new()),
            Verdict::NotReplayed { reason } => ((Style::Dim, "-"), reason.text.clone()),
            Verdict::LeftOnly => ((Style::Bad, "<"), "only in the left journal".to_owned()),
            Verdict::RightOnly => ((Style::Bad, ">"), "only in the right journal".to_owned()),
        };
        if step.shapes {
            note.push_str("compared by shape");
        } else if step.cut {
            note.push_str("compared as far as it is recorded");
        }
        if let Some(call) = step.follows {
            let comma = if note.is_empty() { "" } else { ", " };
            note = format!("{note}{comma}maybe because of call {call}");
        }
        self.line(step.call, mark, &step.brief, &note)?;
        if let Verdict::Differs { differences } = &step.verdict {
            differences.iter().take(MOST).try_for_each(|difference| self.difference(difference))?;
            if let Some(more) = differences.len().checked_sub(MOST + 1) {
                self.output.styled(&[(Style::Dim, &format!("{INDENT}… and {} more (--json has all)", more + 1))])?;
            }
        }
        Ok(())
    }

    /// One line, whose note goes to the next where it does not fit.
    fn line(&self, number: usize, mark: (Style, &str), brief: &Brief, note: &str) -> std::io::Result<()> {
        let start = format!("{number:>4} ");
        let mut room = self.width.saturating_sub(start.len() + 2);
        let mut fitting = |before: &str, text: &str| {
            let text = if text.is_empty() { String::new() } else { format!("{before}{}", visible(text)) };
            let text = if room == 0 { String::new() } else { cut(&text, room) };
            room -= text.width().min(room);
            text
        };
        let name = fitting("", &brief.name);
        let (on, asked, came) = (fitting(" ", &brief.on), fitting(" ", &brief.asked), fitting(" · ", &brief.came));
        let note = cut(&visible(note), self.width - INDENT.len());
        let mut pieces = vec![(Style::Dim, start.as_str()), mark, (Style::Plain, " "), (Style::Plain, name.as_str())];
        pieces.extend([(Style::Accent, on.as_str()), (Style::Plain, &asked), (Style::Dim, &came)]);
        if note.is_empty() {
            return self.output.styled(&pieces);
        }
        if room >= 2 + note.width() {
            pieces.extend([(Style::Plain, "  "), (Style::Dim, note.as_str())]);
            return self.output.styled(&pieces);
        }
        self.output.styled(&pieces)?;
        self.output.styled(&[(Style::Plain, INDENT), (Style::Dim, &note)])
    }

    fn difference(&self, difference: &Difference) -> std::io::Result<()> {
        let (left, right) = (shown(difference.left.as_ref()), shown(difference.right.as_ref()));
        let path = visible(&difference.path);
        let length = INDENT.len() + [path.as_ref(), &left, &right].iter().map(|text| text.width() + 3).sum::<usize>();
        if length <= self.width {
            return self.output.styled(&[
                (Style::Plain, INDENT),
                (Style::Bold, &path),
                (Style::Plain, "  "),
                (Style::Bad, &left),
                (Style::Plain, " → "),
                (Style::Good, &right),
            ]);
        }
        let room = self.width.saturating_sub(INDENT.len() + 4);
        let (left, right) = window(&left, &right, room);
        self.output.styled(&[(Style::Plain, INDENT), (Style::Bold, &path)])?;
        self.output.styled(&[(Style::Plain, INDENT), (Style::Bad, "  - "), (Style::Bad, &left)])?;
        self.output.styled(&[(Style::Plain, INDENT), (Style::Good, "  + "), (Style::Good, &right)])
    }

    /// How many of each there were.
    pub(in crate::cli) fn summary(&self, summary: &Summary, more: &Value) -> std::io::Result<()> {
        if self.output.is_json() {
            let mut line = json!({ "summary": summary });
            if let (Value::Object(line), Value::Object(more)) = (&mut line, more) {
                line.extend(more.clone());
            }
            return self.output.json(&line);
        }
        let mut parts = vec![format!("{} same", summary.same), format!("{} differ", summary.differ)];
        for (count, what) in [
            (summary.not_replayed, "not replayed"),
            (summary.left_only, "only left"),
            (summary.right_only, "only right"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        let style = if summary.differs() { Style::Bad } else { Style::Good };
        let mut notes = Vec::new();
        for (count, what) in [
            (summary.follow, "of the differences may come from earlier calls"),
            (summary.partial, "not replayed, since not all that was sent is in the journal"),
            (summary.not_admitted, "not replayed, since nobody signed them who was let in"),
            (summary.elsewhere, "not replayed, since they were made in another account or region"),
            (summary.cut, "compared as far as recorded"),
            (summary.shapes, "compared by shape"),
        ] {
            if count > 0 {
                notes.push(format!("{count} {what}"));
            }
        }
        self.output.styled(&[(style, &parts.join(", "))])?;
        if notes.is_empty() {
            return Ok(());
        }
        self.output.styled(&[(Style::Dim, &format!("({})", notes.join("; ")))])
    }
}

/// A call before anything came.
fn before(call: &Call) -> Brief {
    Brief { came: String::new(), ..brief(call) }
}

const INDENT: &str = "       ";

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| visible(&value.to_string()).into_owned())
}

/// Both texts cut to so many characters, from a little before the first in which they differ.
fn window(left: &str, right: &str, room: usize) -> (String, String) {
    const BEFORE: usize = 20;
    let common = left.chars().zip(right.chars()).take_while(|(a, b)| a == b).count();
    let longest = left.chars().count().max(right.chars().count());
    if longest <= room || common <= BEFORE {
        return (cut(left, room), cut(right, room));
    }
    let from = (common - BEFORE).min(longest.saturating_sub(room.saturating_sub(1)));
    let part = |text: &str| {
        let rest: String = text.chars().skip(from).collect();
        cut(&format!("…{rest}"), room)
    };
    (part(left), part(right))
}

/// `text` in so many columns.
fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or_default();
        used <= columns
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_show_the_place_where_they_differ() {
        let (left, right) = (format!("{}A{}", "x".repeat(100), "y".repeat(100)), format!("{}B", "x".repeat(100)));
        let (left, right) = window(&left, &right, 40);
        assert_eq!(left, format!("…{}A{}…", "x".repeat(20), "y".repeat(17)));
        assert_eq!(right, format!("…{}B", "x".repeat(20)));
        assert_eq!(window("abc", "abd", 40), ("abc".into(), "abd".into()));
    }

    #[test]
    fn texts_are_cut_by_the_columns_that_they_take() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("日本語鍵", 6), "日本…");
        assert_eq!(cut("日本語", 6), "日本語");
    }
}
