"""Writes tests/cases/large-bases.json: where the bootstrap's ends lie for bases of many customers.

Not part of any test run. Run with Python 3.11 and numpy 2.4.6, some minutes:
    python tests/oracle/large_bases.py > tests/cases/large-bases.json

It draws whole samples, customer by customer, and knows nothing of weights, leaders or normal
distributions. The customers are made by the recipe below, which the test repeats, since a hundred
thousand of them are no file to keep.
"""
import json
import sys

import numpy

MASK = 2**64 - 1


def mixed(counter):
    """splitmix64 of each counter."""
    z = (counter.astype(numpy.uint64) + numpy.uint64(1)) * numpy.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return z ^ (z >> numpy.uint64(31))


def customers(kind, n):
    """Monthly revenue in cents now and then; whole numbers throughout."""
    size = (mixed(numpy.arange(0, n)) >> numpy.uint64(44)).astype(numpy.int64)  # below 2**20
    fate = (mixed(numpy.arange(n, 2 * n)) % numpy.uint64(100)).astype(numpy.int64)
    if kind == "flat":
        then = numpy.full(n, 4_900)
    elif kind == "skewed":
        # The product of four uniform numbers: many small ones and few large.
        then = 500 + (1 + (size & 31)) * (1 + (size >> 5 & 31)) * (1 + (size >> 10 & 31)) * (1 + (size >> 15))
    elif kind == "pareto":
        # P(then > x) falls as 1 / x: no variance in the limit.
        then = 5_000 * 2**20 // (1 + size)
    elif kind == "whale":
        then = numpy.full(n, 4_900)
        then[n // 2] = 4_900 * n // 4
        fate[n // 2] = 0
    now = numpy.where(fate < 7, 0, numpy.where(fate < 15, then * 7 // 10,
                      numpy.where(fate < 35, then * 13 // 10, then)))
    return now.astype(float), then.astype(float)


def ends(ratios):
    """The 2.5 % percentile of only 1,999 resamples lies between those of 1.1 and 3.9 % but for one
    case in 15,000: four times the standard error of a share of 2.5 %."""
    low = numpy.quantile(ratios, [0.011, 0.025, 0.039])
    high = numpy.quantile(ratios, [0.961, 0.975, 0.989])
    return {"low": list(low), "high": list(high)}


def bootstrap(now, then, n_resamples, seed):
    random = numpy.random.default_rng(seed)
    n = len(now)
    kept = numpy.minimum(now, then)
    net, gross = [], []
    for _ in range(n_resamples):
        times = numpy.bincount(random.integers(0, n, n), minlength=n).astype(float)
        whole = times @ then
        net.append((times @ now) / whole)
        gross.append((times @ kept) / whole)
    return ends(net), ends(gross)


bases = []
for kind in ("flat", "skewed", "pareto", "whale"):
    for n, n_resamples in ((5_000, 40_000), (100_000, 10_000)):
        now, then = customers(kind, n)
        net, gross = bootstrap(now, then, n_resamples, n)
        bases.append({"kind": kind, "n": n, "sumNow": int(now.sum()), "sumThen": int(then.sum()),
                      "net": net, "gross": gross})

json.dump({
    "about": "Written by tests/oracle/large_bases.py; all customers are made up. Licence: that of this project.",
    "versions": {"python": sys.version.split()[0], "numpy": numpy.__version__},
    "bases": bases,
}, sys.stdout, indent=1)
print()
