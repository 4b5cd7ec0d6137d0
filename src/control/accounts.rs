//! Accounts: created, shown, changed, reset and deleted, so that every test can have one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;

use super::account_path::AccountPath;
use super::error::{ControlError, ControlResult};
use super::guard::OwnUrl;
use super::{Control, blocking, body};
use crate::account::{Account, Defaults, InitialConfig, JournalLimits, RegistryError};
use crate::clock::Clock;
use crate::config::{InvalidSettings, Settings, SettingsPatch, is_subdomain, name_as_given};
use crate::document::json::{Document, RawJson};
use crate::document::reader::Node;
use crate::incoming;
use crate::seed::{Seed, settings};
use crate::wire::account::{AccountDocument, AccountList, AccountUrls, ClientCredentials};

/// The content type of seeds in YAML.
const YAML: &str = "application/yaml";

/// What a call asks for that creates an account.
struct CreateAccount {
    subdomain: Option<String>,
    seed: Arc<Seed>,
    /// How many agents are generated beside those of the seed.
    generated: usize,
    settings: Settings,
}

/// `POST /_emulator/accounts`
pub(crate) async fn create_account(
    State(control): State<Arc<Control>>,
    OwnUrl(own_url): OwnUrl,
    request: Request,
) -> ControlResult {
    let parse: body::Parse = if incoming::is_of_type(request.headers(), YAML) {
        body::parse_yaml
    } else {
        body::parse
    };
    let bytes = body::receive(request, &[body::JSON, YAML], body::MAX_BYTES).await?;
    let make = move || {
        let given = body::parse_if_any(bytes, parse)?;
        // Refuses before the work of making a seed and its agents.
        let subdomain = given.value().get("subdomain").and_then(RawJson::text);
        control
            .registry
            .check_room(subdomain.as_deref(), control.config.max_accounts)?;
        let new = body::read(&given, |node| read_create(node, &control.defaults))?;
        let account = add(&control, &new)?;
        Ok((
            StatusCode::CREATED,
            Json(document(&control, &account, &own_url)),
        ))
    };
    blocking::answer(true, make).await
}

fn read_create(node: &Node<'_>, defaults: &Defaults) -> Option<CreateAccount> {
    let new = node.object(&["subdomain", "seed", "settings"])?;
    let subdomain = new.optional("subdomain").and_then(|node| {
        let text = node.text()?;
        if !is_subdomain(&text) {
            node.problem(InvalidSettings::Subdomain);
        }
        Some(text.into_owned())
    });
    let problems_before = node.problem_count();
    let without_generated = || Some((Arc::clone(&defaults.seed), 0));
    let seed = new
        .optional("seed")
        .map_or_else(without_generated, |node| read_seed(&node, defaults));
    let patch = new
        .optional("settings")
        .and_then(|node| settings::read(&node))
        .unwrap_or_default();
    let (seed, generated) = seed?;
    let settings = defaults.settings(&seed, &patch).unwrap_or_else(|error| {
        // A setting that is wrong by itself has been reported already, at its path.
        if node.problem_count() == problems_before {
            node.problem(error);
        }
        Settings::default()
    });
    Some(CreateAccount {
        subdomain,
        seed,
        generated,
        settings,
    })
}

/// The seed, and how many agents are generated beside it.
fn read_seed(node: &Node<'_>, defaults: &Defaults) -> Option<(Arc<Seed>, usize)> {
    match node.value().text().as_deref() {
        Some("default") => Some((Arc::clone(&defaults.seed), defaults.generated)),
        Some("demo") => Some((Arc::new(Seed::demo()), 0)),
        Some("empty") => Some((Arc::new(Seed::empty()), 0)),
        Some(_) => {
            node.problem("expected \"default\", \"demo\", \"empty\" or a seed");
            None
        }
        None => Some((Arc::new(Seed::read(node)?), 0)),
    }
}

