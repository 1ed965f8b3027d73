"""Writes statistics.py.txt: python3 statistics.py > statistics.py.txt"""
import sys
import itertools
import numpy as np
import scipy
from scipy import stats, ndimage

def put(name, *values):
    flat = np.concatenate([np.atleast_1d(np.asarray(v, dtype=float)).ravel() for v in values])
    print(name + ":", *(repr(float(v)) for v in flat))

print("# command: python3 statistics.py > statistics.py.txt")
print("# Python", sys.version.split()[0], "NumPy", np.__version__, "SciPy", scipy.__version__)
rng = np.random.default_rng(20240601)
truth = np.exp(rng.normal(2.8, 0.9, 40))
model = truth * rng.normal(1.03, 0.08, 40) + rng.normal(0.4, 1.0, 40)
put("truth", truth)
put("model", model)

r = stats.pearsonr(truth, model)
put("pearson", r.statistic, *r.confidence_interval(0.95), r.pvalue)

w = stats.wilcoxon(model - truth, mode="exact")
put("wilcoxon.exact", w.pvalue)
large = rng.normal(0.2, 1.0, 120).round(1)
put("large", large)
put("wilcoxon.approximate", stats.wilcoxon(large[large != 0], mode="approx", correction=True).pvalue)

tied = np.array([3, -1, 2, 2, -2, 5, 1, 4, 4, -1, 0, 6.])
nonzero = tied[tied != 0]
ranks = stats.rankdata(abs(nonzero))
sums = np.array([sum(x for x, s in zip(ranks, signs) if s) for signs in itertools.product([0, 1], repeat=len(ranks))])
seen = ranks[nonzero > 0].sum()
put("tied", tied)
put("wilcoxon.tied", seen, min(1, 2 * min((sums <= seen).mean(), (sums >= seen).mean())))
walsh = [(tied[i] + tied[j]) / 2 for i in range(len(tied)) for j in range(i, len(tied))]
put("wilcoxon.pseudomedian", np.median(walsh))

d = model - truth
t = stats.t.ppf(0.975, len(d) - 1)
put("summary", d.mean(), d.std(ddof=1), np.median(d), abs(d).mean())
limits = [d.mean() + s * stats.norm.ppf(0.975) * d.std(ddof=1) for s in (-1, 1)]
se = d.std(ddof=1) / np.sqrt(len(d))
put("blandaltman", d.mean() - t * se, d.mean() + t * se,
    *(x + s * t * np.sqrt(3) * se for x in limits for s in (-1, 1)))

for hits, n in [(0, 10), (388, 402), (10, 10), (1, 3)]:
    put(f"wilson.{hits}.{n}", *stats.binomtest(hits, n).proportion_ci(0.95, "wilson"))

b = stats.bootstrap((d,), np.mean, n_resamples=999, method="BCa", random_state=np.random.default_rng(5))
put("bca", *b.confidence_interval)
put("bca.replicates", b.bootstrap_distribution)

# Two overlapping shapes on a grid of 0.7 x 0.9 x 2.5 mm, as (slice, row, column).
grid = np.indices((24, 60, 64)).astype(float) * np.array([2.5, 0.9, 0.7])[:, None, None, None]
a = (((grid - np.array([30, 27, 22])[:, None, None, None]) / np.array([18, 14, 12])[:, None, None, None]) ** 2).sum(0) <= 1
b = (((grid - np.array([31, 25, 24])[:, None, None, None]) / np.array([17, 16, 11])[:, None, None, None]) ** 2).sum(0) <= 1
edge = lambda m: m & ~ndimage.binary_erosion(m, ndimage.generate_binary_structure(3, 1))
to = lambda m: ndimage.distance_transform_edt(~edge(m), sampling=(2.5, 0.9, 0.7))
ab, ba = to(b)[edge(a)], to(a)[edge(b)]
put("surface", max(np.percentile(ab, 95), np.percentile(ba, 95)), max(ab.max(), ba.max()), np.concatenate([ab, ba]).mean())
both = (a & b).sum()
put("overlap", 2 * both / (a.sum() + b.sum()), both / (a | b).sum(), both / a.sum(), both / b.sum())
