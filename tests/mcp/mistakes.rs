//! Calls as models and clients really send them, and what must come of each: `fixtures/agents/mistakes.ndjson`, and where
//! nothing is mended but taught or said, `fixtures/agents/astray.ndjson`.
//!
//! A line is a case. Each runs in a world that the calls of `world.json` made, and in which nothing has changed since:
//!
//! | member | meaning |
//! |---|---|
//! | `name` | what is wrong with the call, in a few words; each once |
//! | `seen` | where such a call was seen, if somebody wrote about it |
//! | `tool`, `args` | the call |
//! | `options` | `{"bucket": …, "table": …}` as configured defaults, if any |
//! | `same_as` | the right call, as `{"tool"?, "args"}`: both are made, each in a fresh world; answers and worlds must then be alike |
//! | `answer` | instead: what the answer must hold; members of objects that are not named here may be anything |
//! | `note` | words that the answer's `note` must have, one text or a list; with `same_as` they need not be given |
//! | `error` | instead: `{"code", "says"}`, words that message or hint must have, one text or a list; the world must be as it was |
//! | `then` | after an error the stated next call, as `{"tool"?, "args"}`, or `"stated"`: the error's own text has the arguments to send, the last JSON object in it; it must succeed |
//! | `gives` | what the answer of `then` must hold, as for `answer` |
//!
//! `tool` is left out where it is the same tool. An answer with a `note` is compared without it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use footbridge::mcp::{Bridge, Options, ToolError};
use serde_json::{Map, Value, json};

use crate::support::{Here, caller};

fn fixture(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/agents").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cases(name: &str) -> Vec<Value> {
    let text = fixture(name);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).unwrap_or_else(|e| panic!("line {}: {e}", at + 1))).collect()
}

/// A world with a bridge to it.
pub struct World {
    here: Here,
    bridge: Bridge,
}

/// Worlds in which nothing has changed, to be used again: one is made only where a call before wrote.
#[derive(Default)]
pub struct Worlds {
    spare: Vec<World>,
    untouched: Option<Value>,
    made: usize,
}

impl Worlds {
    /// A world as it was made.
    pub async fn get(&mut self) -> World {
        if let Some(world) = self.spare.pop() {
            return world;
        }
        self.made += 1;
        let world = World::new().await;
        if self.untouched.is_none() {
            self.untouched = Some(world.contents().await);
        }
        world
    }

    /// Whether these are the contents of a world as it was made.
    fn are_untouched(&self, contents: &Value) -> bool {
        self.untouched.as_ref() == Some(contents)
    }

    /// Takes a world back, unless something has changed in it.
    pub fn take_back(&mut self, world: World, contents: &Value) {
        if self.are_untouched(contents) {
            self.spare.push(world);
        }
    }
}

impl World {
    pub async fn new() -> Self {
        let here = Here::new().await;
        let bridge = here.bridge();
        for call in serde_json::from_str::<Vec<Value>>(&fixture("world.json")).unwrap() {
            let made = Call::of(&call, "").make(&bridge).await;
            made.unwrap_or_else(|error| panic!("the world: {call}: {error}"));
        }
        let bridge = bridge_to(&here, &Value::Null);
        Self { here, bridge }
    }

    /// A bridge with these configured defaults.
    fn with(&self, options: &Value) -> Bridge {
        if options.is_null() { self.bridge.clone() } else { bridge_to(&self.here, options) }
    }

    pub fn bridge(&self) -> &Bridge {
        &self.bridge
    }

