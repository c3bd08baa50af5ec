//! A filter as a person types it: DynamoDB's expression with the values themselves in it.
//!
//! Values become placeholders here; names become placeholders as in the tools' expressions, so that reserved words need no
//! care. What is between is left to DynamoDB, whose messages are given back with the names and values in place.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;

use super::trouble::wrong;
use crate::emulator::dynamodb::number::Number;
use crate::json;
use crate::mcp::{Names, ToolError};

/// A filter as DynamoDB takes it.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// The expression; `None` where nothing is filtered.
    pub(super) expression: Option<String>,
    /// Names and their placeholders.
    pub(super) names: Names,
    /// Placeholders and their values.
    pub(super) values: Vec<(String, AttributeValue)>,
    /// Placeholders and how their values were written.
    written: Vec<(String, String)>,
}

impl Filter {
    /// Reads a filter.
    pub(super) fn read(text: &str) -> Result<Self, ToolError> {
        let mut reading = Reading { text, ..Reading::default() };
        reading.all()?;
        let Reading { out, names, values, written, .. } = reading;
        let mut names = Names::new(Some(names));
        let expression = Some(out.trim()).filter(|out| !out.is_empty());
        let expression = names.condition(expression);
        Ok(Self { expression, names, values, written })
    }

    /// DynamoDB's error with names and values in place of the placeholders.
    pub(super) fn explain(&self, error: ToolError) -> ToolError {
        let mut error = self.names.explain(error);
        // :v10 before :v1.
        for (placeholder, written) in self.written.iter().rev() {
            error.message = error.message.replace(placeholder.as_str(), written);
        }
        error
    }
}

/// A filter as it is read.
#[derive(Default)]
struct Reading<'a> {
    text: &'a str,
    at: usize,
    out: String,
    names: BTreeMap<String, String>,
    values: Vec<(String, AttributeValue)>,
    written: Vec<(String, String)>,
    /// Whether an operand stands before, so that no other can follow.
    after_operand: bool,
    /// Whether a name's point stands before.
    in_path: bool,
}

impl<'a> Reading<'a> {
    fn all(&mut self) -> Result<(), ToolError> {
        while let Some(first) = self.rest().chars().next() {
            match first {
                '"' | '\'' => self.string(first)?,
                '`' => self.quoted_name()?,
                '#' => self.hashed_name()?,
                ':' => return Err(self.fault("a value is written itself here, without a placeholder")),
                '[' if self.after_operand => self.index()?,
                '[' | '{' => self.document()?,
                '0'..='9' | '+' | '-' => self.number()?,
                '.' if !self.after_operand => self.number()?,
                first if first.is_ascii_alphabetic() || first == '_' => self.word(),
                '(' | ')' | ',' | '=' | '<' | '>' | '.' => self.sign(first),
                first if first.is_whitespace() => self.take(first.len_utf8()),
                other => {
                    let hint = if other.is_alphabetic() { ": such a name is written in `backquotes`" } else { "" };
                    return Err(self.fault(&format!("{other:?} has no meaning here{hint}")));
                }
            }
        }
        Ok(())
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Takes so many bytes over as they are.
    fn take(&mut self, bytes: usize) {
        self.out.push_str(&self.rest()[..bytes]);
        self.at += bytes;
    }

    fn sign(&mut self, sign: char) {
        self.in_path = sign == '.';
        self.after_operand = sign == ')';
        self.take(sign.len_utf8());
    }

    /// A name, a keyword, a function, or one of the values that are words.
    fn word(&mut self) {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let is_step = self.in_path || matches!(after.trim_start().chars().next(), Some('.' | '[' | '('));
        let value = match word.to_ascii_lowercase().as_str() {
            "true" => Some(AttributeValue::Bool(true)),
            "false" => Some(AttributeValue::Bool(false)),
            "null" => Some(AttributeValue::Null(true)),
            _ => None,
        };
        if let Some(value) = value.filter(|_| !is_step && !self.after_operand) {
            return self.value(end, value);
        }
        // What follows a keyword is an operand again; whether it is one is told by what stands before it.
        let keyword = ["and", "or", "not", "between", "in"].iter().any(|one| word.eq_ignore_ascii_case(one));
        self.after_operand = !(keyword && !self.in_path && (self.after_operand || is_not(word, after)));
        self.in_path = false;
        self.take(end);
    }

    fn string(&mut self, quote: char) -> Result<(), ToolError> {
        let rest = self.rest();
        let (text, length) = quoted(rest, quote).ok_or_else(|| self.fault("this text does not end"))?;
        let text = text.map_err(|escape| self.fault(&format!("{escape} is no escape that a text can have")))?;
        self.operand()?;
        self.value(length, AttributeValue::S(text));
        Ok(())
    }

    /// A name that may hold anything but a backquote.
    fn quoted_name(&mut self) -> Result<(), ToolError> {
        let end = self.rest()[1..].find('`').ok_or_else(|| self.fault("this name does not end"))?;
        let name = &self.rest()[1..=end];
        if name.is_empty() {
            return Err(self.fault("this name is empty"));
        }
        self.operand()?;
        self.name(end + 2, name);
        Ok(())
    }

    /// `#name`, by which programs write a reserved word: the name itself.
    fn hashed_name(&mut self) -> Result<(), ToolError> {
        let rest = &self.rest()[1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end == 0 {
            return Err(self.fault("no name follows the #"));
        }
        self.operand()?;
        self.name(end + 1, &rest[..end]);
        Ok(())
    }

    fn name(&mut self, bytes: usize, name: &str) {
        let placeholder = format!("#f{}", self.names.len());
        self.out.push_str(&placeholder);
        self.names.insert(placeholder, name.to_owned());
        self.at += bytes;
        (self.after_operand, self.in_path) = (true, false);
    }

    /// `[3]` after a name.
    fn index(&mut self) -> Result<(), ToolError> {
        let end = self.rest().find(']').ok_or_else(|| self.fault("this bracket does not end"))?;
        let inside = self.rest()[1..end].trim();
        if inside.is_empty() || !inside.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.fault("a list's place is a number, such as [0]"));
        }
        self.take(end + 1);
        Ok(())
    }

