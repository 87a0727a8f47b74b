"""Sums of trees: one primitive of JAX, and one node of the graph.

    f_k(x) = Σ_t [output of t is k] value of the leaf that x reaches in tree t

At an inner node a row goes left where x[feature] <= threshold, in float64; NaN goes
right. ONNX Runtime compares in float64 too, but gives the sum in float32.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import jax
import numpy as np
from jax.extend.core import Primitive
from onnx import numpy_helper

from mapsto.errors import GraphError
from mapsto.graph.primitives.arrays import Array, Unwritable, Writer

PAIRS = 1 << 17  # of a row and a tree that walk at once: they fit into the cache
STEPS = 3
LEAF, BRANCH = "LEAF", "BRANCH_LEQ"


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Trees:
    """An ensemble in flat arrays.

    feature, threshold, left, right: (inner nodes,). A child c >= 0 is an inner node,
    c < 0 is the leaf ~c. value: (leaves,). root: (trees,), a child likewise. output:
    (trees,), which of the `outputs` columns a tree adds to.
    """

    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    root: np.ndarray
    output: np.ndarray
    outputs: int = field(metadata={"static": True})


def trees(parameters: Trees, x: Any) -> Any:
    """f(x): (n, d) -> (n, outputs), float64."""
    if isinstance(x, np.ndarray):
        return _evaluate(parameters, x)
    return _primitive.bind(x, *_arrays(parameters), outputs=parameters.outputs)


def weighted_sum(parts: Sequence[Trees], weights: Sequence[float]) -> Trees:
    """Σ_k a_k f_k as one sum of trees."""
    inner = np.cumsum([0, *[len(p.feature) for p in parts]])
    leaves = np.cumsum([0, *[len(p.value) for p in parts]])

    def joined(name: str) -> np.ndarray:
        return np.concatenate([getattr(p, name) for p in parts])

    def children(name: str) -> np.ndarray:
        """Numbers of nodes and leaves, counted on from those of the parts before."""
        told = zip(parts, inner[:-1], leaves[:-1], strict=True)
        found = [(getattr(p, name), i, j) for p, i, j in told]
        return np.concatenate([np.where(c >= 0, c + i, c - j) for c, i, j in found])

    scaled = [a * p.value for a, p in zip(weights, parts, strict=True)]
    return Trees(
        feature=joined("feature"),
        threshold=joined("threshold"),
        left=children("left"),
        right=children("right"),
        value=np.concatenate(scaled),
        root=children("root"),
        output=joined("output"),
        outputs=parts[0].outputs,
    )


def _arrays(parameters: Trees) -> list[np.ndarray]:
    return [getattr(parameters, name) for name in ARRAYS]


def _abstract(x: Any, *arrays: Any, outputs: int) -> Any:
    return jax.core.ShapedArray((x.shape[0], outputs), np.dtype(np.float64))


ARRAYS = tuple(f.name for f in fields(Trees) if f.name != "outputs")
_primitive: Any = Primitive("trees")
_primitive.def_abstract_eval(_abstract)


# ── on NumPy ──


def _evaluate(parameters: Trees, x: np.ndarray) -> np.ndarray:
    result = np.zeros((len(x), parameters.outputs))
    nodes = _Nodes.of(parameters)
    rows = max(1, PAIRS // max(1, len(parameters.root)))
    for start in range(0, len(x), rows):
        values = parameters.value[nodes.leaves(x[start : start + rows])]
        for k in range(parameters.outputs):
            own = values[parameters.output == k]
            result[start : start + rows, k] = own.sum(axis=0)
    return result


@dataclass(frozen=True)
class _Nodes:
    """The inner nodes and behind them the leaves, each its own child.

    child[2 i + 1] is where node i sends a row to the left, child[2 i] to the right.
    """

    feature: np.ndarray
    threshold: np.ndarray
    child: np.ndarray
    root: np.ndarray
    inner: int

    @staticmethod
    def of(p: Trees) -> "_Nodes":
        inner, leaves = len(p.feature), len(p.value)

        def number(child: np.ndarray) -> np.ndarray:
            return np.where(child >= 0, child, inner + ~child)

        itself = np.repeat(np.arange(inner, inner + leaves), 2)
        sides = np.stack([number(p.right), number(p.left)], axis=1).ravel()
        return _Nodes(
            feature=np.append(p.feature, np.zeros(leaves, np.int64)),
            threshold=np.append(p.threshold, np.zeros(leaves)),
            child=np.append(sides, itself),
            root=number(p.root),
            inner=inner,
        )

    def leaves(self, x: np.ndarray) -> np.ndarray:
        """The leaf that each row reaches in each tree: (trees, n).

        All pairs of a tree and a row walk down together; after every few steps those
        that have arrived are left out.
        """
        numbers = np.ascontiguousarray(x, np.float64).ravel()
        begin = np.tile(np.arange(len(x)) * x.shape[1], len(self.root))
        place = np.repeat(self.root, len(x))
        walking = np.arange(len(place))
        while len(walking):
            node, row = place[walking], begin[walking]
            for _ in range(STEPS):
                value = numbers.take(row + self.feature.take(node))
                goes_left = value <= self.threshold.take(node)
                node = self.child.take(2 * node + goes_left)
            place[walking] = node
            walking = walking[node < self.inner]
        return (place - self.inner).reshape(len(self.root), len(x))


# ── in the graph ──


def tree_node(g: Writer, eqn: Any, x: Array, *arrays: Array) -> Array:
    """One TreeEnsembleRegressor (ai.onnx.ml 3), and a Cast of its float32 sum.

    https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html
    """
    known = {n: g.known(a) for n, a in zip(ARRAYS, arrays, strict=True)}
    if any(value is None for value in known.values()):
        raise Unwritable("trees that are computed")
    parameters = Trees(**known, outputs=eqn.params["outputs"])  # type: ignore[arg-type]
    shape = (x.shape[0], parameters.outputs)
    name = g.graph.node(
        "TreeEnsembleRegressor", x.name, domain="ai.onnx.ml", **_attributes(parameters)
    )
    return g.cast(g.adopt(name, shape, np.float32), np.float64)


def _attributes(p: Trees) -> dict[str, Any]:
    """Every node of every tree, level by level from its root."""
    tree, number, child, yes, no = _nodes(p)
    is_leaf = child < 0
    inner = np.where(is_leaf, 0, child)
    leaf = ~child[is_leaf]
    padded = len(p.feature) > 0  # else every tree is a single leaf
    feature = p.feature[inner] if padded else inner
    threshold = p.threshold[inner] if padded else np.zeros(len(inner))
    return {
        "n_targets": p.outputs,
        "nodes_treeids": tree.tolist(),
        "nodes_nodeids": number.tolist(),
        "nodes_featureids": np.where(is_leaf, 0, feature).tolist(),
        "nodes_values_as_tensor": _doubles(np.where(is_leaf, 0.0, threshold)),
        "nodes_modes": np.where(is_leaf, LEAF, BRANCH).tolist(),
        "nodes_truenodeids": yes.tolist(),
        "nodes_falsenodeids": no.tolist(),
        "nodes_missing_value_tracks_true": [0] * len(tree),
        "target_treeids": tree[is_leaf].tolist(),
        "target_nodeids": number[is_leaf].tolist(),
        "target_ids": p.output[tree[is_leaf]].tolist(),
        "target_weights_as_tensor": _doubles(p.value[leaf]),
        "base_values_as_tensor": _doubles(np.zeros(p.outputs)),
    }


def _nodes(p: Trees) -> Sequence[np.ndarray]:
    """Of each node its tree, its number there, its child in `p` (a leaf's is < 0), and
    the numbers of where it sends a row."""
    tree, child = np.arange(len(p.root)), p.root
    number, count = np.zeros_like(tree), np.ones_like(tree)
    levels = []
    while len(tree):
        inner = child >= 0
        of, at = tree[inner], child[inner]
        earlier = np.arange(len(of)) - np.searchsorted(of, of)
        yes, no = np.zeros_like(tree), np.zeros_like(tree)
        yes[inner] = count[of] + 2 * earlier
        no[inner] = yes[inner] + 1
        levels.append((tree, number, child, yes, no))
        count += 2 * np.bincount(of, minlength=len(count))
        tree, number = np.repeat(of, 2), np.column_stack([yes, no])[inner].ravel()
        child = np.column_stack([p.left[at], p.right[at]]).ravel()
    told = [np.concatenate(parts) for parts in zip(*levels, strict=True)]
    order = np.lexsort((told[1], told[0]))
    return [a[order] for a in told]


def _doubles(values: np.ndarray) -> Any:
    return numpy_helper.from_array(np.asarray(values, np.float64), "")


RULES = {"trees": tree_node}


# ── from LightGBM ──


def from_lightgbm(booster: Any) -> Trees:
    """The trees of a `lightgbm.Booster`, up to its best iteration.

    Their sum is `booster.predict(x, raw_score=True)` on rows without missing values.

    Errors: GraphError("no-lowering") for categorical splits, linear leaves, and zeros
    that count as missing.
    """
    head, *sections = booster.model_to_string().split("\nTree=")
    outputs = int(_fields(head)["num_tree_per_iteration"])
    told = [_fields(s.split("\n\n")[0]) for s in sections]
    for tree in told:
        _check_plain(tree)
    inner = np.cumsum([0, *[int(t["num_leaves"]) - 1 for t in told]])
    leaves = np.cumsum([0, *[int(t["num_leaves"]) for t in told]])
    return Trees(
        feature=_joined(told, "split_feature", np.int64),
        threshold=_joined(told, "threshold", np.float64),
        left=_children(told, "left_child", inner, leaves),
        right=_children(told, "right_child", inner, leaves),
        value=_joined(told, "leaf_value", np.float64),
        root=np.where(np.diff(inner) > 0, inner[:-1], ~leaves[:-1]),
        output=np.arange(len(told)) % outputs,
        outputs=outputs,
    )


def _fields(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def _numbers(tree: Mapping[str, str], key: str, dtype: Any) -> np.ndarray:
    return np.array(tree.get(key, "").split(), dtype)


def _joined(told: list[dict[str, str]], key: str, dtype: Any) -> np.ndarray:
    return np.concatenate([_numbers(t, key, dtype) for t in told])


def _children(
    told: list[dict[str, str]], key: str, inner: np.ndarray, leaves: np.ndarray
) -> np.ndarray:
    """LightGBM counts each tree's nodes from 0; here they follow one another."""
    parts = []
    for k, tree in enumerate(told):
        child = _numbers(tree, key, np.int64)
        parts.append(np.where(child >= 0, child + inner[k], child - leaves[k]))
    return np.concatenate(parts)


def _check_plain(tree: Mapping[str, str]) -> None:
    missing_is_zero = (_numbers(tree, "decision_type", np.int64) >> 2) & 3 == 1
    if tree["num_cat"] != "0":
        operation = "a split by category"
    elif tree.get("is_linear", "0") != "0":
        operation = "a tree with linear leaves"
    elif missing_is_zero.any():
        operation = "a tree for which zero is missing"
    else:
        return
    raise GraphError("no-lowering", function="LightGBM", operation=operation)
