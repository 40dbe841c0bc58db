//! `GET /api/v1/rules`: which rule set is in force, since when, by whom, and the next one.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hoiam_domain::actor::Role;
use hoiam_domain::policy::{Activation, FileChange};
use jiff::Timestamp;
use serde::Serialize;

use crate::http::App;
use crate::http::auth::Staff;
use crate::http::params::Params;
use crate::http::problem::Problem;

/// The rule set in force.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RulesView {
    /// Its hash; verdicts and events name it.
    rule_set: String,
    /// It was activated; else it is the one the server was started with.
    activated: bool,
    /// The activation, where there is one.
    current: Option<ActivationView>,
    /// The next activation.
    next: Option<ActivationView>,
}

/// An activation.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ActivationView {
    /// Its number.
    id: u64,
    /// The hash of its set.
    rule_set: String,
    /// From when it is in force.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// Who decided it.
    by: String,
    /// Why.
    note: Option<String>,
    /// The set it was compared with.
    before: Option<String>,
    /// The files that differ from that one.
    changes: Vec<FileChange>,
}

impl From<&Activation> for ActivationView {
    fn from(one: &Activation) -> Self {
        Self {
            id: one.id,
            rule_set: one.hash.clone(),
            from: one.from,
            recorded_at: one.recorded_at,
            by: one.by.clone(),
            note: one.note.clone(),
            before: one.before.clone(),
            changes: one.changes.clone(),
        }
    }
}

/// Which rule set is in force; for coordinators and administrators.
#[utoipa::path(
    get, path = "/api/v1/rules", tag = "directory",
    responses(
        (status = 200, description = "The rule set in force and the next one", body = RulesView),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    params: Params,
) -> Result<Json<RulesView>, Problem> {
    params.only(&[])?;
    if !matches!(reader.role, Role::Coordinator | Role::Administrator | Role::Auditor) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "role_not_allowed",
            "Chỉ điều phối viên và quản trị viên xem được bộ quy tắc.",
            "Only coordinators and administrators see the rule sets.",
        ));
    }
    let now = app.desk.now();
    let schedule = app.desk.rules_handle().schedule();
    let current = schedule.in_force(now).map(ActivationView::from);
    Ok(Json(RulesView {
        rule_set: app.desk.rules_handle().at(now).hash.clone(),
        activated: current.is_some(),
        current,
        next: schedule.next(now).map(ActivationView::from),
    }))
}
