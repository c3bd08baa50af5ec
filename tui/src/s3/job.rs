//! What is under way beside the listings: transfers, deletions, and what comes of them.

use footbridge_record::time;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::place::Place;
use super::write::{New, Pending};
use super::{S3, Sheet, Side, draw, paint};
use crate::app::desk::{Desk, Glance, Ticket};
use crate::app::dialog::{Confirm, Dialog};
use crate::ask::{Answer, Ask, ObjectFacts, ObjectName, Progress, Trouble};
use crate::look::Role;
use crate::text::{clean, fit_middle, pad, width};
use crate::widget::{Block, Document, Pen};

/// What is under way.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) ticket: Ticket,
    what: What,
    pub(super) progress: Option<Progress>,
    began: u64,
}

#[derive(Debug)]
enum What {
    Download(ObjectName),
    /// Whether a key is free, before a file goes there.
    Check(New),
    Upload(New),
    Presign {
        name: ObjectName,
        put: bool,
        seconds: u64,
    },
    Delete(Vec<ObjectName>),
    Save,
}

impl Job {
    /// Whether it stands below the listing.
    pub(super) fn shows(&self) -> bool {
        matches!(self.what, What::Download(_) | What::Upload(_) | What::Delete(_))
    }

    fn title(&self) -> String {
        match &self.what {
            What::Download(name) => format!("download {}", name.key),
            What::Upload(new) | What::Check(new) => format!("upload {}", new.key),
            What::Presign { name, .. } => format!("presign {}", name.key),
            What::Delete(names) => format!("delete {}", paint::of(names.len(), "object")),
            What::Save => "export".to_owned(),
        }
    }
}

impl S3 {
    fn begin(&mut self, what: What, ask: Ask, desk: &mut Desk<'_>) {
        let ticket = desk.ask(ask);
        self.jobs.push(Job { ticket, what, progress: None, began: desk.glance.now });
    }

    pub(super) fn download(&mut self, object: ObjectName, to: String, desk: &mut Desk<'_>) {
        self.begin(What::Download(object.clone()), Ask::Download { object, to }, desk);
    }

    /// Looks whether the key is free, and then writes the file there.
    pub(super) fn check(&mut self, new: New, desk: &mut Desk<'_>) {
        let name = ObjectName { bucket: new.bucket.clone(), key: new.key.clone(), version: None };
        self.begin(What::Check(new), Ask::Object(name), desk);
    }

    /// Writes the file over the object with the ETag `over`, or where there is none.
    pub(super) fn upload(&mut self, new: New, over: Option<String>, desk: &mut Desk<'_>) {
        let New { from, bucket, key, .. } = new.clone();
        self.begin(What::Upload(new), Ask::Upload { from, bucket, key, over }, desk);
    }

    pub(super) fn presign(&mut self, name: ObjectName, put: bool, seconds: u64, desk: &mut Desk<'_>) {
        let ask = Ask::Presign { object: name.clone(), put, seconds };
        self.begin(What::Presign { name, put, seconds }, ask, desk);
    }

    pub(super) fn delete_now(&mut self, names: Vec<ObjectName>, desk: &mut Desk<'_>) {
        self.begin(What::Delete(names.clone()), Ask::DeleteObjects(names), desk);
    }

    pub(super) fn save(&mut self, to: String, text: String, desk: &mut Desk<'_>) {
        self.begin(What::Save, Ask::Save { to, text }, desk);
    }

    /// Calls every transfer off. Whether there was one.
    pub(super) fn stop(&mut self, desk: &mut Desk<'_>) -> bool {
        let count = self.jobs.len();
        for job in self.jobs.drain(..) {
            desk.call_off(job.ticket);
        }
        desk.say(match count {
            0 => "No transfer is under way".to_owned(),
            count => format!("Called off: {}; what was done of it stays", paint::of(count, "transfer")),
        });
        true
    }

