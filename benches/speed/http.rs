//! A client that costs little: one connection kept open, requests as bytes, answers read no
//! further than needed.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection to the server.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    request: Vec<u8>,
}

/// What came back; the body as it is.
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(64 << 10), request: Vec::new() }
    }

    pub async fn get(&mut self, path: &str, token: &str) -> Answer<'_> {
        self.request.clear();
        let bearer = authorization(token);
        let head = format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{bearer}\r\n");
        self.request.extend_from_slice(head.as_bytes());
        self.exchange().await
    }

    pub async fn post(&mut self, path: &str, token: &str, body: &str) -> Answer<'_> {
        self.request.clear();
        let (bearer, length) = (authorization(token), body.len());
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: bench\r\n{bearer}content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        self.request.extend_from_slice(head.as_bytes());
        self.request.extend_from_slice(body.as_bytes());
        self.exchange().await
    }

    async fn exchange(&mut self) -> Answer<'_> {
        self.stream.write_all(&self.request).await.unwrap();
        self.buffer.clear();
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.read().await;
        };
        let (status, length) = read_head(&self.buffer[..head]);
        while self.buffer.len() < head + length {
            self.read().await;
        }
        Answer { status, body: &self.buffer[head..head + length] }
    }

    async fn read(&mut self) {
        let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
        assert!(read > 0, "the server closed the connection");
    }
}

impl Answer<'_> {
    /// The body of a success as JSON.
    pub fn json(&self) -> serde_json::Value {
        self.expect_success();
        serde_json::from_slice(self.body).unwrap()
    }

    pub fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn expect_success(&self) {
        let text = || String::from_utf8_lossy(self.body);
        assert!(self.succeeded(), "{} {}", self.status, text());
    }
}

fn authorization(token: &str) -> String {
    if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") }
}

/// Status and length of the body.
fn read_head(head: &[u8]) -> (u16, usize) {
    let head = std::str::from_utf8(head).unwrap();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    (status, length.expect("every answer says how long it is"))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
