//! Processes take turns at files, and what goes to stay within the limits is said.

use std::fs;

use footbridge::journal::{About, Event, Limits, Reader};
use serde_json::{Value, json};

use crate::{Bench, NOON, local, ok, put, recorder, rest};

#[cfg(unix)]
#[test]
fn one_after_the_other_writes_to_one_file_and_each_at_a_time_to_its_own() {
    let bench = Bench::new();
    for _ in 0..301 {
        let other = recorder(bench.dir.path(), &bench.clock, Limits::default());
        other.start(put(local(), &Value::Null)).finish(ok(&Value::Null));
    }
    assert_eq!((bench.files().len(), bench.calls().len()), (1, 301));
    let together: Vec<_> = (0..8).map(|_| recorder(bench.dir.path(), &bench.clock, Limits::default())).collect();
    for other in &together {
        other.start(put(local(), &Value::Null)).finish(ok(&Value::Null));
    }
    for other in &together {
        other.settle();
    }
    assert_eq!((bench.files().len(), bench.calls().len()), (8, 309));
    drop(together);
    let last = recorder(bench.dir.path(), &bench.clock, Limits::default());
    last.start(put(local(), &Value::Null)).finish(ok(&Value::Null));
    last.settle();
    assert_eq!((bench.files().len(), bench.calls().len()), (8, 310));
}

#[cfg(unix)]
#[test]
fn only_files_of_ours_that_end_with_a_line_are_taken_over() {
    let bench = Bench::new();
    fs::create_dir(bench.journal()).unwrap();
    let elsewhere = bench.dir.path().join("elsewhere");
    fs::write(&elsewhere, "precious\n").unwrap();
    fs::write(bench.journal().join("1790000000000-7-0.ndjson"), "{\"v\":1,\"torn").unwrap();
    fs::write(bench.journal().join("monday.ndjson"), "mine\n").unwrap();
    std::os::unix::fs::symlink(&elsewhere, bench.journal().join("1790000000001-7-0.ndjson")).unwrap();
    bench.recorder.start(put(local(), &Value::Null)).finish(ok(&Value::Null));
    assert_eq!((bench.files().len(), bench.calls().len()), (4, 1));
    assert_eq!(fs::read_to_string(elsewhere).unwrap(), "precious\n");
    assert_eq!(fs::read_to_string(bench.journal().join("monday.ndjson")).unwrap(), "mine\n");
}

#[cfg(unix)]
#[test]
fn a_call_is_lost_once_another_process_has_its_file() {
    let bench = Bench::new();
    let name = "1790000000000-4000001-0.ndjson";
    bench.recorder.start(put(local(), &Value::Null)).finish(ok(&Value::Null));
    let line = bench.text().lines().next().unwrap().to_owned();
    let (ours, theirs) = (std::process::id(), 4_000_001);
    let line = line.replace(&format!("\"pid\":{ours}"), &format!("\"pid\":{theirs}"));
    let Bench { recorder: first, dir, clock } = bench;
    drop(first);
    let journal = dir.path().join("journal");
    fs::remove_dir_all(&journal).unwrap();
    fs::create_dir(&journal).unwrap();
    fs::write(journal.join(name), line + "\n").unwrap();
    let reader = Reader::open(&journal).unwrap();
    assert!(reader.has_ended(name, theirs));
    // Another process has taken the file over, and writes there.
    let next = recorder(dir.path(), &clock, Limits::default());
    drop(next.start(put(local(), &Value::Null)));
    next.settle();
    assert_eq!(fs::read_dir(&journal).unwrap().count(), 1);
    assert!(reader.has_ended(name, theirs) && !reader.has_ended(name, ours));
    drop(next);
    assert!(reader.has_ended(name, ours));
}

#[test]
fn what_was_removed_is_said() {
    let bench = Bench::limited(Limits { file_bytes: 4000, files: 3, ..Limits::default() });
    for _ in 0..100 {
        bench.clock.advance(std::time::Duration::from_millis(1));
        bench.recorder.start(put(local(), &json!({"key": "x"}))).finish(ok(&Value::Null));
        bench.recorder.settle();
    }
    let mut reader = Reader::open(bench.journal()).unwrap();
    let entries = rest(&mut reader);
    let kept = entries.iter().map(|entry| entry.record.at).min().unwrap();
    let notes: Vec<About> = entries
        .into_iter()
        .filter_map(|entry| match entry.record.event {
            Event::Note(note) => Some(note.about),
            _ => None,
        })
        .collect();
    // What stands in the files that are left; notes go with theirs.
    assert!((1..=3).contains(&notes.len()), "{notes:?}");
    for note in &notes {
        let About::FilesRemoved { files, bytes, from: Some(from), to: Some(to) } = note else { panic!("{note:?}") };
        assert!(*files == 1 && (2000..=4000).contains(bytes) && NOON < *from && from <= to && *to <= kept, "{note:?}");
    }
    let schema: Value = serde_json::from_str(include_str!("../../fixtures/journal.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for line in bench.text().lines().filter(|line| line.contains("\"note\"")) {
        assert!(validator.is_valid(&serde_json::from_str(line).unwrap()), "{line}");
    }
}
