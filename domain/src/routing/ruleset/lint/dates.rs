//! Rows whose dates never apply: expired, or outside of what they belong to.

use super::rules::meet_in_time;
use super::{Lint, Severity};
use crate::routing::directory::{AgencyRef, Validity};
use crate::routing::responsibility::table::{Outcome, Rule};
use crate::routing::ruleset::reading::Row;

impl Lint<'_> {
    pub(super) fn dates(&mut self) {
        for table in self.rules.tables.values() {
            for rule in &table.rules {
                self.rule(rule);
            }
        }
        let directory = &self.rules.directory;
        let mut inside = Vec::new();
        for point in directory.focal_points.values() {
            if let Some(agency) = directory.agencies.get(&point.agency) {
                let place = (Row::FocalPoint, point.code.as_str());
                inside.push((place, point.validity, agency.code.as_str(), agency.validity));
            }
        }
        for ward in directory.wards.values() {
            if let Some(district) = directory.districts.get(&ward.district) {
                let place = (Row::Ward, ward.code.as_str());
                inside.push((place, ward.validity, district.code.as_str(), district.validity));
            }
        }
        for category in directory.categories.values() {
            if let Some(sector) = directory.sectors.get(&category.sector) {
                let place = (Row::Category, category.code.as_str());
                inside.push((place, category.validity, sector.code.as_str(), sector.validity));
            }
        }
        for (place, own, whole, validity) in inside {
            if !meet_in_time(own, validity) {
                let vi = format!("{} không bao giờ có hiệu lực cùng {whole}.", place.1);
                let en = format!("{} is never in force together with {whole}", place.1);
                self.found(Severity::Warning, "never-applies", place, vi, en);
            }
        }
    }

    fn rule(&mut self, rule: &Rule) {
        let window = rule.when.validity;
        let place = (Row::Rule, rule.id.as_str());
        if let Some(to) = window.to.filter(|to| *to < self.day) {
            let vi = format!("Hết hiệu lực từ {to}: không còn quyết định hồ sơ mới.");
            let en = format!("ended {to}: it decides no new case");
            self.found(Severity::Warning, "expired", place, vi, en);
        }
        let directory = &self.rules.directory;
        let named = &rule.when.category;
        let of_categories = named.iter().filter_map(|code| directory.categories.get(code));
        if !named.is_empty() && of_categories.clone().all(|c| !meet_in_time(c.validity, window)) {
            let vi =
                "Các loại việc được nêu không có hiệu lực trong thời gian của quy tắc.".to_owned();
            let en = "none of its categories is in force while the rule is".to_owned();
            self.found(Severity::Warning, "never-applies", place, vi, en);
        }
        // Only a rule with dates of its own can have chosen the wrong ones.
        let dated = window != Validity::default();
        if let (true, Outcome::Agency(AgencyRef::Code(code))) = (dated, &rule.then)
            && let Some(agency) = directory.agencies.get(code)
            && !meet_in_time(agency.validity, window)
        {
            let vi = format!("{code} không tồn tại trong thời gian của quy tắc.");
            let en = format!("{code} does not exist while the rule is in force");
            self.found(Severity::Warning, "never-applies", place, vi, en);
        }
    }
}
