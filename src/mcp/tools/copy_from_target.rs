//! `copy_from_target`: items or objects of one target into another, with fields veiled on the way.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::bulk;
use crate::emulator::access as iam;
use crate::journal::{Outcome, Subject};
use crate::mcp::authorizer::Effect;
use crate::mcp::context::Context;
use crate::mcp::copying::{self, Data, Objects, Place, Secret, Tally, Veils, Wanted};
use crate::mcp::error::ToolError;
use crate::mcp::runner::Deed;
use crate::mcp::targets::{self, Elsewhere};
use crate::mcp::tool::{Access, Kind, TRANSFER, Tier, Tool};

/// How many items or objects are copied where nothing is said.
const USUAL: u64 = 10_000;

/// What hashes and made-up values are made with: one for all copies of this process, so that they join.
static SECRET: OnceLock<Secret> = OnceLock::new();

/// Makes the copies of this process with that secret, if none was made.
pub(crate) fn with_secret(secret: Secret) {
    let _ = SECRET.set(secret);
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// dynamodb://table or s3://bucket/prefix
    data: String,
    /// Where it is read; target is where it goes
    from_target: Option<String>,
    /// By default as data
    to: Option<String>,
    /// Most items or objects; default 10000
    max: Option<u64>,
    /// Filter expression, of a table
    filter: Option<String>,
    /// For #names used
    names: Option<BTreeMap<String, String>>,
    /// {":n": 5}
    values: Option<Map<String, Value>>,
    /// Attributes to replace by ***
    mask: Option<Vec<String>>,
    /// Attributes to hash, alike for alike values
    hash: Option<Vec<String>>,
    /// Attributes to make up, alike for alike values
    fake: Option<Vec<String>>,
    /// Only counts
    dry_run: Option<bool>,
}

pub(crate) struct CopyFromTarget;

#[async_trait]
impl Tool for CopyFromTarget {
    type Args = Args;
    const NAME: &'static str = "copy_from_target";
    const DESCRIPTION: &'static str = "Copies a table's items or a prefix's objects from another target to this one, \
                                       replacing any; makes a table that is not there.";
    const KIND: Kind = Kind::Replaces;
    const RUNS_READ_ONLY: bool = true;
    const TIER: Tier = Tier::Between;
    const RARE_PARAMETERS: &'static [&'static str] = &["names"];
    const EXAMPLE: &'static str = r#"{"data": "dynamodb://orders", "to": "dynamodb://copied", "hash": ["pk"]}"#;

    fn access(args: &Args) -> Access {
        match Plan::of(args) {
            // What is only counted leaves this target alone; the other is asked for itself.
            Ok(plan) if !plan.dry => Access::write(plan.to.resource()),
            _ => Access::nothing(),
        }
    }

    fn time_limit(_: &Args) -> Option<Duration> {
        Some(TRANSFER)
    }

    async fn run(context: &Context, args: Args) -> Result<Value, ToolError> {
        let plan = Plan::of(&args)?;
        let veils = veils(&args)?;
        let from = targets::elsewhere(plan.from_target.as_deref()).await?;
        plan.apart(context, from.bridge.context())?;
        let tally = Tally::default();
        let work = Box::pin(plan.done(context, &from, &args, &veils, &tally));
        let done = bulk::watched(bulk::LIMIT, work, || (tally.copied(), None)).await;
        from.has_given(context, tally.copied());
        let how_far = format!("{} {} were copied", tally.copied(), plan.what());
        match done {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(error)) if tally.copied() == 0 => Err(error),
            Some(Err(error)) => {
                Err(bulk::half_way(error, &how_far, "the same call copies them once more, and the rest"))
            }
            None => Err(bulk::timed_out(&how_far).hint("copy less at once: filter, a longer prefix, or max.")),
        }
    }
}

/// What a call is about.
struct Plan {
    from_target: Option<String>,
    from: Data,
    to: Data,
    max: u64,
    dry: bool,
}

impl Plan {
    fn of(args: &Args) -> Result<Self, ToolError> {
        let wrong = |name: &str, what: String| ToolError::arguments(format!("{name}: {what}"));
        let place: Place = args.data.parse().map_err(|what| wrong("data", what))?;
        if let (Some(one), Some(other)) = (&place.target, &args.from_target)
            && one != other
        {
            return Err(wrong("from_target", format!("data names the target {one}, and not {other}")));
        }
        let to = args.to.as_deref().filter(|to| !to.is_empty()).map(str::parse::<Place>).transpose();
        let to = to.map_err(|what| wrong("to", what))?;
        if to.as_ref().is_some_and(|to| to.target.is_some()) {
            return Err(wrong("to", "is in the target of the call: name that with target".to_owned()));
        }
        let to = to.map_or_else(|| place.data.clone(), |to| to.data);
        if matches!(place.data, Data::Table(_)) != matches!(to, Data::Table(_)) {
            return Err(wrong("to", "items go into a table, and objects below a prefix".to_owned()));
        }
        let of_table = [("filter", args.filter.is_some()), ("mask", some(args.mask.as_ref()))];
        let of_table =
            of_table.into_iter().chain([("hash", some(args.hash.as_ref())), ("fake", some(args.fake.as_ref()))]);
        if matches!(place.data, Data::Objects { .. })
            && let Some((name, _)) = of_table.into_iter().find(|(_, given)| *given)
        {
            return Err(wrong(name, "is for the items of a table; objects are copied as they are".to_owned()));
        }
        let max = args.max.unwrap_or(USUAL);
        if max == 0 {
            return Err(wrong("max", "want at least 1".to_owned()));
        }
        let from_target = place.target.or_else(|| args.from_target.clone());
        Ok(Self { from_target, from: place.data, to, max, dry: args.dry_run.unwrap_or_default() })
    }

