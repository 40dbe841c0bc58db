//! Parts of a log can be read, and never become a database; nor does a log go where one is.

use hoiam_domain::case::CaseNumber;

use super::*;

both! {
    async fn parts_have_what_was_asked_for(bed: &Bed) {
        let city = small_city(bed).await;
        let log = city.desk.log();
        let head = log.head().await.unwrap();
        let number = CaseNumber::new("HCM", 2026, 1).unwrap();
        let case = city.case(&number).await;
        let one = Wanted { case: Some(number.clone()), ..Wanted::default() };
        let text = exported(log, &one).await;
        let events: Vec<serde_json::Value> = text
            .lines()
            .filter(|line| line.starts_with("{\"position\":"))
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(events.len() as u64, case.version);
        assert!(events.iter().all(|event| event["stream"] == case.id.to_string()));
        let range = Wanted { from: Some(2), to: Some(4), ..Wanted::default() };
        let few = exported(log, &range).await;
        assert_eq!(few.lines().count(), 3 + 2);

        for (from, to) in [(0, 1), (3, 2), (1, head + 1)] {
            let wanted = Wanted { from: Some(from), to: Some(to), ..Wanted::default() };
            let error = export(log, "HCM", &wanted, &mut Vec::new()).await.unwrap_err();
            assert!(matches!(error, ArchiveError::NoPositions { .. }), "{error}");
        }
        let none = Wanted { case: CaseNumber::new("HCM", 2026, 99).ok(), ..Wanted::default() };
        let error = export(log, "HCM", &none, &mut Vec::new()).await.unwrap_err();
        assert!(matches!(error, ArchiveError::NoCase(_)), "{error}");
        let everything = whole(log).await;
        log.close().await;

        let empty = Bed::sqlite();
        for part in [&text, &few] {
            let error = imported(&empty.database, part).await.unwrap_err();
            assert!(matches!(error, ArchiveError::Partial { .. }), "{error}");
        }
        let other = import(&empty.database, "BOS", &file(&everything), options(), &mut |_| ()).await;
        assert!(matches!(other, Err(ArchiveError::Origin { .. })), "{other:?}");
        let error = imported(&bed.database, &everything).await.unwrap_err();
        assert!(matches!(error, ArchiveError::NotEmpty { events } if events == head), "{error}");
        assert_eq!(super::head(&empty).await, 0);
        empty.remove().await;
    }
}
