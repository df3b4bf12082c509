//! Text to days: ISO, day-month-year and month-day-year, timestamps, spreadsheet serials, months.
//!
//! It never guesses the order of a numeric date, knows no time zone (the date as written counts)
//! and no clock.

use super::amount::{is_dash, is_folded, is_no_value, trim};
use crate::calendar::{Day, Granularity, Period};

/// The order of the parts of a numeric date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// Year, month, day.
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

impl DateOrder {
    pub(crate) const ALL: [Self; 3] = [Self::Ymd, Self::Dmy, Self::Mdy];

    /// The published name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ymd => "ymd",
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
        }
    }

    /// The parts as year, month and day.
    fn arrange(self, [a, b, c]: [u64; 3]) -> [u64; 3] {
        match self {
            Self::Ymd => [a, b, c],
            Self::Dmy => [c, b, a],
            Self::Mdy => [c, a, b],
        }
    }
}

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateForm {
    /// `2024-01-15`, `2024/1/15`
    YearFirst,
    /// `20240115`
    Compact,
    /// `15/01/2024`
    DayFirst,
    /// `01/15/2024`
    MonthFirst,
    /// `15 Jan 2024`, `January 15, 2024`
    TextMonth,
    /// `45306`: days since the end of 1899, as spreadsheets count them
    Serial,
    /// `1705276800`
    EpochSeconds,
    /// `1705276800000`
    EpochMillis,
}

/// A day, and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateReading {
    /// The day as written; a time zone does not move it.
    pub day: Day,
    /// How it is written.
    pub form: DateForm,
    /// Whether a time of day other than midnight, or a time zone other than UTC, was left aside.
    pub time_dropped: bool,
    /// Whether the year has two digits; 00 to 68 are 2000 to 2068, 69 to 99 are 1969 to 1999.
    pub two_digit_year: bool,
}

/// A calendar month, quarter or year, and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthReading {
    /// The period.
    pub period: Period,
    /// How long it is.
    pub granularity: Granularity,
    /// Whether a whole date is written, and the period is the month that it lies in.
    pub is_full_date: bool,
    /// Whether the year has two digits.
    pub two_digit_year: bool,
}

/// Why a cell is no date that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateDefect {
    /// Nothing there.
    Missing,
    /// No date, or one that the calendar does not have.
    Invalid,
    /// A date before [`Day::EARLIEST`] or after [`Day::LATEST`].
    OutOfRange,
    /// A date that two orders of its parts read differently.
    Ambiguous,
}

impl DateDefect {
    /// The stable code of the note.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing-value",
            Self::Invalid => "invalid-date",
            Self::OutOfRange => "date-out-of-range",
            Self::Ambiguous => "ambiguous-date",
        }
    }
}

/// Reads one cell as a date.
///
/// `order` is the order of the parts in the column's numeric dates; without it, only cells with
/// one possible reading are read. A year of four digits in front is always year, month, day. Under
/// an order, a cell that fits another order only is invalid: `01/15/2024` has no fifteenth month.
///
/// # Errors
///
/// A [`DateDefect`], see there.
pub fn read_date(text: &str, order: Option<DateOrder>) -> Result<DateReading, DateDefect> {
    match (Common::of(text.as_bytes()), order) {
        (Some(Common { date: CommonDate::YearFirst(day), time_dropped }), _) => {
            let form = DateForm::YearFirst;
            return Ok(DateReading { day, form, time_dropped, two_digit_year: false });
        }
        (
            Some(Common { date: CommonDate::YearLast { day_first, month_first }, time_dropped }),
            Some(order @ (DateOrder::Dmy | DateOrder::Mdy)),
        ) => {
            let day = if order == DateOrder::Dmy { day_first } else { month_first };
            if let Some(day) = day {
                let form = form_of(order);
                return Ok(DateReading { day, form, time_dropped, two_digit_year: false });
            }
        }
        _ => {}
    }
    Written::of(text)?.read(order)
}

/// Whether a cell of an end-date column says that there is no end: blank, a word such as `never`,
/// a date after [`Day::LATEST`] such as `9999-12-31`, or the zero date of a spreadsheet or a
/// database.
#[must_use]
pub fn is_open_end(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "n/a",
        "na",
        "#n/a",
        "never",
        "ongoing",
        "open",
        "open-ended",
        "present",
        "current",
        "now",
        "active",
        "unlimited",
        "indefinite",
        "∞",
        "9999",
        "0",
        "nie",
        "laufend",
        "unbefristet",
        "offen",
        "jamais",
        "en cours",
        "nunca",
        "mai",
        "nooit",
        "indefinido",
    ];
    if Common::of(text.as_bytes()).is_some() {
        return false;
    }
    let trimmed = trim(text);
    if is_no_value(trimmed) || WORDS.iter().any(|word| is_folded(trimmed, word)) {
        return true;
    }
    match Written::of(text) {
        Err(defect) => defect == DateDefect::Missing,
        Ok(written) => {
            let orders: &[DateOrder] = match written.date {
                Parts::TwoDigitYear(_) => &[],
                _ => &DateOrder::ALL,
            };
            orders.iter().filter_map(|&order| written.day(order)).any(|day| {
                let is_zero =
                    [(1, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1)].into_iter().any(
                        |(year, month, of_month)| Day::from_ymd(year, month, of_month) == Some(day),
                    );
                is_zero || Day::LATEST < day
            })
        }
    }
}

/// Reads one cell, or one header, as a calendar month, quarter or year: `2024-01`, `01/2024`,
/// `202401`, `Jan 2024`, `Jan-24`, `2024-Q1`, `Q1 2024`, `2024`, or a whole date in that month.
///
/// # Errors
///
/// A [`DateDefect`], see there.
pub fn read_month(text: &str, order: Option<DateOrder>) -> Result<MonthReading, DateDefect> {
    let month = |day, is_full_date, two_digit_year| {
        let granularity = Granularity::Month;
        let period = Period::containing(day, granularity);
        MonthReading { period, granularity, is_full_date, two_digit_year }
    };
    if let Some(first) = common_month(text.as_bytes()) {
        return Ok(month(first, false, false));
    }
    if Common::of(text.as_bytes()).is_some() {
        return read_date(text, order).map(|date| month(date.day, true, date.two_digit_year));
    }
    let tokens = Tokens::of(text)?;
    if let Some(written) = period_of(&tokens)? {
        let WrittenPeriod { year, two_digit_year, month, granularity } = written;
        let year = if two_digit_year { full_year(year) } else { year };
        let first = day_of([year, month, 1]).ok_or(DateDefect::Invalid)?;
        let period = Period::containing(in_range(first)?, granularity);
        return Ok(MonthReading { period, granularity, is_full_date: false, two_digit_year });
    }
    read_date(text, order).map(|date| month(date.day, true, date.two_digit_year))
}

