//! Each key of the table does what it says, where it says so.

use super::super::{Act, KEYS};
use super::data::{answer, stage_of};
use crate::ask::Ask;
use crate::keys::{Action, Scope};
use crate::testing::{LOOKS, Stage};

/// An action in a scope: the keys that lead there, and what is so once its key was pressed.
struct Case {
    action: Action,
    scope: Scope,
    before: &'static str,
    then: fn(&mut Stage),
}

const fn case(scope: Scope, action: Action, before: &'static str, then: fn(&mut Stage)) -> Case {
    Case { action, scope, before, then }
}

#[track_caller]
fn shows(stage: &mut Stage, text: &str) {
    let shown = stage.text();
    assert!(shown.contains(text), "no {text:?} in\n{shown}");
}

#[track_caller]
fn asked(stage: &Stage, what: fn(&Ask) -> bool) {
    assert!(stage.asked.last().is_some_and(what), "{:?}", stage.asked.last());
}

/// The row that is selected, in the theme without colours: the first one that is all reversed.
fn selected(stage: &mut Stage) -> String {
    let picture = stage.picture(true);
    let lines: Vec<&str> = picture.lines().collect();
    let is_selected = |styles: &str| styles.matches('#').count() > 40;
    lines.chunks(2).skip(3).find(|pair| is_selected(pair[1])).map_or(String::new(), |pair| pair[0].to_owned())
}

const ASSETS: &str = "j enter";
const CONFIG: &str = "j enter j j enter";

