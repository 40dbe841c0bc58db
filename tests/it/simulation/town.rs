//! The rules of the town: a directory like a city's, whose files are exchanged while the nodes run.
//!
//! `town/both` stands beside either `town/before` or `town/after`: other limits, a rule more, an
//! agency that ends with a successor. Sometimes a broken file is laid beside them, which must
//! change nothing.

use std::path::Path;
use std::sync::Arc;

use hoiam::rules::{Polled, Rules, Source};
use hoiam_domain::routing::RuleSet;
use tempfile::TempDir;

use super::dice::Dice;

pub struct Town {
    directory: TempDir,
    rules: Rules,
    after: bool,
}

impl Town {
    pub fn new() -> Self {
        let directory = TempDir::with_prefix("hoiam-town-").unwrap();
        lay(directory.path(), "both");
        lay(directory.path(), "before");
        let rules = Rules::open(Source::Directory(directory.path().to_owned())).unwrap();
        Self { directory, rules, after: false }
    }

    /// Where the files are.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The handle nodes take their rules from.
    pub fn rules(&self) -> Rules {
        self.rules.clone()
    }

    /// Exchanges the rule set, or tries to with a broken one. Says what it did.
    pub fn change(&mut self, dice: &mut Dice) -> &'static str {
        if dice.percent(25) {
            let broken = self.directory.path().join("attributes.toml");
            std::fs::write(&broken, "[[attribute]]\ncode = \"x\"\n").unwrap();
            let kept = self.rules.base().hash.clone();
            assert!(matches!(self.rules.poll(), Polled::Refused(_)), "a broken set is refused");
            assert_eq!(self.rules.base().hash, kept, "the good set stays");
            std::fs::remove_file(broken).unwrap();
            assert!(matches!(self.rules.poll(), Polled::Unchanged));
            return "a broken rule set";
        }
        self.after = !self.after;
        lay(self.directory.path(), if self.after { "after" } else { "before" });
        assert!(matches!(self.rules.poll(), Polled::Taken(_)), "a good set is taken");
        if self.after { "the new rule set" } else { "the old rule set" }
    }

    pub fn current(&self) -> Arc<RuleSet> {
        self.rules.base()
    }
}

/// Copies the files of a folder of the town.
fn lay(to: &Path, folder: &str) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/simulation/town").join(folder);
    for part in ["", "rules"] {
        std::fs::create_dir_all(to.join(part)).unwrap();
        for entry in std::fs::read_dir(from.join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, to.join(part).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
}
