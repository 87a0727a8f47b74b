"""The network as an ONNX model, by way of its JAX trace."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from mapsto.approximation.network import Network, evaluate
from mapsto.graph.lower import lower


def onnx_model(network: Network, names: Sequence[str]) -> bytes:
    """One input (n,) per name in the network's precision, and one output (n,): its
    name is "output", with as many underscores as set it apart from the inputs'."""
    output = "output"
    while output in names:
        output += "_"
    inputs = {name: (network.dtype, [None]) for name in names}
    return lower(partial(_columns, network, output), inputs).model()


def _columns(network: Network, output: str, *columns: Any) -> dict[str, Any]:
    xp = columns[0].__array_namespace__()
    x = xp.stack(columns, axis=1)
    return {output: evaluate(network.activation, network.arrays(), x)}
