"""Scores the accounts of the sample health.csv by the published framework, from the definitions alone.

Written for Python 3.11, standard library only; it shares no code with the core. Where the core keeps
ranges as it goes, this tries every combination of healthy and bad values for what is not known.

Usage: python3 tests/oracle/health.py   (from anywhere; writes tests/cases/account-health.json)
"""

import csv
import datetime
import itertools
import json
import math
import os
import re
from fractions import Fraction

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLE = os.path.join(ROOT, "www", "public", "samples", "health.csv")
OUT = os.path.join(ROOT, "tests", "cases", "account-health.json")

MISSING = {"", "n/a", "unknown"}
WEIGHTS = {"usage": 40, "engagement": 25, "relationship": 20, "business": 15}
MAXIMA = {"usage": 60, "engagement": 35, "relationship": 40, "business": 45}
# For each signal, a value that costs nothing and all values that cost something.
EXAMPLES = {
    "share": [Fraction(1), Fraction(1, 10), Fraction(3, 10)],
    "login": [0, 20, 10],
    "core": ["full", "limited", "unused"],
    "tickets": [0, 3],
    "escalated": [False, True],
    "dissatisfied": [False, True],
    "nps": [9, 3, 7],
    "champion": ["active", "left", "changed role"],
    "declining": [False, True],
    "missed": [0, 1],
    "failed": [0, 2],
    "late": [False, True],
    "layoffs": [False, True],
    "merger": [False, True],
}


def date(text):
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.date.fromisoformat(text)
        return datetime.datetime.strptime(text, "%d %b %Y").date()
    except ValueError:
        return None


def yes_no(text):
    return {"yes": True, "y": True, "overdue": True, "no": False}.get(text.lower())


def whole(text):
    return int(text) if re.fullmatch(r"\d+", text) else 3 if text == "3+" else None


def category_points(known):
    """Points by category as it is published; the highest of each group counts."""
    usage = 0
    share = known["share"]
    usage += 25 if share < Fraction(20, 100) else 10 if share <= Fraction(40, 100) else 0
    usage += 20 if known["login"] >= 14 else 8 if known["login"] >= 7 else 0
    usage += {"unused": 15, "limited": 5, "full": 0}[known["core"]]
    tickets = max(20 if known["tickets"] >= 3 else 0, 15 if known["escalated"] else 0, 8 if known["dissatisfied"] else 0)
    nps = 15 if known["nps"] < 7 else 5 if known["nps"] <= 8 else 0
    champion = {"left": 25, "changed role": 10, "active": 0}[known["champion"]]
    contact = max(15 if known["declining"] else 0, 8 if known["missed"] >= 1 else 0)
    payments = max(30 if known["failed"] >= 2 else 0, 12 if known["late"] else 0)
    company = max(15 if known["layoffs"] else 0, 8 if known["merger"] else 0)
    return {"usage": usage, "engagement": tickets + nps, "relationship": champion + contact, "business": payments + company}


def extremes(known):
    """The least and the most points by category over all that could be where something is missing."""
    parts = {
        "usage": ["share", "login", "core"],
        "engagement": ["tickets", "escalated", "dissatisfied", "nps"],
        "relationship": ["champion", "declining", "missed"],
        "business": ["failed", "late", "layoffs", "merger"],
    }
    healthy = {name: values[0] for name, values in EXAMPLES.items()}
    low, high = {}, {}
    for category, names in parts.items():
        choices = [[known[name]] if known[name] is not None else EXAMPLES[name] for name in names]
        points = [category_points({**healthy, **dict(zip(names, one))})[category] for one in itertools.product(*choices)]
        low[category], high[category] = min(points), max(points)
    return low, high


def level(low, known_share):
    name = "critical" if low >= 75 else "high" if low >= 50 else "medium" if low >= 25 else "low"
    return name if name in ("critical", "high") or known_share >= Fraction(1, 2) else "unknown"


def score(low, high, method):
    if method == "points":
        least, most, whole_score = sum(low.values()), sum(high.values()), sum(MAXIMA.values())
    else:
        weighted = lambda points: sum(Fraction(WEIGHTS[c] * points[c], MAXIMA[c]) for c in WEIGHTS)
        least, most, whole_score = weighted(low), weighted(high), 100
    share = 1 - Fraction(most - least) / whole_score
    return least, most, share


def binomial_interval(parts):
    """The 2.5 % and 97.5 % quantiles of a sum of binomial counts, exact."""
    masses = [Fraction(1)]
    for n, p in parts:
        own = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
        joint = [Fraction(0)] * (len(masses) + n)
        for i, a in enumerate(masses):
            for j, b in enumerate(own):
                joint[i + j] += a * b
        masses = joint
    def quantile(q):
        below = Fraction(0)
        for k, mass in enumerate(masses):
            below += mass
            if below >= q:
                return k
    return [quantile(Fraction(25, 1000)), quantile(Fraction(975, 1000))]


