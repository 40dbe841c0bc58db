//! Where a matter is, for finding what comes back at the same place: a name that two cases share
//! when they are of one category within a square of about 55 metres, or have the same address.

use hoiam_domain::case::Case;
use hoiam_domain::case::stage::Stage;
use hoiam_domain::text::fold_for_search;
use uuid::Uuid;

/// The side of a square in millionths of a degree.
const SQUARE: i64 = 500;

/// The name of the place of a case; none when it has no category, when nobody said where it is, or
/// while it is merged into the case it repeats. An address is not stored in clear.
pub(super) fn of(case: &Case) -> Option<Uuid> {
    if matches!(case.work.stage, Stage::Merged { .. }) {
        return None;
    }
    let category = case.work.found.as_ref()?.category.as_ref()?;
    let location = case.location.as_ref()?;
    let place = match (location.lat, location.lon, &location.address) {
        (Some(lat), Some(lon), _) => format!("{category}|{},{}", square(lat), square(lon)),
        // Its mark stays when the address itself is erased.
        (_, _, Some(_)) if location.address_mark.is_some() => {
            format!("{category}|{}", location.address_mark.as_deref().unwrap_or_default())
        }
        (_, _, Some(address)) => format!("{category}|{}", fold_for_search(address.reveal())),
        _ => return None,
    };
    Some(Uuid::new_v5(&Uuid::NAMESPACE_OID, place.as_bytes()))
}

fn square(degrees: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "checked to be within ±180 on receipt")]
    let millionths = (degrees * 1e6).round() as i64;
    millionths.div_euclid(SQUARE)
}