/// A date in the range that is written as most dates are, in ASCII alone.
struct Common {
    date: CommonDate,
    time_dropped: bool,
}

enum CommonDate {
    /// `2024-01-15`
    YearFirst(Day),
    /// `15/01/2024`, `1.15.2024`, as either order reads it; at least one does.
    YearLast { day_first: Option<Day>, month_first: Option<Day> },
}

impl Common {
    /// The date in a cell that has no more than it and a time of day.
    #[inline]
    fn of(cell: &[u8]) -> Option<Self> {
        if let Some((date, time)) = cell.split_first_chunk::<10>() {
            let mark = date[4];
            if let Some([year, month, day]) = iso_parts(date, mark)
                && is_mark(mark)
            {
                let day = common_day(year, month, day)?;
                let time_dropped = common_time(time)?;
                return Some(Self { date: CommonDate::YearFirst(day), time_dropped });
            }
        }
        Self::year_last(cell)
    }

    fn year_last(cell: &[u8]) -> Option<Self> {
        let (first, mark, rest) = short_number(cell)?;
        let (second, other, rest) = short_number(rest)?;
        let (year, time) = rest.split_first_chunk::<4>()?;
        let year = number(year)?;
        if mark != other || !is_mark(mark) {
            return None;
        }
        let (day_first, month_first) =
            (common_day(year, second, first), common_day(year, first, second));
        let is_date = day_first.is_some() || month_first.is_some();
        let date = CommonDate::YearLast { day_first, month_first };
        if is_date { Some(Self { date, time_dropped: common_time(time)? }) } else { None }
    }
}

/// The day of a cell that is `YYYY-MM-DD` and nothing else, which is what most are.
#[inline]
pub(crate) fn read_plain_date(cell: &[u8]) -> Option<Day> {
    let date = <&[u8; 10]>::try_from(cell).ok()?;
    let [year, month, day] = iso_parts(date, b'-')?;
    common_day(year, month, day)
}

/// Whether numbers of a date may be set apart by a byte.
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'-' | b'/' | b'.')
}

/// The numbers of a text like `2024-01-15`, with any mark.
#[inline]
fn iso_parts(text: &[u8; 10], mark: u8) -> Option<[u32; 3]> {
    // Eight bytes at once: digits become their values, and marks 0.
    let zeros = u64::from_le_bytes([b'0', b'0', b'0', b'0', mark, b'0', b'0', mark]);
    let limits = u64::from_le_bytes([0x76, 0x76, 0x76, 0x76, 0x7F, 0x76, 0x76, 0x7F]);
    let (&first, rest) = text.split_first_chunk::<8>()?;
    let digits = u64::from_le_bytes(first) ^ zeros;
    if (digits.wrapping_add(limits) | digits) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    // Each byte and the one behind it as one number.
    let pairs = digits * 10 + (digits >> 8);
    let [century, _, year, _, _, month, ..] = pairs.to_le_bytes();
    let day = number(rest.first_chunk::<2>()?)?;
    Some([u32::from(century) * 100 + u32::from(year), u32::from(month), day])
}

/// The first day of `YYYY-MM`.
fn common_month(cell: &[u8]) -> Option<Day> {
    let &[a, b, c, d, b'-' | b'/', e, f] = cell else { return None };
    common_day(number(&[a, b, c, d])?, number(&[e, f])?, 1)
}

/// The number that some digits are.
#[inline]
fn number<const N: usize>(digits: &[u8; N]) -> Option<u32> {
    let (mut number, mut is_number) = (0, true);
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        is_number &= digit <= 9;
        number = number * 10 + u32::from(digit);
    }
    is_number.then_some(number)
}

/// A number of one or two digits, the byte behind it, and the rest.
fn short_number(cell: &[u8]) -> Option<(u32, u8, &[u8])> {
    match *cell {
        [a, mark, ref rest @ ..] if !mark.is_ascii_digit() => Some((number(&[a])?, mark, rest)),
        [a, b, mark, ref rest @ ..] => Some((number(&[a, b])?, mark, rest)),
        _ => None,
    }
}

