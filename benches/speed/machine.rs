//! The machine the figures belong to.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Instant;

use hoiam::log::Database;
use sqlx::Connection;

use crate::results::median;
use crate::stores::{Store, Stores};

/// Facts in the order to print them.
pub async fn facts(stores: &Stores) -> Vec<(&'static str, String)> {
    vec![
        ("processor", format!("{} × {}", cores(), processor())),
        ("memory", format!("{:.0} GB", memory_gb())),
        ("flush", format!("{:.0} µs for 8 kB and fdatasync, alone", flush_micros(&stores.place))),
        ("PostgreSQL", postgres(stores).await),
        ("SQLite", sqlite(stores).await),
        ("durability", "PostgreSQL `fsync`, `full_page_writes` and `synchronous_commit` on; SQLite WAL with `synchronous=FULL`".to_owned()),
        ("program", format!("Hồi Âm {}, release build", env!("CARGO_PKG_VERSION"))),
    ]
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or_else(|| "unknown".to_owned(), |(_, name)| name.trim().to_owned())
}

fn memory_gb() -> f64 {
    let info = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = info.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1_048_576.0
}

/// What one flush costs here: with cheap flushes the processor is the limit, not the disk.
fn flush_micros(place: &Path) -> f64 {
    let mut file = fs::File::create(place.join("flush")).unwrap();
    let page = [7_u8; 8_192];
    let taken = (0..200).map(|_| {
        let start = Instant::now();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.write_all(&page).unwrap();
        file.sync_data().unwrap();
        start.elapsed().as_secs_f64() * 1e6
    });
    median(taken.collect()).unwrap_or(f64::NAN)
}

async fn postgres(stores: &Stores) -> String {
    let mut connection = sqlx::PgConnection::connect(&stores.postgres).await.unwrap();
    let show = "SELECT current_setting('server_version') || ', shared_buffers ' || current_setting('shared_buffers') \
                || ', on a unix socket'";
    sqlx::query_scalar(show).fetch_one(&mut connection).await.unwrap()
}

async fn sqlite(stores: &Stores) -> String {
    let Database::Sqlite(path) = stores.fresh(Store::Sqlite, "version").await else {
        unreachable!("asked for SQLite")
    };
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await.unwrap()
}
