//! How often anybody may ask: by address, by account and by token, of tokens as it was said when one
//! was made.
//!
//! Whoever asks from this machine itself without a proxy before it (load measurements, tests,
//! health checks) is not counted, but for guesses: a wrong tracking code or token, a failed
//! sign-in. Guesses are counted by address for everybody.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use super::App;
use super::auth::bearer;
use super::problem::Problem;
use super::session::{Signed, SignedCitizen};
use crate::clock::Clock;
use crate::tokens::PerMinute;

/// Who is counted: an address (of IPv6 the network of a customer, 64 bits), or the hash of a token
/// or an account.
type Key = [u8; 32];
type Limiter = RateLimiter<Key, HashMapStateStore<Key>, DeskClock, NoOpMiddleware<Duration>>;

/// Keys remembered before those that have recovered are forgotten.
const KEYS: usize = 50_000;
/// How often that is done at most: it looks at every key, and many strangers must not make each
/// request pay for it.
const TIDIED: Duration = Duration::from_secs(10);
/// Addresses kept waiting at a time.
const WAITING: usize = 100_000;
/// Different rates of keys at a time: far more than anybody gives out.
const RATES: usize = 1_000;

/// How often, and how many at once before that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rate {
    burst: u32,
    every: Duration,
}

/// Changes by somebody unknown, by address: a family behind one address may report a few things.
const CHANGES: Rate = Rate { burst: 30, every: Duration::from_secs(2) };
/// Questions by somebody unknown, by address.
const QUESTIONS: Rate = Rate { burst: 300, every: Duration::from_millis(50) };
/// Requests of an account or a token.
const KNOWN: Rate = Rate { burst: 500, every: Duration::from_millis(10) };
/// Guesses, by address.
const GUESSES: Rate = Rate { burst: 30, every: Duration::from_secs(3) };

/// The desk's clock, as time since 1970.
#[derive(Clone, Debug)]
struct DeskClock(Arc<dyn Clock>);

impl governor::clock::Clock for DeskClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.now().as_microsecond()).unwrap_or(0))
    }
}

impl governor::clock::ReasonablyRealtime for DeskClock {}

/// All counters of a server.
pub(super) struct Rates {
    clock: DeskClock,
    changes: Limiter,
    questions: Limiter,
    known: Limiter,
    guesses: Limiter,
    /// When keys that have recovered were last forgotten, seconds since 1970.
    tidied: AtomicU64,
    /// Until when an address that guessed too often is answered nothing.
    waiting: Cache<Key, Duration>,
    /// Of keys with a rate of their own, a limiter a rate.
    own: Cache<PerMinute, Arc<Limiter>>,
    /// Proxies whose word about addresses is taken, besides those on this machine.
    proxies: Vec<IpAddr>,
}

impl Rates {
    pub(super) fn new(clock: Arc<dyn Clock>, proxies: Vec<IpAddr>) -> Self {
        let clock = DeskClock(clock);
        let limiter = |rate: Rate| {
            let quota = Quota::with_period(rate.every)
                .unwrap_or(Quota::per_second(NonZeroU32::MIN))
                .allow_burst(NonZeroU32::new(rate.burst).unwrap_or(NonZeroU32::MIN));
            RateLimiter::hashmap_with_clock(quota, clock.clone())
        };
        Self {
            changes: limiter(CHANGES),
            questions: limiter(QUESTIONS),
            known: limiter(KNOWN),
            guesses: limiter(GUESSES),
            tidied: AtomicU64::new(0),
            waiting: Cache::new(WAITING),
            own: Cache::new(RATES),
            proxies,
            clock: clock.clone(),
        }
    }

