#!/usr/bin/env python3
"""Projections cohort by cohort, by hand, and what follows from them: writes tests/cases/scenarios.json.

Python 3.11, standard library alone. Written from the definitions: each cohort is followed by itself
from its first day to the end, so that nothing here is shared with the core, which moves all cohorts
on together.
"""

import json
import math
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "cases" / "scenarios.json"


def sbg_churn(alpha, beta, age):
    return alpha / (alpha + beta + age - 1)


def project(case):
    """Customers and revenue at the end of each period, and what is kept of today's revenue."""
    n = case["periods"]
    churn = lambda age: 1 - (1 - case["churn"](age)) ** case.get("hazard", 1)
    programme = case.get("programme")

    def lost(age, period):
        share = churn(age)
        if programme and programme["startPeriod"] <= period:
            share *= 1 - programme["churnReduction"]
        return share

    growth = 1 + case.get("expansion", 0) - case.get("contraction", 0)
    rows = []
    for end in range(1, n + 1):
        customers = revenue = kept_gross = kept_net = 0.0
        for age, count in case["ages"]:
            there = count
            for period in range(1, end + 1):
                there *= 1 - lost(age + period, period)
            customers += there
            revenue += there * case["price"] * growth**end
            kept_net += there * case["price"] * growth**end
            kept_gross += there * case["price"] * (1 - case.get("contraction", 0)) ** end
        for born in range(1, end + 1):
            there = case.get("newCustomers", 0)
            for period in range(born + 1, end + 1):
                there *= 1 - lost(period - born, period)
            customers += there
            revenue += there * case["price"] * growth ** (end - born)
        first = sum(count for _, count in case["ages"]) * case["price"]
        rows.append([customers, revenue, kept_gross / first, kept_net / first])
    return rows


def present_value(case, rows):
    rate = (1 + case.get("discountRate", 0)) ** (case["periodMonths"] / 12) - 1
    margin = case.get("grossMargin", 1)
    first = sum(count for _, count in case["ages"]) * case["price"]
    value = first * margin
    for period, row in enumerate(rows[:-1], 1):
        spent = case.get("newCustomers", 0) * case.get("cac", 0)
        value += (row[1] * margin - spent) / (1 + rate) ** period
    programme = case.get("programme")
    if programme:
        value -= programme["cost"] / (1 + rate) ** (programme["startPeriod"] - 1)
    return value


def break_even(case, rows):
    programme = case["programme"]
    without = project({**case, "programme": None})
    rate = (1 + case.get("discountRate", 0)) ** (case["periodMonths"] / 12) - 1
    cost = programme["cost"] / (1 + rate) ** (programme["startPeriod"] - 1)
    sum_ = 0.0
    # What is paid at the end of the last period is for the one after it.
    for period, (row, other) in enumerate(zip(rows[:-1], without), 1):
        sum_ += (row[1] - other[1]) * case.get("grossMargin", 1) / (1 + rate) ** period
        if programme["startPeriod"] <= period and cost <= sum_:
            return period
    return None


def residual(case, tenure):
    """Payments of a customer about to renew for the tenure-th time, by their value then, one by one."""
    rate = (1 + case["discountRate"]) ** (case["periodMonths"] / 12) - 1
    programme = case.get("programme")
    there, total = 1.0, 0.0
    for ahead in range(200_000):
        churn = 1 - (1 - case["churn"](tenure + ahead)) ** case.get("hazard", 1)
        if programme and programme["startPeriod"] <= ahead + 1:
            churn *= 1 - programme["churnReduction"]
        there *= 1 - churn
        total += there / (1 + rate) ** ahead
        if there / (1 + rate) ** ahead < 1e-18:
            break
    return total


# "High End" of Fader and Hardie (2007), fitted on seven years, with its published standard errors.
ALPHA, BETA = 0.668088371, 3.806095186
SE_A, SE_B, CORR = 0.103734, 0.785528, 0.953024

CASES = {
    "constant": {
        "churn": lambda age: 0.08, "ages": [(1, 500)], "price": 50, "periods": 36, "periodMonths": 1,
        "newCustomers": 12, "expansion": 0.01, "contraction": 0.004, "discountRate": 0.1,
        "grossMargin": 0.8, "cac": 300, "tenures": [1, 12],
    },
    "first-and-tail": {
        "churn": lambda age: 0.2 if age == 1 else 0.03, "ages": [(1, 500)], "price": 50,
        "periods": 36, "periodMonths": 1, "newCustomers": 20, "discountRate": 0.12,
        "grossMargin": 0.7, "cac": 100, "tenures": [1, 2, 30],
    },
    "programme": {
        "churn": lambda age: 0.05, "ages": [(1, 2000)], "price": 30, "periods": 24,
        "periodMonths": 1, "newCustomers": 50, "discountRate": 0.1, "grossMargin": 0.75, "cac": 60,
        "programme": {"cost": 20000, "startPeriod": 4, "churnReduction": 0.2}, "tenures": [1, 9],
    },
    "programme-never-pays": {
        "churn": lambda age: 0.05, "ages": [(1, 200)], "price": 30, "periods": 24,
        "periodMonths": 1, "discountRate": 0.1, "grossMargin": 0.75,
        "programme": {"cost": 90000, "startPeriod": 1, "churnReduction": 0.1},
    },
    "sbg": {
        "churn": lambda age: sbg_churn(ALPHA, BETA, age), "ages": [(0, 1000)], "price": 120,
        "periods": 12, "periodMonths": 12, "newCustomers": 100, "expansion": 0.05,
        "discountRate": 0.1, "grossMargin": 0.8, "tenures": [1, 2, 3, 5, 8],
    },
    "sbg-programme": {
        "churn": lambda age: sbg_churn(ALPHA, BETA, age), "ages": [(0, 1000)], "price": 120,
        "periods": 12, "periodMonths": 12, "discountRate": 0.1, "grossMargin": 0.8,
        "programme": {"cost": 5000, "startPeriod": 3, "churnReduction": 0.3}, "tenures": [1, 6],
    },
    "report-on-sbg": {
        "churn": lambda age: sbg_churn(1.5, 20.0, age), "ages": [(0, 40), (1, 35), (2, 30), (7, 95)],
        "price": 80, "periods": 18, "periodMonths": 1, "newCustomers": 25, "discountRate": 0.1,
        "grossMargin": 0.8,
    },
}


