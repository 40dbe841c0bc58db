//! The program as people call it, on both databases.
//!
//! - [`in_force`]: commands that ask the rule set in force in the database, or files.
//! - [`loads`]: what `hoiam import` and `hoiam demo` go by and leave behind.
//! - [`no_city`]: a database that is not there.
//! - [`pipe`]: an output nobody reads any more.

use std::process::{Command, Stdio};

use hoiam::log::Database;

use crate::support::{Bed, MASTER_KEY};

mod in_force;
mod loads;
mod no_city;
mod pipe;

/// The program on a database, in a directory without rules of its own.
fn hoiam(bed: &Bed, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hoiam"));
    command.args(arguments).current_dir(std::env::temp_dir()).stdin(Stdio::null());
    command.env("HOIAM_MASTER_KEY", MASTER_KEY);
    for variable in ["HOIAM_CONFIG", "HOIAM_RULES", "HOIAM_DATA", "HOIAM_DATABASE"] {
        command.env_remove(variable);
    }
    match &bed.database {
        Database::Sqlite(path) => command.env("HOIAM_DATA", path.parent().unwrap()),
        Database::Postgres(url) => command.env("HOIAM_DATABASE", url),
    };
    command
}

/// Exit code, output, errors.
fn run(bed: &Bed, arguments: &[&str]) -> (i32, String, String) {
    let done = hoiam(bed, arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}
