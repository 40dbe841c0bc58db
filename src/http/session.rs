//! Who is signed in, by cookie.
//!
//! A cookie is sent by the browser by itself, so a request that changes something counts only if
//! the browser says that it comes from our own pages (`Sec-Fetch-Site`, or an `Origin` that is our
//! own host). Bearer tokens are never sent by themselves and need no such check.

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, HeaderValue, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;
use super::problem::Problem;
use crate::accounts::citizens::{self, Citizen};
use crate::accounts::session::{self, Must, Secret, SignedIn};

/// The session's cookie. The prefix makes browsers take it over TLS only (or from this machine),
/// for this host and every path.
const SESSION: &str = "__Host-hoiam_session";
/// The cookie by which a browser is known the next time.
const DEVICE: &str = "__Host-hoiam_device";
/// The cookie of a citizen's session.
const CITIZEN: &str = "__Host-hoiam_citizen";
/// The cookie of a browser on its way to a provider.
const WAY: &str = "__Host-hoiam_openid";
/// The cookie of a browser that asked for a link by mail.
const MAIL: &str = "__Host-hoiam_mail";
/// How long the link is good for, seconds.
const MAIL_AGE: u32 = 900;
/// How long it may be away, seconds.
const WAY_AGE: u32 = 600;
/// How long a session's cookie is kept, seconds: the server ends sessions by itself.
const SESSION_AGE: u32 = 12 * 3_600;
/// How long a browser is known, seconds.
const DEVICE_AGE: u32 = 400 * 86_400;

/// Who is signed in, with the session's own id, for those who end or renew it.
#[derive(Clone)]
pub(super) struct Signed {
    pub(super) who: SignedIn,
    pub(super) secret: Secret,
}

/// A citizen signed in, with the session's own id.
#[derive(Clone)]
pub(super) struct SignedCitizen {
    pub(super) who: Citizen,
    pub(super) secret: Secret,
}

/// Finds out who is signed in, before anything is asked or done.
pub(super) async fn sessions(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let staff = cookie(request.headers(), SESSION);
    let citizen = cookie(request.headers(), CITIZEN);
    // Who sends a token means to be whoever that stands for.
    let with_token = request.headers().contains_key(AUTHORIZATION);
    if with_token || (staff.is_none() && citizen.is_none()) {
        return next.run(request).await;
    }
    if let Err(problem) = same_site(request.method(), request.headers()) {
        return problem.into_response();
    }
    let mut kept = Vec::new();
    if let Some(secret) = staff {
        match signed(&app, &mut request, secret).await {
            Ok(cookie) => kept.extend(cookie),
            Err(problem) => return problem.into_response(),
        }
    }
    if let Some(secret) = citizen {
        match signed_citizen(&app, &mut request, secret).await {
            Ok(cookie) => kept.extend(cookie),
            Err(problem) => return problem.into_response(),
        }
    }
    let mut response = next.run(request).await;
    // An endpoint that has set its own knows better.
    if !response.headers().contains_key(SET_COOKIE) {
        kept.iter().for_each(|cookie| set(response.headers_mut(), cookie));
    }
    response
}

/// Notes who of the staff is signed in; the cookie to set, if there is another one.
async fn signed(
    app: &App,
    request: &mut Request,
    secret: Secret,
) -> Result<Option<String>, Problem> {
    let (pool, random) = (app.desk.log().pool(), app.desk.random());
    let Some(who) = session::find(pool, random, &secret, app.desk.now()).await? else {
        return Ok(Some(cleared()));
    };
    let path = request.uri().path();
    if let Some(must) = who.must
        && !path.starts_with("/api/v1/session")
        && path.starts_with("/api/")
    {
        return Err(first(must));
    }
    let replaced = who.replaced_by.clone();
    let secret = replaced.clone().unwrap_or(secret);
    request.extensions_mut().insert(Signed { who, secret });
    Ok(replaced.as_ref().map(session_cookie))
}

/// The same for a citizen.
async fn signed_citizen(
    app: &App,
    request: &mut Request,
    secret: Secret,
) -> Result<Option<String>, Problem> {
    let (pool, random) = (app.desk.log().pool(), app.desk.random());
    let Some(who) = citizens::find(pool, random, &secret, app.desk.now()).await? else {
        return Ok(Some(citizen_cleared()));
    };
    let replaced = who.replaced_by.clone();
    let secret = replaced.clone().unwrap_or(secret);
    request.extensions_mut().insert(SignedCitizen { who, secret });
    Ok(replaced.as_ref().map(citizen_cookie))
}

/// What the browser keeps of a citizen's session.
pub(super) fn citizen_cookie(secret: &Secret) -> String {
    kept(CITIZEN, secret.show(), SESSION_AGE)
}

