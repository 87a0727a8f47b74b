"""What `approximate` returns: the network, how far it is from f, and the proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from mapsto.approximation import printing, story
from mapsto.approximation.network import Network, rebuilt
from mapsto.approximation.proof import Certificate
from mapsto.data.read import read
from mapsto.data.table import Column
from mapsto.data.typed import type_table
from mapsto.errors import OptionError
from mapsto.graph import archive

Array = np.ndarray
KIND = "approximation"


@dataclass(frozen=True)
class Trial:
    """One size that was tried, and the largest error of the best network found."""

    activation: str
    neurons: int
    error: float


@dataclass(frozen=True, eq=False)
class Approximation:
    """The smallest network that was found for a function on a box.

    `error`: the largest |f - N| on a dense grid, relative to |f| if `relative`, at
    the point `where`. `certificate`: the proof of a bound for every real point, or
    None, and then `unproved` is the code of the reason. `least`: no polygon within
    `tol` has fewer segments (known of ReLU networks only). `tried`: every size, with
    its error. `yardsticks`: the errors of classical approximations with as many
    numbers. `samples`: points x, with f and the network there, for a plot.
    """

    function: str
    names: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    network: Network
    tol: float | None
    relative: bool
    error: float
    where: tuple[float, ...]
    certificate: Certificate | None
    unproved: str
    least: int | None
    tried: tuple[Trial, ...]
    yardsticks: Mapping[str, float]
    samples: Mapping[str, list[Any]] = field(repr=False)
    seed: int = 0

    # ── the network ──

    @property
    def neurons(self) -> int:
        """Hidden units."""
        return self.network.neurons

    @property
    def parameters(self) -> int:
        """Numbers in the network."""
        return self.network.parameters

    @property
    def activation(self) -> str:
        return self.network.activation

    @property
    def precision(self) -> str:
        """ "float64" or "float32": what the network is stored and run in."""
        return str(self.network.dtype)

    @property
    def met(self) -> bool:
        """Whether the measured error is within the tolerance."""
        return self.tol is None or self.error <= self.tol

    def predict(self, x: Any) -> Array:
        """The network's values.

        x: for one input any array of numbers, of which the shape is kept; for d
        inputs (m, d), or a mapping or frame with a column for each name.
        """
        d = len(self.names)
        if hasattr(x, "columns") or isinstance(x, Mapping):
            columns = [np.atleast_1d(np.asarray(x[name])) for name in self.names]
            return self._run(np.column_stack(columns))
        points = np.asarray(x, dtype=np.float64)
        if d == 1:
            return self._run(points.reshape(-1, 1)).reshape(points.shape)
        if points.ndim == 0 or points.shape[-1] != d:
            problem = f"the network takes points (m, {d})"
            raise OptionError(
                "option-bad", option="x", value=points.shape, problem=problem
            )
        return self._run(points.reshape(-1, d)).reshape(points.shape[:-1])

    def predictions(
        self, data: Any, coverage: float = 0.9, use: str | None = None
    ) -> dict[str, Array]:
        """The columns of `mapsto predict`: y, and whether a row is `outside` the box.

        data: any table with a column for each name. There is one function and no
        interval: `coverage` and `use` are those of other models, and change nothing.
        """
        table = type_table(read(data), [Column(name, "number") for name in self.names])
        x = table.matrix()
        inside = ((x >= self.low) & (x <= self.high)).all(axis=1)
        return {"y": self._run(x), "outside": np.asarray(~inside)}

    def _run(self, points: Array) -> Array:
        return self.network(points.astype(self.network.dtype))

    # ── handing it over ──

    def formula(self, digits: int = 17) -> str:
        """The network in the language of expressions."""
        return printing.formula(self.network, self.names, digits)

    def python(self) -> str:
        """The network as one Python function, which needs NumPy only."""
        return printing.python(self.network, self.names, str(self))

    def onnx(self) -> bytes:
        """The network as an ONNX model: one input (n,) per name, one output (n,)."""
        lowering = import_module("mapsto.approximation.lowering")  # imports JAX
        return bytes(lowering.onnx_model(self.network, self.names))

    def save(self, path: Any) -> None:
        """Write a .mapsto file; `mapsto.load` reads it."""
        archive.write(path, self.to_dict(), {"network": self.onnx()})

    def __reduce__(self) -> tuple[Any, ...]:
        return from_record, (self.to_dict(),)

    def to_dict(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        arrays = [a.tolist() for a in self.network.arrays()]
        return {
            "kind": KIND,
            "function": self.function,
            "names": list(self.names),
            "low": list(self.low),
            "high": list(self.high),
            "neurons": self.neurons,
            "parameters": self.parameters,
            "activation": self.activation,
            "precision": self.precision,
            "largest_weight": self.network.largest,
            "tol": self.tol,
            "relative": self.relative,
            "met": self.met,
            "error": self.error,
            "where": list(self.where),
            "certificate": self.certificate and self.certificate.to_dict(),
            "unproved": self.unproved,
            "least": self.least,
            "tried": [[t.activation, t.neurons, _finite(t.error)] for t in self.tried],
            "yardsticks": {k: _finite(v) for k, v in self.yardsticks.items()},
            "samples": {k: list(v) for k, v in self.samples.items()},
            "seed": self.seed,
            "weights": arrays,
        }

    def story(self) -> str:
        """The summary, and the network as a formula with rounded numbers."""
        return story.story(self.to_dict(), self.formula(6))

    def __str__(self) -> str:
        return story.summary(self.to_dict())

    def __repr__(self) -> str:
        units = f"{self.neurons} {self.activation}"
        return f"<mapsto approximation of {self.function}: {units}, {self.error:.2g}>"

    def _repr_html_(self) -> str:
        return story.html(self.to_dict())


def _finite(value: float | None) -> float | None:
    """JSON has no infinity."""
    return value if value is not None and np.isfinite(value) else None


def from_record(record: Mapping[str, Any]) -> Approximation:
    """The approximation whose `to_dict` this is."""
    dtype = np.dtype(record["precision"])
    arrays = [np.array(a, dtype=dtype) for a in record["weights"]]
    certificate = record["certificate"]
    return Approximation(
        function=record["function"],
        names=tuple(record["names"]),
        low=tuple(record["low"]),
        high=tuple(record["high"]),
        network=rebuilt(record["activation"], arrays),
        tol=record["tol"],
        relative=record["relative"],
        error=record["error"],
        where=tuple(record["where"]),
        certificate=None if certificate is None else Certificate.from_dict(certificate),
        unproved=record["unproved"],
        least=record["least"],
        tried=tuple(Trial(*t) for t in record["tried"]),
        yardsticks=record["yardsticks"],
        samples=record["samples"],
        seed=record["seed"],
    )
