//! The interface for everybody outside: `/api/v1` in JSON, errors as RFC 9457 problems, and what
//! operators of the program ask (`/healthz`, `/readyz`, `/metrics`).
//!
//! The only place that knows HTTP's status codes. What anybody may do or see is the domain's to
//! say; here requests become commands and questions, and refusals become problems.
//!
//! - [`routes`]: the one table of all routes.
//! - `endpoints`: one endpoint a file.
//! - `session`: who is signed in, by cookie.
//! - `connections`: taking connections, and ending them.
//! - `body`, `auth`, `headers`, `params`: reading requests.
//! - `upload`: forms with a file.
//! - `problem`, `refusal`: saying no.
//! - `page`: the few pages people see on their way.
//! - `rates`: how often anybody may ask.
//! - `guard`: limits every request passes; `observe`: what is measured.

mod account_refusal;
mod auth;
mod body;
mod connections;
mod endpoints;
#[cfg(test)]
mod fuzz;
mod guard;
mod headers;
mod observe;
mod openapi;
mod page;
mod params;
mod path;
mod problem;
mod rates;
mod refusal;
mod routes;
pub(crate) mod sealed_refusal;
mod session;
#[cfg(test)]
mod tests;
mod upload;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower_http::catch_panic::CatchPanicLayer;

pub use openapi::document;
pub use problem::Problem;
pub use routes::names as routes;

use crate::accounts::ways::Ways;
use crate::attachments::Attachments;
use crate::desk::Desk;

/// What every endpoint can reach.
#[derive(Clone)]
struct App {
    desk: Desk,
    metrics: PrometheusHandle,
    /// One a request under way.
    slots: Arc<Semaphore>,
    rates: Arc<rates::Rates>,
    /// Ways in besides passwords.
    ways: Option<Arc<Ways>>,
    /// Files of cases; none where the server keeps none.
    attachments: Option<Attachments>,
    /// One an upload being received, and one a file being read.
    uploads: Arc<Semaphore>,
    downloads: Arc<Semaphore>,
}

impl App {
    /// The ways in besides passwords; a problem where none is open.
    fn ways(&self) -> Result<&Arc<Ways>, Problem> {
        self.ways.as_ref().ok_or_else(problem::no_such_way)
    }
}

/// What a server is told besides its desk.
#[derive(Debug, Default)]
pub struct Setup {
    /// Proxies on other machines whose word about the address of a caller is taken. One on this
    /// machine needs no mention.
    pub proxies: Vec<IpAddr>,
    /// Ways in besides passwords.
    pub ways: Option<Arc<Ways>>,
    /// Files of cases.
    pub attachments: Option<Attachments>,
}

/// Serves until `stop` says so, then answers what is under way.
pub async fn serve(listener: TcpListener, desk: Desk, stop: watch::Receiver<bool>) {
    serve_with(listener, desk, Setup::default(), stop).await;
}

/// As [`serve`], with more to say.
pub async fn serve_with(
    listener: TcpListener,
    desk: Desk,
    setup: Setup,
    mut stop: watch::Receiver<bool>,
) {
    let metrics = observe::recorder();
    let upkeep = tokio::spawn(observe::upkeep(metrics.clone(), stop.clone()));
    let rates = Arc::new(rates::Rates::new(desk.clock().clone(), setup.proxies));
    let slots = Arc::new(Semaphore::new(guard::AT_ONCE));
    let app = App {
        desk,
        metrics,
        slots,
        rates,
        ways: setup.ways,
        attachments: setup.attachments,
        uploads: Arc::new(Semaphore::new(guard::UPLOADS)),
        downloads: Arc::new(Semaphore::new(guard::DOWNLOADS)),
    };
    let told = async move {
        // An error means that nobody can tell any more: time to stop as well.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    connections::serve(listener, router(app), told, connections::HEAD).await;
    upkeep.abort();
}

fn router(app: App) -> Router {
    let routes = routes::table()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, route.handler));
    layered(routes, app)
}

/// What every request passes, outermost last.
fn layered(routes: Router<App>, app: App) -> Router {
    routes
        .fallback(problem::no_such_path)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(from_fn_with_state(app.clone(), rates::rates))
        .layer(from_fn_with_state(app.clone(), session::sessions))
        .layer(from_fn_with_state(app.clone(), guard::guard))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(from_fn(observe::observe))
        .with_state(app)
}
