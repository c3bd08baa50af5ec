//! Every view at every size in colour, and at the smallest without colour and in ASCII.

use super::data::{answer, stage, stage_of, trouble};
use crate::ask::Ask;
use crate::look::Look;
use crate::testing::{LOOKS, SIZES, Stage};

fn pictures(name: &str, make: impl Fn(Look, (u16, u16)) -> Stage) {
    for (look_name, look) in LOOKS {
        for size in SIZES {
            if look_name != "colour" && size != SIZES[0] {
                continue;
            }
            let mut stage = make(look, size);
            let colour = look_name == "colour" && size == SIZES[0];
            let picture = stage.picture(colour);
            insta::assert_snapshot!(format!("{name}-{look_name}-{}x{}", size.0, size.1), picture);
        }
    }
}

fn of_keys(name: &str, keys: &str) {
    pictures(name, |look, size| stage(look, size, keys));
}

#[test]
fn buckets() {
    of_keys("buckets", "j");
}

#[test]
fn objects() {
    of_keys("objects", "j enter j j j");
}

#[test]
fn long_names() {
    of_keys("long-names", "j enter enter j");
}

#[test]
fn versions() {
    of_keys("versions", "j enter V j");
}

#[test]
fn many() {
    of_keys("many", "enter j j space space");
}

#[test]
fn nothing() {
    of_keys("empty", "j j enter");
}

#[test]
fn previews() {
    for (name, steps) in [("json", 2), ("ndjson", 4), ("gzip", 5), ("hex", 6), ("image", 7), ("text", 8), ("csv", 9)] {
        of_keys(&format!("preview-{name}"), &format!("j enter {} enter", "j ".repeat(steps).trim_end()));
    }
}

#[test]
fn metadata() {
    of_keys("metadata", "j enter j j enter tab");
}

#[test]
fn confirmations() {
    of_keys("confirm", "j enter j j space space D");
    of_keys("presign", "j enter j j P");
    of_keys("presigned", "j enter j j P enter");
    of_keys("copy", "j enter j j y");
}

#[test]
fn slow_and_failing() {
    pictures("slow", |look, size| {
        let slow = |ask: &Ask| if matches!(ask, Ask::Objects { .. }) { None } else { answer(ask) };
        let mut stage = stage_of(look, size, "j enter", slow);
        stage.wait(1300);
        stage
    });
    pictures("failing", |look, size| {
        let failing = |ask: &Ask| match ask {
            Ask::Objects { .. } => Some(Err(trouble(
                "AccessDenied",
                "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: s3:ListBucket on resource: \"arn:aws:s3:::assets\" because no identity-based policy allows the s3:ListBucket action",
            ))),
            ask => answer(ask),
        };
        stage_of(look, size, "j enter", failing)
    });
}
