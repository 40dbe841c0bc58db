//! What the reporter of a merged case wrote in the one that goes on: theirs, wherever it stands.

use hoiam::archive::{ImportOptions, Wanted, export as export_log, import, prove};
use hoiam::attachments::{AttachmentError, Attachments, Settings, Upload, sweep};
use hoiam::desk::Circumstances;
use hoiam::outside::guard::Reach;
use hoiam::person::journal::Entry;
use hoiam::person::{by_case, erase, export, log_of, reapply, write_files};
use hoiam::proof::verify::verify;
use hoiam::random::SeededRandom;
use hoiam::vault::store::rotate;
use hoiam_domain::case::command::{Merge, Unmerge};
use hoiam_domain::private::Private;
use tempfile::TempDir;

use super::erased::{dumped, holds, on_disk, wal};
use super::*;
use crate::proof::{keeper, verifier};
use crate::support::city::{POTHOLE, of, staff};
use crate::support::options;

/// What the three reporters write in the case that goes on: nobody else has these words.
const OF_C: &str = "trước cửa nhà ông Mũaxanh";
const OF_B: &str = "cạnh quán bà Khếlợt";
const OF_A: &str = "đối diện nhà chú Gặptrũ";

fn by(phone: &str, text: &str) -> Feedback {
    let reporter = Reporter { phone: Some(phone.to_owned()), ..Reporter::default() };
    Feedback { reporter, ..feedback(text) }
}

/// Three people, a case each; files in a folder.
pub struct Three {
    pub city: City,
    pub a: CaseNumber,
    pub b: CaseNumber,
    pub c: CaseNumber,
    files: Attachments,
    place: TempDir,
}

impl Three {
    pub async fn on(bed: &Bed) -> Self {
        let city = City::on(bed).await;
        let text = POTHOLE;
        let (_, a) = receive(&city, by("0903 000 001", text)).await;
        let (_, b) = receive(&city, by("0903 000 002", text)).await;
        let (_, c) = receive(&city, by("0903 000 003", &format!("{text}, {OF_C}"))).await;
        let place = tempfile::tempdir().unwrap();
        let settings = Settings::folder(place.path().join("store"));
        let files = Attachments::open(&settings, Reach::Public).unwrap();
        let three = Self { city, a, b, c, files, place };
        let unit = three.unit(&three.c).await;
        three.city.give(&unit, &three.c, "accept", "{}").await.unwrap();
        three
    }

    pub async fn unit(&self, number: &CaseNumber) -> Actor {
        let agency = self.city.case(number).await.agency().unwrap().to_string();
        of(Role::AgencyCoordinator, &agency)
    }

    pub async fn merge(&self, number: &CaseNumber, into: &CaseNumber) {
        let merge = Merge { into: into.clone(), reason: None };
        let (desk, by) = (&self.city.desk, staff(Role::Coordinator).in_group(true));
        desk.merge(&by, number, &merge, &Circumstances::default()).await.unwrap();
    }

    pub async fn unmerge(&self, number: &CaseNumber) {
        let unmerge = Unmerge { reason: Private::new("hai việc".to_owned()) };
        let (desk, by) = (&self.city.desk, staff(Role::Coordinator));
        desk.unmerge(&by, number, &unmerge, &Circumstances::default()).await.unwrap();
    }

    /// A question is asked in a case, and this party answers it.
    async fn answers(&self, number: &CaseNumber, party: &str, words: &str) {
        let unit = self.unit(number).await;
        self.city.give(&unit, number, "ask", r#"{"question": "Ở đâu?"}"#).await.unwrap();
        let body = serde_json::json!({ "text": words }).to_string();
        self.city.give(&citizen(party), number, "reply", &body).await.unwrap();
    }

    async fn sends(&self, number: &CaseNumber, party: &str, words: &str) {
        let name = Some(format!("{words}.txt"));
        let upload = Upload { name, bytes: words.as_bytes().to_vec(), shown: false };
        let (desk, how) = (&self.city.desk, Circumstances::default());
        self.files.attach(desk, &citizen(party), number, upload, &how).await.unwrap();
    }

    /// Both merged into the third, where all three write and send files.
    pub async fn talk(&self) {
        self.merge(&self.a, &self.c).await;
        self.merge(&self.b, &self.c).await;
        for (party, words) in [
            ("party_1".to_owned(), OF_C),
            (format!("{}/party_1", self.a), OF_A),
            (format!("{}/party_1", self.b), OF_B),
        ] {
            self.answers(&self.c, &party, words).await;
            self.sends(&self.c, &party, words).await;
        }
    }

    /// Files in the store after those that were erased are taken out.
    async fn swept(&self) -> usize {
        let desk = &self.city.desk;
        sweep::sweep(&self.files, desk, desk.now()).await.unwrap();
        let shelves = std::fs::read_dir(self.place.path().join("store")).unwrap();
        shelves.map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap().count()).sum()
    }