const CASES: &[Case] = &[
    case(Scope::Buckets, Action::Open, "j", |s| shows(s, "─ assets ")),
    case(Scope::Objects, Action::Open, ASSETS, |s| shows(s, "assets › photos")),
    case(Scope::Versions, Action::Open, "j enter V j", |s| shows(s, "config.json · Xp7w")),
    case(Scope::Object, Action::Open, "j enter j j j j j j j j j enter j", |s| shows(s, "customer  Grace Hopper")),
    case(Scope::Buckets, Action::Back, "/ a s enter", |s| shows(s, "empty-bucket")),
    case(Scope::Objects, Action::Back, ASSETS, |s| shows(s, "─ Buckets ")),
    case(Scope::Versions, Action::Back, "j enter V", |s| shows(s, "2 folders")),
    case(Scope::Object, Action::Back, CONFIG, |s| shows(s, "2 folders")),
    case(Scope::Object, Action::Left, "j enter j j j j j j j j j enter l", |s| shows(s, "id  customer")),
    case(Scope::Object, Action::Right, "j enter j j j j j j j j j enter", |s| {
        let shown = s.text();
        assert!(shown.contains("customer") && !shown.contains("  id "), "{shown}");
    }),
    case(Scope::Object, Action::S3(Act::Form), CONFIG, |s| shows(s, "{\"service\": \"checkout\"")),
    case(Scope::Object, Action::Next, CONFIG, |s| shows(s, "9b2cf535f27731c974343645a3985328")),
    case(Scope::Object, Action::Previous, CONFIG, |s| shows(s, "9b2cf535f27731c974343645a3985328")),
    case(Scope::Buckets, Action::Filter, "", |s| {
        s.type_text("arch");
        shows(s, "archive");
        assert!(!s.text().contains("assets"));
    }),
    case(Scope::Objects, Action::Filter, ASSETS, |s| {
        s.type_text("ev");
        s.wait(300);
        asked(s, |ask| matches!(ask, Ask::Objects { prefix, .. } if prefix == "ev"));
        shows(s, "2 objects");
    }),
    case(Scope::Versions, Action::Filter, "j enter V", |s| {
        s.type_text("old");
        s.press("enter");
        asked(s, |ask| matches!(ask, Ask::Versions { prefix, .. } if prefix == "old"));
        shows(s, "2 versions");
    }),
    case(Scope::Object, Action::Search, CONFIG, |s| {
        s.type_text("EU-west");
        s.press("enter");
        shows(s, "▌     \"eu-west-1\"");
    }),
    case(Scope::Objects, Action::S3(Act::Download), "j enter j j", downloads),
    case(Scope::Versions, Action::S3(Act::Download), "j enter V", downloads),
    case(Scope::Object, Action::S3(Act::Download), CONFIG, downloads),
    case(Scope::Objects, Action::S3(Act::Upload), ASSETS, |s| {
        s.type_text("/tmp/new.txt");
        s.press("enter");
        shows(s, "as key new.txt");
        s.press("enter");
        assert!(
            s.asked
                .iter()
                .any(|ask| matches!(ask, Ask::Upload { from, key, .. } if from == "/tmp/new.txt" && key == "new.txt"))
        );
        shows(s, "Uploaded: new.txt");
    }),
    case(Scope::Objects, Action::S3(Act::Versions), "j enter j j", |s| {
        asked(s, |ask| matches!(ask, Ask::Versions { prefix, .. } if prefix == "config.json"));
        shows(s, "2 versions");
    }),
    case(Scope::Versions, Action::S3(Act::Versions), "j enter V", |s| shows(s, "2 folders")),
    case(Scope::Objects, Action::S3(Act::AllVersions), ASSETS, |s| shows(s, "4 versions")),
    case(Scope::Buckets, Action::Copy, "j", |s| {
        s.press("u");
        assert_eq!(s.copied, ["s3://assets"]);
    }),
    case(Scope::Objects, Action::Copy, ASSETS, |s| {
        s.press("c");
        assert_eq!(s.copied, ["aws s3 ls s3://assets/photos/ --endpoint-url=http://127.0.0.1:4566 --region=us-east-1"]);
    }),
    case(Scope::Versions, Action::Copy, "j enter V", |s| {
        s.press("v");
        assert_eq!(s.copied, ["3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY"]);
    }),
    case(Scope::Object, Action::Copy, CONFIG, |s| {
        s.press("a");
        assert_eq!(s.copied, ["arn:aws:s3:::assets/config.json"]);
    }),
    case(Scope::Objects, Action::S3(Act::Mark), "j enter j j", |s| {
        shows(s, "● config.json");
        assert!(selected(s).contains("empty"));
    }),
    case(Scope::Versions, Action::S3(Act::Mark), "j enter V", |s| shows(s, "● config.json")),
    case(Scope::Objects, Action::S3(Act::MarkAll), ASSETS, |s| shows(s, "8 marked")),
    case(Scope::Versions, Action::S3(Act::MarkAll), "j enter V", |s| shows(s, "4 marked")),
    case(Scope::Objects, Action::Delete, "j enter j j", |s| deletes(s, "Delete 1 object?")),
    case(Scope::Versions, Action::Delete, "j enter V", |s| deletes(s, "Delete 1 version?")),
    case(Scope::Object, Action::Delete, CONFIG, |s| deletes(s, "Delete 1 object?")),
    case(Scope::Objects, Action::S3(Act::Presign), "j enter j j", presigns),
    case(Scope::Versions, Action::S3(Act::Presign), "j enter V", presigns),
    case(Scope::Object, Action::S3(Act::Presign), CONFIG, presigns),
    case(Scope::Buckets, Action::More, "", |s| shows(s, "This is all there is")),
    case(Scope::Objects, Action::More, "enter", |s| {
        asked(s, |ask| matches!(ask, Ask::Objects { after: Some(after), .. } if after == "1000"));
        shows(s, "2,000+ objects");
    }),
    case(Scope::Versions, Action::More, "j enter V", |s| shows(s, "This is all there is")),
    case(Scope::Object, Action::More, "j enter j j enter / 's enter", |s| {
        // The line below the first that holds it.
        shows(s, "▌   \"replicas\"");
    }),
    case(Scope::Object, Action::PreviousMatch, "j enter j j enter / 'service enter G", |s| shows(s, "▌   \"service\"")),
    case(Scope::Object, Action::Fold, CONFIG, |s| shows(s, "{ … 4 members }")),
    case(Scope::Object, Action::FoldAll, CONFIG, |s| shows(s, "\"flags\": { … 2 members }")),
    case(Scope::Object, Action::Wrap, "j enter j j j j j j j j enter", |s| shows(s, "than any terminal is wide i…")),
    case(Scope::Object, Action::S3(Act::Zoom), CONFIG, |s| shows(s, "from 140 columns on")),
    case(Scope::Buckets, Action::Export, "", |s| {
        s.press("enter");
        asked(s, |ask| matches!(ask, Ask::Save { to, text } if to == "./buckets.ndjson" && text.lines().count() == 3));
        shows(s, "Written: ./buckets.ndjson");
    }),
    case(Scope::Objects, Action::Export, "j enter enter", |s| {
        s.press("ctrl-u '/tmp/a.csv enter");
        asked(
            s,
            |ask| matches!(ask, Ask::Save { to, text } if to == "/tmp/a.csv" && text.starts_with("Key,Size,LastModified,StorageClass\nphotos/2026/,,,\n")),
        );
    }),
    case(Scope::Versions, Action::Export, "j enter V space", |s| {
        s.press("enter");
        asked(
            s,
            |ask| matches!(ask, Ask::Save { text, .. } if text.lines().count() == 1 && text.contains("\"IsLatest\":true")),
        );
    }),
    case(Scope::Buckets, Action::Refresh, "", |s| asked(s, |ask| matches!(ask, Ask::Buckets { after: None }))),
    case(Scope::Objects, Action::Refresh, "j enter j j", |s| {
        asked(s, |ask| matches!(ask, Ask::Objects { after: None, .. }));
        assert!(selected(s).contains("config.json"));
    }),
    case(Scope::Versions, Action::Refresh, "j enter V", |s| asked(s, |ask| matches!(ask, Ask::Versions { .. }))),
    case(Scope::Object, Action::Refresh, CONFIG, |s| asked(s, |ask| matches!(ask, Ask::Bytes { from: 0, .. }))),
    case(Scope::Buckets, Action::S3(Act::Calls), "j", left),
    case(Scope::Objects, Action::S3(Act::Calls), "j enter j j", left),
    case(Scope::Versions, Action::S3(Act::Calls), "j enter V", left),
    case(Scope::Object, Action::S3(Act::Calls), CONFIG, left),
    case(Scope::Buckets, Action::S3(Act::Stop), "", |s| shows(s, "No transfer is under way")),
    case(Scope::Objects, Action::S3(Act::Stop), "j enter j j", |s| shows(s, "No transfer is under way")),
    case(Scope::Versions, Action::S3(Act::Stop), "j enter V", |s| shows(s, "No transfer is under way")),
    case(Scope::Object, Action::S3(Act::Stop), CONFIG, |s| shows(s, "No transfer is under way")),
];

