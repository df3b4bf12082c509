//! Text to exact money and other numbers: currency signs, thousands and decimal marks of either
//! kind, accounting negatives, shares, counts, flags.
//!
//! It never guesses: a cell that two decimal marks read differently is a defect until the caller
//! says which one the column has. It converts no currency and judges no sign.

use crate::number::Currency;

/// The decimal mark of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `1234.56`
    Point,
    /// `1234,56`
    Comma,
}

/// A number exactly as written, `mantissa / 10^scale`, with what stood around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// All digits as one integer, with the sign.
    pub mantissa: i128,
    /// How many of the digits are decimals.
    pub scale: u8,
    /// The currency sign or code in the cell.
    pub currency: Option<CurrencySign>,
    /// The decimal mark in the cell, where it has one. A cell with two kinds of marks proves its
    /// own mark, so this may differ from the mark of the column.
    pub decimal: Option<DecimalMark>,
    /// The thousands mark in the cell.
    pub grouping: Option<Grouping>,
    /// How the sign is written.
    pub sign: Option<SignMark>,
}

/// How thousands are set apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// `1,234`, and `12,34,567` as in India
    Comma,
    /// `1.234`
    Point,
    /// `1'234`, with either apostrophe
    Apostrophe,
    /// `1 234`, with any kind of space
    Space,
    /// The Arabic thousands mark, `٬`
    Arabic,
}

/// How a sign is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignMark {
    /// `+50`
    Plus,
    /// `-50`, with a hyphen, a minus sign or a dash
    Minus,
    /// `50-`
    TrailingMinus,
    /// `(50)`
    Parentheses,
    /// `50 CR`: a credit lowers what the customer owes, so it is negative
    Credit,
    /// `50 DR`: a debit is what the customer owes, so it is positive
    Debit,
}

impl SignMark {
    fn is_negative(self) -> bool {
        matches!(self, Self::Minus | Self::TrailingMinus | Self::Parentheses | Self::Credit)
    }
}

/// What a currency sign says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CurrencySign {
    /// One currency: an ISO 4217 code, or a sign that only one currency in wide use has.
    Known(Currency),
    /// `$`
    Dollar,
    /// `¥`
    Yen,
    /// `kr`
    Krone,
    /// `Rs`
    Rupee,
}

impl CurrencySign {
    /// The codes that the sign may stand for, the most common first; empty where it is known.
    #[must_use]
    pub fn candidates(self) -> &'static [&'static str] {
        match self {
            Self::Known(_) => &[],
            Self::Dollar => &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS"],
            Self::Yen => &["JPY", "CNY"],
            Self::Krone => &["SEK", "NOK", "DKK", "ISK"],
            Self::Rupee => &["INR", "PKR", "LKR", "NPR", "MUR"],
        }
    }

    /// The currency, where the sign stands for one only.
    #[must_use]
    pub fn currency(self) -> Option<Currency> {
        match self {
            Self::Known(currency) => Some(currency),
            _ => None,
        }
    }

    /// The one sign that both say together, such as `$` and `CAD`.
    fn and(self, other: Self) -> Option<Self> {
        let fits = |sign: Self, code: Currency| sign.candidates().contains(&code.code());
        match (self, other) {
            (a, b) if a == b => Some(a),
            (Self::Known(code), sign) | (sign, Self::Known(code)) if fits(sign, code) => {
                Some(Self::Known(code))
            }
            _ => None,
        }
    }
}

/// Why a cell is no number that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountDefect {
    /// Nothing there: blank, dashes, or what databases write for "no value".
    Missing,
    /// Something that is no number.
    NotANumber,
    /// A percentage where an amount is needed.
    Percent,
    /// A number that does not fit.
    OutOfRange,
    /// A number that a decimal point and a decimal comma read differently, or one that
    /// contradicts the decimal mark of its column.
    Ambiguous,
}

impl AmountDefect {
    /// The stable code of the note.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing-value",
            Self::NotANumber => "not-a-number",
            Self::Percent => "percent-in-amount",
            Self::OutOfRange => "out-of-range",
            Self::Ambiguous => "ambiguous-number",
        }
    }
}

/// Minor units, and whether digits were lost on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinorUnits {
    /// The sum of money in minor units.
    pub amount_minor: i64,
    /// Whether the exact value was not a whole number of minor units.
    pub rounded: bool,
}

impl Amount {
    fn plain(mantissa: i128, scale: u8) -> Self {
        Self { mantissa, scale, currency: None, decimal: None, grouping: None, sign: None }
    }

    /// The amount in minor units of a currency with so many decimals, rounded half away from zero.
    ///
    /// # Errors
    ///
    /// [`AmountDefect::OutOfRange`] where it does not fit.
    pub fn to_minor(self, decimals: u8) -> Result<MinorUnits, AmountDefect> {
        self.fraction_to_minor(1, 1, decimals)
    }

    /// `numerator / denominator` of the amount in minor units, rounded once, half away from zero:
    /// `(1, 12)` takes a yearly price to a monthly one.
    ///
    /// # Errors
    ///
    /// [`AmountDefect::OutOfRange`] where it does not fit, or where `denominator` is 0.
    pub fn fraction_to_minor(
        self,
        numerator: u32,
        denominator: u32,
        decimals: u8,
    ) -> Result<MinorUnits, AmountDefect> {
        if let Some(units) = self.small_fraction_to_minor(numerator, denominator, decimals) {
            return Ok(units);
        }
        self.any_fraction_to_minor(numerator, denominator, decimals)
    }

    /// [`Amount::fraction_to_minor`], where all of it fits into 64 bits.
    #[inline]
    fn small_fraction_to_minor(
        self,
        numerator: u32,
        denominator: u32,
        decimals: u8,
    ) -> Option<MinorUnits> {
        const POWERS: [i64; 13] = [
            1,
            10,
            100,
            1_000,
            10_000,
            100_000,
            1_000_000,
            10_000_000,
            100_000_000,
            1_000_000_000,
            10_000_000_000,
            100_000_000_000,
            1_000_000_000_000,
        ];
        let mantissa = i64::try_from(self.mantissa).ok()?;
        let up = *POWERS.get(usize::from(decimals.saturating_sub(self.scale)))?;
        let down = *POWERS.get(usize::from(self.scale.saturating_sub(decimals)))?;
        // A product has no more bits than its factors together.
        let n_bits = |number: i64| u64::BITS - number.unsigned_abs().leading_zeros();
        let (numerator, denominator) = (i64::from(numerator), i64::from(denominator));
        if 63 < n_bits(mantissa) + n_bits(up) + n_bits(numerator)
            || 63 < n_bits(down) + n_bits(denominator)
            || denominator == 0
        {
            return None;
        }
        let (scaled, divisor) = (mantissa * up * numerator, down * denominator);
        if divisor == 1 {
            return Some(MinorUnits { amount_minor: scaled, rounded: false });
        }
        let (quotient, remainder) = (scaled / divisor, scaled % divisor);
        let is_half_or_more = divisor.unsigned_abs().div_ceil(2) <= remainder.unsigned_abs();
        let away = if is_half_or_more && remainder != 0 { scaled.signum() } else { 0 };
        Some(MinorUnits { amount_minor: quotient + away, rounded: remainder != 0 })
    }

