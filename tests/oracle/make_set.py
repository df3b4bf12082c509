"""Writes the three sample files that belong together: customers, subscriptions and churn events.

Made with Python 3.11.7, standard library only. The business, its customers and all numbers are
invented. What does not fit between the files is planted on purpose, as such files have it: ids
typed in lower case, customers without a subscription, flags that were never cleared, events that
nobody entered. The seed makes every run write the same bytes.

Usage: python3 tests/oracle/make_set.py   (from anywhere; writes below the project)
"""

import os

from make_samples import SAMPLES, Chance, Date, add_months, company, days, money, write

SET = os.path.join(SAMPLES, "set")
LAST = Date(2026, 3, 31)
N_CUSTOMERS = 300
PLANS = [("Starter", 2900), ("Team", 7900), ("Business", 19900)]
COUNTRIES = ["DE", "FR", "NL", "US", "US", "GB", "SE"]
SEGMENTS = ["SMB", "SMB", "SMB", "Mid-market", "Enterprise"]
SOURCES = ["search", "referral", "partner", "event", "ads"]
REASONS = ["price", "missing_feature", "competitor", "no_longer_needed", "payment_failed", "support"]
WORDS = {"price": "Too expensive for what we use", "missing_feature": "No export to our ledger",
         "competitor": "", "no_longer_needed": "Project ended", "payment_failed": "",
         "support": "Answers took days"}


def main():
    chance = Chance(20260331)
    customers, subscriptions, events = [], [], []

    def subscribe(customer, start, end, plan, seats):
        name, price = PLANS[plan]
        number = f"sub_{len(subscriptions) + 1:04}"
        subscriptions.append([number, customer, start.isoformat(), end.isoformat() if end else "",
                              name, seats, money(price * seats)])

    def leave(customer, day, reason=None, again=False):
        reason = reason or chance.one_of(REASONS)
        refund = money(chance.between(10, 90) * 100) if chance.happens(0.2) else ""
        events.append([f"ev_{len(events) + 1:04}", customer, day.isoformat(), reason, refund,
                       "TRUE" if again else "FALSE", WORDS[reason]])

    for number in range(1, N_CUSTOMERS + 1):
        customer = f"K{number * 7 + 10000}"
        start = Date(2023, 1, 1) + days(chance.below(1100))
        signup = start - days(chance.below(30))
        plan = chance.below(len(PLANS))
        seats = chance.between(1, 9)
        segment = SEGMENTS[chance.below(len(SEGMENTS))]
        country = chance.one_of(COUNTRIES)
        source = chance.one_of(SOURCES)
        row = [customer, company(number), country, segment, PLANS[plan][0], signup.isoformat(),
               source, "no"]
        customers.append(row)
        if number % 25 == 0:
            # Signed up, never subscribed; one of two is marked as gone.
            row[7] = "yes" if number % 50 == 0 else "no"
            continue
        own = customer.lower() if number in (45, 110, 163, 241) else customer
        if number % 43 == 1:
            row[5] = (start + days(chance.between(3, 40))).isoformat()
        # Half of them change their plan some time.
        if chance.happens(0.4):
            change = add_months(start, chance.between(3, 12))
            if change < LAST:
                subscribe(own, start, change, plan, seats)
                start = change
                plan = min(plan + 1, 2) if chance.happens(0.7) else max(plan - 1, 0)
                row[4] = PLANS[plan][0]
        end = add_months(start, chance.between(4, 22))
        kind = number % 20
        leaves = chance.happens(0.62) and end < LAST - days(20)
        if not leaves:
            subscribe(own, start, None, plan, seats)
            if kind == 3:
                row[7] = "yes"                                     # open, but marked as gone
            elif kind == 7 and start < LAST - days(120):
                leave(own, LAST - days(chance.between(20, 100)))   # open, but an event says gone
            continue
        subscribe(own, start, end, plan, seats)
        row[7] = "no" if kind == 5 else "yes"                      # ended, but not marked
        if kind == 9:
            continue                                               # ended, and nobody entered it
        if kind == 11:
            leave(own, end + days(chance.between(50, 90)) if end < LAST - days(100) else end)
        elif kind == 13:
            leave(own, max(start + days(10), end - days(chance.between(60, 100))))
        else:
            leave(own, end - days(chance.below(6)))
        if chance.happens(0.12) and end < LAST - days(200):
            # Came back, and maybe left again.
            back = end + days(chance.between(40, 120))
            again = add_months(back, chance.between(3, 9))
            if again < LAST - days(10) and chance.happens(0.6):
                subscribe(own, back, again, plan, seats)
                leave(own, again, again=True)
            else:
                subscribe(own, back, None, plan, seats)
                row[7] = "no"
    # Two ids twice, once with another country and plan.
    for place, country in ((31, "ES"), (122, None)):
        copy = list(customers[place])
        if country:
            copy[2], copy[4] = country, "Business" if copy[4] != "Business" else "Team"
        customers.append(copy)
    # Events of ids that nobody knows, one before its customer began and one after the last day.
    for number in (1, 2, 3, 4):
        leave(f"K9{number}001", Date(2025, 1 + number, 11))
    leave(customers[200][0], Date(2022, 11, 3))
    leave(customers[201][0], LAST + days(14))
    subscriptions.sort(key=lambda row: (row[2], row[0]))
    events.sort(key=lambda row: (row[2], row[0]))
    write(SET, "customers.csv", ["customer_id", "company", "country", "segment", "plan", "signup_date",
                                 "referral_source", "churned"], customers)
    write(SET, "subscriptions.csv", ["subscription_id", "customer_id", "start_date", "end_date", "plan",
                                     "seats", "mrr"], subscriptions)
    write(SET, "churn_events.csv", ["event_id", "customer_id", "churn_date", "reason_code",
                                    "refund_amount", "is_reactivation", "feedback"], events)


if __name__ == "__main__":
    main()
