//! The list of cases: filtered, in one order, page by page.
//!
//! What a reader may see is part of the question, so that a page is full of what they may see and
//! nothing else is ever read. The conditions are those of
//! [`may_view`](hoiam_domain::case::authority::may_view), which a test compares.

pub(super) mod conditions;
mod order;
mod public;
mod row;
mod search;
mod stretch;
mod words;

use hoiam_domain::actor::Actor;
use sqlx::AssertSqlSafe;

use crate::log::Log;
use crate::on_pool;

use conditions::{Bind, Conditions, bound};
use order::Section;
pub use order::{After, Key, Order, SortKey};
pub use public::public_cases;
pub use row::CaseRow;
pub use search::Reach;

/// What is asked. Empty lists and absent values do not filter.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// Stages.
    pub status: Vec<String>,
    /// Kinds of case.
    pub kind: Vec<String>,
    /// Channels.
    pub channel: Vec<String>,
    /// Priorities.
    pub priority: Vec<String>,
    /// An agency that has a part in it, as lead or co-agency.
    pub agency: Option<String>,
    /// The lead agency.
    pub lead: Option<Given>,
    /// The lead agency's focal point.
    pub focal_point: Option<Given>,
    /// The handler it is assigned to.
    pub handler: Option<Given>,
    /// A co-agency's part that is not finished.
    pub part: Option<OpenPart>,
    /// Whether it jumps the queue.
    pub urgent: Option<bool>,
    /// Sector.
    pub sector: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// District.
    pub district: Option<String>,
    /// Whether a running deadline has passed at this time (microseconds).
    pub overdue: Option<(bool, i64)>,
    /// The earliest running deadline is at this time or later, microseconds.
    pub due_from: Option<i64>,
    /// The earliest running deadline is before this time, microseconds.
    pub due_before: Option<i64>,
    /// Words that must occur, as typed.
    pub q: Option<String>,
    /// This case only.
    pub number: Option<String>,
    /// Received at or after, microseconds.
    pub from: Option<i64>,
    /// Received before, microseconds.
    pub to: Option<i64>,
    /// The order.
    pub order: Order,
    /// The last case of the page before.
    pub after: Option<After>,
    /// At most so many.
    pub limit: u32,
    /// What a page of a search, or of a list with filters no index knows of, may cost.
    pub reach: Reach,
}

impl ListQuery {
    /// Whether something is asked that no index of the list knows of, so that cases that fit may be
    /// far between.
    fn is_sparse(&self) -> bool {
        self.agency.is_some()
            || self.focal_point.is_some()
            || self.handler.is_some()
            || self.part.is_some()
            || self.urgent.is_some()
            || self.sector.is_some()
            || self.category.is_some()
            || self.district.is_some()
            || !self.priority.is_empty()
            || (!self.status.is_empty() && !self.walks_by_stage())
            || (self.lead.is_some() && !self.walks_by_lead())
            || !(self.walks_by_kind() || self.kind.is_empty() && self.channel.is_empty())
    }

    /// Whether the list is in the order of the indexes by stage, lead and kind, which begin with one
    /// of those and go on with the time of receipt. Of several stages the database would have to
    /// sort all cases.
    fn walks_by_stage(&self) -> bool {
        self.order.key == SortKey::Received && self.status.len() == 1
    }

    fn walks_by_lead(&self) -> bool {
        self.order.key == SortKey::Received && self.status.is_empty() && self.lead.is_some()
    }

    fn walks_by_kind(&self) -> bool {
        let one = self.kind.len() == 1 && self.channel.len() == 1;
        let alone = self.status.is_empty() && self.lead.is_none();
        self.order.key == SortKey::Received && alone && one
    }

    /// The same without all that.
    fn by_index(&self) -> Self {
        let (by_stage, by_kind) = (self.walks_by_stage(), self.walks_by_kind());
        let kept = |words: &[String], keep| if keep { words.to_vec() } else { Vec::new() };
        Self {
            status: kept(&self.status, by_stage),
            lead: self.lead.clone().filter(|_| self.walks_by_lead()),
            kind: kept(&self.kind, by_kind),
            channel: kept(&self.channel, by_kind),
            agency: None,
            focal_point: None,
            handler: None,
            part: None,
            urgent: None,
            sector: None,
            category: None,
            district: None,
            priority: Vec::new(),
            ..self.clone()
        }
    }
}

/// What a field must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// This.
    Is(String),
    /// Nothing.
    Absent,
}

/// A co-agency's part that is not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPart {
    /// The co-agency.
    pub agency: String,
    /// Its deadline lies before this time, microseconds.
    pub due_before: Option<i64>,
}

/// Cases of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The cases, in order.
    pub rows: Vec<CaseRow>,
    /// Where it stopped before it had enough: there may be more behind this.
    pub walked: Option<After>,
}

/// The cases that `reader` may see and that fit, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn list_cases(log: &Log, reader: &Actor, query: &ListQuery) -> Result<Page, sqlx::Error> {
    let mut page = Page { rows: Vec::new(), walked: None };
    let words = query.q.as_deref().map(|q| words::of(q, log.vault()));
    for section in query.order.sections(query.after.as_ref()) {
        let missing = (query.limit as usize).saturating_sub(page.rows.len());
        if missing == 0 || page.walked.is_some() {
            break;
        }
        let next = match &words {
            Some(words) => search::page(log, reader, query, *section, missing, words).await?,
            None => stretch::page(log, reader, query, *section, missing).await?,
        };
        page.rows.extend(next.rows);
        page.walked = next.walked;
    }
    Ok(page)
}

/// At most `limit` cases of one section of the order.
async fn rows(
    log: &Log,
    conditions: Conditions,
    query: &ListQuery,
    section: Section,
    limit: usize,
) -> Result<Vec<CaseRow>, sqlx::Error> {
    let (filter, mut binds) = conditions.finish();
    binds.push(Bind::Int(i64::try_from(limit).unwrap_or(i64::MAX)));
    let sql = format!(
        "SELECT {columns} FROM cases c WHERE {filter} ORDER BY {order} LIMIT ${limit}",
        columns = row::COLUMNS,
        order = query.order.sql(section),
        limit = binds.len(),
    );
    // Every value is bound; the text is put together from constants only.
    on_pool!(log.pool(), db => {
        let mut question = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            question = bound!(question, bind);
        }
        question.fetch_all(db).await?.iter().map(|row| row::read(row, log.vault())).collect()
    })
}
