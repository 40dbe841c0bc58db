//! Files of cases over HTTP: what is taken and what not, who sees which, what is stored, and what
//! is served under which headers.

use std::path::{Path, PathBuf};

use hoiam::attachments::sweep::{PATIENCE, sweep};
use hoiam_domain::actor::Role;
use hoiam_domain::case::CaseNumber;
use reqwest::Method;
use serde_json::{Value, json};

use super::server::{Answer, Server, answer, as_form, feedback, pothole, text, with};
use crate::support::bed::{number as count_of, sql};

const OWN: &str = "UBND-BTH";

/// Made with a camera's EXIF data (2026-03-09 17:05:33 +07:00, 10.80615 N 106.7 E, the owner's
/// name) and a page appended.
fn photograph() -> Vec<u8> {
    std::fs::read("tests/data/attachments/photo.jpg").unwrap()
}

/// A case with its tracking code.
struct Sent {
    number: String,
    code: String,
}

impl Sent {
    async fn to(server: &Server) -> Self {
        let taken = server.post("/api/v1/feedback", "", pothole()).await.ok();
        Self { number: text(&taken, "number"), code: text(&taken, "tracking_code") }
    }

    fn by_code(&self) -> String {
        format!("/api/v1/feedback/{}/attachments", self.code)
    }

    fn by_number(&self) -> String {
        format!("/api/v1/cases/{}/attachments", self.number)
    }
}

