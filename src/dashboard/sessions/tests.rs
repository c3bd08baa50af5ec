use std::path::Path;

use footbridge_record::Target;

use super::{Sessions, log};
use crate::backend::{Presence, ProcessRecord};

fn record(pid: u32, command: &str, journal: &Path) -> ProcessRecord {
    ProcessRecord {
        pid,
        command: command.into(),
        version: "0".into(),
        started: u64::from(pid),
        target: Target::Aws { account: Some("111122223333".into()), region: Some("eu-west-1".into()) },
        mode: "ask".into(),
        journal: journal.into(),
        endpoint: None,
        mcp: None,
        client: Some("agent 1".into()),
    }
}

#[tokio::test]
async fn the_owner_comes_first_and_stores_after_the_directory_itself() {
    let temp = tempfile::tempdir().unwrap();
    let (own, store) = (temp.path().to_owned(), temp.path().join("stores/shop"));
    std::fs::create_dir_all(&store).unwrap();
    let announce =
        |directory: &Path, pid, command| Presence::announce(directory, record(pid, command, directory)).unwrap();
    let ours = std::process::id();
    let _present = [announce(&own, 1, "tui"), announce(&own, ours, "mcp"), announce(&store, 3, "demo")];
    let owner = format!(r#"{{"pid": {ours}, "address": "127.0.0.1:1", "token": "t", "directory": "d"}}"#);
    std::fs::write(own.join("owner.json"), owner).unwrap();
    let sessions = Sessions::of(own, None).beside(String::new(), Some(temp.path().join("stores")));
    let known = sessions.look().await;
    let shown: Vec<_> =
        known.processes.iter().map(|of| (of.command.as_str(), of.store.as_str(), of.owner, of.own)).collect();
    assert_eq!(shown, [("mcp", "", true, true), ("tui", "", false, false), ("demo", "shop", false, false)]);
    let first = &known.processes[0];
    assert_eq!((first.target.as_str(), first.client.as_str()), ("aws 111122223333 eu-west-1", "agent 1"));
    assert_eq!(first.memory.is_some(), cfg!(target_os = "linux"));
    assert!(known.regions.is_empty());
}

#[tokio::test]
async fn what_is_stored_is_counted_by_account_and_region_and_what_it_takes_by_kind() {
    let temp = tempfile::tempdir().unwrap();
    let aws = crate::testing::start().await.unwrap();
    for bucket in ["one", "two"] {
        aws.s3.create_bucket().bucket(bucket).send().await.unwrap();
    }
    aws.s3.put_object().bucket("one").key("a").body(vec![0; 10].into()).send().await.unwrap();
    let inventory = aws.emulator().unwrap().inventory().unwrap();
    assert_eq!((inventory.objects, inventory.holdings.len()), (1, 1));
    let held = &inventory.holdings[0];
    assert_eq!((held.region.as_str(), held.buckets, held.tables), ("us-east-1", 2, 0));
    std::fs::create_dir(temp.path().join("journal")).unwrap();
    std::fs::write(temp.path().join("journal/1-1-0.ndjson"), [b'x'; 2048]).unwrap();
    std::fs::write(temp.path().join("footbridge.redb"), [b'x'; 4096]).unwrap();
    let facts = Sessions::of(temp.path().to_owned(), None).look().await.facts;
    let fact = |name: &str| facts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!((fact("journal"), fact("database"), fact("bodies")), (Some("2.0 KiB"), Some("4.0 KiB"), None));
}

#[test]
fn the_end_of_the_last_days_log_is_shown() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("footbridge.log");
    assert!(log::tail(&path, 3).is_empty());
    let lines = (0..50_000).map(|line| format!("line {line}")).collect::<Vec<_>>().join("\n");
    for (name, text) in [
        ("footbridge.2026-11-21.log", "old\n"),
        ("footbridge.2026-11-22.log", lines.as_str()),
        ("footbridge.mine.log", "mine\n"),
    ] {
        std::fs::write(temp.path().join(name), text).unwrap();
    }
    assert_eq!(log::tail(&path, 2), ["line 49998", "line 49999"]);
    let all = log::tail(&path, usize::MAX);
    assert!(all.len() < 50_000 && all[0].starts_with("line "), "{}", all[0]);
}
