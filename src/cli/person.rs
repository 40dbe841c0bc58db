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
use super::log::refused;
use super::output::Output;
use crate::archive::private;
use crate::attachments::{AttachmentError, Attachments, sweep};
use crate::config::Config;
use crate::desk::{Desk, DeskError};
use crate::person::{
    DENUNCIATIONS, Granted, Person, PersonError, Request, by_case, by_email, by_id, by_phone,
    erase, export_granted, reapply, told_of, write_files,
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
    /// A denunciation of theirs goes along by the request two members of the group approved
    #[arg(long, value_name = "NUMBER=REQUEST", value_parser = granted)]
    reveal: Vec<(String, u64)>,
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
            let person = found(desk, args).await.map_err(failure)?;
            let cases = told_of(desk, &person).await.map_err(failure)?;
            println!("{}", person.id);
            eprintln!(
                "hoiam: {cases} hồ sơ (không kể đơn tố cáo), {known} số điện thoại hoặc e-mail, {accounts} tài khoản · \
                 {cases} cases (denunciations not counted), {known} telephone numbers or e-mail addresses, {accounts} accounts",
                known = person.identities.len(),
                accounts = person.accounts.len()
            );
            Ok(())
        }
        PersonCommand::Export(args) => {
            let by = Actor::new(Role::Administrator, args.by.clone());
            let granted: Granted = args.reveal.iter().cloned().collect();
            let export = export_granted(desk, args.id, &by, &granted).await;
            let mut export = export.map_err(failure)?;
            eprintln!("hoiam: {DENUNCIATIONS}");
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
            // One that was erased is still somebody's; whose a denunciation is, is not told.
            Ok(person) => {
                let whole = by_id(desk, person.id).await?;
                Ok(if told_of(desk, &person).await? > 0 { whole } else { person })
            }
            other => other,
        },
        _ => Err(PersonError::Unknown),
    }
}

/// `NUMBER=REQUEST`: the number as the desk writes it.
fn granted(text: &str) -> Result<(String, u64), String> {
    let (number, request) = text.split_once('=').ok_or("NUMBER=REQUEST")?;
    let number: CaseNumber = number.parse().map_err(|_| "NUMBER: no case number")?;
    let request = request.parse().map_err(|_| "REQUEST: as it was given when it was asked")?;
    Ok((number.to_string(), request))
}

fn failure(error: PersonError) -> Failure {
    if let PersonError::Sealed(error) = error {
        return refused(error);
    }
    let code = match error {
        PersonError::Unknown
        | PersonError::Erased { .. }
        | PersonError::TooMany { .. }
        | PersonError::NotTheirs(_)
        | PersonError::Desk(DeskError::NotFound) => 2,
        _ => 1,
    };
    Failure { message: error.to_string(), code }
}
