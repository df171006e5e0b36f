#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores of seeded predictions by scikit-learn and SciPy: statistics.json."""
import json
import os

import numpy as np
from scipy import stats
from sklearn import metrics


def case(rng, n, k, ties):
    truth = rng.integers(0, k, n)
    logits = rng.normal(size=(n, k))
    logits[np.arange(n), truth] += 0.8
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    if ties:  # few distinct values: many ties
        p = np.round(p * 4) / 4
    predicted = p.argmax(axis=1)
    onehot = np.eye(k)[truth]
    if k == 2:
        auc = metrics.roc_auc_score(truth, p[:, 1])
    else:
        auc = np.mean([metrics.roc_auc_score(truth == c, p[:, c]) for c in range(k)])
    return {
        "k": k,
        "truth": truth.tolist(),
        "probabilities": p.ravel().tolist(),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=range(k)).ravel().tolist(),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
        "kappa": metrics.cohen_kappa_score(truth, predicted),
        "auc": auc,
        "brier": 0.5 * np.mean(np.sum((p - onehot) ** 2, axis=1)),
    }


def wilson(correct, n):
    ci = stats.binomtest(correct, n).proportion_ci(0.95, method="wilson")
    return [correct, n, ci.low, ci.high]


rng = np.random.default_rng(20240101)
out = {
    "cases": [case(rng, 60, 2, False), case(rng, 80, 2, True), case(rng, 90, 4, False),
              case(rng, 70, 3, True)],
    "wilson": [wilson(*a) for a in ((37, 45), (0, 10), (10, 10), (1, 3), (700, 1000))],
    "chance": [[n, p, stats.binom.ppf(0.95, n, p) / n]
               for n, p in ((288, 0.25), (144, 0.5), (100, 0.5), (45, 0.5), (7, 0.9), (1, 0.5),
                            (100000, 0.2))],
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "statistics.json"), "w") as f:
    json.dump(out, f)
    f.write("\n")
