"""Write a function as a graph: its JAX trace, equation by equation, as ONNX nodes.

    function --jax.make_jaxpr--> equations --`primitives/`--> nodes

The trace is made in 64 bits with a symbolic number of rows; dtypes are followed, so
what the function casts to float32 runs in float32. NumPy arrays that the function
has captured become constants of the graph.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import numpy as np
from jax.export import symbolic_shape
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var

from mapsto.errors import GraphError
from mapsto.graph import trees
from mapsto.graph.builder import ROWS, Graph
from mapsto.graph.primitives import (
    convolutions,
    elementwise,
    indexing,
    reductions,
    shapes,
)
from mapsto.graph.primitives.arrays import Array, Unwritable, Writer
from mapsto.graph.primitives.formulas import SPELLED

Rule = Callable[..., Array | Sequence[Array]]
RULES: dict[str, Rule] = {
    **elementwise.RULES,
    **shapes.RULES,
    **indexing.RULES,
    **reductions.RULES,
    **convolutions.RULES,
    **trees.RULES,
}
INLINED = {
    "closed_call": "call_jaxpr",
    "core_call": "call_jaxpr",
    "custom_jvp_call": "call_jaxpr",
    "custom_vjp_call": "call_jaxpr",
    "jit": "jaxpr",
    "pjit": "jaxpr",
    "remat2": "jaxpr",
    "checkpoint": "jaxpr",
}
"""Primitives that call another trace, and which parameter holds it."""

LONGEST_LOOP = 128
"""A scan is unrolled up to this many steps."""

Signature = tuple[Any, Sequence[int | None]]


def lower(function: Callable[..., Any], inputs: Mapping[str, Signature]) -> Graph:
    """The graph of `function`: array arguments in, dict of named arrays out.

    `inputs` tells the name, dtype and shape of each argument, in order; None is the
    number of rows. The outputs have the names in the dict.

    Errors: GraphError("no-lowering") for an operation that has no counterpart.
    """
    graph = Graph()
    for name, (dtype, shape) in inputs.items():
        graph.input(name, dtype, [ROWS if d is None else d for d in shape])
    outputs = append(graph, function, inputs)
    write_outputs(graph, outputs)
    return graph


def append(
    graph: Graph,
    function: Callable[..., Any],
    arguments: Mapping[str, Signature],
    called: str = "",
) -> dict[str, Array]:
    """Write `function` of values that are in the graph already; its outputs by name.

    `arguments` tells the name, dtype and shape of each value, in order. Errors call
    the function by its own name if no other is given.
    """
    (rows,) = symbolic_shape(ROWS)
    structs = [
        _struct([rows if d is None else d for d in shape], dtype)
        for dtype, shape in arguments.values()
    ]
    arrays = [
        Array(name, s.shape, np.dtype(s.dtype))
        for name, s in zip(arguments, structs, strict=True)
    ]
    names: list[str] = []

    def listed(*values: Any) -> list[Any]:
        told = function(*values)
        names.extend(told)
        return list(told.values())

    with jax.enable_x64(True):
        trace = jax.make_jaxpr(listed)(*structs)
        walk = Walk(Writer(graph, arrays), called or _name(function))
        results = walk.closed(trace, [walk.writer.cast(a, a.dtype) for a in arrays])
    avals = zip(names, results, trace.out_avals, strict=True)
    return {name: walk.writer.full(r, aval.shape) for name, r, aval in avals}


def write_outputs(graph: Graph, outputs: Mapping[str, Array]) -> None:
    """Make arrays the outputs of the graph."""
    for name, array in outputs.items():
        sizes = [d if isinstance(d, int) else str(d) for d in array.shape]
        graph.output(name, array.name, array.dtype, sizes)


def _struct(shape: Any, dtype: Any) -> Any:
    return jax.ShapeDtypeStruct(shape, dtype)  # type: ignore[no-untyped-call]


def _name(function: Callable[..., Any]) -> str:
    inner = getattr(function, "func", function)
    return str(getattr(inner, "__qualname__", type(inner).__name__))


class Walk:
    """Walks through a trace and writes each equation."""

    def __init__(self, writer: Writer, function: str):
        self.writer = writer
        self._function = function

    def closed(self, trace: ClosedJaxpr, arguments: Sequence[Array]) -> list[Array]:
        """The results of a trace with its constants."""
        constants = [self.writer.constant(np.asarray(c)) for c in trace.consts]
        return self._open(trace.jaxpr, constants, arguments)

    def _open(
        self, jaxpr: Jaxpr, constants: Sequence[Array], arguments: Sequence[Array]
    ) -> list[Array]:
        values: dict[Var, Array] = dict(
            zip(
                [*jaxpr.constvars, *jaxpr.invars], [*constants, *arguments], strict=True
            )
        )
        for eqn in _needed(jaxpr):
            inputs = [self._read(values, v) for v in eqn.invars]
            values.update(zip(eqn.outvars, self._write(eqn, inputs), strict=True))
        return [self._read(values, v) for v in jaxpr.outvars]

    def _read(self, values: Mapping[Var, Array], v: Any) -> Array:
        aval: Any = v.aval
        if isinstance(v, Literal):
            return self.writer.constant(v.val, aval.dtype)
        return values[v]

    def _write(self, eqn: Any, inputs: list[Array]) -> Sequence[Array]:
        name = eqn.primitive.name
        if name in INLINED:
            return self._inline(eqn.params[INLINED[name]], inputs)
        if name == "scan":
            return self._unroll(eqn, inputs)
        if name in SPELLED and str(eqn.outvars[0].aval.dtype) in SPELLED[name][1]:
            structs = [_struct(v.aval.shape, v.aval.dtype) for v in eqn.invars]
            return self.closed(jax.make_jaxpr(SPELLED[name][0])(*structs), inputs)
        if name not in RULES:
            raise self._error(name)
        try:
            written = RULES[name](self.writer, eqn, *inputs)
        except Unwritable as problem:
            raise self._error(f"{name} ({problem})") from None
        return [written] if isinstance(written, Array) else written

    def _inline(self, trace: ClosedJaxpr | Jaxpr, inputs: list[Array]) -> list[Array]:
        if isinstance(trace, Jaxpr):
            return self._open(trace, [], inputs)
        return self.closed(trace, inputs)

    def _unroll(self, eqn: Any, inputs: list[Array]) -> list[Array]:
        """A loop of known length, step after step.

        scan(constants, carried, rows) -> (carried, one result per step)
        """
        p, g = eqn.params, self.writer
        if p["length"] > LONGEST_LOOP:
            raise self._error(f"a loop of {p['length']} steps")
        fixed, carried = p["num_consts"], p["num_carry"]
        constants, carry = inputs[:fixed], inputs[fixed : fixed + carried]
        pairs = zip(inputs, eqn.invars, strict=True)
        rows = [g.full(x, v.aval.shape) for x, v in pairs][fixed + carried :]
        told: dict[int, list[Array]] = {}
        steps = range(p["length"])
        for k in reversed(steps) if p["reverse"] else steps:
            row = [self._row(x, k) for x in rows]
            results = self.closed(p["jaxpr"], [*constants, *carry, *row])
            carry, told[k] = results[:carried], results[carried:]
        stacked = [
            self._stack([told[k][i] for k in steps], v.aval.shape)
            for i, v in enumerate(eqn.outvars[carried:])
        ]
        return [*carry, *stacked]

    def _row(self, x: Array, k: int) -> Array:
        g = self.writer
        return g.node("Gather", x, g.constant(k), shape=x.shape[1:], axis=0)

    def _stack(self, parts: Sequence[Array], shape: Any) -> Array:
        g = self.writer
        whole = [g.full(part, (1, *shape[1:])) for part in parts]
        return g.node("Concat", *whole, shape=shape, axis=0)

    def _error(self, operation: str) -> GraphError:
        return GraphError("no-lowering", function=self._function, operation=operation)


def _needed(jaxpr: Jaxpr) -> list[JaxprEqn]:
    """The equations that the results depend on, in order."""
    needed = {v for v in jaxpr.outvars if isinstance(v, Var)}
    kept = []
    for eqn in reversed(jaxpr.eqns):
        if not needed.isdisjoint(eqn.outvars):
            kept.append(eqn)
            needed.update(v for v in eqn.invars if isinstance(v, Var))
    return kept[::-1]
