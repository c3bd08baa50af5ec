//! Keys and bodies of strangers: nothing of them commands the terminal, and nothing of them makes the view stumble.

use super::data::{answer, object, stage_of};
use crate::ask::{Answer, Ask, Bucket, Entry, ObjectFacts, Page};
use crate::testing::{LOOKS, Stage};

const EVIL: &str = "\u{1b}[2J\u{1b}]52;c;cm0gLXJm\u{7}\u{202e}gpj\u{9b}31m\r\n\0\u{e0041}";

/// One object of this key, bytes and kind.
fn with(key: String, body: Vec<u8>, keys: &str) -> Stage {
    let answers = move |ask: &Ask| {
        Some(Ok(match ask {
            Ask::Buckets { .. } => Answer::Buckets(Page {
                rows: vec![Bucket { name: format!("b{EVIL}"), created: Some(u64::MAX), region: Some(EVIL.into()) }],
                next: None,
            }),
            Ask::Objects { .. } => Answer::Objects(Page {
                rows: vec![Entry::Folder(format!("{EVIL}/")), object(&key, body.len() as u64, 0, EVIL)],
                next: None,
            }),
            Ask::Object(_) => Answer::Object(Box::new(ObjectFacts {
                size: body.len() as u64,
                content_type: EVIL.into(),
                headers: vec![(EVIL.into(), EVIL.into())],
                metadata: vec![(EVIL.into(), EVIL.into())],
                tags: Some(vec![(EVIL.into(), EVIL.into())]),
            })),
            Ask::Bytes { from, length, .. } => {
                let start = usize::try_from(*from).unwrap().min(body.len());
                let end = (start + usize::try_from(*length).unwrap()).min(body.len());
                Answer::Bytes { from: *from, total: body.len() as u64, bytes: body[start..end].to_vec() }
            }
            ask => return answer(ask),
        }))
    };
    stage_of(LOOKS[0].1, (80, 24), keys, answers)
}

#[track_caller]
fn harmless(stage: &mut Stage) {
    let shown = stage.text();
    let strange = shown.chars().find(|c| *c != '\n' && footbridge_record::text::is_treacherous(*c));
    assert_eq!(strange, None, "{shown}");
}

#[test]
fn names_and_facts_are_shown_not_obeyed() {
    for keys in [
        "",
        "enter",
        "enter j",
        "enter j enter",
        "enter j enter tab",
        "enter j y",
        "enter j D",
        "enter j P",
        "enter j d",
    ] {
        let mut stage = with(format!("k{EVIL}"), b"text".to_vec(), keys);
        harmless(&mut stage);
    }
    let mut stage = with(format!("k{EVIL}"), b"text".to_vec(), "enter j y c");
    harmless(&mut stage);
    // A line break stands in quotes.
    let commands = |c: char| c != '\n' && footbridge_record::text::is_treacherous(c);
    assert!(!stage.copied[0].chars().any(commands), "{:?}", stage.copied);
}

#[test]
fn every_form_of_every_body_is_harmless() {
    let csv = format!("a,\"{EVIL}\nb\"\"c\",d\n1,\"never closed {EVIL}\n2,3,4,5,6,7\n,,,,\n");
    let json = serde_json::json!({ EVIL: [EVIL, { "deep": EVIL }] }).to_string();
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("a.txt", EVIL.into()),
        ("a.txt", "x".repeat(1_000_000).into()),
        ("a.txt", ["e".to_owned(), "\u{301}".repeat(300_000)].concat().into()),
        ("a.txt", b"ok \xff\xfe\xc3\x28 \xf0\x9f".to_vec()),
        ("a.csv", csv.clone().into()),
        ("a.csv", "\"".repeat(100_001).into()),
        ("a.csv", ",".repeat(100_000).into()),
        ("a.json", json.clone().into()),
        ("a.json", "[".repeat(100_000).into()),
        ("a.json", format!("{{\"a\": [{}", "1,".repeat(90_000)).into()),
        ("a.json", json[..json.len() / 2].into()),
        ("a.ndjson", format!("{json}\n{json}\n{{broken\n{}", "y".repeat(300_000)).into()),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec()),
        ("a.gif", b"GIF89a".to_vec()),
        ("a.webp", b"RIFF\xff\xff\xff\xffWEBPVP8 ".to_vec()),
        ("a.bmp", b"BM\0\0".to_vec()),
        ("a.svg", format!("<svg width='{EVIL}' height='1'>").into()),
        ("a.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03broken".to_vec()),
        ("a.bin", (0..=255).collect()),
    ];
    for (key, body) in bodies {
        let mut stage = with(key.to_owned(), body, "enter j enter");
        for step in [
            "", "G", "right", "w", "right", "pageup", "z", "space", "tab", "tab", "/", "'e", "enter", "n", "N",
            "enter", "esc",
        ] {
            stage.press(step);
            harmless(&mut stage);
        }
        for _ in 0..6 {
            stage.press("p");
            for step in ["G", "enter", "esc", "k"] {
                stage.press(step);
                harmless(&mut stage);
            }
            if stage.text().contains("1 folder") {
                stage.press("enter");
            }
        }
    }
}
