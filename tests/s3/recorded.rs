//! What AWS itself answered, against what this S3 answers to the same requests.
//!
//! `fixtures/s3/recorded/*.json` holds the recordings and the requests rebuilt from them; its README says how.

use std::collections::BTreeMap;

use futures::StreamExt;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::answer;
use crate::form::Form;
use crate::harness::{Answer, World};

/// The recordings of one subject.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recordings {
    tests: Vec<Recording>,
    /// Recorded tests of the same operations that are not here, by name, and why.
    not_rebuilt: BTreeMap<String, String>,
}

/// One recorded test: its requests in order, on a service of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recording {
    name: String,
    steps: Vec<Step>,
}

/// A request, and what AWS answered.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// The name of the recorded answer; a step without only sets the stage.
    label: Option<String>,
    /// Method, path and query.
    send: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    /// A browser's form instead of a body.
    form: Option<FormStep>,
    /// How many times `body` is sent; once unless said.
    times: Option<usize>,
    /// Names for what the answer holds, by member, for later requests.
    #[serde(default)]
    keep: BTreeMap<String, String>,
    /// What AWS answered: members by their API names, `Status`, or `Error`.
    answer: Option<Value>,
    /// Why our answer is another one on purpose; it is then not compared.
    differs: Option<String>,
}

/// A form for the key `k` of the bucket `bkt`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FormStep {
    /// Fields that the policy names.
    fields: BTreeMap<String, String>,
    /// Fields that it does not.
    uncovered: BTreeMap<String, String>,
    conditions: Vec<Value>,
    expiration: Option<String>,
    file: String,
    /// `s3` or `s3v4`.
    sign: String,
    /// Fields that are left out, and that are sent otherwise, after signing.
    drop: Vec<String>,
    set: BTreeMap<String, String>,
}

impl Default for FormStep {
    fn default() -> Self {
        let (fields, conditions, drop) = (BTreeMap::new(), Vec::new(), Vec::new());
        let (uncovered, set) = (BTreeMap::new(), BTreeMap::new());
        Self { fields, uncovered, conditions, expiration: None, file: "x".into(), sign: "s3v4".into(), drop, set }
    }
}

impl FormStep {
    async fn send(&self, world: &World, fill: impl Fn(&str) -> String) -> Answer {
        let mut form = Form::of("k", self.file.as_bytes());
        form.conditions.extend(self.conditions.iter().cloned());
        form.expiration = self.expiration.clone().unwrap_or(form.expiration);
        for (name, value) in &self.fields {
            form = form.with(name, &fill(value));
        }
        for (name, value) in &self.uncovered {
            form = form.field(name, value);
        }
        form = if self.sign == "s3" { form.v2() } else { form.v4() };
        for name in &self.drop {
            form = form.without(name);
        }
        for (name, value) in &self.set {
            form = form.replaced(name, value);
        }
        form.send(world).await
    }
}

/// Values by the placeholders that stand for them: the same placeholder is the same value.
#[derive(Debug, Default)]
struct Known(BTreeMap<String, String>);

