"""Writes detection.py.txt: python3 detection.py > detection.py.txt"""
import sys
import numpy as np
import scipy
from scipy import stats

def put(name, *values):
    flat = np.concatenate([np.atleast_1d(np.asarray(v, dtype=float)).ravel() for v in values])
    print(name + ":", *(repr(float(v)) for v in flat))

print("# command: python3 detection.py > detection.py.txt")
print("# Python", sys.version.split()[0], "NumPy", np.__version__, "SciPy", scipy.__version__)
rng = np.random.default_rng(20261126)

# Free response: 25 scans with 0 to 4 lesions and 0 to 5 findings; scores in steps, so that some are tied; -1 hits nothing.
lesions = rng.integers(0, 5, 25)
scan = np.repeat(np.arange(25), rng.integers(0, 6, 25))
hits = np.array([rng.integers(-1, max(1, lesions[s])) if lesions[s] else -1 for s in scan])
score = np.round(np.clip(rng.beta(4, 2, len(scan)) + 0.15 * (hits >= 0), 0, 1), 2)
put("froc.scan", scan); put("froc.hits", hits); put("froc.score", score); put("froc.total", lesions.sum())
points = []
for threshold in sorted(set(score), reverse=True):
    kept = score >= threshold
    found = np.unique(np.stack([scan, hits])[:, kept & (hits >= 0)], axis=1).shape[1]
    points.append((threshold, found / lesions.sum(), (kept & (hits < 0)).sum() / 25))
put("froc.points", points)
put("froc.at", [max([s for _, s, f in points if f <= rate], default=0) for rate in (0.125, 0.25, 0.5, 1, 2)])

# Scores of studies: 0 where nothing was found, which ties. The area is Mann and Whitney's U over the number of pairs.
positives = np.where(rng.random(30) < 0.15, 0, np.round(rng.beta(5, 1.5, 30), 2))
negatives = np.where(rng.random(40) < 0.6, 0, np.round(rng.beta(3, 2, 40), 2))
put("study.positives", positives); put("study.negatives", negatives)
put("study.auc", stats.mannwhitneyu(positives, negatives).statistic / (30 * 40))

# Sensitivity and specificity by site, as (found, with hemorrhage, clean found clean, clean).
for site, (tp, p, tn, n) in {"internal": (37, 41, 28, 30), "external": (13, 13, 9, 16), "all": (50, 54, 37, 46)}.items():
    put(f"site.{site}", tp, p, *stats.binomtest(tp, p).proportion_ci(0.95, "wilson"), tn, n, *stats.binomtest(tn, n).proportion_ci(0.95, "wilson"))
