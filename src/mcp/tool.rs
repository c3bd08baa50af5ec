//! What a tool is: one file that implements [`Tool`], and one row in its family.

use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use rmcp::model::{JsonObject, ToolAnnotations};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

pub(crate) use super::access::{Access, Resource};
use super::authorizer::Effect;
use super::context::Context;
use super::error::ToolError;
use super::notes;
use super::quoted::named;
use super::repair::{self, Facts, Shape};
use super::{schema, teach};

/// The parameter of all tools that may destroy, which are those that take `confirm`: `false` makes no snapshot before.
const SNAPSHOT: &str = "snapshot";

/// The longest that a file transfer may take.
pub(crate) const TRANSFER: Duration = Duration::from_mins(30);

/// What MCP clients are told about a tool as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It changes nothing.
    Reads,
    /// It only adds.
    Adds,
    /// It may replace or delete; saying it twice changes no more than saying it once.
    Replaces,
    /// It may replace or delete, and saying it twice may do more than saying it once.
    Changes,
}

/// How usual a tool is: what agents are told of costs them tokens in each session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    /// Offered where nothing else is said.
    Usual,
    /// Offered with `--tools all`, or by its name.
    Rare,
    /// Offered where there are several targets, else as what is rare.
    Between,
}

/// A parameter that a configured default may fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Default {
    /// None.
    None,
    /// `bucket`.
    Bucket,
    /// `table`.
    Table,
}

impl Default {
    /// The parameter's name and its configured value.
    pub(crate) fn value(self, context: &Context) -> Option<(&'static str, &str)> {
        match self {
            Self::None => None,
            Self::Bucket => context.default_bucket.as_deref().map(|name| ("bucket", name)),
            Self::Table => context.default_table.as_deref().map(|name| ("table", name)),
        }
    }
}

/// A tool.
#[async_trait]
pub(crate) trait Tool: Send + Sync + 'static {
    /// Its parameters. Unknown ones are refused: `#[serde(deny_unknown_fields)]`.
    type Args: DeserializeOwned + JsonSchema + Send + Sync + 'static;
    const NAME: &'static str;
    const DESCRIPTION: &'static str;
    const KIND: Kind;
    /// The arguments of a call that works in the world of [`About::example`](super::About::example): a test makes it.
    const EXAMPLE: &'static str = "{}";
    const TIER: Tier = Tier::Usual;
    /// Whether some of its calls change nothing that is stored, so that a mode without writes leaves it in the list.
    const RUNS_READ_ONLY: bool = matches!(Self::KIND, Kind::Reads);
    const DEFAULT: Default = Default::None;
    /// Whether it is offered only where file directories are allowed.
    const NEEDS_FILES: bool = false;
    /// Parameters that are offered only where file directories are allowed.
    const FILE_PARAMETERS: &'static [&'static str] = &[];
    /// Whether a snapshot is made of what a call destroys before it does, unless the call says `snapshot: false`. A tool that
    /// makes its own has that parameter among its own.
    const SNAPSHOTS: bool = true;
    /// Parameters that are seldom needed: understood always, told of with `--tools all`.
    const RARE_PARAMETERS: &'static [&'static str] = &[];
    /// Parameters that it had once, and what to use instead.
    const MOVED: &'static [(&'static str, &'static str)] = &[];

    /// What a call with these arguments would do, and to what.
    fn access(args: &Self::Args) -> Access;

    /// What an unconfirmed destructive call would destroy, in words.
    async fn loss(_context: &Context, args: &Self::Args) -> Result<String, ToolError> {
        Ok(Self::access(args).uris().iter().map(|resource| named(resource)).collect::<Vec<_>>().join(", "))
    }

    /// How long a call may take, where that is not the usual limit.
    fn time_limit(_args: &Self::Args) -> Option<Duration> {
        None
    }

    /// Makes the call.
    async fn run(context: &Context, args: Self::Args) -> Result<Value, ToolError>;
}

