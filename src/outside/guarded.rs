//! The guard by table, and against servers on this machine.

use super::guard::{PRIVATE, Reach, check, is_public};
use super::*;
use axum::response::Redirect;
use axum::routing::get;
use tokio::net::TcpListener;

#[test]
fn which_addresses_are_outside() {
    let public = [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.255.255",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2400:cb00::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ];
    let inside = [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "168.63.129.16",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1",
        "5f00::1",
    ];
    for (addresses, expected) in [(&public[..], true), (&inside[..], false)] {
        for address in addresses {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }
}

#[test]
fn one_address_inside_refuses_all() {
    let at = |ip: &str| std::net::SocketAddr::new(ip.parse().unwrap(), 443);
    let both = [at("8.8.8.8"), at("10.0.0.1")];
    assert_eq!(check(&both, Reach::Public).unwrap_err().0, PRIVATE);
    check(&both[..1], Reach::Public).unwrap();
    check(&both, Reach::Anywhere).unwrap();
}

async fn asked_for(client: &Outside, url: &str) -> Result<Response<Vec<u8>>, String> {
    let request = Request::get(url).body(Vec::new()).map_err(|_| "has no usable URL".to_owned())?;
    client.ask(request).await.map_err(|error| error.0)
}

#[tokio::test]
async fn nobody_inside_is_asked_however_it_is_written() {
    let careful = Outside::new().unwrap().or_plain();
    for url in [
        "http://127.0.0.1:9/",
        "http://localhost:9/",
        "http://[::1]:9/",
        "http://[::ffff:127.0.0.1]:9/",
        "http://2130706433:9/",
        "http://0x7f.1:9/",
        "http://0177.0.0.1:9/",
        "http://127.1:9/",
        "http://0:9/",
        "https://169.254.169.254/latest/meta-data/",
    ] {
        let why = asked_for(&careful, url).await.unwrap_err();
        // Some resolvers do not know the odd forms at all.
        let unknown = why.starts_with("cannot be reached: failed to lookup");
        assert!(why == PRIVATE || unknown, "{url}: {why}");
    }
    assert_eq!(asked_for(&careful, "http://127.0.0.1:9/").await.unwrap_err(), PRIVATE);
    // The word for this machine is for this machine alone.
    let here = Outside::new().unwrap().or_plain_here();
    assert_ne!(asked_for(&here, "http://127.0.0.1:9/").await.unwrap_err(), PRIVATE);
    assert_eq!(asked_for(&here, "https://10.255.255.1/").await.unwrap_err(), PRIVATE);
    let anywhere = careful.reaching(Reach::Anywhere);
    for url in ["ftp://1.1.1.1/", "file:///etc/passwd", "http://a:b@1.1.1.1/"] {
        let why = asked_for(&anywhere, url).await.unwrap_err();
        assert!(why.starts_with("has no "), "{url}: {why}");
    }
}

#[tokio::test]
async fn redirects_are_answers_and_long_answers_none() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new()
        .route("/away", get(async || Redirect::temporary("http://169.254.169.254/")))
        .route("/long", get(async || "x".repeat(1_001)))
        .route("/fits", get(async || "x".repeat(1_000)));
    tokio::spawn(axum::serve(listener, app).into_future());
    let client = Outside::new().unwrap().or_plain().reaching(Reach::Anywhere).reading(1_000);
    let away = asked_for(&client, &format!("{base}/away")).await.unwrap();
    assert_eq!(away.status(), 307, "and nobody went there");
    let long = asked_for(&client, &format!("{base}/long")).await.unwrap_err();
    assert_eq!(long, "answers too much, or breaks off");
    let fits = asked_for(&client, &format!("{base}/fits")).await.unwrap();
    assert_eq!((fits.status().as_u16(), fits.body().len()), (200, 1_000));
}
