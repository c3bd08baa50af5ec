//! Which targets there are, and what each of them is: the one that the general keys describe, and each `[target.NAME]`
//! over it.
//!
//! A table outranks the environment: whoever says `dev` means what the table calls so, whatever a shell has exported.
//! Flags are about the chosen target. A table of an untrusted directory stands alone or lowers: where the person has one
//! of the same name, it can only take away.

use super::allowed::{AllowLists, Allowed};
use super::environment::{self, AwsEnvironment, StaticCredentials};
use super::error::ConfigError;
use super::inputs::Inputs;
use super::key::Key;
use super::layer::{Entry, Layer, Stack};
use super::project::{self, Chosen, Judge};
use super::raw::{HttpUrl, RegionName};
use super::setting::{Setting, Source, shown_value};
use super::sources::Files;
use super::target::{ACCOUNT, S3_LISTS, Table, TargetName};
use super::trust::Trust;
use super::value::{Backend, Mode, StoreName};
use crate::near::nearest;

const UNTIL: &str = "until `footbridge trust` is run here";

/// All that was found, before anybody is told what of it holds.
pub(super) struct Found<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) sources: Files,
    env: Layer,
    pub(super) dotenv: Layer,
    pub(super) trusted: bool,
}

/// One target's settings.
pub(super) struct Part {
    pub(super) name: TargetName,
    pub(super) backend: Setting<Backend>,
    pub(super) store: Option<Setting<StoreName>>,
    pub(super) region: Option<Setting<String>>,
    pub(super) profile: Option<Setting<String>>,
    pub(super) endpoint_url: Option<Setting<String>>,
    pub(super) mode: Setting<Mode>,
    pub(super) default_bucket: Option<Setting<String>>,
    pub(super) default_table: Option<Setting<String>>,
    pub(super) allowed: AllowLists,
    pub(super) aws: AwsEnvironment,
    /// The allow-lists of a table of the person's.
    own: Setting<Allowed>,
    /// Whether an untrusted directory chose whose data it is.
    chosen_by_others: bool,
}

/// The targets, and what the general keys say.
pub(super) struct Targets {
    /// The one that is meant where none is named.
    pub(super) chosen: Part,
    /// Who chose it.
    pub(super) choice: Option<Source>,
    pub(super) others: Vec<Part>,
    pub(super) general: Layers,
}

/// The tables of one name.
#[derive(Clone)]
struct Named<'a> {
    name: TargetName,
    /// Whether it is the target that the general keys describe.
    general: bool,
    /// A table of an untrusted directory.
    theirs: Option<&'a Table>,
    /// Tables of the person's, and of a directory that they trust; the highest first.
    own: Vec<&'a Table>,
}

/// What of each source holds for one target.
pub(super) struct Layers {
    flags: Layer,
    theirs: Layer,
    own: Vec<Layer>,
    env: Layer,
    dotenv: Layer,
    local: Layer,
    user: Layer,
    /// The untrusted table stands below the environment, as the rest of its file does.
    general: bool,
}

impl Layers {
    /// Its layers in falling order of precedence.
    pub(super) fn stack(&self) -> Stack<'_> {
        let theirs = |here: bool| Some(&self.theirs).filter(|_| here);
        let above = [&self.flags].into_iter().chain(theirs(!self.general)).chain(&self.own);
        let below = [&self.env, &self.dotenv].into_iter().chain(theirs(self.general)).chain([&self.local, &self.user]);
        Stack(above.chain(below).collect())
    }
}

/// What of each source holds, and whose credentials do.
struct View {
    layers: Layers,
    backend: Setting<Backend>,
    aws: AwsEnvironment,
    narrower: Vec<Setting<Allowed>>,
    /// Modes that an untrusted directory gives a target of the person's.
    lower: Vec<Layer>,
}

impl<'a> Found<'a> {
    pub(super) fn read(inputs: &'a Inputs) -> Result<Self, ConfigError> {
        let env = environment::layer(&inputs.env)?;
        let sources = Files::read(inputs)?;
        let dotenv = environment::dotenv_layer(&sources.dotenv)?;
        let trusted = sources.project.trust == Trust::Trusted;
        Ok(Self { inputs, sources, env, dotenv, trusted })
    }

