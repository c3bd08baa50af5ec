//! Answers that newer ones to the same request stand in place of.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::matching::same_message;
use crate::probes;

#[derive(Deserialize)]
struct Answers {
    older: Vec<Older>,
}

#[derive(Deserialize)]
struct Older {
    recorded: String,
    id: String,
    exception: String,
    message: String,
    newer: String,
}

#[test]
fn every_older_answer_has_a_newer_one_to_the_same_request() {
    let answers: Answers = toml::from_str(include_str!("../../fixtures/aws-truth/older.toml")).expect("older.toml");
    let newer: BTreeMap<_, _> = probes::all().into_iter().map(|probe| (probe.id.clone(), probe)).collect();
    let (mut superseded, mut confirmed) = (0, 0);
    for Older { recorded, id, exception, message, newer: by } in &answers.older {
        let probe = newer.get(by).unwrap_or_else(|| panic!("{id} of {recorded}: there is no probe {by}"));
        assert!(recorded.as_str() < "2026-09-20" && probe.exception.as_ref() == Some(exception), "{id} of {recorded}");
        let now = probe.message.as_deref().expect("a message");
        // Java prints another hash and other tables' names each time.
        let same = same_message(message, now) || id == "c_bw_over25" && recorded != "2026-06-09";
        *(if same { &mut confirmed } else { &mut superseded }) += 1;
    }
    assert_eq!((answers.older.len(), superseded, confirmed), (88, 53, 35));
}
