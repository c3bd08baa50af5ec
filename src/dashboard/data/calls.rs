//! Recorded calls: one in full, many into a file, one made again.

use std::fmt::Write as _;

use footbridge_record::text::visible_json;
use footbridge_record::{Call, Finished, Outcome, time};
use footbridge_tui::ask::{Answer, CallFormat, Progress, Trouble, Watch};
use footbridge_tui::row::Place;
use serde_json::{Value, json};

use super::files::Desk;
use super::trouble::{self, called_off, ours};
use crate::clock::{Clock as _, SystemClock};
use crate::dashboard::Places;
use crate::mcp::{Bridge, ToolError};
use crate::replay::{self, Difference, Verdict};

/// Calls between two looks at whether somebody still wants them.
const BLOCK: usize = 100;
/// The most differences of a call that are told.
const MOST: usize = 100;

/// A call in full.
pub(super) fn one(places: &Places, place: Place) -> Result<Answer, Trouble> {
    Ok(Answer::Call(read(places, place).map_err(trouble::of)?.map(Box::new)))
}

fn read(places: &Places, place: Place) -> Result<Option<Call>, ToolError> {
    places.call(place).map_err(|error| ToolError::new("journal", error.to_string()))
}

/// Writes calls to a new file, those that the journal no longer has left out.
pub(super) fn save(
    places: &Places,
    chosen: &[Place],
    to: &str,
    format: CallFormat,
    watch: &Watch,
) -> Result<Answer, Trouble> {
    let write = || {
        let new = Desk::here()?.create(to)?;
        let mut bytes = 0;
        let mut put = |text: &str| {
            bytes += text.len() as u64;
            new.write(text.as_bytes())
        };
        let (begin, between, end) = match format {
            CallFormat::Ndjson => (String::new(), "", ""),
            CallFormat::Har => (har_head(), ",\n", "\n]}}\n"),
        };
        put(&begin)?;
        let (mut text, mut first) = (String::new(), true);
        for (number, block) in chosen.chunks(BLOCK).enumerate() {
            if watch.is_called_off() {
                return Err(called_off());
            }
            text.clear();
            for place in block {
                let Some(call) = read(places, *place)? else { continue };
                if !std::mem::take(&mut first) {
                    text.push_str(between);
                }
                match format {
                    CallFormat::Ndjson => text.push_str(&line(&call)?),
                    CallFormat::Har => text.push_str(&visible_json(&har(&call).to_string())),
                }
            }
            put(&text)?;
            let done = number * BLOCK + block.len();
            watch.report(Progress { done: done as u64, total: Some(chosen.len() as u64) });
        }
        put(end)?;
        Ok((new.keep()?, bytes))
    };
    let (path, bytes) = write().map_err(trouble::of)?;
    Ok(Answer::Saved { path, bytes })
}

/// As `journal tail --json` prints it and `replay` reads it.
fn line(call: &Call) -> Result<String, ToolError> {
    let text = serde_json::to_string(call).map_err(|error| ToolError::new("internal", error.to_string()))?;
    Ok(visible_json(&text).into_owned() + "\n")
}

/// The beginning of an HTTP Archive, up to its entries (<http://www.softwareishard.com/blog/har-12-spec/>).
fn har_head() -> String {
    let creator = json!({ "name": "footbridge", "version": env!("CARGO_PKG_VERSION") });
    format!("{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"entries\":[\n")
}

