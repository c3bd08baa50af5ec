//! The operations, asked as they are behind the door.

use std::fmt::Write as _;
use std::sync::Arc;

use http::Request;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

use super::handle::{Operation, handle};
use super::member::{Is, Member};
use super::{ABSENT, Form, OPERATIONS, describe};
use crate::clock::ManualClock;
use crate::emulator::auth::{AuthContext, Caller, Identities, Identity, Seal, Service, Signed};
use crate::emulator::body;

/// 2026-11-22T17:58:19Z.
const NOW: u64 = 1_795_370_299;

const ROLE: &str = "arn:aws:iam::444455556666:role/team/Reader";

struct Sts(AuthContext);

impl Sts {
    fn new() -> Self {
        let main = Identity::new("AKIAIOSFODNN7EXAMPLE", "secret").unwrap().with_account("111122223333").unwrap();
        Self(AuthContext {
            clock: Arc::new(ManualClock::at_millis(NOW * 1000)),
            identities: Identities::new([main.with_user("main").unwrap()]).unwrap(),
            strict: false,
            sessions: Seal::in_memory(),
        })
    }

    async fn raw(&self, caller: &Caller, form: String) -> (u16, String) {
        let request = Request::post("/").body(body::full(form)).unwrap();
        let response = handle(&self.0, caller, request, Uuid::from_u128(7)).await;
        let status = response.status().as_u16();
        let text = body::read(response.into_body(), 100_000).await.unwrap();
        (status, String::from_utf8(text.to_vec()).unwrap())
    }

    async fn ask(&self, caller: &Caller, action: &str, given: &[(&str, &str)]) -> (u16, String) {
        self.raw(caller, form(action, given)).await
    }

    /// Status, code and message of a refusal.
    async fn refused(&self, caller: &Caller, action: &str, given: &[(&str, &str)]) -> (u16, String, String) {
        let (status, xml) = self.ask(caller, action, given).await;
        (status, element(&xml, "Code"), element(&xml, "Message"))
    }
}

fn form(action: &str, given: &[(&str, &str)]) -> String {
    let mut form = format!("Action={action}&Version=2011-06-15");
    for (name, value) in given {
        write!(form, "&{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)).unwrap();
    }
    form
}

/// The text of the first element of this name.
fn element(xml: &str, name: &str) -> String {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name} in {xml}"));
    rest.split_once("</").unwrap().0.replace("&apos;", "'").replace("&lt;", "<").replace("&gt;", ">")
}

fn user() -> Caller {
    let identity = Identity::new("AKIAIOSFODNN7EXAMPLE", "secret").unwrap();
    let identity = identity.with_account("111122223333").unwrap().with_user("main").unwrap();
    Caller::identity(&identity, Service::Sts, "us-east-1", Signed::Header)
}

fn root() -> Caller {
    Caller::root("AKIAOTHER", Service::Sts, "us-east-1", Signed::Header)
}

