//! All objects below a prefix, copied, saved or counted in one call, and a directory made objects.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_s3::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::operation::copy_object::CopyObjectInput;
use aws_sdk_s3::operation::get_object::GetObjectInput;
use aws_sdk_s3::primitives::ByteStream;
use footbridge::mcp::{Bridge, Options};
use serde_json::{Value, json};

use crate::bulk::{options, place};
use crate::support::{Here, err, ok};

/// A bucket `media` with these objects, each holding its key.
async fn bucket(here: &Here, bridge: &Bridge, keys: &[String]) {
    ok(bridge, "s3_create_bucket", json!({ "bucket": "media" })).await;
    for key in keys {
        let body = ByteStream::from(key.clone().into_bytes());
        here.s3().put_object().bucket("media").key(key).body(body).send().await.unwrap();
    }
}

async fn keys(here: &Here, prefix: &str) -> Vec<String> {
    let mut pages = here.s3().list_objects_v2().bucket("media").prefix(prefix).into_paginator().send();
    let mut keys = Vec::new();
    while let Some(page) = pages.next().await {
        keys.extend(page.unwrap().contents().iter().map(|object| object.key().unwrap().to_owned()));
    }
    keys
}

/// Fails a certain call of an operation.
#[derive(Clone)]
struct Cut(fn(&BeforeSerializationInterceptorContextRef<'_>) -> bool, usize, Arc<AtomicUsize>);

impl std::fmt::Debug for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cut")
    }
}

impl Intercept for Cut {
    fn name(&self) -> &'static str {
        "Cut"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if (self.0)(context) && self.2.fetch_add(1, Ordering::SeqCst) + 1 == self.1 {
            return Err("the wire is cut".into());
        }
        Ok(())
    }
}

fn failing(options: Options, at: usize, input: fn(&BeforeSerializationInterceptorContextRef<'_>) -> bool) -> Bridge {
    let s3 = options.s3.config().to_builder().interceptor(Cut(input, at, Arc::default())).build();
    Bridge::new(Options { s3: aws_sdk_s3::Client::from_conf(s3), ..options })
}

#[tokio::test]
async fn a_prefix_is_copied_in_one_call_and_goes_on_where_it_ended() {
    let here = Here::new().await;
    let bridge = Bridge::new(options(&here));
    let all: Vec<String> = (0..60).map(|i| format!("a/{i:02} ü?&+.txt")).collect();
    bucket(&here, &bridge, &all).await;
    let copied = ok(&bridge, "s3_copy_prefix", json!({ "from": "s3://media/a/", "to": "s3://media/b/" })).await;
    assert_eq!((&copied["objects"], &copied["bytes"]), (&json!(60), &json!(60 * 14)), "{copied}");
    assert!(copied.to_string().len() < 1024);
    let expected: Vec<_> = all.iter().map(|key| key.replacen("a/", "b/", 1)).collect();
    assert_eq!(keys(&here, "b/").await, expected);
    for at in [1, 2, 30, 60] {
        let cut = failing(options(&here), at, |context| context.input().downcast_ref::<CopyObjectInput>().is_some());
        let to = format!("s3://media/c{at}/");
        let call = json!({ "from": "s3://media/a/", "to": to });
        let error = err(&cut, "s3_copy_prefix", call).await;
        let there = keys(&here, &format!("c{at}/")).await.len();
        assert!(error.message.contains(&format!("({there} objects were copied; ")), "{error}");
        let after = error.message.rsplit_once("start_after \"").and_then(|(_, rest)| rest.split('"').next());
        let rest =
            ok(&bridge, "s3_copy_prefix", json!({ "from": "s3://media/a/", "to": to, "start_after": after })).await;
        assert!(rest["objects"].as_u64().unwrap() <= 60 - at as u64 + 1, "{rest}");
        assert_eq!(keys(&here, &format!("c{at}/")).await.len(), 60);
    }
    for (from, to) in
        [("s3://media/a/", "s3://media/a/b/"), ("s3://media", "s3://media/x/"), ("s3://media/a/", "s3://media/a/")]
    {
        let error = err(&bridge, "s3_copy_prefix", json!({ "from": from, "to": to })).await;
        assert!(error.message.contains("copied again"), "{error}");
    }
    let folders = ok(&bridge, "s3_copy_prefix", json!({ "from": "s3://media/a", "to": "s3://media/folder/" })).await;
    assert!(folders["note"].as_str().unwrap().contains("folders"), "{folders}");
    assert_eq!(keys(&here, "folder/").await.len(), 60);
}

#[tokio::test]
async fn a_prefix_becomes_files_and_hostile_keys_become_none() {
    let (here, place, bridge) = place().await;
    let good: Vec<String> = (0..40).map(|i| format!("site/{}/{i}.txt", i % 4)).collect();
    let hostile = [
        "site/../up.txt",
        "site/./same.txt",
        "site//absolute",
        "site/.git/hooks/pre-commit",
        "site/.mcp.json",
        "site/a\\b",
        "site/c:x",
        "site/\u{200b}.env",
        "site/new\nline",
        "site/1/1.TXT",
        "site/1/5.Txt",
        "site/con.txt",
        "site/end.",
        "site/0/0.txt/below",
    ];
    let all: Vec<String> = good.iter().cloned().chain(hostile.map(str::to_owned)).collect();
    bucket(&here, &bridge, &all).await;
    here.s3().put_object().bucket("media").key("site/folder/").send().await.unwrap();
    // Up and dots would lead out of a deeper directory too.
    let save = json!({ "bucket": "media", "prefix": "site/", "save_to": "out/site" });
    let cut = Options { files: vec![place.path().to_owned()], ..options(&here) };
    let cut = failing(cut, 20, |context| context.input().downcast_ref::<GetObjectInput>().is_some());
    let error = err(&cut, "s3_download_prefix", save.clone()).await;
    assert!(error.message.contains("objects were saved; call again"), "{error}");
    let before = files(&place.path().join("out"));
    assert!(error.message.contains(&format!("({} objects were saved; ", before.len())), "{error} {before:?}");
    let saved = ok(&bridge, "s3_download_prefix", save.clone()).await;
    assert!(saved.to_string().len() < 2048, "{saved}");
    let refused = saved["not_saved"]["objects"].as_u64().unwrap();
    assert_eq!(refused, hostile.len() as u64, "{saved}");
    let there = files(&place.path().join("out/site"));
    // Of two keys that differ by case the first in order is saved.
    assert_eq!(there.len(), 40, "{there:?}");
    assert_eq!(saved["saved"].as_u64().unwrap() + saved["there_already"].as_u64().unwrap(), 40, "{saved}");
    assert!(there.iter().all(|path| !path.contains("..") && !path.contains("/.")), "{there:?}");
    assert_eq!(files(place.path()).len(), 40, "nothing beside the directory");
    // What is there and the same is passed over; what is another's is left.
    fs::write(place.path().join("out/site/2/2.txt"), "mine, not yours").unwrap();
    let again = ok(&bridge, "s3_download_prefix", save).await;
    assert_eq!(
        (&again["saved"], &again["there_already"], &again["not_saved"]["objects"]),
        (&json!(0), &json!(39), &json!(hostile.len() + 1))
    );
    assert_eq!(fs::read(place.path().join("out/site/2/2.txt")).unwrap(), b"mine, not yours");
}

/// All files below, by their paths from there on.
fn files(root: &std::path::Path) -> Vec<String> {
    let mut paths: Vec<_> = walkdir::WalkDir::new(root)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned())
        .collect();
    paths.sort();
    paths
}

