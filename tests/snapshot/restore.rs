//! Any history, a snapshot, any other history, and back.

use proptest::prelude::*;

use super::history::{act, history};
use super::world::World;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_was_done_a_restore_brings_back_the_state_of_the_snapshot(
        (before, after) in (history(20), history(20)),
        text in any::<bool>(),
    ) {
        super::runtime().block_on(async {
            let world = World::new().await;
            act(&world.aws, &before).await;
            let then = world.state(&[]).await;
            world.take("kept", &[], text).await;
            act(&world.aws, &after).await;
            let now = world.state(&[]).await;
            let restored = world.restore("kept", &[]).await.unwrap();
            assert_eq!(world.state(&[]).await, then);
            world.check().await;
            // And the restore itself is undone by the snapshot that it made.
            world.restore(&restored.before.unwrap(), &[]).await.unwrap();
            assert_eq!(world.state(&[]).await, now);
            world.check().await;
        });
    }

    #[test]
    fn a_restore_of_a_part_changes_that_part_alone(
        (before, after) in (history(25), history(25)),
        whole in any::<bool>(),
    ) {
        const PART: [&str; 2] = ["dynamodb://orders", "s3://media/a/"];
        const REST: [&str; 3] = ["dynamodb://users", "s3://media/b/", "s3://logs"];
        super::runtime().block_on(async {
            let world = World::new().await;
            act(&world.aws, &[super::history::Deed::CreateTable(0, true), super::history::Deed::CreateBucket(0)]).await;
            act(&world.aws, &before).await;
            let then = world.state(&PART).await;
            let there = world.emulator.take_snapshot(footbridge::emulator::snapshot::Take {
                name: Some("kept".to_owned()),
                scope: super::world::scope(if whole { &[] } else { &PART }),
                ..Default::default()
            });
            let Ok(_) = there.await else { return };
            act(&world.aws, &after).await;
            let rest = world.state(&REST).await;
            match world.restore("kept", &PART).await {
                Ok(_) => {
                    assert_eq!(body_of(&world.state(&PART).await), body_of(&then));
                    assert_eq!(body_of(&world.state(&REST).await), body_of(&rest));
                }
                // A bucket that keeps no versions takes none; of everything a table that was not there is no part.
                Err(error) => assert!(error.message.contains("as a whole") || error.message.contains("has no"), "{error}"),
            }
            world.check().await;
        });
    }
}

/// The lines without those that say how a bucket as a whole is, which a prefix does not bring back.
fn body_of(state: &str) -> Vec<&str> {
    state.lines().filter(|line| !line.starts_with("{\"bucket\":{\"name\":\"media\"")).collect()
}

#[test]
fn both_forms_and_another_directory_give_the_same() {
    super::runtime().block_on(async {
        use super::history::Deed;
        let world = World::new().await;
        let mut deeds =
            vec![Deed::CreateTable(0, true), Deed::CreateTable(1, false), Deed::TimeToLive(0), Deed::AddIndex(1)];
        deeds.extend((0..5).map(|key| Deed::PutItem(0, key, key * 7)));
        deeds.extend([Deed::PutItem(1, 0, 1), Deed::TagTable(0, 5), Deed::CreateBucket(0), Deed::CreateBucket(1)]);
        deeds.push(Deed::Versioning(0, true));
        for round in 0..2 {
            deeds.extend((0..4).map(|key| Deed::PutObject(0, key, key + 1, u8::try_from(key).unwrap() + round)));
        }
        deeds.extend([Deed::Upload(1, 0, 8), Deed::DeleteObject(0, 1), Deed::TagObject(0, 0, 3)]);
        act(&world.aws, &deeds).await;
        let state = world.state(&[]).await;
        for word in [
            "by-other",
            "by-value",
            "\"team\":\"5\"",
            "NEW_AND_OLD_IMAGES",
            "\"until\"",
            "colour",
            "\"marker\":true",
            "\"number\":3",
        ] {
            assert!(state.contains(word), "{word}");
        }
        for text in [true, false] {
            let taken = world.take(if text { "text" } else { "packed" }, &[], text).await;
            let other = World::new().await;
            let from = footbridge::emulator::snapshot::From::Path(taken.path);
            let restore = footbridge::emulator::snapshot::Restore { from, only: None, keep: false };
            let restored = other.emulator.restore_snapshot(restore).await.unwrap();
            assert_eq!((restored.tables, restored.items, restored.buckets), (2, taken.items, 2));
            assert_eq!(other.state(&[]).await, state);
            other.check().await;
            seen_by_clients(&other).await;
        }
    });
}

/// What the SDKs see of it.
async fn seen_by_clients(world: &World) {
    use aws_sdk_dynamodb::types::AttributeValue;
    let (s3, db) = (&world.aws.s3, &world.aws.dynamodb);
    let described = db.describe_table().table_name("orders").send().await.unwrap().table.unwrap();
    assert_eq!(described.item_count(), Some(5));
    assert!(described.latest_stream_arn().is_some());
    let query = db.query().table_name("users").index_name("by-value").key_condition_expression("#o = :o");
    let found = query
        .expression_attribute_names("#o", "other")
        .expression_attribute_values(":o", AttributeValue::S("o1".into()))
        .send()
        .await
        .unwrap();
    assert_eq!(found.count(), 1);
    let object = s3.get_object().bucket("media").key("b/zwei ü").send().await.unwrap();
    assert_eq!((object.content_type(), object.metadata().unwrap()["byte"].as_str()), (Some("text/x-test"), "4"));
    assert_eq!(object.body.collect().await.unwrap().to_vec().len(), 70_000 + 130_000);
    let part = s3.get_object().bucket("logs").key("a/one").part_number(2).send().await.unwrap();
    assert_eq!((part.content_length(), part.parts_count()), (Some(100), Some(2)));
    let versions = s3.list_object_versions().bucket("media").send().await.unwrap();
    assert_eq!((versions.versions().len(), versions.delete_markers().len()), (8, 1));
    // What is written now is newer than what was restored.
    s3.put_object().bucket("media").key("a/one").send().await.unwrap();
    assert_eq!(s3.head_object().bucket("media").key("a/one").send().await.unwrap().content_length(), Some(0));
}
