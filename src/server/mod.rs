//! Where the two APIs become one service: the route tables ([`zendesk_routes`], [`control_routes`]), the
//! layers around each route ([`stack`]), and the sockets it listens on ([`listen`]).

mod connection;
mod control_routes;
#[cfg(feature = "dashboard")]
mod dashboard_routes;
mod drain;
mod fault_delivery;
mod frames;
pub(crate) mod listen;
mod normalize_path;
mod socket;
mod stack;
mod starting;
mod work;
mod zendesk_routes;

use std::sync::Arc;
use std::time::Duration;

pub(crate) use normalize_path::NormalizePath;

use crate::account::Registry;
use crate::app::App;
use crate::layers::known_path::KnownPaths;

/// How often idle accounts are looked for, on the machine's time.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Both APIs, with the layers around each route, behind the rewriting of paths.
pub(crate) fn service(app: &App) -> NormalizePath {
    let (endpoints, operations) = zendesk_routes::table(&app.response_cache);
    let ids = operations.iter().map(|operation| operation.id);
    let (control_routes, control) = control_routes::table(app, ids);
    let paths = KnownPaths {
        operations,
        control,
    };
    NormalizePath::new(stack::with_layers(endpoints, control_routes, app, paths))
}

/// Deletes idle accounts for as long as it is polled. A call to an idle account does not find it in
/// any case; this gives back the memory of accounts that are not called any more.
async fn delete_idle(registry: Arc<Registry>) {
    let Some(life) = registry.idle_life() else {
        return;
    };
    let pause = (life / 4).clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
    loop {
        tokio::time::sleep(pause).await;
        let registry = Arc::clone(&registry);
        // Beside the threads that serve: an account can hold much.
        let _ = tokio::task::spawn_blocking(move || registry.delete_idle()).await;
    }
}
