"""Probabilities that mean what they say, learned from out-of-fold logits.

A temperature T (Guo, Pleiss, Sun & Weinberger 2017, https://arxiv.org/abs/1706.04599)
and the share ε of rows whose class nothing foretells, as classes that were told wrongly
(Neuhaus 1999, expression 8, https://www.jstor.org/stable/2673589):

    p = (1 - ε) softmax(eta / T) + ε / classes

For two classes a second way is tried beside it, a rising curve of at most `BINS`
knots (isotonic regression: Zadrozny & Elkan 2002,
https://doi.org/10.1145/775047.775151). The curve can mend any rising distortion but
needs many rows, so it is taken only where its out-of-fold log loss is lower by more
than the standard error of the difference.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.isotonic import isotonic_regression

from mapsto.data.split import Fold
from mapsto.data.target import Target
from mapsto.scores import negative_log_likelihood

BINS = 20
ROWS_PER_BIN = 25
LEAST_BINS = 4  # fewer make no curve
UNSEEN = 0.5  # rows that would have been a surprise, beside those that were
EM_STEPS = 20


def calibrated(
    eta: np.ndarray, y: np.ndarray, w: np.ndarray, folds: Sequence[Fold], classes: int
) -> tuple[list[Target], np.ndarray, Target]:
    """The way from eta to probabilities for each fold, the out-of-fold probabilities
    (n, classes), and the way for a function that was learned from all rows.

    eta: (n, outputs) out-of-fold logits. What a fold's rows are judged by, the choice
    between the two ways included, comes from the other folds; the way of a fold is
    that of its function, with the choice that all rows make.
    """
    ways = {"temperature": with_temperature, "isotonic": with_isotonic}
    learned: dict[str, list[Target]] = {}
    told: dict[str, np.ndarray] = {}
    for name, way in ways.items():
        found = [way(eta[f.train], y[f.train], w[f.train], classes) for f in folds]
        if any(target is None for target in found):
            continue
        learned[name] = [target for target in found if target is not None]
        told[name] = np.empty((len(y), classes))
        for fold, target in zip(folds, learned[name], strict=True):
            told[name][fold.test] = target.decode(eta[fold.test])
    losses = {name: negative_log_likelihood(y, p) for name, p in told.items()}
    oof = np.empty((len(y), classes))
    for fold in folds:
        oof[fold.test] = told[_choice(losses, w, fold.train)][fold.test]
    chosen = _choice(losses, w, np.arange(len(y)))
    whole = ways[chosen](eta, y, w, classes)
    return learned[chosen], oof, whole or learned[chosen][0]


def _choice(losses: dict[str, np.ndarray], w: np.ndarray, rows: np.ndarray) -> str:
    """Isotonic, if it is better on these rows by more than the standard error."""
    if "isotonic" not in losses:
        return "temperature"
    gaps, w = (losses["temperature"] - losses["isotonic"])[rows], w[rows]
    mean = float(np.average(gaps, weights=w))
    spread = float(np.average((gaps - mean) ** 2, weights=w)) ** 0.5
    error = spread * float(np.sqrt((w**2).sum()) / w.sum())
    return "isotonic" if mean > error else "temperature"


def with_temperature(
    eta: np.ndarray, y: np.ndarray, w: np.ndarray, classes: int
) -> Target:
    """The T and ε with the least log loss.

    Half a row is counted as a surprise that was not seen yet: so ε is never 0, and
    n rows never teach that the other classes are impossible, only that they come
    about once in 2 n rows.
    """
    w = w / w.mean()

    def at(log_temperature: float) -> tuple[float, Target]:
        link = Target(classes=classes, temperature=float(np.exp(log_temperature)))
        of_truth = link.decode(eta)[np.arange(len(y)), y.astype(int)]
        loss, surprise = _surprise(of_truth, w, classes)
        return loss, replace(link, surprise=surprise)

    found = minimize_scalar(lambda t: at(t)[0], bounds=(-1.5, 1.5), method="bounded")
    return at(found.x)[1]


def _surprise(p: np.ndarray, w: np.ndarray, classes: int) -> tuple[float, float]:
    """The least log loss and its ε, by EM. p: (n,) what the truth was given."""
    rows = w.sum() + UNSEEN
    share = UNSEEN / rows
    for _ in range(EM_STEPS):
        uniform = share / classes
        owed = uniform / ((1 - share) * p + uniform)
        share = float(w @ owed + UNSEEN) / rows
    told = (1 - share) * p + share / classes
    return -float(w @ np.log(told) + UNSEEN * np.log(share)), share


def with_isotonic(
    eta: np.ndarray, y: np.ndarray, w: np.ndarray, classes: int
) -> Target | None:
    """The temperature, and a rising curve from its probability to the share of the
    second class; None for more classes or too few rows.

    Each knot is the mean of a bin of rows that are neighbours in eta. The ends stay
    away from 0 and 1 by half a row.
    """
    bins = min(BINS, len(y) // ROWS_PER_BIN)
    if classes != 2 or bins < LEAST_BINS:
        return None
    plain = with_temperature(eta, y, w, classes)
    p = plain.decode(eta)[:, 1]
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, bins) if w[part].sum() > 0]
    weight = np.array([w[part].sum() for part in parts])
    knots = np.array([np.average(p[part], weights=w[part]) for part in parts])
    shares = np.array([np.average(y[part], weights=w[part]) for part in parts])
    shares = isotonic_regression(shares, sample_weight=weight)
    least = 0.5 / (weight + 1)
    shares = np.clip(shares, least[0], 1 - least[-1])
    apart = np.concatenate([[True], np.diff(knots) > 1e-9])
    if apart.sum() < LEAST_BINS:
        return None
    return replace(
        plain, knots=tuple(knots[apart].tolist()), shares=tuple(shares[apart].tolist())
    )
