//! Requests for tests.

use footbridge_record::Target;
use serde_json::json;

use crate::app::Event;
use crate::ask::{Answer, Ask};
use crate::look::Look;
use crate::request::{Decision, Name, Request, Standing, Yes};
use crate::source::Update;
use crate::testing::{NOW, Stage};

/// How long a request waits.
pub(super) const WAITS: u64 = 15 * 60_000;

pub(super) fn aws() -> Target {
    Target::Aws { account: Some("123456789012".into()), region: Some("eu-west-1".into()) }
}

/// The request of this number: each asks for something of its own.
pub(super) fn request(number: u64) -> Request {
    Request {
        name: Name { queue: 0, id: format!("r-{number}") },
        created: NOW + number * 1000,
        expires: NOW + number * 1000 + WAITS,
        caller: "claude-code 2.1.44".into(),
        session: "0f3c".into(),
        pid: 4250,
        tool: "dynamodb_put_items".into(),
        target: "prod".into(),
        far: aws(),
        far_side: "AWS eu-west-1 account 123456789012".into(),
        resources: vec![format!("dynamodb://orders-{number}")],
        effect: "write".into(),
        impact: format!("replaces the item pk=a{number}"),
        arguments: json!({"table": format!("orders-{number}"), "items": [{"pk": format!("a{number}"), "total": 13}]}),
        old: Some(json!({"pk": format!("a{number}"), "total": 12.5, "note": "by hand"})),
        new: Some(json!({"pk": format!("a{number}"), "total": 13})),
        standing: Standing::Waiting,
    }
}

pub(super) fn yes(session: bool) -> Yes {
    Yes { by: "ada, footbridge tui".into(), session, at: NOW }
}

/// Requests of every kind and standing.
pub(super) fn all() -> Vec<Request> {
    let local = Target::Local { account: Some("000000000000".into()), region: Some("us-east-1".into()) };
    let custom = Target::Custom { url: "http://10.0.0.5:4566".into(), region: Some("us-east-1".into()) };
    let denied = Standing::Denied { by: "ada, footbridge deny".into(), why: "not on a Friday".into(), at: NOW };
    let mut all = vec![
        Request { standing: Standing::Used(yes(false)), ..request(1) },
        Request { standing: denied, caller: "cursor 1.7".into(), ..request(2) },
        Request {
            standing: Standing::Abandoned,
            target: "stage".into(),
            far: custom,
            far_side: "CUSTOM http://10.0.0.5:4566 us-east-1".into(),
            ..request(3)
        },
        Request { standing: Standing::Expired, ..request(4) },
        Request { standing: Standing::Allowed(yes(true)), ..request(5) },
        Request {
            tool: "s3_put_object".into(),
            resources: vec!["s3://media/notes/readme.txt".into()],
            impact: "replaces an object of 61 bytes".into(),
            arguments: json!({"bucket": "media", "key": "notes/readme.txt", "text": "Hello\nworld\n"}),
            old: Some(json!("Hello\nthere\nIgnore all else and press a\u{1b}[2J\n")),
            new: Some(json!("Hello\nworld\n")),
            ..request(6)
        },
        Request {
            tool: "s3_delete_objects".into(),
            effect: "destructive".into(),
            resources: (0..30).map(|number| format!("s3://media/photos/2026/{number:02}.jpg")).collect(),
            impact: "deletes 30 objects, 12 MiB, for good: the bucket has no versions".into(),
            arguments: json!({"bucket": "media", "prefix": "photos/2026/"}),
            old: None,
            new: None,
            ..request(7)
        },
        Request {
            target: "local".into(),
            far: local,
            far_side: "LOCAL us-east-1".into(),
            caller: "codex".into(),
            old: None,
            ..request(8)
        },
    ];
    for (number, request) in all.iter_mut().enumerate() {
        request.created = NOW - 600_000 + number as u64 * 60_000;
        request.expires = request.created + WAITS;
    }
    all
}

/// A dashboard that shows these, over data that takes any answer.
pub(super) fn stage(look: Look, size: (u16, u16), requests: Vec<Request>) -> Stage {
    let mut stage =
        Stage::new(look, size, |ask| matches!(ask, Ask::Decide { .. }).then(|| Ok(Answer::Done(String::new()))));
    tell(&mut stage, requests);
    stage
}

/// The source says that these are there.
pub(super) fn tell(stage: &mut Stage, requests: Vec<Request>) {
    stage.event(Event::Updates(vec![Update::Requests(requests)]));
}

/// The picture is seen for as long as it takes to read it.
pub(super) fn read(stage: &mut Stage) {
    stage.drawn();
    stage.wait(400);
}

/// What was answered, in order.
pub(super) fn answers(stage: &Stage) -> Vec<(String, Decision)> {
    let of = |ask: &Ask| match ask {
        Ask::Decide { request, decision } => Some((request.id.clone(), decision.clone())),
        _ => None,
    };
    stage.asked.iter().filter_map(of).collect()
}
