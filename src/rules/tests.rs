//! Reading and exchanging rule sets.

use std::fs;
use std::path::Path;

use super::*;

fn copy_of_the_city() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in Source::Embedded.files().unwrap() {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

#[test]
fn the_embedded_set_is_the_one_in_the_directory() {
    let dir = copy_of_the_city();
    fs::write(dir.path().join("README.md"), "not a rule").unwrap();
    fs::write(dir.path().join(".draft.toml"), "not a rule").unwrap();
    let embedded = Source::Embedded.load().unwrap();
    assert_eq!(load_dir(dir.path()).unwrap().hash, embedded.hash);
    assert!(load_dir(Path::new("/nowhere")).is_err());
}

#[test]
fn a_good_set_is_taken_and_a_bad_one_refused_once() {
    let dir = copy_of_the_city();
    let rules = Rules::open(Source::Directory(dir.path().to_owned())).unwrap();
    let first = rules.base().hash.clone();
    assert!(matches!(rules.poll(), Polled::Unchanged));

    let settings = dir.path().join("routing.toml");
    let good = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{good}\nfloor = 1\n")).unwrap();
    match rules.poll() {
        Polled::Refused(RulesError::Wrong(errors)) => {
            assert_eq!(errors[0].file, "routing.toml");
            assert!(errors[0].line > 1, "{errors:?}");
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(rules.poll(), Polled::Unchanged), "said once");
    assert_eq!((rules.refused(), rules.base().hash.clone()), (1, first.clone()));

    fs::write(&settings, format!("# reviewed\n{good}")).unwrap();
    assert!(matches!(rules.poll(), Polled::Taken(_)));
    assert_ne!(rules.base().hash, first);

    fs::write(&settings, [0x23, 0xff, 0xfe]).unwrap();
    assert!(matches!(rules.poll(), Polled::Refused(_)));
    assert_eq!(rules.refused(), 2);
}