def main():
    with open(SAMPLE, newline="") as file:
        rows = list(csv.DictReader(file))
    used, seen = [], set()
    for row in rows:
        name = row["account_id"]
        if name in ("", "Total") or name in seen:
            continue
        seen.add(name)
        used.append(row)
    cell = lambda row, name: None if row[name].lower() in MISSING else row[name]
    days = [date(row[name]) for row in used for name in ("last_login", "start_date")]
    as_of = max(day for day in days if day)
    accounts, groups = [], {"cohort": {}, "owner": {}}
    n_left = 0
    for row in used:
        start, end = date(row["start_date"]), date(row["end_date"])
        login = cell(row, "last_login")
        if login is not None:
            if login == "never":
                login = (as_of - start).days
            elif re.fullmatch(r"\d+ days ago", login):
                login = int(login.split()[0])
            else:
                day = date(login)
                login = None if day is None or day > as_of else (as_of - day).days
        active, licensed = cell(row, "active_users"), cell(row, "licensed_users")
        active = whole(active) if active else None
        licensed = whole(licensed) if licensed else None
        share = None if active is None or not licensed else Fraction(active, licensed)
        text = lambda name: cell(row, name)
        nps = whole(text("nps") or "")
        champion = {"active": "active", "left": "left", "changed role": "changed role", "new role": "changed role"}.get(text("champion"))
        declining = {"declining": True, "slower": True, "stable": False}.get(text("responsiveness"))
        known = {
            "share": share, "login": login,
            "core": {"full": "full", "limited": "limited", "partial": "limited", "unused": "unused"}.get((text("core_feature_use") or "").lower()),
            "tickets": whole(text("open_tickets") or ""), "escalated": yes_no(text("escalated") or ""),
            "dissatisfied": yes_no(text("dissatisfied_tickets") or ""), "nps": nps if nps is not None and nps <= 10 else None,
            "champion": champion, "declining": declining, "missed": whole(text("missed_qbrs") or ""),
            "failed": whole(text("failed_payments") or ""), "late": yes_no(text("late_payments") or ""),
            "layoffs": yes_no(text("layoffs") or ""), "merger": yes_no(text("merger") or ""),
        }
        cents = int(row["mrr"].replace("$", "").replace(",", "").replace(".", "")) if row["mrr"] else None
        has_left = end is not None and end <= as_of
        n_left += has_left
        account = None
        if not has_left:
            low, high = extremes(known)
            account = {"row": rows.index(row) + 2, "cents": cents, "renewal": date(row["renewal_date"])}
            for method in ("points", "weighted"):
                least, most, known_share = score(low, high, method)
                account[method] = {"low": float(least), "high": float(most), "known": float(known_share),
                                   "level": level(least, known_share)}
            account["customer"] = row["account_id"]
            accounts.append(account)
        for kind in groups:
            own = groups[kind].setdefault(row[kind], {"n": 0, "scores": [], "days": [], "retained": [], "at_risk": 0})
            own["n"] += 1
            day_90, to_value = cell(row, "health_score_day_90"), cell(row, "days_to_first_value")
            own["scores"] += [int(day_90)] if day_90 else []
            own["days"] += [int(to_value)] if to_value else []
            try:
                anniversary = start.replace(year=start.year + 1)
            except ValueError:
                anniversary = start.replace(year=start.year + 1, day=28)
            if anniversary <= as_of:
                own["retained"].append(end is None or anniversary < end)
            own["at_risk"] += account is not None and account["points"]["level"] in ("critical", "high")
    names = ["critical", "high", "medium", "low", "unknown"]
    def by_level(method, chosen):
        return [{"level": name, "customers": len(own), "cents": sum(one["cents"] or 0 for one in own)}
                for name in names for own in [[one for one in chosen if one[method]["level"] == name]]]
    due = [one for one in accounts if one["renewal"] and 0 < (one["renewal"] - as_of).days <= 90]
    rates = {"critical": Fraction(53, 100), "high": Fraction(31, 100), "medium": Fraction(16, 100)}
    levels = by_level("points", accounts)
    counts = {one["level"]: one for one in levels}
    mean = lambda values: sum(values) / len(values) if values else None
    out = {
        "source": "tests/oracle/health.py, Python 3.11, standard library",
        "rows": {"read": len(rows), "used": len(used)},
        "asOf": str(as_of), "customers": len(accounts), "left": n_left,
        "levels": levels, "weightedLevels": by_level("weighted", accounts), "renewals": by_level("points", due),
        "savedCustomers": float(sum(rate * counts[name]["customers"] for name, rate in rates.items())),
        "savedCustomersInterval": binomial_interval([(counts[name]["customers"], rate) for name, rate in rates.items()]),
        "savedCents": float(sum(rate * counts[name]["cents"] * 12 for name, rate in rates.items())),
        "publishedInterval": binomial_interval([(85, rates["critical"]), (180, rates["high"]), (320, rates["medium"])]),
        "groups": {kind: [{"name": name, "customers": own["n"], "atRisk": own["at_risk"], "scoreDay90": mean(own["scores"]),
                           "daysToFirstValue": mean(own["days"]), "retained": sum(own["retained"]), "ofStarted": len(own["retained"])}
                          for name, own in sorted(groups[kind].items())] for kind in groups},
        "accounts": [{key: one[key] for key in ("customer", "row", "points", "weighted")} for one in accounts],
    }
    with open(OUT, "w") as file:
        json.dump(out, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
