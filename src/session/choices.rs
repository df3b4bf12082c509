//! The options that reports and scores have in common, from their texts to what they mean.
//!
//! It knows no default of theirs but that of the confidence.

use crate::calendar::Day;
use crate::error::Error;
use crate::ingest::amount::DecimalMark;
use crate::ingest::date::DateOrder;
use crate::ingest::{Encoding, ReadOptions, Separator};
use crate::number::{Currency, interval};

pub(crate) fn invalid(option: &'static str, value: &str, valid: &str) -> Error {
    Error::new(
        "invalid-option",
        format!("The option {option} cannot be “{value}”. It can be {valid}."),
    )
    .in_column(option)
}

/// What a text means, where it is given.
fn meant<T>(
    option: &'static str,
    given: Option<&str>,
    valid: &str,
    meaning: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    given.map(|text| meaning(text).ok_or_else(|| invalid(option, text, valid))).transpose()
}

/// What a word stands for, of those that an option can have.
pub(super) fn one_of<T: Copy>(
    option: &'static str,
    given: Option<&str>,
    words: &[(&str, T)],
    valid: &str,
) -> Result<Option<T>, Error> {
    meant(option, given, valid, |text| {
        words.iter().find(|(word, _)| *word == text).map(|&(_, value)| value)
    })
}

/// How text is read, and the label of an encoding that was decoded outside.
pub(super) fn text(
    encoding: Option<&str>,
    delimiter: Option<&str>,
    has_header: Option<bool>,
) -> Result<(ReadOptions, Option<String>), Error> {
    let known = encoding.and_then(encoding_named);
    // One that this crate does not decode has been turned into UTF-8 before.
    let outside = encoding.filter(|_| known.is_none());
    let encoding = known.or(outside.map(|_| Encoding::Utf8));
    let valid = "one character, or whitespace";
    let separator = meant("delimiter", delimiter, valid, separator_named)?;
    Ok((ReadOptions { encoding, separator, has_header }, outside.map(str::to_owned)))
}

pub(super) fn date_order(given: Option<&str>) -> Result<Option<DateOrder>, Error> {
    let words = DateOrder::ALL.map(|order| (order.name(), order));
    one_of("dateOrder", given, &words, "ymd, dmy or mdy")
}

pub(super) fn decimal(given: Option<&str>) -> Result<Option<DecimalMark>, Error> {
    let words = [(".", DecimalMark::Point), (",", DecimalMark::Comma)];
    one_of("decimal", given, &words, "a point or a comma")
}

pub(super) fn currency(given: Option<&str>) -> Result<Option<Currency>, Error> {
    meant("currency", given, "an ISO 4217 code, such as USD", Currency::from_code)
}

pub(super) fn as_of(given: Option<&str>) -> Result<Option<Day>, Error> {
    let given = given.filter(|text| !text.is_empty());
    meant("asOf", given, "a date such as 2026-03-31", |text| {
        Day::from_iso(text).filter(|day| (Day::EARLIEST..=Day::LATEST).contains(day))
    })
}

/// A number, where it is given, that lies between two others.
pub(super) fn within(
    option: &'static str,
    given: Option<f64>,
    (low, high): (f64, f64),
    valid: &str,
) -> Result<Option<f64>, Error> {
    match given {
        Some(number) if !(number.is_finite() && low <= number && number <= high) => {
            Err(invalid(option, &number.to_string(), valid))
        }
        _ => Ok(given),
    }
}

pub(super) fn confidence(given: Option<f64>) -> Result<f64, Error> {
    let given = within("confidence", given, (0.5, 0.9999), "0.5 to 0.9999")?;
    Ok(given.unwrap_or(interval::DEFAULT_CONFIDENCE))
}

/// The encodings that this crate decodes itself, by the labels of `TextDecoder`.
fn encoding_named(label: &str) -> Option<Encoding> {
    Some(match label.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Encoding::Utf8,
        "utf-16le" | "utf-16" => Encoding::Utf16Le,
        "utf-16be" => Encoding::Utf16Be,
        "windows-1252" | "cp1252" | "iso-8859-1" | "latin1" => Encoding::Windows1252,
        _ => return None,
    })
}

fn separator_named(name: &str) -> Option<Separator> {
    match name.as_bytes() {
        b"whitespace" => Some(Separator::Whitespace),
        b"tab" => Some(Separator::Byte(b'\t')),
        &[byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && byte != b'"' => {
            Some(Separator::Byte(byte))
        }
        _ => None,
    }
}
