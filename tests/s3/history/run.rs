//! Each call is made of both, S3 and the model, and they must agree.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::call;
use super::model::{Model, Object, Outcome, State, Upload};
use super::step::{BUCKETS, Condition, Place, Step, Which};
use crate::harness::{Answer, World};

type Checked = Result<(), TestCaseError>;

/// Makes every call, and looks at all that is left at the end.
pub async fn history(world: &World, steps: &[Step]) -> Checked {
    let mut model = Model::default();
    for bucket in BUCKETS {
        world.bucket(bucket).await;
        model.buckets.insert(bucket, super::model::Bucket::default());
    }
    for (at, step) in steps.iter().enumerate() {
        one(world, &mut model, step)
            .await
            .map_err(|error| TestCaseError::fail(format!("call {at}, {step:?}: {error}")))?;
    }
    for bucket in BUCKETS {
        let all = ("", "", 1000);
        prop_assert_eq!(call::list_versions(world, bucket, all).await, model.list_versions(bucket, "", ""));
        prop_assert_eq!(call::list(world, true, bucket, all).await, model.list(bucket, "", ""));
    }
    world.service.settle().await;
    let bodies = world.service.blobs().list().await.unwrap().len();
    prop_assert_eq!(bodies, model.left(), "bodies that are left");
    Ok(())
}

async fn one(world: &World, model: &mut Model, step: &Step) -> Checked {
    match step {
        Step::Put(place, body, condition) => put(world, model, place, *body, *condition).await,
        Step::Copy(to, from, which) => copy(world, model, to, from, *which).await,
        Step::Get(place, which) => get(world, model, "GET", place, *which).await,
        Step::Head(place, which) => get(world, model, "HEAD", place, *which).await,
        Step::Delete(place, which, condition) => delete(world, model, place, *which, *condition).await,
        Step::DeleteMany(bucket, objects) => delete_many(world, model, bucket, objects).await,
        Step::Versioning(bucket, on) => {
            let (status, state) = if *on { ("Enabled", State::Enabled) } else { ("Suspended", State::Suspended) };
            let body = format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
            let answer = world.send("PUT", &format!("/{bucket}?versioning"), &[], body).await;
            model.bucket(bucket).state = state;
            agree(&answer, (200, ""))
        }
        Step::Begin(place) => {
            let answer = world.send("POST", &format!("{}?uploads", call::path(place)), &[], "").await;
            agree(&answer, (200, ""))?;
            let id = answer.element("UploadId").unwrap_or_default();
            let (parts, place) = (std::collections::BTreeMap::new(), place.clone());
            model.uploads.push(Upload { id, place, parts, changed: false, open: true });
            Ok(())
        }
        Step::Part { upload, number, body } => part(world, model, *upload, *number, *body).await,
        Step::Complete { upload, part, condition } => complete(world, model, *upload, *part, *condition).await,
        Step::Abort(upload) => {
            let Some(at) = nth(model, *upload) else { return Ok(()) };
            let upload = &mut model.uploads[at];
            let path = format!("{}?uploadId={}", call::path(&upload.place), upload.id);
            let expected = if upload.open { (204, "") } else { (404, "NoSuchUpload") };
            upload.open = false;
            agree(&world.send("DELETE", &path, &[], "").await, expected)
        }
        Step::List { bucket, prefix, delimiter, most, second } => {
            let got = call::list(world, *second, bucket, (prefix, delimiter, *most)).await;
            prop_assert_eq!(got, model.list(bucket, prefix, delimiter));
            Ok(())
        }
        Step::ListVersions { bucket, prefix, delimiter, most } => {
            let got = call::list_versions(world, bucket, (prefix, delimiter, *most)).await;
            prop_assert_eq!(got, model.list_versions(bucket, prefix, delimiter));
            Ok(())
        }
        Step::Remake(bucket) => remake(world, model, bucket).await,
        Step::Clock(seconds) => {
            let now = footbridge::clock::Clock::millis(&world.clock);
            world.clock.set_millis(now.saturating_add_signed(i64::from(*seconds) * 1000));
            Ok(())
        }
    }
}