    fn any_fraction_to_minor(
        self,
        numerator: u32,
        denominator: u32,
        decimals: u8,
    ) -> Result<MinorUnits, AmountDefect> {
        let shift = i32::from(decimals) - i32::from(self.scale);
        let (up, down) = (power_of_ten(shift.max(0)), power_of_ten((-shift).max(0)));
        let (Some(up), Some(down)) = (up, down) else { return Err(AmountDefect::OutOfRange) };
        let scaled = self
            .mantissa
            .checked_mul(up)
            .and_then(|scaled| scaled.checked_mul(i128::from(numerator)));
        let divisor = down.checked_mul(i128::from(denominator)).filter(|&divisor| divisor > 0);
        let (Some(scaled), Some(divisor)) = (scaled, divisor) else {
            return Err(AmountDefect::OutOfRange);
        };
        let (quotient, rounded) = divide_half_away(scaled, divisor);
        let amount_minor = i64::try_from(quotient).map_err(|_| AmountDefect::OutOfRange)?;
        Ok(MinorUnits { amount_minor, rounded })
    }

    /// The exact product, such as a unit price times a quantity. What stood around the first
    /// number is kept.
    ///
    /// # Errors
    ///
    /// [`AmountDefect::OutOfRange`] where it does not fit.
    pub fn times(self, other: Self) -> Result<Self, AmountDefect> {
        let (a, b) = (self.normal(), other.normal());
        let mantissa = a.mantissa.checked_mul(b.mantissa).ok_or(AmountDefect::OutOfRange)?;
        let scale = a.scale.checked_add(b.scale).ok_or(AmountDefect::OutOfRange)?;
        Ok(Self { mantissa, scale, ..self })
    }

    /// The number as the nearest float, for durations and scores; money stays exact.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "exact below 2^53, where this branch is taken")]
    pub fn to_f64(self) -> f64 {
        const EXACT: [f64; 16] =
            [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
        match EXACT.get(usize::from(self.scale)) {
            Some(power) if self.mantissa.unsigned_abs() < (1 << 53) => self.mantissa as f64 / power,
            _ => self.divided(),
        }
    }

    /// The nearest float by long division. Behind 54 decimals, which are below 10⁻¹⁶, it may be the
    /// next one.
    #[expect(clippy::cast_precision_loss, reason = "the one rounding, to the nearest")]
    fn divided(self) -> f64 {
        const SCALE_MAX: u8 = 54;
        let scale = self.scale.min(SCALE_MAX);
        // 10ⁿ = 5ⁿ · 2ⁿ, and 5⁵⁴ has 126 bits: twice any rest fits.
        let divisor = 5_u128.pow(scale.into());
        let magnitude = self.mantissa.unsigned_abs();
        let (mut quotient, mut rest) = (magnitude / divisor, magnitude % divisor);
        let mut exponent = -i64::from(scale);
        if magnitude == 0 {
            return 0.0;
        }
        // Two bits more than a float has: one to round by, and one for all that comes behind it.
        while quotient < 1 << 54 {
            quotient <<= 1;
            rest <<= 1;
            exponent -= 1;
            if divisor <= rest {
                rest -= divisor;
                quotient |= 1;
            }
        }
        if rest != 0 {
            quotient |= 1;
        }
        let power = f64::from_bits((1023 + exponent).unsigned_abs() << 52);
        let mut value = quotient as f64 * power;
        for _ in scale..self.scale {
            value /= 10.0;
        }
        if self.mantissa < 0 { -value } else { value }
    }

    /// The same number without zeros at the end of its decimals.
    fn normal(mut self) -> Self {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }
}

/// The quotient rounded half away from zero, and whether there was a remainder; `divisor` is
/// above 0.
#[must_use]
pub fn divide_half_away(dividend: i128, divisor: i128) -> (i128, bool) {
    let (quotient, remainder) = (dividend / divisor, dividend % divisor);
    let is_half_or_more = remainder.unsigned_abs() >= divisor.unsigned_abs().div_ceil(2);
    let away = if is_half_or_more && remainder != 0 { dividend.signum() } else { 0 };
    (quotient + away, remainder != 0)
}

fn power_of_ten(exponent: i32) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(exponent).ok()?)
}

/// Reads one cell as an exact amount.
///
/// `decimal` is the decimal mark of the column; without it, only cells that prove their own mark
/// are read. Thousands, signs, currency signs and codes, digits of other scripts and scientific
/// notation are understood:
///
/// - A cell with two kinds of marks proves itself: `1.234,50` is 1234.50 in any column.
/// - `1,234` is 1234 in a column with a decimal point, and 1.234 in one with a comma.
/// - `1,23` and `1.234.567` contradict a column with a decimal point: ambiguous.
/// - `(50)`, `-50`, `50-` and `50 CR` are negative, `50 DR` is positive. Two signs are no number.
/// - `$ -` is how spreadsheets write zero in their accounting format; a dash alone is missing.
///
/// # Errors
///
/// An [`AmountDefect`], see there.
pub fn read_amount(text: &str, decimal: Option<DecimalMark>) -> Result<Amount, AmountDefect> {
    if let Some(amount) = read_plain(text.as_bytes(), decimal) {
        return Ok(amount);
    }
    let cell = Cell::of(text)?;
    let amount = cell.amount(decimal)?;
    if cell.has_percent { Err(AmountDefect::Percent) } else { Ok(amount) }
}

