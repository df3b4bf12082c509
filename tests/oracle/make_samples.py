"""Writes the sample files of the page and the files in vendors' layouts.

Made with Python 3.11.7, standard library only. All businesses, people and numbers in them are
invented; only the column names of the vendor files are real. The seed makes every run write the
same bytes: `random.Random(seed).random()` is the only source of chance, and Python keeps it stable.

Usage: python3 tests/oracle/make_samples.py   (from anywhere; writes below the project)
"""

import csv
import datetime
import io
import os
import random

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLES = os.path.join(ROOT, "www", "public", "samples")
VENDORS = os.path.join(ROOT, "tests", "cases", "vendor")
Date = datetime.date


class Chance:
    """Chance from one stable primitive."""

    def __init__(self, seed):
        self._random = random.Random(seed).random

    def below(self, n):
        return int(self._random() * n)

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def happens(self, probability):
        return self._random() < probability

    def one_of(self, options):
        return options[self.below(len(options))]


def add_months(day, n):
    month_index = day.year * 12 + day.month - 1 + n
    year, month = divmod(month_index, 12)
    last = (Date(year + (month == 11), (month + 1) % 12 + 1, 1) - datetime.timedelta(days=1)).day
    return Date(year, month + 1, min(day.day, last))


def days(n):
    return datetime.timedelta(days=n)


