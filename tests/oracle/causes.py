"""Cohorts in full, churn reasons and renewals, computed a second time and in the plainest way.

Written from the definitions alone, without sight of the Rust analysis, with exact integers and sets
of customers. Python 3.11.7, standard library only. It reads the same clean files as oracle.py, with
the mappings written down there and here.

Usage:
    python3 tests/oracle/causes.py            writes tests/cases/causes.json
    python3 tests/oracle/causes.py --check    compares with it, and fails on a difference

# Definitions

- The first day of a customer decides on its cohort. Ages are closes of the calendar periods from the
  cohort's own on, or, counted in days, the closes of k times N days after the customer's first day;
  of orders they are the periods themselves, or the N days from then on. A customer has reached an age
  in days when that close, or the first of these days, is not after asOf.
- customers: of those who have reached the age, those active at it; kept: of these, those active at
  the age before. On or after: those active at the age or a later one that is reached.
- then: what a customer pays at age 0. base: the sum of then over those who have reached the age;
  net: what those with then above 0 pay at the age; gross: the same with at most then of each;
  stayed: the sum of then over those of them who are active at the age.
- Net and gross of a cell are undefined where base is 0 or gross is below 0: more was refunded than
  bought.
- A cell is complete when its period is over (in days: when the cohort's period is over and the age is
  over for every customer; a close is over when it is reached).
- The means add up the complete cells: [customers, size], [kept, customers one age before],
  [net, base] and [gross, base].
- paying: how many have a then above 0; net and gross variance: n/(n - 1) sum((a - R b)^2) / sum(b)^2
  over these n, of a = what each pays at the age (for gross at most then), b = then, R = sum(a)/sum(b);
  nothing below two customers. Of the means, over the customers of all complete cells.
- periods: the same variances over those active at the start of each month, a = what each pays at its
  end (of orders, in it), b = at its start (in the month before). purchases: of what each customer paid
  over how often it bought (value, in cents squared), and of how often each buyer bought (frequency).
- Lost in a span: active at the close before it, not at its last. In the whole file: active some day
  up to asOf, not at its close. The reason is that of the row that ends on the last day that any row
  of the customer ends; of several such rows with a reason, that of the largest amount, then the
  first in the alphabet. Revenue is that of the close before the span; for the whole file that of the
  close of the day before the last.
- Due: rows active at asOf whose next date is after asOf and at most n days after it. The next date is
  that of the file where it has such a column, else the first day after asOf that is a whole number of
  terms after the row's first paid day. ending: those of them with an end not after that date.
- Renewal rate of a span: customers active at the close before it with a row active then whose next
  date by its term lies up to the span's last day; of these, those active at that day's close.
"""

import json
import os
import sys
from fractions import Fraction

import oracle
from oracle import Date, MONTHS, ONE_DAY, day, first_day, label, last_day, level_at, minor, period_of, table

OUT = os.path.join(oracle.ROOT, "tests", "cases", "causes.json")
DAYS = ONE_DAY


def later(date, months):
    index = date.year * 12 + date.month - 1 + months
    year, month = divmod(index, 12)
    last = last_day(period_of(Date(year, month + 1, 1), "month"), "month").day
    return Date(year, month + 1, min(date.day, last))


def variance(pairs):
    """That of the sum of the first numbers over the sum of the second ones, by linearization."""
    n, whole = len(pairs), sum(b for _, b in pairs)
    if n < 2:
        return None
    ratio = Fraction(sum(a for a, _ in pairs), whole)
    return float(Fraction(n, n - 1) * sum((a - ratio * b) ** 2 for a, b in pairs) / whole ** 2)


