//! Sessions at the door: what STS gave, until it ends, and what it is worth.

use http::Request;

use super::*;
use crate::emulator::auth::{Kind, MustVerify, Signed};
use crate::emulator::pages::{Key, Who};
use crate::emulator::sts;

const ROLE: &str =
    "Action=AssumeRole&Version=2011-06-15&RoleSessionName=one&RoleArn=arn:aws:iam::444455556666:role/Reader";
const TOKEN: &str = "Action=GetSessionToken&Version=2011-06-15";
const FEDERATED: &str = "Action=GetFederationToken&Version=2011-06-15&Name=bob";
const WEB: &str = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=one\
                   &RoleArn=arn:aws:iam::444455556666:role/Reader\
                   &WebIdentityToken=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpIiwic3ViIjoicyJ9.AAAA";

/// Key, secret and token.
type Given = (String, String, String);

/// What STS answers to a request as it comes.
async fn sts(request: Request<Body>, context: &AuthContext) -> Result<String, String> {
    let (caller, request) = enter(request, context).await.map_err(|error| error.code.into_owned())?;
    let response = sts::handle(context, &caller, request, uuid::Uuid::new_v4()).await;
    let status = response.status();
    let text = body::read(response.into_body(), 100_000).await.unwrap();
    let text = String::from_utf8(text.to_vec()).unwrap();
    if status == 200 { Ok(text) } else { Err(element(&text, "Message")) }
}

fn element(xml: &str, name: &str) -> String {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name} in {xml}"));
    rest.split_once("</").unwrap().0.to_owned()
}

/// What the holder of a pair obtains with this form.
async fn obtain(pair: (&str, &str), token: Option<&str>, form: &str, context: &AuthContext) -> Result<Given, String> {
    let request = signed_with("sts", pair, token, Form::Header, "POST", "/", &[], form);
    let xml = sts(request, context).await?;
    Ok((element(&xml, "AccessKeyId"), element(&xml, "SecretAccessKey"), element(&xml, "SessionToken")))
}

fn with(service: &str, given: &Given, form: Form) -> Request<Body> {
    let extra: &[(&str, &str)] =
        if service == "dynamodb" { &[("x-amz-target", "DynamoDB_20120810.ListTables")] } else { &[] };
    let pair = (given.0.as_str(), given.1.as_str());
    signed_with(service, pair, Some(&given.2), form, "POST", "/", extra, "")
}

#[tokio::test]
async fn what_sts_gave_is_whom_it_stands_for_with_every_service_and_form_of_signature() {
    let (_, context) = context();
    for (form, account, arn, id) in [
        (ROLE, "444455556666", "arn:aws:sts::444455556666:assumed-role/Reader/one", "AROA"),
        (TOKEN, "111122223333", "arn:aws:iam::111122223333:user/main", "AIDA"),
        (FEDERATED, "111122223333", "arn:aws:sts::111122223333:federated-user/bob", "111122223333:bob"),
    ] {
        let given = obtain((KEY, SECRET), None, form, &context).await.unwrap();
        for (service, place) in
            [("s3", Form::Header), ("s3", Form::Query(60)), ("dynamodb", Form::Header), ("sts", Form::Header)]
        {
            let (caller, _) = enter(with(service, &given, place), &context).await.unwrap();
            assert_eq!((caller.kind, caller.public, caller.account.as_str()), (Kind::Identity, false, account));
            assert_eq!(caller.arn().unwrap(), arn);
            assert!(caller.user_id().unwrap().starts_with(id), "{:?}", caller.user_id());
            assert_eq!(caller.access_key.as_deref(), Some(given.0.as_str()));
            assert_eq!(Key::of(&caller), Key::Own);
            let mut wrong = given.clone();
            wrong.1 = "another secret".to_owned();
            let error = enter(with(service, &wrong, place), &context).await.unwrap_err();
            assert!(error.code.contains("Signature"), "{}", error.code);
        }
    }
}

