//! The AWS calls that a tool call makes, collected by an interceptor inside the SDK clients.

use std::time::Instant;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut, BeforeTransmitInterceptorContextRef,
    FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};

use super::asked;
use super::current::{self, Current};
use crate::emulator::ToolCall;
use crate::emulator::access::Access;
use crate::journal::{AwsCall, milliseconds};

#[derive(Debug)]
struct Begun(Instant);

impl Storable for Begun {
    type Storer = StoreReplace<Self>;
}

/// What IAM asks of the call, read while its request is whole.
#[derive(Debug)]
struct Asks(Access);

impl Storable for Asks {
    type Storer = StoreReplace<Self>;
}

/// Does what only looks like an AWS call: presigning sends nothing, so there is nothing to record.
pub(crate) async fn unrecorded<F: Future>(work: F) -> F::Output {
    Current::default().scope(work).await
}

/// Adds each finished AWS call to the tool call at hand.
#[derive(Debug)]
pub(crate) struct CallRecorder;

impl Intercept for CallRecorder {
    fn name(&self) -> &'static str {
        "footbridge::CallRecorder"
    }

    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        cfg.interceptor_state().store_put(Begun(Instant::now()));
        Ok(())
    }

    fn read_after_serialization(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _runtime_components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let access = asked::of(context.request(), cfg);
        cfg.interceptor_state().store_put(Asks(access));
        Ok(())
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _runtime_components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(call) = current::tool_call() {
            // Our own connector takes it out again.
            context.request_mut().headers_mut().try_insert(ToolCall::HEADER, call.to_header())?;
        }
        Ok(())
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _runtime_components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (service, operation) =
            cfg.load::<Metadata>().map(|m| (m.service().to_owned(), m.name().to_owned())).unwrap_or_default();
        let response = context.response();
        let header = |name| response.and_then(|r| r.headers().get(name)).map(str::to_owned);
        let call = AwsCall {
            service: service.to_ascii_lowercase().replace(' ', ""),
            operation,
            status: response.map(|r| r.status().as_u16()),
            // Told by the tool's error, where this call was the cause of it.
            error: None,
            ms: milliseconds(cfg.load::<Begun>().map(|begun| begun.0.elapsed()).unwrap_or_default()),
            request_id: header("x-amzn-requestid").or_else(|| header("x-amz-request-id")),
            attempts: cfg.load::<RequestAttempts>().map_or(0, RequestAttempts::attempts),
            access: cfg.load::<Asks>().map(|asks| asks.0.clone()).unwrap_or_default(),
        };
        current::made(call);
        Ok(())
    }
}
