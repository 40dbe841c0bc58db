//! Where files are kept and how many: the table `[attachments]` of `hoiam.toml`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Limits;
use crate::config::quoted;

/// What the file may say. Unknown fields are errors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// A folder, if not beside the database.
    folder: Option<PathBuf>,
    /// Bytes of one file.
    max_bytes: Option<usize>,
    /// Files of one case, by citizens and by staff.
    max_count: Option<usize>,
    /// Object storage instead of a folder.
    s3: Option<Bucket>,
}

/// A bucket of an S3-compatible store.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// e.g. `https://s3.example.vn`
    pub endpoint: String,
    /// Its name.
    pub bucket: String,
    /// Its region; many stores take any.
    #[serde(default = "any_region")]
    pub region: String,
    /// What every name begins with, e.g. `hoiam/`.
    #[serde(default)]
    pub prefix: String,
    /// The name of the key that signs.
    pub access_key: String,
    /// A file with its secret, and nothing else; else `HOIAM_S3_SECRET`.
    #[serde(default)]
    pub secret_file: Option<PathBuf>,
    /// The secret, from the environment.
    #[serde(skip)]
    pub secret: Option<Secret>,
}

fn any_region() -> String {
    "us-east-1".to_owned()
}

/// A secret text, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

/// What is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The folder; not used with a bucket.
    pub folder: PathBuf,
    /// How large and how many.
    pub limits: Limits,
    /// Object storage instead.
    pub s3: Option<Bucket>,
}

/// Most bytes of a file and files of a case anybody may configure: more would not fit into memory
/// and events.
const MOST: Limits = Limits { bytes: 100 << 20, count: 200 };

impl Settings {
    /// A folder with the usual limits.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self { folder: path.into(), limits: Limits::default(), s3: None }
    }

    /// What the table says over the defaults; the default folder is below `data`.
    ///
    /// # Errors
    /// A field and what is wrong with it.
    pub fn of(
        table: Table,
        data: &Path,
        secret: Option<&str>,
    ) -> Result<Self, (&'static str, String)> {
        let usual = Limits::default();
        let bytes = table.max_bytes.unwrap_or(usual.bytes);
        let count = table.max_count.unwrap_or(usual.count);
        if !(1..=MOST.bytes).contains(&bytes) {
            return Err(("attachments.max_bytes", format!("must be 1 to {}", MOST.bytes)));
        }
        if count > MOST.count {
            return Err(("attachments.max_count", format!("must be 0 to {}", MOST.count)));
        }
        let mut s3 = table.s3;
        if let Some(bucket) = &mut s3 {
            bucket.secret = match (secret, &bucket.secret_file) {
                (Some(secret), _) => Some(Secret(secret.to_owned())),
                (None, Some(path)) => Some(Secret(read(path)?)),
                (None, None) => None,
            };
            if bucket.secret.is_none() {
                let message = "set HOIAM_S3_SECRET, or name a file".to_owned();
                return Err(("attachments.s3.secret_file", message));
            }
        }
        let folder = table.folder.unwrap_or_else(|| data.join("attachments"));
        Ok(Self { folder, limits: Limits { bytes, count }, s3 })
    }
}

fn read(path: &Path) -> Result<String, (&'static str, String)> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ("attachments.s3.secret_file", format!("{}: {error}", path.display())))?;
    Ok(text.trim().to_owned())
}

/// As a file would say it, secrets left out.
impl std::fmt::Display for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "[attachments]")?;
        writeln!(f, "max_bytes = {}", self.limits.bytes)?;
        write!(f, "max_count = {}", self.limits.count)?;
        let Some(bucket) = &self.s3 else {
            return write!(f, "\nfolder = {}", quoted(&self.folder.display().to_string()));
        };
        write!(f, "\n\n[attachments.s3]")?;
        for (name, value) in [
            ("endpoint", &bucket.endpoint),
            ("bucket", &bucket.bucket),
            ("region", &bucket.region),
            ("prefix", &bucket.prefix),
            ("access_key", &bucket.access_key),
        ] {
            write!(f, "\n{name} = {}", quoted(value))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(toml: &str, secret: Option<&str>) -> Result<Settings, String> {
        let table: Table = toml::from_str(toml).map_err(|error| error.to_string())?;
        Settings::of(table, Path::new("data"), secret)
            .map_err(|(field, why)| format!("{field}: {why}"))
    }

    #[test]
    fn defaults_and_limits() {
        let usual = settings("", None).unwrap();
        assert_eq!(usual, Settings::folder("data/attachments"));
        let own = settings("folder = \"/srv/tep\"\nmax_bytes = 5\nmax_count = 0", None).unwrap();
        assert_eq!((own.limits, own.folder), (Limits { bytes: 5, count: 0 }, "/srv/tep".into()));
        for wrong in ["max_bytes = 0", "max_bytes = 1000000000", "max_count = 1000", "size = 1"] {
            assert!(settings(wrong, None).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_bucket_needs_its_secret_and_does_not_tell_it() {
        let toml = "[s3]\nendpoint = \"https://s3.example\"\nbucket = \"tep\"\naccess_key = \"AK\"";
        assert!(settings(toml, None).unwrap_err().contains("HOIAM_S3_SECRET"));
        let bucket = settings(toml, Some("s3cret-planted")).unwrap();
        assert!(!format!("{bucket:?} {bucket}").contains("planted"));
        assert_eq!(bucket.s3.unwrap().secret, Some(Secret("s3cret-planted".to_owned())));
    }
}
