//! `bridge_status`: what the tools speak to, and what they may do.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::NoArgs;
use crate::mcp::context::Context;
use crate::mcp::error::ToolError;
use crate::mcp::tool::{Access, Kind, Tool};

/// How long the far side may take to say whose the credentials are.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct BridgeStatus;

#[async_trait]
impl Tool for BridgeStatus {
    type Args = NoArgs;
    const NAME: &'static str = "bridge_status";
    const DESCRIPTION: &'static str = "The backend, account and region in use, what is allowed, and limits.";
    const KIND: Kind = Kind::Reads;

    fn access(_args: &NoArgs) -> Access {
        Access::nothing()
    }

    async fn run(context: &Context, _args: NoArgs) -> Result<Value, ToolError> {
        let target = &context.target;
        let mut problems = context.problems();
        // Whose the credentials are is worth a question, but the rest is known without it.
        let caller = match &context.sts {
            Some(sts) => match tokio::time::timeout(PATIENCE, sts.get_caller_identity().send()).await {
                Ok(Ok(caller)) => Some(caller),
                Ok(Err(error)) => {
                    problems.insert(0, ToolError::from(error).to_string());
                    None
                }
                Err(_) => {
                    problems.insert(0, format!("{target} does not answer"));
                    None
                }
            },
            None => None,
        };
        let mut status = status(&problems);
        if !context.beside.is_empty() || !matches!(target.name.as_str(), "local" | "aws") {
            status["name"] = json!(target.name);
        }
        status["target"] = json!(target.to_string());
        status["backend"] = json!(if context.is_local() { "local" } else { "aws" });
        status["region"] = json!(target.region);
        status["mode"] = json!(context.mode.to_string());
        if !context.allowed.is_all() {
            status["allowed"] = json!(context.allowed.to_string());
        }
        if !context.beside.is_empty() {
            let others = context.beside.iter().map(|other| (other.name.clone(), json!(other.about)));
            status["other_targets"] = others.collect::<serde_json::Map<_, _>>().into();
        }
        status["answer_budget_bytes"] = json!(context.budget());
        let (account, arn) =
            caller.map_or_else(|| (target.account.clone(), target.arn.clone()), |caller| (caller.account, caller.arn));
        let optional = [
            ("account", account),
            ("arn", arn),
            ("endpoint", context.endpoint().await),
            ("default_bucket", context.default_bucket.clone()),
            ("default_table", context.default_table.clone()),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                status[name] = json!(value);
            }
        }
        if !context.files.none() {
            status["file_directories"] = json!(context.files.directories());
        }
        if !context.not_honoured.is_empty() {
            status["not_honoured"] = json!(context.not_honoured);
        }
        Ok(status)
    }
}

/// What is wrong, first, and the version.
fn status(problems: &[String]) -> Value {
    if problems.is_empty() {
        json!({ "version": env!("CARGO_PKG_VERSION") })
    } else {
        json!({ "problems": problems, "version": env!("CARGO_PKG_VERSION") })
    }
}

/// The status of a bridge that `trouble` keeps from being used.
pub(crate) fn without_bridge(trouble: &ToolError) -> Value {
    status(&[trouble.to_string()])
}
