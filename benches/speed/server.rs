//! `hoiam serve` in a process of its own, as a city runs it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use hoiam::log::Database;

use crate::process;
use crate::program::master_key;
use crate::stores::flags;

/// The program that was built with this one.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_hoiam");

pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Serves a database on a free port. `place` holds no rules, so the built-in ones are used.
    pub fn start(database: &Database, place: &Path) -> Self {
        let mut child = Command::new(PROGRAM)
            .arg("serve")
            .args(flags(database))
            .args(["--listen", "127.0.0.1:0"])
            .env("HOIAM_LOG", "warn")
            .envs(master_key(database))
            .current_dir(place)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| address_in(&line.unwrap()));
        Self { child, address: address.expect("it says where it serves") }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory in MB now and at its highest.
    pub fn memory(&self) -> (f64, f64) {
        (process::memory_mb(self.pid(), "VmRSS"), process::memory_mb(self.pid(), "VmHWM"))
    }
}

/// Whatever became of the measurement, no server stays behind.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address in `… http://127.0.0.1:8022/ …`.
fn address_in(line: &str) -> Option<SocketAddr> {
    let rest = line.split_once("http://")?.1;
    rest.split('/').next()?.parse().ok()
}
