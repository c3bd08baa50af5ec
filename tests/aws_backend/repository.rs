//! What a cloned repository does not get: every attack here was once let through, or stands beside one that was.

use footbridge::config::{Key, Mode, TrustStore};

use crate::fake::{Asked, Fake, assumed};
use crate::signature;
use crate::world::{World, list};

/// Two far sides: one that the person configured, and one that only the repository names.
struct Sides {
    person: Fake,
    stranger: Fake,
}

impl Sides {
    async fn new() -> Self {
        Self { person: Fake::dynamodb().await, stranger: Fake::dynamodb().await }
    }

    /// A person whose default profile has keys, a token and an endpoint.
    fn person(&self) -> World {
        let text = format!(
            "[default]\naws_access_key_id = PERSONKEY\naws_secret_access_key = personsecret\n\
             aws_session_token = persontoken\nendpoint_url = {}\n[profile work]\naws_access_key_id = PERSONWORK\n\
             aws_secret_access_key = personwork\n",
            self.person.url()
        );
        World::new().home(".aws/config", &text)
    }

    fn stranger(&self) -> String {
        self.stranger.url()
    }

    /// One call went to the person's far side, with the person's keys, and none to the stranger.
    async fn stay_with_the_person(&self, world: &World) {
        list(&world.load().await).await.unwrap();
        assert_eq!(self.stranger.asked().len(), 0, "{:#?}", self.stranger.asked());
        let last = self.person.last();
        assert!(last.key().starts_with("PERSON"), "{last:?}");
    }

    /// One call went to the stranger, signed by `KEY` and `secret` and by nothing else.
    async fn go_as_their_own(&self, world: &World) -> Asked {
        list(&world.load().await).await.unwrap();
        let last = self.stranger.last();
        assert_eq!(last.key(), "KEY");
        assert!(signature::is_of("secret", &last), "{last:?}");
        last
    }
}

const PAIR: &str = "AWS_ACCESS_KEY_ID=KEY\nAWS_SECRET_ACCESS_KEY=secret\n";

fn warned(world: &World, text: &str) -> bool {
    world.settings().warnings.iter().any(|warning| warning.contains(text))
}

#[tokio::test]
async fn blank_credentials_bring_nothing() {
    let sides = Sides::new().await;
    for blank in ["\" \"", "\"\t\"", "'\u{a0}'", "\"\\n\"", "\"\u{2003} \""] {
        let text = format!(
            "AWS_ACCESS_KEY_ID={blank}\nAWS_SECRET_ACCESS_KEY={blank}\nAWS_ENDPOINT_URL={url}\n\
             AWS_ENDPOINT_URL_DYNAMODB={url}\nFOOTBRIDGE_ENDPOINT_URL={url}\n",
            url = sides.stranger()
        );
        let world = sides.person().dotenv(&text).project("backend = \"aws\"\n");
        sides.stay_with_the_person(&world).await;
        assert!(warned(&world, "may not choose the endpoint for credentials that it did not bring"));
    }
}

#[tokio::test]
async fn half_a_pair_brings_nothing_and_is_completed_by_nothing() {
    let sides = Sides::new().await;
    let url = sides.stranger();
    for (half, other) in [
        ("AWS_ACCESS_KEY_ID=KEY\nAWS_SECRET_ACCESS_KEY=' '", ("AWS_SECRET_ACCESS_KEY", " ")),
        ("AWS_ACCESS_KEY_ID=KEY", ("SECRET_ACCESS_KEY", "personsecret")),
        ("AWS_SECRET_ACCESS_KEY=secret", ("AWS_SESSION_TOKEN", "persontoken")),
        ("AWS_SESSION_TOKEN=token", ("AWS_ACCOUNT_ID", "111122223333")),
    ] {
        let text = format!("{half}\nAWS_ENDPOINT_URL={url}\n");
        let world = sides.person().env(other.0, other.1).dotenv(&text).project("backend = \"aws\"\n");
        sides.stay_with_the_person(&world).await;
        assert!(warned(&world, "is not used: the file does not have both"));
    }
}

