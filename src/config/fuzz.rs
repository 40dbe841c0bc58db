//! Configuration files nobody would write.

use super::{Config, Given};
use crate::fuzz::{holds, texts};

const FILE: &str = "data = 'd'\nrules = 'r\"s'\nprefix = 'HCM'\nlisten = '127.0.0.1:8022'\nproxies = ['10.0.0.9', '::1']\n\
    log_origin = 'city.example/log'\nlog_key_file = 'k'\nmaster_key_file = 'm'\nwitness_ca_file = 'ca.pem'\n\
    witnesses = ['witness.example.com/w1+a0059f11+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4 https://w.example']\n\
    public_url = 'https://1022.example.vn'\n[outbound]\nallow_private = true\n[attachments]\nfolder = 'f'\nmax_bytes = 1000\n";

const REMOTE: &str = "database = 'postgres://city:PLANTED@db:5432/hoiam?password=PLANTED'\n\
    [attachments.s3]\nendpoint = 'https://s3.example'\nbucket = 'b'\naccess_key = 'a'\nsecret_file = '/dev/null'\n\
    [mail]\nfrom = '1022 <1022@b.vn>'\nserver = 'smtp.b.vn'\n";

/// What is shown of a configuration holds no secret, and read as a file it is the same.
#[test]
fn files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hoiam.toml");
    let load = |text: &[u8]| {
        std::fs::write(&path, text).unwrap();
        Config::load(&Given { config: Some(path.clone()), ..Given::default() })
    };
    holds!(texts(&[FILE, REMOTE]), |input: &[u8]| {
        let Ok(config) = load(input) else { return };
        let shown = config.to_string();
        assert!(!shown.contains("PLANTED@") && !shown.contains("password=PLANTED"), "{shown}");
        if shown.contains("***") || shown.contains('…') || config.attachments.s3.is_some() {
            return;
        }
        let again = load(shown.as_bytes()).unwrap_or_else(|error| panic!("{error}: {shown}"));
        // Of providers and mail only the names are shown.
        let same = Config { openid: config.openid.clone(), mail: config.mail.clone(), ..again };
        assert_eq!(same, config, "{shown}");
    });
}
