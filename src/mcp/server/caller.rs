//! Who sends a request, and which session it belongs to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rmcp::RoleServer;
use rmcp::service::RequestContext;
use uuid::Uuid;

use super::handler::Server;
use crate::clock::Clock;
use crate::mcp::authorizer::{Caller, Client};
use crate::mcp::host::Host;
use crate::mcp::http::{Principal, SESSION};

/// How long a principal's requests without a session of the transport are one session, in milliseconds.
const HOUR: u64 = 60 * 60 * 1000;
/// The most principals that are known at a time.
const MOST: usize = 1000;

impl<H: Host> Server<H> {
    /// Who sends this request, as it calls itself; over HTTP also as it authenticated.
    pub(super) fn caller(&self, context: &RequestContext<RoleServer>) -> Caller {
        let (name, version) = match context.client_info() {
            Some(client) => {
                self.host.met(format!("{} {}", client.name, client.version).trim());
                (client.name, client.version)
            }
            None => ("unknown".to_owned(), String::new()),
        };
        let request = context.extensions.get::<http::request::Parts>();
        let principal = request.and_then(|request| request.extensions.get::<Principal>());
        let session = match (request, principal, &self.hours) {
            // What has no session of the transport is served by a server of its own.
            (Some(request), Some(principal), Some(hours)) if !request.headers.contains_key(SESSION) => {
                hours.session(principal)
            }
            _ => self.session,
        };
        Caller::Client(Client {
            name,
            version,
            session,
            principal: principal.map(|principal| principal.name().to_owned()),
        })
    }
}

/// The sessions of those who have none of the transport's: one a principal, for an hour from its first request.
#[derive(Debug)]
pub(in crate::mcp) struct Hours {
    clock: Arc<dyn Clock>,
    begun: Mutex<HashMap<Principal, (u64, Uuid)>>,
}

impl Hours {
    pub(in crate::mcp) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, begun: Mutex::default() }
    }

    fn session(&self, principal: &Principal) -> Uuid {
        let now = self.clock.millis();
        // A clock that went backwards ends an hour, too.
        let lasts = |begun: u64| now.checked_sub(begun).is_some_and(|since| since < HOUR);
        let mut hours = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((begun, session)) = hours.get(principal)
            && lasts(*begun)
        {
            return *session;
        }
        hours.retain(|_, (begun, _)| lasts(*begun));
        if hours.len() >= MOST
            && let Some(oldest) = hours.iter().min_by_key(|(_, hour)| **hour).map(|(principal, _)| principal.clone())
        {
            hours.remove(&oldest);
        }
        let session = Uuid::now_v7();
        hours.insert(principal.clone(), (now, session));
        session
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn a_principal_has_one_session_for_an_hour_and_its_own() {
        let clock = ManualClock::at_millis(10 * HOUR);
        let hours = Hours::new(Arc::new(clock.clone()));
        let (ann, bob) = (Principal::new("ann"), Principal::new("bob"));
        let first = hours.session(&ann);
        assert_ne!(hours.session(&bob), first);
        clock.advance(Duration::from_millis(HOUR - 1));
        assert_eq!(hours.session(&ann), first);
        clock.advance(Duration::from_millis(1));
        let second = hours.session(&ann);
        assert_ne!(second, first);
        clock.set_millis(5 * HOUR);
        assert_ne!(hours.session(&ann), second, "an hour does not last longer by a clock that is put back");
    }

    #[test]
    fn only_so_many_principals_are_known_and_the_oldest_begins_anew() {
        let clock = ManualClock::at_millis(HOUR);
        let hours = Hours::new(Arc::new(clock.clone()));
        let name = |number: usize| Principal::new(number.to_string());
        let sessions: Vec<Uuid> = (0..=MOST)
            .map(|number| {
                clock.advance(Duration::from_millis(1));
                hours.session(&name(number))
            })
            .collect();
        assert_eq!(hours.begun.lock().unwrap().len(), MOST);
        assert_eq!(hours.session(&name(MOST)), sessions[MOST]);
        assert_ne!(hours.session(&name(0)), sessions[0]);
    }
}