/// All files below a folder.
fn stored(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(stored(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// The content of a file, unread as text.
async fn content(
    server: &Server,
    path: &str,
    token: &str,
) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
    let response = with(server.ask(Method::GET, path), token).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.bytes().await.unwrap().to_vec())
}

fn pdf(nr: usize) -> Vec<u8> {
    format!("%PDF-1.4\n% {nr} nội dung riêng\n%%EOF\n").into_bytes()
}

both! {
    async fn a_photograph_loses_what_it_says_but_not_what_it_shows(bed: &Bed) {
        let server = Server::on(bed).await;
        let case = Sent::to(&server).await;
        let photo = photograph();
        assert!(holds(&photo, b"Tran Thi Thu") && holds(&photo, b"APPENDED"));
        let sent = server.send_file(&case.by_code(), "", "../ổ gà.png", &photo).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
        let view = sent.json();
        assert_eq!((view["media_type"].as_str(), view["name"].as_str(), view["by"].as_str()), (Some("image/jpeg"), Some("ổ gà.png"), Some("citizen")));
        assert_eq!(view["taken_at"], "2026-03-09T10:05:33Z");
        assert_eq!((view["lat"].as_f64(), view["lon"].as_f64()), (Some(10.80615), Some(106.7)));
        assert!(!sent.headers.iter().any(|(_, value)| value.to_str().unwrap_or_default().contains(&case.code)));

        let (status, headers, read) = content(&server, &format!("{}/{}", case.by_code(), text(&view, "id")), "").await;
        assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "image/jpeg"));
        assert_eq!(view["size"], read.len());
        assert!(read.starts_with(&[0xff, 0xd8, 0xff]) && read.ends_with(&[0xff, 0xd9]));
        for gone in [&b"Exif"[..], b"Tran Thi Thu", b"APPENDED", b"2026:03:09"] {
            assert!(!holds(&read, gone));
        }
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("sandbox; default-src 'none'"), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "no-store");
        let disposition = headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with(&format!("inline; filename=\"{}-", case.number)) && disposition.ends_with("; filename*=UTF-8''%E1%BB%95%20g%C3%A0.jpg"), "{disposition}");

        // What is stored tells nothing: not the picture, and not by its name which picture it is.
        let files = stored(server.folder.path());
        assert_eq!(files.len(), 1);
        let sealed = std::fs::read(&files[0]).unwrap();
        assert!(sealed.len() > read.len() && !holds(&sealed, &read[..64]));
        let shelf = files[0].parent().unwrap().file_name().unwrap().to_str().unwrap();
        let name = format!("{shelf}{}", files[0].file_name().unwrap().to_str().unwrap());
        assert_eq!(name, hoiam::attachments::store::name_of(&sealed));
        // It has its event, so nothing waits to be swept.
        assert_eq!(count_of(server.city.desk.log().pool(), "SELECT count(*) FROM attachments_pending").await, 0);
        server.stop().await;
    }

    async fn who_sees_which_file(bed: &Bed) {
        let server = Server::on(bed).await;
        let case = Sent::to(&server).await;
        let handler = server.token(Role::Handler, Some(OWN)).await;
        let other = server.token(Role::Handler, Some("UBND-Q1")).await;
        let stranger = Sent::to(&server).await;
        let id = |answer: Answer| text(&answer.ok(), "id");
        let of_citizen = id(server.send_file(&case.by_code(), "", "1.pdf", &pdf(1)).await);
        let hidden = id(server.send_file(&case.by_number(), &handler, "2.pdf", &pdf(2)).await);
        let form = with(server.ask(Method::POST, &case.by_number()), &handler);
        let shown = id(answer(as_form(form, &[("shown", "true")], "3.pdf", &pdf(3))).await);
        let ids = |listed: &Value| -> Vec<String> {
            listed.as_array().unwrap().iter().map(|item| text(item, "id")).collect()
        };
        let staff = server.get(&case.by_number(), &handler).await.ok();
        assert_eq!(ids(&staff["items"]), [&*of_citizen, &*hidden, &*shown]);
        let citizen = server.get(&case.by_code(), "").await.ok();
        assert_eq!(ids(&citizen["items"]), [&*of_citizen, &*shown]);
        let page = server.get(&format!("/api/v1/cases/{}", case.number), &handler).await.ok();
        assert_eq!(ids(&page["attachments"]).len(), 3);
        let track = server.get(&format!("/api/v1/track/{}", case.code), "").await.ok();
        assert_eq!(ids(&track["attachments"]), [&*of_citizen, &*shown]);
        for (path, token, status) in [
            (format!("{}/{of_citizen}", case.by_code()), "", 200),
            (format!("{}/{shown}", case.by_code()), "", 200),
            (format!("{}/{hidden}", case.by_code()), "", 404),
            (format!("{}/{of_citizen}", stranger.by_code()), "", 404),
            (format!("{}/{hidden}", case.by_number()), &handler, 200),
            (format!("{}/{of_citizen}", case.by_number()), &handler, 200),
            (format!("{}/{of_citizen}", case.by_number()), &other, 404),
            (format!("{}/{of_citizen}", case.by_number()), "", 401),
            (format!("{}/{of_citizen}", stranger.by_number()), &handler, 404),
            (format!("{}/nothing", case.by_number()), &handler, 404),
        ] {
            assert_eq!(content(&server, &path, token).await.0, status, "{path} {token}");
        }
        server.send_file(&case.by_number(), &other, "4.pdf", &pdf(4)).await.refused(404, "no_such_case", None);
        server.send_file(&case.by_number(), "", "4.pdf", &pdf(4)).await.refused(401, "token_missing", Some("Authorization"));
        let coordinator = server.token(Role::Coordinator, None).await;
        // The key stands in the event and nowhere else.
        let events = server.get(&format!("/api/v1/cases/{}/events?limit=200", case.number), &coordinator).await.ok();
        let attached: Vec<&Value> = events["items"].as_array().unwrap().iter().filter(|event| event["kind"] == "case.attached").collect();
        assert!(attached.len() == 3 && attached.iter().all(|event| event["data"].get("key").is_none() && event["data"]["stored"].is_string()));
        // A case that is sealed afterwards takes its files along: only its group would see them.
        let seal = json!({ "reason": "tố cáo cán bộ", "accused": OWN });
        server.command(&case.number, "seal", &coordinator, seal).await;
        for (token, status) in [(&handler, 404), (&coordinator, 404)] {
            assert_eq!(content(&server, &format!("{}/{of_citizen}", case.by_number()), token).await.0, status);
        }
        assert_eq!(content(&server, &format!("{}/{of_citizen}", case.by_code()), "").await.0, 200);
        server.stop().await;
    }

    async fn what_is_not_taken_says_so_kindly(bed: &Bed) {
        let server = Server::on(bed).await;
        let case = Sent::to(&server).await;
        let path = case.by_code();
        let heic = [&[0, 0, 0, 24][..], b"ftypheic\0\0\0\0mif1heic"].concat();
        let page = b"<html><script>alert(1)</script>".to_vec();
        for (name, content, status, code) in [
            ("anh.heic", heic, 415, "file_is_heic"),
            ("anh.jpg", page, 415, "file_type_not_taken"),
            ("anh.jpg", b"MZ\x90\0\x03".to_vec(), 415, "file_type_not_taken"),
            ("anh.jpg", Vec::new(), 422, "file_empty"),
            ("anh.jpg", photograph()[..400].to_vec(), 422, "picture_damaged"),
            ("phim.mp4", vec![7; 200_001], 413, "too_large"),
            // So large that it is not even received to its end.
            ("phim.mp4", vec![7; 20 << 20], 413, "too_large"),
        ] {
            let refused = server.send_file(&path, "", name, &content).await;
            refused.refused(status, code, Some("file"));
        }
        let post = |media: &str, body: &'static str| {
            let request = server.ask(Method::POST, &path).header("content-type", media);
            answer(request.body(body))
        };
        post("application/json", "{}").await.refused(415, "not_a_form", Some("Content-Type"));
        post("multipart/form-data", "").await.refused(415, "not_a_form", Some("Content-Type"));
        post("multipart/form-data; boundary=B", "").await.refused(400, "malformed_form", Some("body"));
        post("multipart/form-data; boundary=B", "--B--\r\n").await.refused(422, "file_missing", Some("file"));
        // Citizens show nothing to others.
        let form = as_form(server.ask(Method::POST, &path), &[("shown", "true")], "1.pdf", &pdf(1));
        answer(form).await.refused(422, "unknown_field", None);
        for nr in 1..=4 {
            server.send_file(&path, "", "x.pdf", &pdf(nr)).await.ok();
        }
        server.send_file(&path, "", "x.pdf", &pdf(5)).await.refused(422, "too_many", Some("file"));
        assert_eq!(stored(server.folder.path()).len(), 4);
        // Files of citizens leave room for those of staff.
        let operator = server.token(Role::Operator, None).await;
        server.send_file(&case.by_number(), &operator, "x.pdf", &pdf(5)).await.ok();
        server.send_file(&format!("{path}x"), "", "x.pdf", &pdf(6)).await.refused(404, "no_such_path", None);
        server.stop().await;
    }

    async fn other_files_are_served_to_be_saved(bed: &Bed) {
        let server = Server::on(bed).await;
        let case = Sent::to(&server).await;
        let note = "<b>không phải trang web</b>".replace('<', "‹").into_bytes();
        for (content_sent, media, ending) in [(pdf(1), "application/pdf", "pdf"), (note, "text/plain; charset=utf-8", "txt")] {
            let view = server.send_file(&case.by_code(), "", "tệp\".exe", &content_sent).await.ok();
            let (_, headers, read) = content(&server, &format!("{}/{}", case.by_code(), text(&view, "id")), "").await;
            assert_eq!(read, content_sent, "as it was sent");
            assert_eq!(headers["content-type"].to_str().unwrap(), media);
            let disposition = headers["content-disposition"].to_str().unwrap();
            assert!(disposition.starts_with("attachment; filename=\"") && disposition.contains(&format!(".{ending}\"")) && !disposition.contains("exe"), "{disposition}");
            assert!(headers["content-security-policy"].to_str().unwrap().starts_with("sandbox"));
        }
        server.stop().await;
    }

    async fn sending_twice_adds_nothing(bed: &Bed) {
        let server = Server::on(bed).await;
        let case = Sent::to(&server).await;
        let keyed = |key: &'static str, content: Vec<u8>| {
            let request = server.ask(Method::POST, &case.by_code()).header("idempotency-key", key);
            answer(as_form(request, &[], "a.pdf", &content))
        };
        let first = keyed("k1", pdf(1)).await;
        assert_eq!(first.status, 201);
        let again = keyed("k1", pdf(1)).await;
        assert_eq!((again.status, again.header("idempotency-replayed")), (200, "true"));
        let without = server.send_file(&case.by_code(), "", "b.pdf", &pdf(1)).await;
        assert_eq!((without.status, without.header("idempotency-replayed")), (200, ""));
        assert!(first.json()["id"] == again.json()["id"] && first.json()["id"] == without.json()["id"]);
        keyed("k1", pdf(2)).await.refused(422, "idempotency_key_reused", Some("Idempotency-Key"));
        let stale = server.ask(Method::POST, &case.by_code()).header("if-match", "\"1\"");
        answer(as_form(stale, &[], "a.pdf", &pdf(3))).await.refused(412, "stale_version", Some("If-Match"));
        assert_eq!(server.get(&case.by_code(), "").await.ok()["items"].as_array().unwrap().len(), 1);
        // What was stored in vain is gone again.
        assert_eq!(stored(server.folder.path()).len(), 1);
        assert_eq!(count_of(server.city.desk.log().pool(), "SELECT count(*) FROM attachments_pending").await, 0);
        // Many at once: one file, one event.
        let mut many = Vec::new();
        for _ in 0..6 {
            many.push(keyed("k9", pdf(9)));
        }
        for one in futures_util::future::join_all(many).await {
            one.ok();
        }
        assert_eq!(server.get(&case.by_code(), "").await.ok()["items"].as_array().unwrap().len(), 2);
        assert_eq!(stored(server.folder.path()).len(), 2);
        server.stop().await;
    }

    async fn erased_and_altered_files_are_not_given(bed: &Bed) {
        let server = Server::on(bed).await;
        let case = Sent::to(&server).await;
        let view = server.send_file(&case.by_code(), "", "a.pdf", &pdf(1)).await.ok();
        let path = format!("{}/{}", case.by_code(), text(&view, "id"));
        let file = stored(server.folder.path()).remove(0);
        let sealed = std::fs::read(&file).unwrap();
        for altered in [&sealed[1..], &[&sealed[..], b"x"].concat(), &sealed.iter().map(|b| b ^ 1).collect::<Vec<_>>()] {
            std::fs::write(&file, altered).unwrap();
            server.get(&path, "").await.refused(500, "internal", None);
        }
        std::fs::write(&file, &sealed).unwrap();
        assert_eq!(content(&server, &path, "").await.0, 200);
        let number: CaseNumber = case.number.parse().unwrap();
        for _ in 0..2 {
            let whole = server.city.case(&number).await;
            assert_eq!(server.files.delete_of(&whole).await.unwrap(), 1);
        }
        assert!(stored(server.folder.path()).is_empty());
        server.get(&path, "").await.refused(410, "attachment_erased", None);
        server.stop().await;
    }

    async fn files_without_an_event_are_swept_after_a_day(bed: &Bed) {
        let server = Server::on(bed).await;
        let case = Sent::to(&server).await;
        server.send_file(&case.by_code(), "", "a.pdf", &pdf(1)).await.ok();
        let desk = &server.city.desk;
        let pool = desk.log().pool();
        let kept = stored(server.folder.path());
        // As if the program had died between the store and the log, and once after the log.
        let orphan = b"sealed bytes without an event".to_vec();
        let name = hoiam::attachments::store::name_of(&orphan);
        let shelf = server.folder.path().join(&name[..2]);
        std::fs::create_dir_all(&shelf).unwrap();
        std::fs::write(shelf.join(&name[2..]), &orphan).unwrap();
        std::fs::write(shelf.join(format!("{}.part", &name[2..])), b"half").unwrap();
        let with_event = format!("{}{}", kept[0].parent().unwrap().file_name().unwrap().to_str().unwrap(), kept[0].file_name().unwrap().to_str().unwrap());
        let number: CaseNumber = case.number.parse().unwrap();
        let id = desk.find(&number).await.unwrap();
        let at = desk.now().as_microsecond();
        let id = match bed.is_postgres() {
            true => format!("'{id}'"),
            false => format!("X'{}'", id.simple()),
        };
        for stored in [&name, &with_event] {
            sql(pool, &format!("INSERT INTO attachments_pending (stored, case_id, created_at) VALUES ('{stored}', {id}, {at})")).await.unwrap();
        }
        assert_eq!(sweep(&server.files, desk, desk.now() + PATIENCE).await.unwrap(), 0, "not before a day is over");
        assert_eq!(sweep(&server.files, desk, desk.now() + PATIENCE + jiff::SignedDuration::from_secs(1)).await.unwrap(), 1);
        assert_eq!(stored(server.folder.path()), kept, "a file with an event stays");
        assert_eq!(count_of(pool, "SELECT count(*) FROM attachments_pending").await, 0);
        server.stop().await;
    }

    async fn texts_come_back_as_they_were_sent(bed: &Bed) {
        let server = Server::on(bed).await;
        let markup = "Ổ gà <script>alert('x')</script> <img src=x onerror=alert(1)> &lt;b&gt; \"'` ở hẻm 47 Bùi Đình Túy, phường 12, quận Bình Thạnh";
        let taken = server.post("/api/v1/feedback", "", feedback(markup)).await.ok();
        let operator = server.token(Role::Operator, None).await;
        server.command(&text(&taken, "number"), "note", &operator, json!({ "text": markup })).await;
        for (path, token) in [
            (format!("/api/v1/cases/{}", text(&taken, "number")), operator.as_str()),
            (format!("/api/v1/track/{}", text(&taken, "tracking_code")), ""),
        ] {
            let answer = server.get(&path, token).await;
            assert_eq!(answer.ok()["text"], markup);
            assert_eq!(answer.header("content-type"), "application/json");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
        let events = server.get(&format!("/api/v1/cases/{}/events", text(&taken, "number")), &operator).await;
        assert!(events.ok()["items"].as_array().unwrap().iter().any(|event| event["data"]["text"] == markup));
        // What is typed into an address is not told back.
        for path in ["/<script>alert(1)</script>", "/api/v1/cases/<script>", "/api/v1/cases?<script>=1", "/api/v1/track/<script>", "/?q=<script>"] {
            let answer = server.get(path, &operator).await;
            // The name of a parameter is, but in a problem, which no browser takes for a page.
            let problem = answer.header("content-type") == "application/problem+json";
            assert!(problem || !answer.text.contains("<script"), "{path}: {}", answer.text);
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
        server.stop().await;
    }
}
