//! What people are known by, as it is compared. Mail addresses are stricter here than on a report
//! (`hoiam_domain::case::identity`): mail is sent to them.

use hoiam_domain::case::identity;

/// The longest e-mail address (RFC 5321).
const EMAIL: usize = 254;

/// An e-mail address as the desk writes it, in lower case; none if mail cannot be sent to it.
pub fn email(typed: &str) -> Option<String> {
    let address = identity::email(typed)?;
    let (local, host) = address.rsplit_once('@')?;
    let plain = |text: &str| {
        !text.is_empty()
            && !text.contains(['@', '<', '>', ',', ';', ':', '"', '\\', '(', ')', '[', ']'])
            && !text.chars().any(|c| c.is_whitespace() || c.is_control())
    };
    let named = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    let fits = address.len() <= EMAIL && plain(local) && plain(host) && named;
    // What the mails' own library would not send to, either: dots in a row, hosts that cannot be.
    (fits && address.parse::<lettre::Address>().is_ok()).then_some(address)
}

/// A national number: 9 or 12 digits.
pub fn national_number(typed: &str) -> Option<String> {
    let number: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    let fits = matches!(number.len(), 9 | 12) && number.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(email(" Lan.Nguyen@Example.VN "), Some("lan.nguyen@example.vn".to_owned()));
        for wrong in [
            "",
            "lan",
            "lan@",
            "@x.vn",
            "a@b@c.vn",
            "a b@c.vn",
            "a@b",
            "a@b.vn,c@d.vn",
            "a\r\nb@c.vn",
            "<a@b.vn>",
            "a@b..vn",
            "a@b\u{fffd}.vn",
        ] {
            assert_eq!(email(wrong), None, "{wrong}");
        }
        assert_eq!(email(&format!("{}@x.vn", "a".repeat(250))), None);
    }

    #[test]
    fn numbers() {
        assert_eq!(national_number("079 200 000 001").as_deref(), Some("079200000001"));
        assert_eq!((national_number("07920000000"), national_number("A79200000001")), (None, None));
    }
}
