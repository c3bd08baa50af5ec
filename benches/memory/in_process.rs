//! In process: the SDK's client over the emulator without a socket, in a process that does nothing else.

use std::path::Path;
use std::pin::Pin;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Instant;

use anyhow::Context as _;
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use bytes::Bytes;
use footbridge::backend::{Backend, Role};
use footbridge::config::{Flags, Inputs, Key, Settings};
use footbridge::emulator::observer::NoObserver;
use http_body::{Frame, SizeHint};

use crate::content::{Check, block};
use crate::support::say;
use crate::support::server::memory_kib;
use crate::{MIB, Peaks};

/// What the process that is measured is started with.
pub const CHILD: &str = "in-process";

/// Starts this program again as the process that is measured.
pub fn run(mib: u64) -> anyhow::Result<Peaks> {
    let directory = tempfile::tempdir()?;
    let child = Command::new(std::env::current_exe()?)
        .args([CHILD, &mib.to_string()])
        .arg(directory.path())
        .env_clear()
        .env("HOME", directory.path())
        .stderr(Stdio::inherit())
        .output()?;
    anyhow::ensure!(child.status.success(), "the process that is measured failed: {}", child.status);
    serde_json::from_slice(&child.stdout).context("the process that is measured said something else")
}

/// The process that is measured.
#[tokio::main]
pub async fn child(mib: u64, directory: &Path) -> anyhow::Result<()> {
    let mut flags = Flags::new(None, 0);
    flags.set(Key::DataDir, "--data-dir", Some(directory.display().to_string()));
    let settings = Settings::load(&Inputs { flags, ..Inputs::bare(directory) })?;
    let backend = Backend::open(&settings, Role::Stays, Arc::new(NoObserver)).await?;
    let s3 = &backend.clients.s3;
    s3.create_bucket().bucket("memory").send().await?;
    put(s3, "small", 1).await?;
    get(s3, "small", 1).await?;
    let peak = || memory_kib(std::process::id(), "VmHWM");
    let idle = peak()?;
    let began = Instant::now();
    put(s3, "large", mib).await?;
    let (seconds_up, up) = (began.elapsed().as_secs_f64(), peak()?);
    let began = Instant::now();
    get(s3, "large", mib).await?;
    let peaks = Peaks { idle, up, down: peak()?, seconds_up, seconds_down: began.elapsed().as_secs_f64() };
    backend.close().await;
    say(serde_json::to_string(&peaks)?);
    Ok(())
}

async fn put(s3: &aws_sdk_s3::Client, key: &str, mib: u64) -> anyhow::Result<()> {
    let body = ByteStream::new(SdkBody::from_body_1_x(Made { at: 0, end: mib }));
    let length = i64::try_from(mib * MIB)?;
    s3.put_object().bucket("memory").key(key).content_length(length).body(body).send().await?;
    Ok(())
}

async fn get(s3: &aws_sdk_s3::Client, key: &str, mib: u64) -> anyhow::Result<()> {
    let mut body = s3.get_object().bucket("memory").key(key).send().await?.body;
    let mut check = Check::default();
    while let Some(bytes) = body.try_next().await? {
        check.take(&bytes)?;
    }
    check.end(mib)
}

/// A body that is made as it is asked for, 1 MiB at a time.
struct Made {
    at: u64,
    end: u64,
}

impl http_body::Body for Made {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.at == self.end {
            return Poll::Ready(None);
        }
        self.at += 1;
        Poll::Ready(Some(Ok(Frame::data(block(self.at - 1)))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact((self.end - self.at) * MIB)
    }
}