def cells_of(members, ages, reached, complete, pays, active):
    """All ages of one cohort. pays(c, k) and active(c, k) say what a customer does at an age."""
    rows = []
    for age in range(ages):
        here = {c for c in members if reached(c, age)}
        if not here:
            break
        there = {c for c in here if active(c, age)}
        kept = {c for c in there if age > 0 and active(c, age - 1)}
        then = {c: pays(c, 0) for c in here if active(c, 0) and pays(c, 0) > 0}
        rolling = {c for c in members if any(reached(c, k) and active(c, k) for k in range(age, ages))}
        net = [(pays(c, age), then[c]) for c in then]
        gross = [(min(pays(c, age), then[c]), then[c]) for c in then]
        rows.append({
            "paying": len(then), "netVariance": variance(net), "grossVariance": variance(gross),
            "netPairs": net, "grossPairs": gross,
            "reached": len(here), "customers": len(there), "kept": len(kept), "onOrAfter": len(rolling),
            "revenue": sum(pays(c, age) for c in here), "base": sum(then.values()),
            "net": sum(a for a, _ in net), "gross": sum(a for a, _ in gross),
            "stayed": sum(then[c] for c in then if c in there), "complete": complete(age, here)})
    return rows


def means(cohorts):
    out = []
    for age in range(max(len(cells) for _, _, cells in cohorts)):
        known = [(size, cells) for _, size, cells in cohorts if age < len(cells) and cells[age]["complete"]]
        if not known:
            break
        total = lambda name: sum(cells[age][name] for _, cells in known)
        pairs = lambda name: [pair for _, cells in known for pair in cells[age][name]]
        before = sum(cells[age - 1]["customers"] for _, cells in known) if age else None
        out.append({"customers": [total("customers"), sum(size for size, _ in known)],
                    "step": [total("kept"), before], "net": [total("net"), total("base")],
                    "gross": [total("gross"), total("base")], "paying": total("paying"),
                    "netVariance": variance(pairs("netPairs")),
                    "grossVariance": variance(pairs("grossPairs"))})
    return out


def cohort_case(file, kind, data, granularity, days, as_of):
    if kind == "recurring":
        stretches = [one for one in data[0] if one[1] <= as_of]
        first_of = {}
        for customer, start, _, _ in stretches:
            first_of[customer] = min(start, first_of.get(customer, start))
        levels = {}

        def close_of(customer, cohort, age):
            if days:
                return first_of[customer] + age * days * DAYS
            return min(last_day(cohort + age, granularity), as_of)

        def level(customer, close):
            if close not in levels:
                levels[close] = level_at(stretches, close)
            return levels[close].get(customer, 0)
    else:
        purchases = [one for one in data[0] if one[1] <= as_of]
        refunds = [one for one in data[1] if one[1] <= as_of]
        first_of, of_customer = {}, {}
        for customer, date, _ in purchases:
            first_of[customer] = min(date, first_of.get(customer, date))
        for customer, date, cents in purchases + refunds:
            of_customer.setdefault(customer, []).append((date, cents))

        def orders_at(customer, cohort, age):
            if days:
                begin = first_of[customer] + age * days * DAYS
                end = begin + (days - 1) * DAYS
            else:
                begin, end = first_day(cohort + age, granularity), last_day(cohort + age, granularity)
            return [cents for date, cents in of_customer[customer] if begin <= date <= end]

    first = period_of(min(first_of.values()), granularity)
    last = period_of(as_of, granularity)
    cohorts = []
    for cohort in range(first, last + 1):
        members = sorted(c for c, date in first_of.items() if period_of(date, granularity) == cohort)
        if not members:
            continue
        if kind == "recurring":
            pays = lambda c, age: level(c, close_of(c, cohort, age))
            active = lambda c, age: pays(c, age) > 0
        else:
            pays = lambda c, age: sum(orders_at(c, cohort, age))
            active = lambda c, age: any(cents > 0 for cents in orders_at(c, cohort, age))
        is_over = last_day(cohort, granularity) <= as_of
        if days:
            ages = (as_of - first_day(cohort, granularity)).days // days + 1
            reached = lambda c, age: first_of[c] + age * days * DAYS <= as_of
            length = 0 if kind == "recurring" else days - 1
            over = lambda c, age: first_of[c] + (age * days + length) * DAYS <= as_of
            complete = lambda age, here: is_over and all(over(c, age) for c in members)
        else:
            ages = last - cohort + 1
            reached = lambda c, age: True
            complete = lambda age, here: last_day(cohort + age, granularity) <= as_of
        cells = cells_of(members, ages, reached, complete, pays, active)
        cohorts.append((label(cohort, granularity), len(members), cells))
    names = ("reached", "customers", "kept", "onOrAfter", "revenue", "base", "net", "gross", "stayed", "complete",
             "paying", "netVariance", "grossVariance")
    rows = [{"cohort": name, "size": size} | {key: [cell[key] for cell in cells] for key in names}
            for name, size, cells in cohorts]
    return {"file": file, "granularity": granularity, "days": days, "asOf": str(as_of), "rows": rows,
            "means": means(cohorts)}


