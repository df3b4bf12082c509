//! What an input may be: each check names the input and says what to do.
//!
//! It does not know the formulas; what two inputs must be to each other is checked where they meet.

use crate::Error;

/// Fails unless the input is a number.
pub(crate) fn finite(name: &'static str, value: f64) -> Result<(), Error> {
    if value.is_finite() {
        return Ok(());
    }
    Err(Error::new("input-not-finite", format!("{name} is not a number. Enter a number."))
        .in_column(name))
}

/// Fails unless the input is 0 or more.
pub(crate) fn not_negative(name: &'static str, value: f64) -> Result<(), Error> {
    finite(name, value)?;
    if 0.0 <= value {
        return Ok(());
    }
    let message =
        format!("{name} is {value}, and it can't be below 0. Enter losses without a sign.");
    Err(Error::new("input-negative", message).in_column(name))
}

/// Fails unless the input is above 0.
pub(crate) fn positive(name: &'static str, value: f64) -> Result<(), Error> {
    finite(name, value)?;
    if 0.0 < value {
        return Ok(());
    }
    let message = format!("{name} is {value}, and it must be above 0.");
    Err(Error::new("input-not-positive", message).in_column(name))
}

/// Fails unless 0 ≤ input ≤ 1.
pub(crate) fn share(name: &'static str, value: f64) -> Result<(), Error> {
    finite(name, value)?;
    if (0.0..=1.0).contains(&value) {
        return Ok(());
    }
    let message = format!(
        "{name} is {value}, and a share lies between 0 and 1. Enter 92 % as 0.92, without the sign.",
    );
    Err(Error::new("input-not-a-share", message).in_column(name))
}

/// Whether `part` exceeds `whole` by more than sums of rounded decimals do.
///
/// 0.1 + 0.2 is above 0.3 in binary; that is no contradiction in what was entered.
pub(crate) fn exceeds(part: f64, whole: f64, largest: f64) -> bool {
    whole < part && (part.is_infinite() || 4.0 * f64::EPSILON * largest < part - whole)
}
