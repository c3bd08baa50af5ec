//! `footbridge tui`: calls and data on a screen; and the same beside `serve` and `demo`.

pub(super) mod watch;

use std::io::{IsTerminal as _, stdin, stdout};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use footbridge_record::Target;
use footbridge_tui::{Dashboard, Facts, Hint, Look, Mode, Options, Theme};

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::journal::limits;
use super::output::tell;
use super::session::{Session, options};
use super::shell::word;
use super::{Context, Exit, approve, signal};
use crate::backend::{Clients, Gateway, Role, endpoint_of, local_target};
use crate::clock::{Clock as _, RandomIds, SystemClock};
use crate::config::{self, Backend, Settings, Source};
use crate::dashboard::data::Stored;
use crate::dashboard::{Approvals, Journals, Places, Sessions, Watched};
use crate::journal::Recorder;
use crate::mcp;

/// Watch calls as they happen, on a screen.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// Watch a process that has its data in memory, such as `serve --ephemeral`: by its endpoint, its number, or the
    /// directory of its journal
    #[arg(long, value_name = "URL|PID|DIR")]
    watch: Option<String>,
    #[command(flatten)]
    screen: Screen,
}

const HELP: &str = "\
Examples:
  footbridge tui                                  the calls and the data of the data directory
  footbridge tui --store shop                     those of a named store
  footbridge tui --watch http://127.0.0.1:4566    of a `serve --ephemeral`";

/// How the dashboard is drawn.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Screen {
    /// Draw the dashboard with ASCII characters only, as for a locale that is not UTF-8
    #[arg(long)]
    ascii: bool,
    /// The colours; without it, what the terminal can show
    #[arg(long, value_parser = themes())]
    theme: Option<Theme>,
    /// Leave the mouse to the terminal, as for selecting text
    #[arg(long)]
    no_mouse: bool,
}

/// The words of `--theme`.
fn themes() -> impl TypedValueParser<Value = Theme> {
    PossibleValuesParser::new(Theme::ALL.map(|(word, _)| word))
        .map(|word| Theme::ALL.into_iter().find(|(known, _)| *known == word).map_or(Theme::Sixteen, |(_, theme)| theme))
}

/// What the dashboard is about.
pub(super) struct Subject {
    /// The journal of this process, which others of the same store share.
    pub(super) journal: PathBuf,
    /// The directory of named stores, where theirs are watched as well.
    pub(super) stores: Option<PathBuf>,
    /// Where calls go, as far as that is known by now.
    pub(super) target: Arc<Mutex<Target>>,
    /// Whether data may be changed there.
    pub(super) mode: Mode,
    /// The local endpoint that others reach just then.
    pub(super) endpoint: Box<dyn Fn() -> Option<String> + Send>,
    /// What is watched, for people.
    pub(super) watched: Box<dyn Fn() -> String + Send>,
    /// How to make calls appear.
    pub(super) hints: Vec<Hint>,
    /// The stored data.
    pub(super) data: Stored,
    /// What runs.
    pub(super) sessions: Sessions,
}

pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    if !has_terminal(context) {
        return Ok(Exit::Usage);
    }
    if let Some(sought) = &args.watch {
        show(context, args.screen, memory_of(&context.settings, sought)?, std::future::pending()).await?;
        return Ok(Exit::Done);
    }
    context.log_to_file()?;
    let settings = &context.settings;
    let session = Session::open(context, "tui", Role::Stays).await?;
    let subject = of_session(settings, &session);
    let target = Arc::clone(&subject.target);
    let asking = async {
        if settings.backend.value == Backend::Aws {
            match session.backend.who().await {
                Ok(who) => *target.lock().unwrap_or_else(PoisonError::into_inner) = (&who).into(),
                Err(error) => tracing::warn!(%error, "the account is not known"),
            }
        }
    };
    let shown = show(context, args.screen, subject, asking).await;
    session.close().await;
    shown.map(|()| Exit::Done)
}

/// Whether there is a terminal to draw on; says so where there is none.
pub(super) fn has_terminal(context: &Context) -> bool {
    let there = !context.output.is_json() && stdin().is_terminal() && stdout().is_terminal();
    if !there {
        tell("footbridge: tui needs a terminal; `footbridge journal tail -f` shows calls without one");
    }
    there
}

/// The dashboard of a session of this process.
pub(super) fn of_session(settings: &Settings, session: &Session) -> Subject {
    let directory = settings.directory();
    let own = session.endpoint(settings);
    let endpoint: Box<dyn Fn() -> Option<String> + Send> = match settings.backend.value {
        Backend::Local if settings.ephemeral.value => Box::new(move || own()),
        // The endpoint is whoever's of this directory offers it just then.
        Backend::Local => Box::new(move || endpoint_of(&directory)),
        Backend::Aws => Box::new(|| None),
    };
    let data = stored(session.options.clone(), &session.backend.clients);
    let gateway = session.backend.local().map(|local| local.gateway().clone());
    Subject::of_process(settings, &session.journal, &session.backend.target(), endpoint, data, gateway)
}

