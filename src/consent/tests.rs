use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use footbridge_record::Target;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::clock::ManualClock;

fn question(tool: &str) -> Question {
    Question {
        session: Uuid::from_u128(1),
        caller: "agent 1".into(),
        tool: tool.into(),
        target: "prod".into(),
        far_side: "AWS eu-west-1 account 111122223333".into(),
        far: Target::Aws { account: Some("111122223333".into()), region: Some("eu-west-1".into()) },
        region: "eu-west-1".into(),
        arguments: json!({ "table": "orders" }),
        resources: vec!["dynamodb://orders".into()],
        does: Vec::new(),
        once: false,
        effect: "write".into(),
        impact: "it replaces an item".into(),
        old: Some(json!({ "pk": "a" })),
        new: None,
        digest: "d".into(),
    }
}

struct World {
    temp: TempDir,
    clock: ManualClock,
    queue: Queue,
}

fn world() -> World {
    let temp = tempfile::tempdir().unwrap();
    let clock = ManualClock::at_millis(1_800_000_000_000);
    let queue = Queue::open(temp.path(), Arc::new(clock.clone()));
    World { temp, clock, queue }
}

impl World {
    fn ask(&self) -> Request {
        self.queue.ask(Uuid::new_v4(), question("dynamodb_put_item")).unwrap()
    }

    /// The queue as another process has it.
    fn person(&self) -> Queue {
        Queue::open(self.temp.path(), Arc::new(self.clock.clone()))
    }

    fn path(&self, request: &Request, ending: &str) -> std::path::PathBuf {
        self.queue.place().join(format!("{}{ending}", request.id))
    }
}

fn allowed(state: &State) -> bool {
    matches!(state, State::Allowed { .. })
}

#[tokio::test]
async fn a_yes_is_seen_by_who_waits_and_used_once() {
    let world = world();
    let request = world.ask();
    let listed = world.person().list().unwrap();
    assert_eq!(listed, std::slice::from_ref(&request), "another process reads what was asked");
    assert_eq!(listed[0].left(request.created + 1000), OPEN - 1000);
    let now = world.queue.now();
    assert_eq!(world.queue.wait(&request, now).await.unwrap(), State::Waiting);
    let told = world.person().allow(request.id, "ada", How::Once).unwrap();
    assert!(allowed(&told.state));
    assert!(allowed(&world.queue.wait(&request, now + 45_000).await.unwrap()));
    assert!(allowed(&world.queue.claim(&request).unwrap()));
    let again = world.queue.claim(&request).unwrap_err();
    assert!(matches!(again, ConsentError::Over { state: State::Used { .. }, .. }), "{again}");
    assert_eq!(world.person().get(request.id).unwrap().state.word(), "used");
}

#[test]
fn of_two_answers_one_counts() {
    for round in 0..20 {
        let world = world();
        let request = world.ask();
        let [yes, no] = [world.person(), world.person()];
        let won: Vec<bool> = std::thread::scope(|scope| {
            let yes = scope.spawn(|| yes.allow(request.id, "ada", How::Once).is_ok());
            let no = scope.spawn(|| no.deny(request.id, "eve", Some("no")).is_ok());
            vec![yes.join().unwrap(), no.join().unwrap()]
        });
        assert_eq!(won.iter().filter(|won| **won).count(), 1, "round {round}: {won:?}");
        assert_eq!(world.queue.claim(&request).is_ok(), won[0]);
    }
}

#[test]
fn of_many_that_use_a_yes_one_does() {
    let world = world();
    let request = world.ask();
    world.person().allow(request.id, "ada", How::Once).unwrap();
    let used = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..8).map(|_| scope.spawn(|| world.queue.claim(&request).is_ok())).collect();
        tries.into_iter().map(|one| one.join().unwrap()).filter(|used| *used).count()
    });
    assert_eq!(used, 1);
}

