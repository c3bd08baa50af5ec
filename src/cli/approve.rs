//! `footbridge approve`: the calls that wait for a person, and a yes to one.

use std::io::{IsTerminal as _, stdin};
use std::sync::Arc;

use footbridge_record::text::{brief, visible};
use serde_json::Value;

use super::output::{Style, tell};
use super::shell::word;
use super::{Context, Exit};
use crate::clock::SystemClock;
use crate::config::{Settings, Source};
use crate::consent::{ConsentError, How, Queue, Request, State, places};

/// The most characters of resources in a row.
const RESOURCES: usize = 60;

/// Arguments of `footbridge approve`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The request's id, or how it begins; without one, what waits is listed
    id: Option<String>,
    /// Allow the same to the same resources until the agent's session ends, not this call alone
    #[arg(long, requires = "id")]
    session: bool,
    /// Show all of the request, and answer nothing
    #[arg(long, requires = "id", conflicts_with = "session")]
    show: bool,
    /// List what was answered or given up in the last hour as well
    #[arg(long, conflicts_with = "id")]
    all: bool,
}

const HELP: &str = "\
Examples:
  footbridge approve                              what waits, with the time that is left
  footbridge approve 4f2a91c0 --show              what it would do, in full
  footbridge approve 4f2a91c0                     allow this one call
  footbridge approve 4f2a91c0 --session           the same, while the session lasts

Exit codes: 0 listed or allowed; 1 there is no such request, or it does not wait any more.";

#[expect(clippy::unused_async, reason = "every subcommand has this shape")]
pub(super) async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let Some(id) = &args.id else { return list(context, args.all) };
    let (queue, request) = match find(context, id) {
        Ok(found) => found,
        Err(error) => return Ok(told(&error)),
    };
    if args.show {
        return show(context, &request, queue.now());
    }
    let how = if args.session { How::Session } else { How::Once };
    match queue.allow(request.id, &whoever(), how) {
        Ok(request) => said(context, &request, "allowed"),
        Err(error) => Ok(told(&error)),
    }
}

/// How a person calls this command from anywhere, so that it finds the requests of a process with these settings.
pub(super) fn command(settings: &Settings) -> String {
    let chosen = !matches!(settings.data_dir.source, Source::Default) && !settings.ephemeral.value;
    let directory = settings.data_dir.value.display().to_string();
    if chosen { format!("footbridge approve --data-dir {}", word(&directory)) } else { "footbridge approve".to_owned() }
}

/// The queues in which calls of this user may wait.
fn queues(context: &Context) -> Vec<Queue> {
    let clock = Arc::new(SystemClock);
    places(&context.settings.data_dir.value).iter().map(|place| Queue::open(place, clock.clone())).collect()
}

/// The one request whose id begins so, and its queue.
pub(super) fn find(context: &Context, begin: &str) -> Result<(Queue, Request), ConsentError> {
    let mut found = Vec::new();
    let mut failed = ConsentError::Unknown(begin.to_owned());
    for queue in queues(context) {
        match queue.find(begin) {
            Ok(request) => found.push((queue, request)),
            Err(ConsentError::Unknown(_)) => {}
            Err(error) => failed = error,
        }
    }
    if found.iter().any(|(_, request)| request.state == State::Waiting) {
        found.retain(|(_, request)| request.state == State::Waiting);
    }
    if found.len() > 1 {
        let ids = found.iter().map(|(_, request)| request.short()).collect();
        return Err(ConsentError::Ambiguous { begin: begin.to_owned(), ids });
    }
    found.pop().ok_or(failed)
}

/// Says why nothing was answered.
pub(super) fn told(error: &ConsentError) -> Exit {
    // One line, whatever the client calls itself whose form was the answer.
    tell(format_args!("footbridge: {}", visible(&error.to_string())));
    Exit::Failed
}

/// Who answers, for the record and for the agent.
pub(super) fn whoever() -> String {
    let name = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let name = name.filter(|name| !name.is_empty()).map_or_else(|| "somebody".to_owned(), |name| brief(&name, 40));
    let place = if stdin().is_terminal() { "" } else { ", not at a terminal" };
    format!("{name} with `footbridge`{place}")
}

