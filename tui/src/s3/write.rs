//! What a person asks to be done, and the questions that go before.

use super::keys::Act;
use super::{S3, copy, paint};
use crate::app::desk::{Desk, Go};
use crate::app::dialog::{Confirm, Dialog, Field, Form, Menu, Told};
use crate::app::typing::Prompt;
use crate::ask::ObjectName;

/// What a dialog or a line being typed is about.
#[derive(Debug)]
pub(super) enum Pending {
    Download(ObjectName),
    /// A file's path is typed.
    UploadFrom {
        bucket: String,
        prefix: String,
    },
    /// The key that it becomes is typed.
    UploadTo {
        bucket: String,
        from: String,
    },
    /// The object with this ETag is replaced.
    Replace {
        new: New,
        over: String,
    },
    Presign(ObjectName),
    Delete(Vec<ObjectName>),
    Copy(Vec<String>),
    /// The listing is written as it is now.
    Export,
}

/// A file that becomes an object.
#[derive(Debug, Clone)]
pub(super) struct New {
    pub(super) from: String,
    pub(super) bucket: String,
    pub(super) key: String,
    /// Whether it was on its way, and another object was there first.
    pub(super) overtaken: bool,
}

/// How long a URL may hold.
const HOLDS: [(&str, u64); 5] =
    [("15 minutes", 900), ("1 hour", 3600), ("12 hours", 43_200), ("1 day", 86_400), ("7 days", 604_800)];

/// Names that a confirmation lists.
const LISTED: usize = 8;

impl S3 {
    /// Does what is done here and nowhere else.
    pub(super) fn turn(&mut self, act: Act, desk: &mut Desk<'_>) -> bool {
        match act {
            Act::Versions => self.versions(false, desk),
            Act::AllVersions => self.versions(true, desk),
            Act::Mark => self.level_mut().mark(desk),
            Act::MarkAll => self.level_mut().mark_all(),
            Act::Download => self.type_download(desk),
            Act::Upload => self.type_upload(desk),
            Act::Presign => self.ask_presign(desk),
            Act::Form => self.object_mut().is_some_and(|object| object.preview.next_form()),
            Act::Zoom => {
                self.zoomed = !self.zoomed && self.wide;
                if !self.wide {
                    desk.say("The listing has room beside it from 140 columns on");
                }
                true
            }
            Act::Stop => self.stop(desk),
            Act::Calls => self.calls(desk),
        }
    }

    fn prompt(
        &mut self,
        pending: Pending,
        tag: &'static str,
        mark: &str,
        text: String,
        hint: &str,
        desk: &mut Desk<'_>,
    ) {
        self.pending = Some(pending);
        desk.type_line(Prompt { tag, mark: format!("{mark} "), text, hint: hint.to_owned() });
    }

    fn is_marker(&self) -> bool {
        match self.object() {
            Some(object) => object.is_marker(),
            None => self.level().row().is_some_and(|row| row.marker),
        }
    }

    fn type_download(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(name) = self.subject() else { return false };
        if self.is_marker() {
            desk.say("A delete marker holds nothing to write");
            return true;
        }
        let to = format!("./{}", copy::file_name(&name.key));
        self.prompt(Pending::Download(name), "s3-download", "download to", to, "a file that is not there yet", desk);
        true
    }

    fn type_upload(&mut self, desk: &mut Desk<'_>) -> bool {
        if desk.may_write() {
            let place = &self.level().place;
            let (bucket, prefix) = (place.bucket().to_owned(), place.prefix().to_owned());
            let pending = Pending::UploadFrom { bucket, prefix };
            self.prompt(
                pending,
                "s3-upload-from",
                "upload file",
                String::new(),
                "the path of a file on this machine",
                desk,
            );
        }
        true
    }