/// The common cell: ASCII digits, perhaps a minus, perhaps a decimal point that leaves no doubt.
#[inline]
fn read_plain(bytes: &[u8], decimal: Option<DecimalMark>) -> Option<Amount> {
    let (is_negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    // So many digits fit into 64 bits.
    if digits.len() > 18 {
        return None;
    }
    let (whole, n_whole) = leading_digits(0, digits);
    if n_whole == 0 {
        return None;
    }
    let signed = |size: i64| i128::from(if is_negative { -size } else { size });
    let sign = is_negative.then_some(SignMark::Minus);
    let Some((&mark, decimals)) = digits[n_whole..].split_first() else {
        return Some(Amount { sign, ..Amount::plain(signed(whole), 0) });
    };
    let (size, n_decimals) = leading_digits(whole, decimals);
    if mark != b'.' || n_decimals == 0 || n_decimals < decimals.len() {
        return None;
    }
    let is_certain = match decimal {
        Some(DecimalMark::Point) => true,
        Some(DecimalMark::Comma) => false,
        None => n_decimals != 3 || n_whole > 3 || digits[0] == b'0',
    };
    if !is_certain {
        return None;
    }
    let scale = u8::try_from(n_decimals).ok()?;
    Some(Amount { sign, decimal: Some(DecimalMark::Point), ..Amount::plain(signed(size), scale) })
}

/// Minor units, and whether a point was read as a decimal mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlainMinor {
    pub(crate) minor: i64,
    pub(crate) has_point: bool,
}

/// The minor units of a cell of digits with at most as many decimals behind a point as there are
/// minor places; nothing where there is any doubt. `tail` is the last word of the cell.
#[inline]
pub(crate) fn read_plain_minor(cell: &[u8], tail: u64, decimals: u8) -> Option<PlainMinor> {
    match short_minor(cell.len(), tail, decimals) {
        None => any_plain_minor(cell, decimals),
        known => known,
    }
}

const POWERS: [i64; 4] = [1, 10, 100, 1000];

fn any_plain_minor(cell: &[u8], decimals: u8) -> Option<PlainMinor> {
    if 14 < cell.len() {
        return None;
    }
    let (whole, n_whole) = leading_digits(0, cell);
    if n_whole == 0 {
        return None;
    }
    let Some((b'.', decimal_digits)) = cell[n_whole..].split_first() else {
        let up = POWERS.get(usize::from(decimals)).filter(|_| n_whole == cell.len())?;
        return Some(PlainMinor { minor: whole * up, has_point: false });
    };
    let (mantissa, n_decimals) = leading_digits(whole, decimal_digits);
    let n_missing = usize::from(decimals).checked_sub(n_decimals)?;
    // Three decimals might be thousands.
    if n_decimals == 0 || n_decimals < decimal_digits.len() || n_decimals == 3 {
        return None;
    }
    let up = POWERS.get(n_missing)?;
    Some(PlainMinor { minor: mantissa * up, has_point: true })
}

/// [`any_plain_minor`] of a cell of up to eight bytes, all of them at once; nothing where it takes
/// another look.
#[inline]
fn short_minor(n_bytes: usize, tail: u64, decimals: u8) -> Option<PlainMinor> {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    if n_bytes == 0 || 8 < n_bytes {
        return None;
    }
    let n_before = 8 * (8 - n_bytes);
    // The last byte is the highest; in front of the first one stand zeros.
    let word = tail << n_before | ZEROS & ((1 << n_before) - 1);
    let has_point = word >> 40 & 0xFF == u64::from(b'.');
    let digits = if has_point {
        // What stands before the point moves up to it.
        word & 0xFFFF_0000_0000_0000 | (word & 0x00FF_FFFF_FFFF) << 8 | u64::from(b'0')
    } else {
        word
    };
    let digits = digits ^ ZEROS;
    let are_digits =
        (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080 == 0;
    if !are_digits || has_point && (decimals != 2 || n_bytes < 4) {
        return None;
    }
    // Neighbours make numbers of two digits, these of four, and these of eight.
    let pairs = digits.wrapping_mul(10 << 8 | 1) >> 8 & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_FFFF_0000_FFFF;
    let whole = fours.wrapping_mul(10_000 << 32 | 1) >> 32;
    let up = if has_point { &1 } else { POWERS.get(usize::from(decimals))? };
    Some(PlainMinor { minor: i64::try_from(whole).ok()? * up, has_point })
}

/// The number that the digits at the beginning of a text make behind those of `before`, and how
/// many there are. All together must fit.
#[inline]
fn leading_digits(before: i64, text: &[u8]) -> (i64, usize) {
    let (mut number, mut n_digits) = (before, 0);
    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number * 10 + i64::from(digit);
        n_digits += 1;
    }
    (number, n_digits)
}

/// The mark in a plain number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlainMark {
    None,
    /// `may_group` where it may also set thousands apart.
    Point {
        may_group: bool,
    },
    Comma {
        may_group: bool,
    },
}

/// The mark in a cell of ASCII digits, perhaps with a minus, and perhaps with one mark among them.
fn plain_mark(bytes: &[u8]) -> Option<PlainMark> {
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    if !(1..=18).contains(&digits.len()) {
        return None;
    }
    let (_, n_before) = leading_digits(0, digits);
    let Some((&byte, behind)) = digits[n_before..].split_first() else {
        return Some(PlainMark::None);
    };
    let (_, n_behind) = leading_digits(0, behind);
    if n_before == 0 || n_behind == 0 || n_behind < behind.len() {
        return None;
    }
    let may_group = n_behind == 3 && n_before <= 3 && digits[0] != b'0';
    Some(match byte {
        b'.' => PlainMark::Point { may_group },
        b',' => PlainMark::Comma { may_group },
        _ => return None,
    })
}

/// A cell taken apart: what stands around the digits, and the digits with their marks.
struct Cell {
    currency: Option<CurrencySign>,
    sign: Option<SignMark>,
    has_percent: bool,
    digits: Digits,
}

/// Digits as one integer, and the marks between them.
struct Digits {
    mantissa: i128,
    /// Digits before the first mark, between marks, and after the last one.
    group_lengths: [u32; Self::MAX_MARKS + 1],
    marks: [Mark; Self::MAX_MARKS],
    n_marks: usize,
    starts_with_zero: bool,
    exponent: Option<i32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Point,
    Comma,
    Apostrophe,
    Space,
    ArabicThousands,
    ArabicDecimal,
}

/// One way to read digits with marks.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Reading {
    n_decimals: u32,
    decimal: Option<DecimalMark>,
    grouping: Option<Grouping>,
}

impl Reading {
    /// Whether a cell that reads one way only may contradict its column. It needs two kinds of
    /// marks; and `1 234,567` might be a slip for `1 234 567` or `1,234,567`.
    fn proves_itself(self) -> bool {
        match self.grouping {
            None => false,
            Some(Grouping::Space | Grouping::Apostrophe) if self.n_decimals == 3 => false,
            Some(_) => self.decimal.is_some(),
        }
    }
}

