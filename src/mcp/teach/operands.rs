//! Updates that do not fit the item that is there: which attribute, and what the item is.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value};

use super::case::{Case, Lesson, look};
use super::expression::{self, Kind, Token};
use super::near::nearest;
use crate::json::{self, Item};
use crate::mcp::budget::{shorten, start_within};
use crate::mcp::quoted::{quoted, short_json};

/// The most bytes of an item that is shown.
const SHOWN: usize = 512;

/// The item that an update is about. Read here at home alone: to read items is another permission than to change them.
async fn item(case: &Case<'_>) -> Option<Item> {
    if !case.context.is_local() {
        return None;
    }
    let key = json::to_item(case.part().0.get("key")?, "key").ok()?;
    let get = case.context.dynamodb.get_item().table_name(case.table()?).set_key(Some(key)).consistent_read(true);
    look(case.context, get.send()).await.ok()?.item
}

/// The item as data, at the end of a sentence.
fn shown(item: &Item) -> String {
    let json = json::from_item(item).map(|item| shorten(item, SHOWN).to_string()).unwrap_or_default();
    format!("The item is {}", start_within(&json, SHOWN))
}

/// A value as data, and its type.
fn described(value: &AttributeValue) -> String {
    let json = json::from_attribute(value).map(|value| value.to_string()).unwrap_or_default();
    format!("{} ({})", short_json(&json, 120), kind(value))
}

fn kind(value: &AttributeValue) -> &'static str {
    match value {
        AttributeValue::S(_) => "text",
        AttributeValue::N(_) => "a number",
        AttributeValue::B(_) => "binary",
        AttributeValue::Bool(_) => "a Boolean",
        AttributeValue::Null(_) => "null",
        AttributeValue::L(_) => "a list",
        AttributeValue::M(_) => "a map",
        _ => "a set",
    }
}

/// What stands at a path of an item.
fn at<'a>(item: &'a Item, path: &str) -> Option<&'a AttributeValue> {
    let mut steps = path.split(['.', '[']).map(|step| step.trim_end_matches(']'));
    let mut value = item.get(steps.next()?)?;
    for step in steps {
        value = match value {
            AttributeValue::M(map) => map.get(step)?,
            AttributeValue::L(list) => list.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}

/// An operand of an update, and what takes it.
struct Operand {
    /// The attribute's path.
    path: String,
    by: By,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Plus,
    Append,
    Add,
    Delete,
    /// It is only copied.
    Copy,
}

impl By {
    fn wants(self, value: &AttributeValue) -> Option<&'static str> {
        let is = |right: bool, wants: &'static str| (!right).then_some(wants);
        match self {
            Self::Plus => is(matches!(value, AttributeValue::N(_)), "+ and - want a number"),
            Self::Append => is(matches!(value, AttributeValue::L(_)), "list_append wants a list"),
            Self::Add => is(value.is_n() || is_set(value), "ADD wants a number or a set"),
            Self::Delete => is(is_set(value), "DELETE wants a set; REMOVE l[0] takes an element out of a list"),
            Self::Copy => None,
        }
    }
}

fn is_set(value: &AttributeValue) -> bool {
    value.is_ss() || value.is_ns() || value.is_bs()
}