def cohort_cases():
    for name, granularity, days, given in [
        ("subscriptions", "month", None, None), ("subscriptions", "quarter", None, "2025-08-15"),
        ("subscriptions", "year", None, None), ("subscriptions", "month", 30, None),
        ("subscriptions", "quarter", 45, "2025-08-15"), ("subscriptions", "year", 365, None),
        ("mrr-wide", "month", None, None), ("mrr-wide", "year", None, None),
        ("transactions", "month", None, None), ("transactions", "quarter", None, "2025-09-09"),
        ("transactions", "month", 30, None), ("transactions", "quarter", 7, "2025-09-09"),
        ("stripe-subscriptions", "month", 90, None), ("cdnow-sample", "month", 30, None),
    ]:
        kind, path, _, data = oracle.load(name)
        as_of = Date.fromisoformat(given) if given else data[-1]
        yield cohort_case(path, kind, data, granularity, days, as_of)


def spread_case(name):
    """How uncertain the revenue rates of each month are, over those active at its start."""
    kind, path, _, data = oracle.load(name)
    as_of, extra = data[-1], None
    if kind == "recurring":
        stretches = [one for one in data[0] if one[1] <= as_of]
        first = period_of(min(start for _, start, *_ in stretches), "month")
    else:
        orders = [one for one in data[0] + data[1] if one[1] <= as_of]
        first = period_of(min(date for _, date, _ in orders), "month")
        by_month = {}
        for customer, date, cents in orders:
            by_month.setdefault(period_of(date, "month"), {}).setdefault(customer, []).append(cents)
        paid = {}
        for customer, _, cents in orders:
            paid.setdefault(customer, []).append(cents)
        often = {customer: 0 for customer in paid}
        for customer, date, _ in data[0]:
            often[customer] += date <= as_of
        extra = {
            "value": variance([(sum(cents), often[customer]) for customer, cents in paid.items()]),
            "customers": len(paid),
            "frequency": variance([(n, 1) for n in often.values() if n]),
            "buyers": sum(1 for n in often.values() if n),
        }
    rows = []
    for month in range(first, period_of(as_of, "month") + 1):
        if kind == "recurring":
            then = level_at(stretches, first_day(month, "month") - ONE_DAY)
            now = level_at(stretches, min(last_day(month, "month"), as_of))
            pairs = [(now.get(customer, 0), paid) for customer, paid in then.items() if paid > 0]
        else:
            then, now = by_month.get(month - 1, {}), by_month.get(month, {})
            active = [customer for customer, paid in then.items() if any(cents > 0 for cents in paid)]
            pairs = [(sum(now.get(customer, [])), sum(then[customer])) for customer in active]
        is_inside = all(b > 0 for _, b in pairs)
        capped = [(min(a, b), b) for a, b in pairs]
        rows.append({"period": label(month, "month"), "n": len(pairs),
                     "net": variance(pairs) if is_inside else None,
                     "gross": variance(capped) if is_inside else None})
    return {"file": path, "asOf": str(as_of), "periods": rows, "purchases": extra}


