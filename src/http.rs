//! The interface for everybody outside.

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::desk::Desk;

/// Serves until `stop` changes.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    desk: Desk,
    mut stop: watch::Receiver<bool>,
) -> Result<(), std::io::Error> {
    drop((listener, desk));
    // An error means that nobody can tell it to stop any more: the program ends.
    let _ = stop.changed().await;
    Ok(())
}
