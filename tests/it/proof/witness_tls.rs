//! Witnesses over HTTPS: a server with a certificate of an authority made here, and certificates that
//! must not be believed.

use std::net::SocketAddr;
use std::path::PathBuf;

use hoiam::outside::guard::Reach;
use hoiam::proof::note::Note;
use hoiam::proof::{ProofError, View, Witness};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::witness::Party;
use super::*;

/// Somebody who vouches for servers.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(folder: &TempDir, name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let file = folder.path().join(format!("{name}.pem"));
        std::fs::write(&file, params.self_signed(&key).unwrap().pem()).unwrap();
        Self { issuer: Issuer::new(params, key), file }
    }

    /// A server's side of TLS, with a certificate for a name that was good until a year.
    fn acceptor(&self, name: &str, until: i32) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Connections whose other side believed the certificate.
struct Secure {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for Secure {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, from) = self.listener.accept().await.unwrap();
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Serves a witness on this machine, and how a log is told of it.
async fn served(party: &Arc<Party>, acceptor: TlsAcceptor) -> Witness {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(axum::serve(Secure { listener, acceptor }, party.app()).into_future());
    party.at(&format!("https://localhost:{port}/w/"))
}

both! {
    async fn over_https_a_witness_is_believed_with_the_right_certificate_only(bed: &Bed) {
        let folder = tempfile::tempdir().unwrap();
        let (city, other) = (Authority::new(&folder, "city"), Authority::new(&folder, "other"));
        let log = bed.open().await;
        round(&log, 70).await;
        let party = Party::called("w.example/1");
        let good = served(&party, city.acceptor("localhost", 2100)).await;
        let cosigners = |witness: &Witness| Witnesses::new(vec![witness.clone()], Reach::Anywhere);
        let for_another = served(&party, city.acceptor("elsewhere.example", 2100)).await;
        let outdated = served(&party, city.acceptor("localhost", 2001)).await;
        for (why, witnesses) in [
            ("an authority the public does not know", cosigners(&good)),
            ("another authority", cosigners(&good).believing(&other.file).unwrap()),
            ("another name", cosigners(&for_another).believing(&city.file).unwrap()),
            ("outdated", cosigners(&outdated).believing(&city.file).unwrap()),
        ] {
            let keeper = keeper_with(&log, witnesses).await;
            keeper.checkpoint().await.unwrap();
            let error = keeper.ask_witnesses().await.unwrap_err();
            let ProofError::Witness { reason, .. } = &error else { panic!("{why}: {error}") };
            assert!(reason.contains("safely") && !reason.contains("localhost:"), "{why}: {reason}");
            assert_eq!(party.seen.lock().unwrap().size, 0, "{why}: nothing was said to it");
            // It is as if the witness were away.
            assert_eq!(View::of(&log).last().await.unwrap().head.size, 70, "{why}");
        }

        let keeper = keeper_with(&log, cosigners(&good).believing(&city.file).unwrap()).await;
        keeper.ask_witnesses().await.unwrap();
        round(&log, 70).await;
        keeper.checkpoint().await.unwrap();
        keeper.ask_witnesses().await.unwrap();
        let signed = View::of(&log).last().await.unwrap();
        assert_eq!((signed.head.size, *party.seen.lock().unwrap()), (140, signed.head));
        let note: Note = signed.note.to_string().parse().unwrap();
        note.signed_by(&good.key).unwrap();
        log.close().await;
    }
}

#[test]
fn a_file_without_authorities_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("empty.pem");
    std::fs::write(&file, "nothing").unwrap();
    for path in [&file, &folder.path().join("absent.pem")] {
        assert!(Witnesses::default().believing(path).is_err());
    }
}
