"""What each definition of a metric gives on the samples, a second time and in the plainest way.

Written from the definitions alone, with exact integers and fractions. Python 3.11.7, standard library
only. It reads the files by `oracle.py` and walks every customer day by day.

Usage:
    python3 tests/oracle/definitions.py            writes tests/cases/definitions.json
    python3 tests/oracle/definitions.py --check    compares with it, and fails on a difference

# Definitions

A customer is active at the close of a day where its stretches that count add up to more than zero
(see oracle.py). It *leaves* on a day at whose close it is not active, having been so at the close
before. It *signs up* on the first day at whose close it is active, ever.
S and E are the customers active at the two closes of the period. N signed up inside it.

- churn, start-cohort: active at the first close, not at the last, over S.
- churn, chartmogul: customers who left, less those of them active at the end, less those of them who
  signed up inside the period and are not, over S.
- churn, stripe: how often customers left, over S and N together.
- churn, baremetrics: customers who left, over S.
- churn, profitwell: customers who left, less those of them who signed up inside the period, over S.
- churn, articles: 1 - (E - N) / S, undefined where N exceeds E or E - N exceeds S.
- GRR, per-customer: the lesser of now and then of each customer at the start, over then.
- GRR, movement-totals: then, less every fall of anybody's revenue from one close to the next, over then.
- GRR, capped-totals: the lesser of the sums of now and then of the customers at the start, over then.
- NRR, per-customer: now over then of the customers active twelve months ago.
- NRR, product-of-months: the product of the NRR of the twelve months.
- NRR, movement-totals: then, with all that those active at the start of a month pay more or less at
  its end, over the twelve months; with-reactivation: with what those pay at the end of a month who
  were active on some day up to its start, but not at it.
- NRR, returned-as-lost: as per customer, where only those count now who were active at every close.
- quick ratio, without-reactivation: new and expansion over contraction and churn.

Who differs: for churn, whoever counts in the numerator another number of times than by the default,
or, for stripe, signed up; for GRR, whoever keeps another amount (capped-totals: whoever pays more than
before); for NRR, whoever adds another amount, and for the product whoever is in the base of some
month but not of the first, or came back to it.
"""

import datetime
import json
import os
import sys
from fractions import Fraction

import oracle
from oracle import ONE_DAY, first_day, label, last_day, level_at, period_of

CASES = os.path.join(oracle.ROOT, "tests", "cases", "definitions.json")
Date = datetime.date


def closes(before, to):
    day = before
    while day <= to:
        yield day
        day += ONE_DAY


def month_closes(to):
    """The closes of the twelve months up to `to`, and the one before them."""
    is_end = (to + ONE_DAY).day == 1
    days = []
    for months in range(12, -1, -1):
        index = to.year * 12 + to.month - 1 - months
        end = last_day(index, "month")
        days.append(end if is_end else end.replace(day=min(to.day, end.day)))
    return days


def levels_by_day(stretches, days):
    """For each customer its levels at the closes given."""
    table = {}
    for place, day in enumerate(days):
        for customer, cents in level_at(stretches, day).items():
            table.setdefault(customer, [0] * len(days))[place] = cents
    return table


def share(numerator, denominator):
    value = Fraction(numerator, denominator) if denominator else None
    return value


def row(value, differs=None, money=None):
    return {"value": None if value is None else [value.numerator, value.denominator],
            "differs": None if differs is None else sorted(differs), "money": money}


def churn(table, first_active, before):
    start = {c for c, run in table.items() if run[0]}
    end = {c for c, run in table.items() if run[-1]}
    left = {c: sum(1 for a, b in zip(run, run[1:]) if a and not b) for c, run in table.items()}
    left = {c: times for c, times in left.items() if times}
    new = {c for c in table if first_active[c] > before}
    s = len(start)

    def paid(c):
        run = table[c]
        if c in left:
            return [a for a, b in zip(run, run[1:]) if a and not b][-1]
        return run[-1] or run[0]

    def against(weight, others=()):
        differs = {c for c in table if weight(c) != (c in start - end)} | set(others)
        money = sum((weight(c) - (c in start - end)) * paid(c) for c in table)
        return differs, money

    kept = len(end) - len(new)
    articles = share(s - kept, s) if 0 <= kept <= s else None
    return {
        "start-cohort": row(share(len(start - end), s)),
        "chartmogul": row(share(len(left.keys() - end - new), s), *against(lambda c: int(c in left.keys() - end - new))),
        "stripe": row(share(sum(left.values()), s + len(new)), *against(lambda c: left.get(c, 0), new)),
        "baremetrics": row(share(len(left), s), *against(lambda c: int(c in left))),
        "profitwell": row(share(len(left.keys() - new), s), *against(lambda c: int(c in left.keys() - new))),
        "articles": row(articles, *against(lambda c: (c in start) - (c in end) + (c in new))),
    }


def gross(table):
    start = {c: run[0] for c, run in table.items() if run[0]}
    then = sum(start.values())
    now = sum(table[c][-1] for c in start)
    kept = {c: min(cents, table[c][-1]) for c, cents in start.items()}
    falls = {c: sum(max(0, a - b) for a, b in zip(run, run[1:])) for c, run in table.items()}
    movement = {c: start.get(c, 0) - falls[c] for c in table}
    total = then - sum(falls.values())
    capped = min(now, then) - sum(kept.values())
    grown = {c for c in start if table[c][-1] > start[c]} if capped else set()
    return {
        "per-customer": row(share(sum(kept.values()), then)),
        "movement-totals": row(share(total, then) if total >= 0 else None,
                               {c for c in table if movement[c] != kept.get(c, 0)}, total - sum(kept.values())),
        "capped-totals": row(share(min(now, then), then), grown, capped),
    }