/// The attributes that an update reads, in the order in which they stand.
fn operands(text: &str, part: &Map<String, Value>) -> Vec<Operand> {
    let tokens = expression::tokens(text);
    let mut found = Vec::new();
    let mut section = "";
    let mut assigned = false;
    for (place, token) in tokens.iter().enumerate() {
        let next = tokens.get(place + 1);
        if let Some(name) =
            ["SET", "ADD", "DELETE", "REMOVE"].into_iter().find(|name| token.text.eq_ignore_ascii_case(name))
            && next.is_some_and(|next| next.kind == Kind::Word)
        {
            (section, assigned) = (name, false);
            continue;
        }
        match token.text {
            "=" => assigned = true,
            // A comma inside a call separates its operands.
            "," if open(&tokens[..place]) == 0 => assigned = false,
            _ => {}
        }
        if token.kind != Kind::Word || next.is_some_and(|next| next.text == "(") {
            continue;
        }
        let beside = |sign: Option<&Token<'_>>| sign.is_some_and(|sign| matches!(sign.text, "+" | "-"));
        let by = match section {
            "ADD" => By::Add,
            "DELETE" => By::Delete,
            "SET"
                if assigned
                    && called(&tokens[..place]).is_some_and(|name| name.eq_ignore_ascii_case("if_not_exists")) =>
            {
                continue;
            }
            "SET"
                if assigned
                    && called(&tokens[..place]).is_some_and(|name| name.eq_ignore_ascii_case("list_append")) =>
            {
                By::Append
            }
            "SET"
                if assigned && (beside(next) || beside(place.checked_sub(1).and_then(|before| tokens.get(before)))) =>
            {
                By::Plus
            }
            "SET" if assigned => By::Copy,
            _ => continue,
        };
        found.push(Operand { path: path(part, token.text), by });
    }
    found
}

fn open(tokens: &[Token<'_>]) -> usize {
    tokens.iter().fold(0, |open: usize, token| match token.text {
        "(" => open + 1,
        ")" => open.saturating_sub(1),
        _ => open,
    })
}

/// The function in whose parentheses what follows these words stands.
fn called<'a>(tokens: &[Token<'a>]) -> Option<&'a str> {
    let mut closed = 0;
    for (place, token) in tokens.iter().enumerate().rev() {
        match token.text {
            ")" => closed += 1,
            "(" if closed == 0 => return tokens.get(place.checked_sub(1)?).map(|name| name.text),
            "(" => closed -= 1,
            _ => {}
        }
    }
    None
}

/// A path with its placeholders resolved.
fn path(part: &Map<String, Value>, text: &str) -> String {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (first, rest) = text.split_at(end);
    format!("{}{rest}", expression::attribute(part, first))
}

/// An operand of the wrong type.
pub(super) async fn wrong(case: &Case<'_>) -> Option<Lesson> {
    let (text, part) = expression::update_of(case)?;
    let operands = operands(text, part);
    let Some(item) = item(case).await else {
        let rule = "+ and - want numbers, list_append lists, ADD a number or a set, DELETE a set; dynamodb_get_items shows \
                    what the item has.";
        return Some(rule.to_owned().into());
    };
    let of = |operand: &Operand| {
        let value = at(&item, &operand.path)?;
        let wants = operand.by.wants(value)?;
        Some(format!("{} is {}: {wants}.", quoted(&operand.path), described(value)))
    };
    let culprit = operands.iter().find_map(of).unwrap_or_else(|| kinds_differ(&operands, &item));
    Some(format!("{culprit} {}", shown(&item)).into())
}

/// A set to which elements of another kind are to be added.
fn kinds_differ(operands: &[Operand], item: &Item) -> String {
    let changed = operands.iter().find_map(|operand| Some((&operand.path, at(item, &operand.path)?)));
    match changed {
        Some((path, value)) => {
            format!("{} is {}: send a value of the same type.", quoted(path), described(value))
        }
        None => "an operand has another type than the operator wants.".to_owned(),
    }
}

