//! Calls of STS, of the bridge itself, and of services that this does not know.

use serde_json::Value;

use super::value::{self, cut};
use super::view::View;
use super::{Effect, Parts, effect};
use crate::time::bytes;

pub(super) fn parts(view: &View<'_>) -> Parts {
    let mut parts = Parts { name: view.name.clone(), effect: effect(&view.name), ..Parts::default() };
    if view.service == "sts" {
        // It gives credentials; nothing is stored.
        parts.effect = Effect::Read;
        let role = view.text(&["RoleArn", "roleArn"]).or_else(|| view.resources("").find(|of| of.starts_with("arn:")));
        parts.on = role.map_or(String::new(), |arn| arn.rsplit('/').next().unwrap_or(arn).to_owned());
        let session = view.text(&["RoleSessionName"]).map(|name| format!("as {}", value::text(name)));
        let lasts = view.parameter(&["DurationSeconds"]).map(|of| format!("for {} s", value::value(of, false)));
        parts.asked.extend(session.into_iter().chain(lasts));
    } else {
        parts.on = cut(&view.call.started.resources.join(" "), 200);
    }
    let who = view.answer(&["body"]).and_then(Value::as_str);
    let who = who.and_then(|body| Some(body.split_once("<Arn>")?.1.split_once("</Arn>")?.0));
    parts.came = match (view.name.as_str(), view.answer(&["problems"]).and_then(Value::as_array)) {
        ("BridgeStatus", Some(problems)) if !problems.is_empty() => {
            super::view::counted(problems.len() as u64, "problem", "problems")
        }
        _ => who.map_or_else(|| size(view, ""), |arn| cut(arn, 100)),
    };
    parts
}

/// The size of the answer, where nothing better is known of it than `done`.
pub(super) fn size(view: &View<'_>, done: &str) -> String {
    let Some(end) = &view.call.finished else { return String::new() };
    match end.bytes_out {
        // `{}` is an answer without a word.
        Some(length) if length > 2 && done.is_empty() => bytes(length),
        _ if done.is_empty() => "ok".to_owned(),
        _ => done.to_owned(),
    }
}
