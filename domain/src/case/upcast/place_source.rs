//! `case.classified` 2 says what told the place. Version 1 did not: it stays unknown.

use serde_json::Value;

use super::Fields;

/// Adds `found.place_source` as null.
pub(super) fn unknown(fields: &mut Fields) -> Result<(), String> {
    let found = fields.get_mut("found").and_then(Value::as_object_mut);
    let found = found.ok_or("there is no `found`")?;
    if found.insert("place_source".to_owned(), Value::Null).is_some() {
        return Err("`found.place_source` is there already".to_owned());
    }
    Ok(())
}
