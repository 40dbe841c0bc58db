//! `examples/boston311/run` as somebody would call it, and the program's own exit codes.

use std::process::{Output, Stdio};

use hoiam::log::Database;

use super::*;
use crate::support::MASTER_KEY;

fn run(city: &City, bed: &Bed, file: &Path) -> Output {
    let mut command = Command::new(example("run"));
    command
        .arg(file)
        .current_dir(city.place.path())
        .env("HOIAM_BIN", env!("CARGO_BIN_EXE_hoiam"))
        .env("HOIAM_MASTER_KEY", MASTER_KEY);
    // What the caller has set for other cities must not matter.
    command.env("HOIAM_PREFIX", "HCM").env("HOIAM_DATA", city.path("other"));
    command.env("TMPDIR", city.place.path());
    if let Database::Postgres(url) = &bed.database {
        command.env("HOIAM_DATABASE", url);
    }
    command.output().unwrap()
}

both! {
    async fn the_script_prints_the_figures_last(bed: &Bed) {
        let city = City::new();
        let name = city.write("a sample's copy.csv", std::fs::read(example("sample.csv")).unwrap());
        let before = std::fs::read_dir(city.place.path()).unwrap().count();
        let done = run(&city, bed, Path::new(name.file_name().unwrap()));
        let told = String::from_utf8(done.stdout.clone()).unwrap();
        assert!(done.status.success(), "{told}{}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(std::fs::read_dir(city.place.path()).unwrap().count(), before, "it cleans up");
        let last: Value = serde_json::from_str(told.lines().last().unwrap()).unwrap();
        assert_eq!(last["department"]["WORK"]["received"], 20);
        assert_eq!(last["type"]["Đèn đường & chiếu sáng"]["closed_late"], 1);
        let figures = city.write("figures", &done.stdout);
        let mut compare = Command::new(example("count.py"));
        compare.arg(&name).arg("--compare").arg(figures).stdout(Stdio::piped());
        let compared = compare.output().unwrap();
        let said = String::from_utf8_lossy(&compared.stdout).into_owned();
        assert!(compared.status.success() && said.contains("all 23 groups"), "{said}");
    }

    async fn a_half_written_row_costs_that_row(bed: &Bed) {
        let city = City::new();
        let mut bytes = std::fs::read(example("sample.csv")).unwrap();
        bytes.truncate(bytes.len() - 120);
        let file = city.write("half.csv", bytes);
        let done = run(&city, bed, &file);
        let told = String::from_utf8(done.stdout).unwrap();
        assert_eq!(done.status.code(), Some(3), "{told}");
        assert!(told.contains("Imported 36, already there 0, rejected 1."), "{told}");
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(said.contains(r#""line":40"#) && said.contains("columns"), "{said}");
        let last: Value = serde_json::from_str(told.lines().last().unwrap()).unwrap();
        assert!(last["department"].get("NITE").is_none());
    }
}

#[test]
fn a_missing_column_is_an_error_of_the_caller() {
    let city = City::new();
    let file = city.write("other.csv", "a,b\n1,2\n");
    let done = Command::new(env!("CARGO_BIN_EXE_hoiam"))
        .env("HOIAM_MASTER_KEY", MASTER_KEY)
        .arg("import")
        .arg(&file)
        .arg("--map")
        .arg(example("map.toml"))
        .arg("--directory")
        .arg(city.path("rules"))
        .arg("--data")
        .arg(city.path("data"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains("case_enquiry_id") && said.contains("a, b"), "{said}");
    assert!(!city.path("data").exists(), "nothing is made");
}
