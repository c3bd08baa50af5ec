//! `footbridge trust`: a person's word that this directory's files may configure everything.

use serde_json::json;

use super::output::tell;
use super::{Context, Exit, ask};
use crate::config::{Settings, Trust, TrustStore};

/// Arguments of `footbridge trust`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Trust this directory no more
    #[arg(long, conflicts_with = "yes")]
    revoke: bool,
}

const HELP: &str = "\
Examples:
  footbridge trust --yes                          honour .env and footbridge.toml as they are now
  footbridge trust --revoke                       no more";

/// Trusts the working directory's `.env` and `footbridge.toml` as they are now.
#[expect(clippy::unused_async, reason = "every subcommand has this shape")]
pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let output = &context.output;
    let project = &context.settings.project;
    let Some(config) = context.config_dir.as_deref() else {
        anyhow::bail!("there is no home directory to remember trust in");
    };
    let store = TrustStore::in_directory(config);
    let directory = project.directory.display();
    let said = if args.revoke {
        if store.revoke(project)? { "is trusted no more" } else { "was not trusted" }
    } else {
        match project.trust {
            Trust::NothingToTrust => "has neither .env nor footbridge.toml: there is nothing to trust",
            Trust::Trusted => "is trusted already",
            Trust::Untrusted | Trust::Changed => {
                show(context)?;
                if !args.yes && !agreed(context)? {
                    return Ok(Exit::Refused);
                }
                store.trust(project)?;
                "is trusted, until .env or footbridge.toml changes"
            }
        }
    };
    if output.is_json() {
        let honoured: Vec<String> = context.settings.waiting.iter().map(ToString::to_string).collect();
        output.json(&json!({ "directory": project.directory, "result": said, "waited_for_trust": honoured }))?;
    } else {
        output.line(format_args!("{directory} {said}"))?;
    }
    Ok(Exit::Done)
}

/// Shows all that trust would bring into force, for programs with the result.
fn show(context: &Context) -> std::io::Result<()> {
    let Settings { project, waiting, .. } = &context.settings;
    if context.output.is_json() {
        return Ok(());
    }
    let directory = project.directory.display();
    if waiting.is_empty() {
        return context.output.line(format_args!("{directory} says nothing that waits for trust"));
    }
    context.output.line(format_args!("With trust, {directory} decides this as well:"))?;
    for one in waiting {
        context.output.line(format_args!("  {one}"))?;
    }
    Ok(())
}

/// Asks. Where nobody can answer, nobody has agreed.
fn agreed(context: &Context) -> anyhow::Result<bool> {
    let Some(answer) = ask::on_terminal(&context.output, "Trust these files? [y/N]")? else {
        tell("footbridge: only a person can trust a directory: run this in a terminal, or add --yes");
        return Ok(false);
    };
    Ok(matches!(answer.as_str(), "y" | "Y" | "yes"))
}
