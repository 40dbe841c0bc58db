//! The interface for everybody outside: `/api/v1` in JSON, errors as RFC 9457 problems, and what
//! operators of the program ask (`/healthz`, `/readyz`, `/metrics`).
//!
//! The only place that knows HTTP's status codes. What anybody may do or see is the domain's to
//! say; here requests become commands and questions, and refusals become problems.
//!
//! - [`routes`]: the one table of all routes.
//! - `endpoints`: one endpoint a file.
//! - `session`: who is signed in, by cookie.
//! - `body`, `auth`, `headers`, `params`: reading requests.
//! - `problem`, `refusal`: saying no.
//! - `rates`: how often anybody may ask.
//! - `guard`: limits every request passes; `observe`: what is measured.

mod account_refusal;
mod auth;
mod body;
mod endpoints;
mod guard;
mod headers;
mod observe;
mod openapi;
mod params;
mod path;
mod problem;
mod rates;
mod refusal;
mod routes;
mod session;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
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

use crate::desk::Desk;

/// What every endpoint can reach.
#[derive(Clone)]
struct App {
    desk: Desk,
    metrics: PrometheusHandle,
    /// One a request under way.
    slots: Arc<Semaphore>,
    rates: Arc<rates::Rates>,
}

/// Serves until `stop` says so, then answers what is under way.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    desk: Desk,
    stop: watch::Receiver<bool>,
) -> Result<(), std::io::Error> {
    serve_behind(listener, desk, Vec::new(), stop).await
}

/// As [`serve`], behind proxies whose word about the address of a caller is taken. One on this
/// machine needs no mention.
///
/// # Errors
/// When the listener fails.
pub async fn serve_behind(
    listener: TcpListener,
    desk: Desk,
    proxies: Vec<IpAddr>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), std::io::Error> {
    let metrics = observe::recorder();
    let upkeep = tokio::spawn(observe::upkeep(metrics.clone(), stop.clone()));
    let rates = Arc::new(rates::Rates::new(desk.clock().clone(), proxies));
    let app = App { desk, metrics, slots: Arc::new(Semaphore::new(guard::AT_ONCE)), rates };
    let told = async move {
        // An error means that nobody can tell any more: time to stop as well.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(told).await;
    upkeep.abort();
    served
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