    /// Takes the answer to what a job asked.
    pub(super) fn finish(&mut self, ticket: Ticket, answer: Result<Answer, Trouble>, desk: &mut Desk<'_>) {
        let Some(at) = self.jobs.iter().position(|job| job.ticket == ticket) else { return };
        let job = self.jobs.swap_remove(at);
        let title = job.title();
        match (job.what, answer) {
            (What::Check(new), Ok(Answer::Object(facts))) => self.ask_to_replace(new, &facts, desk),
            (What::Check(New { overtaken: true, key, .. }), Err(trouble)) if is_missing(&trouble) => {
                desk.say(format!("Not uploaded: {key} changed meanwhile, and now no object is there; u uploads it"));
            }
            (What::Check(new), Err(trouble)) if is_missing(&trouble) => self.upload(new, None, desk),
            (What::Upload(new), Err(trouble)) if trouble.code == Trouble::OVERTAKEN => {
                self.check(New { overtaken: true, ..new }, desk);
            }
            (What::Download(_) | What::Save, Ok(Answer::Saved { path, bytes })) => {
                desk.say(format!("Written: {path} ({})", time::bytes(bytes)));
            }
            (What::Presign { name, put, seconds }, Ok(Answer::Text(url))) => {
                self.show_url(&name, put, seconds, url, desk);
            }
            (What::Upload(New { bucket, key, .. }), Ok(Answer::Done(text))) => {
                desk.say(if text.is_empty() { format!("Uploaded: {key}") } else { text });
                self.uploaded(&bucket, &key, desk);
            }
            (What::Delete(names), Ok(Answer::Done(text))) => {
                desk.say(if text.is_empty() { format!("Deleted: {}", paint::of(names.len(), "object")) } else { text });
                self.deleted(&names, desk);
            }
            (What::Delete(_), Err(trouble)) => {
                desk.say(format!("{title}: {trouble}"));
                // Some of them may be gone.
                if desk.glance.is_local() {
                    self.level_mut().list(desk);
                }
            }
            (_, Err(trouble)) => desk.say(format!("{title}: {trouble}")),
            (_, Ok(_)) => desk.say(format!("{title}: an answer that does not belong to it")),
        }
    }

    /// Asks whether the object that is there is to be replaced: this one, and no other.
    fn ask_to_replace(&mut self, new: New, facts: &ObjectFacts, desk: &mut Desk<'_>) {
        let New { bucket, key, overtaken, .. } = &new;
        let meanwhile = if *overtaken { "Somebody put another object there meanwhile" } else { "An object is there" };
        let Some((_, tag)) = facts.headers.iter().find(|(name, _)| name == "ETag") else {
            desk.say(format!("Not uploaded: {key} is there without an ETag, by which to replace it and no other"));
            return;
        };
        if !desk.front {
            desk.say(format!("Not uploaded: {key}: {meanwhile}; u asks whether to replace it"));
            return;
        }
        let lines = vec![
            format!("s3://{bucket}/{key}"),
            format!("{meanwhile}: {}.", time::bytes(facts.size)),
            "The file takes its place; without versioning it is gone for good.".to_owned(),
        ];
        let word = (!desk.glance.is_local()).then(|| bucket.clone());
        let title = "Replace the object?".to_owned();
        desk.open(Dialog::Confirm(Confirm { tag: "s3-replace", title, lines, word, ..Confirm::default() }));
        self.pending = Some(Pending::Replace { new, over: tag.clone() });
    }

    /// Shows a URL, and offers it to the clipboard.
    fn show_url(&mut self, name: &ObjectName, put: bool, seconds: u64, url: String, desk: &mut Desk<'_>) {
        let look = desk.glance.look;
        let until = paint::stamp(desk.glance.now + seconds * 1000, desk.glance.offset, true);
        let does = if put { "PUT: sends the object" } else { "GET: fetches the object" };
        let blocks = vec![
            Block::fact("Key", Role::Plain, &name.key, look),
            Block::fact("Method", Role::Plain, does, look),
            Block::fact("Until", Role::Plain, &until, look),
            Block::blank(),
            Block::say(Role::Accent, &url, look),
            Block::blank(),
            Block::say(
                Role::Dim,
                "Whoever has it needs no credentials. It is in the clipboard; y copies it again.",
                look,
            ),
        ];
        desk.copy(url.clone());
        let document = Document::new(blocks);
        self.sheet =
            Some(Sheet { title: "Presigned URL".into(), note: "y: copy, Esc: back", document, copy: Some(url) });
    }

