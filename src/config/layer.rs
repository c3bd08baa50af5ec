//! One source's values, and the stack of them.

use std::collections::BTreeMap;

use super::error::ConfigError;
use super::key::Key;
use super::raw::{FromRaw, Raw};
use super::setting::{Setting, Source};

/// A value as it was found.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) raw: Raw,
    pub(super) source: Source,
}

impl Entry {
    /// The value as a `T`; the error names the place.
    pub(super) fn read<T: FromRaw>(&self) -> Result<Setting<T>, ConfigError> {
        match T::from_raw(&self.raw) {
            Ok(value) => Ok(Setting { value, source: self.source.clone() }),
            Err(message) => Err(ConfigError::Value { source_of: self.source.clone(), message }),
        }
    }
}

/// The values of one source.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer(BTreeMap<Key, Entry>);

impl Layer {
    /// Sets `key`; the first value of a layer stays.
    pub(super) fn offer(&mut self, key: Key, raw: Raw, source: Source) {
        self.0.entry(key).or_insert(Entry { raw, source });
    }

    pub(super) fn get(&self, key: Key) -> Option<&Entry> {
        self.0.get(&key)
    }

    pub(super) fn remove(&mut self, key: Key) {
        self.0.remove(&key);
    }

    pub(super) fn keys(&self) -> Vec<Key> {
        self.0.keys().copied().collect()
    }
}

/// Layers in falling order of precedence.
#[derive(Debug, Clone)]
pub(super) struct Stack<'a>(pub(super) Vec<&'a Layer>);

impl Stack<'_> {
    /// The value of the highest layer that has one of `keys`; within a layer the first key wins.
    pub(super) fn first<T: FromRaw>(&self, keys: &[Key]) -> Result<Option<Setting<T>>, ConfigError> {
        self.0.iter().find_map(|layer| keys.iter().find_map(|key| layer.get(*key))).map(Entry::read).transpose()
    }

    pub(super) fn get<T: FromRaw>(&self, key: Key) -> Result<Option<Setting<T>>, ConfigError> {
        self.first(&[key])
    }

    pub(super) fn or<T: FromRaw>(&self, key: Key, default: T) -> Result<Setting<T>, ConfigError> {
        Ok(self.get(key)?.unwrap_or_else(|| Setting::default_of(default)))
    }
}