/// A day in the range; without such a day, nothing.
#[inline]
fn common_day(year: u32, month: u32, day: u32) -> Option<Day> {
    /// Days of the year before each month, and of the whole year, where it is no leap year.
    const BEFORE: [u32; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
    if !(1950..=2099).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    // In these years, no century is left out.
    let is_leap = year.is_multiple_of(4);
    let before = BEFORE[month as usize - 1];
    let n_days = BEFORE[month as usize] - before + u32::from(month == 2 && is_leap);
    if !(1..=n_days).contains(&day) {
        return None;
    }
    let n_leap_days = (year - 1949) / 4 + u32::from(2 < month && is_leap);
    let since_earliest = (year - 1950) * 365 + n_leap_days + before + day - 1;
    Some(Day(Day::EARLIEST.0 + since_earliest.cast_signed()))
}

/// Whether what stands behind a date, as most times of day are written, is more than midnight UTC.
#[inline]
fn common_time(text: &[u8]) -> Option<bool> {
    if text.is_empty() { Some(false) } else { common_time_of_day(text) }
}

fn common_time_of_day(text: &[u8]) -> Option<bool> {
    let &[b' ' | b'T', h, i, b':', m, n, ref rest @ ..] = text else { return None };
    let (hour, minute) = (number(&[h, i])?, number(&[m, n])?);
    let (second, rest) = match *rest {
        [b':', s, t, ref rest @ ..] => (number(&[s, t])?, rest),
        _ => (0, rest),
    };
    let (has_fraction, rest) = match rest {
        [b'.', rest @ ..] => {
            let n_digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (digits, rest) = rest.split_at(n_digits);
            if !(1..=9).contains(&n_digits) {
                return None;
            }
            (digits.iter().any(|&digit| digit != b'0'), rest)
        }
        rest => (false, rest),
    };
    let has_offset = match *rest {
        [] | [b'Z'] | [b' ', b'U', b'T', b'C'] => false,
        [b'+' | b'-', h, i, b':', m, n] => {
            let (hours, minutes) = (number(&[h, i])?, number(&[m, n])?);
            if 14 < hours || 59 < minutes {
                return None;
            }
            0 < hours + minutes
        }
        _ => return None,
    };
    if 23 < hour || 59 < minute || 59 < second {
        return None;
    }
    Some(has_offset || has_fraction || 0 < hour + minute + second)
}

fn day_of([year, month, day]: [u64; 3]) -> Option<Day> {
    Day::from_ymd(i32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

fn in_range(day: Day) -> Result<Day, DateDefect> {
    let is_in_range = Day::EARLIEST <= day && day <= Day::LATEST;
    if is_in_range { Ok(day) } else { Err(DateDefect::OutOfRange) }
}

/// A year of two digits in full, as POSIX has it.
fn full_year(year: u64) -> u64 {
    if year <= 68 { 2000 + year } else { 1900 + year }
}

/// A cell taken apart, before any order is known.
struct Written {
    date: Parts,
    time_dropped: bool,
}

#[derive(Clone, Copy)]
enum Parts {
    /// A day that no order changes.
    Certain { day: Day, form: DateForm, two_digit_year: bool },
    /// Two short numbers, then a year of four digits.
    YearLast([u64; 3]),
    /// Three short numbers.
    TwoDigitYear([u64; 3]),
}

impl Written {
    fn of(text: &str) -> Result<Self, DateDefect> {
        let tokens = Tokens::of(text)?;
        let tokens = tokens.as_slice();
        if let Some(written) = Self::of_one_number(tokens)? {
            return Ok(written);
        }
        let (date, time) = split_time(tokens);
        let time_dropped = read_time(time).ok_or(DateDefect::Invalid)?;
        let date = match date {
            &[Token::Number { value, n_digits: 8 }] => compact(value)?,
            _ => match numeric_parts(date) {
                Some(parts) => numeric(parts)?,
                None => text_month(date)?,
            },
        };
        Ok(Self { date, time_dropped })
    }

    /// Serials and epochs, with or without a fraction of a day or second.
    fn of_one_number(tokens: &[Token<'_>]) -> Result<Option<Self>, DateDefect> {
        let (value, n_digits, has_fraction) = match *tokens {
            [Token::Number { value, n_digits }] => (value, n_digits, false),
            [
                Token::Number { value, n_digits },
                Token::Mark('.' | ','),
                Token::Number { value: fraction, .. },
            ] => (value, n_digits, fraction > 0),
            _ => return Ok(None),
        };
        let epoch = |seconds: u64| i32::try_from(seconds / 86_400).ok();
        let (days, form, has_time) = match (n_digits, value) {
            (5, 20_000..=80_000) => {
                (i32::try_from(value).ok().map(|days| days - 25_569), DateForm::Serial, false)
            }
            (9..=10, _) => (epoch(value), DateForm::EpochSeconds, value % 86_400 > 0),
            (12..=13, _) => (epoch(value / 1000), DateForm::EpochMillis, value % 86_400_000 > 0),
            (8, _) if !has_fraction => {
                return Ok(Some(Self { date: compact(value)?, time_dropped: false }));
            }
            (5.., _) if tokens.len() == 1 => return Err(DateDefect::Invalid),
            _ => return Ok(None),
        };
        let day = days.map(Day).ok_or(DateDefect::OutOfRange)?;
        let date = Parts::Certain { day, form, two_digit_year: false };
        Ok(Some(Self { date, time_dropped: has_fraction || has_time }))
    }

    fn read(&self, order: Option<DateOrder>) -> Result<DateReading, DateDefect> {
        let time_dropped = self.time_dropped;
        let (day, form, two_digit_year) = match (self.date, order) {
            (Parts::Certain { day, form, two_digit_year }, _) => (day, form, two_digit_year),
            (Parts::TwoDigitYear(_), Some(order))
            | (Parts::YearLast(_), Some(order @ (DateOrder::Dmy | DateOrder::Mdy))) => {
                let day = self.day(order).ok_or(DateDefect::Invalid)?;
                (day, form_of(order), matches!(self.date, Parts::TwoDigitYear(_)))
            }
            (Parts::YearLast(_) | Parts::TwoDigitYear(_), _) => {
                let mut found: Option<(Day, DateOrder)> = None;
                for order in DateOrder::ALL {
                    match (self.day(order), found) {
                        (Some(day), None) => found = Some((day, order)),
                        (Some(day), Some((other, _))) if day != other => {
                            return Err(DateDefect::Ambiguous);
                        }
                        _ => {}
                    }
                }
                let (day, order) = found.ok_or(DateDefect::Invalid)?;
                (day, form_of(order), matches!(self.date, Parts::TwoDigitYear(_)))
            }
        };
        Ok(DateReading { day: in_range(day)?, form, time_dropped, two_digit_year })
    }

    /// The day under an order, if there is one.
    fn day(&self, order: DateOrder) -> Option<Day> {
        match self.date {
            Parts::Certain { day, .. } => Some(day),
            Parts::YearLast(_) if order == DateOrder::Ymd => None,
            Parts::YearLast(parts) => day_of(order.arrange(parts)),
            Parts::TwoDigitYear(parts) => {
                let [year, month, day] = order.arrange(parts);
                if year <= 99 { day_of([full_year(year), month, day]) } else { None }
            }
        }
    }
}

fn form_of(order: DateOrder) -> DateForm {
    match order {
        DateOrder::Ymd => DateForm::YearFirst,
        DateOrder::Dmy => DateForm::DayFirst,
        DateOrder::Mdy => DateForm::MonthFirst,
    }
}

fn compact(value: u64) -> Result<Parts, DateDefect> {
    let day = day_of([value / 10_000, value / 100 % 100, value % 100]);
    let day = day.ok_or(DateDefect::Invalid)?;
    Ok(Parts::Certain { day, form: DateForm::Compact, two_digit_year: false })
}

/// The three numbers of a numeric date, with their digits.
fn numeric_parts(date: &[Token<'_>]) -> Option<[(u64, u8); 3]> {
    let number = |token: &Token<'_>| match *token {
        Token::Number { value, n_digits } => Some((value, n_digits)),
        _ => None,
    };
    match date {
        [a, Token::Mark('年'), b, Token::Mark('月'), c] | [a, Token::Space, b, Token::Space, c] => {
            Some([number(a)?, number(b)?, number(c)?])
        }
        [a, Token::Mark(first), b, Token::Mark(second), c]
            if first == second && matches!(first, '/' | '-' | '.') =>
        {
            Some([number(a)?, number(b)?, number(c)?])
        }
        _ => None,
    }
}

fn numeric([a, b, c]: [(u64, u8); 3]) -> Result<Parts, DateDefect> {
    let parts = [a.0, b.0, c.0];
    match (a.1, b.1, c.1) {
        (4, 1..=2, 1..=2) => {
            if parts == [0, 0, 0] {
                return Err(DateDefect::Missing);
            }
            let day = day_of(parts).ok_or(DateDefect::Invalid)?;
            Ok(Parts::Certain { day, form: DateForm::YearFirst, two_digit_year: false })
        }
        (1..=2, 1..=2, 4) => Ok(Parts::YearLast(parts)),
        (1..=2, 1..=2, 1..=2) if a.1 == 2 || c.1 == 2 => Ok(Parts::TwoDigitYear(parts)),
        _ => Err(DateDefect::Invalid),
    }
}

/// `10 Feb 2024`, `Feb 10, 2024`, `10. Februar 2024`, `10 de febrero de 2024`, `10-Feb-24`,
/// `2024-Feb-10`, all with or without a weekday.
fn text_month(date: &[Token<'_>]) -> Result<Parts, DateDefect> {
    let mut numbers = [(0_u64, 0_u8); 2];
    let mut n_numbers = 0;
    let mut month: Option<(u64, usize)> = None;
    for (place, token) in date.iter().enumerate() {
        match *token {
            Token::Number { value, n_digits } => {
                *numbers.get_mut(n_numbers).ok_or(DateDefect::Invalid)? = (value, n_digits);
                n_numbers += 1;
            }
            // `mar.` is also a Tuesday, in front.
            Token::Word(word) if place == 0 && is_weekday(word) && has_month(&date[1..]) => {}
            Token::Word(word) => match (month_named(word), month) {
                (Some(found), None) => month = Some((found, n_numbers)),
                (None, _) if is_small_word(word) => {}
                _ => return Err(DateDefect::Invalid),
            },
            Token::Mark('.' | ',' | '-' | '/' | '\'' | '\u{2019}' | 'º') | Token::Space => {}
            Token::Mark(_) => return Err(DateDefect::Invalid),
        }
    }
    let Some((month, n_before)) = month else { return Err(DateDefect::Invalid) };
    if n_numbers != 2 {
        return Err(DateDefect::Invalid);
    }
    let [first, second] = numbers;
    let is_year_first = n_before == 1 && first.1 == 4;
    let (day, year) = if is_year_first { (second, first) } else { (first, second) };
    let two_digit_year = year.1 == 2;
    let full = match year {
        (year, 4) if n_before <= 1 => year,
        (year, 2) if n_before <= 1 => full_year(year),
        _ => return Err(DateDefect::Invalid),
    };
    if day.1 > 2 {
        return Err(DateDefect::Invalid);
    }
    let day = day_of([full, month, day.0]).ok_or(DateDefect::Invalid)?;
    Ok(Parts::Certain { day, form: DateForm::TextMonth, two_digit_year })
}

/// The pieces that periods are written with.
struct PeriodParts {
    /// Value and digits of each number.
    numbers: [(u64, u8); 2],
    n_numbers: usize,
    month: Option<u64>,
    unit: Option<Unit>,
    ends_with_number: bool,
}

impl PeriodParts {
    /// The pieces, or nothing where the cell has more than a period.
    fn of(tokens: &Tokens<'_>) -> Option<Self> {
        let tokens = tokens.as_slice();
        let mut parts = Self {
            numbers: [(0, 0); 2],
            n_numbers: 0,
            month: None,
            unit: None,
            ends_with_number: matches!(tokens.last(), Some(Token::Number { .. })),
        };
        for token in tokens {
            match *token {
                Token::Number { value, n_digits } => {
                    *parts.numbers.get_mut(parts.n_numbers)? = (value, n_digits);
                    parts.n_numbers += 1;
                }
                Token::Word(word) => parts.take(word)?,
                Token::Mark('/' | '-' | '.' | '_' | '\'' | '\u{2019}' | ',' | '年' | '月')
                | Token::Space => {}
                Token::Mark(_) => return None,
            }
        }
        Some(parts)
    }

    fn take(&mut self, word: &str) -> Option<()> {
        let (month, unit) = (month_named(word), unit_named(word));
        let is_twice =
            (month.is_some() && self.month.is_some()) || (unit.is_some() && self.unit.is_some());
        let is_known = month.is_some() || unit.is_some() || is_small_word(word) || is_measure(word);
        self.month = self.month.or(month);
        self.unit = self.unit.or(unit);
        (is_known && !is_twice).then_some(())
    }
}

/// A period as written.
struct WrittenPeriod {
    year: u64,
    two_digit_year: bool,
    month: u64,
    granularity: Granularity,
}

/// The period that a cell or header is, or nothing where it may be a whole date.
fn period_of(tokens: &Tokens<'_>) -> Result<Option<WrittenPeriod>, DateDefect> {
    let Some(parts) = PeriodParts::of(tokens) else { return Ok(None) };
    let period = |(year, n_digits): (u64, u8), month, granularity| {
        Some(WrittenPeriod { year, two_digit_year: n_digits == 2, month, granularity })
    };
    let numbered = |limit: u64, n_months: u64, granularity| {
        // `Q1 24` and `1Q24`: the quarter has one digit, the year has two.
        let ([year @ (_, 4), (number, 1..=2)]
        | [(number, 1..=2), year @ (_, 4)]
        | [(number, 1), year @ (_, 2)]
        | [year @ (_, 2), (number, 1)]) = parts.numbers
        else {
            return Err(DateDefect::Invalid);
        };
        if number < 1 || limit < number {
            return Err(DateDefect::Invalid);
        }
        Ok(period(year, (number - 1) * n_months + 1, granularity))
    };
    match (parts.n_numbers, parts.month, parts.unit) {
        (2, None, Some(Unit::Quarter)) => numbered(4, 3, Granularity::Quarter),
        (2, None, Some(Unit::Month)) => numbered(12, 1, Granularity::Month),
        // `24-Jan` is how spreadsheets show a day: not a month of 2024.
        (1, Some(month), None) => Ok(match parts.numbers[0] {
            year @ (_, 4) => period(year, month, Granularity::Month),
            year @ (_, 2) if parts.ends_with_number => period(year, month, Granularity::Month),
            _ => None,
        }),
        (1, None, None) => Ok(match parts.numbers[0] {
            year @ (_, 4) => period(year, 1, Granularity::Year),
            (value, 6) => period((value / 100, 4), value % 100, Granularity::Month),
            _ => None,
        }),
        (2, None, None) => match parts.numbers {
            // `03/24` and `24/03`; `03/04` may be either.
            [year @ (_, 4), (month, 1..=2)]
            | [(month, 1..=2), year @ (_, 4)]
            | [(month @ 1..=12, 1..=2), year @ (13.., 2)]
            | [year @ (13.., 2), (month @ 1..=12, 1..=2)] => {
                Ok(period(year, month, Granularity::Month))
            }
            [(1..=12, 1..=2), (1..=12, 1..=2)] => Err(DateDefect::Ambiguous),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Quarter,
    Month,
}

fn unit_named(word: &str) -> Option<Unit> {
    let is = |name| is_folded(word, name);
    if is("q") || is("t") || is("quarter") || is("quartal") || is("trimestre") {
        return Some(Unit::Quarter);
    }
    is("m").then_some(Unit::Month)
}

/// Words that stand beside the month in the headers of wide files.
fn is_measure(word: &str) -> bool {
    ["mrr", "revenue", "amount", "month", "umsatz", "total"]
        .iter()
        .any(|measure| is_folded(word, measure))
}

/// A piece of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Number {
        value: u64,
        n_digits: u8,
    },
    Word(&'a str),
    /// Anything else; white space beside it is dropped, but in front of a sign.
    Mark(char),
    Space,
}

/// The pieces of a cell, in a buffer of fixed size: a longer cell is no date.
struct Tokens<'a> {
    buffer: [Token<'a>; MAX_TOKENS],
    len: usize,
}

const MAX_TOKENS: usize = 32;

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Result<Self, DateDefect> {
        let mut text = trim(text);
        text = text.strip_prefix('\'').map_or(text, trim);
        if is_no_value(text) {
            return Err(DateDefect::Missing);
        }
        let mut tokens = Self { buffer: [Token::Space; MAX_TOKENS], len: 0 };
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let token = if let Some(digit) = digit_of(first) {
                let mut value = u64::from(digit);
                let mut n_digits = 1;
                rest = &rest[first.len_utf8()..];
                while let Some((next, digit)) =
                    rest.chars().next().and_then(|next| Some((next, digit_of(next)?)))
                {
                    n_digits += 1;
                    if n_digits > 18 {
                        return Err(DateDefect::Invalid);
                    }
                    value = value * 10 + u64::from(digit);
                    rest = &rest[next.len_utf8()..];
                }
                Token::Number { value, n_digits }
            } else if is_letter(first) {
                let n_bytes = rest.find(|char| !is_letter(char)).unwrap_or(rest.len());
                let (word, behind) = rest.split_at(n_bytes);
                rest = behind;
                Token::Word(word)
            } else {
                rest = &rest[first.len_utf8()..];
                match first {
                    _ if first.is_whitespace() => Token::Space,
                    '\u{2212}' => Token::Mark('-'),
                    _ if is_dash(first) => Token::Mark('-'),
                    '\u{FF0F}' => Token::Mark('/'),
                    '\u{FF0E}' => Token::Mark('.'),
                    '\u{FF1A}' => Token::Mark(':'),
                    _ => Token::Mark(first),
                }
            };
            tokens.push(token)?;
        }
        // `2024. 1. 15.` and `2024年1月15日`
        if let Some(Token::Mark('.' | '日')) = tokens.as_slice().last() {
            tokens.len -= 1;
        }
        Ok(tokens)
    }

    fn push(&mut self, token: Token<'a>) -> Result<(), DateDefect> {
        match (self.as_slice().last(), token) {
            (None | Some(Token::Space | Token::Mark('.' | ',' | '/')), Token::Space) => {
                return Ok(());
            }
            (Some(Token::Space), Token::Mark('.' | ',' | '/')) => self.len -= 1,
            _ => {}
        }
        *self.buffer.get_mut(self.len).ok_or(DateDefect::Invalid)? = token;
        self.len += 1;
        Ok(())
    }

    fn as_slice(&self) -> &[Token<'a>] {
        &self.buffer[..self.len]
    }
}

/// The value of a decimal digit; fullwidth and Arabic ones too.
fn digit_of(char: char) -> Option<u8> {
    let zero = match char {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6F0}'..='\u{6F9}' => '\u{6F0}',
        '\u{FF10}'..='\u{FF19}' => '\u{FF10}',
        _ => return None,
    };
    u8::try_from(u32::from(char) - u32::from(zero)).ok()
}

fn is_letter(char: char) -> bool {
    char.is_alphabetic() && !matches!(char, '年' | '月' | '日' | 'º' | 'ª')
}

/// The tokens of the date, and those of the time behind it, if there is any.
fn split_time<'t, 'a>(tokens: &'t [Token<'a>]) -> (&'t [Token<'a>], &'t [Token<'a>]) {
    let colon = tokens.iter().position(|token| *token == Token::Mark(':'));
    let basic = tokens.iter().position(|token| matches!(token, Token::Word("T" | "t")));
    let start = match (colon, basic) {
        (Some(colon), _) if colon > 0 => colon - 1,
        (None, Some(basic)) if basic + 1 < tokens.len() => basic + 1,
        _ => return (tokens, &[]),
    };
    let (mut date, time) = tokens.split_at(start);
    while let [before @ .., last] = date {
        let is_joint = match last {
            Token::Space | Token::Mark(',') => true,
            Token::Word(word) => ["t", "at", "um"].iter().any(|joint| is_folded(word, joint)),
            _ => false,
        };
        if !is_joint {
            break;
        }
        date = before;
    }
    (date, time)
}