def money(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def write(folder, name, header, rows):
    os.makedirs(folder, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())


FIRST = ["Amber", "Birch", "Cobalt", "Delta", "Elm", "Falcon", "Granite", "Harbor", "Indigo", "Juniper",
         "Kestrel", "Lumen", "Maple", "Nimbus", "Orchid", "Pine", "Quartz", "River", "Slate", "Thistle"]
SECOND = ["Analytics", "Bakery", "Clinic", "Design", "Energy", "Freight", "Garden", "Hotels", "Institute",
          "Joinery", "Kitchens", "Logistics", "Media", "Nutrition", "Optics"]


def company(number):
    return f"{FIRST[number % len(FIRST)]} {SECOND[(number * 7 + number // len(FIRST)) % len(SECOND)]}"


# Plan, price per seat and month in cents, price per seat and year in cents.
PLANS = [("Starter", 1900, 19000), ("Team", 4900, 49000), ("Business", 9900, 99500)]
REASONS = ["Too expensive", "Missing feature", "Switched to a competitor", "Company closed",
           "Payment failed", "No longer needed"]


class Subscription:
    def __init__(self, customer, plan, interval, quantity, start, segment):
        self.customer, self.plan, self.interval = customer, plan, interval
        self.quantity, self.start, self.segment = quantity, start, segment
        self.end = None
        self.cancelled_on = None
        self.trial_end = None
        self.is_trial = False
        self.reason = ""

    def price(self):
        _, monthly, yearly = PLANS[self.plan]
        return yearly if self.interval == "year" else monthly


def simulate(seed, first_month, last_day, new_per_month, reactivation=0.015):
    """A business that sells seats of three plans, by the month or by the year."""
    chance = Chance(seed)
    rows, active, gone = [], [], []
    n_customers = 0
    month = first_month
    while month <= last_day:
        month_end = add_months(month, 1) - days(1)
        close = min(month_end, last_day)
        span = (close - month).days

        for row in list(active):
            age = (month.year - row.start.year) * 12 + month.month - row.start.month
            if age < 1:
                continue
            day = month + days(chance.below(span + 1))
            hazard = {"SMB": 0.034, "Mid-market": 0.017, "Enterprise": 0.006}[row.segment]
            if row.interval == "year":
                hazard = 0.18 if age % 12 == 0 else 0.0
            elif age <= 3:
                hazard *= 1.8
            if chance.happens(hazard):
                row.reason = chance.one_of(REASONS)
                if row.interval == "year":
                    day = min(max(add_months(row.start, age), month), close)
                row.end, row.cancelled_on = day, max(row.start, day - days(chance.between(0, 20)))
                active.remove(row)
                gone.append(row)
            elif row.interval == "month" and chance.happens(0.032):
                up = chance.happens(0.72)
                plan, quantity = row.plan, row.quantity
                if up and chance.happens(0.4) and plan < 2:
                    plan += 1
                elif up:
                    quantity += chance.between(1, 4)
                elif quantity > 1:
                    quantity -= 1
                elif plan > 0:
                    plan -= 1
                else:
                    continue
                changed = Subscription(row.customer, plan, row.interval, quantity, day, row.segment)
                row.end = day
                active.remove(row)
                active.append(changed)
                rows.append(changed)

        for row in list(gone):
            if row.end < month - days(31) and chance.happens(reactivation):
                day = month + days(chance.below(span + 1))
                back = Subscription(row.customer, row.plan, "month", max(1, row.quantity - 1), day, row.segment)
                gone.remove(row)
                active.append(back)
                rows.append(back)

        for _ in range(chance.between(*new_per_month)):
            n_customers += 1
            segment = chance.one_of(["SMB"] * 6 + ["Mid-market"] * 3 + ["Enterprise"])
            plan = {"SMB": [0, 0, 1], "Mid-market": [1, 1, 2], "Enterprise": [2]}[segment]
            seats = {"SMB": (1, 4), "Mid-market": (3, 12), "Enterprise": (15, 40)}[segment]
            interval = "year" if chance.happens({"SMB": 0.12, "Mid-market": 0.35, "Enterprise": 0.7}[segment]) else "month"
            day = month + days(chance.below(span + 1))
            row = Subscription(n_customers, chance.one_of(plan), interval, chance.between(*seats), day, segment)
            rows.append(row)
            if chance.happens(0.3):
                row.trial_end = day + days(14)
                if chance.happens(0.3):
                    # Tried it and left: never paid.
                    row.is_trial = True
                    if row.trial_end <= last_day:
                        row.end = row.cancelled_on = row.trial_end
                    continue
                if row.trial_end > last_day:
                    row.is_trial = True
                    continue
            active.append(row)
        month = add_months(month, 1)

    # Some have given notice: they pay until the last day of the data.
    for row in active[3:40:20]:
        row.end, row.cancelled_on, row.reason = last_day, last_day - days(9), "Too expensive"
    rows.sort(key=lambda row: (row.start, row.customer))
    return rows


def status(row, last_day, words):
    """The word for: paying, on trial, will end, has ended."""
    if row.is_trial and row.end is None:
        return words[1]
    if row.end is None:
        return words[0]
    return words[2] if row.end >= last_day else words[3]


def sample_subscriptions():
    last_day = Date(2025, 12, 31)
    rows = simulate(11, Date(2023, 1, 1), last_day, (3, 6))
    write(SAMPLES, "subscriptions.csv",
          ["customer_id", "company", "segment", "plan", "status", "currency", "amount", "interval", "quantity",
           "start_date", "trial_end", "end_date", "cancel_reason"],
          [[f"sample-{row.customer:03}", company(row.customer), row.segment, PLANS[row.plan][0],
            status(row, last_day, ("active", "trialing", "active", "canceled")), "USD", money(row.price()),
            row.interval, row.quantity, row.start, row.trial_end or "", row.end or "", row.reason]
           for row in rows])


def monthly_levels(rows, first_month, n_months):
    """Cents per customer and month, at the close of each month, without trials."""
    levels = {}
    for row in rows:
        start = row.trial_end or row.start
        for place in range(n_months):
            close = add_months(first_month, place + 1) - days(1)
            if start <= close and (row.end is None or row.end > close) and not row.is_trial:
                cents = row.price() * row.quantity
                cents = (cents + 6) // 12 if row.interval == "year" else cents
                level = levels.setdefault(row.customer, {})
                level[place] = level.get(place, 0) + cents
    return levels


def sample_mrr_wide():
    first = Date(2024, 1, 1)
    rows = simulate(23, Date(2023, 6, 1), Date(2025, 12, 31), (2, 4), reactivation=0.03)
    segments = {row.customer: row.segment for row in rows}
    levels = monthly_levels(rows, first, 24)
    months = [add_months(first, place).strftime("%Y-%m") for place in range(24)]
    write(SAMPLES, "mrr-wide.csv", ["Customer ID", "Company", "Segment"] + months,
          [[f"sample-{customer:03}", company(customer), segments[customer]]
           + [money(level[place]) if place in level else "" for place in range(24)]
           for customer, level in sorted(levels.items())])


def sample_mrr_long():
    first = Date(2025, 1, 1)
    rows = simulate(31, Date(2024, 9, 1), Date(2025, 11, 30), (2, 3), reactivation=0.06)
    levels = monthly_levels(rows, first, 11)
    out = []
    for place in range(11):
        month = add_months(first, place).strftime("%Y-%m")
        for customer in sorted(levels):
            if place in levels[customer]:
                cents = levels[customer][place]
                # Every seventh customer pays in two products: two rows that add up.
                parts = [cents - 900, 900] if customer % 7 == 0 and cents > 1800 else [cents]
                for part, product in zip(parts, ("Core", "Add-on")):
                    out.append([month, f"sample-{customer:03}", product, money(part), "EUR"])
    write(SAMPLES, "mrr-long.csv", ["month", "customer_id", "product", "mrr", "currency"], out)


def sample_transactions():
    chance = Chance(47)
    first, last = Date(2025, 1, 1), Date(2025, 11, 18)
    prices = [1290, 1850, 2400, 3995, 5900, 8950]
    orders = []
    for customer in range(1, 121):
        day = first + days(chance.below(300))
        gap = chance.one_of([18, 30, 45, 70, 400])
        while day <= last:
            orders.append((day, f"sample-{customer:03}", chance.one_of(prices)))
            day += days(max(1, chance.between(gap // 2, gap + gap // 2)))
            if chance.happens(0.22):
                break
    for _ in range(6):
        orders.append((first + days(chance.below(320)), "", chance.one_of(prices)))
    orders.sort()
    rows = []
    for place, (day, customer, cents) in enumerate(orders):
        order = f"W{1001 + place}"
        rows.append((day, place, [order, day, customer, "order", money(cents), "USD"]))
        if chance.happens(0.08):
            # Another price, so that the two lines are not the same to the letter.
            other = [price for price in prices if price != cents]
            rows.append((day, place, [order, day, customer, "order", money(chance.one_of(other)), "USD"]))
        if customer and chance.happens(0.05):
            back = min(last, day + days(chance.between(3, 25)))
            rows.append((back, place, [f"{order}-R", back, customer, "refund", money(-cents), "USD"]))
    rows.sort(key=lambda row: row[:2])
    write(SAMPLES, "transactions.csv", ["order_id", "order_date", "customer_id", "type", "amount", "currency"],
          [row for _, _, row in rows[:400]])


def sample_periods():
    chance = Chance(59)
    customers, cents = 480, 4_812_500
    rows = []
    month = Date(2023, 7, 1)
    for _ in range(30):
        new, lost = chance.between(14, 38), chance.between(8, 24)
        new_cents = new * chance.between(8000, 12500)
        expansion, contraction = chance.between(60_000, 190_000), chance.between(15_000, 60_000)
        churned = lost * chance.between(7000, 11000)
        end, end_cents = customers + new - lost, cents + new_cents + expansion - contraction - churned
        rows.append([month.strftime("%Y-%m"), customers, new, lost, end, money(cents), money(new_cents),
                     money(expansion), money(contraction), money(churned), money(end_cents)])
        customers, cents = end, end_cents
        month = add_months(month, 1)
    write(SAMPLES, "periods.csv",
          ["period", "start_customers", "new_customers", "lost_customers", "end_customers", "start_mrr", "new_mrr",
           "expansion_mrr", "contraction_mrr", "churned_mrr", "end_mrr"], rows)


def sample_accounts():
    chance = Chance(71)
    rows = []
    for number in range(1, 161):
        segment = chance.one_of(["SMB"] * 5 + ["Mid-market"] * 3 + ["Enterprise"])
        tenure = 1 + int(chance.below(60) * chance.below(100) / 100) + chance.below(6)
        cents = {"SMB": chance.between(1900, 19900), "Mid-market": chance.between(25000, 120000),
                 "Enterprise": chance.between(180000, 900000)}[segment]
        churned = chance.happens({"SMB": 0.34, "Mid-market": 0.2, "Enterprise": 0.09}[segment])
        idle = chance.between(15, 90) if churned else chance.between(0, 20)
        renewal = "" if churned else Date(2026, 1, 1) + days(chance.below(365))
        rows.append([f"sample-{number:03}", company(number), segment, tenure, "yes" if churned else "no", money(cents),
                     chance.one_of(REASONS) if churned else "", renewal, idle, chance.between(5, 95),
                     chance.between(0, 6), chance.between(0, 10), chance.between(0, 2)])
    write(SAMPLES, "accounts.csv",
          ["account_id", "company", "segment", "tenure_months", "churned", "mrr", "churn_reason", "renewal_date",
           "days_since_last_login", "active_users_percent", "open_tickets", "nps", "failed_payments"], rows)


# The vendors' layouts. Headers as published; names in <angle brackets> there are left out.

VENDOR_LAST = Date(2025, 6, 30)


HEALTH_LAST = Date(2025, 9, 30)


def sample_health():
    """Accounts with health signals: 200 rows, three of them not to be counted, some cells messy."""
    chance = Chance(211)
    out = []
    for number in range(1, 201):
        start = Date(2023, 10, 1) + days(chance.below(640))
        cohort = f"{start.year}-Q{(start.month + 2) // 3}"
        tier = chance.one_of(["small", "small", "small", "middle", "middle", "large"])
        cents = {"small": chance.between(9_000, 45_000), "middle": chance.between(60_000, 240_000),
                 "large": chance.between(400_000, 1_900_000)}[tier]
        owner = chance.one_of(["Ada Quist", "Ben Okoro", "Chiara Rossi", "Dmitri Hale"])
        # How an account is doing: 0 badly, 1 so so, 2 well.
        state = 0 if chance.happens(0.17) else 1 if chance.happens(0.35) else 2
        licensed = {"small": chance.between(3, 15), "middle": chance.between(20, 90),
                    "large": chance.between(120, 700)}[tier]
        share = [chance.between(2, 38), chance.between(15, 62), chance.between(42, 97)][state]
        active = licensed * share // 100
        login = HEALTH_LAST - days([chance.between(9, 60), chance.between(2, 16), chance.between(0, 6)][state])
        to_value = chance.between(4, 21) if state == 2 else chance.between(12, 70)
        day_90 = [chance.between(22, 58), chance.between(40, 76), chance.between(61, 97)][state]
        odds = [0.45, 0.18, 0.05][state]
        yes = lambda probability: "yes" if chance.happens(probability) else "no"
        core = chance.one_of([["unused", "limited", "limited"], ["limited", "full", "full"], ["full"]][state])
        tickets = [chance.between(1, 7), chance.between(0, 4), chance.between(0, 2)][state]
        nps = [chance.between(1, 7), chance.between(5, 9), chance.between(7, 10)][state]
        champion = "left" if chance.happens(odds * 0.7) else "changed role" if chance.happens(odds) else "active"
        row = {
            "account_id": f"ACC-{number:04}", "company": company(number), "owner": owner, "cohort": cohort,
            "start_date": str(start), "end_date": "", "mrr": money(cents), "renewal_date": "",
            "active_users": str(active), "licensed_users": str(licensed), "last_login": str(login),
            "core_feature_use": core, "open_tickets": str(tickets), "escalated": yes(odds * 0.6),
            "dissatisfied_tickets": yes(odds * 0.7), "nps": str(nps), "champion": champion,
            "responsiveness": "declining" if chance.happens(odds) else "stable",
            "missed_qbrs": str(chance.below(3) if chance.happens(odds) else 0),
            "failed_payments": str(chance.between(1, 3) if chance.happens(odds * 0.6) else 0),
            "late_payments": yes(odds * 0.6), "layoffs": yes(odds * 0.4), "merger": yes(odds * 0.2),
            "health_score_day_90": str(day_90), "days_to_first_value": str(to_value),
        }
        renewal = add_months(start, 12)
        while renewal <= HEALTH_LAST:
            renewal = add_months(renewal, 12)
        row["renewal_date"] = str(renewal)
        if chance.happens([0.3, 0.12, 0.04][state]):
            end = start + days(chance.between(100, 700))
            if end <= HEALTH_LAST:
                row["end_date"], row["renewal_date"] = str(end), ""
                row["last_login"] = str(min(login, end))
        # Some accounts are hardly known at all, and in others a cell is missing here and there.
        if chance.happens(0.15):
            for name in list(row)[8:23]:
                if not chance.happens(0.25):
                    row[name] = ""
        else:
            for name in list(row)[10:25]:
                if chance.happens(0.05):
                    row[name] = chance.one_of(["", "", "n/a", "unknown"])
        out.append(row)
    # What people type.
    messy = [(3, "last_login", "never"), (7, "last_login", "3 days ago"), (11, "last_login", "26 Sep 2025"),
             (15, "open_tickets", "3+"), (19, "nps", "45"), (23, "champion", "new role"), (27, "champion", "?"),
             (31, "escalated", "Y"), (35, "mrr", "$1,240.00"), (39, "mrr", ""), (43, "responsiveness", "slower"),
             (47, "licensed_users", "0"), (51, "failed_payments", "two"), (55, "core_feature_use", "Partial"),
             (59, "late_payments", "overdue"), (63, "last_login", "2025-11-31"), (67, "active_users", "-4")]
    for place, name, text in messy:
        out[place][name] = text
    out[150]["account_id"] = ""
    out[151]["account_id"] = "ACC-0100"
    total = dict.fromkeys(out[0], "")
    total["account_id"] = "Total"
    total["mrr"] = money(sum(int(row["mrr"].replace("$", "").replace(",", "").replace(".", "")) for row in out if row["mrr"]))
    out[199] = total
    write(SAMPLES, "health.csv", list(out[0]), [list(row.values()) for row in out])


def vendor_rows(seed, monthly_only=False):
    rows = simulate(seed, Date(2024, 1, 1), VENDOR_LAST, (1, 3), reactivation=0.08)
    if monthly_only:
        rows = [row for row in rows if row.interval == "month"]
    return rows


def person(row):
    return f"{company(row.customer).split()[0].lower()}{row.customer:03}@example.com"


def at(day, clock="09:30"):
    return f"{day} {clock}" if day else ""


def zulu(day, clock="09:30:00"):
    return f"{day}T{clock}Z" if day else ""


def vendor_stripe_subscriptions():
    out = []
    for number, row in enumerate(vendor_rows(101), 1):
        word = status(row, VENDOR_LAST, ("active", "trialing", "active", "canceled"))
        if row.end is None and number % 11 == 0 and not row.is_trial:
            word = "past_due"
        period = add_months(row.start, (VENDOR_LAST.year - row.start.year) * 12 + VENDOR_LAST.month - row.start.month)
        out.append([f"sub_sample{number:04}", f"cus_sample{row.customer:04}", company(row.customer), person(row),
                    f"price_{PLANS[row.plan][0].lower()}_{row.interval}", row.quantity, "usd", row.interval,
                    money(row.price()), word, "cancellation_requested" if row.reason else "", at(row.start), at(row.start),
                    at(row.start), at(period), at(add_months(period, 1)),
                    at(row.start) if row.trial_end else "", at(row.trial_end), at(row.cancelled_on, "16:05"),
                    at(row.end, "16:05")])
    # Notice given, not yet in force: a cancellation date, and no end.
    for place in (5, 9):
        if not out[place][19]:
            out[place][18] = at(Date(2025, 6, 20), "11:00")
    write(VENDORS, "stripe-subscriptions.csv",
          ["id", "Customer ID", "Customer Name", "Customer Email", "Plan", "Quantity", "Currency", "Interval", "Amount",
           "Status", "Cancellation Reason", "Created (UTC)", "Start (UTC)", "Start Date (UTC)",
           "Current Period Start (UTC)", "Current Period End (UTC)", "Trial Start (UTC)", "Trial End (UTC)",
           "Canceled At (UTC)", "Ended At (UTC)"], out)


def vendor_stripe_mrr():
    first = Date(2024, 7, 1)
    levels = monthly_levels(vendor_rows(103), first, 12)
    months = [add_months(first, place).strftime("%Y-%m") for place in range(12)]
    out = []
    for customer, level in sorted(levels.items()):
        # Names are not unique; ids are.
        name = [company(customer // 3), f"cus_sample{customer:04}", f"{customer:03}@example.com", "eur"]
        cells = [level.get(place, 0) for place in range(12)]
        if customer % 6 == 0:
            # Two subscriptions of one customer: two rows that add up.
            out.append(name + [money(cents // 3) for cents in cells])
            cells = [cents - cents // 3 for cents in cells]
        out.append(name + [money(cents) for cents in cells])
    write(VENDORS, "stripe-mrr-per-subscriber.csv",
          ["Customer", "Customer ID", "Customer Email", "Currency"] + months, out)


def vendor_chargebee():
    out = []
    for number, row in enumerate(vendor_rows(107), 1):
        cents = row.price() * row.quantity
        mrr = (cents + 6) // 12 if row.interval == "year" else cents
        word = status(row, VENDOR_LAST, ("active", "in_trial", "non_renewing", "cancelled"))
        paying = row.trial_end or row.start
        out.append([f"sample-s{number:03}", f"sample-c{row.customer:03}", f"{PLANS[row.plan][0].lower()}-{row.interval}ly", word,
                    zulu(row.start), zulu(row.start) if row.trial_end else "", zulu(row.trial_end),
                    zulu(VENDOR_LAST - days(20)), zulu(VENDOR_LAST + days(10)),
                    zulu(VENDOR_LAST + days(10)) if row.end is None else "", zulu(row.start), zulu(row.start),
                    "" if row.is_trial else zulu(paying), zulu(row.end), row.reason, "", "", "", money(0 if row.is_trial else mrr), "GBP"])
    write(VENDORS, "chargebee-subscriptions.csv",
          ["id", "customer_id", "plan_id", "status", "start_date", "trial_start", "trial_end", "current_term_start",
           "current_term_end", "next_billing_at", "created_at", "started_at", "activated_at", "cancelled_at",
           "cancel_reason", "cancel_reason_code", "cancel_schedule_created_at", "changes_scheduled_at", "mrr",
           "currency_code"], out)


def vendor_recurly():
    out = []
    for number, row in enumerate(vendor_rows(109, monthly_only=True), 1):
        word = status(row, VENDOR_LAST, ("active", "trial", "canceled", "expired"))
        out.append([f"{number:04}sample{number * 7919 % 10000:04}", f"acct-{row.customer:03}", person(row),
                    f"{PLANS[row.plan][0].lower()}-monthly", PLANS[row.plan][0], word, row.quantity, money(row.price()),
                    "USD", f"{row.start} 09:30:00 UTC", f"{row.end or row.start} 16:00:00 UTC",
                    f"{row.cancelled_on} 16:00:00 UTC" if row.cancelled_on else "",
                    f"{row.end} 16:00:00 UTC" if row.end else "", f"{VENDOR_LAST - days(20)} 09:30:00 UTC",
                    f"{VENDOR_LAST + days(10)} 09:30:00 UTC",
                    f"{row.start} 09:30:00 UTC" if row.trial_end else "",
                    f"{row.trial_end} 09:30:00 UTC" if row.trial_end else "", "fixed", ""])
    write(VENDORS, "recurly-subscriptions.csv",
          ["uuid", "account_code", "email", "plan_code", "plan_name", "state", "quantity", "unit_amount", "currency",
           "activated_at", "modified_at", "canceled_at", "expires_at", "current_period_started_at",
           "current_period_ends_at", "trial_started_at", "trial_ends_at", "pricing_model", "current_ramp_id"], out)


def vendor_baremetrics():
    out = []
    for number, row in enumerate(vendor_rows(113), 1):
        if row.is_trial:
            continue
        # Every fifth monthly plan is billed each quarter, at three times the price.
        is_quarterly = row.interval == "month" and row.customer % 5 == 0
        count = 3 if is_quarterly else 1
        out.append([f"plan_{PLANS[row.plan][0].lower()}_{count}{row.interval}", PLANS[row.plan][0], "USD",
                    row.price() * count, row.interval, count, f"customer_{row.customer}", company(row.customer), person(row),
                    f"subscription_{number}", row.trial_end or row.start, row.end or "", row.quantity])
    write(VENDORS, "baremetrics-import.csv",
          ["plan_oid", "plan_name", "plan_currency", "plan_amount", "plan_interval", "plan_interval_count", "customer_oid",
           "customer_name", "customer_email", "subscription_oid", "subscription_started_at", "subscription_canceled_at",
           "subscription_quantity"], out)


def vendor_chartmogul():
    rows = [row for row in vendor_rows(127) if not row.is_trial]
    current, intervals = [], []
    for number, row in enumerate(rows, 1):
        cents = row.price() * row.quantity
        mrr = (cents + 6) // 12 if row.interval == "year" else cents
        name = f"cus_sample-{row.customer:04}"
        current.append([name, f"ext-{row.customer}|crm-{row.customer}", company(row.customer), person(row), person(row), "US",
                        f"sub-{number}", "Sample billing", "Stripe", f"pl_sample-{row.plan}", PLANS[row.plan][0],
                        row.quantity, mrr, mrr * 12, "USD", "USD", row.interval, 1])
        intervals.append([name, mrr, row.start, row.end or "", f"pl_sample-{row.plan}", row.quantity, f"sub_sample-{number}",
                          f"set_sample-{row.customer}", f"pl_sample-{row.plan}", "false", "false"])
    write(VENDORS, "chartmogul-subscriptions.csv",
          ["CUSTOMER_UUID", "CUSTOMER_EXTERNAL_IDS", "CUSTOMER_NAME", "CUSTOMER_EMAIL", "PRIMARY_CONTACT_EMAIL",
           "CUSTOMER_COUNTRY", "CUSTOMER_SUBSCRIPTION_ID", "BILLING_CONNECTOR_NAME", "BILLING_SYSTEM", "PLAN_UUID",
           "PLAN_NAME", "QUANTITY", "MRR", "ARR", "CURRENCY", "BILLING_CURRENCY", "INTERVAL_UNIT", "INTERVAL_COUNT"],
          current)
    write(VENDORS, "chartmogul-mrr-intervals.csv",
          ["CUSTOMER_UUID", "MRR", "START_DATE", "END_DATE", "PLAN_UUID", "QUANTITY", "SUBSCRIPTION_UUID",
           "SUBSCRIPTION_SET_UUID", "SUB_SET_PLAN_UUIDS", "IS_FREE", "IS_TRIAL"], intervals)


def shop_orders(seed, n_customers):
    """Orders of a shop: day, customer, list of (quantity, unit price in cents), refunded cents."""
    chance = Chance(seed)
    orders = []
    for customer in range(1, n_customers + 1):
        day = Date(2025, 1, 3) + days(chance.below(150))
        while day <= Date(2025, 7, 20):
            lines = [(chance.between(1, 3), chance.one_of([1250, 1999, 3400, 5600]))]
            if chance.happens(0.25):
                lines.append((1, 899))
            total = sum(quantity * price for quantity, price in lines)
            refunded = chance.one_of([total, total // 2]) if chance.happens(0.1) else 0
            orders.append((day, customer, lines, refunded))
            if chance.happens(0.4):
                break
            day += days(chance.between(10, 60))
    orders.sort()
    return orders


SHOPIFY = """Name|Email|Financial Status|Paid at|Fulfillment Status|Fulfilled at|Accepts Marketing|Currency|Subtotal|Shipping|Taxes|Total|Discount Code|Discount Amount|Shipping Method|Created at|Lineitem quantity|Lineitem name|Lineitem price|Lineitem compare at price|Lineitem sku|Lineitem requires shipping|Lineitem taxable|Lineitem fulfillment status|Billing Name|Billing Street|Billing Address1|Billing Address2|Billing Company|Billing City|Billing Zip|Billing Province|Billing Country|Billing Phone|Shipping Name|Shipping Street|Shipping Address1|Shipping Address2|Shipping Company|Shipping City|Shipping Zip|Shipping Province|Shipping Country|Shipping Phone|Notes|Note Attributes|Cancelled at|Payment Method|Payment Reference|Refunded Amount|Vendor|Outstanding Balance|Employee|Location|Device ID|Id|Tags|Risk Level|Source|Lineitem discount|Tax 1 Name|Tax 1 Value|Tax 2 Name|Tax 2 Value|Tax 3 Name|Tax 3 Value|Tax 4 Name|Tax 4 Value|Tax 5 Name|Tax 5 Value""".split("|")


def vendor_shopify():
    out = []
    for number, (day, customer, lines, refunded) in enumerate(shop_orders(131, 24), 1001):
        total = sum(quantity * price for quantity, price in lines)
        stamp = f"{day} 23:45:10 +0100"
        is_void = number % 17 == 0
        for place, (quantity, price) in enumerate(lines):
            cells = dict.fromkeys(SHOPIFY, "")
            cells |= {"Name": f"#{number}", "Lineitem quantity": quantity,
                      "Lineitem name": ["Sample mug", "Sample tote, large"][place], "Lineitem price": money(price),
                      "Created at": stamp, "Lineitem requires shipping": "true", "Lineitem taxable": "true",
                      "Lineitem fulfillment status": "fulfilled", "Vendor": "Sample shop", "Lineitem discount": "0.00"}
            if place == 0:
                word = "voided" if is_void else "paid"
                if refunded and not is_void:
                    word = "refunded" if refunded == total else "partially_refunded"
                cells |= {"Email": f"sample{customer:03}@example.com", "Financial Status": word, "Paid at": "" if is_void else stamp, "Fulfillment Status": "fulfilled",
                          "Fulfilled at": stamp, "Accepts Marketing": "no", "Currency": "EUR", "Subtotal": money(total),
                          "Shipping": "4.90", "Taxes": "0.00", "Total": money(total + 490), "Discount Amount": "0.00",
                          "Shipping Method": "Standard", "Billing Name": f"Sample Person {customer}",
                          "Billing Street": "1 Sample Street", "Billing City": "Sampletown", "Billing Zip": "'01234",
                          "Billing Country": "DE", "Cancelled at": stamp if is_void else "",
                          "Payment Method": "Sample Pay", "Refunded Amount": money(0 if is_void else refunded),
                          "Outstanding Balance": "0.00", "Id": 5000000000000 + number, "Risk Level": "Low", "Source": "web"}
            out.append([cells[name] for name in SHOPIFY])
    write(VENDORS, "shopify-orders.csv", SHOPIFY, out)


def vendor_woocommerce():
    rows = []
    for number, (day, customer, lines, refunded) in enumerate(shop_orders(137, 26), 201):
        total = sum(quantity * price for quantity, price in lines)
        returning = "returning" if any(row[2][4] == f"Sample Person {customer}" for row in rows) else "new"
        items = sum(quantity for quantity, _ in lines)
        word = "refunded" if refunded == total else "completed"
        rows.append((day, number, [f"{day} 18:20:00", number, f"${total // 100:,}.{total % 100:02}", word, f"Sample Person {customer}",
                                   returning, f"{items}× Sample mug", items, "", money(total), "Direct"]))
        if refunded:
            # A refund is a row of its own on its own day.
            back = day + days(9)
            rows.append((back, number, [f"{back} 10:00:00", number, f"-${refunded // 100:,}.{refunded % 100:02}", "refunded",
                                        f"Sample Person {customer}", returning, "", 0, "", money(-refunded), "Direct"]))
    rows.sort(key=lambda row: row[:2])
    write(VENDORS, "woocommerce-orders.csv",
          ["Date", "Order #", "N. Revenue (formatted)", "Status", "Customer", "Customer type", "Product(s)", "Items sold",
           "Coupon(s)", "Net Sales", "Attribution"], [row for _, _, row in rows])


def vendor_paddle():
    chance = Chance(139)
    out = []
    number = 0
    for row in vendor_rows(149, monthly_only=True):
        if row.is_trial:
            continue
        day, place = row.trial_end or row.start, 0
        while day <= VENDOR_LAST and (row.end is None or day < row.end):
            number += 1
            cents = row.price() * row.quantity
            word = "past_due" if chance.happens(0.04) else "completed"
            out.append((day, [f"txn_sample{number:04}", word, f"INV-{number:04}", f"ctm_sample{row.customer:03}", person(row),
                              f"add_sample{row.customer:03}", "US", "", "", f"pri_{row.plan}a,pri_{row.plan}b", "",
                              f"sub_sample{row.customer:03}", zulu(day, "06:00:00.123456"), zulu(day + days(1), "07:00:00.5"),
                              zulu(day, "06:00:01") if word == "completed" else "", "USD", money(cents), "0.00", money(cents)]))
            place += 1
            day = add_months(row.trial_end or row.start, place)
    out.sort(key=lambda row: row[0])
    write(VENDORS, "paddle-transactions.csv",
          ["id", "status", "invoice_number", "customer_id", "customer_email", "address_id", "address_country_code", "business_id",
           "business_name", "price_ids", "discount_ids", "subscription_id", "created_at", "updated_at", "billed_at",
           "currency_code", "subtotal", "tax", "total"], [row for _, row in out][:160])


if __name__ == "__main__":
    for name, function in sorted(globals().items()):
        if name.startswith(("sample_", "vendor_")) and name != "vendor_rows":
            function()
