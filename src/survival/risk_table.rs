//! Who was at risk and who was lost at each duration: what every estimator counts from.
//!
//! It estimates nothing, and it keeps no customer: a million of them are a few hundred rows.

use crate::Error;

/// How many customers were lost, and how many only last seen, at one duration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DurationCount {
    /// How long they had been customers, in any one unit.
    pub duration: f64,
    /// Those lost at that duration.
    pub n_events: u64,
    /// Those last seen at that duration and still customers then: right-censored.
    pub n_censored: u64,
}

/// How many customers came under observation late, at one duration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntryCount {
    /// How long they had been customers when they were first observed.
    pub entry: f64,
    /// How many there are.
    pub n_customers: u64,
}

/// One distinct duration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RiskRow {
    /// The duration.
    pub time: f64,
    /// Customers under observation just before it: `entry < time` and `time <= duration`.
    pub n_at_risk: u64,
    /// Customers lost at it.
    pub n_events: u64,
    /// Customers last seen at it.
    pub n_censored: u64,
}

/// Who was at risk and who was lost at each distinct duration, shortest first.
///
/// A customer is at risk at `t` when `entry < t` and `t <= duration`. One without a late entry
/// (or with entry 0) is at risk from the very beginning, and so may be lost at duration 0.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskTable {
    rows: Vec<RiskRow>,
    entries: Vec<EntryCount>,
    n_customers: u64,
}

impl RiskTable {
    /// The table of one row for each customer.
    ///
    /// # Errors
    ///
    /// `no-durations`, `lengths-differ`, `duration-not-finite`, `duration-negative`,
    /// `entry-not-finite`, `entry-negative`, and `entry-not-before-duration` where a customer
    /// entered after 0 and not before the end of its duration.
    pub fn from_durations(
        durations: &[f64],
        events: &[bool],
        entry: Option<&[f64]>,
    ) -> Result<Self, Error> {
        check_durations(durations, events, entry)?;
        let mut exits: Vec<(f64, bool)> =
            durations.iter().copied().zip(events.iter().copied()).collect();
        exits.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut counts: Vec<DurationCount> = Vec::new();
        for (duration, lost) in exits {
            let (n_events, n_censored) = if lost { (1, 0) } else { (0, 1) };
            push_duration(&mut counts, DurationCount { duration, n_events, n_censored });
        }
        let mut entries: Vec<f64> =
            entry.unwrap_or_default().iter().copied().filter(|&entry| entry > 0.0).collect();
        entries.sort_unstable_by(f64::total_cmp);
        let mut late: Vec<EntryCount> = Vec::new();
        for entry in entries {
            push_entry(&mut late, EntryCount { entry, n_customers: 1 });
        }
        Self::assemble(&counts, late)
    }

    /// The table of customers already counted by duration, in any order.
    ///
    /// `entries` counts the customers who came under observation late, by the duration they had
    /// then; all others are observed from 0 on.
    ///
    /// # Errors
    ///
    /// `no-durations` where the counts add up to nobody; `duration-not-finite`,
    /// `duration-negative`, `entry-not-finite`, `entry-negative`; `entry-not-before-duration` where
    /// more customers have left than have entered at some duration; `too-many-customers` beyond
    /// the range of a 64-bit count.
    #[inline(never)]
    pub fn from_counts(counts: &[DurationCount], entries: &[EntryCount]) -> Result<Self, Error> {
        for (index, count) in counts.iter().enumerate() {
            check_time(count.duration, "duration", index)?;
        }
        for (index, entry) in entries.iter().enumerate() {
            check_time(entry.entry, "entry", index)?;
        }
        let mut sorted: Vec<DurationCount> =
            counts.iter().copied().filter(|count| 0 < count.n_events | count.n_censored).collect();
        sorted.sort_by(|a, b| a.duration.total_cmp(&b.duration));
        let mut merged: Vec<DurationCount> = Vec::with_capacity(sorted.len());
        let mut total: u64 = 0;
        for count in sorted {
            total = total
                .checked_add(count.n_events)
                .and_then(|total| total.checked_add(count.n_censored))
                .ok_or_else(too_many)?;
            push_duration(&mut merged, count);
        }
        if total == 0 {
            return Err(no_durations());
        }
        let mut late: Vec<EntryCount> = entries
            .iter()
            .copied()
            .filter(|entry| entry.entry > 0.0 && entry.n_customers > 0)
            .collect();
        late.sort_by(|a, b| a.entry.total_cmp(&b.entry));
        let mut merged_late: Vec<EntryCount> = Vec::with_capacity(late.len());
        let mut total_late: u64 = 0;
        for entry in late {
            total_late = total_late.checked_add(entry.n_customers).ok_or_else(too_many)?;
            push_entry(&mut merged_late, entry);
        }
        Self::assemble(&merged, merged_late)
    }

