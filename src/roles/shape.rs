//! The decision: which shape, and which column has which role.
//!
//! Each candidate is scored by its header and refused where its values do not fit; the best shape
//! whose required roles are all there wins.

use super::header;
use super::health;
use super::profile::Profile;
use super::vendor::{self, Layout};
use super::{AmountMeaning, ColumnRole, Detection, Role, RoleOptions, Shape, ShapeCandidate};
use crate::arrange;
use crate::calendar::{Granularity, Period};
use crate::error::Error;
use crate::ingest::Table;
use crate::ingest::date::read_month;

/// What a choice of the caller counts.
const CHOSEN: i32 = 200;
/// Below this a header alone does not make a role.
const WEAK: i32 = 50;
/// What the only fitting column gets without a telling header.
const BY_VALUES: i32 = 30;

/// What detection knows of one column.
struct Candidate {
    name: String,
    header: String,
    profile: Profile,
    month: Option<Period>,
    /// Whether its name says that it is neither start nor order: a last login or a renewal is none,
    /// though it be the only date.
    is_told_apart: bool,
}

/// One shape with the roles it would give the columns.
struct Assignment {
    shape: Shape,
    /// Role, score and reason by column.
    columns: Vec<Option<(Role, i32, String)>>,
    missing: Vec<&'static str>,
    score: i32,
}

/// See [`super::detect`].
#[inline(never)]
pub(super) fn detect(table: &Table, options: &RoleOptions) -> Result<Detection, Error> {
    let candidates = candidates_of(table);
    check_overrides(&candidates, options)?;
    let headers: Vec<String> = candidates.iter().map(|column| column.header.clone()).collect();
    let layout = vendor::recognised(&headers);
    if options.shape.is_none()
        && options.roles.is_empty()
        && layout.is_none()
        && let Some(advice) = vendor::dead_end(&headers)
    {
        return Err(Error::new("no-history", advice).at_row(1));
    }

    let chosen = options.shape.as_slice();
    let shapes = if chosen.is_empty() { Shape::HISTORIES } else { chosen };
    let mut assignments: Vec<Assignment> =
        shapes.iter().map(|&shape| assign(shape, &candidates, options, layout)).collect();
    if options.shape.is_none() && !options.roles.is_empty() {
        assignments.retain(|assignment| {
            options.roles.keys().all(|role| assignment.shape.roles().contains(role))
        });
        if assignments.is_empty() {
            return Err(Error::new(
                "roles-do-not-fit",
                "The chosen roles do not belong to one kind of file. Choose the kind of file too.",
            ));
        }
    }
    // The best complete shape; where none is complete, the one that comes nearest says what it
    // lacks. The sort is stable, so that equal scores keep the order of the documentation.
    arrange::by_key(&mut assignments, |assignment| {
        (!assignment.missing.is_empty(), assignment.missing.len(), -assignment.score)
    });
    let Some(best) = assignments.into_iter().next() else {
        return Err(no_shape());
    };
    if !best.missing.is_empty() {
        return Err(incomplete(&best, &candidates));
    }
    let amount = amount_meaning(&best, &candidates, layout, options);
    refuse_without_amount(&best, &candidates, options)?;
    Ok(finish(best, candidates, amount, layout, options))
}

/// Whether a normalised header names a health signal or a renewal.
fn is_told_apart(header: &str) -> bool {
    health::is_signal_name(header) || 100 <= header::score(Role::Renewal, header)
}

#[inline(never)]
fn candidates_of(table: &Table) -> Vec<Candidate> {
    table
        .columns
        .iter()
        .enumerate()
        .map(|(index, name)| Candidate {
            name: name.clone(),
            header: header::normalized(name),
            profile: Profile::of(&table.sample, index),
            month: month_of_header(name),
            is_told_apart: is_told_apart(&header::normalized(name)),
        })
        .collect()
}

