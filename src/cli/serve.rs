//! `hoiam serve`: the interface, the timers, the followers and the watch over the rule set, until told to stop.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::Failure;
use super::context::block_on;
use crate::accounts::session;
use crate::accounts::sign_in::seal_codes;
use crate::attachments::{Attachments, sweep};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::desk::Desk;
use crate::followers::Followers;
use crate::log::Log;
use crate::person;
use crate::random::SystemRandom;
use crate::rules::{Rules, Source};
use crate::{http, panics, policy, rebuild, retention, timers};

/// Serves until SIGINT or SIGTERM; then answers what is under way and writes what is waiting.
///
/// # Errors
/// When the rules are bad, the database cannot be opened or the address is taken.
pub fn run(config: &Config) -> Result<(), Failure> {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("HOIAM_LOG")
                .unwrap_or_else(|_| "info,sqlx=warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    panics::say_only_where();
    block_on(serve(config))
}

async fn serve(config: &Config) -> Result<(), Failure> {
    let log = Log::open(&config.database, config.log_options()).await?;
    let source = Source::choose(config.rules.as_deref());
    let rules = Rules::open_with(source, &log, SystemClock.now()).await?;
    let desk = Desk::new(
        log,
        rules.clone(),
        &config.prefix,
        Arc::new(SystemClock),
        Arc::new(SystemRandom),
    );
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| Failure::usage(format!("--listen {}: {error}", config.listen)))?;
    let address = listener.local_addr()?;
    tracing::trace!(%address, "listens");
    let keeper = super::proof::keeper(config, desk.log()).await?;
    let journal = super::context::journal(config);
    let forgotten = person::reapply(&desk, &journal).await?;
    if forgotten > 0 {
        tracing::warn!(cases = forgotten, "erased again what an older database had brought back");
    }
    let ways = Arc::new(super::context::ways(config)?);
    seal_codes(desk.log(), true).await?;
    let (stop, stopping) = watch::channel(false);
    // Ended last of all, so that its last checkpoint covers everything.
    let (seal, sealing) = watch::channel(false);
    let keeper = tokio::spawn(keeper.run(sealing));
    let timers = tokio::spawn(timers::run(desk.clone(), stopping.clone()));
    let followers = tokio::spawn(Followers::of(desk.log()).run(stopping.clone()));
    let fill = rebuild::keep_current(desk.log().clone(), Arc::new(SystemClock), stopping.clone());
    let fill = tokio::spawn(fill);
    let watcher = tokio::spawn(rules.watch());
    let tidy = session::keep_tidy(desk.log().clone(), Arc::new(SystemClock), stopping.clone());
    let tidy = tokio::spawn(tidy);
    let retention = tokio::spawn(retention::work(desk.clone(), stopping.clone()));
    let files = Attachments::open(&config.attachments, config.reach)
        .map_err(|error| Failure::usage(error.to_string()))?;
    let sweeper = tokio::spawn(sweep::run(files.clone(), desk.clone(), stopping.clone()));
    let policy = tokio::spawn(policy::worker::run(desk.clone(), stopping.clone()));
    let loaded = tokio::spawn(policy::loaded::run(desk.clone(), stopping.clone()));
    println!("Hồi Âm: http://{address}/  (API: http://{address}/api/openapi.json)");
    let mail = ways.mail().cloned().map(|mail| {
        let (log, clock) = (desk.log().clone(), Arc::new(SystemClock));
        tokio::spawn(mail.run(log, clock, stopping.clone()))
    });
    let setup =
        http::Setup { proxies: config.proxies.clone(), ways: Some(ways), attachments: Some(files) };
    let mut served = std::pin::pin!(http::serve_with(listener, desk.clone(), setup, stopping));
    tokio::select! {
        () = &mut served => {}
        () = told_to_stop() => {
            // Everybody who watches `stop` winds down; an error means that nobody does.
            let _ = stop.send(true);
            served.await;
        }
    }
    let _ = stop.send(true);
    let _ = timers.await;
    let _ = followers.await;
    let _ = policy.await;
    let _ = retention.await;
    let _ = loaded.await;
    let _ = fill.await;
    let _ = tidy.await;
    if let Some(mail) = mail {
        let _ = mail.await;
    }
    let _ = sweeper.await;
    watcher.abort();
    let _ = seal.send(true);
    let _ = keeper.await;
    desk.log().close().await;
    Ok(())
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
