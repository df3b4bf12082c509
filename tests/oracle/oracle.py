"""The numbers that a report must contain, computed a second time and in the plainest way.

Written from the definitions alone, without sight of the Rust analysis, with exact integers and
no float. Python 3.11.7, standard library only. It reads clean files with a mapping that is
written down here for each of them; it detects nothing and repairs nothing.

Usage:
    python3 tests/oracle/oracle.py            writes tests/cases/expected/*.json
    python3 tests/oracle/oracle.py --check    compares with them, and fails on a difference

# Definitions

A *stretch* is (customer, start, end, cents per month). It counts at the close of day d where
start <= d and (there is no end, or end > d). A customer is *active* at a close where its stretches
that count add up to more than zero.

- Subscriptions: one stretch per row. A row on trial gives none; a trial that became a plan counts
  from its last day; a stretch that ends where it starts is none. Cents per month: amount times
  quantity over the months of the interval, rounded half away from zero, once per row.
- Monthly revenue: one stretch per customer and month with revenue, from the first day of the month
  to the first day of the next; several rows add up. The last day of the data is the last day of the
  last month.
- A period's start is the close of the day before it, its end the close of its last day or of asOf.
  lost: active at the start, not at the end. new: active at the end, never up to the start.
  reactivated: active at the end, not at the start, on some day before it. cameAndWent: at neither,
  but on some day between.
- Revenue: for customers active at both, expansion and contraction are the differences; churned is
  the revenue of the lost; new and reactivation the revenue of the others.
- A cohort is the period of a customer's first active day. Its size is how many customers that is;
  its cells count those active at the close of age 0, 1, 2, … (at asOf where that comes first).
- The trailing year compares the close of asOf with the close of the same day twelve months before
  (of the last day of that month, where it is shorter).
  It is null where the data begin after the first of these two days.
- Transactions: the rows of one order and customer are one purchase on their first day; a negative
  row is a refund on its own day. A customer is active in a period in which it made a purchase of
  more than zero. start: active in the period before. lost: of those, not in this one. new: never
  in an earlier period. A cohort is the period of the first purchase, free ones included (CDNOW has
  80 of them); its cells count the customers active in a period, and the revenue of all of its
  customers in it, refunds subtracted. Free purchases are purchases in the totals too.
- Accounts: one period, of all accounts and those that have left.
- Period totals are passed through; their rates follow from them.
- asOf is the latest start or end of the rows that count, unless it is given. What begins after asOf
  is left aside; what ends after it still counts.

Rates are [numerator, denominator], not reduced; null where the denominator is 0. Revenue is in
minor units.
"""

import calendar
import csv
import datetime
import json
import os
import sys
from fractions import Fraction

VERSION = 1
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXPECTED = os.path.join(ROOT, "tests", "cases", "expected")
Date = datetime.date
ONE_DAY = datetime.timedelta(days=1)


# Days and periods.

def day(text):
    """The date as written, whatever the time of day; nothing for an empty cell."""
    text = text.strip()
    if not text:
        return None
    if len(text) == 8 and text.isdigit():
        return Date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    return Date.fromisoformat(text[:10])


MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_of(date, granularity):
    """Periods since year 0."""
    return (date.year * 12 + date.month - 1) // MONTHS[granularity]


def first_day(period, granularity):
    year, month = divmod(period * MONTHS[granularity], 12)
    return Date(year, month + 1, 1)


def last_day(period, granularity):
    return first_day(period + 1, granularity) - ONE_DAY


def label(period, granularity):
    first = first_day(period, granularity)
    return {"month": f"{first.year}-{first.month:02}", "quarter": f"{first.year}-Q{(first.month + 2) // 3}",
            "year": f"{first.year}"}[granularity]


def a_year_before(date):
    length = calendar.monthrange(date.year - 1, date.month)[1]
    return Date(date.year - 1, date.month, min(date.day, length))


# Money.

def half_away(value):
    """A fraction as the nearest integer, halves away from zero."""
    size = abs(value)
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return whole if value >= 0 else -whole


def minor(text, months=1, quantity=1):
    return half_away(Fraction(text.strip()) * quantity * 100 / months)


