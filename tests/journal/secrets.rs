//! Secrets planted in every place that a call has for one: none is on disk.

use footbridge::journal::{Finish, Limits, Outcome};
use serde_json::{Value, json};

use crate::{Bench, aws, local, observed, ok, put};

/// Records these parameters, and gives what is on disk.
fn recorded(parameters: &Value) -> String {
    let bench = Bench::new();
    bench.recorder.start(put(local(), parameters)).finish(ok(parameters));
    bench.text()
}

/// Records a request of DynamoDB as it was sent.
fn sent(body: &str) -> String {
    let bench = Bench::new();
    observed(&bench, body);
    bench.text()
}

#[test]
fn an_expression_behind_what_there_is_room_for_still_says_what_is_secret() {
    let long = "x".repeat(9 << 10);
    let values = json!({":p": {"S": "hunter2"}, ":b": {"S": long}, ":c": {"S": long}, ":d": {"S": long}}).to_string();
    for (before, after) in [
        ("", r#","UpdateExpression":"SET password=:p""#),
        ("", r##","UpdateExpression":"SET #p=:p","ExpressionAttributeNames":{"#p":"password"}"##),
        (r#""UpdateExpression":"SET #p=:p","#, r##","ExpressionAttributeNames":{"#a":"b","#p":"password"}"##),
    ] {
        let part = format!(r#"{{{before}"ExpressionAttributeValues":{values}{after},"TableName":"t"}}"#);
        assert!(!sent(&part).contains("hunter2"), "{part}");
        let text = sent(&format!(r#"{{"TransactItems":[{{"Update":{part}}}]}}"#));
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn every_meaning_of_an_expression_is_looked_at() {
    for body in [
        r##"{"UpdateExpression":"SET #p=:p","ExpressionAttributeNames":{"#p":"a","#p":"password"},"ExpressionAttributeValues":{":p":{"S":"hunter2"}}}"##,
        r##"{"UpdateExpression":"SET #p=:p","ExpressionAttributeNames":{"#p":"password","x":"y"},"ExpressionAttributeValues":{":p":{"S":"hunter2"},"q":{"S":"1"}}}"##,
        r#"{"updates":["SET password = :p"],"values":{":p":"hunter2"}}"#,
        r#"{"Statement":"UPDATE t SET \"password\"=? WHERE pk=?","Parameters":[{"S":"hunter2"},{"S":"a"}]}"#,
        r#"{"Statements":[{"Statement":"SELECT * FROM t WHERE api_key = ?","Parameters":[{"S":"hunter2"}]}]}"#,
    ] {
        let text = sent(body);
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_placeholder_is_no_secret() {
    for text in ["SET password=:p", "SET password = :p, cookie = :c", "token = :t", "Authorization = :a"] {
        assert!(recorded(&json!({"update": text})).contains(&format!("\"update\":\"{text}\"")), "{text}");
    }
}

#[test]
fn where_redaction_makes_a_text_short_its_end_is_not_written_unsearched() {
    for size in [9 << 10, 10 << 10, 11 << 10] {
        let secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
        let filler = format!("a password={}", "p".repeat(6 << 10));
        for split in [4, 10, 20] {
            let words = "word ".repeat((size - filler.len() - split) / 5);
            let pad = "-".repeat((size - split - filler.len() - words.len()).saturating_sub(1));
            let text = format!("{filler} {words}{pad}{secret} {}", "word ".repeat(4000));
            let shown = recorded(&json!({"text": text, "items": [{"note": text}]}));
            assert!(!shown.contains("ghp_"), "{size} {split}");
        }
    }
}

#[test]
fn a_text_is_searched_as_an_item_is() {
    let long = "x".repeat(20 << 10);
    for text in [
        r#"{"user":{"clientSecret":{"value":"hunter2"}}}"#.to_owned(),
        r#"{"pass\u0077ord":"hunter2"}"#.to_owned(),
        r#"[{"credentials":["hunter2","hunter2"]}]"#.to_owned(),
        "{\"a\":1}\n{\"dbPwd\":\"x\",\"pin\":[\"hunter2\"]}\n".to_owned(),
        format!(r#"{{"pass\u0077ord":"hunter2","otp":["hunter2"],"a":"{long}"}}"#),
        r#"{"password":"a\"hunter2"} "#.to_owned(),
        r#"{"Tags":[{"Key":"password","Value":"hunter2"}]}"#.to_owned(),
        json!({"inner": json!({"pin": ["hunter2"]}).to_string()}).to_string(),
        "DB_PASS   = hunter2".to_owned(),
        "export DB_PASS='hunter2'\nA=b".to_owned(),
        "clientSecret: correct hunter2".to_owned(),
        "db:\n  password: |\n    one\n    hunter2\n  host: x".to_owned(),
        "credentials:\n  - hunter2".to_owned(),
        "password: correct horse hunter2".to_owned(),
        r#"x = { "password": "a\"hunter2" }"#.to_owned(),
        r#"<user><password type="plain">hunter2</password></user>"#.to_owned(),
        "<a><db-pwd>hunter2</db-pwd></a>".to_owned(),
        "<password><![CDATA[hunter2]]></password>".to_owned(),
        "<Tag><Key>password</Key><Value>hunter2</Value></Tag>".to_owned(),
    ] {
        let shown = recorded(&json!({"text": text, "items": [{"doc": text}]}));
        assert!(!shown.contains("hunter2"), "{text}: {shown}");
        let request = json!({"Item": {"doc": {"S": text}}}).to_string();
        assert!(!sent(&request).contains("hunter2"), "{text}");
    }
    let plain = json!({"text": "{\"a\": [1.50, {\"name\": \"Ada\"}]}", "yaml": "name: Ada\nlist:\n  - a: b", "env": "A=b\nC = d"});
    let bench = Bench::new();
    bench.recorder.start(put(local(), &plain)).finish(ok(&Value::Null));
    assert_eq!((&bench.calls()[0].started.parameters, bench.calls()[0].started.partial), (&plain, false));
}

#[test]
fn a_pair_whose_name_is_a_secret_has_no_value() {
    for parameters in [
        json!({"tags": [{"Key": "db_password", "Value": "hunter2"}]}),
        json!({"items": [{"name": {"S": "api_key"}, "value": {"S": "hunter2"}}]}),
        json!({"m": [{"value": {"nested": ["hunter2"]}, "key": "secret"}]}),
        json!({"Tags.member.2.Key": "password", "Tags.member.2.Value": "hunter2"}),
        json!({"headers": {"x-amz-tagging": "api%5Fkey=hunter2&a=b"}}),
        json!({"headers": {"x-amz-tagging": "pass%77ord=hunter2"}}),
    ] {
        let shown = recorded(&parameters);
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    assert!(recorded(&json!({"headers": {"x-amz-tagging": "pin=1&a=b"}})).contains("pin=[redacted]&a=b"));
}

#[test]
fn a_secret_in_a_name_is_not_recorded() {
    let token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
    let bench = Bench::new();
    let parameters = json!({"items": [{ token: 1, "M": {"https://ada:hunter2@host/": 2} }]});
    bench.recorder.start(put(local(), &parameters)).finish(ok(&parameters));
    assert!(!bench.text().contains(token) && !bench.text().contains("hunter2"), "{}", bench.text());
    assert!(bench.calls()[0].started.partial);
}

#[test]
fn without_bodies_a_message_quotes_nothing_of_the_call() {
    let off = || Bench::limited(Limits { body_bytes: 0, ..Limits::default() });
    for (bench, target) in [(off(), local()), (Bench::new(), aws())] {
        for message in [
            "The parameter cannot be converted to a numeric value: hunter2",
            "1 validation error detected: Value 'hunter2' at 'key' failed",
            "Invalid token; token: \"hunter2\", near: \"x\"",
            "Value 'hunter2' is too long",
        ] {
            let outcome = Outcome::Error { code: "ValidationException".into(), message: message.into() };
            let call = bench
                .recorder
                .start(put(target.clone(), &json!({"Policy": "hunter2", "Tags.member.1.Value": "hunter2"})));
            call.finish(Finish { outcome, ..ok(&Value::Null) });
        }
        let denied =
            Outcome::Error { code: "AccessDenied".into(), message: "not authorized to perform: s3:GetObject".into() };
        bench.recorder.start(put(target, &Value::Null)).finish(Finish { outcome: denied, ..ok(&Value::Null) });
        let text = bench.text();
        assert!(!text.contains("hunter2") && text.contains("perform: s3:GetObject"), "{text}");
    }
}
