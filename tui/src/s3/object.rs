//! An object: what is known of it, and what it holds.

use footbridge_record::time;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::level::Asked;
use super::listing::Row;
use super::paint;
use super::preview::{Opened, Preview};
use crate::app::desk::{Desk, Glance, Ticket};
use crate::ask::{Answer, Ask, ObjectFacts, ObjectName, Trouble};
use crate::keys::Action;
use crate::look::{Look, Role};
use crate::text::width;
use crate::widget::{Block, Document, Pane, inside, split_rows};

/// What the listing says of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Listed {
    size: u64,
    modified: Option<u64>,
    class: String,
    marker: bool,
    latest: bool,
}

impl Listed {
    pub(super) fn of(row: &Row<'_>) -> Self {
        let Row { size, modified, class, marker, latest, .. } = *row;
        Self { size, modified, class: class.to_owned(), marker, latest }
    }
}

/// Which of an object's panes keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Preview,
    About,
}

/// An object.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) name: ObjectName,
    /// What the listing said, and what is known by now.
    pub(super) row: Listed,
    listed: Listed,
    facts: Option<ObjectFacts>,
    facts_asked: Option<Asked>,
    facts_trouble: Option<Trouble>,
    about: Document,
    pub(super) preview: Preview,
    part: Part,
    /// Whether anything was asked of it.
    pub(super) asked: bool,
}

impl Object {
    pub(super) fn new(name: ObjectName, listed: Listed) -> Self {
        let preview = Preview::new(name.clone(), Some(listed.size));
        Self {
            name,
            row: listed.clone(),
            listed,
            facts: None,
            facts_asked: None,
            facts_trouble: None,
            about: Document::default(),
            preview,
            part: Part::Preview,
            asked: false,
        }
    }

    /// A delete marker has nothing to fetch.
    pub(super) fn is_marker(&self) -> bool {
        self.listed.marker
    }

    /// Asks for what there is to know, and for the first bytes.
    pub(super) fn ask(&mut self, desk: &mut Desk<'_>) {
        self.asked = true;
        if self.is_marker() {
            return;
        }
        if self.facts.is_none() && self.facts_asked.is_none() {
            self.facts_trouble = None;
            let ticket = desk.ask(Ask::Object(self.name.clone()));
            self.facts_asked = Some(Asked { ticket, since: desk.glance.now });
        }
        if self.preview.is_blank() && self.listed.size > 0 {
            self.preview.more(desk);
        }
    }

    /// Fetches it anew.
    pub(super) fn refresh(&mut self, desk: &mut Desk<'_>) {
        self.call_off(desk);
        self.facts = None;
        self.preview = Preview::new(self.name.clone(), None);
        self.ask(desk);
    }

    /// Calls off what is asked. Whether anything was.
    pub(super) fn call_off(&mut self, desk: &mut Desk<'_>) -> bool {
        let asked = self.facts_asked.take();
        if let Some(asked) = asked {
            desk.call_off(asked.ticket);
        }
        self.preview.call_off(desk) | asked.is_some()
    }

    /// What is asked.
    pub(super) fn tickets(&self) -> impl Iterator<Item = Ticket> {
        self.facts_asked.into_iter().chain(self.preview.asked).map(|asked| asked.ticket)
    }

    /// What is under way.
    pub(super) fn waits(&self) -> Option<Asked> {
        self.facts_asked.or(self.preview.asked)
    }

    /// Takes an answer, where it is to a question of this object's.
    pub(super) fn answer(&mut self, ticket: Ticket, answer: &mut Option<Result<Answer, Trouble>>, desk: &mut Desk<'_>) {
        let is = |asked: Option<Asked>| asked.is_some_and(|asked| asked.ticket == ticket);
        if is(self.facts_asked) {
            self.facts_asked = None;
            match answer.take() {
                Some(Ok(Answer::Object(facts))) => {
                    self.preview.typed(&facts.content_type);
                    self.listed.size = facts.size;
                    self.facts = Some(*facts);
                    if self.preview.is_blank() && self.listed.size > 0 && self.preview.trouble.is_none() {
                        self.preview.more(desk);
                    }
                }
                Some(Err(trouble)) => self.facts_trouble = Some(trouble),
                _ => {}
            }
        } else if is(self.preview.asked)
            && let Some(answer) = answer.take()
        {
            self.preview.answer(answer, desk);
        }
    }

