//! Asking somebody outside over HTTP or HTTPS, with a limit on everything. Small on purpose: a client
//! for the web would follow redirects and proxies, and link a second provider of cryptography.
//!
//! Only addresses the configuration names are asked, or that a party it names has published; and of
//! these, unless the operator says otherwise, only public ones ([`guard`]).

pub mod guard;

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{CONNECTION, HOST};
use axum::http::uri::Uri;
use axum::http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;

use guard::Reach;

/// How long everything may take, unless said otherwise.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer, bytes, unless said otherwise.
const ANSWER: usize = 64 << 10;
/// Certificates a file of authorities may hold.
const AUTHORITIES: usize = 64;

/// Why there is no answer. Never with the address: it may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unanswered(pub String);

impl Unanswered {
    fn because(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// Asks.
#[derive(Clone)]
pub struct Outside {
    tls: Arc<rustls::ClientConfig>,
    answer: usize,
    /// Also without TLS, to this machine only.
    plain_here: bool,
    /// Also without TLS, to anybody.
    plain: bool,
    /// How long everything may take.
    patience: Duration,
    /// To which addresses.
    reach: Reach,
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside").field("answer", &self.answer).finish_non_exhaustive()
    }
}

impl Outside {
    /// Over TLS only, to public addresses, to those whose certificates Mozilla believes.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, Unanswered> {
        let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        Ok(Self {
            tls: tls(roots)?,
            answer: ANSWER,
            plain_here: false,
            plain: false,
            patience: PATIENCE,
            reach: Reach::Public,
        })
    }

    /// Believing only the authorities of a PEM file instead: a city's own.
    ///
    /// # Errors
    /// When the file cannot be read or holds none.
    pub fn believing(mut self, file: &Path) -> Result<Self, Unanswered> {
        let wrong = |why: String| Unanswered(format!("{}: {why}", file.display()));
        let mut roots = rustls::RootCertStore::empty();
        let found =
            CertificateDer::pem_file_iter(file).map_err(|error| wrong(error.to_string()))?;
        for certificate in found.take(AUTHORITIES) {
            let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
            roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
        }
        if roots.is_empty() {
            return Err(wrong("holds no certificate".to_owned()));
        }
        self.tls = tls(roots)?;
        Ok(self)
    }

    /// Also without TLS to this machine itself.
    #[must_use]
    pub fn or_plain_here(mut self) -> Self {
        self.plain_here = true;
        self
    }

    /// Also without TLS, where what is sent is public and what is answered is signed.
    #[must_use]
    pub fn or_plain(mut self) -> Self {
        self.plain = true;
        self
    }

    /// Reads answers up to so many bytes.
    #[must_use]
    pub fn reading(mut self, answer: usize) -> Self {
        self.answer = answer;
        self
    }

    /// Waits so long for everything.
    #[must_use]
    pub fn patient(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// To these addresses; see [`guard`].
    #[must_use]
    pub fn reaching(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// Sends a request and reads the whole answer. A redirect is an answer like any other.
    ///
    /// # Errors
    /// [`Unanswered`] when the other side is at a private address, cannot be reached, does not show a certificate for its
    /// name, or answers too slowly or too much.
    pub async fn ask(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Unanswered> {
        tokio::time::timeout(self.patience, self.exchanged(request))
            .await
            .unwrap_or_else(|_| Err(Unanswered::because("does not answer in time")))
    }

    async fn exchanged(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Unanswered> {
        let uri = request.uri().clone();
        let unusable = || Unanswered::because("has no usable URL");
        let host = uri.host().ok_or_else(unusable)?.trim_matches(['[', ']']).to_owned();
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if self.plain || (self.plain_here && is_here(&host)) => false,
            _ => return Err(Unanswered::because("has no URL with https://")),
        };
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(unusable());
        }
        let here = self.plain_here && is_here(&host);
        let reach = if here { Reach::Anywhere } else { self.reach };
        let tcp = guard::connect(&host, port, reach).await?;
        if !secure {
            return self.asked(tcp, request, &uri).await;
        }
        let name = ServerName::try_from(host).map_err(|_| unusable())?;
        let connected = TlsConnector::from(self.tls.clone()).connect(name, tcp).await;
        let safely = |error| Unanswered(format!("cannot be reached safely: {error}"));
        self.asked(connected.map_err(safely)?, request, &uri).await
    }

    async fn asked<S>(
        &self,
        stream: S,
        request: Request<Vec<u8>>,
        uri: &Uri,
    ) -> Result<Response<Vec<u8>>, Unanswered>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let failed = |error: hyper::Error| Unanswered(format!("does not answer: {error}"));
        let unusable = || Unanswered::because("has no usable URL");
        let connected = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = connected.map_err(failed)?;
        let connection = tokio::spawn(connection);
        let (mut parts, body) = request.into_parts();
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let host = uri.authority().map_or("", |authority| authority.as_str());
        parts.uri = path.parse().map_err(|_| unusable())?;
        parts.headers.insert(HOST, HeaderValue::from_str(host).map_err(|_| unusable())?);
        parts.headers.insert(CONNECTION, HeaderValue::from_static("close"));
        let request = Request::from_parts(parts, Full::new(Bytes::from(body)));
        let answered = sender.send_request(request).await;
        let read = match answered {
            Ok(answer) => {
                let (parts, body) = answer.into_parts();
                let body = Limited::new(body, self.answer).collect().await;
                body.map(|body| Response::from_parts(parts, body.to_bytes().into()))
                    .map_err(|_| Unanswered::because("answers too much, or breaks off"))
            }
            Err(error) => Err(failed(error)),
        };
        connection.abort();
        read
    }
}

/// Whether a host is this machine by its name alone; nothing is looked up.
pub fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn tls(roots: rustls::RootCertStore) -> Result<Arc<rustls::ClientConfig>, Unanswered> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Unanswered(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

#[cfg(test)]
mod guarded;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_tls_only_where_it_was_said() {
        let to = |url: &str| Request::get(url).body(Vec::new()).unwrap();
        let outside = Outside::new().unwrap();
        for (client, url, sent) in [
            (&outside, "http://127.0.0.1:1/", false),
            (&outside.clone().or_plain_here(), "http://127.0.0.1:1/", true),
            (&outside.clone().or_plain_here(), "http://192.0.2.1/", false),
            (&outside.clone().or_plain(), "ftp://127.0.0.1/", false),
        ] {
            let error = client.ask(to(url)).await.unwrap_err().to_string();
            assert_eq!(!error.contains("https://"), sent, "{url}: {error}");
        }
        assert!(is_here("::1") && is_here("localhost") && !is_here("localhost.example"));
    }
}
