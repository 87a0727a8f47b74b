"""Groups in a space that a network learns: an autoencoder with a clustering objective.

    code = encoder(x),   x̂ = decoder(code),   p = softmax(head(code))
    loss = r mean ‖x - x̂‖²/d - (H(P) parts below)

P is the table of how often a row is in group k and its neighbour in group l, under
the probabilities p. Its mutual information, Σ P_kl log P_kl / (P_k P_l), is large when
a row's group tells its neighbour's and all groups are used: the objective of invariant
information clustering (Ji, Henriques & Vedaldi 2019,
https://arxiv.org/abs/1807.06653) with neighbours for pairs (Van Gansbeke et al. 2020,
https://arxiv.org/abs/2005.12320). The map is parametric, so rows to come have a
group and a probability. Several networks start side by side; the one whose groups tell
the most about neighbours is kept.
"""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from sklearn.neighbors import NearestNeighbors

from mapsto.catalogue import GROUPINGS
from mapsto.events import Progress, Watch
from mapsto.families.activations import ACTIVATIONS, for_training
from mapsto.families.clusters.family import Grouping
from mapsto.families.layers import layers, start_layers
from mapsto.solvers.descent import Descended, Examples, Recipe, descend
from mapsto.solvers.dropout import Noise

HIDDEN, CODE = 128, 32
ACTIVATION = "silu"
NEIGHBOURS = 10
RECONSTRUCTION = 0.3  # r: keeps in the code what the groups do not need
BALANCE = 1.5  # weight of the entropies: 1 is the mutual information itself, which
# leaves groups unused (Ji et al. 2019, section 3.1)
STEPS = {"quick": 300, "normal": 800, "thorough": 4000}
MEMBERS = {"quick": 2, "normal": 3, "thorough": 8}
BATCH, MOST_ROWS = 256, 5000
RATE, DECAY = 0.03, 1e-4
BIAS_LENGTH = 0.1
TINY = 1e-9


def learned_groups(parameters: Any, x: Any) -> Any:
    """head(encoder(x)): (n, d) -> (n, groups)."""
    xp = x.__array_namespace__()
    bend = ACTIVATIONS[ACTIVATION]
    code = layers(parameters["encoder"], xp.expand_dims(x, axis=0), bend)
    return layers(parameters["head"], bend(code), bend)[0]


def neighbours(x: np.ndarray) -> np.ndarray:
    """The nearest other rows of each row: int32 (n, NEIGHBOURS or fewer)."""
    count = min(NEIGHBOURS, len(x) - 1)
    index = NearestNeighbors(n_neighbors=count + 1).fit(x)
    return index.kneighbors(x, return_distance=False)[:, 1:].astype(np.int32)


def information(p: Any, q: Any, balance: float) -> Any:
    """Σ P log P - balance Σ (P_k log P_k + P_l log P_l), (members, n, groups) twice."""
    table = jnp.einsum("mnk,mnl->mkl", p, q) / p.shape[1]
    table = jnp.maximum((table + jnp.swapaxes(table, 1, 2)) / 2, TINY)
    share = table.sum(axis=2)
    own = (share * jnp.log(share)).sum(axis=1)
    return (table * jnp.log(table)).sum(axis=(1, 2)) - 2 * balance * own


def objective(
    parameters: Any, constants: Any, batch: Any, noise: Noise | None
) -> jax.Array:
    """The loss of each member: (members,)."""
    x, near = batch["x"], batch["near"]
    bits = jnp.zeros(len(x), jnp.uint32) if noise is None else noise.bits
    rank = (bits % near.shape[2]).astype(jnp.int32)
    beside = jnp.take_along_axis(near, rank[:, None, None], axis=2)[:, :, 0]
    bend = for_training(ACTIVATION)
    codes = layers(parameters["encoder"], x, bend)
    told = layers(parameters["decoder"], bend(codes), bend)
    p = jax.nn.softmax(layers(parameters["head"], bend(codes), bend))
    other = layers(parameters["encoder"], constants["rows"][beside], bend)
    q = jax.nn.softmax(layers(parameters["head"], bend(other), bend))
    lost = ((told - x) ** 2).mean(axis=(1, 2))
    return RECONSTRUCTION * lost - information(p, q, BALANCE)