impl Cell {
    fn of(text: &str) -> Result<Self, AmountDefect> {
        let mut rest = trim(text);
        if let Some(marked) = rest.strip_prefix('\'') {
            rest = trim(marked);
        }
        if is_no_value(rest) {
            return Err(AmountDefect::Missing);
        }
        let mut currency: Option<CurrencySign> = None;
        let mut sign: Option<SignMark> = None;
        let mut has_percent = false;
        let (mut opens, mut closes) = (false, false);
        while let Some((part, shorter)) = peel(rest) {
            rest = trim(shorter);
            match part {
                Part::Open if !opens => opens = true,
                Part::Close if !closes => closes = true,
                Part::Sign(new) if sign.is_none() => sign = Some(new),
                Part::Currency(new) => {
                    let both = currency.map_or(Some(new), |old| old.and(new));
                    currency = Some(both.ok_or(AmountDefect::NotANumber)?);
                }
                Part::Percent if !has_percent => has_percent = true,
                _ => return Err(AmountDefect::NotANumber),
            }
        }
        if opens || closes {
            if opens != closes || sign.is_some() {
                return Err(AmountDefect::NotANumber);
            }
            sign = Some(SignMark::Parentheses);
        }
        let is_accounting_zero = rest.is_empty() && currency.is_some() && !has_percent;
        if is_accounting_zero && matches!(sign, Some(SignMark::Minus | SignMark::TrailingMinus)) {
            return Ok(Self { currency, sign: None, has_percent, digits: Digits::ZERO });
        }
        // In India `Cr` behind a sum in rupees means ten million.
        let is_rupee = currency.is_some_and(|sign| {
            sign == CurrencySign::Rupee || sign.currency().is_some_and(|code| code.code() == "INR")
        });
        if is_rupee && sign == Some(SignMark::Credit) {
            return Err(AmountDefect::NotANumber);
        }
        Ok(Self { currency, sign, has_percent, digits: Digits::of(rest)? })
    }

    fn amount(&self, decimal: Option<DecimalMark>) -> Result<Amount, AmountDefect> {
        let point = self.digits.reading(DecimalMark::Point);
        let comma = self.digits.reading(DecimalMark::Comma);
        let reading = match (decimal, point, comma) {
            (_, None, None) => return Err(AmountDefect::NotANumber),
            (_, Some(point), Some(comma)) if point == comma => point,
            (None, Some(_), Some(_)) => return Err(AmountDefect::Ambiguous),
            (Some(DecimalMark::Point), Some(reading), _)
            | (Some(DecimalMark::Comma), _, Some(reading))
            | (None, Some(reading), None)
            | (None, None, Some(reading)) => reading,
            (Some(_), Some(reading), None) | (Some(_), None, Some(reading)) => {
                if !reading.proves_itself() {
                    return Err(AmountDefect::Ambiguous);
                }
                reading
            }
        };
        let (mantissa, scale) = self.digits.scaled(reading.n_decimals)?;
        let is_negative = self.sign.is_some_and(SignMark::is_negative);
        Ok(Amount {
            mantissa: if is_negative { -mantissa } else { mantissa },
            scale,
            currency: self.currency,
            decimal: reading.decimal,
            grouping: reading.grouping,
            sign: self.sign,
        })
    }
}

impl Digits {
    const MAX_MARKS: usize = 13;

    const ZERO: Self = Self {
        mantissa: 0,
        group_lengths: [1; Self::MAX_MARKS + 1],
        marks: [Mark::Point; Self::MAX_MARKS],
        n_marks: 0,
        starts_with_zero: true,
        exponent: None,
    };

    fn of(text: &str) -> Result<Self, AmountDefect> {
        let mut digits = Self {
            group_lengths: [0; Self::MAX_MARKS + 1],
            starts_with_zero: text.chars().next().and_then(digit_of) == Some(0),
            ..Self::ZERO
        };
        let mut is_too_long = false;
        let mut n_digits = 0_u32;
        for (place, char) in text.char_indices() {
            if let Some(digit) = digit_of(char) {
                n_digits += 1;
                digits.group_lengths[digits.n_marks] += 1;
                let longer = digits
                    .mantissa
                    .checked_mul(10)
                    .and_then(|longer| longer.checked_add(i128::from(digit)));
                is_too_long |= longer.is_none();
                digits.mantissa = longer.unwrap_or(digits.mantissa);
            } else if matches!(char, 'e' | 'E') && n_digits > 0 {
                digits.exponent = Some(exponent_of(&text[place + 1..])?);
                break;
            } else {
                let mark = mark_of(char).ok_or(AmountDefect::NotANumber)?;
                let slot = digits.marks.get_mut(digits.n_marks).ok_or(AmountDefect::NotANumber)?;
                *slot = mark;
                digits.n_marks += 1;
            }
        }
        if n_digits == 0 {
            return Err(AmountDefect::NotANumber);
        }
        // Whether it is a number at all comes before whether it fits.
        let is_number = [DecimalMark::Point, DecimalMark::Comma]
            .into_iter()
            .any(|decimal| digits.reading(decimal).is_some());
        match (is_number, is_too_long) {
            (false, _) => Err(AmountDefect::NotANumber),
            (true, true) => Err(AmountDefect::OutOfRange),
            (true, false) => Ok(digits),
        }
    }

    /// How the digits read under a decimal mark, if they do.
    fn reading(&self, decimal: DecimalMark) -> Option<Reading> {
        let marks = &self.marks[..self.n_marks];
        let groups = &self.group_lengths[..=self.n_marks];
        let decimal_mark = match decimal {
            DecimalMark::Point => Mark::Point,
            DecimalMark::Comma => Mark::Comma,
        };
        let (grouping_marks, grouped, n_decimals, decimal) = match marks.split_last() {
            Some((&last, before)) if last == decimal_mark => {
                (before, &groups[..self.n_marks], groups[self.n_marks], Some(decimal))
            }
            Some((Mark::ArabicDecimal, before)) => {
                (before, &groups[..self.n_marks], groups[self.n_marks], None)
            }
            _ => (marks, groups, 0, None),
        };
        let Some(&mark) = grouping_marks.first() else {
            return Some(Reading { n_decimals, decimal, grouping: None });
        };
        let grouping = match mark {
            Mark::Comma => Grouping::Comma,
            Mark::Point => Grouping::Point,
            Mark::Apostrophe => Grouping::Apostrophe,
            Mark::Space => Grouping::Space,
            Mark::ArabicThousands => Grouping::Arabic,
            Mark::ArabicDecimal => return None,
        };
        let is_sound = mark != decimal_mark
            && grouping_marks.iter().all(|&other| other == mark)
            && !self.starts_with_zero
            && self.exponent.is_none()
            && (is_grouped_by_three(grouped)
                || (mark == Mark::Comma && is_grouped_indian(grouped)));
        is_sound.then_some(Reading { n_decimals, decimal, grouping: Some(grouping) })
    }

