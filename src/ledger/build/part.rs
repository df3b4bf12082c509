//! What one worker has read of a file as bytes, and taking it in behind what another has read.
//!
//! Both workers have read the same head of the file and so agree on table and columns; what does not
//! fit is refused, and then the file is read in one go. It decides nothing about rows.

use super::cells::{Cells, Currencies};
use super::fingerprints::Fingerprints;
use super::tally::Tallies;
use super::{Builder, Duplicates};
use crate::calendar::Day;
use crate::ingest::amount::{CurrencySign, DecimalEvidence};
use crate::ingest::date::DateEvidence;
use crate::ingest::{Encoding, PartSummary, Reader};
use crate::ledger::interner::{Batch, Interner};
use crate::ledger::packed::{Bytes, write_number};
use crate::note::{Note, Notes, Severity};
use crate::number::{Currency, Minor};
use crate::roles::Shape;

/// The codes of findings that a part can have. One that is not here makes the part unfit.
const CODES: &[&str] = &[
    "ambiguous-date",
    "ambiguous-number",
    "blank-cells",
    "blank-lines-skipped",
    "currency",
    "currency-eu",
    "currency-not-named",
    "date-out-of-range",
    "date-text",
    "end-before-start",
    "ended-without-date",
    "epoch-seconds",
    "excel-serial",
    "field-too-long",
    "formula-escaped-on-export",
    "free-plan",
    "invalid-date",
    "invalid-text",
    "long-field",
    "missing-customer",
    "missing-value",
    "negative-mrr",
    "never-began",
    "not-a-number",
    "not-paid",
    "nul-byte",
    "one-time",
    "open-end-date",
    "order-line",
    "other-currency",
    "out-of-range",
    "paused-counted",
    "percent-in-amount",
    "rounded",
    "rows-in-quotes",
    "stray-quote",
    "text-only",
    "thousands-ch",
    "time-dropped",
    "too-few-fields",
    "too-many-customers",
    "too-many-fields",
    "total-row",
    "trailing-delimiter",
    "trial",
    "trial-days-left-out",
    "trimmed",
    "two-digit-year",
    "unclosed-quote",
    "unknown-currency",
    "unknown-interval",
    "unknown-status",
];

/// How the numbers of a part's labels and customers become those of the ledger that takes it in.
#[derive(Debug)]
pub(super) struct Renumbering {
    pub(super) customers: Vec<u32>,
    pub(super) segments: Vec<u32>,
    pub(super) reasons: Vec<u32>,
}

pub(super) fn write_text(out: &mut Vec<u8>, text: &[u8]) {
    write_number(out, text.len() as u64);
    out.extend_from_slice(text);
}

pub(super) fn read_text<'a>(bytes: &mut Bytes<'a>) -> &'a [u8] {
    let n_bytes = usize::try_from(bytes.number()).unwrap_or(usize::MAX);
    bytes.take(n_bytes)
}

fn read_string(bytes: &mut Bytes<'_>) -> String {
    String::from_utf8_lossy(read_text(bytes)).into_owned()
}

fn read_strings(bytes: &mut Bytes<'_>) -> Vec<String> {
    (0..bytes.number()).map(|_| read_string(bytes)).collect()
}

fn write_strings(out: &mut Vec<u8>, texts: &[String]) {
    write_number(out, texts.len() as u64);
    for text in texts {
        write_text(out, text.as_bytes());
    }
}

/// A number that may be missing, as itself plus 1, or 0.
fn write_optional(out: &mut Vec<u8>, number: Option<u64>) {
    write_number(out, number.map_or(0, |number| number + 1));
}

fn read_optional(bytes: &mut Bytes<'_>) -> Option<u64> {
    bytes.number().checked_sub(1)
}

fn write_optional_day(out: &mut Vec<u8>, day: Option<Day>) {
    let days = day.map(|day| u64::from(day.0.abs_diff(Day::EARLIEST.0)));
    write_optional(out, days);
}

