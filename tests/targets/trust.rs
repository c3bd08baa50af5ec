//! What an untrusted directory may say of targets: generated over what a person has, what the directory says, and trust.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use footbridge::config::{Backend, Inputs, Mode, Settings, Source, TrustStore};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Names that both may use.
const NAMES: [&str; 5] = ["work", "play", "aws", "local", "third"];
const RESOURCES: [&str; 8] = [
    "s3://a",
    "s3://a/k",
    "s3://a/p/k",
    "s3://a/p/*",
    "s3://b/k",
    "dynamodb://orders",
    "dynamodb://users",
    "dynamodb://*",
];

/// A `[target.NAME]`: which keys, with which values.
#[derive(Debug, Clone)]
struct Table {
    name: &'static str,
    lines: Vec<String>,
}

/// What a person or a directory has.
#[derive(Debug, Clone)]
struct Files {
    general: Vec<String>,
    tables: Vec<Table>,
}

#[derive(Debug, Clone)]
struct World {
    person: Files,
    project: Files,
    dotenv: Vec<&'static str>,
    env: Vec<(&'static str, &'static str)>,
    flag: Option<(&'static str, footbridge::config::Key, &'static str)>,
}

fn line(key: &'static str, values: &[&'static str]) -> BoxedStrategy<String> {
    select(values.to_vec()).prop_map(move |value| format!("{key} = {value}")).boxed()
}

fn lines(endpoint: &'static str) -> impl Strategy<Value = Vec<String>> {
    let one: Vec<BoxedStrategy<String>> = vec![
        line("profile", &["\"dev\"", "\"prod\"", "\"default\""]),
        line("region", &["\"eu-west-1\""]),
        line("endpoint_url", &[endpoint]),
        line("mode", &["\"read-only\"", "\"ask\"", "\"read-write\""]),
        line("buckets", &["[\"a\"]", "[\"*\"]", "[]"]),
        line("prefixes", &["[\"s3://a/p/\"]"]),
        line("tables", &["[\"orders\"]", "[\"*\"]", "[\"users\", \"orders\"]"]),
        line("store", &["\"one\"", "\"two\""]),
    ];
    let all = one;
    subsequence((0..all.len()).collect::<Vec<_>>(), 0..=all.len())
        .prop_flat_map(move |chosen| chosen.into_iter().map(|at| all[at].clone()).collect::<Vec<_>>())
}

fn table(endpoint: &'static str) -> impl Strategy<Value = Table> {
    (select(NAMES.to_vec()), select(vec!["aws", "local"]), lines(endpoint)).prop_map(|(name, backend, mut lines)| {
        let backend = if NAMES[2..4].contains(&name) { name } else { backend };
        let theirs = ["profile", "endpoint_url"];
        lines.retain(|line| backend == "aws" || !theirs.iter().any(|key| line.starts_with(key)));
        lines.insert(0, format!("backend = \"{backend}\""));
        Table { name, lines }
    })
}

fn files(endpoint: &'static str) -> impl Strategy<Value = Files> {
    let general = [
        line("backend", &["\"aws\"", "\"local\""]),
        line("default_target", &["\"work\"", "\"aws\"", "\"play\""]),
        line("mode", &["\"read-only\"", "\"read-write\""]),
        line("profile", &["\"dev\"", "\"prod\""]),
        line("store", &["\"one\""]),
        line("tables", &["[\"orders\"]"]),
        line("endpoint_url", &[endpoint]),
    ];
    let chosen = subsequence((0..general.len()).collect::<Vec<_>>(), 0..=3);
    let general =
        chosen.prop_flat_map(move |chosen| chosen.into_iter().map(|at| general[at].clone()).collect::<Vec<_>>());
    (general, vec(table(endpoint), 0..4)).prop_map(|(general, mut tables)| {
        tables.sort_by_key(|table: &Table| table.name);
        tables.dedup_by_key(|table| table.name);
        Files { general, tables }
    })
}

