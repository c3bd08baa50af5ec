//! Keys that name a folder, where something is to be put into it.

use crate::mcp::notes;
use crate::mcp::quoted::quoted;

/// The key of something that goes to `key`: where that is a folder, in it under its own name, the last part of `from`.
/// What has no name of its own is a folder, and goes to the very key.
pub(super) fn below(key: &str, from: &str) -> String {
    let name = from.rsplit(['/', '\\']).next().unwrap_or_default();
    if key.is_empty() || key.ends_with('/') { format!("{key}{name}") } else { key.to_owned() }
}

/// Says what is unusual about the key of an object that is written where `given` was asked for.
pub(super) fn note_key(given: &str, key: &str) {
    if given != key {
        notes::say(format!("put into {} under its name", quoted(given)));
    } else if key.ends_with('/') {
        notes::say(format!("the object itself is named {}, which readers show as an empty folder", quoted(key)));
    } else if key.starts_with('/') {
        notes::say("the key begins with /, which most readers leave out");
    }
}
