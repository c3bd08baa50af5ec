//! Every way to credentials that the provider chain has.

use footbridge::config::Key;

use crate::fake::{Fake, assumed, credentials};
use crate::world::{World, list};

const FAR: &str = "2099-01-01T00:00:00Z";

#[tokio::test]
async fn keys_profile_and_region_of_dotenv_count_as_exported() {
    let far = Fake::dynamodb().await;
    let dotenv = "AWS_ACCESS_KEY_ID=DOTENV\nAWS_SECRET_ACCESS_KEY=s\nAWS_REGION=ap-south-1\n";
    let world = World::new().without("AWS_REGION").dotenv(dotenv).at(&far.url());
    list(&world.load().await).await.unwrap();
    assert_eq!((far.last().key(), far.last().region()), ("DOTENV", "ap-south-1"));

    let world = World::new()
        .dotenv("AWS_PROFILE=shop\n")
        .at(&far.url())
        .home(".aws/credentials", "[shop]\naws_access_key_id = SHOP\naws_secret_access_key = s\n");
    list(&world.load().await).await.unwrap();
    assert_eq!(far.last().key(), "SHOP");
}

#[tokio::test]
async fn the_environment_outranks_dotenv() {
    let far = Fake::dynamodb().await;
    let world = World::with_keys().dotenv("AWS_ACCESS_KEY_ID=DOTENV\nAWS_SECRET_ACCESS_KEY=s\nAWS_REGION=x\n");
    list(&world.at(&far.url()).load().await).await.unwrap();
    assert_eq!((far.last().key(), far.last().region()), ("KEY", "eu-west-1"));
}

#[tokio::test]
async fn a_profile_given_as_a_flag_outranks_keys_in_the_environment() {
    let far = Fake::dynamodb().await;
    let world = World::with_keys().at(&far.url()).flag(Key::Profile, "--profile", "shop").home(
        ".aws/config",
        "[profile shop]\naws_access_key_id = SHOP\naws_secret_access_key = s\nregion = us-west-2\n",
    );
    list(&world.without("AWS_REGION").load().await).await.unwrap();
    assert_eq!((far.last().key(), far.last().region()), ("SHOP", "us-west-2"));
}