# Recurring revenue.

def level_at(stretches, date):
    """Cents per month of each active customer at the close of a day."""
    level = {}
    for customer, start, end, cents in stretches:
        if start <= date and (end is None or end > date):
            level[customer] = level.get(customer, 0) + cents
    return {customer: cents for customer, cents in level.items() if cents > 0}


def ratio(numerator, denominator):
    return [numerator, denominator] if denominator else None


def rates(customers, revenue):
    start = customers["start"]
    out = {"customerRetentionRate": ratio(start - customers["lost"], start),
           "customerChurnRate": ratio(customers["lost"], start)}
    if revenue:
        then, less = revenue["start"], revenue["contraction"] + revenue["churned"]
        more = revenue["new"] + revenue["reactivation"] + revenue["expansion"]
        out |= {"grossRevenueRetention": ratio(then - less, then),
                "netRevenueRetention": ratio(then - less + revenue["expansion"], then),
                "revenueChurnRate": ratio(less, then), "quickRatio": ratio(more, less)}
    return out


def movements(stretches, before, close):
    """What happened from the close of one day to the close of another."""
    then, now = level_at(stretches, before), level_at(stretches, close)
    known = {customer for customer, start, _, _ in stretches if start <= before}
    seen = {customer for customer, start, end, _ in stretches if start <= close and (end is None or end > before + ONE_DAY)}
    lost = then.keys() - now.keys()
    both = then.keys() & now.keys()
    new = now.keys() - then.keys() - known
    back = (now.keys() - then.keys()) & known
    customers = {"start": len(then), "new": len(new), "reactivated": len(back), "lost": len(lost), "end": len(now),
                 "cameAndWent": len(seen - then.keys() - now.keys())}
    revenue = {
        "start": sum(then.values()),
        "new": sum(now[customer] for customer in new),
        "reactivation": sum(now[customer] for customer in back),
        "expansion": sum(max(0, now[customer] - then[customer]) for customer in both),
        "contraction": sum(max(0, then[customer] - now[customer]) for customer in both),
        "churned": sum(then[customer] for customer in lost),
        "end": sum(now.values()),
    }
    # The rates by their definitions, not by the movements; the two must agree.
    by_definition = [sum(min(now.get(c, 0), then[c]) for c in then), sum(now.get(c, 0) for c in then)]
    out = {"from": str(before), "to": str(close), "customers": customers, "revenue": revenue} | rates(customers, revenue)
    if then:
        assert [out["grossRevenueRetention"][0], out["netRevenueRetention"][0]] == by_definition
    assert customers["end"] == customers["start"] - customers["lost"] + customers["new"] + customers["reactivated"]
    assert revenue["end"] == (revenue["start"] + revenue["new"] + revenue["reactivation"] + revenue["expansion"]
                              - revenue["contraction"] - revenue["churned"])
    return out


def recurring(stretches, granularity, as_of):
    stretches = [stretch for stretch in stretches if stretch[1] <= as_of]
    first_active = {}
    for customer, start, _, _ in stretches:
        first_active[customer] = min(start, first_active.get(customer, start))
    first, last = period_of(min(first_active.values()), granularity), period_of(as_of, granularity)
    periods, closes = [], {}
    for period in range(first, last + 1):
        closes[period] = min(last_day(period, granularity), as_of)
        movement = movements(stretches, first_day(period, granularity) - ONE_DAY, closes[period])
        is_partial = closes[period] < last_day(period, granularity)
        periods.append({"period": label(period, granularity), "partial": is_partial} | movement)
    cohorts = []
    levels = {period: level_at(stretches, close) for period, close in closes.items()}
    for cohort in range(first, last + 1):
        members = {c for c, date in first_active.items() if period_of(date, granularity) == cohort}
        if members:
            cells = [[levels[p][c] for c in members if c in levels[p]] for p in range(cohort, last + 1)]
            cohorts.append({"cohort": label(cohort, granularity), "size": len(members),
                            "customers": [len(cell) for cell in cells], "revenue": [sum(cell) for cell in cells]})
    before = a_year_before(as_of)
    year = movements(stretches, before, as_of) if min(first_active.values()) <= before else None
    return {"asOf": str(as_of), "periods": periods, "trailingYear": year, "cohorts": cohorts}


