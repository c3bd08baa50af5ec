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
        let mut status = json!({
            "target": target.to_string(),
            "backend": if context.is_local() { "local" } else { "aws" },
            "region": target.region,
            "mode": context.mode.to_string(),
            "answer_budget_bytes": context.budget,
            "version": env!("CARGO_PKG_VERSION"),
        });
        let optional = [
            ("account", target.account.clone()),
            ("arn", target.arn.clone()),
            ("endpoint", context.endpoint().await),
            ("default_bucket", context.default_bucket.clone()),
            ("default_table", context.default_table.clone()),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                status[name] = json!(value);
            }
        }
        if let Some(sts) = &context.sts {
            // Whose the credentials are is worth a question, but the rest is known without it.
            match tokio::time::timeout(PATIENCE, sts.get_caller_identity().send()).await {
                Ok(Ok(caller)) => {
                    status["account"] = json!(caller.account);
                    status["arn"] = json!(caller.arn);
                }
                Ok(Err(error)) => status["identity_error"] = json!(ToolError::from(error).to_string()),
                Err(_) => status["identity_error"] = json!("AWS does not answer"),
            }
        }
        if !context.files.none() {
            status["file_directories"] = json!(context.files.directories());
        }
        Ok(status)
    }
}