    /// The integer and the number of its decimals, with the exponent taken in.
    fn scaled(&self, n_decimals: u32) -> Result<(i128, u8), AmountDefect> {
        if self.mantissa == 0 {
            return Ok((0, 0));
        }
        let n_decimals = i32::try_from(n_decimals).map_err(|_| AmountDefect::OutOfRange)?;
        let scale = n_decimals - self.exponent.unwrap_or(0);
        if let Ok(scale) = u8::try_from(scale) {
            let is_short = scale <= 76;
            return if is_short {
                Ok((self.mantissa, scale))
            } else {
                Err(AmountDefect::OutOfRange)
            };
        }
        if scale > 0 {
            return Err(AmountDefect::OutOfRange);
        }
        power_of_ten(-scale)
            .and_then(|power| self.mantissa.checked_mul(power))
            .map(|mantissa| (mantissa, 0))
            .ok_or(AmountDefect::OutOfRange)
    }
}

/// `1|234|567`: one to three digits, then threes.
fn is_grouped_by_three(groups: &[u32]) -> bool {
    groups
        .split_first()
        .is_some_and(|(first, rest)| (1..=3).contains(first) && rest.iter().all(|&n| n == 3))
}

/// `12|34|567`: one or two digits, then twos, then three.
fn is_grouped_indian(groups: &[u32]) -> bool {
    match groups {
        [1..=2, middle @ .., 3] => middle.iter().all(|&n| n == 2),
        _ => false,
    }
}

/// An exponent behind its `e`. One that is absurd is cut to what is out of range all the same.
fn exponent_of(text: &str) -> Result<i32, AmountDefect> {
    let (is_negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AmountDefect::NotANumber);
    }
    let size =
        digits.bytes().fold(0_i32, |size, byte| (size * 10 + i32::from(byte - b'0')).min(100_000));
    Ok(if is_negative { -size } else { size })
}

/// The value of a decimal digit in the scripts that spreadsheets write numbers in.
fn digit_of(char: char) -> Option<u8> {
    if char.is_ascii() {
        return char.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
    }
    // Arabic-Indic, Persian, Devanagari, Bengali, Thai, fullwidth.
    ['\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{E50}', '\u{FF10}'].into_iter().find_map(
        |zero| {
            let distance = u32::from(char).checked_sub(u32::from(zero))?;
            u8::try_from(distance).ok().filter(|&digit| digit <= 9)
        },
    )
}

/// The mark that a character between digits is.
fn mark_of(char: char) -> Option<Mark> {
    match char {
        '.' | '\u{FF0E}' => Some(Mark::Point),
        ',' | '\u{FF0C}' => Some(Mark::Comma),
        '\'' | '\u{2019}' | '\u{2BC}' => Some(Mark::Apostrophe),
        '\u{66C}' => Some(Mark::ArabicThousands),
        '\u{66B}' => Some(Mark::ArabicDecimal),
        // Not a line break: digits on two lines are two numbers.
        ' ' | '\u{A0}' | '\u{2007}' | '\u{2009}' | '\u{202F}' | '\u{3000}' => Some(Mark::Space),
        _ => None,
    }
}

pub(super) fn is_dash(char: char) -> bool {
    matches!(
        char,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}'
    )
}

/// White space, and the invisible characters that exports put around cells.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|char: char| {
        char.is_whitespace()
            || matches!(
                char,
                '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
                    | '\u{FEFF}' | '\u{61C}'
            )
    })
}

/// Blank, dashes only, or what a database writes for "no value".
pub(super) fn is_no_value(trimmed: &str) -> bool {
    const WORDS: [&str; 8] =
        ["null", "\\n", "(null)", "none", "(none)", "nil", "(blank)", "undefined"];
    trimmed.chars().all(is_dash) || WORDS.iter().any(|word| is_folded(trimmed, word))
}

/// Whether `text` is the lower-case `word` in any case.
pub(super) fn is_folded(text: &str, word: &str) -> bool {
    match (text.as_bytes().first(), word.as_bytes().first()) {
        // Most of them: a letter of ASCII is no other one in lower case.
        (Some(first), Some(&wanted))
            if first.is_ascii() && first.to_ascii_lowercase() != wanted =>
        {
            false
        }
        _ if text.is_ascii() => text.eq_ignore_ascii_case(word),
        _ => text.chars().flat_map(char::to_lowercase).eq(word.chars()),
    }
}

/// What can stand around the digits.
enum Part {
    Open,
    Close,
    Sign(SignMark),
    Currency(CurrencySign),
    Percent,
}

/// Takes one part off either end, if there is one.
fn peel(text: &str) -> Option<(Part, &str)> {
    let (first, last) = (text.chars().next()?, text.chars().next_back()?);
    let after_first = &text[first.len_utf8()..];
    let before_last = &text[..text.len() - last.len_utf8()];
    match first {
        '+' | '\u{FF0B}' => return Some((Part::Sign(SignMark::Plus), after_first)),
        '(' | '\u{FF08}' => return Some((Part::Open, after_first)),
        '%' | '\u{66A}' | '\u{FF05}' => return Some((Part::Percent, after_first)),
        _ if is_dash(first) => return Some((Part::Sign(SignMark::Minus), after_first)),
        _ => {}
    }
    if digit_of(first).is_none()
        && let Some(found) = peel_word_in_front(text)
    {
        return Some(found);
    }
    match last {
        '+' | '\u{FF0B}' => return Some((Part::Sign(SignMark::Plus), before_last)),
        ')' | '\u{FF09}' => return Some((Part::Close, before_last)),
        '%' | '\u{2030}' | '\u{66A}' | '\u{FF05}' => return Some((Part::Percent, before_last)),
        _ if is_dash(last) => return Some((Part::Sign(SignMark::TrailingMinus), before_last)),
        _ => {}
    }
    if digit_of(last).is_some() { None } else { peel_word_behind(text) }
}

