"""Segments, their mix and concentration, computed a second time and in the plainest way.

Written from the definitions alone, with exact integers and fractions. Python 3.11.7, standard
library only. The files are invented here, always the same bytes, and stand in the case itself.

Usage:
    python3 tests/oracle/segments.py            writes tests/cases/segments.json
    python3 tests/oracle/segments.py --check    compares with it, and fails on a difference

# Definitions

- A customer is counted in one segment of a span. Recurring revenue: the value at the start close of
  what it pays most for there (rows of one value added up; of equal ones the first in alphabetical
  order); of who pays nothing then, the value at the end close. Purchases: the value of the first
  purchase (of several on that day, of the smallest).
- Movements are those of oracle.py, of the customers of the segment.
- The change of a rate: with shares w and rates r of segments, and R of the whole, at two times,
  rate effect = (w0 + w1)/2 * (r1 - r0), mix effect = (w1 - w0) * ((r0 + r1)/2 - (R0 + R1)/2); where a
  segment has nothing at one of the times, what it moved less (w1 - w0)(R0 + R1)/2 is its mix effect.
- paid: of who pays anything at the end of the span (of orders, refunds to who bought nothing too), the
  sum and the squares of it; variance: n/(n - 1) sum((a - R b)^2) / sum(b)^2 of a = what each pays and
  b = 1 for who is active, R = sum(a)/sum(b): that of the average revenue, by linearization.
- Concentration: revenue per month at the close of asOf, or of the twelve months up to it; only
  customers above 0 count.
"""

import datetime
import json
import os
import random
import sys
from fractions import Fraction

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CASE = os.path.join(ROOT, "tests", "cases", "segments.json")
Date = datetime.date
DAY = datetime.timedelta(days=1)