/// A tool, its type of arguments forgotten.
pub(crate) trait AnyTool: Send + Sync {
    fn name(&self) -> &'static str;
    fn description(&self) -> &'static str;
    fn example(&self) -> &'static str;
    /// The same schema, as repairs read it.
    fn shape(&self) -> &Shape;
    fn kind(&self) -> Kind;
    fn tier(&self) -> Tier;
    fn runs_read_only(&self) -> bool;
    /// The schema of its parameters, all of them.
    fn parameters(&self) -> JsonObject;
    /// What clients are told of it; nothing where it cannot work.
    fn definition(&self, context: &Context) -> Option<rmcp::model::Tool>;
    /// Reads the arguments.
    fn prepare(&self, context: &Context, arguments: &mut Map<String, Value>) -> Result<Box<dyn AnyCall>, ToolError>;
}

/// A call that is ready to be made.
#[async_trait]
pub(crate) trait AnyCall: Send + Sync {
    fn access(&self) -> Access;
    /// Whether a snapshot is made of what it destroys.
    fn snapshots(&self) -> bool;
    fn time_limit(&self) -> Option<Duration>;
    async fn loss(&self, context: &Context) -> Result<String, ToolError>;
    async fn run(self: Box<Self>, context: &Context) -> Result<Value, ToolError>;
}

/// Declares a family's tools, a row each: `module::Type`. The order is that in which clients are told of them.
macro_rules! tools {
    ($($module:ident::$tool:ident,)+) => {
        $(pub(crate) mod $module;)+

        /// The tools of this family.
        pub(in crate::mcp) fn all() -> Vec<Box<dyn $crate::mcp::tool::AnyTool>> {
            vec![$($crate::mcp::tool::entry::<$module::$tool>(),)+]
        }
    };
}
pub(crate) use tools;

/// The tool of this type, its type of arguments forgotten.
pub(in crate::mcp) fn entry<T: Tool>() -> Box<dyn AnyTool> {
    Box::new(Entry::<T> { shape: OnceLock::new(), of: PhantomData })
}

/// The schema of a tool's parameters: its own, and the one that all have that may destroy.
fn parameters<T: Tool>(hidden: &[&str], optional: Option<&str>) -> JsonObject {
    let mut schema = schema::of::<T::Args>(hidden, optional);
    if T::SNAPSHOTS
        && !hidden.contains(&SNAPSHOT)
        && let Some(Value::Object(properties)) = schema.get_mut("properties")
        && properties.contains_key("confirm")
    {
        let about = json!({ "description": "false: makes none before", "type": "boolean" });
        properties.insert(SNAPSHOT.to_owned(), about);
    }
    schema
}

struct Entry<T> {
    /// Its schema, read at the first call.
    shape: OnceLock<Shape>,
    of: PhantomData<fn() -> T>,
}

