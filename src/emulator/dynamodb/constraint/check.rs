//! The engine: checks a request against its declared shape and joins what it finds as AWS does.

use std::fmt;

use serde_json::{Map, Value};

use super::echo::{echo, member_name};
use super::recorded::{self, ARN_MAX, NAME, Phrase};
use super::shape::{Constraint, Entries, Member, Shape, Structure, Text};
use crate::emulator::dynamodb::value;
use crate::emulator::error::AwsError;

/// The most violations that one message reports, so that its length is bounded whatever the request holds.
pub const MOST_VIOLATIONS: usize = 10;

/// Refuses a request whose members have the wrong JSON types, with AWS's `SerializationException`.
pub fn types(shape: &Shape, value: &Value) -> Result<(), AwsError> {
    match (shape, value) {
        (_, Value::Null)
        | (Shape::Blob | Shape::String(_), Value::String(_))
        | (Shape::Boolean, Value::Bool(_))
        | (Shape::Timestamp | Shape::Double, Value::Number(_)) => Ok(()),
        (Shape::Integer(_), Value::Number(number)) if number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) => {
            Ok(())
        }
        (Shape::Long(_), Value::Number(number)) if number.as_i64().is_some() => Ok(()),
        (Shape::AttributeValue, _) => value::check_shape(value),
        (Shape::List(list), Value::Array(elements)) => {
            elements.iter().try_for_each(|element| held(list.element, element))
        }
        (Shape::Map(map), Value::Object(entries)) => entries.values().try_for_each(|entry| held(map.value, entry)),
        (Shape::Structure(structure), Value::Object(members)) => structure
            .members
            .iter()
            .filter_map(|member| Some((member, members.get(member.name)?)))
            .try_for_each(|(member, value)| types(member.shape, value)),
        _ => Err(wrong_type(shape, value)),
    }
}

/// The same for what a list or map holds, which cannot be left out; attribute values have words of their own for that.
fn held(shape: &Shape, value: &Value) -> Result<(), AwsError> {
    if value.is_null() && !matches!(shape, Shape::AttributeValue) {
        return Err(AwsError::new(400, "SerializationException", "Unexpected null"));
    }
    types(shape, value)
}

fn wrong_type(shape: &Shape, value: &Value) -> AwsError {
    let class = match shape {
        Shape::Boolean => "Boolean",
        Shape::Integer(_) => "Integer",
        Shape::Long(_) => "Long",
        Shape::Double => "Double",
        Shape::Timestamp => "Timestamp",
        Shape::String(_) => "String",
        Shape::Blob => "ByteBuffer",
        Shape::List(_) | Shape::Map(_) | Shape::Structure(_) | Shape::AttributeValue => "",
    };
    let token = match value {
        Value::String(_) => "STRING_VALUE",
        Value::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        _ => "",
    };
    AwsError::new(
        400,
        "SerializationException",
        match value {
            Value::Object(_) => "Start of structure or map found where not expected.".to_owned(),
            Value::Array(_) if class.is_empty() => "Unrecognized collection type".to_owned(),
            Value::Array(_) => format!("Unrecognized collection type class java.lang.{class}"),
            _ if class.is_empty() => "Unexpected field type".to_owned(),
            _ => format!("{token} cannot be converted to {class}"),
        },
    )
}

/// Refuses a request that breaks what is declared of its members, with AWS's `ValidationException`.
pub fn check(operation: &str, shape: &'static Shape, request: &Map<String, Value>) -> Result<(), AwsError> {
    let Shape::Structure(structure) = shape else { return Ok(()) };
    let mut found = Found { operation, messages: Vec::new(), names: looks_at_names(operation, structure, request) };
    found.ending(structure, request);
    if found.messages.is_empty() {
        for member in in_order(operation, structure) {
            found.member(member, None, request.get(member.name));
        }
    }
    let count = found.messages.len();
    match found.messages.first_mut() {
        None => Ok(()),
        Some(Message { counted: false, text }) => Err(AwsError::validation(std::mem::take(text))),
        Some(_) => {
            let texts: Vec<_> = found.messages.into_iter().map(|message| message.text).collect();
            let plural = if count == 1 { "" } else { "s" };
            Err(AwsError::validation(format!("{count} validation error{plural} detected: {}", texts.join("; "))))
        }
    }
}

/// Refuses a batch of more items, over all its tables, than the operation takes.
pub fn batch_total(operation: &str, items: usize) -> Result<(), AwsError> {
    let most = recorded::BATCH_TOTALS.iter().find(|(name, _)| *name == operation);
    match most {
        Some((_, most)) if items > *most => {
            Err(AwsError::validation(format!("Too many items requested for the {operation} call")))
        }
        _ => Ok(()),
    }
}