fn world() -> impl Strategy<Value = World> {
    let dotenv = select(vec![
        "AWS_ACCESS_KEY_ID=AKIATHEIRS\nAWS_SECRET_ACCESS_KEY=theirs",
        "AWS_ENDPOINT_URL=http://stranger.example",
        "AWS_PROFILE=prod",
        "FOOTBRIDGE_TARGET=work",
        "FOOTBRIDGE_ENDPOINT_URL=http://stranger.example",
        "FOOTBRIDGE_MODE=read-write",
        "FOOTBRIDGE_TABLES=*",
    ]);
    let env = select(vec![
        ("AWS_PROFILE", "dev"),
        ("AWS_ACCESS_KEY_ID", "AKIAMINE"),
        ("FOOTBRIDGE_MODE", "read-write"),
        ("FOOTBRIDGE_TARGET", "play"),
    ]);
    let flag = prop::option::weighted(
        0.3,
        select(vec![
            ("--target", footbridge::config::Key::DefaultTarget, "work"),
            ("--mode", footbridge::config::Key::Mode, "read-write"),
            ("--backend", footbridge::config::Key::Backend, "aws"),
        ]),
    );
    let mine = files("\"https://mine.example\"");
    let theirs = files("\"https://stranger.example\"");
    (mine, theirs, vec(dotenv, 0..3), vec(env, 0..2), flag).prop_map(|(person, project, dotenv, env, flag)| World {
        person,
        project,
        dotenv,
        env,
        flag,
    })
}

impl Files {
    fn text(&self) -> String {
        let mut text = self.general.join("\n");
        for table in &self.tables {
            let _ = write!(text, "\n[target.{}]\n{}\n", table.name, table.lines.join("\n"));
        }
        text
    }

    fn has(&self, name: &str) -> bool {
        self.tables.iter().any(|table| table.name == name)
    }
}

/// Loads what the world says, with the directory's files or without, trusted or not.
struct Loading<'a> {
    place: &'a Path,
    inputs: Inputs,
}

