//! What a person says to a request, and what came of it.

use footbridge_record::time;

use super::Approvals;
use super::seen::Unseen;
use crate::app::desk::{Desk, Ticket};
use crate::app::typing::Prompt;
use crate::ask::{Answer, Ask, Trouble};
use crate::request::{Decision, Name, Request, Standing};

/// How a request stands at `now`, in words. Text of strangers may be in it.
pub(super) fn standing(request: &Request, now: u64, offset: i32) -> String {
    let when = |at: u64| time::of_day(at, offset).chars().take(5).collect::<String>();
    match &request.standing {
        Standing::Waiting if now >= request.expires => "Nobody answered it in time; it does not run".to_owned(),
        Standing::Waiting => format!("Waits for you, {} left", left(request, now)),
        Standing::Allowed(yes) if yes.session => format!("Allowed for its session by {} at {}", yes.by, when(yes.at)),
        Standing::Allowed(yes) => format!("Allowed once by {} at {}; it has not run yet", yes.by, when(yes.at)),
        Standing::Used(yes) if yes.session => {
            format!("Allowed for its session by {} at {}, and it ran", yes.by, when(yes.at))
        }
        Standing::Used(yes) => format!("Allowed once by {} at {}, and it ran", yes.by, when(yes.at)),
        Standing::Denied { by, at, .. } => format!("Denied by {by} at {}", when(*at)),
        Standing::Abandoned => "Given up by its client; it does not run".to_owned(),
        Standing::Expired => "Not answered, or not used, in time; it does not run".to_owned(),
        Standing::Gone => "It is not in the queue any more; it does not run".to_owned(),
    }
}

/// The time that is left at `now`: `14:05`.
pub(super) fn left(request: &Request, now: u64) -> String {
    let seconds = request.expires.saturating_sub(now) / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

impl Approvals {
    /// Says yes to the selected request, or has a reason typed against it. Whether there is one.
    pub(super) fn answer_selected(&mut self, yes: Option<Decision>, desk: &mut Desk<'_>) -> bool {
        let Some(request) = self.list.selected() else { return false };
        let (name, tool, target) = (request.name.clone(), request.tool.clone(), request.target.clone());
        if !self.may_be_answered(&name, desk) {
            return true;
        }
        match self.seen.allows(&name, desk.glance.now) {
            Err(Unseen::Hidden) => desk.say("The request is not on the screen: Enter opens it"),
            Err(Unseen::Fresh) => desk.say("This came up just now: press the key once it is read"),
            Ok(()) => {
                if let Some(decision) = yes {
                    self.decide(name, decision, desk);
                } else {
                    self.denying = Some(name);
                    desk.type_line(Prompt {
                        tag: "deny",
                        mark: format!("deny {tool} on {target}, because: "),
                        text: String::new(),
                        hint: "the agent is told; Enter denies, Esc does not".to_owned(),
                    });
                }
            }
        }
        true
    }

    /// A reason was typed.
    pub(super) fn deny(&mut self, why: &str, desk: &mut Desk<'_>) {
        // Of what was on the screen when the key was pressed, whatever came since.
        let Some(name) = self.denying.take() else { return };
        if self.may_be_answered(&name, desk) {
            self.decide(name, Decision::Deny(why.trim().to_owned()), desk);
        }
    }

    /// Whether an answer to the request means anything by now; says why not where it does not.
    fn may_be_answered(&self, name: &Name, desk: &mut Desk<'_>) -> bool {
        let now = desk.glance.now;
        match self.list.get(name) {
            Some(request) if !request.waits(now) => {
                desk.say(format!("Not answered by you: {}", lower(&standing(request, now, desk.glance.offset))));
            }
            Some(_) if self.answered.contains(name) => desk.say("You have answered this one"),
            Some(_) => return true,
            None => desk.say("It is not in the queue any more"),
        }
        false
    }

    fn decide(&mut self, request: Name, decision: Decision, desk: &mut Desk<'_>) {
        self.answered.insert(request.clone());
        let ticket = desk.ask(Ask::Decide { request: request.clone(), decision: decision.clone() });
        self.sent.insert(ticket, (request, decision));
    }

    /// What came of an answer.
    pub(super) fn answered(&mut self, ticket: Ticket, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        let Some((name, decision)) = self.sent.remove(&ticket) else { return };
        match answer {
            Ok(Answer::Done(said)) if !said.is_empty() => desk.say(said),
            Ok(_) => desk.say(match decision {
                Decision::Once => "Allowed, once",
                Decision::Session => "Allowed for its session",
                Decision::Deny(_) => "Denied",
            }),
            Err(trouble) => {
                // It may be tried again, where it still waits.
                self.answered.remove(&name);
                desk.say(trouble.message);
            }
        }
    }
}

/// With a small letter first.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