    /// Distinct, sorted and checked counts as a table.
    fn assemble(counts: &[DurationCount], entries: Vec<EntryCount>) -> Result<Self, Error> {
        let n_customers: u64 = counts.iter().map(|c| c.n_events + c.n_censored).sum();
        let n_late: u64 = entries.iter().map(|entry| entry.n_customers).sum();
        let more_late = || {
            Error::new(
                "entry-not-before-duration",
                "More customers have left than had come under observation by then. \
                 Each entry must lie before the end of that customer's duration.",
            )
            .in_column("entry")
        };
        let mut under_observation = n_customers.checked_sub(n_late).ok_or_else(more_late)?;
        let mut late = entries.iter().peekable();
        let mut rows = Vec::with_capacity(counts.len());
        for count in counts {
            while let Some(entry) = late.next_if(|entry| entry.entry < count.duration) {
                under_observation += entry.n_customers;
            }
            rows.push(RiskRow {
                time: count.duration,
                n_at_risk: under_observation,
                n_events: count.n_events,
                n_censored: count.n_censored,
            });
            under_observation = under_observation
                .checked_sub(count.n_events + count.n_censored)
                .ok_or_else(more_late)?;
        }
        // An entry at or after the longest duration belongs to nobody.
        if late.next().is_some() {
            return Err(more_late());
        }
        Ok(Self { rows, entries, n_customers })
    }

    /// The distinct durations, shortest first.
    #[must_use]
    pub fn rows(&self) -> &[RiskRow] {
        &self.rows
    }

    /// The late entries, earliest first.
    #[must_use]
    pub fn entries(&self) -> &[EntryCount] {
        &self.entries
    }

    /// How many customers there are.
    #[must_use]
    pub fn n_customers(&self) -> u64 {
        self.n_customers
    }

    /// How many of them were lost.
    #[must_use]
    pub fn n_events(&self) -> u64 {
        self.rows.iter().map(|row| row.n_events).sum()
    }

    /// How many customers are observed from duration 0 on.
    #[must_use]
    pub fn n_from_the_beginning(&self) -> u64 {
        self.n_customers - self.entries.iter().map(|entry| entry.n_customers).sum::<u64>()
    }

    /// The longest duration, of a lost or of a censored customer.
    #[must_use]
    pub fn last_time(&self) -> f64 {
        self.rows.last().map_or(0.0, |row| row.time)
    }
}

/// Adds a count, to the last one where the duration is the same. `-0` and `0` are the same.
fn push_duration(counts: &mut Vec<DurationCount>, count: DurationCount) {
    match counts.last_mut() {
        Some(last) if count.duration <= last.duration => {
            last.n_events += count.n_events;
            last.n_censored += count.n_censored;
        }
        _ => counts.push(count),
    }
}

/// Adds an entry, to the last one where it is the same.
fn push_entry(entries: &mut Vec<EntryCount>, entry: EntryCount) {
    match entries.last_mut() {
        Some(last) if entry.entry <= last.entry => last.n_customers += entry.n_customers,
        _ => entries.push(entry),
    }
}

fn check_durations(durations: &[f64], events: &[bool], entry: Option<&[f64]>) -> Result<(), Error> {
    if durations.is_empty() {
        return Err(no_durations());
    }
    check_length("durations", durations.len(), "events", events.len())?;
    if let Some(entry) = entry {
        check_length("durations", durations.len(), "entry", entry.len())?;
    }
    for (index, &duration) in durations.iter().enumerate() {
        check_time(duration, "duration", index)?;
    }
    for (index, (&entry, &duration)) in entry.unwrap_or_default().iter().zip(durations).enumerate()
    {
        check_time(entry, "entry", index)?;
        if entry > 0.0 && duration <= entry {
            return Err(Error::new(
                "entry-not-before-duration",
                format!(
                    "The entry at position {index} is {entry}, which is not before that \
                     customer's duration of {duration}. Leave out customers who were gone before \
                     they could be observed."
                ),
            )
            .in_column("entry"));
        }
    }
    Ok(())
}