/// Another view is in front.
fn left(stage: &mut Stage) {
    let shown = stage.text();
    assert!(["─ Buckets", "─ assets", "─ config.json"].iter().all(|title| !shown.contains(title)), "{shown}");
}

fn downloads(stage: &mut Stage) {
    shows(stage, "download to ./config.json");
    stage.press("ctrl-u '/tmp/here enter");
    asked(stage, |ask| matches!(ask, Ask::Download { object, to } if object.key == "config.json" && to == "/tmp/here"));
    shows(stage, "Written: /tmp//tmp/here (9 B)");
}

fn deletes(stage: &mut Stage, title: &str) {
    shows(stage, title);
    stage.press("n");
    assert!(!stage.asked.iter().any(|ask| matches!(ask, Ask::DeleteObjects(_))));
    stage.press("D y");
    assert!(
        stage
            .asked
            .iter()
            .any(|ask| matches!(ask, Ask::DeleteObjects(names) if names.len() == 1 && names[0].key == "config.json"))
    );
    shows(stage, "Deleted: 1 object");
}

fn presigns(stage: &mut Stage) {
    stage.press("down right enter");
    asked(
        stage,
        |ask| matches!(ask, Ask::Presign { put: false, seconds: 43_200, object } if object.key == "config.json"),
    );
    shows(stage, "X-Amz-Algorithm=GET");
    assert_eq!(stage.copied.len(), 1);
    stage.press("y esc");
    assert_eq!(stage.copied.len(), 2);
}

#[test]
fn every_key_of_the_table_does_what_it_says() {
    for binding in KEYS {
        for scope in binding.scopes {
            let found = CASES.iter().find(|case| case.action == binding.action && case.scope == *scope);
            let case = found.unwrap_or_else(|| panic!("no case for {:?} in {scope:?}", binding.action));
            for key in binding.keys {
                let mut stage = stage_of(LOOKS[1].1, (80, 24), "", answer);
                for before in case.before.split(' ').filter(|key| !key.is_empty()) {
                    stage.drawn();
                    stage.press(before);
                }
                stage.drawn();
                stage.press(key);
                assert!(!stage.text().contains("does nothing here"), "{key} for {:?} in {scope:?}", binding.action);
                (case.then)(&mut stage);
            }
        }
    }
}

#[test]
fn the_object_may_take_the_whole_width() {
    let mut stage = stage_of(LOOKS[1].1, (200, 60), CONFIG, answer);
    shows(&mut stage, "2 folders");
    stage.press("f");
    assert!(!stage.text().contains("2 folders"));
    stage.press("f");
    shows(&mut stage, "2 folders");
}
