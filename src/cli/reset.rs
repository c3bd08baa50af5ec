//! `footbridge reset`: empties the emulator, whichever process has its data open.

use std::fmt;
use std::sync::Arc;

use http::{Method, Request, StatusCode};
use serde::Serialize;
use serde_json::json;

use super::output::tell;
use super::tui::watch;
use super::{Context, Exit, ask};
use crate::backend::{Backend, Gateway, Role};
use crate::config::{self, Mode};
use crate::emulator::body;
use crate::emulator::inventory::{Holding, Inventory};
use crate::emulator::observer::NoObserver;
use crate::emulator::reset::Scope;

/// Arguments of `footbridge reset`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// What goes, of every account and region
    #[arg(value_enum, default_value_t = What::All)]
    what: What,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Reset one that runs with its data in memory: the URL of its endpoint, its process id, or its journal's directory
    #[arg(long, value_name = "URL", conflicts_with_all = ["data_dir", "store"])]
    running: Option<String>,
}

const HELP: &str = "\
It says what would go, and wants the word `reset` typed. Data in memory is reset with --running URL, or at its endpoint:
curl -X POST http://127.0.0.1:PORT/_footbridge/reset

Examples:
  footbridge reset --yes                          all tables and buckets
  footbridge reset tables --yes                   only tables
  footbridge reset buckets --store shop --yes     only the buckets of a named store";

/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// What goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// Tables and buckets.
    All,
    /// Tables with their items and streams.
    Tables,
    /// Buckets with their objects, versions and uploads.
    Buckets,
}

impl What {
    fn scope(self) -> Scope {
        match self {
            Self::All => Scope::All,
            Self::Tables => Scope::Tables,
            Self::Buckets => Scope::Buckets,
        }
    }
}

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let settings = &context.settings;
    let refused = if settings.backend.value == config::Backend::Aws {
        Some((Exit::Usage, "reset empties the local emulator, never an AWS account"))
    } else if settings.ephemeral.value {
        Some((Exit::Usage, "--ephemeral keeps nothing that could be reset; --running URL resets one that runs"))
    } else if settings.mode.value == Mode::ReadOnly {
        Some((Exit::Refused, "the mode is read-only, and nothing is deleted: add --mode read-write"))
    } else {
        None
    };
    if let Some((exit, why)) = refused {
        tell(format_args!("footbridge: {why}"));
        return Ok(exit);
    }
    if let Some(sought) = &args.running {
        let found = watch::find(sought)?;
        return reset(&args, context, &found.gateway()?, &format!("the memory of process {}", found.process.pid)).await;
    }
    let path = settings.directory();
    let place = path.display().to_string();
    if !path.is_dir() {
        return done(context, args.what, &Held::default(), &place);
    }
    let backend = Backend::open(settings, Role::Passes, Arc::new(NoObserver)).await?;
    let outcome = match backend.local() {
        Some(local) => reset(&args, context, local.gateway(), &place).await,
        None => Ok(Exit::Usage),
    };
    backend.close().await;
    outcome
}

/// Resets what `gateway` leads to, which is in `place`, for people.
async fn reset(args: &Args, context: &Context, gateway: &Gateway, place: &str) -> anyhow::Result<Exit> {
    let held = gateway.inventory().await.map(|all| Held::of(&all, args.what)).unwrap_or_default();
    if !args.yes {
        let question = format!("{held} in {place} will be deleted for good. Type `reset` to go on:");
        let Some(answer) = ask::on_terminal(&context.output, &question)? else {
            tell(format_args!("footbridge: {held} would be deleted: run this in a terminal, or add --yes"));
            return Ok(Exit::Refused);
        };
        if answer != "reset" {
            tell("footbridge: nothing was deleted");
            return Ok(Exit::Refused);
        }
    }
    let mut request = Request::new(body::empty());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = args.what.scope().path().parse()?;
    let answer = gateway.send_own(request).await?;
    let status = answer.status();
    if status != StatusCode::OK {
        let said = body::read(answer.into_body(), MAX_ANSWER).await.unwrap_or_default();
        anyhow::bail!("nothing was reset ({status}): {}", String::from_utf8_lossy(&said).trim_end());
    }
    done(context, args.what, &held, place)
}

fn done(context: &Context, what: What, held: &Held, place: &str) -> anyhow::Result<Exit> {
    if context.output.is_json() {
        context.output.json(&json!({ "reset": what, "deleted": held }))?;
    } else {
        context.output.line(format_args!("deleted {held} in {place}"))?;
    }
    Ok(Exit::Done)
}

/// What there was, of what goes.
#[derive(Debug, Default, Serialize)]
struct Held {
    tables: u64,
    items: u64,
    buckets: u64,
    objects: u64,
}

impl Held {
    fn of(all: &Inventory, what: What) -> Self {
        let sum = |count: fn(&Holding) -> u64| all.holdings.iter().map(count).sum();
        let mut held = Self::default();
        if what != What::Buckets {
            (held.tables, held.items) = (sum(|holding| holding.tables), sum(|holding| holding.items));
        }
        if what != What::Tables {
            (held.buckets, held.objects) = (sum(|holding| holding.buckets), all.objects);
        }
        held
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tables, items, buckets, objects } = self;
        match (tables + items, buckets + objects) {
            (0, 0) => f.write_str("nothing"),
            (_, 0) => write!(f, "{tables} tables with {items} items"),
            (0, _) => write!(f, "{buckets} buckets with {objects} objects"),
            _ => write!(f, "{tables} tables with {items} items and {buckets} buckets with {objects} objects"),
        }
    }
}
