//! The transport: what the protocol's library gets to see, and what is answered before it.

use std::collections::{HashSet, VecDeque};
use std::io;
use std::sync::Arc;

use rmcp::RoleServer;
use rmcp::model::{
    ClientNotification, ClientRequest, ErrorCode, GetMeta as _, JsonRpcMessage, ProtocolVersion, RequestId,
    ServerResult,
};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::batch::Batch;
use super::judge::{self, Fault};
use super::output::Output;
use super::params;
use super::reader::{Line, Reader};

/// The most messages on one line.
const BATCH: usize = 1000;
/// How many answers of ours may be on their way before the next line is read.
const UNDER_WAY: usize = 64;

type Message = RxJsonRpcMessage<RoleServer>;

/// JSON-RPC messages, one a line.
pub(in crate::mcp) struct Lines<R, W> {
    input: Reader<R>,
    output: Arc<Mutex<Option<Output<W>>>>,
    /// Answers of ours on their way out.
    replies: JoinSet<()>,
    /// What was read and is to be handed over.
    ready: VecDeque<Message>,
    /// Requests that were handed over and have no answer yet.
    open: HashSet<RequestId>,
    batches: Vec<Batch>,
    session: Session,
    /// Is told that the client has closed its side.
    gone: CancellationToken,
}

/// How far the session is.
struct Session {
    supported: Vec<ProtocolVersion>,
    begun: bool,
    /// The revision that `initialize` settled on.
    revision: Option<ProtocolVersion>,
}

impl<R, W> Lines<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    /// Messages from `reader` and to `writer`. A session may begin with any of the `supported` revisions; `gone` is told when
    /// the client has closed its side.
    pub(in crate::mcp) fn new(reader: R, writer: W, supported: Vec<ProtocolVersion>, gone: CancellationToken) -> Self {
        Self {
            input: Reader::new(reader),
            output: Arc::new(Mutex::new(Some(Output::new(writer)))),
            replies: JoinSet::new(),
            ready: VecDeque::new(),
            open: HashSet::new(),
            batches: Vec::new(),
            session: Session { supported, begun: false, revision: None },
            gone,
        }
    }

    /// Sends a line without waiting for it: the caller may be dropped while the client does not read.
    fn reply(&mut self, line: Vec<u8>) {
        let output = Arc::clone(&self.output);
        self.replies.spawn(async move {
            if let Some(output) = output.lock().await.as_mut()
                && let Err(error) = output.write(&line).await
            {
                tracing::error!(%error, "an answer was not sent");
            }
        });
    }

    /// Takes in the line that was read: as messages for the library, or as answers of ours.
    fn take_in(&mut self, line: Line) {
        let bytes = self.input.bytes();
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let fault = match line {
            Line::Long => judge::long(bytes, self.input.tail()),
            Line::Whole if bytes.iter().all(u8::is_ascii_whitespace) => return,
            Line::Whole => match serde_json::from_slice::<Message>(bytes) {
                Ok(message) => {
                    let raw = params::is_bare_list(&message).then(|| serde_json::from_slice(bytes).ok()).flatten();
                    match self.admit(message, raw.as_ref()) {
                        Ok(message) => return self.ready.extend(message),
                        Err(fault) => Some(fault),
                    }
                }
                Err(_) => match serde_json::from_slice::<Value>(bytes) {
                    Ok(Value::Array(messages)) if !messages.is_empty() => return self.take_batch(messages),
                    Ok(value) => judge::no_message(&value),
                    Err(error) => judge::unreadable(bytes, &error, "A message is one line of JSON in UTF-8"),
                },
            },
        };
        if let Some(fault) = fault {
            self.reply(fault.line());
        } else {
            tracing::debug!("a line that asks for no answer was not understood");
        }
    }

    fn take_batch(&mut self, messages: Vec<Value>) {
        let allowed = self.session.revision == Some(ProtocolVersion::V_2025_03_26);
        if messages.len() > BATCH {
            let words = format!("a line has at most {BATCH} messages");
            self.reply(Fault::new(Value::Null, ErrorCode::INVALID_REQUEST, &words).line());
            return;
        }
        let mut batch = Batch::default();
        for value in messages {
            let message = match serde_json::from_value::<Message>(value.clone()) {
                Ok(JsonRpcMessage::Request(request)) if !allowed => {
                    let words = "several messages on one line are for sessions of revision 2025-03-26 alone: send each \
                                 on a line of its own";
                    let id = request.id.into_json_value();
                    self.reply(Fault::new(id, ErrorCode::INVALID_REQUEST, words).line());
                    continue;
                }
                Ok(message) => self.admit(message, Some(&value)),
                Err(_) => match judge::no_message(&value) {
                    Some(fault) => Err(fault),
                    None => continue,
                },
            };
            match message {
                Ok(Some(JsonRpcMessage::Request(request))) => {
                    batch.expect(request.id.clone());
                    self.ready.push_back(JsonRpcMessage::Request(request));
                }
                Ok(other) => {
                    // It may have cancelled a request that stands before it on this line.
                    batch.settle_closed(&self.open);
                    self.ready.extend(other);
                }
                Err(fault) if allowed => batch.answer(fault.message()),
                Err(fault) => self.reply(fault.line()),
            }
        }
        if let Some(line) = batch.line() {
            self.reply(line);
        }
        if !batch.is_over() {
            self.batches.push(batch);
        }
    }

    /// Lets a message pass to the library, drops it (`None`), or says how it is answered here. `raw` is the message as it
    /// came.
    fn admit(&mut self, message: Message, raw: Option<&Value>) -> Result<Option<Message>, Fault> {
        match message {
            JsonRpcMessage::Request(mut request) => {
                let id = || request.id.clone().into_json_value();
                if let Some(words) = params::fault(&request.request, raw) {
                    return Err(Fault::new(id(), ErrorCode::INVALID_PARAMS, &words));
                }
                if self.open.contains(&request.id) {
                    let words = "a request with this id has no answer yet: give each request an id of its own";
                    return Err(Fault::new(id(), ErrorCode::INVALID_REQUEST, words));
                }
                if !self.session.admits(&mut request.request) {
                    let words = "the session has not begun: send `initialize` first, or give every request the `_meta` \
                                 of revision 2026-07-28";
                    return Err(Fault::new(id(), ErrorCode::INVALID_REQUEST, words));
                }
                self.open.insert(request.id.clone());
                Ok(Some(JsonRpcMessage::Request(request)))
            }
            JsonRpcMessage::Notification(notification) => {
                if let ClientNotification::CancelledNotification(cancelled) = &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    self.give_up(id);
                }
                Ok(Some(JsonRpcMessage::Notification(notification)).filter(|_| self.session.begun))
            }
            other => Ok(Some(other).filter(|_| self.session.begun)),
        }
    }

    /// Expects no answer to a request any more: a cancelled one gets none.
    fn give_up(&mut self, id: &RequestId) {
        if self.open.remove(id)
            && let Some(at) = self.batches.iter_mut().position(|batch| batch.settle(id))
        {
            self.send_batch(at).into_iter().for_each(|line| self.reply(line));
        }
    }

    /// The line of a batch that has all its answers.
    fn send_batch(&mut self, at: usize) -> Option<Vec<u8>> {
        let batch = self.batches.get_mut(at)?;
        let line = batch.line();
        if batch.is_over() {
            self.batches.swap_remove(at);
        }
        line
    }

    /// What goes out for a message of the library's: a line, or nothing yet.
    fn outgoing(&mut self, item: &TxJsonRpcMessage<RoleServer>) -> serde_json::Result<Option<Vec<u8>>> {
        let id = match item {
            JsonRpcMessage::Response(response) => {
                if let ServerResult::InitializeResult(result) = &response.result {
                    self.session.revision = Some(result.protocol_version.clone());
                }
                Some(&response.id)
            }
            JsonRpcMessage::Error(error) => error.id.as_ref(),
            _ => None,
        };
        if let Some(id) = id {
            self.open.remove(id);
            if let Some(at) = self.batches.iter_mut().position(|batch| batch.settle(id)) {
                if let Some(batch) = self.batches.get_mut(at) {
                    batch.answer(serde_json::to_value(item)?);
                }
                return Ok(self.send_batch(at));
            }
        }
        let mut line = serde_json::to_vec(item)?;
        line.push(b'\n');
        Ok(Some(line))
    }
}

