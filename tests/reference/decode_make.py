# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes decode.json: covariance, discriminant analysis, logistic regression, spatial filters and
Riemannian references from scikit-learn and MNE on small data of a linear congruential generator.
/usr/bin/python3 decode_make.py > decode.json  (MNE 1.3.0, SciPy 1.10.1, scikit-learn 1.2.1)

The data are not in the file: tests make them with the same generator."""
import json
import warnings

import mne
import numpy as np
from mne.decoding import CSP
from sklearn.covariance import ledoit_wolf, oas
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis as LDA
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings('ignore')
mne.set_log_level('ERROR')


def uniform(n, seed=1):
    x, out = seed, np.empty(n)
    for i in range(n):
        x = (1664525 * x + 1013904223) % 2 ** 32
        out[i] = x / 2 ** 32
    return out


def normal(n, seed=1):
    u = uniform(2 * n, seed)
    return np.sqrt(-2 * np.log(u[0::2] + 1e-12)) * np.cos(2 * np.pi * u[1::2])


def function(a, f):
    w, v = np.linalg.eigh(a)
    return (v * f(w)) @ v.T


def mean(matrices):
    m = matrices.mean(0)
    for _ in range(100):
        s, i = function(m, np.sqrt), function(m, lambda w: 1 / np.sqrt(w))
        t = np.mean([function(i @ c @ i, np.log) for c in matrices], 0)
        m = s @ function(t, np.exp) @ s
        if np.linalg.norm(t) < 1e-12:
            break
    return m


def distance(a, b):
    i = function(a, lambda w: 1 / np.sqrt(w))
    return np.sqrt((np.log(np.linalg.eigvalsh(i @ b @ i)) ** 2).sum())


out = {}
X = normal(1600).reshape(200, 8) @ (np.eye(8) + np.tri(8) * 0.3)
out['ledoit_wolf'] = ledoit_wolf(X)[1]
out['oas'] = oas(X)[1]
out['ledoit_wolf_few'] = ledoit_wolf(X[:5])[1]
out['oas_few'] = oas(X[:5])[1]

y = np.r_[np.zeros(100), np.ones(100)].astype(int)
Z = X.copy()
Z[y == 1] += 0.5
lda = LDA(solver='lsqr', shrinkage='auto').fit(Z, y)
out['lda'] = dict(weights=lda.coef_[0].tolist(), intercept=lda.intercept_[0])
lda = LDA(solver='lsqr', shrinkage=0.2).fit(Z, y)
out['lda_fixed'] = dict(weights=lda.coef_[0].tolist(), intercept=lda.intercept_[0])
log = LogisticRegression(solver='newton-cg', tol=1e-10, max_iter=100000).fit(Z, y)
out['logistic'] = dict(weights=log.coef_[0].tolist(), intercept=log.intercept_[0])
log = LogisticRegression(C=0.05, solver='newton-cg', tol=1e-10, max_iter=100000).fit(Z * 10 ** np.arange(-2, 2, .5), y)
out['logistic_scaled'] = dict(weights=log.coef_[0].tolist(), intercept=log.intercept_[0])

y3 = np.arange(200) % 3
Z3 = X.copy()
Z3[y3 == 1, :2] += 0.7
Z3[y3 == 2, 2:5] -= 0.4
lda = LDA(solver='lsqr', shrinkage='auto').fit(Z3, y3)
out['lda_three'] = dict(decision=lda.decision_function(Z3[:10]).tolist(),
                        probability=lda.predict_proba(Z3[:10]).tolist())
log = LogisticRegression(solver='newton-cg', tol=1e-10, max_iter=100000).fit(Z3, y3)
out['logistic_three'] = dict(decision=log.decision_function(Z3[:10]).tolist(),
                             probability=log.predict_proba(Z3[:10]).tolist())

# 20 trials of 6 channels and 50 samples; in odd trials two directions are stronger.
T = normal(20 * 6 * 50, 7).reshape(20, 6, 50)
T[1::2, 1] *= 2.0
T[0::2, 4] *= 1.5
T = np.einsum('ij,njt->nit', np.eye(6) + np.tri(6) * 0.4, T)
yt = np.arange(20) % 2
csp = CSP(4, reg=None, log=True).fit(T, yt)
out['csp'] = dict(filters=np.abs(csp.filters_[:4]).tolist(), features=csp.transform(T).tolist(),
                  patterns=np.abs(csp.patterns_[:4]).tolist())

C = np.array([np.cov(t) for t in T])
C = np.array([.9 * c + .1 * np.trace(c) / 6 * np.eye(6) for c in C])
M = mean(C)
i = function(M, lambda w: 1 / np.sqrt(w))
iu = np.triu_indices(6)
scale = np.where(iu[0] == iu[1], 1, np.sqrt(2))
out['mean'] = M.tolist()
out['tangent'] = [(function(i @ c @ i, np.log)[iu] * scale).tolist() for c in C[:3]]
m0, m1 = mean(C[yt == 0]), mean(C[yt == 1])
out['mdm'] = [[distance(m0, c), distance(m1, c)] for c in C]
out['log'] = function(C[0], np.log).tolist()
out['sqrt'] = function(C[0], np.sqrt).tolist()
print(json.dumps(out, indent=0))
