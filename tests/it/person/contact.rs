//! The contact alone erased first, and the rest afterwards.

use hoiam::archive::{ImportOptions, Wanted, export, import};
use hoiam::person::{Person, PersonError, by_case, by_email, by_id, by_phone, erase, reapply};
use hoiam_domain::case::command::Erase;

use super::*;
use crate::support::options;

const FLOOD: &str = "Nước ngập ở đường Lê Lợi, quận 1";

fn contact(person: Uuid) -> Request {
    Request { what: ErasedPart::Contact, ..request(person) }
}

both! {
    async fn whose_it_was_is_known_until_the_rest_is_erased(bed: &Bed) {
        let city = City::on(bed).await;
        let (_, one) = receive(&city, of_planted(TEXT)).await;
        let (_, two) = receive(&city, of_planted(FLOOD)).await;
        let known = by_case(&city.desk, &one).await.unwrap();
        let (_place, journal) = journal();
        for (cases, nth) in [(2, "first"), (0, "again")] {
            let done = erase(&city.desk, &journal, &contact(known.id)).await.unwrap();
            assert_eq!((done.person, done.cases), (known.id, cases), "{nth}");
        }
        let left = Person { identities: [].into(), ..known.clone() };
        for same in [
            by_case(&city.desk, &one).await,
            by_case(&city.desk, &two).await,
            by_phone(&city.desk, PHONE).await,
            by_email(&city.desk, EMAIL).await,
            by_id(&city.desk, known.id).await,
            by_id(&city.desk, known.cases[1]).await,
        ] {
            assert_eq!(same.unwrap(), left);
        }
        // They report again, by one of the two they were known by.
        for (phone, email) in [(Some(PHONE.to_owned()), None), (None, Some(EMAIL.to_owned()))] {
            let reporter = Reporter { phone, email, ..Reporter::default() };
            let (_, again) = receive(&city, Feedback { reporter, ..feedback(FLOOD) }).await;
            let person = by_case(&city.desk, &again).await.unwrap();
            assert_eq!((person.id, person.cases[0]), (known.id, known.cases[0]));
        }
        let done = erase(&city.desk, &journal, &request(known.id)).await.unwrap();
        assert_eq!((done.person, done.cases), (known.id, 4));
        for number in [&one, &two] {
            assert!(city.case(number).await.text.is_erased());
        }
        let again = erase(&city.desk, &journal, &request(known.id)).await.unwrap_err();
        assert!(matches!(again, PersonError::Erased { .. }), "{again}");
        for nobody in [by_phone(&city.desk, PHONE).await, by_email(&city.desk, EMAIL).await] {
            assert!(matches!(nobody, Err(PersonError::Unknown)), "{nobody:?}");
        }
        assert_eq!(reapply(&city.desk, &journal).await.unwrap(), 0);
        check(bed, &city).await;
        city.desk.log().close().await;
    }

    async fn a_case_whose_contact_was_kept_long_enough_is_found_by_its_number(bed: &Bed) {
        let city = City::on(bed).await;
        let (_, number) = receive(&city, of_planted(TEXT)).await;
        let case = city.case(&number).await.id;
        let command = Erase { what: ErasedPart::Contact, legal_ground: "contact-2y".to_owned() };
        assert!(city.desk.erase(case, &command).await.unwrap());
        let person = by_case(&city.desk, &number).await.unwrap();
        assert_eq!((person.id, &person.cases), (case, &vec![case]));
        assert_eq!(by_id(&city.desk, person.id).await.unwrap(), person);
        let (_place, journal) = journal();
        // Twice the contact is no harm, and then the rest.
        assert_eq!(erase(&city.desk, &journal, &contact(case)).await.unwrap().cases, 0);
        assert_eq!(erase(&city.desk, &journal, &request(case)).await.unwrap().cases, 1);
        assert!(city.case(&number).await.text.is_erased());
        check(bed, &city).await;
        city.desk.log().close().await;
    }

    async fn an_old_backup_forgets_both_steps(bed: &Bed) {
        let old = Bed::sqlite();
        let city = City::on(&old).await;
        let (_, number) = receive(&city, of_planted(TEXT)).await;
        let (_, other) = receive(&city, feedback(FLOOD)).await;
        let mut backup = Vec::new();
        export(city.desk.log(), "HCM", &Wanted::default(), &mut backup).await.unwrap();
        let (_place, journal) = journal();
        let (whole, half) = (by_case(&city.desk, &number).await.unwrap().id, by_case(&city.desk, &other).await.unwrap().id);
        erase(&city.desk, &journal, &contact(whole)).await.unwrap();
        erase(&city.desk, &journal, &contact(half)).await.unwrap();
        erase(&city.desk, &journal, &request(whole)).await.unwrap();
        city.desk.log().close().await;

        let place = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(place.path(), &backup).unwrap();
        let file = std::fs::File::open(place.path()).unwrap();
        let how = ImportOptions::at(city.desk.now(), options().master_key);
        import(&bed.database, "HCM", &file, how, &mut |_| ()).await.unwrap();
        let city = City::on(bed).await;
        assert!(reapply(&city.desk, &journal).await.unwrap() > 0);
        assert!(city.case(&number).await.text.is_erased());
        assert_eq!(city.case(&other).await.text.reveal(), FLOOD);
        assert_eq!(reapply(&city.desk, &journal).await.unwrap(), 0, "once is enough");
        // What is left of the other is still theirs.
        assert_eq!(by_case(&city.desk, &other).await.unwrap().id, half);
        assert_eq!(erase(&city.desk, &journal, &request(half)).await.unwrap().cases, 1);
        assert!(city.case(&other).await.text.is_erased());
        check(bed, &city).await;
        city.desk.log().close().await;
        old.remove().await;
    }
}
