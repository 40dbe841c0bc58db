//! Signing in by a link that is mailed, with the spool folder and with a real mail server.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use hoiam::accounts::ways::Ways;
use hoiam::http::Setup;
use hoiam::mail::Mail;
use hoiam::mail::config::MailConfig;
use hoiam::mail::send::Sender;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::*;
use crate::http::server::as_form;
use crate::support::Bed;
use crate::support::bed::number;
use crate::support::city::City;

/// A server that writes its mails into a folder.
pub(super) struct World {
    pub(super) server: Server,
    mail: Mail,
    pub(super) folder: TempDir,
}

impl World {
    pub(super) async fn on(bed: &Bed) -> Self {
        Self::with(bed, "").await
    }

    async fn with(bed: &Bed, more: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let folder = TempDir::with_prefix("hoiam-mail-").unwrap();
        let config: MailConfig =
            toml::from_str(&format!("from = '1022 <1022@example.vn>'\n{more}")).unwrap();
        let mail = Mail::new(Sender::new(&config, folder.path()).unwrap());
        let ways = Ways::new("https://1022.example.vn", Vec::new()).with_mail(mail.clone());
        let setup = Setup { ways: Some(Arc::new(ways)), ..Setup::default() };
        let server = Server::listening(City::on(bed).await, listener, setup);
        Self { server, mail, folder }
    }

    pub(super) async fn send(&self) -> usize {
        let desk = &self.server.city.desk;
        self.mail.send_due(desk.log(), desk.now()).await.unwrap()
    }

    /// The mails that went.
    pub(super) fn mails(&self) -> Vec<String> {
        let mut files: Vec<_> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }

    pub(super) async fn ask(&self, browser: &mut Browser, email: &str) -> Answer {
        browser.post(&self.server, "/api/v1/citizen/session/email", json!({ "email": email })).await
    }

    /// Asks for a link and reads it in the mail; the path of it, and the number the browser shows.
    pub(super) async fn link(&self, browser: &mut Browser, email: &str) -> (String, String) {
        let known = self.mails();
        let asked = self.ask(browser, email).await.ok();
        assert_eq!(self.send().await, 1);
        let mail = self.mails().into_iter().find(|mail| !known.contains(mail)).unwrap();
        (path_in(&mail), asked["number"].as_str().unwrap().to_owned())
    }

    pub(super) async fn stop(self) {
        self.server.stop().await;
    }
}