/// Says what was answered.
pub(super) fn said(context: &Context, request: &Request, word: &str) -> anyhow::Result<Exit> {
    if context.output.is_json() {
        context.output.json(request)?;
        return Ok(Exit::Done);
    }
    let asked = &request.question;
    let how = match &request.state {
        State::Allowed { how: How::Once, .. } => " once",
        State::Allowed { how: How::Session, .. } => " until its session ends",
        _ => "",
    };
    let on = brief(&asked.resources.join(", "), RESOURCES);
    // The client chose these, and a line break of its own would be a line of ours.
    let [tool, caller, target] = [&asked.tool, &asked.caller, &asked.target].map(|text| visible(text));
    context.output.line(format_args!("{word}{how}: {tool} of {caller} on {target} ({on})"))?;
    Ok(Exit::Done)
}

fn list(context: &Context, all: bool) -> anyhow::Result<Exit> {
    let mut listed = Vec::new();
    for queue in queues(context) {
        let now = queue.now();
        match queue.list() {
            Ok(requests) => listed.extend(requests.into_iter().map(|request| (now, request))),
            Err(error) => drop(told(&error)),
        }
    }
    listed.retain(|(_, request)| all || request.state == State::Waiting);
    listed.sort_by_key(|(_, request)| request.created);
    let output = &context.output;
    if output.is_json() {
        output.json(&listed.iter().map(|(_, request)| request).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    if listed.is_empty() {
        output.line("nothing waits for a person")?;
        return Ok(Exit::Done);
    }
    let heading = ["ID", "LEFT", "TARGET", "EFFECT", "TOOL", "ON", "ASKED BY"].map(str::to_owned);
    let rows: Vec<_> = [heading].into_iter().chain(listed.iter().map(|(now, request)| row(*now, request))).collect();
    let widths: Vec<_> =
        (0..7).map(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default()).collect();
    for (at, row) in rows.iter().enumerate() {
        let line: Vec<_> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        let style = if at == 0 { Style::Bold } else { Style::Plain };
        output.styled(&[(style, line.join("  ").trim_end())])?;
    }
    Ok(Exit::Done)
}

fn row(now: u64, request: &Request) -> [String; 7] {
    let asked = &request.question;
    let left = match &request.state {
        State::Waiting => time(request.left(now)),
        state => state.word().to_owned(),
    };
    let more = asked.resources.len().saturating_sub(1);
    let more = if more > 0 { format!(" +{more}") } else { String::new() };
    let on = asked.resources.first().map(|first| brief(first, RESOURCES)).unwrap_or_default() + &more;
    let short = |text: &str| brief(text, 30);
    [request.short(), left, short(&asked.target), short(&asked.effect), short(&asked.tool), on, short(&asked.caller)]
}

/// `14m32s`.
fn time(ms: u64) -> String {
    let seconds = ms / 1000;
    format!("{}m{:02}s", seconds / 60, seconds % 60)
}

fn show(context: &Context, request: &Request, now: u64) -> anyhow::Result<Exit> {
    let output = &context.output;
    if output.is_json() {
        output.json(request)?;
        return Ok(Exit::Done);
    }
    let asked = &request.question;
    let state = match &request.state {
        State::Waiting => format!("waits for a person, for {} more", time(request.left(now))),
        state => state.to_string(),
    };
    let mut lines = vec![
        ("request", request.id.to_string()),
        ("state", state),
        ("target", format!("{} ({})", asked.target, asked.far_side)),
        ("tool", asked.tool.clone()),
        ("asked by", format!("{} (process {})", asked.caller, request.pid)),
        ("effect", format!("{}, {}", asked.effect, asked.impact)),
    ];
    let does = asked.does.iter().map(String::as_str).chain(std::iter::repeat(""));
    let resources = asked.resources.iter().zip(does);
    lines.extend(resources.map(|(uri, does)| ("resource", format!("{does} {uri}").trim().to_owned())));
    for (name, text) in lines {
        output.styled(&[(Style::Dim, &format!("{name:<12}")), (Style::Plain, &visible(&text))])?;
    }
    let values =
        [("arguments", Some(&asked.arguments)), ("stored now", asked.old.as_ref()), ("would be", asked.new.as_ref())];
    for (name, value) in values {
        block(context, name, value)?;
    }
    Ok(Exit::Done)
}

fn block(context: &Context, name: &str, value: Option<&Value>) -> std::io::Result<()> {
    let Some(value) = value else { return Ok(()) };
    for (at, line) in format!("{value:#}").lines().enumerate() {
        let name = if at == 0 { name } else { "" };
        context.output.styled(&[(Style::Dim, &format!("{name:<12}")), (Style::Plain, &visible(line))])?;
    }
    Ok(())
}
