//! JSON that was cut, closed where it was cut.

use serde_json::Value;

/// The JSON `text`, and whether it was cut: then what is not whole at its end is left out.
pub(super) fn mend(text: &str) -> Option<(Value, bool)> {
    let text = text.trim_start_matches('\u{feff}');
    match serde_json::from_str(text) {
        Ok(value) => return Some((value, false)),
        Err(error) if error.is_eof() => {}
        Err(_) => return None,
    }
    let (whole, _) = scan(text, text.len());
    let (_, open) = scan(text, whole);
    let mut mended = text[..whole].to_owned();
    mended.extend(open.iter().rev());
    serde_json::from_str(&mended).ok().map(|value| (value, true))
}

/// Up to where `text`, as far as `end`, holds whole values, and what would close the parts that are open at `end`.
fn scan(text: &str, end: usize) -> (usize, Vec<char>) {
    let (mut whole, mut open) = (0, Vec::new());
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate().take(end) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => {
                open.push(if byte == b'{' { '}' } else { ']' });
                whole = at + 1;
            }
            b'}' | b']' => {
                open.pop();
                whole = at + 1;
            }
            b',' => whole = at,
            _ => {}
        }
    }
    (whole, open)
}

#[cfg(test)]
mod tests {
    use super::mend;
    use serde_json::json;

    #[test]
    fn what_was_cut_is_closed_after_its_last_whole_value() {
        for (text, value) in [
            (r#"{"a": 1, "b": [1, {"c": "x,]"}, 22"#, json!({"a": 1, "b": [1, {"c": "x,]"}]})),
            (r#"{"a": {"b": "\"}"#, json!({"a": {}})),
            ("[[1],[2],", json!([[1], [2]])),
            (r#"{"a": 1, "b""#, json!({"a": 1})),
            ("[", json!([])),
        ] {
            assert_eq!(mend(text), Some((value, true)), "{text}");
        }
        assert_eq!(mend("[1]"), Some((json!([1]), false)));
        assert_eq!((mend("[1,}"), mend("\"never ends"), mend("")), (None, None, None));
    }
}
