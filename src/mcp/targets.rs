//! Several targets behind one bridge: which of them a call is for, each opened when it is first used.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::authorizer::Caller;
use super::bridge::Bridge;
use super::context::Context;
use super::error::ToolError;
use super::inner::Inner;
use super::quoted::quoted;
use super::repair::{self, Apart};
use crate::config::{Mode, Settings};

/// How many regions of a target are kept open beside its own.
const REGIONS: usize = 16;

/// Opens targets.
#[async_trait]
pub trait Opener: Send + Sync + 'static {
    /// The bridge of the target of this name, opened now if it is not open. Dropping the future gives up nothing of it.
    ///
    /// # Errors
    /// What stands in the way. It is looked at again each time.
    async fn open(&self, name: &str) -> Result<Bridge, ToolError>;
}

/// A target that a bridge has beside its own, as far as it is known before it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Its name.
    pub name: String,
    /// What it is, in a line.
    pub about: String,
    /// What tools may do there.
    pub mode: Mode,
}

/// The targets that a bridge has beside its own.
#[derive(Clone)]
pub struct Others {
    /// What is known of them.
    pub known: Vec<Beside>,
    /// Who opens them.
    pub opener: Arc<dyn Opener>,
}

impl Others {
    /// The targets that `settings` have beside their own, where they have any.
    #[must_use]
    pub fn of(settings: &Settings, opener: Arc<dyn Opener>) -> Option<Self> {
        let known = settings.others.iter().map(|other| Beside {
            name: other.target.to_string(),
            about: other.in_short(),
            mode: other.mode.value,
        });
        (!settings.others.is_empty()).then(|| Self { known: known.collect(), opener })
    }
}

/// Which bridge a call is for.
pub(super) struct Chosen {
    pub(super) inner: Arc<Inner>,
    /// What the call said of it, for the record and the answer.
    pub(super) said: Map<String, Value>,
    /// What kept it from being opened, or found.
    pub(super) trouble: Option<ToolError>,
}

impl Chosen {
    /// The arguments with what they said of the target, for the record.
    pub(super) fn recorded(&self, mut arguments: Map<String, Value>) -> Value {
        arguments.extend(self.said.clone());
        Value::Object(arguments)
    }

