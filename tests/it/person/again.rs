//! Old backups, other nodes, erasures that were broken off.

use hoiam::archive::{ImportOptions, Wanted, export, import};
use hoiam::person::journal::Entry;
use hoiam::person::{by_case, erase, log_of, reapply};

use super::*;
use crate::support::city::staff;
use crate::support::options;

both! {
    async fn an_old_backup_forgets_what_was_forgotten_since(bed: &Bed) {
        let old = Bed::sqlite();
        let city = City::on(&old).await;
        let (_, number) = receive(&city, of_planted(TEXT)).await;
        let mut backup = Vec::new();
        export(city.desk.log(), "HCM", &Wanted::default(), &mut backup).await.unwrap();
        let (_place, journal) = journal();
        // One that came after the backup.
        let (_, later) = receive(&city, of_planted("Nước ngập ở đường Lê Lợi, quận 1")).await;
        let person = by_case(&city.desk, &later).await.unwrap();
        assert_eq!(erase(&city.desk, &journal, &request(person.id)).await.unwrap().cases, 2);
        city.desk.log().close().await;

        let place = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(place.path(), &backup).unwrap();
        let file = std::fs::File::open(place.path()).unwrap();
        let how = ImportOptions::at(city.desk.now(), options().master_key);
        import(&bed.database, "HCM", &file, how, &mut |_| ()).await.unwrap();
        let city = City::on(bed).await;
        assert_eq!(city.case(&number).await.text.reveal(), TEXT, "it is a good backup");
        assert_eq!(reapply(&city.desk, &journal).await.unwrap(), 1);
        assert!(city.case(&number).await.text.is_erased());
        check(bed, &city).await;
        assert_eq!(reapply(&city.desk, &journal).await.unwrap(), 0, "once is enough");
        // What was written after that is nobody's erasure.
        city.give(&staff(Role::Operator), &number, "note", r#"{"text": "mới"}"#).await.unwrap();
        assert_eq!(reapply(&city.desk, &journal).await.unwrap(), 0);
        assert_eq!(city.case(&number).await.last_note.as_ref().unwrap().reveal(), "mới");
        city.desk.log().close().await;
        old.remove().await;
    }

    async fn what_was_broken_off_is_finished(bed: &Bed) {
        let city = City::on(bed).await;
        let (_, one) = receive(&city, of_planted(TEXT)).await;
        let (_, two) = receive(&city, of_planted("Nước ngập ở đường Lê Lợi, quận 1")).await;
        let person = by_case(&city.desk, &one).await.unwrap();
        let (_place, journal) = journal();
        let request = request(person.id);
        journal
            .add(&Entry {
                log: log_of(&city.desk),
                at: city.desk.now(),
                person: person.id,
                cases: person.cases.clone(),
                accounts: Vec::new(),
                what: request.what,
                legal_ground: request.legal_ground.clone(),
            })
            .unwrap();
        // The first case was erased, then the machine went down.
        let command = hoiam_domain::case::command::Erase {
            what: request.what,
            legal_ground: request.legal_ground.clone(),
        };
        assert!(city.desk.erase(person.cases[0], &command).await.unwrap());
        assert_eq!(reapply(&city.desk, &journal).await.unwrap(), 1);
        for number in [one, two] {
            assert!(city.case(&number).await.text.is_erased());
        }
        check(bed, &city).await;
        city.desk.log().close().await;
    }

    async fn what_was_broken_off_before_its_tombstone_is_finished(bed: &Bed) {
        let city = City::on(bed).await;
        let (_, number) = receive(&city, of_planted(TEXT)).await;
        let log = city.desk.log();
        hoiam::followers::catch_up(log).await.unwrap();
        let person = by_case(&city.desk, &number).await.unwrap();
        let (_place, journal) = journal();
        let request = request(person.id);
        let (what, legal_ground) = (request.what, request.legal_ground.clone());
        let entry = Entry {
            log: log_of(&city.desk),
            at: city.desk.now(),
            person: person.id,
            cases: person.cases.clone(),
            accounts: Vec::new(),
            what,
            legal_ground: legal_ground.clone(),
        };
        journal.add(&entry).unwrap();
        // The keys of all cases are gone, what was made of the words is not.
        let command = hoiam_domain::case::command::Erase { what, legal_ground };
        assert!(city.desk.erase(person.cases[0], &command).await.unwrap());
        let left = async |table: &str| {
            let sql = format!("SELECT count(*) FROM {table}");
            crate::support::bed::number(log.pool(), &sql).await
        };
        assert!(left("duplicate_prints").await == 1 && left("case_people").await == 2);
        city.give(&staff(Role::Operator), &number, "note", r#"{"text": "mới"}"#).await.unwrap();
        assert_eq!(reapply(&city.desk, &journal).await.unwrap(), 0, "no case was open");
        assert_eq!((left("duplicate_prints").await, left("case_people").await), (0, 0));
        let again = erase(&city.desk, &journal, &request).await.unwrap_err();
        assert!(matches!(again, hoiam::person::PersonError::Erased { .. }), "{again}");
        // What was written since is nobody's erasure, and once is enough.
        let head = log.head().await.unwrap();
        assert_eq!(reapply(&city.desk, &journal).await.unwrap(), 0);
        assert_eq!(log.head().await.unwrap(), head);
        assert_eq!(city.case(&number).await.last_note.as_ref().unwrap().reveal(), "mới");
        check(bed, &city).await;
        log.close().await;
    }

    async fn another_node_forgets_too_and_writes_under_the_new_keys(bed: &Bed) {
        let (here, there) = (City::on(bed).await, City::on(bed).await);
        let (_, number) = receive(&here, of_planted(TEXT)).await;
        // Both remember it, with its keys.
        assert_eq!(there.case(&number).await.text.reveal(), TEXT);
        let person = by_case(&here.desk, &number).await.unwrap();
        let (_place, journal) = journal();
        erase(&here.desk, &journal, &request(person.id)).await.unwrap();
        there.give(&staff(Role::Operator), &number, "note", r#"{"text": "sau khi xoá"}"#).await.unwrap();
        for city in [&here, &there] {
            let case = city.case(&number).await;
            assert!(case.text.is_erased());
            assert_eq!(case.last_note.as_ref().unwrap().reveal(), "sau khi xoá");
        }
        here.desk.log().close().await;
        there.desk.log().close().await;
        let city = City::on(bed).await;
        let case = city.case(&number).await;
        assert!(case.text.is_erased() && case.parties[0].contact.name.as_ref().unwrap().is_erased());
        assert_eq!(case.last_note.as_ref().unwrap().reveal(), "sau khi xoá");
        check(bed, &city).await;
        city.desk.log().close().await;
    }
}
