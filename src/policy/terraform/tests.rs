use std::collections::BTreeSet;

use super::hcl::{Body, Value};
use super::*;
use crate::policy::Statement;

#[test]
fn text_is_never_a_template() {
    let mut writer = Writer::default();
    let mut body = Body::default();
    body.set("a", Value::text("${evil} %{if} $${ $x \"q\" \\ \n"));
    body.set("long_name", Value::texts(["x", "y"]));
    writer.resource("kind", "label", &body);
    writer.comment("one\nresource \"evil\"");
    assert_eq!(
        writer.finish(),
        r#"resource "kind" "label" {
  a         = "$${evil} %%{if} $$${ $x \"q\" \\ \n"
  long_name = ["x", "y"]
}

# one resource "evil"
"#
    );
}

#[test]
fn a_policy_refers_to_what_is_written_beside_it() {
    let resources = ["arn:aws:s3:::photos", "arn:aws:s3:::photos/a${*}b", "arn:aws:s3:::photos-2/x"];
    let statement = Statement {
        sid: "One".into(),
        actions: BTreeSet::from(["s3:Any".to_owned()]),
        resources: resources.into_iter().map(str::to_owned).collect(),
    };
    let written = [Written { arn: "arn:aws:s3:::photos".into(), reference: "aws_s3_bucket.photos.arn".into() }];
    let mut writer = Writer::default();
    policy::write(&mut writer, &Document { statements: vec![statement] }, &written);
    let text = writer.finish();
    for part in [
        "        aws_s3_bucket.photos.arn,\n",
        "        \"${aws_s3_bucket.photos.arn}/a$${*}b\",\n",
        "        \"arn:aws:s3:::photos-2/x\",\n",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn labels_are_valid_and_taken_once() {
    let mut labels = Labels::default();
    let given: Vec<String> = ["a.b", "a_b", "9-x", "a.b"].iter().map(|name| labels.give("kind", name)).collect();
    assert_eq!(given, ["a_b", "a_b_2", "_9_x", "a_b_3"]);
    assert_eq!(labels.give("other", "a.b"), "a_b");
}