    async fn erase(&self, number: &CaseNumber) {
        let person = by_case(&self.city.desk, number).await.unwrap();
        assert_eq!(person.cases.len(), 1);
        let (_place, journal) = journal();
        let done = erase(&self.city.desk, &journal, &request(person.id)).await.unwrap();
        assert_eq!(done.cases, 1);
    }

    /// Whose words a case still says, by its evidence and by its files; asked of the desk, and of
    /// one that knows nothing.
    pub async fn says(
        &self,
        bed: &Bed,
        number: &CaseNumber,
    ) -> (Vec<&'static str>, Vec<&'static str>) {
        let log = self.city.desk.log();
        let evidence = evidence(&self.city, number).await;
        let proved = prove(evidence.as_bytes(), &verifier(), &[]).unwrap();
        assert_eq!(proved.number, number.to_string());
        let case = self.city.case(number).await;
        let mut files = Vec::new();
        for file in &case.attachments {
            match self.files.read(case.id, file).await {
                Ok(bytes) => files.extend(bytes),
                Err(AttachmentError::Gone) => assert!(file.name.as_ref().unwrap().is_erased()),
                Err(error) => panic!("{error}"),
            }
        }
        let fresh = City::on(bed).await;
        assert!(*fresh.case(number).await == *case, "another node sees another case");
        fresh.desk.log().close().await;
        assert_eq!(holds(&dumped(log).await, &[OF_A, OF_B, OF_C]), [""; 0]);
        let words = &[OF_A, OF_B, OF_C];
        (holds(evidence.as_bytes(), words), holds(&files, words))
    }
}

