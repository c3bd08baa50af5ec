//! What a person's trust in a working directory would bring into force, for the person to see before they give it.

use std::fmt;

use super::dotenv::Variable;
use super::environment::{self, StaticCredentials};
use super::error::ConfigError;
use super::file::Parsed;
use super::key::Key;
use super::layer::{Entry, Layer, Stack};
use super::project::{AWS_FREE, AWS_OWN_CREDENTIALS, Judge};
use super::raw::Raw;
use super::setting::Source;
use super::sources::Files;
use super::value::Backend;
use footbridge_record::text::brief;

/// How many characters of a value are shown.
const VALUE_SHOWN: usize = 200;

/// What limits what calls may touch.
const LISTS: [Key; 3] = [Key::Buckets, Key::Prefixes, Key::Tables];

/// What a choice of the account or of AWS means beside itself.
const LIMITED: &str = "until then the mode on AWS is `ask` at most";

/// What trust would let something decide, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Which server is asked, of those that our calls go to.
    Server,
    /// Any other address, or who may call.
    Address,
    /// Which files are read and written.
    Files,
    /// Who is let in, and as whom.
    Identity,
    /// Which writes run.
    Mode,
    /// Where others can reach us.
    Listen,
    /// Whose account is used.
    Account,
    /// Anything else.
    Rest,
}

/// Something that an untrusted directory's files say and that waits for `footbridge trust`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    source: Source,
    /// What it says, safe to show; `None` for a secret.
    value: Option<String>,
    note: Option<&'static str>,
    weight: Weight,
}

impl Waiting {
    /// Whether it is a variable of AWS that would choose which server is asked.
    #[must_use]
    pub fn is_endpoint_variable(&self) -> bool {
        let aws = matches!(&self.source, Source::DotEnv { name, .. } if name.starts_with("AWS_"));
        aws && matches!(self.weight, Weight::Server | Weight::Address)
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{} = {value}", self.source)?,
            None => write!(f, "{} (not shown)", self.source)?,
        }
        self.note.map_or(Ok(()), |note| write!(f, " ({note})"))
    }
}

/// All that `files` say and that waits, on either backend, the gravest first. It is held against the person's own file
/// alone: flags and the environment outrank the directory's files, and may be others tomorrow.
pub(super) fn of(files: &Files, dotenv: &Layer, local: &Parsed) -> Result<Vec<Waiting>, ConfigError> {
    let user = &files.user.layer;
    let judges = [Backend::Aws, Backend::Local].map(|backend| Judge {
        person: Stack(vec![user]),
        backend,
        own_credentials: false,
    });
    let mut all = Vec::new();
    for (layer, key) in
        [dotenv, &local.layer].into_iter().flat_map(|layer| layer.keys().into_iter().map(move |key| (layer, key)))
    {
        let Some(entry) = layer.get(key) else { continue };
        let mut waits = waits(key, entry)?;
        let note = waits.then_some(LIMITED);
        // Where the person has none, a list narrows all the same.
        waits |= LISTS.contains(&key) && LISTS.iter().any(|list| user.get(*list).is_some());
        for judge in &judges {
            waits |= judge.refusal(key, entry)?.is_some();
        }
        if waits {
            let value = Some(shown(&said(&entry.raw)));
            all.push(Waiting { source: entry.source.clone(), value, note, weight: of_key(key) });
        }
    }
    for table in &local.targets {
        // A table of the person's of that name holds in place of this one.
        let own = files.user.targets.iter().any(|own| own.name == table.name);
        for key in table.layer.keys() {
            let Some(entry) = table.layer.get(key) else { continue };
            let mut waits = own || waits(key, entry)?;
            let note = (!own && waits).then_some(LIMITED);
            for judge in &judges {
                waits |= judge.refusal(key, entry)?.is_some();
            }
            if waits {
                let value = Some(shown(&said(&entry.raw)));
                all.push(Waiting { source: entry.source.clone(), value, note, weight: of_key(key) });
            }
        }
    }
    all.extend(local.identities.iter().map(|identity| Waiting {
        source: identity.source.clone(),
        value: Some(format!("{} in account {}", shown(&identity.value.key), identity.value.account)),
        note: None,
        weight: Weight::Identity,
    }));
    let pair = StaticCredentials::of_dotenv(&files.dotenv).is_some();
    for variable in &files.dotenv.variables {
        let source = files.dotenv.source(variable);
        let name = variable.name.as_str();
        let key = pair && name == environment::CREDENTIALS[0];
        let limited = name.starts_with("AWS_") && !AWS_FREE.contains(&name);
        if (key || limited || variable.dollar) && all.iter().all(|waiting| waiting.source != source) {
            let value = (!is_secret(name)).then(|| shown(&variable.value));
            all.push(Waiting { source, value, note: key.then_some(LIMITED), weight: of_variable(variable) });
        }
    }
    all.sort_by_key(|waiting| waiting.weight);
    Ok(all)
}