fn agree(answer: &Answer, expected: Outcome) -> Checked {
    let (status, code) = answer.failure();
    // HEAD has no body to tell the code.
    let code = if answer.body.is_empty() { String::new() } else { code };
    prop_assert!(
        status == expected.0 && (code.is_empty() || code == expected.1),
        "{} {}, expected {:?}: {}",
        status,
        code,
        expected,
        answer.text()
    );
    Ok(())
}

fn nth(model: &Model, upload: usize) -> Option<usize> {
    // Mostly of the latest.
    let count = model.uploads.len();
    (count > 0).then(|| count - 1 - upload % count)
}

fn headers(model: &Model, place: &Place, condition: Condition, delete: bool) -> Vec<(&'static str, String)> {
    let etag = model.current(place).map_or_else(|| "absent".to_owned(), |object| object.etag.clone());
    match condition {
        Condition::Always => Vec::new(),
        Condition::Existence if delete => vec![("if-match", "*".to_owned())],
        Condition::Existence => vec![("if-none-match", "*".to_owned())],
        Condition::Match => vec![("if-match", format!("\"{etag}\""))],
        Condition::Mismatch => vec![("if-match", "\"other\"".to_owned())],
    }
}

fn borrowed<'a>(headers: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    headers.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn tagged(answer: &Answer, etag: &str) -> Checked {
    let quoted = format!("\"{etag}\"");
    prop_assert_eq!(answer.header("etag"), Some(quoted.as_str()));
    Ok(())
}

/// The id of the version that a write made, held against whether its bucket keeps versions.
fn made(model: &Model, place: &Place, answer: &Answer) -> Result<String, TestCaseError> {
    let id = answer.header("x-amz-version-id");
    prop_assert_eq!(id.is_some(), model.buckets[place.bucket].state == State::Enabled);
    prop_assert!(id.is_none_or(|id| id.len() == 32));
    Ok(id.unwrap_or("null").to_owned())
}

async fn put(world: &World, model: &mut Model, place: &Place, body: u8, condition: Condition) -> Checked {
    let headers = headers(model, place, condition, false);
    let bytes = vec![body; usize::from(body % 7)];
    let answer = world.send("PUT", &call::path(place), &borrowed(&headers), bytes.clone()).await;
    if let Some(refused) = model.judge_write(place, condition) {
        return agree(&answer, refused);
    }
    agree(&answer, (200, ""))?;
    let etag = call::etag_of(&bytes);
    tagged(&answer, &etag)?;
    let id = made(model, place, &answer)?;
    let body = model.body();
    model.add(place, id, Some(Object { bytes, etag, upload: None, body }));
    Ok(())
}

async fn copy(world: &World, model: &mut Model, to: &Place, from: &Place, which: Which) -> Checked {
    let id = model.name(from, which);
    let source = call::path_of(from, id.as_deref());
    // With another description, a copy onto itself is none that changes nothing.
    let headers = [("x-amz-copy-source", source.as_str()), ("x-amz-metadata-directive", "REPLACE")];
    let answer = world.send("PUT", &call::path(to), &headers, "").await;
    if id.as_deref().is_some_and(|id| !model.is_id(id)) {
        return agree(&answer, (400, "InvalidArgument"));
    }
    let Some(version) = model.find(from, id.as_deref()) else {
        return agree(&answer, (404, if id.is_some() { "NoSuchVersion" } else { "NoSuchKey" }));
    };
    let Some(object) = version.object.clone() else {
        return agree(&answer, if id.is_some() { (400, "InvalidRequest") } else { (404, "NoSuchKey") });
    };
    agree(&answer, (200, ""))?;
    // What was uploaded in parts is one body after.
    let body = if object.upload.is_some() { model.body() } else { object.body };
    let etag = call::etag_of(&object.bytes);
    prop_assert!(answer.text().contains(&etag), "{}", answer.text());
    // Recorded: a copy shows the null version too, once the bucket kept versions.
    let state = model.buckets[to.bucket].state;
    let shown = answer.header("x-amz-version-id");
    prop_assert_eq!(shown.is_some(), state != State::Unversioned);
    prop_assert_eq!(shown.is_some_and(|id| id.len() == 32), state == State::Enabled);
    model.add(to, shown.unwrap_or("null").to_owned(), Some(Object { etag, upload: None, body, ..object }));
    Ok(())
}

