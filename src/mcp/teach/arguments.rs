//! Arguments that cannot be read: what is taken in their place.

use serde_json::{Map, Value};

use super::near::nearest;
use crate::mcp::error::ToolError;
use crate::mcp::quoted::{named, quoted, short_json};

/// The most bytes of what was sent.
const SENT: usize = 80;

/// What serde says, said again: what stands where, what is taken there, and the parameter that may be meant. `schema` is
/// the tool's.
pub(in crate::mcp) fn wrong(schema: &Map<String, Value>, arguments: &Value, path: &str, says: &str) -> ToolError {
    let schema = Value::Object(schema.clone());
    let steps = steps(path);
    let place = if steps.is_empty() { String::new() } else { format!("{}: ", named(path)) };
    let stranger = |what: &str| says.strip_prefix(what)?.strip_prefix(" `")?.rsplit_once("`, expected ");
    if let Some((name, expected)) = stranger("unknown field") {
        // serde_path_to_error counts the field that is unknown to the path.
        let above = steps.split_last().filter(|(last, _)| *last == name).map_or(steps.as_slice(), |(_, above)| above);
        let parent = if path == name { &[] } else { above };
        let expected = known(&schema, parent).unwrap_or_else(|| expected.to_owned());
        let error = ToolError::arguments(format!("{place}unknown field {}, expected {expected}", in_ticks(name)));
        return match hint_of_field(&schema, parent, name) {
            Some(hint) => error.hint(hint),
            None => error,
        };
    }
    let at = schema_at(&schema, &steps);
    if says.starts_with("missing field `") {
        let name = between(says, "missing field `", "`").unwrap_or_default();
        let error = ToolError::arguments(format!("{place}{says}"));
        let below = at.and_then(|at| at.get("properties")?.get(&name));
        return match below.map(|below| example(below, &name)) {
            Some(example) => error.hint(format!("give {}: {example}.", quoted(&name))),
            None => error,
        };
    }
    let sent = sent_at(arguments, &steps);
    if let (true, Some(at)) = (says.starts_with("invalid type") || says.contains("untagged enum"), at) {
        let have = sent.map_or(String::new(), |sent| format!(", have {}", shown(sent)));
        let error = ToolError::arguments(format!("{place}want {}{have}", wanted(at)));
        let name = steps.last().map_or("", String::as_str);
        return error.hint(format!("such as {}.", example(at, name)));
    }
    let says = match stranger("unknown variant") {
        Some((word, expected)) => format!("unknown variant {}, expected {expected}", in_ticks(word)),
        None => says.to_owned(),
    };
    let error = ToolError::arguments(format!("{place}{says}"));
    // A word that is none of those there are.
    let choices = at.and_then(|at| at.get("enum")?.as_array()).map(|all| all.iter().filter_map(Value::as_str));
    match (sent.and_then(Value::as_str), choices) {
        (Some(word), Some(choices)) => {
            // What two of them have in it says neither.
            let many = choices.clone().filter(|choice| choice.contains(word)).count() > 1;
            match nearest(word, choices).filter(|_| !many) {
                Some(near) => error.hint(format!("{} may be meant.", quoted(near))),
                None => error,
            }
        }
        _ => error,
    }
}

/// A word that serde quotes: as it does, where that leaves no doubt where the word ends.
fn in_ticks(word: &str) -> String {
    if named(word) == word { format!("`{word}`") } else { quoted(word) }
}

/// The names that are known at a place.
fn known(schema: &Value, parent: &[String]) -> Option<String> {
    let known = schema_at(schema, parent)?.get("properties")?.as_object()?;
    let known: Vec<_> = known.keys().map(|name| format!("`{name}`")).collect();
    match known.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        [one, other] => Some(format!("{one} or {other}")),
        all => Some(format!("one of {}", all.join(", "))),
    }
}

