"""The result of `mapsto.cluster`: a record, and the graph of the function to groups.

It groups rows by running the graph in ONNX Runtime. No training here, no JAX and no
scikit-learn: groups that were loaded from a file are the same as those just found.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np

from mapsto import drawing, group_words
from mapsto.data import read
from mapsto.data.picture_folders import PICTURE, names_of
from mapsto.data.table import Column
from mapsto.data.typed import type_table
from mapsto.graph import archive
from mapsto.graph.run import Runner
from mapsto.verdict import Verdict


@dataclass(frozen=True)
class Groups:
    """What `cluster` returns: a function from rows to groups, and what sets them apart.

    `record` is the JSON part of a .mapsto file, `graphs` the ONNX file of the function.
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
    def count(self) -> int:
        """How many groups there are; 1 says that there are none."""
        return int(self.record["count"])

    @property
    def family(self) -> str:
        """The family whose groups these are; "none" where there are none."""
        return str(self.record["best"])

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns it reads, with their kinds and what was seen in them."""
        return self._columns

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Each group, the largest first: `group` (its number, from 1), `rows`, `share`,
        `stability`, `effects` (what sets it apart), `typical` and `borderline` rows."""
        return [dict(group) for group in self.record["groups"]]

    @property
    def ladder(self) -> dict[str, dict[str, Any]]:
        """Every family that found so many groups, with its score and its parts."""
        return {name: dict(rung) for name, rung in self.record["rungs"].items()}

    @property
    def map(self) -> dict[str, list[Any]]:
        """Rows on the plane that parts the groups the most, as columns `row` (its
        number, from 1), `x`, `y` and `group`; at most 1,000 rows."""
        return {name: list(values) for name, values in self.record["map"].items()}

    @property
    def verdicts(self) -> list[Verdict]:
        """What the numbers mean, each with its evidence and what to do."""
        return [
            Verdict(v["code"], v["severity"], v["parameters"])
            for v in self.record["verdicts"]
        ]

    # ── what it does ──

    def predict(self, data: Any) -> Any:
        """The number of each row's group, from 1: (n,), in the caller's type."""
        raw, out = self._run(data)
        return read.give_back_series(raw, "group", _number(out["probability"]))

    def predict_proba(self, data: Any) -> Any:
        """The probability of each group: columns "1", "2", …; rows sum to one."""
        raw, out = self._run(data)
        p = out["probability"]
        return read.give_back(raw, {str(k + 1): p[:, k] for k in range(p.shape[1])})

    def predictions(self, data: Any) -> dict[str, np.ndarray]:
        """Everything at once, as columns: the group, the probability of each, and
        `outside`, which marks rows unlike any that was seen; of pictures, first their
        names."""
        raw, out = self._run(data)
        p, named = out["probability"], names_of(raw)
        return {
            **({} if named is None else {PICTURE: named}),
            "group": _number(p),
            **{f"p({k + 1})": p[:, k] for k in range(p.shape[1])},
            "outside": out["outside"],
        }

    def _run(self, data: Any) -> tuple[read.Raw, dict[str, np.ndarray]]:
        raw, told = read.ready(data, self._columns)
        for notice in told:
            warnings.warn(notice.sentence, stacklevel=4)
        table = type_table(raw, self._columns)
        if self.family not in self._runners:
            self._runners[self.family] = Runner(self.graphs[self.family])
        return raw, self._runners[self.family].run(table)

    # ── where it goes ──

    def save(self, path: Any) -> None:
        """Write the .mapsto file: a zip of model.json and the ONNX graph."""
        archive.write(path, dict(self.record), self.graphs)

    def to_bytes(self) -> bytes:
        """The .mapsto file as bytes."""
        return archive.to_bytes(dict(self.record), self.graphs)

    def __reduce__(self) -> tuple[Any, ...]:
        return from_bytes, (self.to_bytes(),)

    def to_dict(self) -> dict[str, Any]:
        """The record: columns, groups, ladder, map, verdicts, versions."""
        return dict(self.record)

    def to_frame(self) -> dict[str, list[Any]]:
        """What sets the groups apart, as columns: one line per effect."""
        names = ("column", "level", "here", "elsewhere", "effect")
        lines = [
            (
                g["group"],
                g["rows"],
                g["stability"],
                *(({"level": e.get("look")} | e).get(n) for n in names),
            )
            for g in self.groups
            for e in g["effects"] or [{}]
        ]
        heads = ("group", "rows", "stability", *names)
        return {name: [line[k] for line in lines] for k, name in enumerate(heads)}

    def story(self) -> str:
        """The summary, some rows of each group, and how the number was chosen."""
        return group_words.story(self.record, str(self))

    def __str__(self) -> str:
        return group_words.summary(self.record, self.verdicts)

    def __repr__(self) -> str:
        sizes = ", ".join(str(g["rows"]) for g in self.groups)
        return f"<mapsto.Groups: {self.count} by {self.family}, of {sizes} rows>"

    def _repr_html_(self) -> str:
        places = self.map
        drawn = drawing.heaps(places["x"], places["y"], places["group"], repr(self))
        return f"{drawn}<pre>{escape(str(self))}</pre>"


def _number(p: np.ndarray) -> np.ndarray:
    return p.argmax(axis=1) + 1


def from_bytes(data: bytes) -> Groups:
    """The groups whose `to_bytes` this is."""
    return Groups(*archive.from_bytes(data))
