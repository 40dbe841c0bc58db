//! `hoiam receipt verify`: checks a receipt, or the export of a case, with nothing but the file and a
//! key. No database, no network.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::Subcommand;
use jiff::Timestamp;

use super::Failure;
use super::proof::key_of;
use crate::archive::{ProvedCase, is_export, prove};
use crate::proof::note::VerifierKey;
use crate::proof::receipt::{Receipt, Unproved, Verdict};

/// Receipts.
#[derive(Debug, Subcommand)]
pub enum ReceiptCommand {
    /// Check a receipt, or an exported case, offline; exit code 0 proved, 3 not, 4 not yet covered
    Verify {
        /// What `GET /api/v1/track/…/receipt` gave, or `hoiam log export --case` wrote
        file: PathBuf,
        /// The log's verifier key, or a file with it; take it from where you trust it
        #[arg(long, value_name = "KEY")]
        key: String,
        /// Verifier keys of witnesses, or files with them, that must have cosigned
        #[arg(long = "witness", value_name = "KEY")]
        witnesses: Vec<String>,
    },
}

/// The longest receipt: an event has at most 4 MiB, which JSON may double, a proof at most 63
/// hashes, a checkpoint at most 64 kB.
const LONGEST: u64 = 16 << 20;

/// Runs `hoiam receipt`.
///
/// # Errors
/// Code 3 when it proves nothing, 4 when no checkpoint covers it yet, 2 when a file cannot be read.
pub fn run(command: &ReceiptCommand) -> Result<(), Failure> {
    let ReceiptCommand::Verify { file, key, witnesses } = command;
    let key = key_of(key)?;
    let witnesses: Vec<VerifierKey> =
        witnesses.iter().map(|witness| key_of(witness)).collect::<Result<_, _>>()?;
    let unread =
        |error: &dyn std::fmt::Display| Failure::usage(format!("{}: {error}", file.display()));
    let open = || File::open(file).map_err(|error| unread(&error));
    if is_export(&mut BufReader::new(open()?)) {
        let proved = prove(BufReader::new(open()?), &key, &witnesses).map_err(not_proved)?;
        return told_case(&proved);
    }
    let text = std::io::read_to_string(std::io::Read::take(open()?, LONGEST));
    let receipt = read(&text.map_err(|error| unread(&error))?).map_err(|error| unread(&error))?;
    match receipt.verify(&key, &witnesses).map_err(not_true)? {
        Verdict::Pending => Err(pending()),
        Verdict::Proved { checkpoint, witnesses } => {
            let Receipt { number, position, .. } = &receipt;
            println!("Biên nhận đúng: hồ sơ {number} là sự kiện {position} trong nhật ký đã ký.");
            println!("The receipt is true: case {number} is event {position} of the signed log.");
            told(&checkpoint, &witnesses);
            Ok(())
        }
    }
}

/// A receipt, alone or as the `receipt` of an answer to a feedback.
fn read(text: &str) -> Result<Receipt, serde_json::Error> {
    #[derive(serde::Deserialize)]
    struct Answer {
        receipt: Receipt,
    }
    serde_json::from_str(text)
        .or_else(|error| serde_json::from_str::<Answer>(text).map(|a| a.receipt).map_err(|_| error))
}

fn told_case(proved: &ProvedCase) -> Result<(), Failure> {
    let ProvedCase { number, events, pending, checkpoint, witnesses } = proved;
    let Some(checkpoint) = checkpoint else { return Err(self::pending()) };
    println!("Bản trích đúng: {events} sự kiện của hồ sơ {number} nằm trong nhật ký đã ký.");
    println!("The export is true: {events} events of case {number} are in the signed log.");
    if *pending > 0 {
        println!(
            "Còn {pending} sự kiện mới chưa có mốc ký. {pending} newer events are not covered yet."
        );
    }
    told(checkpoint, witnesses);
    Ok(())
}

fn told(checkpoint: &crate::proof::checkpoint::Checkpoint, witnesses: &[(String, u64)]) {
    println!("{}: {} sự kiện / events", checkpoint.origin, checkpoint.head.size);
    for (name, time) in witnesses {
        let at = i64::try_from(*time).ok().and_then(|time| Timestamp::from_second(time).ok());
        let at = at.map_or_else(String::new, |at| at.to_string());
        println!("Bên chứng kiến / witness {name}: {at}");
    }
}

fn not_true(error: Unproved) -> Failure {
    if error != Unproved::NoCase {
        return not_proved(error);
    }
    let message = "CHƯA chứng minh được: biên nhận này làm theo mẫu cũ, không cho biết là của hồ sơ nào; \
        hãy tải lại biên nhận bằng mã tra cứu\n\
        hoiam: NOT proved: the receipt is of an older kind and does not say which case it is of; \
        fetch it anew with the tracking code: GET /api/v1/track/{tracking_code}/receipt";
    Failure { message: message.to_owned(), code: 3 }
}

fn not_proved(error: impl std::fmt::Display) -> Failure {
    let message = format!(
        "KHÔNG chứng minh được: biên nhận hoặc nhật ký đã bị sửa, hoặc sai khóa\nhoiam: NOT proved: {error}"
    );
    Failure { message, code: 3 }
}

fn pending() -> Failure {
    let message = "chưa có mốc ký nào cho sự kiện này; hãy tải lại biên nhận sau một phút\n\
        hoiam: no signed checkpoint covers this yet; fetch the receipt again in a minute";
    Failure { message: message.to_owned(), code: 4 }
}
