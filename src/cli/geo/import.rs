//! `hoiam geo import`.

use std::fs;
use std::path::{Path, PathBuf};

use hoiam_domain::geo::geojson::{Limits, notice};
use hoiam_domain::routing::boundaries::import::TOLERANCE;
use hoiam_domain::routing::boundaries::{Import, ImportOptions, Level, Problem};
use jiff::civil::Date;
use serde_json::json;

use super::short;
use crate::cli::Failure;
use crate::cli::context::desk;
use crate::config::Config;
use crate::policy::geo::{self, ImportError, Outcome, Wanted};

/// Problems and left-out features told on a terminal; `--json` has them all.
const TOLD: usize = 100;

/// Arguments of `geo import`.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// A GeoJSON file with a feature for each district or ward.
    file: PathBuf,
    /// What the areas are: district or ward [default: what more features are].
    #[arg(long)]
    level: Option<Level>,
    /// The first day they hold [default: for units that took over from wards, the day after those].
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// The last day they hold [default: when all of them have ended, the last day of the last].
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
    /// The property with names [default: the one the directory knows best].
    #[arg(long, value_name = "NAME")]
    name_property: Option<String>,
    /// The property with codes [default: the one most of whose values the directory knows].
    #[arg(long, value_name = "NAME")]
    code_property: Option<String>,
    /// Leave out, and list, what is no area, lies outside the city or is not in the directory.
    #[arg(long)]
    leave_out: bool,
    /// Accept overlaps and gaps up to this many square metres.
    #[arg(long, value_name = "M2", default_value_t = TOLERANCE)]
    tolerance: f64,
    /// Where the file comes from [default: its name].
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// Under which licence [default: what the file says].
    #[arg(long, value_name = "TEXT")]
    licence: Option<String>,
    /// Who imports: the name of an account, not of a person.
    #[arg(long, value_name = "NAME", default_value = "administrator")]
    by: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Check everything and say what would be imported; store nothing.
    #[arg(long)]
    check: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl ImportArgs {
    /// Whether nothing is to be stored.
    pub(in crate::cli) fn only_checks(&self) -> bool {
        self.check
    }
}

pub(super) async fn run(args: &ImportArgs, config: &Config) -> Result<(), Failure> {
    if args.tolerance.is_nan() || args.tolerance < 0.0 {
        return Err(Failure::usage("--tolerance: must be 0 or more"));
    }
    let limits = Limits::default();
    let text = read(&args.file, limits.bytes)?;
    let desk = desk(config).await?;
    let (rules, now) = (desk.rules(), desk.now());
    let options = ImportOptions {
        level: args.level,
        from: args.from,
        to: args.to,
        name_property: args.name_property.clone(),
        code_property: args.code_property.clone(),
        leave_out: args.leave_out,
        tolerance: args.tolerance,
        source: args.source.clone().unwrap_or_else(|| file_name(&args.file)),
        licence: args.licence.clone().or_else(|| notice(&text)).unwrap_or_default(),
        today: now.to_zoned(rules.policy.calendars.zone().clone()).date(),
        limits,
    };
    let wanted = Wanted {
        text: &text,
        options: &options,
        by: &args.by,
        note: args.note.as_deref(),
        check: args.check,
    };
    let outcome = geo::import(desk.log(), desk.random(), now, &rules, &wanted).await;
    desk.log().close().await;
    match outcome {
        Ok(outcome) if args.json => println!("{}", as_json(&outcome)),
        Ok(outcome) => told(&outcome),
        Err(ImportError::Wrong(problems)) => return Err(refused(&problems, args)),
        Err(ImportError::Policy(error)) => return Err(error.into()),
    }
    Ok(())
}

fn read(path: &Path, most: usize) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::usage(format!("{}: {error}", path.display()));
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > most as u64 {
        let path = path.display();
        return Err(Failure::usage(format!("{path}: has {size} bytes; at most {most} are taken")));
    }
    fs::read_to_string(path).map_err(failed)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Nothing was imported: a line for each problem, and what may help.
