//! `hoiam keys`: the master key, and a new one in its place.

use clap::{Args, Subcommand};

use super::Failure;
use super::context::block_on;
use crate::accounts::sign_in::seal_codes;
use crate::config::Config;
use crate::log::Log;
use crate::random::SystemRandom;
use crate::vault::store::rotate;

/// The keys of personal data.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Put a new master key in place of the present one and wrap every key anew; the log is not touched
    ///
    /// Servers go on meanwhile. The key that was replaced stays in the file until the next rotation, for older
    /// backups; then it is dropped, and what it had wrapped reads no more.
    Rotate(RotateArgs),
}

/// How.
#[derive(Debug, Args)]
pub struct RotateArgs {
    /// Make no new key: only wrap anew what the present one has not wrapped
    #[arg(long)]
    rewrap: bool,
}

/// Runs `hoiam keys`.
///
/// # Errors
/// When the key file or the database cannot be written.
pub fn run(command: &KeysCommand, config: &Config) -> Result<(), Failure> {
    let KeysCommand::Rotate(args) = command;
    block_on(async {
        let log = Log::open(&config.database, config.log_options()).await?;
        let done = rotate(log.pool(), log.vault(), &SystemRandom, args.rewrap).await;
        // What is sealed by the master key itself must not stay behind with an older one.
        let codes = if done.is_ok() { seal_codes(&log, false).await } else { Ok(0) };
        log.close().await;
        let done = done?;
        codes?;
        println!(
            "Khoá chính {}: đã bọc lại khoá của {} hồ sơ · Master key {}: keys of {} cases wrapped anew.",
            done.master, done.cases, done.master, done.cases
        );
        if done.retired > 0 {
            println!(
                "Còn {} khoá cũ trong tệp, chỉ để mở bản sao lưu cũ · {} older keys stay in the file, for older backups.",
                done.retired, done.retired
            );
        }
        Ok(())
    })
}