/// An operand that the item has not.
pub(super) async fn absent(case: &Case<'_>) -> Option<Lesson> {
    let (text, part) = expression::update_of(case)?;
    let operands = operands(text, part);
    let item = item(case).await;
    let missing = match &item {
        Some(item) => operands.iter().find(|operand| at(item, &operand.path).is_none()),
        None => operands.first(),
    }?;
    let name = quoted(&missing.path);
    let fix = match missing.by {
        By::Plus => {
            format!("write if_not_exists({0}, :zero) in its place, with \":zero\": 0, or ADD {0} :n", missing.path)
        }
        By::Append => format!("write if_not_exists({}, :empty) in its place, with \":empty\": []", missing.path),
        _ => format!("a value stands in values: write :v for {0}, with \":v\": {name}, if {0} is one", missing.path),
    };
    let Some(item) = item else {
        let absent = if case.context.is_local() {
            "there is no item of this key".to_owned()
        } else {
            format!("the item has no {name}")
        };
        return Some(format!("{absent}: {fix}.").into());
    };
    let near = nearest(&missing.path, item.keys().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!(" (but {})", quoted(near)));
    Some(format!("the item has no {name}{near}: {fix}. {}", shown(&item)).into())
}

/// A path through what is not there, or is no map.
pub(super) async fn no_way(case: &Case<'_>) -> Option<Lesson> {
    let (text, part) = expression::update_of(case)?;
    let tokens = expression::tokens(text);
    let paths = tokens.iter().filter(|token| token.kind == Kind::Word && token.text.contains(['.', '[']));
    let paths: Vec<_> = paths.map(|token| path(part, token.text)).collect();
    let Some(item) = item(case).await else {
        let first = paths.first()?;
        let parent = parent(first)?;
        return Some(
            format!("{parent} must be there before {first}: write SET {parent} = :map first, with all of it.").into(),
        );
    };
    let of = |whole: &String| {
        // The outermost step that leads nowhere.
        let mut steps: Vec<&str> = Vec::new();
        let mut step = whole.as_str();
        while let Some(above) = parent(step) {
            steps.push(above);
            step = above;
        }
        steps.into_iter().rev().find_map(|above| match at(&item, above) {
            None => Some(format!(
                "the item has no {}: write SET {above} = :map, with all of it, and then the parts.",
                quoted(above)
            )),
            Some(AttributeValue::M(_) | AttributeValue::L(_)) => None,
            Some(value) => Some(format!("{} is {}, which has no parts.", quoted(above), described(value))),
        })
    };
    let found =
        paths.iter().find_map(of).unwrap_or_else(|| "a path leads through what is no map and no list.".to_owned());
    Some(format!("{found} {}", shown(&item)).into())
}

/// The path without its last step.
fn parent(path: &str) -> Option<&str> {
    path.rfind(['.', '[']).map(|end| &path[..end])
}

/// An item over AWS's size.
pub(super) fn too_large(case: &Case<'_>) -> Option<Lesson> {
    case.error.message.contains("size").then(|| {
        "an item has at most 400 KB with its names: keep what is long as an object (s3_put_object), and its key in the item."
            .to_owned()
            .into()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_operands_of_an_update_are_found() {
        let of = |text: &str| {
            let part = json!({ "names": { "#t": "total" } });
            let found = operands(text, part.as_object().unwrap());
            found.iter().map(|operand| (operand.path.clone(), operand.by as u8)).collect::<Vec<_>>()
        };
        let pair = |path: &str, by: By| (path.to_owned(), by as u8);
        assert_eq!(
            of("SET a = b.c + :n, d = list_append(e, :l), f = if_not_exists(g, :z) + h, i = j"),
            [pair("b.c", By::Plus), pair("e", By::Append), pair("h", By::Plus), pair("j", By::Copy)]
        );
        assert_eq!(
            of("set #t = #t - :n REMOVE x ADD n :one DELETE tags :t"),
            [pair("total", By::Plus), pair("n", By::Add), pair("tags", By::Delete)]
        );
    }

    #[test]
    fn paths_lead_into_items() {
        let item = json::to_item(&json!({ "a": { "b": [1, { "c": 2 }] } }), "item").unwrap();
        assert!(at(&item, "a.b[1].c").is_some());
        assert!(at(&item, "a.b[2]").is_none() && at(&item, "a.b.c").is_none() && at(&item, "x").is_none());
        assert_eq!(parent("a.b[1].c"), Some("a.b[1]"));
    }
}
