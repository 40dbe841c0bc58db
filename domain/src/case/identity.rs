//! By what a person is known again: telephone number and e-mail address, written one way however
//! they were given. Only keyed hashes of these are ever stored.

use super::party::Contact;

/// What an identity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdentityKind {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
}

impl IdentityKind {
    /// The word used in data.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }
}

/// A telephone number as digits with the country in front: `84903123456` for `0903 123 456` and
/// `+84 (0)903.123.456` alike. None when it has fewer than seven digits.
pub fn phone(given: &str) -> Option<String> {
    // "+84 (0)903" is how it is dialled from abroad and at home at once.
    let given = given.replace("(0)", "");
    let digits: String = given.chars().filter(char::is_ascii_digit).take(20).collect();
    let number = match digits.strip_prefix("00").or_else(|| digits.strip_prefix('0')) {
        Some(abroad) if digits.starts_with("00") => abroad.to_owned(),
        Some(home) => format!("84{home}"),
        None => digits,
    };
    (number.len() >= 7).then_some(number)
}

/// An e-mail address in lower case; none when it has nothing before or after its `@`.
pub fn email(given: &str) -> Option<String> {
    let address = given.trim().to_lowercase();
    let (name, host) = address.split_once('@')?;
    let whole = !name.is_empty() && !host.is_empty() && !address.contains(char::is_whitespace);
    whole.then_some(address)
}

/// The identities of a contact, the most telling first.
pub fn identities(contact: &Contact) -> Vec<(IdentityKind, String)> {
    let phone = contact.phone.as_ref().and_then(|given| phone(given.reveal()));
    let email = contact.email.as_ref().and_then(|given| email(given.reveal()));
    let phone = phone.map(|number| (IdentityKind::Phone, number));
    phone.into_iter().chain(email.map(|address| (IdentityKind::Email, address))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_however_it_is_written() {
        for given in [
            "0903123456",
            "+84 903 123 456",
            "84-903-123-456",
            "0084903123456",
            "+84 (0)903.123.456",
        ] {
            assert_eq!(phone(given).as_deref(), Some("84903123456"), "{given}");
        }
        assert_eq!(phone("028 3829 1234").as_deref(), Some("842838291234"));
        assert_eq!(phone("115"), None);
        assert_eq!(phone("không có"), None);
    }

    #[test]
    fn an_address_is_one_however_it_is_written() {
        assert_eq!(email(" Lan.Nguyen@Example.VN ").as_deref(), Some("lan.nguyen@example.vn"));
        for given in ["@", "lan@", "@example.vn", "lan", "lan nguyen@example.vn"] {
            assert_eq!(email(given), None, "{given}");
        }
    }
}
