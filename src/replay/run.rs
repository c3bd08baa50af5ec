//! Makes recorded calls again, through the same door as any other.

use std::collections::HashMap;
use std::time::Instant;

use footbridge_record::brief;
use serde_json::{Map, Value};

use super::diff::region;
use super::endpoint::{self, Request};
use super::follow::Traces;
use super::{Comparer, Comparison, ReplayError, Side, Skip, Step, Verdict};
use crate::config::is_region;
use crate::journal::{Call, Outcome, Subject, milliseconds};
use crate::mcp::{Answered, Bridge, Caller, Effect, Operation, ToolError};

/// Who makes the calls, for the journal and for whoever decides.
const CALLER: Caller = Caller::Command("replay");

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
    /// Of the other regions in which calls were made.
    elsewhere: HashMap<String, Bridge>,
    comparer: Comparer,
    traces: Traces,
    made: usize,
    unanswered: usize,
    /// Whether ids that no earlier call gave are sent as they were recorded.
    as_recorded: bool,
}

/// What came of one call that was made again by itself.
#[derive(Debug, Clone)]
pub struct Again {
    /// How it compares with what was recorded.
    pub step: Step,
    /// How it ended; `None` where it was not made.
    pub outcome: Option<Outcome>,
    /// What was answered, as the journal has it.
    pub response: Value,
}

/// Makes `call` again by itself, with the ids that it was recorded with, and compares the answers. `bridge` decides whether
/// it may.
///
/// # Errors
/// [`Stop`] where it did not get to the backend.
pub async fn one(bridge: &Bridge, call: &Call) -> Result<Again, Stop> {
    let mut replay =
        Replay::new(bridge.clone()).map_err(|error| Stop(ToolError::new("internal", error.to_string())))?;
    replay.as_recorded = true;
    // By itself, it has no calls after it that may get through.
    replay.unanswered = PATIENCE - 1;
    replay.again(call).await
}

/// A call that was made.
struct Made {
    outcome: Outcome,
    response: Value,
    ms: f64,
}

/// Why a call was not made, or not to its end.
enum Not {
    Skipped(Skip),
    Failed(ToolError),
}

impl Replay {
    /// A replay through `bridge`. On the local backend, each call is made in the region in which it was recorded.
    ///
    /// # Errors
    /// [`ReplayError::Pattern`] where comparing does not work.
    pub fn new(bridge: Bridge) -> Result<Self, ReplayError> {
        let (comparer, traces, elsewhere) = (Comparer::new()?, Traces::default(), HashMap::new());
        Ok(Self { bridge, elsewhere, comparer, traces, made: 0, unanswered: 0, as_recorded: false })
    }

    /// What is to become of `call`. Nothing is called.
    #[must_use]
    pub fn fate(bridge: &Bridge, call: &Call) -> Fate {
        if let Some(skip) = Skip::of(call) {
            return Fate::Skipped(skip);
        }
        let target = &bridge.context().target;
        if let Some(region) = region(call).filter(|region| *region != target.region)
            && !(bridge.context().is_local() && is_region(region))
        {
            let text = format!("was made in {region}, and this is {} (--region {region} makes it)", target.region);
            return Fate::Skipped(Skip::new("other_region", text));
        }
        if matches!(call.started.subject, Subject::Operation { .. }) {
            return match Request::of(call, &call.started.parameters) {
                Ok(request) => Fate::Made(request.effect),
                Err(skip) => Fate::Skipped(skip),
            };
        }
        match bridge.effect(call.name(), &arguments(call)) {
            Ok(effect) => Fate::Made(effect),
            // The tool itself will say what is wrong with its arguments; what it is, its name tells.
            Err(error) if error.code != "unknown_tool" => Fate::Made(endpoint::effect(call, &brief(call).name)),
            Err(error) => Fate::Skipped(Skip::new("unknown_tool", error.message)),
        }
    }

    /// Makes `call` again, where it can be, and compares its answer with the recorded one.
    ///
    /// # Errors
    /// [`Stop`] where no further call would get to the backend.
    pub async fn step(&mut self, call: &Call) -> Result<Step, Stop> {
        Ok(self.again(call).await?.step)
    }

    async fn again(&mut self, call: &Call) -> Result<Again, Stop> {
        self.made += 1;
        let bridge = self.bridge_for(call);
        let made = match Self::fate(&self.bridge, call) {
            Fate::Skipped(reason) => Err(Not::Skipped(reason)),
            Fate::Made(_) if matches!(call.started.subject, Subject::Operation { .. }) => {
                self.operation(&bridge, call).await
            }
            Fate::Made(_) => self.tool(&bridge, call).await,
        };
        let mut again = match self.answered(made)? {
            Ok(Made { outcome, response, ms }) => {
                let comparison = self.compare(call, &outcome, &response, &bridge.context().target.region);
                let step = Step { ms: Some(ms), ..Step::compared(self.made, call, comparison) };
                Again { step, outcome: Some(outcome), response }
            }
            Err(reason) => {
                let step = Step::new(self.made, call, Verdict::NotReplayed { reason });
                Again { step, outcome: None, response: Value::Null }
            }
        };
        self.traces.follow(&mut again.step, call);
        Ok(again)
    }

