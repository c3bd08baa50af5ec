//! A history as a script of AWS CLI commands.

use std::fmt::Write as _;

use crate::call::{Call, Manner, Service};

/// A script for `bash` that makes the calls of a history one after another, at `$ENDPOINT` where it is set.
pub fn script(history: &[Call]) -> String {
    let mut text = String::from("aws() { command aws ${ENDPOINT:+--endpoint-url \"$ENDPOINT\"} \"$@\"; }\n");
    for call in history {
        let service = match call.service {
            Service::DynamoDb => "dynamodb",
            Service::S3 => "s3api",
        };
        let input = call.input.to_string().replace("${p}", "parity-").replace('\'', "'\\''");
        let manner = match call.manner {
            Manner::Plain => String::new(),
            Manner::Pages => "  # and every page after".to_owned(),
            Manner::Race(times) => format!("  # {times} times at once"),
        };
        writeln!(text, "aws {service} {} --cli-input-json '{input}'{manner}", kebab(&call.operation))
            .expect("a String");
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
