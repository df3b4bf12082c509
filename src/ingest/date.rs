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
    const ALL: [Self; 3] = [Self::Ymd, Self::Dmy, Self::Mdy];

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
    if let Some(day) = read_iso(text.as_bytes()) {
        return Ok(DateReading {
            day: in_range(day)?,
            form: DateForm::YearFirst,
            time_dropped: false,
            two_digit_year: false,
        });
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
    let tokens = Tokens::of(text)?;
    if let Some(written) = period_of(&tokens)? {
        let WrittenPeriod { year, two_digit_year, month, granularity } = written;
        let year = if two_digit_year { full_year(year) } else { year };
        let first = day_of([year, month, 1]).ok_or(DateDefect::Invalid)?;
        let period = Period::containing(in_range(first)?, granularity);
        return Ok(MonthReading { period, granularity, is_full_date: false, two_digit_year });
    }
    let date = read_date(text, order)?;
    Ok(MonthReading {
        period: Period::containing(date.day, Granularity::Month),
        granularity: Granularity::Month,
        is_full_date: true,
        two_digit_year: date.two_digit_year,
    })
}

/// `YYYY-MM-DD` and nothing else, which is what most cells are.
fn read_iso(bytes: &[u8]) -> Option<Day> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = bytes else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u64, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0'))
        })
    };
    day_of([number(&[a, b, c, d])?, number(&[e, f])?, number(&[g, h])?])
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
            Parts::YearLast(_) => match days {
                [_, Some(day_first), Some(month_first)] if day_first == month_first => {
                    self.n_same += 1;
                }
                [_, Some(_), Some(_)] => self.n_either += 1,
                [_, Some(_), None] => self.n_day_first += 1,
                _ => self.n_month_first += 1,
            },
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
