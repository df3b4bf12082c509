"""What moved net revenue retention in the sample of monthly revenue, from dictionaries alone.

Python 3.11, standard library only. Run it in this folder: it writes
../cases/retention-bridges.json, which tests/it/analysis/bridges.rs compares with. It was written
from the definition alone: NRR = 1 + the sum over the customers active at the start of (now - then)
over the sum of then. It knows nothing of the Rust code.
"""

import csv
import json
from collections import defaultdict
from fractions import Fraction

levels = defaultdict(lambda: defaultdict(Fraction))
with open("../../www/public/samples/mrr-wide.csv", encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        for month, amount in row.items():
            if month[:2] == "20" and amount:
                levels[month][row["Customer ID"]] += Fraction(amount)

last = max(levels)


def earlier(month, n):
    index = int(month[:4]) * 12 + int(month[5:7]) - 1 - n
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def moved(start, end):
    then, now = levels[start], levels[end]
    active = {customer: amount for customer, amount in then.items() if amount > 0}
    total = sum(active.values())
    by_kind = {"expansion": Fraction(0), "contraction": Fraction(0), "churned": Fraction(0)}
    by_customer = {}
    for customer, amount in active.items():
        change = now.get(customer, Fraction(0)) - amount
        if now.get(customer, 0) <= 0:
            by_kind["churned"] += change
        elif change > 0:
            by_kind["expansion"] += change
        else:
            by_kind["contraction"] += change
        by_customer[customer] = change
    return total, by_kind, by_customer


def bridge(window, n_months, quarter_end):
    later_start, earlier_end = earlier(quarter_end, n_months), earlier(quarter_end, 3)
    earlier_start = earlier(earlier_end, n_months)
    base0, kinds0, customers0 = moved(earlier_start, earlier_end)
    base1, kinds1, customers1 = moved(later_start, quarter_end)
    contributions = []
    for customer in sorted(set(customers0) | set(customers1)):
        before, after = customers0.get(customer, 0), customers1.get(customer, 0)
        if before or after:
            contributions.append((customer, after / base1 - before / base0, before, after))
    contributions.sort(key=lambda one: (-abs(one[1]), one[0]))
    return {
        "window": window,
        "before": float(1 + sum(kinds0.values()) / base0),
        "after": float(1 + sum(kinds1.values()) / base1),
        "change": float(sum(one[1] for one in contributions)),
        "steps": {kind: float(kinds1[kind] / base1 - kinds0[kind] / base0) for kind in kinds0},
        "contributors": [
            [customer, float(change), float(before), float(after)]
            for customer, change, before, after in contributions[:10]
        ],
    }


quarter_end = last
while int(quarter_end[5:7]) % 3:
    quarter_end = earlier(quarter_end, 1)
bridges = [bridge("quarter", 3, quarter_end), bridge("year", 12, quarter_end)]
with open("../cases/retention-bridges.json", "w", encoding="utf-8") as out:
    json.dump({"source": "tests/oracle/retention_bridges.py, Python 3.11", "bridges": bridges}, out, indent=1)
    out.write("\n")
