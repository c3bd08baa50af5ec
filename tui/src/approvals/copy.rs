//! What can be copied of a request.

use footbridge_record::text::visible_json;
use serde_json::json;

use super::Approvals;
use super::list::state;
use crate::app::desk::Desk;
use crate::app::dialog::{Dialog, Menu};
use crate::request::Request;
use crate::text::{fit, pad, shell_word};

/// An entry of the menu: its key, what it is, and the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copy {
    key: char,
    what: &'static str,
    text: String,
}

fn copies(request: &Request) -> Vec<Copy> {
    let id = shell_word(&request.name.id);
    let mut copies = vec![
        Copy { key: 'y', what: "JSON", text: as_json(request) },
        Copy { key: 'i', what: "id", text: request.name.id.clone() },
        Copy { key: 'a', what: "command that allows it", text: format!("footbridge approve {id}") },
        Copy { key: 'd', what: "command that denies it", text: format!("footbridge deny {id}") },
    ];
    if !request.resources.is_empty() {
        copies.push(Copy { key: 'r', what: "resources", text: request.resources.join("\n") });
    }
    copies
}

fn as_json(request: &Request) -> String {
    let Request { name, tool, target, resources, effect, impact, arguments, old, new, caller, session, .. } = request;
    let value = json!({
        "id": name.id, "tool": tool, "target": target, "resources": resources, "effect": effect, "impact": impact,
        "arguments": arguments, "old": old, "new": new, "caller": caller, "session": session, "state": state(request),
    });
    format!("{value:#}").lines().map(visible_json).collect::<Vec<_>>().join("\n")
}

impl Approvals {
    /// Opens the menu. Whether there is anything to copy.
    pub(super) fn offer(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(request) = self.list.selected() else { return false };
        self.copies = copies(request);
        let line = |copy: &Copy| {
            let text = copy.text.split_whitespace().collect::<Vec<_>>().join(" ");
            (copy.key, format!("{} {}", pad(copy.what, 22, ""), fit(&text, 44, desk.glance.look.signs().cut)))
        };
        let entries = self.copies.iter().map(line).collect();
        desk.open(Dialog::Menu(Menu { tag: "copy", title: "Copy".to_owned(), entries, at: 0 }));
        true
    }

    pub(super) fn copy(&mut self, at: usize, desk: &mut Desk<'_>) {
        if at < self.copies.len() {
            let Copy { what, text, .. } = self.copies.swap_remove(at);
            desk.say(format!("{what} offered to the clipboard"));
            desk.copy(text);
        }
    }
}
