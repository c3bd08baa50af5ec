//! An emulator, and the dashboard's data over it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use footbridge::clock::Clock;
use footbridge::dashboard::data::Stored;
use footbridge::mcp::{Mode, Options, Policy};
use footbridge::testing::{self, Footbridge};
use footbridge_tui::Data;
use footbridge_tui::ask::{Answer, Ask, Progress, Trouble, Watch};
use tokio::runtime::Runtime;

/// An emulator in memory, and the data over it.
pub struct World {
    pub aws: Footbridge,
    pub data: Stored,
    pub runtime: Runtime,
}

impl World {
    pub fn new() -> Self {
        Self::with(Mode::ReadWrite, |_| {})
    }

    /// Over an emulator that goes by this clock.
    pub fn at(clock: Arc<dyn Clock>) -> Self {
        let runtime = runtime();
        let aws = runtime.block_on(testing::start_at(clock)).unwrap();
        Self::over(aws, runtime, |_| {})
    }

    /// The same emulator, looked at with other options.
    pub fn again(self, change: impl FnOnce(&mut Options)) -> Self {
        Self::over(self.aws, self.runtime, change)
    }

    pub fn with(mode: Mode, change: impl FnOnce(&mut Options)) -> Self {
        let runtime = runtime();
        let aws = runtime.block_on(testing::start()).unwrap();
        Self::over(aws, runtime, |options| {
            options.mode = mode;
            options.authorizer = Arc::new(Policy::new(mode));
            change(options);
        })
    }

    fn over(aws: Footbridge, runtime: Runtime, change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options::local(aws.s3.clone(), aws.dynamodb.clone());
        change(&mut options);
        let streams = aws_sdk_dynamodbstreams::Client::new(aws.config());
        let data = Stored::new(options, streams, runtime.handle().clone());
        Self { aws, data, runtime }
    }

    #[expect(clippy::needless_pass_by_value, reason = "most asks are made for the call")]
    pub fn ask(&self, ask: Ask) -> Result<Answer, Trouble> {
        self.data.answer(&ask, &Watch::idle())
    }

    /// Asks, and calls off once so much is done. The answer, and all that was reported.
    pub fn ask_until(&self, ask: &Ask, done: u64) -> (Result<Answer, Trouble>, Vec<Progress>) {
        let off = Arc::new(AtomicBool::new(false));
        let (sender, reports) = mpsc::channel();
        let call_off = Arc::clone(&off);
        let watch = Watch::new(off, move |progress| {
            sender.send(progress).unwrap();
            call_off.fetch_or(progress.done >= done, Ordering::Relaxed);
        });
        let answer = self.data.answer(ask, &watch);
        (answer, reports.try_iter().collect())
    }

    /// Runs something on the emulator itself.
    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub fn bucket(&self, name: &str) {
        self.run(async { self.aws.s3.create_bucket().bucket(name).send().await }).unwrap();
    }

    pub fn put(&self, bucket: &str, key: &str, bytes: &[u8]) {
        let body = bytes.to_vec().into();
        self.run(async { self.aws.s3.put_object().bucket(bucket).key(key).body(body).send().await }).unwrap();
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