def subscriptions():
    dice = random.Random(1955)
    rows = []
    for number in range(240):
        customer = f"c{number:03d}"
        region = dice.choice(["EU", "US", "APAC", ""])
        start = Date(2023, 1, 1) + dice.randrange(900) * DAY
        plan = dice.choice(["basic", "pro"])
        for _ in range(dice.choice([1, 1, 2, 3])):
            length = dice.choice([20, 90, 300, 600, 2000])
            end = start + length * DAY
            cents = {"basic": 1900, "pro": 4900}[plan] + dice.randrange(5) * 100
            known = end if end <= Date(2025, 12, 31) else None
            if start > Date(2025, 12, 31):
                break
            rows.append((customer, start, known, cents, plan, region))
            plan = dice.choice(["basic", "pro", plan])
            start = start + dice.choice([length, length + 40, length // 2 + 1]) * DAY
    rows.append(("last", Date(2025, 12, 31), None, 1900, "basic", "EU"))
    return rows


def orders():
    dice = random.Random(1993)
    rows = []
    for number in range(400):
        customer = f"k{number:03d}"
        day = Date(2023, 6, 1) + dice.randrange(700) * DAY
        for _ in range(dice.choice([1, 2, 3, 5, 8])):
            if day > Date(2025, 10, 31):
                break
            rows.append((customer, day, dice.randrange(500, 20000), dice.choice(["web", "shop", "partner"])))
            if dice.random() < 0.1:
                back = day + dice.randrange(1, 20) * DAY
                rows.append((customer, min(back, Date(2025, 10, 31)), -dice.randrange(1, 400), "refund desk"))
            day += dice.randrange(1, 70) * DAY
    rows.append(("last", Date(2025, 10, 31), 1000, "web"))
    return rows


def money(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def csv_of(header, rows):
    return "\n".join([header] + [",".join(row) for row in rows]) + "\n"


def month_before(day, n=1):
    """The last day of the month that is n months before that of `day`."""
    for _ in range(n):
        day = day.replace(day=1) - DAY
    return day


class Sums:
    """Movements of one segment in one span."""

    def __init__(self):
        self.customers = dict.fromkeys(["start", "new", "reactivated", "lost", "end"], 0)
        self.revenue = dict.fromkeys(
            ["start", "new", "reactivation", "expansion", "contraction", "churned", "end"], 0)
        self.base = dict.fromkeys(["start", "kept", "now"], 0)
        self.pays = []

    def add(self, then, now, is_then, is_now, before):
        counts, sums = self.customers, self.revenue
        counts["start"] += is_then
        counts["end"] += is_now
        sums["start"] += then
        sums["end"] += now
        if is_now or now:
            self.pays.append((now, int(is_now)))
        change = now - then
        if is_then:
            self.base["start"] += then
            self.base["now"] += now
            self.base["kept"] += min(then, now)
        if is_then and not is_now:
            counts["lost"] += 1
            kind = "churned"
        elif is_now and not is_then:
            counts["reactivated" if before else "new"] += 1
            kind = "reactivation" if before else "new"
        else:
            kind = None
        if kind == "churned":
            sums["expansion" if change > 0 else "churned"] += abs(change)
        elif kind:
            sums["contraction" if change < 0 else kind] += abs(change)
        else:
            sums["expansion" if change > 0 else "contraction"] += abs(change)

    def paid(self):
        n, whole, active = len(self.pays), sum(a for a, _ in self.pays), sum(b for _, b in self.pays)
        variance = None
        if n > 1 and active:
            mean = Fraction(whole, active)
            spread = sum((a - mean * b) ** 2 for a, b in self.pays)
            variance = float(Fraction(n, n - 1) * spread / active ** 2)
        return {"n": n, "sum": whole, "squares": sum(a * a for a, _ in self.pays), "variance": variance}

    def parts(self):
        start = self.customers["start"]
        return {
            "customerRetention": (start - self.customers["lost"], start),
            "grossRetention": (self.base["kept"], self.base["start"]),
            "netRetention": (self.base["now"], self.base["start"]),
        }


def of_recurring(rows, columns, spans):
    people = {}
    for customer, start, end, cents, *values in rows:
        name = tuple(values[column] for column in columns)
        people.setdefault(customer, []).append((start, end, cents, name))

    def paid(stretches, close):
        by_name = {}
        for start, end, cents, name in stretches:
            if start <= close and (end is None or end > close) and (end is None or end > start):
                by_name[name] = by_name.get(name, 0) + cents
        return by_name

    found = []
    for first, last in spans:
        segments = {}
        for stretches in people.values():
            then, now = paid(stretches, first), paid(stretches, last)
            if not then and not now:
                continue
            most = then or now
            name = min(most, key=lambda one: (-most[one], one))
            before = any(start <= first and (end is None or end > start) for start, end, *_ in stretches)
            sums = segments.setdefault(name, Sums())
            sums.add(sum(then.values()), sum(now.values()), bool(then), bool(now), before)
        found.append(segments)
    return found


def of_orders(rows, spans):
    people = {}
    for customer, day, cents, channel in rows:
        people.setdefault(customer, []).append((day, cents, channel))
    found = []
    for before, first, last in spans:
        segments = {}
        for own in people.values():
            name = min(one for one in own if one[1] >= 0)[2]
            then = [cents for day, cents, _ in own if before < day <= first]
            now = [cents for day, cents, _ in own if first < day <= last]
            if not then and not now:
                continue
            earlier = any(cents > 0 and day <= first for day, cents, _ in own)
            is_then, is_now = any(c > 0 for c in then), any(c > 0 for c in now)
            segments.setdefault((name,), Sums()).add(sum(then), sum(now), is_then, is_now, earlier)
        found.append(segments)
    return found


def mix(before, now):
    names = sorted(set(before) | set(now))
    nothing = Sums()
    result = {}
    for rate in ["customerRetention", "grossRetention", "netRetention"]:
        pairs = [(before.get(name, nothing).parts()[rate], now.get(name, nothing).parts()[rate]) for name in names]
        whole0, whole1 = sum(a[1] for a, _ in pairs), sum(b[1] for _, b in pairs)
        if whole0 <= 0 or whole1 <= 0:
            continue
        total0 = Fraction(sum(a[0] for a, _ in pairs), whole0)
        total1 = Fraction(sum(b[0] for _, b in pairs), whole1)
        effects = {}
        for name, (a, b) in zip(names, pairs):
            w0, w1 = Fraction(a[1], whole0), Fraction(b[1], whole1)
            if a[1] > 0 and b[1] > 0:
                r0, r1 = Fraction(*a), Fraction(*b)
                rate_effect = (w0 + w1) / 2 * (r1 - r0)
                mix_effect = (w1 - w0) * ((r0 + r1) / 2 - (total0 + total1) / 2)
            else:
                rate_effect = Fraction(0)
                mix_effect = Fraction(b[0], whole1) - Fraction(a[0], whole0) - (w1 - w0) * (total0 + total1) / 2
            effects[" · ".join(name)] = (rate_effect, mix_effect)
        change = total1 - total0
        assert sum(sum(both) for both in effects.values()) == change
        effects = {name: [float(effect) for effect in both] for name, both in effects.items()}
        result[rate] = {
            "before": float(total0),
            "now": float(total1),
            "change": float(change),
            "effects": effects,
        }
    return result


def concentration(revenue):
    positive = sorted((cents for cents in revenue if cents > 0), reverse=True)
    whole = sum(positive)
    squares = sum(cents * cents for cents in positive)
    return {
        "customers": len(positive),
        "revenue_minor": whole,
        "top": {str(n): float(Fraction(sum(positive[:n]), whole)) for n in [1, 5, 10]},
        "index": float(Fraction(squares, whole * whole)),
        "effective_number": float(Fraction(whole * whole, squares)),
    }


def reported(segments):
    return {
        " · ".join(name): {"values": list(name), "customers": sums.customers, "revenue_minor": sums.revenue,
                            "paid": sums.paid()}
        for name, sums in sorted(segments.items())
    }


def result(csv, by, spans):
    latest, before, year, year_before = spans
    return {
        "csv": csv,
        "segments_by": by,
        "latest": reported(latest),
        "trailing_year": reported(year),
        "mix": mix(before, latest),
        "trailing_mix": mix(year_before, year) if year_before is not None else None,
    }


def all_cases():
    rows = subscriptions()
    as_of = Date(2025, 12, 31)
    text = csv_of(
        "customer_id,start_date,end_date,mrr,plan,region",
        [(c, s.isoformat(), e.isoformat() if e else "", money(m), p, r) for c, s, e, m, p, r in rows],
    )
    closes = [as_of, month_before(as_of), month_before(as_of, 2), month_before(as_of, 12), month_before(as_of, 24)]
    spans = [(closes[1], closes[0]), (closes[2], closes[1]), (closes[3], closes[0]), (closes[4], closes[3])]
    now = {}
    for customer, start, end, cents, *_ in rows:
        if start <= as_of and (end is None or end > as_of):
            now[customer] = now.get(customer, 0) + cents
    cases = []
    for by, columns in [(["plan"], [0]), (["region"], [1]), (["region", "plan"], [1, 0])]:
        case = result(text, by, of_recurring(rows, columns, spans))
        cases.append({**case, "concentration": concentration(now.values())})
    bought = orders()
    as_of = Date(2025, 10, 31)
    text = csv_of(
        "customer_id,order_date,amount,channel",
        [(c, d.isoformat(), money(m), channel) for c, d, m, channel in bought],
    )
    closes = [month_before(as_of, n) for n in range(4)]
    years = [as_of, month_before(as_of, 12), month_before(as_of, 24)]
    spans = [
        (closes[2], closes[1], closes[0]),
        (closes[3], closes[2], closes[1]),
        (years[2], years[1], years[0]),
    ]
    paid = {}
    for customer, day, cents, _ in bought:
        if years[1] < day <= as_of:
            paid[customer] = paid.get(customer, 0) + cents
    case = result(text, ["channel"], of_orders(bought, spans) + [None])
    cases.append({**case, "concentration": concentration(paid.values())})
    return {
        "about": "Written by tests/oracle/segments.py (Python 3.11.7). Licence: that of this project.",
        "cases": cases,
    }


def main():
    text = json.dumps(all_cases(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if "--check" in sys.argv:
        with open(CASE, encoding="utf-8") as file:
            if file.read() != text:
                sys.exit("tests/cases/segments.json is not what this script writes")
        return
    with open(CASE, "w", encoding="utf-8") as file:
        file.write(text)


main()
