//! DynamoDB's expressions with their names and values put in.

use serde_json::{Map, Value};

use super::value::{self, cut};

/// Bytes of an expression that are looked at.
const LONGEST: usize = 2048;

/// The most columns of one expression.
const SHOWN: usize = 100;

/// What the placeholders of an expression stand for.
pub(super) struct Bound<'a> {
    pub(super) names: Option<&'a Map<String, Value>>,
    pub(super) values: Option<&'a Map<String, Value>>,
    /// Whether values are DynamoDB's typed JSON.
    pub(super) typed: bool,
}

/// What an expression is for, which says how its parts are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Parts joined by AND alone stand side by side: `pk=a1 sk>5`.
    Keys,
    /// A condition, a filter, an update, a list of paths.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    /// An operator, which stands close.
    Close(&'a str),
    Open,
    Shut,
    Comma,
}

/// `text` on few columns.
pub(super) fn shown(text: &str, kind: Kind, bound: &Bound<'_>) -> String {
    let tokens = tokens(&text[..text.floor_char_boundary(LONGEST)]);
    let tokens = without_parentheses(&tokens, kind);
    let (mut out, mut at, mut between) = (Line::default(), 0, false);
    while at < tokens.len() && out.text.len() < 4 * SHOWN {
        // Two functions read better between their arguments.
        if let [Token::Word(name), Token::Open, Token::Word(path), Token::Comma, Token::Word(operand), Token::Shut, ..] =
            &tokens[at..]
            && matches!(*name, "begins_with" | "contains")
        {
            for word in [bound.word(path), (*name).to_owned(), bound.word(operand)] {
                out.word(&word);
            }
            at += 6;
            continue;
        }
        match tokens[at] {
            Token::Word(word) => {
                let lower = word.to_ascii_lowercase();
                match lower.as_str() {
                    "and" if kind == Kind::Keys && !between => {}
                    "and" | "or" | "not" | "between" | "in" | "set" | "remove" | "add" | "delete" => out.word(&lower),
                    "attribute_exists" => out.word("exists"),
                    "attribute_not_exists" => out.word("not_exists"),
                    "attribute_type" => out.word("type"),
                    _ => out.word(&bound.word(word)),
                }
                between = lower == "between" || (between && lower != "and");
            }
            Token::Close(operator) => out.close(operator),
            Token::Open => {
                let is_function = is_call(&tokens, at);
                if is_function { out.close("(") } else { out.open() }
            }
            Token::Shut => out.end(")"),
            Token::Comma => out.end(","),
        }
        at += 1;
    }
    cut(&out.text, SHOWN)
}

/// The tokens without parentheses that say nothing: those around all of them, and in the conditions of a key any.
fn without_parentheses<'t>(tokens: &[Token<'t>], kind: Kind) -> Vec<Token<'t>> {
    let mut open: Vec<usize> = Vec::new();
    let mut idle = vec![false; tokens.len()];
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Open => open.push(at),
            Token::Shut => {
                let Some(begin) = open.pop() else { continue };
                let is_idle = kind == Kind::Keys || (begin == 0 && at + 1 == tokens.len());
                if is_idle && !is_call(tokens, begin) {
                    (idle[begin], idle[at]) = (true, true);
                }
            }
            _ => {}
        }
    }
    tokens.iter().zip(idle).filter(|(_, idle)| !idle).map(|(token, _)| *token).collect()
}

