"""What a picture shows, as a sentence: the text alternative of every view."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from mapsto import figures
from mapsto.languages import Words, family, score

FLAT = 1e-9
YEARS = 10_000  # below, whole numbers may be years: 1999, not 1,999
Record = Mapping[str, Any]


def ladder(record: Record, words: Words) -> str:
    best = record["rungs"][record["best"]]
    value, error = figures.with_error(best["score"], best["standard_error"])
    return words.REPORT["find-ladder"].format(
        count=len(record["rungs"]),
        best=family(words, record["best"]),
        score=score(words, record["score"]),
        value=value,
        error=error,
        simplest=family(words, record["simplest"]),
    )


def curve(effect: Record, target: str, words: Words, task: str) -> str:
    """Where the first shown output goes along a column."""
    column, y = effect["column"], np.array(effect["y"][0], float)
    names = [place(v, effect["kind"]) for v in effect["x"]]
    least, most = int(y.argmin()), int(y.argmax())
    if flat(y):
        return words.REPORT["find-flat"].format(target=target, column=column)
    code = "find-curve" if effect["kind"] in ("number", "date") else "find-levels"
    return words.REPORT[code].format(
        column=column,
        target=target,
        low=names[0],
        high=names[-1],
        first=height(y[0], task),
        last=height(y[-1], task),
        least=height(y[least], task),
        most=height(y[most], task),
        at_least=names[least] or words.VIEWS["view-missing"],
        at_most=names[most] or words.VIEWS["view-missing"],
    )


def flat(values: np.ndarray) -> bool:
    """Apart by no more than rounding?"""
    return bool(np.ptp(values) <= FLAT * max(1.0, float(np.abs(values).max())))


def height(value: float, task: str) -> str:
    """A prediction, or a probability to three places."""
    if task == "classification":
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return figures.plain(value, 3)


def place(value: Any, kind: str) -> str:
    """A value of a column as people read it."""
    if isinstance(value, str):
        return value
    if kind == "date":
        return str((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(0, 0, value)).date())
    told = figures.plain(value, 4 if abs(value) < YEARS else 3)
    if abs(value) < YEARS:
        told = told.replace(",", "")
    return told.rstrip("0").rstrip(".") if "." in told and "e" not in told else told


def field(pair: Record, target: str, classes: int, words: Words) -> str:
    first, second = pair["columns"]
    if "k" in pair:
        shown = len(np.unique(pair["k"]))
        return words.REPORT["find-classes"].format(
            first=first, second=second, shown=shown, classes=classes
        )
    z, task = np.array(pair["z"]), "classification" if classes else "regression"
    if flat(z):
        return words.REPORT["find-flat-plane"].format(
            target=target, first=first, second=second, value=height(z.flat[0], task)
        )
    low = np.unravel_index(z.argmin(), z.shape)
    high = np.unravel_index(z.argmax(), z.shape)
    return words.REPORT["find-field"].format(
        target=target,
        first=first,
        second=second,
        least=height(z[low], task),
        most=height(z[high], task),
        x_least=place(pair["x"][low[1]], "number"),
        y_least=place(pair["y"][low[0]], "number"),
        x_most=place(pair["x"][high[1]], "number"),
        y_most=place(pair["y"][high[0]], "number"),
    )


def importance(record: Record, words: Words) -> str:
    first = record["portrait"]["importance"]["columns"][0]
    rounding = FLAT * abs(record["rungs"][record["best"]]["score"])
    if first["rise"] <= max(first["error"], rounding):
        return words.REPORT["find-no-importance"]
    rise, error = figures.with_error(first["rise"], first["error"])
    return words.REPORT["find-importance"].format(
        column=first["column"],
        score=score(words, record["score"]),
        rise=rise,
        error=error,
    )


def losses(training: Sequence[Any], validation: Sequence[Any], words: Words) -> str:
    epochs, last = training[-1]
    if not validation:
        return words.REPORT["find-final"].format(
            epochs=epochs, training=figures.plain(last, 3)
        )
    return words.REPORT["find-loss"].format(
        epochs=epochs,
        training=figures.plain(last, 3),
        validation=figures.plain(validation[-1][1], 3),
        gap=figures.plain(validation[-1][1] - last, 3),
    )


def target(record: Record, words: Words) -> str:
    told = record["portrait"]["target"]
    counts = np.array(told["counts"])
    most = int(counts.argmax())
    if record["task"] == "classification":
        return words.REPORT["find-labels"].format(
            label=record["classes"][most],
            count=figures.count(int(counts[most])),
            rows=figures.count(int(counts.sum())),
        )
    edges = told["edges"]
    return words.REPORT["find-target"].format(
        target=record["target"],
        low=figures.plain(edges[0], 3),
        high=figures.plain(edges[-1], 3),
        most=figures.plain((edges[most] + edges[most + 1]) / 2, 3),
    )


def residuals(told: Record, words: Words) -> str:
    wrong = np.array(told["points"])[:, 1]
    low, high = np.quantile(wrong, (0.25, 0.75))
    mean = float(wrong.mean())
    mean = mean if abs(mean) > FLAT * np.abs(wrong).max() else 0.0
    return words.REPORT["find-residuals"].format(
        low=figures.plain(low, 3),
        high=figures.plain(high, 3),
        mean=figures.plain(mean, 2),
    )


def confusion(told: Record, labels: Sequence[str], words: Words) -> str:
    counts = np.array(told["counts"])
    found = words.REPORT["find-confusion"].format(
        right=figures.count(int(np.trace(counts))),
        rows=figures.count(int(counts.sum())),
    )
    wrong = counts - np.diag(np.diag(counts))
    if not wrong.any():
        return found
    i, j = np.unravel_index(wrong.argmax(), wrong.shape)
    mistake = words.REPORT["find-confused"].format(
        truth=labels[i], told=labels[j], count=int(wrong[i, j])
    )
    return f"{found} {mistake}"


def coverage(levels: Sequence[Any], words: Words) -> str:
    asked, measured = next(pair for pair in levels if pair[0] == 0.9)
    return words.REPORT["find-coverage"].format(
        asked=percent(asked), measured=percent(measured, 1)
    )


def reliability(bins: Sequence[Record], words: Words) -> str:
    furthest = max(bins, key=lambda b: abs(b["told"] - b["share"]))
    return words.REPORT["find-reliability"].format(
        told=percent(furthest["told"]),
        share=percent(furthest["share"]),
        bins=len(bins),
    )


def capacity(record: Record, words: Words) -> str:
    name, best = record["best"], record["rungs"][record["best"]]
    return words.REPORT["find-capacity"].format(
        score=figures.with_error(best["score"], best["standard_error"])[0],
        rung=family(words, name),
        count=figures.count(best["parameters"]),
    )


def percent(share: float, places: int = 0) -> str:
    return f"{100 * share:.{places}f} %"
