//! Where things stand in a text of JSON.

use std::ops::Range;

use jsonc_parser::ast::{self, Object, ObjectProp};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Value;

use crate::install::client::Json;
use crate::install::error::InstallError;

/// A piece of a text, and what comes in its place.
pub(super) type Edit = (Range<usize>, String);

/// The text after these edits.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    // Those at one place in their order, from the end.
    edits.sort_by_key(|(range, _)| range.start);
    let mut new = text.to_owned();
    for (range, piece) in edits.into_iter().rev() {
        new.replace_range(range, &piece);
    }
    new
}

/// A client's file.
pub(super) struct Document<'a> {
    format: Json,
    pub(super) text: &'a str,
    root: Object<'a>,
}

/// A member of an object.
pub(super) struct Member<'o> {
    text: &'o str,
    of: &'o ObjectProp<'o>,
}

impl<'a> Document<'a> {
    /// Reads what `format` allows.
    pub(super) fn parse(format: Json, text: &'a str) -> Result<Self, InstallError> {
        if !format.comments
            && let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text)
        {
            return Err(InstallError::Content(format!("that is not JSON: {error}")));
        }
        let options = ParseOptions {
            allow_comments: format.comments,
            allow_trailing_commas: format.trailing_commas,
            allow_loose_object_property_names: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let parsed = parse_to_ast(text, &CollectOptions::default(), &options)
            .map_err(|error| InstallError::Content(format!("that is not JSON: {error}")))?;
        match parsed.value {
            Some(ast::Value::Object(root)) => Ok(Self { format, text, root }),
            _ => Err(InstallError::Content("that is JSON, and no object in braces".to_owned())),
        }
    }

    pub(super) fn root(&self) -> &Object<'a> {
        &self.root
    }

    /// The member with the servers.
    pub(super) fn servers(&self) -> Result<Option<Member<'_>>, InstallError> {
        let named = |prop: &&ObjectProp<'_>| prop.name.as_str() == self.format.servers;
        let mut found = self.root.properties.iter().filter(named);
        let Some(of) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            return Err(InstallError::Content(format!("{} stands there twice", self.format.servers)));
        }
        let member = Member { text: self.text, of };
        let twice = member.object()?.properties.iter().enumerate().find(|(at, one)| {
            member
                .object()
                .is_ok_and(|all| all.properties[..*at].iter().any(|two| two.name.as_str() == one.name.as_str()))
        });
        match twice {
            None => Ok(Some(member)),
            Some((_, one)) => {
                Err(InstallError::Content(format!("the server {} stands there twice", one.name.as_str())))
            }
        }
    }

    /// Checks that `new` is the same document but for the server `name`.
    pub(super) fn same_but(&self, new: &str, name: &str) -> Result<(), InstallError> {
        let broken = || InstallError::Content(format!("{name} cannot be changed there without harm: do it by hand"));
        let of = |text: &str| -> Result<Value, InstallError> {
            let document = Document::parse(self.format, text).map_err(|_| broken())?;
            let mut value = object(document.root());
            let servers = value.get_mut(self.format.servers).and_then(Value::as_object_mut);
            if let Some(servers) = servers {
                servers.shift_remove(name);
                if servers.is_empty()
                    && let Some(root) = value.as_object_mut()
                {
                    root.shift_remove(self.format.servers);
                }
            }
            Ok(value)
        };
        if of(self.text)? == of(new)? { Ok(()) } else { Err(broken()) }
    }

    /// The spaces and tabs at the start of the line that has the byte at `at`.
    pub(super) fn indent(&self, at: usize) -> &'a str {
        let line = &self.text[self.text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1)..at];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// How far a level is indented.
    pub(super) fn unit(&self) -> &'a str {
        let first = self.root.properties.first().map(|prop| self.indent(prop.range.start));
        first.filter(|indent| !indent.is_empty() && indent.len() <= 8).unwrap_or("  ")
    }

    /// How lines end.
    pub(super) fn newline(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }

    /// The ends of the comments in the trivia from `at` on, and where it ends.
    pub(super) fn trivia(&self, at: usize) -> Trivia {
        let bytes = self.text.as_bytes();
        let mut end = at;
        let mut same_line = at;
        let mut last_comment = None;
        let mut line_ended = false;
        loop {
            match (bytes.get(end), bytes.get(end + 1)) {
                (Some(b'\n' | b'\r'), _) => {
                    line_ended = true;
                    end += 1;
                }
                (Some(b' ' | b'\t'), _) => end += 1,
                (Some(b'/'), Some(b'/')) => {
                    end += self.text[end..].find(['\n', '\r']).unwrap_or(self.text.len() - end);
                    last_comment = Some(end);
                    if !line_ended {
                        same_line = end;
                    }
                }
                (Some(b'/'), Some(b'*')) => {
                    end += self.text[end..].find("*/").map_or(self.text.len() - end, |close| close + 2);
                    last_comment = Some(end);
                    if !line_ended {
                        same_line = end;
                    }
                }
                _ => return Trivia { end, same_line, last_comment },
            }
        }
    }
}

/// What stands between two things that mean something.
pub(super) struct Trivia {
    /// Where the next thing stands.
    pub(super) end: usize,
    /// Where the last comment ends that began on the first line, else where the trivia begin.
    pub(super) same_line: usize,
    /// Where the last comment ends.
    pub(super) last_comment: Option<usize>,
}

impl<'o> Member<'o> {
    /// Its value as text.
    pub(super) fn text(&self) -> &'o ast::Value<'o> {
        &self.of.value
    }

    /// Where its value stands.
    pub(super) fn value(&self) -> Range<usize> {
        let range = self.of.value.range();
        range.start..range.end
    }

    /// Where it stands, name and value.
    pub(super) fn range(&self) -> Range<usize> {
        self.of.range.start..self.of.range.end
    }

    pub(super) fn object(&self) -> Result<&'o Object<'o>, InstallError> {
        self.of.value.as_object().ok_or_else(|| {
            InstallError::Content(format!(
                "{} is no object in braces: {}",
                self.of.name.as_str(),
                &self.text[self.value()]
            ))
        })
    }

    /// A member of its own.
    pub(super) fn member(&self, name: &str) -> Option<Member<'o>> {
        let of = self.of.value.as_object()?.properties.iter().find(|prop| prop.name.as_str() == name)?;
        Some(Member { text: self.text, of })
    }
}

/// What a value means.
pub(super) fn value_of(value: &ast::Value<'_>) -> Value {
    match value {
        ast::Value::StringLit(text) => Value::from(text.value.as_ref()),
        // As it is written: it is only compared.
        ast::Value::NumberLit(number) => serde_json::json!({ "number": number.value }),
        ast::Value::BooleanLit(word) => Value::from(word.value),
        ast::Value::Object(members) => object(members),
        ast::Value::Array(array) => array.elements.iter().map(value_of).collect(),
        ast::Value::NullKeyword(_) => Value::Null,
    }
}

fn object(object: &Object<'_>) -> Value {
    let members = object.properties.iter().map(|prop| (prop.name.as_str().to_owned(), value_of(&prop.value)));
    Value::Object(members.collect())
}

/// A value on one line, with spaces.
pub(super) fn on_one_line(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members =
                members.iter().map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), on_one_line(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(on_one_line).collect::<Vec<_>>().join(", ")),
        plain => plain.to_string(),
    }
}
