//! `footbridge seed`: fills buckets and tables from a folder.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::output::tell;
use super::tui::watch;
use super::{Context, Exit};
use crate::backend::{Backend, BridgeError, BridgeErrorKind, Clients, Role};
use crate::config::{self, Setting};
use crate::emulator::observer::NoObserver;
use crate::seed::{self, Plan, Progress};

/// Arguments of `footbridge seed`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The folder: s3/BUCKET/**, dynamodb/TABLE.schema.json with TABLE.json, .ndjson or .csv, or a table export of AWS;
    /// without it, the one of the configuration (`[seed] path`)
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// Fill one that runs with its data in memory: the URL of its endpoint, its process id, or its journal's directory
    #[arg(long, value_name = "URL", conflicts_with_all = ["data_dir", "store"])]
    running: Option<String>,
}

const HELP: &str = "\
Examples:
  footbridge seed fixtures                        s3/BUCKET/** and dynamodb/TABLE.json of a folder
  footbridge seed fixtures --store shop           into a named store
  footbridge seed fixtures --json                 what was written, for programs";

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let settings = &context.settings;
    if settings.backend.value == config::Backend::Aws {
        tell("footbridge: seed fills the local emulator, never an AWS account");
        return Ok(Exit::Usage);
    }
    let Some(path) = args.path.or_else(|| settings.seed.as_ref().map(|path| path.value.clone())) else {
        tell("footbridge: name the folder to seed from, or set `path` under [seed] in footbridge.toml");
        return Ok(Exit::Usage);
    };
    let plan = Plan::read(&path)?;
    let bar = Bar::new(plan.bytes());
    let seeded = if let Some(sought) = &args.running {
        let clients = Clients::of_local(watch::find(sought)?.gateway()?, settings);
        seed::run(&plan, &clients, &bar).await
    } else {
        let backend = Backend::open(settings, Role::Passes, Arc::new(NoObserver)).await?;
        let seeded = seed::run(&plan, &backend.clients, &bar).await;
        backend.close().await;
        seeded
    };
    bar.0.finish_and_clear();
    let summary = seeded?;
    if context.output.is_json() {
        context.output.json(&summary)?;
    } else {
        context.output.line(format_args!(
            "{} items in tables ({} made), {} objects written and {} unchanged in buckets ({} made)",
            summary.items, summary.tables, summary.objects, summary.unchanged, summary.buckets
        ))?;
        for left_out in &summary.left_out {
            context.output.line(format_args!("left out: {left_out}"))?;
        }
    }
    Ok(Exit::Done)
}

/// Seeds from that folder, where nobody has made a bucket or a table yet.
pub(super) async fn where_empty(path: Option<&Setting<PathBuf>>, clients: &Clients) -> Result<(), BridgeError> {
    let Some(path) = path else { return Ok(()) };
    let failed = |error: seed::SeedError| {
        BridgeError::new(
            BridgeErrorKind::Storage,
            format!("seeding from {} ({}): {error}", path.value.display(), path.source),
        )
    };
    if seed::is_empty(clients).await.map_err(failed)? {
        let plan = Plan::read(&path.value).map_err(failed)?;
        let summary = seed::run(&plan, clients, &Bar(ProgressBar::hidden())).await.map_err(failed)?;
        tracing::info!(?summary, from = %path.value.display(), "seeded");
    }
    Ok(())
}

/// A bar on standard error, where that is a terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new(bytes: u64) -> Self {
        let bar = ProgressBar::new(bytes);
        if let Ok(style) = ProgressStyle::with_template("{bar:32} {bytes} of {total_bytes}, {bytes_per_sec}  {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }
}

impl Progress for Bar {
    fn begin(&self, what: &str) {
        self.0.set_message(what.to_owned());
    }

    fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }
}