    /// The answer with the target that the call named.
    pub(super) fn answered(&self, mut answer: Value) -> Value {
        if let Value::Object(map) = &mut answer {
            for (name, value) in &self.said {
                map.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
        answer
    }

    /// The target that the call named, for a note beside an error.
    pub(super) fn note(&self) -> Option<String> {
        let words: Vec<_> =
            self.said.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_str()?))).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

/// The names of all targets of a bridge, its own first; none where there is but one.
pub(super) fn names<'a>(own: &'a str, others: &'a [Beside]) -> Vec<&'a str> {
    if others.is_empty() {
        Vec::new()
    } else {
        std::iter::once(own).chain(others.iter().map(|o| o.name.as_str())).collect()
    }
}

/// The bridge that a call is for: takes what says so out of its arguments.
pub(super) async fn chosen(bridge: &Arc<Inner>, tool: &str, arguments: &mut Map<String, Value>) -> Chosen {
    let own = &bridge.context.target.name;
    let names = names(own, &bridge.context.beside);
    let shape = bridge.registry.find(tool).map(super::tool::AnyTool::shape);
    let here = |trouble| Chosen { inner: Arc::clone(bridge), said: Map::new(), trouble };
    let Some(shape) = shape else { return here(None) };
    let Apart { target, region } = match repair::apart(shape, tool, own, &names, arguments) {
        Ok(apart) => apart,
        Err(error) => return here(Some(error)),
    };
    let mut said = Map::new();
    said.extend(target.iter().map(|name| ("target".to_owned(), json!(name))));
    said.extend(region.iter().map(|name| ("region".to_owned(), json!(name))));
    let opened = match target {
        None => Ok(Arc::clone(bridge)),
        Some(name) => Bridge(Arc::clone(bridge)).target(&name).await.map(|other| other.0),
    };
    match opened {
        Ok(inner) => Chosen {
            inner: region.map_or_else(|| Arc::clone(&inner), |region| in_region(&inner, &region)),
            said,
            trouble: None,
        },
        Err(trouble) => Chosen { said, ..here(Some(trouble)) },
    }
}

tokio::task_local! {
    /// Where the call at hand came in, where it goes, and whose it is.
    static AT: At;
}

#[derive(Clone)]
struct At {
    home: Arc<Inner>,
    here: Arc<Inner>,
    caller: Caller,
}

/// Does `work` as a call that came in at `home` for what it chose.
pub(super) async fn at<F: Future>(home: &Arc<Inner>, chosen: &Chosen, caller: &Caller, work: F) -> F::Output {
    let at = At { home: Arc::clone(home), here: Arc::clone(&chosen.inner), caller: caller.clone() };
    AT.scope(at, work).await
}

/// A target that a call reaches beside its own, on behalf of whoever makes it.
pub(crate) struct Elsewhere {
    pub(crate) bridge: Bridge,
    pub(crate) caller: Caller,
}

impl Elsewhere {
    /// So much of this target's is at `to` now. What strangers wrote on AWS and an agent can read at home is still theirs.
    pub(crate) fn has_given(&self, to: &Context, copied: u64) {
        let Inner { consent, context, .. } = &*self.bridge.0;
        if let (Some(consent), Caller::Client(client), true) = (consent, &self.caller, copied > 0 && to.is_local())
            && !context.is_local()
        {
            consent.has_read(client.session, "what was copied", &context.target.name);
        }
    }
}

/// The target of this name, for the call at hand; without a name its own.
///
/// # Errors
/// [`ToolError`] where there is none, or it cannot be opened.
pub(crate) async fn elsewhere(name: Option<&str>) -> Result<Elsewhere, ToolError> {
    let at = AT.try_with(At::clone).map_err(|_| ToolError::new("internal", "there is no call at hand"))?;
    let bridge = match name {
        None => Bridge(at.here),
        Some(name) => Bridge(at.home).target(name).await?,
    };
    Ok(Elsewhere { bridge, caller: at.caller })
}

impl Bridge {
    /// The target of this name, opened now if it is not open.
    ///
    /// # Errors
    /// [`ToolError`] where there is none, or it cannot be opened.
    pub(crate) async fn target(&self, name: &str) -> Result<Self, ToolError> {
        let (own, beside) = (&self.0.context.target.name, &self.0.context.beside);
        if own == name {
            return Ok(self.clone());
        }
        match &self.0.others {
            Some(others) if beside.iter().any(|other| other.name == name) => others.opener.open(name).await,
            _ => {
                let names: Vec<_> =
                    std::iter::once(own.as_str()).chain(beside.iter().map(|o| o.name.as_str())).collect();
                let error = ToolError::arguments(format!("there is no target {}", quoted(name)));
                Err(error.hint(format!(
                    "there is {}; a person names others with [target.NAME] in footbridge.toml.",
                    names.join(", ")
                )))
            }
        }
    }
}

/// The same target in another region.
fn in_region(inner: &Arc<Inner>, region: &str) -> Arc<Inner> {
    if inner.context.target.region == region {
        return Arc::clone(inner);
    }
    let mut regions = inner.regions.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, known)) = regions.iter().find(|(name, _)| name == region) {
        return Arc::clone(known);
    }
    let there = Bridge(Arc::clone(inner)).in_region(region).0;
    if regions.len() >= REGIONS {
        regions.remove(0);
    }
    regions.push((region.to_owned(), Arc::clone(&there)));
    there
}

/// Regions that calls have named.
pub(super) type Regions = Mutex<Vec<(String, Arc<Inner>)>>;

/// Adds `target` and `region` to what clients are told of a tool's parameters.
pub(super) fn told(schema: &mut Map<String, Value>, names: &[&str]) {
    if names.is_empty() {
        return;
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        // A tool's own parameter of that name stays.
        properties.entry("target").or_insert_with(|| json!({ "type": "string", "enum": names }));
        properties.entry("region").or_insert_with(|| json!({ "type": "string" }));
    }
}

/// What clients are told of the targets before their first call.
pub(super) fn introduced(own: &str, mode: Mode, others: &[Beside]) -> String {
    let mut text = format!(" Targets, chosen by target: {own} ({mode}, the default)");
    for other in others {
        text.push_str(", ");
        text.push_str(&other.name);
        text.push_str(" (");
        text.push_str(&other.about);
        text.push(')');
    }
    text.push('.');
    text
}
