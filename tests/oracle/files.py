"""Joins and contradictions of several files, from the definitions alone.

Made with Python 3.11.7, standard library only; it shares no code with the core. It reads the three
files of the sample set and three that it makes itself (dates, ids and flags by chance, with all that
can go wrong between files), and writes what must come of them to `tests/cases/files/expected.json`.

A customer counts at the close of a day d from its start on, while the end is blank or later than d.
Two dates of one leaving may lie 31 days apart. Ids match to the letter after trimming.

Usage: python3 tests/oracle/files.py   (from anywhere; writes below the project)
       python3 tests/oracle/files.py --check   (fails where the stored numbers differ)
"""

import csv
import io
import json
import os
import sys

from make_samples import ROOT, SAMPLES, Chance, Date, days, money

CASES = os.path.join(ROOT, "tests", "cases", "files")
APART = 31


def parse(text):
    return Date.fromisoformat(text) if text else None


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows, start=2):
        row["row"] = number
    return rows


def matching(ids, history):
    """Matched ids, and pairs that differ in case or leading zeros only."""
    matched = ids & history
    open_own, open_history = ids - matched, history - matched
    pairs = {}

    def zeros(text):
        return text.lstrip("0") or ("0" if text else "")

    for how, fold in (("case", str.lower), ("leading-zeros", zeros),
                      ("case-and-zeros", lambda text: zeros(text.lower()))):
        own, theirs = {}, {}
        for one in open_own:
            own.setdefault(fold(one), []).append(one)
        for one in open_history:
            theirs.setdefault(fold(one), []).append(one)
        found = [(own[key][0], theirs[key][0]) for key in own
                 if key in theirs and len(own[key]) == 1 and len(theirs[key]) == 1]
        pairs[how] = sorted(found)
        open_own -= {one for one, _ in found}
        open_history -= {other for _, other in found}
    return matched, {how: found for how, found in pairs.items() if found}


def stays(spells):
    result = []
    for start, end in sorted(((s["start"], s["end"]) for s in spells),
                             key=lambda one: (one[0], one[1] or Date.max)):
        if result and (result[-1][1] is None or start <= result[-1][1]):
            last = result[-1][1]
            result[-1][1] = None if last is None or end is None else max(last, end)
        else:
            result.append([start, end])
    return result


def compare(folder):
    customers = read(folder, "customers.csv")
    subscriptions = read(folder, "subscriptions.csv")
    events = read(folder, "churn_events.csv")
    spells = {}
    last_day = Date.min
    for row in subscriptions:
        start, end = parse(row["start_date"]), parse(row["end_date"])
        cents = int(row["mrr"].replace(".", ""))
        spells.setdefault(row["customer_id"].strip(), []).append(
            {"start": start, "end": end, "cents": cents, "row": row["row"]})
        last_day = max(last_day, start, end or Date.min)
    as_of = last_day
    leaves = {}
    for row in events:
        # Each event of these files has a reason, so a marked one is a further leaving.
        leaves.setdefault(row["customer_id"].strip(), []).append(parse(row["churn_date"]))
    first_event = min(day for own in leaves.values() for day in own)

    said, conflicts, twice = {}, {}, set()
    for row in customers:
        who = row["customer_id"].strip()
        if who in said:
            twice.add(who)
        known = said.setdefault(who, {})
        for column, value in row.items():
            if column not in ("customer_id", "row") and value:
                known.setdefault(column, set()).add(value)
    for who, known in said.items():
        for column, values in known.items():
            if 1 < len(values):
                conflicts[column] = conflicts.get(column, 0) + 1

    def flag(who):
        values = said[who].get("churned", set())
        return {"yes": True, "no": False}[next(iter(values))] if len(values) == 1 else None

    def is_open(spell):
        return spell["start"] <= as_of and (spell["end"] is None or as_of < spell["end"])

    found = {}
    changes = {"events": [], "flag": []}

    def tell(code, who, cents=None, rule=None, ends=()):
        found.setdefault(code, {})[who] = cents
        if rule:
            changes[rule] += [(code, spell, end) for spell, end in ends]

    for who, own in spells.items():
        own.sort(key=lambda s: (s["start"], s["end"] or Date.max, s["cents"]))
        mine = sorted(day for day in leaves.get(who, []) if day <= as_of)
        if any(as_of < day for day in leaves.get(who, [])):
            tell("event-after-as-of", who)
        if mine and mine[0] < own[0]["start"]:
            tell("event-before-start", who)
        active = [spell for spell in own if is_open(spell)]
        if mine:
            hit = [spell for spell in active if spell["start"] < mine[-1]]
            if hit:
                tell("open-after-event", who, sum(s["cents"] for s in hit), "events",
                     [(spell, mine[-1]) for spell in hit])
        late = []
        for spell in own:
            if spell["end"] and spell["end"] <= as_of:
                during = [day for day in mine if spell["start"] < day < spell["end"]]
                if during and APART < (spell["end"] - during[-1]).days:
                    late.append((spell, during[-1]))
        if late:
            tell("ends-after-event", who, sum(s["cents"] for s, _ in late), "events", late)
        after = {}
        for day in mine:
            if any(s["start"] <= day and (s["end"] is None or day <= s["end"]) for s in own):
                continue
            before = [s["end"] for s in own if s["end"] and s["end"] < day]
            if before and APART < (day - max(before)).days:
                for place, spell in enumerate(own):
                    if spell["end"] == max(before):
                        after[place] = day
        if after:
            tell("event-after-end", who, sum(own[place]["cents"] for place in after), "events",
                 [(own[place], day) for place, day in after.items()])
        gone = None
        if not active:
            begun = [spell for spell in own if spell["start"] <= as_of]
            if begun and stays(begun)[-1][1]:
                gone = stays(begun)[-1]
        if gone and first_event <= gone[1] and not any(gone[0] <= day for day in mine):
            last = [spell for spell in own if spell["end"] == gone[1]]
            tell("ended-without-event", who, sum(s["cents"] for s in last), "events",
                 [(spell, None) for spell in last])
        if who in said:
            if flag(who) is True and active:
                tell("churned-flag-but-open", who, sum(s["cents"] for s in active), "flag",
                     [(spell, as_of) for spell in active])
            if flag(who) is False and gone:
                last = [spell for spell in own if spell["end"] == gone[1]]
                tell("active-flag-but-ended", who, sum(s["cents"] for s in last), "flag",
                     [(spell, None) for spell in last])
            if flag(who) is True and not mine:
                tell("churned-flag-without-event", who)
            signups = said[who].get("signup_date", set())
            if signups and own[0]["start"] < parse(min(signups)):
                tell("signup-after-start", who)
    for who in said:
        if who not in spells and flag(who) is False:
            tell("active-flag-without-history", who)
    for who in leaves:
        if who not in spells:
            tell("event-without-history", who)

    def months(rule):
        """Customers and revenue at the last day of each month, as those have it who are believed."""
        ends = {id(spell): spell["end"] for own in spells.values() for spell in own}
        for code, spell, end in changes.get(rule, []):
            known = ends[id(spell)]
            if end is None:
                ends[id(spell)] = None
            elif code == "event-after-end":
                ends[id(spell)] = max(known, end)
            else:
                ends[id(spell)] = min(known, end) if known else end
        closes, day = [], min(s["start"] for own in spells.values() for s in own).replace(day=1)
        while day <= as_of:
            next_month = (day + days(32)).replace(day=1)
            close = min(next_month - days(1), as_of)
            paying = {who: sum(s["cents"] for s in own if s["start"] <= close
                               and (ends[id(s)] is None or close < ends[id(s)]))
                      for who, own in spells.items()}
            closes.append([day.isoformat()[:7], sum(1 for cents in paying.values() if cents),
                           sum(paying.values())])
            day = next_month
        return closes

    def join(ids, rows):
        matched, pairs = matching(ids, set(spells))
        return {"customers": len(ids), "matched": len(matched), "unmatched": sorted(ids - matched),
                "missing": sorted(set(spells) - matched),
                "alike": {how: len(found) for how, found in pairs.items()},
                "rowsUnmatched": sum(1 for row in rows
                                     if row["customer_id"].strip() not in matched)}

    return {
        "customers": join(set(said), customers),
        "events": join(set(leaves), events),
        "twice": sorted(twice),
        "conflicts": conflicts,
        "contradictions": {code: {"customers": sorted(who), "cents":
                                  None if None in who.values() else sum(who.values())}
                           for code, who in sorted(found.items())},
        "months": {rule: months(rule) for rule in ("subscriptions", "events", "flag")},
    }


