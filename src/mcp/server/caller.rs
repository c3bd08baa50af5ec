//! Who sends a request.

use rmcp::RoleServer;
use rmcp::service::RequestContext;

use super::handler::Server;
use crate::mcp::authorizer::{Caller, Client};
use crate::mcp::host::Host;

impl<H: Host> Server<H> {
    /// Who sends this request, as it calls itself.
    pub(super) fn caller(&self, context: &RequestContext<RoleServer>) -> Caller {
        let (name, version) = match context.client_info() {
            Some(client) => {
                self.host.met(format!("{} {}", client.name, client.version).trim());
                (client.name, client.version)
            }
            None => ("unknown".to_owned(), String::new()),
        };
        Caller::Client(Client { name, version, session: self.session, principal: None })
    }
}
