"""Numbers of scikit-learn, SciPy and statsmodels, to which test/learning/judgement.test.ts holds ours.

    python -m venv venv && venv/bin/pip install scikit-learn scipy statsmodels
    venv/bin/python bench/parity-statistics/reference.py > test/learning/judgement-reference.json
"""
import json
import warnings

import numpy as np
import scipy
import scipy.stats
import sklearn
import statsmodels
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn import metrics as m
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

warnings.simplefilter("ignore")
BINS = 15


def none(value):
    return None if value is None or not np.isfinite(value) else float(value)


def reliability(claims, right):
    """ECE with equal bins, the upper end belonging to the bin."""
    bins = np.clip(np.ceil(claims * BINS).astype(int) - 1, 0, BINS - 1)
    total = sum(
        (bins == b).sum() * abs(claims[bins == b].mean() - right[bins == b].mean())
        for b in range(BINS)
        if (bins == b).any()
    )
    return total / len(claims)


def case(name, y, p):
    """Everything about truth y and probabilities p (n x k)."""
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    n, k = p.shape
    labels = list(range(k))
    a = p.argmax(1)
    onehot = np.eye(k)[y]
    present = [c for c in labels if (y == c).any() or (a == c).any()]
    counts = m.confusion_matrix(y, a, labels=labels)
    precision, recall, f1, support = m.precision_recall_fscore_support(y, a, labels=labels, zero_division=0)
    specificity = [none(m.recall_score(y != c, a != c, zero_division=np.nan)) for c in labels]
    roc = [none(m.roc_auc_score(onehot[:, c], p[:, c])) if 0 < onehot[:, c].sum() < n else None for c in labels]
    pr = [none(m.average_precision_score(onehot[:, c], p[:, c])) if onehot[:, c].sum() else None for c in labels]
    mean = lambda values: none(np.mean([v for v in values if v is not None])) if any(v is not None for v in values) else None
    macro = m.precision_recall_fscore_support(y, a, labels=present, average="macro", zero_division=0)
    weighted = m.precision_recall_fscore_support(y, a, labels=labels, average="weighted", zero_division=0)
    both = 0 < onehot.sum() < onehot.size
    confidence, right = p.max(1), (a == y).astype(float)
    # Risk over coverage, equal confidences in one step.
    area, done = 0.0, 0
    for level in sorted(set(confidence), reverse=True):
        answered = confidence >= level
        area += (answered.sum() - done) / n * (1 - right[answered].mean())
        done = answered.sum()
    fpr, tpr, thresholds = m.roc_curve(onehot[:, 0], p[:, 0], drop_intermediate=False) if 0 < onehot[:, 0].sum() < n else ([], [], [])
    return {
        "name": name,
        "truth": y.tolist(),
        "probabilities": p.tolist(),
        "overall": {
            "accuracy": m.accuracy_score(y, a),
            "balancedAccuracy": m.balanced_accuracy_score(y, a),
            "macroPrecision": macro[0],
            "macroRecall": macro[1],
            "macroF1": macro[2],
            "weightedPrecision": weighted[0],
            "weightedF1": weighted[2],
            "kappa": none(m.cohen_kappa_score(y, a, labels=labels)) or 0.0,
            "mcc": m.matthews_corrcoef(y, a),
            # Of equal probabilities the first class goes first; scikit-learn takes the last.
            "top2": m.top_k_accuracy_score(y, p - 1e-9 * np.arange(k), k=2, labels=labels),
            "rocMacro": mean(roc),
            "prMacro": mean(pr),
            "rocMicro": none(m.roc_auc_score(onehot.ravel(), p.ravel())) if both else None,
            "prMicro": none(m.average_precision_score(onehot.ravel(), p.ravel())),
            # Probabilities kept from 0 and 1 by the step of float32 at 1, as ours come from a float32 softmax.
            "logLoss": float(-np.log(np.clip(p[np.arange(n), y], 2.0**-23, 1 - 2.0**-23)).mean()),
            "brier": float(((p - onehot) ** 2).sum(1).mean()),
            "ece": float(reliability(confidence, right)),
            "classwiseEce": float(np.mean([reliability(p[:, c], onehot[:, c]) for c in labels])),
            "riskArea": float(area),
        },
        "perClass": {
            "precision": [none(v) if counts[:, c].sum() else None for c, v in enumerate(precision)],
            "recall": [none(v) if support[c] else None for c, v in enumerate(recall)],
            "f1": [none(v) if counts[:, c].sum() + support[c] else None for c, v in enumerate(f1)],
            "specificity": specificity,
            "rocArea": roc,
            "averagePrecision": pr,
        },
        "rocCurve": {"fpr": list(map(float, fpr))[1:], "tpr": list(map(float, tpr))[1:]},
    }