/// Adds the account. Without a subdomain it gets a free one.
fn add(control: &Control, new: &CreateAccount) -> Result<Arc<Account>, ControlError> {
    loop {
        let clock_mode = control.clock_mode;
        let initial = InitialConfig {
            seed: Arc::clone(&new.seed),
            generated: new.generated,
            settings: new.settings.clone(),
            // It starts like the server's clock, and is independent from then on.
            clock: Clock::at(clock_mode),
            clock_mode,
            ids: control.ids.clone(),
            journal: JournalLimits::of(&control.config),
        };
        let name = new
            .subdomain
            .clone()
            .unwrap_or_else(|| control.registry.next_name());
        let account = Arc::new(Account::new(name, initial));
        match control
            .registry
            .add(Arc::clone(&account), control.config.max_accounts)
        {
            Ok(()) => return Ok(account),
            Err(RegistryError::Taken(_)) if new.subdomain.is_none() => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// `GET /_emulator/accounts`
pub(crate) async fn list_accounts(
    State(control): State<Arc<Control>>,
    OwnUrl(own_url): OwnUrl,
) -> ControlResult {
    let list = move || {
        let accounts = control.registry.accounts();
        let accounts = accounts
            .iter()
            .map(|account| document(&control, account, &own_url))
            .collect();
        Ok(Json(AccountList { accounts }))
    };
    blocking::answer(true, list).await
}

/// `GET /_emulator/accounts/{subdomain}`
pub(crate) async fn show_account(
    State(control): State<Arc<Control>>,
    path: AccountPath,
    OwnUrl(own_url): OwnUrl,
) -> ControlResult {
    // To find the logins can mean to look at every user.
    blocking::answer(true, move || {
        Ok(Json(document(&control, &path.account, &own_url)))
    })
    .await
}

/// `PATCH /_emulator/accounts/{subdomain}`
pub(crate) async fn update_account(
    State(control): State<Arc<Control>>,
    path: AccountPath,
    OwnUrl(own_url): OwnUrl,
    request: Request,
) -> ControlResult {
    let update = move |account: &Account, given: &Document<'_>, stamp| {
        body::read(given, |node| {
            let (change, agents_offline) = read_change(node)?;
            // A rate limit may be out of range only together with the settings that stay.
            let changed = account.change_settings(&change, agents_offline, &stamp);
            changed.map_err(|error| node.problem(error)).ok()
        })?;
        Ok(Json(document(&control, account, &own_url)))
    };
    // Agents go offline one by one.
    path.long_work(request, update).await
}

/// The settings to change, and whether agents go offline. `None` if there is a problem.
fn read_change(node: &Node<'_>) -> Option<(SettingsPatch, bool)> {
    let change = node.object(&["settings", "agents"])?;
    let patch = change.optional("settings").map_or_else(
        || Some(SettingsPatch::default()),
        |node| settings::read(&node),
    );
    let agents_offline = change.optional("agents");
    if let Some(agents) = &agents_offline {
        if agents.value().text().is_none_or(|text| text != "offline") {
            agents.problem("expected \"offline\"");
        } else if patch
            .as_ref()
            .is_some_and(|patch| patch.omnichannel_routing != Some(true))
        {
            agents.problem("expected settings that switch omnichannel_routing on");
        }
    }
    if node.has_problems() {
        None
    } else {
        Some((patch?, agents_offline.is_some()))
    }
}

/// `POST /_emulator/accounts/{subdomain}/reset`
pub(crate) async fn reset_account(
    State(control): State<Arc<Control>>,
    path: AccountPath,
    OwnUrl(own_url): OwnUrl,
    request: Request,
) -> ControlResult {
    let reset = move |account: &Account, given: &Document<'_>, _| {
        body::read(given, |node| node.object(&[]).map(drop))?;
        let reset = control.registry.reset(&account.subdomain);
        let [new, old] = reset.ok_or_else(|| ControlError::NoAccount(account.subdomain.clone()))?;
        blocking::drop_later(old);
        Ok(Json(document(&control, &new, &own_url)))
    };
    path.long_work(request, reset).await
}

/// `DELETE /_emulator/accounts/{subdomain}`
pub(crate) async fn delete_account(
    State(control): State<Arc<Control>>,
    path: AccountPath,
) -> Result<StatusCode, ControlError> {
    let delete = move || {
        let subdomain = &path.account.subdomain;
        let removed = control.registry.remove(subdomain)?;
        blocking::drop_later(removed.ok_or_else(|| ControlError::NoAccount(subdomain.clone()))?);
        Ok(StatusCode::NO_CONTENT)
    };
    blocking::spawn(delete).await
}

fn document(control: &Control, account: &Account, own_url: &str) -> AccountDocument {
    let (subdomain, now) = (&account.subdomain, account.clock.now());
    AccountDocument {
        subdomain: subdomain.clone(),
        default: control.registry.is_default(subdomain),
        account_id: account.id(),
        settings: account.settings(now),
        credentials: account.credentials(now),
        logins: account.logins(now),
        oauth_client: ClientCredentials::of(&account.world.directory()),
        urls: AccountUrls {
            host: by_host(control, subdomain, own_url),
            path: format!("{own_url}/_account/{subdomain}"),
        },
    }
}

/// The address of an account by its host. Every name below `localhost` is this machine.
fn by_host(control: &Control, subdomain: &str, own_url: &str) -> String {
    match &control.config.public_url {
        Some(public) => public.of_account(subdomain),
        None => {
            let host = own_url.trim_start_matches("http://");
            let port = host.strip_prefix(name_as_given(host)).unwrap_or_default();
            format!("http://{subdomain}.localhost{port}")
        }
    }
}