    fn what(&self) -> &'static str {
        if matches!(self.from, Data::Table(_)) { "items" } else { "objects" }
    }

    /// Refuses a copy onto itself.
    fn apart(&self, to: &Context, from: &Context) -> Result<(), ToolError> {
        if (&to.target.name, &to.target.region) != (&from.target.name, &from.target.region) {
            return Ok(());
        }
        let same = match (&self.from, &self.to) {
            (Data::Table(one), Data::Table(other)) => one == other,
            (Data::Objects { bucket, prefix }, Data::Objects { bucket: other, prefix: below }) => {
                bucket == other && (below.starts_with(prefix) || prefix.starts_with(below.as_str()))
            }
            _ => false,
        };
        if same {
            let message = format!("{} would be copied onto itself, in the target {}", self.from, to.target.name);
            return Err(ToolError::arguments(message).hint("say which target it is read from with from_target."));
        }
        Ok(())
    }

    /// What the source is asked for, as a call of its own that it may refuse.
    fn deed(&self, to: &Context, args: &Args) -> Deed {
        Deed {
            subject: Subject::Tool { tool: CopyFromTarget::NAME.to_owned() },
            asks: iam::Access::new(),
            // Where it goes too: a yes to this is not one to another copy.
            arguments: json!({
                "data": self.from.to_string(), "to": format!("{}:{}", to.target.name, self.to), "max": self.max,
                "dry_run": self.dry, "filter": args.filter, "names": args.names, "values": args.values, "mask": args.mask,
                "hash": args.hash, "fake": args.fake,
            }),
            access: Access::of(if self.dry { Effect::Read } else { Effect::Save }, [self.from.resource()]),
            limit: None,
            recorded: true,
        }
    }

    async fn done(
        &self,
        context: &Context,
        from: &Elsewhere,
        args: &Args,
        veils: &Veils,
        tally: &Tally,
    ) -> Result<Value, ToolError> {
        let mut answer = json!({ "from": self.named(from.bridge.context()), "to": self.to.to_string() });
        let Elsewhere { bridge, caller } = from;
        let source = bridge.context();
        let more = match (&self.from, &self.to) {
            (Data::Table(table), Data::Table(to)) => {
                let wanted = Wanted {
                    table: table.clone(),
                    filter: args.filter.clone().filter(|filter| !filter.is_empty()),
                    names: args.names.clone(),
                    values: args.values.clone(),
                    most: self.max,
                };
                if self.dry {
                    let counted = async { noted(Box::pin(copying::count_items(source, &wanted)).await) };
                    let (items, more) = Box::pin(bridge.perform(caller, self.deed(context, args), counted)).await?;
                    answer["would_copy"] = json!({ "items": items });
                    more
                } else {
                    let read = |reader: copying::ItemReader| {
                        bridge.perform(caller, self.deed(context, args), async move {
                            noted(Box::pin(reader.run(source)).await)
                        })
                    };
                    let copied = Box::pin(copying::copy_items(context, to, veils, tally, read, wanted)).await?;
                    answer["items"] = json!(tally.copied());
                    if copied.created {
                        answer["created"] = json!(true);
                    }
                    copied.more
                }
            }
            (Data::Objects { bucket, prefix }, Data::Objects { bucket: other, prefix: below }) => {
                let (from, to) = Objects::alike(
                    Objects { bucket: bucket.clone(), prefix: prefix.clone() },
                    Objects { bucket: other.clone(), prefix: below.clone() },
                );
                if self.dry {
                    let counted = async { noted(Box::pin(copying::count_objects(source, &from, self.max)).await) };
                    let (objects, bytes, more) =
                        Box::pin(bridge.perform(caller, self.deed(context, args), counted)).await?;
                    answer["would_copy"] = json!({ "objects": objects, "bytes": bytes });
                    more
                } else {
                    let read = |reader: copying::ObjectReader| {
                        bridge.perform(caller, self.deed(context, args), async move {
                            noted(Box::pin(reader.run(source)).await)
                        })
                    };
                    let more = Box::pin(copying::copy_objects(context, from, &to, self.max, tally, read)).await?;
                    answer["objects"] = json!(tally.copied());
                    answer["bytes"] = json!(tally.bytes());
                    more
                }
            }
            _ => return Err(ToolError::arguments("to: items go into a table, and objects below a prefix")),
        };
        if more {
            answer["limit_reached"] = json!(self.max);
        }
        if !veils.is_none() && !self.dry {
            for (name, fields) in [("masked", &args.mask), ("hashed", &args.hash), ("faked", &args.fake)] {
                if let Some(fields) = fields.as_ref().filter(|fields| !fields.is_empty()) {
                    answer[name] = json!(fields);
                }
            }
        }
        Ok(answer)
    }

    fn named(&self, from: &Context) -> String {
        Place { target: Some(from.target.name.clone()), data: self.from.clone() }.to_string()
    }
}

/// What the call veils.
fn veils(args: &Args) -> Result<Veils, ToolError> {
    let of = |names: &Option<Vec<String>>| names.clone().unwrap_or_default();
    let secret = SECRET.get_or_init(Secret::random).clone();
    Veils::new(&of(&args.mask), &of(&args.hash), &of(&args.fake), secret).map_err(ToolError::arguments)
}

fn some(names: Option<&Vec<String>>) -> bool {
    names.is_some_and(|names| !names.is_empty())
}

/// What came of reading, as the source's own record has it.
fn noted<T>(read: Result<T, ToolError>) -> Result<(Outcome, Value, T), ToolError> {
    Ok((Outcome::Ok, Value::Null, read?))
}
