"""The search for the terms of a formula.

Round after round: look at every product of the library, form the most promising
(to be added to the terms at hand, or put in the place of one of them), choose the
best subset of what is formed, tune the numbers inside. It ends when the criterion
falls no more. The start is the best subset of the shortest terms, so that simple
laws are not missed for the sake of complicated ones that come near.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from mapsto.events import Stopped, Watch
from mapsto.families.formula_library import (
    Library,
    Variable,
    asked,
    functions,
    library,
    monomials,
    shortest,
)
from mapsto.families.formula_rows import Rows, Solution, Working, solve, working
from mapsto.families.formula_terms import ONE, Term, fitted_numbers, length
from mapsto.families.formula_tuning import (
    Number,
    fitted_groups,
    free_exponents,
    rounder,
    slope,
    sound_among,
    tuned,
)
from mapsto.solvers.sparse import best_pair, best_subset, left_over, products

BEAM = 6
FORMED, FORMED_PER_SWAP = 160, 24  # products that are formed in a round
DIRECTIONS = 3  # of the residuals of many classes that are looked at
PAIRED = 150  # variables whose pairs are looked at
STEEP = 3  # total exponent of the factors by which a term may move
ROUNDED = 2.0  # loss that a rounder number may cost
BETTER = 1e-6
TINY = 1e-300
MOST_FORMED = 6e8  # rows · terms² of a start


@dataclass(frozen=True)
class Effort:
    """How much work the search may do.

    work: rows · products looked at. starts: (shortest terms formed, terms added per
    round) of each start.
    """

    rows: int
    work: float
    variables: int
    rounds: int
    starts: tuple[tuple[int, int], ...]
    climbs: int


@dataclass(frozen=True, eq=False)
class Factors:
    """Terms with their values (n, k), of mean square 1, and their costs (k,).

    Terms that are not finite on every row stand there as zeros, which say nothing.
    """

    terms: tuple[Term, ...]
    values: np.ndarray
    costs: np.ndarray


@dataclass(frozen=True, eq=False)
class Search:
    """The search on one set of rows."""

    rows: Rows
    most: int
    parsimony: float
    kinds: tuple[str, ...]
    effort: Effort
    watch: Watch
    libraries: dict[tuple[Variable, ...], Library] = field(default_factory=dict)
    prepared: dict[Library, tuple[Factors, Factors, np.ndarray]] = field(
        default_factory=dict
    )

    def cost(self, term: Term) -> float:
        """log n for each number that is fitted, and twice the term's length."""
        numbers = max(self.rows.task.classes - 1, 1) + fitted_numbers(term)
        named = length(term, self.rows.raw.shape[1])
        return numbers * np.log(max(self.rows.size, 3.0)) + 2 * self.parsimony * named

    def criterion(self, solution: Solution) -> float:
        return solution.loss + sum(self.cost(t) for t in solution.terms)

    def best(self, solutions: Sequence[Solution]) -> Solution:
        return min(solutions, key=self.criterion)

    def run(self) -> Solution:
        """The terms of the formula, simplified."""
        nothing = solve(self.rows, ())
        variables = self.relevant(nothing, working(self.rows, nothing.eta))
        short = self.short(variables)
        starts = {
            frozenset(start.terms): start
            for size, added in self.effort.starts
            if len(self.rows.y) * size**2 < MOST_FORMED
            for start in [self.climb(nothing, added, short[:size])]
        }
        chosen = sorted(starts.values(), key=self.criterion)[: self.effort.climbs]
        return self.simplified(self.best([self.climb(s, self.most) for s in chosen]))

    def short(self, variables: Sequence[Variable]) -> list[Term]:
        """The shortest terms over these variables."""
        raw, width = self.rows.raw, self.rows.raw.shape[1]
        terms = [
            *monomials(variables, self.kinds, 3),
            *functions(variables, raw, self.kinds),
        ]
        most = max(size for size, _ in self.effort.starts)
        return sound_among(self.rows, shortest(terms, width)[:most])

    def climb(
        self, best: Solution, added: int, fixed: Sequence[Term] | None = None
    ) -> Solution:
        """Rounds that each add up to so many terms, until nothing is gained."""
        for _ in range(self.effort.rounds):
            if self.watch.stopping:
                raise Stopped
            new = self.round(best, added, fixed)
            if added == 1:
                new = self.freed(new)
            if fixed is None:
                new = self.split(new)
            if self.criterion(new) > self.criterion(best) - BETTER:
                break
            best = new
        return best

    def round(self, at: Solution, added: int, fixed: Sequence[Term] | None) -> Solution:
        """The best subset of the terms at hand and the fixed, or promising, ones."""
        near = working(self.rows, at.eta)
        pool = self.promising(at, near) if fixed is None else fixed
        pool = list(dict.fromkeys([*at.terms, *pool]))
        if not pool:
            return at
        costs = np.array([self.cost(t) for t in pool])
        most = min(self.most, len(at.terms) + added)
        values = self.rows.values(pool)
        chosen = best_subset(values, near.z, near.v, costs, near.loss, most, BEAM)
        terms = [pool[j] for j in chosen]
        better = tuned(self.rows, terms, near)
        return self.best([solve(self.rows, t) for t in (terms, better)])

    def split(self, found: Solution) -> Solution:
        """Each term parted in two where that pays: x log(a/b)/√(ab) into x/b - x/a.

        A difference is not found term by term: neither part says much alone.
        """
        near = working(self.rows, found.eta)
        for term in found.terms if len(found.terms) < self.most else ():
            others = [t for t in found.terms if t != term]
            for pool in self._parts(term, others):
                costs = np.array([self.cost(t) for t in pool])
                x, chosen = self.rows.values(pool), self.rows.values(others)
                pair = best_pair(x, chosen, near.z, near.v, costs, near.loss)
                if pair is not None:
                    new = solve(self.rows, [*others, *(pool[j] for j in pair)])
                    found = self.best([found, new])
            if term not in found.terms:
                break  # the others are judged anew in the next round
        return found

    def _parts(self, term: Term, others: Sequence[Term]) -> Iterator[list[Term]]:
        """What stands in the place of two of the term's columns: their monomials."""
        variables = {v.index: v for v in self.rows.variables}
        columns = {i for i, _ in (*term.powers, *term.inner)} & set(variables)
        inner = {i for i, _ in term.inner}
        for two in combinations(sorted(columns), 2):
            if not term.function or inner <= set(two):
                rest = Term(tuple((i, p) for i, p in term.powers if i not in two))
                some = monomials([variables[i] for i in two], self.kinds, 2)
                every = dict.fromkeys([rest, *(rest * part for part in some)])
                new = [t for t in every if t not in (ONE, *others)]
                pool = sound_among(self.rows, [t for t in new if asked(t, self.kinds)])
                if len(pool) > 1:
                    yield pool

    # ── what is promising ──

    def promising(self, at: Solution, near: Working) -> list[Term]:
        """Terms that explain much of what is left: columns, products, and what the
        terms at hand become when they are multiplied by a factor."""
        near = _few_outputs(near, at.eta)
        variables = self.relevant(at, near)
        most = int(self.effort.work / len(near.z))
        if variables not in self.libraries:
            raw = self.rows.raw
            self.libraries[variables] = library(variables, raw, self.kinds, most)
        products_of = self.libraries[variables]
        moves = Library(at.terms, tuple(self._moves(variables)))
        found: list[Term] = []
        for part in (Library((ONE,), self.rows.plain), products_of):
            found += self.best_products(part, at, near)
        if at.terms and moves.right:
            found += self.best_products(moves, at, near, moved=True)
        found = [t for t in dict.fromkeys(found) if t != ONE and asked(t, self.kinds)]
        return sound_among(self.rows, found)

    def _moves(self, variables: Sequence[Variable]) -> Iterator[Term]:
        for term in monomials(variables, self.kinds, 2):
            if sum(abs(p) for _, p in term.powers) <= STEEP:
                yield term

    def best_products(
        self, part: Library, at: Solution, near: Working, moved: bool = False
    ) -> list[Term]:
        """The products by which the criterion may fall most, added or swapped in."""
        left, right, apart = self.factors(part)
        if moved:
            apart = np.ones_like(apart)
        chosen = self.rows.values(at.terms)
        screening = products(left.values, right.values, chosen, near.z, near.v)
        square = left_over(chosen, near.z, near.v)
        costs = np.add.outer(left.costs, right.costs)
        found = []
        for k, fall in enumerate([screening.added, *screening.swapped]):
            loss = near.loss(np.maximum(square - fall, 0.0)) + costs
            ranked = _smallest(
                np.where(apart, loss, np.inf), FORMED_PER_SWAP if k else FORMED
            )
            found += [part.left[a] * part.right[b] for a, b in ranked]
        return found

    def factors(self, part: Library) -> tuple[Factors, Factors, np.ndarray]:
        """Both sides of the library with their values, and which products count."""
        if part not in self.prepared:
            left, right = self._factors(part.left), self._factors(part.right)
            self.prepared[part] = left, right, part.apart()
        return self.prepared[part]

    def _factors(self, terms: tuple[Term, ...]) -> Factors:
        ones = np.ones(len(self.rows.y))
        columns = [ones if t == ONE else self.rows.value(t) for t in terms]
        values = np.stack(columns, axis=1)
        values = np.where(np.isfinite(values).all(axis=0), values, 0.0)
        values = values / np.maximum(np.abs(values).max(axis=0), TINY)
        values = values / np.maximum(np.sqrt((values**2).mean(axis=0)), TINY)
        return Factors(terms, values, np.array([self.cost(t) for t in terms]))

    def relevant(self, at: Solution, near: Working) -> tuple[Variable, ...]:
        """The variables that matter most for what is left, alone or in pairs."""
        variables, most = self.rows.variables, self.effort.variables
        if len(variables) <= most:
            return variables
        used = {i for t in at.terms for i, _ in (*t.powers, *t.inner)}
        score = self._alone(at, near)
        ranked = sorted(variables, key=lambda v: -score[v.index])[:PAIRED]
        pairs = self._pairs(ranked, at, near)
        score |= {
            v.index: max(score[v.index], p) for v, p in zip(ranked, pairs, strict=True)
        }
        ranked.sort(key=lambda v: (v.index not in used, -score[v.index]))
        return tuple(sorted(ranked[:most], key=lambda v: v.index))

    def _alone(self, at: Solution, near: Working) -> dict[int, float]:
        """The most that a power of each variable takes away."""
        terms = tuple(
            Term(((v.index, p),))
            for v in self.rows.variables
            for p in (1.0, 2.0, 0.5, -1.0)
            if v.takes(p)
        )
        left, right, _ = self.factors(Library((ONE,), terms))
        chosen = self.rows.values(at.terms)
        falls = products(left.values, right.values, chosen, near.z, near.v).added[0]
        score = dict.fromkeys((v.index for v in self.rows.variables), 0.0)
        for term, fall in zip(terms, falls.tolist(), strict=True):
            score[term.powers[0][0]] = max(score[term.powers[0][0]], fall)
        return score

    def _pairs(
        self, variables: Sequence[Variable], at: Solution, near: Working
    ) -> list[float]:
        """The most that the product of each variable with another takes away."""
        raw = self.rows.raw[:, [v.index for v in variables]]
        centred = (raw - raw.mean(axis=0)) / np.maximum(raw.std(axis=0), 1e-300)
        chosen = self.rows.values(at.terms)
        falls = products(centred, centred, chosen, near.z, near.v).added
        np.fill_diagonal(falls, 0.0)
        return falls.max(axis=1).tolist()

    # ── simplification ──

    def simplified(self, found: Solution) -> Solution:
        """Exponents freed where that pays, numbers rounded, idle terms dropped."""
        found = self.rounded(self.freed(found))
        return dropped(found, self.rows, self.cost)

    def freed(self, found: Solution) -> Solution:
        """Exponents of one term at a time, where the slope in them says something."""
        near = working(self.rows, found.eta)
        if near.z.shape[1] > 1 or not {"power", "root"} <= set(self.kinds):
            return found
        for k, term in enumerate(found.terms):
            free = [(k, place) for place in free_exponents(self.rows, term)]
            if free and self._would_pay(found, near, free):
                new = tuned(self.rows, found.terms, near, free)
                found = self.best([found, solve(self.rows, new)])
        return found

    def _would_pay(
        self, found: Solution, near: Working, free: Sequence[Number]
    ) -> bool:
        """Whether the linearised gain is more than the price of the numbers."""
        chosen = self.rows.values(found.terms)
        slopes = [slope(self.rows, found.terms[k], place) for k, place in free]
        more = np.column_stack([chosen, *slopes])
        now, then = (left_over(x, near.z, near.v) for x in (chosen, more))
        gain = near.loss(np.array(now)) - near.loss(np.array(then))
        return bool(gain > len(free) * np.log(max(self.rows.size, 3.0)))

    def rounded(self, found: Solution) -> Solution:
        """Each fitted number as round as the data allow."""
        for group in fitted_groups(found.terms):
            for terms in rounder(found.terms, group):
                if len(sound_among(self.rows, terms)) < len(terms):
                    continue
                new = solve(self.rows, terms)
                if new.loss < found.loss + ROUNDED:
                    found = new
                    break
        return found


