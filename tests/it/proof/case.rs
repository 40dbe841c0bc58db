//! The export of a case as evidence.

use hoiam::archive::{ArchiveError, ProvedCase, Wanted, export, prove};
use hoiam_domain::case::CaseNumber;

use super::served::hoiam;
use super::*;
use crate::archive::small_city;

async fn exported(log: &Log, number: &CaseNumber) -> String {
    let mut bytes = Vec::new();
    let wanted = Wanted { case: Some(number.clone()), ..Wanted::default() };
    export(log, "HCM", &wanted, &mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

fn proved(text: &str) -> Result<ProvedCase, ArchiveError> {
    prove(text.as_bytes(), &verifier(), &[])
}

both! {
    async fn a_case_goes_out_with_everything_to_check_it(bed: &Bed) {
        let city = small_city(bed).await;
        let log = city.desk.log();
        let number = CaseNumber::new("HCM", 2026, 1).unwrap();
        let case = city.case(&number).await;
        let before = proved(&exported(log, &number).await).unwrap();
        assert_eq!((before.events, before.pending, before.checkpoint), (0, case.version, None));

        keeper(log).await.checkpoint().await.unwrap();
        let text = exported(log, &number).await;
        let good = proved(&text).unwrap();
        assert_eq!((good.number.as_str(), good.events, good.pending), (number.to_string().as_str(), case.version, 0));
        assert!(text.contains("CÁCH KIỂM TRA") && text.contains("HOW TO CHECK") && text.contains(&verifier().to_string()));
        let other = signing(2).verifier(Kind::Note);
        assert!(prove(text.as_bytes(), &other, &[]).is_err(), "another key");

        // Whatever is altered, also with a hash at the end that fits.
        let lines: Vec<&str> = text.lines().collect();
        for line in 1..lines.len() - 1 {
            if lines[line].starts_with("{\"instructions") {
                continue;
            }
            let mut less = lines.clone();
            less.remove(line);
            assert!(proved(&sealed(&less)).is_err(), "line {line} left out");
        }
        for (from, to) in [("Bùi Đình Túy", "Lê Quang Định"), ("\"proof_of\":1", "\"proof_of\":2"), ("\"leaf_index\":0", "\"leaf_index\":1"), ("\"case\":\"HCM-26-000001", "\"case\":\"HCM-26-000002")] {
            let altered = text.replacen(from, to, 1);
            assert_ne!(altered, text, "{from}");
            let lines: Vec<&str> = altered.lines().collect();
            assert!(proved(&sealed(&lines)).is_err(), "{from}");
        }
        assert!(proved(&text[..text.len() - 10]).is_err());
        assert!(proved(&lines[..lines.len() - 1].join("\n")).is_err());

        // As people do it.
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("case.jsonl");
        let path = file.to_str().unwrap();
        let (code, _, error) = hoiam(Some(bed), &["log", "export", "--case", &number.to_string(), "-o", path]);
        assert_eq!(code, 0, "{error}");
        let key = verifier().to_string();
        let (code, out, error) = hoiam(None, &["receipt", "verify", path, "--key", &key]);
        assert_eq!(code, 0, "{error}");
        assert!(out.contains("Bản trích đúng") && out.contains("The export is true"), "{out}");
        std::fs::write(path, text.replacen("Bùi Đình Túy", "Lê Quang Định", 1)).unwrap();
        assert_eq!(hoiam(None, &["receipt", "verify", path, "--key", &key]).0, 3);
        log.close().await;
    }
}

/// Lines with a hash in the last that fits.
fn sealed(lines: &[&str]) -> String {
    use sha2::{Digest, Sha256};
    let (last, before) = lines.split_last().unwrap();
    let before: String = before.iter().map(|line| format!("{line}\n")).collect();
    let mut end: serde_json::Value = serde_json::from_str(last).unwrap();
    end["events"] = before.lines().filter(|line| line.starts_with("{\"position\":")).count().into();
    end["sha256"] = hoiam::tracking::hex(&Sha256::digest(before.as_bytes())).into();
    let (name, events, hash) = (&end["end"], &end["events"], &end["sha256"]);
    format!("{before}{{\"end\":{name},\"events\":{events},\"sha256\":{hash}}}\n")
}
