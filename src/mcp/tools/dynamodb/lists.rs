//! `status IN (:list)`: a list where DynamoDB wants each value by itself.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::mcp::notes;
use crate::mcp::quoted::named;
use crate::mcp::teach::{Kind, tokens};

/// The most values that IN takes.
const MOST: usize = 100;

/// Writes out each IN whose one value is a list, or a set, into its values. In DynamoDB's own reading the attribute would
/// have to be that list, which `=` says.
pub(super) fn spread(expressions: &mut [&mut Option<String>], values: &mut Option<Map<String, Value>>) {
    let Some(given) = values else { return };
    let mut spread: Vec<String> = Vec::new();
    for expression in expressions.iter_mut() {
        if let Some(text) = expression
            && let Some(whole) = written_out(text, given, &mut spread)
        {
            *text = whole;
        }
    }
    // A list that nothing else uses would be refused as unused.
    let texts = expressions.iter().filter_map(|expression| expression.as_deref());
    let used = texts.flat_map(tokens).filter(|token| token.kind == Kind::Value).map(|token| bare(token.text));
    let used: HashSet<_> = used.collect();
    for name in &spread {
        notes::say(format!("read IN ({}) as IN each value of the list", named(&format!(":{name}"))));
    }
    spread.retain(|name| !used.contains(name.as_str()));
    for name in &spread {
        given.shift_remove(name);
        given.shift_remove(&format!(":{name}"));
    }
}

fn bare(name: &str) -> &str {
    name.strip_prefix(':').unwrap_or(name)
}

/// The expression with its lists written out, if it has any.
fn written_out(text: &str, values: &mut Map<String, Value>, spread: &mut Vec<String>) -> Option<String> {
    let tokens = tokens(text);
    let mut out = String::new();
    let mut from = 0;
    for (at, token) in tokens.iter().enumerate() {
        if !token.text.eq_ignore_ascii_case("IN") || at == 0 {
            continue;
        }
        let parenthesis = |at: usize, sign: &str| tokens.get(at).is_some_and(|token| token.text == sign);
        let (place, end) = match (parenthesis(at + 1, "("), parenthesis(at + 3, ")")) {
            (true, true) => (at + 2, at + 3),
            (false, _) => (at + 1, at + 1),
            (true, false) => continue,
        };
        let Some(value) = tokens.get(place).filter(|token| token.kind == Kind::Value) else { continue };
        let name = bare(value.text);
        let given = values.get(value.text).or_else(|| values.get(name));
        let Some(each) = given.and_then(elements) else {
            continue;
        };
        if each.is_empty() || each.len() > MOST {
            continue;
        }
        let names: Vec<_> = (0..each.len()).map(|place| free(name, place, values)).collect();
        for (name, element) in names.iter().zip(each) {
            values.insert(format!(":{name}"), element);
        }
        let listed: Vec<_> = names.iter().map(|name| format!(":{name}")).collect();
        out.push_str(&text[from..token.range().end]);
        out.extend([" (", &listed.join(", "), ")"]);
        from = tokens[end].range().end;
        if !spread.iter().any(|known| known == name) {
            spread.push(name.to_owned());
        }
    }
    (from > 0).then(|| out + &text[from..])
}

/// The values in a list, or in a set.
fn elements(value: &Value) -> Option<Vec<Value>> {
    if let Value::Array(elements) = value {
        return Some(elements.clone());
    }
    let (kind, inner) = value.as_object().filter(|map| map.len() == 1)?.iter().next()?;
    let each = inner.as_array()?.iter();
    Some(match kind.as_str() {
        "$ss" => each.cloned().collect(),
        "$ns" => each.map(|number| serde_json::json!({ "$n": number })).collect(),
        "$bs" => each.map(|bytes| serde_json::json!({ "$b": bytes })).collect(),
        _ => return None,
    })
}

/// A name that no value has.
fn free(name: &str, place: usize, values: &Map<String, Value>) -> String {
    let mut free = format!("{name}_{place}");
    while values.contains_key(&free) || values.contains_key(&format!(":{free}")) {
        free.push('_');
    }
    free
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn both(text: &str, values: &Value) -> (String, Value) {
        let mut expression = Some(text.to_owned());
        let mut values = values.as_object().cloned();
        spread(&mut [&mut expression], &mut values);
        (expression.unwrap(), values.map_or(Value::Null, Value::Object))
    }

    #[test]
    fn a_list_is_written_out() {
        let out = (json!({":l_0": "a", ":l_1": "b"}), "s IN (:l_0, :l_1) AND n = n");
        for (text, name) in [("s IN (:l) AND n = n", ":l"), ("s IN :l AND n = n", "l"), ("s in( :l ) AND n = n", "l")] {
            let (text, values) = both(text, &json!({ name: ["a", "b"] }));
            assert_eq!((values, text.to_lowercase()), (out.0.clone(), out.1.to_lowercase()));
        }
        let (text, values) = both("a IN (:l) OR size(:l) > b IN (:l)", &json!({"l": {"$ns": [1]}, "l_0": 7}));
        assert_eq!(text, "a IN (:l_0_) OR size(:l) > b IN (:l_0__)");
        assert_eq!(values["l_0"], 7);
        assert!(values.get("l").is_some());
    }

    #[test]
    fn everything_else_stays() {
        for (text, values) in [
            ("s IN (:a, :b)", json!({":a": ["x"], ":b": 1})),
            ("s IN (:a)", json!({":a": "x"})),
            ("s IN (:a)", json!({":a": []})),
            ("s = :a", json!({":a": ["x"]})),
            ("IN (:a)", json!({":a": ["x"]})),
            ("", json!({})),
        ] {
            assert_eq!(both(text, &values), (text.to_owned(), values));
        }
    }
}
