//! A filter with literal values, as a person types it, with placeholders in their place, as the AWS CLI takes it.

use serde_json::{Map, Value, json};

/// Words of an expression that name no attribute.
const WORDS: [&str; 6] = ["AND", "OR", "NOT", "IN", "BETWEEN", "TRUE"];

/// `filter` with its names in `names` and its values, through `typed`, in `values`.
pub(super) fn with_placeholders(
    filter: &str,
    names: &mut Map<String, Value>,
    typed: &mut impl FnMut(&Value) -> Value,
    values: &mut Map<String, Value>,
) -> String {
    let mut out = String::new();
    let mut rest = filter;
    while let Some(c) = rest.chars().next() {
        let (token, after) = rest.split_at(token(rest, out.chars().next_back()));
        rest = after;
        let literal = match c {
            '"' => serde_json::from_str::<Value>(token).ok(),
            '\'' => Some(json!(token.trim_matches('\''))),
            '-' | '0'..='9' => number(token, &out),
            _ => word_value(token),
        };
        if let Some(value) = literal {
            let name = format!(":f{}", values.len());
            values.insert(name.clone(), typed(&value));
            out += &name;
        } else if (c.is_alphabetic() || c == '_') && !is_word(token) && !after.trim_start().starts_with('(') {
            let known =
                names.iter().find(|(_, name)| name.as_str() == Some(token)).map(|(placeholder, _)| placeholder.clone());
            let name = known.unwrap_or_else(|| format!("#f{}", names.len()));
            names.insert(name.clone(), json!(token));
            out += &name;
        } else {
            out += token;
        }
    }
    out
}

/// Bytes of the first token of `rest`; `before` is what stands before it.
fn token(rest: &str, before: Option<char>) -> usize {
    let mut chars = rest.char_indices();
    let Some((_, first)) = chars.next() else { return 0 };
    let while_ =
        |is: &dyn Fn(char) -> bool| rest.char_indices().skip(1).find(|(_, c)| !is(*c)).map_or(rest.len(), |(at, _)| at);
    match first {
        '"' | '\'' => {
            let mut escaped = false;
            for (at, c) in chars {
                match c {
                    '\\' if !escaped && first == '"' => escaped = true,
                    c if c == first && !escaped => return at + c.len_utf8(),
                    _ => escaped = false,
                }
            }
            rest.len()
        }
        '0'..='9' => while_(&|c| c.is_ascii_digit() || c == '.' || c == 'e' || c == 'E'),
        '-' if before != Some('-') => while_(&|c| c.is_ascii_digit() || c == '.'),
        c if c.is_alphabetic() || c == '_' || c == '#' || c == ':' => {
            while_(&|c| c.is_alphanumeric() || c == '_' || c == '-')
        }
        c => c.len_utf8(),
    }
}

/// A number, where it is none in an index such as `lines[0]`.
fn number(token: &str, before: &str) -> Option<Value> {
    if before.ends_with('[') {
        return None;
    }
    token.parse::<f64>().ok()?;
    // As it was typed, with all its digits.
    Some(json!({ "$n": token }))
}

fn word_value(token: &str) -> Option<Value> {
    match token {
        "true" => Some(json!(true)),
        "false" => Some(json!(false)),
        "null" => Some(Value::Null),
        _ => None,
    }
}

fn is_word(token: &str) -> bool {
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::super::value::typed;
    use super::with_placeholders;

    #[test]
    fn literal_values_and_names_become_placeholders() {
        let (mut names, mut values) = (Map::new(), Map::new());
        let text = r#"price > 10.50 AND begins_with(name, "a\"b") and lines[0].size in (-1, true) OR size(status) = 2"#;
        let out = with_placeholders(text, &mut names, &mut |value| typed(value), &mut values);
        assert_eq!(out, "#f0 > :f0 AND begins_with(#f1, :f1) and #f2[0].#f3 in (:f2, :f3) OR size(#f4) = :f4");
        assert_eq!(
            Value::Object(names),
            json!({"#f0": "price", "#f1": "name", "#f2": "lines", "#f3": "size", "#f4": "status"})
        );
        assert_eq!(
            Value::Object(values),
            json!({":f0": {"N": "10.50"}, ":f1": {"S": "a\"b"}, ":f2": {"N": "-1"}, ":f3": {"BOOL": true}, ":f4": {"N": "2"}})
        );
    }

    #[test]
    fn whatever_is_typed_is_taken() {
        for text in ["\"open", "'", "-", "é > ☃", "[0]", "", "\\", "a-b = 1", "--1"] {
            with_placeholders(text, &mut Map::new(), &mut |value| typed(value), &mut Map::new());
        }
    }
}
