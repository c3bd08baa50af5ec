//! Whatever a cloned repository says, nothing of the person's reaches a server that the person did not choose.

use std::cell::Cell;

use footbridge::config::TrustStore;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use crate::fake::{Answer, Asked, Fake, assumed, credentials, identity};
use crate::signature;
use crate::world::{World, list};

/// Repositories and persons that one run makes up, unless `PROPTEST_CASES` says otherwise.
const CASES: u32 = 96;

/// Where the person has said which server to ask.
#[derive(Debug, Clone, Copy)]
enum Said {
    Profile,
    Environment,
    Services,
    Flag,
}

/// Where the person's credentials are; several may be there.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a place of its own, and any may be there beside any other")]
struct Person {
    said: Said,
    keys: bool,
    leftovers: Vec<&'static str>,
    profile: Option<(&'static str, &'static str)>,
    role: bool,
    web_identity: bool,
    container: bool,
}

/// What a repository brings.
#[derive(Debug, Clone)]
struct Repository {
    dotenv: Vec<(&'static str, Value)>,
    quote: &'static str,
    toml: Vec<&'static str>,
    changed_since_trusted: bool,
}

/// A value, some parts of which are only known once servers run.
#[derive(Debug, Clone)]
enum Value {
    Text(&'static str),
    Stranger(&'static str),
    TokenFile,
    OwnFile,
}

fn person() -> impl Strategy<Value = Person> {
    let leftovers = select(vec!["AWS_SESSION_TOKEN", "AWS_ACCOUNT_ID", "SECRET_ACCESS_KEY"]);
    let profile = select(vec![("AWS_PROFILE", "default"), ("AWS_PROFILE", "work"), ("FOOTBRIDGE_PROFILE", "work")]);
    let said = select(vec![Said::Profile, Said::Environment, Said::Services, Said::Flag]);
    let flags = (prop::bool::weighted(0.2), any::<bool>(), any::<bool>(), any::<bool>());
    (said, vec(leftovers, 0..3), prop::option::weighted(0.2, profile), flags).prop_map(
        |(said, leftovers, profile, (keys, role, web_identity, container))| Person {
            said,
            keys,
            leftovers,
            profile,
            role,
            web_identity,
            container,
        },
    )
}

fn variable() -> impl Strategy<Value = (&'static str, Value)> {
    let text = |names: &[&'static str], values: &[&'static str]| {
        (select(names.to_vec()), select(values.to_vec()).prop_map(Value::Text))
    };
    let endpoints = select(vec![
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_S3",
        "AWS_ENDPOINT_URL_DYNAMODB",
        "AWS_ENDPOINT_URL_STS",
        "AWS_ENDPOINT_URL_SSO",
        "FOOTBRIDGE_ENDPOINT_URL",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "HTTP_PROXY",
        "HTTPS_PROXY",
    ]);
    let files = select(vec![
        ("AWS_WEB_IDENTITY_TOKEN_FILE", Value::TokenFile),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", Value::TokenFile),
        ("AWS_CONFIG_FILE", Value::OwnFile),
        ("AWS_SHARED_CREDENTIALS_FILE", Value::OwnFile),
    ]);
    prop_oneof![
        5 => (endpoints, select(vec!["", "/", "/x"]).prop_map(Value::Stranger)),
        4 => text(&["AWS_ACCESS_KEY_ID"], &["KEY", "KEY", " ", "", "\t"]),
        4 => text(&["AWS_SECRET_ACCESS_KEY"], &["secret", "secret", " ", "", "\u{a0}"]),
        1 => text(&["AWS_SESSION_TOKEN"], &["token", " ", "${CARGO_MANIFEST_DIR}", "$HOME"]),
        1 => text(&["AWS_PROFILE", "FOOTBRIDGE_PROFILE"], &["work", "default", " "]),
        1 => text(&["AWS_ACCOUNT_ID"], &["111122223333", " ", "evil.example/#"]),
        1 => text(&["AWS_ROLE_ARN"], &["arn:aws:iam::111122223333:role/r"]),
        1 => text(&["AWS_EC2_METADATA_DISABLED", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"], &["true", "false"]),
        1 => files,
    ]
}

fn repository() -> impl Strategy<Value = Repository> {
    let toml = select(vec![
        "backend = \"aws\"",
        "endpoint_url = \"STRANGER\"",
        "profile = \"work\"",
        "region = \"us-west-2\"",
        "log = \"trace\"",
        "mode = \"read-write\"",
        "[[identity]]\nkey = \"a\"\nsecret = \"b\"",
    ]);
    // Often enough what would be honoured, or every call would end at the person's far side.
    let pair = vec![("AWS_ACCESS_KEY_ID", Value::Text("KEY")), ("AWS_SECRET_ACCESS_KEY", Value::Text("secret"))];
    let endpoint = vec![("AWS_ENDPOINT_URL_DYNAMODB", Value::Stranger(""))];
    let whole = (prop::option::weighted(0.4, Just(pair)), prop::option::weighted(0.6, Just(endpoint)));
    (whole, vec(variable(), 0..10), select(vec!["", "'", "\""]), vec(toml, 0..4), any::<bool>()).prop_map(
        |((pair, endpoint), more, quote, mut toml, changed_since_trusted)| {
            toml.sort_unstable_by_key(|line| line.starts_with('['));
            toml.dedup();
            let dotenv = pair.into_iter().chain(endpoint).flatten().chain(more).collect();
            Repository { dotenv, quote, toml, changed_since_trusted }
        },
    )
}

/// A far side that is everything at once, and gives credentials of its own to whoever asks.
fn anything(name: &'static str) -> impl Fn(&Asked) -> Answer + Send + Sync + 'static {
    move |asked| {
        let asks = |action: &str| asked.body.contains(&format!("Action={action}&"));
        match asked.path.as_str() {
            path if path.starts_with("/_") => (404, String::new()),
            path if path.starts_with("/credentials") => credentials(name, "2099-01-01T00:00:00Z"),
            _ if asks("AssumeRoleWithWebIdentity") => assumed("AssumeRoleWithWebIdentity", name),
            _ if asks("AssumeRole") => assumed("AssumeRole", name),
            _ if asks("GetCallerIdentity") => identity("arn:aws:iam::111122223333:user/u"),
            _ => (200, r#"{"TableNames":[]}"#.to_owned()),
        }
    }
}

impl Person {
    fn world(&self, far: &str) -> World {
        let endpoint =
            if matches!(self.said, Said::Profile) { format!("endpoint_url = {far}\n") } else { String::new() };
        let keys = "aws_secret_access_key = personsecret\naws_session_token = persontoken\n";
        let default = if self.role {
            "role_arn = arn:aws:iam::111122223333:role/r\nsource_profile = work\n".to_owned()
        } else {
            format!("aws_access_key_id = PERSONDEFAULT\n{keys}")
        };
        let text =
            format!("[default]\n{default}{endpoint}[profile work]\naws_access_key_id = PERSONWORK\n{keys}{endpoint}");
        let mut world = World::new().home(".aws/config", &text).home("token", "person-oidc-token");
        world = match self.said {
            // Roles are assumed on loopback, too.
            Said::Profile if self.role || self.web_identity => world.env("AWS_ENDPOINT_URL_STS", far),
            Said::Profile => world,
            Said::Environment => world.env("AWS_ENDPOINT_URL", far),
            Said::Services => ["S3", "DYNAMODB", "STS"]
                .iter()
                .fold(world, |world, service| world.env(&format!("AWS_ENDPOINT_URL_{service}"), far)),
            // STS, for the chain's own use, is not what the flag is about.
            Said::Flag => world.at(far).env("AWS_ENDPOINT_URL_STS", far),
        };
        if self.keys {
            world = world.env("AWS_ACCESS_KEY_ID", "PERSONENV").env("AWS_SECRET_ACCESS_KEY", "personsecret");
        }
        for name in &self.leftovers {
            world = world.env(name, if *name == "AWS_ACCOUNT_ID" { "999988887777" } else { "personleftover" });
        }
        if let Some((name, value)) = self.profile {
            world = world.env(name, value);
        }
        if self.web_identity {
            let token = token_file(&world);
            world = world.env("AWS_WEB_IDENTITY_TOKEN_FILE", &token);
            world = world.env("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/person");
        }
        if self.container {
            world = world.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{far}/credentials"));
            world = world.env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "personcontainer");
        }
        world
    }
}

fn token_file(world: &World) -> String {
    world.cwd().parent().unwrap().join("home/token").to_str().unwrap().to_owned()
}

impl Repository {
    fn clone_into(&self, world: World, stranger: &str) -> World {
        let own = world.cwd().join("aws-config");
        std::fs::write(
            &own,
            format!("[default]\nendpoint_url = {stranger}\n[profile work]\nendpoint_url = {stranger}\n"),
        )
        .unwrap();
        let dotenv: Vec<String> = self
            .dotenv
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::Text(text) => (*text).to_owned(),
                    Value::Stranger(path) => format!("{stranger}{path}"),
                    Value::TokenFile => token_file(&world),
                    Value::OwnFile => own.to_str().unwrap().to_owned(),
                };
                format!("{name}={quote}{value}{quote}\n", quote = self.quote)
            })
            .collect();
        let toml: String = self.toml.iter().map(|line| line.replace("STRANGER", stranger) + "\n").collect();
        let mut world = world;
        if self.changed_since_trusted {
            world = world.project("store = \"before\"\n");
            let settings = world.settings();
            TrustStore::in_directory(&world.cwd().parent().unwrap().join("config")).trust(&settings.project).unwrap();
        }
        world.dotenv(&dotenv.concat()).project(&toml)
    }

    /// The first value of a variable that is not blank.
    fn first(&self, wanted: &str) -> Option<&'static str> {
        self.dotenv.iter().find_map(|(name, value)| match value {
            Value::Text(text) if *name == wanted && !text.trim().is_empty() => Some(*text),
            _ => None,
        })
    }
}

/// What is wrong with a request that a stranger got, if anything is.
fn leak(repository: &Repository, asked: &Asked) -> Option<String> {
    let text = format!("{asked:?}");
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let marks = ["person", "PERSON", "999988887777", here.as_str()];
    if let Some(mark) = marks.iter().find(|mark| text.contains(**mark)) {
        return Some(format!("{mark} in {text}"));
    }
    if asked.header("authorization").is_empty() {
        return None;
    }
    let (Some(key), Some(secret)) = (repository.first("AWS_ACCESS_KEY_ID"), repository.first("AWS_SECRET_ACCESS_KEY"))
    else {
        return Some(format!("signed without a pair: {text}"));
    };
    (asked.key() != key || !signature::is_of(secret, asked)).then(|| format!("not signed by the pair: {text}"))
}

/// Makes the calls that a client makes; whether they succeed is not the question.
async fn call(world: &World) {
    let Ok(target) = (if world.try_settings().is_ok() { world.try_load().await.map_err(drop) } else { Err(()) }) else {
        return;
    };
    let _ = list(&target).await;
    let _ = target.identity().await;
    let _ = aws_sdk_s3::Client::from_conf(target.s3().build()).list_buckets().send().await;
}

#[test]
fn nothing_of_the_persons_reaches_a_stranger() {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { Config::default().cases } else { CASES };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (far, stranger) = runtime
        .block_on(async { (Fake::start(anything("PERSONGIVEN")).await, Fake::start(anything("STRANGERGIVEN")).await) });
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let (rightful, seen) = (Cell::new(0), Cell::new(0));
    runner
        .run(&(person(), repository()), |(person, repository)| {
            let world = repository.clone_into(person.world(&far.url()), &stranger.url());
            runtime.block_on(call(&world));
            let heard = stranger.take_heard();
            let signed = heard.iter().any(|asked| !asked.header("authorization").is_empty());
            rightful.set(rightful.get() + u32::from(signed));
            seen.set(seen.get() + u32::from(!far.take_heard().is_empty()));
            let leaks: Vec<String> = heard.iter().filter_map(|asked| leak(&repository, asked)).collect();
            prop_assert!(leaks.is_empty(), "{leaks:#?}");
            Ok(())
        })
        .unwrap();
    let (rightful, seen) = (rightful.get(), seen.get());
    // Both kinds of call were made, or nothing was tried.
    assert!(rightful > 0 && seen > 0, "{rightful} to the stranger with its own keys, {seen} to the person's far side");
}