impl Subject {
    /// The dashboard of this process, and of all stores where none was chosen.
    pub(super) fn of_process(
        settings: &Settings,
        journal: &Path,
        target: &mcp::Target,
        endpoint: Box<dyn Fn() -> Option<String> + Send>,
        data: Stored,
        gateway: Option<Gateway>,
    ) -> Self {
        let in_memory = settings.ephemeral.value;
        let stores = watches_stores(settings).then(|| settings.data_dir.value.join("stores"));
        let directory = if in_memory { journal.to_owned() } else { settings.directory() };
        let watched = if in_memory { "memory".to_owned() } else { directory.display().to_string() };
        let log = settings.log_file.as_ref().map(|file| file.value.clone());
        let store = settings.store.as_ref().map(|store| store.value.to_string()).unwrap_or_default();
        let sessions = Sessions::of(directory, gateway)
            .beside(store, stores.clone())
            .with_log(log.or_else(|| (!in_memory).then(|| settings.default_log_file())));
        let mut hints = hints(settings);
        if in_memory {
            hints.extend(endpoint().map(|url| env_hint(&url)));
        }
        Self {
            journal: journal.to_owned(),
            stores,
            target: Arc::new(Mutex::new(target.into())),
            mode: mode(settings.mode.value),
            endpoint,
            watched: Box::new(move || watched.clone()),
            hints,
            data,
            sessions,
        }
    }
}

/// The data behind a bridge of these options over these clients.
pub(super) fn stored(options: mcp::Options, clients: &Clients) -> Stored {
    Stored::new(options, clients.streams.clone(), tokio::runtime::Handle::current())
}

/// The dashboard of another process, which has its data in memory.
pub(super) fn memory_of(settings: &Settings, sought: &str) -> anyhow::Result<Subject> {
    let found = Arc::new(watch::find(sought)?);
    // What cannot be reached is said now, and not with the first look at the data.
    let gateway = found.gateway()?;
    let clients = Clients::of_local(gateway.clone(), settings);
    let url = found.process.endpoint.clone();
    // What is changed from here is recorded where that process records.
    let recorder = Recorder::in_dir(&found.place, limits(settings), Arc::new(SystemClock), Arc::new(RandomIds))?;
    let told = url.clone();
    let options = options(settings, &clients, local_target(settings), Arc::new(move || told.clone()), recorder);
    let data = stored(options, &clients);
    let hints = url.as_deref().map(env_hint).into_iter().collect();
    let (living, told) = (Arc::clone(&found), Arc::clone(&found));
    Ok(Subject {
        journal: found.place.clone(),
        stores: None,
        target: Arc::new(Mutex::new(found.process.target.clone())),
        mode: found.process.mode.parse().map_or(Mode::ReadOnly, mode),
        endpoint: Box::new(move || url.clone().filter(|_| living.lives())),
        watched: Box::new(move || {
            let ended = if told.lives() { "" } else { ", which has ended" };
            format!("the memory of process {} ({}){ended}", told.process.pid, told.process.command)
        }),
        hints,
        data,
        sessions: Sessions::of(found.place.clone(), Some(gateway)),
    })
}

/// How to bring other clients to an endpoint that no directory knows.
fn env_hint(url: &str) -> Hint {
    let port = url.rsplit(':').next().unwrap_or_default();
    let title = "Point AWS SDKs and the AWS CLI there, in another shell:".to_owned();
    Hint { title, paste: format!("eval \"$(footbridge env --listen {port})\"") }
}

/// Shows the dashboard until a person or a signal ends it. `beside` goes on meanwhile, and ends with it.
pub(super) async fn show(
    context: &Context,
    screen: Screen,
    subject: Subject,
    beside: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let Subject { journal, stores, target, mode, endpoint, watched, hints, data, sessions } = subject;
    let facts = move || Facts {
        target: target.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        mode,
        endpoint: endpoint(),
        watched: watched(),
        hints: hints.clone(),
    };
    let calls = Places::default();
    let directory = sessions.directory().to_owned();
    let (clock, stores_too) = (Arc::new(SystemClock), stores.clone());
    let approvals = Approvals::of(directory.clone(), stores_too, approve::whoever(), clock.clone());
    let watched = Watched { journal, stores, directory, facts: Box::new(facts), places: calls.clone() };
    let data = Arc::new(data.with(calls, sessions, approvals.clone()));
    let options = Options {
        look: Look::of_environment(|name| std::env::var(name).ok(), screen.theme, screen.ascii),
        clock: Box::new(|| SystemClock.millis()),
        offset: chrono::Local::now().offset().local_minus_utc(),
        mouse: !screen.no_mouse,
    };
    let source = Journals::new(watched, clock).with(approvals);
    let dashboard = Dashboard::new(Box::new(source), data, options);
    let remote = dashboard.remote();
    context.quiet(true);
    // Before anything is drawn: a signal that nobody heard would leave the terminal as the dashboard has it.
    let told = signal::hang_up_or_stop();
    let showing = tokio::task::spawn_blocking(move || dashboard.run());
    let stopping = async {
        told.await;
        remote.stop();
    };
    let shown = {
        tokio::pin!(showing, stopping, beside);
        let (mut stopped, mut done) = (false, false);
        loop {
            tokio::select! {
                shown = &mut showing => break shown,
                () = &mut stopping, if !stopped => stopped = true,
                () = &mut beside, if !done => done = true,
            }
        }
    };
    context.quiet(false);
    shown??;
    Ok(())
}

/// The mode in the dashboard's words.
fn mode(mode: config::Mode) -> Mode {
    match mode {
        config::Mode::ReadOnly => Mode::ReadOnly,
        config::Mode::Ask => Mode::Ask,
        config::Mode::ReadWrite => Mode::ReadWrite,
    }
}

/// Whether named stores are watched as well: where none was chosen, all that happens in the data directory is.
fn watches_stores(settings: &Settings) -> bool {
    settings.store.is_none() && !settings.ephemeral.value
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
    words.iter().flat_map(|known| [" ".into(), word(known)]).collect()
}
