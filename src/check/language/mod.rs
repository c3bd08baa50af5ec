//! Source files, by language.

mod go;
mod java;
mod javascript;
mod python;
mod terraform;
mod transfer;

use std::path::Path;

use super::found::Found;
use super::model::Model;
use super::token::{Syntax, Tokens};

/// What a file of this name is written in, or `None` where it is of no interest.
#[must_use]
pub fn syntax_of(path: &Path) -> Option<Syntax> {
    let name = path.file_name()?.to_str()?;
    let (stem, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "py" => Syntax::Python,
        // Declarations of types, and what a bundler wrote.
        "ts" | "js" if matches!(stem.rsplit_once('.'), Some((_, "d" | "min"))) => return None,
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" => Syntax::JavaScript,
        "go" => Syntax::Go,
        "java" | "kt" => Syntax::Java,
        "tf" | "tofu" => Syntax::Terraform,
        _ => return None,
    })
}

/// Reads a source file.
#[must_use]
pub fn read(model: &Model, text: &str, syntax: Syntax) -> Found {
    let tokens = Tokens::read(text, syntax);
    match syntax {
        Syntax::Python => python::read(model, &tokens),
        Syntax::JavaScript => javascript::read(model, &tokens),
        Syntax::Go => go::read(model, &tokens),
        Syntax::Java => java::read(model, &tokens),
        Syntax::Terraform => terraform::read(model, &tokens),
    }
}

/// The service of this name, as SDKs have it, where it is one of ours.
fn service(name: &str) -> Option<&'static str> {
    match name {
        "s3" => Some("s3"),
        "dynamodb" => Some("dynamodb"),
        "dynamodbstreams" | "dynamodb-streams" => Some("dynamodbstreams"),
        _ => None,
    }
}

/// How many tokens above its use the assignment of a variable is looked for: far away it is another one.
const FAR: usize = 2000;
/// How many tokens the type of a variable may have.
const TYPE: usize = 24;

/// Whether the name at `at` is a parameter of a function, which hides what has that name outside of it.
fn is_parameter(tokens: &Tokens<'_>, at: usize) -> bool {
    let first = at.saturating_sub(TYPE);
    let open =
        (first..at).rev().find(|open| tokens.is(*open, b'(') && tokens.partner(*open).is_some_and(|close| close > at));
    let Some((open, close)) = open.and_then(|open| Some((open, tokens.partner(open)?))) else { return false };
    // Only `f(a, b)` and `f(a: A)`, not what stands deeper in an argument.
    let stands_alone = tokens.is(at - 1, b'(') || tokens.is(at - 1, b',');
    let declares =
        (open.saturating_sub(2)..open).any(|at| matches!(tokens.word(at), Some("def" | "func" | "function")));
    stands_alone && (declares || tokens.are(close + 1, b"=>") || tokens.is(close + 1, b'{'))
}

/// Where the value begins that the variable `name` was given last before the token at `before`, if that is what is wanted:
/// `name = …`, `name := …`, `name: Type = …`, `var name Type = …`.
fn assigned(tokens: &Tokens<'_>, name: &str, before: usize, wanted: impl Fn(usize) -> bool) -> Option<usize> {
    if !tokens.may_look_at(FAR) {
        return None;
    }
    let named = |at: &usize| tokens.word(*at) == Some(name) && !tokens.is(at.saturating_sub(1), b'.');
    let mut near = (before.saturating_sub(FAR)..before).rev().filter(named).take_while(|at| !is_parameter(tokens, *at));
    let start = near.find_map(|at| {
        let typed = tokens.is(at + 1, b':') && !tokens.is(at + 2, b'=');
        let equals = if typed {
            (at + 2..at + TYPE).find(|at| tokens.is(*at, b'='))?
        } else {
            at + 1 + usize::from(tokens.is(at + 1, b':'))
        };
        let assigns = tokens.is(equals, b'=') && !tokens.is(equals + 1, b'=');
        (assigns && wanted(equals + 1)).then_some(equals + 1)
    })?;
    tokens.may_look_at(tokens.after(start) - start).then_some(start)
}