    /// Whether an untrusted directory said it.
    fn theirs(&self, source: &Source) -> bool {
        !self.trusted && self.sources.are_of_project(source)
    }

    /// Resolves every target.
    pub(super) fn targets(&self, warnings: &mut Vec<String>) -> Result<Targets, ConfigError> {
        let (flags, local, user) = (&self.inputs.flags.layer, &self.sources.local.layer, &self.sources.user.layer);
        let all = Stack(vec![flags, &self.env, &self.dotenv, local, user]);
        let backend = all.or(Key::Backend, Backend::Local)?;
        let general = TargetName::of_backend(backend.value);
        let named = self.named(&general);
        let choice = self.choice(&all, &named, warnings)?;
        let chosen = choice.as_ref().map_or(&general, |choice| &choice.value);
        let mut parts = Vec::new();
        let mut layers = None;
        for tables in &named {
            let is_chosen = tables.name == *chosen;
            let by_backend =
                Some(&backend.source).filter(|_| tables.general && choice.is_none() && !tables.own.is_empty());
            let of_choice = choice.as_ref().map(|choice| &choice.source).or(by_backend);
            let of_choice = of_choice.filter(|source| is_chosen && self.theirs(source));
            // Flags were not meant for a target of the person's that somebody else chose.
            let flagged = is_chosen && (of_choice.is_none() || tables.own.is_empty());
            let view = if tables.general {
                // What is the same for all targets is said by flags too, whichever is chosen.
                layers = self.view(tables, true, warnings)?.map(|view| view.layers);
                self.view(tables, flagged, &mut Vec::new())?
            } else {
                self.view(tables, flagged, warnings)?
            };
            let Some(view) = view else { continue };
            let mut silent = Vec::new();
            let said = if is_chosen || !tables.general { &mut *warnings } else { &mut silent };
            parts.push(self.part(tables, view, of_choice, said)?);
        }
        limit(&mut parts);
        let place = parts.iter().position(|part| part.name == *chosen);
        let choice_holds = place.is_some();
        let place = match (place, &choice) {
            (Some(place), _) => place,
            (None, Some(choice)) if !self.theirs(&choice.source) => {
                let message = format!("the target {chosen} is not honoured {UNTIL}");
                return Err(ConfigError::Value { message, source_of: choice.source.clone() });
            }
            (None, _) => 0,
        };
        let chosen = parts.remove(place);
        let general = layers.ok_or_else(|| ConfigError::Conflict("there is no target".to_owned()))?;
        Ok(Targets {
            chosen,
            choice: choice.map(|choice| choice.source).filter(|_| choice_holds),
            others: parts,
            general,
        })
    }

