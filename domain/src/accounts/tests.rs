//! Rules of accounts, and the frozen shapes of their events.

use serde::Deserializer;

use super::*;
use crate::case::codec::Stored;
use crate::golden::{Family, check_family};

struct Accounts;

impl Family for Accounts {
    type Event = AccountEvent;
    const PREFIX: &'static str = "account.";
    const KINDS: &'static [(&'static str, u16)] = AccountEvent::KINDS;

    fn read<'de, D: Deserializer<'de>>(
        kind: &str,
        from: D,
    ) -> Option<Result<AccountEvent, D::Error>> {
        event::read(kind, from)
    }

    fn encode(event: &AccountEvent) -> Result<Stored, String> {
        event::encode(event).map_err(|error| error.to_string())
    }

    fn decode(kind: &str, schema: u16, data: &str) -> Result<AccountEvent, String> {
        event::decode(kind, schema, data).map_err(|error| error.to_string())
    }

    fn fold(event: AccountEvent) {
        let _ = evolve(None, &event);
    }
}

struct Keys;

impl Family for Keys {
    type Event = KeyEvent;
    const PREFIX: &'static str = "key.";
    const KINDS: &'static [(&'static str, u16)] = KeyEvent::KINDS;

    fn read<'de, D: Deserializer<'de>>(kind: &str, from: D) -> Option<Result<KeyEvent, D::Error>> {
        key::read(kind, from)
    }

    fn encode(event: &KeyEvent) -> Result<Stored, String> {
        key::encode(event).map_err(|error| error.to_string())
    }

    fn decode(kind: &str, schema: u16, data: &str) -> Result<KeyEvent, String> {
        key::decode(kind, schema, data).map_err(|error| error.to_string())
    }

    fn fold(_: KeyEvent) {}
}

struct Citizens;

impl Family for Citizens {
    type Event = CitizenEvent;
    const PREFIX: &'static str = "citizen.";
    const KINDS: &'static [(&'static str, u16)] = CitizenEvent::KINDS;

    fn read<'de, D: Deserializer<'de>>(
        kind: &str,
        from: D,
    ) -> Option<Result<CitizenEvent, D::Error>> {
        citizen::read(kind, from)
    }

    fn encode(event: &CitizenEvent) -> Result<Stored, String> {
        citizen::encode(event).map_err(|error| error.to_string())
    }

    fn decode(kind: &str, schema: u16, data: &str) -> Result<CitizenEvent, String> {
        citizen::decode(kind, schema, data).map_err(|error| error.to_string())
    }

    fn fold(_: CitizenEvent) {}
}

#[test]
fn golden() {
    check_family::<Accounts>();
    check_family::<Keys>();
    check_family::<Citizens>();
}

fn position(role: Role, agency: Option<&str>, point: Option<&str>) -> Position {
    Position {
        role,
        agency: agency.map(AgencyCode::new),
        focal_point: point.map(FocalPointCode::new),
    }
}

#[test]
fn role_and_agency_go_together() {
    for (role, agency, point, refused) in [
        (Role::Operator, None, None, None),
        (Role::Operator, Some("A"), None, Some(AccountRejection::AgencyGiven(Role::Operator))),
        (Role::Auditor, None, Some("A-1"), Some(AccountRejection::AgencyGiven(Role::Auditor))),
        (Role::Handler, None, None, Some(AccountRejection::AgencyMissing(Role::Handler))),
        (Role::Handler, Some("A"), Some("A-1"), None),
        (Role::System, None, None, Some(AccountRejection::NotForAccounts(Role::System))),
        (Role::Citizen, None, None, Some(AccountRejection::NotForAccounts(Role::Citizen))),
        (Role::Integration, None, None, Some(AccountRejection::NotForAccounts(Role::Integration))),
    ] {
        assert_eq!(check(&position(role, agency, point)).err(), refused, "{role} {agency:?}");
    }
}

#[test]
fn an_account_is_what_its_events_say() {
    let added = event::Added { role: Role::Operator, agency: None, focal_point: None };
    let moved = event::RoleChanged {
        role: Role::Handler,
        agency: Some(AgencyCode::new("GT")),
        focal_point: None,
    };
    let gone = event::Disabled { note: None };
    let disabled = AccountEvent::from(gone);
    assert_eq!(evolve(None, &disabled), None, "nothing happens to nobody");
    let account = evolve(None, &added.into());
    let account = evolve(evolve(account, &disabled), &moved.into()).unwrap();
    assert_eq!(account.position, position(Role::Handler, Some("GT"), None));
    assert!(account.disabled);
    let back = event::Enabled { note: Some("trở lại".to_owned()) };
    assert!(!evolve(Some(account), &back.into()).unwrap().disabled);
}