/// Whether what opens at `at` has a function's arguments.
fn is_call(tokens: &[Token<'_>], at: usize) -> bool {
    matches!(at.checked_sub(1).map(|before| tokens[before]), Some(Token::Word(word))
        if !matches!(word.to_ascii_lowercase().as_str(), "and" | "or" | "not" | "in" | "between"))
}

/// A line that puts spaces where they belong.
#[derive(Default)]
struct Line {
    text: String,
    /// Whether what comes next stands close to what is there.
    close: bool,
}

impl Line {
    fn word(&mut self, word: &str) {
        if !self.text.is_empty() && !self.close {
            self.text.push(' ');
        }
        self.text.push_str(word);
        self.close = false;
    }

    /// What stands close to both sides.
    fn close(&mut self, text: &str) {
        self.text.push_str(text);
        self.close = true;
    }

    fn open(&mut self) {
        self.word("(");
        self.close = true;
    }

    /// What stands close to what is before it.
    fn end(&mut self, text: &str) {
        self.text.push_str(text);
        self.close = false;
    }
}

impl Bound<'_> {
    /// A word with what its placeholders stand for.
    fn word(&self, word: &str) -> String {
        if let Some(name) = word.strip_prefix(':') {
            let of = |values: &Map<String, Value>| {
                let value = values.get(word).or_else(|| values.get(name))?;
                Some(value::value(value, self.typed))
            };
            return self.values.and_then(of).unwrap_or_else(|| word.to_owned());
        }
        if !word.contains('#') {
            return word.to_owned();
        }
        let mut path = String::new();
        for (index, step) in word.split('.').enumerate() {
            if index > 0 {
                path.push('.');
            }
            let (name, rest) = step.split_at(step.find('[').unwrap_or(step.len()));
            path.push_str(&self.name(name));
            path.push_str(rest);
        }
        path
    }

    fn name(&self, name: &str) -> String {
        let of = |names: &Map<String, Value>| {
            let known = names.get(name).or_else(|| names.get(name.strip_prefix('#')?))?;
            known.as_str().map(value::text)
        };
        self.names.and_then(of).unwrap_or_else(|| name.to_owned())
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' | ',' | '=' | '+' | '-' => 1,
            '<' | '>' => 1 + usize::from(rest[1..].starts_with(['=', '>'])),
            _ => rest.find(|c: char| c.is_whitespace() || "(),=+-<>".contains(c)).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(match first {
            '(' => Token::Open,
            ')' => Token::Shut,
            ',' => Token::Comma,
            '=' | '+' | '-' | '<' | '>' => Token::Close(token),
            _ => Token::Word(token),
        });
        rest = after.trim_start();
    }
    tokens
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn show(text: &str, kind: Kind) -> String {
        let names = json!({"#p": "pk", "#s": "sort key", "#a": "address"});
        let values =
            json!({":p": {"S": "a1"}, ":n": {"N": "5"}, ":m": {"N": "9"}, ":t": {"SS": ["x"]}, ":s": {"S": "2026"}});
        shown(text, kind, &Bound { names: names.as_object(), values: values.as_object(), typed: true })
    }

    #[test]
    fn names_and_values_are_put_in() {
        for (given, kind, wanted) in [
            ("#p = :p", Kind::Keys, "pk=a1"),
            ("#p=:p AND begins_with ( sk , :s )", Kind::Keys, "pk=a1 sk begins_with 2026"),
            ("pk = :p and n BETWEEN :n AND :m", Kind::Keys, "pk=a1 n between 5 and 9"),
            ("n BETWEEN :n AND :m AND #p = :p", Kind::Keys, "n between 5 and 9 pk=a1"),
            (
                "n >= :n OR (#a.#p[0] <> :p AND NOT n IN (:n, :m))",
                Kind::Other,
                "n>=5 or (address.pk[0]<>a1 and not n in (5, 9))",
            ),
            ("attribute_not_exists(#p)", Kind::Other, "not_exists(pk)"),
            ("attribute_exists(pk) AND size(#s) > :n", Kind::Other, "exists(pk) and size(\"sort key\")>5"),
            (
                "SET a = :p, n = n + :n REMOVE old ADD m :m DELETE tags :t",
                Kind::Other,
                "set a=a1, n=n+5 remove old add m 9 delete tags {x}",
            ),
            ("SET n = if_not_exists(n, :n) - :m", Kind::Other, "set n=if_not_exists(n, 5)-9"),
            ("#unknown = :unknown", Kind::Other, "#unknown=:unknown"),
            ("contains(#a, :p)", Kind::Other, "address contains a1"),
            // As boto3 writes them.
            ("(#p = :p AND begins_with(#s, :s))", Kind::Keys, "pk=a1 \"sort key\" begins_with 2026"),
            ("(n > :n OR n IN (:n, :m))", Kind::Other, "n>5 or n in (5, 9)"),
            ("(n > :n) OR (n < :m)", Kind::Other, "(n>5) or (n<9)"),
            ("pk = ", Kind::Other, "pk="),
            ("begins_with(", Kind::Keys, "begins_with("),
        ] {
            assert_eq!(show(given, kind), wanted, "{given}");
        }
    }
}
