//! The stored data for the dashboard: what it asks, answered by the SDK clients.
//!
//! Everything passes the door of the tool calls ([`Bridge::perform`](crate::mcp::Bridge)): the mode in force may refuse it,
//! and it is recorded under the name of the tool that does the same. Reads of the local emulator alone are not recorded:
//! looking at data would push everybody else's calls out of the journal.

mod asked;
mod buckets;
mod bytes;
mod calls;
mod delete;
mod files;
mod filter;
mod items;
mod keys;
mod object;
mod objects;
mod plan;
mod presign;
mod reach;
mod stream;
mod tables;
mod transfer;
mod trouble;
mod write;

use std::sync::{Arc, PoisonError, RwLock};

use footbridge_tui::Data;
use footbridge_tui::ask::{Answer, Ask, Trouble, Watch};
use tokio::runtime::Handle;

use asked::Asked;
use reach::Reach;
pub(super) use trouble::ours;

use super::{Approvals, Places, Sessions};
use crate::mcp;

/// The data behind this process's clients.
pub struct Stored {
    runtime: Handle,
    /// As of the region that is looked at now.
    reach: RwLock<Arc<Reach>>,
    /// Where recorded calls stand.
    places: Places,
    sessions: Option<Sessions>,
    approvals: Option<Approvals>,
}

impl Stored {
    /// The data that a bridge of these options and this client for DynamoDB Streams reach. Asked of threads of their own, since
    /// each waits for what is done on `runtime`.
    #[must_use]
    pub fn new(options: mcp::Options, streams: aws_sdk_dynamodbstreams::Client, runtime: Handle) -> Self {
        let reach = RwLock::new(Arc::new(Reach::new(options, streams)));
        Self { runtime, reach, places: Places::default(), sessions: None, approvals: None }
    }

    /// With the calls whose rows have these places, with what runs, and with what waits for a person.
    #[must_use]
    pub fn with(self, places: Places, sessions: Sessions, approvals: Approvals) -> Self {
        Self { places, sessions: Some(sessions), approvals: Some(approvals), ..self }
    }

    fn reach(&self) -> Arc<Reach> {
        Arc::clone(&self.reach.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn look_at(&self, region: &str) -> Result<Answer, Trouble> {
        let there = self.reach().in_region(region)?;
        *self.reach.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(there);
        Ok(Answer::Done(format!("this is {region}")))
    }
}

impl Data for Stored {
    fn answer(&self, ask: &Ask, watch: &Watch) -> Result<Answer, Trouble> {
        let reach = self.reach();
        let asked = Asked::new(&reach, watch);
        match ask {
            Ask::Region(name) => self.look_at(name),
            Ask::Buckets { after } => self.runtime.block_on(buckets::page(&asked, after.as_deref())),
            Ask::Objects { bucket, prefix, after } => {
                self.runtime.block_on(objects::page(&asked, bucket, prefix, after.as_deref()))
            }
            Ask::Versions { bucket, prefix, after } => {
                self.runtime.block_on(objects::versions(&asked, bucket, prefix, after.as_deref()))
            }
            Ask::Object(name) => self.runtime.block_on(object::facts(&asked, name)),
            Ask::Bytes { object, from, length } => self.runtime.block_on(bytes::some(&asked, object, *from, *length)),
            Ask::Tables { after } => self.runtime.block_on(tables::page(&asked, after.as_deref())),
            Ask::Table(name) => self.runtime.block_on(tables::facts(&asked, name)),
            Ask::Items(read) => self.runtime.block_on(items::page(&asked, read)),
            Ask::Download { object, to } => self.runtime.block_on(transfer::download(&asked, object, to)),
            Ask::Upload { from, bucket, key, over } => {
                self.runtime.block_on(transfer::upload(&asked, from, (bucket, key), over.as_deref()))
            }
            Ask::Presign { object, put, seconds } => {
                self.runtime.block_on(presign::url(&asked, object, *put, *seconds))
            }
            Ask::DeleteObjects(names) => self.runtime.block_on(delete::objects(&asked, names)),
            Ask::Write { table, seen, item } => {
                self.runtime.block_on(write::item(&asked, table, seen.as_ref(), item.as_ref()))
            }
            Ask::Stream { table, after } => self.runtime.block_on(stream::follow(&asked, table, after.as_deref())),
            Ask::Save { to, text } => files::save(to, text),
            Ask::Call(place) => calls::one(&self.places, *place),
            Ask::SaveCalls { places, to, format } => calls::save(&self.places, places, to, *format, watch),
            Ask::Replay(place) => self.runtime.block_on(calls::replay(&reach.bridge, &self.places, *place)),
            Ask::Sessions => match &self.sessions {
                Some(sessions) => Ok(Answer::Sessions(Box::new(self.runtime.block_on(sessions.look())))),
                None => Err(trouble::ours("not_known", "what runs is not known here")),
            },
            Ask::Decide { request, decision } => match &self.approvals {
                Some(approvals) => approvals.decide(request, decision),
                None => Err(trouble::ours("not_known", "what waits is not known here")),
            },
        }
    }
}
