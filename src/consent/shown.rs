//! What of a call a person is shown: without secrets, short, and with how much of it is missing.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::journal::Redactor;

/// Bytes of what is shown of the arguments, as JSON.
const ARGUMENTS: usize = 48 << 10;

/// The same of one value that is or would be stored.
const STORED: usize = 16 << 10;

/// Bytes of a sentence, and of all resources.
const SENTENCE: usize = 8 << 10;

/// What is looked at behind a cut: a secret that it would split is seen whole.
const MARGIN: usize = 2048;

/// Arguments that carry what is stored. All others say what is done to what, and have names that the tool chose: of them
/// nothing is taken for a secret.
const BODIES: [&str; 8] = ["text", "json", "base64", "item", "items", "put", "metadata", "values"];

/// Takes secrets out, and cuts.
#[derive(Debug)]
pub struct Shown(Redactor);

impl Shown {
    /// Compiles the patterns.
    ///
    /// # Errors
    /// One of them is broken, so that nothing may be shown.
    pub fn new() -> Result<Self, regex_lite::Error> {
        Redactor::new().map(Self)
    }

    /// The arguments of a call, and how many bytes of them are not shown. Which attribute a placeholder stands for, and which
    /// item a key names, is always shown: whoever calls chooses such names, and could hide behind them.
    #[must_use]
    pub fn arguments(&self, arguments: &Value) -> (Value, usize) {
        walked(arguments, ARGUMENTS, Some(&self.0), As::Arguments)
    }

    /// What is or would be stored.
    #[must_use]
    pub fn value(&self, value: &Value) -> Value {
        walked(value, STORED, Some(&self.0), As::Stored).0
    }

    /// What a call is about, as far as there is room: in full, as it decides what is done.
    #[must_use]
    pub fn resources(&self, resources: Vec<String>) -> Vec<String> {
        let (count, mut left) = (resources.len(), STORED);
        let fits = |resource: &String| {
            let fits = resource.len() <= left;
            left = left.saturating_sub(resource.len());
            fits
        };
        let mut kept: Vec<_> = resources.into_iter().take_while(fits).collect();
        if kept.len() < count {
            kept.push(format!("[{} more]", count - kept.len()));
        }
        kept
    }

    /// A sentence.
    #[must_use]
    pub fn sentence(&self, text: &str) -> String {
        text[..text.floor_char_boundary(SENTENCE)].to_owned()
    }
}

/// `value` in about `most` bytes of JSON, and how many are left out: the small before the large, so that nothing large hides
/// what is small.
#[must_use]
pub fn within(value: &Value, most: usize) -> (Value, usize) {
    walked(value, most, None, As::Plain)
}

fn walked(value: &Value, most: usize, redactor: Option<&Redactor>, of: As) -> (Value, usize) {
    let mut walk = Walk { redactor, left: most, hidden: 0 };
    let shown = walk.value(value, of);
    (shown, walk.hidden)
}

/// What a value is, so that it is known what in it may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    /// The arguments of a tool, or one of its operations.
    Arguments,
    /// What is stored: a secret by its name, or by its look.
    Stored,
    /// What placeholders stand for: their names say nothing.
    Placeholders,
    /// No secret.
    Plain,
}

struct Walk<'a> {
    redactor: Option<&'a Redactor>,
    left: usize,
    hidden: usize,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value, of: As) -> Value {
        match value {
            Value::String(text) => self.text(text, of).into(),
            Value::Array(elements) => self.array(elements, of),
            Value::Object(members) => self.object(members, of),
            other => {
                self.left = self.left.saturating_sub(length(other));
                other.clone()
            }
        }
    }

    fn text(&mut self, text: &str, of: As) -> String {
        let looked = &text[..text.floor_char_boundary(self.left.saturating_add(MARGIN))];
        let clean = match self.redactor {
            Some(redactor) if of != As::Plain => redactor.text(looked),
            _ => Cow::Borrowed(looked),
        };
        if let Cow::Owned(clean) = &clean {
            // At least as much as is missing in it.
            let marks = clean.matches("[redacted]").count() * "[redacted]".len();
            self.hidden += (looked.len() + marks).saturating_sub(clean.len()).max(1);
        }
        let mut kept = &*clean;
        if written(kept) > self.left || looked.len() < text.len() {
            // What is escaped takes up to six times as much.
            while written(kept) > self.left && !kept.is_empty() {
                let over = written(kept) - self.left;
                kept = &kept[..kept.floor_char_boundary(kept.len().saturating_sub(over.div_ceil(6).max(1)))];
            }
            let missing = clean.len() - kept.len() + (text.len() - looked.len());
            self.hidden += missing;
            self.left = 0;
            return format!("{kept}… [{missing} bytes more]");
        }
        self.left = self.left.saturating_sub(written(kept));
        kept.to_owned()
    }

    fn array(&mut self, elements: &[Value], of: As) -> Value {
        let mut order: Vec<_> = elements.iter().map(length).enumerate().collect();
        order.sort_by_key(|(_, length)| *length);
        let mut shown = vec![None; elements.len()];
        for (at, length) in order {
            if self.left == 0 {
                self.hidden += length;
            } else {
                shown[at] = Some(self.value(&elements[at], of));
                self.left = self.left.saturating_sub(1);
            }
        }
        let missing = shown.iter().filter(|shown| shown.is_none()).count();
        let more = (missing > 0).then(|| format!("[{missing} more]").into());
        shown.into_iter().flatten().chain(more).collect()
    }

    fn object(&mut self, members: &Map<String, Value>, of: As) -> Value {
        let mut order: Vec<_> = members.iter().map(|(name, value)| (written(name) + length(value), name)).collect();
        order.sort_by_key(|(length, _)| *length);
        let mut shown = Map::new();
        let mut missing = 0;
        for (length, name) in order {
            if written(name) > self.left {
                missing += 1;
                self.hidden += length;
                continue;
            }
            self.left -= written(name);
            shown.insert(name.clone(), self.member(name, &members[name], of));
        }
        // As they were given.
        let mut shown: Map<_, _> =
            members.keys().filter_map(|name| Some((name.clone(), shown.shift_remove(name)?))).collect();
        if missing > 0 {
            shown.insert(format!("[{missing} more]"), Value::Null);
        }
        shown.into()
    }

    fn member(&mut self, name: &str, value: &Value, of: As) -> Value {
        let of_it = match of {
            As::Arguments if name == "operations" => As::Arguments,
            As::Arguments if name == "values" => As::Placeholders,
            As::Arguments if !BODIES.contains(&name) => As::Plain,
            As::Arguments | As::Stored | As::Placeholders => As::Stored,
            As::Plain => As::Plain,
        };
        if of == As::Stored && self.redactor.is_some_and(|redactor| redactor.is_secret_name(name)) {
            let bytes = value.as_str().map_or_else(|| length(value), str::len);
            self.hidden += bytes.max(1);
            return format!("[redacted: {bytes} bytes]").into();
        }
        self.value(value, of_it)
    }
}

/// Bytes of a value as JSON.
fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => written(text),
        Value::Array(elements) => elements.iter().map(|element| length(element) + 1).sum::<usize>() + 2,
        Value::Object(members) => {
            members.iter().map(|(name, value)| written(name) + length(value) + 2).sum::<usize>() + 2
        }
        other => other.to_string().len(),
    }
}

/// Bytes of a text as JSON.
fn written(text: &str) -> usize {
    let more = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 1,
        0..0x20 => 5,
        _ => 0,
    };
    text.len() + text.bytes().map(more).sum::<usize>() + 2
}
