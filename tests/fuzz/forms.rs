//! Forms that a browser sends to a bucket.

use proptest::prelude::*;
use proptest::sample::select;

use crate::change::{Change, changed, changes, text};
use crate::form::{Form, KIND};
use crate::harness::World;
use crate::target::{Target, Verdict, ensure};

const FILES: &[&[u8]] = &[b"hello", b"", b"\xff\x00\xfe", b"------WebKitFormBoundaryX", b"<script>"];

#[derive(Debug, Clone)]
struct Posted {
    kind: String,
    body: bytes::Bytes,
    changed: bool,
}

fn posted() -> impl Strategy<Value = Posted> {
    let key = select(&["k", "a/${filename}", "é", "..", "a//b", "${filename}${filename}", " "][..]);
    let field = select(
        &[
            ("Content-Type", "text/html"),
            ("x-amz-meta-a", "1"),
            ("acl", "private"),
            ("success_action_status", "201"),
            ("success_action_redirect", "http://localhost/done?a=b"),
            ("tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"),
            ("x-amz-checksum-crc32", "AAAAAA=="),
            ("x-amz-storage-class", "STANDARD"),
            ("Content-MD5", "AAAA"),
        ][..],
    );
    let file = select(FILES);
    let form = (key, proptest::option::of(field), file, any::<bool>()).prop_map(|(key, field, file, old)| {
        let form = field.into_iter().fold(Form::of(key, file), |form, (name, value)| form.with(name, value));
        if old { form.v2() } else { form.v4() }
    });
    // In the whole body, in the policy before it is signed, in the content type.
    let place = select(&["body", "body", "policy", "kind", "field"][..]);
    (form, place, changes()).prop_map(|(mut form, place, changes): (_, _, Vec<Change>)| {
        let (mut kind, mut after) = (KIND.to_owned(), Vec::new());
        match place {
            "kind" => kind = text(KIND, &changes),
            "policy" => {
                for (_, value) in form.fields.iter_mut().filter(|(name, _)| name == "policy") {
                    *value = text(value, &changes);
                }
            }
            "field" => {
                for (_, value) in &mut form.fields {
                    *value = text(value, &changes);
                }
            }
            _ => after.clone_from(&changes),
        }
        Posted { kind, body: changed(&form.body(), &after).into(), changed: !changes.is_empty() }
    })
}

#[test]
fn a_form_is_answered_in_xml_whatever_it_is() {
    let target = Target::new("forms", 300);
    let world = target.set_up(async {
        let world = World::memory();
        world.bucket("bkt").await;
        world.send("PUT", "/bkt/kept", &[], "kept").await;
        world
    });
    target.holds(&posted(), async |posted| -> Verdict {
        if http::HeaderValue::from_bytes(posted.kind.as_bytes()).is_err() {
            return Ok(());
        }
        let answer = world.receive("POST", "/bkt", &[("content-type", &posted.kind)], posted.body.clone()).await;
        let said = || format!("answered {} {}", answer.status, answer.text());
        if answer.status < 400 {
            target.accepted();
        }
        ensure(answer.status < 500 || answer.status == 501, said)?;
        ensure(answer.status < 400 || answer.element("Code").is_some(), said)?;
        ensure(posted.changed || [201, 204, 303].contains(&answer.status) || answer.status == 400, said)?;
        ensure(world.send("GET", "/bkt/kept", &[], "").await.text() == "kept", || "what was there is gone".to_owned())
    });
    target.accepts_one_in(10);
    target.set_up(world.close());
}