def dropped(found: Solution, rows: Rows, cost: Callable[[Term], float]) -> Solution:
    """Without the terms that cost more than they give."""
    while found.terms:
        near = working(rows, found.eta)
        fewer = [[t for t in found.terms if t != out] for out in found.terms]
        left = [left_over(rows.values(terms), near.z, near.v) for terms in fewer]
        prices = np.array([cost(t) for t in found.terms])
        worst = int(np.argmin(near.loss(np.array(left)) - prices))
        new = solve(rows, fewer[worst])
        if new.loss - found.loss >= prices[worst]:
            break
        found = new
    return found


def _few_outputs(near: Working, eta: np.ndarray) -> Working:
    """The leading directions of what many outputs leave."""
    if near.z.shape[1] <= DIRECTIONS:
        return near
    residual = np.sqrt(near.v)[:, None] * (near.z - eta)
    _, _, directions = np.linalg.svd(residual, full_matrices=False)
    return Working(near.z @ directions[:DIRECTIONS].T, near.v, near.loss)


def _smallest(values: np.ndarray, count: int) -> list[tuple[int, int]]:
    """Where the smallest finite values stand, the smallest first."""
    flat = values.ravel()
    some = np.argpartition(flat, min(count, len(flat)) - 1)[:count]
    order = some[np.argsort(flat[some], kind="stable")]
    return [divmod(int(k), values.shape[1]) for k in order if np.isfinite(flat[k])]