    fn ask_presign(&mut self, desk: &mut Desk<'_>) -> bool {
        let Some(name) = self.subject() else { return false };
        if self.is_marker() {
            desk.say("A delete marker cannot be fetched");
            return true;
        }
        let methods: &[&str] =
            if name.version.is_some() || !desk.glance.may_write() { &["GET"] } else { &["GET", "PUT"] };
        let choices = |of: &[&str]| of.iter().map(|choice| (*choice).to_owned()).collect();
        let fields = vec![
            Field::choice("Method", "GET", choices(methods)),
            Field::choice("Holds for", HOLDS[1].0, choices(&HOLDS.map(|(text, _)| text))),
        ];
        let title = format!("Presign {}", name.key);
        desk.open(Dialog::Form(Form { tag: "s3-presign", title, fields, ..Form::default() }));
        self.pending = Some(Pending::Presign(name));
        true
    }

    pub(super) fn delete(&mut self, desk: &mut Desk<'_>) -> bool {
        let names = match self.object() {
            Some(object) => vec![object.name.clone()],
            None => self.level().chosen(),
        };
        let Some(first) = names.first() else {
            if self.level().row().is_some() {
                desk.say("A folder is what keys begin with: open it, a marks what is in it, D deletes that");
            }
            return self.level().row().is_some();
        };
        if !desk.may_write() {
            return true;
        }
        let bucket = first.bucket.clone();
        let versions = names.iter().any(|name| name.version.is_some());
        let mut lines: Vec<String> = names
            .iter()
            .take(LISTED)
            .map(|name| match &name.version {
                Some(version) => format!("s3://{}/{} version {version}", name.bucket, name.key),
                None => format!("s3://{}/{}", name.bucket, name.key),
            })
            .collect();
        if let Some(more) = names.len().checked_sub(LISTED).filter(|more| *more > 0) {
            lines.push(format!("and {} more", paint::count(more as u64)));
        }
        lines.push(String::new());
        if versions && self.is_marker() && names.len() == 1 {
            lines.push("The marker goes: the version below it is current again.".to_owned());
        } else if versions {
            lines.push("For good: a deleted version cannot be brought back.".to_owned());
        } else {
            lines.push("With versioning a delete marker hides it; without, it is gone for good.".to_owned());
        }
        let noun = if versions { "version" } else { "object" };
        let title = format!("Delete {}?", paint::of(names.len(), noun));
        let word = (!desk.glance.is_local()).then_some(bucket);
        desk.open(Dialog::Confirm(Confirm { tag: "s3-delete", title, lines, word, ..Confirm::default() }));
        self.pending = Some(Pending::Delete(names));
        true
    }

    /// Shows the calls about what is selected.
    fn calls(&mut self, desk: &mut Desk<'_>) -> bool {
        let place = self.leads_to().filter(|_| !self.opened);
        let (bucket, key) = match (self.subject(), &place) {
            (Some(name), _) => (name.bucket, name.key),
            (None, Some(place)) => (place.bucket().to_owned(), place.prefix().to_owned()),
            (None, None) => (self.level().place.bucket().to_owned(), String::new()),
        };
        if bucket.is_empty() {
            return false;
        }
        // What a filter cannot say is left to the bucket.
        let key = if key.is_empty() || key.contains(['"', '\\']) { String::new() } else { format!(" \"key:{key}\"") };
        desk.go(Go::Calls { filter: format!("bucket:{bucket}{key}") });
        true
    }

    pub(super) fn copy(&mut self, desk: &mut Desk<'_>) -> bool {
        let level = self.level();
        let name = self.subject().or_else(|| {
            let place = self.leads_to()?;
            Some(ObjectName { bucket: place.bucket().to_owned(), key: place.prefix().to_owned(), version: None })
        });
        // Of an empty folder, the folder itself.
        let name = name.or_else(|| {
            let bucket = level.place.bucket().to_owned();
            (!bucket.is_empty()).then(|| ObjectName { bucket, key: level.place.prefix().to_owned(), version: None })
        });
        let Some(name) = name else { return false };
        let folder = self.subject().is_none();
        let (mut entries, mut texts) = (Vec::new(), Vec::new());
        for (key, what, text) in copy::entries(&name, folder, desk.glance) {
            entries.push((key, format!("{what:<8} {text}")));
            texts.push(text);
        }
        desk.open(Dialog::Menu(Menu { tag: "s3-copy", title: "Copy".to_owned(), entries, at: 0 }));
        self.pending = Some(Pending::Copy(texts));
        true
    }

