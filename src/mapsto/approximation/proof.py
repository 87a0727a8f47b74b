"""The certificate as it is stored, made, and checked again.

Making and checking need `python-flint`; reading one does not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from mapsto.approximation.claim import Claim, digest
from mapsto.approximation.network import Network
from mapsto.approximation.rounding import rounding_bound
from mapsto.approximation.target import Target
from mapsto.errors import ExtraMissing
from mapsto.expression import parse, variables

MOST_INPUTS = 2


@dataclass(frozen=True)
class Certificate:
    """|f(x) - N(x)| ≤ bound for every real x of [low, high] where f is defined.

    N is the network of this `digest` in exact arithmetic on its stored weights, with
    inputs in the order of `names`; what it returns as run differs by at most `rounding`
    more. If `relative`, the bound is times |f(x)|. `cells` of the proof: their edges
    for one input, the signs of `certificate_plane` for two.
    """

    expression: str
    names: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    bound: float
    relative: bool
    rounding: float
    digest: str
    cells: tuple[float, ...] | str

    def to_dict(self) -> dict[str, Any]:
        ends = zip(self.names, self.low, self.high, strict=True)
        return {
            "expression": self.expression,
            "on": {name: [low, high] for name, low, high in ends},
            "bound": self.bound,
            "relative": self.relative,
            "rounding": self.rounding,
            "network": self.digest,
            "cells": self.cells if isinstance(self.cells, str) else list(self.cells),
        }

    @staticmethod
    def from_dict(record: Any) -> "Certificate":
        names = tuple(record["on"])
        low, high = zip(*record["on"].values(), strict=True)
        cells = record["cells"]
        return Certificate(
            record["expression"],
            names,
            low,
            high,
            record["bound"],
            record["relative"],
            record["rounding"],
            record["network"],
            cells if isinstance(cells, str) else tuple(cells),
        )


def count(cells: Any) -> int:
    """How many cells a proof has, as they are stored."""
    return cells.count(".") if isinstance(cells, str) else len(cells) - 1


@dataclass(frozen=True)
class Verification:
    """Whether a certificate holds; if not, `problem` says why, as a code of
    `catalogue.APPROXIMATIONS`, and `where` it is refuted."""

    holds: bool
    problem: str = ""
    where: tuple[float, ...] | None = None
    detail: str = ""

    def to_dict(self) -> dict[str, Any]:
        where = None if self.where is None else list(self.where)
        return {"holds": self.holds, "problem": self.problem, "where": where}


def certify(
    target: Target,
    network: Network,
    relative: bool,
    bounds: tuple[float, ...],
    stopping: Callable[[], bool] = lambda: False,
) -> tuple[Certificate | None, str]:
    """A certificate for the first of the bounds that can be proved, or why not."""
    if target.tree is None:
        return None, "no-proof-samples" if target.samples else "no-proof-callable"
    if target.inputs > MOST_INPUTS:
        return None, "no-proof-inputs"
    try:
        prover = _prover(target.inputs)
    except ImportError:
        return None, "no-proof-extra"
    names, low, high = target.names, tuple(target.low), tuple(target.high)
    unproved = "no-proof-cells"
    for bound in bounds:
        claim = Claim(target.tree, network, names, low, high, bound, relative)
        verdict = prover.prove(claim, stopping)
        unproved = "no-proof-stopped" if verdict.stopped else unproved
        if verdict.proved:
            rounding = rounding_bound(network, target.low, target.high)
            made = Certificate(
                target.words,
                names,
                tuple(target.low.tolist()),
                tuple(target.high.tolist()),
                bound,
                relative,
                rounding,
                digest(network),
                verdict.cells,
            )
            return made, ""
    return None, unproved


def _prover(inputs: int) -> Any:
    """The room of proofs for so many inputs. ImportError without python-flint."""
    name = "certificate" if inputs == 1 else "certificate_plane"
    return import_module(f"mapsto.approximation.{name}")


def verified(certificate: Certificate, network: Network) -> Verification:
    """Check a certificate again; only its claim and its cells are taken from it."""
    names = certificate.names
    try:
        prover = _prover(len(names))
    except ImportError as error:
        raise ExtraMissing(
            "extra-missing",
            what="checking a certificate",
            package="python-flint",
            extra="proof",
        ) from error
    if digest(network) != certificate.digest:
        return Verification(False, "proof-other-network")
    ends = np.array(certificate.low), np.array(certificate.high)
    if len(names) != network.layers[0].weights.shape[1] or len(names) > MOST_INPUTS:
        return _incomplete("its inputs are not those of the network")
    if not rounding_bound(network, *ends) <= certificate.rounding:
        return _incomplete("its rounding bound is too small")
    tree = parse(certificate.expression)
    if not set(variables(tree)) <= set(names):
        return _incomplete("its function has other inputs")
    claim = Claim(
        tree,
        network,
        names,
        certificate.low,
        certificate.high,
        certificate.bound,
        certificate.relative,
    )
    verdict = prover.check(claim, certificate.cells)
    if verdict.proved:
        return Verification(True)
    if verdict.refuted is not None:
        return Verification(False, "proof-refuted", verdict.refuted)
    return _incomplete(verdict.problem)


def _incomplete(detail: str) -> Verification:
    return Verification(False, "proof-incomplete", detail=detail)