/// Whether a time of day is more than midnight UTC, or nothing where it is no time.
fn read_time(time: &[Token<'_>]) -> Option<bool> {
    let (hour, minute, second, rest) = match *time {
        [] => return Some(false),
        [
            Token::Number { value: hour, n_digits: 1..=2 },
            Token::Mark(':'),
            Token::Number { value: minute, n_digits: 2 },
            ref rest @ ..,
        ] => match *rest {
            [Token::Mark(':'), Token::Number { value: second, n_digits: 2 }, ref rest @ ..] => {
                (hour, minute, second, rest)
            }
            _ => (hour, minute, 0, rest),
        },
        // `20240115T233000Z`
        [Token::Number { value, n_digits: 6 }, ref rest @ ..] => {
            (value / 10_000, value / 100 % 100, value % 100, rest)
        }
        [Token::Number { value, n_digits: 4 }, ref rest @ ..] => {
            (value / 100, value % 100, 0, rest)
        }
        _ => return None,
    };
    let (fraction, rest) = match *rest {
        [Token::Mark('.' | ','), Token::Number { value, .. }, ref rest @ ..] => (value, rest),
        _ => (0, rest),
    };
    let is_word =
        |token: &Token<'_>, name| matches!(token, Token::Word(word) if is_folded(word, name));
    let rest = skip_space(rest);
    let (half, rest) = match rest {
        [token, rest @ ..] if is_word(token, "am") => (Some(0), rest),
        [token, rest @ ..] if is_word(token, "pm") => (Some(12), rest),
        [token, Token::Mark('.'), m, rest @ ..] if is_word(token, "a") && is_word(m, "m") => {
            (Some(0), rest)
        }
        [token, Token::Mark('.'), m, rest @ ..] if is_word(token, "p") && is_word(m, "m") => {
            (Some(12), rest)
        }
        _ => (None, rest),
    };
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    if 24 < hour || 59 < minute || 60 < second || (hour == 24 && minute + second + fraction > 0) {
        return None;
    }
    let has_offset = read_zone(skip_space(rest))?;
    Some(has_offset || hour + minute + second + fraction > 0)
}

fn skip_space<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    match tokens {
        [Token::Space, rest @ ..] => rest,
        _ => tokens,
    }
}

