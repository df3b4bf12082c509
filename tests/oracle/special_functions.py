"""Prints the values that the unit tests of src/number/special.rs expect.

Not part of any test run. Run with Python 3.11, mpmath 1.4.1:
    python tests/oracle/special_functions.py
"""
from mpmath import digamma, gammainc, hyp2f1, loggamma, mp, mpf, nstr

mp.dps = 40

for x, d in [(0.1, 0.3), (0.001, 5), (3.5, 1e-3), (12, 7.25), (1e8, 3), (1e12, 0.5), (0.5, 1e6), (1e-300, 1)]:
    print("ln_gamma_shift", x, d, nstr(loggamma(mpf(x) + mpf(d)) - loggamma(mpf(x)), 20))
for a, b in [(0.5, 0.5), (0.25, 1e6), (3.8, 15.2), (1e-5, 2), (200, 300)]:
    print("ln_beta", a, b, nstr(loggamma(mpf(a)) + loggamma(mpf(b)) - loggamma(mpf(a) + mpf(b)), 20))
for b, c, z in [
    (15.2, 19, 0.9090909090909091), (0.267, 0.334, 0.9090909090909091), (3.8, 4.47, 0.99), (0.5, 1, 0.5),
    (7.55, 8.2, 0.999999), (120.5, 121.2, 0.95), (0.3, 0.9, -1e6), (1, 1.5, -0.25), (1e-6, 2e-6, 0.9),
    (5000, 5010, 0.99),
]:
    print("hypergeometric_one", b, c, z, nstr(hyp2f1(1, mpf(b), mpf(c), mpf(z)), 20))
mp.dps = 120
for a, b, x in [
    (0.0233, 59.58, 5.0**44.06), (1.2, 3, 1e10), (1.2, 3, 1e40), (0.668, 3.806, 12), (4e5, 3.9e6, 5),
    (1e-6, 2e-6, 3), (3, 1e-5, 1e5),
]:
    a, b, x = mpf(a), mpf(b), mpf(x)
    print("ln_beta_ratio", a, b, x, nstr(loggamma(b + x) + loggamma(a + b) - loggamma(a + b + x) - loggamma(b), 17))
mp.dps = 40
for x, d in [(0.1, 0.3), (0.001, 5), (3.5, 1e-3), (12, 7.25), (1e8, 3), (0.5, 1e6), (1e-300, 1)]:
    print("digamma_shift", x, d, nstr(digamma(mpf(x) + mpf(d)) - digamma(mpf(x)), 20))
for x, freedom in [(3.841458820694124, 1), (5.99, 2), (0.5, 3), (51.869, 4), (700, 1), (30, 35), (1500, 1200)]:
    print("chi_square_tail", x, freedom, nstr(gammainc(mpf(freedom) / 2, mpf(x) / 2, regularized=True), 20))
