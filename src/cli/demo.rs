//! `footbridge demo`: a scripted MCP client at work, on sample data, in a store of its own.

mod client;
mod fetch;
mod fixtures;
mod pace;
mod script;
mod stage;
mod store;

use std::sync::{Arc, Mutex};

use self::client::Client;
use self::pace::Pace;
use self::stage::Stage;
use self::store::Store;
use super::output::tell;
use super::session::Session;
use super::tui::{self, Screen};
use super::{Context, Exit, Output, signal};
use crate::backend::Role;

/// Watch an MCP client work on sample tables and objects, offline.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// Make no pauses, as where standard output is no terminal
    #[arg(long)]
    fast: bool,
    /// Show it on the dashboard, which stays open with its data
    #[arg(long)]
    tui: bool,
    #[command(flatten)]
    screen: Screen,
}

const HELP: &str = "\
On a terminal it takes about half a minute. Any key goes on at once, Ctrl-C ends it.

Examples:
  footbridge demo                                 line by line
  footbridge demo --tui                           on the dashboard
  footbridge demo --ephemeral --fast              at once, and nothing stays on the disk";

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    if args.tui && !tui::has_terminal(context) {
        return Ok(Exit::Usage);
    }
    // Before the terminal is anything but it was.
    let told = signal::hang_up_or_stop();
    let store = store::rebuild(&context.settings)?;
    if args.tui {
        Box::pin(on_dashboard(&args, context, &store)).await
    } else {
        on_screen(&args, context, &store, told).await
    }
}

/// Plays it line by line.
async fn on_screen(
    args: &Args,
    context: &Context,
    store: &Store,
    told: impl Future<Output = ()>,
) -> anyhow::Result<Exit> {
    let output = &context.output;
    let client = Client::start(&context.settings, store).await?;
    let is_watched = output.is_terminal() && !output.is_json();
    let pace = if is_watched && !args.fast { Pace::of_terminal() } else { Pace::fast() };
    if pace.hears_keys() {
        output.line("Any key goes on at once, Ctrl-C ends it; with --fast there are no pauses.")?;
    }
    let stage = Stage::new(output.clone(), client, pace);
    let played = tokio::select! {
        played = script::play(&stage) => Some(played),
        () = told => None,
    };
    let ended = stage.end().await;
    let Some(played) = played else {
        // The signal may have ended the server as well.
        tell("footbridge: ended before the end of the demo");
        return Ok(Exit::Done);
    };
    let exit = judged(played, ended?)?;
    if exit == Exit::Done && !output.is_json() && !context.settings.ephemeral.value {
        output.line(store::next_steps(&context.settings))?;
    }
    Ok(exit)
}

/// Plays it while the dashboard shows it, which stays with the data until somebody ends it.
async fn on_dashboard(args: &Args, context: &Context, store: &Store) -> anyhow::Result<Exit> {
    let settings = store.settings(&context.settings)?;
    let (session, client, subject) = if settings.ephemeral.value {
        let client = Client::start(&context.settings, store).await?;
        let subject = tui::memory_of(&settings, &client.pid().to_string())?;
        (None, client, subject)
    } else {
        // This process first: it has the data then, and keeps it when the demo's server ends.
        let session = Session::of_settings(&settings, "demo", Role::Stays).await?;
        let subject = tui::of_session(&settings, &session);
        (Some(session), Client::start(&context.settings, store).await?, subject)
    };
    let pace = if args.fast { Pace::fast() } else { Pace::slow() };
    let nowhere = Output::to(false, Arc::new(Mutex::new(std::io::sink())));
    let stage = Stage::new(nowhere, client, pace);
    let mut played = Ok(());
    let shown = tui::show(context, args.screen, subject, async { played = script::play(&stage).await }).await;
    let ended = stage.end().await;
    if let Some(session) = session {
        session.close().await;
    }
    shown?;
    judged(played, ended?)
}

/// What came of it, where so many answers were not as expected.
fn judged(played: anyhow::Result<()>, differences: u32) -> anyhow::Result<Exit> {
    played?;
    if differences > 0 {
        tell(format_args!("footbridge: {differences} answers differ from what the demo expects"));
        return Ok(Exit::Failed);
    }
    Ok(Exit::Done)
}