#[tokio::test]
async fn a_session_ends_in_the_words_of_each_service() {
    let (clock, context) = context();
    let given = obtain((KEY, SECRET), None, &format!("{ROLE}&DurationSeconds=900"), &context).await.unwrap();
    // Its requests are signed at the same time always, and hold for fifteen minutes by themselves.
    clock.set_millis((NOW + 899) * 1000);
    enter(with("s3", &given, Form::Header), &context).await.unwrap();
    clock.set_millis((NOW + 900) * 1000);
    for (service, place, status, code, message) in [
        ("s3", Form::Header, 400, "ExpiredToken", "The provided token has expired."),
        ("s3", Form::Query(3600), 400, "ExpiredToken", "The provided token has expired."),
        (
            "dynamodb",
            Form::Header,
            400,
            "ExpiredTokenException",
            "The security token included in the request is expired",
        ),
        ("sts", Form::Header, 403, "ExpiredToken", "The security token included in the request is expired"),
    ] {
        let error = enter(with(service, &given, place), &context).await.unwrap_err();
        assert_eq!((error.status, &*error.code, &*error.message), (status, code, message));
    }
    let error = enter(with("s3", &given, Form::Header), &context).await.unwrap_err();
    assert_eq!(member(&error, "Token-0"), Some(given.2.as_str()));
}

#[tokio::test]
async fn a_token_that_is_not_the_keys_is_refused_in_the_words_of_each_service() {
    let (_, context) = context();
    let given = obtain((KEY, SECRET), None, ROLE, &context).await.unwrap();
    let other = obtain((KEY, SECRET), None, ROLE, &context).await.unwrap();
    let long_lived = (KEY.to_owned(), SECRET.to_owned());
    for (key, secret, token) in [
        (&given.0, &given.1, other.2.clone()),
        (&given.0, &given.1, given.2[..given.2.len() - 4].to_owned()),
        // AWS looks for the session of every token, whatever key is beside it.
        (&long_lived.0, &long_lived.1, given.2.clone()),
        (&long_lived.0, &long_lived.1, "left over".to_owned()),
    ] {
        let given = (key.clone(), secret.clone(), token);
        for (service, status, code) in [
            ("s3", 400, "InvalidToken"),
            ("dynamodb", 400, "UnrecognizedClientException"),
            ("sts", 403, "InvalidClientTokenId"),
        ] {
            let error = enter(with(service, &given, Form::Header), &context).await.unwrap_err();
            assert_eq!((error.status, &*error.code), (status, code), "{given:?}");
        }
    }
    // Temporary credentials without their token are no key at all.
    let bare = signed("s3", (&given.0, &given.1), Form::Header, "GET", "/", &[], "");
    assert_eq!(enter(bare, &context).await.unwrap_err().code, "InvalidAccessKeyId");
    // What everybody has, and what nobody configured, may have a token from elsewhere beside it.
    // A key that looks like one of ours is not: one in so many of AWS's own does.
    for (key, secret, kind) in [
        ("test", "test", Kind::Identity),
        ("ASIAIOSFODNN7EXAMPLE", "x", Kind::Root),
        (given.0.as_str(), "x", Kind::Root),
    ] {
        let given = (key.to_owned(), secret.to_owned(), "left over".to_owned());
        assert_eq!(enter(with("s3", &given, Form::Header), &context).await.unwrap().0.kind, kind);
    }
}