    /// Does what `action` says. Whether it does something here.
    pub(super) fn act(&mut self, action: Action, desk: &mut Desk<'_>) -> bool {
        match (action, self.part) {
            (Action::Next | Action::Previous, _) => {
                self.part = if self.part == Part::About { Part::Preview } else { Part::About };
                true
            }
            (Action::More | Action::PreviousMatch | Action::Left | Action::Right, _) | (_, Part::Preview) => {
                self.preview.act(action, desk)
            }
            (action, Part::About) => self.about.act(action),
        }
    }

    /// Opens the selected row of the preview, where it is one that opens.
    pub(super) fn open(&self) -> Option<Opened> {
        if self.part == Part::Preview { self.preview.open() } else { None }
    }

    /// Scrolls the pane at this place, of those in `area`. Whether there is one.
    pub(super) fn focus(&mut self, area: Rect, at: (u16, u16)) {
        if let [Some(about), Some(preview)] = self.places(area) {
            let is_in = |place: Rect| place.contains(at.into());
            if is_in(about) {
                self.part = Part::About;
            } else if is_in(preview) {
                self.part = Part::Preview;
            }
        }
    }

    /// The places of what is known of it, and of what it holds: below each other, or one of them where there is little room.
    fn places(&self, area: Rect) -> [Option<Rect>; 2] {
        if area.height < 26 {
            return match self.part {
                Part::Preview => [None, Some(area)],
                Part::About => [Some(area), None],
            };
        }
        let wanted = u16::try_from(self.about.len() + 2).unwrap_or(u16::MAX).max(7).min(area.height * 2 / 5);
        let [about, preview] = split_rows(area, wanted);
        [Some(about), Some(preview)]
    }

    pub(super) fn arrange(&mut self, area: Rect, glance: &Glance) {
        let look = glance.look;
        self.about.replace(self.blocks(glance));
        // How many rows it has hangs on its width, and its height on how many they are.
        self.about.arrange(inside(area), look);
        let [about, preview] = self.places(area);
        if let Some(place) = about {
            self.about.arrange(inside(place), look);
        }
        self.preview.arrange(inside(preview.unwrap_or(area)), look);
    }

    fn blocks(&self, glance: &Glance) -> Vec<Block> {
        let look = glance.look;
        let mut facts = self.known(glance);
        let Some(more) = &self.facts else {
            let mut blocks = paint::facts(&facts, Role::Plain, 10, look);
            if let Some(trouble) = &self.facts_trouble {
                blocks.extend([Block::blank(), Block::say(Role::Bad, &trouble.to_string(), look)]);
                blocks.push(Block::say(Role::Dim, "r tries again", look));
            }
            return blocks;
        };
        if !more.content_type.is_empty() {
            facts.push(("Type".to_owned(), more.content_type.clone()));
        }
        // What the listing says already.
        let said = |name: &str| match name.to_ascii_lowercase().as_str() {
            "last-modified" => self.listed.modified.is_some(),
            "x-amz-version-id" => self.name.version.is_some(),
            "x-amz-storage-class" => !self.listed.class.is_empty(),
            _ => false,
        };
        facts.extend(more.headers.iter().filter(|(name, _)| !said(name)).cloned());
        let tags = more.tags.as_deref().unwrap_or_default();
        let names =
            facts.iter().chain(&more.metadata).chain(tags).map(|(name, _)| width(name)).max().unwrap_or_default();
        let names = names.clamp(10, 28);
        let mut blocks = paint::facts(&facts, Role::Plain, names, look);
        for (title, pairs) in [("Metadata", more.metadata.as_slice()), ("Tags", tags)] {
            if !pairs.is_empty() {
                blocks.extend([Block::blank(), Block::say(Role::Heading, title, look)]);
                blocks.extend(paint::facts(pairs, Role::Text, names, look));
            }
        }
        if more.tags.is_none() {
            blocks.extend([Block::blank(), Block::say(Role::Dim, "Tags could not be read", look)]);
        }
        blocks
    }

