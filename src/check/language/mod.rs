//! Source files, by language.

mod python;
mod transfer;

use std::path::Path;

use super::found::Found;
use super::model::Model;
use super::token::{Syntax, Tokens};

/// What a file of this name is written in, or `None` where it is of no interest.
#[must_use]
pub fn syntax_of(path: &Path) -> Option<Syntax> {
    Some(match path.extension()?.to_str()? {
        "py" => Syntax::Python,
        _ => return None,
    })
}

/// Reads a source file.
#[must_use]
pub fn read(model: &Model, text: &str, syntax: Syntax) -> Found {
    let tokens = Tokens::read(text, syntax);
    match syntax {
        Syntax::Python => python::read(model, &tokens),
        _ => Found::default(),
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