fn refused(problems: &[Problem], args: &ImportArgs) -> Failure {
    if args.json {
        println!("{}", json!({ "outcome": "refused", "problems": lines(problems) }));
    }
    let mut lines: Vec<String> = problems.iter().take(TOLD).map(ToString::to_string).collect();
    if problems.len() > TOLD {
        lines.push(format!("… {} nữa · more", problems.len() - TOLD));
    }
    lines.push(format!(
        "Không nạp gì: {0} lỗi. · Nothing was imported: {0} problems.",
        problems.len()
    ));
    if !args.leave_out {
        lines.push(
            "--leave-out bỏ qua những gì không phải vùng, ngoài thành phố hoặc không có trong danh bạ. · leaves out what is no area, outside the city or not in the directory."
                .to_owned(),
        );
    }
    Failure { message: lines.join("\n"), code: 1 }
}

fn lines(problems: &[Problem]) -> Vec<serde_json::Value> {
    let line = |p: &Problem| json!({ "feature": p.feature, "name": p.name, "reason": p.reason.to_string() });
    problems.iter().map(line).collect()
}

fn parts(outcome: &Outcome) -> (&'static str, &Import, Option<&geo::Imported>) {
    match outcome {
        Outcome::Checked(import) => ("checked", import, None),
        Outcome::Done(import, done) => ("imported", import, Some(done)),
        Outcome::Already(import, done) => ("already", import, Some(done)),
    }
}

fn as_json(outcome: &Outcome) -> serde_json::Value {
    let (word, import, done) = parts(outcome);
    let set = &import.set;
    json!({
        "outcome": word,
        "id": done.map(|done| done.id),
        "hash": done.map(|done| &done.event.hash),
        "level": set.level,
        "from": set.validity.from,
        "to": set.validity.to,
        "areas": set.areas.len(),
        "points": set.points(),
        "source": set.source,
        "licence": set.licence,
        "name_property": import.name_property,
        "code_property": import.code_property,
        "left_out": lines(&import.left_out),
        "missing": import.missing,
        "largest_overlap_m2": import.largest.0.round(),
        "largest_gap_m2": import.largest.1.round(),
    })
}

fn told(outcome: &Outcome) {
    let (_, import, done) = parts(outcome);
    let set = &import.set;
    match (outcome, done) {
        (Outcome::Already(..), Some(one)) => println!(
            "Đã nạp từ trước (số {}); không thêm gì. · Imported before ({0}); nothing was added.",
            one.id
        ),
        (_, Some(one)) => println!(
            "Đã nạp (số {}), bộ {}. · Imported as {0}, set {1}.",
            one.id,
            short(&one.event.hash)
        ),
        (_, None) => println!("Chỉ thử, chưa ghi gì. · Only checked, nothing was stored."),
    }
    let day = |day: Option<Date>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    println!(
        "  {} vùng (areas), {} điểm (corners), {}: {} – {}",
        set.areas.len(),
        set.points(),
        set.level,
        day(set.validity.from),
        day(set.validity.to)
    );
    println!("  nguồn (source): {}; giấy phép (licence): {}", set.source, set.licence);
    let property = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".to_owned());
    println!(
        "  tên (name): {}, mã (code): {}; chồng lấn lớn nhất (largest overlap) {:.0} m², hở (gap) {:.0} m²",
        property(&import.name_property),
        property(&import.code_property),
        import.largest.0,
        import.largest.1
    );
    if !import.missing.is_empty() {
        println!("  chưa có ranh giới (without boundary): {}", import.missing.join(", "));
    }
    if !import.left_out.is_empty() {
        println!("  bỏ qua (left out): {}", import.left_out.len());
        for problem in import.left_out.iter().take(TOLD) {
            println!("    {problem}");
        }
    }
}