/// The members in the order in which their violations are reported.
pub fn in_order(operation: &str, structure: &'static Structure) -> impl Iterator<Item = &'static Member> {
    let first = recorded::first(operation);
    let leading = first.iter().filter_map(|name| structure.members.iter().find(|member| member.name == *name));
    leading.chain(structure.members.iter().filter(|member| !first.contains(&member.name)))
}

/// Whether the names in a batch are looked at: some batches do so only where no member is wrong in itself.
fn looks_at_names(operation: &str, structure: &'static Structure, request: &Map<String, Value>) -> bool {
    let wrong = |member: &Member| request.get(member.name).is_some_and(|value| is_broken(member.shape, value));
    !recorded::NAMES_LAST.contains(&operation) || !structure.members.iter().any(wrong)
}

/// Where a value stands in a request.
#[derive(Clone, Copy)]
struct Place<'a> {
    above: Option<&'a Self>,
    step: Step<'a>,
}

/// The last step to a value.
#[derive(Clone, Copy)]
enum Step<'a> {
    /// A structure's member, by AWS's name.
    Member(&'a str),
    /// A list's element, from 1.
    Element(usize),
    /// A map's entry.
    Entry(&'a str),
}

impl Place<'_> {
    fn then<'b>(&'b self, step: Step<'b>) -> Place<'b> {
        Place { above: Some(self), step }
    }

    /// As messages show it, with the names of members as `name` gives them: `requestItems.tab.member.keys`.
    fn shown(&self, name: fn(&str) -> String) -> String {
        let step = match self.step {
            Step::Member(member) => name(member),
            Step::Element(number) => format!("{number}.member"),
            Step::Entry(key) => format!("{key}.member"),
        };
        self.above.map_or_else(|| step.clone(), |above| format!("{}.{step}", above.shown(name)))
    }

    /// The names of its members alone, as rules give them: `RequestItems.Keys`.
    fn members(&self) -> String {
        let above = self.above.map(Self::members);
        match (above, self.step) {
            (None, Step::Member(member)) => member.to_owned(),
            (Some(above), Step::Member(member)) => format!("{above}.{member}"),
            (above, _) => above.unwrap_or_default(),
        }
    }
}

struct Message {
    text: String,
    counted: bool,
}

struct Found<'a> {
    operation: &'a str,
    messages: Vec<Message>,
    /// Whether the names in a batch are looked at.
    names: bool,
}

impl Found<'_> {
    /// The violations that end validation: the first of them is all that AWS reports.
    fn ending(&mut self, structure: &'static Structure, request: &Map<String, Value>) {
        let given = |name: &str| request.get(name).filter(|value| !value.is_null());
        if recorded::JOINED_WITHOUT.iter().any(|(name, member)| *name == self.operation && given(member).is_none()) {
            return;
        }
        let rules = recorded::RULES.iter().filter(|rule| rule.ends.contains(&self.operation));
        for rule in rules {
            let Some(member) = structure.members.iter().find(|member| member.name == rule.member) else { continue };
            let value = given(member.name);
            let broken = match value {
                Some(value) => broken(member.shape, value),
                None if member.required => vec![Constraint::NotNull],
                None => Vec::new(),
            };
            if let Some(broken) = broken.into_iter().find(|broken| (rule.applies)(*broken)) {
                self.add(&Place { above: None, step: Step::Member(member.name) }, member.shape, value, &broken);
                return;
            }
        }
    }

    fn member(&mut self, member: &Member, above: Option<&Place<'_>>, value: Option<&Value>) {
        let value = value.filter(|value| !value.is_null());
        let place = Place { above, step: Step::Member(member.name) };
        match value {
            Some(value) => self.value(&place, member.shape, value),
            None if member.required => self.add(&place, member.shape, None, &Constraint::NotNull),
            None => {}
        }
    }

    fn value(&mut self, place: &Place<'_>, shape: &Shape, value: &Value) {
        for constraint in broken(shape, value) {
            self.add(place, shape, Some(value), &constraint);
        }
        match (shape, value) {
            (Shape::List(list), Value::Array(elements)) => {
                if elements.iter().any(|element| is_broken(list.element, element)) {
                    self.add_list(place, shape, value, Held::Elements, list.element);
                }
                if has_inside(list.element) {
                    self.elements(place, list.element, elements);
                }
            }
            (Shape::Map(map), Value::Object(entries)) => self.entries(place, shape, map, value, entries),
            (Shape::Structure(_), _) => self.inside(place, shape, value),
            _ => {}
        }
    }

    fn elements(&mut self, place: &Place<'_>, element: &Shape, elements: &[Value]) {
        for (position, value) in elements.iter().enumerate() {
            self.inside(&place.then(Step::Element(position + 1)), element, value);
        }
    }

    fn entries(
        &mut self,
        place: &Place<'_>,
        shape: &Shape,
        map: &Entries,
        value: &Value,
        entries: &Map<String, Value>,
    ) {
        if entries.keys().any(|key| matches!(map.key, Shape::String(text) if !broken_text(text, key).is_empty())) {
            self.add_list(place, shape, value, Held::Keys, map.key);
        }
        if entries.values().any(|entry| is_broken(map.value, entry)) {
            self.add_list(place, shape, value, Held::Values, map.value);
        }
        if has_inside(map.value) {
            for (key, entry) in entries {
                self.inside(&place.then(Step::Entry(key)), map.value, entry);
            }
        }
    }

    /// What is inside a value whose own constraints its container has already been checked for.
    fn inside(&mut self, place: &Place<'_>, shape: &Shape, value: &Value) {
        match (shape, value) {
            (Shape::Structure(structure), Value::Object(members)) => {
                for member in structure.members {
                    self.member(member, Some(place), members.get(member.name));
                }
            }
            (Shape::List(list), Value::Array(elements)) => self.elements(place, list.element, elements),
            (Shape::Map(map), Value::Object(entries)) => self.entries(place, shape, map, value, entries),
            _ => {}
        }
    }

    fn add(&mut self, place: &Place<'_>, shape: &Shape, value: Option<&Value>, broken: &Constraint) {
        let rule = recorded::rule(self.operation, &place.members(), *broken);
        let text = match rule.map_or(Phrase::Echo, |rule| rule.phrase) {
            Phrase::Echo => {
                let echo = value.map_or_else(|| "null".to_owned(), |value| format!("'{}'", echo(shape, Some(value))));
                format!("Value {echo} at '{}' failed to satisfy constraint: {broken}", place.shown(member_name))
            }
            Phrase::Member => {
                format!("Value at '{}' failed to satisfy constraint: {broken}", place.shown(str::to_owned))
            }
            Phrase::Values(values) => format!("Failed to satisfy constraint: {}", Constraint::Enum(values)),
            Phrase::Sentence(sentence) => return self.push(Message { text: sentence.to_owned(), counted: false }),
        };
        self.push(Message { text, counted: true });
    }

    /// A violation by what a list or map holds, which AWS reports at the container, naming all that its contents must
    /// satisfy.
    fn add_list(&mut self, place: &Place<'_>, shape: &Shape, value: &Value, held: Held, contents: &Shape) {
        let names = held == Held::Keys && recorded::is_of_tables(self.operation, &place.members());
        if names && !self.names {
            return;
        }
        let echo = if names { value.to_string() } else { echo(shape, Some(value)) };
        let all: Vec<_> = contents.constraints().iter().map(ToString::to_string).collect();
        let (path, all) = (place.shown(member_name), all.join(", "));
        let text =
            format!("Value '{echo}' at '{path}' failed to satisfy constraint: {held} must satisfy constraint: [{all}]");
        self.push(Message { text, counted: true });
    }

    fn push(&mut self, message: Message) {
        if self.messages.len() < MOST_VIOLATIONS {
            self.messages.push(message);
        }
    }
}

