"""Who is behind the movements: customers by group of a period and of a cohort, with what they paid.

Written from the definitions of oracle.py, whose reading of the clean files it uses, without sight of
the Rust lists. Python 3.11.7, standard library only.

Usage:
    python3 tests/oracle/customers.py            writes tests/cases/customers.json
    python3 tests/oracle/customers.py --check    compares with it, and fails on a difference

# Definitions

- Recurring revenue compares two closes. Orders compare what each customer bought less what was
  refunded in a period with the period before; active is who bought for more than nothing.
- start, end, lost, new, reactivated: as in oracle.py. retained: active at both.
- expanded: pays more, and neither new nor reactivated. contracted: pays less, and not lost. With
  refunds these two hold customers who are not active: the movements have to tie to the net revenue.
- trailing-year: the twelve months up to the last day; of orders against the twelve before.
- A cohort compares an age with the cohort's own period, by oracle.py's cohorts.

A customer is [id, cents then, cents now]; lists are in the order of the change, then of the id.
"""

import json
import os
import sys

import oracle
from oracle import Date, ONE_DAY, a_year_before, first_day, label, last_day, level_at, period_of

VERSION = 1
PATH = os.path.join(oracle.ROOT, "tests", "cases", "customers.json")


def groups(then, now, was_there, is_there, known):
    """The groups of some customers: cents then and now, who is active, and who ever was before."""
    everybody = then.keys() | now.keys() | was_there | is_there
    change = {customer: now.get(customer, 0) - then.get(customer, 0) for customer in everybody}
    won = is_there - was_there
    left = was_there - is_there
    return {
        "start": was_there,
        "end": is_there,
        "lost": left,
        "new": won - known,
        "reactivated": won & known,
        "retained": was_there & is_there,
        "expanded": {c for c in everybody if change[c] > 0 and c not in won},
        "contracted": {c for c in everybody if change[c] < 0 and c not in left},
    }


def listed(members, then, now):
    rows = [[customer, then.get(customer, 0), now.get(customer, 0)] for customer in members]
    return sorted(rows, key=lambda row: (row[2] - row[1], row[0].encode()))


def lists(then, now, was_there, is_there, known):
    return {name: listed(members, then, now)
            for name, members in groups(then, now, was_there, is_there, known).items()}


# Recurring revenue.

def of_closes(stretches, before, close):
    then, now = level_at(stretches, before), level_at(stretches, close)
    known = {customer for customer, start, _, _ in stretches if start <= before}
    return lists(then, now, set(then), set(now), known)


def recurring(stretches, granularity, as_of, wanted):
    stretches = [stretch for stretch in stretches if stretch[1] <= as_of]
    out = {}
    for name in wanted:
        if name == "trailing-year":
            out[name] = of_closes(stretches, a_year_before(as_of), as_of)
            continue
        period = period_named(name, granularity, as_of)
        close = min(last_day(period, granularity), as_of)
        out[name] = of_closes(stretches, first_day(period, granularity) - ONE_DAY, close)
    return out


def recurring_cohort(stretches, granularity, as_of, name, age):
    stretches = [stretch for stretch in stretches if stretch[1] <= as_of]
    began = {}
    for customer, start, _, _ in stretches:
        began[customer] = min(start, began.get(customer, start))
    cohort = period_named(name, granularity, as_of)
    members = {c for c, date in began.items() if period_of(date, granularity) == cohort}
    then = level_at(stretches, min(last_day(cohort, granularity), as_of))
    now = level_at(stretches, min(last_day(cohort + age, granularity), as_of))
    active = members & set(now)
    return {"all": listed(members, then, now), "active": listed(active, then, now),
            "gone": listed(members - active, then, now)}


def period_named(name, granularity, as_of):
    period = period_of(as_of, granularity)
    while label(period, granularity) != name:
        period -= 1
    return period


# Orders.

def net(orders, after, to):
    """Cents of each customer in the days after one up to another, and who bought in them."""
    cents, bought = {}, set()
    for customer, date, amount in orders:
        if after < date <= to:
            cents[customer] = cents.get(customer, 0) + amount
            if amount > 0:
                bought.add(customer)
    return cents, bought


def of_stretches(orders, before, between, close):
    then, was_there = net(orders, before, between)
    now, is_there = net(orders, between, close)
    known = {customer for customer, date, amount in orders if date <= between and amount > 0}
    return lists(then, now, was_there, is_there, known)