/// Whether a time zone is another one than UTC, or nothing where it is no time zone.
fn read_zone(zone: &[Token<'_>]) -> Option<bool> {
    let is_utc = |word: &str| ["z", "utc", "gmt"].iter().any(|utc| is_folded(word, utc));
    match *zone {
        [] => Some(false),
        [Token::Word(word)] if is_utc(word) => Some(false),
        [Token::Word(word)] => (word.len() <= 5 && word.is_ascii()).then_some(true),
        [Token::Word(word), ref rest @ ..] if is_utc(word) => read_zone(skip_space(rest)),
        [Token::Mark('+' | '-'), Token::Number { value: hours, n_digits: 2 }, ref rest @ ..]
            if hours <= 14 =>
        {
            match *rest {
                [
                    Token::Mark(':'),
                    Token::Number { value: minutes @ 0..=59, n_digits: 2 },
                    ref rest @ ..,
                ] => end_of_zone(rest).then_some(hours + minutes > 0),
                _ => end_of_zone(rest).then_some(hours > 0),
            }
        }
        [Token::Mark('+' | '-'), Token::Number { value, n_digits: 4 }, ref rest @ ..]
            if value <= 1400 && value % 100 <= 59 =>
        {
            end_of_zone(rest).then_some(value > 0)
        }
        _ => None,
    }
}

/// Nothing more, or the name of the zone: ` UTC`, ` (Central European Time)`.
fn end_of_zone(rest: &[Token<'_>]) -> bool {
    match skip_space(rest) {
        [] => true,
        [Token::Word(word)] => word.len() <= 5,
        [Token::Mark('('), inside @ .., Token::Mark(')')] => {
            inside.iter().all(|token| matches!(token, Token::Word(_) | Token::Space))
        }
        _ => false,
    }
}

/// Month names and their short forms in English, German, French, Spanish, Italian, Dutch and
/// Portuguese, with and without accents.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "jan", "januar", "jänner", "janvier", "janv", "enero", "ene", "gennaio", "gen",
        "januari", "janeiro",
    ],
    &[
        "february",
        "feb",
        "februar",
        "février",
        "fevrier",
        "févr",
        "fevr",
        "fév",
        "febrero",
        "febbraio",
        "februari",
        "fevereiro",
        "fev",
        "febr",
    ],
    &[
        "march", "mar", "märz", "maerz", "mär", "mrz", "mars", "marzo", "maart", "mrt", "março",
        "marco",
    ],
    &["april", "apr", "avril", "avr", "abril", "abr", "aprile"],
    &["may", "mai", "mayo", "maggio", "mag", "mei", "maio"],
    &["june", "jun", "juni", "juin", "junio", "giugno", "giu", "junho"],
    &["july", "jul", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho"],
    &["august", "aug", "août", "aout", "aoû", "agosto", "ago", "augustus"],
    &[
        "september",
        "sep",
        "sept",
        "septembre",
        "septiembre",
        "setiembre",
        "set",
        "settembre",
        "sett",
        "setembro",
    ],
    &["october", "oct", "oktober", "okt", "octobre", "octubre", "ottobre", "ott", "outubro", "out"],
    &["november", "nov", "novembre", "noviembre", "novembro"],
    &[
        "december",
        "dec",
        "dezember",
        "dez",
        "décembre",
        "decembre",
        "déc",
        "diciembre",
        "dic",
        "dicembre",
        "dezembro",
    ],
];

fn month_named(word: &str) -> Option<u64> {
    let place = MONTHS.iter().position(|names| names.iter().any(|name| is_folded(word, name)))?;
    u64::try_from(place + 1).ok()
}

fn has_month(tokens: &[Token<'_>]) -> bool {
    tokens.iter().any(|token| matches!(token, Token::Word(word) if month_named(word).is_some()))
}

fn is_weekday(word: &str) -> bool {
    const WEEKDAYS: &[&str] = &[
        "monday",
        "mon",
        "tuesday",
        "tue",
        "tues",
        "wednesday",
        "wed",
        "thursday",
        "thu",
        "thur",
        "thurs",
        "friday",
        "fri",
        "saturday",
        "sat",
        "sunday",
        "sun",
        "montag",
        "mo",
        "dienstag",
        "di",
        "mittwoch",
        "mi",
        "donnerstag",
        "do",
        "freitag",
        "fr",
        "samstag",
        "sonnabend",
        "sa",
        "sonntag",
        "so",
        "lundi",
        "lun",
        "mardi",
        "mar",
        "mercredi",
        "mer",
        "jeudi",
        "jeu",
        "vendredi",
        "ven",
        "samedi",
        "sam",
        "dimanche",
        "dim",
        "lunes",
        "martes",
        "miércoles",
        "mié",
        "jueves",
        "jue",
        "viernes",
        "vie",
        "sábado",
        "sáb",
        "domingo",
        "dom",
        "lunedì",
        "martedì",
        "mercoledì",
        "giovedì",
        "gio",
        "venerdì",
        "sabato",
        "sab",
        "domenica",
        "maandag",
        "ma",
        "dinsdag",
        "woensdag",
        "wo",
        "donderdag",
        "vrijdag",
        "vr",
        "zaterdag",
        "za",
        "zondag",
        "zo",
        "segunda",
        "seg",
        "terça",
        "ter",
        "quarta",
        "qua",
        "quinta",
        "qui",
        "sexta",
        "sex",
    ];
    WEEKDAYS.iter().any(|weekday| is_folded(word, weekday))
}

/// Ordinal endings and prepositions inside a date.
fn is_small_word(word: &str) -> bool {
    ["st", "nd", "rd", "th", "er", "de", "del", "di", "of", "the", "le", "den", "el"]
        .iter()
        .any(|small| is_folded(word, small))
}

/// What the cells of a column say about the order of its dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateEvidence {
    /// Dates with a year of four digits in front.
    pub n_year_first: u64,
    /// Dates such as `20240115`.
    pub n_compact: u64,
    /// Dates such as `15/01/2024`, whose day must be in front.
    pub n_day_first: u64,
    /// Dates such as `01/15/2024`, whose month must be in front.
    pub n_month_first: u64,
    /// Dates such as `03/04/2024`, which both orders read, and differently.
    pub n_either: u64,
    /// Dates such as `03/03/2024`, which both orders read alike.
    pub n_same: u64,
    /// Dates whose month is a word.
    pub n_text_month: u64,
    /// Serial days of a spreadsheet.
    pub n_serial: u64,
    /// Seconds since 1970.
    pub n_epoch_seconds: u64,
    /// Milliseconds since 1970.
    pub n_epoch_millis: u64,
    /// Numeric dates with a year of two digits.
    pub n_two_digit_year: u64,
    /// Dates with a time of day or a time zone that is left aside.
    pub n_time_dropped: u64,
    /// Blank cells and the like.
    pub n_missing: u64,
    /// Cells that are no date.
    pub n_invalid: u64,
    /// Dates outside the range, under each order that reads them.
    pub n_out_of_range: u64,
    /// Of the two-digit years, how many each order reads: year, day, month in front.
    n_readable: [u64; 3],
    /// The least and greatest first and last number of the dates with two-digit years: the year
    /// varies less than the day.
    ends: Option<[(u64, u64); 2]>,
}

/// What is known of the order of a column's dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateVerdict {
    /// Some dates have only one reading, and it is in this order; none contradicts it.
    Proved(DateOrder),
    /// Dates depend on the order, and nothing proves one.
    Ambiguous,
    /// Some dates can only be read in one order, and others only in another.
    Contradictory,
    /// No date depends on the order.
    Unneeded,
}

