//! Rules that came into use without an activation are events as well.

use std::fs;

use hoiam::policy::activation::{schedule, stored_files};
use hoiam::policy::{PolicyStream, loaded, stream};
use hoiam::rules::{Polled, Rules, Source};
use hoiam_domain::policy::PolicyEvent;

use super::{changed, city_files, node, puts_into_force};
use crate::support::Bed;
use crate::support::city::City;

/// The files written down so far: hash, files that differ.
async fn recorded(city: &City) -> Vec<(String, Vec<String>)> {
    let events = stream::read(city.desk.log(), PolicyStream::Rules, 0).await.unwrap();
    let loaded = events.into_iter().filter_map(|one| match one.event {
        PolicyEvent::RulesFilesLoaded(e) => {
            Some((e.hash, e.changes.into_iter().map(|change| change.file).collect()))
        }
        _ => None,
    });
    loaded.collect()
}

/// A node that follows a directory with these files.
async fn following(bed: &Bed, directory: &std::path::Path) -> City {
    write(directory, &city_files());
    let city = node(bed).await;
    let source = Source::Directory(directory.to_owned());
    let rules = Rules::open_with(source, city.desk.log(), city.desk.now()).await.unwrap();
    let desk = hoiam::desk::Desk::new(
        city.desk.log().clone(),
        rules,
        "HCM",
        city.clock.clone(),
        std::sync::Arc::new(hoiam::random::SeededRandom::new(2)),
    );
    City { desk, clock: city.clock }
}

fn write(directory: &std::path::Path, files: &[(String, String)]) {
    for (path, text) in files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

both! {
    async fn limits_and_calendars_that_change_in_a_directory_are_events(bed: &Bed) {
        let directory = tempfile::TempDir::with_prefix("hoiam-rules-").unwrap();
        let city = following(bed, directory.path()).await;
        let desk = &city.desk;
        assert!(loaded::record(desk).await.unwrap(), "what a server begins with");
        assert!(!loaded::record(desk).await.unwrap(), "once");
        let first = recorded(&city).await;
        assert_eq!((first.len(), first[0].1.len()), (1, city_files().len()));
        let told = desk.rules_handle().base_changed();
        let files = changed("limits.toml", "\n", "\n# Đã rà soát.\n");
        write(directory.path(), &files);
        assert!(matches!(desk.rules_handle().poll(), Polled::Taken(_)));
        assert!(told.has_changed().unwrap(), "whoever writes it down is told");
        assert!(loaded::record(desk).await.unwrap());
        let both = recorded(&city).await;
        assert_eq!(both[1].1, ["limits.toml"]);
        let stored = stored_files(desk.log(), &both[1].0).await.unwrap();
        assert_eq!(stored, files, "what was in use then can be read for ever");
        // An activated set wins: what the directory says from then on decides nothing.
        puts_into_force(&city, city_files(), None).await;
        write(directory.path(), &city_files());
        assert!(matches!(desk.rules_handle().poll(), Polled::Taken(_)));
        assert!(!loaded::record(desk).await.unwrap());
        assert_eq!(schedule(desk.log()).await.unwrap().loaded.as_ref(), Some(&both[1].0));
        desk.log().close().await;
    }
}
