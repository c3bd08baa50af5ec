//! What a snapshot covers, by every way to name it: a restore brings back that and changes nothing else.

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketVersioningStatus, Tag, Tagging, VersioningConfiguration};
use footbridge::emulator::snapshot::{From, Restore, Scope, SnapshotError, Take, Words};
use footbridge::testing::Footbridge;
use proptest::prelude::*;

use super::history::{Deed, act};
use super::things::{Ends, means, mixed, of};
use super::world::World;

pub const HOME: (&str, &str) = ("000000000000", "us-east-1");
pub const BUCKETS: [&str; 2] = ["media", "logs"];
const TABLES: [&str; 2] = ["orders", "users"];
/// Keys that begin alike, and some that look like patterns.
pub const KEYS: [&str; 8] = ["im", "img", "img*", "img/", "img/a", "img2", "imh", "日"];

#[derive(Debug, Clone)]
enum Change {
    Put(usize, usize, u8),
    Remove(usize, usize),
    Item(usize, u8, u8),
    NoItem(usize, u8),
    Tag(usize, u8),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        6 => (0..2_usize, 0..KEYS.len(), any::<u8>()).prop_map(|(bucket, key, byte)| Change::Put(bucket, key, byte)),
        3 => (0..2_usize, 0..KEYS.len()).prop_map(|(bucket, key)| Change::Remove(bucket, key)),
        3 => (0..2_usize, 0..4_u8, any::<u8>()).prop_map(|(table, key, n)| Change::Item(table, key, n)),
        1 => (0..2_usize, 0..4_u8).prop_map(|(table, key)| Change::NoItem(table, key)),
        1 => (0..2_usize, any::<u8>()).prop_map(|(bucket, n)| Change::Tag(bucket, n)),
    ];
    proptest::collection::vec(change, 0..20)
}

async fn make(aws: &Footbridge, changes: &[Change]) {
    let (s3, db) = (&aws.s3, &aws.dynamodb);
    let text = |key: u8| AttributeValue::S(format!("k{key}"));
    for change in changes {
        match *change {
            Change::Put(bucket, key, byte) => {
                let body = ByteStream::from(vec![byte; 1 + usize::from(byte) * 500]);
                s3.put_object().bucket(BUCKETS[bucket]).key(KEYS[key]).body(body).send().await.unwrap();
            }
            Change::Remove(bucket, key) => {
                s3.delete_object().bucket(BUCKETS[bucket]).key(KEYS[key]).send().await.unwrap();
            }
            Change::Item(table, key, n) => {
                let put = db.put_item().table_name(TABLES[table]).item("pk", text(key));
                put.item("n", AttributeValue::N(n.to_string())).send().await.unwrap();
            }
            Change::NoItem(table, key) => {
                db.delete_item().table_name(TABLES[table]).key("pk", text(key)).send().await.unwrap();
            }
            Change::Tag(bucket, n) => {
                let tag = Tag::builder().key("n").value(n.to_string()).build().unwrap();
                let tagging = Tagging::builder().tag_set(tag).build().unwrap();
                s3.put_bucket_tagging().bucket(BUCKETS[bucket]).tagging(tagging).send().await.unwrap();
            }
        }
    }
}

/// Two tables and two buckets, of which one keeps versions.
pub async fn furnished() -> World {
    let world = World::new().await;
    let deeds =
        [Deed::CreateTable(0, false), Deed::CreateTable(1, false), Deed::CreateBucket(0), Deed::CreateBucket(1)];
    act(&world.aws, &deeds).await;
    let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    world.aws.s3.put_bucket_versioning().bucket("logs").versioning_configuration(on).send().await.unwrap();
    world
}

/// URIs of each kind, some of which cover one another.
fn uris() -> impl Strategy<Value = Vec<String>> {
    let bucket = || prop::sample::select(&BUCKETS[..]);
    let uri = prop_oneof![
        1 => prop::sample::select(&TABLES[..]).prop_map(|table| format!("dynamodb://{table}")),
        1 => bucket().prop_map(|bucket| format!("s3://{bucket}")),
        4 => (bucket(), prop::sample::select(&KEYS[..])).prop_map(|(bucket, key)| format!("s3://{bucket}/{key}")),
        2 => (bucket(), prop::sample::select(&["", "im", "img", "img*", "img/", "x"][..]))
            .prop_map(|(bucket, prefix)| format!("s3://{bucket}/{prefix}*")),
    ];
    proptest::collection::vec(uri, 1..5)
}