    /// The targets by name: that of the general keys, those of the directory, those of the person.
    fn named(&self, general: &TargetName) -> Vec<Named<'_>> {
        let (project, user) = (&self.sources.local.targets, &self.sources.user.targets);
        let mut names = vec![general];
        for table in project.iter().chain(user) {
            if !names.contains(&&table.name) {
                names.push(&table.name);
            }
        }
        let of = |tables: &'_ [Table], name: &TargetName| tables.iter().position(|table| table.name == *name);
        let tables = |name: &TargetName| {
            let project = of(project, name).and_then(|at| project.get(at));
            let user = of(user, name).and_then(|at| user.get(at));
            Named {
                name: name.clone(),
                general: name == general,
                theirs: project.filter(|_| !self.trusted),
                own: project.filter(|_| self.trusted).into_iter().chain(user).collect(),
            }
        };
        names.into_iter().map(tables).collect()
    }

    /// The target that is meant where none is named, and who said so.
    fn choice(
        &self,
        all: &Stack<'_>,
        named: &[Named<'_>],
        warnings: &mut Vec<String>,
    ) -> Result<Option<Setting<TargetName>>, ConfigError> {
        let flags = &self.inputs.flags.layer;
        let Some(choice) = all.get::<TargetName>(Key::DefaultTarget)? else { return Ok(None) };
        let by_flag = flags.get(Key::DefaultTarget).is_some();
        if let Some(backend) = flags.get(Key::Backend) {
            if !by_flag {
                // Who names a backend means it, and not what a file calls the default.
                return Ok(None);
            }
            if named.iter().any(|tables| tables.name == choice.value && !tables.general) {
                let message =
                    format!("--target {} has a backend of its own: leave out {}", choice.value, backend.source);
                return Err(ConfigError::Conflict(message));
            }
        }
        if named.iter().any(|tables| tables.name == choice.value) {
            return Ok(Some(choice));
        }
        let there: Vec<_> = named.iter().map(|tables| tables.name.as_str()).collect();
        let near = nearest(choice.value.as_str(), there.iter().copied());
        let near = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
        let message = format!("there is no target `{}`{near}; there are {}", choice.value, there.join(", "));
        if self.theirs(&choice.source) {
            warnings.push(format!("{}: {message}", choice.source));
            let own = Stack(vec![flags, &self.env, &self.sources.user.layer]);
            return self.choice(&own, named, warnings);
        }
        Err(ConfigError::Value { source_of: choice.source, message })
    }

    /// What of each source holds for the target of these tables. `None` where an untrusted directory may not have it.
    fn view(
        &self,
        tables: &Named<'_>,
        is_chosen: bool,
        warnings: &mut Vec<String>,
    ) -> Result<Option<View>, ConfigError> {
        let trusted = self.trusted;
        let flags = if is_chosen { self.inputs.flags.layer.clone() } else { Layer::default() };
        let user = &self.sources.user.layer;
        let own: Vec<Layer> = tables.own.iter().map(|table| table.layer.clone()).collect();
        let mut theirs = tables.theirs.map(|table| table.layer.clone()).unwrap_or_default();
        let (mut dotenv, mut local) = (self.dotenv.clone(), self.sources.local.layer.clone());
        let persons = !own.is_empty() && !trusted;
        let mut lower = Vec::new();
        let mut narrower = Vec::new();
        if !trusted {
            for layer in [&mut theirs, &mut dotenv, &mut local] {
                narrower.push(lists(&Stack(vec![layer]))?);
                [S3_LISTS.as_slice(), &[Key::Tables]].concat().into_iter().for_each(|key| layer.remove(key));
            }
        }
        if persons {
            keep_what_lowers(tables, &mut theirs, warnings);
            for layer in [&mut dotenv, &mut local] {
                for key in ACCOUNT {
                    layer.remove(key);
                }
            }
        }
        let backend = self.backend(tables, &flags, &own, &theirs, &dotenv, &local)?;
        let of_tables = |key| own.iter().chain([&theirs]).find_map(|layer| layer.get(key));
        agree(tables, backend.value, of_tables)?;

        let profile_chosen = flags.get(Key::Profile).is_some()
            || of_tables(Key::Profile).is_some()
            || environment::is_set(&self.inputs.env, &Key::Profile.variable());
        // A person's own file is below `.env`, but strangers do not take the place of the profile that it names.
        let own_profile = user.get(Key::Profile).filter(|_| !trusted);
        let answered = profile_chosen || persons || environment::answers_credentials(&self.inputs.env);
        let pair = StaticCredentials::of_dotenv(&self.sources.dotenv).filter(|_| !answered);
        let outdone = own_profile.filter(|_| pair.is_some());
        let brought = pair.filter(|_| outdone.is_none());
        let person = Stack([&flags].into_iter().chain(&own).chain([&self.env, user]).collect());
        let judge = Judge { backend: backend.value, own_credentials: brought.is_some(), person };
        if tables.general && backend.value == Backend::Aws {
            project::warn_half_a_pair(&self.sources.dotenv, warnings);
            if let Some(own) = outdone {
                project::warn_outdone(&self.sources.dotenv, &own.source, warnings);
            }
        }
        if !trusted {
            // Keys of its own are asked with nothing else: a profile beside them would be another account's.
            for layer in [&mut dotenv, &mut local].into_iter().filter(|_| brought.is_some()) {
                layer.remove(Key::Profile);
            }
            if !tables.general
                && let Some(endpoint) = theirs.get(Key::EndpointUrl)
            {
                // Without its endpoint, it would be AWS itself.
                warnings.push(format!("{} is left out with all of its target {UNTIL}", endpoint.source));
                return Ok(None);
            }
            let mut silent = Vec::new();
            let said = if tables.general { &mut *warnings } else { &mut silent };
            judge.filter(&mut dotenv, said)?;
            judge.filter(&mut local, said)?;
            if tables.general {
                judge.warn_variables(&self.sources.dotenv, said);
            }
            judge.filter(&mut theirs, warnings)?;
        }
        let free = |name: &str| !persons || !is_account(name);
        let aws = AwsEnvironment::new(&self.inputs.env, &self.sources.dotenv, brought, |name| {
            trusted || (judge.allows_variable(name) && free(name))
        });
        if persons {
            lower = vec![std::mem::take(&mut theirs), dotenv.clone(), local.clone()];
        }
        let (env, user, general) = (self.env.clone(), user.clone(), tables.general);
        let layers = Layers { flags, theirs, own, env, dotenv, local, user, general };
        Ok(Some(View { layers, backend, aws, narrower, lower }))
    }

    /// The backend: what a flag, a table or the general keys say, else what the table implies.
    fn backend(
        &self,
        tables: &Named<'_>,
        flags: &Layer,
        own: &[Layer],
        theirs: &Layer,
        dotenv: &Layer,
        local: &Layer,
    ) -> Result<Setting<Backend>, ConfigError> {
        let said: Vec<_> = own.iter().chain([theirs]).collect();
        let above = if tables.general { Vec::new() } else { vec![flags] };
        if let Some(backend) = Stack(above.into_iter().chain(said.iter().copied()).collect()).get(Key::Backend)? {
            return Ok(backend);
        }
        if let Some(table) = tables.own.first().filter(|_| tables.general && !self.trusted) {
            // A table of the person's is of the backend that it is called after, whoever chose that.
            let value = if tables.name.as_str() == "aws" { Backend::Aws } else { Backend::Local };
            return Ok(Setting { value, source: table.source.clone() });
        }
        if tables.general {
            let user = &self.sources.user.layer;
            return Stack(vec![flags, &self.env, dotenv, local, user]).or(Key::Backend, Backend::Local);
        }
        let source = tables.own.iter().copied().chain(tables.theirs).map(|table| table.source.clone()).next();
        let source = source.unwrap_or(Source::Default);
        match Table::implied(&said, &tables.name) {
            Some(value) => Ok(Setting { value, source }),
            None => Err(ConfigError::Value {
                message: "say which backend it is: backend = \"aws\" or \"local\"".to_owned(),
                source_of: source,
            }),
        }
    }

    /// The settings that a view comes to. `of_choice` is set where an untrusted directory made it the default.
    fn part(
        &self,
        tables: &Named<'_>,
        view: View,
        of_choice: Option<&Source>,
        warnings: &mut Vec<String>,
    ) -> Result<Part, ConfigError> {
        let View { layers, backend, aws, narrower, lower } = view;
        let stack = layers.stack();
        let profile = stack.get::<String>(Key::Profile)?;
        // A profile that is outdone by the keys of `.env` chooses nothing.
        let keys = aws.brought().and_then(|_| self.sources.dotenv.source_of(environment::CREDENTIALS[0]));
        let account = keys.as_ref().or(profile.as_ref().map(|profile| &profile.source));
        let stranger = tables.theirs.filter(|_| tables.own.is_empty() && !tables.general).map(|table| &table.source);
        let chosen = Chosen { backend: &backend, account, target: stranger.or(of_choice) };
        let mut mode = chosen.mode(&stack, |source| self.theirs(source), warnings)?;
        if !matches!(mode.source, Source::Flag(_)) {
            for layer in &lower {
                let said = Stack(vec![layer]).first::<Mode>(&project::mode_keys(backend.value))?;
                if let Some(said) = said.filter(|said| said.value < mode.value) {
                    mode = said;
                }
            }
        }
        let store = stack.get::<StoreName>(Key::Store)?;
        let own = lists(&Stack(layers.own.iter().collect()))?;
        let mut allowed = AllowLists::default();
        allowed.narrow(lists(&stack)?);
        for list in narrower {
            allowed.narrow(list);
        }
        let chosen_by_others = stranger.is_some()
            || self.theirs(&backend.source)
            || account.is_some_and(|source| self.theirs(source))
            || store.as_ref().is_some_and(|store| self.theirs(&store.source));
        Ok(Part {
            name: tables.name.clone(),
            region: region(&stack)?,
            endpoint_url: url(&stack, Key::EndpointUrl)?,
            default_bucket: stack.get(Key::DefaultBucket)?,
            default_table: stack.get(Key::DefaultTable)?,
            store,
            profile,
            mode,
            allowed,
            own,
            chosen_by_others,
            backend,
            aws,
        })
    }
}