#[tokio::test]
async fn a_web_identity_is_not_traded_in_at_a_strangers_sts() {
    let sides = Sides::new().await;
    let sts = Fake::start(|_| assumed("AssumeRoleWithWebIdentity", "PERSONROLE")).await;
    let url = sides.stranger();
    let text = format!(
        "AWS_ACCESS_KEY_ID=' '\nAWS_SECRET_ACCESS_KEY=' '\nAWS_ENDPOINT_URL={url}\nAWS_ENDPOINT_URL_STS={url}\n"
    );
    let world = World::new()
        .home("token", "person-oidc-token")
        .env("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/r")
        .env("AWS_ENDPOINT_URL_STS", &sts.url())
        .env("AWS_ENDPOINT_URL_DYNAMODB", &sides.person.url())
        .dotenv(&text);
    let token = world.cwd().parent().unwrap().join("home/token");
    let world = world.env("AWS_WEB_IDENTITY_TOKEN_FILE", token.to_str().unwrap());
    sides.stay_with_the_person(&world).await;
    assert!(sts.last().body.contains("person-oidc-token"));
    // A pair of its own does not bring the token along either.
    let world = world.without("AWS_ENDPOINT_URL_STS").without("AWS_ENDPOINT_URL_DYNAMODB");
    let last = sides.go_as_their_own(&world.dotenv(&format!("{PAIR}AWS_ENDPOINT_URL={url}\n"))).await;
    assert!(!format!("{last:?}").contains("person"));
}

#[tokio::test]
async fn a_persons_token_does_not_go_with_a_repositorys_keys() {
    let sides = Sides::new().await;
    let text = format!("{PAIR}AWS_ENDPOINT_URL={}\n", sides.stranger());
    let person = || {
        sides
            .person()
            .env("AWS_SESSION_TOKEN", "persontoken")
            .env("AWS_ACCOUNT_ID", "111122223333")
            .env("SECRET_ACCESS_KEY", "personsecret")
    };
    let last = sides.go_as_their_own(&person().dotenv(&text)).await;
    assert_eq!(last.header("x-amz-security-token"), "");
    let last = sides.go_as_their_own(&person().dotenv(&format!("{text}AWS_SESSION_TOKEN=own\n"))).await;
    assert_eq!(last.header("x-amz-security-token"), "own");
    // A profile that the repository names as well has nothing to add.
    let last = sides.go_as_their_own(&person().dotenv(&format!("{text}AWS_PROFILE=work\n"))).await;
    assert!(!format!("{last:?}").contains("PERSON"));
}

#[tokio::test]
async fn keys_that_the_person_chose_are_not_outdone() {
    let sides = Sides::new().await;
    let text = format!("{PAIR}AWS_ENDPOINT_URL={url}\nFOOTBRIDGE_ENDPOINT_URL={url}\n", url = sides.stranger());
    let all = [
        sides.person().env("AWS_PROFILE", "default"),
        sides.person().env("FOOTBRIDGE_PROFILE", "default"),
        sides.person().flag(Key::Profile, "--profile", "default"),
        sides.person().env("AWS_ACCESS_KEY_ID", "PERSONENV").env("AWS_SECRET_ACCESS_KEY", "s"),
    ];
    for world in all {
        sides.stay_with_the_person(&world.dotenv(&text)).await;
    }
}

#[tokio::test]
async fn an_endpoint_of_the_other_file_is_not_honoured() {
    let sides = Sides::new().await;
    let toml = format!("endpoint_url = \"{}\"\n", sides.stranger());
    let world = sides.person().dotenv(PAIR).project(&toml);
    list(&world.load().await).await.unwrap();
    assert_eq!((sides.stranger.asked().len(), sides.person.last().key()), (0, "KEY"));
    assert!(warned(&world, "endpoint_url in "));
}

#[tokio::test]
async fn nothing_of_the_environment_is_brought_in_by_a_dollar() {
    let sides = Sides::new().await;
    // Cargo gives this variable to every test.
    let secret = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    for text in [
        "AWS_SESSION_TOKEN=${CARGO_MANIFEST_DIR}\n",
        "AWS_SESSION_TOKEN=\"x${CARGO_MANIFEST_DIR}\"\n",
        "OTHER=${CARGO_MANIFEST_DIR}\nAWS_SESSION_TOKEN=$OTHER\n",
    ] {
        let world = sides.person().dotenv(&format!("{PAIR}AWS_ENDPOINT_URL={}\n{text}", sides.stranger()));
        let last = sides.go_as_their_own(&world).await;
        assert!(last.header("x-amz-security-token").contains('$'));
        assert!(!format!("{last:?}").contains(&secret));
        assert!(warned(&world, "stands for itself"));
    }
}

