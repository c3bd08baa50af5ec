use proptest::prelude::*;

use super::*;

const PLAIN: Json = Json { servers: "mcpServers", typed: false, comments: false, trailing_commas: false };
const LAX: Json = Json { servers: "servers", typed: true, comments: true, trailing_commas: true };

fn entry() -> Entry {
    Entry { command: "/opt/footbridge".into(), args: vec!["mcp".into(), "--data-dir".into(), "C:\\d \"x\"".into()] }
}

fn put(format: Json, text: &str) -> String {
    let new = with(format, text, "footbridge", &entry()).unwrap();
    assert_eq!(with(format, &new, "footbridge", &entry()).unwrap(), new, "said twice");
    if !text.is_empty() {
        assert_eq!(without(format, &new, "footbridge").unwrap(), text, "taken out of {new}");
    }
    new
}

#[test]
fn an_entry_stands_as_its_neighbours_do() {
    let args = r#"["mcp", "--data-dir", "C:\\d \"x\""]"#;
    let new = put(PLAIN, "{\n    \"a\": 1,\n    \"mcpServers\": {\n        \"b\": {}\n    }\n}\n");
    assert_eq!(
        new,
        format!(
            "{{\n    \"a\": 1,\n    \"mcpServers\": {{\n        \"b\": {{}},\n        \"footbridge\": {{\n            \"command\": \
             \"/opt/footbridge\",\n            \"args\": {args}\n        }}\n    }}\n}}\n"
        )
    );
    let new = put(PLAIN, "{\n  \"mcpServers\": {}\n}");
    assert_eq!(
        new,
        format!(
            "{{\n  \"mcpServers\": {{\n    \"footbridge\": {{\n      \"command\": \"/opt/footbridge\",\n      \"args\": {args}\n    }}\n  \
             }}\n}}"
        )
    );
    let one_line = format!("{{\"footbridge\": {{\"command\": \"/opt/footbridge\", \"args\": {args}}}}}");
    assert_eq!(put(PLAIN, "{}"), format!("{{\n  \"mcpServers\": {one_line}\n}}"));
    assert_eq!(put(PLAIN, "{\"a\": 1}"), format!("{{\"a\": 1, \"mcpServers\": {one_line}}}"));
    let typed = put(LAX, "{\r\n\t// mine\r\n\t\"servers\": {\r\n\t\t\"b\": {}, // theirs\r\n\t},\r\n}\r\n");
    assert!(typed.contains("{}, // theirs\r\n\t\t\"footbridge\": {\r\n\t\t\t\"type\": \"stdio\",\r\n"), "{typed:?}");
    // A file that is not there, or empty, becomes one that every client reads, and stays one.
    let new = put(PLAIN, "");
    assert_eq!(without(PLAIN, &new, "footbridge").unwrap(), "{\n  \"mcpServers\": {}\n}\n");
}

#[test]
fn comments_stay_with_what_they_are_about() {
    let text = "{\n  \"servers\": {\n    \"b\": {} // about b\n    // the end\n  }\n}";
    let new = put(LAX, text);
    assert!(new.contains("\"b\": {}, // about b\n    \"footbridge\""), "{new}");
    for text in [
        "{ // empty\n}",
        "{ \"servers\": { /* none */ } }",
        "{\"servers\": {\"b\": 1 // x\n}}",
        "/* a */ {} // b",
        "{ /* , */ \"a\": 1, /* } */ }",
    ] {
        put(LAX, text);
    }
}

#[test]
fn what_a_client_added_to_the_entry_stays_with_another_command() {
    let text =
        "{\"mcpServers\": {\"footbridge\": {\"command\": \"footbridge\", \"args\": [\"mcp\"], \"disabled\": true}}}";
    let new = with(PLAIN, text, "footbridge", &entry()).unwrap();
    assert!(
        new.contains("\"/opt/footbridge\"") && new.contains("--data-dir") && new.ends_with("\"disabled\": true}}}"),
        "{new}"
    );
    // Without arguments it would not be a server.
    let text = "{\"mcpServers\": {\"footbridge\": {\"command\": \"footbridge\"}}}";
    assert!(matches!(with(PLAIN, text, "footbridge", &entry()), Err(InstallError::Foreign { .. })));
}

