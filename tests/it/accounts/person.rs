//! A citizen's account belongs to the person: found by it, given with it, erased with it; and the
//! mails that were sent to them.

use hoiam::person::journal::Entry;
use hoiam::person::{Journal, Request, by_case, by_email, by_id, erase, export, log_of, reapply};
use hoiam_domain::actor::Actor;
use hoiam_domain::case::command::ErasedPart;
use jiff::SignedDuration;

use super::mail::World;
use super::*;
use crate::http::server::text;
use crate::support::bed::number;

const MAIL: &str = "lan@example.vn";
const WORDS: &str = "Ổ gà lớn trước số 12 Lê Lợi, Quận 1";

async fn signed_in(world: &World, mail: &str) -> Browser {
    let mut browser = Browser::default();
    let (link, _) = world.link(&mut browser, mail).await;
    browser.post(&world.server, &link, json!({})).await.ok();
    browser
}

async fn reports(world: &World, browser: &mut Browser, reporter: Value) -> Value {
    world.server.later(60);
    let body = json!({ "channel": "app", "text": WORDS, "reporter": reporter });
    browser.post(&world.server, "/api/v1/feedback", body).await.ok()
}

/// A journal that knows where the mails are.
fn journal(world: &World) -> (tempfile::TempDir, Journal) {
    let place = tempfile::tempdir().unwrap();
    let journal = Journal::at(place.path().join("erasures.jsonl"));
    (place, journal.with_spool(world.folder.path()))
}

fn request(person: uuid::Uuid) -> Request {
    let by = Actor::new(Role::Administrator, "test");
    let legal_ground = "theo yêu cầu".to_owned();
    Request { person, what: ErasedPart::Everything, legal_ground, by }
}

async fn rows(world: &World) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM citizen_contacts) + (SELECT count(*) FROM citizen_cases) \
         + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM mail_links) + (SELECT count(*) FROM mails)";
    number(world.server.city.desk.log().pool(), sql).await
}

async fn is_erased(world: &World, received: &Value) -> bool {
    let number = text(received, "number").parse().unwrap();
    world.server.city.case(&number).await.text.is_erased()
}

