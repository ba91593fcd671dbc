"""How often 95 % intervals hold the truth: percentile and BCa bootstrap over groups, of balanced accuracy.

    python bench/parity-statistics/coverage.py        # numpy and scipy; half a minute

Smears of 10 to 40 cells, a third of them of the rare class; how well a smear is recognised varies from smear to smear
(beta distribution, correlation .1 within a smear).
"""

import numpy as np
from scipy.stats import norm

rng = np.random.default_rng(1)
DRAWS, STUDIES, RHO = 2000, 1500, 0.1


def study(groups, truth):
    cells = rng.integers(10, 41, groups)
    rare = rng.binomial(cells, 1 / 3)
    of = np.stack([cells - rare, rare])
    strength = (1 - RHO) / RHO
    skill = rng.beta(np.multiply(truth, strength)[:, None], (1 - np.array(truth)[:, None]) * strength, (2, groups))
    return rng.binomial(of, skill), of


def measure(right, of, weights):
    return np.mean([(weights @ right[k]) / np.maximum(weights @ of[k], 1) for k in (0, 1)], axis=0)


def intervals(right, of):
    groups = right.shape[1]
    drawn = np.sort(measure(right, of, rng.multinomial(groups, np.full(groups, 1 / groups), DRAWS)))
    observed = measure(right, of, np.ones((1, groups)))[0]
    ends = [0.025, 0.975]
    yield "percentile", np.quantile(drawn, ends)
    left_out = measure(right, of, 1 - np.eye(groups))
    gap = left_out.mean() - left_out
    acceleration = (gap**3).sum() / max(6 * (gap**2).sum() ** 1.5, 1e-300)
    below = ((drawn < observed).mean() + (drawn <= observed).mean()) / 2
    bias = norm.ppf(np.clip(below, 1 / DRAWS, 1 - 1 / DRAWS))
    shifted = bias + norm.ppf(ends)
    yield "BCa", np.quantile(drawn, norm.cdf(bias + shifted / (1 - acceleration * shifted)))


for truth in ((0.9, 0.8), (0.98, 0.95)):
    for groups in (8, 20, 36, 80):
        held, width = {}, {}
        for _ in range(STUDIES):
            for name, (low, high) in intervals(*study(groups, truth)):
                held[name] = held.get(name, 0) + (low <= np.mean(truth) <= high)
                width[name] = width.get(name, 0) + high - low
        print(truth, groups, "groups:", ", ".join(f"{n} {100 * h / STUDIES:.1f} % (width {width[n] / STUDIES:.4f})" for n, h in held.items()))