/// See [`super::candidates`].
pub(super) fn candidates(table: &Table, options: &RoleOptions) -> Vec<ShapeCandidate> {
    let candidates = candidates_of(table);
    if check_overrides(&candidates, options).is_err() {
        return Vec::new();
    }
    let headers: Vec<String> = candidates.iter().map(|column| column.header.clone()).collect();
    let layout = vendor::recognised(&headers);
    let place = |columns: &[Option<(Role, i32, String)>], role: Role| {
        columns.iter().position(|c| c.as_ref().is_some_and(|&(known, ..)| known == role))
    };
    Shape::ALL
        .iter()
        .filter(|shape| options.roles.keys().all(|role| shape.roles().contains(role)))
        .map(|&shape| assign(shape, &candidates, options, layout))
        .filter(|assignment| assignment.missing.is_empty())
        .map(|assignment| ShapeCandidate {
            shape: assignment.shape,
            score: assignment.score,
            customer: place(&assignment.columns, Role::Customer),
        })
        .collect()
}

/// See [`super::id_columns`].
pub(super) fn id_columns(table: &Table) -> Vec<usize> {
    let candidates = candidates_of(table);
    let is_id = |column: &Candidate| {
        fits(Shape::Customers, Role::Customer, column) && !column.profile.is_flags()
    };
    (0..candidates.len()).filter(|&index| is_id(&candidates[index])).collect()
}

/// The month that a header such as `2024-01` or `Jan 2024` names.
#[inline(never)]
fn month_of_header(name: &str) -> Option<Period> {
    let reading = read_month(name, None).ok()?;
    let month = reading.period;
    let first_or_last = [month.first_day().to_iso(), month.last_day().to_iso()];
    let is_month = reading.granularity == Granularity::Month
        && (!reading.is_full_date || first_or_last.iter().any(|day| name.trim().starts_with(day)));
    is_month.then_some(month)
}

#[inline(never)]
fn check_overrides(candidates: &[Candidate], options: &RoleOptions) -> Result<(), Error> {
    for name in options.roles.values() {
        if !name.is_empty() && !candidates.iter().any(|column| column.name == *name) {
            let known: Vec<&str> = candidates.iter().map(|column| column.name.as_str()).collect();
            return Err(Error::new(
                "unknown-column",
                format!("The file has no column “{name}”. Its columns are: {}.", known.join(", ")),
            )
            .in_column(name.clone()));
        }
    }
    Ok(())
}

/// Gives each role of a shape the column that fits it best.
fn assign(
    shape: Shape,
    candidates: &[Candidate],
    options: &RoleOptions,
    layout: Option<&'static Layout>,
) -> Assignment {
    let mut columns: Vec<Option<(Role, i32, String)>> = vec![None; candidates.len()];
    let mut settled: Vec<Role> = Vec::new();
    for (&role, name) in &options.roles {
        settled.push(role);
        if let Some(index) = candidates.iter().position(|column| column.name == *name) {
            columns[index] = Some((role, CHOSEN, "chosen by you".to_owned()));
        }
    }
    let layout = layout.filter(|layout| layout.shape == shape);
    if let Some(layout) = layout {
        for &(role, names) in layout.roles {
            if settled.contains(&role) {
                continue;
            }
            let named = |is_filled: bool| {
                names.iter().find_map(|&name| {
                    (0..candidates.len()).find(|&i| {
                        let one = &candidates[i];
                        one.header == name
                            && columns[i].is_none()
                            && !(is_filled && one.profile.n_filled == 0)
                    })
                })
            };
            // Of two columns of reasons, many a business fills only the second.
            let place = named(role == Role::Reason).or_else(|| named(false));
            if let Some(index) = place {
                settled.push(role);
                columns[index] = Some((role, 120, format!("as in the {}", layout.name)));
            }
        }
    }
    let is_wide = shape == Shape::Mrr && 2 <= month_columns(candidates, &columns).len();
    let mut choices: Vec<(i32, usize, usize, Role)> = Vec::new();
    for (order, &role) in shape.roles().iter().enumerate() {
        if settled.contains(&role) || (is_wide && matches!(role, Role::Month | Role::Amount)) {
            continue;
        }
        for (index, column) in candidates.iter().enumerate() {
            if is_wide && column.month.is_some() {
                continue;
            }
            if fits(shape, role, column) {
                let score = match (shape, role) {
                    (Shape::Events, Role::Date) => header::event_date_score(&column.header),
                    _ => header::score(role, &column.header),
                };
                choices.push((i32::from(score), order, index, role));
            }
        }
    }
    arrange::by_key(&mut choices, |&(score, order, index, _)| (-score, order, index));
    for &(score, _, index, role) in &choices {
        let enough = if shape.required().contains(&role) { 30 } else { WEAK };
        if score < enough || settled.contains(&role) || columns[index].is_some() {
            continue;
        }
        settled.push(role);
        let why = format!("named “{}”, and its values fit", candidates[index].name);
        columns[index] = Some((role, score, why));
    }
    by_values(shape, candidates, &mut columns, &mut settled, is_wide);
    if shape == Shape::Transactions && settled.contains(&Role::Amount) {
        drop_parts_of_amount(&mut columns);
    }
    let missing = missing_roles(shape, candidates, &columns, is_wide);
    let score = shape_score(shape, candidates, &columns, is_wide) + layout.map_or(0, |_| 400);
    Assignment { shape, columns, missing, score }
}