#[tokio::test]
async fn a_region_is_a_name_and_never_a_host() {
    for region in ["x.evil.example/#", "evil.example", "a@127.0.0.1:9", "us-east-1 ", "-x", "127", "", "\u{e9}"] {
        let mut all = vec![
            World::with_keys().env("AWS_REGION", region),
            World::with_keys().env("FOOTBRIDGE_REGION", region),
            World::with_keys().flag(Key::Region, "--region", region),
            World::with_keys().without("AWS_REGION").env("AWS_DEFAULT_REGION", region),
            World::with_keys().without("AWS_REGION").dotenv(&format!("AWS_REGION='{region}'\n")),
            World::with_keys().without("AWS_REGION").project(&format!("region = \"{region}\"\n")),
            World::with_keys().without("AWS_REGION").home(".aws/config", &format!("[default]\nregion = {region}\n")),
        ];
        if region.trim() != region {
            // Files of AWS are trimmed.
            all.pop();
        }
        for world in all {
            let refused = match world.try_settings() {
                Err(error) => error.to_string(),
                Ok(_) => match world.try_load().await {
                    Err(error) => error.to_string(),
                    Ok(target) => {
                        assert_eq!((region, target.region()), ("", "eu-west-1"));
                        continue;
                    }
                },
            };
            assert!(refused.contains("region") || refused.contains("is empty"), "{refused}");
        }
    }
    for region in ["us-east-1", "cn-north-1", "us-gov-west-1", "auto", "local", "eu-isoe-west-1"] {
        assert_eq!(World::with_keys().env("AWS_REGION", region).load().await.region(), region);
    }
}

#[tokio::test]
async fn an_account_is_twelve_digits_and_never_a_host() {
    let sides = Sides::new().await;
    let dotenv = format!("{PAIR}AWS_ACCOUNT_ID='evil.example/#'\nAWS_ENDPOINT_URL={}\n", sides.stranger());
    let error = list(&sides.person().dotenv(&dotenv).load().await).await.unwrap_err().unwrap();
    assert!(error.message.contains("is not twelve digits"), "{error}");
    assert_eq!(sides.stranger.asked().len(), 0);
}

#[tokio::test]
async fn what_the_sdk_would_panic_at_is_an_error() {
    for (name, value) in [
        ("AWS_MAX_ATTEMPTS", "0"),
        ("AWS_MAX_ATTEMPTS", "99999999999"),
        ("AWS_MAX_ATTEMPTS", "x"),
        ("AWS_RETRY_MODE", "legacy"),
    ] {
        for world in [World::with_keys().dotenv(&format!("{name}={value}\n")), World::with_keys().env(name, value)] {
            let error = world.try_load().await.unwrap_err();
            assert!(error.to_string().contains(&format!("{name} is `{value}`")), "{error}");
        }
        let key = name.trim_start_matches("AWS_").to_lowercase();
        let world = World::with_keys().home(".aws/config", &format!("[default]\n{key} = {value}\n"));
        assert!(world.try_load().await.unwrap_err().to_string().contains(&format!("{key} is `{value}`")));
    }
}

#[tokio::test]
async fn a_profile_that_a_repository_chose_is_asked_about() {
    let sides = Sides::new().await;
    for (dotenv, toml) in [("AWS_PROFILE=work\n", ""), ("FOOTBRIDGE_PROFILE=work\n", ""), ("", "profile = \"work\"\n")]
    {
        let world = sides.person().flag(Key::Mode, "--mode", "read-write").dotenv(dotenv).project(toml);
        assert_eq!(world.settings().mode.value, Mode::Ask);
        assert!(warned(&world, "chose the account, where the mode is `ask`"));
        let named = world.flag(Key::Profile, "--profile", "work");
        assert_eq!(named.settings().mode.value, Mode::ReadWrite);
    }
}

