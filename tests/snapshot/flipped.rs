//! Files of which some bits are not what they were: a restore refuses them, or does what they say, and never half of it.

use std::sync::OnceLock;

use footbridge::emulator::snapshot::{From, Restore};
use proptest::prelude::*;

use super::history::{Deed, act};
use super::world::World;

struct Kept {
    packed: Vec<u8>,
    text: Vec<u8>,
}

/// One state of every kind of thing, in both forms.
fn kept() -> &'static Kept {
    static KEPT: OnceLock<Kept> = OnceLock::new();
    KEPT.get_or_init(|| {
        super::runtime().block_on(async {
            let world = World::new().await;
            let mut deeds =
                vec![Deed::CreateTable(0, true), Deed::TimeToLive(0), Deed::AddIndex(0), Deed::TagTable(0, 5)];
            deeds.extend((0..4).map(|key| Deed::PutItem(0, key, key * 7)));
            deeds.extend([Deed::CreateBucket(0), Deed::Versioning(0, true), Deed::PutObject(0, 0, 1, 2)]);
            deeds.extend([
                Deed::PutObject(0, 0, 2, 3),
                Deed::DeleteObject(0, 1),
                Deed::TagObject(0, 0, 3),
                Deed::Upload(0, 3, 5),
            ]);
            act(&world.aws, &deeds).await;
            let packed = std::fs::read(world.take("packed", &[], false).await.path).unwrap();
            Kept { packed, text: world.state(&[]).await.into_bytes() }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_file_with_flipped_bits_is_refused_or_restored_as_it_says(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 1..=255_u8), 30),
        text in any::<bool>(),
    ) {
        let Kept { packed, text: good } = kept();
        super::runtime().block_on(async {
            let good = std::str::from_utf8(good).unwrap();
            let whole = if text { good.as_bytes() } else { packed };
            let world = World::new().await;
            let place = tempfile::tempdir().unwrap();
            let path = place.path().join("given");
            let other = [Deed::CreateTable(1, false), Deed::PutItem(1, 1, 1), Deed::CreateBucket(1), Deed::PutObject(1, 2, 3, 4)];
            act(&world.aws, &other).await;
            let mut now = world.state(&[]).await;
            for (at, mask) in flips {
                let mut bytes = whole.to_vec();
                let at = at.index(bytes.len());
                bytes[at] ^= mask;
                std::fs::write(&path, &bytes).unwrap();
                let restore = Restore { from: From::Path(path.clone()), only: None, keep: false };
                let outcome = world.emulator.restore_snapshot(restore).await;
                let state = world.state(&[]).await;
                match outcome {
                    Err(error) => assert_eq!(state, now, "{at} {mask}: {error}"),
                    // What nobody reads, as the name of the system that compressed it.
                    Ok(_) if !text => assert_eq!(state, good, "{at} {mask}"),
                    // It may be edited: a letter of an item is another item.
                    Ok(_) => {
                        let said = String::from_utf8(bytes).unwrap();
                        assert_eq!(state.lines().count(), said.lines().count(), "{at} {mask}");
                        let differ = state.lines().zip(said.lines()).filter(|(one, other)| one != other).count();
                        assert!(differ <= 1, "{at} {mask}: {state}");
                    }
                }
                now = state;
            }
            world.check().await;
        });
    }
}
