//! Words that vendors and people use for intervals, states and totals.
//!
//! An unknown interval is never read as one month, and an unknown state is told.

/// How often a price is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interval {
    /// Every so many months.
    Months(u32),
    /// Every so many days.
    Days(u32),
    /// Once.
    Once,
}

/// Reads a billing interval: `month`, `Yearly`, `2-Year`, `every 3 months`, `P1Y`.
pub(super) fn read_interval(text: &str) -> Option<Interval> {
    let lower = text.trim().to_lowercase();
    let mut count: Option<u32> = None;
    let mut unit: Option<Interval> = None;
    // `p1y` and `1yr` part into a number and a word.
    let mut spaced = String::with_capacity(lower.len() + 4);
    let mut previous_is_digit = None;
    for character in lower.chars() {
        let is_digit = character.is_ascii_digit();
        if previous_is_digit.is_some_and(|previous: bool| previous != is_digit) {
            spaced.push(' ');
        }
        spaced.push(if character.is_alphanumeric() { character } else { ' ' });
        previous_is_digit = Some(is_digit);
    }
    for word in spaced.split_whitespace() {
        if let Ok(number) = word.parse::<u32>() {
            if count.replace(number).is_some() {
                return None;
            }
            continue;
        }
        let known = match word {
            "month" | "months" | "monthly" | "mo" | "mon" | "m" | "monat" | "monate"
            | "monatlich" | "mois" | "mensuel" | "mensual" | "mensile" | "mes" | "maand"
            | "maandelijks" => Interval::Months(1),
            "year" | "years" | "yearly" | "annual" | "annually" | "annum" | "yr" | "y" | "jahr"
            | "jahre" | "jährlich" | "an" | "annuel" | "anual" | "annuale" | "año" | "jaar"
            | "jaarlijks" => Interval::Months(12),
            "quarter" | "quarters" | "quarterly" | "qtr" | "quartal" | "vierteljährlich"
            | "trimestre" | "trimestriel" | "trimestral" | "kwartaal" => Interval::Months(3),
            "semiannual" | "semiannually" | "semester" | "halbjährlich" | "halfyear"
            | "halfyearly" | "semestral" => Interval::Months(6),
            "biennial" | "biennially" => Interval::Months(24),
            "triennial" => Interval::Months(36),
            "week" | "weeks" | "weekly" | "wk" | "w" | "woche" | "wöchentlich" | "semaine"
            | "hebdomadaire" | "semana" | "semanal" => Interval::Days(7),
            "fortnight" | "fortnightly" => Interval::Days(14),
            "day" | "days" | "daily" | "d" | "tag" | "tage" | "täglich" | "jour" | "día" => {
                Interval::Days(1)
            }
            "once" | "onetime" | "lifetime" | "setup" | "einmalig" => Interval::Once,
            "semi" | "half" | "bi" => {
                // "semi annual", "half year"; "bi" alone is two things, so it stays unknown.
                if word == "bi" {
                    return None;
                }
                unit = Some(Interval::Months(6));
                continue;
            }
            "one" if lower.contains("time") => Interval::Once,
            "one" => {
                count = Some(1);
                continue;
            }
            "two" => {
                count = Some(2);
                continue;
            }
            "three" => {
                count = Some(3);
                continue;
            }
            "six" => {
                count = Some(6);
                continue;
            }
            "every" | "per" | "each" | "billed" | "plan" | "term" | "subscription" | "contract"
            | "time" | "p" | "alle" | "pro" | "par" | "por" => continue,
            _ => return None,
        };
        unit = match (unit, known) {
            (None, known) => Some(known),
            (Some(Interval::Months(6)), Interval::Months(12)) => Some(Interval::Months(6)),
            (Some(before), known) if before == known => Some(known),
            _ => return None,
        };
    }
    let count = count.unwrap_or(1);
    if count == 0 {
        return None;
    }
    match unit? {
        Interval::Months(months) => months.checked_mul(count).map(Interval::Months),
        Interval::Days(days) => days.checked_mul(count).map(Interval::Days),
        Interval::Once => Some(Interval::Once),
    }
}

/// What a vendor's state means for a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SubscriptionState {
    /// It is paid for, or was.
    Paying,
    /// It has not begun to be paid for.
    Trial,
    /// It has ended.
    Ended,
    /// It never began.
    NeverBegan,
    /// It is on hold.
    Paused,
}

