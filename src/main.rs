//! The `hoiam` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    hoiam::cli::main()
}
