//! Words of an enum, as models write them: AWS's own are in capitals, ours are not.

use serde::de::value::StringDeserializer;
use serde::{Deserialize, Deserializer};

/// Reads a word in any case of its letters. For an optional parameter, which is there whenever this is asked.
pub(crate) fn any_case<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let word = String::deserialize(deserializer)?.to_ascii_lowercase();
    T::deserialize(StringDeserializer::<D::Error>::new(word)).map(Some)
}