fn read_optional_day(bytes: &mut Bytes<'_>) -> Option<Day> {
    let days = i32::try_from(read_optional(bytes)?).unwrap_or(0);
    Some(Day(Day::EARLIEST.0 + days))
}

pub(super) fn write_notes<'a>(out: &mut Vec<u8>, notes: impl ExactSizeIterator<Item = &'a Note>) {
    write_number(out, notes.len() as u64);
    for note in notes {
        write_text(out, note.code.as_bytes());
        out.push(note.severity as u8);
        out.push(u8::from(note.excludes));
        write_number(out, note.count);
        write_number(out, note.rows.len() as u64);
        for &row in &note.rows {
            write_number(out, row);
        }
        write_text(out, note.message.as_bytes());
        out.push(u8::from(note.column.is_some()));
        write_text(out, note.column.as_deref().unwrap_or_default().as_bytes());
    }
}

/// The notes of a part whose rows come behind so many others; none where a code is not known.
pub(super) fn read_notes(bytes: &mut Bytes<'_>, n_rows_before: u64) -> Option<Vec<Note>> {
    (0..bytes.number())
        .map(|_| {
            let code = read_text(bytes);
            let code = CODES.iter().copied().find(|known| known.as_bytes() == code);
            let severity = match bytes.byte() {
                0 => Severity::Info,
                1 => Severity::Warning,
                _ => Severity::Error,
            };
            let excludes = bytes.byte() != 0;
            let count = bytes.number();
            let rows: Vec<u64> = (0..bytes.number()).map(|_| bytes.number()).collect();
            let mut message = read_string(bytes);
            // A message that names its row names the first one, and at its beginning.
            if let Some(first) = rows.first()
                && let Some(rest) = message.strip_prefix(&format!("Row {first}"))
                && !rest.starts_with(|next: char| next.is_ascii_digit())
            {
                message = format!("Row {}{rest}", first + n_rows_before);
            }
            let has_column = bytes.byte() != 0;
            let column = read_string(bytes);
            Some(Note {
                code: code?,
                severity,
                excludes,
                message,
                count,
                rows: rows.into_iter().map(|row| row + n_rows_before).collect(),
                column: has_column.then_some(column),
            })
        })
        .collect()
}

fn write_labels(out: &mut Vec<u8>, labels: &Interner) {
    write_number(out, labels.len() as u64);
    for (_, entry) in labels.entries() {
        write_text(out, entry.text);
    }
}

fn read_labels(bytes: &mut Bytes<'_>, labels: &mut Interner) -> Vec<u32> {
    (0..bytes.number()).map(|_| labels.number(read_text(bytes), 0)).collect()
}

fn write_sign(out: &mut Vec<u8>, sign: CurrencySign) {
    match sign {
        CurrencySign::Known(currency) => write_text(out, currency.code().as_bytes()),
        CurrencySign::Dollar => write_text(out, b"$"),
        CurrencySign::Yen => write_text(out, b"y"),
        CurrencySign::Krone => write_text(out, b"k"),
        CurrencySign::Rupee => write_text(out, b"r"),
    }
}

fn read_sign(bytes: &mut Bytes<'_>) -> Option<CurrencySign> {
    Some(match read_text(bytes) {
        b"$" => CurrencySign::Dollar,
        b"y" => CurrencySign::Yen,
        b"k" => CurrencySign::Krone,
        b"r" => CurrencySign::Rupee,
        code => CurrencySign::Known(Currency::from_code(std::str::from_utf8(code).ok()?)?),
    })
}

fn write_summary(out: &mut Vec<u8>, summary: &PartSummary) {
    let PartSummary { n_rows, next_row, starts_at, ends_at, encoding, is_encoding_proved } =
        *summary;
    for number in [n_rows, next_row, starts_at, ends_at] {
        write_number(out, number);
    }
    out.push(u8::from(encoding == Encoding::Utf8));
    out.push(u8::from(is_encoding_proved));
}

