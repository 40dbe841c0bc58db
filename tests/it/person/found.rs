//! Who somebody is, and what is held about them.

use hoiam::attachments::{Attachments, Settings, Upload};
use hoiam::outside::guard::Reach;
use hoiam::person::{PersonError, by_case, by_email, by_id, by_phone, export};
use hoiam_domain::actor::{Actor, Role};

use super::*;

fn with(phone: Option<&str>, email: Option<&str>, text: &str) -> Feedback {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let reporter = Reporter { phone: owned(phone), email: owned(email), ..Reporter::default() };
    Feedback { reporter, ..feedback(text) }
}

both! {
    async fn a_person_is_whoever_cases_tie_together(bed: &Bed) {
        let city = City::on(bed).await;
        let text = "Đèn đường hư ở đường Lê Lợi, quận 1";
        let (_, first) = receive(&city, with(Some("0903 000 111"), None, text)).await;
        let (_, mail) = receive(&city, with(None, Some("a@b.vn"), text)).await;
        let (_, nobody) = receive(&city, with(None, None, text)).await;
        let (_, stranger) = receive(&city, with(Some("0903 000 112"), None, text)).await;
        let by_number = by_case(&city.desk, &first).await.unwrap();
        assert_ne!(by_number.id, by_case(&city.desk, &mail).await.unwrap().id);
        // A case with both says that they are one.
        let (_, both) = receive(&city, with(Some("+84903000111"), Some("A@B.vn"), text)).await;
        let person = by_phone(&city.desk, "84 903 000 111").await.unwrap();
        assert_eq!((person.id, person.cases.len(), person.identities.len()), (by_number.id, 3, 2));
        for same in [
            by_email(&city.desk, "a@b.vn").await,
            by_case(&city.desk, &both).await,
            by_case(&city.desk, &mail).await,
            by_id(&city.desk, person.id).await,
        ] {
            assert_eq!(same.unwrap(), person);
        }
        assert_eq!(by_case(&city.desk, &stranger).await.unwrap().cases.len(), 1);
        let alone = by_case(&city.desk, &nobody).await.unwrap();
        assert_eq!((alone.cases.len(), alone.identities.len()), (1, 0));
        assert_eq!(by_id(&city.desk, alone.id).await.unwrap(), alone);
        for unknown in ["0903 000 113", "115", "", "x"] {
            let error = by_phone(&city.desk, unknown).await.unwrap_err();
            assert!(matches!(error, PersonError::Unknown), "{unknown}: {error}");
        }
        city.desk.log().close().await;
    }

    async fn everything_held_is_given_and_that_is_recorded(bed: &Bed) {
        let city = City::on(bed).await;
        let (_, number) = receive(&city, of_planted(TEXT)).await;
        let body = serde_json::json!({ "text": NOTE }).to_string();
        let operator = crate::support::city::staff(Role::Operator);
        city.give(&operator, &number, "note", &body).await.unwrap();
        let (_, other) = receive(&city, feedback("Đèn đường hư ở đường Lê Lợi, quận 1")).await;
        let person = by_case(&city.desk, &number).await.unwrap();
        let head = city.desk.log().head().await.unwrap();
        let given = export(&city.desk, person.id, &Actor::new(Role::Administrator, "an")).await;
        let text = serde_json::to_string(&given.unwrap()).unwrap();
        for planted in [NAME, PHONE, EMAIL, ADDRESS, TEXT, NOTE] {
            assert!(text.contains(planted), "{planted}");
        }
        assert!(!text.contains(&other.to_string()) && !text.contains(&operator.id));
        let recorded = city.desk.log().read_all(head, 10).await.unwrap();
        assert_eq!(recorded.len(), 1);
        assert_eq!((recorded[0].kind.as_str(), recorded[0].data()), ("person.exported", r#"{"cases":1}"#));
        check(bed, &city).await;
        city.desk.log().close().await;
    }

    async fn files_are_given_opened_and_nothing_is_written_over(bed: &Bed) {
        let city = City::on(bed).await;
        let (_, number) = receive(&city, of_planted(TEXT)).await;
        let place = tempfile::tempdir().unwrap();
        let store = place.path().join("store");
        let settings = Settings::folder(store.clone());
        let files = Attachments::open(&settings, Reach::Public).unwrap();
        let party = city.case(&number).await.parties[0].id.clone();
        for (name, bytes) in [("biên bản.txt", "Lời của Sụmxoe"), ("../biên bản.txt", "Tờ thứ hai")] {
            let upload = Upload { name: Some(name.to_owned()), bytes: bytes.into(), shown: false };
            let circumstances = hoiam::desk::Circumstances::default();
            files.attach(&city.desk, &citizen(&party), &number, upload, &circumstances).await.unwrap();
        }
        city.desk.log().close().await;
        let id = bed.hoiam("person", &["find", "--case", &number.to_string()]).1.trim().to_owned();
        let config = place.path().join("hoiam.toml");
        std::fs::write(&config, format!("[attachments]\nfolder = {:?}\n", store.to_str().unwrap())).unwrap();
        let folder = place.path().join("given");
        let asked = ["--config", config.to_str().unwrap(), "export", &id, "--files", folder.to_str().unwrap()];
        let (code, out, said) = bed.hoiam("person", &asked);
        assert_eq!(code, 0, "{said}");
        let told: serde_json::Value = serde_json::from_str(&out).unwrap();
        let named = told["cases"][0]["files"].as_array().unwrap();
        let names: Vec<&str> = named.iter().map(|file| file["file"].as_str().unwrap()).collect();
        assert_eq!(names, [format!("{number} 1 biên bản.txt"), format!("{number} 2 biên bản.txt")]);
        assert_eq!(std::fs::read_to_string(folder.join(names[0])).unwrap(), "Lời của Sụmxoe");
        assert_eq!(std::fs::read_to_string(folder.join(names[1])).unwrap(), "Tờ thứ hai");
        // Into a folder that holds something nothing is written.
        let (code, _, said) = bed.hoiam("person", &asked);
        assert!(code == 1 && said.contains("given"), "{said}");
        // What was erased is named and not there.
        let (code, _, said) = bed.hoiam("person", &["--config", asked[1], "erase", &id]);
        assert_eq!(code, 0, "{said}");
        let shelves = std::fs::read_dir(&store).unwrap();
        let left: usize = shelves.map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap().count()).sum();
        assert_eq!(left, 0, "the sealed files are gone");
    }

    async fn the_commands_say_who_and_take_the_id(bed: &Bed) {
        let city = City::on(bed).await;
        let (_, number) = receive(&city, of_planted(TEXT)).await;
        city.desk.log().close().await;
        let number = number.to_string();
        let (code, id, said) = bed.hoiam("person", &["find", "--phone", "0977 123 409"]);
        assert_eq!(code, 0, "{said}");
        let id = id.trim();
        for same in [["find", "--email", EMAIL], ["find", "--case", &number]] {
            assert_eq!(bed.hoiam("person", &same).1.trim(), id);
        }
        let (code, out, said) = bed.hoiam("person", &["export", id]);
        assert!(code == 0 && out.contains(TEXT), "{said}");
        let (code, out, said) = bed.hoiam("person", &["erase", id, "--contact-only"]);
        assert!(code == 0 && out.contains("the contact data in 1 cases"), "{out}{said}");
        for same in [["find", "--phone", PHONE], ["find", "--email", EMAIL], ["find", "--case", &number]] {
            assert_eq!(bed.hoiam("person", &same).1.trim(), id, "{same:?}");
        }
        let (code, out, said) = bed.hoiam("person", &["erase", id, "--ground", "đơn số 7"]);
        assert!(code == 0 && out.contains("Erased 1 cases"), "{said}");
        assert_eq!(bed.hoiam("person", &["find", "--phone", PHONE]).0, 2);
        let (code, _, said) = bed.hoiam("person", &["erase", id]);
        assert!(code == 2 && said.contains("đơn số 7"), "{said}");
        let (code, out, said) = bed.hoiam("keys", &["rotate", "--rewrap"]);
        assert!(code == 0, "{out}{said}");
        // The key is in the environment here: it cannot be replaced in a file.
        let (code, _, said) = bed.hoiam("keys", &["rotate"]);
        assert!(code == 1 && said.contains("HOIAM_MASTER_KEY"), "{said}");
        let (code, out, said) = bed.hoiam("retention", &["preview", "--json"]);
        assert!(code == 0 && out.contains("text-5y"), "{said}");
        let (code, out, said) = bed.hoiam("projections", &["verify"]);
        assert_eq!(code, 0, "{out}{said}");
    }
}