#[test]
fn a_no_tells_why_and_what_was_given_up_never_runs() {
    let world = world();
    let denied = world.ask();
    world.person().deny(denied.id, "ada", Some(" not on Friday ")).unwrap();
    assert_eq!(world.queue.get(denied.id).unwrap().state.to_string(), "denied by ada: not on Friday");
    let late = world.person().allow(denied.id, "ada", How::Once).unwrap_err();
    assert_eq!(late.to_string(), format!("request {}: denied by ada: not on Friday", denied.short()));

    let given_up = world.ask();
    world.queue.abandon(&given_up);
    let late = world.person().allow(given_up.id, "ada", How::Session).unwrap_err();
    assert!(late.to_string().contains("abandoned"), "{late}");

    let too_late = world.ask();
    world.person().allow(too_late.id, "ada", How::Once).unwrap();
    world.queue.abandon(&too_late);
    assert!(world.queue.claim(&too_late).is_err(), "given up between the yes and its use");
    assert_eq!(world.queue.get(too_late.id).unwrap().state, State::Abandoned);
}

#[test]
fn a_request_and_a_yes_have_their_time() {
    let world = world();
    let (answered, unanswered) = (world.ask(), world.ask());
    world.clock.advance(Duration::from_millis(OPEN - 1));
    world.person().allow(answered.id, "ada", How::Once).unwrap();
    world.clock.advance(Duration::from_millis(1));
    assert_eq!(world.queue.get(unanswered.id).unwrap().state, State::Expired);
    assert!(world.person().allow(unanswered.id, "ada", How::Once).is_err());
    world.clock.advance(Duration::from_millis(OPEN - 2));
    assert!(allowed(&world.queue.get(answered.id).unwrap().state));
    world.clock.advance(Duration::from_millis(1));
    assert!(world.queue.claim(&answered).is_err());
    assert_eq!(world.queue.get(answered.id).unwrap().state, State::Expired);
}

#[test]
fn a_process_that_ended_has_given_up() {
    let world = world();
    let request = world.ask();
    let World { temp, clock, queue } = world;
    let person = Queue::open(temp.path(), Arc::new(clock));
    drop(queue);
    assert_eq!(person.get(request.id).unwrap().state, State::Abandoned);
    assert!(person.allow(request.id, "ada", How::Once).is_err());
}

type Plant<'a> = &'a dyn Fn(&Path);

#[test]
fn what_only_looks_like_a_yes_is_none() {
    let world = world();
    let real = world.ask();
    world.person().allow(real.id, "ada", How::Once).unwrap();
    let yes = fs::read(world.path(&real, ".answer.json")).unwrap();
    let elsewhere = world.temp.path().join("elsewhere.json");
    let plant = |name: &str, plant: Plant<'_>| {
        let request = world.ask();
        let ours = String::from_utf8(yes.clone()).unwrap().replace(&real.id.to_string(), &request.id.to_string());
        fs::write(&elsewhere, &ours).unwrap();
        plant(&world.path(&request, ".answer.json"));
        assert!(!allowed(&world.queue.state(&request).unwrap()), "{name}");
        assert!(world.queue.claim(&request).is_err(), "{name}");
        assert!(world.person().allow(request.id, "ada", How::Once).is_err(), "{name}: nor is it replaced");
        fs::remove_file(world.path(&request, ".answer.json")).unwrap();
    };
    let ours = || fs::read(&elsewhere).unwrap();
    plant("another request's", &|path| fs::write(path, &yes).unwrap());
    plant("half of one", &|path| fs::write(path, &ours()[..20]).unwrap());
    plant("empty", &|path| fs::write(path, "").unwrap());
    plant("too long", &|path| {
        let mut long = ours();
        long.resize(300 << 10, b' ');
        fs::write(path, long).unwrap();
    });
    plant("from the future", &|path| {
        let mut answer: serde_json::Value = serde_json::from_slice(&ours()).unwrap();
        answer["at"] = (world.queue.now() + 120_000).into();
        fs::write(path, answer.to_string()).unwrap();
    });
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        plant("a link", &|path| symlink(&elsewhere, path).unwrap());
        plant("a link to nothing", &|path| symlink("nowhere", path).unwrap());
        plant("a second name", &|path| fs::hard_link(&elsewhere, path).unwrap());
        plant("written by others", &|path| {
            fs::write(path, ours()).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
        });
    }
    // The same bytes, as one would write them, are a yes: what was refused was how they stood there.
    let request = world.ask();
    let same = String::from_utf8(yes.clone()).unwrap().replace(&real.id.to_string(), &request.id.to_string());
    files::write_new(
        world.queue.place(),
        &format!("{}.answer.json", request.id),
        &serde_json::from_str::<serde_json::Value>(&same).unwrap(),
    )
    .unwrap();
    assert!(allowed(&world.queue.state(&request).unwrap()));
}