    /// Shows what was uploaded, where one looks at its folder.
    fn uploaded(&mut self, bucket: &str, key: &str, desk: &mut Desk<'_>) {
        let level = self.level_mut();
        let here = matches!(&level.place, Place::Folder { bucket: of, prefix } if of == bucket && key.starts_with(prefix.as_str()));
        if here {
            let rest = &key[level.place.prefix().len()..];
            let name = rest.find('/').map_or(rest, |at| &rest[..=at]).to_owned();
            level.want(name);
            level.list(desk);
            self.leave_side();
        }
    }

    /// Takes out of the listings what was deleted.
    fn deleted(&mut self, names: &[ObjectName], desk: &mut Desk<'_>) {
        if matches!(&self.side, Side::Object(object) if names.contains(&object.name)) {
            self.opened = false;
            self.leave_side();
        }
        for level in &mut self.levels {
            if !matches!(level.place, Place::Buckets) {
                level.remove(names);
            }
        }
        // Which version is the current one may be another one now.
        let level = self.level_mut();
        if matches!(level.place, Place::Versions { .. }) && desk.glance.is_local() {
            level.list(desk);
        }
    }

    /// What is under way, for the row of tabs.
    pub(super) fn transfers(&self, _glance: &Glance) -> String {
        match self.jobs.iter().filter(|job| job.shows()).count() {
            0 => String::new(),
            count => paint::of(count, "transfer"),
        }
    }

    /// A row for each: what it is, how far, and how long.
    pub(super) fn draw_jobs(&self, area: Rect, buffer: &mut Buffer, glance: &Glance) {
        let look = glance.look;
        for (job, place) in self.jobs.iter().filter(|job| job.shows()).zip(draw::lines(area)) {
            let columns = usize::from(place.width);
            let (figures, bar) = match job.progress {
                Some(Progress { done, total: Some(total) }) if total > 0 => {
                    let percent = done.min(total).saturating_mul(100) / total;
                    let figures =
                        format!("{percent:>3}%  {} of {}  X calls it off", time::bytes(done), time::bytes(total));
                    (figures, Some(percent))
                }
                Some(Progress { done, .. }) => (format!("{}  X calls it off", time::bytes(done)), None),
                None => {
                    let took = paint::seconds(glance.now.saturating_sub(job.began));
                    (format!("{} {took}  X calls it off", paint::spinner(glance)), None)
                }
            };
            let room = columns.saturating_sub(width(&figures) + 2);
            let bars = if bar.is_some() { (room / 3).min(30) } else { 0 };
            let names = room.saturating_sub(bars + 2);
            let cut = look.signs().cut;
            let mut pen = Pen::new(look);
            let title = fit_middle(&clean(&job.title(), look.ascii), names, cut);
            pen.put(Role::Accent, pad(&title, names, cut)).put(Role::Plain, "  ");
            if let Some(percent) = bar {
                let full = usize::try_from(percent).unwrap_or(100) * bars / 100;
                pen.put(Role::Good, look.signs().bar.repeat(full));
                pen.put(Role::Border, look.signs().rule.repeat(bars - full)).put(Role::Plain, "  ");
            }
            pen.put(Role::Plain, figures);
            pen.draw(place, buffer);
        }
    }
}

/// Whether an error says that there is no object.
fn is_missing(trouble: &Trouble) -> bool {
    matches!(trouble.code.as_str(), "NoSuchKey" | "NotFound" | "404" | "NoSuchObject")
}
