"""The fits of lifetimes, asked for one by one by fits.mjs; none of it is shipped.

Python 3.11 with `pip install lifetimes==0.11.3`, which brings numpy, scipy, pandas and autograd. The
fits are those of its documentation: no penalty, its own starts and tolerance.
"""

import json
import pathlib
import platform
import sys
import time
import warnings

import autograd
import lifetimes
import numpy
import pandas
import scipy

warnings.filterwarnings("ignore")
CORPORA = pathlib.Path(__file__).resolve().parent.parent / "corpora"


def main():
    data = pandas.read_csv(CORPORA / "lifetimes_cdnow_summary.csv")
    again = data[0 < data["x"]]
    modules = [("lifetimes", lifetimes), ("numpy", numpy), ("scipy", scipy), ("pandas", pandas)]
    versions = [f"{name} {module.__version__}" for name, module in modules]
    versions += [f"autograd {getattr(autograd, '__version__', '')}".strip(), f"python {platform.python_version()}"]
    print(json.dumps({"versions": ", ".join(versions)}), flush=True)
    for line in sys.stdin:
        fitter = getattr(lifetimes, line.strip())()
        start = time.perf_counter()
        if line.strip() == "GammaGammaFitter":
            fitter.fit(again["x"], again["zbar"])
        else:
            fitter.fit(data["x"], data["t_x"], data["T"])
        took = (time.perf_counter() - start) * 1000
        parameters = {name: float(value) for name, value in fitter.params_.items()}
        print(json.dumps({"milliseconds": took, "parameters": parameters}), flush=True)


if __name__ == "__main__":
    main()
