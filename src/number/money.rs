//! Money as integers of minor units, from the text on: no float ever holds a sum of money.

use serde::Serialize;

/// A sum of money in minor units (cents for most currencies).
///
/// One row holds an `i64`; every sum is this `i128`, so that no order of adding, no chunk size and
/// no number of workers can change a result.
pub type Minor = i128;

/// A currency by its ISO 4217 code, with the number of its decimal places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Currency {
    code: [u8; 3],
    decimals: u8,
}

impl Currency {
    /// The currency of an ISO 4217 code in any case, or nothing where there is no such code shape.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.trim().as_bytes().try_into().ok()?;
        if !bytes.iter().all(u8::is_ascii_alphabetic) {
            return None;
        }
        let code = bytes.map(|byte| byte.to_ascii_uppercase());
        Some(Self { code, decimals: decimals_of(code) })
    }

    /// The ISO 4217 code, such as `USD`.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("")
    }

    /// How many decimal places the currency has: 2 for most, 0 for JPY, 3 for KWD.
    #[must_use]
    pub fn decimals(&self) -> u8 {
        self.decimals
    }
}

/// Decimal places by ISO 4217, where they are not two.
fn decimals_of(code: [u8; 3]) -> u8 {
    match &code {
        b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
        | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
        b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
        _ => 2,
    }
}

/// Minor units as major units, for the edge of the core: `123456` with two decimals is `1234.56`.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "the one place where exact money becomes a number to show"
)]
pub fn to_major(minor: Minor, decimals: u8) -> f64 {
    let scale = match decimals {
        0 => 1.0,
        1 => 10.0,
        2 => 100.0,
        _ => 1000.0,
    };
    minor as f64 / scale
}
