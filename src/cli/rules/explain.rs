//! `hoiam rules explain`: one text, or a file with a text a line.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use hoiam_domain::codes::CategoryCode;
use hoiam_domain::kinds::{Channel, Kind};
use hoiam_domain::routing::boundaries::Boundaries;
use hoiam_domain::routing::{RouteInput, RuleSet, Verdict};
use hoiam_domain::time::parse::parse_time;
use jiff::Timestamp;

use super::{RulesCommandError, Setting};
use crate::cli::in_force::{Wanted, Which};

/// Arguments of `rules explain`.
#[derive(Clone, Debug, clap::Args)]
pub struct ExplainArgs {
    /// The text of the feedback.
    #[arg(required_unless_present = "lines", conflicts_with = "lines")]
    text: Option<String>,
    /// Read a text a line from this file (`-`: standard input), write a JSON verdict a line.
    #[arg(long, value_name = "FILE")]
    lines: Option<PathBuf>,
    /// Latitude of the place.
    #[arg(long, requires = "lon", allow_negative_numbers = true)]
    lat: Option<f64>,
    /// Longitude of the place.
    #[arg(long, requires = "lat", allow_negative_numbers = true)]
    lon: Option<f64>,
    /// The address given apart from the text.
    #[arg(long)]
    address: Option<String>,
    /// When it arrived: 2026-02-10T09:00 (local), or with an offset; now where absent.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// The channel it came through.
    #[arg(long)]
    channel: Option<Channel>,
    /// The kind of case, where somebody decided it.
    #[arg(long)]
    kind: Option<Kind>,
    /// The category, where somebody decided it.
    #[arg(long)]
    category: Option<String>,
    /// What is known about the thing concerned, e.g. road_class=alley; may be given again.
    #[arg(long, value_name = "NAME=VALUE")]
    attribute: Vec<String>,
    #[command(flatten)]
    which: Which,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl ExplainArgs {
    /// The set in force, unless files were named; boundaries where the verdict may depend on them.
    pub(super) const fn wanted(&self, files_named: bool) -> Wanted {
        let rules = self.which.as_the_server(files_named);
        Wanted { rules, boundaries: self.lat.is_some() }
    }
}

pub(super) fn run(
    args: &ExplainArgs,
    mut setting: Setting<'_>,
    out: &mut dyn io::Write,
) -> Result<(), RulesCommandError> {
    let now = setting.now;
    let boundaries = std::mem::take(&mut setting.boundaries);
    let (rules, _) = setting.load(None)?;
    let mut input = input(args, &rules, now)?;
    if let Some(path) = &args.lines {
        return lines(path, &rules, &boundaries, &mut input, out);
    }
    let verdict = rules.explain_with(&input, &boundaries);
    if args.json { json(&verdict, out) } else { sentences(&verdict, &rules, out) }
        .map_err(RulesCommandError::write)
}

fn input(
    args: &ExplainArgs,
    rules: &RuleSet,
    now: Timestamp,
) -> Result<RouteInput, RulesCommandError> {
    let wrong = |argument, message| RulesCommandError::Argument { argument, message };
    let at = match &args.at {
        Some(text) => parse_time(text, rules.policy.calendars.zone())
            .map_err(|message| wrong("--at", message))?,
        None => now,
    };
    let point = args.lat.zip(args.lon);
    if let Some((lat, lon)) = point {
        let inside = rules.directory.check_point(lat, lon);
        inside.map_err(|error| wrong("--lat, --lon", error.to_string()))?;
    }
    let category = args.category.as_deref().map(CategoryCode::from);
    if let Some(code) = category.as_ref().filter(|code| rules.directory.category(code).is_none()) {
        return Err(wrong("--category", format!("there is no category `{code}`")));
    }
    let mut attributes = BTreeMap::new();
    for given in &args.attribute {
        let (name, value) = given
            .split_once('=')
            .ok_or_else(|| wrong("--attribute", format!("`{given}` is not NAME=VALUE")))?;
        rules.check_attribute(name, value).map_err(|message| wrong("--attribute", message))?;
        attributes.insert(name.to_owned(), value.to_owned());
    }
    Ok(RouteInput {
        text: args.text.clone().unwrap_or_default(),
        kind: args.kind,
        category,
        point,
        address: args.address.clone(),
        attributes,
        at,
        channel: args.channel,
    })
}

/// One verdict for every line, whatever stands in it: what is no text is read as far as it is.
fn lines(
    path: &Path,
    rules: &RuleSet,
    boundaries: &Boundaries,
    input: &mut RouteInput,
    out: &mut dyn io::Write,
) -> Result<(), RulesCommandError> {
    let read =
        |source| RulesCommandError::Io { what: format!("cannot read {}", path.display()), source };
    let mut reader: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(read)?))
    };
    let mut out = io::BufWriter::new(out);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).map_err(read)? > 0 {
        let end = line.strip_suffix(b"\n").unwrap_or(&line);
        let end = end.strip_suffix(b"\r").unwrap_or(end);
        input.text = String::from_utf8_lossy(end).into_owned();
        json(&rules.explain_with(input, boundaries), &mut out).map_err(RulesCommandError::write)?;
        line.clear();
    }
    io::Write::flush(&mut out).map_err(RulesCommandError::write)
}

