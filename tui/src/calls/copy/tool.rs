//! A tool call as `footbridge call` makes it.

use footbridge_record::Call;

use crate::text::shell_word;

pub(super) fn command(call: &Call, tool: &str) -> String {
    let parameters = &call.started.parameters;
    let given = if parameters.is_null() { "{}".to_owned() } else { parameters.to_string() };
    format!("footbridge call {} {}", shell_word(tool), shell_word(&given))
}