    pub(super) fn export(&mut self, desk: &mut Desk<'_>) -> bool {
        let level = self.level();
        if level.list.len() == 0 {
            return false;
        }
        let place = &level.place;
        let name = match place.bucket() {
            "" => "buckets".to_owned(),
            bucket => format!("{bucket}-{}", place.prefix().trim_end_matches('/').replace('/', "-")),
        };
        let to = format!("./{}.ndjson", copy::file_name(name.trim_end_matches('-')));
        self.prompt(Pending::Export, "s3-export", "export to", to, "a file ending in .ndjson or .csv", desk);
        true
    }

    pub(super) fn type_search(&mut self, desk: &mut Desk<'_>) {
        let text = self.object().map_or_else(String::new, |object| object.preview.searched.clone());
        let hint = "search in what is shown; n and N go on from match to match";
        desk.type_line(Prompt { tag: "s3-search", mark: "/".into(), text, hint: hint.into() });
    }

    pub(super) fn search(&mut self, text: &str, desk: &mut Desk<'_>) {
        if let Some(sheet) = &mut self.sheet {
            sheet.document.search(text);
        } else if let Some(object) = self.object_mut() {
            object.preview.search(text, desk);
        }
    }

    /// Hears what came of a question.
    pub(super) fn told_of_job(&mut self, told: Told, desk: &mut Desk<'_>) {
        if matches!(told, Told::Typing(..) | Told::Changed(..)) {
            return;
        }
        match (told, self.pending.take()) {
            (Told::Text("s3-download", to), Some(Pending::Download(object))) if !to.is_empty() => {
                self.download(object, to, desk);
            }
            (Told::Text("s3-upload-from", from), Some(Pending::UploadFrom { bucket, prefix })) if !from.is_empty() => {
                let name = copy::file_name(&from);
                let key = format!("{prefix}{name}");
                self.prompt(
                    Pending::UploadTo { bucket, from },
                    "s3-upload-to",
                    "as key",
                    key,
                    "the object's key",
                    desk,
                );
            }
            (Told::Text("s3-upload-to", key), Some(Pending::UploadTo { bucket, from })) if !key.is_empty() => {
                self.check(New { from, bucket, key, overtaken: false }, desk);
            }
            (Told::Yes("s3-replace"), Some(Pending::Replace { new, over })) => self.upload(new, Some(over), desk),
            (Told::Form("s3-presign", values), Some(Pending::Presign(name))) => {
                let put = values.first().is_some_and(|method| method == "PUT");
                let holds = HOLDS.iter().find(|(text, _)| values.get(1).is_some_and(|value| value == text));
                self.presign(name, put, holds.map_or(3600, |(_, seconds)| *seconds), desk);
            }
            (Told::Yes("s3-delete"), Some(Pending::Delete(names))) => self.delete_now(names, desk),
            (Told::Choice("s3-copy", at), Some(Pending::Copy(mut texts))) if at < texts.len() => {
                let text = texts.swap_remove(at);
                desk.say(format!("Offered to the clipboard: {text}"));
                desk.copy(text);
            }
            (Told::Text("s3-export", to), Some(Pending::Export)) if !to.is_empty() => {
                let text = super::export::text(self.level(), to.to_ascii_lowercase().ends_with(".csv"));
                self.save(to, text, desk);
            }
            _ => {}
        }
    }
}