def net(months, days, first_active, month_days):
    """`months` has the levels at 13 closes, `days` those of every day of the year."""
    start = {c: run[0] for c, run in months.items() if run[0]}
    then, now = sum(start.values()), sum(months[c][-1] for c in start)
    product = Fraction(1)
    for i in range(12):
        base = sum(run[i] for run in months.values())
        if not base:
            product = None
            break
        product *= Fraction(sum(run[i + 1] for run in months.values() if run[i]), base)
    moved = {c: sum(b - a for a, b in zip(run, run[1:]) if a) for c, run in months.items()}
    back = {c: sum(b for i, (a, b) in enumerate(zip(run, run[1:])) if not a and b and first_active[c] <= month_days[i])
            for c, run in months.items()}
    by_default = {c: run[-1] - run[0] if run[0] else 0 for c, run in months.items()}
    away = {c for c in start if months[c][-1] and not all(days[c])}
    weighs = {c for c, run in months.items() if (back[c] if run[0] else any(run[:12]))}
    both = {c: moved[c] + back[c] for c in months}
    return {
        "per-customer": row(share(now, then)),
        "product-of-months": row(product, weighs),
        "movement-totals": row(share(then + sum(moved.values()), then), {c for c in months if moved[c] != by_default[c]},
                               then + sum(moved.values()) - now),
        "movement-totals-with-reactivation": row(
            share(then + sum(both.values()), then), {c for c in months if both[c] != by_default[c]},
            then + sum(both.values()) - now),
        "returned-as-lost": row(share(now - sum(months[c][-1] for c in away), then), away,
                                -sum(months[c][-1] for c in away)),
    }


def quick(stretches, before, close):
    revenue = oracle.movements(stretches, before, close)["revenue"]
    less = revenue["contraction"] + revenue["churned"]
    then, now = level_at(stretches, before), level_at(stretches, close)
    known = {customer for customer, start, _, _ in stretches if start <= before}
    back = {c for c in now.keys() - then.keys() if c in known}
    return {
        "with-reactivation": row(share(revenue["new"] + revenue["reactivation"] + revenue["expansion"], less)),
        "without-reactivation": row(share(revenue["new"] + revenue["expansion"], less), back, -revenue["reactivation"]),
    }


MONTHLY_CHURN = ("start-cohort", "articles")
MONTHLY_GROSS = ("per-customer", "capped-totals")


def case(name, path, stretches, as_of, granularity, is_monthly):
    stretches = [stretch for stretch in stretches if stretch[1] <= as_of]
    first_active = {}
    for customer, start, _, _ in stretches:
        first_active[customer] = min(start, first_active.get(customer, start))
    period = period_of(as_of, granularity)
    if as_of < last_day(period, granularity) and period_of(min(first_active.values()), granularity) < period:
        period -= 1
    before, close = first_day(period, granularity) - ONE_DAY, min(last_day(period, granularity), as_of)
    table = levels_by_day(stretches, list(closes(before, close)))
    out = {"customer_churn_rate": churn(table, first_active, before), "gross_revenue_retention": gross(table),
           "quick_ratio": quick(stretches, before, close)}
    if is_monthly:
        for metric, names in (("customer_churn_rate", MONTHLY_CHURN), ("gross_revenue_retention", MONTHLY_GROSS)):
            for name_of in out[metric]:
                if name_of not in names:
                    out[metric][name_of] = "needs-days"
    month_days = month_closes(as_of)
    year = None
    if min(first_active.values()) <= month_days[0]:
        days = levels_by_day(stretches, list(closes(month_days[0], as_of)))
        months = levels_by_day(stretches, month_days)
        out["net_revenue_retention"] = net(months, days, first_active, month_days)
        year = [str(month_days[0] + ONE_DAY), str(as_of)]
    return {"name": name, "file": path, "granularity": granularity, "asOf": str(as_of),
            "period": label(period, granularity), "year": year, "definitions": out}


def cases():
    path = "www/public/samples/definitions.csv"
    stretches, latest = oracle.subscriptions(oracle.table(path), "customer_id", "start_date", "end_date", "mrr")
    for granularity in ("month", "quarter"):
        yield case("definitions", path, stretches, latest, granularity, False)
    for name in ("subscriptions", "chartmogul-mrr-intervals", "mrr-wide", "mrr-long"):
        _, path, _, data = oracle.load(name)
        for granularity in ("month", "quarter", "year"):
            yield case(name, path, data[0], data[-1], granularity, name.startswith("mrr"))
    _, path, _, data = oracle.load("subscriptions")
    for as_of in ("2024-02-29", "2025-08-15"):
        yield case("subscriptions", path, data[0], Date.fromisoformat(as_of), "month", False)


def main():
    lines = ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in cases())
    text = f'{{"oracle": "definitions.py 1, Python 3.11.7", "cases": [\n  {lines}\n]}}\n'
    if sys.argv[1:] == ["--check"]:
        if open(CASES, encoding="utf-8").read() != text:
            sys.exit("differs: definitions.json")
        return
    with open(CASES, "w", encoding="utf-8", newline="") as file:
        file.write(text)


if __name__ == "__main__":
    main()