/// What of a list or map is wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Elements,
    Keys,
    Values,
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Elements => "Member",
            Self::Keys => "Map keys",
            Self::Values => "Map value",
        })
    }
}

/// Whether values of this shape can hold violations that are reported below them.
fn has_inside(shape: &Shape) -> bool {
    matches!(shape, Shape::Structure(_) | Shape::List(_) | Shape::Map(_))
}

fn is_broken(shape: &Shape, value: &Value) -> bool {
    !broken(shape, value).is_empty()
}

/// The constraints of its own that this value breaks.
fn broken(shape: &Shape, value: &Value) -> Vec<Constraint> {
    let length = match (shape, value) {
        (Shape::String(text), Value::String(value)) => return broken_text(text, value),
        (Shape::List(_), Value::Array(elements)) => elements.len(),
        (Shape::Map(_), Value::Object(entries)) => entries.len(),
        _ => 0,
    };
    let number = value.as_i64().unwrap_or_default();
    let mut constraints = shape.constraints();
    constraints.retain(|constraint| match constraint {
        Constraint::MinLength(min) => length < *min as usize,
        Constraint::MaxLength(max) => length > *max as usize,
        Constraint::MinValue(min) => number < *min,
        Constraint::MaxValue(max) => number > *max,
        Constraint::NotNull | Constraint::Pattern(_) | Constraint::Enum(_) => false,
    });
    constraints
}

/// The constraints that this text breaks. One whose length is wrong is not matched against its pattern as well
/// (recorded for an empty table name, which would match neither).
fn broken_text(text: &Text, value: &str) -> Vec<Constraint> {
    let length = value.encode_utf16().count();
    let (min, max) =
        if text.arn && value.starts_with("arn:") { (text.min, Some(ARN_MAX)) } else { (text.min, text.max) };
    if let Some(max) = max.filter(|max| length > *max as usize) {
        return vec![Constraint::MaxLength(max)];
    }
    if let Some(min) = min.filter(|min| length < *min as usize) {
        return vec![Constraint::MinLength(min)];
    }
    if !text.values.is_empty() && !text.values.contains(&value) {
        return vec![Constraint::Enum(text.values)];
    }
    match text.pattern {
        Some(pattern) if !(text.arn && value.starts_with("arn:") || matches(pattern, value)) => {
            vec![Constraint::Pattern(pattern)]
        }
        _ => Vec::new(),
    }
}

/// Whether the whole text matches. A pattern that this emulator cannot read matches nothing.
fn matches(pattern: &'static str, value: &str) -> bool {
    if pattern == NAME {
        // Nearly every request has one, so it is spared the engine.
        return value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    }
    regex_lite::Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(value))
}
