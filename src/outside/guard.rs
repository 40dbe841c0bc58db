//! Which addresses are outside: what only the machine, its network or its provider answers at is
//! not. By IANA's registries of special-purpose addresses (RFC 6890 and after).
//!
//! A name is resolved once, every address it stands for is looked at, one that is not public refuses
//! them all, and the connection goes to exactly an address that was looked at, so that a name cannot
//! mean something else a moment later. Private addresses need the operator's word: `[outbound]
//! allow_private = true` in `hoiam.toml`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpStream;

use super::Unanswered;

/// To which addresses somebody may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Public ones only.
    #[default]
    Public,
    /// Any, by the operator's word.
    Anywhere,
}

/// A connection to an address that was looked at.
///
/// # Errors
/// [`Unanswered`] when the name stands for an address out of reach, or nobody is there.
pub(super) async fn connect(host: &str, port: u16, reach: Reach) -> Result<TcpStream, Unanswered> {
    let away = |error: std::io::Error| Unanswered(format!("cannot be reached: {error}"));
    let found: Vec<SocketAddr> =
        tokio::net::lookup_host((host, port)).await.map_err(away)?.collect();
    check(&found, reach)?;
    let mut last = std::io::Error::from(std::io::ErrorKind::NotFound);
    for address in found {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(away(last))
}

/// One address inside refuses them all: a name that stands for both is no honest one.
pub(super) fn check(found: &[SocketAddr], reach: Reach) -> Result<(), Unanswered> {
    let public = found.iter().all(|address| is_public(address.ip()));
    if reach == Reach::Anywhere || public { Ok(()) } else { Err(Unanswered(PRIVATE.to_owned())) }
}

/// What is said of an address inside.
pub(super) const PRIVATE: &str =
    "is at a private address; `[outbound] allow_private = true` in hoiam.toml would allow it";

/// Whether an address is one of the public network.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// What is not outside: network and bits of the prefix.
const INSIDE_V4: [([u8; 4], u32); 16] = [
    ([0, 0, 0, 0], 8),        // this network
    ([10, 0, 0, 0], 8),       // private
    ([100, 64, 0, 0], 10),    // carriers' translation
    ([127, 0, 0, 0], 8),      // this machine
    ([169, 254, 0, 0], 16),   // link-local; providers' metadata at 169.254.169.254
    ([172, 16, 0, 0], 12),    // private
    ([192, 0, 0, 0], 24),     // protocol assignments; metadata at 192.0.0.192
    ([192, 0, 2, 0], 24),     // documentation
    ([192, 88, 99, 0], 24),   // 6to4 relays, deprecated
    ([192, 168, 0, 0], 16),   // private
    ([198, 18, 0, 0], 15),    // benchmarks
    ([198, 51, 100, 0], 24),  // documentation
    ([203, 0, 113, 0], 24),   // documentation
    ([168, 63, 129, 16], 32), // a provider's metadata, at a public address
    ([224, 0, 0, 0], 4),      // multicast
    ([240, 0, 0, 0], 4),      // reserved, broadcast
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = u32::from(address);
    !INSIDE_V4.iter().any(|(network, length)| {
        let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
        bits & mask == u32::from_be_bytes(*network)
    })
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([w, x], [y, z]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(w, x, y, z))
    };
    match (a, b) {
        // IPv4 written as IPv6, and through a translator.
        (0, 0) if [c, d, e, f] == [0, 0, 0, 0xffff] => embedded(g, h),
        (0x64, 0xff9b) if [c, d, e, f] == [0, 0, 0, 0] => embedded(g, h),
        (0x2002, _) => embedded(b, c),
        // Protocol assignments (tunnels among them), documentation.
        (0x2001, b) if b < 0x200 || b == 0xdb8 => false,
        (0x3fff, b) if b < 0x1000 => false,
        // Global unicast; everything else is this machine, the link, the site, a group or reserved.
        _ => (0x2000..0x4000).contains(&a),
    }
}
