//! `footbridge tui`: calls as they happen, on a screen.

use std::io::{IsTerminal as _, stdin, stdout};
use std::sync::{Arc, Mutex, PoisonError};

use footbridge_tui::model::Target;
use footbridge_tui::{Dashboard, Facts, Hint, Look, Options};

use super::output::tell;
use super::session::Session;
use super::{Context, Exit, signal};
use crate::backend::{Role, endpoint_of};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Backend, Settings, Source};
use crate::dashboard::{Journals, Watched};
use crate::mcp::{self, TargetKind};

/// Watch calls as they happen, on a screen.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Draw with ASCII characters only, as for a locale that is not UTF-8
    #[arg(long)]
    ascii: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    if context.output.is_json() || !stdin().is_terminal() || !stdout().is_terminal() {
        tell("footbridge: tui needs a terminal; `footbridge journal tail -f` shows calls without one");
        return Ok(Exit::Usage);
    }
    context.log_to_file()?;
    let session = Session::open(context, Role::Stays).await?;
    let target = Arc::new(Mutex::new(shown(session.backend.target())));
    let watched = Watched {
        journal: session.journal.clone(),
        stores: watches_stores(&context.settings).then(|| context.settings.data_dir.value.join("stores")),
        facts: facts(&context.settings, Arc::clone(&target)),
    };
    let options = Options {
        look: Look::of_environment(|name| std::env::var(name).ok(), args.ascii),
        clock: Box::new(|| SystemClock.millis()),
        offset: chrono::Local::now().offset().local_minus_utc(),
    };
    let dashboard = Dashboard::new(Box::new(Journals::new(watched, Arc::new(SystemClock))), options);
    let remote = dashboard.remote();
    context.quiet(true);
    // Before anything is drawn: a signal that nobody heard would leave the terminal as the dashboard has it.
    let told = signal::hang_up_or_stop();
    let showing = tokio::task::spawn_blocking(move || dashboard.run());
    let asking = async {
        if context.settings.backend.value == Backend::Aws {
            match session.backend.who().await {
                Ok(who) => *target.lock().unwrap_or_else(PoisonError::into_inner) = shown(who),
                Err(error) => tracing::warn!(%error, "the account is not known"),
            }
        }
        told.await;
        remote.stop();
    };
    let shown = {
        tokio::pin!(showing);
        tokio::select! {
            shown = &mut showing => shown,
            () = asking => showing.await,
        }
    };
    context.quiet(false);
    session.close().await;
    shown??;
    Ok(Exit::Done)
}

/// Whether named stores are watched as well: where none was chosen, all that happens in the data directory is.
fn watches_stores(settings: &Settings) -> bool {
    settings.store.is_none() && !settings.ephemeral.value
}

/// The backend's target in the dashboard's words.
fn shown(target: mcp::Target) -> Target {
    let (account, region) = (target.account, Some(target.region));
    match target.kind {
        TargetKind::Local => Target::Local { account, region },
        TargetKind::Aws => Target::Aws { account, region },
        TargetKind::Custom(url) => Target::Custom { url, region },
    }
}

/// What stands round the calls. The endpoint is whoever's of this directory offers it just then.
fn facts(settings: &Settings, target: Arc<Mutex<Target>>) -> Box<dyn Fn() -> Facts + Send> {
    let directory = (!settings.ephemeral.value).then(|| settings.directory());
    let is_local = settings.backend.value == Backend::Local;
    let watched = match &directory {
        Some(directory) => directory.display().to_string(),
        None => "memory".to_owned(),
    };
    let hints = hints(settings);
    Box::new(move || Facts {
        target: target.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        endpoint: directory.as_ref().filter(|_| is_local).and_then(|directory| endpoint_of(directory)),
        watched: watched.clone(),
        hints: hints.clone(),
    })
}

/// How to make calls appear.
fn hints(settings: &Settings) -> Vec<Hint> {
    let hint = |title: &str, paste: String| Hint { title: title.to_owned(), paste };
    let place = place(settings);
    let arguments: Vec<&str> = ["mcp"].into_iter().chain(place.iter().map(String::as_str)).collect();
    let arguments = serde_json::json!(arguments);
    let entry = format!(
        "{{ \"mcpServers\": {{ \"footbridge\": {{\n    \"command\": \"footbridge\",\n    \"args\": {arguments}\n}} }} }}"
    );
    let words = shell(&place);
    let mut hints =
        vec![hint("Give the tools to a coding agent:", format!("claude mcp add footbridge -- footbridge mcp{words}"))];
    if settings.backend.value == Backend::Local {
        if !settings.ephemeral.value {
            let paste = format!("eval \"$(footbridge env{words})\"");
            hints.push(hint("Point AWS SDKs and the AWS CLI here, in another shell:", paste));
        }
        if watches_stores(settings) {
            hints.push(hint("Watch an example, in another shell:", format!("footbridge demo{words}")));
        }
    }
    hints.push(hint("The tools in the configuration of any MCP client:", entry));
    hints
}

/// The flags that lead another command to the same place.
fn place(settings: &Settings) -> Vec<String> {
    let mut flags = Vec::new();
    let mut put = |name: &str, source: &Source, value: String| {
        if matches!(source, Source::Flag(_)) {
            flags.extend([name.to_owned(), value]);
        }
    };
    put("--backend", &settings.backend.source, settings.backend.value.to_string());
    // Another command may be started elsewhere.
    let dir = std::path::absolute(&settings.data_dir.value).unwrap_or_else(|_| settings.data_dir.value.clone());
    put("--data-dir", &settings.data_dir.source, dir.display().to_string());
    if let Some(store) = &settings.store {
        put("--store", &store.source, store.value.to_string());
    }
    for (name, setting) in [("--profile", &settings.profile), ("--region", &settings.region)] {
        if let Some(setting) = setting {
            put(name, &setting.source, setting.value.clone());
        }
    }
    if let Some(url) = &settings.endpoint_url {
        put("--endpoint-url", &url.source, url.value.clone());
    }
    flags
}

/// Words for a shell, each with a space before it.
fn shell(words: &[String]) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@%+,".contains(c);
    let quoted = |word: &String| {
        if word.chars().all(is_plain) { format!(" {word}") } else { format!(" '{}'", word.replace('\'', "'\\''")) }
    };
    words.iter().map(quoted).collect()
}
