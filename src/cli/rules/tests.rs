//! The commands as somebody at a terminal sees them.

use std::fs;

use super::*;

#[derive(clap::Parser)]
struct Cli {
    #[command(subcommand)]
    command: FilesCommand,
}

fn hoiam(args: &[&str], rules: Option<&Path>) -> (Result<(), RulesCommandError>, String) {
    let args = std::iter::once("hoiam").chain(args.iter().copied());
    let cli = <Cli as clap::Parser>::try_parse_from(args).unwrap();
    let now: Timestamp = "2024-05-13T09:00:00+07:00".parse().unwrap();
    let setting = Setting { rules, in_force: None, boundaries: Boundaries::default(), now };
    let mut out = Vec::new();
    let result = run(&cli.command, setting, &mut out);
    (result, String::from_utf8(out).unwrap())
}

#[test]
fn the_rules_are_good_and_their_examples_hold() {
    let (result, out) = hoiam(&["check"], None);
    assert!(result.is_ok() && out.contains("86 agencies, 625 focal points"), "{out}");
    let (result, out) = hoiam(&["test"], None);
    assert!(result.is_ok(), "{out}");
}

#[test]
fn a_wrong_set_names_file_and_line() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("sectors.toml"), "[[sector]]\ncode = \"A\"\nnmae = \"x\"\n").unwrap();
    let (result, _) = hoiam(&["check", dir.path().to_str().unwrap()], None);
    let error = result.unwrap_err();
    assert_eq!(error.exit_code(), 1);
    let text = error.to_string();
    assert!(text.contains("sectors.toml:3: unknown field `nmae`"), "{text}");
    assert!(text.contains("routing.toml: is missing"), "{text}");
}

#[test]
fn every_line_gets_a_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("lines.txt");
    let long = "ngập ".repeat(200_000);
    let mut bytes = "hẻm 51 quận 3 ngập nước\r\n\n \u{0}\u{7}\u{202e}\n".as_bytes().to_vec();
    bytes.extend(b"\xff\xfe\x80\n");
    bytes.extend(long.as_bytes());
    fs::write(&file, bytes).unwrap();
    let (result, out) = hoiam(&["explain", "--lines", file.to_str().unwrap()], None);
    assert!(result.is_ok());
    let lines: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["district"], "Q3");
    for blank in &lines[1..4] {
        assert_eq!((&blank["desk"], &blank["confidence"]), (&"coordinators".into(), &0.0.into()));
        assert!(blank["agency"].is_null() && blank.get("ward").is_some());
    }
    let keys = "kind sector category urgent confidential handoff district ward place_source agency focal_point desk question confidence because rule rule_set";
    for key in keys.split(' ') {
        assert!(lines.iter().all(|line| line.get(key).is_some()), "{key}");
    }
}

#[test]
fn impossible_arguments_are_named() {
    for (args, argument) in [
        (["--lat", "21.0", "--lon", "105.8"], "--lat, --lon"),
        (["--category", "GT99", "--channel", "web"], "--category"),
        (["--attribute", "road_class=sea", "--channel", "web"], "--attribute"),
        (["--at", "2024-02-30", "--channel", "web"], "--at"),
    ] {
        let args: Vec<&str> = ["explain", "ngập"].into_iter().chain(args).collect();
        let error = hoiam(&args, None).0.unwrap_err();
        assert!(error.to_string().starts_with(argument), "{error}");
        assert_eq!(error.exit_code(), 2);
    }
}

#[test]
fn the_city_has_no_errors_and_a_strict_lint_counts_its_warnings() {
    let (result, out) = hoiam(&["lint"], None);
    assert!(result.is_ok(), "{out}");
    let (result, out) = hoiam(&["lint", "--at", "2026-03-10"], None);
    assert!(result.is_ok() && out.contains("warning[no-successor]"), "{out}");
    let (result, out) = hoiam(&["lint", "--strict", "--json", "--at", "2026-03-10"], None);
    assert_eq!(result.unwrap_err().exit_code(), 1);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["errors"], 0);
    assert!(json["findings"].as_array().unwrap().iter().all(|f| f["line"].as_u64() > Some(0)));
}

#[test]
fn a_set_that_does_not_load_fails_the_lint() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("sectors.toml"), "[[sector]]\ncode = \"A\"\nnmae = \"x\"\n").unwrap();
    let (result, out) = hoiam(&["lint", dir.path().to_str().unwrap()], None);
    assert_eq!(result.unwrap_err().exit_code(), 1);
    assert!(out.contains("sectors.toml:3: error[invalid]: unknown field `nmae`"), "{out}");
}
