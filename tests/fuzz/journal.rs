//! Lines of a journal: those that are records are read, whatever stands between them.

use footbridge::journal::{Join, Reader, Record};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::change::{changed, changes};
use crate::json::{twisted, twists};
use crate::target::{Target, ensure};

const DEMO: &str = include_str!("../../fixtures/journal/demo.ndjson");

/// A line of a journal after changes of its JSON and of its bytes.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let lines: Vec<&str> = DEMO.lines().collect();
    (select(lines), twists(), changes()).prop_map(|(line, twists, changes)| {
        let record = twisted(&serde_json::from_str(line).unwrap(), &twists);
        changed(record.to_string().as_bytes(), &changes)
    })
}

#[test]
fn good_lines_are_read_whatever_stands_between_them() {
    let target = Target::new("journal", 400);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("1790000000000-1-0.ndjson");
    let good: Vec<&str> = DEMO.lines().take(2).collect();
    let records: Vec<Record> = good.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let inputs = vec(line().prop_map(bytes::Bytes::from), 1..6);
    target.holds(&inputs, async |bad| {
        let text = [good[0].as_bytes(), &bad.join(&b'\n'), good[1].as_bytes(), b""].join(&b'\n');
        std::fs::write(&file, &text).unwrap();
        let lines = text.split(|byte| *byte == b'\n').count() as u64 - 1;
        for last in [u64::MAX, text.len() as u64, 100] {
            let mut reader = Reader::near_end(directory.path(), last).map_err(|error| error.to_string())?;
            let (mut read, mut join) = (Vec::new(), Join::default());
            while let Some(entry) = reader.next().map_err(|error| error.to_string())? {
                read.push(entry.record.clone());
                let _ = join.push(entry).map(|call| (call.status(), call.name().len()));
            }
            let passed = read.len() as u64 + reader.unreadable();
            ensure(passed <= lines, || format!("{passed} of {lines} lines were read"))?;
            if read.len() > 2 {
                target.accepted();
            }
            let whole = last >= text.len() as u64;
            ensure(!whole || read.first() == records.first(), || "the first line is not read".to_owned())?;
            ensure(!whole || read.last() == records.last(), || "the last line is not read".to_owned())?;
        }
        Ok(())
    });
    target.accepts_one_in(10);
}
