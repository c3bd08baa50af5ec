//! AWS Security Token Service: GetCallerIdentity, for clients that ask who they are.
//!
//! The query protocol: `Action` in a form or in the query, answers in XML.

use http::{HeaderValue, Method, Request, Response, StatusCode};
use uuid::Uuid;

use super::auth::Caller;
use super::body::{self, Body};
use super::error::AwsError;
use super::xml::escape;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// The only version of the API.
const VERSION: &str = "2011-06-15";

/// The largest form that is read, in bytes.
const MAX_FORM: usize = 256 * 1024;

/// Operations of STS that exist on AWS and not here.
const ABSENT: &[&str] = &[
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRoot",
    "DecodeAuthorizationMessage",
    "GetAccessKeyInfo",
    "GetDelegatedAccessToken",
    "GetFederationToken",
    "GetSessionToken",
    "GetWebIdentityToken",
];

/// Answers an admitted request. Never fails: an error is an answer.
pub async fn handle(caller: &Caller, request: Request<Body>, request_id: Uuid) -> Response<Body> {
    match run(caller, request, request_id).await {
        Ok(xml) => answer(StatusCode::OK, xml, request_id),
        Err(error) => refuse(&error, request_id),
    }
}

/// An error in the form of the query protocol.
#[must_use]
pub fn refuse(error: &AwsError, request_id: Uuid) -> Response<Body> {
    let fault = if error.status < 500 { "Sender" } else { "Receiver" };
    let (code, message) = (escape(&error.code), escape(&error.message));
    let xml = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\">\n  <Error>\n    <Type>{fault}</Type>\n    <Code>{code}</Code>\n    \
         <Message>{message}</Message>\n  </Error>\n  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
    );
    answer(StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), xml, request_id)
}

async fn run(caller: &Caller, request: Request<Body>, request_id: Uuid) -> Result<String, AwsError> {
    let (parts, form) = request.into_parts();
    let form = if parts.method == Method::POST {
        let form = body::read(form, MAX_FORM).await.map_err(|error| {
            let aws = super::auth::aws_error(error.as_ref()).cloned();
            aws.unwrap_or_else(|| AwsError::new(413, "RequestEntityTooLarge", "Request entity too large"))
        })?;
        String::from_utf8_lossy(&form).into_owned()
    } else {
        String::new()
    };
    let given = |name: &str| parameter(parts.uri.query().unwrap_or_default(), name).or_else(|| parameter(&form, name));
    let Some(action) = given("Action") else {
        return Err(AwsError::new(400, "MissingAction", "The request must contain the parameter Action."));
    };
    let version = given("Version");
    match action.as_str() {
        "GetCallerIdentity" if version.as_deref() == Some(VERSION) => caller_identity(caller, request_id),
        absent if ABSENT.contains(&absent) => Err(AwsError::not_implemented(&format!("{absent} of STS"))),
        _ => Err(AwsError::new(
            400,
            "InvalidAction",
            format!(
                "Could not find operation {action} for version {}",
                version.as_deref().unwrap_or("NO_VERSION_SPECIFIED")
            ),
        )),
    }
}

fn caller_identity(caller: &Caller, request_id: Uuid) -> Result<String, AwsError> {
    let (Some(arn), Some(user)) = (caller.arn(), caller.user_id()) else {
        return Err(AwsError::new(403, "MissingAuthenticationToken", "Request is missing Authentication Token"));
    };
    let (arn, user, account) = (escape(&arn), escape(&user), escape(&caller.account));
    Ok(format!(
        "<GetCallerIdentityResponse xmlns=\"{NAMESPACE}\">\n  <GetCallerIdentityResult>\n    <Arn>{arn}</Arn>\n    \
         <UserId>{user}</UserId>\n    <Account>{account}</Account>\n  </GetCallerIdentityResult>\n  \
         <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n\
         </GetCallerIdentityResponse>\n"
    ))
}

fn parameter(form: &str, name: &str) -> Option<String> {
    super::auth::query_value(form, name)
}

fn answer(status: StatusCode, xml: String, request_id: Uuid) -> Response<Body> {
    let length = HeaderValue::from(xml.len());
    let mut response = Response::new(body::full(xml));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    headers.insert(http::header::CONTENT_LENGTH, length);
    if let Ok(id) = HeaderValue::from_str(&request_id.to_string()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::auth::{Identity, Service, Signed};

    async fn ask(caller: &Caller, form: &'static str) -> (u16, String) {
        let request = Request::post("/").body(body::full(form)).unwrap();
        let response = handle(caller, request, Uuid::from_u128(7)).await;
        let status = response.status().as_u16();
        let text = body::read(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(text.to_vec()).unwrap())
    }

    fn caller() -> Caller {
        let identity = Identity::new("AKIDEXAMPLE", "secret").unwrap();
        let identity = identity.with_account("111122223333").unwrap().with_user("main").unwrap();
        Caller::identity(&identity, Service::Sts, "us-east-1", Signed::Header)
    }

    #[tokio::test]
    async fn get_caller_identity_says_who_calls() {
        let (status, xml) = ask(&caller(), "Action=GetCallerIdentity&Version=2011-06-15").await;
        assert_eq!(status, 200);
        assert!(xml.contains("<Arn>arn:aws:iam::111122223333:user/main</Arn>"), "{xml}");
        assert!(xml.contains("<Account>111122223333</Account>"), "{xml}");
        assert!(xml.contains("<UserId>AIDA"), "{xml}");
        assert!(xml.contains("<RequestId>00000000-0000-0000-0000-000000000007</RequestId>"), "{xml}");
        let root = Caller::root("AKIAOTHER", Service::Sts, "us-east-1", Signed::Header);
        let (_, xml) = ask(&root, "Version=2011-06-15&Action=GetCallerIdentity").await;
        assert!(xml.contains("<UserId>000000000000</UserId>"), "{xml}");
    }

    #[tokio::test]
    async fn other_actions_are_refused_by_name() {
        let cases = [
            ("Action=AssumeRole&Version=2011-06-15", 501, "NotImplemented", "AssumeRole of STS"),
            ("Action=%3CNope%3E&Version=1", 400, "InvalidAction", "operation &lt;Nope&gt; for version 1"),
            ("Action=GetCallerIdentity", 400, "InvalidAction", "for version NO_VERSION_SPECIFIED"),
            ("Version=2011-06-15", 400, "MissingAction", "parameter Action"),
        ];
        for (form, status, code, message) in cases {
            let (found, xml) = ask(&caller(), form).await;
            assert_eq!(found, status, "{form}");
            assert!(xml.contains(&format!("<Code>{code}</Code>")) && xml.contains(message), "{xml}");
        }
    }
}
