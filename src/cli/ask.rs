//! Asking a person.

use std::io::{BufRead as _, IsTerminal as _, stdin};

use super::Output;

/// Asks, and gives what was answered, without spaces around it. `None` where nobody can answer: then nobody has agreed.
pub(super) fn on_terminal(output: &Output, question: &str) -> std::io::Result<Option<String>> {
    if !stdin().is_terminal() || !output.is_terminal() {
        return Ok(None);
    }
    output.line(question)?;
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer)?;
    Ok(Some(answer.trim().to_owned()))
}
