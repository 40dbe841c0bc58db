//! The files of a person's cases, opened, for them: each in a file of a folder, named in the export.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use hoiam_domain::case::attachment::Attachment;
use serde::Serialize;
use uuid::Uuid;

use super::PersonError;
use super::export::Export;
use crate::attachments::media::Media;
use crate::attachments::{AttachmentError, Attachments};
use crate::desk::Desk;

/// Longest part of a file's own name that is kept, in bytes: file systems take 255 in all.
const STEM: usize = 160;

/// A file of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileExport {
    /// The id of the attachment.
    pub attachment: String,
    /// Its name in the folder; none where it is gone.
    pub file: Option<String>,
    /// Why it is not there: `erased` or `altered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<&'static str>,
}

/// Writes every file of the cases of an export into a folder, which is made, or empty, and names
/// them in the export. Nothing is ever written over.
///
/// # Errors
/// [`PersonError`]; some files may be written.
pub async fn write_files(
    desk: &Desk,
    files: &Attachments,
    folder: &Path,
    export: &mut Export,
) -> Result<(), PersonError> {
    let unable = |error| PersonError::File { path: folder.to_owned(), error };
    made(folder).map_err(unable)?;
    let mut own = BTreeSet::new();
    for case in &export.cases {
        own.insert(stream(desk, &case.case.number).await?);
    }
    let given = Given { desk, files, folder };
    for case in &mut export.cases {
        // Files of reporters of cases that were merged into it are theirs.
        let theirs = |file: &Attachment| file.by.reported.is_none_or(|case| own.contains(&case));
        case.files = Some(given.of_case(&case.case.number, theirs).await?);
    }
    for case in &mut export.elsewhere {
        let theirs = |file: &Attachment| file.by.reported.is_some_and(|case| own.contains(&case));
        case.files = Some(given.of_case(&case.number, theirs).await?);
    }
    Ok(())
}

async fn stream(desk: &Desk, number: &str) -> Result<Uuid, PersonError> {
    Ok(desk.find(&number.parse().map_err(|_| PersonError::Unknown)?).await?)
}

/// Where files come from and go to.
struct Given<'a> {
    desk: &'a Desk,
    files: &'a Attachments,
    folder: &'a Path,
}

impl Given<'_> {
    async fn of_case(
        &self,
        number: &str,
        theirs: impl Fn(&Attachment) -> bool + Send,
    ) -> Result<Vec<FileExport>, PersonError> {
        let case = self.desk.case(stream(self.desk, number).await?).await?;
        let mut all = Vec::with_capacity(case.attachments.len());
        for (nr, file) in (1..).zip(&case.attachments).filter(|(_, file)| theirs(file)) {
            let attachment = file.id.to_string();
            let gone =
                |why| FileExport { attachment: attachment.clone(), file: None, missing: Some(why) };
            let bytes = match self.files.read(case.id, file).await {
                Ok(bytes) => bytes,
                Err(AttachmentError::Gone) => {
                    all.push(gone("erased"));
                    continue;
                }
                Err(AttachmentError::Altered) => {
                    all.push(gone("altered"));
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let own = file.name.as_ref().map(|name| name.reveal().as_str());
            let name = named(number, nr, own, &file.media_type);
            let path = self.folder.join(&name);
            written(&path, &bytes).map_err(|error| PersonError::File { path, error })?;
            all.push(FileExport { attachment, file: Some(name), missing: None });
        }
        Ok(all)
    }
}

/// A folder for its owner alone; one that is there must be empty.
fn made(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            match std::fs::read_dir(folder)?.next() {
                Some(_) => Err(io::Error::new(io::ErrorKind::AlreadyExists, "not empty")),
                None => Ok(()),
            }
        }
        done => done,
    }
}

fn written(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// `HCM-26-000123-4 1 ổ gà.jpg`: the case, which of its files, what its sender called it, and the
/// ending of what it is. Signs that mean something to a shell or file system are left out.
fn named(number: &str, nr: usize, own: Option<&str>, media_type: &str) -> String {
    let ending = Media::from_word(media_type).map_or("bin", Media::extension);
    let stem = own.map_or("", without_ending);
    let mut safe = String::new();
    for letter in stem.chars() {
        let kept = letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_' | '(' | ')');
        let letter = if kept { letter } else { '_' };
        if safe.len() + letter.len_utf8() > STEM {
            break;
        }
        safe.push(letter);
    }
    match safe.trim() {
        "" => format!("{number} {nr}.{ending}"),
        safe => format!("{number} {nr} {safe}.{ending}"),
    }
}

/// The name of a file without its ending.
fn without_ending(name: &str) -> &str {
    let ends = |ending: &str| {
        (1..=5).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    match name.rsplit_once('.') {
        Some((stem, ending)) if ends(ending) => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_leave_no_folder_and_give_no_commands() {
        let jpeg = "image/jpeg";
        for (own, name) in [
            (Some("ổ gà (1).png"), "N 2 ổ gà (1).jpg"),
            (Some("../../etc/passwd"), "N 2 ______etc_passwd.jpg"),
            (Some("a;rm -rf $HOME`x`.jpg"), "N 2 a_rm -rf _HOME_x_.jpg"),
            (Some("..."), "N 2 ___.jpg"),
            (Some("\0\n"), "N 2 __.jpg"),
            (None, "N 2.jpg"),
        ] {
            assert_eq!(named("N", 2, own, jpeg), name, "{own:?}");
        }
        assert_eq!(named("N", 1, None, "x/y"), "N 1.bin");
        assert!(named("N", 1, Some(&"ạ".repeat(400)), jpeg).len() < 200);
    }

    #[test]
    fn nothing_is_written_over() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("new");
        made(&folder).unwrap();
        made(&folder).unwrap();
        written(&folder.join("a"), b"one").unwrap();
        assert_eq!(
            written(&folder.join("a"), b"two").unwrap_err().kind(),
            io::ErrorKind::AlreadyExists
        );
        assert_eq!(std::fs::read(folder.join("a")).unwrap(), b"one");
        assert_eq!(made(&folder).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }
}