impl DateEvidence {
    /// Counts one cell.
    pub fn observe(&mut self, text: &str) {
        if let Some(Common { date, time_dropped }) = Common::of(text.as_bytes()) {
            self.n_time_dropped += u64::from(time_dropped);
            match date {
                CommonDate::YearFirst(_) => self.n_year_first += 1,
                CommonDate::YearLast { day_first, month_first } => {
                    self.count_year_last(day_first, month_first);
                }
            }
            return;
        }
        self.observe_any(text);
    }

    fn count_year_last(&mut self, day_first: Option<Day>, month_first: Option<Day>) {
        match (day_first, month_first) {
            (Some(day_first), Some(month_first)) if day_first == month_first => self.n_same += 1,
            (Some(_), Some(_)) => self.n_either += 1,
            (Some(_), None) => self.n_day_first += 1,
            _ => self.n_month_first += 1,
        }
    }

    fn observe_any(&mut self, text: &str) {
        let written = match Written::of(text) {
            Ok(written) => written,
            Err(DateDefect::Missing) => {
                self.n_missing += 1;
                return;
            }
            Err(_) => {
                self.n_invalid += 1;
                return;
            }
        };
        let days = DateOrder::ALL.map(|order| written.day(order));
        if days.iter().all(Option::is_none) {
            self.n_invalid += 1;
            return;
        }
        if days.iter().flatten().all(|&day| in_range(day).is_err()) {
            self.n_out_of_range += 1;
            return;
        }
        self.n_time_dropped += u64::from(written.time_dropped);
        match written.date {
            Parts::Certain { form, .. } => match form {
                DateForm::YearFirst => self.n_year_first += 1,
                DateForm::Compact => self.n_compact += 1,
                DateForm::TextMonth => self.n_text_month += 1,
                DateForm::Serial => self.n_serial += 1,
                DateForm::EpochSeconds => self.n_epoch_seconds += 1,
                DateForm::EpochMillis => self.n_epoch_millis += 1,
                DateForm::DayFirst | DateForm::MonthFirst => {}
            },
            Parts::YearLast(_) => {
                let [_, day_first, month_first] = days;
                self.count_year_last(day_first, month_first);
            }
            Parts::TwoDigitYear([first, _, last]) => {
                self.n_two_digit_year += 1;
                for (count, day) in self.n_readable.iter_mut().zip(days) {
                    *count += u64::from(day.is_some());
                }
                self.widen([(first, first), (last, last)]);
            }
        }
    }

