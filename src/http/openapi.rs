//! The interface as OpenAPI, put together from what stands beside each endpoint.

use hoiam_domain::case::command as c;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::endpoints::{
    agencies, attachments, case, case_duplicates, case_precedents, cases, categories, citizen,
    citizen_command, command, duplicates, events, explain, feedback, health, home, ledger, log,
    metrics, public_cases, ready, reveal, reveals, rules, seal_group, sectors, session,
    specification, stats, track, users, workload,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hồi Âm",
        description = "Phản ánh của người dân, từ tiếp nhận đến trả lời. Citizen feedback, from receipt to reply.",
        license(name = "Apache-2.0"),
    ),
    paths(
        home::get,
        home::style,
        health::get,
        ready::get,
        metrics::get,
        specification::get,
        feedback::post,
        attachments::of_citizen::post,
        attachments::of_citizen::list,
        attachments::of_citizen::get,
        attachments::of_staff::post,
        attachments::of_staff::list,
        attachments::of_staff::get,
        track::get,
        citizen_command::post,
        log::receipt::get,
        log::checkpoint::get,
        log::key::get,
        log::tile::get,
        log::inclusion::get,
        log::consistency::get,
        cases::get,
        case::get,
        events::get,
        ledger::get,
        case_duplicates::get,
        case_precedents::get,
        duplicates::post,
        explain::post,
        workload::get,
        reveal::post,
        reveal::get,
        reveal::answer::post,
        reveals::get,
        seal_group::get,
        seal_group::post,
        public_cases::get,
        public_cases::one::get,
        command::post,
        stats::get,
        stats::cases::get,
        session::post,
        session::who::get,
        session::end::post,
        session::password::post,
        session::code::post,
        session::prove::post,
        session::openid::list,
        session::openid::start,
        session::openid::callback,
        citizen::email::ask,
        citizen::email::show,
        citizen::email::confirm,
        citizen::session::get,
        citizen::session::end,
        citizen::session::leave,
        citizen::cases::get,
        citizen::cases::post,
        citizen::case::get,
        citizen::attachments::post,
        citizen::attachments::list,
        citizen::attachments::get,
        citizen::order::post,
        users::get,
        users::add::post,
        users::change::post,
        agencies::get,
        sectors::get,
        categories::get,
        rules::get,
    ),
    components(schemas(
        c::Refuse, c::HandOff, c::Seal, c::Classify, c::Dispatch, c::Escalate, c::Accept, c::Return, c::Rule,
        c::AddCoAgency, c::FinishPart, c::DropPart, c::Assign, c::Arrive, c::MakeSafe, c::Progress, c::Ask,
        c::Reply, c::Extend, c::Resolve, c::CheckAnswer, c::Answer, c::Rate, c::Reopen, c::Appeal, c::Choose,
        c::DismissAppeal, c::Close, c::Withdraw, c::MoveToSuccessor, c::Correct, c::Note, c::Merge, c::Unmerge, users::PositionAsked, users::change::Why, users::change::LinkAsked, users::change::UnlinkAsked,
    )),
    tags(
        (name = "citizens", description = "Sending and following, without an account"),
        (name = "cases", description = "Cases, for staff"),
        (name = "figures", description = "How many, how late, how long, by what, as of when"),
        (name = "accounts", description = "Signing in, and who may"),
        (name = "directory", description = "Agencies, sectors, categories"),
        (name = "proof", description = "That nothing was altered: RFC 6962 proofs, C2SP checkpoints and tiles"),
        (name = "operation", description = "For whoever runs the program"),
    ),
    modifiers(&Token),
)]
struct Document;

/// Bearer tokens, as `hoiam token create` makes them, and sessions.
struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
        for (name, cookie) in
            [("session", "__Host-hoiam_session"), ("citizen", "__Host-hoiam_citizen")]
        {
            let cookie = ApiKey::Cookie(ApiKeyValue::new(cookie));
            components.add_security_scheme(name, SecurityScheme::ApiKey(cookie));
        }
    }
}

/// The document.
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[cfg(test)]
mod tests {
    use hoiam_domain::kinds::{Channel, Clock, Handoff, Kind};

    use super::*;

    #[test]
    fn closed_lists_are_described_by_the_words_that_are_taken() {
        let document = serde_json::to_value(document()).unwrap();
        let words = |name: &str| document["components"]["schemas"][name]["enum"].clone();
        for (name, taken) in [
            ("Channel", serde_json::json!(Channel::ALL)),
            ("Kind", serde_json::json!(Kind::ALL)),
            ("Clock", serde_json::json!(Clock::ALL)),
            ("Handoff", serde_json::json!(Handoff::ALL)),
        ] {
            assert_eq!(words(name), taken, "{name}");
        }
    }
}
