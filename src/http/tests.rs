//! What no request from outside can bring about: a handler that panics, a server that is full.

use axum::routing::get;

use super::*;
use crate::clock::SystemClock;
use crate::log::{Database, Log, LogOptions};
use crate::random::SystemRandom;
use crate::rules::{Rules, Source};

/// Serves `routes` with so many slots; gives the address.
async fn served(directory: &std::path::Path, routes: Router<App>, slots: usize) -> String {
    let database = Database::Sqlite(directory.join("hoiam.db"));
    let log = Log::open(&database, LogOptions::default()).await.unwrap();
    let rules = Rules::open(Source::Embedded).unwrap();
    let desk = Desk::new(log, rules, "HCM", Arc::new(SystemClock), Arc::new(SystemRandom));
    let slots = Arc::new(Semaphore::new(slots));
    let rates = Arc::new(rates::Rates::new(Arc::new(SystemClock), Vec::new()));
    let app = App {
        desk,
        metrics: observe::recorder(),
        slots,
        rates,
        ways: None,
        attachments: None,
        uploads: Arc::new(Semaphore::new(1)),
        downloads: Arc::new(Semaphore::new(1)),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, layered(routes, app)).into_future());
    format!("http://{address}")
}

async fn asked(url: String) -> (u16, String, serde_json::Value) {
    let response = reqwest::get(url).await.unwrap();
    let media = response.headers()["content-type"].to_str().unwrap().to_owned();
    (response.status().as_u16(), media, response.json().await.unwrap())
}

async fn broken() {
    panic!("0900 000 001");
}

#[tokio::test]
async fn a_panic_is_a_problem_that_says_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let routes = Router::new().route("/broken", get(broken));
    let base = served(directory.path(), routes, 1).await;
    for _ in 0..3 {
        // Also gives its slot back: there is one.
        let (status, media, problem) = asked(format!("{base}/broken")).await;
        assert_eq!((status, media.as_str()), (500, "application/problem+json"));
        assert_eq!(problem["code"], "internal");
        assert!(!problem.to_string().contains("0900"));
    }
}

#[tokio::test]
async fn a_full_server_says_so_but_lives() {
    let directory = tempfile::tempdir().unwrap();
    let routes = routes::table().into_iter().fold(Router::new(), |r, t| r.route(t.path, t.handler));
    let base = served(directory.path(), routes, 0).await;
    let (status, media, problem) = asked(format!("{base}/api/v1/track/x")).await;
    assert_eq!((status, media.as_str()), (503, "application/problem+json"));
    assert_eq!(problem["code"], "overloaded");
    assert_eq!(asked(format!("{base}/healthz")).await.0, 200);
    assert_eq!(asked(format!("{base}/readyz")).await.0, 200);
}

/// What comes back on a connection that sends this and then waits, to its end.
async fn heard(sent: &[u8]) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route("/", get(async || "ok"));
    let head = std::time::Duration::from_millis(200);
    tokio::spawn(connections::serve(listener, routes, std::future::pending(), head));
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(sent).await.unwrap();
    let mut heard = Vec::new();
    // Ends when the server hangs up, and never if it does not.
    let _ = stream.read_to_end(&mut heard).await;
    String::from_utf8(heard).unwrap()
}

#[tokio::test]
async fn nobody_keeps_a_connection_by_sending_nothing() {
    for half in ["", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX: "] {
        assert!(!heard(half.as_bytes()).await.contains("200 OK"), "{half:?}");
    }
    // Nor after a request that was answered.
    let whole = heard(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(whole.starts_with("HTTP/1.1 200 OK") && whole.ends_with("ok"), "{whole}");
}