    /// How many numbers [`DateEvidence::counts`] gives.
    pub(crate) const N_COUNTS: usize = 23;

    /// All that it holds as numbers, for another worker.
    pub(crate) fn counts(&self) -> [u64; Self::N_COUNTS] {
        let [year, day, month] = self.n_readable;
        let [first, last] = self.ends.unwrap_or_default();
        [
            self.n_year_first,
            self.n_compact,
            self.n_day_first,
            self.n_month_first,
            self.n_either,
            self.n_same,
            self.n_text_month,
            self.n_serial,
            self.n_epoch_seconds,
            self.n_epoch_millis,
            self.n_two_digit_year,
            self.n_time_dropped,
            self.n_missing,
            self.n_invalid,
            self.n_out_of_range,
            year,
            day,
            month,
            u64::from(self.ends.is_some()),
            first.0,
            first.1,
            last.0,
            last.1,
        ]
    }

    /// The evidence that gave these numbers.
    pub(crate) fn from_counts(counts: [u64; Self::N_COUNTS]) -> Self {
        let [
            n_year_first,
            n_compact,
            n_day_first,
            n_month_first,
            n_either,
            n_same,
            n_text_month,
            n_serial,
            n_epoch_seconds,
            n_epoch_millis,
            n_two_digit_year,
            n_time_dropped,
            n_missing,
            n_invalid,
            n_out_of_range,
            year,
            day,
            month,
            has_ends,
            ends @ ..,
        ] = counts;
        let [first_least, first_most, last_least, last_most] = ends;
        Self {
            n_year_first,
            n_compact,
            n_day_first,
            n_month_first,
            n_either,
            n_same,
            n_text_month,
            n_serial,
            n_epoch_seconds,
            n_epoch_millis,
            n_two_digit_year,
            n_time_dropped,
            n_missing,
            n_invalid,
            n_out_of_range,
            n_readable: [year, day, month],
            ends: (has_ends != 0).then_some([(first_least, first_most), (last_least, last_most)]),
        }
    }

    /// Adds what another part of the column says.
    pub fn merge(&mut self, other: &Self) {
        self.n_year_first += other.n_year_first;
        self.n_compact += other.n_compact;
        self.n_day_first += other.n_day_first;
        self.n_month_first += other.n_month_first;
        self.n_either += other.n_either;
        self.n_same += other.n_same;
        self.n_text_month += other.n_text_month;
        self.n_serial += other.n_serial;
        self.n_epoch_seconds += other.n_epoch_seconds;
        self.n_epoch_millis += other.n_epoch_millis;
        self.n_two_digit_year += other.n_two_digit_year;
        self.n_time_dropped += other.n_time_dropped;
        self.n_missing += other.n_missing;
        self.n_invalid += other.n_invalid;
        self.n_out_of_range += other.n_out_of_range;
        for (count, more) in self.n_readable.iter_mut().zip(other.n_readable) {
            *count += more;
        }
        if let Some(ends) = other.ends {
            self.widen(ends);
        }
    }

    fn widen(&mut self, ends: [(u64, u64); 2]) {
        let old = self.ends.unwrap_or(ends);
        let [first, last] =
            [0, 1].map(|end: usize| (old[end].0.min(ends[end].0), old[end].1.max(ends[end].1)));
        self.ends = Some([first, last]);
    }

    /// How many cells are dates.
    #[must_use]
    pub fn n_dates(&self) -> u64 {
        self.n_year_first
            + self.n_compact
            + self.n_day_first
            + self.n_month_first
            + self.n_either
            + self.n_same
            + self.n_text_month
            + self.n_serial
            + self.n_epoch_seconds
            + self.n_epoch_millis
            + self.n_two_digit_year
    }

    /// What is known of the order.
    #[must_use]
    pub fn verdict(&self) -> DateVerdict {
        let needs_order = self.n_day_first + self.n_month_first + self.n_either;
        if needs_order + self.n_two_digit_year == 0 {
            return DateVerdict::Unneeded;
        }
        let mut candidates = DateOrder::ALL.into_iter().filter(|&order| self.fits(order));
        match (candidates.next(), candidates.next()) {
            (Some(order), None) => DateVerdict::Proved(order),
            (Some(_), Some(_)) => DateVerdict::Ambiguous,
            (None, _) => DateVerdict::Contradictory,
        }
    }

