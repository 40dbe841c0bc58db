//! One POST to a witness, over HTTP or HTTPS, with a limit on everything. Small on purpose: a client
//! for the web would follow redirects and proxies, and link a second provider of cryptography.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// How long a witness may take for everything.
const PATIENCE: Duration = Duration::from_secs(10);
/// An answer is never longer.
const ANSWER: usize = 64 << 10;

/// What a witness answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) media: String,
    pub(super) body: String,
}

/// Posts a text. The error says what went wrong, without the address.
///
/// # Errors
/// When the other side cannot be reached, does not show a certificate for its name, or answers too
/// slowly or too much.
pub(super) async fn post(url: &str, text: String) -> Result<Answer, String> {
    tokio::time::timeout(PATIENCE, exchanged(url, text))
        .await
        .unwrap_or_else(|_| Err("does not answer in time".to_owned()))
}

async fn exchanged(url: &str, text: String) -> Result<Answer, String> {
    let uri: Uri = url.parse().map_err(|_| "has no usable URL".to_owned())?;
    let host = uri.host().ok_or("has no usable URL")?.trim_matches(['[', ']']).to_owned();
    let secure = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let tcp = TcpStream::connect((host.as_str(), port)).await;
    let tcp = tcp.map_err(|error| format!("cannot be reached: {error}"))?;
    if !secure {
        return asked(tcp, &uri, text).await;
    }
    let name = ServerName::try_from(host).map_err(|_| "has no usable name".to_owned())?;
    let connected = TlsConnector::from(trusted()?).connect(name, tcp).await;
    asked(connected.map_err(|error| format!("cannot be reached safely: {error}"))?, &uri, text)
        .await
}

/// Whose certificates are believed: those Mozilla believes.
fn trusted() -> Result<Arc<rustls::ClientConfig>, String> {
    let roots: rustls::RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

async fn asked<S>(stream: S, uri: &Uri, text: String) -> Result<Answer, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let failed = |error: hyper::Error| format!("does not answer: {error}");
    let connected = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = connected.map_err(failed)?;
    let connection = tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let request = Request::post(path)
        .header(HOST, host)
        .header(CONTENT_TYPE, "text/plain; charset=utf-8")
        .body(Full::new(Bytes::from(text)))
        .map_err(|_| "has no usable URL".to_owned())?;
    let answer = sender.send_request(request).await.map_err(failed)?;
    let media = answer.headers().get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
    let (status, media) = (answer.status().as_u16(), media.unwrap_or_default().to_owned());
    let body = Limited::new(answer.into_body(), ANSWER).collect().await;
    let body = body.map_err(|_| "answers too much, or breaks off".to_owned())?.to_bytes();
    connection.abort();
    let body = String::from_utf8(body.into()).map_err(|_| "answers no text".to_owned())?;
    Ok(Answer { status, media, body })
}
