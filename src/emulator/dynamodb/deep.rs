//! JSON nested deeper than the library reads. AWS reads such bodies, and then says what else is wrong with them first.
//!
//! What lies at a certain level is taken out and read by itself, as often as it takes, and put back.

use serde_json::Value as Json;

/// The deepest that a body may be nested: the hundred levels of values up to which AWS was seen to answer as to any other
/// body, each of them two of JSON, and what they stand in.
const DEEPEST: usize = 256;
/// At this level what lies below is taken out; the library reads 127.
const LEVEL: usize = 100;

/// The JSON of these bytes; none where it is none, or nested too deeply.
pub fn parse(bytes: &[u8]) -> Option<Json> {
    parse_within(bytes, DEEPEST)
}

fn parse_within(bytes: &[u8], levels: usize) -> Option<Json> {
    let Cut { outer, inner } = cut(bytes, levels)?;
    if inner.is_empty() {
        return serde_json::from_slice(bytes).ok();
    }
    let mut json = serde_json::from_slice(&outer).ok()?;
    let mut inner: Vec<_> = inner.into_iter().map(|of| parse_within(of, levels - LEVEL)).collect::<Option<_>>()?;
    put_back(&mut json, LEVEL, &mut inner);
    Some(json)
}

/// A document without what lies deep in it.
struct Cut<'a> {
    /// The document, with `[N]` where the Nth part was.
    outer: Vec<u8>,
    inner: Vec<&'a [u8]>,
}

fn cut(bytes: &[u8], levels: usize) -> Option<Cut<'_>> {
    let (mut outer, mut inner) = (Vec::new(), Vec::new());
    let (mut depth, mut begun, mut kept) = (0_usize, 0, 0);
    let (mut in_text, mut escaped) = (false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => {
                if depth == LEVEL {
                    begun = at;
                }
                depth += 1;
                if depth > levels {
                    return None;
                }
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == LEVEL {
                    outer.extend_from_slice(&bytes[kept..begun]);
                    outer.extend_from_slice(format!("[{}]", inner.len()).as_bytes());
                    inner.push(&bytes[begun..=at]);
                    kept = at + 1;
                }
            }
            _ => {}
        }
    }
    outer.extend_from_slice(&bytes[kept..]);
    Some(Cut { outer, inner })
}

/// Puts the parts back in their places: all that is a list or map at this level.
fn put_back(json: &mut Json, levels: usize, inner: &mut [Json]) {
    let Some(below) = levels.checked_sub(1) else {
        let at = json.get(0).and_then(Json::as_u64).and_then(|at| usize::try_from(at).ok());
        if let Some(part) = at.and_then(|at| inner.get_mut(at)) {
            *json = part.take();
        }
        return;
    };
    match json {
        Json::Array(list) => list.iter_mut().for_each(|json| put_back(json, below, inner)),
        Json::Object(map) => map.values_mut().for_each(|json| put_back(json, below, inner)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize, leaf: &str) -> String {
        (0..levels).fold(leaf.to_owned(), |inner, level| match level % 3 {
            0 => format!("[{inner}, \"]}}[{{ \\\" {level}\"]"),
            1 => format!("{{\"a\": {{}}, \"}}\": {inner}}}"),
            _ => format!("[{level}, [], {inner}]"),
        })
    }

    fn depth(json: &Json) -> usize {
        match json {
            Json::Array(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
            Json::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    #[test]
    fn what_the_library_reads_is_read_alike() {
        for levels in [0, 1, 5, 98, 99, 100, 101, 110, 126] {
            let text = nested(levels, "\"leaf\"");
            assert_eq!(parse(text.as_bytes()), Some(serde_json::from_str(&text).unwrap()), "{levels}");
        }
    }

    #[test]
    fn deeper_json_is_read_up_to_a_level() {
        for levels in [127, 128, 199, 200, 201, 202, 255, 256] {
            let text = nested(levels, "\"leaf\"");
            assert!(serde_json::from_str::<Json>(&text).is_err() || levels == 127);
            let json = parse(text.as_bytes()).unwrap();
            assert_eq!(depth(&json), levels);
            let written = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            assert_eq!(written(&json.to_string()), written(&text), "{levels}");
        }
        assert_eq!(parse(nested(257, "1").as_bytes()), None);
        assert_eq!(parse("[".repeat(1_000_000).as_bytes()), None);
    }

    #[test]
    fn what_is_no_json_is_not_read() {
        let deep = nested(150, "\"leaf\"");
        for text in ["", "[", "]", "{\"a\"}", "[}", &deep[1..], &deep[..deep.len() - 1]] {
            assert_eq!(parse(text.as_bytes()), None, "{text:.20}");
        }
        assert_eq!(parse(deep.replace("\"leaf\"", "leaf").as_bytes()), None);
        assert_eq!(parse(deep.replace("\"leaf\"", "[}").as_bytes()), None);
    }
}