/// Signs that are no letters, and words; a word ends where its letters end.
const SIGNS: &[(&str, Sign)] = &[
    ("$", Sign::Dollar),
    ("€", Sign::Code("EUR")),
    ("£", Sign::Code("GBP")),
    ("us$", Sign::Code("USD")),
    ("ca$", Sign::Code("CAD")),
    ("c$", Sign::Code("CAD")),
    ("au$", Sign::Code("AUD")),
    ("a$", Sign::Code("AUD")),
    ("nz$", Sign::Code("NZD")),
    ("hk$", Sign::Code("HKD")),
    ("s$", Sign::Code("SGD")),
    ("nt$", Sign::Code("TWD")),
    ("mx$", Sign::Code("MXN")),
    ("r$", Sign::Code("BRL")),
    ("¥", Sign::Yen),
    ("￥", Sign::Yen),
    ("cn¥", Sign::Code("CNY")),
    ("jp¥", Sign::Code("JPY")),
    ("元", Sign::Code("CNY")),
    ("円", Sign::Code("JPY")),
    ("₹", Sign::Code("INR")),
    ("rs.", Sign::Rupee),
    ("rs", Sign::Rupee),
    ("kr.", Sign::Krone),
    ("kr", Sign::Krone),
    ("zł", Sign::Code("PLN")),
    ("kč", Sign::Code("CZK")),
    ("sfr.", Sign::Code("CHF")),
    ("sfr", Sign::Code("CHF")),
    ("fr.", Sign::Code("CHF")),
    ("fr", Sign::Code("CHF")),
    ("ft", Sign::Code("HUF")),
    ("lei", Sign::Code("RON")),
    ("₺", Sign::Code("TRY")),
    ("₽", Sign::Code("RUB")),
    ("₴", Sign::Code("UAH")),
    ("₩", Sign::Code("KRW")),
    ("₫", Sign::Code("VND")),
    ("₪", Sign::Code("ILS")),
    ("₱", Sign::Code("PHP")),
    ("₦", Sign::Code("NGN")),
    ("฿", Sign::Code("THB")),
    ("rm", Sign::Code("MYR")),
    ("rp", Sign::Code("IDR")),
    ("＄", Sign::Dollar),
    ("￡", Sign::Code("GBP")),
];

#[derive(Clone, Copy)]
enum Sign {
    Code(&'static str),
    Dollar,
    Yen,
    Krone,
    Rupee,
}

impl Sign {
    fn read(self) -> Option<CurrencySign> {
        Some(match self {
            Self::Code(code) => CurrencySign::Known(Currency::from_code(code)?),
            Self::Dollar => CurrencySign::Dollar,
            Self::Yen => CurrencySign::Yen,
            Self::Krone => CurrencySign::Krone,
            Self::Rupee => CurrencySign::Rupee,
        })
    }
}

/// The most characters of a sign or a word that says anything.
const LONGEST_WORD: usize = 4;

/// What a whole word, or a sign, around the digits says.
fn part_of(word: &str) -> Option<Part> {
    if word.is_empty() || word.chars().nth(LONGEST_WORD).is_some() {
        return None;
    }
    if is_folded(word, "cr") || is_folded(word, "cr.") {
        return Some(Part::Sign(SignMark::Credit));
    }
    if is_folded(word, "dr") || is_folded(word, "dr.") {
        return Some(Part::Sign(SignMark::Debit));
    }
    if let Some(&(_, sign)) = SIGNS.iter().find(|(sign, _)| is_folded(word, sign)) {
        return sign.read().map(Part::Currency);
    }
    is_iso_code(word)
        .then(|| Currency::from_code(word))
        .flatten()
        .map(|currency| Part::Currency(CurrencySign::Known(currency)))
}

fn is_sign_char(char: char) -> bool {
    matches!(char, '$' | '€' | '£' | '¥' | '￥' | '＄' | '￡' | '฿' | '\u{20A0}'..='\u{20CF}')
}

/// The part in front: letters (with a dot behind them), signs, or letters and then one sign.
fn peel_word_in_front(text: &str) -> Option<(Part, &str)> {
    let n_letters: usize =
        text.chars().take_while(|char| char.is_alphabetic()).map(char::len_utf8).sum();
    let (word, rest) = text.split_at(n_letters);
    let next = rest.chars().next();
    let longer = match next {
        Some(char) if is_sign_char(char) || char == '.' => n_letters + char.len_utf8(),
        _ => n_letters,
    };
    if longer > n_letters
        && let Some(part) = part_of(&text[..longer])
    {
        return Some((part, &text[longer..]));
    }
    // The rand stands in front only, and in capitals only.
    let part =
        if word == "R" { Sign::Code("ZAR").read().map(Part::Currency) } else { part_of(word) };
    part.map(|part| (part, rest))
}

/// The part behind: letters (with a dot behind them), signs, or letters and then one sign.
fn peel_word_behind(text: &str) -> Option<(Part, &str)> {
    let body = text.strip_suffix('.').unwrap_or(text);
    let without_sign = body.strip_suffix(is_sign_char).unwrap_or(body);
    let n_letters: usize = without_sign
        .chars()
        .rev()
        .take_while(|char| char.is_alphabetic())
        .map(char::len_utf8)
        .sum();
    let word_start = without_sign.len() - n_letters;
    [
        (&text[word_start..], word_start),
        (&body[word_start..], word_start),
        (&body[without_sign.len()..], without_sign.len()),
    ]
    .into_iter()
    .find_map(|(word, start)| Some((part_of(word)?, &text[..start])))
}

/// Whether three letters in any case are a currency code in use.
fn is_iso_code(word: &str) -> bool {
    const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB \
        BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB \
        EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD \
        JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT \
        MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR \
        RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND \
        TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL";
    word.len() == 3
        && word.bytes().all(|byte| byte.is_ascii_alphabetic())
        && CODES.as_bytes().chunks(4).any(|code| code[..3].eq_ignore_ascii_case(word.as_bytes()))
}

/// A share as a cell has it: with a percent sign, or as a bare number that only its column can
/// explain (`0.85`, `85`, and `1`, which may be 1 % or 100 %).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The number as written, without the percent sign.
    pub number: Amount,
    /// Whether there is a percent sign.
    pub has_percent_sign: bool,
}

impl Share {
    /// The share as a fraction, with a bare number read as one: 0.85 for `85%` and for `0.85`.
    #[must_use]
    pub fn fraction(self) -> f64 {
        if self.has_percent_sign { self.hundredth() } else { self.number.to_f64() }
    }

    /// The share as a fraction, with a bare number read as percent: 0.85 for `85%` and for `85`.
    #[must_use]
    pub fn hundredth(self) -> f64 {
        Amount { scale: self.number.scale.saturating_add(2), ..self.number }.to_f64()
    }
}

/// Reads one cell as a share.
///
/// # Errors
///
/// An [`AmountDefect`]; a currency in the cell is [`AmountDefect::NotANumber`].
pub fn read_share(text: &str, decimal: Option<DecimalMark>) -> Result<Share, AmountDefect> {
    let cell = Cell::of(text)?;
    let number = cell.amount(decimal)?;
    if cell.currency.is_some() {
        return Err(AmountDefect::NotANumber);
    }
    Ok(Share { number, has_percent_sign: cell.has_percent })
}

