//! Files that somebody gave.

use std::io::Write as _;
use std::path::Path;

use footbridge::emulator::snapshot::{From, Restore, SnapshotError};

use super::history::{Deed, act};
use super::world::World;

async fn restore(world: &World, path: &Path) -> Result<(), SnapshotError> {
    let restore = Restore { from: From::Path(path.to_owned()), only: None, keep: false };
    world.emulator.restore_snapshot(restore).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_anything_that_no_call_could_have_stored_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let deeds = [
        Deed::CreateTable(0, true),
        Deed::PutItem(0, 1, 1),
        Deed::PutItem(0, 3, 2),
        Deed::CreateBucket(0),
        Deed::PutObject(0, 0, 1, 2),
        Deed::PutObject(0, 2, 3, 3),
        Deed::Upload(0, 1, 4),
    ];
    act(&world.aws, &deeds).await;
    let good = world.state(&[]).await;
    let lines: Vec<&str> = good.lines().collect();
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("given.ndjson");
    let mut tried = 0;
    let mut wrong = Vec::new();
    // Each line gone, twice, or cut: none of that is a file of ours. Bytes of text may be cut elsewhere.
    let few = lines.iter().position(|line| line.starts_with("{\"data\"") || line.len() > 40_000).unwrap() + 2;
    for at in (0..few).chain([lines.len() - 2, lines.len() - 1]) {
        let without: Vec<_> = lines.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, line)| *line).collect();
        let mut twice = lines.clone();
        twice.insert(at, lines[at]);
        // Without an item or a whole object it is another state, and as good.
        if !lines[at].starts_with("{\"item\"") {
            wrong.push(without.join("\n"));
        }
        wrong.push(twice.join("\n"));
        let half = lines[at].len() / 2;
        if lines[at].is_char_boundary(half) {
            let mut cut = lines.clone();
            cut[at] = &lines[at][..half];
            wrong.push(cut.join("\n"));
        }
    }
    for (from, to) in [
        ("\"name\":\"orders\"", "\"name\":\"../orders\""),
        ("\"name\":\"orders\"", "\"name\":\"o\""),
        ("\"account\":\"000000000000\",\"region\"", "\"account\":\"0\",\"region\""),
        ("us-east-1", "mars-1"),
        ("\"kind\":\"S\"", "\"kind\":\"SS\""),
        ("\"hash\":\"pk\"", "\"hash\":\"nothing\""),
        ("{\"S\":\"k1\"}", "{\"N\":\"1\"}"),
        ("{\"S\":\"k1\"}", "{\"S\":\"\"}"),
        ("{\"BOOL\":false}", "{\"BOOL\":\"no\"}"),
        ("\"name\":\"media\"", "\"name\":\"Media_1\""),
        ("\"key\":\"a/one\"", "\"key\":\"\""),
        ("\"key\":\"b/one\"", "\"key\":\"a/one\""),
        ("\"id\":\"null\"", "\"id\":\"made-up\""),
        ("\"content-type\"", "\"set-cookie\""),
        ("text/x-test", "text/x\\r\\nset-cookie: x"),
        ("\"byte\":\"2\"", "\"by te\":\"2\""),
        ("\"storage_class\":\"STANDARD\"", "\"storage_class\":\"MINE\""),
        ("\"owner\":\"", "\"owner\":\"x"),
        ("\"size\":20", "\"size\":21"),
        ("\"size\":20", "\"size\":18446744073709551615"),
        ("\"size\":100,", "\"size\":101,"),
        ("\"number\":3", "\"number\":1"),
        ("\"order\":", "\"order\":9999999999999999"),
        ("line 2", "line 3"),
        ("\"scope\":{\"all\":true}", "\"scope\":{}"),
    ] {
        assert!(good.contains(from), "{from}");
        wrong.push(good.replacen(from, to, 1));
    }
    // A state that nothing of it may change.
    act(&world.aws, &[Deed::PutItem(0, 4, 9), Deed::PutObject(0, 3, 1, 6)]).await;
    let now = world.state(&[]).await;
    for text in wrong {
        if text.trim_end() == good.trim_end() {
            continue;
        }
        tried += 1;
        std::fs::write(&path, format!("{}\n", text.trim_end())).unwrap();
        assert!(restore(&world, &path).await.is_err(), "{}", &text[..text.len().min(3000)]);
        std::fs::remove_file(&path).unwrap();
    }
    assert!(tried > 50, "{tried}");
    assert_eq!(world.state(&[]).await, now);
    world.check().await;
    for bytes in [&b""[..], b"\n", b"{}\n", &[0x1f, 0x8b, 0x08], &[0xff; 100]] {
        std::fs::write(&path, bytes).unwrap();
        assert!(restore(&world, &path).await.is_err());
    }
    assert!(restore(&world, place.path()).await.is_err(), "a folder is no file");
    std::fs::write(&path, &good).unwrap();
    restore(&world, &path).await.unwrap();
    assert_eq!(world.state(&[]).await, good);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_lead_nowhere_else_and_are_given_once() {
    let world = World::new().await;
    world.take("one", &[], false).await;
    let again = footbridge::emulator::snapshot::Take { name: Some("one".into()), ..Default::default() };
    assert!(world.emulator.take_snapshot(again).await.unwrap_err().message.contains("already"));
    for name in ["../one", "a/b", "", ".hidden", "auto-mine", "x.ndjson"] {
        let take = footbridge::emulator::snapshot::Take { name: Some(name.into()), ..Default::default() };
        assert!(world.emulator.take_snapshot(take).await.is_err(), "{name}");
    }
    for name in ["../one", "/etc/passwd", "two"] {
        assert!(world.restore(name, &[]).await.is_err(), "{name}");
    }
    let error = world.restore("two", &[]).await.unwrap_err().message;
    assert!(error.contains("there are one"), "{error}");
}

#[test]
fn a_bomb_is_refused_before_anything_is_written() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("bomb");
    let mut out = flate2::write::GzEncoder::new(std::fs::File::create(&path).unwrap(), flate2::Compression::best());
    out.write_all(b"{\"footbridge_snapshot\":{\"version\":1,\"scope\":{\"all\":true}}}\n").unwrap();
    // A gigabyte of items for no table.
    for _ in 0..16 {
        out.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    out.finish().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let world = World::new().await;
        let error = restore(&world, &path).await.unwrap_err();
        assert!(error.message.contains("longer than 8 MiB"), "{error}");
    });
}
