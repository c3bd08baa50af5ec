//! Random histories of puts, deletes, copies, uploads and restarts, after which a check finds nothing wrong.

use std::path::Path;

use proptest::prelude::*;

use crate::fsck::check;
use crate::harness::World;

const KEYS: u8 = 3;
/// The length of a part that may be followed by another.
const PART: usize = 5 << 20;

#[derive(Debug, Clone)]
enum Step {
    Put(u8, usize),
    Delete(u8),
    DeleteNewest(u8),
    Copy(u8, u8, bool),
    Begin(u8),
    Part(u16, usize),
    CopyPart(u8, u16),
    Complete,
    Abort,
    Versioning(bool),
    Settle,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..KEYS;
    let size = prop_oneof![4 => 0..200_usize, 2 => 65_530..65_545_usize, 1 => 70_000..300_000_usize];
    prop_oneof![
        6 => (key.clone(), size.clone()).prop_map(|(key, size)| Step::Put(key, size)),
        2 => key.clone().prop_map(Step::Delete),
        2 => key.clone().prop_map(Step::DeleteNewest),
        4 => (key.clone(), key.clone(), any::<bool>()).prop_map(|(from, to, read)| Step::Copy(from, to, read)),
        3 => key.clone().prop_map(Step::Begin),
        4 => (1..4_u16, prop_oneof![3 => size, 1 => Just(PART)]).prop_map(|(number, size)| Step::Part(number, size)),
        2 => (key, 1..4_u16).prop_map(|(from, number)| Step::CopyPart(from, number)),
        2 => Just(Step::Complete),
        1 => Just(Step::Abort),
        1 => any::<bool>().prop_map(Step::Versioning),
        1 => Just(Step::Settle),
        1 => Just(Step::Restart),
    ]
}

/// The uploads that are open: key and id.
type Open = Vec<(String, String)>;

async fn play(world: &World, open: &mut Open, step: Step) {
    const SOURCE: &str = "x-amz-copy-source";
    let key = |key: u8| format!("k{key}");
    // What AWS would refuse is refused, and that must leave nothing either.
    match step {
        Step::Put(at, size) => {
            world.send("PUT", &format!("/shop/{}", key(at)), &[], vec![at; size]).await;
        }
        Step::Delete(at) => {
            world.send("DELETE", &format!("/shop/{}", key(at)), &[], "").await;
        }
        Step::DeleteNewest(at) => {
            let head = world.send("HEAD", &format!("/shop/{}", key(at)), &[], "").await;
            if let Some(version) = head.header("x-amz-version-id") {
                world.send("DELETE", &format!("/shop/{}?versionId={version}", key(at)), &[], "").await;
            }
        }
        Step::Copy(from, to, read) => {
            let source = format!("shop/{}", key(from));
            let algorithm = ("x-amz-checksum-algorithm", "SHA1");
            let headers = [(SOURCE, source.as_str()), algorithm];
            world.send("PUT", &format!("/shop/{}", key(to)), &headers[..=usize::from(read)], "").await;
        }
        Step::Begin(at) => {
            let begun = world.send("POST", &format!("/shop/{}?uploads", key(at)), &[], "").await;
            open.push((key(at), begun.element("UploadId").unwrap()));
        }
        Step::Part(number, size) => {
            if let Some((key, id)) = open.last() {
                let path = format!("/shop/{key}?partNumber={number}&uploadId={id}");
                world.send("PUT", &path, &[], vec![9; size]).await;
            }
        }
        Step::CopyPart(from, number) => {
            if let Some((to, id)) = open.last() {
                let path = format!("/shop/{to}?partNumber={number}&uploadId={id}");
                world.send("PUT", &path, &[(SOURCE, &format!("shop/{}", key(from)))], "").await;
            }
        }
        Step::Complete => complete(world, open).await,
        Step::Abort => {
            if let Some((key, id)) = open.pop() {
                assert_eq!(world.send("DELETE", &format!("/shop/{key}?uploadId={id}"), &[], "").await.status, 204);
            }
        }
        Step::Versioning(on) => {
            let status = if on { "Enabled" } else { "Suspended" };
            let document = format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
            assert_eq!(world.send("PUT", "/shop?versioning", &[], document).await.status, 200);
        }
        Step::Settle => world.service.settle().await,
        Step::Restart => {}
    }
}

/// Completes the newest upload of the first parts that may follow one another.
async fn complete(world: &World, open: &mut Open) {
    let Some((key, id)) = open.last().cloned() else { return };
    let listed = world.send("GET", &format!("/shop/{key}?uploadId={id}"), &[], "").await.text();
    let mut parts = String::new();
    for part in listed.split("<Part>").skip(1) {
        let element = |name: &str| {
            let (_, rest) = part.split_once(&format!("<{name}>")).unwrap();
            rest.split_once(&format!("</{name}>")).unwrap().0.to_owned()
        };
        let (number, etag) = (element("PartNumber"), element("ETag"));
        parts += &format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
        if element("Size").parse::<usize>().unwrap() < PART {
            break;
        }
    }
    let document = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
    if world.send("POST", &format!("/shop/{key}?uploadId={id}"), &[], document).await.status == 200 {
        open.pop();
    }
}

async fn history(directory: &Path, steps: Vec<Step>) {
    let mut world = World::at(directory);
    world.bucket("shop").await;
    let mut open = Open::new();
    for step in steps {
        if matches!(step, Step::Restart) {
            world.close().await;
            sound(directory).await;
            world = World::at(directory);
        }
        play(&world, &mut open, step).await;
    }
    world.service.settle().await;
    world.close().await;
    let report = sound(directory).await;
    assert_eq!(report.waiting, footbridge::emulator::fsck::Waiting::default(), "what has settled leaves nothing to do");
}

async fn sound(directory: &Path) -> footbridge::emulator::fsck::Report {
    let report = check(directory, false).await;
    assert_eq!(report.findings, []);
    assert_eq!(report.waiting.orphans, []);
    report
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_history_leaves_anything_that_a_check_finds(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        runtime.block_on(history(directory.path(), steps));
    }
}