#[tokio::test]
async fn keys_that_a_repository_brought_are_asked_about() {
    let sides = Sides::new().await;
    let text = format!("{PAIR}AWS_REGION=eu-west-1\nAWS_ENDPOINT_URL={}\n", sides.stranger());
    let raised = [
        sides.person().flag(Key::Mode, "--mode", "read-write"),
        sides.person().env("FOOTBRIDGE_MODE_AWS", "read-write"),
        sides.person().own("mode.aws = \"read-write\"\n"),
    ];
    for world in raised {
        let world = world.dotenv(&text);
        sides.go_as_their_own(&world).await;
        assert_eq!(world.settings().mode.value, Mode::Ask);
        assert!(warned(&world, "AWS_ACCESS_KEY_ID in "));
        assert!(warned(&world, "chose the account, where the mode is `ask`"));
        // A pair of the person's own is theirs to use as they say.
        let own = world.env("AWS_ACCESS_KEY_ID", "PERSONENV").env("AWS_SECRET_ACCESS_KEY", "s");
        assert_eq!(own.settings().mode.value, Mode::ReadWrite);
        let own = own.without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
        TrustStore::in_directory(&own.cwd().parent().unwrap().join("config")).trust(&own.settings().project).unwrap();
        let settings = own.settings();
        assert_eq!((settings.mode.value, settings.warnings.len()), (Mode::ReadWrite, 0));
    }
}

#[tokio::test]
async fn a_profile_of_the_persons_own_file_is_not_outdone() {
    let sides = Sides::new().await;
    let text = format!("{PAIR}AWS_ENDPOINT_URL={url}\nFOOTBRIDGE_ENDPOINT_URL={url}\n", url = sides.stranger());
    let world =
        sides.person().own("backend = \"aws\"\nprofile = \"default\"\nmode.aws = \"read-write\"\n").dotenv(&text);
    sides.stay_with_the_person(&world).await;
    assert_eq!(world.settings().mode.value, Mode::ReadWrite);
    assert!(warned(&world, "AWS_ACCESS_KEY_ID in ") && warned(&world, "is not honoured beside profile in "));
    // Once a person vouched for them, the files rank as files do.
    TrustStore::in_directory(&world.cwd().parent().unwrap().join("config")).trust(&world.settings().project).unwrap();
    assert_eq!(world.settings().aws.get("AWS_ACCESS_KEY_ID"), Some("KEY"));
}

#[tokio::test]
async fn trust_honours_all_of_it() {
    let sides = Sides::new().await;
    let text = format!("AWS_ENDPOINT_URL_DYNAMODB={}\nAWS_PROFILE=work\n", sides.stranger());
    let world = sides.person().dotenv(&text).project("endpoint_url = \"http://127.0.0.1:9\"\n");
    TrustStore::in_directory(&world.cwd().parent().unwrap().join("config")).trust(&world.settings().project).unwrap();
    let settings = world.settings();
    assert!(settings.warnings.is_empty(), "{:?}", settings.warnings);
    assert_eq!(settings.endpoint_url.unwrap().value, "http://127.0.0.1:9");
    let world = world.project("");
    TrustStore::in_directory(&world.cwd().parent().unwrap().join("config")).trust(&world.settings().project).unwrap();
    list(&world.load().await).await.unwrap();
    assert_eq!(sides.stranger.last().key(), "PERSONWORK");
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed() {
    let sides = Sides::new().await;
    let world = sides.person();
    let other = world.cwd().parent().unwrap().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join(".env"), "AWS_ACCESS_KEY_ID=PERSONOTHER\nAWS_SECRET_ACCESS_KEY=personother\n").unwrap();
    std::os::unix::fs::symlink(other.join(".env"), world.cwd().join(".env")).unwrap();
    let world = world.project(&format!("endpoint_url = \"{}\"\nbackend = \"aws\"\n", sides.stranger()));
    sides.stay_with_the_person(&world).await;
    assert_eq!(sides.person.last().key(), "PERSONKEY");
    assert!(warned(&world, ".env is a link and was not read"));
}
