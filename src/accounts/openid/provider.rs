//! A provider as it describes itself (OpenID Connect Discovery 1.0), its keys, and what it answers.
//!
//! Its description and keys are fetched when first needed, kept an hour, and fetched again at once
//! when a token is signed with a key that is not among them: providers change keys without notice.

use std::pin::Pin;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenVerifier,
    CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AsyncHttpClient, AuthType, AuthorizationCode,
    ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, TokenResponse,
};
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::OpenIdError;
use super::config::OpenIdConfig;
use crate::clock::Clock;
use crate::outside::guard::Reach;
use crate::outside::{Outside, Unanswered};

/// How long a description and keys are taken to be true.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// Between two fetches of them: also whoever sends made-up tokens causes no more.
const APART: SignedDuration = SignedDuration::from_secs(10);
/// How far clocks may be apart.
const SKEW: TimeDelta = TimeDelta::seconds(30);
/// The oldest token that is taken: it was made for us, a moment ago.
const OLDEST: TimeDelta = TimeDelta::minutes(10);
/// The longest answer of a provider, bytes.
const ANSWER: usize = 256 << 10;

/// How tokens may be signed: with a key only the provider has.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 8] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider.
#[derive(Debug)]
pub struct Provider {
    config: OpenIdConfig,
    secret: Option<ClientSecret>,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    outside: Asking,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
}

/// What is remembered of it.
#[derive(Debug, Default)]
struct Memory {
    known: Option<Known>,
    /// When it was last asked, with or without success.
    asked_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
struct Known {
    metadata: Arc<CoreProviderMetadata>,
    since: Timestamp,
}

/// What one way to the provider and back is tied to.
pub(super) struct Way {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

impl Provider {
    /// A provider of the configuration; `public_url` is where browsers reach us.
    ///
    /// # Errors
    /// What to change in the configuration.
    pub fn new(
        config: OpenIdConfig,
        public_url: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, String> {
        config.check()?;
        let wrong = |why: String| format!("openid `{}`: {why}", config.name);
        let outside = Outside::new().map_err(|error| wrong(error.to_string()))?;
        let mut outside = outside.reading(ANSWER);
        if config.issuer.starts_with("http://") {
            outside = outside.or_plain_here();
        }
        if let Some(file) = &config.ca_file {
            outside = outside.believing(file).map_err(|error| wrong(error.to_string()))?;
        }
        let redirect = format!("{public_url}/api/v1/session/openid/{}/callback", config.name);
        Ok(Self {
            secret: config.secret()?.map(ClientSecret::new),
            issuer: IssuerUrl::new(config.issuer.clone()).map_err(|e| wrong(e.to_string()))?,
            redirect: RedirectUrl::new(redirect).map_err(|error| wrong(error.to_string()))?,
            outside: Asking(outside),
            clock,
            memory: Mutex::new(Memory::default()),
            config,
        })
    }

    /// The same, asked also at addresses that are not public, by the operator's word.
    #[must_use]
    pub fn reaching(mut self, reach: Reach) -> Self {
        self.outside = Asking(self.outside.0.reaching(reach));
        self
    }

    /// Its entry.
    pub fn config(&self) -> &OpenIdConfig {
        &self.config
    }

    /// Where to send a browser.
    pub(super) async fn address(&self, way: &Way) -> Result<String, OpenIdError> {
        let client = self.client(&self.known(false).await?.metadata);
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(
            way.verifier.clone(),
        ));
        let (state, nonce) = (way.state.clone(), way.nonce.clone());
        let (address, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        Ok(address.into())
    }

    /// The claims of whoever a code was given for, verified: signature, issuer, audience, time,
    /// nonce.
    pub(super) async fn claims(
        &self,
        code: &str,
        way: &Way,
    ) -> Result<Map<String, Value>, OpenIdError> {
        let known = self.known(false).await?;
        let client = self.client(&known.metadata);
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| OpenIdError::Unavailable(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(way.verifier.clone()))
            .request_async(&self.outside)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(said) => {
                    OpenIdError::Denied(said.error().to_string())
                }
                RequestTokenError::Request(error) => OpenIdError::Unavailable(error.to_string()),
                // Never with what it answered: that may be a token.
                _ => OpenIdError::Untrusted("no answer of a token endpoint".to_owned()),
            })?;
        let token = answer.id_token();
        let token = token.ok_or_else(|| OpenIdError::Untrusted("no id_token".to_owned()))?;
        let nonce = Nonce::new(way.nonce.clone());
        let mut client = client;
        let mut metadata = known.metadata;
        if let Err(error) = self.verified(&client, token, &nonce, answer.access_token()) {
            if !is_about_keys(&error) {
                return Err(untrusted(&error));
            }
            let newer = self.known(true).await?;
            if Arc::ptr_eq(&newer.metadata, &metadata) {
                return Err(untrusted(&error));
            }
            client = self.client(&newer.metadata);
            metadata = newer.metadata;
            self.verified(&client, token, &nonce, answer.access_token())
                .map_err(|error| untrusted(&error))?;
        }
        let mut claims = payload(token)?;
        if self.config.userinfo {
            let more = self.userinfo(&metadata, answer.access_token()).await?;
            if more.get("sub") != claims.get("sub") {
                return Err(OpenIdError::Untrusted("userinfo is about somebody else".to_owned()));
            }
            for (name, value) in more {
                claims.entry(name).or_insert(value);
            }
        }
        Ok(claims)
    }

