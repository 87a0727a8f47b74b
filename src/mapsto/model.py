"""The model: the record of a fit and the graphs of its functions.

It predicts by running the graphs in ONNX Runtime. No training here, and no JAX: a
model that was loaded from a file is the same as one that was just fitted.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from statistics import NormalDist
from typing import Any

import numpy as np

from mapsto import figures, words
from mapsto.data import read
from mapsto.data.picture_folders import PICTURE, names_of
from mapsto.data.table import Column
from mapsto.data.typed import type_table
from mapsto.errors import OptionError
from mapsto.evidence import Evidence, evidence
from mapsto.graph import archive
from mapsto.graph.run import ERROR, Runner
from mapsto.parts import Part, Parts
from mapsto.rungs import Ladder, Rung
from mapsto.scores import said
from mapsto.verdict import Verdict

DEFAULT_COVERAGE = 0.9


@dataclass(frozen=True)
class Model:
    """What `fit` returns: every kept function, its numbers, and what they mean.

    `record` is the JSON part of a .mapsto file, `graphs` the ONNX file of each rung,
    and of each part of a composition.
    """

    record: Mapping[str, Any] = field(repr=False)
    graphs: Mapping[str, bytes] = field(repr=False)
    _runners: dict[str, Runner] = field(default_factory=dict, repr=False, compare=False)
    _columns: tuple[Column, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        columns = tuple(Column.from_dict(c) for c in self.record["columns"])
        object.__setattr__(self, "_columns", columns)

    # ── what it is ──

    @property
    def target(self) -> str:
        """The name of the column that it predicts."""
        return str(self.record["target"])

    @property
    def task(self) -> str:
        """ "regression" or "classification"."""
        return str(self.record["task"])

    @property
    def classes(self) -> list[Any] | None:
        """The class labels in their own type, in the order of the probabilities."""
        return list(self.record["classes"]) if self.record["classes"] else None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns it reads, with their kinds and what was seen in them."""
        return self._columns

    @property
    def rungs(self) -> Ladder:
        """Every rung by name."""
        return self.ladder

    @property
    def ladder(self) -> Ladder:
        """One row per rung: scores with their standard errors, sizes, times."""
        rungs = {name: self._rung(name) for name in self.record["rungs"]}
        return Ladder(
            rungs, self.record["score"], self.record["best"], self.record["simplest"]
        )

    @property
    def best(self) -> Rung:
        """The most accurate function found."""
        return self._rung(self.record["best"])

    @property
    def simplest(self) -> Rung:
        """The simplest function that is good enough."""
        return self._rung(self.record["simplest"])

    @property
    def parts(self) -> Parts:
        """The named parts of the composition, each a function of its own; none where
        no structure was given."""
        rung = self.record["rungs"].get("composition", {"details": {}})
        told = rung["details"].get("parts", {})
        return Parts({name: self._part(name, p) for name, p in told.items()})

    @property
    def verdicts(self) -> list[Verdict]:
        """What the numbers mean, each with its evidence and what to do."""
        return [
            Verdict(v["code"], v["severity"], v["parameters"])
            for v in self.record["verdicts"]
        ]

    # ── what it does ──

    def predict(self, data: Any) -> Any:
        """The prediction for each row: (n,), in the caller's type.

        `data` is anything that `fit` reads; the target column may be absent.
        Regression: the expected value. Classification: the most probable label, or
        the one of least expected cost where `fit` was given costs.
        """
        return self._predict(self._name(None), data)

    def predict_proba(self, data: Any) -> Any:
        """The probability of each class: one column per label, rows sum to one."""
        return self._predict_proba(self._name(None), data)

    def predict_interval(self, data: Any, coverage: float = DEFAULT_COVERAGE) -> Any:
        """Where the truth lies in `coverage` of the rows.

        Regression: columns lower, upper, outside. Classification: one column per
        class, True where it belongs to the prediction set, and outside. `outside`
        marks rows unlike any that was seen: their interval is not to be trusted.
        """
        return self._predict_interval(self._name(None), data, coverage)

    def predictions(
        self, data: Any, coverage: float = DEFAULT_COVERAGE, use: str | None = None
    ) -> dict[str, np.ndarray]:
        """Everything at once, as columns: the prediction, its interval or the
        probabilities and the set, and `outside`; of pictures, first their names."""
        raw, out = self._run(self._name(use), data, coverage)
        named = names_of(raw)
        files = {} if named is None else {PICTURE: named}
        if self.task == "regression":
            told = {**files, self.target: out["prediction"]}
            return told | {name: out[name] for name in ("lower", "upper", "outside")}
        labels = np.array(self.record["classes"])
        chosen = labels[said(out["probability"], self.record.get("costs"))]
        names = [str(c) for c in self.record["classes"]]
        sets = [
            " | ".join(n for n, i in zip(names, row, strict=True) if i)
            for row in out["set"]
        ]
        return {
            **files,
            self.target: chosen,
            **{f"p({n})": out["probability"][:, k] for k, n in enumerate(names)},
            "set": np.array(sets, object),
            "outside": out["outside"],
        }

    def evidence(self, picture: Any, use: str | None = None) -> Evidence:
        """Where it looked: which places of one picture speak for which class.

        `picture`: a path, an array, a PIL image, or a row of a table that has one.
        `use`: "best", "simplest", or a rung's name (default: what `predict` uses).
        """
        name = use if use in self.record["rungs"] else self._name(use)
        shown = next((c for c in self._columns if c.kind == "picture"), None)
        if shown is None:
            problem = "it was not learned from pictures"
            raise OptionError(
                "option-bad", option="evidence", value=self.target, problem=problem
            )
        raw, _ = read.ready(picture, self._columns)
        table = type_table(raw.take(np.arange(1)), self._columns)
        output = "prediction" if self.task == "regression" else "probability"
        runner = self._runner(str(name))
        return evidence(
            table,
            shown,
            self.classes or [],
            lambda t: runner.run(t, outputs=[output])[output],
        )

    def _name(self, use: str | None) -> str:
        use = use or self.record["use"]
        if use not in ("best", "simplest"):
            raise OptionError(
                "option-unknown",
                option="use",
                value=use,
                near="",
                choices="best, simplest",
            )
        return str(self.record[use])

    def _run(
        self, rung: str, data: Any, coverage: float = DEFAULT_COVERAGE
    ) -> tuple[read.Raw, dict[str, np.ndarray]]:
        _check_coverage(coverage)
        raw, told = read.ready(data, self._columns)
        for notice in told:
            warnings.warn(notice.sentence, stacklevel=4)
        table = type_table(raw, self._columns)
        return raw, self._runner(rung).run(table, coverage)

    def _predict(self, rung: str, data: Any) -> Any:
        raw, out = self._run(rung, data)
        if self.task == "regression":
            return read.give_back_series(raw, self.target, out["prediction"])
        labels = np.array(self.record["classes"])
        told = labels[said(out["probability"], self.record.get("costs"))]
        return read.give_back_series(raw, self.target, told)

    def _predict_proba(self, rung: str, data: Any) -> Any:
        self._needs("classification", "predict_proba")
        raw, out = self._run(rung, data)
        return read.give_back(raw, self._by_class(out["probability"]))

    def _predict_interval(
        self, rung: str, data: Any, coverage: float = DEFAULT_COVERAGE
    ) -> Any:
        raw, out = self._run(rung, data, coverage)
        if self.task == "regression":
            names = ("lower", "upper", "outside")
            return read.give_back(raw, {name: out[name] for name in names})
        inside = self._by_class(out["set"])
        return read.give_back(raw, {**inside, "outside": out["outside"]})

    def _by_class(self, values: np.ndarray) -> dict[str, np.ndarray]:
        return {str(c): values[:, k] for k, c in enumerate(self.record["classes"])}

    def _needs(self, task: str, what: str) -> None:
        if self.task != task:
            raise OptionError(
                "option-bad",
                option=what,
                value=self.target,
                problem=f"the model's task is {self.task}, and this needs {task}",
            )

    # ── where it goes ──

    def save(self, path: Any) -> None:
        """Write the .mapsto file: a zip of model.json and one ONNX graph per rung."""
        archive.write(path, dict(self.record), self.graphs)

    def to_bytes(self) -> bytes:
        """The .mapsto file as bytes."""
        return archive.to_bytes(dict(self.record), self.graphs)

    def __reduce__(self) -> tuple[Any, ...]:
        return from_bytes, (self.to_bytes(),)

    def to_dict(self) -> dict[str, Any]:
        """The record: columns, ladder, hyperparameters, verdicts, versions."""
        return dict(self.record)

    def to_frame(self) -> dict[str, list[Any]]:
        """The ladder as columns of plain values."""
        return self.ladder.to_frame()

    def story(self) -> str:
        """The summary, the simplest function as a formula, the columns and settings."""
        return words.story(self.record, str(self), self.simplest.formula())

    def __str__(self) -> str:
        return words.summary(self.record, str(self.ladder), self.verdicts)

    def __repr__(self) -> str:
        best = self.best
        told = " ± ".join(figures.with_error(best.score, best.standard_error))
        score = f"{self.record['score']} {told}"
        return f"<mapsto.Model of {self.target!r}: {best.family}, {score}>"

    def _repr_html_(self) -> str:
        told = "".join(f"<p>{escape(s)}</p>" for s in words.sentences(self.record))
        return told + self.ladder._repr_html_()

    def _rung(self, name: str) -> Rung:
        told = self.record["rungs"][name]
        return Rung(
            family=name,
            score=told["score"],
            standard_error=told["standard_error"],
            train_score=told["train_score"],
            parameters=told["parameters"],
            hyperparameters=told["hyperparameters"],
            given=tuple(told["given"]),
            seconds=told["seconds"],
            words=told["words"],
            details=told["details"],
            predict=partial(self._predict, name),
            predict_proba=partial(self._predict_proba, name),
            predict_interval=partial(self._predict_interval, name),
        )

    def _part(self, name: str, told: Mapping[str, Any]) -> Part:
        return Part(
            name=name,
            declared=told["declared"],
            columns=tuple(told["columns"]),
            role=told["role"],
            hyperparameters=told["hyperparameters"],
            importance=told["importance"],
            range=(told["range"][0], told["range"][1]),
            curves=tuple(told["curves"]),
            graph=self.graphs[f"composition.{name}"],
            predict=partial(self._predict_part, name),
            band=partial(self._band, name),
        )

    def _predict_part(self, name: str, data: Any) -> Any:
        raw, out = self._run_part(name, data)
        value = out["prediction"]
        if value.ndim > 1:
            return read.give_back(raw, self._by_class(value))
        return read.give_back_series(raw, name, value)

    def _band(self, name: str, data: Any, coverage: float = DEFAULT_COVERAGE) -> Any:
        raw, out = self._run_part(name, data, coverage)
        reach = NormalDist().inv_cdf(0.5 + coverage / 2) * out[ERROR]
        value = out["prediction"]
        ends = {"lower": value - reach, "upper": value + reach}
        if value.ndim > 1:
            told = {n: self._by_class(v) for n, v in ends.items()}
            ends = {f"{n} {c}": v for n, by in told.items() for c, v in by.items()}
        return read.give_back(raw, ends)

    def _run_part(
        self, name: str, data: Any, coverage: float = DEFAULT_COVERAGE
    ) -> tuple[read.Raw, dict[str, np.ndarray]]:
        _check_coverage(coverage)
        graph = f"composition.{name}"
        told = self.record["rungs"]["composition"]["details"]["parts"][name]
        raw = read.read(data)
        own = [c for c in self._columns if c.name in told["columns"]]
        return raw, self._runner(graph).run(type_table(raw, own), coverage)

    def _runner(self, graph: str) -> Runner:
        if graph not in self._runners:
            self._runners[graph] = Runner(self.graphs[graph])
        return self._runners[graph]


def _check_coverage(coverage: float) -> None:
    if not 0 < coverage < 1:
        raise OptionError(
            "option-bad",
            option="coverage",
            value=coverage,
            problem="it must lie between 0 and 1, such as 0.9",
        )


def from_bytes(data: bytes) -> Model:
    """The model whose `to_bytes` this is."""
    return Model(*archive.from_bytes(data))
