"""Writes the sample on which the definitions of customer churn differ, `definitions.csv`.

Made with Python 3.11.7, standard library only, without chance. All customers in it are invented.

In March 2026 the file has what tells six definitions of customer churn apart: 100 customers at the
start, of whom 11 cancel and 1 of these returns; 25 who sign up, of whom 1 cancels. So 10.0, 9.6,
12.0, 11.0 and 11.0 % stand beside the 10.0 % of those who are gone at the end.
One customer's revenue goes from 100 to 300 while another's goes from 100 to nothing, one pays less
for two weeks, one was away in the year before, and 8 left in it, so that the definitions of gross and
net revenue retention differ as well.

Usage: python3 tests/oracle/make_definitions_sample.py   (from anywhere; writes below the project)
"""

import csv
import datetime
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLE = os.path.join(ROOT, "www", "public", "samples", "definitions.csv")
PRICES = ["29.00", "49.00", "99.00", "199.00"]


def iso(text, days=0):
    return (datetime.date.fromisoformat(text) + datetime.timedelta(days=days)).isoformat()


def rows():
    """Customer, start, end, revenue per month."""
    price = lambda number: PRICES[number % 4]
    # 60 customers from before the year that ends with March 2026.
    yield "c001", "2024-07-01", "2026-03-09", "100.00"
    yield "c001", "2026-03-09", "", "300.00"
    yield "c002", "2024-07-03", "2026-03-12", "100.00"
    yield "c003", "2024-07-05", "2026-03-05", "80.00"
    yield "c003", "2026-03-05", "2026-03-20", "50.00"
    yield "c003", "2026-03-20", "", "80.00"
    yield "c004", "2024-07-07", "2025-08-31", "120.00"
    yield "c004", "2025-11-01", "", "120.00"
    for number in range(5, 61):
        start = iso("2024-07-09", 4 * (number - 5))
        if 10 <= number <= 18:
            yield f"c{number:03}", start, iso("2026-03-02", 3 * (number - 10)), price(number)
        elif number == 19:
            yield "c019", start, "2026-03-10", price(number)
            yield "c019", "2026-03-24", "", price(number)
        else:
            yield f"c{number:03}", start, "", price(number)
    # 40 who came in that year, before March; every fifth of them upgrades three months later.
    for number in range(61, 101):
        start = iso("2025-04-06", 8 * (number - 61))
        if number % 5 == 0 and iso(start, 91) < "2026-03-01":
            yield f"c{number:03}", start, iso(start, 91), price(number)
            yield f"c{number:03}", iso(start, 91), "", price(number + 1)
        else:
            yield f"c{number:03}", start, "", price(number)
    # 25 who sign up in March, the last of whom leaves.
    for number in range(101, 125):
        yield f"c{number:03}", iso("2026-03-31", 2 * (number - 124) if number > 109 else number - 130), "", price(number)
    yield "c125", "2026-03-04", "2026-03-18", price(125)
    # 8 who left in the year.
    for number in range(201, 209):
        yield f"c{number:03}", iso("2024-08-15", 9 * (number - 201)), iso("2025-06-10", 30 * (number - 201)), price(number)


def main():
    with open(SAMPLE, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["customer_id", "start_date", "end_date", "mrr"])
        writer.writerows(sorted(rows(), key=lambda row: (row[1], row[0])))


if __name__ == "__main__":
    main()