/// Refuses two lists of different lengths.
pub(super) fn check_length(
    first: &str,
    n_first: usize,
    second: &str,
    n_second: usize,
) -> Result<(), Error> {
    if n_first == n_second {
        return Ok(());
    }
    Err(Error::new(
        "lengths-differ",
        format!("There are {n_first} {first} but {n_second} {second}. Give one of each for every customer."),
    )
    .in_column(second))
}

fn check_time(time: f64, name: &'static str, index: usize) -> Result<(), Error> {
    let (not_finite, negative, column) = match name {
        "entry" => ("entry-not-finite", "entry-negative", "entry"),
        _ => ("duration-not-finite", "duration-negative", "durations"),
    };
    if !time.is_finite() {
        let message =
            format!("The {name} at position {index} is not a number. Leave that customer out.");
        return Err(Error::new(not_finite, message).in_column(column));
    }
    if time < 0.0 {
        let message = format!(
            "The {name} at position {index} is {time}, and no time can be negative. \
             Check whether the end lies before the start."
        );
        return Err(Error::new(negative, message).in_column(column));
    }
    Ok(())
}

fn no_durations() -> Error {
    Error::new("no-durations", "There is no customer to count. Give one duration for each.")
        .in_column("durations")
}

fn too_many() -> Error {
    Error::new("too-many-customers", "The counts add up to more than a 64-bit count can hold.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_risk_counts_entry_before_and_exit_at_or_after() {
        let table = RiskTable::from_durations(
            &[5.0, 3.0, 5.0, 8.0, 3.0],
            &[true, true, false, true, false],
            Some(&[0.0, 2.0, 3.0, 5.0, 0.0]),
        )
        .unwrap();
        let rows: Vec<_> = table
            .rows()
            .iter()
            .map(|row| (row.time, row.n_at_risk, row.n_events, row.n_censored))
            .collect();
        // At 3: the first (0..5), second (2..3) and last (0..3); the third enters at 3, too late.
        assert_eq!(rows, [(3.0, 3, 1, 1), (5.0, 2, 1, 1), (8.0, 1, 1, 0)]);
        assert_eq!(table.n_from_the_beginning(), 2);
    }

    #[test]
    fn counts_and_rows_make_the_same_table() {
        let by_row = RiskTable::from_durations(
            &[2.0, 1.0, 2.0, 0.0],
            &[true, false, false, true],
            Some(&[1.0, 0.0, 0.0, 0.0]),
        )
        .unwrap();
        let count =
            |duration, n_events, n_censored| DurationCount { duration, n_events, n_censored };
        let by_count = RiskTable::from_counts(
            &[count(2.0, 1, 0), count(0.0, 1, 0), count(2.0, 0, 1), count(1.0, 0, 1)],
            &[EntryCount { entry: 1.0, n_customers: 1 }],
        )
        .unwrap();
        assert_eq!(by_row, by_count);
    }

    #[test]
    fn wrong_input_is_named() {
        let code = |durations: &[f64], events: &[bool], entry: Option<&[f64]>| {
            RiskTable::from_durations(durations, events, entry).unwrap_err().code()
        };
        assert_eq!(code(&[], &[], None), "no-durations");
        assert_eq!(code(&[1.0], &[], None), "lengths-differ");
        assert_eq!(code(&[1.0], &[true], Some(&[])), "lengths-differ");
        assert_eq!(code(&[-1.0], &[true], None), "duration-negative");
        assert_eq!(code(&[f64::NAN], &[true], None), "duration-not-finite");
        assert_eq!(code(&[f64::INFINITY], &[true], None), "duration-not-finite");
        assert_eq!(code(&[1.0], &[true], Some(&[-0.5])), "entry-negative");
        assert_eq!(code(&[1.0], &[true], Some(&[f64::NAN])), "entry-not-finite");
        assert_eq!(code(&[1.0], &[true], Some(&[1.0])), "entry-not-before-duration");
        let count = DurationCount { duration: 1.0, n_events: 1, n_censored: 0 };
        let late = EntryCount { entry: 1.0, n_customers: 1 };
        let code = |counts: &[DurationCount], entries: &[EntryCount]| {
            RiskTable::from_counts(counts, entries).unwrap_err().code()
        };
        assert_eq!(code(&[count], &[late]), "entry-not-before-duration");
        assert_eq!(code(&[], &[]), "no-durations");
        let huge = DurationCount { n_events: u64::MAX, ..count };
        assert_eq!(code(&[count, huge], &[]), "too-many-customers");
    }
}