    /// Whose request it is, and whether it comes from this machine itself. Of the addresses proxies
    /// have added the last one that is no proxy of ours counts: whatever stands before it anybody
    /// may have written.
    pub(super) fn address(&self, peer: IpAddr, headers: &HeaderMap) -> (IpAddr, bool) {
        let ours = |address: &IpAddr| address.is_loopback() || self.proxies.contains(address);
        let peer = peer.to_canonical();
        if !ours(&peer) {
            return (peer, false);
        }
        let named = headers.get_all("x-forwarded-for").iter();
        let named: Vec<&str> =
            named.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).collect();
        for name in named.iter().rev() {
            match name.trim().parse::<IpAddr>().map(|address| address.to_canonical()) {
                Ok(address) if ours(&address) => {}
                Ok(address) => return (address, false),
                // What cannot be read came from before our own proxies.
                Err(_) => return (peer, false),
            }
        }
        (peer, named.is_empty() && peer.is_loopback())
    }

    /// Counts a request of a key that has a rate of its own, from wherever it comes.
    ///
    /// # Errors
    /// The problem that says how long to wait.
    pub(super) fn key(&self, id: &str, rate: PerMinute) -> Result<(), Problem> {
        let made = || {
            let most = NonZeroU32::new(rate.get()).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::per_minute(most);
            let limiter = RateLimiter::hashmap_with_clock(quota, self.clock.clone());
            Ok::<_, std::convert::Infallible>(Arc::new(limiter))
        };
        let Ok(limiter) = self.own.get_or_insert_with(&rate, made);
        self.count(&limiter, &Sha256::digest(id.as_bytes()).into()).map_err(too_often)
    }

    fn count(&self, limiter: &Limiter, key: &Key) -> Result<(), Duration> {
        if limiter.len() > KEYS && self.may_tidy() {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|not_before| not_before.wait_time_from(self.clock.now()))
    }

    /// Whether the last time is long enough ago; then this is the last time.
    fn may_tidy(&self) -> bool {
        let (now, last) = (self.clock.now().as_secs(), self.tidied.load(Ordering::Relaxed));
        now.abs_diff(last) >= TIDIED.as_secs()
            && self.tidied.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Counts a guess; with too many the address waits.
    fn guessed(&self, key: Key) {
        if let Err(wait) = self.count(&self.guesses, &key) {
            self.waiting.insert(key, self.clock.now() + wait);
        }
    }

    fn still_waiting(&self, key: &Key) -> Result<(), Duration> {
        let left = self.waiting.get(key).map(|until| until.saturating_sub(self.clock.now()));
        left.filter(|left| !left.is_zero()).map_or(Ok(()), Err)
    }
}

/// What an address is counted under.
fn address_key(address: IpAddr) -> Key {
    let network = match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    };
    Sha256::digest(network.to_string().as_bytes()).into()
}

/// Lets a request through that does not come too soon.
pub(super) async fn rates(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if matches!(path, "/healthz" | "/readyz" | "/metrics") {
        return next.run(request).await;
    }
    let rates = app.rates.clone();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let peer = peer.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
    let (address, local) = rates.address(peer, request.headers());
    let address = address_key(address);
    let signed = request.extensions().get::<Signed>().map(|signed| signed.who.person.id);
    let citizen = request.extensions().get::<SignedCitizen>().map(|signed| signed.who.id);
    let signed = signed.or(citizen);
    let token = bearer(request.headers());
    let counted = match (signed, token) {
        _ if local => Ok(()),
        (Some(account), _) => rates.count(&rates.known, &Sha256::digest(account.as_bytes()).into()),
        (None, Some(token)) => rates.count(&rates.known, &Sha256::digest(token.as_bytes()).into()),
        (None, None) if *request.method() == Method::GET && !writes(path) => {
            rates.count(&rates.questions, &address)
        }
        (None, None) => rates.count(&rates.changes, &address),
    };
    let guess = guess(path, token.is_some());
    let guess = guess.map(|(what, missed)| (purpose_key(what, &address), missed));
    let waiting = guess.as_ref().map_or(Ok(()), |(key, _)| rates.still_waiting(key));
    if let Err(wait) = counted.and(waiting) {
        return too_often(wait).into_response();
    }
    let response = next.run(request).await;
    if let Some((key, _)) = guess.filter(|(_, missed)| *missed == response.status()) {
        rates.guessed(key);
    }
    response
}

/// Going to a provider is written down, and may make us ask it.
fn writes(path: &str) -> bool {
    path.starts_with("/api/v1/session/openid/")
}

