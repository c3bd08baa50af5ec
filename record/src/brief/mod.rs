//! What a call comes to on one line, alike for tools and for clients at the endpoint.
//!
//! `Query orders pk=a1 · 20 items · 2 RCU`: a name, what it is on, what was asked, what came. It is made of what the
//! journal has, which may be cut, redacted, recorded by its shape, or somebody's invention: nothing here takes the form
//! of a value for granted. Texts are as the callers wrote them, but for line breaks; who draws them makes them safe.

mod bulk;
mod client;
mod dynamodb;
mod expression;
mod other;
mod s3;
mod value;
mod view;

use std::fmt;

use serde::Serialize;

use crate::{Call, Outcome};

pub use client::short_client;
use value::{cut, line};
use view::View;

/// The most columns of each part.
const NAME: usize = 64;
const ON: usize = 1100;
const ASKED: usize = 300;
const CAME: usize = 160;

/// A call on one line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Brief {
    /// `Query`, `PutItem`: AWS's name of an operation; a tool's name is written so too.
    pub name: String,
    /// What it is about: `orders`, `orders/by-date`, `media/a/b.png`. Empty where it is about nothing in particular.
    pub on: String,
    /// What was asked of it: `pk=a1 sk begins_with 2026 limit 10 desc`.
    pub asked: String,
    /// What came: `20 items · 2 RCU`, `1.2 KiB`, `created`; of a call that failed, why. Empty while nothing has.
    pub came: String,
    /// What it does to what is stored.
    pub effect: Effect,
}

impl fmt::Display for Brief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        for (mark, part) in [(" ", &self.on), (" ", &self.asked), (" · ", &self.came)] {
            if !part.is_empty() {
                write!(f, "{mark}{part}")?;
            }
        }
        Ok(())
    }
}

/// What a call does to what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Nothing.
    #[default]
    Read,
    /// It adds or changes.
    Write,
    /// It takes away.
    Destroy,
}

/// `call` on one line.
#[must_use]
pub fn brief(call: &Call) -> Brief {
    let view = View::of(call);
    let mut parts = match view.service {
        "dynamodb" => dynamodb::parts(&view),
        "s3" => s3::parts(&view),
        _ => other::parts(&view),
    };
    bulk::add(&view, &mut parts);
    let came = match call.finished.as_ref().map(|end| &end.outcome) {
        None => String::new(),
        Some(Outcome::Ok) => parts.came,
        Some(Outcome::Error { code, message }) if message.is_empty() => code.clone(),
        Some(Outcome::Error { code, message }) => format!("{code}: {message}"),
        Some(Outcome::Refused { reason }) => format!("refused: {reason}"),
        Some(Outcome::Abandoned) => "abandoned".to_owned(),
    };
    let came = match call.finished.as_ref().and_then(|end| end.consent.as_ref()) {
        Some(consent) if came.is_empty() => format!("allowed by {}", consent.by),
        Some(consent) => format!("{came} · allowed by {}", consent.by),
        None => came,
    };
    let fits = |text: String, most| cut(&line(&text), most);
    Brief {
        name: fits(parts.name, NAME),
        on: fits(parts.on, ON),
        asked: fits(parts.asked.join(" "), ASKED),
        came: fits(came, CAME),
        effect: parts.effect,
    }
}

/// The parts of a line, before they are cut.
#[derive(Debug, Default)]
struct Parts {
    name: String,
    on: String,
    asked: Vec<String>,
    came: String,
    effect: Effect,
}

/// The effect that the verb of an operation's name tells.
fn effect(name: &str) -> Effect {
    const READS: [&str; 15] = [
        "Get",
        "List",
        "Head",
        "Describe",
        "Query",
        "Scan",
        "BatchGet",
        "TransactGet",
        "Select",
        "Download",
        "Bridge",
        "Export",
        "Count",
        "Usage",
        "Snapshot",
    ];
    if name.starts_with("Delete") || name.starts_with("Abort") {
        Effect::Destroy
    } else if READS.iter().any(|verb| name.starts_with(verb)) {
        Effect::Read
    } else {
        Effect::Write
    }
}

#[cfg(test)]
mod tests;