# Purchases.

def transactions(purchases, refunds, granularity, as_of):
    """Purchases and refunds are (customer, day, cents); refunds are below zero."""
    purchases = [purchase for purchase in purchases if purchase[1] <= as_of]
    refunds = [refund for refund in refunds if refund[1] <= as_of]
    paid = [purchase for purchase in purchases if purchase[2] > 0]
    active, revenue, first_of = {}, {}, {}
    for customer, date, _ in paid:
        active.setdefault(period_of(date, granularity), set()).add(customer)
    for customer, date, _ in purchases:
        period = period_of(date, granularity)
        first_of[customer] = min(period, first_of.get(customer, period))
    for customer, date, cents in purchases + refunds:
        key = (customer, period_of(date, granularity))
        revenue[key] = revenue.get(key, 0) + cents
    first = min(period_of(date, granularity) for _, date, _ in purchases)
    last = period_of(as_of, granularity)
    periods, seen = [], set()
    for period in range(first, last + 1):
        then, now = active.get(period - 1, set()), active.get(period, set())
        customers = {"start": len(then), "new": len(now - seen), "reactivated": len((now & seen) - then),
                     "lost": len(then - now), "end": len(now)}
        assert customers["end"] == customers["start"] - customers["lost"] + customers["new"] + customers["reactivated"]
        seen |= now
        total = sum(cents for (_, other), cents in revenue.items() if other == period)
        periods.append({"period": label(period, granularity), "partial": as_of < last_day(period, granularity),
                        "customers": customers, "revenueTotal": total} | rates(customers, None))
    cohorts = []
    for cohort in range(first, last + 1):
        members = {customer for customer, period in first_of.items() if period == cohort}
        if members:
            cohorts.append({
                "cohort": label(cohort, granularity), "size": len(members),
                "customers": [len(members & active.get(period, set())) for period in range(cohort, last + 1)],
                "revenue": [sum(revenue.get((customer, period), 0) for customer in members)
                            for period in range(cohort, last + 1)]})

    n_of = {}
    for customer, _, _ in purchases:
        n_of[customer] = n_of.get(customer, 0) + 1
    total = sum(cents for _, _, cents in purchases + refunds)
    repeat = sum(n >= 2 for n in n_of.values())
    summary = {"customers": len(n_of), "purchases": len(purchases), "revenue": total,
               "repeatCustomerRate": ratio(repeat, len(n_of)), "purchaseFrequency": ratio(len(purchases), len(n_of)),
               "averagePurchaseValue": ratio(total, len(purchases))}
    return {"asOf": str(as_of), "periods": periods, "trailingYear": None, "cohorts": cohorts, "purchases": summary}


def orders(rows):
    """Rows of (order, customer, day, cents) as purchases and refunds."""
    purchases, refunds = {}, []
    for place, (order, customer, date, cents) in enumerate(rows):
        if cents < 0:
            refunds.append((customer, date, cents))
            continue
        key = (order if order is not None else place, customer)
        _, earliest, total = purchases.get(key, (customer, date, 0))
        purchases[key] = (customer, min(date, earliest), total + cents)
    return list(purchases.values()), refunds


# Files, each with its mapping.

def table(path, header=None, delimiter=","):
    path = os.path.join(ROOT, path)
    with open(path, encoding="utf-8", newline="") as file:
        if delimiter is None:
            lines = [line.split() for line in file]
            lines = [dict(zip(header, line)) for line in lines if line and line[0].isdigit()]
            return lines
        return list(csv.DictReader(file, fieldnames=header, delimiter=delimiter))


TRIAL_WORDS = {"trialing", "in_trial", "trial"}