/// Whether a key chooses AWS, the account or the target: then the mode is lower until the directory is trusted.
fn waits(key: Key, entry: &Entry) -> Result<bool, ConfigError> {
    Ok(match key {
        Key::Profile | Key::DefaultTarget => true,
        Key::Backend => entry.read::<Backend>()?.value == Backend::Aws,
        _ => false,
    })
}

/// How much a variable of `.env` would decide.
pub(super) fn of_variable(variable: &Variable) -> Weight {
    let name = variable.name.as_str();
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    if let Some(key) = Key::by_variable(name) {
        of_key(key)
    } else if AWS_OWN_CREDENTIALS.contains(&name) {
        Weight::Server
    } else if has(&["ENDPOINT", "_URI", "_URL"]) {
        Weight::Address
    } else if has(&["FILE", "DIRECTORY", "BUNDLE", "PATH"]) && name != "AWS_PROFILE" {
        Weight::Files
    } else if has(&["ROLE", "TOKEN"]) {
        Weight::Identity
    } else if environment::CREDENTIALS.contains(&name) || name == "AWS_PROFILE" {
        Weight::Account
    } else {
        Weight::Rest
    }
}

fn of_key(key: Key) -> Weight {
    match key {
        Key::EndpointUrl => Weight::Server,
        Key::PublicUrl | Key::AllowHost | Key::AllowedOrigins => Weight::Address,
        Key::DataDir | Key::Files | Key::SeedPath | Key::LogFile => Weight::Files,
        Key::Backend | Key::Mode | Key::ModeLocal | Key::ModeAws | Key::AskAfterReading => Weight::Mode,
        _ if LISTS.contains(&key) => Weight::Mode,
        Key::Listen | Key::Strict | Key::AnyCredentials => Weight::Listen,
        Key::Profile | Key::DefaultTarget => Weight::Account,
        _ => Weight::Rest,
    }
}

/// Whether the value of a variable of AWS may be a secret. A path or an address is none.
fn is_secret(name: &str) -> bool {
    let place = ["_FILE", "_URI", "_URL"].iter().any(|end| name.ends_with(end));
    let secret = ["SECRET", "TOKEN", "PASSWORD", "AUTHORIZATION"].iter().any(|part| name.contains(part));
    secret && !place
}

fn said(raw: &Raw) -> String {
    match raw {
        Raw::Text(text) => text.clone(),
        Raw::Bool(value) => value.to_string(),
        Raw::Int(value) => value.to_string(),
        Raw::List(values) => values.join(", "),
    }
}

/// A value for people: harmless on a terminal, cut, and without the password of a URL.
fn shown(value: &str) -> String {
    let user = value.split_once("://").and_then(|(scheme, rest)| {
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        authority.rsplit_once('@').map(|(_, host)| format!("{scheme}://…@{host}{path}"))
    });
    brief(user.as_deref().unwrap_or(value), VALUE_SHOWN)
}
