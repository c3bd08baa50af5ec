//! Makes recorded calls again, through the same door as any other.

use std::time::Instant;

use serde_json::{Map, Value};

use super::diff::region;
use super::follow::Traces;
use super::{Comparer, Comparison, ReplayError, Side, Skip, Step, Verdict};
use crate::journal::{Call, Outcome, milliseconds};
use crate::mcp::{Bridge, Caller, Effect, ToolError};

/// Calls without an answer, one after the other, after which no more are made.
const PATIENCE: usize = 3;

/// What is to become of a recorded call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is made again, and would do this.
    Made(Effect),
    /// It is not.
    Skipped(Skip),
}

/// Why a replay ended before its last call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop(pub ToolError);

/// A replay under way.
pub struct Replay {
    bridge: Bridge,
    region: String,
    comparer: Comparer,
    traces: Traces,
    made: usize,
    unanswered: usize,
}

impl Replay {
    /// A replay through `bridge`, whose target is in `region`.
    ///
    /// # Errors
    /// [`ReplayError::Pattern`] where comparing does not work.
    pub fn new(bridge: Bridge, region: impl Into<String>) -> Result<Self, ReplayError> {
        let comparer = Comparer::new()?;
        Ok(Self { bridge, region: region.into(), comparer, traces: Traces::default(), made: 0, unanswered: 0 })
    }

    /// What is to become of `call`. Nothing is called.
    #[must_use]
    pub fn fate(bridge: &Bridge, call: &Call) -> Fate {
        if let Some(skip) = Skip::of(call) {
            return Fate::Skipped(skip);
        }
        match bridge.effect(call.name(), &arguments(call)) {
            Ok(effect) => Fate::Made(effect),
            // The tool itself will say what is wrong with its arguments.
            Err(error) if error.code != "unknown_tool" => Fate::Made(Effect::Read),
            Err(error) => Fate::Skipped(Skip::new("unknown_tool", error.message)),
        }
    }

    /// Makes `call` again, where it can be, and compares its answer with the recorded one.
    ///
    /// # Errors
    /// [`Stop`] where no further call would get to the backend.
    pub async fn step(&mut self, call: &Call) -> Result<Step, Stop> {
        self.made += 1;
        let mut step = match Self::fate(&self.bridge, call) {
            Fate::Skipped(reason) => Step::new(self.made, call, Verdict::NotReplayed { reason }),
            Fate::Made(_) => self.make(call).await?,
        };
        self.traces.follow(&mut step, call);
        Ok(step)
    }

    async fn make(&mut self, call: &Call) -> Result<Step, Stop> {
        let recorded = call.finished.as_ref().map_or(&Outcome::Ok, |end| &end.outcome);
        let mut arguments = arguments(call);
        if let Err(name) = self.comparer.translate(&mut arguments) {
            // What failed may have failed for an id that nobody gave.
            if matches!(recorded, Outcome::Ok) {
                let text = format!("its {name} was given by no call that was replayed before");
                let reason = Skip::new("unknown_id", text);
                return Ok(Step::new(self.made, call, Verdict::NotReplayed { reason }));
            }
        }
        let began = Instant::now();
        let answer = self.bridge.call(&Caller::Command("replay"), call.name(), arguments).await;
        let ms = milliseconds(began.elapsed());
        let (outcome, response) = match answer {
            Ok(answer) => {
                // The door gives JSON; anything else would show as a difference.
                let value = serde_json::from_str(&answer.text).unwrap_or(Value::String(answer.text));
                (Outcome::Ok, self.comparer.redacted(&value))
            }
            Err(error) if error.is_refusal() => {
                let text = match error.code.as_str() {
                    "not_allowed" | "needs_a_person" => "it writes, which was not allowed".to_owned(),
                    _ => error.message,
                };
                let reason = Skip::new("not_allowed", text);
                return Ok(Step::new(self.made, call, Verdict::NotReplayed { reason }));
            }
            Err(error) => {
                self.unanswered = if error.code == "no_answer" { self.unanswered + 1 } else { 0 };
                if Skip::is_final(&error.code) || self.unanswered == PATIENCE {
                    return Err(Stop(error));
                }
                (Outcome::Error { code: error.code, message: error.message }, Value::Null)
            }
        };
        if outcome == Outcome::Ok {
            self.unanswered = 0;
        }
        let comparison = self.compare(call, recorded, &outcome, &response);
        Ok(Step { ms: Some(ms), ..Step::compared(self.made, call, comparison) })
    }

    fn compare(&mut self, call: &Call, recorded: &Outcome, outcome: &Outcome, response: &Value) -> Comparison {
        let answer = call.finished.as_ref().map_or(&Value::Null, |end| &end.response);
        let left = Side { outcome: recorded, response: answer, region: region(call) };
        let right = Side { outcome, response, region: Some(&self.region) };
        self.comparer.compare(call.name(), &call.started.parameters, left, right)
    }
}

fn arguments(call: &Call) -> Map<String, Value> {
    call.started.parameters.as_object().cloned().unwrap_or_default()
}