/// The parameter that a name may mean, and where it stands.
fn hint_of_field(schema: &Value, parent: &[String], name: &str) -> Option<String> {
    let at = schema_at(schema, parent)?;
    let names = at.get("properties")?.as_object()?;
    if let Some(near) = nearest(name, names.keys().map(String::as_str)) {
        return Some(format!("{} may be meant.", quoted(near)));
    }
    // An index given by its key attributes alone.
    names.contains_key("keys").then(|| format!("attributes stand in keys: {{\"keys\": {{{}: \"S\"}}}}.", quoted(name)))
}

/// What a schema takes, in words.
fn wanted(schema: &Value) -> String {
    match schema["type"].as_str() {
        Some("string") => "text".to_owned(),
        Some("integer") => "a whole number".to_owned(),
        Some("number") => "a number".to_owned(),
        Some("boolean") => "true or false".to_owned(),
        Some("array") => format!("a list of {}", plural(&schema["items"])),
        _ => {
            let required = schema["required"].as_array();
            let names: Vec<_> = required.into_iter().flatten().filter_map(Value::as_str).collect();
            if names.is_empty() { "an object".to_owned() } else { format!("an object with {}", names.join(", ")) }
        }
    }
}

fn plural(schema: &Value) -> &'static str {
    match schema["type"].as_str() {
        Some("string") => "texts",
        Some("integer" | "number") => "numbers",
        Some("object") => "objects",
        _ => "values",
    }
}

/// Something that the schema takes, as JSON: from its description where that has one.
fn example(schema: &Value, name: &str) -> String {
    let description = schema["description"].as_str().unwrap_or_default();
    if let Some(choice) = schema["enum"].as_array().and_then(|all| all.first()) {
        return choice.to_string();
    }
    match schema["type"].as_str() {
        Some("string") => quoted(text_example(description, name)),
        Some("integer" | "number") => "10".to_owned(),
        Some("boolean") => "true".to_owned(),
        Some("array") => json_in(description, '[', ']')
            .unwrap_or_else(|| format!("[{}]", example(&schema["items"], name.trim_end_matches('s')))),
        _ => json_in(description, '{', '}').unwrap_or_else(|| members(schema, name)),
    }
}

/// An object with the members that must be there.
fn members(schema: &Value, name: &str) -> String {
    let properties = schema["properties"].as_object();
    let required = schema["required"].as_array();
    let names: Vec<_> = required.into_iter().flatten().filter_map(Value::as_str).collect();
    if names.is_empty() || properties.is_none() {
        return match name {
            "keys" => r#"{"pk": "S", "sk": "N"}"#,
            "key" => r#"{"pk": "a"}"#,
            "values" => r#"{":v": 5}"#,
            "names" => r##"{"#a": "attribute"}"##,
            "metadata" => r#"{"colour": "blue"}"#,
            _ => r#"{"a": 1}"#,
        }
        .to_owned();
    }
    let of = |name: &&str| {
        format!("{}: {}", quoted(name), example(&properties.map_or(Value::Null, |all| all[*name].clone()), name))
    };
    format!("{{{}}}", names.iter().map(of).collect::<Vec<_>>().join(", "))
}

/// A text such as the description shows, or such as the parameter's name has.
fn text_example<'a>(description: &'a str, name: &'a str) -> &'a str {
    let shows = description.contains(['=', ':', '/']) && !description.contains('{');
    match name {
        "key_condition" | "update" if shows => description,
        "key_condition" => "pk = :p",
        "update" => "SET a = :v",
        "filter" | "condition" => "status = :s",
        "bucket" => "media",
        "key" => "a/b.txt",
        "table" => "orders",
        "index" | "delete_index" | "update_index" | "name" => "by_status",
        "from" | "to" => "s3://bucket/key",
        "ttl" => "expires_at",
        "save_to" | "file" => "a.txt",
        "prefix" => "a/",
        _ => name,
    }
}

/// A JSON value that a description has in it.
fn json_in(description: &str, open: char, close: char) -> Option<String> {
    let begin = description.find(open)?;
    let end = description.rfind(close)?;
    let text = description.get(begin..=end)?;
    serde_json::from_str::<Value>(text).is_ok().then(|| text.to_owned())
}

