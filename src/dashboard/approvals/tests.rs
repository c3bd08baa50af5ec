use std::sync::Arc;
use std::time::Duration;

use footbridge_record::Target;
use footbridge_tui::Update;
use footbridge_tui::ask::Answer;
use footbridge_tui::request::{Decision, Request, Standing};
use serde_json::json;
use uuid::Uuid;

use super::{Approvals, Watch};
use crate::clock::ManualClock;
use crate::consent::{How, OPEN, Question, Queue, State};

struct World {
    dir: tempfile::TempDir,
    clock: ManualClock,
    approvals: Approvals,
    watch: Watch,
}

fn world() -> World {
    let dir = tempfile::tempdir().unwrap();
    let clock = ManualClock::at_millis(1_800_000_000_000);
    let stores = Some(dir.path().join("stores"));
    let approvals = Approvals::of(dir.path().to_owned(), stores, "ada".into(), Arc::new(clock.clone()));
    let watch = Watch::new(approvals.clone());
    World { dir, clock, approvals, watch }
}

fn question() -> Question {
    Question {
        session: Uuid::nil(),
        caller: "agent 1".into(),
        tool: "dynamodb_put_items".into(),
        target: "prod".into(),
        far_side: "AWS eu-west-1".into(),
        far: Target::Aws { account: None, region: Some("eu-west-1".into()) },
        region: "eu-west-1".into(),
        arguments: json!({"table": "Orders"}),
        resources: vec!["dynamodb://Orders".into()],
        does: Vec::new(),
        once: false,
        effect: "write".into(),
        impact: "it replaces an item".into(),
        old: Some(json!({"pk": "a"})),
        new: None,
        digest: "d".into(),
    }
}

impl World {
    /// The queue as a process that serves an agent has it.
    fn queue(&self, store: Option<&str>) -> Queue {
        let place = store.map_or(self.dir.path().to_owned(), |name| self.dir.path().join("stores").join(name));
        std::fs::create_dir_all(&place).unwrap();
        Queue::open(&place, Arc::new(self.clock.clone()))
    }

    /// What a look tells, where it tells anything.
    fn look(&mut self, due: bool) -> Option<Vec<Request>> {
        self.watch.news(due).into_iter().find_map(|update| match update {
            Update::Requests(requests) => Some(requests),
            _ => None,
        })
    }

    /// Looks until nothing changes any more, as happens within a moment.
    fn settle(&mut self) {
        for read in self.watch.read.values_mut() {
            read.at_once = false;
        }
    }
}

#[test]
fn what_waits_in_any_process_is_told_once_and_again_when_it_changes() {
    let mut world = world();
    assert_eq!(world.look(true), Some(Vec::new()), "what comes after this is new");
    assert_eq!(world.look(true), None);
    let queue = world.queue(None);
    let request = queue.ask(Uuid::new_v4(), question()).unwrap();
    let told = world.look(false).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].name.id.clone(), told[0].standing.clone()), (request.id.to_string(), Standing::Waiting));
    assert_eq!((told[0].expires, told[0].target.as_str()), (request.expires, "prod"));
    assert_eq!(world.look(false), None);
    // A store that is there from now on.
    let other = world.queue(Some("shop"));
    let second = other.ask(Uuid::new_v4(), question()).unwrap();
    assert_eq!(world.look(true).unwrap().len(), 2);
    queue.deny(request.id, "lin", Some("no")).unwrap();
    let told = world.look(false).unwrap();
    let denied = told.iter().find(|one| one.name.id == request.id.to_string()).unwrap();
    assert!(matches!(&denied.standing, Standing::Denied { by, why, .. } if by == "lin" && why == "no"));
    world.clock.advance(Duration::from_millis(OPEN));
    let told = world.look(true).unwrap();
    let expired = told.iter().find(|one| one.name.id == second.id.to_string()).unwrap();
    assert_eq!(expired.standing, Standing::Expired);
}

#[test]
fn nothing_is_read_while_nothing_changes() {
    let mut world = world();
    let queue = world.queue(None);
    let request = queue.ask(Uuid::new_v4(), question()).unwrap();
    queue.deny(request.id, "lin", None).unwrap();
    assert_eq!(world.look(true).unwrap().len(), 1);
    world.settle();
    // A file that is changed in place leaves no trace in its directory: it is seen only by who reads.
    std::fs::write(queue.place().join(format!("{}.json", request.id)), "").unwrap();
    assert_eq!(world.look(true), None);
}

#[test]
fn an_answer_goes_to_its_queue_and_one_that_comes_too_late_says_why() {
    let mut world = world();
    world.look(true);
    let (queue, other) = (world.queue(None), world.queue(Some("shop")));
    let id = Uuid::new_v4();
    let (mine, theirs) = (queue.ask(id, question()).unwrap(), other.ask(id, question()).unwrap());
    let told = world.look(true).unwrap();
    let of = |number: u32| told.iter().find(|one| one.name.queue == number).unwrap().name.clone();
    let done = world.approvals.decide(&of(1), &Decision::Session).unwrap();
    assert_eq!(done, Answer::Done("Allowed for its session: dynamodb_put_items on prod".into()));
    assert_eq!(queue.state(&mine).unwrap(), State::Waiting, "the same id in another queue is another request");
    assert!(matches!(other.state(&theirs).unwrap(), State::Allowed { by, how: How::Session, .. } if by == "ada"));
    world.approvals.decide(&of(0), &Decision::Deny("not now".into())).unwrap();
    let late = world.approvals.decide(&of(0), &Decision::Once).unwrap_err();
    assert!(late.message.contains("denied by ada: not now"), "{late}");
    let unknown = footbridge_tui::request::Name { queue: 7, id: id.to_string() };
    assert_eq!(world.approvals.decide(&unknown, &Decision::Once).unwrap_err().code, "not_known");
}

#[test]
fn a_queue_that_is_not_only_its_users_is_said_once_and_nothing_of_it_is_shown() {
    let mut world = world();
    std::fs::write(world.dir.path().join("approvals"), "").unwrap();
    let notices = |updates: Vec<Update>| {
        updates
            .into_iter()
            .filter(|update| matches!(update, Update::Notice(text) if text.contains("approvals")))
            .count()
    };
    assert_eq!(notices(world.watch.news(true)), 1);
    world.settle();
    assert_eq!(notices(world.watch.news(true)), 0);
}