#[tokio::test]
async fn what_anybody_could_ask_for_is_what_anybody_has_and_nothing_with_strict() {
    let (_, mut context) = context();
    let unsigned = || {
        Request::post("/").header("content-type", "application/x-www-form-urlencoded").body(body::full(WEB)).unwrap()
    };
    let xml = sts(unsigned(), &context).await.unwrap();
    let web = (element(&xml, "AccessKeyId"), element(&xml, "SecretAccessKey"), element(&xml, "SessionToken"));
    let mut public = vec![web];
    for (key, secret) in [("test", "test"), ("test", "another"), ("AKIAOTHER", "x")] {
        let given = obtain((key, secret), None, ROLE, &context).await.unwrap();
        // What a session obtains is of its class too.
        public.push(obtain((&given.0, &given.1), Some(&given.2), ROLE, &context).await.unwrap());
        public.push(given);
    }
    let home = ROLE.replace("444455556666", "000000000000");
    let given = obtain(("test", "test"), None, &home, &context).await.unwrap();
    let (caller, _) = enter(with("s3", &given, Form::Header), &context).await.unwrap();
    assert_eq!((caller.public, Key::of(&caller)), (true, Key::Public));
    let own = obtain((KEY, SECRET), None, ROLE, &context).await.unwrap();
    let chained = obtain((&own.0, &own.1), Some(&own.2), ROLE, &context).await.unwrap();
    for given in &public {
        let (caller, _) = enter(with("s3", given, Form::Header), &context).await.unwrap();
        // In an account that the built-in pair itself does not reach.
        assert_eq!((caller.kind, caller.public, Key::of(&caller)), (Kind::Identity, true, Key::Unknown));
        assert_eq!(caller.account, "444455556666");
    }
    context.strict = true;
    context.identities = Identities::only([main()]).unwrap();
    assert_eq!(sts(unsigned(), &context).await.unwrap_err(), "MissingAuthenticationToken");
    for given in &public {
        assert_eq!(enter(with("s3", given, Form::Header), &context).await.unwrap_err().code, "InvalidToken");
    }
    // Nor once somebody configured the very key.
    let known = [main(), Identity::new("AKIAOTHER", "mine").unwrap(), Identity::new("test", "mine").unwrap()];
    context.identities = Identities::only(known).unwrap();
    for given in &public {
        assert_eq!(enter(with("s3", given, Form::Header), &context).await.unwrap_err().code, "InvalidToken");
    }
    for given in [&own, &chained] {
        assert!(!enter(with("s3", given, Form::Header), &context).await.unwrap().0.public);
    }
    // A strict endpoint of a laxer owner.
    context.strict = false;
    let mut marked = with("s3", &public[0], Form::Header);
    marked.extensions_mut().insert(MustVerify);
    assert_eq!(enter(marked, &context).await.unwrap_err().code, "InvalidToken");
    let mut marked = unsigned();
    marked.extensions_mut().insert(MustVerify);
    assert_eq!(sts(marked, &context).await.unwrap_err(), "MissingAuthenticationToken");
}

#[tokio::test]
async fn a_session_ends_with_another_secret_or_account_of_the_key_behind_it() {
    let (_, mut context) = context();
    let own = obtain((KEY, SECRET), None, ROLE, &context).await.unwrap();
    let chained = obtain((&own.0, &own.1), Some(&own.2), ROLE, &context).await.unwrap();
    let elsewhere = Identity::new(KEY, SECRET).unwrap().with_account("999988887777").unwrap();
    for changed in [Identity::new(KEY, "another").unwrap(), elsewhere, main()] {
        let is_same = changed.secret() == main().secret() && changed.account() == main().account();
        context.identities = Identities::only([changed]).unwrap();
        for given in [&own, &chained] {
            let entered = enter(with("s3", given, Form::Header), &context).await;
            assert_eq!(entered.map_err(|error| error.code).err().as_deref(), (!is_same).then_some("InvalidToken"));
        }
    }
}

#[tokio::test]
async fn a_session_goes_with_the_identity_that_it_was_obtained_with() {
    let (_, mut context) = context();
    let given = obtain((KEY, SECRET), None, ROLE, &context).await.unwrap();
    let test = Identity::new("test", "a secret of my own").unwrap();
    context.identities = Identities::new([test]).unwrap();
    assert_eq!(enter(with("s3", &given, Form::Header), &context).await.unwrap_err().code, "InvalidToken");
    let own = obtain(("test", "a secret of my own"), None, ROLE, &context).await.unwrap();
    enter(with("s3", &own, Form::Header), &context).await.unwrap();
    // The key is the built-in pair again, which is no such identity.
    context.identities = Identities::default();
    assert_eq!(enter(with("s3", &own, Form::Header), &context).await.unwrap_err().code, "InvalidToken");
}

