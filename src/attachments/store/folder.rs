//! Files in a folder: written beside their name, brought to the disk, then given their name, and
//! the folder brought to the disk as well. So a name is either a whole file or none.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::{StoreError, placed};

#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    fn at(&self, name: &str) -> Result<Place, StoreError> {
        let (shelf, rest) = placed(name)?;
        let shelf = self.root.join(shelf);
        Ok(Place { whole: shelf.join(rest), part: shelf.join(format!("{rest}.part")), shelf })
    }

    pub(super) async fn put(&self, name: &str, sealed: Vec<u8>) -> Result<(), StoreError> {
        let (place, root) = (self.at(name)?, self.root.clone());
        blocking(move || place.put(&root, &sealed)).await
    }

    pub(super) async fn get(&self, name: &str, most: usize) -> Result<Vec<u8>, StoreError> {
        let place = self.at(name)?;
        blocking(move || read(&place.whole, most)).await
    }

    pub(super) async fn delete(&self, name: &str) -> Result<(), StoreError> {
        let place = self.at(name)?;
        blocking(move || place.delete()).await
    }
}

/// Where a name is kept.
struct Place {
    shelf: PathBuf,
    whole: PathBuf,
    part: PathBuf,
}

impl Place {
    fn put(&self, root: &Path, sealed: &[u8]) -> Result<(), StoreError> {
        if !self.shelf.is_dir() {
            make(root)?;
            make(&self.shelf)?;
            sync(root)?;
        }
        // What broke off before is written over.
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        for_us_alone(&mut options);
        let mut file = options.open(&self.part)?;
        file.write_all(sealed)?;
        file.sync_all()?;
        std::fs::rename(&self.part, &self.whole)?;
        sync(&self.shelf)
    }

    fn delete(&self) -> Result<(), StoreError> {
        let mut gone = false;
        for path in [&self.part, &self.whole] {
            match std::fs::remove_file(path) {
                Ok(()) => gone = true,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        if gone { sync(&self.shelf) } else { Ok(()) }
    }
}

fn read(path: &Path, most: usize) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    if bytes.len() > most { Err(StoreError::Altered) } else { Ok(bytes) }
}

fn make(folder: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder)?)
}

/// A folder's own content (which names it has) on the disk.
fn sync(folder: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn for_us_alone(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let broken = |_| StoreError::Failed("the work broke off".to_owned());
    tokio::task::spawn_blocking(work).await.map_err(broken)?
}

#[cfg(test)]
mod tests {
    use super::super::name_of;
    use super::*;

    #[tokio::test]
    async fn keeps_gives_and_removes() {
        let directory = tempfile::tempdir().unwrap();
        let folder = Folder::new(directory.path().join("a/b"));
        let name = name_of(b"sealed");
        assert!(matches!(folder.get(&name, 100).await, Err(StoreError::NotThere)));
        folder.delete(&name).await.unwrap();
        for _ in 0..2 {
            folder.put(&name, b"sealed".to_vec()).await.unwrap();
        }
        assert_eq!(folder.get(&name, 6).await.unwrap(), b"sealed");
        assert!(matches!(folder.get(&name, 5).await, Err(StoreError::Altered)));
        let place = folder.at(&name).unwrap();
        assert!(!place.part.exists());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&place.whole), mode(&place.shelf)), (0o600, 0o700));
        }
        // What broke off is removed with the name.
        std::fs::write(&place.part, b"half").unwrap();
        for _ in 0..2 {
            folder.delete(&name).await.unwrap();
            assert!(!place.whole.exists() && !place.part.exists());
        }
    }

    #[tokio::test]
    async fn only_names_we_gave() {
        let folder = Folder::new("/nowhere".into());
        let long = format!("../{}", "0".repeat(61));
        for name in ["", "..", "../../etc/passwd", &"A".repeat(64), &"é".repeat(32), long.as_str()]
        {
            assert!(matches!(folder.get(name, 9).await, Err(StoreError::Failed(_))), "{name}");
        }
    }
}
