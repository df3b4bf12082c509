"""Writes tests/cases/late-entry.json: a survival curve with late entry, by lifelines.

Not part of any test run. Run with Python 3.11, lifelines 0.30.3:
    python tests/oracle/late_entry.py > tests/cases/late-entry.json
Entries lie at halves and durations at whole numbers, so that no tie of an entry with a loss, which
programs count differently, is in it. Each share is checked against exact fractions here.
"""
import json
import platform
import random
from fractions import Fraction

import lifelines
from lifelines import KaplanMeierFitter

random.seed(20260101)
rows = []
for _ in range(60):
    entry = random.choice([0, 0, 0.5, 1.5, 2.5, 3.5, 5.5])
    duration = entry + random.choice([0.5, 1, 1.5, 2.5, 4.5, 7, 9.5])
    duration = float(int(duration) + (1 if duration > int(duration) else 0))
    if duration <= entry:
        duration = float(int(entry) + 1)
    rows.append((entry, duration, random.random() < 0.6))

entries, durations, events = map(list, zip(*rows))
fitter = KaplanMeierFitter(alpha=0.05).fit(durations, events, entry=entries)
steps, exact = [], Fraction(1)
for t in sorted({duration for _, duration, lost in rows if lost}):
    n = sum(1 for entry, duration, _ in rows if entry < t <= duration)
    d = sum(1 for _, duration, lost in rows if lost and duration == t)
    exact *= Fraction(n - d, n)
    share = float(fitter.survival_function_.loc[t].iloc[0])
    assert abs(share - float(exact)) < 1e-12
    assert int(fitter.event_table.loc[t, "at_risk"]) == n
    steps.append([t, n, d, share, *map(float, fitter.confidence_interval_.loc[t])])

print(json.dumps({
    "source": f"lifelines {lifelines.__version__}, Python {platform.python_version()}",
    "durations": durations,
    "events": events,
    "entry": entries,
    "columns": ["t", "at_risk", "lost", "survival", "low", "high"],
    "steps": steps,
    "median": float(fitter.median_survival_time_),
}))
