//! `case.received` 2 marks an address, so that it can be told from others when it is erased.
//! Version 1 did not: a place without a mark is told by its address as long as that is readable.

use super::Fields;

/// A mark that is not there needs no field.
pub(super) fn unknown(fields: &mut Fields) -> Result<(), String> {
    if fields.get("location").is_some_and(|location| location.get("address_mark").is_some()) {
        return Err("`location.address_mark` is there already".to_owned());
    }
    Ok(())
}