/// Where a column holds what an order came to, its price and quantity are not needed.
#[inline(never)]
fn drop_parts_of_amount(columns: &mut [Option<(Role, i32, String)>]) {
    for column in columns {
        if column.as_ref().is_some_and(|&(role, score, _)| {
            matches!(role, Role::UnitPrice | Role::Quantity) && score < CHOSEN
        }) {
            *column = None;
        }
    }
}

/// The month columns of a wide file that no other role has taken.
#[inline(never)]
fn month_columns(
    candidates: &[Candidate],
    columns: &[Option<(Role, i32, String)>],
) -> Vec<(usize, Period)> {
    let mut months: Vec<(usize, Period)> = candidates
        .iter()
        .enumerate()
        .filter(|&(index, column)| {
            columns[index].is_none() && (column.profile.is_amounts() || column.profile.is_empty())
        })
        .filter_map(|(index, column)| column.month.map(|month| (index, month)))
        .collect();
    arrange::by_key(&mut months, |&(index, month)| (month, index));
    months
}

/// Whether a column's values can play a role.
#[inline(never)]
fn fits(shape: Shape, role: Role, column: &Candidate) -> bool {
    let profile = &column.profile;
    let empty = profile.is_empty();
    match role {
        Role::Start | Role::Date | Role::Signup => profile.is_dates(),
        Role::End | Role::Renewal => profile.is_dates() || empty,
        Role::Month => profile.is_months() || profile.is_dates(),
        Role::Trial => profile.is_dates() || profile.is_flags() || empty,
        Role::Amount if shape == Shape::Accounts => profile.is_amounts(),
        Role::Amount | Role::UnitPrice => profile.is_amounts(),
        Role::Refund => profile.is_amounts() || empty,
        Role::Quantity | Role::IntervalCount => profile.is_counts() || empty,
        Role::StartCustomers
        | Role::NewCustomers
        | Role::EndCustomers
        | Role::LostCustomers
        | Role::StartRevenue
        | Role::NewRevenue
        | Role::Expansion
        | Role::Contraction
        | Role::ChurnedRevenue
        | Role::EndRevenue => profile.is_amounts() || empty,
        Role::Tenure => profile.is_counts() && !profile.is_flags(),
        Role::Churned | Role::Reactivation => profile.is_flags(),
        Role::Period => !empty && profile.n_distinct == profile.n_filled,
        Role::Customer => !empty && (!profile.is_dates() || profile.is_amounts()),
        Role::Order | Role::Status | Role::Interval => !empty,
        Role::Currency => !empty && profile.n_numbers == 0,
        Role::Plan | Role::Segment | Role::Reason => !empty,
    }
}