def soft(rng, y, k, strength, digits=None):
    z = rng.normal(size=(len(y), k))
    z[np.arange(len(y)), y] += strength
    p = np.exp(log_softmax(z, axis=1))
    if digits is not None:
        p = np.round(p * 10**digits) / 10**digits
        p[:, 0] += 1 - p.sum(1)
        p = np.clip(p, 0, 1)
        p /= p.sum(1, keepdims=True)
    return p


rng = np.random.default_rng(6)
y = rng.integers(0, 4, 60)
absent = rng.choice([0, 1, 3], 40)
wrong = rng.integers(0, 3, 24)
shifted = np.eye(3)[(wrong + 1) % 3] * 0.7 + 0.1
tied = rng.integers(0, 3, 50)
sure = rng.integers(0, 3, 30)
hard = np.eye(3)[np.where(rng.random(30) < 0.8, sure, (sure + 1) % 3)]
cases = [
    case("four classes", y, soft(rng, y, 4, 1.2)),
    case("one class absent", absent, soft(rng, absent, 4, 1.0)),
    case("all wrong", wrong, shifted),
    case("ties", tied, soft(rng, tied, 3, 1.0, digits=1)),
    case("probabilities of exactly 0 and 1", sure, hard),
    case("one class alone", np.ones(12, int), soft(rng, np.ones(12, int), 3, 1.0)),
]

logits = rng.normal(size=(80, 3)) * 3
labels = np.where(rng.random(80) < 0.7, logits.argmax(1), rng.integers(0, 3, 80))
loss = lambda t: -log_softmax(logits / t, axis=1)[np.arange(80), labels].mean()
fit = minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-12})

points = rng.normal(size=(90, 3)) + np.repeat(np.array([[0, 0, 0], [1.5, 0, 1], [0, 2, -1]]), 30, 0)
kinds = np.repeat([0, 1, 2], 30)[:70]
lda = LinearDiscriminantAnalysis(priors=[1 / 3] * 3)
lda.fit(points[:70], kinds)

pvalues = [0.01, 0.04, 0.03, 0.005, 0.2, 0.03]
print(
    json.dumps(
        {
            "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
            "cases": cases,
            "temperature": {"logits": logits.ravel().tolist(), "labels": labels.tolist(), "value": fit.x, "loss": fit.fun},
            "discriminant": {
                "features": points[:70].ravel().tolist(),
                "labels": kinds.tolist(),
                "asked": points[70:].ravel().tolist(),
                "posterior": lda.predict_proba(points[70:]).ravel().tolist(),
            },
            "wilson": [
                [k, n, *map(float, proportion_confint(k, n, method="wilson"))]
                for k, n in [(0, 1), (1, 1), (0, 36), (36, 36), (17, 36), (803, 944)]
            ],
            "mcnemar": [
                [b, c, float(mcnemar([[0, b], [c, 0]], exact=True).pvalue)]
                for b, c in [(0, 6), (1, 0), (7, 7), (13, 2), (120, 90)]
            ],
            "student": [
                [t, df, float(2 * scipy.stats.t.sf(t, df))]
                for t, df in [(0.0, 3), (1.0, 1), (2.776, 4), (7.5, 4), (1.96, 1000), (0.1, 71), (12.0, 2), (40.0, 30)]
            ],
            "holm": {"p": pvalues, "adjusted": multipletests(pvalues, method="holm")[1].tolist()},
        },
        indent=None,
    )
)
