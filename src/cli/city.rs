//! Which commands begin a city, and the refusal of all others where there is none: whoever mistypes a
//! directory must not be told that an empty city is whole, nor find one there afterwards.

use super::context::block_on;
use super::geo::GeoCommand;
use super::log::LogCommand;
use super::rules::RulesCommand;
use super::token::TokenCommand;
use super::user::UserCommand;
use super::{Command, Failure};
use crate::config::Config;
use crate::log::{Database, Log};

impl Command {
    /// Whether it asks, checks or changes a city that must be there. The others begin one if need
    /// be, or do without.
    pub(super) fn needs_a_city(&self) -> bool {
        match self {
            // Begin one, or need none.
            Self::Serve { .. }
            | Self::Demo(_)
            | Self::Import(_)
            | Self::Config(_)
            | Self::Receipt(_)
            | Self::Log(LogCommand::Import(_))
            | Self::User(UserCommand::Add { .. })
            | Self::Token(TokenCommand::Create { .. })
            // Answer by the files if there is none.
            | Self::Rules(RulesCommand::Files(_))
            | Self::Sla(_) => false,
            Self::Rules(RulesCommand::Stored(command)) => command.needs_a_city(),
            Self::Geo(GeoCommand::Import(args)) => args.only_checks(),
            Self::Geo(GeoCommand::List(_))
            | Self::Case(_)
            | Self::Projections(_)
            | Self::Log(_)
            | Self::Report(_)
            | Self::Token(TokenCommand::Revoke { .. })
            | Self::Person(_)
            | Self::Keys(_)
            | Self::Retention(_)
            | Self::User(_)
            | Self::SealGroup(_) => true,
        }
    }
}

/// Refuses where there is no city, and makes nothing.
///
/// # Errors
/// 2 when there is none; 1 when the database does not answer.
pub(super) fn must_be_there(config: &Config) -> Result<(), Failure> {
    if block_on(async { Ok(Log::is_there(&config.database).await?) })? {
        return Ok(());
    }
    let (vi, en) = match &config.database {
        Database::Sqlite(path) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.map_or_else(|| ".".into(), |folder| folder.display().to_string());
            (format!("trong {folder}"), format!("in {folder}"))
        }
        // The address may hold a password.
        Database::Postgres(_) => (
            "của Hồi Âm tại địa chỉ PostgreSQL đã cho".to_owned(),
            "of Hồi Âm at the PostgreSQL address given".to_owned(),
        ),
    };
    Err(Failure::usage(format!(
        "không có cơ sở dữ liệu {vi}; hãy xem lại --data hoặc --database; chưa tạo gì\n\
         hoiam: no database {en}; look at --data or --database again. Nothing was made: a city \
         begins with `hoiam serve`, `demo`, `import`, `user add` or `log import`"
    )))
}
