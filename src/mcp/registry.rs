//! The tools of a bridge.

use std::sync::Arc;

use super::context::Context;
use super::targets;
use super::tool::{AnyTool, Kind, Tier};
use super::tools;
use crate::config::{Mode, Offered};

/// The tools, and the definitions of those that are offered; made once.
pub(super) struct Registry {
    tools: Vec<Box<dyn AnyTool>>,
    definitions: Vec<rmcp::model::Tool>,
}

impl Registry {
    pub(super) fn new(context: &Context) -> Self {
        let tools = tools::every();
        let names = targets::names(&context.target.name, &context.beside);
        let definitions = tools
            .iter()
            .filter(|tool| is_offered(tool.as_ref(), context))
            .filter_map(|tool| tool.definition(context))
            .map(|mut tool| {
                targets::told(Arc::make_mut(&mut tool.input_schema), &names);
                tool
            })
            .collect();
        Self { tools, definitions }
    }

    /// What clients are told: the tools that are offered and can work.
    pub(super) fn definitions(&self) -> &[rmcp::model::Tool] {
        &self.definitions
    }

    /// Those of the setting `tools` that are the name of none.
    pub(super) fn unknown(&self, offered: &Offered) -> Vec<String> {
        let names: Vec<_> = self.tools.iter().map(|tool| tool.name()).collect();
        offered.unknown(&names).into_iter().map(str::to_owned).collect()
    }

    /// The tool of this name, offered or not: one that cannot work says why.
    pub(super) fn find(&self, name: &str) -> Option<&dyn AnyTool> {
        self.tools.iter().find(|tool| tool.name() == name).map(AsRef::as_ref)
    }
}

/// Whether clients are told of a tool: it was asked for, and the modes of all targets do not rule it out for good.
pub(super) fn is_offered(tool: &dyn AnyTool, context: &Context) -> bool {
    let modes = context.beside.iter().map(|other| other.mode);
    let rare = match tool.tier() {
        Tier::Usual => false,
        Tier::Rare => true,
        Tier::Between => context.beside.is_empty(),
    };
    may_run(tool, modes.fold(context.mode, Mode::max))
        && context.offered.has(tool.name(), tool.kind() == Kind::Reads, rare)
}

/// Whether a mode lets some call of a tool run, once a person is asked.
pub(super) fn may_run(tool: &dyn AnyTool, mode: Mode) -> bool {
    mode != Mode::ReadOnly || tool.runs_read_only()
}
