//! An emulator in memory, and its whole state as text.

use footbridge::emulator::Emulator;
use footbridge::emulator::dynamodb::survey as dynamodb;
use footbridge::emulator::s3::survey as s3;
use footbridge::emulator::snapshot::{From, Restore, Restored, Scope, SnapshotError, Take, Taken, Words};
use footbridge::testing::{self, Footbridge};

/// An emulator in memory.
pub struct World {
    pub aws: Footbridge,
    pub emulator: Emulator,
    place: tempfile::TempDir,
}

/// A scope of these URIs.
pub fn scope(uris: &[&str]) -> Scope {
    let uris: Vec<_> = uris.iter().map(|uri| (*uri).to_owned()).collect();
    Scope::parse("000000000000", "us-east-1", &uris, Words::Asked).unwrap()
}

impl World {
    pub async fn new() -> Self {
        let aws = testing::start().await.unwrap();
        let emulator = aws.emulator().unwrap();
        Self { aws, emulator, place: tempfile::tempdir().unwrap() }
    }

    /// All that a snapshot of these URIs has, of what is there; everything without any.
    pub async fn state(&self, uris: &[&str]) -> String {
        let to = Some(self.place.path().join("state"));
        let before = Some("a look".to_owned());
        let take = Take { scope: scope(uris), text: true, to, over: true, before, ..Take::default() };
        std::fs::read_to_string(self.emulator.take_snapshot(take).await.unwrap().path).unwrap()
    }

    pub async fn take(&self, name: &str, uris: &[&str], text: bool) -> Taken {
        let take = Take { name: Some(name.to_owned()), scope: scope(uris), text, ..Take::default() };
        self.emulator.take_snapshot(take).await.unwrap()
    }

    pub async fn restore(&self, name: &str, only: &[&str]) -> Result<Restored, SnapshotError> {
        let only = (!only.is_empty()).then(|| scope(only));
        self.emulator.restore_snapshot(Restore { from: From::Name(name.to_owned()), only, keep: true }).await
    }

    /// Rows and bodies do not contradict one another.
    pub async fn check(&self) {
        self.emulator.s3().settle().await;
        self.emulator.dynamodb().swept().await;
        let read = self.emulator.store().read().unwrap();
        let survey = s3::Survey::of(&read).unwrap();
        assert!(survey.faults.is_empty(), "{:?}", survey.faults);
        for (id, known) in &survey.bodies {
            assert_eq!(known.row, known.should_be(), "{id:?}");
        }
        let bodies = self.emulator.s3().blobs().list().await.unwrap();
        assert_eq!(bodies.len(), survey.bodies.len(), "no body is left that nobody names");
        let survey = dynamodb::Survey::of(&read).unwrap();
        assert!(survey.faults.is_empty(), "{:?}", survey.faults);
    }
}