    /// What is known of it before anything is asked.
    fn known(&self, glance: &Glance) -> Vec<(String, String)> {
        let mut facts = Vec::new();
        let mut add = |name: &str, value: String| facts.push((name.to_owned(), value));
        add("Key", self.name.key.clone());
        if let Some(version) = &self.name.version {
            let current = if self.listed.latest { " (current)" } else { "" };
            add("Version", format!("{version}{current}"));
        }
        if !self.is_marker() {
            let size = self.listed.size;
            let exact = if size >= 1024 { format!(" ({} bytes)", paint::count(size)) } else { String::new() };
            add("Size", format!("{}{exact}", time::bytes(size)));
        }
        if let Some(modified) = self.listed.modified {
            add("Modified", time::full(modified, glance.offset));
        }
        if !self.listed.class.is_empty() && !self.is_marker() {
            add("Class", self.listed.class.clone());
        }
        facts
    }

    /// Draws it; `hint` says what can be done where nothing was asked yet.
    pub(super) fn draw(&self, area: Rect, buffer: &mut Buffer, glance: &Glance, front: bool, hint: &str) {
        let look = glance.look;
        let [about, preview] = self.places(area);
        let alone = about.is_none() || preview.is_none();
        if let Some(place) = about {
            let note = if alone { "Tab: preview".to_owned() } else { String::new() };
            let title = if alone { self.title(look) } else { "Metadata".to_owned() };
            let pane = Pane { title, note, front: front && self.part == Part::About };
            let inner = pane.draw(place, buffer, look);
            self.about.draw(inner, buffer, look, front && self.part == Part::About);
        }
        if let Some(place) = preview {
            let mut note = self.preview.note(look);
            if alone && !self.is_marker() {
                let dot = if note.is_empty() { String::new() } else { format!(" {} ", look.signs().dot) };
                note = format!("{}{dot}{note}", time::bytes(self.listed.size));
            }
            let title = self.title(look);
            let pane = Pane { title, note, front: front && self.part == Part::Preview };
            let inner = pane.draw(place, buffer, look);
            self.draw_preview(inner, buffer, glance, front && self.part == Part::Preview, hint);
        }
    }

    fn title(&self, look: Look) -> String {
        let name = self.name.key.trim_end_matches('/');
        let name = name.rsplit_once('/').map_or(name, |(_, name)| name);
        match &self.name.version {
            Some(version) => format!("{name} {} {version}", look.signs().dot),
            None => name.to_owned(),
        }
    }

    fn draw_preview(&self, area: Rect, buffer: &mut Buffer, glance: &Glance, front: bool, hint: &str) {
        let look = glance.look;
        if !self.preview.is_blank() {
            self.preview.draw(area, buffer, look, front);
        } else if self.is_marker() {
            let what = if self.listed.latest {
                "The object is deleted: D takes this marker away, and the version below is current again."
            } else {
                "Here the object was deleted for a while."
            };
            paint::say(area, buffer, look, &[(Role::Warning, "A delete marker"), (Role::Plain, what)]);
        } else if let Some(trouble) = &self.preview.trouble {
            paint::trouble(trouble, area, buffer, look, "r tries again, Esc goes back");
        } else if self.listed.size == 0 {
            paint::say(area, buffer, look, &[(Role::Dim, "Empty: it holds no byte.")]);
        } else if let Some(asked) = self.waits() {
            paint::wait("fetching", asked, area, buffer, glance);
        } else {
            paint::say(area, buffer, look, &[(Role::Dim, hint)]);
        }
    }
}
