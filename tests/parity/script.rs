//! A history as a script of AWS CLI commands.

use std::fmt::Write as _;

use crate::call::{Call, Manner, Service};
use crate::s3::commands;

/// A script for `bash` that makes the calls of a history one after another, at `$ENDPOINT` where it is set.
pub fn script(history: &[Call]) -> String {
    let mut text = String::from("aws() { command aws ${ENDPOINT:+--endpoint-url \"$ENDPOINT\"} \"$@\"; }\n");
    if history.iter().any(|call| call.service == Service::S3) {
        text.push_str(commands::PRELUDE);
    }
    for call in history {
        if call.service == Service::S3 {
            text.push_str(&commands::command(call, &kebab(&call.operation)));
            continue;
        }
        let input = call.input.to_string().replace("${p}", "parity-").replace('\'', "'\\''");
        let manner = match call.manner {
            Manner::Plain => String::new(),
            Manner::Pages => "  # and every page after".to_owned(),
            Manner::Race(times) => format!("  # {times} times at once"),
        };
        writeln!(text, "aws dynamodb {} --cli-input-json '{input}'{manner}", kebab(&call.operation)).expect("a String");
    }
    text
}

/// `GetItem` as the CLI spells it: `get-item`.
fn kebab(operation: &str) -> String {
    let mut name = String::new();
    for letter in operation.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}