/// Columns whose headers say nothing, by their values: the only dates, the only amounts.
#[inline(never)]
fn by_values(
    shape: Shape,
    candidates: &[Candidate],
    columns: &mut [Option<(Role, i32, String)>],
    settled: &mut Vec<Role>,
    is_wide: bool,
) {
    let wanted: &[(Role, &str)] = match shape {
        Shape::Subscriptions => &[(Role::Start, "dates")],
        Shape::Transactions => &[(Role::Date, "dates"), (Role::Amount, "amounts")],
        Shape::Events => &[(Role::Date, "dates")],
        Shape::Mrr if !is_wide => &[(Role::Month, "months"), (Role::Amount, "amounts")],
        Shape::Mrr | Shape::Accounts | Shape::Periods | Shape::Customers => &[],
    };
    for &(role, kind) in wanted {
        if settled.contains(&role) {
            continue;
        }
        let mut fitting = (0..candidates.len()).filter(|&index| {
            let profile = &candidates[index].profile;
            columns[index].is_none()
                && !candidates[index].is_told_apart
                && match role {
                    Role::Amount => {
                        profile.is_amounts()
                            && profile.n_whole < profile.n_filled
                            && !profile.is_dates()
                    }
                    Role::Month => profile.is_months() && !profile.is_amounts(),
                    _ => profile.is_plain_dates(),
                }
        });
        if let (Some(index), None) = (fitting.next(), fitting.next()) {
            settled.push(role);
            columns[index] = Some((role, BY_VALUES, format!("the only column of {kind}")));
        }
    }
    if !settled.contains(&Role::Customer) && !matches!(shape, Shape::Periods | Shape::Accounts) {
        let place = (0..candidates.len()).find(|&index| {
            let profile = &candidates[index].profile;
            columns[index].is_none()
                && profile.n_filled == profile.n_cells
                && 1 <= profile.n_cells
                && !profile.is_flags()
                && (!profile.is_dates() || profile.n_whole == profile.n_filled)
                && (profile.n_numbers < profile.n_filled || profile.n_whole == profile.n_filled)
        });
        if let Some(index) = place {
            settled.push(Role::Customer);
            columns[index] =
                Some((Role::Customer, BY_VALUES, "the first column that can be an id".to_owned()));
        }
    }
}

/// The roles that a shape cannot do without and that no column has, as codes name them.
#[inline(never)]
fn missing_roles(
    shape: Shape,
    candidates: &[Candidate],
    columns: &[Option<(Role, i32, String)>],
    is_wide: bool,
) -> Vec<&'static str> {
    let has = |role: Role| columns.iter().flatten().any(|&(known, ..)| known == role);
    let mut missing: Vec<&'static str> =
        shape.required().iter().filter(|&&role| !has(role)).map(|&role| role.name()).collect();
    match shape {
        Shape::Mrr if !is_wide => {
            let _ = candidates;
            for role in [Role::Month, Role::Amount] {
                if !has(role) {
                    missing.push(role.name());
                }
            }
        }
        Shape::Transactions
            if !has(Role::Amount) && (!has(Role::Quantity) || !has(Role::UnitPrice)) =>
        {
            missing.push(Role::Amount.name());
        }
        Shape::Periods => {
            let has_totals = columns
                .iter()
                .flatten()
                .any(|&(role, ..)| !matches!(role, Role::Period | Role::Currency));
            if !has_totals {
                missing.push(Role::StartCustomers.name());
            }
        }
        _ => {}
    }
    missing
}