#[tokio::test]
async fn a_directory_becomes_objects_and_comes_back_as_it_was() {
    let (here, place, bridge) = place().await;
    bucket(&here, &bridge, &[]).await;
    for i in 0..30 {
        let path = place.path().join(format!("site/{}/{i}.html", i % 3));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("<p>{i}")).unwrap();
    }
    fs::write(place.path().join("site/.env"), "SECRET").unwrap();
    let up =
        ok(&bridge, "s3_upload_directory", json!({ "bucket": "media", "directory": "site", "prefix": "www/" })).await;
    assert_eq!((&up["objects"], &up["passed_over"]["files"]), (&json!(30), &json!(1)), "{up}");
    assert_eq!(up["passed_over"]["first"][0]["path"], ".env");
    assert_eq!(keys(&here, "").await.len(), 30);
    let head = here.s3().head_object().bucket("media").key("www/0/0.html").send().await.unwrap();
    assert_eq!(head.content_type(), Some("text/html; charset=utf-8"));
    ok(&bridge, "s3_download_prefix", json!({ "bucket": "media", "prefix": "www/", "save_to": "back" })).await;
    fs::remove_file(place.path().join("site/.env")).unwrap();
    assert_eq!(files(&place.path().join("site")), files(&place.path().join("back")));
    let missing = json!({ "bucket": "media", "directory": "none" });
    assert_eq!(err(&bridge, "s3_upload_directory", missing).await.code, "file_error");
}