def by_chance():
    """Files in which anything can contradict anything."""
    chance = Chance(4711)
    ids = [f"C{number:03}" for number in range(60)]

    def day(low=0, high=900):
        return Date(2023, 1, 1) + days(chance.between(low, high))

    subscriptions, events, customers = [], [], []
    for number, who in enumerate(ids):
        as_written = {7: who.lower(), 19: who.lower(), 23: who.lower()}.get(number, who)
        for _ in range(chance.below(4)):
            start = day(0, 700)
            end = start + days(chance.between(0, 400)) if chance.happens(0.6) else None
            end = end if end is None or end <= Date(2025, 6, 30) else None
            subscriptions.append([as_written, start.isoformat(), end.isoformat() if end else "",
                                  money(chance.between(1, 5000))])
        for _ in range(chance.below(3)):
            events.append([who, day(0, 960).isoformat(), chance.one_of(["price", "product"])])
        if not chance.happens(0.1):
            for _ in range(2 if chance.happens(0.15) else 1):
                customers.append([who, chance.one_of(["DE", "FR", "IT"]),
                                  day(0, 500).isoformat() if chance.happens(0.8) else "",
                                  chance.one_of(["yes", "no", "no", ""])])
    for number in (1, 2, 3):
        events.append([f"X{number}", day().isoformat(), "price"])
        customers.append([f"Y{number}", "DE", "", chance.one_of(["yes", "no"])])
    tables = {
        "customers.csv": (["customer_id", "country", "signup_date", "churned"], customers),
        "subscriptions.csv": (["customer_id", "start_date", "end_date", "mrr"], subscriptions),
        "churn_events.csv": (["customer_id", "churn_date", "reason"], events),
    }
    texts = {}
    for name, (header, rows) in tables.items():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        texts[name] = text.getvalue()
    return texts


def main():
    chance = os.path.join(CASES, "chance")
    os.makedirs(chance, exist_ok=True)
    for name, text in by_chance().items():
        path = os.path.join(chance, name)
        if "--check" in sys.argv:
            with open(path, encoding="utf-8", newline="") as file:
                assert file.read() == text, f"{name} is not what the script makes"
        else:
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
    expected = {
        "source": "tests/oracle/files.py, Python 3.11.7, from the definitions of joins and contradictions",
        "set": compare(os.path.join(SAMPLES, "set")),
        "chance": compare(chance),
    }
    text = json.dumps(expected, indent=1, ensure_ascii=False) + "\n"
    path = os.path.join(CASES, "expected.json")
    if "--check" in sys.argv:
        with open(path, encoding="utf-8") as file:
            assert file.read() == text, "expected.json is not what the script computes"
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
