//! Updates as people who know SQL and other languages write them.

use serde_json::{Map, Value};

use super::condition::{hyphen, literals};
use super::tokens::{Kind, Token};

/// What an update may have, where nothing better is known.
pub(super) const RULE: &str = "an update is SET a = :v, n = n + :n, l = list_append(l, :list) REMOVE b ADD count :n DELETE \
                               tags :set: each section once, its parts with commas between.";

type Look = fn(&[Token<'_>], &Map<String, Value>) -> Option<String>;

/// The first that sees something says it.
const LOOKS: [Look; 10] =
    [verb, clauses, assignment, joined_with_and, set_again, sections, literals, hyphen, arithmetic, ends];

const SECTIONS: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];

/// What was meant by these words.
pub(super) fn lesson(tokens: &[Token<'_>], part: &Map<String, Value>) -> Option<String> {
    // A SET that was put before another verb is not the caller's.
    let own = match tokens {
        [set, rest @ ..]
            if set.is("SET") && matches!(rest, [a, b, ..] if a.kind == Kind::Word && b.kind == Kind::Word) =>
        {
            rest
        }
        _ => tokens,
    };
    LOOKS.iter().find_map(|look| look(own, part))
}

fn verb(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let first = tokens.first()?;
    if first.is_any(&SECTIONS) {
        return None;
    }
    let second = tokens.get(1);
    let operand = second.filter(|token| token.kind == Kind::Word).map_or("a", |token| token.text);
    let value = tokens.iter().find(|token| token.kind == Kind::Value).map_or(":v", |token| token.text);
    Some(match first.text.to_ascii_uppercase().as_str() {
        "UNSET" | "DROP" | "CLEAR" | "DEL" => format!("write REMOVE {operand}."),
        "INCREMENT" | "INC" | "INCR" | "DECREMENT" | "DEC" | "PLUS" => {
            format!("write ADD {operand} {value}, with a number; a negative one takes away.")
        }
        "APPEND" | "PUSH" => {
            format!("write SET {operand} = list_append({operand}, {value}), with a list as {value}.")
        }
        "UPDATE" | "INSERT" | "PUT" | "UPSERT" | "REPLACE" => {
            format!("this is no SQL: table and key are parameters; write SET a = {value}.")
        }
        _ if second.is_some_and(|token| matches!(token.text, "=" | "==" | ":=" | "+=" | "-=")) => {
            format!("an update begins with a verb: SET {} = {value}.", first.text)
        }
        _ => format!("an update begins with SET, REMOVE, ADD or DELETE, not {}: SET a = :v.", super::short(first.text)),
    })
}

fn clauses(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let after = tokens.iter().skip(1).find(|token| token.is_any(&["WHERE", "IF", "WHEN", "RETURNING"]))?;
    let parameter = if after.is("RETURNING") { "return" } else { "condition" };
    Some(format!("leave {} and what follows out: {parameter} is a parameter of its own.", after.text))
}

fn assignment(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    tokens.iter().enumerate().skip(1).find_map(|(at, token)| {
        let name = tokens[at - 1].text;
        let value = tokens.get(at + 1).map_or(":v", |next| next.text);
        Some(match token.text {
            "+=" | "-=" => format!("write SET {name} = {name} {} {value}.", &token.text[..1]),
            "++" => format!("write SET {name} = {name} + :one, with values {{\":one\": 1}}."),
            "--" => format!("write SET {name} = {name} - :one, with values {{\":one\": 1}}."),
            "==" | ":=" => format!("write = for {}.", token.text),
            ";" => "leave ; out: the parts have commas between.".to_owned(),
            _ => return None,
        })
    })
}

fn joined_with_and(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let at = tokens.iter().position(|token| token.is("AND") || token.text == "&&")?;
    let left = tokens.get(at.checked_sub(1)?)?;
    left.is_operand().then(|| format!("a comma joins changes, not {}: SET a = :a, b = :b.", tokens[at].text))
}

fn set_again(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let twice = tokens.windows(2).find(|two| two[0].text == "," && two[1].is_any(&SECTIONS))?;
    Some(format!("after a comma no {} follows: SET a = :a, b = :b REMOVE c.", twice[1].text))
}

/// Whether the words at this place begin another section.
fn begins_section(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at].is_any(&SECTIONS) && tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Word)
}

fn sections(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let mut section = "";
    let mut begin = 0;
    for at in 0..=tokens.len() {
        let ends = at == tokens.len() || tokens[at].text == "," || begins_section(tokens, at);
        if !ends {
            continue;
        }
        if let Some(says) = section_part(section, &tokens[begin..at]) {
            return Some(says);
        }
        if let Some(token) = tokens.get(at)
            && token.text != ","
        {
            section = SECTIONS.into_iter().find(|name| token.is(name)).unwrap_or_default();
        }
        begin = at + 1;
    }
    None
}

/// One change of a section.
fn section_part(section: &str, part: &[Token<'_>]) -> Option<String> {
    let name = part.first().filter(|token| token.kind == Kind::Word)?.text;
    let second = part.get(1);
    let value = part.iter().skip(1).find(|token| token.is_operand()).map_or(":v", |token| token.text);
    match (section, second) {
        ("SET", Some(second)) if second.kind == Kind::Value || second.is("TO") => {
            Some(format!("SET takes =: write SET {name} = {value}."))
        }
        ("SET", None) => Some(format!("write SET {name} = :v; REMOVE {name} takes it away.")),
        ("SET", Some(_)) => {
            // A second assignment without a comma before it.
            let again = part.iter().enumerate().skip(2).find(|(_, token)| token.text == "=")?;
            Some(format!("a comma is missing before {}.", part[again.0 - 1].text))
        }
        ("ADD" | "DELETE", Some(second)) if matches!(second.text, "=" | "+" | "TO") => {
            Some(format!("{section} takes no {}: write {section} {name} {value}.", second.text))
        }
        ("ADD", None) => Some(format!("ADD wants a number or a set: ADD {name} :n.")),
        ("DELETE", None) => Some(format!(
            "DELETE takes elements out of a set (DELETE {name} :set); REMOVE {name} takes the attribute away."
        )),
        ("REMOVE", Some(_)) => {
            Some(format!("REMOVE takes names alone: write REMOVE {name}, and leave its value out of values."))
        }
        _ => None,
    }
}

fn arithmetic(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let sign = tokens.iter().find(|token| matches!(token.text, "*" | "/" | "%" | "*=" | "^"))?;
    Some(format!(
        "an update adds and subtracts alone, so no {}: compute the value, and send it with SET a = :v.",
        sign.text
    ))
}

fn ends(tokens: &[Token<'_>], _: &Map<String, Value>) -> Option<String> {
    let count = |sign: &str| tokens.iter().filter(|token| token.text == sign).count();
    if count("(") != count(")") {
        return Some("the parentheses do not match.".to_owned());
    }
    let last = tokens.last()?;
    let open = matches!(last.text, "," | "=" | "+" | "-") || last.is_any(&SECTIONS);
    open.then(|| format!("it ends with {0}: write what follows, or leave {0} out.", last.text))
}
