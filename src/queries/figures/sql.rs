//! A statement as it grows, with the values to bind.

use hoiam_projections::facts::Measure;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

enum Bind {
    Text(String),
    Int(i64),
    Id(Uuid),
}

/// Texts and numbers of a row, in order.
pub(super) type Found = (Vec<String>, Vec<i64>);

/// A statement.
pub(super) struct Sql {
    text: String,
    binds: Vec<Bind>,
}

impl Sql {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), binds: Vec::new() }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self, bind: Bind) -> String {
        self.binds.push(bind);
        format!("${}", self.binds.len())
    }

    /// The place of a number.
    pub(super) fn int(&mut self, number: i64) -> String {
        self.bind(Bind::Int(number))
    }

    /// The place of an id.
    pub(super) fn id(&mut self, id: Uuid) -> String {
        self.bind(Bind::Id(id))
    }

    /// The place of a text.
    pub(super) fn text(&mut self, text: &str) -> String {
        self.bind(Bind::Text(text.to_owned()))
    }

    pub(super) fn text_is(&mut self, column: &str, text: &str) {
        let text = self.text(text);
        self.push(&format!(" AND {column} = {text}"));
    }

    /// At or after the one, before the other.
    pub(super) fn bounds(&mut self, column: &str, from: i64, to: i64) {
        if from > i64::MIN {
            let from = self.int(from);
            self.push(&format!(" AND {column} >= {from}"));
        }
        if to < i64::MAX {
            let to = self.int(to);
            self.push(&format!(" AND {column} < {to}"));
        }
    }

    pub(super) fn measures(&mut self, measures: &[Measure]) {
        let places: Vec<String> =
            measures.iter().map(|measure| self.text(measure.as_str())).collect();
        self.push(&format!(" AND f.measure IN ({})", places.join(", ")));
    }

    /// A sum of the daily sums over days before the place given.
    pub(super) fn push_late(&mut self, column: &str, late: &str) {
        self.push(&format!(
            ", CAST(coalesce(sum(d.{column}) FILTER (WHERE d.day < {late}), 0) AS BIGINT)"
        ));
    }

    /// So many texts, then so many numbers a row.
    pub(super) async fn rows(
        self,
        pool: &Pool,
        texts: usize,
        ints: usize,
    ) -> Result<Vec<Found>, sqlx::Error> {
        let Self { text, binds } = self;
        on_pool!(pool, db => {
            let mut question = sqlx::query(AssertSqlSafe(text));
            for bind in binds {
                question = match bind {
                    Bind::Text(text) => question.bind(text),
                    Bind::Int(number) => question.bind(number),
                    Bind::Id(id) => question.bind(id),
                };
            }
            let rows = question.fetch_all(db).await?;
            rows.iter()
                .map(|row| {
                    let found = (0..texts).map(|nr| row.try_get(nr)).collect::<Result<_, _>>()?;
                    let sums = (texts..texts + ints).map(|nr| row.try_get(nr)).collect::<Result<_, _>>()?;
                    Ok((found, sums))
                })
                .collect()
        })
    }
}
