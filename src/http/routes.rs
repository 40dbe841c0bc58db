//! All routes, in one table that the server and the tests read. One that is not in the OpenAPI
//! document fails a test.

use axum::handler::Handler;
use axum::routing::{MethodRouter, get, post};

use super::App;
use super::endpoints::{
    agencies, attachments, case, case_duplicates, case_precedents, cases, categories, citizen,
    citizen_command, command, duplicates, events, explain, feedback, health, home, ledger, log,
    metrics, public_cases, ready, reveal, reveals, rules, seal_group, sectors, session,
    specification, stats, track, users, workload,
};

/// A path with one method and what answers it.
pub(super) struct Route {
    method: &'static str,
    pub(super) path: &'static str,
    pub(super) handler: MethodRouter<App>,
}

fn reads<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Route {
    Route { method: "get", path, handler: get(handler) }
}

fn changes<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Route {
    Route { method: "post", path, handler: post(handler) }
}

/// Every route.
pub(super) fn table() -> Vec<Route> {
    vec![
        reads("/", home::get),
        reads("/static/start.css", home::style),
        reads("/healthz", health::get),
        reads("/readyz", ready::get),
        reads("/metrics", metrics::get),
        reads("/api/openapi.json", specification::get),
        changes("/api/v1/feedback", feedback::post),
        changes("/api/v1/feedback/{tracking_code}/attachments", attachments::of_citizen::post),
        reads("/api/v1/feedback/{tracking_code}/attachments", attachments::of_citizen::list),
        reads(
            "/api/v1/feedback/{tracking_code}/attachments/{attachment}",
            attachments::of_citizen::get,
        ),
        reads("/api/v1/track/{tracking_code}", track::get),
        reads("/api/v1/track/{tracking_code}/receipt", log::receipt::get),
        changes("/api/v1/track/{tracking_code}/{command}", citizen_command::post),
        reads("/log/checkpoint", log::checkpoint::get),
        reads("/log/key", log::key::get),
        reads("/log/tile/{level}/{*index}", log::tile::get),
        reads("/log/proof/inclusion", log::inclusion::get),
        reads("/log/proof/consistency", log::consistency::get),
        reads("/api/v1/cases", cases::get),
        reads("/api/v1/cases/{number}", case::get),
        reads("/api/v1/cases/{number}/events", events::get),
        reads("/api/v1/cases/{number}/ledger", ledger::get),
        reads("/api/v1/cases/{number}/duplicates", case_duplicates::get),
        reads("/api/v1/cases/{number}/precedents", case_precedents::get),
        changes("/api/v1/duplicates", duplicates::post),
        changes("/api/v1/explain", explain::post),
        reads("/api/v1/workload", workload::get),
        reads("/api/v1/cases/{number}/reveal", reveal::get),
        changes("/api/v1/cases/{number}/reveal", reveal::post),
        changes("/api/v1/cases/{number}/reveal/{request}/{answer}", reveal::answer::post),
        reads("/api/v1/reveals", reveals::get),
        reads("/api/v1/seal-group", seal_group::get),
        changes("/api/v1/seal-group/{change}", seal_group::post),
        reads("/api/v1/public/cases", public_cases::get),
        reads("/api/v1/public/cases/{number}", public_cases::one::get),
        changes("/api/v1/cases/{number}/attachments", attachments::of_staff::post),
        reads("/api/v1/cases/{number}/attachments", attachments::of_staff::list),
        reads("/api/v1/cases/{number}/attachments/{attachment}", attachments::of_staff::get),
        changes("/api/v1/cases/{number}/{command}", command::post),
        reads("/api/v1/stats", stats::get),
        reads("/api/v1/stats/cases", stats::cases::get),
        changes("/api/v1/session", session::post),
        reads("/api/v1/session", session::who::get),
        changes("/api/v1/session/end", session::end::post),
        changes("/api/v1/session/password", session::password::post),
        changes("/api/v1/session/code", session::code::post),
        changes("/api/v1/session/code/prove", session::prove::post),
        reads("/api/v1/session/openid", session::openid::list),
        reads("/api/v1/session/openid/{provider}", session::openid::start),
        reads("/api/v1/session/openid/{provider}/callback", session::openid::callback),
        changes("/api/v1/citizen/session/email", citizen::email::ask),
        reads("/api/v1/citizen/session/email/{token}", citizen::email::show),
        changes("/api/v1/citizen/session/email/{token}", citizen::email::confirm),
        reads("/api/v1/citizen/session", citizen::session::get),
        changes("/api/v1/citizen/session/end", citizen::session::end),
        changes("/api/v1/citizen/leave", citizen::session::leave),
        reads("/api/v1/citizen/cases", citizen::cases::get),
        changes("/api/v1/citizen/cases", citizen::cases::post),
        reads("/api/v1/citizen/cases/{number}", citizen::case::get),
        changes("/api/v1/citizen/cases/{number}/attachments", citizen::attachments::post),
        reads("/api/v1/citizen/cases/{number}/attachments", citizen::attachments::list),
        reads("/api/v1/citizen/cases/{number}/attachments/{attachment}", citizen::attachments::get),
        changes("/api/v1/citizen/cases/{number}/{command}", citizen::order::post),
        reads("/api/v1/users", users::get),
        changes("/api/v1/users", users::add::post),
        changes("/api/v1/users/{login}/{action}", users::change::post),
        reads("/api/v1/agencies", agencies::get),
        reads("/api/v1/sectors", sectors::get),
        reads("/api/v1/categories", categories::get),
        reads("/api/v1/rules", rules::get),
    ]
}

/// Method and path of every route, as the OpenAPI document writes it.
pub fn names() -> Vec<(&'static str, String)> {
    table().into_iter().map(|route| (route.method, route.path.replace("{*", "{"))).collect()
}