def subscriptions(rows, customer, start, end, amount, interval=None, count=None, quantity=None, state=None, trial_end=None,
                  in_cents=False, months=1):
    """Stretches, and the latest day among them."""
    stretches, latest = [], None
    for row in rows:
        begins, ends = day(row[start]), day(row[end])
        latest = max(filter(None, [latest, begins, ends]))
        if state and row[state] in TRIAL_WORDS:
            continue
        if trial_end and day(row[trial_end]):
            begins = max(begins, day(row[trial_end]))
        n_months = (MONTHS[row[interval]] if interval else months) * (int(row[count]) if count else 1)
        cents = minor(row[amount], n_months * (100 if in_cents else 1), int(row[quantity]) if quantity else 1)
        if cents > 0 and (ends is None or ends > begins):
            stretches.append((row[customer], begins, ends, cents))
    return stretches, latest


def monthly(cells):
    """Stretches of (customer, month as YYYY-MM, text), and the last day of the last month."""
    totals, latest = {}, None
    for customer, month, text in cells:
        first = Date(int(month[:4]), int(month[5:7]), 1)
        latest = max(latest or first, first)
        if text.strip():
            totals[customer, first] = totals.get((customer, first), 0) + minor(text)
    stretches = [(customer, first, last_day(period_of(first, "month"), "month") + ONE_DAY, cents)
                 for (customer, first), cents in totals.items() if cents > 0]
    return stretches, last_day(period_of(latest, "month"), "month")


def wide(rows, customer):
    return monthly((row[customer], name, row[name]) for row in rows for name in row
                   if len(name) == 7 and name[4] == "-" and name[:4].isdigit())


def cdnow(rows, customer):
    purchases = [(row[customer], day(row["date"]), minor(row["dollars"])) for row in rows]
    return purchases, [], max(date for _, date, _ in purchases)


