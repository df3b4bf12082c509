"""Intervals of shares of revenue, from the amounts themselves.

Python 3.11, standard library only. The variance of the share comes from the residuals of each customer,
not from sums of squares, and Wilson's interval is solved as the roots of its quadratic.
Writes tests/cases/revenue-shares.json.
"""

import json
from pathlib import Path
from statistics import NormalDist

CASES = [
    ("equal", [("a", 10.0)] * 7 + [("b", 10.0)] * 13),
    ("one large", [("a", 1000.0)] + [("b", 10.0)] * 40),
    ("mixed", [("a", 20.0), ("a", 35.5), ("b", 12.25), ("b", 90.0), ("c", 5.0), ("a", 61.0), ("c", 48.0)]),
    ("all of one", [("a", 30.0), ("a", 45.0), ("a", 12.0)]),
]


def interval(share, n, confidence):
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    # (x - p)^2 = z^2 x (1 - x) / n
    a, b, c = 1 + z * z / n, -(2 * share + z * z / n), share * share
    root = (b * b - 4 * a * c) ** 0.5
    return [max(0.0, (-b - root) / (2 * a)), min(1.0, (-b + root) / (2 * a))]


def share_of(reason, lost, confidence):
    total = sum(amount for _, amount in lost)
    share = sum(amount for own, amount in lost if own == reason) / total
    residuals = [amount * ((own == reason) - share) for own, amount in lost]
    variance = sum(e * e for e in residuals) / total**2
    if 0 < share < 1:
        n = share * (1 - share) / variance
    else:
        n = total**2 / sum(amount**2 for _, amount in lost)
    return {"share": share, "interval": interval(share, n, confidence)}


def main():
    cases = []
    for name, lost in CASES:
        for confidence in (0.8, 0.95):
            shares = {reason: share_of(reason, lost, confidence) for reason in sorted({r for r, _ in lost})}
            cases.append({"name": name, "confidence": confidence, "lost": lost, "shares": shares})
    path = Path(__file__).parent.parent / "cases" / "revenue-shares.json"
    document = {"source": "tests/oracle/revenue_shares.py, Python 3.11", "cases": cases}
    path.write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
