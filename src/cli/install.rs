//! `footbridge install` and `uninstall`: footbridge in the configuration of an MCP client.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use similar::TextDiff;

use super::output::tell;
use super::{Context, Exit, ask};
use crate::config::{Flags, Inputs, Setting, Source};
use crate::install::{self, Client, Entry, Greeting, Held, Place, Surroundings, Whereabouts};

/// Arguments of `footbridge install`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    #[command(flatten)]
    at: At,
    /// The program that the client starts, in place of this one
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
    /// The tools to offer, as for `footbridge mcp`
    #[arg(long, value_name = "TOOLS", value_parser = super::mcp::known)]
    tools: Option<String>,
}

/// Which entry of which file.
#[derive(Debug, clap::Args)]
pub struct At {
    /// The client
    client: Client,
    /// The file of the project in this directory, in place of your own
    #[arg(long)]
    project: bool,
    /// What the client calls the server
    #[arg(long, default_value = "footbridge", value_parser = named)]
    name: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

const HELP: &str = "\
Shows what it would change in the client's file, asks, changes that alone, and starts the server
as the client will. The options below that say where calls go and where data is come into the
entry; the data directory always does, but for --project.

Examples:
  footbridge install claude-code                  in your own ~/.claude.json
  footbridge install vscode --project             in .vscode/mcp.json
  footbridge --backend aws --profile dev install cursor --name aws-dev";

/// Arguments of `footbridge uninstall`.
#[derive(Debug, clap::Args)]
#[command(after_help = OUT)]
pub struct Out {
    #[command(flatten)]
    at: At,
}

const OUT: &str = "\
Takes out what `footbridge install` put in, to the byte. Data, journals and the program stay where they are.

Examples:
  footbridge uninstall claude-code
  footbridge uninstall vscode --project --yes";

/// Puts the entry in.
pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let At { client, name, .. } = &args.at;
    let (around, place) = found(&args.at)?;
    let command = match &args.program {
        Some(program) => std::path::absolute(program)?,
        None => install::find(&Whereabouts::of_process()?)?,
    };
    let Some(command) = command.to_str().map(str::to_owned) else {
        anyhow::bail!("{} is no text, and a client's file is: choose another place", command.display());
    };
    let entry = Entry { command, args: words(context, &args, place.project.is_some()) };
    entry.check(*client)?;
    let held = Held::read(place.clone())?;
    let new = install::with(*client, held.text(), name, &entry).map_err(|error| about(held.path(), &error))?;
    let written = match change(context, &args.at, held, &new)? {
        Ok(written) => written,
        Err(exit) => return Ok(exit),
    };
    let greeting = Box::pin(install::start(*client, &place, &around, &entry)).await;
    report(context, &args.at, &place, &entry, written, greeting)
}

/// Takes the entry out.
#[expect(clippy::unused_async, reason = "every subcommand has this shape")]
pub(super) async fn take_out(args: Out, context: &Context) -> anyhow::Result<Exit> {
    let At { client, name, .. } = &args.at;
    let (_, place) = found(&args.at)?;
    let held = Held::read(place.clone())?;
    let new = install::without(*client, held.text(), name).map_err(|error| about(held.path(), &error))?;
    let file = place.path.display();
    if new == held.text() {
        let said = format!("{file} has no server {name}");
        return done(context, &json!({ "file": place.path, "changed": false }), &said);
    }
    match change(context, &args.at, held, &new)? {
        Ok(_) => done(
            context,
            &json!({ "file": place.path, "changed": true }),
            &format!("{client} no longer has {name} ({file}); your data stays where it is"),
        ),
        Err(exit) => Ok(exit),
    }
}

fn done(context: &Context, json: &Value, line: &str) -> anyhow::Result<Exit> {
    if context.output.is_json() {
        context.output.json(json)?;
    } else {
        context.output.line(line)?;
    }
    Ok(Exit::Done)
}

/// Where the file is, and where the person works.
fn found(at: &At) -> anyhow::Result<(Surroundings, Place)> {
    let base = directories::BaseDirs::new().ok_or_else(|| anyhow::anyhow!("there is no home directory"))?;
    let Inputs { env, cwd, .. } = Inputs::of_process(Flags::default())?;
    let around =
        Surroundings { home: base.home_dir().to_owned(), config: base.config_dir().to_owned(), directory: cwd, env };
    let place = at.client.place(&around, at.project)?;
    Ok((around, place))
}

fn about(path: &Path, error: &install::InstallError) -> anyhow::Error {
    anyhow::anyhow!("{}: {error}", path.display())
}

/// Shows the change and, where a person agrees, makes it. Says whether there was anything to change.
fn change(context: &Context, at: &At, held: Held, new: &str) -> anyhow::Result<Result<bool, Exit>> {
    let path = held.path().to_owned();
    if new == held.text() {
        return Ok(Ok(false));
    }
    if !context.output.is_json() {
        let what = if held.exists() { "changes" } else { "is made" };
        context.output.line(format_args!("{} {what}:", path.display()))?;
        for line in diff(held.text(), new) {
            context.output.line(line)?;
        }
    }
    if !at.yes {
        let Some(answer) = ask::on_terminal(&context.output, "Do it? [y/N]")? else {
            let file = path.display();
            if context.output.is_json() {
                context.output.json(&json!({ "file": path, "changed": false, "would": diff(held.text(), new) }))?;
            }
            tell(format_args!("footbridge: nothing was changed: say it in a terminal, or add --yes to change {file}"));
            return Ok(Err(Exit::Refused));
        };
        if !matches!(answer.as_str(), "y" | "Y" | "yes") {
            context.output.line("nothing was changed")?;
            return Ok(Err(Exit::Refused));
        }
    }
    held.replace(new)?;
    Ok(Ok(true))
}

