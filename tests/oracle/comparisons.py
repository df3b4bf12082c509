#!/usr/bin/env python3
"""Comparisons of groups by other programs: writes tests/cases/comparisons.json.

Python 3.11, lifelines 0.30.3, numpy, pandas. Log-rank tests are those of lifelines; with late
entries, where it has none, they are worked out here customer by customer. Ratios of risks (Efron's
handling of ties) are worked out here to the last digits and held against lifelines. Goodness of fit is
worked out from the published parameters.
"""

import json
import pathlib
import random

import lifelines
import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, NelsonAalenFitter
from lifelines.statistics import multivariate_logrank_test
from scipy.stats import chi2, norm

HERE = pathlib.Path(__file__).resolve().parent
CORPORA = HERE.parent / "corpora"
OUT = HERE.parent / "cases" / "comparisons.json"


def log_rank_by_hand(frame):
    names = sorted(frame["group"].unique())
    observed, expected = np.zeros(len(names)), np.zeros(len(names))
    variance = np.zeros((len(names), len(names)))
    for time in sorted(frame.loc[frame["lost"], "duration"].unique()):
        at_risk = (frame["entry"] < time) & (time <= frame["duration"])
        lost = at_risk & frame["lost"] & (frame["duration"] == time)
        n = np.array([(at_risk & (frame["group"] == name)).sum() for name in names], float)
        d = np.array([(lost & (frame["group"] == name)).sum() for name in names], float)
        observed += d
        expected += n / n.sum() * d.sum()
        if 1 < n.sum():
            share = n / n.sum()
            spread = d.sum() * (n.sum() - d.sum()) / (n.sum() - 1)
            variance += (np.diag(share) - np.outer(share, share)) * spread
    away = (observed - expected)[:-1]
    statistic = float(away @ np.linalg.solve(variance[:-1, :-1], away))
    return observed, expected, statistic, float(chi2.sf(statistic, len(names) - 1))


def compare(frame, reference):
    """Log-rank test and ratios of risks against a reference group."""
    names = sorted(frame["group"].unique())
    observed, expected, statistic, p_value = log_rank_by_hand(frame)
    if (frame["entry"] == 0).all():
        test = multivariate_logrank_test(frame["duration"], frame["group"], frame["lost"])
        assert abs(test.test_statistic - statistic) < 1e-8 * statistic
        statistic, p_value = float(test.test_statistic), float(test.p_value)
    others = [name for name in names if name != reference]
    columns = {f"g{place}": (frame["group"] == name).astype(float) for place, name in enumerate(others)}
    data = pd.DataFrame({"duration": frame["duration"], "lost": frame["lost"], "entry": frame["entry"], **columns})
    fitter = CoxPHFitter()
    fitter.fit(data, "duration", "lost", entry_col="entry")
    logs, errors = efron(frame, [reference, *others])
    # Its search ends early; the summit is that of the likelihood itself.
    assert np.allclose(logs, fitter.params_, atol=1e-4)
    assert np.allclose(errors, fitter.standard_errors_, rtol=1e-4)
    return {
        "groups": names,
        "reference": names.index(reference),
        "observed": observed.tolist(),
        "expected": expected.tolist(),
        "statistic": statistic,
        "pValue": p_value,
        "logRatios": dict(zip(others, logs.tolist())),
        "standardErrors": dict(zip(others, errors.tolist())),
    }


def efron(frame, names):
    """The summit of Efron's partial likelihood, by differences of its logarithm at many digits."""
    terms = []
    for time in sorted(frame.loc[frame["lost"], "duration"].unique()):
        at_risk = (frame["entry"] < time) & (time <= frame["duration"])
        lost = at_risk & frame["lost"] & (frame["duration"] == time)
        n = np.array([(at_risk & (frame["group"] == name)).sum() for name in names], np.longdouble)
        d = np.array([(lost & (frame["group"] == name)).sum() for name in names], np.longdouble)
        terms.append((n, d))

    def slopes(at):
        weights = np.exp(np.concatenate([[0], at]))
        score = np.zeros(len(at), np.longdouble)
        information = np.zeros((len(at), len(at)), np.longdouble)
        for n, d in terms:
            score += d[1:]
            for tied in range(int(d.sum())):
                risk = (n - tied / d.sum() * d) * weights
                share = (risk / risk.sum())[1:]
                score -= share
                information += np.diag(share) - np.outer(share, share)
        return score.astype(float), information.astype(float)

    at = np.zeros(len(names) - 1)
    for _ in range(30):
        score, information = slopes(at)
        at = at + np.linalg.solve(information, score)
    return at, np.sqrt(np.diag(np.linalg.inv(slopes(at)[1])))


def frame_of(duration, lost, group, entry=None):
    frame = pd.DataFrame({"duration": duration, "lost": lost, "group": group})
    frame["entry"] = 0.0 if entry is None else entry
    return frame