/// How much speaks for a shape.
#[inline(never)]
fn shape_score(
    shape: Shape,
    candidates: &[Candidate],
    columns: &[Option<(Role, i32, String)>],
    is_wide: bool,
) -> i32 {
    let of = |role: Role| {
        columns
            .iter()
            .flatten()
            .find(|&&(known, ..)| known == role)
            .map_or(0, |&(_, score, _)| score.min(100))
    };
    let place = |role: Role| {
        columns.iter().position(|c| c.as_ref().is_some_and(|&(known, ..)| known == role))
    };
    let speaks_of_mrr = place(Role::Amount).is_some_and(|index| {
        let header = &candidates[index].header;
        header.contains("mrr") || header.contains("monthly") || header.contains("recurring")
    });
    let customer = of(Role::Customer);
    match shape {
        Shape::Subscriptions => {
            customer
                + of(Role::Start)
                + of(Role::End)
                + of(Role::Interval) / 2
                + of(Role::Trial) / 4
                + if speaks_of_mrr { 60 } else { of(Role::Amount) / 3 }
        }
        Shape::Mrr if is_wide => 400 + customer,
        Shape::Mrr => {
            let months = place(Role::Month).map_or(0, |index| {
                let profile = &candidates[index].profile;
                if profile.is_months() && !profile.is_dates() {
                    80
                } else if profile.is_month_edges() && 2 <= profile.n_distinct {
                    40
                } else {
                    0
                }
            });
            let mrr = if speaks_of_mrr { 60 } else { 0 };
            customer + of(Role::Month) + of(Role::Amount) * 4 / 5 + months + mrr
        }
        Shape::Transactions => {
            customer
                + of(Role::Date)
                + of(Role::Amount).max(of(Role::UnitPrice)) * 4 / 5
                + of(Role::Order) / 2
                + of(Role::Refund) / 3
        }
        Shape::Periods => {
            let mut totals: Vec<i32> = columns
                .iter()
                .flatten()
                .filter(|&&(role, ..)| !matches!(role, Role::Period | Role::Currency))
                .map(|&(_, score, _)| score.min(100))
                .collect();
            arrange::by(&mut totals, |a, b| b.cmp(a));
            of(Role::Period) + totals.iter().take(3).sum::<i32>()
        }
        Shape::Accounts => {
            of(Role::Tenure) + of(Role::Churned) + customer / 2 + of(Role::Amount) / 2
        }
        Shape::Customers => {
            // One row for each customer, and nothing of a history.
            let is_distinct = place(Role::Customer).is_some_and(|index| {
                let profile = &candidates[index].profile;
                profile.n_filled * 4 <= profile.n_distinct * 5
            });
            if is_distinct {
                customer + 80 + of(Role::Signup) / 2 + of(Role::Churned) / 2
            } else {
                0
            }
        }
        Shape::Events => {
            let date = of(Role::Date);
            let (reason, reactivation) = (of(Role::Reason), of(Role::Reactivation));
            // A date alone is the date of anything.
            if date < 100 && reason + reactivation == 0 {
                0
            } else {
                customer + date + reason * 3 / 5 + reactivation * 3 / 5
            }
        }
    }
}

/// What the chosen amounts are, by their header and the vendor.
#[inline(never)]
fn amount_meaning(
    best: &Assignment,
    candidates: &[Candidate],
    layout: Option<&'static Layout>,
    options: &RoleOptions,
) -> AmountMeaning {
    let header = best
        .columns
        .iter()
        .position(|c| c.as_ref().is_some_and(|&(role, ..)| role == Role::Amount))
        .map_or("", |index| candidates[index].header.as_str());
    let has_word = |words: &[&str]| header.split(' ').any(|word| words.contains(&word));
    let is_monthly = has_word(&["mrr", "monthly", "monatsumsatz", "mensuel", "mensual"]);
    let is_yearly = has_word(&["arr", "acv", "annual", "yearly", "annually", "jährlich", "annuel"]);
    let is_total = has_word(&["total", "revenue", "umsatz", "subtotal", "net", "gross"]);
    let in_minor_units = has_word(&["cents", "cent", "pence", "minor"])
        || layout.is_some_and(|layout| layout.in_minor_units && layout.shape == best.shape);
    AmountMeaning {
        months: if is_yearly { 12 } else { 1 },
        is_monthly,
        per_piece: options.roles.contains_key(&Role::Quantity)
            || !(is_monthly || is_yearly || is_total),
        in_minor_units,
    }
}

