//! The standard output of commands, which may be a pipe that somebody closes: `hoiam … | head`.
//! The command then ends without a word, as programs do that a signal ends.
//!
//! Rust tells such a program by an error of each write, and `println!` by a panic. Both end here.

use std::io::{self, ErrorKind, Stdout, Write};
use std::process::exit;

/// What a shell says of a program that SIGPIPE ended: 128 and its number.
const CLOSED: i32 = 141;

/// The standard output. A write to a closed pipe does not return.
#[derive(Debug)]
pub(super) struct Output(Stdout);

impl Output {
    /// The standard output.
    pub(super) fn open() -> Self {
        Self(io::stdout())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        unless_closed(self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        unless_closed(self.0.flush())
    }
}

fn unless_closed<T>(done: io::Result<T>) -> io::Result<T> {
    match done {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => exit(CLOSED),
        done => done,
    }
}

/// From now on `println!` into a closed pipe ends the program quietly; every other panic is told
/// as before.
pub(super) fn end_quietly_when_closed() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let message = panic.payload_as_str().unwrap_or_default();
        // The words of `println!` and `eprintln!` in the standard library, which has no other way
        // to ask; the test notices when they change.
        let printing = message.starts_with("failed printing to std");
        if printing && message.contains("Broken pipe") {
            exit(CLOSED);
        }
        told(panic);
    }));
}
