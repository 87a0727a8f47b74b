"""The network as text: a formula, and one Python function."""

from collections.abc import Sequence
from keyword import iskeyword
from typing import Any

import numpy as np

from mapsto.approximation.network import GELU, Network
from mapsto.expression import Name, write

Array = np.ndarray

FORMULAS = {
    "tanh": "tanh({z})",
    "sigmoid": "sigmoid({z})",
    "relu": "relu({z})",
    "sin": "sin({z})",
    "gelu": f"({{z}})*sigmoid({2 * GELU[0]!r}*({{z}} + {GELU[1]!r}*({{z}})**3))",
}
PYTHON = {
    "tanh": "np.tanh({z})",
    "sigmoid": "0.5*(1 + np.tanh(0.5*({z})))",
    "relu": "np.maximum({z}, 0)",
    "sin": "np.sin({z})",
    "gelu": f"gelu({{z}}, {GELU[0]!r}, {GELU[1]!r})",
}
HELPER = """
    def gelu(z, k, c):
        return 0.5*z*(1 + np.tanh(k*(z + c*z*z*z)))
"""


def formula(network: Network, names: Sequence[str], digits: int) -> str:
    """N in the language of expressions; 17 digits give every double exactly."""
    values = [write(Name(name)) for name in names]
    *hidden, last = network.layers
    for layer in hidden:
        units = zip(layer.weights, layer.bias, strict=True)
        inner = [_sum(w, values, b, digits) for w, b in units]
        values = [FORMULAS[network.activation].format(z=z) for z in inner]
    return _sum(last.weights[0], values, last.bias[0], digits, first=True)


def _sum(
    weights: Array, values: Sequence[str], bias: Any, digits: int, first: bool = False
) -> str:
    """w₁ v₁ + w₂ v₂ + … + b, or the constant first."""
    pairs = zip(weights, values, strict=True)
    terms = [f"{_number(w, digits)}*{v}" for w, v in pairs]
    constant = _number(bias, digits)
    terms = [constant, *terms] if first else [*terms, constant]
    return " + ".join(terms).replace("+ -", "- ")


def _number(value: Any, digits: int) -> str:
    text = f"{float(value):.{digits}g}"
    return repr(float(text)) if digits >= 17 else text


def python(network: Network, names: Sequence[str], about: str) -> str:
    """Source of a function f of arrays; only NumPy is needed."""
    dtype, names = str(network.dtype), _arguments(names)
    *hidden, last = network.layers
    lines = [f"    h = np.stack([{', '.join(names)}], axis=-1).astype(np.{dtype})"]
    for layer in hidden:
        z = f"h @ {_array(layer.weights.T, dtype)} + {_array(layer.bias, dtype)}"
        lines.append(f"    h = {PYTHON[network.activation].format(z=z)}")
    out = _array(last.weights[0], dtype)
    lines.append(f"    return h @ {out} + np.{dtype}({float(last.bias[0])!r})")
    told = "\n    ".join(about.splitlines()).replace("\\", "\\\\").replace('"', "'")
    head = f"import numpy as np\n\n\ndef f({', '.join(names)}):\n"
    doc = f'    """{told}\n    """\n'
    wide = [f"    {n} = np.asarray({n}, dtype=np.{dtype})" for n in names]
    helper = HELPER.lstrip("\n") if network.activation == "gelu" else ""
    return head + doc + helper + "\n".join([*wide, *lines]) + "\n"


def _arguments(names: Sequence[str]) -> list[str]:
    """The names, where Python takes them and the function does not use them itself."""
    free = all(n.isidentifier() and not iskeyword(n) for n in names)
    if free and not {"np", "h", "gelu"} & set(names):
        return list(names)
    return [f"x{i + 1}" for i in range(len(names))]


def _array(values: Array, dtype: str) -> str:
    told = repr(values.astype(float).tolist())
    return f"np.array({told}, dtype=np.{dtype})"