def load(name):
    """What a file contains, as (kind, data…), with the mapping in words."""
    sample, vendor = "www/public/samples/", "tests/cases/vendor/"
    if name == "subscriptions":
        rows = table(sample + "subscriptions.csv")
        return "recurring", sample + "subscriptions.csv", (
            "customer_id; start_date, from trial_end where there is one; end_date; amount x quantity per interval; "
            "status trialing is left out"), subscriptions(
            rows, "customer_id", "start_date", "end_date", "amount", "interval", None, "quantity", "status", "trial_end")
    if name == "mrr-wide":
        return ("recurring", sample + "mrr-wide.csv", "Customer ID; one column per month",
                wide(table(sample + "mrr-wide.csv"), "Customer ID"))
    if name == "mrr-long":
        rows = table(sample + "mrr-long.csv")
        return "recurring", sample + "mrr-long.csv", "customer_id; month; mrr, rows of one month added up", monthly(
            (row["customer_id"], row["month"], row["mrr"]) for row in rows)
    if name == "transactions":
        rows = table(sample + "transactions.csv")
        purchases, refunds = orders((row["order_id"], row["customer_id"], day(row["order_date"]), minor(row["amount"]))
                                    for row in rows if row["customer_id"])
        latest = max(day(row["order_date"]) for row in rows if row["customer_id"])
        return ("transactions", sample + "transactions.csv",
                "customer_id, rows without one left out; order_id; order_date; amount, refunds below zero",
                (purchases, refunds, latest))
    if name == "stripe-subscriptions":
        path = vendor + "stripe-subscriptions.csv"
        return "recurring", path, (
            "Customer ID; Start Date (UTC), from Trial End (UTC) where there is one; Ended At (UTC), not Canceled At (UTC); "
            "Amount x Quantity per Interval; Status trialing is left out, past_due counts"), subscriptions(
            table(path), "Customer ID", "Start Date (UTC)", "Ended At (UTC)", "Amount", "Interval", None, "Quantity",
            "Status", "Trial End (UTC)")
    if name == "stripe-mrr-per-subscriber":
        path = vendor + "stripe-mrr-per-subscriber.csv"
        return ("recurring", path, "Customer ID; one column per month; rows of one customer added up",
                wide(table(path), "Customer ID"))
    if name == "chargebee-subscriptions":
        path = vendor + "chargebee-subscriptions.csv"
        return "recurring", path, (
            "customer_id; start_date, from trial_end where there is one; cancelled_at; mrr is per month already; "
            "status in_trial is left out"), subscriptions(
            table(path), "customer_id", "start_date", "cancelled_at", "mrr", state="status", trial_end="trial_end")
    if name == "recurly-subscriptions":
        path = vendor + "recurly-subscriptions.csv"
        return "recurring", path, (
            "account_code; activated_at, from trial_ends_at where there is one; expires_at, not canceled_at; "
            "unit_amount x quantity per month; state trial is left out"), subscriptions(
            table(path), "account_code", "activated_at", "expires_at", "unit_amount", quantity="quantity", state="state",
            trial_end="trial_ends_at")
    if name == "baremetrics-import":
        path = vendor + "baremetrics-import.csv"
        return "recurring", path, (
            "customer_oid; subscription_started_at; subscription_canceled_at; plan_amount in cents x subscription_quantity "
            "per plan_interval_count plan_intervals"), subscriptions(
            table(path), "customer_oid", "subscription_started_at", "subscription_canceled_at", "plan_amount",
            "plan_interval", "plan_interval_count", "subscription_quantity", in_cents=True)
    if name == "chartmogul-mrr-intervals":
        path = vendor + "chartmogul-mrr-intervals.csv"
        return "recurring", path, (
            "CUSTOMER_UUID; START_DATE; END_DATE; MRR in cents per month, QUANTITY is in it already"), subscriptions(
            table(path), "CUSTOMER_UUID", "START_DATE", "END_DATE", "MRR", in_cents=True)
    if name == "shopify-orders":
        path = vendor + "shopify-orders.csv"
        rows = [row for row in table(path) if row["Email"] and row["Financial Status"] != "voided"]
        purchases, _ = orders((row["Name"], row["Email"], day(row["Created at"]), minor(row["Total"])) for row in rows)
        refunds = [(row["Email"], day(row["Created at"]), -minor(row["Refunded Amount"])) for row in rows
                   if minor(row["Refunded Amount"])]
        return ("transactions", path,
                "Email; Name; Created at as written; Total; Refunded Amount on the day of the order; further lines of an "
                "order have no Email and no Total; Financial Status voided is left out",
                (purchases, refunds, max(date for _, date, _ in purchases)))
    if name == "woocommerce-orders":
        path = vendor + "woocommerce-orders.csv"
        rows = [(row["Order #"], row["Customer"], day(row["Date"]), minor(row["Net Sales"])) for row in table(path)]
        purchases, refunds = orders(rows)
        return ("transactions", path,
                "Customer is a name; Order #; Date; Net Sales, a refund is a row below zero on its own day; every Status counts",
                (purchases, refunds, max(date for _, _, date, _ in rows)))
    if name == "paddle-transactions":
        path = vendor + "paddle-transactions.csv"
        rows = [row for row in table(path) if row["status"] == "completed"]
        purchases, refunds = orders((row["id"], row["customer_id"], day(row["created_at"]), minor(row["total"])) for row in rows)
        return ("transactions", path, "customer_id; id; created_at; total; only status completed counts",
                (purchases, refunds, max(date for _, date, _ in purchases)))
    if name == "cdnow-sample":
        path = "tests/corpora/lifetimes_CDNOW_sample.txt"
        rows = table(path, ["customer", "sample", "date", "number", "dollars"], None)
        return "transactions", path, "first column; third; fifth; each row is one purchase", cdnow(rows, "customer")
    if name == "cdnow-master":
        path = "tests/corpora/lifetimes_CDNOW_master.txt"
        rows = table(path, ["customer", "date", "number", "dollars"], None)
        return "transactions", path, "customer_id; date; dollar_value; each row is one purchase", cdnow(rows, "customer")
    raise KeyError(name)


def accounts(path, churned, amount, mapping):
    rows = table(path)
    gone = [row for row in rows if row[churned].lower() == "yes"]
    total, lost = (sum(minor(row[amount]) for row in some) for some in (rows, gone))
    customers = {"start": len(rows), "new": 0, "reactivated": 0, "lost": len(gone), "end": len(rows) - len(gone)}
    revenue = {"start": total, "new": 0, "reactivation": 0, "expansion": 0, "contraction": 0, "churned": lost,
               "end": total - lost}
    period = {"period": "all", "partial": False, "customers": customers, "revenue": revenue} | rates(customers, revenue)
    return {"file": path, "mapping": mapping, "rowsRead": len(rows), "periods": [period]}


