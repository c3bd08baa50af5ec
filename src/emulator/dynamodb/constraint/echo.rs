//! Prints a request's values as AWS's messages echo them: as Java objects.

use std::fmt::Write as _;

use serde_json::Value;

use super::recorded;
use super::shape::Shape;

/// A member's name as messages show it: with a small first letter.
#[must_use]
pub fn member_name(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The value as a message echoes it, without quotes; an absent value is `null`.
#[must_use]
pub fn echo(shape: &Shape, value: Option<&Value>) -> String {
    let mut out = String::new();
    print(&mut out, shape, value.unwrap_or(&Value::Null));
    out
}

fn print(out: &mut String, shape: &Shape, value: &Value) {
    match (shape, value) {
        (_, Value::Null) => out.push_str("null"),
        (Shape::AttributeValue, _) => hashed(out, "AttributeValue", value),
        (Shape::List(list), Value::Array(elements)) => {
            out.push('[');
            for (position, element) in elements.iter().enumerate() {
                out.push_str(if position == 0 { "" } else { ", " });
                print(out, list.element, element);
            }
            out.push(']');
        }
        (Shape::Map(map), Value::Object(entries)) => {
            out.push('{');
            for (position, (key, value)) in entries.iter().enumerate() {
                out.push_str(if position == 0 { "" } else { ", " });
                out.push_str(key);
                out.push('=');
                print(out, map.value, value);
            }
            out.push('}');
        }
        (Shape::Structure(structure), _) if recorded::HASHED.contains(&structure.name) => {
            hashed(out, structure.name, value);
        }
        (Shape::Structure(structure), Value::Object(members)) => {
            out.push_str(structure.name);
            out.push('(');
            for (position, member) in structure.members.iter().enumerate() {
                out.push_str(if position == 0 { "" } else { ", " });
                out.push_str(&member_name(member.name));
                out.push('=');
                print(out, member.shape, members.get(member.name).unwrap_or(&Value::Null));
            }
            if let Some(hidden) = recorded::hidden_member(structure.name) {
                out.push_str(", ");
                out.push_str(hidden);
                out.push_str("=null");
            }
            out.push(')');
        }
        (_, Value::String(text)) => out.push_str(text),
        (_, other) => out.push_str(&other.to_string()),
    }
}

/// `Class@hash`. AWS's hash says nothing about the value to anybody outside; ours is Java's hash of its JSON text.
fn hashed(out: &mut String, class: &str, value: &Value) {
    let hash = value.to_string().chars().fold(0_u32, |hash, letter| hash.wrapping_mul(31).wrapping_add(letter as u32));
    // Writing to a String cannot fail.
    let _ = write!(out, "com.amazonaws.dynamodb.v20120810.{class}@{hash:x}");
}