/// Reads one cell as a whole count: `1,234`, `5`, `5.0`.
///
/// Where no decimal mark is given, a reading that is no whole number rules itself out: `1.234` is
/// 1234, but `1.000` stays ambiguous.
///
/// # Errors
///
/// An [`AmountDefect`]: [`AmountDefect::OutOfRange`] below 0, [`AmountDefect::NotANumber`] for
/// fractions and money.
pub fn read_count(text: &str, decimal: Option<DecimalMark>) -> Result<u64, AmountDefect> {
    let whole = |decimal| {
        let amount = read_amount(text, decimal)?.normal();
        if amount.scale > 0 || amount.currency.is_some() {
            return Err(AmountDefect::NotANumber);
        }
        u64::try_from(amount.mantissa).map_err(|_| AmountDefect::OutOfRange)
    };
    match whole(decimal) {
        Err(AmountDefect::Ambiguous) if decimal.is_none() => {
            match (whole(Some(DecimalMark::Point)), whole(Some(DecimalMark::Comma))) {
                (Ok(count), Err(_)) | (Err(_), Ok(count)) => Ok(count),
                _ => Err(AmountDefect::Ambiguous),
            }
        }
        result => result,
    }
}

/// Reads one cell as a plain number, for durations and scores.
///
/// # Errors
///
/// An [`AmountDefect`]; a currency in the cell is [`AmountDefect::NotANumber`].
pub fn read_number(text: &str, decimal: Option<DecimalMark>) -> Result<f64, AmountDefect> {
    let amount = read_amount(text, decimal)?;
    if amount.currency.is_some() {
        return Err(AmountDefect::NotANumber);
    }
    Ok(amount.to_f64())
}

/// Reads one cell as yes or no: `yes`, `1`, `true`, `ja`, `oui`, `sí` …; nothing for other text.
#[must_use]
pub fn read_flag(text: &str) -> Option<bool> {
    match word_of(text)? {
        Word::Yes => Some(true),
        Word::No => Some(false),
        Word::Gone | Word::Here => None,
    }
}

/// Reads one cell of a column that says whether a customer has left: yes or no as in
/// [`read_flag`], and words such as `churned` or `active`.
#[must_use]
pub fn read_churned(text: &str) -> Option<bool> {
    Some(matches!(word_of(text)?, Word::Yes | Word::Gone))
}

/// Reads one cell of a column that says whether a customer is still there: the opposite of
/// [`read_churned`] for yes and no, and the same words.
#[must_use]
pub fn read_active(text: &str) -> Option<bool> {
    Some(matches!(word_of(text)?, Word::Yes | Word::Here))
}

#[derive(Clone, Copy)]
enum Word {
    Yes,
    No,
    Gone,
    Here,
}

fn word_of(text: &str) -> Option<Word> {
    const YES: &[&str] = &[
        "1",
        "yes",
        "y",
        "true",
        "t",
        "x",
        "✓",
        "1.0",
        "ja",
        "j",
        "wahr",
        "oui",
        "o",
        "vrai",
        "sí",
        "si",
        "s",
        "verdadero",
        "sì",
        "vero",
        "waar",
        "sim",
        "verdadeiro",
    ];
    const NO: &[&str] = &[
        "0", "no", "n", "false", "f", "0.0", "nein", "falsch", "non", "faux", "falso", "nee",
        "onwaar", "não", "nao",
    ];
    const GONE: &[&str] = &[
        "churned",
        "churn",
        "lost",
        "left",
        "gone",
        "cancelled",
        "canceled",
        "inactive",
        "ended",
        "expired",
        "terminated",
        "closed",
        "deactivated",
        "gekündigt",
        "inaktiv",
        "verloren",
        "résilié",
        "annulé",
        "inactif",
        "perdu",
        "cancelado",
        "inactivo",
        "perdido",
        "disdetto",
        "cancellato",
        "inattivo",
        "perso",
        "opgezegd",
        "inactief",
        "geannuleerd",
        "inativo",
    ];
    const HERE: &[&str] = &[
        "active",
        "retained",
        "stayed",
        "current",
        "live",
        "open",
        "renewed",
        "not churned",
        "existing",
        "aktiv",
        "actif",
        "activo",
        "attivo",
        "actief",
        "ativo",
    ];
    let text = trim(text);
    let text = text.strip_prefix('\'').unwrap_or(text);
    [(YES, Word::Yes), (NO, Word::No), (GONE, Word::Gone), (HERE, Word::Here)]
        .into_iter()
        .find(|(words, _)| words.iter().any(|word| is_folded(text, word)))
        .map(|(_, word)| word)
}

/// What the cells of a column say about its decimal mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DecimalEvidence {
    /// Cells that only a decimal point reads.
    pub n_point: u64,
    /// Cells that only a decimal comma reads.
    pub n_comma: u64,
    /// Cells such as `1.234`, that both read, and differently.
    pub n_either_with_point: u64,
    /// Cells such as `1,234`, that both read, and differently.
    pub n_either_with_comma: u64,
    /// Numbers on which both agree.
    pub n_unmarked: u64,
    /// Blank cells and the like.
    pub n_missing: u64,
    /// Cells with a percent sign.
    pub n_percent: u64,
    /// Cells that are no number, or one that does not fit.
    pub n_other: u64,
}

/// What is known of the decimal mark of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalVerdict {
    /// Some cells have only one reading, and it is this one.
    Proved(DecimalMark),
    /// Cells depend on the mark, and nothing proves it.
    Ambiguous,
    /// No cell depends on the mark.
    Unneeded,
}

impl DecimalEvidence {
    /// Counts a plain amount.
    #[inline]
    pub(crate) fn count(&mut self, plain: PlainMinor) {
        self.n_point += u64::from(plain.has_point);
        self.n_unmarked += u64::from(!plain.has_point);
    }

    /// Counts one cell.
    pub fn observe(&mut self, text: &str) {
        match plain_mark(text.as_bytes()) {
            Some(PlainMark::None) => self.n_unmarked += 1,
            Some(PlainMark::Point { may_group: false }) => self.n_point += 1,
            Some(PlainMark::Point { may_group: true }) => self.n_either_with_point += 1,
            Some(PlainMark::Comma { may_group: false }) => self.n_comma += 1,
            Some(PlainMark::Comma { may_group: true }) => self.n_either_with_comma += 1,
            None => self.observe_any(text),
        }
    }

