"""Months, cohorts and totals of the CDNOW purchases, from dictionaries and sets alone.

Python 3.11, standard library only. Run it in this folder: it writes ../cases/cdnow.json, which the
tests of `analysis` compare with. It knows nothing of the Rust code.
"""

import json
from collections import defaultdict

purchases = []
with open("../corpora/lifetimes_CDNOW_master.txt", encoding="ascii") as file:
    next(file)
    for line in file:
        customer, date, _, dollars = line.split()
        whole, cents = dollars.split(".")
        purchases.append((customer, date, int(whole) * 100 + int(cents)))

months = sorted({date[:6] for _, date, _ in purchases})
active = {month: set() for month in months}
revenue = {month: defaultdict(int) for month in months}
first_any, first_positive = {}, {}
count = defaultdict(int)
for customer, date, cents in sorted(purchases, key=lambda purchase: purchase[1]):
    month = date[:6]
    count[customer] += 1
    revenue[month][customer] += cents
    first_any.setdefault(customer, month)
    if cents > 0:
        active[month].add(customer)
        first_positive.setdefault(customer, month)

periods = []
for index, month in enumerate(months):
    before = active[months[index - 1]] if index else set()
    then = revenue[months[index - 1]] if index else {}
    now = revenue[month]
    here = active[month]
    row = {
        "period": f"{month[:4]}-{month[4:]}",
        "start": len(before),
        "new": sum(first_positive[customer] == month for customer in here),
        "reactivated": sum(
            first_positive[customer] < month and customer not in before for customer in here
        ),
        "lost": len(before - here),
        "end": len(here),
        "start_cents": sum(then.values()),
        "end_cents": sum(now.values()),
        "kept_cents": sum(min(then[customer], now.get(customer, 0)) for customer in before),
        "now_cents": sum(now.get(customer, 0) for customer in before),
    }
    periods.append(row)

cohorts = []
for index, month in enumerate(months):
    members = {customer for customer, first in first_any.items() if first == month}
    if members:
        cohorts.append(
            {
                "cohort": f"{month[:4]}-{month[4:]}",
                "size": len(members),
                "customers": [len(members & active[later]) for later in months[index:]],
                "cents": [
                    sum(cents for customer, cents in revenue[later].items() if customer in members)
                    for later in months[index:]
                ],
            }
        )

earlier = {customer for customer, date, cents in purchases if date <= "19970630" and cents > 0}
later = {customer for customer, date, cents in purchases if date > "19970630" and cents > 0}
result = {
    "source": "CDNOW master, Fader and Hardie; computed by tests/oracle/cdnow.py, Python 3.11",
    "customers": len(count),
    "returning": sum(n >= 2 for n in count.values()),
    "purchases": len(purchases),
    "cents": sum(cents for _, _, cents in purchases),
    "year": {
        "start": len(earlier),
        "lost": len(earlier - later),
        "new": len(later - earlier),
        "end": len(later),
    },
    "periods": periods,
    "cohorts": cohorts,
}
with open("../cases/cdnow.json", "w", encoding="ascii") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
