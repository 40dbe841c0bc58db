//! The `hoiam` program.

use std::process::ExitCode;

/// Commands live on small strings, made on one thread and freed on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    hoiam::cli::main()
}
