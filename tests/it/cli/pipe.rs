//! `hoiam … | head`: the reader is gone before everything is written.

use super::*;

both! {
    async fn a_closed_pipe_ends_a_command_quietly(bed: &Bed) {
        bed.open().await.close().await;
        let commands: [&[&str]; 5] = [
            // By `println!`, by a writer, by a writer with a buffer.
            &["projections", "status"],
            &["geo", "list", "--json"],
            &["rules", "check"],
            &["rules", "lint"],
            &["log", "export"],
        ];
        for arguments in commands {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            let done = hoiam(bed, arguments).stdout(writer).output().unwrap();
            let said = String::from_utf8(done.stderr).unwrap();
            assert_eq!(done.status.code(), Some(141), "{arguments:?}: {said}");
            assert!(!said.contains("panicked") && !said.contains("pipe"), "{arguments:?}: {said}");
        }
        let done = hoiam(bed, &["rules", "check"]).output().unwrap();
        assert!(done.status.success());
    }
}