impl Known {
    /// `text` with each `{name}` replaced, and `{time±seconds}` by an HTTP date.
    fn fill(&self, text: &str, now: u64) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                filled.push('{');
                rest = after;
                continue;
            };
            if let Some(seconds) = name.strip_prefix("time") {
                let seconds: i64 = seconds.parse().unwrap();
                let at = i64::try_from(now / 1000).unwrap() + seconds;
                let date = aws_smithy_types::DateTime::from_secs(at);
                filled.push_str(&date.fmt(aws_smithy_types::date_time::Format::HttpDate).unwrap());
            } else if let Some(value) = self.0.get(name) {
                filled.push_str(value);
            } else {
                filled.extend(["{", name, "}"]);
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    /// Whether `actual` is what a recorded text with placeholders says; binds those that are new.
    fn matches(&mut self, recorded: &str, actual: &str) -> bool {
        const ANYTHING: [&str; 4] = ["datetime", "display-name", "i-d", "<partition>"];
        if ANYTHING.contains(&recorded) {
            return !actual.is_empty();
        }
        let (mut pattern, mut names, mut rest) = ("^".to_owned(), Vec::new(), recorded);
        while let Some((before, inside, after)) = placeholder(rest) {
            pattern.push_str(&regex_lite::escape(before));
            pattern.push_str("(.+?)");
            names.push(inside);
            rest = after;
        }
        pattern.push_str(&regex_lite::escape(rest));
        pattern.push('$');
        let Some(found) = regex_lite::Regex::new(&pattern).unwrap().captures(actual) else { return false };
        names.iter().enumerate().all(|(at, name)| {
            let value = found.get(at + 1).map(|value| value.as_str().to_owned()).unwrap_or_default();
            *self.0.entry((*name).to_owned()).or_insert_with(|| value.clone()) == value
        })
    }

    /// What differs between a recorded value and ours, each with the path to it.
    fn compare(&mut self, path: &str, recorded: &Value, actual: Option<&Value>, differences: &mut Vec<String>) {
        let empty =
            || recorded.as_array().is_some_and(Vec::is_empty) || recorded.as_object().is_some_and(Map::is_empty);
        let Some(actual) = actual else {
            // An element that lists nothing may be left out.
            if !empty() {
                differences.push(format!("{path}: {recorded} is missing"));
            }
            return;
        };
        match (recorded, actual) {
            (Value::Object(recorded), Value::Object(actual)) => {
                for (name, value) in recorded {
                    self.compare(&format!("{path}.{name}"), value, actual.get(name), differences);
                }
                for (name, value) in actual.iter().filter(|(name, _)| !recorded.contains_key(*name)) {
                    differences.push(format!("{path}.{name}: {value} was not recorded"));
                }
            }
            (Value::Array(recorded), Value::Array(actual)) => {
                if recorded.len() != actual.len() {
                    differences.push(format!("{path}: {} recorded, {} here", recorded.len(), actual.len()));
                }
                for (at, (recorded, actual)) in recorded.iter().zip(actual).enumerate() {
                    self.compare(&format!("{path}[{at}]"), recorded, Some(actual), differences);
                }
            }
            (_, Value::String(text)) if text.is_empty() && empty() => {}
            // A member that is a list in one operation and single in another.
            (Value::String(_), Value::Array(only)) if only.len() == 1 => {
                self.compare(path, recorded, only.first(), differences);
            }
            _ => {
                let (wanted, actual) = (plain(recorded), plain(actual));
                if !self.matches(&wanted, &actual) {
                    differences.push(format!("{path}: recorded {wanted:?}, here {actual:?}"));
                }
            }
        }
    }
}

/// The first placeholder of a recorded text: what stands before it, its name, what stands behind.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('<')?;
    let (inside, after) = rest.split_once('>')?;
    Some((before, inside, after))
}

/// A value as text: XML knows no numbers.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// How many answers were compared, and what differs.
async fn run(recording: &Recording) -> (usize, Vec<String>) {
    let world = World::memory();
    let mut differences = Vec::new();
    let mut known = Known::default();
    let mut compared = 0;
    for step in &recording.steps {
        let now = world.now();
        let (method, path) = step.send.split_once(' ').unwrap();
        let path = known.fill(path, now);
        let headers: Vec<(String, String)> =
            step.headers.iter().map(|(name, value)| (name.clone(), known.fill(value, now))).collect();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let body = known.fill(&step.body, now).repeat(step.times.unwrap_or(1));
        let answer: Answer = match &step.form {
            Some(form) => form.send(&world, |value| known.fill(value, now)).await,
            None => world.send(method, &path, &headers, body).await,
        };
        let place = format!("{} {}", recording.name, step.label.as_deref().unwrap_or(&step.send));
        let actual = answer::members(method, &answer, step.answer.as_ref());
        match &step.answer {
            None if answer.status >= 400 => {
                differences.push(format!("{place}: the stage was not set: {} {}", answer.status, answer.text()));
                break;
            }
            None => {}
            Some(_) if step.differs.is_some() => {}
            Some(recorded) if recorded.get("Status").is_some_and(|status| *status != actual["Status"]) => {
                compared += 1;
                differences.push(format!("{place}: recorded {recorded}, here {actual}"));
            }
            Some(recorded) => {
                compared += 1;
                known.compare(&place, recorded, Some(&actual), &mut differences);
            }
        }
        for (member, name) in &step.keep {
            known.0.insert(name.clone(), actual.get(member).map(plain).unwrap_or_default());
        }
    }
    world.close().await;
    (compared, differences)
}

#[tokio::test]
async fn what_aws_answered_is_answered_here() {
    let mut differences = Vec::new();
    let (mut compared, mut left_out) = (0, 0);
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/s3/recorded");
    let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "json")) {
        let text = std::fs::read_to_string(file).unwrap();
        let recordings: Recordings =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(recordings.not_rebuilt.values().all(|why| !why.is_empty()), "each says why: {}", file.display());
        left_out += recordings.not_rebuilt.len();
        for recording in &recordings.tests {
            assert!(!recordings.not_rebuilt.contains_key(&recording.name), "{} stands twice", recording.name);
        }
        // Each on a service of its own, so several at once: most of the time is waiting for commits.
        let mut results = futures::stream::iter(&recordings.tests).map(run).buffered(16);
        while let Some((answers, found)) = results.next().await {
            compared += answers;
            differences.extend(found);
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences in {compared} answers ({left_out} recorded tests left out):\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(compared > 0, "the fixtures were not found");
}
