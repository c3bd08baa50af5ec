//! Where the queue or the journal cannot be kept, nothing runs.

use std::fs;
use std::sync::Arc;

use footbridge::clock::{RandomIds, SystemClock};
use footbridge::consent::How;
use footbridge::journal::{Limits, Recorder};
use footbridge::mcp::{Bridge, Caller, Mode, Options};
use serde_json::json;

use crate::world::{World, add, call};

#[tokio::test]
async fn a_question_that_cannot_be_written_is_a_no() {
    let world = World::new().await;
    fs::write(world.place(), "in the way").unwrap();
    let (tool, arguments) = add();
    let error = call(&world.bridge(), &Caller::client("agent", "1"), tool, &arguments).await.unwrap_err();
    assert!(error.code == "needs_a_person" && error.message.contains("none could be asked"), "{error}");
    assert!(error.to_string().contains("approvals"), "{error}");
    assert_eq!(world.far.writes(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_queue_that_leads_elsewhere_or_that_others_may_write_is_none() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let world = World::new().await;
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(elsewhere.path(), world.place()).unwrap();
    let (tool, arguments) = add();
    let error = call(&world.bridge(), &Caller::client("agent", "1"), tool, &arguments).await.unwrap_err();
    assert!(error.message.contains("is a link"), "{error}");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);

    let world = World::new().await;
    let bridge = world.bridge();
    let waiting = tokio::spawn(async move { call(&bridge, &Caller::client("agent", "1"), tool, &arguments).await });
    let request = world.asked().await;
    world.approve(&request, How::Session);
    fs::set_permissions(world.place(), fs::Permissions::from_mode(0o777)).unwrap();
    match waiting.await.unwrap() {
        // It had seen the yes before.
        Ok(_) => assert_eq!(world.far.writes(), 1),
        Err(error) => {
            assert!(error.code == "needs_a_person" && error.message.contains("others may write"), "{error}");
            assert_eq!(world.far.writes(), 0);
        }
    }
}

#[tokio::test]
async fn a_queue_that_goes_away_takes_its_yes_along() {
    let world = World::new().await;
    let bridge = world.bridge();
    let caller = Caller::client("agent", "1");
    let (tool, arguments) = add();
    let (of, by, same) = (bridge.clone(), caller.clone(), arguments.clone());
    let waiting = tokio::spawn(async move { call(&of, &by, tool, &same).await });
    let request = world.asked().await;
    world.pass(45);
    waiting.await.unwrap().unwrap_err();
    world.approve(&request, How::Once);
    fs::remove_dir_all(world.place()).unwrap();
    let (of, by, same) = (bridge.clone(), caller.clone(), arguments.clone());
    let again = tokio::spawn(async move { call(&of, &by, tool, &same).await });
    let next = world.asked().await;
    assert_ne!(next.id, request.id);
    // What is used cannot be written: no use, no call.
    world.approve(&next, How::Once);
    let end = world.place().join(format!("{}.end.json", next.id));
    let _ = fs::create_dir(&end);
    let came = again.await.unwrap();
    assert_eq!(world.far.writes(), usize::from(came.is_ok()));
}

#[tokio::test]
async fn a_use_that_cannot_be_written_is_none() {
    let world = World::new().await;
    let bridge = world.bridge();
    let (tool, arguments) = add();
    let waiting = tokio::spawn(async move { call(&bridge, &Caller::client("agent", "1"), tool, &arguments).await });
    let request = world.asked().await;
    fs::create_dir(world.place().join(format!("{}.end.json", request.id))).unwrap();
    // The person's own command sees it; where it does not, the call does.
    let _ = world.queue().allow(request.id, "ada", How::Once);
    world.pass(45);
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!((error.code.as_str(), world.far.writes()), ("needs_a_person", 0), "{error}");
}

#[tokio::test]
async fn without_a_record_nobody_is_asked() {
    let world = World::new().await;
    let file = world.directory.path().join("no directory");
    fs::write(&file, "").unwrap();
    let blocked = Recorder::in_dir(file, Limits::default(), Arc::new(SystemClock), Arc::new(RandomIds)).unwrap();
    let bridge = Bridge::new(Options { recorder: Some(blocked), ..world.options(Mode::Ask) });
    let (tool, arguments) = add();
    let error = call(&bridge, &Caller::client("agent", "1"), tool, &arguments).await.unwrap_err();
    assert_eq!((error.code.as_str(), world.far.writes()), ("audit_failed", 0), "{error}");
    assert_eq!(world.queue().list().unwrap(), []);
}

#[tokio::test]
async fn a_record_that_fails_while_a_call_waits_keeps_it_from_running() {
    let world = World::new().await;
    let bridge = world.bridge();
    let caller = Caller::client("agent", "1");
    let (tool, arguments) = add();
    let (of, by) = (bridge.clone(), caller.clone());
    let waiting = tokio::spawn(async move { call(&of, &by, tool, &arguments).await });
    let request = world.asked().await;
    // The journal's directory gives way to a file: the next record cannot be written.
    let journal = world.directory.path().join("journal");
    fs::remove_dir_all(&journal).unwrap();
    fs::write(&journal, "").unwrap();
    let other = call(&bridge, &caller, "s3_list_buckets", &json!({})).await.unwrap_err();
    assert_eq!(other.code, "audit_failed", "{other}");
    world.approve(&request, How::Once);
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!((error.code.as_str(), world.far.writes()), ("audit_failed", 0), "{error}");
}

#[tokio::test]
async fn a_process_that_has_ended_uses_no_yes_and_neither_does_the_next() {
    let world = World::new().await;
    let caller = Caller::client("agent", "1");
    let (tool, arguments) = add();
    let bridge = world.bridge();
    let (of, by, same) = (bridge.clone(), caller.clone(), arguments.clone());
    let waiting = tokio::spawn(async move { call(&of, &by, tool, &same).await });
    let request = world.asked().await;
    world.pass(45);
    waiting.await.unwrap().unwrap_err();
    drop(bridge);
    let late = world.queue().allow(request.id, "ada", How::Session).unwrap_err();
    assert!(late.to_string().contains("abandoned"), "{late}");
    let next = world.bridge();
    let trying = tokio::spawn(async move { call(&next, &caller, tool, &arguments).await });
    assert_ne!(world.asked().await.id, request.id);
    trying.abort();
    assert_eq!(world.far.writes(), 0);
}

#[tokio::test]
async fn more_questions_than_a_person_can_look_at_are_refused() {
    let world = World::new().await;
    let bridge = world.bridge();
    let caller = Caller::client("agent", "1");
    let update = |at: usize| json!({ "table": "orders", "key": { "pk": "a" }, "update": format!("SET n{at} = n") });
    let waiting: Vec<_> = (0..64)
        .map(|at| {
            let (of, by) = (bridge.clone(), caller.clone());
            tokio::spawn(async move { call(&of, &by, "dynamodb_update_item", &update(at)).await })
        })
        .collect();
    world.waiting(64).await;
    let error = call(&bridge, &caller, "dynamodb_update_item", &update(64)).await.unwrap_err();
    assert!(error.message.contains("64 calls wait for a person already"), "{error}");
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    world.waiting(0).await;
    assert_eq!(world.far.writes(), 0);
}

#[tokio::test]
async fn no_tool_reads_or_writes_where_people_answer() {
    let world = World::new().await;
    let files = vec![world.directory.path().to_owned()];
    let bridge = Bridge::new(Options { files, ..world.options(Mode::ReadWrite) });
    // A session for each: nobody is asked before the path is looked at.
    let caller = || Caller::client("agent", "1");
    fs::create_dir(world.place()).unwrap();
    fs::write(world.place().join("x.json"), "{}").unwrap();
    for (tool, arguments) in [
        ("s3_download_object", json!({ "bucket": "media", "key": "a.txt", "save_to": "approvals/y.answer.json" })),
        ("s3_put_object", json!({ "bucket": "media", "key": "x", "file": "approvals/x.json" })),
        ("s3_upload_directory", json!({ "bucket": "media", "directory": "approvals" })),
        ("dynamodb_export_items", json!({ "table": "orders", "save_to": "approvals/orders.json" })),
    ] {
        let error = call(&bridge, &caller(), tool, &arguments).await.unwrap_err();
        assert!(error.code == "file_not_allowed" && error.message.contains("people decide there"), "{tool}: {error}");
    }
    let key = "deep/approvals/y.answer.json";
    let put = json!({ "bucket": "media", "key": key, "text": "{}" });
    call(&bridge, &caller(), "s3_put_object", &put).await.unwrap();
    let down = json!({ "bucket": "media", "prefix": "deep/", "save_to": "." });
    let answer = call(&bridge, &caller(), "s3_download_prefix", &down).await;
    assert_eq!(fs::read_dir(world.place()).unwrap().count(), 1, "{answer:?}");
}

#[tokio::test]
async fn a_yes_is_for_the_file_that_was_there() {
    let world = World::new().await;
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("a.txt");
    fs::write(&path, "harmless").unwrap();
    let bridge = Bridge::new(Options { files: vec![files.path().to_owned()], ..world.options(Mode::Ask) });
    let put = json!({ "bucket": "media", "key": "b.txt", "file": path.to_str().unwrap() });
    let caller = Caller::client("agent", "1");
    let (of, by, same) = (bridge.clone(), caller.clone(), put.clone());
    let waiting = tokio::spawn(async move { call(&of, &by, "s3_put_object", &same).await });
    let request = world.asked().await;
    fs::write(&path, "something else").unwrap();
    world.approve(&request, How::Once);
    let error = waiting.await.unwrap().unwrap_err();
    assert_eq!((error.code.as_str(), world.far.writes()), ("file_changed", 0), "{error}");
    // What it is now is asked about anew.
    let waiting = tokio::spawn(async move { call(&bridge, &caller, "s3_put_object", &put).await });
    world.approve(&world.asked().await, How::Once);
    waiting.await.unwrap().unwrap();
    assert_eq!(world.far.writes(), 1);
}
