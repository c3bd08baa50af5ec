//! The command line's shape: global options, which work before and after the subcommand, and the subcommands.

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand};

use super::{Context, Exit, Output};
use crate::config::{Backend, Flags, Key, Listen, Mode, StoreName, TargetName};

/// Declares the subcommands: a name and the module in `cli/` that has its `Args` and `run`. Those before the `;` start
/// whatever the configuration is like, and get the command line; the others get the settings in force.
macro_rules! commands {
    ($($(#[$early_doc:meta])* $early:ident => $early_module:ident,)*;
     $($(#[$doc:meta])* $name:ident => $module:ident,)*) => {
        /// What to do.
        #[derive(Debug, Subcommand)]
        pub enum Command {
            $($(#[$early_doc])* $early(super::$early_module::Args),)*
            $($(#[$doc])* $name(super::$module::Args),)*
        }

        impl Command {
            /// Does it. An error is something that `main` reports; [`Exit`] is how it went otherwise.
            pub async fn run(self, global: &Global) -> anyhow::Result<Exit> {
                let shows_warnings = self.shows_warnings();
                if let Self::Call(args) = &self
                    && let Some(exit) = args.answer_at_once(global.json())?
                {
                    return Ok(exit);
                }
                match self {
                    $(Self::$early(args) => Box::pin(super::$early_module::run(args, global.flags())).await,)*
                    $(Self::$name(args) => {
                        let context = Context::load(global.flags(), Output::stdout(global.json()))?;
                        if !shows_warnings {
                            context.log_warnings();
                            context.settings.check_directory()?;
                        }
                        Box::pin(super::$module::run(args, &context)).await
                    })*
                }
            }
        }
    };
}

commands! {
    /// Serve MCP clients on standard input and output
    Mcp => mcp,
    /// Write what a shell needs to complete the command line
    Completions => completions,
    ;
    /// Answer AWS SDKs and the AWS CLI over HTTP
    Serve => serve,
    /// Watch calls as they happen, on a screen
    Tui => tui,
    /// Call a tool once, as an MCP client would
    Call => call,
    /// Watch an MCP client work on sample tables and objects, offline
    Demo => demo,
    /// Fill buckets and tables of the emulator from a folder
    Seed => seed,
    /// Delete the emulator's tables, its buckets, or all
    Reset => reset,
    /// Print the variables that point AWS SDKs and the AWS CLI at the local endpoint
    Env => env,
    /// Show the settings in force, where each came from, and what is wrong
    Doctor => doctor,
    /// Ask whether a footbridge answers, for what looks after containers
    Healthcheck => healthcheck,
    /// Show what was called, in the past and as it happens
    Journal => journal,
    /// Say whether a project will work here: what it uses of S3 and DynamoDB, and what of that is emulated
    Check => check,
    /// Make the calls of a journal again, here or elsewhere, and show which answers differ
    Replay => replay,
    /// Copy items or objects between targets
    Copy => copy,
    /// Compare two journals of the same session, or tables and prefixes of targets
    Diff => diff,
    /// Keep what is in the emulator in a file
    Snapshot => snapshot,
    /// Bring back what a snapshot has
    Restore => restore,
    /// Take back the last tool calls that wrote
    Undo => undo,
    /// Put footbridge into the configuration of an MCP client
    Install => install,
    /// Take footbridge out of the configuration of an MCP client
    Uninstall => uninstall,
    /// Show the calls that wait for a person, and allow one
    Approve => approve,
    /// Say no to a call that waits for a person
    Deny => deny,
    /// Check the data directory, rows against bodies, and repair it
    Fsck => fsck,
    /// Honour everything that this directory's .env and footbridge.toml say
    Trust => trust,
}

impl Command {
    /// Whether the subcommand itself shows what was said and not honoured.
    #[must_use]
    pub fn shows_warnings(&self) -> bool {
        matches!(self, Self::Doctor(_) | Self::Trust(_))
    }
}

/// S3 and DynamoDB tools for coding agents, on AWS or on an embedded emulator that works offline.
#[derive(Debug, Parser)]
#[command(name = "footbridge", version, after_help = super::help::TOP, arg_required_else_help = true)]
pub struct Cli {
    /// Options of every subcommand.
    #[command(flatten)]
    pub global: Global,
    /// The subcommand.
    #[command(subcommand)]
    pub command: Command,
}

/// The headings of the options of every subcommand.
const TARGET: &str = "Where calls go";
const DATA: &str = "Local data";
const ENDPOINT: &str = "Local endpoint";
const GENERAL: &str = "General";

/// Options of every subcommand; which of them a subcommand's help shows is in [`help`](super::help).
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Global {
    /// Where calls go: the embedded emulator or AWS [default: local]
    #[arg(long, global = true, help_heading = TARGET, value_name = "local|aws", value_parser = parsed::<Backend>)]
    backend: Option<String>,
    /// The target of footbridge.toml that is meant where none is named
    #[arg(long, global = true, help_heading = TARGET, value_name = "NAME", value_parser = parsed::<TargetName>)]
    target: Option<String>,
    /// The profile of AWS's shared files
    #[arg(long, global = true, help_heading = TARGET)]
    profile: Option<String>,
    /// The region of requests
    #[arg(long, global = true, help_heading = TARGET)]
    region: Option<String>,
    /// The far side in place of AWS
    #[arg(long, global = true, help_heading = TARGET, value_name = "URL")]
    endpoint_url: Option<String>,
    /// What tools may do [default: read-write locally, ask on AWS]
    #[arg(long, global = true, help_heading = TARGET, value_name = "read-only|ask|read-write", value_parser = parsed::<Mode>)]
    mode: Option<String>,
    /// Where the local data is [default: the platform's data directory]
    #[arg(long, global = true, help_heading = DATA, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// A named store in the data directory
    #[arg(long, global = true, help_heading = DATA, value_name = "NAME", value_parser = parsed::<StoreName>)]
    store: Option<String>,
    /// Keep everything in memory and forget it at exit
    #[arg(long, global = true, help_heading = DATA)]
    ephemeral: bool,
    /// A directory that tools may read and write files in (may be repeated)
    #[arg(long, global = true, help_heading = DATA, value_name = "DIR", hide_short_help = true)]
    files: Vec<PathBuf>,
    /// The local endpoint's port or address [default: localhost:4566]
    #[arg(long, global = true, help_heading = ENDPOINT, value_name = "[ADDRESS:]PORT", value_parser = parsed::<Listen>)]
    listen: Option<String>,
    /// A further Host name that the endpoint answers to (may be repeated)
    #[arg(long, global = true, help_heading = ENDPOINT, value_name = "HOST", hide_short_help = true)]
    allow_host: Vec<String>,
    /// The endpoint as others see it, for presigned URLs
    #[arg(long, global = true, help_heading = ENDPOINT, value_name = "URL", hide_short_help = true)]
    public_url: Option<String>,
    /// Let only configured keys in
    #[arg(long, global = true, help_heading = ENDPOINT, hide_short_help = true)]
    strict: bool,
    /// Let unknown keys in even on an address that is not loopback
    #[arg(long, global = true, help_heading = ENDPOINT, hide_short_help = true)]
    any_credentials: bool,
    /// The configuration file to read in place of the usual ones
    #[arg(long, global = true, help_heading = GENERAL, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print JSON, for programs
    #[arg(long, global = true, help_heading = GENERAL)]
    json: bool,
    /// Log more; repeat for still more
    #[arg(short, long, global = true, help_heading = GENERAL, action = ArgAction::Count)]
    verbose: u8,
}

impl Global {
    /// Whether output is for programs.
    #[must_use]
    pub fn json(&self) -> bool {
        self.json
    }

    /// What was said, for [`Settings::load`](crate::config::Settings::load).
    #[must_use]
    pub fn flags(&self) -> Flags {
        let path = |path: &PathBuf| path.to_string_lossy().into_owned();
        let mut flags = Flags::new(self.config.clone(), self.verbose);
        flags.set(Key::Backend, "--backend", self.backend.clone());
        flags.set(Key::DefaultTarget, "--target", self.target.clone());
        flags.set(Key::DataDir, "--data-dir", self.data_dir.as_ref().map(path));
        flags.set(Key::Store, "--store", self.store.clone());
        flags.switch(Key::Ephemeral, "--ephemeral", self.ephemeral);
        flags.set(Key::Profile, "--profile", self.profile.clone());
        flags.set(Key::Region, "--region", self.region.clone());
        flags.set(Key::EndpointUrl, "--endpoint-url", self.endpoint_url.clone());
        flags.set(Key::Listen, "--listen", self.listen.clone());
        flags.set(Key::Mode, "--mode", self.mode.clone());
        flags.set_list(Key::AllowHost, "--allow-host", self.allow_host.clone());
        flags.set(Key::PublicUrl, "--public-url", self.public_url.clone());
        flags.switch(Key::Strict, "--strict", self.strict);
        flags.switch(Key::AnyCredentials, "--any-credentials", self.any_credentials);
        flags.set_list(Key::Files, "--files", self.files.iter().map(path).collect());
        flags
    }
}

/// Checks that `text` is a `T`, so that clap reports a mistake with the usage, and keeps the text.
fn parsed<T: std::str::FromStr<Err = String>>(text: &str) -> Result<String, String> {
    text.parse::<T>().map(|_| text.to_owned())
}