#[tokio::test]
async fn usage_is_counted_by_folder() {
    let here = Here::new().await;
    let bridge = Bridge::new(options(&here));
    let all: Vec<String> =
        (0..1100).map(|i| format!("logs/{}/{i:04}", i % 12)).chain(["logs/loose".to_owned()]).collect();
    bucket(&here, &bridge, &all).await;
    let usage = ok(&bridge, "s3_usage", json!({ "bucket": "media", "prefix": "logs/" })).await;
    assert_eq!((&usage["objects"], &usage["folders_in_all"]), (&json!(1101), &json!(13)), "{usage}");
    assert_eq!(usage["bytes"], all.iter().map(String::len).sum::<usize>());
    assert!(usage["folders"].as_array().unwrap().len() == 10 && usage.to_string().len() < 1024, "{usage}");
    assert_eq!(ok(&bridge, "s3_usage", json!({ "bucket": "media", "prefix": "none" })).await["objects"], 0);
}

#[tokio::test]
async fn a_put_can_be_made_to_depend_on_what_is_there() {
    let (here, place, bridge) = place().await;
    bucket(&here, &bridge, &[]).await;
    fs::write(place.path().join("f"), "from a file").unwrap();
    let put = |more: Value| {
        let mut call = json!({ "bucket": "media", "key": "k" });
        call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        call
    };
    let first = ok(&bridge, "s3_put_object", put(json!({ "text": "1", "if_none_match": "*" }))).await;
    let error = err(&bridge, "s3_put_object", put(json!({ "text": "2", "if_none_match": "*" }))).await;
    assert_eq!(error.code, "PreconditionFailed");
    let tag = first["etag"].as_str().unwrap();
    let second = ok(&bridge, "s3_put_object", put(json!({ "text": "2", "if_match": tag }))).await;
    for content in [json!({ "text": "3", "if_match": tag }), json!({ "file": "f", "if_match": tag })] {
        assert_eq!(err(&bridge, "s3_put_object", put(content)).await.code, "PreconditionFailed");
    }
    let quoted = format!("\"{}\"", second["etag"].as_str().unwrap());
    ok(&bridge, "s3_put_object", put(json!({ "file": "f", "if_match": quoted }))).await;
    for wrong in [
        json!({ "text": "", "if_match": "*" }),
        json!({ "text": "", "if_none_match": tag }),
        json!({ "text": "", "if_match": tag, "if_none_match": "*" }),
    ] {
        assert_eq!(err(&bridge, "s3_put_object", put(wrong)).await.code, "invalid_arguments");
    }
}

#[tokio::test]
async fn a_copy_onto_what_it_reads_is_refused_and_a_prefix_that_is_no_folder_is_said() {
    let here = Here::new().await;
    let bridge = Bridge::new(options(&here));
    let all = ["a/b/b/x", "a/b/x", "logs/1", "logs-old/1"].map(str::to_owned);
    bucket(&here, &bridge, &all).await;
    for to in ["s3://media/a/", "s3://media/", "s3://media"] {
        let error = err(&bridge, "s3_copy_prefix", json!({ "from": "s3://media/a/b/", "to": to })).await;
        assert!(error.message.contains("lies above from"), "{error}");
    }
    assert_eq!(keys(&here, "").await.len(), 4);
    let copied = ok(&bridge, "s3_copy_prefix", json!({ "from": "s3://media/logs", "to": "s3://media/x" })).await;
    assert!(copied["note"].as_str().unwrap().contains("\"logs\" is the start of \"logs-old/1\" too"), "{copied}");
    let copied = ok(&bridge, "s3_copy_prefix", json!({ "from": "s3://media/logs/", "to": "s3://media/y/" })).await;
    assert_eq!((&copied["objects"], copied.get("note")), (&json!(1), None), "{copied}");
    let none = ok(&bridge, "s3_copy_prefix", json!({ "from": "s3://media/logs/*", "to": "s3://media/z/" })).await;
    assert!(none["objects"] == 0 && none["note"].as_str().unwrap().contains("wildcards"), "{none}");
}

#[tokio::test]
async fn where_a_copy_goes_on_is_json_whatever_the_key() {
    let here = Here::new().await;
    let bridge = Bridge::new(options(&here));
    let odd = "a/1 \u{2028}\"\\\u{200b}é".to_owned();
    bucket(&here, &bridge, &[odd.clone(), "a/2".to_owned()]).await;
    let cut = failing(options(&here), 2, |context| context.input().downcast_ref::<CopyObjectInput>().is_some());
    let error = err(&cut, "s3_copy_prefix", json!({ "from": "s3://media/a/", "to": "s3://media/b/" })).await;
    let text = error.message.rsplit_once("start_after ").unwrap().1.trim_end_matches(" goes on)");
    assert_eq!(serde_json::from_str::<String>(text).unwrap(), odd, "{error}");
}

