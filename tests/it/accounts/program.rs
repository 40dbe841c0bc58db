//! `hoiam user`, as whoever runs the desk uses it.

use super::*;

both! {
    async fn adding_listing_changing(bed: &Bed) {
        let run = |arguments: &[&str]| bed.hoiam("user", arguments);
        let named = ["--name", "Lê Thị Mẫu"];
        let (code, first, note) = run(&[&["add", "Lan"], &named[..], &["--role", "coordinator"]].concat());
        assert_eq!(code, 0, "{note}");
        assert!(note.contains("chỉ hiện một lần"));
        let (code, added, _) = run(&[&["add", "tai"], &named[..], &["--role", "unit-leader", "--agency", "UBND-BTH", "--json"]].concat());
        let added: Value = serde_json::from_str(&added).unwrap();
        assert_eq!((code, added["agency"].as_str(), added["role"].as_str()), (0, Some("UBND-BTH"), Some("unit_leader")));
        for (wrong, word) in [
            (&["--role", "handler"][..], "name it"),
            (&["--role", "handler", "--agency", "KHONG-CO"], "no agency"),
            (&["--role", "system"], "no account can have"),
        ] {
            let (code, _, error) = run(&[&["add", "ba"], &named[..], wrong].concat());
            assert!(code == 2 && error.contains(word), "{code} {error}");
        }
        let (code, _, error) = run(&[&["add", "LAN"], &named[..], &["--role", "operator"]].concat());
        assert!(code == 2 && error.contains("already"), "{error}");
        assert_eq!(run(&["role", "tai", "--role", "operator"]).0, 0);
        assert_eq!(run(&["disable", "tai", "--note", "nghỉ việc"]).0, 0);
        let (_, list, _) = run(&["list"]);
        assert_eq!(list, "lan\tcoordinator\t-\t-\tactive\tLê Thị Mẫu\ntai\toperator\t-\t-\tdisabled\tLê Thị Mẫu\n");
        assert_eq!(run(&["disable", "tai", "--undo"]).0, 0);
        assert_eq!(run(&["disable", "ai-do"]).0, 2);
        let (_, again, _) = run(&["reset", "lan"]);
        assert_ne!(first, again);

        let server = Server::on(bed).await;
        let mut browser = Browser::default();
        browser.sign_in(&server, "lan", first.trim()).await.refused(401, "sign_in_refused", None);
        let begun = browser.sign_in(&server, "lan", again.trim()).await.ok();
        assert_eq!(begun["role"], "coordinator");
        server.stop().await;
    }

    async fn keys_of_programs_are_events_as_well(bed: &Bed) {
        let run = |arguments: &[&str]| bed.hoiam("token", arguments);
        let (code, out, error) = run(&["create", "--role", "integration", "--note", "cổng dữ liệu mở", "--json"]);
        assert_eq!(code, 0, "{error}");
        let made: Value = serde_json::from_str(&out).unwrap();
        let (token, id) = (made["token"].as_str().unwrap(), made["actor"]["id"].as_str().unwrap());
        let server = Server::on(bed).await;
        server.get("/api/v1/cases", token).await.ok();
        assert_eq!(run(&["revoke", id, "--note", "lộ khóa"]).0, 0);
        server.get("/api/v1/cases", token).await.refused(401, "token_unknown", Some("Authorization"));
        assert_eq!(run(&["revoke", id]).0, 2, "once is enough");
        let events = server.city.desk.log().read_all(0, 100).await.unwrap();
        let told: Vec<(&str, bool)> =
            events.iter().map(|event| (event.kind.as_str(), event.data().contains(id))).collect();
        assert_eq!(told, [("key.created", true), ("key.revoked", true)]);
        assert!(events.iter().all(|event| !format!("{event:?}").contains(token)));
        server.stop().await;
    }
}