async fn get(world: &World, model: &Model, method: &str, place: &Place, which: Which) -> Checked {
    let id = model.name(place, which);
    let answer = world.send(method, &call::path_of(place, id.as_deref()), &[], "").await;
    if id.as_deref().is_some_and(|id| !model.is_id(id)) {
        return agree(&answer, (400, "InvalidArgument"));
    }
    let Some(version) = model.find(place, id.as_deref()) else {
        return agree(&answer, (404, if id.is_some() { "NoSuchVersion" } else { "NoSuchKey" }));
    };
    let shown = answer.header("x-amz-version-id");
    let versioned = model.buckets[place.bucket].state != State::Unversioned;
    prop_assert_eq!(shown, versioned.then_some(version.id.as_str()));
    let Some(object) = &version.object else {
        prop_assert_eq!(answer.header("x-amz-delete-marker"), Some("true"));
        return agree(&answer, if id.is_some() { (405, "MethodNotAllowed") } else { (404, "NoSuchKey") });
    };
    prop_assert_eq!(answer.status, 200);
    tagged(&answer, &object.etag)?;
    let length = object.bytes.len().to_string();
    prop_assert_eq!(answer.header("content-length"), Some(length.as_str()));
    if method == "GET" {
        prop_assert_eq!(&answer.body[..], &object.bytes[..]);
    }
    Ok(())
}

async fn delete(world: &World, model: &mut Model, place: &Place, which: Which, condition: Condition) -> Checked {
    let id = model.name(place, which);
    let headers = headers(model, place, condition, true);
    let answer = world.send("DELETE", &call::path_of(place, id.as_deref()), &borrowed(&headers), "").await;
    if id.as_deref().is_some_and(|id| !model.is_id(id)) {
        return agree(&answer, (400, "InvalidArgument"));
    }
    if let Some(refused) = model.judge_delete(place, condition) {
        return agree(&answer, refused);
    }
    agree(&answer, (204, ""))?;
    let marker = answer.header("x-amz-delete-marker") == Some("true");
    let shown = answer.header("x-amz-version-id");
    deleted(model, place, id.as_deref(), marker, shown)
}

/// What a delete that succeeded does to the model, and what its answer must have shown.
fn deleted(model: &mut Model, place: &Place, id: Option<&str>, marker: bool, shown: Option<&str>) -> Checked {
    match (id, model.buckets[place.bucket].state) {
        (Some(id), _) => {
            prop_assert_eq!(shown, Some(id));
            prop_assert_eq!(marker, model.find(place, Some(id)).is_some_and(|version| version.object.is_none()));
            model.remove(place, id);
        }
        (None, State::Unversioned) => {
            prop_assert_eq!((marker, shown), (false, None));
            model.remove(place, "null");
        }
        (None, state) => {
            prop_assert!(marker);
            prop_assert_eq!(shown == Some("null"), state == State::Suspended);
            model.add(place, shown.unwrap_or_default().to_owned(), None);
        }
    }
    Ok(())
}

