//! Agencies, focal points and categories: whether there is somebody where cases go.

use std::collections::BTreeSet;

use super::{Lint, Severity};
use crate::codes::AgencyCode;
use crate::routing::directory::{Agency, AgencyRef, Category};
use crate::routing::responsibility::table::Outcome;
use crate::routing::ruleset::reading::Row;
use crate::routing::ruleset::settings::EndedUnit;

impl Lint<'_> {
    pub(super) fn units(&mut self) {
        let rules = self.rules;
        let named = self.named();
        for agency in rules.directory.agencies.values() {
            self.ending(agency);
            self.focal_points(agency);
            let by_place = rules.settings.areas.values().any(|unit| *unit == agency.unit);
            if !named.contains(&agency.code) && !by_place {
                let vi = format!(
                    "{} không được loại việc hay quy tắc nào nêu: không bao giờ nhận hồ sơ.",
                    agency.code
                );
                let en =
                    format!("no category and no rule names {}: it never gets a case", agency.code);
                self.found(Severity::Note, "unused", (Row::Agency, agency.code.as_str()), vi, en);
            }
        }
        for category in rules.directory.categories.values() {
            self.route(category);
        }
    }

    /// Agencies that end, or ended, with nobody in the directory who takes over.
    fn ending(&mut self, agency: &Agency) {
        let (Some(to), None) = (agency.validity.to, &agency.successor) else { return };
        let code = agency.code.as_str();
        let (what_vi, what_en) = match self.rules.settings.ended_without_successor {
            EndedUnit::Keep => ("đầu mối cũ vẫn nhận", "its old focal points go on receiving"),
            EndedUnit::Desk => ("hồ sơ về bàn mặc định", "its cases go to the default desk"),
        };
        let note = agency.successor_note.as_deref().unwrap_or("-");
        let (ends_vi, ends_en) = if to < self.day {
            ("đã kết thúc", "ended")
        } else {
            ("sẽ kết thúc", "ends")
        };
        let vi = format!(
            "{code} {ends_vi} {to}, chưa có đơn vị kế nhiệm trong danh bạ ({note}): {what_vi}."
        );
        let en =
            format!("{code} {ends_en} {to} with no successor in the directory ({note}): {what_en}");
        self.found(Severity::Warning, "no-successor", (Row::Agency, code), vi, en);
    }

    /// Agencies in force without focal points, and vacant ones.
    fn focal_points(&mut self, agency: &Agency) {
        let points: Vec<_> = agency
            .focal_points
            .iter()
            .filter_map(|code| self.rules.directory.focal_points.get(code))
            .collect();
        let code = agency.code.as_str();
        if points.is_empty() && agency.validity.holds_on(self.day) {
            let vi = format!("{code} không có đầu mối: hồ sơ đến đơn vị mà không ai được chọn.");
            let en = format!("{code} has no focal point: its cases are nobody's inside the agency");
            self.found(Severity::Warning, "no-focal-point", (Row::Agency, code), vi, en);
        }
        let day = self.day;
        for point in points.into_iter().filter(|p| p.vacant && !p.validity.ended_before(day)) {
            let instead = match (&point.ward, point.duty) {
                (Some(_), _) => {
                    ("hồ sơ của phường về đầu mối chung", "the ward's cases go to a central one")
                }
                (None, true) => ("việc khẩn về đầu mối khác", "what is urgent goes to another one"),
                (None, false) => ("hồ sơ về đầu mối khác", "its cases go to another one"),
            };
            let vi = format!("Đầu mối {} đang khuyết: {}.", point.code, instead.0);
            let en = format!("focal point {} is vacant: {}", point.code, instead.1);
            let place = (Row::FocalPoint, point.code.as_str());
            self.found(Severity::Warning, "vacant", place, vi, en);
        }
    }

    /// Categories that no rule of their table gives to an agency.
    fn route(&mut self, category: &Category) {
        let Some(table) = self.rules.tables.get(&category.route) else { return };
        if table.rules.iter().all(|rule| matches!(rule.then, Outcome::Desk(_))) {
            let code = category.code.as_str();
            let vi = format!("{code} không đến đơn vị nào: bảng {} chỉ chuyển về bàn.", table.name);
            let en = format!("{code} goes to no agency: the table {} knows desks only", table.name);
            self.found(Severity::Warning, "no-route", (Row::Category, code), vi, en);
        }
    }

    /// Agencies that a category, rule, attribute or other agency names.
    fn named(&self) -> BTreeSet<AgencyCode> {
        let directory = &self.rules.directory;
        let of_categories =
            directory.categories.values().flat_map(|c| c.primary.iter().chain(&c.co_agencies));
        let of_rules = self.rules.tables.values().flat_map(|table| &table.rules);
        let of_rules = of_rules.filter_map(|rule| match &rule.then {
            Outcome::Agency(reference) => Some(reference),
            _ => None,
        });
        let mut named: BTreeSet<AgencyCode> = of_categories
            .chain(of_rules)
            .filter_map(|reference| match reference {
                AgencyRef::Code(code) => Some(code.clone()),
                AgencyRef::Area(_) => None,
            })
            .collect();
        named.extend(directory.agencies.values().filter_map(|agency| agency.successor.clone()));
        named
    }
}