/// A token of which nobody can say more than what is in it.
fn jwt(claims: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    format!("{}.{}.{}", BASE64.encode(r#"{"alg":"RS256","typ":"JWT"}"#), BASE64.encode(claims), BASE64.encode("signed"))
}

/// Parameters with which an operation succeeds.
fn enough(operation: &str) -> Vec<(&'static str, String)> {
    let of = |pairs: &[(&'static str, &str)]| pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    match operation {
        "AssumeRole" => of(&[("RoleArn", ROLE), ("RoleSessionName", "one")]),
        "AssumeRoleWithWebIdentity" => of(&[
            ("RoleArn", ROLE),
            ("RoleSessionName", "one"),
            ("WebIdentityToken", &jwt(r#"{"iss":"https://issuer.test","sub":"someone","aud":"app","exp":1795370300}"#)),
        ]),
        "GetAccessKeyInfo" => of(&[("AccessKeyId", "AKIAIOSFODNN7EXAMPLE")]),
        "GetFederationToken" => of(&[("Name", "bob")]),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn get_caller_identity_says_who_calls() {
    let sts = Sts::new();
    let (status, xml) = sts.ask(&user(), "GetCallerIdentity", &[]).await;
    assert_eq!(status, 200);
    assert_eq!(element(&xml, "Arn"), "arn:aws:iam::111122223333:user/main");
    assert_eq!(element(&xml, "Account"), "111122223333");
    assert!(element(&xml, "UserId").starts_with("AIDA"), "{xml}");
    assert_eq!(element(&xml, "RequestId"), "00000000-0000-0000-0000-000000000007");
    let (_, xml) = sts.ask(&root(), "GetCallerIdentity", &[]).await;
    assert_eq!(element(&xml, "UserId"), "000000000000");
}

#[tokio::test]
async fn what_is_not_built_and_what_does_not_exist_are_told_apart() {
    let sts = Sts::new();
    for absent in ABSENT {
        let (status, code, message) = sts.refused(&user(), absent, &[]).await;
        assert_eq!((status, code.as_str()), (501, "NotImplemented"));
        assert_eq!(message, format!("footbridge does not implement {absent} of STS"));
    }
    let cases = [
        ("Action=%3CNope%3E&Version=1", "InvalidAction", "operation &lt;Nope&gt; for version 1"),
        ("Action=GetCallerIdentity", "InvalidAction", "for version NO_VERSION_SPECIFIED"),
        ("Version=2011-06-15", "MissingAction", "parameter Action"),
    ];
    for (form, code, message) in cases {
        let (status, xml) = sts.raw(&user(), form.to_owned()).await;
        assert_eq!((status, element(&xml, "Code").as_str()), (400, code));
        assert!(xml.contains(message), "{xml}");
    }
    for operation in OPERATIONS {
        let anonymous = Caller::anonymous(Service::Sts);
        let given = enough(operation.name);
        let given: Vec<_> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (status, xml) = sts.ask(&anonymous, operation.name, &given).await;
        assert_eq!(status, if operation.signed { 403 } else { 200 }, "{xml}");
    }
}

/// Values that a parameter may have and may not, with the constraint that AWS names.
fn values(is: &Is) -> (Vec<String>, Vec<(String, String)>) {
    let length = |bound: &str, length: usize| format!("have length {bound} than or equal to {length}");
    match *is {
        Is::Number { least, most } => (
            vec![least.to_string(), most.to_string()],
            vec![
                ((least - 1).to_string(), format!("have value greater than or equal to {least}")),
                ((most + 1).to_string(), format!("have value less than or equal to {most}")),
            ],
        ),
        Is::Secret { least, most } => (
            Vec::new(),
            vec![("1".repeat(least - 1), length("greater", least)), ("1".repeat(most + 1), length("less", most))],
        ),
        Is::Text { least, most, pattern } => {
            let mut bad = vec![("1".repeat(most + 1), length("less", most))];
            if least > 1 {
                bad.push(("1".repeat(least - 1), length("greater", least)));
            }
            if let Some(pattern) = pattern {
                let wrong = if (pattern.fits)('!') { '\u{1}' } else { '!' };
                let text = format!("{wrong}{}", "1".repeat(least.max(2) - 1));
                bad.push((text, format!("satisfy regular expression pattern: {}", pattern.text)));
            }
            (vec!["1".repeat(least), "1".repeat(most)], bad)
        }
    }
}

#[tokio::test]
async fn every_parameter_is_held_to_what_aws_declares_of_it() {
    let sts = Sts::new();
    for Operation { name, members, .. } in OPERATIONS {
        for Member { name: member, required, is } in *members {
            let others: Vec<_> = enough(name).into_iter().filter(|(other, _)| other != member).collect();
            let mut place = (*member).to_owned();
            place[..1].make_ascii_lowercase();
            let ask = async |value: Option<&str>| {
                let mut given: Vec<_> = others.iter().map(|(name, value)| (*name, value.as_str())).collect();
                given.extend(value.map(|value| (*member, value)));
                sts.ask(&user(), name, &given).await
            };
            let constraint = |shown: &str, must: &str| {
                format!(
                    "1 validation error detected: {shown} at '{place}' failed to satisfy constraint: Member must {must}"
                )
            };
            let (status, xml) = ask(None).await;
            if *required {
                assert_eq!(
                    (status, element(&xml, "Message")),
                    (400, constraint("Value null", "not be null")),
                    "{name}"
                );
            } else {
                assert_eq!(status, 200, "{name} {member}: {xml}");
            }
            let (good, bad) = values(is);
            for value in good {
                let (_, xml) = ask(Some(&value)).await;
                assert!(!xml.contains("failed to satisfy constraint"), "{name} {member} {value}: {xml}");
            }
            for (value, must) in bad {
                let (status, xml) = ask(Some(&value)).await;
                let shown = match is {
                    Is::Secret { .. } => "Value".to_owned(),
                    // What XML cannot hold is left out of an answer.
                    _ => format!("Value '{}'", value.replace('\u{1}', "")),
                };
                assert_eq!((status, element(&xml, "Code").as_str()), (400, "ValidationError"), "{name} {member}");
                assert_eq!(element(&xml, "Message"), constraint(&shown, &must), "{name} {member}");
            }
        }
    }
    let nothing = sts.refused(&user(), "AssumeRole", &[("RoleArn", "")]).await;
    // As AWS answers an empty ARN: the pattern before the length.
    assert!(nothing.2.starts_with("3 validation errors detected: Value '' at 'roleArn' failed to satisfy constraint: Member must satisfy regular expression pattern: ["), "{}", nothing.2);
    let (status, code, _) = sts.refused(&user(), "GetSessionToken", &[("DurationSeconds", "soon")]).await;
    assert_eq!((status, code.as_str()), (400, "MalformedInput"));
}

#[tokio::test]
async fn a_parameter_that_would_limit_a_session_is_refused_by_name() {
    let sts = Sts::new();
    for Operation { name, unbuilt, .. } in OPERATIONS {
        for parameter in *unbuilt {
            let member = match *parameter {
                "PolicyArns" => "PolicyArns.member.1.arn".to_owned(),
                "ProvidedContexts" => "ProvidedContexts.member.1.ContextAssertion".to_owned(),
                other => other.to_owned(),
            };
            let mut given = enough(name);
            given.push(("x", "x".to_owned()));
            let mut given: Vec<_> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
            given.push((&member, "1"));
            let (status, code, message) = sts.refused(&user(), name, &given).await;
            assert_eq!((status, code.as_str()), (501, "NotImplemented"), "{name} {parameter}");
            assert_eq!(message, format!("footbridge does not implement the parameter {parameter} of {name}"));
        }
    }
}

#[tokio::test]
async fn a_role_is_what_its_arn_says() {
    let sts = Sts::new();
    let (status, xml) = sts.ask(&user(), "AssumeRole", &[("RoleArn", ROLE), ("RoleSessionName", "one")]).await;
    assert_eq!(status, 200, "{xml}");
    assert_eq!(element(&xml, "Arn"), "arn:aws:sts::444455556666:assumed-role/Reader/one");
    let id = element(&xml, "AssumedRoleId");
    assert!(id.starts_with("AROA") && id.ends_with(":one") && id.len() == 25, "{id}");
    let (key, secret) = (element(&xml, "AccessKeyId"), element(&xml, "SecretAccessKey"));
    assert!(key.starts_with("ASIA") && key.len() == 20 && secret.len() == 40, "{key} {secret}");
    assert_eq!(element(&xml, "Expiration"), "2026-11-22T18:58:19Z");
    let info = sts.ask(&user(), "GetAccessKeyInfo", &[("AccessKeyId", &key)]).await.1;
    assert_eq!(element(&info, "Account"), "444455556666");
    for (key, account) in [("AKIAIOSFODNN7EXAMPLE", "111122223333"), ("AKIAI44QH8DHBEXAMPLE", "000000000000")] {
        let info = sts.ask(&user(), "GetAccessKeyInfo", &[("AccessKeyId", key)]).await.1;
        assert_eq!(element(&info, "Account"), account);
    }
    let china = "arn:aws-cn:iam::444455556666:role/Reader";
    let (_, xml) = sts.ask(&user(), "AssumeRole", &[("RoleArn", china), ("RoleSessionName", "one")]).await;
    assert_eq!(element(&xml, "Arn"), "arn:aws-cn:sts::444455556666:assumed-role/Reader/one");
    for (arn, message) in [
        ("arn:aws:iam::444455556666:user/team/Reader", "Request ARN is invalid"),
        ("arn:aws:iam::44445555666:role/Reader", "Request ARN is invalid"),
        ("arn:aws:s3::444455556666:role/Reader", "Request ARN is invalid"),
        ("arn:aws:iam:eu-west-1:444455556666:role/Reader", "Request ARN is invalid"),
        ("arn:aws:iam::444455556666:role/", "Request ARN is invalid"),
        ("arn:aws:iam::444455556666:role/a b", "Request ARN is invalid"),
        ("the-role-that-reads-it", "the-role-that-reads-it is invalid"),
        ("arn:aws:iam:444455556666:role/Reader", "arn:aws:iam:444455556666:role/Reader is invalid"),
    ] {
        let refused = sts.refused(&user(), "AssumeRole", &[("RoleArn", arn), ("RoleSessionName", "one")]).await;
        assert_eq!(refused, (400, "ValidationError".to_owned(), message.to_owned()), "{arn}");
    }
}

#[tokio::test]
async fn a_root_has_an_hour_and_a_user_what_he_asks_for() {
    let sts = Sts::new();
    for (action, name) in [("GetSessionToken", None), ("GetFederationToken", Some(("Name", "bob")))] {
        for (caller, asked, end) in [
            (user(), None, "2026-11-23T05:58:19Z"),
            (user(), Some("129600"), "2026-11-24T05:58:19Z"),
            (root(), None, "2026-11-22T18:58:19Z"),
            (root(), Some("129600"), "2026-11-22T18:58:19Z"),
            (root(), Some("900"), "2026-11-22T18:13:19Z"),
        ] {
            let given: Vec<_> = name.into_iter().chain(asked.map(|asked| ("DurationSeconds", asked))).collect();
            let (_, xml) = sts.ask(&caller, action, &given).await;
            assert_eq!(element(&xml, "Expiration"), end, "{action} {asked:?}");
        }
    }
    let (_, xml) = sts.ask(&user(), "GetFederationToken", &[("Name", "bob")]).await;
    assert_eq!(element(&xml, "FederatedUserId"), "111122223333:bob");
    assert_eq!(element(&xml, "Arn"), "arn:aws:sts::111122223333:federated-user/bob");
}

#[tokio::test]
async fn a_web_identity_is_what_its_token_says_of_itself() {
    let sts = Sts::new();
    let anonymous = Caller::anonymous(Service::Sts);
    let ask = async |token: &str| {
        let given = [("RoleArn", ROLE), ("RoleSessionName", "one"), ("WebIdentityToken", token)];
        sts.ask(&anonymous, "AssumeRoleWithWebIdentity", &given).await
    };
    let (status, xml) = ask(&jwt(
        r#"{"iss":"https://i.test","sub":"s1","aud":["a","b"],"https://aws.amazon.com/source_identity":"ann"}"#,
    ))
    .await;
    assert_eq!(status, 200, "{xml}");
    for (name, value) in [
        ("SubjectFromWebIdentityToken", "s1"),
        ("Provider", "https://i.test"),
        ("Audience", "a"),
        ("SourceIdentity", "ann"),
    ] {
        assert_eq!(element(&xml, name), value);
    }
    for token in ["Atza|IQEBLjAsAhRFiXuWpUXuRvQ9P", "a.b.c", "e30.e30.e30", "....", "e30.e30"] {
        let (status, xml) = ask(token).await;
        assert_eq!((status, element(&xml, "Code").as_str()), (400, "InvalidIdentityToken"), "{token}");
        assert!(element(&xml, "Message").starts_with("The ID Token provided is not a valid JWT."), "{xml}");
    }
    for (claims, message) in [
        (r#"{"sub":"s1"}"#, "Missing a required claim: iss"),
        (r#"{"iss":"https://i.test"}"#, "Missing a required claim: sub"),
    ] {
        assert_eq!(element(&ask(&jwt(claims)).await.1, "Message"), message);
    }
    let (status, xml) = ask(&jwt(r#"{"iss":"https://i.test","sub":"s1","exp":1795370299}"#)).await;
    assert_eq!((status, element(&xml, "Code").as_str()), (400, "ExpiredTokenException"));
}

#[tokio::test]
async fn tags_and_codes_are_held_to_aws_rules() {
    let sts = Sts::new();
    let with = async |given: &[(&str, &str)]| {
        let role = [("RoleArn", ROLE), ("RoleSessionName", "one")];
        sts.ask(&user(), "AssumeRole", &[role.as_slice(), given].concat()).await
    };
    let tagged = [("Tags.member.1.Key", "team"), ("Tags.member.1.Value", ""), ("TransitiveTagKeys.member.1", "team")];
    assert_eq!(with(&tagged).await.0, 200);
    let many: Vec<(String, String)> = (1..=51)
        .flat_map(|at| {
            [(format!("Tags.member.{at}.Key"), format!("k{at}")), (format!("Tags.member.{at}.Value"), String::new())]
        })
        .collect();
    let many: Vec<_> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[("Tags.member.1.Value", "v")], "Value null at 'tags.1.member.key' failed to satisfy constraint"),
        (&[("Tags.member.1.Key", "a!"), ("Tags.member.1.Value", "v")], "Value 'a!' at 'tags.1.member.key' failed"),
        (
            &[
                ("Tags.member.1.Key", "a"),
                ("Tags.member.1.Value", "v"),
                ("Tags.member.2.Key", "A"),
                ("Tags.member.2.Value", "v"),
            ],
            "Duplicate tag keys found.",
        ),
        (&[("TransitiveTagKeys.member.1", "a")], "The specified transitive tag key must be included"),
        (&many, "at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50"),
        (&[("TokenCode", "123456")], "must provide both MFA serial number and one time pass code"),
    ];
    for (given, message) in cases {
        let (_, xml) = with(given).await;
        assert!(element(&xml, "Message").contains(message), "{xml}");
    }
    assert_eq!(with(&[("TokenCode", "123456"), ("SerialNumber", "arn:aws:iam::111122223333:mfa/me")]).await.0, 200);
}

#[test]
fn a_call_is_described_by_its_form() {
    let described = |body: &str| {
        let (parts, ()) = Request::post("/").body(()).unwrap().into_parts();
        describe(&Form::of(&parts, body.as_bytes()))
    };
    let (operation, about) = described(&form("AssumeRole", &[("RoleArn", ROLE)]));
    assert_eq!((operation, about), ("AssumeRole", vec![ROLE.to_owned()]));
    assert_eq!(described("Action=AssumeRoot").0, "AssumeRoot");
    assert_eq!(described("Action=Nope"), ("Unknown", Vec::new()));
    let (parts, ()) = Request::get("/?Action=GetCallerIdentity").body(()).unwrap().into_parts();
    assert_eq!(describe(&Form::of(&parts, b"")).0, "GetCallerIdentity");
}
