//! Putting right what a check found.
//!
//! First bodies come back, then what nobody is made of is moved aside, and only then the rows follow, in one commit.
//! Broken off anywhere, it leaves what the next check finds again.

use std::path::Path;
use std::time::SystemTime;

use super::FsckError;
use super::check::{Checked, Step};
use super::report::{Outcome, Report};
use crate::clock::{Clock, Ids};
use crate::emulator::s3::quarantine::{Quarantine, Why};
use crate::emulator::s3::{BLOBS, BlobId, Blobs, agreement, survey};
use crate::emulator::store::Store;
use crate::private;

/// Does what helps against each finding, and moves orphans aside. Gives the report with what became of each.
pub async fn repair(
    directory: &Path,
    store: &Store,
    checked: Checked,
    ids: &dyn Ids,
    clock: &dyn Clock,
) -> Result<Report, FsckError> {
    let now = clock.now();
    let Checked { mut report, steps } = checked;
    let quarantine = Quarantine::of(directory);
    let failed = |error| FsckError::file("moving bodies", error);
    let orphans: Vec<BlobId> =
        report.waiting.orphans.iter().filter_map(|orphan| BlobId::from_name(&orphan.body)).collect();
    set_aside(&quarantine, &orphans, "fsck: no row names them", now).map_err(failed)?;
    report.waiting.orphans.clear();
    let (mut surplus, mut damaged, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    let mut restored = Vec::new();
    for (finding, steps) in report.findings.iter_mut().zip(steps) {
        if steps.is_empty() {
            continue;
        }
        let comes_back = steps.iter().any(|step| matches!(step, Step::Restore(..)));
        for step in steps {
            match step {
                Step::Unload(id) => {
                    if let Some(bytes) = survey::rider(&store.read()?, id)? {
                        write(&directory.join(BLOBS).join(id.name()), &bytes).map_err(failed)?;
                    }
                    rows.push(Step::DropRider(id));
                }
                Step::SetAside(id) if comes_back => damaged.push(id),
                Step::SetAside(id) => surplus.push(id),
                Step::Restore(occasion, id) => restored.push((occasion, id)),
                other => rows.push(other),
            }
        }
        finding.outcome = Outcome::Repaired;
    }
    set_aside(&quarantine, &damaged, "fsck: damaged, and replaced by a good copy", now).map_err(failed)?;
    for (occasion, id) in restored {
        quarantine.restore(&occasion, id).map_err(failed)?;
    }
    set_aside(&quarantine, &surplus, "fsck: nothing is made of them", now).map_err(failed)?;
    let stamps = rows.iter().any(|step| matches!(step, Step::Stamp));
    write_rows(store, rows).await?;
    if stamps {
        // Last: from now on what no row names counts as left over.
        agreement::settle(directory, store, &Blobs::in_directory(&directory.join(BLOBS))?, ids, clock).await?;
    }
    report.quarantine = quarantine.list().map_err(failed)?;
    Ok(report)
}

fn set_aside(quarantine: &Quarantine, ids: &[BlobId], why: &str, now: SystemTime) -> std::io::Result<()> {
    quarantine.set_aside(ids, Why { why: why.to_owned(), identity: None }, now).map(drop)
}

/// Writes a body that is about to be moved aside, durably.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut file = private::options().create(true).truncate(true).write(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

async fn write_rows(store: &Store, steps: Vec<Step>) -> Result<(), FsckError> {
    if steps.is_empty() {
        return Ok(());
    }
    store
        .write(move |txn| {
            for step in steps {
                match step {
                    Step::Row(id, row) => survey::set_row(txn, id, row)?,
                    Step::DropRider(id) => survey::drop_rider(txn, id),
                    Step::DropStrays(upload) => survey::drop_strays(txn, &upload)?,
                    Step::Fix(fix) => fix.apply(txn),
                    Step::SetAside(_) | Step::Restore(..) | Step::Unload(_) | Step::Stamp => {}
                }
            }
            Ok::<_, FsckError>(())
        })
        .await
}