#[test]
fn where_the_queue_cannot_be_kept_nobody_is_asked() {
    let in_the_way = world();
    fs::write(in_the_way.queue.place(), "").unwrap();
    assert!(in_the_way.queue.ask(Uuid::new_v4(), question("t")).is_err());
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let linked = world();
        let elsewhere = linked.temp.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        symlink(&elsewhere, linked.queue.place()).unwrap();
        let refused = linked.queue.ask(Uuid::new_v4(), question("t")).unwrap_err();
        assert!(refused.to_string().contains("is a link"), "{refused}");
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);

        let opened = world();
        let request = opened.ask();
        opened.person().allow(request.id, "ada", How::Once).unwrap();
        fs::set_permissions(opened.queue.place(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(opened.queue.claim(&request).is_err(), "others may have written the yes");
    }
    let gone = world();
    let request = gone.ask();
    gone.person().allow(request.id, "ada", How::Once).unwrap();
    fs::remove_dir_all(gone.queue.place()).unwrap();
    assert!(gone.queue.claim(&request).is_err());
    assert_eq!(gone.person().list().unwrap(), []);
}

#[test]
fn no_more_wait_than_a_person_can_look_at() {
    let world = world();
    let waiting: Vec<_> = (0..64).map(|_| world.ask()).collect();
    let refused = world.queue.ask(Uuid::new_v4(), question("t")).unwrap_err();
    assert!(matches!(refused, ConsentError::Full(64)), "{refused}");
    world.queue.abandon(&waiting[0]);
    world.ask();
}

#[test]
fn what_is_over_is_kept_for_an_hour() {
    let world = world();
    let request = world.ask();
    world.person().deny(request.id, "ada", None).unwrap();
    world.clock.advance(Duration::from_mins(59));
    world.ask();
    assert!(world.queue.get(request.id).is_ok());
    world.clock.advance(Duration::from_mins(1));
    let last = world.ask();
    let names: Vec<_> = fs::read_dir(world.queue.place()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().starts_with(&request.id.to_string())), "{names:?}");
    assert!(world.queue.get(last.id).is_ok());
}

#[test]
fn an_id_may_be_shortened_while_that_means_one() {
    let world = world();
    let id = |text: &str| Uuid::parse_str(text).unwrap();
    let first = world.queue.ask(id("aaaaaaaa-1111-4111-8111-111111111111"), question("t")).unwrap();
    let second = world.queue.ask(id("aaaaaaab-1111-4111-8111-111111111111"), question("t")).unwrap();
    assert_eq!(world.queue.find("AAAAAAAA").unwrap().id, first.id);
    assert_eq!(world.queue.find(&second.id.to_string()).unwrap().id, second.id);
    let several = world.queue.find("aaaa").unwrap_err();
    assert_eq!(several.to_string(), "several requests begin with aaaa: aaaaaaaa, aaaaaaab");
    world.person().deny(first.id, "ada", None).unwrap();
    assert_eq!(world.queue.find("aaaa").unwrap().id, second.id, "of those that wait");
    for none in ["", " ", "b"] {
        assert!(matches!(world.queue.find(none), Err(ConsentError::Unknown(_))), "{none:?}");
    }
}

#[test]
fn the_files_are_their_users_alone_and_show_no_secret() {
    let world = world();
    let shown = Shown::new().unwrap();
    let arguments = json!({ "item": { "pk": "a", "password": "hunter2" }, "text": "x".repeat(100_000) });
    let question = Question { arguments: shown.arguments(&arguments).0, ..question("dynamodb_put_item") };
    let request = world.queue.ask(Uuid::new_v4(), question).unwrap();
    let written = fs::read_to_string(world.path(&request, ".json")).unwrap();
    assert!(!written.contains("hunter2") && written.contains(r#""pk":"a""#) && written.len() < 60_000, "{written}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        world.person().allow(request.id, "ada", How::Once).unwrap();
        world.queue.claim(&request).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(world.queue.place()), 0o700);
        for entry in fs::read_dir(world.queue.place()).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
}