    fn observe_any(&mut self, text: &str) {
        match Cell::of(text) {
            Err(AmountDefect::Missing) => self.n_missing += 1,
            Err(_) => self.n_other += 1,
            Ok(cell) => {
                self.n_percent += u64::from(cell.has_percent);
                let readings = (
                    cell.digits.reading(DecimalMark::Point),
                    cell.digits.reading(DecimalMark::Comma),
                );
                match readings {
                    (Some(point), Some(comma)) if point == comma => self.n_unmarked += 1,
                    (Some(point), Some(_)) if point.decimal.is_some() => {
                        self.n_either_with_point += 1;
                    }
                    (Some(_), Some(_)) => self.n_either_with_comma += 1,
                    (Some(_), None) => self.n_point += 1,
                    (None, Some(_)) => self.n_comma += 1,
                    (None, None) => self.n_other += 1,
                }
            }
        }
    }

    /// How many numbers [`DecimalEvidence::counts`] gives.
    pub(crate) const N_COUNTS: usize = 8;

    /// All that it holds as numbers, for another worker.
    pub(crate) fn counts(&self) -> [u64; Self::N_COUNTS] {
        [
            self.n_point,
            self.n_comma,
            self.n_either_with_point,
            self.n_either_with_comma,
            self.n_unmarked,
            self.n_missing,
            self.n_percent,
            self.n_other,
        ]
    }

    /// The evidence that gave these numbers.
    pub(crate) fn from_counts(counts: [u64; Self::N_COUNTS]) -> Self {
        let [
            n_point,
            n_comma,
            n_either_with_point,
            n_either_with_comma,
            n_unmarked,
            n_missing,
            n_percent,
            n_other,
        ] = counts;
        Self {
            n_point,
            n_comma,
            n_either_with_point,
            n_either_with_comma,
            n_unmarked,
            n_missing,
            n_percent,
            n_other,
        }
    }

    /// Adds what another part of the column says.
    pub fn merge(&mut self, other: &Self) {
        self.n_point += other.n_point;
        self.n_comma += other.n_comma;
        self.n_either_with_point += other.n_either_with_point;
        self.n_either_with_comma += other.n_either_with_comma;
        self.n_unmarked += other.n_unmarked;
        self.n_missing += other.n_missing;
        self.n_percent += other.n_percent;
        self.n_other += other.n_other;
    }

    /// How many cells are numbers.
    #[must_use]
    pub fn n_numbers(&self) -> u64 {
        self.n_point + self.n_comma + self.n_either() + self.n_unmarked
    }

    fn n_either(&self) -> u64 {
        self.n_either_with_point + self.n_either_with_comma
    }

    /// What is known of the mark.
    ///
    /// Where both marks are proved by some cells, the more frequent one counts; but not where
    /// other cells depend on it and the less frequent one has more than a tenth as many proofs.
    #[must_use]
    pub fn verdict(&self) -> DecimalVerdict {
        let (most, fewest) = (self.n_point.max(self.n_comma), self.n_point.min(self.n_comma));
        if most == 0 {
            let is_unneeded = self.n_either() == 0;
            return if is_unneeded { DecimalVerdict::Unneeded } else { DecimalVerdict::Ambiguous };
        }
        let is_contested = most == fewest || (self.n_either() > 0 && fewest * 10 > most);
        if is_contested { DecimalVerdict::Ambiguous } else { DecimalVerdict::Proved(self.likely()) }
    }

    /// The mark to assume until someone answers: the one with more proofs; without any, the one
    /// that makes `1,234` or `1.234` thousands.
    #[must_use]
    pub fn likely(&self) -> DecimalMark {
        let is_comma = if self.n_point == self.n_comma {
            self.n_either_with_point > self.n_either_with_comma
        } else {
            self.n_comma > self.n_point
        };
        if is_comma { DecimalMark::Comma } else { DecimalMark::Point }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As [`read_amount`], without the way for plain numbers.
    fn read_slowly(text: &str, decimal: Option<DecimalMark>) -> Result<Amount, AmountDefect> {
        let cell = Cell::of(text)?;
        let amount = cell.amount(decimal)?;
        if cell.has_percent { Err(AmountDefect::Percent) } else { Ok(amount) }
    }

    fn check(text: &str) {
        for decimal in [None, Some(DecimalMark::Point), Some(DecimalMark::Comma)] {
            let (fast, slow) = (read_amount(text, decimal), read_slowly(text, decimal));
            // A zero has no decimals to keep, however it is written.
            let is_zero = |amount: &Result<Amount, _>| amount.is_ok_and(|it| it.mantissa == 0);
            if is_zero(&fast) && is_zero(&slow) {
                assert_eq!(fast.map(|it| it.sign), slow.map(|it| it.sign), "{text:?}");
            } else {
                assert_eq!(fast, slow, "{text:?} {decimal:?}");
            }
        }
        let (mut fast, mut slow) = (DecimalEvidence::default(), DecimalEvidence::default());
        fast.observe(text);
        slow.observe_any(text);
        assert_eq!(fast, slow, "{text:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn plain_numbers_are_read_as_others(text in "-?[0-9]{0,7}[.,]?[0-9]{0,5}[.,]?[0-9]{0,3}") {
            check(&text);
        }

        #[test]
        fn long_numbers_are_read_as_others(text in "-{0,2}[0-9]{12,20}[.,]?[0-9]{0,4}") {
            check(&text);
        }

        /// The standard library reads the same digits.
        #[test]
        fn floats_are_the_nearest(
            mantissa in prop_oneof![
                any::<i128>(),
                any::<i64>().prop_map(i128::from),
                // Half way between two floats, and one beside it.
                (1_i128 << 53..1 << 54, 1..70_u32, -1..=1_i128)
                    .prop_map(|(bits, shift, beside)| ((2 * bits + 1) << shift) + beside),
            ],
            scale in 0..=54_u8,
        ) {
            let expected: f64 = format!("{mantissa}e-{scale}").parse().expect("a number");
            let found = Amount::plain(mantissa, scale).to_f64();
            prop_assert_eq!(found.to_bits(), expected.to_bits(), "{} {}", mantissa, scale);
        }

        #[test]
        fn small_sums_are_counted_as_others(
            mantissa in prop_oneof![-100_000..100_000_i64, any::<i64>()],
            (scale, decimals) in (0_u8..20, 0_u8..5),
            (numerator, denominator) in (0_u32..100, 0_u32..400),
        ) {
            let amount = Amount::plain(i128::from(mantissa), scale);
            for (numerator, denominator) in [(numerator, denominator), (1, 1), (1, 12)] {
                let any = amount.any_fraction_to_minor(numerator, denominator, decimals);
                if let Some(small) = amount.small_fraction_to_minor(numerator, denominator, decimals) {
                    prop_assert_eq!(Ok(small), any);
                }
                prop_assert_eq!(amount.fraction_to_minor(numerator, denominator, decimals), any);
            }
            if mantissa.abs() < 100_000 && scale < 8 {
                prop_assert!(amount.small_fraction_to_minor(1, 12, decimals).is_some());
            }
        }
    }
}