impl<T: Tool> AnyTool for Entry<T> {
    fn name(&self) -> &'static str {
        T::NAME
    }

    fn description(&self) -> &'static str {
        T::DESCRIPTION
    }

    fn example(&self) -> &'static str {
        T::EXAMPLE
    }

    fn parameters(&self) -> JsonObject {
        parameters::<T>(&[], None)
    }

    fn shape(&self) -> &Shape {
        self.shape.get_or_init(|| Shape::of(&parameters::<T>(&[], None)))
    }

    fn kind(&self) -> Kind {
        T::KIND
    }

    fn tier(&self) -> Tier {
        T::TIER
    }

    fn runs_read_only(&self) -> bool {
        T::RUNS_READ_ONLY
    }

    fn definition(&self, context: &Context) -> Option<rmcp::model::Tool> {
        if T::NEEDS_FILES && context.files.none() {
            return None;
        }
        let no_files = if context.files.none() { T::FILE_PARAMETERS } else { &[] };
        let rare = if context.offered.is_all() { &[] } else { T::RARE_PARAMETERS };
        // On AWS there are no snapshots to leave out.
        let snapshot: &[_] = if context.offered.is_all() && context.is_local() { &[] } else { &[SNAPSHOT] };
        let hidden = [no_files, rare, snapshot].concat();
        let defaulted = T::DEFAULT.value(context).map(|(name, _)| name);
        let schema = parameters::<T>(&hidden, defaulted);
        let hints = ToolAnnotations::new().open_world(!context.is_local());
        let hints = match T::KIND {
            // Of what changes nothing it needs not be said that it destroys nothing.
            Kind::Reads => hints.read_only(true),
            Kind::Adds => hints.read_only(false).destructive(false).idempotent(true),
            Kind::Replaces => hints.read_only(false).destructive(true).idempotent(true),
            // Not idempotent is what is assumed.
            Kind::Changes => hints.read_only(false).destructive(true),
        };
        Some(rmcp::model::Tool::new(T::NAME, T::DESCRIPTION, Arc::new(schema)).with_annotations(hints))
    }

    fn prepare(&self, context: &Context, arguments: &mut Map<String, Value>) -> Result<Box<dyn AnyCall>, ToolError> {
        let shape = self.shape();
        let facts = Facts {
            tool: T::NAME,
            region: &context.target.region,
            local: context.is_local(),
            writes: T::KIND != Kind::Reads,
        };
        repair::repair(shape, facts, arguments)?.into_iter().for_each(notes::say);
        if let Some((name, value)) = T::DEFAULT.value(context)
            && !arguments.contains_key(name)
        {
            arguments.insert(name.to_owned(), value.into());
        }
        if let Some((name, instead)) = T::MOVED.iter().find(|(name, _)| arguments.contains_key(*name)) {
            return Err(ToolError::arguments(format!("{name}: {} has it no longer; {instead}", T::NAME)));
        }
        let wrong = |arguments: &Map<String, Value>, path: &str, says: &str| {
            let error =
                teach::wrong_argument(&parameters::<T>(&[], None), &Value::Object(arguments.clone()), path, says);
            match repair::respelled(shape, arguments) {
                Some(mended) => error.hint(format!("send {mended}")),
                None => error,
            }
        };
        let mut own = arguments.clone();
        let snapshot = if T::SNAPSHOTS && shape.has(SNAPSHOT) { own.shift_remove(SNAPSHOT) } else { None };
        let snapshot = snapshot.map(serde_json::from_value::<bool>).transpose();
        let snapshot = snapshot.map_err(|error| wrong(arguments, SNAPSHOT, &error.to_string()))?;
        let args: T::Args = serde_path_to_error::deserialize(Value::Object(own)).map_err(|error| {
            let path = error.path().to_string();
            wrong(arguments, &path, &error.into_inner().to_string())
        })?;
        if snapshot == Some(true) {
            let why = match T::access(&args).effect {
                Effect::Destructive if context.is_local() => None,
                Effect::Destructive => Some("the local backend makes them, and this is AWS"),
                _ => Some("it is made before a call that destroys, and this one does not"),
            };
            if let Some(why) = why {
                return Err(ToolError::arguments(format!("snapshot: {why}")));
            }
        }
        Ok(Box::new(Call::<T> { args, snapshot: T::SNAPSHOTS && snapshot.unwrap_or(true) }))
    }
}

struct Call<T: Tool> {
    args: T::Args,
    snapshot: bool,
}

#[async_trait]
impl<T: Tool> AnyCall for Call<T> {
    fn access(&self) -> Access {
        T::access(&self.args)
    }

    fn snapshots(&self) -> bool {
        self.snapshot
    }

    fn time_limit(&self) -> Option<Duration> {
        T::time_limit(&self.args)
    }

    async fn loss(&self, context: &Context) -> Result<String, ToolError> {
        T::loss(context, &self.args).await
    }

    async fn run(self: Box<Self>, context: &Context) -> Result<Value, ToolError> {
        T::run(context, self.args).await
    }
}