    /// Everything that is stored.
    pub async fn contents(&self) -> Value {
        let mut all = BTreeMap::new();
        let dynamodb = self.here.dynamodb();
        for table in dynamodb.list_tables().send().await.unwrap().table_names() {
            let described = dynamodb.describe_table().table_name(table).send().await.unwrap().table.unwrap();
            let items = dynamodb.scan().table_name(table).send().await.unwrap().items.unwrap_or_default();
            let mut items: Vec<_> =
                items.iter().map(|item| footbridge::json::from_item(item).unwrap().to_string()).collect();
            items.sort();
            let indexes: Vec<_> = described.global_secondary_indexes().iter().map(|index| index.index_name()).collect();
            let (billing, units) = (described.billing_mode_summary(), described.provisioned_throughput());
            let shape = format!(
                "{:?} {indexes:?} {:?} {:?} {:?} {:?}",
                described.key_schema(),
                described.stream_specification(),
                billing.and_then(|billing| billing.billing_mode()),
                units.map(|units| (units.read_capacity_units(), units.write_capacity_units())),
                described.deletion_protection_enabled(),
            );
            all.insert(format!("table {table}"), json!({ "items": items, "shape": shape }));
        }
        let s3 = self.here.s3();
        for bucket in s3.list_buckets().send().await.unwrap().buckets() {
            let name = bucket.name().unwrap();
            let listed = s3.list_objects_v2().bucket(name).send().await.unwrap();
            let objects = listed.contents().iter().map(|object| format!("{:?} {:?}", object.key(), object.e_tag()));
            all.insert(format!("bucket {name}"), json!(objects.collect::<Vec<_>>()));
        }
        json!(all)
    }
}

fn bridge_to(here: &Here, options: &Value) -> Bridge {
    let named = |what: &str| options[what].as_str().map(str::to_owned);
    let endpoint = std::sync::Arc::new(|| Some("http://127.0.0.1:4566".to_owned()));
    let (default_bucket, default_table) = (named("bucket"), named("table"));
    Bridge::new(Options { default_bucket, default_table, endpoint, ..here.options() })
}

/// A tool and its arguments.
#[derive(Debug, Clone)]
pub struct Call {
    pub tool: String,
    pub args: Map<String, Value>,
}

impl Call {
    pub fn of(from: &Value, usual: &str) -> Self {
        let tool = from["tool"].as_str().unwrap_or(usual).to_owned();
        Self { tool, args: from["args"].as_object().cloned().unwrap_or_else(|| panic!("no arguments in {from}")) }
    }

    pub async fn make(&self, bridge: &Bridge) -> Result<Value, ToolError> {
        let answer = bridge.call(&caller(), &self.tool, self.args.clone()).await?;
        Ok(serde_json::from_str(&answer.text).unwrap())
    }
}

/// An answer without its note, and without what no two worlds have alike.
pub fn plain(mut answer: Value) -> Value {
    if let Value::Object(map) = &mut answer {
        map.remove("note");
        if let Some(url) = map.get_mut("url") {
            *url = url.as_str().unwrap_or_default().split('?').next().into();
        }
    }
    timeless(&mut answer);
    answer
}

/// Leaves out when something was.
fn timeless(value: &mut Value) {
    match value {
        Value::String(text) if text.get(10..11) == Some("T") && text.ends_with('Z') => "a time".clone_into(text),
        Value::String(text) if text.contains("/stream/20") => "a stream".clone_into(text),
        Value::Array(values) => values.iter_mut().for_each(timeless),
        Value::Object(map) => map.values_mut().for_each(timeless),
        _ => {}
    }
}

/// Whether `have` holds what is wanted.
fn holds(have: &Value, want: &Value) -> bool {
    match (have, want) {
        (Value::Object(have), Value::Object(want)) => {
            want.iter().all(|(name, want)| have.get(name).is_some_and(|have| holds(have, want)))
        }
        (Value::Array(have), Value::Array(want)) => {
            have.len() == want.len() && have.iter().zip(want).all(|(have, want)| holds(have, want))
        }
        _ => have == want,
    }
}

/// One text or a list of them.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The last JSON object in a text.
fn stated(text: &str) -> Option<Map<String, Value>> {
    let starts = text.match_indices('{').map(|(at, _)| at);
    let mut found = None;
    let mut end = 0;
    for start in starts {
        if start < end {
            continue;
        }
        let mut stream = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Map<String, Value>>();
        if let Some(Ok(object)) = stream.next() {
            end = start + stream.byte_offset();
            found = Some(object);
        }
    }
    found
}

/// Makes a call in a world as it was made: what came of it, and what is stored then.
async fn made(case: &Value, call: &Call, worlds: &mut Worlds) -> (Result<Value, ToolError>, Value) {
    let world = worlds.get().await;
    let outcome = call.make(&world.with(&case["options"])).await;
    let contents = world.contents().await;
    worlds.take_back(world, &contents);
    (outcome, contents)
}

