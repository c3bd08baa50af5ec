//! When an answer is the recorded one.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// The two ends of a message that was cut, or the whole of it; without the hashes of Java objects.
pub fn same_message(want: &str, got: &str) -> bool {
    let (want, got) = (without_hashes(want), without_hashes(got));
    match want.split_once('…') {
        Some((begin, end)) => got.starts_with(begin) && got.ends_with(end) && got.len() >= begin.len() + end.len(),
        None => want == got,
    }
}

fn without_hashes(message: &str) -> String {
    let mut parts = message.split('@');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + "@" + part.trim_start_matches(|letter: char| letter.is_ascii_hexdigit()))
}

/// The same JSON with its sets in one order: order means nothing in them.
pub fn sorted(json: Json) -> Json {
    match json {
        Json::Object(members) => members
            .into_iter()
            .map(|(name, mut value)| {
                if let ("SS" | "NS" | "BS", Some(set)) = (name.as_str(), value.as_array_mut()) {
                    set.sort_by_key(Json::to_string);
                }
                (name, sorted(value))
            })
            .collect(),
        Json::Array(elements) => elements.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// What the placeholders of one scene stand for.
pub type Meant = BTreeMap<String, String>;

/// Why `got` is not what was recorded as `want`, with its placeholders. `part`: `got` may hold more.
pub fn differs(want: &Json, got: &Json, part: bool, meant: &mut Meant) -> Option<String> {
    match (want, got) {
        (Json::Object(wanted), Json::Object(members)) => {
            let more = members.keys().find(|name| !part && !wanted.contains_key(*name));
            more.map(|name| format!("{name} is too much")).or_else(|| {
                wanted.iter().find_map(|(name, want)| {
                    let got = members.get(name).unwrap_or(&Json::Null);
                    differs(want, got, part, meant).map(|why| format!("{name}: {why}"))
                })
            })
        }
        (Json::Array(wanted), Json::Array(elements)) if wanted.len() == elements.len() => {
            wanted.iter().zip(elements).find_map(|(want, got)| differs(want, got, part, meant))
        }
        (Json::String(want), Json::Number(_)) if want == "datetime" => None,
        (Json::String(want), Json::String(got)) => {
            let same = want == "starting-sequence-number" || same_text(want, got, meant);
            (!same).then(|| format!("want {want}, got {got}"))
        }
        // A whole number with a fraction of zero is the same number.
        (Json::Number(want), Json::Number(got)) if want.as_f64() == got.as_f64() => None,
        _ if want == got => None,
        _ => Some(format!("want {want}, got {got}")),
    }
}

/// Whether `got` is the text `want`, in which each `<…:N>` stands for one text throughout a scene, another `<…>` for any.
pub fn same_text(want: &str, got: &str, meant: &mut Meant) -> bool {
    let Some((begin, rest)) = want.split_once('<') else { return want.replace("111111111111", "000000000000") == got };
    let Some((name, end)) = rest.split_once('>') else { return want == got };
    let begin = begin.replace("111111111111", "000000000000");
    let Some(got) = got.strip_prefix(begin.as_str()) else { return false };
    if let Some(known) = meant.get(name).cloned() {
        return got.strip_prefix(known.as_str()).is_some_and(|got| same_text(end, got, meant));
    }
    // As short as what follows allows.
    (1..=got.len()).filter(|at| got.is_char_boundary(*at)).any(|at| {
        let mut trial = meant.clone();
        if name.contains(':') {
            trial.insert(name.to_owned(), got[..at].to_owned());
        }
        let same = same_text(end, &got[at..], &mut trial);
        if same {
            *meant = trial;
        }
        same
    })
}

#[test]
fn a_placeholder_stands_for_one_text() {
    let mut meant = Meant::new();
    assert!(same_text(
        "arn:<partition>:x:<region>:111111111111:t/<name:1>",
        "arn:aws:x:eu:000000000000:t/tab",
        &mut meant
    ));
    assert!(same_text("<name:1> not found", "tab not found", &mut meant));
    assert!(!same_text("<name:1> not found", "other not found", &mut meant));
    assert!(!same_text("<name:2>/", "tab", &mut meant));
}
