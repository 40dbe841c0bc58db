//! The commands of the `hoiam` program.

pub mod case;
mod city;
pub mod context;
pub mod demo;
pub mod geo;
pub mod import;
mod in_force;
pub mod keys;
pub mod log;
mod output;
pub mod person;
pub mod projections;
pub mod proof;
pub mod receipt;
pub mod report;
pub mod retention;
pub mod rules;
pub mod seal_group;
pub mod serve;
pub mod sla;
pub mod token;
pub mod user;

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Given};

/// Hồi Âm: an event-sourced citizen-feedback engine for a city.
#[derive(Debug, Parser)]
#[command(name = "hoiam", version, about)]
pub struct Cli {
    #[command(flatten)]
    given: Given,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the interface and fire timers
    Serve {
        /// Address to listen on [default: 127.0.0.1:8022]
        #[arg(long, env = "HOIAM_LISTEN", value_name = "ADDR")]
        listen: Option<SocketAddr>,
    },
    /// Load the demo city into an empty database
    Demo(demo::DemoArgs),
    /// The configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// The rule set: check, test, explain, activate
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// Deadlines and working time
    #[command(subcommand)]
    Sla(sla::SlaCommand),
    /// Boundaries of districts and wards
    #[command(subcommand)]
    Geo(geo::GeoCommand),
    /// One case
    #[command(subcommand)]
    Case(case::CaseCommand),
    /// Another system's cases into this one
    Import(import::ImportArgs),
    /// The read models: their state, made again from the log, compared with it
    #[command(subcommand)]
    Projections(projections::ProjectionsCommand),
    /// The log: as a file and back, its key, and whether it is whole
    #[command(subcommand)]
    Log(log::LogCommand),
    /// A citizen's receipt
    #[command(subcommand)]
    Receipt(receipt::ReceiptCommand),
    /// What became of the cases, counted
    Report(report::ReportArgs),
    /// Bearer tokens for the interface
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// A person's data: found, given to them, erased
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// The keys of personal data
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// How long personal data are kept
    #[command(subcommand)]
    Retention(retention::RetentionCommand),
    /// Accounts of staff
    #[command(subcommand)]
    User(user::UserCommand),
    /// Who may look into the sealed stream
    #[command(subcommand)]
    SealGroup(seal_group::SealGroupCommand),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print what is in force, secrets hidden
    Show,
}

/// Why a command failed: what to tell the person, and the exit code.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong and what to do.
    pub message: String,
    /// 1 when it failed, 2 when it was asked wrongly, 3 when what was checked does not hold, 4 when
    /// there is nothing to check yet.
    pub code: u8,
}

impl Failure {
    /// The command was given something it cannot use.
    pub fn usage(message: impl std::fmt::Display) -> Self {
        Self { message: message.to_string(), code: 2 }
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { message: error.to_string(), code: 1 }
    }
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    output::end_quietly_when_closed();
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("hoiam: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let mut given = cli.given;
    if let Command::Serve { listen } = &cli.command {
        given.listen = *listen;
    }
    // Whoever names files asks those files, whatever is in force.
    let files_named = given.rules.is_some();
    let config = Config::load(&given).map_err(Failure::usage)?;
    if cli.command.needs_a_city() {
        city::must_be_there(&config)?;
    }
    match cli.command {
        Command::Serve { .. } => serve::run(&config),
        Command::Demo(args) => demo::run(&args, &config),
        Command::Config(ConfigCommand::Show) => {
            println!("{config}");
            Ok(())
        }
        Command::Rules(rules::RulesCommand::Stored(command)) => {
            rules::stored::run(&command, &config)
        }
        Command::Rules(rules::RulesCommand::Files(command)) => {
            let now = SystemClock.now();
            let wanted = command.wanted(files_named);
            let (in_force, boundaries) = in_force::ask(&wanted, &config, now)?.parts();
            let rules = config.rules.as_deref();
            let setting = rules::Setting { rules, in_force, boundaries, now };
            rules::run(&command, setting, &mut output::Output::open())
                .map_err(|error| Failure { message: error.to_string(), code: error.exit_code() })
        }
        Command::Sla(command) => {
            let wanted = command.wanted(files_named);
            let (in_force, _) = in_force::ask(&wanted, &config, SystemClock.now())?.parts();
            let rules = in_force.map_or_else(|| context::rule_set(&config), Ok)?;
            sla::run(&command, &rules.policy, &rules.directory, &mut output::Output::open())
                .map_err(|error| Failure { message: error.to_string(), code: error.exit_code() })
        }
        Command::Geo(command) => geo::run(&command, &config),
        Command::Case(command) => case::run(&command, &config),
        Command::Import(args) => import::run(&args, &config),
        Command::Projections(command) => projections::run(&command, &config),
        Command::Log(command) => log::run(&command, &config),
        Command::Receipt(command) => receipt::run(&command),
        Command::Report(args) => report::run(&args, &config),
        Command::Token(command) => token::run(command, &config),
        Command::Person(command) => person::run(&command, &config),
        Command::Keys(command) => keys::run(&command, &config),
        Command::Retention(command) => retention::run(&command, &config),
        Command::User(command) => user::run(command, &config),
        Command::SealGroup(command) => seal_group::run(command, &config),
    }
}