both! {
    async fn somebody_is_found_by_their_account_alone(bed: &Bed) {
        let world = World::on(bed).await;
        let desk = &world.server.city.desk;
        let mut browser = signed_in(&world, MAIL).await;
        let person = by_email(desk, "LAN@example.vn").await.unwrap();
        assert_eq!((person.cases.len(), person.accounts.len(), person.identities.len()), (0, 1, 1));
        let account = *person.accounts.first().unwrap();
        for id in [person.id, account] {
            assert_eq!(by_id(desk, id).await.unwrap(), person);
        }
        let given = export(desk, person.id, &Actor::new(Role::Administrator, "an")).await.unwrap();
        assert_eq!((given.cases.len(), given.accounts.len()), (0, 1));
        // Reported while signed in, without a word of whose it is.
        let received = reports(&world, &mut browser, json!({})).await;
        let (code, out, error) = bed.hoiam("person", &["find", "--email", MAIL]);
        assert_eq!((code, out.trim()), (0, person.id.to_string().as_str()), "{error}");
        let found = by_case(desk, &text(&received, "number").parse().unwrap()).await.unwrap();
        assert_eq!((found.id, found.cases.len(), &found.accounts), (person.id, 1, &person.accounts));
        // One more mail waits, and one is in the folder.
        world.ask(&mut Browser::default(), MAIL).await.ok();
        let (_place, journal) = journal(&world);
        assert_eq!(world.mails().len(), 1);
        assert_eq!(erase(desk, &journal, &request(person.id)).await.unwrap().cases, 1);
        assert!(is_erased(&world, &received).await && world.mails().is_empty());
        assert_eq!((rows(&world).await, world.send().await), (0, 0));
        for id in [person.id, account] {
            by_id(desk, id).await.unwrap_err();
        }
        let (code, ..) = bed.hoiam("person", &["find", "--email", MAIL]);
        assert_eq!(code, 2);
        browser.get(&world.server, "/api/v1/citizen/session").await.refused(401, "not_signed_in", None);
        let head = desk.log().head().await.unwrap();
        assert_eq!(reapply(desk, &journal).await.unwrap(), 0);
        assert_eq!(desk.log().head().await.unwrap(), head, "once is enough");
        crate::person::check(bed, &world.server.city).await;
        world.stop().await;
    }

    async fn what_an_account_reported_is_one_persons_and_what_it_follows_is_not(bed: &Bed) {
        let world = World::on(bed).await;
        let (server, desk) = (&world.server, &world.server.city.desk);
        let mut browser = signed_in(&world, MAIL).await;
        let with = reports(&world, &mut browser, json!({ "email": MAIL })).await;
        let without = reports(&world, &mut browser, json!({})).await;
        let others = server.post("/api/v1/feedback", "", json!({
            "channel": "app", "text": WORDS, "reporter": { "email": "tai@example.vn" },
        })).await.ok();
        let code = json!({ "tracking_code": others["tracking_code"] });
        assert_eq!(browser.post(server, "/api/v1/citizen/cases", code).await.status, 201);
        signed_in(&world, "tai@example.vn").await;
        let person = by_email(desk, MAIL).await.unwrap();
        assert_eq!((person.cases.len(), person.accounts.len()), (2, 1));
        let stranger = by_case(desk, &text(&others, "number").parse().unwrap()).await.unwrap();
        assert_eq!((stranger.cases.len(), stranger.accounts.len()), (1, 1));
        assert!(stranger.accounts.is_disjoint(&person.accounts));

        let given = export(desk, person.id, &Actor::new(Role::Administrator, "an")).await.unwrap();
        let given = serde_json::to_value(&given).unwrap();
        let numbers: Vec<&Value> = given["cases"].as_array().unwrap().iter().map(|case| &case["case"]["number"]).collect();
        assert_eq!(numbers, [&with["number"], &without["number"]]);
        let account = &given["accounts"][0];
        let list: Vec<(&Value, bool)> = account["cases"].as_array().unwrap().iter()
            .map(|case| (&case["number"], case["reported"].as_bool().unwrap())).collect();
        assert_eq!(list, [(&with["number"], true), (&without["number"], true), (&others["number"], false)]);
        assert_eq!((&account["proven"][0]["kind"], &account["proven"][0]["by"]), (&json!("email"), &json!("mail")));
        assert_eq!(account["sessions"].as_array().unwrap().len(), 1);
        assert!(account["made_at"].is_string());
        assert_eq!(account["events"][0]["kind"], "citizen.registered");

        // As an old backup stands, with the line of an erasure that came later.
        let (_place, journal) = journal(&world);
        let entry = |at| Entry {
            log: log_of(desk),
            at,
            person: person.id,
            cases: person.cases.clone(),
            accounts: person.accounts.iter().copied().collect(),
            what: ErasedPart::Everything,
            legal_ground: "theo yêu cầu".to_owned(),
        };
        journal.add(&entry(desk.now())).unwrap();
        assert_eq!(reapply(desk, &journal).await.unwrap(), 2);
        for (received, erased) in [(&with, true), (&without, true), (&others, false)] {
            assert_eq!(is_erased(&world, received).await, erased);
        }
        browser.get(server, "/api/v1/citizen/session").await.refused(401, "not_signed_in", None);
        let mails = world.mails();
        assert!(mails.len() == 1 && mails[0].contains("tai@example.vn"), "{mails:?}");
        // Who comes back is somebody new.
        server.later(60);
        let mut back = signed_in(&world, MAIL).await;
        assert_eq!(reapply(desk, &journal).await.unwrap(), 0);
        journal.add(&entry(desk.now() - SignedDuration::from_secs(30))).unwrap();
        assert_eq!(reapply(desk, &journal).await.unwrap(), 0);
        assert_eq!(back.get(server, "/api/v1/citizen/session").await.status, 200);
        crate::person::check(bed, &server.city).await;
        world.stop().await;
    }

    async fn an_erasure_broken_off_with_an_account_and_no_case_is_finished(bed: &Bed) {
        let world = World::on(bed).await;
        let desk = &world.server.city.desk;
        let mut browser = signed_in(&world, MAIL).await;
        let person = by_email(desk, MAIL).await.unwrap();
        let (_place, journal) = journal(&world);
        let entry = Entry {
            log: log_of(desk),
            at: desk.now(),
            person: person.id,
            cases: Vec::new(),
            accounts: person.accounts.iter().copied().collect(),
            what: ErasedPart::Everything,
            legal_ground: "theo yêu cầu".to_owned(),
        };
        journal.add(&entry).unwrap();
        reapply(desk, &journal).await.unwrap();
        assert!(rows(&world).await == 0 && world.mails().is_empty());
        browser.get(&world.server, "/api/v1/citizen/session").await.refused(401, "not_signed_in", None);
        let refused = by_id(desk, person.id).await.unwrap_err();
        assert!(matches!(refused, hoiam::person::PersonError::Erased { .. }), "{refused}");
        world.stop().await;
    }

    async fn of_the_mails_only_theirs_go_and_nothing_outside_the_folder(bed: &Bed) {
        let world = World::on(bed).await;
        let desk = &world.server.city.desk;
        let mut browser = signed_in(&world, MAIL).await;
        let received = reports(&world, &mut browser, json!({})).await;
        let number = text(&received, "number");
        let (place, journal) = journal(&world);
        let outside = place.path().join("outside.eml");
        let theirs = format!("From: a@b.vn\r\nTo: Lan <{MAIL}>\r\n\r\nx\r\n");
        std::fs::write(&outside, &theirs).unwrap();
        let file = |name: &str| world.folder.path().join(name);
        for (name, mail) in [
            ("torn.part", theirs.as_str()),
            ("folded.eml", &format!("To: tai@example.vn,\r\n <{MAIL}>\r\n\r\nx")),
            ("about.eml", &format!("To: tai@example.vn\r\n\r\nHồ sơ {}=\r\n{} đã xong", &number[..6], &number[6..])),
            ("kept.eml", &format!("To: tai@example.vn\r\n\r\n{number}5 {MAIL}")),
            ("kept.txt", theirs.as_str()),
        ] {
            std::fs::write(file(name), mail).unwrap();
        }
        std::fs::create_dir(file("in.eml")).unwrap();
        std::fs::write(file("in.eml/deep.eml"), &theirs).unwrap();
        std::os::unix::fs::symlink(&outside, file("link.eml")).unwrap();
        std::os::unix::fs::symlink(place.path(), file("folder.eml")).unwrap();
        let person = by_email(desk, MAIL).await.unwrap();
        erase(desk, &journal, &request(person.id)).await.unwrap();
        let mut left: Vec<String> = std::fs::read_dir(world.folder.path()).unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, ["folder.eml", "in.eml", "kept.eml", "kept.txt", "link.eml"]);
        assert_eq!(std::fs::read_to_string(&outside).unwrap(), theirs);
        assert!(file("in.eml/deep.eml").exists());
        world.stop().await;
    }
}