# Subscriptions with what oracle.py does not keep of a row.

def rows_of(name):
    """(customer, first paid day, end, cents, reason, renewal, months) of each row that is paid for."""
    if name == "subscriptions":
        path = "www/public/samples/subscriptions.csv"
        columns = ("customer_id", "start_date", "trial_end", "end_date", "status", "cancel_reason", None, "interval")
        price = lambda row: minor(row["amount"], MONTHS[row["interval"]], int(row["quantity"]))
    else:
        path = "tests/cases/vendor/chargebee-subscriptions.csv"
        columns = ("customer_id", "start_date", "trial_end", "cancelled_at", "status", "cancel_reason",
                   "next_billing_at", None)
        price = lambda row: minor(row["mrr"])
    customer, start, trial, end, status, reason, renewal, interval = columns
    out = []
    for row in table(path):
        if row[status] in oracle.TRIAL_WORDS:
            continue
        begins, ends = day(row[start]), day(row[end])
        if day(row[trial]):
            begins = max(begins, day(row[trial]))
        if price(row) > 0 and (ends is None or ends > begins):
            out.append((row[customer], begins, ends, price(row), row[reason], day(row[renewal]) if renewal else None,
                        MONTHS[row[interval]] if interval else None))
    return path, out


def spans(stretches, as_of):
    """The latest complete month, and the trailing year where there is one."""
    month = period_of(as_of, "month")
    if as_of < last_day(month, "month"):
        month -= 1
    out = [("latest-period", first_day(month, "month") - ONE_DAY, last_day(month, "month"))]
    before = oracle.a_year_before(as_of)
    if as_of == last_day(period_of(as_of, "month"), "month"):
        before = last_day(period_of(before, "month"), "month")
    if min(start for _, start, _, _ in stretches) <= before:
        out.append(("trailing-year", before, as_of))
    return out


def reason_case(name, given):
    path, rows = rows_of(name)
    as_of = Date.fromisoformat(given) if given else oracle.load(name if name == "subscriptions" else name)[3][-1]
    rows = [row for row in rows if row[1] <= as_of]
    stretches = [row[:4] for row in rows]
    out = []
    for window, before, to in spans(stretches, as_of) + [("whole-file", None, as_of)]:
        then = level_at(stretches, before) if before else None
        now = level_at(stretches, to)
        lost = {}
        for customer in sorted({row[0] for row in rows if row[1] <= to}):
            if customer in now or (then is not None and customer not in then):
                continue
            own = [row for row in rows if row[0] == customer and row[1] <= to]
            last = max(row[2] for row in own)
            ended = sorted((-row[3], row[4]) for row in own if row[2] == last and row[4])
            reason = ended[0][1] if ended else ""
            cents = then[customer] if then is not None else level_at(stretches, last - ONE_DAY)[customer]
            n, total = lost.get(reason, (0, 0))
            lost[reason] = (n + 1, total + cents)
        out.append({"window": window, "from": str(before) if before else None, "to": str(to),
                    "reasons": {reason: list(one) for reason, one in sorted(lost.items())}})
    return {"file": path, "asOf": str(as_of), "windows": out}


def reasons_of_accounts():
    path = "www/public/samples/accounts.csv"
    lost = {}
    for row in table(path):
        if row["churned"] == "yes":
            n, total = lost.get(row["churn_reason"], (0, 0))
            lost[row["churn_reason"]] = (n + 1, total + minor(row["mrr"]))
    return {"file": path, "asOf": None,
            "windows": [{"window": "whole-file", "from": None, "to": None,
                         "reasons": {reason: list(one) for reason, one in sorted(lost.items())}}]}


