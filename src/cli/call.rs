//! `footbridge call`: one tool call, as an MCP client would make it.

mod arguments;
mod manual;

use serde_json::Value;

use super::output::tell;
use super::session::Session;
use super::{Context, Exit, Output};
use crate::backend::Role;
use crate::config::Backend;
use crate::mcp::{About, Caller, ToolError, all_tools};
use crate::near::nearest;

/// Call a tool once.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true, after_help = HELP)]
pub struct Args {
    /// The tool, such as `dynamodb_query`; without it, the tools are listed
    #[arg(index = 1)]
    tool: Option<String>,
    /// Its arguments: NAME=VALUE, a JSON object, one in a file with @FILE, or `-` for one on standard input
    #[arg(index = 2, value_name = "NAME=VALUE|JSON|@FILE|-")]
    arguments: Vec<String>,
    /// Print help; with a tool, its parameters and an example
    #[arg(short, long)]
    help: bool,
}

const HELP: &str = "\
A VALUE that is no text is written as JSON: limit=5 force=true 'keys=[\"a.txt\"]'.

Examples:
  footbridge call                                 the tools
  footbridge call s3_list_objects --help          the parameters of one
  footbridge call s3_list_objects bucket=media prefix=docs/
  echo '{\"table\": \"orders\"}' | footbridge call dynamodb_scan -";

impl Args {
    /// Answers what needs neither settings nor data: help, the list of the tools, and the name of one that is none.
    pub(super) fn answer_at_once(&self, json: bool) -> anyhow::Result<Option<Exit>> {
        let output = Output::stdout(json);
        match (&self.tool, self.help) {
            (None, true) => manual::of_call(&output)?,
            (None, false) => manual::list(&output)?,
            (Some(name), help) => match find(name) {
                None => {
                    tell(format_args!(
                        "footbridge: there is no tool {name}{}; `footbridge call` lists them",
                        meant(name)
                    ));
                    return Ok(Some(Exit::Usage));
                }
                Some(tool) if help => manual::of_tool(&tool, &output)?,
                Some(_) => return Ok(None),
            },
        }
        Ok(Some(Exit::Done))
    }
}

fn find(name: &str) -> Option<About> {
    all_tools().find(|tool| tool.name() == name)
}

/// The tool that a name is near to.
fn meant(name: &str) -> String {
    let names: Vec<_> = all_tools().map(|tool| tool.name()).collect();
    nearest(name, names).map_or_else(String::new, |meant| format!(": did you mean {meant}?"))
}

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let Some(tool) = args.tool.as_deref().and_then(find) else { return Ok(Exit::Usage) };
    let arguments = match arguments::read(&args.arguments, &tool.parameters()) {
        Ok(arguments) => arguments,
        Err(message) => {
            tell(format_args!("footbridge: {message}"));
            return Ok(Exit::Usage);
        }
    };
    let session = Session::open(context, "call", Role::Passes).await?;
    let outcome = session.bridge.call(&Caller::Command("call"), tool.name(), arguments).await;
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
            // Each of these calls is a session of its own, with nothing in it to take back.
            let of_nobody = tool.name() == "undo" && error.code == "invalid_arguments";
            let error = if of_nobody {
                error.hint("`footbridge undo` takes back the last call of any session.")
            } else {
                error
            };
            tell(&error);
            Ok(exit_of(&error, context.settings.backend.value))
        }
    }
}

pub(super) fn exit_of(error: &ToolError, backend: Backend) -> Exit {
    match error.code.as_str() {
        "unknown_tool" | "invalid_arguments" => Exit::Usage,
        "no_credentials" | "session_expired" | "no_region" | "wrong_endpoint" | "storage" => Exit::Unavailable,
        "no_answer" if backend == Backend::Aws => Exit::Unavailable,
        _ if error.is_refusal() => Exit::Refused,
        _ => Exit::Failed,
    }
}
