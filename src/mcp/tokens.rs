//! The tokens of DynamoDB's expressions, and of what models write in their place.

/// A part of an expression. Joined, the parts are the expression again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Space,
    /// A word: an attribute, a function or a keyword.
    Name,
    /// `#name` or `:value`.
    Placeholder,
    /// Digits, perhaps with a fraction and an exponent.
    Number,
    /// In quotes of one kind or another, with them.
    Quoted,
    /// An operator, a bracket, or any other character.
    Sign,
}

/// What kind of expression is read: `SET` and its like are keywords in updates only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grammar {
    Condition,
    Update,
}

/// Signs of more than one character, the longer before the shorter.
const SIGNS: [&str; 16] =
    ["===", "!==", "==", "!=", "<>", "<=", ">=", "&&", "||", "+=", "-=", "*=", "++", "--", ":=", "=~"];

pub(crate) fn is_name_start(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_'
}

/// The first token of a text, unless that is empty.
pub(crate) fn first(text: &str) -> Option<Token<'_>> {
    let character = text.chars().next()?;
    let word = |text: &str| text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let (kind, length) = match character {
        c if c.is_whitespace() => (Kind::Space, text.find(|c: char| !c.is_whitespace()).unwrap_or(text.len())),
        c if is_name_start(c) => (Kind::Name, word(text)),
        '#' | ':' if word(&text[1..]) > 0 => (Kind::Placeholder, 1 + word(&text[1..])),
        c if c.is_ascii_digit() => (Kind::Number, number(text)),
        '\'' | '"' | '`' => match quoted(text, character) {
            Some(length) => (Kind::Quoted, length),
            None => (Kind::Sign, 1),
        },
        c => {
            let sign = SIGNS.iter().find(|sign| text.starts_with(**sign));
            (Kind::Sign, sign.map_or(c.len_utf8(), |sign| sign.len()))
        }
    };
    Some(Token { kind, text: &text[..length] })
}

/// All tokens of a text.
pub(crate) fn all(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let token = first(rest)?;
        rest = &rest[token.text.len()..];
        Some(token)
    })
}

/// The length of a number.
fn number(text: &str) -> usize {
    let digits = |at: usize| text[at..].bytes().take_while(u8::is_ascii_digit).count();
    let mut length = digits(0);
    if text[length..].starts_with('.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if text[length..].starts_with(['e', 'E']) {
        let sign = usize::from(text[length + 1..].starts_with(['+', '-']));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

/// The length of what stands in quotes, if they end.
fn quoted(text: &str, quote: char) -> Option<usize> {
    // Many that stay open are found so without reading all that follows of each.
    if !text[1..].contains(quote) {
        return None;
    }
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if character == quote {
            // A quote that is doubled is one of the text.
            if characters.peek().is_some_and(|(_, next)| *next == quote) {
                characters.next();
            } else {
                return Some(at + 1);
            }
        }
    }
    None
}

/// What stands in quotes, without them.
pub(crate) fn unquoted(text: &str) -> String {
    let Some(quote) = text.chars().next() else { return String::new() };
    let mut inside = text[1..text.len() - 1].chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(character) = inside.next() {
        if character == quote {
            inside.next();
        } else if character == '\\'
            && let Some(next) = inside.next_if(|next| *next == '\\' || *next == quote)
        {
            out.push(next);
            continue;
        }
        out.push(character);
    }
    out
}

/// Whether an operand ends with this token.
pub(crate) fn ends_operand(token: Token<'_>) -> bool {
    match token.kind {
        Kind::Placeholder | Kind::Number | Kind::Quoted => true,
        Kind::Sign => matches!(token.text, ")" | "]"),
        Kind::Space | Kind::Name => false,
    }
}

/// Whether a word is a keyword where it stands. `add = :n` after `SET` is an attribute, `ADD n :n` after an operand is
/// not.
pub(crate) fn is_keyword(word: &str, follows: &str, after_operand: bool, begins: bool, grammar: Grammar) -> bool {
    let next = follows.chars().next();
    match word.to_ascii_uppercase().as_str() {
        "AND" | "OR" | "BETWEEN" | "IN" => after_operand,
        "NOT" => !after_operand && next.is_some_and(|c| !matches!(c, '=' | '<' | '>' | '.' | '[' | ')' | ',')),
        "SET" | "REMOVE" | "ADD" | "DELETE" if grammar == Grammar::Update => {
            (begins || after_operand) && next.is_some_and(|c| is_name_start(c) || c == '#')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        all(text).map(|token| token.text).collect()
    }

    #[test]
    fn an_expression_falls_into_its_tokens() {
        assert_eq!(texts("a.b[0]>=:x&&'it''s'"), ["a", ".", "b", "[", "0", "]", ">=", ":x", "&&", "'it''s'"]);
        assert_eq!(texts("n=-1.5e3 #a"), ["n", "=", "-", "1.5e3", " ", "#a"]);
        assert_eq!(texts("1.x 'open"), ["1", ".", "x", " ", "'", "open"]);
        assert_eq!(texts("ä = 😀"), ["ä", " ", "=", " ", "😀"]);
        assert_eq!(texts("2e"), ["2", "e"]);
    }

    #[test]
    fn quotes_are_taken_off_with_what_escapes_them() {
        assert_eq!(unquoted("'it''s'"), "it's");
        assert_eq!(unquoted(r#""a \"b\" \\ \n""#), r#"a "b" \ \n"#);
        assert_eq!(unquoted("''"), "");
        assert_eq!(unquoted("'ä'"), "ä");
    }
}
