//! `POST /api/v1/citizen/session/email`: signing in by a link that is mailed.
//!
//! The link opens a page with a button; only the button signs in, so whoever merely looks at a link,
//! a mail server that checks it for instance, uses nothing up.

use axum::Json;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::accounts::citizens::{self, Proof};
use crate::accounts::mail_link::{self, LinkError};
use crate::accounts::session::Secret;
use crate::http::App;
use crate::http::body::JsonBody;
use crate::http::page::{escaped, onwards, page, refusal, wanted};
use crate::http::params::Params;
use crate::http::problem::{Problem, no_such_way};
use crate::http::refusal::to_the_end;
use crate::http::session::{citizen_cookie, mail_browser, mail_cookie, same_site, set};

/// The link's token in a path.
type Typed = Result<Path<String>, axum::extract::rejection::PathRejection>;

/// Where to send the link.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByMail {
    /// The e-mail address.
    email: String,
}

/// A link is on its way, if the address is one that gets mail.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OnItsWay {
    /// Six digits to show: to be typed in where the link is opened in another browser.
    number: String,
    /// Minutes the link is good for.
    minutes: u32,
}

/// Mails a link that signs in. The answer is always the same, and nothing tells whether the address
/// is known; who asks for too many links gets this answer and no mail.
#[utoipa::path(
    post, path = "/api/v1/citizen/session/email", tag = "citizens",
    request_body = ByMail,
    responses(
        (status = 202, description = "Mailed, if it can be", body = OnItsWay, headers(("Set-Cookie" = String))),
        (status = 422, description = "It cannot be an address", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn ask(
    State(app): State<App>,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, Problem> {
    let asked: ByMail = body.read()?;
    let ways = app.ways()?.clone();
    let (desk, browser) = (app.desk.clone(), mail_browser(&headers));
    let begun = to_the_end(async move {
        let mail = ways.mail().ok_or_else(no_such_way)?;
        let (log, random, now) = (desk.log(), desk.random(), desk.now());
        let asked = mail_link::ask(log, random, (&ways, mail), &asked.email, browser, now).await?;
        asked.ok_or_else(no_address)
    })
    .await?;
    let view = OnItsWay { number: begun.number, minutes: 15 };
    let mut response = (StatusCode::ACCEPTED, Json(view)).into_response();
    set(response.headers_mut(), &mail_cookie(&begun.browser));
    Ok(response)
}

fn no_address() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "email_invalid",
        "Đây không phải là địa chỉ thư điện tử.",
        "This is no e-mail address.",
    )
    .field("email")
}

/// The page a link opens. Nothing is looked up and nothing used.
#[utoipa::path(
    get, path = "/api/v1/citizen/session/email/{token}", tag = "citizens",
    params(("token" = String, Path, description = "As it stands in the mail")),
    responses(
        (status = 200, description = "A page with a button", body = String, content_type = "text/html"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn show(typed: Typed, params: Params) -> Result<Response, Problem> {
    params.only(&[])?;
    let token = token(typed)?;
    let to = escaped(&format!("/api/v1/citizen/session/email/{}", token.show()));
    let body = format!(
        "<form method=\"post\" action=\"{to}\">\n\
         <p><label>Nếu bạn yêu cầu liên kết trên máy khác, hãy nhập số 6 chữ số hiện ở đó: \
         <input name=\"number\" inputmode=\"numeric\" autocomplete=\"off\" maxlength=\"7\"></label></p>\n\
         <p lang=\"en\">If you asked for the link on another device, type the six digits it shows.</p>\n\
         <p><button>Đăng nhập <span lang=\"en\">(sign in)</span></button></p>\n</form>\n"
    );
    Ok(page("Đăng nhập Hồi Âm", "", &body))
}

/// The number of the browser that asked, as JSON or as the page's form.
pub(crate) struct Number(Option<String>);

/// What a caller may say.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberBody {
    /// The six digits the browser shows that asked for the link; not needed from that browser.
    number: Option<String>,
}

impl FromRequest<App> for Number {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        const FORM: &str = "application/x-www-form-urlencoded";
        let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if media.is_some_and(|media| media.starts_with(FORM)) {
            let form = axum::Form::<NumberBody>::from_request(request, app).await;
            let axum::Form(body) = form.map_err(|_| over())?;
            return Ok(Self(body.number));
        }
        let body: NumberBody = JsonBody::from_request(request, app).await?.read()?;
        Ok(Self(body.number))
    }
}

/// Signs in with a link, once. From another browser than the one that asked, the number is needed
/// that one shows.
#[utoipa::path(
    post, path = "/api/v1/citizen/session/email/{token}", tag = "citizens",
    request_body = NumberBody,
    params(("token" = String, Path, description = "As it stands in the mail")),
    responses(
        (status = 200, description = "Signed in; the session is in the cookie. For browsers a page that goes on", body = String, content_type = "text/html", headers(("Set-Cookie" = String))),
        (status = 401, description = "The link does not count any more, or a number is needed", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn confirm(
    State(app): State<App>,
    typed: Typed,
    headers: HeaderMap,
    number: Number,
) -> Response {
    confirmed(app, typed, &headers, number)
        .await
        .unwrap_or_else(|problem| refusal(problem, &headers))
}

async fn confirmed(
    app: App,
    typed: Typed,
    headers: &HeaderMap,
    Number(number): Number,
) -> Result<Response, Problem> {
    // Nobody is signed in as somebody else by another site's form.
    same_site(&axum::http::Method::POST, headers)?;
    app.ways()?;
    let token = token(typed)?;
    let (desk, browser) = (app.desk.clone(), mail_browser(headers));
    let session = to_the_end(async move {
        let (log, random, now) = (desk.log(), desk.random(), desk.now());
        let taken =
            mail_link::take(log.pool(), &token, browser.as_ref(), number.as_deref(), now).await;
        let proof = Proof::Mail(taken.map_err(refused)?);
        Ok::<_, Problem>(citizens::sign_in(log, random, proof, now).await?)
    })
    .await?;
    let mut response =
        if wanted(headers) { onwards("/") } else { Json(serde_json::json!({})).into_response() };
    set(response.headers_mut(), &citizen_cookie(&session));
    Ok(response)
}

fn refused(error: LinkError) -> Problem {
    match error {
        LinkError::Over => over(),
        LinkError::NumberNeeded => Problem::new(
            StatusCode::UNAUTHORIZED,
            "number_needed",
            "Hãy nhập số 6 chữ số hiện ở trình duyệt đã yêu cầu liên kết.",
            "Type the six digits shown by the browser that asked for the link.",
        )
        .field("number"),
        LinkError::Account(error) => error.into(),
    }
}

fn over() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "link_over",
        "Liên kết không còn hiệu lực; vui lòng yêu cầu liên kết mới.",
        "This link does not count any more; please ask for a new one.",
    )
}

fn token(typed: Typed) -> Result<Secret, Problem> {
    typed.ok().and_then(|Path(text)| Secret::read(&text)).ok_or_else(over)
}