impl<'a> Loading<'a> {
    fn new(place: &'a Path, world: &World) -> Self {
        let mut inputs = Inputs::bare(place);
        for directory in [&inputs.cwd, inputs.dirs.config.as_ref().unwrap()] {
            fs::create_dir_all(directory).unwrap();
        }
        inputs.env.extend(world.env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        if let Some((flag, key, value)) = world.flag {
            inputs.flags.set(key, flag, Some(value.to_owned()));
        }
        fs::write(place.join("config/footbridge.toml"), world.person.text()).unwrap();
        Self { place, inputs }
    }

    fn alone(&self) -> Result<Settings, String> {
        for name in [".env", "footbridge.toml"] {
            let _ = fs::remove_file(self.place.join("work").join(name));
        }
        Settings::load(&self.inputs).map_err(|error| error.to_string())
    }

    fn beside(&self, world: &World) -> Result<Settings, String> {
        fs::write(self.place.join("work/.env"), world.dotenv.join("\n")).unwrap();
        fs::write(self.place.join("work/footbridge.toml"), world.project.text()).unwrap();
        Settings::load(&self.inputs).map_err(|error| error.to_string())
    }
}

fn may(settings: &Settings, resource: &str) -> bool {
    settings.allowed.outside(resource).is_none()
}

fn data(settings: &Settings) -> (Backend, String) {
    match settings.backend.value {
        Backend::Local => (Backend::Local, settings.directory().display().to_string()),
        Backend::Aws => {
            (Backend::Aws, settings.profile.as_ref().map_or("default".to_owned(), |profile| profile.value.clone()))
        }
    }
}

fn value<T: Clone>(setting: Option<&footbridge::config::Setting<T>>) -> Option<T> {
    setting.map(|setting| setting.value.clone())
}

fn held(world: &World) -> Result<(), TestCaseError> {
    let place = tempfile::tempdir().unwrap();
    let loading = Loading::new(place.path(), world);
    let Ok(alone) = loading.alone() else { return Ok(()) };
    let Ok(beside) = loading.beside(world) else { return Ok(()) };
    let work = beside.project.directory.clone();
    let theirs = |source: &Source| match source {
        Source::DotEnv { .. } => true,
        Source::File { path, .. } => path.starts_with(&work) || path.starts_with(place.path().join("work")),
        _ => false,
    };
    for before in alone.targets().filter(|target| world.person.has(target.target.as_str())) {
        let name = before.target.as_str();
        let after = beside.of_target(name);
        prop_assert!(after.is_some(), "{name} is gone");
        let Some(after) = after else { return Ok(()) };
        // Whose account and which server is as the person has it, and nothing is raised.
        prop_assert_eq!(after.backend.value, before.backend.value);
        prop_assert_eq!(value(after.profile.as_ref()), value(before.profile.as_ref()), "{}", name);
        prop_assert_eq!(value(after.endpoint_url.as_ref()), value(before.endpoint_url.as_ref()), "{}", name);
        prop_assert!(after.aws.brought().is_none(), "{} is asked with their keys", name);
        prop_assert_eq!(after.aws.get("AWS_ENDPOINT_URL"), before.aws.get("AWS_ENDPOINT_URL"));
        prop_assert_eq!(after.aws.get("AWS_PROFILE"), before.aws.get("AWS_PROFILE"));
        prop_assert!(after.mode.value <= before.mode.value, "{} is raised", name);
        for resource in RESOURCES {
            prop_assert!(!may(after, resource) || may(before, resource), "{} may touch {}", name, resource);
        }
    }
    for target in beside.targets() {
        let name = target.target.as_str();
        let own = world.person.has(name);
        // Without effect on the local backend.
        let on_aws = target.backend.value == Backend::Aws;
        if let Some(endpoint) = target.endpoint_url.as_ref().filter(|url| on_aws && theirs(&url.source)) {
            prop_assert!(matches!(endpoint.source, Source::DotEnv { .. }), "{}", name);
            prop_assert!(target.aws.brought().is_some() && target.profile.is_none(), "{}", name);
        }
        let named = theirs(&target.backend.source) && target.backend.source.to_string().contains("target.");
        let chosen = beside.target == target.target && beside.target_choice.as_ref().is_some_and(theirs);
        let account = target.profile.as_ref().is_some_and(|p| theirs(&p.source)) || target.aws.brought().is_some();
        if target.backend.value == Backend::Aws && (named || chosen || account) {
            prop_assert!(target.mode.value <= Mode::Ask, "{} is {}", name, target.mode.value);
        }
        // Whatever name they give to the person's data, the person's lists hold.
        let store = target.store.as_ref().is_some_and(|store| theirs(&store.source));
        if !own && (named || account || store) {
            for limited in alone.targets().filter(|t| world.person.has(t.target.as_str()) && data(t) == data(target)) {
                for resource in RESOURCES {
                    prop_assert!(!may(target, resource) || may(limited, resource), "{} may touch {}", name, resource);
                }
            }
        }
    }
    // What waits for trust is shown, or is in force already.
    let waiting = beside.waiting.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    for table in &world.project.tables {
        let mut must = vec!["profile", "endpoint_url"];
        if world.person.has(table.name) {
            must.extend(["backend", "mode", "tables", "buckets", "store", "region"]);
        }
        for key in must.iter().filter(|key| table.lines.iter().any(|line| line.starts_with(**key))) {
            prop_assert!(
                waiting.contains(&format!("target.{}.{key} in", table.name)),
                "{}.{} in {}",
                table.name,
                key,
                waiting
            );
        }
    }
    // Trusted, the directory says what it says.
    TrustStore::in_directory(loading.inputs.dirs.config.as_ref().unwrap()).trust(&beside.project).unwrap();
    let Ok(trusted) = Settings::load(&loading.inputs) else { return Ok(()) };
    for table in &world.project.tables {
        let target = trusted.of_target(table.name);
        let says = |target: &Settings| table.lines.contains(&format!("backend = \"{}\"", target.backend.value));
        prop_assert!(target.is_some_and(says), "{}", table.name);
    }
    prop_assert!(trusted.waiting.is_empty());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_directory_that_nobody_trusts_raises_and_redirects_nothing(world in world()) {
        held(&world)?;
    }
}

/// What one directory makes of a person's file.
fn settings(user: &str, project: &str, dotenv: &str) -> Result<Settings, String> {
    let place = tempfile::tempdir().unwrap();
    let files = Files { general: vec![user.to_owned()], tables: Vec::new() };
    let nothing = Files { general: vec![project.to_owned()], tables: Vec::new() };
    let world = World { person: files, project: nothing, dotenv: Vec::new(), env: Vec::new(), flag: None };
    let loading = Loading::new(place.path(), &world);
    fs::write(place.path().join("work/.env"), dotenv).unwrap();
    fs::write(place.path().join("work/footbridge.toml"), project).unwrap();
    Settings::load(&loading.inputs).map_err(|error| error.to_string())
}

#[test]
fn a_target_with_a_strangers_endpoint_is_left_out_whole() {
    let project =
        "[target.dev]\nbackend = \"aws\"\nendpoint_url = \"http://stranger\"\n[target.qa]\nprofile = \"qa\"\n";
    let settings = settings("", project, "").unwrap();
    let names: Vec<_> = settings.targets().map(|target| target.target.to_string()).collect();
    assert_eq!(names, ["local", "qa"]);
    assert!(
        settings
            .warnings
            .iter()
            .any(|w| w.contains("target.dev.endpoint_url in") && w.contains("is left out with all"))
    );
    assert!(settings.waiting.iter().any(|waiting| waiting.to_string().contains("http://stranger")));
}

#[test]
fn a_directory_may_name_its_targets_and_lower_a_persons() {
    let user = "[target.prod]\nprofile = \"prod\"\nmode = \"read-write\"\ntables = [\"orders\", \"users\"]\n";
    let project = "[target.prod]\nmode = \"read-only\"\nprofile = \"other\"\ntables = [\"orders\"]\n[target.mine]\nstore = \"shop\"\n";
    let settings = settings(user, project, "").unwrap();
    let prod = settings.of_target("prod").unwrap();
    assert_eq!((prod.mode.value, prod.profile.as_ref().unwrap().value.as_str()), (Mode::ReadOnly, "prod"));
    assert!(may(prod, "dynamodb://orders") && !may(prod, "dynamodb://users") && !may(prod, "dynamodb://else"));
    assert!(settings.warnings.iter().any(|warning| warning.contains("target.prod.profile in")));
    assert_eq!(settings.of_target("mine").unwrap().mode.value, Mode::ReadWrite);
}

#[test]
fn another_name_for_a_persons_account_keeps_within_the_persons_lists() {
    let user = "[target.prod]\nprofile = \"prod\"\ntables = [\"orders\"]\n";
    let named = settings(user, "[target.sneaky]\nprofile = \"prod\"\n", "").unwrap();
    let general = settings(user, "backend = \"aws\"\nprofile = \"prod\"\n", "").unwrap();
    for target in [named.of_target("sneaky").unwrap(), &general] {
        assert!(may(target, "dynamodb://orders") && !may(target, "dynamodb://users"), "{}", target.target);
    }
}

#[test]
fn wrong_tables_say_what_is_wrong_and_where() {
    for (user, says) in [
        ("target = \"dev\"", "default_target"),
        ("[target.\"a b\"]\nstore = \"x\"", "is not a target's name"),
        ("[target.dev]\nregoin = \"x\"", "did you mean `region`?"),
        ("[target.dev]\nregion = \"eu-west-1\"", "say which backend it is"),
        ("[target.local]\nbackend = \"aws\"", "cannot be called local"),
        ("[target.dev]\nbackend = \"local\"\nprofile = \"x\"", "is for AWS"),
        ("[target.dev]\nstore = \"x\"\nprefixes = [\"media\"]", "is not a prefix"),
        ("default_target = \"dve\"\n[target.dev]\nstore = \"x\"", "did you mean `dev`?"),
    ] {
        let error = settings(user, "", "").unwrap_err();
        assert!(error.contains(says), "{user}: {error}");
    }
}

#[test]
fn the_keys_of_a_directory_stand_alone() {
    let world = World {
        person: Files { general: Vec::new(), tables: Vec::new() },
        project: Files {
            general: vec!["backend = \"aws\"".to_owned(), "profile = \"dev\"".to_owned()],
            tables: Vec::new(),
        },
        dotenv: vec![
            "FOOTBRIDGE_ENDPOINT_URL=http://stranger.example",
            "AWS_ACCESS_KEY_ID=AKIATHEIRS\nAWS_SECRET_ACCESS_KEY=theirs",
        ],
        env: Vec::new(),
        flag: None,
    };
    held(&world).unwrap();
}

#[test]
fn a_switch_is_turned_on_and_never_off() {
    for (key, variable) in [("ask_after_reading", "FOOTBRIDGE_ASK_AFTER_READING"), ("strict", "FOOTBRIDGE_STRICT")] {
        let on = |settings: Settings| match key {
            "strict" => settings.strict.value,
            _ => settings.ask_after_reading.value,
        };
        for person in ["", "= false", "= true"] {
            let person = if person.is_empty() { String::new() } else { format!("{key} {person}") };
            let before = on(settings(&person, "", "").unwrap());
            for (project, dotenv) in
                [(format!("{key} = false"), String::new()), (String::new(), format!("{variable}=false"))]
            {
                assert_eq!(on(settings(&person, &project, &dotenv).unwrap()), before, "{person}, {project}{dotenv}");
            }
            assert!(on(settings(&person, &format!("{key} = true"), "").unwrap()), "{person}");
        }
    }
}