def leukaemia():
    drug = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    lost = [True, True, True, False, True, False, True, False, False, True, True, False, False, False, True, True]
    lost += [False] * 5
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    groups = ["drug"] * 21 + ["placebo"] * 21
    return frame_of([float(day) for day in drug + placebo], lost + [True] * 21, groups)


def telco(column):
    data = pd.read_csv(CORPORA / "telco_wa_churn.csv")
    data = data[0 < data["tenure"]]
    return frame_of(data["tenure"].astype(float), data["churn"] == "Yes", data[column])


def late():
    generator = random.Random(7)
    rows = []
    for _ in range(240):
        group = generator.choice(["a", "b", "c"])
        entry = generator.choice([0, 0, 0, 1, 2, 3, 5])
        duration = entry + 1 + int(generator.expovariate({"a": 0.15, "b": 0.25, "c": 0.2}[group]))
        rows.append((float(duration), generator.random() < 0.7, group, float(entry)))
    return frame_of(*[list(column) for column in zip(*rows)][:3], entry=[row[3] for row in rows])


def nelson_aalen(frame):
    """The piled-up risk of lifelines, with the variance of Aalen, sum of d / n^2, on the log scale."""
    fitter = NelsonAalenFitter(nelson_aalen_smoothing=False)
    fitter.fit(frame["duration"], frame["lost"], entry=frame["entry"] if (0 < frame["entry"]).any() else None)
    rows, variance = [], 0.0
    for time in sorted(frame.loc[frame["lost"], "duration"].unique()):
        at_risk = ((frame["entry"] < time) & (time <= frame["duration"])).sum()
        lost = (frame["lost"] & (frame["duration"] == time)).sum()
        variance += lost / at_risk**2
        hazard = float(fitter.cumulative_hazard_.loc[time].iloc[0])
        factor = float(np.exp(norm.ppf(0.975) * np.sqrt(variance) / hazard))
        rows.append([float(time), hazard, hazard / factor, hazard * factor])
    return rows


def goodness(survivors, size, churns, n_parameters):
    """Pearson's chi-square of a cohort against the churn of each year."""
    alive = [share * size / 100 for share in survivors]
    groups, group = [], [0.0, 0.0, 0.0, 0.0]
    for year, churn in enumerate(churns):
        at_risk = alive[year]
        lost = at_risk - alive[year + 1]
        group = [
            group[0] + lost, group[1] + at_risk * churn, group[2] + at_risk * (1 - churn),
            group[3] + at_risk * churn * (1 - churn),
        ]
        if 5 <= group[1] and 5 <= group[2]:
            groups.append(group)
            group = [0.0, 0.0, 0.0, 0.0]
    groups[-1] = [one + more for one, more in zip(groups[-1], group)]
    statistic = sum((lost - expected) ** 2 / variance for lost, expected, _, variance in groups)
    freedom = len(groups) - n_parameters
    return {"statistic": statistic, "degreesOfFreedom": freedom, "pValue": float(chi2.sf(statistic, freedom))}


def main():
    waltons = pd.read_csv(CORPORA / "lifelines_waltons_dataset.csv")
    waltons = frame_of(waltons["T"].astype(float), waltons["E"] == 1, waltons["group"])
    rossi = pd.read_csv(CORPORA / "lifelines_rossi.csv")
    rossi = frame_of(rossi["week"].astype(float), rossi["arrest"] == 1, rossi["fin"].astype(str))
    high_end = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1]
    alpha, beta, theta = 0.668088371, 3.806095186, 0.103329273
    late_entry = late()
    out = {
        "source": f"tests/oracle/comparisons.py, Python 3.11, lifelines {lifelines.__version__}",
        "leukaemia": compare(leukaemia(), "placebo"),
        "waltons": compare(waltons, "control"),
        "rossi": compare(rossi, "0"),
        "telcoContract": compare(telco("contract"), "Month-to-month"),
        "telcoInternet": compare(telco("internet_service"), "Fiber optic"),
        "late": {**compare(late_entry, "a"), "customers": late_entry.values.tolist()},
        "nelsonAalen": {
            "waltons": nelson_aalen(waltons),
            "leukaemia": nelson_aalen(leukaemia().query("group == 'drug'")),
            "late": nelson_aalen(late_entry),
        },
        "goodnessOfFit": {
            "highEndSbg": goodness(high_end, 1000, [alpha / (alpha + beta + t) for t in range(7)], 2),
            "highEndGeometric": goodness(high_end, 1000, [theta] * 7, 1),
            # Of 60 customers: the later years are one group.
            "smallSbg": goodness(high_end, 60, [alpha / (alpha + beta + t) for t in range(7)], 2),
        },
    }
    OUT.write_text(json.dumps(out) + "\n")


if __name__ == "__main__":
    main()