fn read(uris: &[String], ends: Ends) -> Scope {
    let words = match ends {
        Ends::Exact => Words::Exact,
        Ends::Star => Words::Pattern,
        Ends::StarOrSlash => Words::Asked,
    };
    Scope::parse(HOME.0, HOME.1, uris, words).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn a_restore_brings_back_what_is_named_and_changes_nothing_else(
        uris in uris(),
        ends in prop::sample::select(&[Ends::Exact, Ends::Star, Ends::StarOrSlash][..]),
        of_all in any::<bool>(),
        (before, after) in (changes(), changes()),
    ) {
        super::runtime().block_on(async {
            let world = furnished().await;
            make(&world.aws, &before).await;
            let then = of(&world.state(&[]).await);
            let scope = read(&uris, ends);
            let take = Take {
                name: Some("kept".to_owned()),
                scope: if of_all { Scope::all() } else { scope.clone() },
                // So that it covers keys that are not there too.
                before: Some("a test".to_owned()),
                ..Take::default()
            };
            world.emulator.take_snapshot(take).await.unwrap();
            make(&world.aws, &after).await;
            let now = of(&world.state(&[]).await);
            let restore = Restore { from: From::Name("kept".to_owned()), only: of_all.then_some(scope), keep: true };
            let restored = world.emulator.restore_snapshot(restore).await.unwrap();
            let inside = |thing: &_| means(&uris, ends, HOME, thing);
            assert_eq!(of(&world.state(&[]).await), mixed(&then, &now, inside), "{uris:?} {ends:?}");
            // And back.
            world.restore(&restored.before.unwrap(), &[]).await.unwrap();
            assert_eq!(of(&world.state(&[]).await), now, "{uris:?} {ends:?}");
            world.check().await;
        });
    }

    #[test]
    fn a_scope_covers_what_its_uris_mean_in_any_order_and_is_read_again(
        mut uris in uris(),
        ends in prop::sample::select(&[Ends::Exact, Ends::Star, Ends::StarOrSlash][..]),
    ) {
        let scope = read(&uris, ends);
        uris.reverse();
        assert_eq!(read(&uris, ends), scope);
        let json = serde_json::to_value(&scope).unwrap();
        assert_eq!(serde_json::from_value::<Scope>(json).unwrap(), scope);
        for uri in &uris {
            let part = read(std::slice::from_ref(uri), ends);
            assert_eq!(part.clone().within(&scope).unwrap(), part);
        }
        let spans = |bucket: &str| scope.spans(bucket);
        for bucket in BUCKETS {
            for key in KEYS {
                let thing = super::things::Thing::Object(bucket.to_owned(), key.to_owned());
                let spans = spans(bucket);
                let covering = spans.iter().filter(|span| span.has(key)).count();
                assert_eq!(covering, usize::from(means(&uris, ends, HOME, &thing)), "{uris:?} {key}");
            }
        }
    }
}

async fn refused(world: &World, uri: &str) -> SnapshotError {
    let scope = Scope::parse(HOME.0, HOME.1, &[uri.to_owned()], Words::Asked);
    match scope {
        Ok(scope) => world.emulator.take_snapshot(Take { scope, ..Take::default() }).await.unwrap_err(),
        Err(error) => error,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_nothing_is_refused() {
    let world = furnished().await;
    for uri in ["", "media", "s3://", "s3:///k", "dynamodb://", "dynamodb://orders/x", "dynamodb://orders/", "http://x"]
    {
        let error = refused(&world, uri).await.message;
        assert!(error.contains("is none of dynamodb://TABLE, s3://BUCKET"), "{uri}: {error}");
    }
    for (uri, what) in [
        ("dynamodb://orders*", "there is no table \"orders*\" in us-east-1"),
        ("s3://other/k", "there is no bucket \"other\""),
        ("s3://media/img", "there is no object \"s3://media/img\"; with * behind it, it is all that begins so"),
    ] {
        let error = refused(&world, uri).await.message;
        assert!(error.contains(what), "{uri}: {error}");
    }
}

#[test]
fn a_hundred_thousand_keys_are_sorted_out_at_once() {
    let began = std::time::Instant::now();
    let uris: Vec<_> = (0..100_000).rev().map(|n| format!("s3://media/{n:06}")).collect();
    let scope = Scope::parse(HOME.0, HOME.1, &uris, Words::Exact).unwrap();
    assert_eq!(scope.spans("media").len(), 100_000);
    assert!(scope.to_string().len() < 400, "{scope}");
    assert!(scope.to_string().ends_with("s3://media/000009 and 99990 more"), "{scope}");
    assert_eq!(scope.clone().within(&scope).unwrap(), scope);
    let again: Scope = serde_json::from_value(serde_json::to_value(&scope).unwrap()).unwrap();
    assert_eq!(again, scope);
    assert!(began.elapsed() < std::time::Duration::from_secs(30), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_keys_are_brought_back_in_a_few_commits() {
    let world = furnished().await;
    let put = async |word: &str| {
        for n in 0..300 {
            let body = ByteStream::from(word.as_bytes().to_vec());
            world.aws.s3.put_object().bucket("media").key(format!("{n:03}")).body(body).send().await.unwrap();
        }
    };
    put("then").await;
    let uris: Vec<_> = (0..300).filter(|n| n % 2 == 0).map(|n| format!("s3://media/{n:03}")).collect();
    let scope = read(&uris, Ends::Exact);
    let take = Take { name: Some("kept".to_owned()), scope, ..Take::default() };
    assert_eq!(world.emulator.take_snapshot(take).await.unwrap().objects, 150);
    put("now").await;
    world.emulator.s3().settle().await;
    let commits = || world.emulator.store().counters().commits.load(std::sync::atomic::Ordering::Relaxed);
    let before = commits();
    let restore = Restore { from: From::Name("kept".to_owned()), only: None, keep: false };
    let restored = world.emulator.restore_snapshot(restore).await.unwrap();
    // With those of what goes on in the background.
    assert!(commits() - before < 20, "{}", commits() - before);
    assert_eq!((restored.objects, restored.buckets), (150, 1));
    let state = of(&world.state(&[]).await);
    let then = state.values().filter(|what| what.contains("\"text\":\"then\"")).count();
    let now = state.values().filter(|what| what.contains("\"text\":\"now\"")).count();
    assert_eq!((then, now), (150, 150));
}