def transactions(purchases, refunds, granularity, as_of, wanted):
    orders = [order for order in purchases + refunds if order[1] <= as_of]
    out = {}
    for name in wanted:
        if name == "trailing-year":
            between = a_year_before(as_of)
            out[name] = of_stretches(orders, a_year_before(between), between, as_of)
            continue
        period = period_named(name, granularity, as_of)
        starts = [first_day(p, granularity) - ONE_DAY for p in (period - 1, period)]
        out[name] = of_stretches(orders, *starts, min(last_day(period, granularity), as_of))
    return out


def transactions_cohort(purchases, refunds, granularity, as_of, name, age):
    orders = [order for order in purchases + refunds if order[1] <= as_of]
    began = {}
    for customer, date, _ in purchases:
        if date <= as_of:
            began[customer] = min(date, began.get(customer, date))
    cohort = period_named(name, granularity, as_of)
    members = {c for c, date in began.items() if period_of(date, granularity) == cohort}
    stretch = lambda p: (first_day(p, granularity) - ONE_DAY, min(last_day(p, granularity), as_of))
    then, _ = net(orders, *stretch(cohort))
    now, bought = net(orders, *stretch(cohort + age))
    active = members & bought
    return {"all": listed(members, then, now), "active": listed(active, then, now),
            "gone": listed(members - active, then, now)}


# Accounts.

def accounts(path, customer, churned, amount):
    rows = oracle.table(path)
    then = {row[customer]: oracle.minor(row[amount]) for row in rows}
    stays = {row[customer] for row in rows if row[churned].lower() != "yes"}
    now = {c: then[c] for c in stays}
    return lists(then, now, set(then), stays, set(then))


WANTED = [
    # File, granularity, last day, periods, cohorts with ages.
    ("subscriptions", "month", None, ["2024-03", "2025-06", "trailing-year"], [("2024-01", 5), ("2023-06", 0)]),
    ("subscriptions", "quarter", "2024-02-29", ["2024-Q1"], [("2023-Q2", 2)]),
    ("mrr-wide", "month", None, ["2025-03", "trailing-year"], [("2024-02", 3)]),
    ("transactions", "month", None, ["2025-03", "2025-06"], [("2025-01", 2)]),
    ("transactions", "quarter", "2025-09-09", ["2025-Q2", "2025-Q3"], [("2025-Q1", 1)]),
    ("shopify-orders", "month", None, ["2025-03"], [("2025-01", 1)]),
    ("woocommerce-orders", "month", None, ["2025-03"], [("2025-01", 2)]),
    ("stripe-subscriptions", "year", "2025-05-14", ["2025"], []),
]


def results():
    for name, granularity, given, periods, cohorts in WANTED:
        kind, path, _, data = oracle.load(name)
        as_of = Date.fromisoformat(given) if given else data[-1]
        if kind == "recurring":
            by_period = recurring(data[0], granularity, as_of, periods)
            of_cohort = lambda label, age: recurring_cohort(data[0], granularity, as_of, label, age)
        else:
            by_period = transactions(data[0], data[1], granularity, as_of, periods)
            of_cohort = lambda label, age: transactions_cohort(data[0], data[1], granularity, as_of, label, age)
        yield {"file": path, "granularity": granularity, "asOfGiven": given, "periods": by_period,
               "cohorts": [{"cohort": label, "age": age} | of_cohort(label, age) for label, age in cohorts]}
    path = "www/public/samples/accounts.csv"
    yield {"file": path, "granularity": "month", "asOfGiven": None,
           "periods": {"all": accounts(path, "account_id", "churned", "mrr")}, "cohorts": []}


def main():
    head = {"oracle": f"customers.py {VERSION}, Python 3.11.7"}
    text = json.dumps(head | {"files": list(results())}, ensure_ascii=False, separators=(",", ":"))
    text = text.replace('{"file"', '\n{"file"').replace('"lost":', '\n"lost":') + "\n"
    if sys.argv[1:] == ["--check"]:
        if not os.path.exists(PATH) or open(PATH, encoding="utf-8").read() != text:
            sys.exit("customers.json differs")
        return
    with open(PATH, "w", encoding="utf-8", newline="") as file:
        file.write(text)


if __name__ == "__main__":
    main()
