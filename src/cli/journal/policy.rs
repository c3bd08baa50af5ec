//! `footbridge journal policy`: the least-privilege IAM policy for what the journal shows.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use chrono::Utc;

use super::{Choice, place};
use crate::backend::{Backend, Role};
use crate::cli::output::tell;
use crate::cli::{Context, Exit};
use crate::config::Source;
use crate::emulator::observer::NoObserver;
use crate::journal::{Filter, Join, Reader};
use crate::policy::{Document, Keys, LARGEST, Needs, Options, terraform};

/// Arguments of `footbridge journal policy`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Args {
    /// The journal: its directory, one of its files, or a data directory; without it, the one in the data directory
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    #[command(flatten)]
    choice: Choice,
    /// The account in ARNs, twelve digits; without it, each call's own. The region is set by --region
    #[arg(long, value_parser = account, value_name = "ID")]
    account: Option<String>,
    /// The partition in ARNs; without it, the one that the region is in
    #[arg(long, value_parser = ["aws", "aws-cn", "aws-us-gov"], hide_possible_values = true, value_name = "aws|aws-cn|aws-us-gov")]
    partition: Option<String>,
    /// How closely keys are named
    #[arg(long, value_enum, default_value_t = Keys::Auto, hide_possible_values = true, value_name = "auto|exact|prefix|bucket")]
    keys: Keys,
    /// Let a * stand for resources that the journal does not know
    #[arg(long)]
    wildcards: bool,
    /// Write Terraform: the policy, and the buckets and tables in use as they stand on the backend
    #[arg(long)]
    terraform: bool,
}

const HELP: &str = "\
Examples:
  footbridge journal policy                       for all that the journal shows
  footbridge journal policy --since 1h --terraform  with the tables and buckets in use";

fn account(text: &str) -> Result<String, String> {
    let is_account = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_account { Ok(text.to_owned()) } else { Err("an account has twelve digits".to_owned()) }
}

/// Prints the policy, and says on standard error what one should know beside it.
pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let settings = &context.settings;
    let region = settings.region.as_ref().filter(|region| matches!(region.source, Source::Flag(_)));
    let mut needs = Needs::new(Options {
        account: args.account,
        region: region.map(|region| region.value.clone()),
        partition: args.partition,
        keys: args.keys,
        wildcards: args.wildcards,
    });
    let path = place(args.path.as_deref(), settings)?;
    read(&path, &args.choice.filter(Utc::now()), &mut needs)?;
    let document = needs.document();
    for note in needs.notes() {
        tell(format_args!("footbridge: {note}"));
    }
    let Some(document) = document else {
        bail!("no call in {} needs a permission; {} were looked at", path.display(), needs.calls());
    };
    warn_of_size(&document);
    if args.terraform {
        let backend = Backend::open(settings, Role::Passes, Arc::new(NoObserver)).await?;
        let target = backend.target();
        let written = terraform::write(&document, needs.in_use(), &backend.clients, target.account.as_deref()).await;
        backend.close().await;
        context.output.exact(written.trim_end())?;
    } else if context.output.is_json() {
        context.output.json(&document.json())?;
    } else {
        context.output.exact(format_args!("{:#}", document.json()))?;
    }
    Ok(Exit::Done)
}

fn read(path: &Path, filter: &Filter, needs: &mut Needs) -> anyhow::Result<()> {
    let mut reader = Reader::open(path)?;
    let mut join = Join::default();
    while let Some(entry) = reader.next()? {
        if let Some(call) = join.push(entry).filter(|call| filter.matches(call)) {
            needs.add(&call);
        }
    }
    join.unfinished().filter(|call| filter.matches(call)).for_each(|call| needs.add(call));
    if reader.unreadable() > 0 {
        tell(format_args!("footbridge: {} lines that are no journal records were passed over", reader.unreadable()));
    }
    Ok(())
}

fn warn_of_size(document: &Document) {
    let length = document.length();
    if length > LARGEST {
        tell(format_args!(
            "footbridge: the policy has {length} characters, and a managed policy at most {LARGEST}: name keys less closely \
             (--keys prefix), or make one for each --service"
        ));
    }
}
