//! `footbridge serve`: the endpoint for AWS SDKs and the AWS CLI.

mod ready;
mod requests;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::FutureExt as _;
use serde::Serialize;

use self::requests::Requests;
use super::exit::nobody_reads;
use super::output::tell;
use super::session::{announce, options};
use super::tui::{self, Screen, Subject};
use super::{Context, Exit, journal, seed, signal};
use crate::backend::{self, Clients, Local, Manner, Offer, Role};
use crate::clock::{RandomIds, SystemClock};
use crate::config::{Backend, Setting, Settings, Source};
use crate::journal::{EndpointObserver, Recorder};

/// Arguments of `footbridge serve`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// Print no line for each request
    #[arg(short, long)]
    quiet: bool,
    /// Show the dashboard of this process's calls and data, in place of a line for each request; it ends both
    #[arg(long)]
    tui: bool,
    /// End when standard input ends, as it does when the process that started this one is gone
    #[arg(long, conflicts_with = "tui")]
    exit_with_parent: bool,
    /// Fill an empty store from this folder first, in place of the one of the configuration (`[seed] path`)
    #[arg(long, value_name = "PATH")]
    seed: Option<PathBuf>,
    /// Run this in a shell once it answers, with the variables that lead AWS clients here (`./tables.sh`, say); nobody is
    /// told of the endpoint before it has ended, and where it fails, this ends too
    #[arg(long, value_name = "COMMAND", conflicts_with = "tui")]
    on_ready: Option<String>,
    #[command(flatten)]
    screen: Screen,
}

const HELP: &str = "\
Each request is a line on standard error as it ends: when it began, its status, the operation, what it was about, how long
it took, and who asked. With --quiet, --json or --tui there is none; the journal has them all.

Examples:
  footbridge serve                                the data directory, on port 4566
  footbridge serve --tui                          the same, with the dashboard
  footbridge serve --seed fixtures                a store that is empty is filled from a folder
  footbridge serve --ephemeral --listen 0 --json --exit-with-parent  in a test suite";

/// What is said once the endpoint answers.
#[derive(Serialize)]
struct Ready<'a> {
    endpoint: &'a str,
    pid: u32,
    /// Where its calls are recorded.
    journal: &'a Path,
    /// What a person should know of the data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<String>,
}

/// Serves until it is told to stop.
pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let settings = &context.settings;
    if settings.backend.value == Backend::Aws {
        tell("footbridge: serve offers the local emulator: real AWS has endpoints of its own");
        return Ok(Exit::Usage);
    }
    if args.tui && !tui::has_terminal(context) {
        return Ok(Exit::Usage);
    }
    context.log_to_file()?;
    let recorder = journal::recorder(settings, Arc::new(SystemClock), Arc::new(RandomIds))?;
    let stderr = context.stderr_beside()?;
    let requests = (!args.quiet && !args.tui && !context.output.is_json()).then(|| Requests::to(Arc::clone(&stderr)));
    if let Some(requests) = &requests {
        let requests = Arc::clone(requests);
        recorder.tell(move |record| requests.take(record));
    }
    let local = backend::join(settings, Role::Stays, Arc::new(EndpointObserver::new(recorder.clone()))).await?;
    if let Some(requests) = &requests {
        requests.follow(local.gateway().clone(), recorder.dir().to_owned());
    }
    let served = serve(&args, context, &local, &recorder).await;
    local.leave().await;
    stderr.flush();
    served.map(|()| Exit::Done)
}

/// Offers the endpoint of `local` until it is told to stop.
async fn serve(args: &Args, context: &Context, local: &Local, recorder: &Recorder) -> anyhow::Result<()> {
    let settings = &context.settings;
    let clients = Clients::of_local(local.gateway().clone(), settings);
    let seed = args.seed.clone().map(|path| Setting { value: path, source: Source::Flag("--seed".to_owned()) });
    seed::where_empty(seed.as_ref().or(settings.seed.as_ref()), &clients).await?;
    let offer = Offer::open(local, settings, Manner::Insist).await?;
    // Before anybody knows that it runs.
    let mut told = Box::pin(signal::stop());
    let mut parent = match args.exit_with_parent.then(signal::end_of_input).transpose()? {
        Some(parent) => parent.boxed(),
        None => std::future::pending().boxed(),
    };
    if let (Some(command), Some(url)) = (&args.on_ready, offer.url()) {
        let ended = tokio::select! {
            ended = ready::run(command, settings, &url) => Some(ended),
            () = &mut told => None,
            () = &mut parent => None,
        };
        if !matches!(ended, Some(Ok(()))) {
            offer.close().await;
            return ended.unwrap_or(Ok(()));
        }
    }
    let target = backend::local_target(settings);
    let presence = announce(settings, "serve", &target, Some(local), recorder.dir(), offer.url()).await;
    if let Some(url) = offer.url() {
        match say(context, local, recorder.dir(), &url).await {
            // Who started it may read the address and no more.
            Err(error) if nobody_reads(&error) => {}
            said => said?,
        }
    }
    if args.tui {
        let (url, told) = (offer.watch(), offer.watch());
        let options =
            options(settings, &clients, target.clone(), Arc::new(move || told.borrow().clone()), recorder.clone());
        let data = tui::stored(options, &clients);
        let endpoint = Box::new(move || url.borrow().clone());
        let subject =
            Subject::of_process(settings, recorder.dir(), &target, endpoint, data, Some(local.gateway().clone()));
        tui::show(context, args.screen, subject, std::future::pending()).await?;
    } else {
        tokio::select! {
            () = told => {}
            () = parent => tracing::debug!("standard input has ended, and with it this process"),
        }
    }
    drop(presence);
    offer.close().await;
    Ok(())
}

/// Says where it answers.
async fn say(context: &Context, local: &Local, journal: &Path, url: &str) -> anyhow::Result<()> {
    let settings = &context.settings;
    let ready = Ready { endpoint: url, pid: std::process::id(), journal, notices: local.notices().await };
    if context.output.is_json() {
        return Ok(context.output.json(&ready)?);
    }
    let line = |text: std::fmt::Arguments<'_>| context.output.line(text);
    line(format_args!("footbridge answers AWS SDKs and the AWS CLI at {url}"))?;
    line(format_args!("data: {}", place(local)))?;
    for notice in &ready.notices {
        line(format_args!("note: {notice}"))?;
    }
    line(format_args!("in another shell: eval \"$(footbridge env{})\"", same_place(settings, url)))?;
    if settings.ephemeral.value {
        line(format_args!(
            "to watch it: footbridge tui --watch {url}   # its journal, while it runs: {}",
            journal.display()
        ))?;
    }
    Ok(())
}

/// Where the data is.
fn place(local: &Local) -> String {
    local.directory().map_or("in memory".to_owned(), |directory| directory.path().display().to_string())
}

/// The flags that lead another command to the same endpoint, which it finds by the data directory.
fn same_place(settings: &Settings, url: &str) -> String {
    if settings.ephemeral.value {
        let port = url.rsplit(':').next().unwrap_or_default();
        return format!(" --listen {port}");
    }
    let mut flags = String::new();
    if matches!(settings.data_dir.source, Source::Flag(_)) {
        let _ = write!(flags, " --data-dir {}", settings.data_dir.value.display());
    }
    if let Some(store) = settings.store.as_ref().filter(|store| matches!(store.source, Source::Flag(_))) {
        let _ = write!(flags, " --store {}", store.value);
    }
    flags
}