impl Session {
    /// Whether a request may come now; the first that begins a session begins it.
    fn admits(&mut self, request: &mut ClientRequest) -> bool {
        if self.begun {
            return true;
        }
        match request {
            ClientRequest::InitializeRequest(_) => {
                self.begun = true;
                true
            }
            ClientRequest::PingRequest(_) => true,
            request => {
                let meta = request.get_meta_mut();
                let Some(version) = meta.protocol_version() else { return false };
                // The library answers what is wrong with the rest of it, and the session has not begun then.
                let whole = meta.missing_required_keys(&ProtocolVersion::V_2026_07_28).is_empty();
                let only_asks = matches!(request, ClientRequest::DiscoverRequest(_));
                self.begun = whole && !only_asks && self.supported.contains(&version);
                true
            }
        }
    }
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let line = self.outgoing(&item);
        let output = Arc::clone(&self.output);
        async move {
            let Some(line) = line? else { return Ok(()) };
            match output.lock().await.as_mut() {
                Some(output) => output.write(&line).await,
                None => Err(io::ErrorKind::NotConnected.into()),
            }
        }
    }

    async fn receive(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Some(message);
            }
            while self.replies.len() >= UNDER_WAY {
                self.replies.join_next().await;
            }
            while self.replies.try_join_next().is_some() {}
            match self.input.next().await {
                Ok(Some(line)) => self.take_in(line),
                end => {
                    if let Err(error) = end {
                        tracing::error!(%error, "the input cannot be read");
                    }
                    self.gone.cancel();
                    // A session that has not begun is dropped without being closed.
                    while self.replies.join_next().await.is_some() {}
                    return None;
                }
            }
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        while self.replies.join_next().await.is_some() {}
        match self.output.lock().await.take() {
            Some(output) => output.close().await,
            None => Ok(()),
        }
    }
}
