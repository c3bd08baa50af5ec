//! The tools as a person reads of them in a shell: all of them, whatever is configured and without any data.

use serde_json::{Map, Value};

use super::tool::{AnyTool, Kind};
use super::tools;

/// A tool, for people.
#[allow(missing_debug_implementations, reason = "a tool has nothing to show but its name")]
pub struct About(Box<dyn AnyTool>);

/// All tools, in the order in which they are listed.
pub fn all_tools() -> impl Iterator<Item = About> {
    tools::every().into_iter().map(About)
}

impl About {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    /// What it does, in a sentence or two.
    #[must_use]
    pub fn description(&self) -> &'static str {
        self.0.description()
    }

    /// What it does to what is stored.
    #[must_use]
    pub fn effect(&self) -> &'static str {
        match self.0.kind() {
            Kind::Reads => "reads",
            Kind::Adds => "adds, and replaces nothing",
            Kind::Replaces | Kind::Changes => "may replace or delete what is stored",
        }
    }

    /// The JSON schema of its parameters.
    #[must_use]
    pub fn parameters(&self) -> Map<String, Value> {
        self.0.parameters()
    }

    /// The arguments of a call that works where the bucket `media` holds `a.txt` and `docs/1.json`, the table `orders` items with
    /// the keys `{"pk": "a"}` and `{"pk": "b"}` and a `total`, and the working directory the items `orders.json` and the folder
    /// `site`: a JSON object.
    #[must_use]
    pub fn example(&self) -> &'static str {
        self.0.example()
    }
}
