//! `hoiam person`: whose data these are, everything held about somebody, and erasing it.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::command::ErasedPart;
use uuid::Uuid;

use super::Failure;
use super::context::{block_on, desk};
use super::output::Output;
use crate::archive::private;
use crate::attachments::{AttachmentError, Attachments, sweep};
use crate::config::Config;
use crate::desk::{Desk, DeskError};
use crate::person::{
    Person, PersonError, Request, by_case, by_email, by_id, by_phone, erase, export, reapply,
    write_files,
};

/// A person's data.
#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    /// Print the id of a person; on the standard error how many cases are theirs
    Find(FindArgs),
    /// Everything held about a person, as JSON
    Export(ExportArgs),
    /// Destroy the keys of a person's data and everything made of them; a tombstone is left
    Erase(EraseArgs),
    /// Erase again what the journal of erasures says, after an old backup was put back
    Reapply,
}

/// Who.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct FindArgs {
    /// By telephone number, however it is written
    #[arg(long)]
    phone: Option<String>,
    /// By e-mail address
    #[arg(long)]
    email: Option<String>,
    /// By the number of a case they reported
    #[arg(long)]
    case: Option<CaseNumber>,
}

/// Whose, and where to.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The id, as `find` prints it
    id: Uuid,
    /// File to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Folder for the files of their cases, each opened; made, or empty
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
    /// Who does it, as it is recorded
    #[arg(long, default_value = "cli")]
    by: String,
}

/// Whose, and why.
#[derive(Debug, Args)]
pub struct EraseArgs {
    /// The id, as `find` prints it
    id: Uuid,
    /// The provision, as it stands in the tombstone
    #[arg(
        long,
        default_value = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: theo yêu cầu của chủ thể dữ liệu"
    )]
    ground: String,
    /// Only who they are, not what they wrote
    #[arg(long)]
    contact_only: bool,
    /// Who does it, as it is recorded
    #[arg(long, default_value = "cli")]
    by: String,
}

/// Runs `hoiam person`.
///
/// # Errors
/// 2 when nobody is known by what was given; 1 when something failed.
pub fn run(command: &PersonCommand, config: &Config) -> Result<(), Failure> {
    block_on(async {
        let desk = desk(config).await?;
        let done = on(&desk, command, config).await;
        desk.log().close().await;
        done
    })
}

async fn on(desk: &Desk, command: &PersonCommand, config: &Config) -> Result<(), Failure> {
    let journal = super::context::journal(config);
    match command {
        PersonCommand::Find(args) => {
            let Person { id, identities, cases, accounts } =
                found(desk, args).await.map_err(failure)?;
            println!("{id}");
            eprintln!(
                "hoiam: {0} hồ sơ, {1} số điện thoại hoặc e-mail, {2} tài khoản · {0} cases, {1} telephone numbers or e-mail addresses, {2} accounts",
                cases.len(),
                identities.len(),
                accounts.len()
            );
            Ok(())
        }
        PersonCommand::Export(args) => {
            let by = Actor::new(Role::Administrator, args.by.clone());
            let mut export = export(desk, args.id, &by).await.map_err(failure)?;
            if let Some(folder) = &args.files {
                let files = opened_files(config)?;
                write_files(desk, &files, folder, &mut export).await.map_err(failure)?;
            }
            let text = serde_json::to_string_pretty(&export)?;
            match &args.output {
                Some(path) => {
                    let mut file = private(path)?;
                    writeln!(file, "{text}")?;
                    file.sync_all()?;
                }
                None => writeln!(Output::open(), "{text}")?,
            }
            Ok(())
        }
        PersonCommand::Erase(args) => {
            // What was broken off before is not known by any identity any more.
            reapply(desk, &journal).await.map_err(failure)?;
            let what = if args.contact_only { ErasedPart::Contact } else { ErasedPart::Everything };
            let by = Actor::new(Role::Administrator, args.by.clone());
            let request = Request { person: args.id, what, legal_ground: args.ground.clone(), by };
            let done = erase(desk, &journal, &request).await.map_err(failure)?;
            remove_files(config, desk).await?;
            match what {
                ErasedPart::Everything => println!(
                    "Đã xoá {} hồ sơ · Erased {} cases of {}.",
                    done.cases, done.cases, done.person
                ),
                ErasedPart::Contact => println!(
                    "Đã xoá thông tin liên hệ trong {} hồ sơ; nội dung vẫn còn · Erased the contact data in {} cases of {}; \
                     what was written is still there.",
                    done.cases, done.cases, done.person
                ),
            }
            Ok(())
        }
        PersonCommand::Reapply => {
            let cases = reapply(desk, &journal).await.map_err(failure)?;
            remove_files(config, desk).await?;
            println!("Đã xoá lại {cases} hồ sơ · Erased {cases} cases again.");
            Ok(())
        }
    }
}

/// The files of what was erased, now and not when the server next looks.
async fn remove_files(config: &Config, desk: &Desk) -> Result<(), Failure> {
    let files = opened_files(config)?;
    while sweep::sweep(&files, desk, desk.now()).await.map_err(unable)? > 0 {}
    Ok(())
}

fn opened_files(config: &Config) -> Result<Attachments, Failure> {
    Attachments::open(&config.attachments, config.reach).map_err(unable)
}

fn unable(error: AttachmentError) -> Failure {
    Failure { message: error.to_string(), code: 1 }
}

async fn found(desk: &Desk, args: &FindArgs) -> Result<Person, PersonError> {
    match (&args.phone, &args.email, &args.case) {
        (Some(phone), ..) => by_phone(desk, phone).await,
        (_, Some(email), _) => by_email(desk, email).await,
        (.., Some(number)) => match by_case(desk, number).await {
            // One that was erased is still somebody's.
            Ok(person) => by_id(desk, person.id).await,
            other => other,
        },
        _ => Err(PersonError::Unknown),
    }
}

fn failure(error: PersonError) -> Failure {
    let code = match error {
        PersonError::Unknown
        | PersonError::Erased { .. }
        | PersonError::TooMany { .. }
        | PersonError::Desk(DeskError::NotFound) => 2,
        _ => 1,
    };
    Failure { message: error.to_string(), code }
}
