//! `footbridge.toml`: text to a layer and identities, each with its line.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::key::Key;
use super::layer::Layer;
use super::raw::Raw;
use super::setting::{Secret, Setting, Source, shown_path};
use super::target::{self, Table, TargetName};
use super::value::Identity;
use crate::near::nearest;

/// The file's name in the working directory and in the user's configuration directory.
pub(super) const NAME: &str = "footbridge.toml";

const TARGET: &str = "target";
const IDENTITY: &str = "identity";
const IDENTITY_KEYS: [&str; 5] = ["key", "secret", "account", "canonical_id", "display_name"];

/// What a file says.
#[derive(Debug, Clone, Default)]
pub(super) struct Parsed {
    pub(super) layer: Layer,
    pub(super) identities: Vec<Setting<Identity>>,
    pub(super) targets: Vec<Table>,
}

/// Reads `text`, which is the contents of `path`.
pub(super) fn parse(path: &Path, text: &str) -> Result<Parsed, ConfigError> {
    let file = File { path, text };
    let root =
        DeTable::parse(text).map_err(|error| file.syntax(error.span().unwrap_or(0..0), error.message().to_owned()))?;
    let mut parsed = Parsed::default();
    file.table("", root.get_ref(), &mut parsed)?;
    Ok(parsed)
}

struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

impl File<'_> {
    fn table(&self, prefix: &str, table: &DeTable<'_>, parsed: &mut Parsed) -> Result<(), ConfigError> {
        for (key, value) in table {
            let name = format!("{prefix}{}", key.get_ref());
            if name == IDENTITY {
                parsed.identities = self.identities(value)?;
            } else if name == TARGET {
                parsed.targets = self.targets(value)?;
            } else if let Some(known) = Key::by_name(&name)
                && !value.get_ref().is_table()
            {
                parsed.layer.offer(known, self.raw(&name, value)?, self.source(&name, key.span()));
            } else if let Some(inner) = value.get_ref().as_table()
                && Key::ALL.iter().any(|known| known.name().starts_with(&format!("{name}.")))
            {
                self.table(&format!("{name}."), inner, parsed)?;
            } else {
                let names = Key::ALL.iter().map(|known| known.name()).chain([IDENTITY, TARGET]);
                return Err(self.unknown(&name, key.span(), names));
            }
        }
        Ok(())
    }

    fn raw(&self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<Raw, ConfigError> {
        let refuse = || {
            let kind = value.get_ref().type_str();
            Err(self.syntax(value.span(), format!("`{name}` does not take this {kind}")))
        };
        match value.get_ref() {
            DeValue::String(text) => Ok(Raw::Text(text.to_string())),
            DeValue::Boolean(value) => Ok(Raw::Bool(*value)),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map(Raw::Int).or_else(|_| refuse())
            }
            DeValue::Array(values) => {
                let texts: Option<Vec<String>> =
                    values.iter().map(|value| value.get_ref().as_str().map(str::to_owned)).collect();
                texts.map_or_else(refuse, |texts| Ok(Raw::List(texts)))
            }
            DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_) => refuse(),
        }
    }

    fn targets(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<Table>, ConfigError> {
        let Some(tables) = value.get_ref().as_table() else {
            let message = "write `[target.NAME]` for each target, and `default_target` for the one that is meant where none is named";
            return Err(self.syntax(value.span(), message.to_owned()));
        };
        // As they stand in the file: the reader sorts them.
        let mut tables: Vec<_> = tables.iter().collect();
        tables.sort_by_key(|(name, _)| name.span().start);
        tables.into_iter().map(|(name, table)| self.target(name, table)).collect()
    }

    fn target(
        &self,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        table: &Spanned<DeValue<'_>>,
    ) -> Result<Table, ConfigError> {
        let span = name.span();
        let name: TargetName = name.get_ref().parse().map_err(|message| self.syntax(span.clone(), message))?;
        let Some(members) = table.get_ref().as_table() else {
            return Err(self.syntax(table.span(), format!("write `[{TARGET}.{name}]`, a table")));
        };
        let mut layer = Layer::default();
        for (key, value) in members {
            let said = format!("{TARGET}.{name}.{}", key.get_ref());
            let Some(known) = target::KEYS.into_iter().find(|known| known.name() == key.get_ref().as_ref()) else {
                return Err(self.unknown(key.get_ref(), key.span(), target::KEYS.map(Key::name)));
            };
            layer.offer(known, self.raw(&said, value)?, self.source(&said, key.span()));
        }
        Ok(Table { source: self.source(&format!("{TARGET}.{name}"), span), name, layer })
    }

    fn identities(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<Setting<Identity>>, ConfigError> {
        let Some(rows) = value.get_ref().as_array() else {
            return Err(self.syntax(value.span(), "write `[[identity]]`, once for each identity".to_owned()));
        };
        rows.iter().map(|row| self.identity(row)).collect()
    }

    fn identity(&self, row: &Spanned<DeValue<'_>>) -> Result<Setting<Identity>, ConfigError> {
        let Some(table) = row.get_ref().as_table() else {
            return Err(self.syntax(row.span(), "an identity is a table with `key` and `secret`".to_owned()));
        };
        for key in table.keys() {
            if !IDENTITY_KEYS.contains(&key.get_ref().as_ref()) {
                return Err(self.unknown(key.get_ref(), key.span(), IDENTITY_KEYS));
            }
        }
        let text = |name: &str| match table.get(name) {
            None => Ok(None),
            Some(value) => match value.get_ref().as_str() {
                Some(text) if !text.is_empty() => Ok(Some(text.to_owned())),
                _ => Err(self.syntax(value.span(), format!("an identity's `{name}` is text that is not empty"))),
            },
        };
        let needed =
            |name: &str| text(name)?.ok_or_else(|| self.syntax(row.span(), format!("an identity needs `{name}`")));
        let account = text("account")?.unwrap_or_else(|| "000000000000".to_owned());
        if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
            return Err(self.syntax(row.span(), "an identity's `account` is twelve digits".to_owned()));
        }
        let canonical_id = text("canonical_id")?;
        if canonical_id.as_ref().is_some_and(|id| id.len() != 64 || !id.bytes().all(|b| b.is_ascii_hexdigit())) {
            return Err(self.syntax(row.span(), "an identity's `canonical_id` is 64 hexadecimal digits".to_owned()));
        }
        let value = Identity {
            key: needed("key")?,
            secret: Secret::new(needed("secret")?),
            account,
            canonical_id,
            display_name: text("display_name")?,
        };
        Ok(Setting { value, source: self.source(IDENTITY, row.span()) })
    }

    fn line(&self, span: &Range<usize>) -> usize {
        1 + self.text.bytes().take(span.start).filter(|b| *b == b'\n').count()
    }

    fn source(&self, key: &str, span: Range<usize>) -> Source {
        Source::File { path: self.path.to_owned(), line: self.line(&span), key: key.to_owned() }
    }

    fn syntax(&self, span: Range<usize>, message: String) -> ConfigError {
        ConfigError::Syntax { path: self.path.to_owned(), line: self.line(&span), message }
    }

    fn unknown<'n>(&self, name: &str, span: Range<usize>, names: impl IntoIterator<Item = &'n str>) -> ConfigError {
        ConfigError::Unknown {
            place: format!("{}:{}", shown_path(self.path), self.line(&span)),
            what: "key",
            name: name.to_owned(),
            nearest: nearest(name, names).map(str::to_owned),
        }
    }
}