fn read_summary(bytes: &mut Bytes<'_>) -> PartSummary {
    PartSummary {
        n_rows: bytes.number(),
        next_row: bytes.number(),
        starts_at: bytes.number(),
        ends_at: bytes.number(),
        // What is not UTF-8 is not joined, whatever it is.
        encoding: if bytes.byte() == 0 { Encoding::Windows1252 } else { Encoding::Utf8 },
        is_encoding_proved: bytes.byte() != 0,
    }
}

impl Cells {
    fn write_part(&self, out: &mut Vec<u8>) {
        for count in self.date_evidence.counts() {
            write_number(out, count);
        }
        for count in self.decimal_evidence.counts() {
            write_number(out, count);
        }
        for samples in [
            &self.date_samples,
            &self.two_digit_samples,
            &self.epoch_samples,
            &self.decimal_samples,
        ] {
            write_strings(out, samples);
        }
        write_optional(out, self.date_column.map(|column| column as u64));
        write_number(out, self.currencies.seen.len() as u64);
        for &(sign, n_rows, first_row) in &self.currencies.seen {
            write_sign(out, sign);
            write_number(out, n_rows);
            write_number(out, first_row);
        }
        write_number(out, self.currencies.n_without);
        out.extend_from_slice(&self.amount_total.to_le_bytes());
        write_number(out, self.n_amounts);
        for day in [self.first_day, self.last_day, self.last_start, self.last_activity] {
            write_optional_day(out, day);
        }
        self.dimensions.write_part(out);
        write_labels(out, &self.reasons);
        write_number(out, self.customers.len() as u64);
        for entry in self.customers.entries() {
            write_number(out, u64::from(entry.first_row));
            write_text(out, entry.text);
        }
    }

    fn absorb(&mut self, bytes: &mut Bytes<'_>, n_rows_before: u64) -> Renumbering {
        let dates = std::array::from_fn(|_| bytes.number());
        self.date_evidence.merge(&DateEvidence::from_counts(dates));
        let decimals = std::array::from_fn(|_| bytes.number());
        self.decimal_evidence.merge(&DecimalEvidence::from_counts(decimals));
        for samples in [
            &mut self.date_samples,
            &mut self.two_digit_samples,
            &mut self.epoch_samples,
            &mut self.decimal_samples,
        ] {
            for sample in read_strings(bytes) {
                super::cells::keep_sample(samples, &sample);
            }
        }
        let date_column = read_optional(bytes).and_then(|column| usize::try_from(column).ok());
        self.date_column = self.date_column.or(date_column);
        let mut currencies = Currencies::default();
        for _ in 0..bytes.number() {
            let (sign, n_rows, first_row) = (read_sign(bytes), bytes.number(), bytes.number());
            currencies.seen.extend(sign.map(|sign| (sign, n_rows, first_row + n_rows_before)));
        }
        currencies.n_without = bytes.number();
        self.currencies.add(&currencies);
        let total: [u8; 16] = bytes.take(16).try_into().unwrap_or_default();
        self.amount_total += Minor::from_le_bytes(total);
        self.n_amounts += bytes.number();
        self.first_day = super::cells::earlier(self.first_day, read_optional_day(bytes));
        self.last_day = self.last_day.max(read_optional_day(bytes));
        self.last_start = self.last_start.max(read_optional_day(bytes));
        self.last_activity = self.last_activity.max(read_optional_day(bytes));
        let segments = self.dimensions.absorb(bytes);
        let reasons = read_labels(bytes, &mut self.reasons);
        let n_customers = bytes.number();
        let mut customers = Vec::with_capacity(usize::try_from(n_customers).unwrap_or(0));
        let mut batch = Batch::default();
        for index in 0..n_customers {
            let row = bytes.number() + n_rows_before;
            batch.push(read_text(bytes), u32::try_from(row).unwrap_or(u32::MAX));
            if batch.len() == 256 || index + 1 == n_customers {
                self.customers.intern_all(&mut batch, &mut customers);
            }
        }
        Renumbering { customers, segments, reasons }
    }
}