    /// A list, a map, or a set or bytes as the dashboard shows them: `{"$ss": ["a"]}`.
    fn document(&mut self) -> Result<(), ToolError> {
        let mut read = serde_json::Deserializer::from_str(self.rest()).into_iter::<Value>();
        let value = match read.next() {
            Some(Ok(value)) => value,
            Some(Err(error)) => return Err(self.fault(&format!("this JSON cannot be read: {error}"))),
            None => return Err(self.fault("a value is missing")),
        };
        let length = read.byte_offset();
        let value = json::to_attribute(&value, "the value").map_err(|error| self.fault(&error.to_string()))?;
        self.operand()?;
        self.value(length, value);
        Ok(())
    }

    fn number(&mut self) -> Result<(), ToolError> {
        let rest = self.rest();
        let is_part = |(at, c): (usize, char)| {
            let after_power = rest[..at].ends_with(['e', 'E']);
            c.is_ascii_alphanumeric() || matches!(c, '.' | '_') || matches!(c, '+' | '-') && (at == 0 || after_power)
        };
        let end = rest.char_indices().find(|part| !is_part(*part)).map_or(rest.len(), |(at, _)| at);
        let digits = &rest[..end];
        let number: Result<Number, _> = digits.parse();
        number.map_err(|error| self.fault(&format!("{digits} is no number: {error}")))?;
        self.operand()?;
        self.value(end, AttributeValue::N(digits.to_owned()));
        Ok(())
    }

    /// An operand begins: none may stand before it.
    fn operand(&self) -> Result<(), ToolError> {
        if self.after_operand {
            return Err(self.fault("an operator such as = or AND is missing before this"));
        }
        Ok(())
    }

    fn value(&mut self, bytes: usize, value: AttributeValue) {
        let placeholder = format!(":v{}", self.values.len());
        self.out.push_str(&placeholder);
        self.written.push((placeholder.clone(), self.rest()[..bytes].to_owned()));
        self.values.push((placeholder, value));
        self.at += bytes;
        (self.after_operand, self.in_path) = (true, false);
    }

    fn fault(&self, what: &str) -> ToolError {
        let place = self.text[..self.at].chars().count() + 1;
        let mut seen: String = self.rest().chars().take(20).collect();
        if self.rest().chars().count() > 20 {
            seen.push('…');
        }
        let mut message = format!("the filter, at character {place}");
        if !seen.is_empty() {
            let _ = write!(message, " ({seen})");
        }
        wrong(format!("{message}: {what}"))
    }
}

/// Whether this is the NOT before a condition, and no attribute of that name.
fn is_not(word: &str, after: &str) -> bool {
    word.eq_ignore_ascii_case("not")
        && after.trim_start().chars().next().is_some_and(|c| !matches!(c, '=' | '<' | '>' | '.' | '[' | ')' | ','))
}

/// The text within quotes that `rest` begins with, and how many bytes it takes with them; an escape that there is not is an
/// error. A quote stands in it doubled, or after a backslash.
fn quoted(rest: &str, quote: char) -> Option<(Result<String, String>, usize)> {
    let mut text = String::new();
    let mut wrong = None;
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
                text.push(quote);
                continue;
            }
            return Some((wrong.map_or(Ok(text), Err), at + c.len_utf8()));
        }
        if c != '\\' {
            text.push(c);
            continue;
        }
        let (_, escape) = chars.next()?;
        let meant = match escape {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            '\\' | '"' | '\'' | '/' => Some(escape),
            'u' => {
                let digits: String = chars.clone().take(4).map(|(_, digit)| digit).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
                if code.is_some() {
                    chars.by_ref().take(4).for_each(drop);
                }
                code.and_then(char::from_u32)
            }
            _ => None,
        };
        match meant {
            Some(meant) => text.push(meant),
            None => wrong = wrong.or_else(|| Some(format!("\\{escape}"))),
        }
    }
    None
}