    /// Whether an order reads every date of the column.
    #[must_use]
    pub fn fits(&self, order: DateOrder) -> bool {
        let n_year_last = self.n_day_first + self.n_month_first + self.n_either + self.n_same;
        let (fits_year_last, n_readable) = match order {
            DateOrder::Ymd => (n_year_last == 0, self.n_readable[0]),
            DateOrder::Dmy => (self.n_month_first == 0, self.n_readable[1]),
            DateOrder::Mdy => (self.n_day_first == 0, self.n_readable[2]),
        };
        fits_year_last && n_readable == self.n_two_digit_year
    }

    /// The order to assume until someone answers: one that reads every date, if there is any;
    /// among those, the one with more proofs, or the one in which the years vary least.
    #[must_use]
    pub fn likely(&self) -> DateOrder {
        let year_is_first =
            self.ends.is_some_and(|[first, last]| first.1 - first.0 <= last.1 - last.0);
        let month_first = self.n_month_first > self.n_day_first;
        let preferred = match (year_is_first, month_first) {
            (true, _) => [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy],
            (false, true) => [DateOrder::Mdy, DateOrder::Dmy, DateOrder::Ymd],
            (false, false) => [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd],
        };
        preferred.into_iter().find(|&order| self.fits(order)).unwrap_or(if month_first {
            DateOrder::Mdy
        } else {
            DateOrder::Dmy
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As [`read_date`], without the way for common dates.
    fn read_slowly(text: &str, order: Option<DateOrder>) -> Result<DateReading, DateDefect> {
        Written::of(text)?.read(order)
    }

    /// As [`is_open_end`], for what is neither blank nor a word.
    fn is_zero_or_late(text: &str) -> bool {
        let Ok(written) = Written::of(text) else { return false };
        let days = DateOrder::ALL.into_iter().filter_map(|order| written.day(order));
        days.into_iter().any(|day| {
            let is_zero = ["0001-01-01", "1899-12-30", "1899-12-31", "1900-01-01"]
                .iter()
                .any(|iso| Day::from_iso(iso) == Some(day));
            is_zero || Day::LATEST < day
        })
    }

    fn check(text: &str) {
        for order in [None, Some(DateOrder::Ymd), Some(DateOrder::Dmy), Some(DateOrder::Mdy)] {
            assert_eq!(read_date(text, order), read_slowly(text, order), "{text:?} {order:?}");
            let of_day = read_slowly(text, order)
                .map(|date| Period::containing(date.day, Granularity::Month));
            if Common::of(text.as_bytes()).is_some() {
                assert!(matches!(period_of(&Tokens::of(text).unwrap()), Ok(None)), "{text:?}");
                let month = read_month(text, order).map(|month| month.period);
                assert_eq!(month, of_day, "{text:?} {order:?}");
            }
            if let Some(first) = common_month(text.as_bytes()) {
                let written = period_of(&Tokens::of(text).unwrap()).unwrap().unwrap();
                assert_eq!(day_of([written.year, written.month, 1]), Some(first), "{text:?}");
                assert!(!written.two_digit_year && written.granularity == Granularity::Month);
            }
        }
        if Common::of(text.as_bytes()).is_some() {
            assert!(!is_zero_or_late(text), "{text:?}");
        }
        let (mut fast, mut slow) = (DateEvidence::default(), DateEvidence::default());
        fast.observe(text);
        slow.observe_any(text);
        assert_eq!(fast, slow, "{text:?}");
    }

    #[test]
    fn each_day_of_the_range_and_around_it_is_read_as_before() {
        for number in Day::EARLIEST.0 - 400..=Day::LATEST.0 + 400 {
            let day = Day(number);
            let iso = day.to_iso();
            let (year, month, of_month) = (&iso[..4], &iso[5..7], &iso[8..]);
            let found = common_day(
                year.parse().unwrap(),
                month.parse().unwrap(),
                of_month.parse().unwrap(),
            );
            assert_eq!(found, in_range(day).ok());
            if number % 7 == 0 {
                check(&iso);
                check(&format!("{of_month}.{month}.{year}"));
                check(&format!("{month}/{of_month}/{year}"));
            }
        }
        for (year, month, day) in [
            (2023, 2, 29),
            (2000, 2, 29),
            (2024, 4, 31),
            (2024, 0, 1),
            (2024, 13, 1),
            (2024, 1, 0),
            (1949, 12, 31),
            (2100, 1, 1),
        ] {
            let text = format!("{year:04}-{month:02}-{day:02}");
            let expected = Day::from_ymd(year, month, day).filter(|&day| in_range(day).is_ok());
            assert_eq!(common_day(u32::try_from(year).unwrap(), month, day), expected);
            check(&text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn common_dates_and_times_are_read_as_others(
            (first, second, last) in (0_u32..40, 0_u32..40, prop_oneof![1940_u32..2110, 0_u32..100]),
            (is_year_first, n_digits) in (any::<bool>(), 1_usize..3),
            (mark, other) in (0_usize..4, prop_oneof![9 => Just(None), 1 => (0_usize..4).prop_map(Some)]),
            (hour, minute, time_second) in (0_u32..26, 0_u32..62, 0_u32..62),
            parts in prop::collection::vec(0_usize..20, 0..5),
        ) {
            let marks = ["-", "/", ".", " "];
            let (mark, other) = (marks[mark], marks[other.unwrap_or(mark)]);
            let date = if is_year_first {
                format!("{last:04}{mark}{first:0n_digits$}{other}{second:0n_digits$}")
            } else {
                format!("{first:0n_digits$}{mark}{second:0n_digits$}{other}{last}")
            };
            let behind = parts.into_iter().map(|part| {
                match part {
                    0..=5 => format!("T{hour:02}:{minute:02}:{time_second:02}"),
                    6 => format!(" {hour:02}:{minute:02}"),
                    7 => format!(" {hour}:{minute:02}:{time_second:02}"),
                    8 => format!(".{minute:03}"),
                    9 => ".000".to_owned(),
                    10 => "Z".to_owned(),
                    11 => " UTC".to_owned(),
                    12 => format!("+{hour:02}:{minute:02}"),
                    13 => "-00:00".to_owned(),
                    14 => format!("-{hour:02}{minute:02}"),
                    15 => " PM".to_owned(),
                    16 => format!(":{time_second:02}"),
                    17 => "0".to_owned(),
                    18 => ".".to_owned(),
                    _ => " ".to_owned(),
                }
            });
            check(&(date + &behind.collect::<String>()));
        }

        #[test]
        fn any_digits_and_marks_are_read_as_before(text in "[0-9]{0,4}[-/. ]?[0-9]{0,2}[-/. ]?[0-9]{0,4}[ T]?[0-9:.Z+-]{0,9}") {
            check(&text);
        }
    }
}