#[test]
fn what_is_somebody_elses_or_broken_is_left_alone() {
    for (format, text, said) in [
        (PLAIN, "{\"mcpServers\": {\"footbridge\": {\"command\": \"npx\", \"args\": [\"x\"]}}}", "npx x"),
        (PLAIN, "{\"mcpServers\": {\"footbridge\": {\"url\": \"https://a\"}}}", "https://a"),
        (PLAIN, "{\"mcpServers\": {\"footbridge\": null}}", "null"),
        (PLAIN, "{\"mcpServers\": []}", "no object"),
        (PLAIN, "{\"mcpServers\": null}", "no object"),
        (PLAIN, "{\"mcpServers\": {}, \"mcpServers\": {}}", "twice"),
        (PLAIN, "{\"mcpServers\": {\"a\": 1, \"a\": 1}}", "twice"),
        (PLAIN, "[]", "no object"),
        (PLAIN, "{\"a\": 1", "not JSON"),
        (PLAIN, "{} // a comment", "not JSON"),
        (PLAIN, "{\"a\": 1,}", "not JSON"),
        (LAX, "{\"a\": 1, /*", "not JSON"),
        (LAX, "{a: 1}", "not JSON"),
        (LAX, "{\"a\": 1 \"b\": 2}", "not JSON"),
    ] {
        let error = with(format, text, "footbridge", &entry()).unwrap_err().to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
    // A line that would be swallowed by a comment is kept.
    let text = "{\"servers\": {\"b\": 1, // x\n\"footbridge\": {\"command\": \"footbridge\", \"args\": [\"mcp\"]}}}";
    assert_eq!(without(LAX, text, "footbridge").unwrap(), "{\"servers\": {\"b\": 1 // x\n}}");
}

/// What may stand between two things; comments where `comments`.
fn blank(comments: bool, newline: &'static str) -> BoxedStrategy<String> {
    let blanks = prop_oneof![Just(""), Just(" "), Just("\t"), Just(newline), Just("  ")].prop_map(str::to_owned);
    if !comments {
        return prop::collection::vec(blanks, 0..4).prop_map(|all| all.concat()).boxed();
    }
    let comment = prop_oneof![
        Just("/* , */".to_owned()),
        Just("/* \" { */".to_owned()),
        Just(format!("/* a{newline}b */")),
        Just(format!("// }} , \"{newline}")),
    ];
    prop::collection::vec(prop_oneof![3 => blanks, 1 => comment], 0..4).prop_map(|all| all.concat()).boxed()
}

/// An object of these members, which may have a comma behind the last.
fn object(members: Vec<(String, String)>, blanks: &[String], trailing: bool) -> String {
    let mut at = 0;
    let mut next = || {
        at += 1;
        blanks[at % blanks.len()].clone()
    };
    let mut text = format!("{{{}", next());
    let count = members.len();
    for (index, (name, value)) in members.into_iter().enumerate() {
        let comma = if index + 1 < count || trailing { "," } else { "" };
        text.extend(["\"", &name, "\"", &next(), ":", &next(), &value, &next(), comma, &next()]);
    }
    text + "}"
}

fn file(format: Json, newline: &'static str) -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("1"),
        Just("-0.50e+3"),
        Just("\"a\\\"}//\""),
        Just("[1, {\"b\": [] }]"),
        Just("null"),
        Just("{}"),
        Just("12345678901234567890")
    ];
    let members = |least| prop::collection::btree_map("[a-z]{1,3}", value.clone().prop_map(str::to_owned), least..4);
    let blanks = prop::collection::vec(blank(format.comments, newline), 1..9);
    let of =
        (members(0), members(0), blanks, any::<bool>(), any::<bool>(), 0..3_usize, blank(format.comments, newline));
    of.prop_map(move |(servers, rest, blanks, one, two, place, around)| {
        let mut members: Vec<_> = rest.into_iter().collect();
        if place > 0 {
            let trailing = one && format.trailing_commas && !servers.is_empty();
            let servers = object(servers.into_iter().collect(), &blanks, trailing);
            let at = if place == 1 { 0 } else { members.len() };
            members.insert(at, (format.servers.to_owned(), servers));
        }
        let trailing = two && format.trailing_commas && !members.is_empty();
        let turned: Vec<_> = blanks.iter().rev().cloned().collect();
        format!("{around}{}{around}", object(members, &turned, trailing))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn what_was_put_in_is_taken_out_to_the_byte(text in file(PLAIN, "\n"), other in file(LAX, "\r\n"), third in file(LAX, "\n")) {
        put(PLAIN, &text);
        put(LAX, &other);
        put(LAX, &third);
    }
}
