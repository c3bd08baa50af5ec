//! `footbridge env`: the variables that point AWS SDKs and the AWS CLI at the local endpoint.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::output::tell;
use super::{Context, Exit};
use crate::backend::{Answering, answering, endpoint_of};
use crate::config::{Backend, Listen, Setting, Settings, Source};

/// Arguments of `footbridge env`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The shell to write for [default: what $SHELL names, else sh]
    #[arg(long, value_enum)]
    shell: Option<Shell>,
    /// Print how to take the variables back
    #[arg(long)]
    unset: bool,
}

const HELP: &str = "\
Where no endpoint runs, that is said on standard error, and the variables are those of the one that would: exit code 0.

Examples:
  eval \"$(footbridge env)\"                        in sh, bash and zsh
  eval \"$(footbridge env --target dev)\"           a target of footbridge.toml: profile, region
  footbridge env --shell powershell               for PowerShell; in fish: footbridge env | source
  eval \"$(footbridge env --unset)\"                back to what it was";

/// A family of shells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Shell {
    /// sh, bash, zsh and the like.
    Sh,
    /// fish.
    Fish,
    /// PowerShell.
    Powershell,
}

/// Prints the exports.
#[expect(clippy::unused_async, reason = "every subcommand has this shape")]
pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let settings = &context.settings;
    if settings.target_choice.is_some() && settings.backend.value == Backend::Aws {
        return print(&args, context, &far_side(settings));
    }
    let endpoint = endpoint(settings);
    if let Endpoint::Expected(address) = &endpoint
        && !args.unset
        && answering(*address) == Answering::NoFootbridge
    {
        tell(format_args!(
            "footbridge: no footbridge answers at {endpoint} yet: start `footbridge serve`, and these variables lead to it"
        ));
    }
    print(&args, context, &variables(settings, &endpoint))
}

/// Prints variables for a shell, and of which target they are where there are several.
fn print(args: &Args, context: &Context, variables: &BTreeMap<&'static str, String>) -> anyhow::Result<Exit> {
    if context.output.is_json() {
        context.output.json(variables)?;
        return Ok(Exit::Done);
    }
    let others: Vec<_> = context.settings.others.iter().map(|other| other.target.as_str()).collect();
    if !others.is_empty() {
        // Every shell reads past it.
        context.output.exact(format_args!("# target {}; others: {}", context.settings.target, others.join(", ")))?;
    }
    let shell = args.shell.unwrap_or_else(|| Shell::of(context.settings.aws.get("SHELL")));
    for (name, value) in variables {
        context.output.exact(if args.unset { shell.unset(name) } else { shell.export(name, value) })?;
    }
    Ok(Exit::Done)
}

/// The variables. An address and not `localhost`: an SDK then puts buckets in the path by itself, without DNS. The
/// region goes by both names, since boto3 reads only the older one.
fn variables(settings: &Settings, endpoint: &Endpoint) -> BTreeMap<&'static str, String> {
    leading_to(settings, &endpoint.to_string())
}

/// The variables that lead to the endpoint at `url`.
pub(super) fn leading_to(settings: &Settings, url: &str) -> BTreeMap<&'static str, String> {
    let (key, secret) = settings.local_credentials();
    BTreeMap::from([
        ("AWS_ACCESS_KEY_ID", key.to_owned()),
        ("AWS_DEFAULT_REGION", settings.local_region().to_owned()),
        ("AWS_ENDPOINT_URL", url.to_owned()),
        ("AWS_REGION", settings.local_region().to_owned()),
        ("AWS_SECRET_ACCESS_KEY", secret.to_owned()),
    ])
}

/// The variables of a target on AWS that was chosen: whose it is and where, never keys.
fn far_side(settings: &Settings) -> BTreeMap<&'static str, String> {
    let value = |setting: &Option<Setting<String>>| setting.as_ref().map(|setting| setting.value.clone());
    let (region, profile) = (value(&settings.region), value(&settings.profile));
    let all = [
        ("AWS_PROFILE", profile),
        ("AWS_REGION", region.clone()),
        ("AWS_DEFAULT_REGION", region),
        ("AWS_ENDPOINT_URL", value(&settings.endpoint_url)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Where the endpoint is.
enum Endpoint {
    /// Where a public URL says, or where it runs just now.
    Known(String),
    /// Where it will run, if it does not yet.
    Expected(SocketAddr),
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(url) => f.write_str(url),
            Self::Expected(address) => write!(f, "http://{address}"),
        }
    }
}

/// Where the endpoint is. A flag is taken at its word.
fn endpoint(settings: &Settings) -> Endpoint {
    if let Some(url) = &settings.public_url {
        return Endpoint::Known(url.value.trim_end_matches('/').to_owned());
    }
    let Setting { value: listen, source } = &settings.listen;
    if !matches!(source, Source::Flag(_))
        && let Some(running) = endpoint_of(&settings.directory())
    {
        return Endpoint::Known(running);
    }
    Endpoint::Expected(reached(listen))
}

/// The address at which this machine reaches a listener there.
pub(super) fn reached(listen: &Listen) -> SocketAddr {
    let ip = match listen.addresses().first().map(SocketAddr::ip) {
        Some(ip) if !ip.is_unspecified() => ip,
        Some(IpAddr::V6(_)) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        _ => IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    SocketAddr::new(ip, listen.port())
}

impl Shell {
    fn of(shell: Option<&str>) -> Self {
        match shell.map(|path| path.rsplit('/').next().unwrap_or(path)) {
            Some("fish") => Self::Fish,
            Some("pwsh") => Self::Powershell,
            None if cfg!(windows) => Self::Powershell,
            _ => Self::Sh,
        }
    }

    fn export(self, name: &str, value: &str) -> String {
        match self {
            Self::Sh => format!("export {name}='{}'", value.replace('\'', r"'\''")),
            Self::Fish => format!("set -gx {name} '{}'", value.replace('\\', r"\\").replace('\'', r"\'")),
            Self::Powershell => format!("$Env:{name} = '{}'", value.replace('\'', "''")),
        }
    }

    fn unset(self, name: &str) -> String {
        match self {
            Self::Sh => format!("unset {name}"),
            Self::Fish => format!("set -e {name}"),
            Self::Powershell => format!("Remove-Item Env:{name}"),
        }
    }
}
