//! Conditions as people who know SQL and other languages write them.

use serde_json::{Map, Value};

use super::functions;
use super::tokens::{Kind, Token, joined, value};
use crate::mcp::quoted::quoted;

/// What a condition may have, where nothing better is known.
pub(super) const RULE: &str = "a condition compares: a = :v, <>, <, <=, >, >=, a BETWEEN :x AND :y, a IN (:x, :y), \
                               attribute_exists(a), attribute_not_exists(a), attribute_type(a, :t), begins_with(a, :v), \
                               contains(a, :v), size(a) > :n; with AND, OR, NOT and parentheses between.";

type Look = fn(&[Token<'_>], &Map<String, Value>) -> Option<String>;

/// The first that sees something says it.
const LOOKS: [Look; 13] =
    [sql, like, is_null, not_after, infix, between, in_list, operators, literals, hyphen, arithmetic, calls, ends];

/// What was meant by these words.
pub(super) fn lesson(tokens: &[Token<'_>], part: &Map<String, Value>) -> Option<String> {
    LOOKS.iter().find_map(|look| look(tokens, part))
}

/// The operand that ends before this place: a word, or a function with its operands.
fn before(tokens: &[Token<'_>], at: usize) -> Option<String> {
    let last = tokens.get(at.checked_sub(1)?)?;
    if last.text == ")" {
        let open = tokens[..at].iter().rposition(|token| token.text == "(")?;
        let begin = open.checked_sub(1).filter(|name| tokens[*name].kind == Kind::Word).unwrap_or(open);
        return Some(joined(&tokens[begin..at]));
    }
    last.is_operand().then(|| last.text.to_owned())
}

fn sql(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let first = tokens.first()?;
    if first.is_any(&["SELECT", "WHERE", "FROM"]) && tokens.len() > 1 && tokens[1].is_operand() {
        return Some(format!("this is no SQL: leave {} out and begin with the comparison, as in a = :v.", first.text));
    }
    let after = |at: usize, word: &str| tokens.get(at + 1).is_some_and(|next| next.is(word));
    for (at, token) in tokens.iter().enumerate().skip(1) {
        let says = match token.text.to_ascii_uppercase().as_str() {
            "ORDER" if after(at, "BY") => "items come in order of the range key; descending: true turns that round",
            "GROUP" if after(at, "BY") => "nothing is grouped here: read the items and count",
            "LIMIT" if before(tokens, at).is_some() => "limit is a parameter of its own",
            _ => continue,
        };
        return Some(format!("leave {} and what follows out: {says}.", token.text));
    }
    None
}

fn like(tokens: &[Token<'_>], part: &Map<String, Value>) -> Option<String> {
    let words = ["LIKE", "ILIKE", "RLIKE", "REGEXP", "MATCHES", "=~", "~"];
    let at = tokens.iter().position(|token| token.is_any(&words))?;
    let negated = at > 0 && tokens[at - 1].is("NOT");
    let operand = before(tokens, if negated { at - 1 } else { at })?;
    let not = if negated { "NOT " } else { "" };
    let pattern = tokens.get(at + 1);
    let placeholder = pattern.filter(|token| token.kind == Kind::Value).map_or(":v", |token| token.text);
    let text = pattern.and_then(|token| match token.kind {
        Kind::Literal => Some(token.text.trim_matches(['\'', '"', '`'])),
        _ => value(part, token.text)?.as_str(),
    });
    let function = match text {
        Some(text) if text.starts_with(['%', '*']) || text.starts_with(".*") => "contains",
        _ => "begins_with",
    };
    let plain = text.map(|text| text.trim_matches(['%', '*', '^', '$']).trim_end_matches('.').trim_start_matches('.'));
    let with = plain.map_or(String::new(), |plain| format!(" with {}: {}", quoted(placeholder), quoted(plain)));
    let name = tokens[at].text;
    Some(format!("there is no {name}: write {not}{function}({operand}, {placeholder}){with}."))
}

fn is_null(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let at = tokens.iter().position(|token| token.is("IS") || token.is("ISNULL"))?;
    let operand = before(tokens, at)?;
    let next = |skip: usize| tokens.get(at + skip);
    let nothing = |token: &Token<'_>| token.is_any(&["NULL", "NONE", "MISSING", "UNDEFINED", "EMPTY"]);
    if tokens[at].is("ISNULL") || next(1).is_some_and(nothing) {
        return Some(format!(
            "write attribute_not_exists({operand}) where it is absent, or {operand} = :null with \":null\": null where null is stored."
        ));
    }
    let not = next(1).is_some_and(|token| token.is("NOT"));
    if not && next(2).is_some_and(nothing) {
        return Some(format!("write attribute_exists({operand})."));
    }
    let sign = if not { "<>" } else { "=" };
    Some(format!("there is no IS: write {operand} {sign} :v."))
}

fn not_after(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let at = tokens.iter().position(|token| token.is("NOT"))?;
    let operand = before(tokens, at)?;
    let word = tokens.get(at + 1)?;
    if !word.is_any(&["IN", "BETWEEN", "CONTAINS", "BEGINS_WITH", "EXISTS"]) {
        return None;
    }
    let like = match word.text.to_ascii_uppercase().as_str() {
        "IN" => {
            let values: Vec<_> = tokens[at + 2..].iter().skip(1).take_while(|token| token.text != ")").collect();
            let values: Vec<_> = values.iter().filter(|token| token.is_operand()).map(|token| token.text).collect();
            format!("{operand} IN ({})", if values.is_empty() { ":x, :y".to_owned() } else { values.join(", ") })
        }
        "BETWEEN" => format!("{operand} BETWEEN :x AND :y"),
        "EXISTS" => return Some(format!("write attribute_not_exists({operand}).")),
        _ => format!("{}({operand}, :v)", word.text.to_ascii_lowercase()),
    };
    Some(format!("NOT stands before: NOT {like}."))
}

fn infix(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    const TWO: [(&str, &str); 10] = [
        ("contains", "contains"),
        ("contain", "contains"),
        ("includes", "contains"),
        ("has", "contains"),
        ("begins_with", "begins_with"),
        ("beginswith", "begins_with"),
        ("starts_with", "begins_with"),
        ("startswith", "begins_with"),
        ("begins", "begins_with"),
        ("starts", "begins_with"),
    ];
    const ONE: [(&str, &str); 5] = [
        ("exists", "attribute_exists"),
        ("attribute_exists", "attribute_exists"),
        ("attribute_not_exists", "attribute_not_exists"),
        ("missing", "attribute_not_exists"),
        ("size", "size"),
    ];
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Word || tokens.get(at + 1).is_some_and(|next| next.text == "(") {
            continue;
        }
        let meant = |of: &[(&str, &'static str)]| of.iter().find(|(word, _)| token.is(word)).map(|(_, name)| *name);
        let next = tokens.get(at + 1).filter(|next| next.is_operand());
        let after =
            next.filter(|next| !next.is("WITH")).or_else(|| tokens.get(at + 2).filter(|next| next.is_operand()));
        if let (Some(function), Some(operand), Some(after)) = (meant(&TWO), before(tokens, at), after) {
            return Some(format!("{function} is a function: write {function}({operand}, {}).", after.text));
        }
        if let Some(function) = meant(&ONE) {
            if let Some(operand) = before(tokens, at) {
                return Some(format!("write {function}({operand})."));
            }
            if let Some(next) = next {
                return Some(format!("write {function}({}).", next.text));
            }
        }
    }
    None
}

fn between(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let at = tokens.iter().position(|token| token.is("BETWEEN"))?;
    let operand = before(tokens, at)?;
    let bounds: Vec<_> =
        tokens[at + 1..].iter().filter(|token| !matches!(token.text, "(" | ")" | "[" | "]" | ",")).collect();
    let right =
        tokens.get(at + 2).is_some_and(|token| token.is("AND")) && tokens.get(at + 3).is_some_and(Token::is_operand);
    if right {
        return None;
    }
    let mut operands = bounds.iter().filter(|token| token.is_operand()).map(|token| token.text);
    let (low, high) = (operands.next().unwrap_or(":x"), operands.next().unwrap_or(":y"));
    Some(format!("BETWEEN takes AND: write {operand} BETWEEN {low} AND {high}."))
}

fn in_list(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let at = tokens.iter().position(|token| token.is("IN"))?;
    let operand = before(tokens, at)?;
    let next = tokens.get(at + 1)?;
    if next.text == "(" {
        return tokens.get(at + 2).filter(|token| token.text == ")").map(|_| "IN wants at least one value.".to_owned());
    }
    let listed = if next.kind == Kind::Value { next.text } else { ":x, :y" };
    Some(format!("IN takes its values in parentheses: write {operand} IN ({listed})."))
}

fn operators(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    tokens.iter().find_map(|token| {
        let right = match token.text {
            "==" | ":=" => "=",
            "!=" => "<>",
            "&&" | "&" => "AND",
            "||" | "|" => "OR",
            "!" => "NOT",
            ";" => return Some("leave ; out: one expression, joined with AND or OR.".to_owned()),
            _ => return None,
        };
        Some(format!("write {right} for {}.", token.text))
    })
}

pub(super) fn literals(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let (at, literal) = tokens.iter().enumerate().find(|(_, token)| token.kind == Kind::Literal)?;
    let plain = literal.text.trim_matches(['\'', '"', '`']);
    let text = literal.text.starts_with(['\'', '"', '`']);
    let value = if text { quoted(plain) } else { plain.to_owned() };
    // A name in quotes stands before its comparison.
    let compares = tokens.get(at + 1).is_some_and(|next| matches!(next.text, "=" | "<>" | "<" | ">" | "<=" | ">="));
    if text && compares {
        return Some(format!(
            "an attribute's name has no quotes: write {plain}, or #a with names {{\"#a\": {value}}}."
        ));
    }
    Some(format!("a value stands in values: write :v for {}, with values {{\":v\": {value}}}.", literal.text))
}

pub(super) fn hyphen(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let parts = tokens.windows(3).find(|three| {
        three[1].text == "-"
            && three[0].kind == Kind::Word
            && three[2].kind != Kind::Value
            && three[0].touches(&three[1])
            && three[1].touches(&three[2])
    })?;
    let name = format!("{}-{}", parts[0].text, parts[2].text);
    Some(format!("an attribute's name with - needs a placeholder: write #a, with names {{\"#a\": {}}}.", quoted(&name)))
}

fn arithmetic(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let sign = tokens.iter().find(|token| matches!(token.text, "+" | "-" | "*" | "/" | "%"))?;
    Some(format!("a condition does not calculate ({}): compute the value and send it.", sign.text))
}

fn calls(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let call = tokens.windows(2).find(|two| two[0].kind == Kind::Word && two[1].text == "(" && two[0].is_operand())?;
    let known = ["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"];
    (!known.contains(&call[0].text)).then(|| {
        if call[0].is_any(&known) {
            format!("function names are in lower case: write {}.", call[0].text.to_ascii_lowercase())
        } else {
            format!("there is no {}: {}", call[0].text, functions::instead(call[0].text, false))
        }
    })
}

fn ends(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let count = |sign: &str| tokens.iter().filter(|token| token.text == sign).count();
    match count("(").cmp(&count(")")) {
        std::cmp::Ordering::Greater => return Some("a ) is missing.".to_owned()),
        std::cmp::Ordering::Less => return Some("there is a ) too many.".to_owned()),
        std::cmp::Ordering::Equal => {}
    }
    if let [only] = tokens
        && only.is_operand()
    {
        return Some(format!("{0} alone is no condition: write {0} = :v, or attribute_exists({0}).", only.text));
    }
    let last = tokens.last()?;
    let more = last.is_any(&["AND", "OR", "NOT", "=", "<>", "<", ">", "<=", ">=", ","]);
    more.then(|| format!("it ends with {}: write what follows, or leave {} out.", last.text, last.text))
}