/// Reads a vendor's state of a subscription.
pub(super) fn read_subscription_state(text: &str) -> Option<SubscriptionState> {
    let state = plain(text);
    Some(match state.as_str() {
        "active" | "live" | "renewing" | "non renewing" | "past due" | "unpaid" | "current"
        | "paid" | "enabled" | "in dunning" | "delinquent" | "aktiv" | "actif" | "activo"
        | "attivo" | "subscribed" | "renewed" => SubscriptionState::Paying,
        "trialing" | "trial" | "in trial" | "trialling" | "on trial" | "free trial"
        | "testphase" => SubscriptionState::Trial,
        "canceled" | "cancelled" | "expired" | "ended" | "inactive" | "churned" | "terminated"
        | "closed" | "suspended" | "gekündigt" | "beendet" | "inaktiv" | "lost" | "deactivated" => {
            SubscriptionState::Ended
        }
        "incomplete" | "incomplete expired" | "future" | "pending" | "draft" | "failed"
        | "not started" | "never activated" | "abandoned" => SubscriptionState::NeverBegan,
        "paused" | "on hold" | "hold" | "pausiert" => SubscriptionState::Paused,
        _ => return None,
    })
}

/// What a vendor's state means for an order or a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaymentState {
    /// It was paid.
    Paid,
    /// It was paid back in full.
    Refunded,
    /// It was not paid.
    NotPaid,
}

/// Reads a vendor's state of an order or a payment.
pub(super) fn read_payment_state(text: &str) -> Option<PaymentState> {
    let state = plain(text);
    Some(match state.as_str() {
        "paid" | "succeeded" | "success" | "successful" | "complete" | "completed" | "captured"
        | "settled" | "fulfilled" | "shipped" | "delivered" | "partially refunded"
        | "partially paid" | "processing" | "closed won" | "closedwon" | "won" | "bezahlt"
        | "ok" | "approved" | "billed" | "authorized" | "disputed" | "active" => PaymentState::Paid,
        "refunded" | "refund" | "erstattet" | "chargeback" | "charged back" | "reversed" => {
            PaymentState::Refunded
        }
        "failed"
        | "declined"
        | "unpaid"
        | "pending"
        | "void"
        | "voided"
        | "canceled"
        | "cancelled"
        | "draft"
        | "open"
        | "expired"
        | "on hold"
        | "uncollectible"
        | "ready"
        | "past due"
        | "closed lost"
        | "closedlost"
        | "lost"
        | "requires payment method"
        | "incomplete"
        | "abandoned"
        | "checkout draft"
        | "storniert"
        | "trash" => PaymentState::NotPaid,
        _ => return None,
    })
}

/// Whether a cell in the customers' column is the label of a totals row.
pub(crate) fn is_total_label(text: &str) -> bool {
    // Most labels are ids: a look at the first letter, and no text is made for the others.
    let first = text.bytes().find(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    if !first.is_some_and(|byte| matches!(byte | 0x20, b't' | b'g' | b's')) {
        return false;
    }
    let mut buffer = [0; 16];
    let Some(label) = plain_within(text, &mut buffer) else { return false };
    matches!(
        label,
        "total"
            | "totals"
            | "grand total"
            | "sum"
            | "summe"
            | "gesamt"
            | "gesamtsumme"
            | "somme"
            | "total general"
            | "total général"
            | "suma"
            | "totale"
            | "totaal"
            | "subtotal"
    )
}

/// Lower case, words parted by single spaces, where the buffer is long enough for them.
fn plain_within<'a>(text: &str, buffer: &'a mut [u8]) -> Option<&'a str> {
    let mut n_bytes = 0;
    let mut is_between_words = false;
    for character in text.chars() {
        if !character.is_alphanumeric() {
            is_between_words = 0 < n_bytes;
            continue;
        }
        if is_between_words {
            *buffer.get_mut(n_bytes)? = b' ';
            n_bytes += 1;
            is_between_words = false;
        }
        for lower in character.to_lowercase() {
            let room = buffer.get_mut(n_bytes..n_bytes + lower.len_utf8())?;
            n_bytes += lower.encode_utf8(room).len();
        }
    }
    std::str::from_utf8(buffer.get(..n_bytes)?).ok()
}

/// Lower case, words parted by single spaces.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}