async fn delete_many(
    world: &World,
    model: &mut Model,
    bucket: &'static str,
    objects: &[(&'static str, Which)],
) -> Checked {
    let objects: Vec<(Place, Option<String>)> = objects
        .iter()
        .map(|(key, which)| {
            let place = Place { bucket, key };
            let id = model.name(&place, *which);
            (place, id)
        })
        .collect();
    let named: Vec<(&str, Option<String>)> = objects.iter().map(|(place, id)| (place.key, id.clone())).collect();
    let answer = call::delete_many(world, bucket, &named).await;
    prop_assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    let (mut done, mut refused) =
        (call::elements(&text, "Deleted").into_iter(), call::elements(&text, "Error").into_iter());
    let of = |part, name| call::element(part, name).map(str::to_owned);
    for (place, id) in objects {
        if id.as_deref().is_some_and(|id| !model.is_id(id)) {
            let error = refused.next().unwrap_or_default();
            let code = of(error, "Code");
            prop_assert_eq!(code.as_deref(), Some("NoSuchVersion"), "{}", text);
            continue;
        }
        let part = done.next().unwrap_or_default();
        let marker = of(part, "DeleteMarker").as_deref() == Some("true");
        let of_marker = of(part, "DeleteMarkerVersionId");
        prop_assert_eq!(marker, of_marker.is_some());
        prop_assert_eq!(&of(part, "VersionId"), &id, "{}", text);
        let shown = id.clone().or(of_marker);
        deleted(model, &place, id.as_deref(), marker, shown.as_deref())?;
    }
    prop_assert!(done.next().is_none() && refused.next().is_none(), "{}", text);
    Ok(())
}

async fn part(world: &World, model: &mut Model, upload: usize, number: u16, body: u8) -> Checked {
    let Some(at) = nth(model, upload) else { return Ok(()) };
    let upload = &mut model.uploads[at];
    let bytes = vec![body; usize::from(body % 5)];
    let path = format!("{}?partNumber={number}&uploadId={}", call::path(&upload.place), upload.id);
    let answer = world.send("PUT", &path, &[], bytes.clone()).await;
    if !upload.open {
        return agree(&answer, (404, "NoSuchUpload"));
    }
    agree(&answer, (200, ""))?;
    let etag = call::etag_of(&bytes);
    tagged(&answer, &etag)?;
    upload.parts.insert(number, (bytes, etag));
    Ok(())
}

/// Completes an upload with one of its parts, or again.
async fn complete(world: &World, model: &mut Model, upload: usize, part: usize, condition: Condition) -> Checked {
    let Some(at) = nth(model, upload) else { return Ok(()) };
    let upload = model.uploads[at].clone();
    if upload.parts.is_empty() {
        return Ok(());
    }
    let (number, (bytes, etag)) = upload.parts.iter().nth(part % upload.parts.len()).unwrap();
    let body = format!(
        "<CompleteMultipartUpload><Part><PartNumber>{number}</PartNumber><ETag>\"{etag}\"</ETag></Part>\
         </CompleteMultipartUpload>"
    );
    let place = &upload.place;
    let path = format!("{}?uploadId={}", call::path(place), upload.id);
    let headers = headers(model, place, condition, false);
    let answer = world.send("POST", &path, &borrowed(&headers), body).await;
    let whole = call::etag_of_one_part(bytes);
    if !upload.open {
        let current = model.current(place).filter(|object| object.upload.as_ref() == Some(&upload.id));
        // Again with the same part, it is the same answer as long as its object stands.
        let same = current.is_some_and(|object| object.etag == whole);
        return agree(&answer, if same { (200, "") } else { (404, "NoSuchUpload") });
    }
    if let Some(refused) = model.judge_write(place, condition) {
        return agree(&answer, refused);
    }
    if upload.changed && !matches!(condition, Condition::Always) {
        return agree(&answer, (409, "ConditionalRequestConflict"));
    }
    agree(&answer, (200, ""))?;
    prop_assert!(answer.text().contains(&whole), "{}", answer.text());
    let id = made(model, place, &answer)?;
    model.uploads[at].open = false;
    let body = model.body();
    model.add(place, id, Some(Object { bytes: bytes.clone(), etag: whole, upload: Some(upload.id.clone()), body }));
    Ok(())
}

/// Deletes a bucket if it is empty, and makes it anew.
async fn remake(world: &World, model: &mut Model, bucket: &'static str) -> Checked {
    let answer = world.send("DELETE", &format!("/{bucket}"), &[], "").await;
    if !model.buckets[bucket].keys.is_empty() {
        return agree(&answer, (409, "BucketNotEmpty"));
    }
    agree(&answer, (204, ""))?;
    world.bucket(bucket).await;
    *model.bucket(bucket) = super::model::Bucket::default();
    for upload in model.uploads.iter_mut().filter(|upload| upload.place.bucket == bucket) {
        upload.open = false;
    }
    Ok(())
}