#[tokio::test]
async fn an_object_that_is_another_ones_directory_stops_nobody() {
    let (here, place, bridge) = place().await;
    let all = ["ok/x", "ok/x/y", "ok/x/z/1", "ok/z"].map(str::to_owned);
    bucket(&here, &bridge, &all).await;
    let saved =
        ok(&bridge, "s3_download_prefix", json!({ "bucket": "media", "prefix": "ok/", "save_to": "out" })).await;
    assert_eq!((&saved["saved"], &saved["not_saved"]["objects"]), (&json!(2), &json!(2)), "{saved}");
    assert_eq!(files(&place.path().join("out")), ["x", "z"]);
    // A directory that appears while the object comes.
    fs::create_dir_all(place.path().join("late/x")).unwrap();
    let late =
        ok(&bridge, "s3_download_prefix", json!({ "bucket": "media", "prefix": "ok/", "save_to": "late" })).await;
    assert_eq!((&late["saved"], &late["not_saved"]["objects"]), (&json!(1), &json!(3)), "{late}");
}

#[tokio::test]
async fn a_file_of_an_object_in_parts_is_there_already_only_with_its_bytes() {
    let (here, place, bridge) = place().await;
    bucket(&here, &bridge, &[]).await;
    let bytes = vec![7_u8; 17 << 20];
    fs::write(place.path().join("in"), &bytes).unwrap();
    ok(&bridge, "s3_put_object", json!({ "bucket": "media", "key": "p/big", "file": "in" })).await;
    let save = json!({ "bucket": "media", "prefix": "p/", "save_to": "out" });
    ok(&bridge, "s3_download_prefix", save.clone()).await;
    assert_eq!(ok(&bridge, "s3_download_prefix", save.clone()).await["there_already"], 1);
    let mut changed = bytes;
    changed[16 << 20] = 8;
    fs::write(place.path().join("out/big"), &changed).unwrap();
    let again = ok(&bridge, "s3_download_prefix", save).await;
    assert_eq!((again.get("there_already"), &again["not_saved"]["objects"]), (None, &json!(1)), "{again}");
}

#[tokio::test]
async fn a_prefix_of_a_directory_is_a_folder() {
    let (here, place, bridge) = place().await;
    bucket(&here, &bridge, &[]).await;
    fs::create_dir(place.path().join("site")).unwrap();
    fs::write(place.path().join("site/index.html"), "<p>").unwrap();
    for call in [
        json!({ "bucket": "media", "directory": "site", "prefix": "site" }),
        json!({ "bucket": "s3://media/site", "directory": "site" }),
    ] {
        let up = ok(&bridge, "s3_upload_directory", call).await;
        assert!(up["note"].as_str().unwrap().contains("the folder \"site/\""), "{up}");
    }
    assert_eq!(keys(&here, "").await, ["site/index.html"]);
}

#[tokio::test]
async fn what_is_there_is_replaced_or_stays_or_ends_the_upload() {
    let (here, place, bridge) = place().await;
    bucket(&here, &bridge, &["site/a".to_owned()]).await;
    fs::create_dir(place.path().join("site")).unwrap();
    for name in ["a", "b"] {
        fs::write(place.path().join("site").join(name), "new").unwrap();
    }
    let upload =
        |exists: &str| json!({ "bucket": "media", "directory": "site", "prefix": "site/", "if_exists": exists });
    let error = err(&bridge, "s3_upload_directory", upload("fail")).await;
    assert_eq!(error.code, "object_exists");
    assert!(error.message.contains("at \"a\"") && error.message.contains("if_exists: skip"), "{error}");
    let first = ok(&bridge, "s3_upload_directory", upload("SKIP")).await;
    assert_eq!(first["skipped"].as_u64().unwrap() + first["objects"].as_u64().unwrap(), 2, "{first}");
    let content = async |key: &str| {
        ok(&bridge, "s3_get_object", json!({ "bucket": "media", "key": key, "as": "text" })).await["text"].clone()
    };
    assert_eq!((content("site/a").await, content("site/b").await), (json!("site/a"), json!("new")));
    let all = ok(&bridge, "s3_upload_directory", upload("replace")).await;
    assert_eq!((&all["objects"], all.get("skipped")), (&json!(2), None), "{all}");
    assert_eq!(content("site/a").await, "new");
}

#[tokio::test]
async fn a_key_that_would_be_too_long_is_passed_over() {
    let (here, place, bridge) = place().await;
    bucket(&here, &bridge, &[]).await;
    fs::create_dir(place.path().join("site")).unwrap();
    let long = "l".repeat(200);
    for name in ["a", long.as_str(), "z"] {
        fs::write(place.path().join("site").join(name), "x").unwrap();
    }
    let prefix = format!("{}/", "p".repeat(1000));
    let upload = json!({ "bucket": "media", "directory": "site", "prefix": prefix });
    let up = ok(&bridge, "s3_upload_directory", upload).await;
    assert_eq!((&up["objects"], &up["passed_over"]["files"]), (&json!(2), &json!(1)), "{up}");
}
