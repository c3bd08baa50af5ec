//! Where records stand: read again by their place, and backwards from the end.

use std::fs::{self, OpenOptions};
use std::io::Write;

use footbridge::journal::{Entry, Limits, Reader, read_at};
use serde_json::{Value, json};

use crate::{Bench, local, ok, put, recorder, rest};

fn back(reader: &mut Reader) -> Vec<Entry> {
    std::iter::from_fn(|| reader.previous().unwrap()).collect()
}

/// Three files: small lines, lines that are longer than what is read at once, and one that is no journal line at all.
fn filled() -> Bench {
    let bench = Bench::limited(Limits { body_bytes: 200 << 10, ..Limits::default() });
    let other = recorder(bench.dir.path(), &bench.clock, Limits { body_bytes: 200 << 10, ..Limits::default() });
    for turn in 0..300_usize {
        bench.clock.advance(std::time::Duration::from_millis(1));
        let long = if turn % 50 == 0 { "words ".repeat(20_000) } else { String::new() };
        let recorder = if turn % 3 == 0 { &other } else { &bench.recorder };
        let parameters = json!({ "turn": turn, "text": long });
        recorder.start(put(local(), &parameters)).finish(ok(&Value::Null));
        if turn == 1 {
            // Each has a file of its own from now on.
            bench.recorder.settle();
            other.settle();
        }
    }
    drop(other);
    let lines = bench.text();
    let last = lines.lines().last().unwrap();
    let strange = format!("{}\n{last}\n\n{{\"v\":1\n{last}\n", "x".repeat(9 << 20));
    fs::write(bench.journal().join("1700000000000-7-0.ndjson"), strange).unwrap();
    bench
}

#[test]
fn backwards_gives_what_forwards_gives() {
    let bench = filled();
    let mut forward = Reader::open(bench.journal()).unwrap();
    let mut all = rest(&mut forward);
    assert_eq!((all.len(), forward.unreadable()), (602, 2));
    all.sort_by_key(|entry| (entry.file.clone(), entry.offset));
    let mut reader = Reader::from_end(bench.journal()).unwrap();
    assert_eq!(rest(&mut reader), []);
    let mut older = back(&mut reader);
    if let Some(pair) = older.windows(2).find(|pair| pair[0].record.at < pair[1].record.at) {
        panic!("the latest come first: {pair:?}");
    }
    assert_eq!(reader.unreadable(), 2);
    older.sort_by_key(|entry| (entry.file.clone(), entry.offset));
    assert_eq!(older, all);
}

#[test]
fn forwards_goes_on_where_backwards_began() {
    let bench = filled();
    let torn = bench.journal().join("1700000000000-7-0.ndjson");
    let line = bench.text().lines().last().unwrap().to_owned() + "\n";
    let (head, tail) = line.split_at(100);
    let mut file = OpenOptions::new().append(true).open(&torn).unwrap();
    file.write_all(head.as_bytes()).unwrap();
    let mut reader = Reader::from_end(bench.journal()).unwrap();
    file.write_all(tail.as_bytes()).unwrap();
    drop(bench.recorder.start(put(local(), &Value::Null)));
    let other = recorder(bench.dir.path(), &bench.clock, Limits::default());
    drop(other.start(put(local(), &Value::Null)));
    bench.recorder.settle();
    other.settle();
    reader.refresh().unwrap();
    assert_eq!(rest(&mut reader).len(), 5);
    assert_eq!(back(&mut reader).len(), 602);
    reader.refresh().unwrap();
    assert_eq!(rest(&mut reader), []);
}

#[test]
fn a_record_is_read_again_by_its_place() {
    let bench = filled();
    let mut reader = Reader::open(bench.journal()).unwrap();
    for Entry { file, offset, length, record } in rest(&mut reader) {
        assert_eq!(read_at(&bench.journal(), &file, offset).unwrap().as_ref(), Some(&record));
        let line = fs::read(bench.journal().join(&file)).unwrap();
        let line = &line[usize::try_from(offset).unwrap()..][..usize::try_from(length).unwrap()];
        assert_eq!(serde_json::from_slice::<footbridge::journal::Record>(line).unwrap(), record);
        assert_eq!(read_at(&bench.journal().join(&file), &file, offset).unwrap(), Some(record));
    }
    let path = bench.files().pop().unwrap();
    let file = path.file_name().unwrap().to_str().unwrap();
    let end = fs::metadata(&path).unwrap().len();
    for (file, offset) in
        [(file, 1), (file, end), (file, end + 1), (file, u64::MAX), ("1-1-0.ndjson", 0), ("../journal/x", 0), ("..", 0)]
    {
        assert_eq!(read_at(&bench.journal(), file, offset).unwrap(), None, "{file} {offset}");
    }
    // A line that is not whole yet is no record.
    fs::write(bench.journal().join("torn.ndjson"), "{\"v\":1").unwrap();
    assert_eq!(read_at(&bench.journal(), "torn.ndjson", 0).unwrap(), None);
}

#[test]
fn what_is_pruned_meanwhile_is_passed_over() {
    let bench = filled();
    let mut reader = Reader::from_end(bench.journal()).unwrap();
    for _ in 0..10 {
        assert!(reader.previous().unwrap().is_some());
    }
    for path in bench.files() {
        fs::remove_file(path).unwrap();
    }
    // What was read already may still come.
    assert!(back(&mut reader).len() < 592);
}