/// A subscription file may do without amounts; but where there are columns that nothing is known
/// of, one of them may be the amount under another name, and leaving it out silently would be worse
/// than to ask.
#[inline(never)]
fn refuse_without_amount(
    best: &Assignment,
    candidates: &[Candidate],
    options: &RoleOptions,
) -> Result<(), Error> {
    let has_amount = best.columns.iter().flatten().any(|&(role, ..)| role == Role::Amount);
    if best.shape != Shape::Subscriptions || has_amount || !options.roles.is_empty() {
        return Ok(());
    }
    let unknown: Vec<&str> = best
        .columns
        .iter()
        .zip(candidates)
        .filter(|(role, column)| role.is_none() && !column.profile.is_dates())
        .map(|(_, column)| column.name.as_str())
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        "column-missing-mrr",
        format!(
            "No column holds the revenue of a subscription. If it is one of these, choose it as \
             the amount: {}. If the file has none, say so to count customers only.",
            unknown.join(", ")
        ),
    )
    .at_row(1)
    .in_column("amount")
    .with_columns(names_of(candidates)))
}

fn names_of(candidates: &[Candidate]) -> Vec<String> {
    candidates.iter().map(|column| column.name.clone()).collect()
}

fn no_shape() -> Error {
    Error::new(
        "no-shape",
        "This file is no table of subscriptions, monthly revenue, orders, period totals or \
         accounts. Choose what its columns are.",
    )
}

/// Says what the nearest shape lacks.
#[inline(never)]
fn incomplete(best: &Assignment, candidates: &[Candidate]) -> Error {
    let name = best.missing.first().copied().unwrap_or("customer");
    let known: Vec<&str> = candidates.iter().map(|column| column.name.as_str()).collect();
    Error::new(
        missing_code(name),
        format!(
            "Read as {}, the file lacks a column for {}. Its columns are: {}. Choose one, or \
             another kind of file.",
            best.shape.name(),
            best.missing.iter().map(|name| name.replace('_', " ")).collect::<Vec<_>>().join(", "),
            known.join(", ")
        ),
    )
    .at_row(1)
    .in_column(name)
    .with_columns(names_of(candidates))
}

fn missing_code(role: &str) -> &'static str {
    match role {
        "customer" => "column-missing-customer",
        "start" => "column-missing-start",
        "date" => "column-missing-date",
        "amount" => "column-missing-amount",
        "month" => "column-missing-month",
        "period" => "column-missing-period",
        "tenure" => "column-missing-tenure",
        "churned" => "column-missing-churned",
        _ => "column-missing-totals",
    }
}

#[inline(never)]
fn finish(
    best: Assignment,
    candidates: Vec<Candidate>,
    amount: AmountMeaning,
    layout: Option<&'static Layout>,
    options: &RoleOptions,
) -> Detection {
    let months = if best.shape == Shape::Mrr
        && !best.columns.iter().flatten().any(|&(role, ..)| role == Role::Month)
    {
        month_columns(&candidates, &best.columns)
    } else {
        Vec::new()
    };
    let vendor = layout.filter(|layout| layout.shape == best.shape).map(|layout| layout.name);
    let shape_why = if options.shape.is_some() {
        "chosen by you".to_owned()
    } else if let Some(vendor) = vendor {
        format!("its headers are those of the {vendor}")
    } else if months.is_empty() {
        let named: Vec<String> = best
            .shape
            .required()
            .iter()
            .filter_map(|&role| {
                best.columns
                    .iter()
                    .position(|c| c.as_ref().is_some_and(|&(known, ..)| known == role))
                    .map(|index| format!("“{}”", candidates[index].name))
            })
            .collect();
        format!("it has {}", named.join(" and "))
    } else {
        format!("{} columns are months", months.len())
    };
    let profiles = candidates.iter().map(|column| column.profile.clone()).collect();
    let columns = best
        .columns
        .into_iter()
        .zip(candidates)
        .enumerate()
        .map(|(index, (role, column))| {
            let month = months.iter().any(|&(known, _)| known == index);
            let (role, why) = match role {
                Some((role, _, why)) => (Some(role), why),
                None if month => (None, "a month of revenue".to_owned()),
                None if column.profile.is_empty() => (None, "empty".to_owned()),
                None => (None, "not needed".to_owned()),
            };
            ColumnRole { name: column.name, role, why }
        })
        .collect();
    Detection { shape: best.shape, shape_why, columns, months, amount, vendor, profiles }
}
