//! Retention of merged cases: each ends with the one it finally went into, and is kept from then on
//! for as long as its own kind is.

use hoiam::retention::{finish, preview, run};
use hoiam_domain::case::command::Erase;
use hoiam_domain::case::stage::StageName;
use hoiam_domain::kinds::Kind;
use jiff::{SignedDuration, Timestamp};

use super::merged::Three;
use super::*;
use crate::support::bed::{number, sql};
use crate::support::city::staff;

/// After every contact is due, after every text of an incident is, and of a complaint.
const CONTACT: i64 = 732;
const TEXT_OF_INCIDENT: i64 = 1_830;
const TEXT_OF_COMPLAINT: i64 = 3_655;

impl Three {
    /// A case is answered after so many days; when that is.
    async fn ends(&self, number: &CaseNumber, days: i64) -> Timestamp {
        let end = after(self.city.desk.now(), days);
        self.city.clock.set(end);
        let leader = Actor { role: Role::UnitLeader, ..self.unit(number).await };
        if self.city.case(number).await.work.stage.name() == StageName::Dispatched {
            self.city.give(&leader, number, "accept", "{}").await.unwrap();
        }
        for (word, body) in [
            ("resolve", r#"{"outcome": "done", "note": "Đã vá", "photos": ["sau.jpg"]}"#),
            ("check-answer", r#"{"approved": true}"#),
            ("answer", r#"{"text": "Xong."}"#),
        ] {
            self.city.give(&leader, number, word, body).await.unwrap();
        }
        end
    }

    /// What is due by the rules for contacts, for texts, and for complaints.
    async fn due(&self, at: Timestamp) -> (u64, u64, u64) {
        let due = preview(&self.city.desk, at).await.unwrap();
        let cases = |rule: &str| -> u64 {
            due.iter().filter(|due| due.rule == rule).map(|due| due.cases).sum()
        };
        (cases("contact-2y"), cases("text-5y"), cases("complaint-10y"))
    }

    /// Erases what is due so many days after; returns how many cases, and whose texts are left.
    async fn kept(&self, bed: &Bed, end: Timestamp, days: i64) -> (u64, [bool; 3]) {
        let at = after(end, days);
        self.city.clock.set(at);
        let erased = run(&self.city.desk).await.unwrap();
        assert_eq!(self.due(at).await, (0, 0, 0), "what was previewed was erased");
        assert_eq!(run(&self.city.desk).await.unwrap(), 0);
        check(bed, &self.city).await;
        (erased, self.left().await)
    }

    async fn left(&self) -> [bool; 3] {
        let mut left = [false; 3];
        for (left, number) in left.iter_mut().zip([&self.a, &self.b, &self.c]) {
            *left = !self.city.case(number).await.text.is_erased();
        }
        left
    }
}

fn after(end: Timestamp, days: i64) -> Timestamp {
    end + SignedDuration::from_hours(24 * days)
}

both! {
    async fn a_merged_case_ends_with_the_one_it_went_into(bed: &Bed) {
        let three = Three::on(bed).await;
        three.talk().await;
        let merged = three.city.desk.now();
        assert_eq!(three.due(after(merged, 9_999)).await, (0, 0, 0), "all of it goes on");
        let end = three.ends(&three.c, 200).await;
        assert_eq!(three.due(after(end, CONTACT - 10)).await, (0, 0, 0));
        assert_eq!(three.due(after(end, CONTACT)).await, (3, 0, 0));
        assert_eq!(three.due(after(end, TEXT_OF_INCIDENT)).await, (3, 3, 0));
        let oldest = preview(&three.city.desk, after(end, CONTACT)).await.unwrap();
        assert!(oldest.iter().all(|due| due.cases == 0 || due.oldest == Some(end)));

        // One is taken out again: its own life has not ended.
        three.unmerge(&three.b).await;
        assert_eq!(three.due(after(end, TEXT_OF_INCIDENT)).await, (2, 2, 0));
        assert_eq!(three.kept(bed, end, CONTACT).await, (2, [true; 3]));
        for number in [&three.a, &three.c] {
            let case = three.city.case(number).await;
            assert!(case.parties[0].contact.phone.as_ref().unwrap().is_erased());
            assert!(case.erased.as_ref().unwrap().legal_ground.ends_with("(contact-2y)"));
        }
        assert_eq!(three.kept(bed, end, TEXT_OF_INCIDENT).await, (2, [false, true, false]));
        let own = three.ends(&three.b, 1).await;
        assert_eq!(three.due(after(own, CONTACT)).await, (1, 0, 0));
        assert_eq!(three.kept(bed, own, TEXT_OF_INCIDENT).await, (1, [false; 3]));
        three.city.desk.log().close().await;
    }

    async fn a_complaint_is_kept_longer_than_what_it_went_into(bed: &Bed) {
        let mut three = Three::on(bed).await;
        let text = "Khiếu nại cách giải quyết ổ gà ở hẻm 47 Bùi Đình Túy";
        let complaint = Feedback { kind: Some(Kind::Complaint), ..feedback(text) };
        three.a = receive(&three.city, complaint).await.1;
        assert_eq!(three.city.case(&three.a).await.kind(), Kind::Complaint);
        // It is sealed, so it goes only into what is sealed too.
        let group = staff(Role::Coordinator).in_group(true);
        for number in [&three.b, &three.c] {
            three.city.give(&group, number, "seal", r#"{"reason": "x"}"#).await.unwrap();
        }
        three.merge(&three.a, &three.b).await;
        three.merge(&three.b, &three.c).await;
        let end = three.ends(&three.c, 30).await;
        assert_eq!(three.due(after(end, TEXT_OF_INCIDENT)).await, (2, 2, 0));
        assert_eq!(three.due(after(end, TEXT_OF_COMPLAINT)).await, (2, 2, 1));
        // The way to the end goes through cases of which nothing is left.
        assert_eq!(three.kept(bed, end, TEXT_OF_INCIDENT).await, (2, [true, false, false]));
        assert_eq!(three.kept(bed, end, TEXT_OF_COMPLAINT - 10).await, (0, [true, false, false]));
        assert_eq!(three.kept(bed, end, TEXT_OF_COMPLAINT).await, (1, [false; 3]));
        three.city.desk.log().close().await;
    }

    async fn undone_in_the_middle_of_a_chain(bed: &Bed) {
        let three = Three::on(bed).await;
        three.merge(&three.a, &three.b).await;
        three.merge(&three.b, &three.c).await;
        let end = three.ends(&three.c, 30).await;
        assert_eq!(three.due(after(end, TEXT_OF_INCIDENT)).await, (3, 3, 0));
        three.unmerge(&three.b).await;
        assert_eq!(three.due(after(end, TEXT_OF_INCIDENT)).await, (1, 1, 0));
        assert_eq!(three.kept(bed, end, TEXT_OF_INCIDENT).await, (1, [true, true, false]));
        // Over years later: both count from then.
        let later = three.ends(&three.b, 1).await;
        assert_eq!(three.due(after(later, CONTACT)).await, (2, 0, 0));
        assert_eq!(three.kept(bed, later, TEXT_OF_INCIDENT).await, (2, [false; 3]));
        three.city.desk.log().close().await;
    }

    async fn broken_off_it_is_found_again(bed: &Bed) {
        let three = Three::on(bed).await;
        three.talk().await;
        let end = three.ends(&three.c, 30).await;
        let (desk, pool) = (&three.city.desk, three.city.desk.log().pool());
        three.city.clock.set(after(end, TEXT_OF_INCIDENT));
        let (a, b, c) = (
            desk.find(&three.a).await.unwrap(),
            desk.find(&three.b).await.unwrap(),
            desk.find(&three.c).await.unwrap(),
        );
        hoiam::followers::catch_up(desk.log()).await.unwrap();
        let prints = "SELECT count(*) FROM duplicate_prints";
        assert_eq!(number(pool, prints).await, 3);
        // The machine went down after what one wrote elsewhere was gone, and not yet what is theirs;
        // and after the event of another, before what had been made of its words was gone.
        assert!(desk.erase_party(c, (a, &three.a), "quy tắc").await.unwrap());
        let command = Erase { what: ErasedPart::Everything, legal_ground: "quy tắc".to_owned() };
        assert!(desk.erase(b, &command).await.unwrap());
        assert_eq!(three.due(desk.now()).await, (2, 2, 0));
        assert_eq!(finish(desk).await.unwrap(), 1, "at the next start");
        assert_eq!(number(pool, prints).await, 2);
        assert_eq!(three.kept(bed, end, TEXT_OF_INCIDENT).await, (2, [false; 3]));
        assert_eq!(number(pool, prints).await, 0);
        assert_eq!(finish(desk).await.unwrap(), 0);
        assert_eq!(three.says(bed, &three.c).await, (vec![], vec![]));
        desk.log().close().await;
    }

    async fn rows_of_an_old_database_are_filled(bed: &Bed) {
        let three = Three::on(bed).await;
        three.merge(&three.a, &three.b).await;
        three.merge(&three.b, &three.c).await;
        let end = three.ends(&three.c, 30).await;
        let (log, at) = (three.city.desk.log(), after(end, TEXT_OF_INCIDENT));
        let old = "UPDATE cases SET merged_into = NULL WHERE status = 'merged'";
        assert_eq!(sql(log.pool(), old).await.unwrap(), 2);
        let old = "UPDATE projection_versions SET version = 1 WHERE name = 'cases'";
        assert_eq!(sql(log.pool(), old).await.unwrap(), 1);
        assert_eq!(three.due(at).await, (1, 1, 0));
        let how = hoiam::rebuild::RebuildOptions::at(three.city.desk.now());
        hoiam::rebuild::rebuild(log, &["cases"], how, &mut |_| ()).await.unwrap();
        assert_eq!(three.due(at).await, (3, 3, 0));
        assert_eq!(three.kept(bed, end, TEXT_OF_INCIDENT).await, (3, [false; 3]));
        log.close().await;
    }
}