#[tokio::test]
async fn a_role_is_assumed_with_the_source_profiles_keys() {
    let far = Fake::dynamodb().await;
    let sts = Fake::start(|_| assumed("AssumeRole", "ROLE")).await;
    let world = World::new().at(&far.url()).env("AWS_PROFILE", "role").env("AWS_ENDPOINT_URL_STS", &sts.url()).home(
        ".aws/config",
        "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = s\n\
         [profile role]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = base\n",
    );
    list(&world.load().await).await.unwrap();
    assert_eq!(far.last().key(), "ROLE");
    assert_eq!(sts.last().key(), "BASE");
    assert!(sts.last().body.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fr"));
}

#[tokio::test]
async fn a_role_is_assumed_with_the_environments_keys_where_the_profile_says_so() {
    let far = Fake::dynamodb().await;
    let sts = Fake::start(|_| assumed("AssumeRole", "ROLE")).await;
    let world = World::with_keys()
        .at(&far.url())
        .flag(Key::Profile, "--profile", "role")
        .env("AWS_ENDPOINT_URL_STS", &sts.url())
        .home(
            ".aws/config",
            "[profile role]\nrole_arn = arn:aws:iam::111122223333:role/r\ncredential_source = Environment\n\
             external_id = ours\nduration_seconds = 900\n",
        );
    list(&world.load().await).await.unwrap();
    assert_eq!((far.last().key(), sts.last().key()), ("ROLE", "KEY"));
    assert!(sts.last().body.contains("ExternalId=ours") && sts.last().body.contains("DurationSeconds=900"));
}

#[tokio::test]
async fn an_endpoint_for_data_is_not_one_for_the_providers() {
    // `--endpoint-url` is about S3 and DynamoDB; a role is still assumed where AWS_ENDPOINT_URL_STS says.
    let far = Fake::dynamodb().await;
    let sts = Fake::start(|_| assumed("AssumeRole", "ROLE")).await;
    let portal = Fake::start(|_| sso_credentials("SSO")).await;
    let world = World::new()
        .env("AWS_ENDPOINT_URL", &far.url())
        .env("AWS_ENDPOINT_URL_STS", &sts.url())
        .env("AWS_ENDPOINT_URL_SSO", &portal.url())
        .env("AWS_PROFILE", "role")
        .home(
            ".aws/config",
            &format!("{SSO}[profile role]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = dev\n"),
        );
    world.sso_token("corp", "token", FAR);
    list(&world.load().await).await.unwrap();
    assert_eq!(far.last().key(), "ROLE");
    assert_eq!(sts.last().key(), "SSO");
    assert_eq!(portal.last().header("x-amz-sso_bearer_token"), "token");
    assert!(far.asked().iter().all(|asked| asked.header("x-amz-sso_bearer_token").is_empty()));
}

#[tokio::test]
async fn a_program_may_give_the_credentials() {
    let far = Fake::dynamodb().await;
    let text = r#"{"Version": 1, "AccessKeyId": "PROCESS", "SecretAccessKey": "s"}"#;
    let world =
        World::new().at(&far.url()).home(".aws/config", &format!("[default]\ncredential_process = echo '{text}'\n"));
    list(&world.load().await).await.unwrap();
    assert_eq!(far.last().key(), "PROCESS");
}

pub const SSO: &str = "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.example/start\n\
                       [profile dev]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n";

pub fn sso_credentials(key: &str) -> (u16, String) {
    let text = format!(
        "{{\"roleCredentials\":{{\"accessKeyId\":\"{key}\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\",\
         \"expiration\":4070908800000}}}}"
    );
    (200, text)
}

#[tokio::test]
async fn single_sign_on_gives_a_roles_credentials() {
    let far = Fake::dynamodb().await;
    let portal = Fake::start(|_| sso_credentials("SSO")).await;
    let world = World::new()
        .at(&far.url())
        .env("AWS_PROFILE", "dev")
        .env("AWS_ENDPOINT_URL_SSO", &portal.url())
        .home(".aws/config", SSO);
    world.sso_token("corp", "token", FAR);
    list(&world.load().await).await.unwrap();
    assert_eq!(far.last().key(), "SSO");
    assert_eq!(portal.last().path, "/federation/credentials?role_name=Dev&account_id=111122223333");
    assert_eq!(portal.last().header("x-amz-sso_bearer_token"), "token");
}

#[tokio::test]
async fn a_container_gives_credentials() {
    let far = Fake::dynamodb().await;
    let agent = Fake::start(|_| credentials("CONTAINER", FAR)).await;
    let world = World::new()
        .at(&far.url())
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/creds", agent.url()))
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic let-me");
    list(&world.load().await).await.unwrap();
    assert_eq!(far.last().key(), "CONTAINER");
    assert_eq!((agent.last().path.as_str(), agent.last().header("authorization")), ("/creds", "Basic let-me"));
}

#[tokio::test]
async fn an_instance_gives_credentials_and_region() {
    let far = Fake::dynamodb().await;
    let instance = Fake::start(|asked| match asked.path.as_str() {
        "/latest/api/token" => (200, "session".to_owned()),
        "/latest/meta-data/placement/region" => (200, "ca-central-1".to_owned()),
        path if path.ends_with("/web") => credentials("INSTANCE", FAR),
        path if path.contains("/security-credentials") => (200, "web".to_owned()),
        _ => (404, String::new()),
    })
    .await;
    let world = World::new()
        .at(&far.url())
        .without("AWS_EC2_METADATA_DISABLED")
        .without("AWS_REGION")
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &instance.url());
    list(&world.load().await).await.unwrap();
    assert_eq!((far.last().key(), far.last().region()), ("INSTANCE", "ca-central-1"));
}

#[tokio::test]
async fn a_web_identity_is_exchanged_at_sts() {
    let far = Fake::dynamodb().await;
    let sts = Fake::start(|_| assumed("AssumeRoleWithWebIdentity", "WEB")).await;
    let token = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(token.path(), "jwt").unwrap();
    let world = World::new()
        .at(&far.url())
        .env("AWS_ENDPOINT_URL_STS", &sts.url())
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", token.path().to_str().unwrap())
        .env("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/r");
    list(&world.load().await).await.unwrap();
    assert_eq!(far.last().key(), "WEB");
    assert!(sts.last().body.contains("WebIdentityToken=jwt"));
}
