//! The layouts of known vendors' exports, recognised by their headers.
//!
//! Only what the names alone do not tell is here: which of several columns is meant, and cents.

use super::{Role, Shape};

/// One vendor's export.
#[derive(Debug)]
pub(super) struct Layout {
    /// What a person calls it.
    pub(super) name: &'static str,
    /// Its shape.
    pub(super) shape: Shape,
    /// Normalised headers that it has, all of them.
    pub(super) has: &'static [&'static str],
    /// For some roles, the headers that stand for it, the best first.
    pub(super) roles: &'static [(Role, &'static [&'static str])],
    /// Whether its amounts are in cents.
    pub(super) in_minor_units: bool,
}

/// The layout that a file's normalised headers have, if it is a known one.
#[inline(never)]
pub(super) fn recognised(headers: &[String]) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|layout| {
        layout.has.iter().all(|&needed| headers.iter().any(|header| header == needed))
    })
}

static LAYOUTS: &[Layout] = &[
    Layout {
        name: "Stripe subscriptions export",
        shape: Shape::Subscriptions,
        has: &["customer id", "current period start", "ended at", "status", "interval"],
        roles: &[
            (Role::Customer, &["customer id"]),
            (Role::Start, &["start date", "start", "created"]),
            (Role::End, &["ended at"]),
            (Role::Amount, &["amount"]),
            (Role::Interval, &["interval"]),
            (Role::Quantity, &["quantity"]),
            (Role::Trial, &["trial end"]),
            (Role::Renewal, &["current period end"]),
        ],
        in_minor_units: false,
    },
    Layout {
        name: "Stripe payments export",
        shape: Shape::Transactions,
        has: &["id", "amount", "amount refunded", "currency", "status", "mode"],
        roles: &[
            (Role::Customer, &["customer id", "customer email"]),
            (Role::Date, &["created date", "created"]),
            (Role::Amount, &["amount"]),
            (Role::Refund, &["amount refunded"]),
            (Role::Order, &["id"]),
            (Role::Currency, &["currency"]),
            (Role::Status, &["status"]),
        ],
        in_minor_units: false,
    },
    Layout {
        name: "Stripe invoices export",
        shape: Shape::Transactions,
        has: &["customer", "amount due", "amount paid", "number", "subscription"],
        roles: &[
            (Role::Customer, &["customer"]),
            (Role::Date, &["paid at", "date", "finalized at"]),
            (Role::Amount, &["amount paid"]),
            (Role::Order, &["id"]),
            (Role::Status, &["status"]),
        ],
        in_minor_units: false,
    },
    Layout {
        name: "Shopify orders export",
        shape: Shape::Transactions,
        has: &["name", "email", "financial status", "total", "lineitem quantity"],
        roles: &[
            (Role::Customer, &["email"]),
            (Role::Date, &["created at", "paid at"]),
            (Role::Amount, &["total"]),
            (Role::Refund, &["refunded amount"]),
            (Role::Order, &["name"]),
            (Role::Currency, &["currency"]),
            (Role::Status, &["financial status"]),
        ],
        in_minor_units: false,
    },
    Layout {
        name: "WooCommerce orders export",
        shape: Shape::Transactions,
        has: &["date", "order number", "status", "customer", "customer type", "net sales"],
        roles: &[
            (Role::Customer, &["customer"]),
            (Role::Date, &["date"]),
            (Role::Amount, &["net sales"]),
            (Role::Order, &["order number"]),
            (Role::Status, &["status"]),
        ],
        in_minor_units: false,
    },
    Layout {
        name: "Baremetrics import file",
        shape: Shape::Subscriptions,
        has: &[
            "plan oid",
            "plan amount",
            "plan interval",
            "customer oid",
            "subscription started at",
        ],
        roles: &[
            (Role::Customer, &["customer oid"]),
            (Role::Start, &["subscription started at"]),
            (Role::End, &["subscription canceled at"]),
            (Role::Amount, &["plan amount"]),
            (Role::Interval, &["plan interval"]),
            (Role::IntervalCount, &["plan interval count"]),
            (Role::Quantity, &["subscription quantity"]),
            (Role::Currency, &["plan currency"]),
            (Role::Plan, &["plan name"]),
        ],
        in_minor_units: true,
    },
    Layout {
        name: "Chargebee subscriptions",
        shape: Shape::Subscriptions,
        has: &["customer id", "current term start", "cancelled at", "plan id", "status"],
        roles: &[
            (Role::Customer, &["customer id"]),
            // `activated_at` is the last activation, not the first.
            (Role::Start, &["started at", "start date", "activated at", "created at"]),
            (Role::End, &["cancelled at"]),
            (Role::Amount, &["mrr"]),
            (Role::Currency, &["currency code"]),
            (Role::Reason, &["cancel reason code", "cancel reason"]),
            (Role::Trial, &["trial end"]),
            (Role::Renewal, &["next billing at", "current term end"]),
        ],
        in_minor_units: true,
    },
    Layout {
        name: "Recurly subscriptions export",
        shape: Shape::Subscriptions,
        has: &["account code", "plan code", "state", "unit amount", "activated at", "expires at"],
        roles: &[
            (Role::Customer, &["account code"]),
            (Role::Start, &["activated at"]),
            // A canceled Recurly subscription is live until it expires.
            (Role::End, &["expires at"]),
            (Role::Amount, &["unit amount"]),
            (Role::Quantity, &["quantity"]),
            (Role::Status, &["state"]),
            (Role::Trial, &["trial ends at"]),
            (Role::Renewal, &["current period ends at"]),
        ],
        in_minor_units: false,
    },
    Layout {
        name: "Paddle transactions report",
        shape: Shape::Transactions,
        has: &["id", "status", "customer id", "billed at", "subscription id"],
        roles: &[
            (Role::Customer, &["customer id"]),
            (Role::Date, &["billed at", "created at"]),
            (Role::Order, &["id"]),
            (Role::Status, &["status"]),
        ],
        in_minor_units: false,
    },
    Layout {
        name: "ChartMogul subscriptions",
        shape: Shape::Subscriptions,
        has: &["customer uuid", "customer subscription id", "mrr", "arr", "interval unit"],
        roles: &[
            (Role::Customer, &["customer uuid"]),
            (Role::Start, &["start date", "subscription start date", "started at"]),
            (Role::End, &["end date", "subscription end date", "cancelled at", "canceled at"]),
            (Role::Amount, &["mrr"]),
            (Role::Currency, &["currency"]),
        ],
        in_minor_units: true,
    },
    Layout {
        name: "ChartMogul MRR intervals",
        shape: Shape::Subscriptions,
        has: &["customer uuid", "mrr", "start date", "end date", "subscription uuid", "is trial"],
        roles: &[
            (Role::Customer, &["customer uuid"]),
            (Role::Start, &["start date"]),
            (Role::End, &["end date"]),
            (Role::Amount, &["mrr"]),
            (Role::Trial, &["is trial"]),
        ],
        in_minor_units: true,
    },
    Layout {
        name: "HubSpot deals export",
        shape: Shape::Transactions,
        has: &["record id", "deal name", "deal stage", "amount", "close date"],
        roles: &[
            (Role::Customer, &["associated company", "company name"]),
            (Role::Date, &["close date"]),
            (Role::Amount, &["amount"]),
            (Role::Order, &["record id"]),
            (Role::Status, &["deal stage"]),
        ],
        in_minor_units: false,
    },
    Layout {
        name: "Salesforce opportunities report",
        shape: Shape::Transactions,
        has: &["opportunity id", "account name", "stage", "amount", "close date"],
        roles: &[
            (Role::Customer, &["account name"]),
            (Role::Date, &["close date"]),
            (Role::Amount, &["amount"]),
            (Role::Order, &["opportunity id"]),
            (Role::Status, &["stage"]),
        ],
        in_minor_units: false,
    },
    Layout {
        name: "Authorize.net subscriptions",
        shape: Shape::Subscriptions,
        has: &["id", "name", "status", "created date", "customer", "payments to date"],
        roles: &[
            (Role::Customer, &["customer"]),
            (Role::Start, &["created date"]),
            (Role::Amount, &["amount"]),
            (Role::Status, &["status"]),
        ],
        in_minor_units: false,
    },
];

/// Vendors' exports that hold customers but no history, with what to export instead.
#[inline(never)]
pub(super) fn dead_end(headers: &[String]) -> Option<&'static str> {
    let has = |needed: &[&str]| needed.iter().all(|&name| headers.iter().any(|h| h == name));
    if has(&["total spend", "payment count", "delinquent"]) {
        return Some(
            "This is Stripe's list of customers; it does not say when they left. Export \
             subscriptions (Billing, Subscriptions, Export) or payments instead.",
        );
    }
    if has(&["total spent", "total orders"]) || has(&["accepts email marketing", "first name"]) {
        return Some(
            "This is Shopify's list of customers; it does not say when they bought. Export orders \
             (Orders, Export) instead.",
        );
    }
    None
}
