"""Writes tests/cases/intervals.json: what the intervals and the random stream are checked against.

Not part of any test run. Run with Python 3.11, scipy 1.17.1, numpy 2.4.6, mpmath 1.4.1:
    python tests/oracle/intervals.py > tests/cases/intervals.json
"""
import json
import sys

import mpmath
import numpy
import scipy
from scipy.special import ndtri
from scipy.stats import binomtest

mpmath.mp.dps = 40


def quantile(p):
    """The quantile to 40 digits, of exactly the double p."""
    p = mpmath.mpf(p)
    start = mpmath.mpf(float(ndtri(float(p))))
    return mpmath.findroot(lambda x: mpmath.ncdf(x) / p - 1, start) if p != 0.5 else mpmath.mpf(0)


probabilities = [1e-300, 1e-100, 1e-20, 1e-10, 1e-5, 0.001, 0.005, 0.0125, 0.025, 0.05, 0.1, 0.2,
                 0.24999, 0.25, 0.25001, 0.3, 0.4, 0.49, 0.499999, 0.5, 0.500001, 0.6, 0.75, 0.8,
                 0.9, 0.95, 0.975, 0.99, 0.995, 0.999, 0.9999999, 1 - 2**-53]

wilson = []
for successes, n in [(0, 1), (1, 1), (0, 7), (7, 7), (3, 7), (29, 30), (90, 100), (4321, 9999),
                     (999999, 1000000), (123456789, 987654321)]:
    for confidence in (0.8, 0.9, 0.95, 0.99):
        interval = binomtest(successes, n).proportion_ci(confidence, method="wilson")
        wilson.append([successes, n, confidence, interval.low, interval.high])


def bootstrap(pairs, seed):
    """Where the ends of the percentile interval at 95 % may lie, from 200,000 plain resamples.

    The 2.5 % percentile of only 1,999 resamples lies between those of 1.1 and 3.9 % but for one
    case in 15,000: four times the standard error of a share of 2.5 %.
    """
    pairs = numpy.array(pairs, dtype=float)
    random = numpy.random.default_rng(seed)
    n = len(pairs)
    ratios = []
    for _ in range(200):
        weights = random.multinomial(n, numpy.full(n, 1 / n), size=1000)
        sums = weights @ pairs
        ratios.append(sums[:, 0] / sums[:, 1])
    ratios = numpy.concatenate(ratios)
    low = numpy.quantile(ratios, [0.011, 0.025, 0.039])
    high = numpy.quantile(ratios, [0.961, 0.975, 0.989])
    return {"low": list(low), "high": list(high)}


def customers(kind, n, seed):
    """Monthly revenue in cents now and then, made up."""
    random = numpy.random.default_rng(seed)
    then = {
        "equal": numpy.full(n, 10_000),
        "lognormal": numpy.round(10_000 * random.lognormal(0, 1, n)).astype(int) + 1,
        "pareto": numpy.round(5_000 * (1 + random.pareto(1.2, n))).astype(int),
    }[kind]
    fate = random.random(n)
    factor = numpy.where(fate < 0.08, 0.0, numpy.where(fate < 0.18, 0.7,
                         numpy.where(fate < 0.4, 1.35, 1.0)))
    return [[int(a), int(b)] for a, b in zip(numpy.round(then * factor), then)]


bases = []
for kind in ("equal", "lognormal", "pareto"):
    for n in (12, 60, 128, 129, 200, 900):
        pairs = customers(kind, n, n)
        net = bootstrap(pairs, 1)
        gross = bootstrap([[min(a, b), b] for a, b in pairs], 2)
        bases.append({"kind": kind, "pairs": pairs, "net": net, "gross": gross})
whale = [[0, 5_000_000]] + [[11_000, 10_000]] * 300
bases.append({"kind": "whale", "pairs": whale, "net": bootstrap(whale, 1),
              "gross": bootstrap([[min(a, b), b] for a, b in whale], 2)})


def splitmix64(counter):
    mask = 2**64 - 1
    while True:
        counter = (counter + 0x9E3779B97F4A7C15) & mask
        z = counter
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield z ^ (z >> 31)


def xoshiro256plusplus(seed, n):
    """Transcribed step by step from the paper's definition, one assignment a line."""
    mask = 2**64 - 1

    def rotate(x, k):
        return ((x << k) | (x >> (64 - k))) & mask

    counter = splitmix64(seed)
    s = [next(counter) for _ in range(4)]
    out = []
    for _ in range(n):
        out.append((rotate((s[0] + s[3]) & mask, 23) + s[0]) & mask)
        t = (s[1] << 17) & mask
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)
    return [str(x) for x in out]


json.dump({
    "about": "Written by tests/oracle/intervals.py; all customers are made up. Licence: that of this project.",
    "versions": {"python": sys.version.split()[0], "scipy": scipy.__version__,
                 "numpy": numpy.__version__, "mpmath": mpmath.__version__},
    "normal_quantile": [[p, mpmath.nstr(quantile(p), 25), float(ndtri(p))] for p in probabilities],
    "wilson": wilson,
    "bootstrap": bases,
    "stream": {str(seed): xoshiro256plusplus(seed, 8) for seed in (0, 1, 20_260_101, 2**64 - 1)},
}, sys.stdout, separators=(",", ":"))
print()