impl Builder {
    /// Whether parts of the file can be read apart from each other.
    #[must_use]
    pub fn is_splittable(&self) -> bool {
        let shape = self.detection.as_ref().map(|detection| detection.shape);
        // Which copy of a row is the first decides which one stays.
        self.options.duplicates != Some(Duplicates::Drop)
            && matches!(shape, Some(Shape::Subscriptions | Shape::Mrr | Shape::Transactions))
    }

    /// From now on, rows of a part that is not the first are read.
    pub fn begin_part(&mut self) {
        if let Some(fingerprints) = &mut self.fingerprints {
            fingerprints.defer();
        }
    }

    /// What has been read, with the notes told meanwhile, for [`Builder::absorb`].
    #[must_use]
    pub fn into_part(mut self, summary: &PartSummary, notes: &Notes) -> Vec<u8> {
        let mut out = Vec::new();
        let (Some(mut cells), Some(mut shape)) = (self.cells.take(), self.shape.take()) else {
            return out;
        };
        shape.settle(&mut cells);
        out.push(u8::from(shape.is_seam_certain()));
        write_summary(&mut out, summary);
        write_number(&mut out, self.n_rows);
        write_number(&mut out, self.n_excluded);
        let of_reader: Vec<&Note> = notes.iter().collect();
        write_notes(&mut out, of_reader.into_iter());
        for tallies in [cells.tallies(), &self.blanks] {
            tallies.write_part(&mut out);
        }
        let fingerprints = self.fingerprints.as_ref();
        write_number(&mut out, fingerprints.map_or(0, Fingerprints::n_noted) as u64);
        for (fingerprint, row) in fingerprints.into_iter().flat_map(Fingerprints::noted) {
            out.extend_from_slice(&fingerprint.to_le_bytes());
            write_number(&mut out, row);
        }
        cells.write_part(&mut out);
        shape.write_part(&mut out);
        out
    }

    /// Takes in the part that follows what `reader` has read. Whether it fits; where it does not,
    /// nothing has changed.
    pub fn absorb(&mut self, part: &[u8], reader: &mut Reader, notes: &mut Notes) -> bool {
        self.try_absorb(part, reader, notes).is_some()
    }

    fn try_absorb(&mut self, part: &[u8], reader: &mut Reader, notes: &mut Notes) -> Option<()> {
        let n_rows_before = reader.next_row()? - 1;
        let mut bytes = Bytes::new(part);
        if bytes.byte() != 1 {
            return None;
        }
        let summary = read_summary(&mut bytes);
        let (cells, shape) = (self.cells.as_mut()?, self.shape.as_mut()?);
        shape.settle(cells);
        let (n_rows, n_excluded) = (bytes.number(), bytes.number());
        let of_reader = read_notes(&mut bytes, n_rows_before)?;
        let of_cells = Tallies::read_part(&mut bytes, n_rows_before)?;
        let blanks = Tallies::read_part(&mut bytes, n_rows_before)?;
        if !reader.absorb(&summary) {
            return None;
        }
        // Nothing of the ledger has changed so far, and from here on nothing can fail.
        let n_fingerprints = bytes.number();
        if let Some(fingerprints) = &mut self.fingerprints {
            let duplicates = &mut self.duplicates;
            for _ in 0..n_fingerprints {
                let (fingerprint, row) = (bytes.u64(), bytes.number() + n_rows_before);
                fingerprints
                    .look_up(fingerprint, row, |row| super::tell_duplicate(duplicates, row));
            }
        }
        let renumbering = cells.absorb(&mut bytes, n_rows_before);
        shape.absorb(&mut bytes, &renumbering);
        cells.tallies_mut().add_all(of_cells);
        self.blanks.add_all(blanks);
        for note in of_reader {
            notes.take(note);
        }
        self.n_rows += n_rows;
        self.n_excluded += n_excluded;
        Some(())
    }
}