def delta_method(horizon):
    """The standard error of ln of the expected years inside a horizon, at the published fit."""

    def ln_span(alpha, beta):
        there, span = 1.0, 0.0
        for age in range(1, horizon + 1):
            span += there
            there *= 1 - sbg_churn(alpha, beta, age)
        return math.log(span)

    def survival(alpha, beta):
        there = 1.0
        for age in range(1, horizon + 1):
            there *= 1 - sbg_churn(alpha, beta, age)
        return math.log(-math.log(there))

    result = {}
    for name, function in (("lnSpan", ln_span), ("lnLnSurvival", survival)):
        step = 1e-5
        slope_a = (function(ALPHA * (1 + step), BETA) - function(ALPHA * (1 - step), BETA)) / (
            2 * step * ALPHA
        )
        slope_b = (function(ALPHA, BETA * (1 + step)) - function(ALPHA, BETA * (1 - step))) / (
            2 * step * BETA
        )
        variance = (
            (slope_a * SE_A) ** 2
            + (slope_b * SE_B) ** 2
            + 2 * slope_a * slope_b * CORR * SE_A * SE_B
        )
        result[name] = {"value": function(ALPHA, BETA), "standardError": math.sqrt(variance)}
    return result


def simulated(horizon, n):
    """The middle 95 % of survivors by draws of the log odds of the mean churn and of 1 / (α + β), with
    another generator."""
    generator = random.Random(2026)
    both = CORR * SE_A * SE_B
    total = ALPHA + BETA
    # How the two change with α and β, and so their covariance.
    odds, kappa = (1 / ALPHA, -1 / BETA), (-1 / total**2, -1 / total**2)
    product = lambda one, other: (
        one[0] * other[0] * SE_A**2 + one[1] * other[1] * SE_B**2
        + (one[0] * other[1] + one[1] * other[0]) * both
    )
    sd_odds, sd_kappa = math.sqrt(product(odds, odds)), math.sqrt(product(kappa, kappa))
    correlation = product(odds, kappa) / (sd_odds * sd_kappa)
    ends, spans = [], []
    for _ in range(n):
        x, y = generator.gauss(0, 1), generator.gauss(0, 1)
        mean = 1 / (1 + math.exp(-(math.log(ALPHA / BETA) + sd_odds * x)))
        differ = 1 / total + sd_kappa * (correlation * x + math.sqrt(1 - correlation**2) * y)
        differ = max(differ, 1e-12)
        alpha, beta = mean / differ, (1 - mean) / differ
        there, span = 1.0, 0.0
        for age in range(1, horizon + 1):
            span += there
            there *= 1 - sbg_churn(alpha, beta, age)
        ends.append(there)
        spans.append(span)
    ends.sort()
    spans.sort()
    middle = lambda values: [values[int(0.025 * n)], values[int(0.975 * n)]]
    return {"survival": middle(ends), "span": middle(spans)}


def main():
    out = {}
    for name, case in CASES.items():
        rows = project(case)
        out[name] = {"periods": rows, "presentValue": present_value(case, rows)}
        if case.get("programme"):
            out[name]["breakEven"] = break_even(case, rows)
            without = {**case, "programme": None}
            out[name]["gain"] = present_value(case, rows) - present_value(without, project(without))
        if case.get("tenures"):
            out[name]["residual"] = [residual(case, tenure) for tenure in case["tenures"]]
    high_end = {
        "alpha": ALPHA, "beta": BETA, "standardErrors": [SE_A, SE_B], "correlation": CORR,
        "horizon": 10, "delta": delta_method(10), "simulated": simulated(10, 200_000),
    }
    text = json.dumps(
        {
            "source": "tests/oracle/scenarios.py, Python 3.11; the fit is that of Fader and Hardie "
            "(2007), see published-numbers.json",
            "cases": out,
            "highEnd": high_end,
        },
        indent=1,
    )
    OUT.write_text(text + "\n")


if __name__ == "__main__":
    main()
