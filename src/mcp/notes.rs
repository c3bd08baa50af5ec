//! Notes: what an answer says in our own words, beside its data.

use serde_json::Value;

use super::current;

/// Adds a few words of ours to the answer of the call at hand, or to its error. What is stored stands in an answer's data
/// members; where a note has to name some of it, it is marked: [`super::quoted`].
pub(crate) fn say(note: impl Into<String>) {
    current::said(note.into());
}

/// Says that the answer of the call at hand, its error or a note names what is stored: whoever chose those names may be a
/// stranger, whatever the tool tells otherwise.
pub(crate) fn tells_what_is_stored() {
    current::tells();
}

/// The notes as one text; nothing where there are none.
pub(super) fn joined(notes: &[String]) -> Option<String> {
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// The answer with its notes in front, where a reader that cuts finds them.
pub(super) fn added(answer: Value, notes: &[String]) -> Value {
    match (answer, joined(notes)) {
        (Value::Object(mut map), Some(note)) => {
            map.shift_insert(0, "note".to_owned(), note.into());
            Value::Object(map)
        }
        (answer, _) => answer,
    }
}