/// What a request could be a guess of, and the answer that says it was a wrong one. Each is counted
/// by itself: who tries out codes keeps nobody behind the same address from signing in.
fn guess(path: &str, with_token: bool) -> Option<(&'static str, StatusCode)> {
    if with_token {
        Some(("token", StatusCode::UNAUTHORIZED))
    } else if path.starts_with("/api/v1/track/")
        || path.starts_with("/api/v1/feedback/")
        || path == "/api/v1/citizen/cases"
    {
        Some(("code", StatusCode::NOT_FOUND))
    } else if path.starts_with("/api/v1/citizen/session/email/") {
        Some(("link", StatusCode::UNAUTHORIZED))
    } else {
        (path == "/api/v1/session").then_some(("session", StatusCode::UNAUTHORIZED))
    }
}

fn purpose_key(what: &str, address: &Key) -> Key {
    Sha256::new().chain_update(what).chain_update(address).finalize().into()
}

fn too_often(wait: Duration) -> Problem {
    let seconds = i64::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(i64::MAX).max(1);
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_requests",
        format!(
            "Quá nhiều yêu cầu; vui lòng thử lại sau {seconds} giây. Nếu khẩn cấp, hãy gọi 1022."
        ),
        format!(
            "Too many requests; please try again in {seconds} seconds. If it is urgent, call 1022."
        ),
    )
    .retry_after(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use axum::http::HeaderValue;

    fn rates(proxies: &[&str]) -> (Rates, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at("2026-03-02T01:00:00Z".parse().unwrap()));
        let proxies = proxies.iter().map(|address| address.parse().unwrap()).collect();
        (Rates::new(clock.clone(), proxies), clock)
    }

    #[test]
    fn the_last_address_that_is_no_proxy_counts() {
        let (rates, _) = rates(&["10.0.0.9"]);
        for (peer, forwarded, found, local) in [
            ("203.0.113.5", None, "203.0.113.5", false),
            ("203.0.113.5", Some("1.2.3.4"), "203.0.113.5", false),
            ("127.0.0.1", None, "127.0.0.1", true),
            ("::ffff:127.0.0.1", None, "127.0.0.1", true),
            ("127.0.0.1", Some("203.0.113.5"), "203.0.113.5", false),
            ("10.0.0.9", Some("6.6.6.6, 203.0.113.5, 10.0.0.9"), "203.0.113.5", false),
            ("10.0.0.9", None, "10.0.0.9", false),
            ("127.0.0.1", Some("127.0.0.1"), "127.0.0.1", false),
            ("127.0.0.1", Some("unknown"), "127.0.0.1", false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(text) = forwarded {
                headers.insert("x-forwarded-for", HeaderValue::from_static(text));
            }
            let address = rates.address(peer.parse().unwrap(), &headers);
            assert_eq!(address, (found.parse().unwrap(), local), "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn a_burst_and_then_a_rate() {
        let (rates, clock) = rates(&[]);
        let key = address_key("203.0.113.5".parse().unwrap());
        for _ in 0..CHANGES.burst {
            rates.count(&rates.changes, &key).unwrap();
        }
        let wait = rates.count(&rates.changes, &key).unwrap_err();
        assert_eq!(wait, CHANGES.every);
        rates.count(&rates.changes, &address_key("203.0.113.6".parse().unwrap())).unwrap();
        clock.set(clock.now() + jiff::SignedDuration::from_secs(2));
        rates.count(&rates.changes, &key).unwrap();
        rates.count(&rates.changes, &key).unwrap_err();
    }

    #[test]
    fn keys_are_looked_through_now_and_then_only() {
        let (rates, clock) = rates(&[]);
        assert!(rates.may_tidy() && !rates.may_tidy());
        clock.set(clock.now() + jiff::SignedDuration::from_secs(10));
        assert!(rates.may_tidy() && !rates.may_tidy());
    }

    #[test]
    fn who_guesses_too_often_waits() {
        let (rates, clock) = rates(&[]);
        let key = address_key("2001:db8:1:2:aaaa::1".parse().unwrap());
        assert_eq!(key, address_key("2001:db8:1:2:bbbb::7".parse().unwrap()), "one customer");
        for _ in 0..GUESSES.burst {
            rates.guessed(key);
            rates.still_waiting(&key).unwrap();
        }
        rates.guessed(key);
        rates.still_waiting(&key).unwrap_err();
        clock.set(clock.now() + jiff::SignedDuration::from_secs(3));
        rates.still_waiting(&key).unwrap();
    }
}
