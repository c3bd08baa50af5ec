//! `footbridge call`: one tool call, as an MCP client would make it.

use std::io::Read;

use serde_json::{Map, Value};

use super::output::tell;
use super::session::Session;
use super::{Context, Exit};
use crate::backend::Role;
use crate::config::Backend;
use crate::mcp::{Caller, ToolError};

/// Call a tool once.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tool, such as `dynamodb_query`; without it, the tools are listed
    tool: Option<String>,
    /// Its arguments, a JSON object; `-` reads them from standard input
    #[arg(value_name = "JSON", default_value = "{}")]
    arguments: String,
}

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let arguments = match parse(&args.arguments) {
        Ok(arguments) => arguments,
        Err(message) => {
            tell(format_args!("footbridge: {message}"));
            return Ok(Exit::Usage);
        }
    };
    let session = Session::open(context, "call", Role::Passes).await?;
    let Some(tool) = args.tool else {
        for (name, description) in session.bridge.tools() {
            context.output.line(format_args!("{name:26} {description}"))?;
        }
        session.close().await;
        return Ok(Exit::Done);
    };
    let outcome = session.bridge.call(&Caller::Command("call"), &tool, arguments).await;
    session.close().await;
    match outcome {
        Ok(answer) if context.output.is_terminal() && !context.output.is_json() => {
            let value: Value = serde_json::from_str(&answer.text)?;
            context.output.exact(serde_json::to_string_pretty(&value)?)?;
            Ok(Exit::Done)
        }
        Ok(answer) => {
            context.output.exact(answer.text)?;
            Ok(Exit::Done)
        }
        Err(error) => {
            tell(&error);
            Ok(exit_of(&error, context.settings.backend.value))
        }
    }
}

fn parse(text: &str) -> Result<Map<String, Value>, String> {
    let mut read = String::new();
    let text = if text == "-" {
        std::io::stdin().read_to_string(&mut read).map_err(|error| format!("standard input: {error}"))?;
        read.as_str()
    } else {
        text
    };
    serde_json::from_str(text).map_err(|error| format!("the arguments are no JSON object: {error}"))
}

fn exit_of(error: &ToolError, backend: Backend) -> Exit {
    match error.code.as_str() {
        "unknown_tool" | "invalid_arguments" => Exit::Usage,
        "no_credentials" | "session_expired" | "no_region" | "wrong_endpoint" | "storage" => Exit::Unavailable,
        "no_answer" if backend == Backend::Aws => Exit::Unavailable,
        _ if error.is_refusal() => Exit::Refused,
        _ => Exit::Failed,
    }
}