/// The path of the link in a mail, which is wrapped and encoded.
fn path_in(mail: &str) -> String {
    let mail = mail.replace("=\r\n", "");
    let (_, rest) = mail.split_once("https://1022.example.vn").unwrap_or_else(|| panic!("{mail}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

both! {
    async fn a_link_signs_in_once(bed: &Bed) {
        let world = World::on(bed).await;
        let server = &world.server;
        let mut browser = Browser::default();
        let (link, number_shown) = world.link(&mut browser, " Lan@Example.VN ").await;
        let mail = world.mails().remove(0);
        assert!(mail.contains("To: lan@example.vn") && mail.contains("Auto-Submitted: auto-generated") && !mail.contains(&number_shown), "{mail}");
        // Whoever looks uses nothing up, and signs nobody in.
        for _ in 0..3 {
            let page = browser.get(server, &link).await;
            assert!(page.status == 200 && page.text.contains("<form method=\"post\"") && !page.text.contains("<script"));
            assert_eq!(browser.citizen, "");
        }
        // A form of another site signs nobody in as somebody else.
        let request = server.ask(Method::POST, &link).header("origin", "https://evil.example").header("cookie", browser.cookies());
        answer(request).await.refused(403, "cross_site", None);
        // The page's form, in the browser that asked.
        let request = server.ask(Method::POST, &link).header("sec-fetch-site", "same-origin").header("accept", "text/html");
        let request = request.header("content-type", "application/x-www-form-urlencoded").body("number=");
        let done = answer(request.header("cookie", browser.cookies())).await;
        assert!(done.status == 200 && done.text.contains("http-equiv=\"refresh\""), "{}", done.text);
        browser.keep(&done);
        let who = browser.get(server, "/api/v1/citizen/session").await.ok();
        assert_eq!(who["provider"], Value::Null);
        browser.post(server, &link, json!({})).await.refused(401, "link_over", None);
        // What they report now is theirs at once, also when they say nothing else of it.
        let feedback = json!({ "channel": "app", "text": "Ổ gà lớn trước số 12 Lê Lợi, Quận 1" });
        let received = browser.post(server, "/api/v1/feedback", feedback).await.ok();
        let own = browser.get(server, "/api/v1/citizen/cases").await.ok();
        assert_eq!(own["items"][0]["number"], received["number"]);
        // Files and commands need no tracking code either.
        let path = format!("/api/v1/citizen/cases/{}", own["items"][0]["number"].as_str().unwrap());
        let files = format!("{path}/attachments");
        let sent = async |cookies: String| {
            let request = server.ask(Method::POST, &files).header("sec-fetch-site", "same-origin");
            let request = request.header("cookie", cookies);
            answer(as_form(request, &[], "ghi-chu.txt", "Ổ gà sâu".as_bytes())).await
        };
        let attached = sent(browser.cookies()).await;
        assert_eq!((attached.status, attached.json()["by"].as_str()), (201, Some("citizen")), "{}", attached.text);
        assert_eq!(sent(browser.cookies()).await.status, 200, "the same again adds nothing");
        let listed = browser.get(server, &files).await.ok();
        assert_eq!(listed["items"][0]["id"], attached.json()["id"]);
        let file = format!("{files}/{}", listed["items"][0]["id"].as_str().unwrap());
        assert_eq!(browser.get(server, &file).await.text, "Ổ gà sâu");
        let by_code = format!("/api/v1/feedback/{}/attachments", received["tracking_code"].as_str().unwrap());
        assert_eq!(server.get(&by_code, "").await.ok(), listed, "by code they see the same");
        sent(String::new()).await.refused(401, "not_signed_in", None);
        for path in [&files, &file] {
            server.get(path, "").await.refused(401, "not_signed_in", None);
        }
        let stranger = server.feedback("Đèn đường hư trước số 1 Lê Lợi, Quận 1").await;
        let other = format!("/api/v1/citizen/cases/{}", stranger["number"].as_str().unwrap());
        browser.get(server, &format!("{other}/attachments")).await.refused(404, "no_such_case", Some("number"));
        browser.post(server, &format!("{other}/withdraw"), json!({})).await.refused(404, "no_such_case", Some("number"));
        browser.post(server, &format!("{path}/rate"), json!({ "score": 5 })).await.refused(409, "wrong_stage", None);
        browser.post(server, &format!("{path}/accept"), json!({})).await.refused(404, "no_such_command", Some("command"));
        // The same address is the same account, in whatever way it is written.
        let mut again = Browser::default();
        let (link, _) = world.link(&mut again, "LAN@example.vn").await;
        again.post(server, &link, json!({})).await.ok();
        assert_eq!(again.get(server, "/api/v1/citizen/session").await.ok()["id"], who["id"]);
        // Nothing of the address or the link stays behind.
        let log = server.city.desk.log();
        assert_eq!(number(log.pool(), "SELECT count(*) FROM mails").await, 0);
        for event in log.read_all(0, 100).await.unwrap() {
            assert!(!format!("{event:?}").contains("example.vn"));
        }
        world.stop().await;
    }

    async fn what_was_reported_under_the_address_is_theirs(bed: &Bed) {
        let world = World::on(bed).await;
        let server = &world.server;
        let report = async |email: &str| {
            let reporter = json!({ "name": "Nguyễn Thị Lan", "email": email });
            let body = json!({ "channel": "app", "text": "Ổ gà lớn trước số 12 Lê Lợi, Quận 1", "reporter": reporter });
            server.post("/api/v1/feedback", "", body).await.ok()["number"].as_str().unwrap().to_owned()
        };
        let own = report("LAN@example.vn").await;
        let sealed = report("lan@example.vn").await;
        report("tai@example.vn").await;
        let coordinator = server.token(Role::Coordinator, None).await;
        let seal = json!({ "reason": "tố cáo cán bộ", "accused": "UBND-Q1" });
        server.command(&sealed, "seal", &coordinator, seal).await;
        let mut browser = Browser::default();
        let (link, _) = world.link(&mut browser, "lan@example.vn").await;
        browser.post(server, &link, json!({})).await.ok();
        let cases = browser.get(server, "/api/v1/citizen/cases").await.ok();
        let numbers: Vec<&str> = cases["items"].as_array().unwrap().iter().map(|item| item["number"].as_str().unwrap()).collect();
        assert_eq!(numbers, [own.as_str()], "what is sealed opens by its code only");
        let page = browser.get(server, &format!("/api/v1/citizen/cases/{own}")).await.ok();
        assert!(page["text"].as_str().unwrap().contains("Lê Lợi"));
        browser.get(server, &format!("/api/v1/citizen/cases/{sealed}")).await.refused(404, "no_such_case", Some("number"));
        world.stop().await;
    }

    async fn who_leaves_or_is_erased_is_known_by_nothing(bed: &Bed) {
        let world = World::on(bed).await;
        let server = &world.server;
        let reporter = json!({ "email": "lan@example.vn" });
        let body = json!({ "channel": "app", "text": "Ổ gà lớn trước số 12 Lê Lợi, Quận 1", "reporter": reporter });
        let received = server.post("/api/v1/feedback", "", body).await.ok();
        let rows = "SELECT (SELECT count(*) FROM citizen_contacts) + (SELECT count(*) FROM citizen_cases) + (SELECT count(*) FROM sessions)";
        let mut browser = Browser::default();
        let (link, _) = world.link(&mut browser, "lan@example.vn").await;
        browser.post(server, &link, json!({})).await.ok();
        let code = json!({ "tracking_code": received["tracking_code"] });
        browser.post(server, "/api/v1/citizen/cases", code).await.ok();
        let pool = server.city.desk.log().pool();
        assert_eq!(number(pool, rows).await, 3);
        browser.post(server, "/api/v1/citizen/leave", json!({})).await.ok();
        assert_eq!(number(pool, rows).await, 0);
        browser.get(server, "/api/v1/citizen/session").await.refused(401, "not_signed_in", None);
        // They may come back, and are erased with their data.
        let (link, _) = world.link(&mut browser, "lan@example.vn").await;
        browser.post(server, &link, json!({})).await.ok();
        assert_eq!(number(pool, rows).await, 2);
        let (code, out, error) = bed.hoiam("person", &["find", "--email", "lan@example.vn"]);
        assert_eq!(code, 0, "{error}");
        let (code, _, error) = bed.hoiam("person", &["erase", out.trim()]);
        assert_eq!(code, 0, "{error}");
        assert_eq!(number(pool, rows).await, 0);
        assert_eq!(number(pool, "SELECT count(*) FROM mail_links").await, 0);
        browser.get(server, "/api/v1/citizen/session").await.refused(401, "not_signed_in", None);
        let events = server.city.desk.log().read_all(0, 100).await.unwrap();
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).filter(|kind| kind.starts_with("citizen.")).collect();
        assert_eq!(kinds, ["citizen.registered", "citizen.case_claimed", "citizen.left", "citizen.registered", "citizen.left"]);
        world.stop().await;
    }

    async fn another_browser_needs_the_number(bed: &Bed) {
        let world = World::on(bed).await;
        let server = &world.server;
        let mut asking = Browser::default();
        let (link, shown) = world.link(&mut asking, "lan@example.vn").await;
        let mut other = Browser::default();
        other.post(server, &link, json!({})).await.refused(401, "number_needed", Some("number"));
        let wrong = if shown == "000000" { "000001" } else { "000000" };
        other.post(server, &link, json!({ "number": wrong })).await.refused(401, "number_needed", Some("number"));
        other.post(server, &link, json!({ "number": format!("{} {}", &shown[..3], &shown[3..]) })).await.ok();
        other.get(server, "/api/v1/citizen/session").await.ok();
        // Whoever tries numbers out uses the link up.
        let (link, shown) = world.link(&mut asking, "tai@example.vn").await;
        let wrong = if shown == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            other.post(server, &link, json!({ "number": wrong })).await.refused(401, "number_needed", Some("number"));
        }
        other.post(server, &link, json!({ "number": shown })).await.refused(401, "link_over", None);
        asking.post(server, &link, json!({})).await.refused(401, "link_over", None);
        // A quarter of an hour later it is over, and the mail is not sent any more.
        let (link, _) = world.link(&mut asking, "ba@example.vn").await;
        world.ask(&mut asking, "tu@example.vn").await;
        server.later(901);
        asking.post(server, &link, json!({})).await.refused(401, "link_over", None);
        assert_eq!(world.send().await, 0);
        assert_eq!(number(server.city.desk.log().pool(), "SELECT count(*) FROM mails").await, 0);
        for malformed in ["x", "0000000000000000000000000000000000000000000000000000000000000000"] {
            let link = format!("/api/v1/citizen/session/email/{malformed}");
            asking.post(server, &link, json!({})).await.refused(401, "link_over", None);
        }
        world.stop().await;
    }

    async fn nobody_learns_whose_mail_is_known(bed: &Bed) {
        let world = World::on(bed).await;
        let server = &world.server;
        let mut browser = Browser::default();
        let (link, _) = world.link(&mut browser, "lan@example.vn").await;
        browser.post(server, &link, json!({})).await.ok();
        let rows = |table: &str| format!("SELECT count(*) FROM {table}");
        let pool = server.city.desk.log().pool();
        let mut seen = Vec::new();
        for address in ["lan@example.vn", "khong-ai-ca@example.vn"] {
            let before = number(pool, &rows("mail_links")).await + number(pool, &rows("mails")).await;
            let answer = world.ask(&mut Browser::default(), address).await;
            let after = number(pool, &rows("mail_links")).await + number(pool, &rows("mails")).await;
            let mut body = answer.json();
            assert_eq!(body["number"].as_str().unwrap().len(), 6);
            body["number"] = Value::Null;
            seen.push((answer.status, body, after - before));
        }
        assert_eq!(seen[0], seen[1], "the same answer, the same work");
        assert_eq!(seen[0].0, 202);
        // Three in a quarter of an hour; whoever asks for more gets the same answer and no mail.
        for _ in 0..5 {
            assert_eq!(world.ask(&mut Browser::default(), "nhieu@example.vn").await.status, 202);
        }
        assert_eq!(number(pool, &rows("mails")).await, 2 + 3);
        for (address, code) in [("", 422), ("lan", 422), ("a@b@c.vn", 422), ("a@b.vn\r\nBcc: c@d.vn", 422)] {
            assert_eq!(world.ask(&mut Browser::default(), address).await.status, code, "{address}");
        }
        world.stop().await;
    }

    async fn mails_go_through_a_server_that_is_not_always_there(bed: &Bed) {
        let mut smtp = Smtp::start(2);
        let world = World::with(bed, &smtp.entry()).await;
        let pool = world.server.city.desk.log().pool();
        let mut browser = Browser::default();
        world.ask(&mut browser, "lan@example.vn").await.ok();
        // The queue is in the database: sealed, and there when it is looked at again.
        assert_eq!(number(pool, "SELECT count(*) FROM mails").await, 1);
        assert_eq!(number(pool, "SELECT count(*) FROM mails WHERE sealed LIKE '%example%'").await, 0);
        assert_eq!(world.send().await, 0);
        assert_eq!(smtp.line()["refused"], 451);
        assert_eq!(world.send().await, 0, "not before a while has passed");
        let mut sent = 0;
        for seconds in [15, 30] {
            world.server.later(seconds);
            sent += world.send().await;
        }
        assert_eq!((sent, number(pool, "SELECT count(*) FROM mails").await), (1, 0));
        assert_eq!(smtp.line()["refused"], 451);
        let taken = smtp.line();
        assert_eq!(taken["to"], "lan@example.vn");
        let link = path_in(taken["text"].as_str().unwrap());
        browser.post(&world.server, &link, json!({})).await.ok();
        world.stop().await;
    }

    async fn a_mail_nobody_takes_is_given_up(bed: &Bed) {
        let mut smtp = Smtp::start(-1);
        let world = World::with(bed, &smtp.entry()).await;
        world.ask(&mut Browser::default(), "lan@example.vn").await.ok();
        assert_eq!(world.send().await, 0);
        assert_eq!(smtp.line()["refused"], 550);
        let pool = world.server.city.desk.log().pool();
        assert_eq!(number(pool, "SELECT count(*) FROM mails").await, 0, "refused for good");
        world.stop().await;
    }
}

/// A mail server; gone with the test.
struct Smtp {
    child: Child,
    lines: Box<dyn Iterator<Item = String> + Send>,
    port: String,
}

impl Smtp {
    fn start(refuse: i32) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/partners");
        let mut child = Command::new("node")
            .args(["smtp.mjs", &json!({ "refuse": refuse }).to_string()])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut lines = Box::new(lines.map_while(Result::ok));
        let port = lines.next().expect("run scripts/partners once, or `make test`");
        Self { child, lines, port }
    }

    /// The entry of the configuration that names it.
    fn entry(&self) -> String {
        format!("server = '127.0.0.1'\nport = {}\nsecurity = 'none'\n", self.port)
    }

    fn line(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().unwrap()).unwrap()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