async fn holds_to(case: &Value, worlds: &mut Worlds) -> Result<(), String> {
    let tool = case["tool"].as_str().ok_or("no tool")?;
    let call = Call::of(case, tool);
    if case["error"].is_object() {
        return fails(case, tool, &call, worlds).await;
    }
    let (outcome, contents) = made(case, &call, worlds).await;
    let answer = outcome.map_err(|error| error.to_string())?;
    let note = answer["note"].as_str().unwrap_or_default();
    if let Some(missing) = texts(&case["note"]).into_iter().find(|words| !note.contains(words)) {
        return Err(format!("no {missing:?} in the note {note:?}"));
    }
    if case["answer"].is_object() {
        return if holds(&answer, &case["answer"]) { Ok(()) } else { Err(format!("it answered {answer}")) };
    }
    let right = Call::of(&case["same_as"], tool);
    let (expected, right_contents) = made(case, &right, worlds).await;
    let expected = expected.map_err(|error| format!("the right call: {error}"))?;
    if expected["note"].as_str().is_some_and(|note| note.contains("read ")) {
        return Err(format!("the right call is repaired: {expected}"));
    }
    let (answer, expected) = (plain(answer), plain(expected));
    if answer != expected {
        return Err(format!("it answered   {answer}\n    in place of {expected}"));
    }
    if contents == right_contents {
        Ok(())
    } else {
        Err(format!("it stored      {contents}\n    in place of {right_contents}"))
    }
}

async fn fails(case: &Value, tool: &str, call: &Call, worlds: &mut Worlds) -> Result<(), String> {
    let world = worlds.get().await;
    let bridge = world.with(&case["options"]);
    let error = call.make(&bridge).await.map_or_else(Ok, |answer| Err(format!("it answered {answer}")))?;
    refused(case, &error)?;
    if !worlds.are_untouched(&world.contents().await) {
        return Err(format!("it changed something, and then said {error}"));
    }
    next(case, &bridge, tool, &error).await?;
    let contents = world.contents().await;
    worlds.take_back(world, &contents);
    Ok(())
}

fn refused(case: &Value, error: &ToolError) -> Result<(), String> {
    let text = error.to_string();
    if case["error"]["code"].as_str().is_some_and(|code| code != error.code) {
        return Err(format!("another error: {text}"));
    }
    let missing = texts(&case["error"]["says"]).into_iter().find(|words| !text.contains(words));
    missing.map_or(Ok(()), |words| Err(format!("no {words:?} in {text}")))
}

async fn next(case: &Value, bridge: &Bridge, tool: &str, error: &ToolError) -> Result<(), String> {
    let call = match &case["then"] {
        Value::Null => return Ok(()),
        Value::String(_) => {
            let args = stated(&error.to_string()).ok_or_else(|| format!("it states no arguments: {error}"))?;
            Call { tool: tool.to_owned(), args }
        }
        call => Call::of(call, tool),
    };
    let answer = call.make(bridge).await.map_err(|next| format!("{error}\n    and then {call:?}: {next}"))?;
    if case["gives"].is_null() || holds(&answer, &case["gives"]) {
        Ok(())
    } else {
        Err(format!("{error}\n    and then {call:?} answered {answer}"))
    }
}

/// Holds to each case of a fixture, of which there are so many at least.
async fn hold(fixture: &str, least: usize) {
    let mut faults = Vec::new();
    let mut names = BTreeSet::new();
    let mut worlds = Worlds::default();
    let only = std::env::var("MISTAKE").unwrap_or_default();
    for case in cases(fixture) {
        let name = case["name"].as_str().unwrap_or_else(|| panic!("a case without a name: {case}")).to_owned();
        if !names.insert(name.clone()) {
            faults.push(format!("{name}: twice"));
        }
        if name.contains(&only)
            && let Err(fault) = holds_to(&case, &mut worlds).await
        {
            faults.push(format!("{name}: {} {}\n    {fault}", case["tool"].as_str().unwrap_or_default(), case["args"]));
        }
    }
    assert!(names.len() >= least, "{} cases", names.len());
    assert!(worlds.made <= names.len(), "{} worlds for {} cases", worlds.made, names.len());
    assert!(faults.is_empty(), "{} of {} cases:\n{}", faults.len(), names.len(), faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_is_mended_or_answered_with_the_call_that_works() {
    hold("mistakes.ndjson", 80).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_error_says_what_to_do_and_nothing_is_silent() {
    hold("astray.ndjson", 120).await;
}
