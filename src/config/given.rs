//! Flags and environment variables.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Flags and environment variables every command takes. Empty where nothing was said.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Given {
    /// Directory of the embedded SQLite database (`hoiam.db` in it) [default: data]
    #[arg(long, global = true, env = "HOIAM_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL to use instead, as a URL
    #[arg(long, global = true, env = "HOIAM_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// Directory of the rule set [default: routing-rules if it is there, else the built-in one]
    #[arg(long, global = true, env = "HOIAM_RULES", value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Letters every case number begins with [default: HCM]
    #[arg(long, global = true, env = "HOIAM_PREFIX", value_name = "LETTERS")]
    pub prefix: Option<String>,
    /// Configuration file [default: hoiam.toml if it is there]
    #[arg(long, global = true, env = "HOIAM_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Name of the log in its checkpoints and its key [default: hoiam/PREFIX]
    #[arg(long, global = true, env = "HOIAM_LOG_ORIGIN", value_name = "NAME")]
    pub log_origin: Option<String>,
    /// File with the log's private key, made if absent [default: log.key in the data directory]
    #[arg(long, global = true, env = "HOIAM_LOG_KEY_FILE", value_name = "FILE")]
    pub log_key_file: Option<PathBuf>,
    /// The log's private key itself: 64 hexadecimal digits
    #[arg(long, global = true, env = "HOIAM_LOG_KEY", hide_env_values = true, hide = true)]
    pub log_key: Option<String>,
    /// File with the master key of personal data, made with a new database [default: master.key in the data directory]
    #[arg(long, global = true, env = "HOIAM_MASTER_KEY_FILE", value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// The master key itself: 64 hexadecimal digits; after a comma those it replaced
    #[arg(long, global = true, env = "HOIAM_MASTER_KEY", hide_env_values = true, hide = true)]
    pub master_key: Option<String>,
    /// Witnesses that cosign checkpoints: `KEY URL`, several with commas between
    #[arg(
        long,
        global = true,
        env = "HOIAM_WITNESSES",
        value_name = "KEY URL",
        value_delimiter = ','
    )]
    pub witnesses: Vec<String>,
    /// PEM file with the authorities that vouch for witnesses, instead of the public ones
    #[arg(long, global = true, env = "HOIAM_WITNESS_CA_FILE", value_name = "FILE")]
    pub witness_ca_file: Option<PathBuf>,
    /// Requests of our own (witnesses, object storage) may go to private addresses
    #[arg(long, global = true, env = "HOIAM_ALLOW_PRIVATE")]
    pub allow_private: bool,
    /// Secret of the key of the object storage for attachments
    #[arg(long, global = true, env = "HOIAM_S3_SECRET", hide_env_values = true, hide = true)]
    pub s3_secret: Option<String>,
    /// Where to serve; only `serve` has the flag.
    #[arg(skip)]
    pub listen: Option<SocketAddr>,
}