    /// What came of a call, where the calls after it may get through.
    fn answered(&mut self, made: Result<Made, Not>) -> Result<Result<Made, Skip>, Stop> {
        let error = match made {
            Ok(made) => {
                self.unanswered = 0;
                return Ok(Ok(made));
            }
            Err(Not::Skipped(skip)) => return Ok(Err(skip)),
            Err(Not::Failed(error)) => error,
        };
        if error.is_refusal() {
            let text = match error.code.as_str() {
                "not_allowed" | "needs_a_person" => "it writes, which was not allowed".to_owned(),
                _ => error.message,
            };
            return Ok(Err(Skip::new("not_allowed", text)));
        }
        self.unanswered = if error.code == "no_answer" { self.unanswered + 1 } else { 0 };
        if Skip::is_final(&error.code) || self.unanswered == PATIENCE {
            return Err(Stop(error));
        }
        let outcome = Outcome::Error { code: error.code, message: error.message };
        Ok(Ok(Made { outcome, response: Value::Null, ms: 0.0 }))
    }

    async fn tool(&self, bridge: &Bridge, call: &Call) -> Result<Made, Not> {
        let mut arguments = arguments(call);
        let translated = self.comparer.translate(&mut arguments);
        self.given(call, translated)?;
        let began = Instant::now();
        let answer = bridge.call(&CALLER, call.name(), arguments).await.map_err(Not::Failed)?;
        // The door gives JSON; anything else would show as a difference.
        let value = serde_json::from_str(&answer.text).unwrap_or(Value::String(answer.text));
        Ok(Made { outcome: Outcome::Ok, response: self.comparer.redacted(&value), ms: milliseconds(began.elapsed()) })
    }

    async fn operation(&self, bridge: &Bridge, call: &Call) -> Result<Made, Not> {
        let mut parameters = call.started.parameters.clone();
        let translated = self.comparer.translate_operation(call.service(), &mut parameters);
        self.given(call, translated)?;
        let request = Request::of(call, &parameters).map_err(Not::Skipped)?;
        let recorded = call.finished.as_ref().map_or((None, &Outcome::Ok), |end| (end.http_status, &end.outcome));
        let of = request.clone();
        let passing = Operation {
            service: of.service.name(),
            name: &of.operation,
            resources: &of.resources,
            access: &of.access,
            parameters: &parameters,
            effect: of.effect,
        };
        let began = Instant::now();
        let work = async {
            let raw = endpoint::send(bridge.context(), request).await?;
            Ok(endpoint::answered(&of, &raw, recorded))
        };
        let Answered { outcome, response } = bridge.pass(&CALLER, passing, work).await.map_err(Not::Failed)?;
        Ok(Made { outcome, response: self.comparer.redacted(&response), ms: milliseconds(began.elapsed()) })
    }

    /// Whether the ids that a call names were given on this side too; the error names one that was not.
    fn given<E: std::fmt::Display>(&self, call: &Call, translated: Result<(), E>) -> Result<(), Not> {
        // What failed may have failed for an id that nobody gave.
        let worked = call.finished.as_ref().is_none_or(|end| end.outcome == Outcome::Ok);
        match translated {
            Err(name) if worked && !self.as_recorded => {
                let text = format!("its {name} was given by no call that was replayed before");
                Err(Not::Skipped(Skip::new("unknown_id", text)))
            }
            _ => Ok(()),
        }
    }

    /// The bridge to the region in which `call` was made.
    fn bridge_for(&mut self, call: &Call) -> Bridge {
        match region(call) {
            Some(name) if name != self.bridge.context().target.region && is_region(name) => {
                self.elsewhere.entry(name.to_owned()).or_insert_with(|| self.bridge.in_region(name)).clone()
            }
            _ => self.bridge.clone(),
        }
    }

    fn compare(&mut self, call: &Call, outcome: &Outcome, response: &Value, here: &str) -> Comparison {
        let end = call.finished.as_ref();
        let left = Side {
            outcome: end.map_or(&Outcome::Ok, |end| &end.outcome),
            response: end.map_or(&Value::Null, |end| &end.response),
            partial: end.is_some_and(|end| end.response_partial),
            region: region(call),
        };
        let right = Side { outcome, response, partial: false, region: Some(here) };
        self.comparer.compare_ends(call, left, right)
    }
}

fn arguments(call: &Call) -> Map<String, Value> {
    call.started.parameters.as_object().cloned().unwrap_or_default()
}