async fn evidence(city: &City, number: &CaseNumber) -> String {
    let mut bytes = Vec::new();
    let wanted = Wanted { case: Some(number.clone()), ..Wanted::default() };
    export_log(city.desk.log(), "HCM", &wanted, &mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

fn all(words: &[&'static str]) -> (Vec<&'static str>, Vec<&'static str>) {
    (words.to_vec(), words.to_vec())
}

both! {
    async fn each_goes_with_their_own_words_alone(bed: &Bed) {
        let three = Three::on(bed).await;
        let (city, log) = (&three.city, three.city.desk.log());
        let begun = wal(log).await;
        three.talk().await;
        assert_eq!(three.says(bed, &three.c).await, all(&[OF_A, OF_B, OF_C]));
        let figures = hoiam::report::Asked::all(hoiam::report::By::Agency, city.desk.now());
        hoiam::followers::catch_up(log).await.unwrap();
        let counted = async || {
            let told = hoiam::report::report(log, &city.desk.rules().directory, &figures).await;
            format!("{:?}", told.unwrap())
        };
        let before = counted().await;
        let there = City::on(bed).await;
        assert_eq!(there.case(&three.c).await.attachments.len(), 3);

        three.erase(&three.a).await;
        assert_eq!(three.says(bed, &three.c).await, all(&[OF_B, OF_C]));
        assert_eq!(three.swept().await, 2);
        let case = city.case(&three.c).await;
        assert!(case.erased.is_none() && !case.text.is_erased());
        assert!(*there.case(&three.c).await == *case, "a node that remembered it");
        check(bed, city).await;
        // The reporter of the case itself: the second guest's words stay.
        three.erase(&three.c).await;
        assert_eq!(three.says(bed, &three.c).await, all(&[OF_B]));
        assert_eq!(three.swept().await, 1);
        assert!(city.case(&three.c).await.text.is_erased());
        hoiam::followers::catch_up(log).await.unwrap();
        assert_eq!(counted().await, before, "what is counted stays");
        // What they write now is theirs as before, and staff writes on.
        three.answers(&three.c, &format!("{}/party_1", three.b), OF_B).await;
        city.give(&staff(Role::Operator), &three.c, "note", r#"{"text": "mới"}"#).await.unwrap();
        three.erase(&three.b).await;
        assert_eq!(three.says(bed, &three.c).await, all(&[]));
        assert_eq!(city.case(&three.c).await.last_note.as_ref().unwrap().reveal(), "mới");
        assert_eq!(holds(&on_disk(bed, log, &begun).await, &[OF_A, OF_B, OF_C]), [""; 0]);
        check(bed, city).await;
        keeper(log).await.checkpoint().await.unwrap();
        let proved = verify(log, Some(&verifier()), None, &mut |_, _| ()).await.unwrap();
        assert_eq!((proved.finding, proved.covered), (None, log.head().await.unwrap()));
        there.desk.log().close().await;
        log.close().await;
    }

    async fn through_several_merges_it_is_still_theirs(bed: &Bed) {
        let three = Three::on(bed).await;
        three.merge(&three.a, &three.b).await;
        let unit = three.unit(&three.b).await;
        three.city.give(&unit, &three.b, "accept", "{}").await.unwrap();
        three.answers(&three.b, &format!("{}/party_1", three.a), OF_A).await;
        three.answers(&three.b, "party_1", OF_B).await;
        three.merge(&three.b, &three.c).await;
        three.answers(&three.c, &format!("{}/{}/party_1", three.b, three.a), OF_A).await;
        three.answers(&three.c, &format!("{}/party_1", three.b), OF_B).await;
        let said = async || {
            let one = three.says(bed, &three.b).await.0;
            (one, three.says(bed, &three.c).await.0)
        };
        assert_eq!(said().await, (vec![OF_A, OF_B], vec![OF_A, OF_B, OF_C]));
        three.erase(&three.a).await;
        assert_eq!(said().await, (vec![OF_B], vec![OF_B, OF_C]));
        three.erase(&three.b).await;
        assert_eq!(said().await, (vec![], vec![OF_C]));
        check(bed, &three.city).await;
        three.city.desk.log().close().await;
    }

    async fn undoing_the_merge_changes_nothing_of_it(bed: &Bed) {
        let three = Three::on(bed).await;
        three.talk().await;
        three.unmerge(&three.a).await;
        assert_eq!(three.says(bed, &three.c).await, all(&[OF_A, OF_B, OF_C]));
        check(bed, &three.city).await;
        three.erase(&three.a).await;
        assert_eq!(three.says(bed, &three.c).await, all(&[OF_B, OF_C]));
        check(bed, &three.city).await;
        three.city.desk.log().close().await;
    }

    async fn each_is_given_their_own(bed: &Bed) {
        let three = Three::on(bed).await;
        three.talk().await;
        let given = async |number: &CaseNumber, folder: &str| {
            let desk = &three.city.desk;
            let person = by_case(desk, number).await.unwrap();
            let mut given = export(desk, person.id, &staff(Role::Administrator)).await.unwrap();
            let folder = three.place.path().join(folder);
            write_files(desk, &three.files, &folder, &mut given).await.unwrap();
            let mut files = Vec::new();
            for file in std::fs::read_dir(&folder).unwrap() {
                files.extend(std::fs::read(file.unwrap().path()).unwrap());
            }
            let words = &[OF_A, OF_B, OF_C];
            (holds(&serde_json::to_vec(&given).unwrap(), words), holds(&files, words))
        };
        assert_eq!(given(&three.c, "c").await, all(&[OF_C]));
        assert_eq!(given(&three.a, "a").await, all(&[OF_A]));
        assert_eq!(given(&three.b, "b").await, all(&[OF_B]));
        // Who reported both has both.
        let (_, second) = receive(&three.city, by("0903 000 001", "Đèn đường hư ở đường Lê Lợi, quận 1")).await;
        three.merge(&second, &three.c).await;
        three.answers(&three.c, &format!("{second}/party_1"), "lời thứ hai").await;
        let person = by_case(&three.city.desk, &three.a).await.unwrap();
        let given = export(&three.city.desk, person.id, &staff(Role::Administrator)).await.unwrap();
        assert_eq!((given.cases.len(), given.elsewhere.len()), (2, 1));
        assert!(serde_json::to_string(&given).unwrap().contains("lời thứ hai"));
        three.city.desk.log().close().await;
    }

    async fn backups_bring_it_back_and_the_journal_takes_it_away(bed: &Bed) {
        let old = Bed::sqlite();
        let three = Three::on(&old).await;
        three.talk().await;
        let desk = &three.city.desk;
        let mut backup = Vec::new();
        export_log(desk.log(), "HCM", &Wanted::default(), &mut backup).await.unwrap();
        let person = by_case(desk, &three.a).await.unwrap();
        let (_place, journal) = journal();
        erase(desk, &journal, &request(person.id)).await.unwrap();
        desk.log().close().await;

        let place = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(place.path(), &backup).unwrap();
        let file = std::fs::File::open(place.path()).unwrap();
        let how = ImportOptions::at(desk.now(), options().master_key);
        import(&bed.database, "HCM", &file, how, &mut |_| ()).await.unwrap();
        let city = City::on(bed).await;
        let back = Three { city, ..three };
        assert_eq!(back.says(bed, &back.c).await, all(&[OF_A, OF_B, OF_C]), "it is a good backup");
        check(bed, &back.city).await;
        assert_eq!(reapply(&back.city.desk, &journal).await.unwrap(), 1);
        assert_eq!(back.says(bed, &back.c).await, all(&[OF_B, OF_C]));
        check(bed, &back.city).await;
        let head = back.city.desk.log().head().await.unwrap();
        assert_eq!(reapply(&back.city.desk, &journal).await.unwrap(), 0, "once is enough");
        assert_eq!(back.city.desk.log().head().await.unwrap(), head);
        back.city.desk.log().close().await;
        old.remove().await;
    }

    async fn what_was_broken_off_anywhere_is_finished(bed: &Bed) {
        let three = Three::on(bed).await;
        three.talk().await;
        let desk = &three.city.desk;
        for (number, steps) in [(&three.a, 1), (&three.b, 2)] {
            let person = by_case(desk, number).await.unwrap();
            let request = request(person.id);
            let (what, legal_ground) = (request.what, request.legal_ground.clone());
            let (_place, journal) = journal();
            let entry = Entry {
                log: log_of(desk),
                at: desk.now(),
                person: person.id,
                cases: person.cases.clone(),
                accounts: Vec::new(),
                what,
                legal_ground: legal_ground.clone(),
            };
            journal.add(&entry).unwrap();
            let (host, case) = (desk.find(&three.c).await.unwrap(), person.cases[0]);
            assert!(desk.erase_party(host, (case, number), &legal_ground).await.unwrap());
            assert!(!desk.erase_party(host, (case, number), &legal_ground).await.unwrap());
            if steps == 2 {
                let command = hoiam_domain::case::command::Erase { what, legal_ground };
                assert!(desk.erase(case, &command).await.unwrap());
            }
            // Here the machine went down: the file of theirs is still there.
            assert_eq!(three.swept().await, 4 - steps);
            assert_eq!(reapply(desk, &journal).await.unwrap(), 2 - steps);
            assert_eq!(three.swept().await, 3 - steps);
            assert!(three.city.case(number).await.text.is_erased());
            assert_eq!(reapply(desk, &journal).await.unwrap(), 0);
        }
        assert_eq!(three.says(bed, &three.c).await, all(&[OF_C]));
        check(bed, &three.city).await;
        desk.log().close().await;
    }

    async fn master_keys_turn_and_what_is_kept_long_enough_goes(bed: &Bed) {
        let three = Three::on(bed).await;
        three.talk().await;
        let (desk, log) = (&three.city.desk, three.city.desk.log());
        let done = serde_json::json!({ "outcome": "done", "note": "Đã vá", "photos": ["sau.jpg"] }).to_string();
        let leader = Actor { role: Role::UnitLeader, ..three.unit(&three.c).await };
        three.city.give(&leader, &three.c, "resolve", &done).await.unwrap();
        three.city.give(&leader, &three.c, "check-answer", r#"{"approved": true}"#).await.unwrap();
        three.city.give(&staff(Role::Operator), &three.c, "answer", r#"{"text": "Xong."}"#).await.unwrap();
        let rated = serde_json::json!({ "score": 4, "comment": OF_A }).to_string();
        three.city.give(&citizen(&format!("{}/party_1", three.a)), &three.c, "rate", &rated).await.unwrap();

        // As an older master key wrapped them.
        let before = crate::support::bed::sql(log.pool(), "UPDATE stream_keys SET master = 'old'").await;
        assert_eq!(before.unwrap(), 3);
        let turned = rotate(log.pool(), log.vault(), &SeededRandom::new(7), true).await.unwrap();
        assert_eq!(turned.cases, 3);
        assert_eq!(three.says(bed, &three.c).await, all(&[OF_A, OF_B, OF_C]));

        three.city.clock.set(desk.now() + jiff::SignedDuration::from_hours(24 * 1_830));
        assert!(hoiam::retention::run(desk).await.unwrap() >= 1);
        assert_eq!(three.says(bed, &three.c).await, all(&[]));
        check(bed, &three.city).await;
        assert_eq!(hoiam::retention::run(desk).await.unwrap(), 0);
        log.close().await;
    }
}