/// Nothing is kept of a citizen's session any more.
pub(super) fn citizen_cleared() -> String {
    kept(CITIZEN, "", 0)
}

/// What a browser keeps that asked for a link by mail.
pub(super) fn mail_cookie(secret: &Secret) -> String {
    kept(MAIL, secret.show(), MAIL_AGE)
}

/// The secret of a browser that asked for a link.
pub(super) fn mail_browser(headers: &HeaderMap) -> Option<Secret> {
    cookie(headers, MAIL)
}

/// What a browser keeps that is on its way to a provider. Sent along when the provider sends it
/// back, which a stricter one would not be.
pub(super) fn way_cookie(secret: &Secret) -> String {
    format!("{WAY}={}; Path=/; Max-Age={WAY_AGE}; Secure; HttpOnly; SameSite=Lax", secret.show())
}

/// The secret of a browser that is on its way.
pub(super) fn way(headers: &HeaderMap) -> Option<Secret> {
    cookie(headers, WAY)
}

/// What the browser keeps of a session.
pub(super) fn session_cookie(secret: &Secret) -> String {
    kept(SESSION, secret.show(), SESSION_AGE)
}

/// What the browser keeps to be known the next time.
pub(super) fn device_cookie(secret: &Secret) -> String {
    kept(DEVICE, secret.show(), DEVICE_AGE)
}

/// Nothing is kept of a session any more.
pub(super) fn cleared() -> String {
    kept(SESSION, "", 0)
}

/// What the browser sent to be known by.
pub(super) fn device(headers: &HeaderMap) -> Option<Secret> {
    cookie(headers, DEVICE)
}

/// Adds a cookie to an answer.
pub(super) fn set(headers: &mut HeaderMap, cookie: &str) {
    // Names, hexadecimal and attributes are visible ASCII.
    if let Ok(value) = HeaderValue::from_str(cookie) {
        headers.append(SET_COOKIE, value);
    }
}

fn kept(name: &str, value: &str, seconds: u32) -> String {
    format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict")
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(found, _)| found.trim() == name)?;
    Secret::read(value.trim())
}

/// Refuses what another site made the browser send.
pub(super) fn same_site(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let own = match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(HOST.as_str())
        }
        // Every browser sends one of the two with a request that changes something.
        (None, None) => false,
    };
    if own { Ok(()) } else { Err(cross_site()) }
}

fn cross_site() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "cross_site",
        "Yêu cầu không đến từ trang của hệ thống.",
        "The request does not come from the desk's own pages.",
    )
}

/// Nothing else goes before this is done.
pub(super) fn first(must: Must) -> Problem {
    match must {
        Must::ChangePassword => Problem::new(
            StatusCode::FORBIDDEN,
            "password_change_needed",
            "Hãy đổi mật khẩu ban đầu trước (POST /api/v1/session/password).",
            "Replace the first password before anything else (POST /api/v1/session/password).",
        ),
        Must::GiveCode => Problem::new(
            StatusCode::FORBIDDEN,
            "code_needed",
            "Hãy nhập mã dùng một lần trước (POST /api/v1/session/code/prove).",
            "Give a one-time code before anything else (POST /api/v1/session/code/prove).",
        ),
        Must::SetUpCode => Problem::new(
            StatusCode::FORBIDDEN,
            "code_setup_needed",
            "Hãy cài mã dùng một lần trước (POST /api/v1/session/code).",
            "Set up one-time codes before anything else (POST /api/v1/session/code).",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_our_own_pages_change_anything() {
        for (sent, taken) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (
                &[("sec-fetch-site", "cross-site"), ("origin", "https://desk"), ("host", "desk")],
                false,
            ),
            (&[("origin", "https://desk:8022"), ("host", "desk:8022")], true),
            (&[("origin", "https://evil"), ("host", "desk")], false),
            (&[("origin", "null"), ("host", "null")], false),
            (&[("host", "desk")], false),
            (&[], false),
        ] {
            assert_eq!(same_site(&Method::POST, &headers(sent)).is_ok(), taken, "{sent:?}");
            assert!(same_site(&Method::GET, &headers(sent)).is_ok());
        }
    }

    #[test]
    fn cookies_are_found_among_others() {
        let id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        let found = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_str(value).unwrap());
            cookie(&headers, SESSION).is_some()
        };
        assert!(found(&format!("a=b; __Host-hoiam_session={id}; c=d")));
        assert!(!found(&format!("hoiam_session={id}")));
        assert!(!found("__Host-hoiam_session=short") && !found("__Host-hoiam_session"));
    }
}
