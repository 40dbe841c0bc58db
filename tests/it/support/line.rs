//! A line to PostgreSQL that can go down: everything goes through it until it is cut or silent.

use std::path::{Path, PathBuf};

use hoiam::log::Database;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::support::Bed;

/// What the sockets of PostgreSQL are called.
const SOCKET: &str = ".s.PGSQL.5432";

/// How a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Whatever is sent arrives.
    Open,
    /// Connections are taken and nothing arrives: the machine behind it is gone.
    Silent,
    /// Connections end at once: the server was stopped.
    Cut,
}

/// A line to the server of a bed; it ends with this.
pub struct Line {
    pub database: Database,
    state: watch::Sender<State>,
    _directory: TempDir,
    _task: JoinSet<()>,
}

impl Line {
    pub fn to(bed: &Bed) -> Self {
        let Database::Postgres(url) = &bed.database else { panic!("PostgreSQL") };
        let (base, server) = url.split_once("host=").unwrap();
        let directory = TempDir::with_prefix("hoiam-line-").unwrap();
        let database = Database::Postgres(format!("{base}host={}", directory.path().display()));
        let listener = UnixListener::bind(directory.path().join(SOCKET)).unwrap();
        let (state, is) = watch::channel(State::Open);
        let mut task = JoinSet::new();
        task.spawn(listen(listener, Path::new(server).join(SOCKET), is));
        Self { database, state, _directory: directory, _task: task }
    }

    /// Cuts it, lets it fall silent, or opens it again.
    pub fn is(&self, state: State) {
        self.state.send_replace(state);
    }
}

async fn listen(listener: UnixListener, server: PathBuf, is: watch::Receiver<State>) {
    let mut connections = JoinSet::new();
    loop {
        let (client, _) = listener.accept().await.unwrap();
        connections.spawn(connection(client, server.clone(), is.clone()));
    }
}

/// Until either end closes or the line is cut.
async fn connection(mut client: UnixStream, server: PathBuf, mut is: watch::Receiver<State>) {
    let mut cut = is.clone();
    let both = async {
        let _ = is.wait_for(|state| *state != State::Silent).await;
        let Ok(mut server) = UnixStream::connect(server).await else { return };
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        tokio::select! {
            () = copy(&mut from_client, &mut to_server, is.clone()) => {}
            () = copy(&mut from_server, &mut to_client, is.clone()) => {}
        }
    };
    tokio::select! {
        _ = cut.wait_for(|state| *state == State::Cut) => {}
        () = both => {}
    }
}

async fn copy(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    mut is: watch::Receiver<State>,
) {
    let mut bytes = vec![0; 64 << 10];
    loop {
        let Ok(read @ 1..) = from.read(&mut bytes).await else { return };
        let _ = is.wait_for(|state| *state != State::Silent).await;
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