/// A call as an entry. The journal has what was asked and answered, and not the bytes of the request and its address:
/// the URL names the service and the operation.
fn har(call: &Call) -> Value {
    let of = if call.service().is_empty() { "footbridge" } else { call.service() };
    let end = call.finished.as_ref();
    let (status, why) = match end.map(|end| (&end.outcome, end.http_status)) {
        Some((Outcome::Ok, status)) => (status.unwrap_or(200), String::new()),
        Some((Outcome::Error { code, message }, status)) => (status.unwrap_or(0), format!("{code}: {message}")),
        Some((Outcome::Refused { reason }, _)) => (403, reason.clone()),
        Some((Outcome::Abandoned, _)) => (499, "abandoned".to_owned()),
        None => (0, "no answer is recorded".to_owned()),
    };
    let ms = end.map_or(0.0, |end| end.ms);
    let text = |value: &Value| if value.is_null() { String::new() } else { value.to_string() };
    let (asked, came) = (text(&call.started.parameters), text(end.map_or(&Value::Null, |end| &end.response)));
    let mut url = format!("http://{of}.footbridge/{}", call.name());
    for (number, resource) in call.started.resources.iter().enumerate() {
        let lead = if number == 0 { '?' } else { '&' };
        let resource = percent_encoding::utf8_percent_encode(resource, percent_encoding::NON_ALPHANUMERIC);
        // Writing to a String does not fail.
        let _ = write!(url, "{lead}resource={resource}");
    }
    let headers = |pairs: &[(&str, Option<&str>)]| {
        let known = pairs.iter().filter_map(|(name, value)| Some(json!({ "name": name, "value": (*value)? })));
        Value::Array(known.collect())
    };
    json!({
        "startedDateTime": time::rfc3339(call.at),
        "time": ms,
        "request": {
            "method": "POST",
            "url": url,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers(&[("User-Agent", call.started.who.name())]),
            "queryString": [],
            "postData": { "mimeType": "application/json", "text": asked },
            "headersSize": -1,
            "bodySize": call.started.bytes_in.map_or(json!(-1), Value::from),
        },
        "response": {
            "status": status,
            "statusText": why,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "content": { "size": came.len(), "mimeType": "application/json", "text": came },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": end.and_then(|end| end.bytes_out).map_or(json!(-1), Value::from),
        },
        "cache": {},
        "timings": { "send": 0, "wait": ms, "receive": 0 },
        "comment": call.id.to_string(),
    })
}

/// Makes a call again, and compares what comes with what came.
pub(super) async fn replay(bridge: &Bridge, places: &Places, place: Place) -> Result<Answer, Trouble> {
    let gone = || ours("journal", "the journal no longer has this call");
    let mut call = read(places, place).map_err(trouble::of)?.ok_or_else(gone)?;
    let at = SystemClock.millis();
    let replay::Again { step, outcome, response } =
        Box::pin(replay::one(bridge, &call)).await.map_err(|stop| trouble::of(stop.0))?;
    let differences = match &step.verdict {
        Verdict::NotReplayed { reason } => return Err(ours(reason.code, reason.text.clone())),
        Verdict::Differs { differences } => told(differences),
        Verdict::Same | Verdict::LeftOnly | Verdict::RightOnly => Vec::new(),
    };
    let ms = step.ms.unwrap_or_default();
    call.at = at;
    call.time = Some(time::rfc3339(at));
    call.started.pid = std::process::id();
    call.finished = outcome.map(|outcome| Finished {
        outcome,
        ms,
        http_status: None,
        bytes_out: None,
        aws_calls: Vec::new(),
        aws_calls_left_out: 0,
        response,
        response_partial: false,
        consent: None,
    });
    Ok(Answer::Replayed { call: Box::new(call), differences })
}

