//! HCL, written as `terraform fmt` would.

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    Bool(bool),
    /// A reference, as it is.
    Reference(String),
    /// A reference, and text after it.
    Below(String, String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
    /// A function of one argument.
    Call(&'static str, Box<Value>),
}

impl Value {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// How it looks; `None` where it is taken apart over several lines.
    fn inline(&self) -> Option<String> {
        Some(match self {
            Self::Text(text) => quoted(text),
            Self::Number(number) => number.to_string(),
            Self::Bool(flag) => flag.to_string(),
            Self::Reference(reference) => reference.clone(),
            Self::Below(reference, rest) => format!("\"${{{reference}}}{}\"", escaped(rest)),
            Self::List(values) if values.iter().all(|value| !matches!(value, Self::Map(_))) => {
                let texts: Vec<String> = values.iter().map(Self::inline).collect::<Option<_>>()?;
                let line = format!("[{}]", texts.join(", "));
                if line.len() > 80 {
                    return None;
                }
                line
            }
            Self::Map(members) if members.is_empty() => "{}".to_owned(),
            Self::List(_) | Self::Map(_) | Self::Call(..) => return None,
        })
    }
}

/// What stands in a block, in order.
#[derive(Debug, Default)]
pub(super) struct Body(Vec<Entry>);

#[derive(Debug)]
enum Entry {
    Set(String, Value),
    Block(String, Body),
}

impl Body {
    pub(super) fn set(&mut self, name: &str, value: Value) -> &mut Self {
        self.0.push(Entry::Set(name.to_owned(), value));
        self
    }

    pub(super) fn set_some(&mut self, name: &str, value: Option<Value>) -> &mut Self {
        if let Some(value) = value {
            self.set(name, value);
        }
        self
    }

    pub(super) fn block(&mut self, name: &str, body: Body) -> &mut Self {
        self.0.push(Entry::Block(name.to_owned(), body));
        self
    }

    fn write(&self, text: &mut String, indent: usize) {
        for (at, entry) in self.0.iter().enumerate() {
            match entry {
                Entry::Set(name, value) => {
                    if at > 0
                        && (matches!(self.0[at - 1], Entry::Block(..)) || self.is_long(at) || self.is_long(at - 1))
                    {
                        text.push('\n');
                    }
                    line(text, indent, &format!("{name:<width$} = ", width = self.width(at)));
                    write_value(text, value, indent);
                    text.push('\n');
                }
                Entry::Block(name, body) => {
                    if at > 0 {
                        text.push('\n');
                    }
                    line(text, indent, &format!("{name} {{\n"));
                    body.write(text, indent + 1);
                    line(text, indent, "}\n");
                }
            }
        }
    }

    fn is_long(&self, at: usize) -> bool {
        matches!(&self.0[at], Entry::Set(_, value) if value.inline().is_none())
    }

    /// The width of the names in the lines without a break that `at` is one of.
    fn width(&self, at: usize) -> usize {
        let name = |at: usize| match &self.0[at] {
            Entry::Set(name, _) if !self.is_long(at) => Some(name.len()),
            _ => None,
        };
        if name(at).is_none() {
            return 0;
        }
        let before = (0..at).rev().map_while(name);
        let after = (at..self.0.len()).map_while(name);
        before.chain(after).max().unwrap_or_default()
    }
}

/// Blocks and comments, one after the other.
#[derive(Debug, Default)]
pub(super) struct Writer(String);

impl Writer {
    pub(super) fn resource(&mut self, kind: &str, label: &str, body: &Body) {
        self.part();
        self.0.extend(["resource ", &quoted(kind), " ", &quoted(label), " {\n"]);
        body.write(&mut self.0, 1);
        self.0.push_str("}\n");
    }

    /// A comment; what would end it does not.
    pub(super) fn comment(&mut self, text: &str) {
        self.part();
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.0.extend(["# ", &text, "\n"]);
    }

    fn part(&mut self) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

fn line(text: &mut String, indent: usize, rest: &str) {
    text.push_str(&"  ".repeat(indent));
    text.push_str(rest);
}

fn write_value(text: &mut String, value: &Value, indent: usize) {
    if let Some(inline) = value.inline() {
        text.push_str(&inline);
        return;
    }
    match value {
        Value::List(values) => {
            text.push_str("[\n");
            for value in values {
                line(text, indent + 1, "");
                write_value(text, value, indent + 1);
                text.push_str(",\n");
            }
            line(text, indent, "]");
        }
        Value::Map(members) => {
            text.push_str("{\n");
            let mut body = Body::default();
            for (name, value) in members {
                let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
                    && name.chars().all(|c| c.is_ascii_alphanumeric());
                body.set(&if plain { name.clone() } else { quoted(name) }, value.clone());
            }
            body.write(text, indent + 1);
            line(text, indent, "}");
        }
        Value::Call(function, argument) => {
            text.push_str(function);
            text.push('(');
            write_value(text, argument, indent);
            text.push(')');
        }
        _ => {}
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Text between quotes: nothing of it is a template.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => escaped.extend([c, c]),
            c if c.is_control() => escaped.extend(["\\u", &format!("{:04x}", u32::from(c))]),
            c => escaped.push(c),
        }
    }
    escaped
}