fn json(verdict: &Verdict, out: &mut dyn io::Write) -> io::Result<()> {
    let line = serde_json::to_string(verdict).map_err(io::Error::other)?;
    writeln!(out, "{line}")
}

/// For people: one fact a line, then the reasons.
fn sentences(verdict: &Verdict, rules: &RuleSet, out: &mut dyn io::Write) -> io::Result<()> {
    let d = &rules.directory;
    let mut fact = |label: &str, code: Option<&str>, name: Option<&str>| -> io::Result<()> {
        match (code, name) {
            (None, _) => Ok(()),
            (Some(code), None) => writeln!(out, "{label:<12}{code}"),
            (Some(code), Some(name)) => writeln!(out, "{label:<12}{name} ({code})"),
        }
    };
    fact("loại", Some(verdict.kind.as_str()), None)?;
    let sector = verdict.sector.as_ref();
    let name = sector.and_then(|code| d.sectors.get(code)).map(|row| row.name.as_str());
    fact("lĩnh vực", sector.map(|c| c.as_str()), name)?;
    let category = verdict.category.as_ref();
    let name = category.and_then(|code| d.categories.get(code)).map(|row| row.name.as_str());
    fact("loại việc", category.map(|c| c.as_str()), name)?;
    let district = verdict.district.as_ref();
    let name = district.and_then(|code| d.districts.get(code)).map(|row| row.name.as_str());
    fact("nơi", district.map(|c| c.as_str()), name)?;
    let ward = verdict.ward.as_ref();
    let name = ward.and_then(|code| d.wards.get(code)).map(|row| row.name.as_str());
    fact("phường, xã", ward.map(|c| c.as_str()), name)?;
    fact("nơi theo", verdict.place_source.map(|source| source.as_str()), None)?;
    let agency = verdict.agency.as_ref();
    let name = agency.and_then(|code| d.agencies.get(code)).map(|row| row.name.as_str());
    fact("đơn vị", agency.map(|c| c.as_str()), name)?;
    let point = verdict.focal_point.as_ref();
    let name = point.and_then(|code| d.focal_points.get(code)).map(|row| row.name.as_str());
    fact("đầu mối", point.map(|c| c.as_str()), name)?;
    fact("bàn", verdict.desk.map(|desk| desk.as_str()), None)?;
    fact("chuyển ngay", verdict.handoff.map(|handoff| handoff.as_str()), None)?;
    fact("khẩn", verdict.urgent.then_some("có"), None)?;
    fact("niêm phong", verdict.confidential.then_some("có"), None)?;
    fact("tin cậy", Some(&format!("{:.2}", verdict.confidence)), None)?;
    fact("quy tắc", verdict.rule.as_deref(), None)?;
    fact("cần hỏi", verdict.question.as_ref().map(|question| question.vi.as_str()), None)?;
    verdict.because.iter().try_for_each(|reason| writeln!(out, "- {reason}"))
}
