"""Prints the maximum-likelihood fits that tests/it/survival/purchases.rs expects to the last digits.

Not part of any test run. Run with Python 3.11, mpmath 1.4.1, in some minutes:
    python tests/oracle/purchase_models.py
The published likelihoods of the CDNOW sample at 30 digits; Newton's method from a point nearby, its
derivatives by differences of 1e-8.
"""
import datetime
import pathlib

from mpmath import hyp2f1, log, loggamma, lu_solve, matrix, mp, mpf, nstr, sqrt

mp.dps = 30
END = datetime.date(1997, 9, 30)

path = pathlib.Path(__file__).parent.parent / "corpora" / "lifetimes_CDNOW_sample.txt"
customers = {}
for line in path.read_text().splitlines():
    _, customer, date, _, dollars = line.split()
    day = datetime.datetime.strptime(date, "%Y%m%d").date()
    days = customers.setdefault(customer, {})
    days[day] = days.get(day, mpf(0)) + mpf(dollars)

histories, amounts = {}, []
for days in customers.values():
    first = min(days)
    repeats = sorted(day for day in days if first < day <= END)
    x = len(repeats)
    last = repeats[-1] if repeats else first
    row = (mpf(x), mpf((last - first).days) / 7, mpf((END - first).days) / 7)
    histories[row] = histories.get(row, 0) + 1
    if repeats:
        amounts.append((x, sum(days[day] for day in repeats) / x))


def over_histories(one):
    return lambda *at: sum(n * one(x, tx, T, *at) for (x, tx, T), n in histories.items())


def bg_nbd(x, tx, T, r, alpha, a, b):
    stopped = a / (b + x - 1) * (alpha + tx) ** -(r + x) if x else 0
    of_x = loggamma(r + x) - loggamma(r) + loggamma(a + b) + loggamma(b + x) - loggamma(b) - loggamma(a + b + x)
    return of_x + r * log(alpha) + log((alpha + T) ** -(r + x) + stopped)


def mbg_nbd(x, tx, T, r, alpha, a, b):
    stopped = a / (b + x) * (alpha + tx) ** -(r + x)
    of_x = loggamma(r + x) - loggamma(r) + loggamma(a + b) + loggamma(b + x + 1) - loggamma(b) - loggamma(a + b + x + 1)
    return of_x + r * log(alpha) + log((alpha + T) ** -(r + x) + stopped)


def pareto_nbd(x, tx, T, r, alpha, s, beta):
    c = r + s + x + 1
    b, large = (s + 1, alpha) if beta <= alpha else (r + x, beta)

    def end(y):
        return hyp2f1(c - 1, b, c, abs(alpha - beta) / (large + y)) * (large + y) ** (1 - c)

    alive = (alpha + T) ** -(r + x) * (beta + T) ** -s
    stopped = s / (c - 1) * (end(tx) - end(T))
    return loggamma(r + x) - loggamma(r) + r * log(alpha) + s * log(beta) + log(alive + stopped)


def gamma_gamma(p, q, gamma):
    return sum(
        loggamma(p * x + q) - loggamma(p * x) - loggamma(q) + q * log(gamma)
        + (p * x - 1) * log(z) + p * x * log(x) - (p * x + q) * log(gamma + x * z)
        for x, z in amounts
    )


def newton(name, f, start, steps):
    at = [mpf(value) for value in start]
    size = range(len(at))
    for _ in range(steps):
        h = [mpf("1e-8") * value for value in at]

        def moved(*moves):
            other = list(at)
            for axis, times in moves:
                other[axis] += times * h[axis]
            return f(*other)

        height = f(*at)
        up, down = [moved((i, 1)) for i in size], [moved((i, -1)) for i in size]
        slope = matrix([(up[i] - down[i]) / (2 * h[i]) for i in size])
        curve = matrix(len(at), len(at))
        for i in size:
            curve[i, i] = (up[i] - 2 * height + down[i]) / h[i] ** 2
            for j in range(i):
                both = moved((i, 1), (j, 1)) + moved((i, -1), (j, -1))
                curve[i, j] = curve[j, i] = (both - up[i] - up[j] + 2 * height - down[i] - down[j]) / (2 * h[i] * h[j])
        step = lu_solve(curve, -slope)
        at = [at[i] + step[i] for i in size]
    covariance = (-curve) ** -1
    print(
        name, "parameters", [nstr(value, 14) for value in at], "last step", [nstr(value, 2) for value in step],
        "log-likelihood", nstr(f(*at), 16), "errors", [nstr(sqrt(covariance[i, i]), 8) for i in size], flush=True,
    )


newton("BG/NBD", over_histories(bg_nbd), (".2425945", "4.413602", ".792922", "2.425907"), 2)
newton("MBG/NBD", over_histories(mbg_nbd), (".524843", "6.183085", ".8913594", "1.6140022"), 2)
newton("Gamma-Gamma", gamma_gamma, ("6.249572", "3.7442247", "15.443521"), 2)
newton("Pareto/NBD", over_histories(pareto_nbd), (".5532770", "10.5776835", ".6062400", "11.6687353"), 1)