/// The steps of serde_path_to_error's path.
fn steps(path: &str) -> Vec<String> {
    let apart = path.replace('[', ".[");
    apart.split('.').filter(|step| !step.is_empty() && *step != "?").map(str::to_owned).collect()
}

fn index(step: &str) -> Option<usize> {
    step.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// The schema of what stands there.
fn schema_at<'a>(schema: &'a Value, steps: &[String]) -> Option<&'a Value> {
    steps.iter().try_fold(schema, |at, step| match index(step) {
        Some(_) => at.get("items"),
        None => at.get("properties").and_then(|all| all.get(step)).or_else(|| at.get("additionalProperties")),
    })
}

/// What was sent there.
fn sent_at<'a>(arguments: &'a Value, steps: &[String]) -> Option<&'a Value> {
    steps.iter().try_fold(arguments, |at, step| match index(step) {
        Some(place) => at.get(place),
        None => at.get(step),
    })
}

fn shown(sent: &Value) -> String {
    short_json(&sent.to_string(), SENT)
}

fn between(text: &str, begin: &str, end: &str) -> Option<String> {
    Some(text.split_once(begin)?.1.split_once(end)?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Map<String, Value> {
        let schema = json!({ "type": "object", "properties": {
            "table": { "type": "string", "description": "Table name" },
            "keys": { "type": "array", "description": "[{\"pk\": \"a\"}]", "items": { "type": "object" } },
            "limit": { "type": "integer" },
            "as": { "type": "string", "enum": ["auto", "text"] },
            "index": { "type": "object", "required": ["name", "keys"], "properties": {
                "name": { "type": "string" },
                "keys": { "type": "object", "additionalProperties": { "type": "string" } },
            } },
        }, "required": ["table", "keys"] });
        schema.as_object().cloned().unwrap()
    }

    fn told(arguments: &Value, path: &str, says: &str) -> (String, String) {
        let error = wrong(&schema(), arguments, path, says);
        (error.message, error.hint.unwrap_or_default())
    }

    #[test]
    fn what_is_taken_is_said_with_an_example() {
        let (message, hint) = told(&json!({"keys": "a"}), "keys", "invalid type: string \"a\", expected a sequence");
        assert_eq!(message, r#"keys: want a list of objects, have "a""#);
        assert_eq!(hint, r#"such as [{"pk": "a"}]."#);
        let (message, hint) =
            told(&json!({"index": "a"}), "index", "invalid type: string \"a\", expected struct AddIndex");
        assert_eq!(message, r#"index: want an object with name, keys, have "a""#);
        assert_eq!(hint, r#"such as {"name": "by_status", "keys": {"pk": "S", "sk": "N"}}."#);
        let (message, _) =
            told(&json!({"limit": "x"}), "limit", "data did not match any variant of untagged enum Limit");
        assert_eq!(message, r#"limit: want a whole number, have "x""#);
        let (message, hint) = told(&json!({}), ".", "missing field `keys`");
        assert_eq!((message.as_str(), hint.as_str()), ("missing field `keys`", r#"give "keys": [{"pk": "a"}]."#));
    }

    #[test]
    fn a_wrong_name_gives_the_right_one() {
        let (_, hint) =
            told(&json!({"tables": 1}), "tables", "unknown field `tables`, expected one of `table`, `keys`");
        assert_eq!(hint, r#""table" may be meant."#);
        let (_, hint) = told(&json!({"as": "txt"}), "as", "unknown variant `txt`, expected one of `auto`, `text`");
        assert_eq!(hint, r#""text" may be meant."#);
        let (_, hint) = told(&json!({"index": {"email": "S"}}), "index.email", "unknown field `email`, expected …");
        assert_eq!(hint, r#"attributes stand in keys: {"keys": {"email": "S"}}."#);
    }
}