impl Part {
    /// Whose data it is: the store, or the profile.
    fn data(&self) -> (Backend, String) {
        let name = match self.backend.value {
            Backend::Local => self.store.as_ref().map(|store| store.value.to_string()).unwrap_or_default(),
            Backend::Aws => self.profile.as_ref().map_or_else(|| "default".to_owned(), |profile| profile.value.clone()),
        };
        (self.backend.value, name)
    }
}

/// Holds what strangers chose within the allow-lists of the person's targets of the same data.
fn limit(parts: &mut [Part]) {
    let own: Vec<_> = parts.iter().map(|part| (part.data(), part.own.clone())).collect();
    for part in parts.iter_mut().filter(|part| part.chosen_by_others) {
        let data = part.data();
        own.iter().filter(|(of, _)| *of == data).for_each(|(_, list)| part.allowed.narrow(list.clone()));
    }
}

/// Leaves of an untrusted table what can lower a target of the person's.
fn keep_what_lowers(tables: &Named<'_>, theirs: &mut Layer, warnings: &mut Vec<String>) {
    let Some(own) = tables.own.first() else { return };
    for key in theirs.keys().into_iter().filter(|key| *key != Key::Mode) {
        if let Some(entry) = theirs.get(key) {
            warnings.push(format!("{} is not honoured beside {} {UNTIL}", entry.source, own.source));
        }
        theirs.remove(key);
    }
}

