//! Secrets in a text that stand behind their names: `DB_PASS = x`, `clientSecret: x`, `<password>x</password>`, in whatever
//! file that is. [`Redactor::is_secret_name`] says which names these are, the same as for members of JSON.

use std::borrow::Cow;
use std::ops::Range;

use super::redaction::{REDACTED, Redactor};

/// A longer word is no name.
const LONGEST: usize = 128;

/// `text` without values that stand behind a secret name; borrowed where there are none.
pub(super) fn without_assigned<'t>(text: &'t str, redactor: &Redactor) -> Cow<'t, str> {
    without(text, [':', '='], |sign, line| assigned(text, sign, line, redactor))
}

/// `text` without the content of XML's elements with a secret name, and without the values of pairs whose key is one.
pub(super) fn without_elements<'t>(text: &'t str, redactor: &Redactor) -> Cow<'t, str> {
    let mut pair = false;
    without(text, ['<'], |start, _| {
        let tag = &text[start + 1..];
        let name = &tag[..tag.find(|c: char| !(c.is_alphanumeric() || "_-.:".contains(c)))?];
        let content = start + 1 + tag.find('>')? + 1;
        if name.is_empty() || name.len() > LONGEST || text[..content].ends_with("/>") {
            return None;
        }
        let local = name.rsplit(':').next().unwrap_or(name);
        let until = || content + text[content..].find(&format!("</{name}")).unwrap_or(text.len() - content);
        if local.eq_ignore_ascii_case("key") || local.eq_ignore_ascii_case("name") {
            pair = redactor.is_secret_name(text[content..until()].trim());
            return None;
        }
        let secret = redactor.is_secret_name(local) || pair && local.eq_ignore_ascii_case("value");
        (secret && !text[content..].starts_with(REDACTED)).then(|| content..until())
    })
}

/// `text` without what `secret` finds at each of the signs; it is told where that is, and where its line begins.
fn without<const N: usize>(
    text: &str,
    signs: [char; N],
    mut secret: impl FnMut(usize, usize) -> Option<Range<usize>>,
) -> Cow<'_, str> {
    let (mut clean, mut kept, mut at, mut line) = (String::new(), 0, 0, 0);
    while let Some(found) = text[at..].find(signs) {
        let sign = at + found;
        if let Some(end) = text[at..sign].rfind('\n') {
            line = at + end + 1;
        }
        at = sign + 1;
        if let Some(value) = secret(sign, line).filter(|value| !value.is_empty()) {
            clean.push_str(&text[kept..value.start]);
            clean.push_str(REDACTED);
            (kept, at) = (value.end, value.end);
            line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        }
    }
    if clean.is_empty() {
        return Cow::Borrowed(text);
    }
    clean.push_str(&text[kept..]);
    Cow::Owned(clean)
}

/// The value behind the sign, where what stands before it is a secret name.
fn assigned(text: &str, sign: usize, line: usize, redactor: &Redactor) -> Option<Range<usize>> {
    let before = text[line..sign].trim_end();
    let word = before.trim_end_matches(['"', '\'', '\\']);
    let lead = word.trim_end_matches(|c: char| c.is_alphanumeric() || "_-.".contains(c));
    let name = &word[lead.len()..];
    if name.is_empty() || name.len() > LONGEST || !redactor.is_secret_name(name) {
        return None;
    }
    let lead = lead.trim_matches(|c: char| c.is_whitespace() || "\"'\\-".contains(c));
    let begins = ["", "export", "set", "env", "$env:"].iter().any(|known| lead.eq_ignore_ascii_case(known));
    let is_equal = text[sign..].starts_with('=');
    let gap = |c: char| matches!(c, ' ' | '\t' | '=' | '>');
    let rest = text[sign + 1..].trim_start_matches(gap);
    let start = text.len() - rest.len();
    // `:w` of an expression stands for a value, which is looked at where it stands.
    let is_placeholder = rest.strip_prefix(':').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    if is_placeholder || rest.starts_with(REDACTED) {
        return None;
    }
    let slashes = rest.len() - rest.trim_start_matches('\\').len();
    if let Some(quote @ (b'"' | b'\'')) = rest.as_bytes().get(slashes).copied() {
        let inner = start + slashes + 1;
        return Some(inner..inner + quoted(&text[inner..], quote, slashes));
    }
    if begins {
        let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
        let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
        let own = indent(&text[line..sign]);
        // What is indented below belongs to it: a list, a block.
        let below = rest[end..].split_inclusive('\n').skip(1);
        let more: usize = below.take_while(|next| next.trim().is_empty() || indent(next) > own).map(str::len).sum();
        let first = rest[end..].find('\n').map_or(0, |at| at + 1);
        return Some(start..start + end + if more > 0 { first + more } else { 0 });
    }
    if !is_equal && before.len() == word.len() {
        return None;
    }
    let end = match rest.as_bytes().first() {
        Some(b'{' | b'[') => bracketed(rest),
        _ => rest.find(|c: char| c.is_whitespace() || "&,;\"'<>)}".contains(c)).unwrap_or(rest.len()),
    };
    Some(start..start + end)
}

/// Bytes before the closing quote, which has as many backslashes before it as the opening one.
fn quoted(text: &str, quote: u8, slashes: usize) -> usize {
    let mut run = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte == quote && if slashes == 0 { run % 2 == 0 } else { run == slashes } {
            return at - if slashes == 0 { 0 } else { run };
        }
        run = if byte == b'\\' { run + 1 } else { 0 };
    }
    text.len()
}

/// Bytes of what these brackets hold, with them.
fn bracketed(text: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}