/// A line for each difference.
fn told(differences: &[Difference]) -> Vec<String> {
    let shown = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), Value::to_string);
    let mut lines: Vec<String> = differences
        .iter()
        .take(MOST)
        .map(|Difference { path, left, right }| format!("{path}: {} before, {} now", shown(left), shown(right)))
        .collect();
    if let Some(more) = differences.len().checked_sub(MOST).filter(|more| *more > 0) {
        lines.push(format!("and {more} more"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use footbridge_tui::{Facts, Mode, Source as _, Update};

    use super::*;
    use crate::clock::{CountingIds, ManualClock};
    use crate::dashboard::{Journals, Watched};
    use crate::journal::{Finish, Limits, Recorder, Start, Subject, Target, Who};
    use crate::mcp::Options;

    /// A journal of calls of `dynamodb_list_tables` that answered so, and where they stand.
    fn recorded(dir: &std::path::Path, answers: &[Value]) -> (Places, Vec<Place>) {
        let clock = Arc::new(ManualClock::at_millis(1_795_341_604_470));
        let recorder =
            Recorder::in_dir(dir, Limits::default(), clock.clone(), Arc::new(CountingIds::default())).unwrap();
        for answer in answers {
            let call = recorder.start(Start {
                who: Who::Mcp { client: Some("agent 1".into()) },
                target: Target::Local { account: None, region: Some("us-east-1".into()) },
                target_name: None,
                subject: Subject::Tool { tool: "dynamodb_list_tables".into() },
                resources: vec!["dynamodb://*".into()],
                access: crate::emulator::access::Access::new(),
                parameters: json!({}),
                bytes_in: None,
            });
            let (outcome, response) = (Outcome::Ok, answer.clone());
            call.finish(Finish { outcome, aws_calls: Vec::new(), aws_calls_left_out: 0, bytes_out: None, response });
        }
        recorder.settle();
        let places = Places::default();
        let facts = Facts {
            target: Target::Local { account: None, region: None },
            mode: Mode::ReadWrite,
            endpoint: None,
            watched: String::new(),
            hints: Vec::new(),
        };
        let facts = Box::new(move || facts.clone());
        let (journal, directory) = (dir.to_owned(), dir.to_owned());
        let watched = Watched { journal, stores: None, directory, facts, places: places.clone() };
        let updates = Journals::new(watched, clock).news().unwrap().updates;
        let mut rows: Vec<_> = updates
            .into_iter()
            .flat_map(|update| if let Update::Calls(rows) = update { rows } else { Vec::new() })
            .collect();
        rows.sort_by_key(|row| row.id);
        (places, rows.iter().map(|row| row.place).collect())
    }

    #[test]
    fn calls_are_written_to_a_new_file_as_lines_or_as_an_archive() {
        let temp = tempfile::tempdir().unwrap();
        let (places, calls) =
            recorded(&temp.path().join("journal"), &[json!({"tables": []}), json!({"tables": ["a"]})]);
        let to = |name: &str| temp.path().join(name).to_str().unwrap().to_owned();
        let gone = Place { file: 99, ..Place::default() };
        let chosen = [calls[0], gone, calls[1]];
        let saved = |name: &str, format| save(&places, &chosen, &to(name), format, &Watch::idle());
        let Answer::Saved { path, bytes } = saved("calls.ndjson", CallFormat::Ndjson).unwrap() else { panic!() };
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(text.len() as u64, bytes);
        let lines: Vec<Call> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.iter().map(Call::name).collect::<Vec<_>>(), ["dynamodb_list_tables"; 2]);

        saved("calls.har", CallFormat::Har).unwrap();
        let har: Value = serde_json::from_str(&std::fs::read_to_string(to("calls.har")).unwrap()).unwrap();
        let entries = har["log"]["entries"].as_array().unwrap();
        assert_eq!((har["log"]["version"].as_str(), entries.len()), (Some("1.2"), 2));
        assert_eq!(entries[1]["response"]["content"]["text"], r#"{"tables":["a"]}"#);
        assert_eq!(
            entries[0]["request"]["url"],
            "http://dynamodb.footbridge/dynamodb_list_tables?resource=dynamodb%3A%2F%2F%2A"
        );
        assert!(saved("calls.har", CallFormat::Har).is_err(), "an existing file is left alone");
    }

    #[tokio::test]
    async fn a_call_made_again_tells_what_differs() {
        let temp = tempfile::tempdir().unwrap();
        let (places, calls) = recorded(temp.path(), &[json!({"tables": []}), json!({"tables": ["a"]})]);
        let aws = crate::testing::start().await.unwrap();
        let bridge = Bridge::new(Options::local(aws.s3.clone(), aws.dynamodb.clone()));
        for (place, differs) in [(calls[0], false), (calls[1], true)] {
            let Answer::Replayed { call, differences } = replay(&bridge, &places, place).await.unwrap() else {
                panic!()
            };
            assert_eq!((call.finished.unwrap().response, !differences.is_empty()), (json!({"tables": []}), differs));
        }
        let gone = replay(&bridge, &places, Place { file: 99, ..Place::default() }).await.unwrap_err();
        assert_eq!(gone.message, "the journal no longer has this call");
    }
}
