//! Signing in through somebody else, with a real provider (`tests/partners/openid.mjs`), driven by
//! its own forms.

mod citizens;
mod provider;
mod staff;
mod trust;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hoiam::accounts::openid::Provider;
use hoiam::accounts::ways::Ways;
use hoiam::clock::{Clock, SystemClock};
use hoiam::http::Setup;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::net::TcpListener;

use self::provider::Idp;
use super::*;
use crate::support::Bed;
use crate::support::city::City;

/// The machine's clock, put forward: a provider's tokens are of now.
#[derive(Debug, Default)]
struct Running(AtomicI64);

impl Running {
    fn later(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Running {
    fn now(&self) -> Timestamp {
        SystemClock.now() + SignedDuration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// A server with two entries for one provider: `cong-dan` for citizens, `can-bo` for staff.
struct World {
    server: Server,
    idp: Idp,
    /// Kept while the server reads it.
    _directory: TempDir,
    /// The clock by which the provider's tokens are judged.
    clock: Arc<Running>,
}

impl World {
    async fn on(bed: &Bed) -> Self {
        Self::with(bed, "").await
    }

    /// With more in the entry for staff.
    async fn with(bed: &Bed, more: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let idp = Idp::start(&base);
        let directory = TempDir::with_prefix("hoiam-openid-").unwrap();
        let secret = directory.path().join("secret");
        std::fs::write(&secret, "secret of both clients\n").unwrap();
        let issuer = &idp.issuer;
        let clock = Arc::new(Running::default());
        let entry = |text: String| {
            let text =
                format!("issuer = '{issuer}'\nclient_secret_file = '{}'\n{text}", secret.display());
            Provider::new(toml::from_str(&text).unwrap(), &base, clock.clone()).unwrap()
        };
        let citizens = entry(
            "name = 'cong-dan'\ntitle = 'VNeID'\nfor = 'citizens'\nclient_id = 'citizens'\n\
             scopes = ['profile', 'email', 'phone', 'national']\n\
             [claims]\nname = 'name'\nemail = 'email'\nemail_verified = 'email_verified'\n\
             phone = 'phone_number'\nphone_verified = 'phone_number_verified'\nnational_number = 'national_id'\n"
                .to_owned(),
        );
        let staff = entry(format!(
            "name = 'can-bo'\nfor = 'staff'\nclient_id = 'staff'\nscopes = ['profile', 'email', 'work']\n{more}"
        ));
        let city = City::on(bed).await;
        city.clock.set(SystemClock.now());
        let ways = Ways::new(&base, vec![citizens, staff]);
        let setup = Setup { ways: Some(Arc::new(ways)), ..Setup::default() };
        Self { server: Server::listening(city, listener, setup), idp, _directory: directory, clock }
    }

    /// Sends a browser to a provider; where it is sent.
    async fn leave(&self, browser: &mut Browser, provider: &str) -> String {
        let path = format!("/api/v1/session/openid/{provider}");
        let sent = browser.get(&self.server, &path).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        sent.header("location").to_owned()
    }

    /// Comes back: the path of our own it was sent to.
    async fn come_back(&self, browser: &mut Browser, to: &str) -> Answer {
        let path = to.strip_prefix(&self.server.base).unwrap();
        browser.get(&self.server, path).await
    }

    /// There and back again, as `login`.
    async fn through(&self, browser: &mut Browser, provider: &str, login: &str) -> Answer {
        let address = self.leave(browser, provider).await;
        let back = self.idp.signs_in(&address, login).await;
        self.come_back(browser, &back).await
    }

    async fn stop(self) {
        self.server.stop().await;
    }
}