    fn verified(
        &self,
        client: &Client,
        token: &CoreIdToken,
        nonce: &Nonce,
        access: &AccessToken,
    ) -> Result<(), ClaimsVerificationError> {
        let now = self.now();
        let verifier: CoreIdTokenVerifier<'_> = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now - SKEW)
            .set_issue_time_verifier_fn(move |issued| {
                if issued > now + SKEW {
                    Err("issued in the future".to_owned())
                } else if issued < now - OLDEST {
                    Err("issued too long ago".to_owned())
                } else {
                    Ok(())
                }
            });
        let claims = token.claims(&verifier, nonce)?;
        if let Some(expected) = claims.access_token_hash() {
            let other = |error: String| ClaimsVerificationError::Other(error);
            let key = token.signing_key(&verifier).map_err(|error| other(error.to_string()))?;
            let alg = token.signing_alg().map_err(|error| other(error.to_string()))?;
            let found = AccessTokenHash::from_token(access, alg, key);
            if found.map_err(|error| other(error.to_string()))? != *expected {
                return Err(other("at_hash is of another access token".to_owned()));
            }
        }
        Ok(())
    }

    async fn userinfo(
        &self,
        metadata: &CoreProviderMetadata,
        access: &AccessToken,
    ) -> Result<Map<String, Value>, OpenIdError> {
        let missing = || OpenIdError::Unavailable("it has no userinfo endpoint".to_owned());
        let url = metadata.userinfo_endpoint().ok_or_else(missing)?;
        let request = axum::http::Request::get(url.as_str())
            .header("authorization", format!("Bearer {}", access.secret()))
            .header("accept", "application/json")
            .body(Vec::new())
            .map_err(|_| missing())?;
        let answer = self.outside.0.ask(request).await;
        let answer = answer.map_err(|error| OpenIdError::Unavailable(error.to_string()))?;
        if !answer.status().is_success() {
            return Err(OpenIdError::Untrusted(format!("userinfo answers {}", answer.status())));
        }
        serde_json::from_slice(answer.body())
            .map_err(|_| OpenIdError::Untrusted("userinfo is no JSON object".to_owned()))
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> Client {
        let id = ClientId::new(self.config.client_id.clone());
        let methods = metadata.token_endpoint_auth_methods_supported();
        let basic = methods.is_none_or(|m| m.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let auth = if basic { AuthType::BasicAuth } else { AuthType::RequestBody };
        CoreClient::from_provider_metadata(metadata.clone(), id, self.secret.clone())
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(auth)
    }

    /// Its description and keys; `newer` ones than those known, if it may be asked again.
    async fn known(&self, newer: bool) -> Result<Known, OpenIdError> {
        let mut memory = self.memory.lock().await;
        let now = self.clock.now();
        let fresh =
            memory.known.as_ref().is_some_and(|known| now.duration_since(known.since) < KEPT);
        let asked = memory.asked_at.is_some_and(|at| now.duration_since(at).abs() < APART);
        match &memory.known {
            Some(known) if (fresh && !newer) || asked => return Ok(known.clone()),
            None if asked => {
                return Err(OpenIdError::Unavailable("did not answer a moment ago".to_owned()));
            }
            _ => {}
        }
        memory.asked_at = Some(now);
        match CoreProviderMetadata::discover_async(self.issuer.clone(), &self.outside).await {
            Ok(metadata) => {
                let known = Known { metadata: Arc::new(metadata), since: now };
                memory.known = Some(known.clone());
                Ok(known)
            }
            Err(error) => {
                let why = discovery(&error);
                tracing::warn!(provider = %self.config.name, why, "a provider is not available");
                // What was known goes on being true until it says otherwise.
                memory.known.clone().ok_or(OpenIdError::Unavailable(why))
            }
        }
    }

    fn now(&self) -> DateTime<Utc> {
        let micros = self.clock.now().as_microsecond();
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }
}

/// Whether newer keys could help.
fn is_about_keys(error: &ClaimsVerificationError) -> bool {
    use SignatureVerificationError as E;
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(
            E::NoMatchingKey | E::CryptoError(_) | E::InvalidKey(_) | E::AmbiguousKeyId(_)
        )
    )
}

/// Without what the token said: it is about a person.
fn untrusted(error: &ClaimsVerificationError) -> OpenIdError {
    use ClaimsVerificationError as E;
    let why = match error {
        E::Expired(_) => "expired",
        E::InvalidAudience(_) => "for another client",
        E::InvalidIssuer(_) => "of another issuer",
        E::InvalidNonce(_) => "for another sign-in",
        E::SignatureVerification(_) => "not signed as it must be",
        E::InvalidSubject(_) => "without a subject",
        E::InvalidAuthTime(_) | E::InvalidAuthContext(_) => "not signed in as it must be",
        _ => "not a token of this sign-in",
    };
    OpenIdError::Untrusted(why.to_owned())
}

fn discovery(error: &DiscoveryError<Unanswered>) -> String {
    match error {
        DiscoveryError::Request(error) => error.to_string(),
        DiscoveryError::Response(status, ..) => format!("answers with status {}", status.as_u16()),
        DiscoveryError::Validation(_) => "describes itself as another issuer".to_owned(),
        _ => "does not describe itself".to_owned(),
    }
}

/// The claims of a token whose signature was verified, as they stand there.
fn payload(token: &CoreIdToken) -> Result<Map<String, Value>, OpenIdError> {
    let unreadable = || OpenIdError::Untrusted("no readable id_token".to_owned());
    let text = token.to_string();
    let part = text.split('.').nth(1).ok_or_else(unreadable)?;
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| unreadable())?;
    serde_json::from_slice(&bytes).map_err(|_| unreadable())
}

/// Lets the protocol's crate ask through [`Outside`].
#[derive(Debug)]
struct Asking(Outside);

impl<'c> AsyncHttpClient<'c> for Asking {
    type Error = Unanswered;
    type Future =
        Pin<Box<dyn Future<Output = Result<HttpResponse, Unanswered>> + Send + Sync + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let outside = self.0.clone();
        // In a task of its own: what is asked does not depend on who waits for it.
        let asked = tokio::spawn(async move { outside.ask(request).await });
        Box::pin(async move {
            asked.await.unwrap_or_else(|_| Err(Unanswered("was not asked".to_owned())))
        })
    }
}

/// What a text says as a token, its signature not looked at.
#[cfg(test)]
pub(crate) fn read_unverified(token: &str) -> Option<Map<String, Value>> {
    payload(&token.parse().ok()?).ok()
}