#[tokio::test]
async fn what_a_session_may_ask_of_sts_is_as_on_aws() {
    let (_, context) = context();
    let role = obtain((KEY, SECRET), None, &format!("{ROLE}&SourceIdentity=ann"), &context).await.unwrap();
    let token = obtain((KEY, SECRET), None, TOKEN, &context).await.unwrap();
    let federated = obtain((KEY, SECRET), None, FEDERATED, &context).await.unwrap();
    let ask = async |given: &Given, form: &str| obtain((&given.0, &given.1), Some(&given.2), form, &context).await;
    for given in [&role, &token, &federated] {
        for (form, name) in [(TOKEN, "GetSessionToken"), (FEDERATED, "GetFederationToken")] {
            assert_eq!(ask(given, form).await.unwrap_err(), format!("Cannot call {name} with session credentials"));
        }
    }
    ask(&token, &format!("{ROLE}&DurationSeconds=43200")).await.unwrap();
    assert!(
        ask(&federated, ROLE).await.unwrap_err().contains("is not authorized to perform: sts:AssumeRole on resource")
    );
    // One role after another: an hour at most, and whoever was behind the first is behind the second.
    let chained = ask(&role, &format!("{ROLE}&DurationSeconds=3601")).await.unwrap_err();
    assert!(chained.contains("exceeds the 1 hour session limit for roles assumed by role chaining"), "{chained}");
    let second = ask(&role, ROLE).await.unwrap();
    let (caller, _) = enter(with("s3", &second, Form::Header), &context).await.unwrap();
    assert_eq!(caller.session.unwrap().source.as_deref(), Some("ann"));
    let renamed = ask(&role, &format!("{ROLE}&SourceIdentity=bea")).await.unwrap_err();
    assert!(renamed.contains("sts:SetSourceIdentity"), "{renamed}");
}

#[tokio::test]
async fn a_wrong_secret_of_the_built_in_pair_is_an_unknown_keys_from_a_person_alone() {
    let (clock, mut context) = context();
    let target = ("x-amz-target", "DynamoDB_20120810.ListTables");
    let requests = || {
        let pair = ("test", "another");
        [
            signed("s3", pair, Form::Header, "GET", "/", &[], ""),
            signed("dynamodb", pair, Form::Header, "POST", "/", &[target], "{}"),
            signed("sts", pair, Form::Header, "POST", "/", &[], ""),
        ]
    };
    // An unknown key's date is not looked at either.
    clock.set_millis((NOW + 1000) * 1000);
    for request in requests() {
        let (caller, _) = enter(request, &context).await.unwrap();
        assert_eq!((caller.kind, caller.account.as_str()), (Kind::Root, "000000000000"));
        assert!(caller.signed != Signed::Not);
    }
    // A presigned URL says what it is for, whoever has it.
    let url = signed("s3", ("test", "another"), Form::Query(3600), "GET", "/", &[], "");
    assert_eq!(enter(url, &context).await.unwrap_err().code, "SignatureDoesNotMatch");
    let right = signed("s3", ("test", "test"), Form::Header, "GET", "/", &[], "");
    assert_eq!(enter(right, &context).await.unwrap_err().code, "RequestTimeTooSkewed");
    clock.set_millis(NOW * 1000);
    let codes = async |mark: fn(&mut Request<Body>), context: &AuthContext| {
        for mut request in requests() {
            mark(&mut request);
            let error = enter(request, context).await.unwrap_err();
            assert!(["SignatureDoesNotMatch", "InvalidSignatureException"].contains(&&*error.code), "{}", error.code);
        }
    };
    codes(|request| _ = request.extensions_mut().insert(Who::Dev), &context).await;
    codes(|request| _ = request.extensions_mut().insert(Who::Site), &context).await;
    // A strict endpoint knows no built-in pair, with its own secret either.
    let right = signed("s3", ("test", "test"), Form::Header, "GET", "/", &[], "");
    for mut request in requests().into_iter().chain([right]) {
        request.extensions_mut().insert(MustVerify);
        let error = enter(request, &context).await.unwrap_err();
        let unknown = ["InvalidAccessKeyId", "UnrecognizedClientException", "InvalidClientTokenId"];
        assert!(unknown.contains(&&*error.code), "{}", error.code);
    }
    context.strict = true;
    codes(|_| (), &context).await;
    context.strict = false;
    // A secret that somebody configured for the same key is one.
    context.identities = Identities::new([Identity::new("test", "of my own").unwrap()]).unwrap();
    codes(|_| (), &context).await;
}