/// The most of a line that is shown: some clients write their file as a single one.
const LINE: usize = 160;

/// The lines that go and come, with one before and behind.
fn diff(old: &str, new: &str) -> Vec<String> {
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().context_radius(1).to_string();
    let cut = |line: &str| match line.char_indices().nth(LINE) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    };
    text.lines().map(cut).collect()
}

/// Says what was written and what the server answered.
fn report(
    context: &Context,
    at: &At,
    place: &Place,
    entry: &Entry,
    written: bool,
    greeting: Result<Greeting, String>,
) -> anyhow::Result<Exit> {
    let At { client, name, .. } = at;
    let (server, trouble) = match greeting {
        Ok(greeting) => (Some(greeting), None),
        Err(trouble) => (None, Some(trouble)),
    };
    let exit = if trouble.is_some() { Exit::Failed } else { Exit::Done };
    if context.output.is_json() {
        let entry = json!({ "name": name, "command": entry.command, "args": entry.args });
        let told =
            json!({ "file": place.path, "changed": written, "entry": entry, "server": server, "error": trouble });
        context.output.json(&told)?;
        return Ok(exit);
    }
    let output = &context.output;
    let file = place.path.display();
    let what = if written { "written" } else { "there already, nothing was changed" };
    output.line(format_args!("{name} in {file}: {what}"))?;
    if let Some(Greeting { server, protocol, instructions, tools }) = server {
        output.line(format_args!(
            "started as {client} starts it: {server}, protocol {protocol}, {} tools",
            tools.len()
        ))?;
        output.line(format_args!("it says: {instructions}"))?;
        if place.project.is_some() {
            output.line("the entry has this machine's paths: whoever else works on the project runs this too")?;
        }
        output.line(client.next())?;
    }
    if let Some(trouble) = trouble {
        tell(format_args!("footbridge: started as {client} starts it, the server does not answer: {trouble}"));
        tell(format_args!("footbridge: the entry stays; `footbridge uninstall` takes it out"));
    }
    Ok(exit)
}

/// The arguments of the server: what this command line said, and where the data is.
fn words(context: &Context, args: &Args, project: bool) -> Vec<String> {
    let settings = &context.settings;
    let mut words = vec!["mcp".to_owned()];
    let mut say = |flag: &str, value: String| words.extend([flag.to_owned(), value]);
    if matches!(settings.target_choice, Some(Source::Flag(_))) {
        say("--target", settings.target.to_string());
    }
    if said(&settings.backend) {
        say("--backend", settings.backend.value.to_string());
    }
    for (flag, setting) in [
        ("--profile", &settings.profile),
        ("--region", &settings.region),
        ("--endpoint-url", &settings.endpoint_url),
        ("--public-url", &settings.public_url),
    ] {
        if let Some(setting) = setting.as_ref().filter(|setting| said(setting)) {
            say(flag, setting.value.clone());
        }
    }
    if said(&settings.mode) {
        say("--mode", settings.mode.value.to_string());
    }
    // A client may pass no home directory, and a project's file no one else's.
    if !settings.ephemeral.value && (!project || said(&settings.data_dir)) {
        say("--data-dir", settings.data_dir.value.display().to_string());
    }
    if let Some(store) = settings.store.as_ref().filter(|setting| said(setting)) {
        say("--store", store.value.as_str().to_owned());
    }
    if said(&settings.files) {
        settings.files.value.iter().for_each(|path| say("--files", path.display().to_string()));
    }
    if said(&settings.listen) {
        // A port alone is one of both loopback addresses.
        let listen = &settings.listen.value;
        let port = (listen.addresses().len() > 1).then(|| listen.port().to_string());
        say("--listen", port.unwrap_or_else(|| listen.to_string()));
    }
    if said(&settings.allow_host) {
        settings.allow_host.value.iter().for_each(|host| say("--allow-host", host.clone()));
    }
    if let Some(tools) = &args.tools {
        say("--tools", tools.clone());
    }
    if let Some(config) = &context.config_file {
        say("--config", std::path::absolute(config).unwrap_or_else(|_| config.clone()).display().to_string());
    }
    let switches = [
        ("--ephemeral", &settings.ephemeral),
        ("--strict", &settings.strict),
        ("--any-credentials", &settings.any_credentials),
    ];
    words.extend(switches.iter().filter(|(_, setting)| said(setting)).map(|(flag, _)| (*flag).to_owned()));
    words
}

/// Whether this command line said it.
fn said<T>(setting: &Setting<T>) -> bool {
    matches!(setting.source, Source::Flag(_))
}

/// A name that every client takes, and that needs no quotes.
fn named(text: &str) -> Result<String, String> {
    let plain = |char: char| char.is_ascii_alphanumeric() || char == '-' || char == '_';
    if (1..=40).contains(&text.len()) && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("a name is 1 to 40 letters, digits, - and _".to_owned())
    }
}