def next_by_term(start, months, after):
    n = 1
    while later(start, n * months) <= after:
        n += 1
    return later(start, n * months)


def renewal_case(name, given):
    path, rows = rows_of(name)
    as_of = Date.fromisoformat(given) if given else oracle.load(name)[3][-1]
    rows = [row for row in rows if row[1] <= as_of]
    active = lambda row, close: row[1] <= close and (row[2] is None or row[2] > close)
    by_column = any(row[5] for row in rows)

    def next_date(row):
        return row[5] if by_column else next_by_term(row[1], row[6], as_of)

    current = [row for row in rows if active(row, as_of)]
    windows = []
    for days in (30, 60, 90):
        due = [row for row in current if next_date(row) and as_of < next_date(row) <= as_of + days * DAYS]
        ending = [row for row in due if row[2] and row[2] <= next_date(row)]
        windows.append({"days": days, "customers": len({row[0] for row in due}), "revenue": sum(row[3] for row in due),
                        "endingCustomers": len({row[0] for row in ending}), "endingRevenue": sum(row[3] for row in ending)})
    own = {}
    for row in current:
        own.setdefault(row[0], []).append(row)
    without = [c for c, some in own.items() if not any(next_date(row) for row in some)]
    past = [c for c, some in own.items() if c not in without
            and max(next_date(row) for row in some if next_date(row)) <= as_of]
    of = lambda some: [len(some), sum(row[3] for c in some for row in own[c])]
    rates = []
    if not by_column:
        for window, before, to in spans([row[:4] for row in rows], as_of):
            due = {row[0] for row in rows if active(row, before) and next_by_term(row[1], row[6], before) <= to}
            rates.append({"window": window, "due": len(due),
                          "renewed": len({row[0] for row in rows if active(row, to)} & due)})
    return {"file": path, "asOf": str(as_of), "source": "column" if by_column else "interval", "windows": windows,
            "unknown": of(without), "passed": of(past), "rates": rates}


def renewals_of_accounts(given):
    path = "www/public/samples/accounts.csv"
    as_of = Date.fromisoformat(given)
    rows = [(day(row["renewal_date"]), minor(row["mrr"])) for row in table(path) if row["churned"] == "no"]
    windows = []
    for days in (30, 60, 90):
        due = [cents for date, cents in rows if date and as_of < date <= as_of + days * DAYS]
        windows.append({"days": days, "customers": len(due), "revenue": sum(due), "endingCustomers": 0, "endingRevenue": 0})
    of = lambda some: [len(some), sum(some)]
    return {"file": path, "asOf": given, "source": "column", "windows": windows,
            "unknown": of([cents for date, cents in rows if not date]),
            "passed": of([cents for date, cents in rows if date and date <= as_of]), "rates": []}


def main():
    result = {
        "oracle": "causes.py 1, Python 3.11.7",
        "cohorts": list(cohort_cases()),
        "periods": [spread_case(name) for name in ("subscriptions", "mrr-wide", "transactions", "cdnow-sample")],
        "reasons": [reason_case("subscriptions", None), reason_case("subscriptions", "2025-08-15"),
                    reason_case("chargebee-subscriptions", None), reasons_of_accounts()],
        "renewals": [renewal_case("subscriptions", None), renewal_case("subscriptions", "2025-08-15"),
                     renewal_case("chargebee-subscriptions", None), renewals_of_accounts("2026-01-15")],
    }
    lines = []
    for key, value in result.items():
        if isinstance(value, list):
            inner = ",\n    ".join(json.dumps(item, ensure_ascii=False) for item in value)
            lines.append(f"  {json.dumps(key)}: [\n    {inner}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    if sys.argv[1:] == ["--check"]:
        if open(OUT, encoding="utf-8").read() != text:
            sys.exit("differs: causes.json")
        return
    with open(OUT, "w", encoding="utf-8", newline="") as file:
        file.write(text)


if __name__ == "__main__":
    main()
