"""Prints the maximum-likelihood fits that tests/it/survival/contractual.rs expects to the last digits.

Not part of any test run. Run with Python 3.11, mpmath 1.4.1:
    python tests/oracle/lifespan_models.py
The published likelihoods at 40 digits; their derivatives are set to zero by Newton's method.
"""
import csv
import pathlib

from mpmath import beta, diff, findroot, log, matrix, mp, mpf, nstr, sqrt

mp.dps = 40

HIGH_END = "100 86.9 74.3 65.3 59.3 55.1 51.7 49.1 46.8 44.5 42.7 40.9 39.4".split()
REGULAR = "100 63.1 46.8 38.2 32.6 28.9 26.2 24.1 22.3 20.7 19.4 18.3 17.3".split()


def fit(survivors, years, survival, start):
    """The parameters, the log-likelihood and the covariance, for 1000 customers."""
    alive = [mpf(share) * 10 for share in survivors]

    def log_likelihood(*at):
        shares = [survival(t, at) for t in range(years + 1)]
        lost = ((alive[t - 1] - alive[t]) * log(shares[t - 1] - shares[t]) for t in range(1, years + 1))
        return sum(lost) + alive[years] * log(shares[years])

    def unit(*axes):
        return tuple(axes.count(axis) for axis in range(len(start)))

    slopes = [lambda *at, axis=axis: diff(log_likelihood, at, unit(axis)) for axis in range(len(start))]
    at = findroot(slopes, [mpf(value) for value in start], tol=1e-28)
    size = range(len(start))
    information = matrix([[-diff(log_likelihood, tuple(at), unit(i, j)) for j in size] for i in size])
    return at, log_likelihood(*at), information**-1


def shifted_beta_geometric(t, at):
    return beta(at[0], at[1] + t) / beta(at[0], at[1])


def beta_discrete_weibull(t, at):
    return beta(at[0], at[1] + mpf(t) ** at[2]) / beta(at[0], at[1]) if t else mpf(1)


for name, survivors, years, survival, start in [
    ("High End sBG", HIGH_END, 7, shifted_beta_geometric, ("0.668", "3.806")),
    ("High End sBG", HIGH_END, 4, shifted_beta_geometric, ("1.28", "7.79")),
    ("High End sBG", HIGH_END, 5, shifted_beta_geometric, ("0.875", "5.16")),
    ("High End sBG", HIGH_END, 12, shifted_beta_geometric, ("0.596", "3.327")),
    ("Regular sBG", REGULAR, 7, shifted_beta_geometric, ("0.704", "1.182")),
    ("Regular sBG", REGULAR, 4, shifted_beta_geometric, ("0.764", "1.296")),
    ("Regular sBG", REGULAR, 12, shifted_beta_geometric, ("0.697", "1.169")),
    ("High End BdW", HIGH_END, 7, beta_discrete_weibull, ("0.2143", "1.4266", "1.7236")),
    ("Regular BdW", REGULAR, 7, beta_discrete_weibull, ("0.4556", "0.7793", "1.2835")),
]:
    at, height, covariance = fit(survivors, years, survival, start)
    errors = [sqrt(covariance[i, i]) for i in range(len(at))]
    print(
        name, "years 0 to", years,
        "parameters", [nstr(value, 16) for value in at],
        "log-likelihood", nstr(height, 16),
        "errors", [nstr(error, 10) for error in errors],
        "correlation", nstr(covariance[0, 1] / errors[0] / errors[1], 10),
    )

# The telecom customers, where the beta-discrete-Weibull fit ends at its border: one risk for all.
path = pathlib.Path(__file__).parent.parent / "corpora" / "telco_wa_churn.csv"
with path.open(newline="") as file:
    rows = [(int(row["tenure"]), row["churn"] == "Yes") for row in csv.DictReader(file)]
lost = {t: sum(1 for tenure, left in rows if left and tenure == t) for t in range(1, 73)}
kept = {t: sum(1 for tenure, left in rows if not left and tenure == t) for t in range(1, 73)}


def discrete_weibull(theta, c):
    def share(t):
        return (1 - theta) ** (mpf(t) ** c) if t else mpf(1)

    return sum(lost[t] * log(share(t - 1) - share(t)) + kept[t] * log(share(t)) for t in range(1, 73))


slopes = [lambda x, y, at=at: diff(discrete_weibull, (x, y), at) for at in [(1, 0), (0, 1)]]
theta, c = findroot(slopes, [mpf("0.048"), mpf("0.52")], tol=1e-25)
second = [[-diff(discrete_weibull, (theta, c), at) for at in row] for row in [[(2, 0), (1, 1)], [(1, 1), (0, 2)]]]
covariance = matrix(second) ** -1
print(
    "Telco discrete Weibull", nstr(theta, 16), nstr(c, 16), "log-likelihood", nstr(discrete_weibull(theta, c), 16),
    "errors", [nstr(sqrt(covariance[i, i]), 10) for i in range(2)],
)
