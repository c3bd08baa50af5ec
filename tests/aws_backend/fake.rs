//! A server on loopback that answers as it is told and remembers what it was asked.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// What a server was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: http::Method,
    pub path: String,
    pub headers: http::HeaderMap,
    pub body: String,
}

impl Asked {
    /// A header's text, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The access key id of the signature.
    pub fn key(&self) -> &str {
        let credential = self.header("authorization").split("Credential=").nth(1).unwrap_or_default();
        credential.split('/').next().unwrap_or_default()
    }

    /// The region of the signature.
    pub fn region(&self) -> &str {
        let credential = self.header("authorization").split("Credential=").nth(1).unwrap_or_default();
        credential.split('/').nth(2).unwrap_or_default()
    }
}

pub type Answer = (u16, String);

/// A running server; it ends with the test's runtime.
#[derive(Debug, Clone)]
pub struct Fake {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Fake {
    pub async fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self { address: listener.local_addr().unwrap(), asked: Arc::default() };
        let (asked, answer) = (Arc::clone(&fake.asked), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (asked, answer) = (Arc::clone(&asked), Arc::clone(&answer));
                let service = service_fn(move |request: Request<Incoming>| {
                    let (asked, answer) = (Arc::clone(&asked), Arc::clone(&answer));
                    async move {
                        let (parts, body) = request.into_parts();
                        let body = body.collect().await.unwrap().to_bytes();
                        let path = parts.uri.path_and_query().unwrap().as_str().to_owned();
                        let body = String::from_utf8_lossy(&body).into_owned();
                        let this = Asked { method: parts.method, path, headers: parts.headers, body };
                        let (status, text) = answer(&this);
                        // Looking for emulators is not what tests count.
                        if !this.path.starts_with("/_") {
                            asked.lock().unwrap().push(this);
                        }
                        let mut response = Response::new(Full::new(Bytes::from(text)));
                        *response.status_mut() = StatusCode::from_u16(status).unwrap();
                        // The instance endpoint's tokens need it; nobody else looks.
                        let name = "x-aws-ec2-metadata-token-ttl-seconds";
                        response.headers_mut().insert(name, http::HeaderValue::from_static("21600"));
                        Ok::<_, Infallible>(response)
                    }
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service),
                );
            }
        });
        fake
    }

    /// A DynamoDB that has no tables.
    pub async fn dynamodb() -> Self {
        Self::start(|asked| match asked.path.as_str() {
            "/" => (200, r#"{"TableNames":[]}"#.to_owned()),
            _ => (404, String::new()),
        })
        .await
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub fn last(&self) -> Asked {
        self.asked().pop().expect("the server was asked something")
    }
}

/// STS's answer to AssumeRole and its kin.
pub fn assumed(operation: &str, key: &str) -> Answer {
    let text = format!(
        "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{operation}Result><Credentials>\
         <AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
         <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>a:b</AssumedRoleId>\
         <Arn>arn:aws:sts::111122223333:assumed-role/r/s</Arn></AssumedRoleUser></{operation}Result>\
         </{operation}Response>"
    );
    (200, text)
}

/// STS's answer to GetCallerIdentity.
pub fn identity(arn: &str) -> Answer {
    let text = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>{arn}</Arn><UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult>\
         </GetCallerIdentityResponse>"
    );
    (200, text)
}

/// Credentials as the container and instance endpoints give them.
pub fn credentials(key: &str, end: &str) -> Answer {
    let text = format!(
        "{{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"{key}\",\"SecretAccessKey\":\"s\",\
         \"Token\":\"t\",\"Expiration\":\"{end}\",\"LastUpdated\":\"2020-01-01T00:00:00Z\"}}"
    );
    (200, text)
}
