"""A few columns out of very many that explain a target by least squares.

    minimise over S, β:   loss(Σ vᵢ |zᵢ - a - x_{iS} β|²) + Σ_{j in S} cost_j

`products` looks at every column x_j = left_a · right_b without forming any of them;
`best_subset` searches among some hundreds of formed ones. Both are orthogonal least
squares (Chen, Billings & Luo 1989, https://doi.org/10.1080/00207178908953472): what a
column adds is judged after what the chosen ones already say is taken out of it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

Array = np.ndarray
Loss = Callable[[Array], Array]
"""From the sum of squares that is left to what is minimised."""

COLLINEAR = 1e-9  # share of a column's square that the chosen ones do not say


@dataclass(frozen=True, eq=False)
class Screening:
    """Falls of the sum of squares, (A, B): of the chosen columns with one added, and
    with one in the place of each chosen one (in their order)."""

    added: Array
    swapped: tuple[Array, ...]


def products(left: Array, right: Array, chosen: Array, z: Array, v: Array) -> Screening:
    """What each product left_a · right_b adds to the `chosen` columns.

    left: (n, A), right: (n, B), chosen: (n, k), z: (n, K), v: (n,) weights. With
    q an orthonormal basis of 1 and the chosen columns, and r what they leave of z,
    the fall is |r'x|² / (|x|² - Σ_q (q'x)²), and q'x is left' diag(q) right.
    """
    root = np.sqrt(v)
    q, upper = np.linalg.qr(np.column_stack([root, chosen * root[:, None]]))
    target = z * root[:, None]
    r = target - q @ (q.T @ target)

    def along(weight: Array) -> Array:
        return (left * weight[:, None]).T @ right

    said = [along(root * direction) for direction in q.T]
    new = [along(root * part) for part in r.T]
    square = (left**2 * v[:, None]).T @ right**2
    own = square - said[0] ** 2  # around the mean
    rest = own - sum(a**2 for a in said[1:])
    floor = COLLINEAR * square + 1e-300
    falls = _fall(new, rest, floor)
    swapped = []
    for u in np.linalg.inv(upper)[1:]:
        # u spans what only this chosen column says: the row of the inverse of R
        u = u / np.linalg.norm(u)
        only = sum(c * a for c, a in zip(u, said, strict=True))
        lost = u @ (q.T @ target)
        back = [c + part * only for c, part in zip(new, lost, strict=True)]
        fall = _fall(back, rest + only**2, floor) - float(lost @ lost)
        swapped.append(fall)
    return Screening(falls, tuple(swapped))


def _fall(cross: Sequence[Array], rest: Array, floor: Array) -> Array:
    good = rest > floor
    return np.where(good, sum(c**2 for c in cross) / np.where(good, rest, 1.0), 0.0)


def left_over(chosen: Array, z: Array, v: Array) -> float:
    """Σ v (z - a - chosen β)² at its least. chosen: (n, k), z: (n, K), v: (n,)."""
    root = np.sqrt(v)[:, None]
    q, _ = np.linalg.qr(np.column_stack([root, chosen * root]))
    target = z * root
    return float(((target - q @ (q.T @ target)) ** 2).sum())


def best_pair(
    x: Array, chosen: Array, z: Array, v: Array, costs: Array, loss: Loss
) -> tuple[int, int] | None:
    """The two columns of x that explain most beside the `chosen` ones.

    x: (n, M), chosen: (n, k), z: (n, K), v: (n,) weights, costs: (M,). All pairs are
    looked at: a difference may say what neither of its parts says alone. With G and c
    the products of the columns' rests with each other and with z, the fall is
    (c_i² G_jj - 2 c_i c_j G_ij + c_j² G_ii) / (G_ii G_jj - G_ij²). None: no two columns
    are free of each other.
    """
    root = np.sqrt(v)[:, None]
    q, _ = np.linalg.qr(np.column_stack([root, chosen * root]))
    parts = x * root
    parts = parts / np.maximum(np.linalg.norm(parts, axis=0), 1e-300)
    parts, r = (a - q @ (q.T @ a) for a in (parts, z * root))
    gram, cross = parts.T @ parts, parts.T @ r
    own = np.diag(gram)
    both = np.outer(own, own) - gram**2
    good = both > COLLINEAR * np.maximum(np.outer(own, own), COLLINEAR**2)
    up = (cross**2).sum(axis=1)
    fall = np.outer(up, own) + np.outer(own, up) - 2 * gram * (cross @ cross.T)
    left = np.maximum((r**2).sum() - fall / np.where(good, both, 1.0), 0.0)
    total = np.where(good, loss(left) + np.add.outer(costs, costs), np.inf)
    i, j = divmod(int(np.argmin(total)), len(costs))
    return (i, j) if good[i, j] else None


@dataclass(frozen=True, eq=False)
class _State:
    """A set of columns; what is left to say, and of what, once they have spoken.

    cross: (M, K) products of the columns' rests with z; rest: (M,) their squares.
    """

    chosen: tuple[int, ...]
    cross: Array
    rest: Array
    said: tuple[Array, ...]
    square: float
    cost: float


def best_subset(
    x: Array, z: Array, v: Array, costs: Array, loss: Loss, most: int, beam: int
) -> list[int]:
    """The columns of x whose loss plus costs is the least that was found.

    x: (n, M), z: (n, K), v: (n,) weights, costs: (M,). Forward with a beam, then
    dropping and swapping single columns for as long as that helps.
    """
    search = _Search(x, z, v, costs, loss)
    best = found = search.start
    front = [best]
    for _ in range(most):
        front = search.grown(front, beam)
        if not front:
            break
        found = min([found, front[0]], key=search.value)
    while True:
        better = min(search.neighbours(found, most), key=search.value, default=found)
        if search.value(better) >= search.value(found) - 1e-9:
            return sorted(found.chosen)
        found = better


class _Search:
    """The centred Gram matrix, and the moves."""

    def __init__(self, x: Array, z: Array, v: Array, costs: Array, loss: Loss):
        root = np.sqrt(v)[:, None]
        xc = (x - np.average(x, axis=0, weights=v)) * root
        zc = (z - np.average(z, axis=0, weights=v)) * root
        norms = np.linalg.norm(xc, axis=0)
        xc = xc / np.where(norms > 0, norms, 1.0)
        self.gram = xc.T @ xc
        self.costs, self.loss = costs, loss
        square = float((zc**2).sum())
        self.start = _State((), xc.T @ zc, np.diag(self.gram).copy(), (), square, 0.0)

    def value(self, state: _State) -> float:
        return float(self.loss(np.array(state.square))) + state.cost

    def _values(self, state: _State) -> Array:
        """The value of the state with each column added, (M,)."""
        good = state.rest > COLLINEAR
        falls = (state.cross**2).sum(axis=1) / np.where(good, state.rest, 1.0)
        left = np.maximum(state.square - falls, 0.0)
        return np.where(good, self.loss(left) + state.cost + self.costs, np.inf)

    def added(self, state: _State, j: int) -> _State:
        direction = self.gram[j] - sum(a[j] * a for a in state.said)
        direction = direction / np.sqrt(state.rest[j])
        along = state.cross[j] / np.sqrt(state.rest[j])
        return _State(
            (*state.chosen, j),
            state.cross - direction[:, None] * along,
            state.rest - direction**2,
            (*state.said, direction),
            max(state.square - float(along @ along), 0.0),
            state.cost + float(self.costs[j]),
        )

    def grown(self, front: Sequence[_State], beam: int) -> list[_State]:
        """The best sets with one more column, no set twice."""
        new: dict[frozenset[int], tuple[float, _State, int]] = {}
        for state in front:
            values = self._values(state)
            for j in np.argsort(values, kind="stable")[:beam].tolist():
                if np.isfinite(values[j]):
                    key = frozenset((*state.chosen, j))
                    new.setdefault(key, (float(values[j]), state, j))
        ranked = sorted(new.values(), key=lambda entry: entry[0])
        return [self.added(state, j) for _, state, j in ranked[:beam]]

    def neighbours(self, state: _State, most: int) -> Iterator[_State]:
        """One column added, dropped or exchanged, or one in the place of two."""
        if len(state.chosen) < most:
            yield from self._with_one_more(state)
        for size in (1, 2):
            for out in combinations(state.chosen, size):
                fewer = self.start
                for j in state.chosen:
                    if j not in out:
                        fewer = self.added(fewer, j)
                yield fewer
                yield from self._with_one_more(fewer)

    def _with_one_more(self, state: _State) -> Iterator[_State]:
        values = self._values(state)
        best = int(np.argmin(values))
        if np.isfinite(values[best]):
            yield self.added(state, best)