def totals(path):
    periods = []
    for row in table(path):
        customers = {"start": int(row["start_customers"]), "new": int(row["new_customers"]),
                     "lost": int(row["lost_customers"]), "end": int(row["end_customers"])}
        revenue = {"start": minor(row["start_mrr"]), "new": minor(row["new_mrr"]), "reactivation": 0,
                   "expansion": minor(row["expansion_mrr"]), "contraction": minor(row["contraction_mrr"]),
                   "churned": minor(row["churned_mrr"]), "end": minor(row["end_mrr"])}
        assert customers["end"] == customers["start"] + customers["new"] - customers["lost"]
        assert revenue["end"] == (revenue["start"] + revenue["new"] + revenue["expansion"] - revenue["contraction"]
                                  - revenue["churned"])
        figures = rates(customers, revenue)
        del revenue["reactivation"]
        periods.append({"period": row["period"], "partial": False, "customers": customers, "revenue": revenue} | figures)
    return {"file": path, "mapping": "as named", "rowsRead": len(periods), "periods": periods}


RECURRING = ["subscriptions", "stripe-subscriptions", "chargebee-subscriptions", "recurly-subscriptions",
             "baremetrics-import", "chartmogul-mrr-intervals"]
SNAPSHOTS = ["mrr-wide", "mrr-long", "stripe-mrr-per-subscriber"]
SHOPS = ["transactions", "shopify-orders", "woocommerce-orders", "paddle-transactions", "cdnow-sample", "cdnow-master"]


def variants(name):
    """Granularity, asOf, and the end of the file's name."""
    yield "month", None, ""
    if name != "cdnow-master":
        yield "quarter", None, ".quarter"
        yield "year", None, ".year"
    if name == "subscriptions":
        yield "month", "2025-08-15", ".as-of-2025-08-15"
        yield "quarter", "2024-02-29", ".as-of-2024-02-29"
    if name in ("stripe-subscriptions", "chargebee-subscriptions"):
        yield "month", "2025-05-14", ".as-of-2025-05-14"
    if name in ("transactions", "cdnow-sample"):
        as_of = "2025-09-09" if name == "transactions" else "1998-02-10"
        yield "month", as_of, f".as-of-{as_of}"


def all_results():
    for name in RECURRING + SNAPSHOTS + SHOPS:
        kind, path, mapping, data = load(name)
        for granularity, given, ending in variants(name):
            as_of = Date.fromisoformat(given) if given else data[-1]
            head = {"file": path, "mapping": mapping, "granularity": granularity, "asOfGiven": given}
            if kind == "recurring":
                body = recurring(data[0], granularity, as_of)
            else:
                body = transactions(data[0], data[1], granularity, as_of)
            yield name + ending, head | body
    yield "accounts", accounts("www/public/samples/accounts.csv", "churned", "mrr", "churned yes; mrr")
    yield "telco", accounts("tests/corpora/telco_wa_churn.csv", "churn", "monthly_charges", "churn Yes; monthly_charges")
    yield "periods", totals("www/public/samples/periods.csv")


def text_of(result):
    """One line per key, and one per period and cohort."""
    lines = []
    for key, value in result.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = ",\n    ".join(json.dumps(item, ensure_ascii=False) for item in value)
            lines.append(f"  {json.dumps(key)}: [\n    {inner}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main():
    is_check = sys.argv[1:] == ["--check"]
    os.makedirs(EXPECTED, exist_ok=True)
    stale = []
    for name, result in all_results():
        text = text_of({"oracle": f"oracle.py {VERSION}, Python 3.11.7"} | result)
        path = os.path.join(EXPECTED, name + ".json")
        if is_check:
            if not os.path.exists(path) or open(path, encoding="utf-8").read() != text:
                stale.append(name)
        else:
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
    if stale:
        sys.exit("differs: " + ", ".join(stale))


if __name__ == "__main__":
    main()