class Learned:
    """An autoencoder whose code is made for groups."""

    name = "network"
    words = GROUPINGS["network"]
    counts = False

    def fit(
        self,
        x: np.ndarray,
        numbers: Sequence[int],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Grouping | None]:
        if len(x) > MOST_ROWS:
            drawn = np.random.default_rng(seed).choice(len(x), MOST_ROWS, replace=False)
            x = x[np.sort(drawn)]
        scale = np.array(np.sqrt(max(x.var(axis=0).mean(), 1e-12)))
        near = neighbours(x)
        return [
            _fit_one(x, scale, near, groups, effort, seed, watch) for groups in numbers
        ]


def _fit_one(
    x: np.ndarray,
    scale: np.ndarray,
    near: np.ndarray,
    groups: int,
    effort: str,
    seed: int,
    watch: Watch,
) -> Grouping:
    seeds = [
        int(np.random.SeedSequence([seed, m]).generate_state(1)[0])
        for m in range(MEMBERS[effort])
    ]
    rows = (x / scale).astype(np.float32)
    start = jax.tree.map(
        lambda *parts: np.stack(parts), *[_start(rows, groups, s) for s in seeds]
    )
    found = _descend(rows, near, start, seeds, effort, watch)
    best = _most_telling(found.parameters, rows, near)
    kept = jax.tree.map(
        lambda a: np.asarray(a[best : best + 1], np.float64), found.parameters
    )
    kept["encoder"][0]["w"] = kept["encoder"][0]["w"] / scale
    parameters = {"encoder": kept["encoder"], "head": kept["head"]}
    told = {"code": CODE, "hidden": HIDDEN, "members": len(seeds)}
    return Grouping(learned_groups, parameters, told)


def _start(rows: np.ndarray, groups: int, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng([seed, 0])
    some = rows[rng.permutation(len(rows))[:1024]]
    bend = ACTIVATIONS[ACTIVATION]
    encoder = start_layers(some, (HIDDEN, CODE), ACTIVATION, False, rng)
    code = bend(
        layers(
            [{n: a[None] for n, a in layer.items()} for layer in encoder],
            some[None],
            bend,
        )[0]
    )
    decoder = start_layers(code, (HIDDEN, rows.shape[1]), ACTIVATION, False, rng)
    head = start_layers(code, (groups,), ACTIVATION, False, rng)
    return {"encoder": encoder, "decoder": decoder, "head": head}


def _steps(parameters: Any) -> Any:
    """1/√inputs for the weights of a neuron, BIAS_LENGTH for biases."""
    return {
        name: [
            {"w": 1 / layer["w"].shape[1] ** 0.5, "b": BIAS_LENGTH} for layer in part
        ]
        for name, part in parameters.items()
    }


def _descend(
    rows: np.ndarray,
    near: np.ndarray,
    start: Any,
    seeds: Sequence[int],
    effort: str,
    watch: Watch,
) -> Descended:
    batch = min(BATCH, len(rows))
    epochs = max(1, round(STEPS[effort] * batch / len(rows)))
    decays = {n: [{"w": 1.0, "b": 0.0} for _ in part] for n, part in start.items()}
    recipe = Recipe(
        rate=RATE,
        epochs=epochs,
        batch=batch,
        decay=DECAY,
        dropout=0.0,
        schedule="cosine",
        averaging=0,
    )
    data = {"x": rows[None], "near": near[None]}
    owner = np.zeros(len(seeds), np.int32)

    def follow(losses: np.ndarray) -> bool:
        watch.tell(Progress("network", len(losses) / epochs))
        return False

    return descend(
        objective,
        start,
        _steps(start),
        decays,
        {"rows": rows},
        Examples(data, None, np.array([len(rows)]), owner),
        recipe,
        seeds,
        watch,
        follow,
    )


def _most_telling(parameters: Any, rows: np.ndarray, near: np.ndarray) -> int:
    """The member whose groups tell the most about those of all neighbours."""
    bend = ACTIVATIONS[ACTIVATION]
    told = []
    for m in range(len(parameters["head"][0]["w"])):
        own = jax.tree.map(lambda a, m=m: np.asarray(a[m : m + 1]), parameters)
        code = layers(own["encoder"], rows[None], bend)
        p = jax.nn.softmax(layers(own["head"], bend(code), bend))[0]
        beside = np.asarray(p)[near].mean(axis=1)
        told.append(float(information(p[None], beside[None], 1.0)[0]))
    return int(np.argmax(told))