/// Refuses a target whose name or keys are another backend's.
fn agree<'l>(
    tables: &Named<'_>,
    backend: Backend,
    of_tables: impl Fn(Key) -> Option<&'l Entry>,
) -> Result<(), ConfigError> {
    let misnamed = matches!((tables.name.as_str(), backend), ("local", Backend::Aws) | ("aws", Backend::Local));
    if misnamed && let Some(table) = tables.own.iter().copied().chain(tables.theirs).next() {
        let message = format!("a target of the backend {backend} cannot be called {}", tables.name);
        return Err(ConfigError::Value { message, source_of: table.source.clone() });
    }
    if backend == Backend::Local
        && let Some(entry) = [Key::Profile, Key::EndpointUrl].into_iter().find_map(of_tables)
    {
        let message = format!("is for AWS, and the target {} is local", shown_value(tables.name.as_str()));
        return Err(ConfigError::Value { message, source_of: entry.source.clone() });
    }
    Ok(())
}

/// Whether a variable chooses the account, or the server that is asked.
fn is_account(name: &str) -> bool {
    environment::CREDENTIALS.contains(&name) || name == "AWS_PROFILE" || project::AWS_OWN_CREDENTIALS.contains(&name)
}

/// The allow-lists: those of S3 are one question, which the highest layer that says anything of them answers.
fn lists(stack: &Stack<'_>) -> Result<Setting<Allowed>, ConfigError> {
    let of_s3 = stack.0.iter().find(|layer| S3_LISTS.iter().any(|key| layer.get(*key).is_some()));
    let of_s3 = Stack(of_s3.into_iter().copied().collect());
    let source = [S3_LISTS[0], S3_LISTS[1]].into_iter().find_map(|key| of_s3.0.first()?.get(key));
    let source = source.or_else(|| stack.0.iter().find_map(|layer| layer.get(Key::Tables)));
    let value = |setting: Setting<Vec<String>>| setting.value;
    Ok(Setting {
        source: source.map_or(Source::Default, |entry| entry.source.clone()),
        value: Allowed {
            buckets: of_s3.get(Key::Buckets)?.map(value),
            prefixes: of_s3.get(Key::Prefixes)?.map(|setting: Setting<Vec<_>>| setting.value),
            tables: stack.get(Key::Tables)?.map(value),
        },
    })
}

fn region(stack: &Stack<'_>) -> Result<Option<Setting<String>>, ConfigError> {
    Ok(stack.get::<RegionName>(Key::Region)?.map(|setting| Setting { value: setting.value.0, source: setting.source }))
}

/// The address of that key.
pub(super) fn url(stack: &Stack<'_>, key: Key) -> Result<Option<Setting<String>>, ConfigError> {
    Ok(stack.get::<HttpUrl>(key)?.map(|setting| Setting { value: setting.value.0, source: setting.source }))
}
