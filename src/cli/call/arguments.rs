//! The arguments of a tool as they stand on a command line.

use std::io::Read as _;

use serde_json::{Map, Value};

/// Reads the words after a tool's name: JSON objects, `@FILE` and `-` that hold one, and `NAME=VALUE`. `schema` is that of the
/// tool's parameters.
///
/// # Errors
/// What is wrong with which word.
pub(super) fn read(words: &[String], schema: &Map<String, Value>) -> Result<Map<String, Value>, String> {
    let mut arguments = Map::new();
    for word in words {
        for (name, value) in one(word, schema)? {
            if arguments.contains_key(&name) {
                return Err(format!("{name} is given twice"));
            }
            arguments.insert(name, value);
        }
    }
    Ok(arguments)
}

fn one(word: &str, schema: &Map<String, Value>) -> Result<Map<String, Value>, String> {
    if word == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| format!("standard input: {error}"))?;
        return object(&text, "standard input is");
    }
    if let Some(path) = word.strip_prefix('@') {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        return object(&text, &format!("{path} is"));
    }
    match word.split_once('=') {
        Some((name, text)) if is_name(name) => {
            Ok(Map::from_iter([(name.to_owned(), value(text, &schema["properties"][name]))]))
        }
        _ => object(word, "the arguments are"),
    }
}

/// A name as parameters have them: JSON begins with a brace.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// What `text` means to a parameter of this schema: a text as it stands, all else as JSON where it is.
fn value(text: &str, schema: &Value) -> Value {
    let as_text = || Value::from(text);
    if schema["type"] == "string" { as_text() } else { serde_json::from_str(text).unwrap_or_else(|_| as_text()) }
}

fn object(text: &str, what: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|error| {
        format!("{what} no JSON object: {error}. Give `NAME=VALUE`, a JSON object, @FILE, or - for standard input")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Map<String, Value> {
        let schema = json!({ "properties": {
            "bucket": { "type": "string" }, "limit": { "type": "integer" }, "force": { "type": "boolean" },
            "keys": { "type": "array" }, "values": { "type": "object" },
        } });
        serde_json::from_value(schema).unwrap()
    }

    #[test]
    fn a_value_means_what_its_parameter_takes() {
        let words = ["bucket=2026", "limit=5", "force=true", r#"keys=["a=b"]"#, r#"values={":n": 1}"#, "other=x=y"];
        let read = read(&words.map(str::to_owned), &schema()).unwrap();
        let expected = json!({ "bucket": "2026", "limit": 5, "force": true, "keys": ["a=b"], "values": { ":n": 1 }, "other": "x=y" });
        assert_eq!(Value::Object(read), expected);
    }

    #[test]
    fn json_and_pairs_go_together_and_nothing_is_given_twice() {
        let words = [r#"{"bucket": "a", "prefix": "x=y"}"#, "limit=5"].map(str::to_owned);
        assert_eq!(
            Value::Object(read(&words, &schema()).unwrap()),
            json!({ "bucket": "a", "prefix": "x=y", "limit": 5 })
        );
        let twice = ["bucket=a".to_owned(), r#"{"bucket": "b"}"#.to_owned()];
        assert_eq!(read(&twice, &schema()).unwrap_err(), "bucket is given twice");
        for wrong in ["bucket", "=a", "[1]", "@none-there.json"] {
            assert!(read(&[wrong.to_owned()], &schema()).is_err(), "{wrong}");
        }
    }
}
