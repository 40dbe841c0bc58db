//! What is said of a panic: where, never what. A message may hold what a person wrote.

use std::panic::{PanicHookInfo, set_hook};

/// From now on a panic is one line of the program's log.
pub fn say_only_where() {
    set_hook(Box::new(said));
}

fn said(panic: &PanicHookInfo<'_>) {
    let at = panic.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current().name().unwrap_or_default().to_owned();
    tracing::error!(%at, %thread, "a mistake in the program: it panicked");
}
