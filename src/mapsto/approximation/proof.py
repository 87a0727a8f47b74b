"""The certificate as it is stored, made, and checked again.

Making and checking need `python-flint`; reading one does not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from mapsto.approximation.network import Network
from mapsto.approximation.rounding import rounding_bound
from mapsto.approximation.target import Target
from mapsto.errors import ExtraMissing
from mapsto.expression import parse, variables


@dataclass(frozen=True)
class Certificate:
    """|f(x) - N(x)| ≤ bound for every real x of [low, high] where f is defined.

    N is the network of this `digest` in exact arithmetic on its stored weights; what
    it returns as run differs by at most `rounding` more. If `relative`, the bound is
    times |f(x)|. `edges`: the cells of the proof.
    """

    expression: str
    low: float
    high: float
    bound: float
    relative: bool
    rounding: float
    digest: str
    edges: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "expression": self.expression,
            "on": [self.low, self.high],
            "bound": self.bound,
            "relative": self.relative,
            "rounding": self.rounding,
            "network": self.digest,
            "cells": list(self.edges),
        }

    @staticmethod
    def from_dict(record: Any) -> "Certificate":
        low, high = record["on"]
        return Certificate(
            record["expression"],
            low,
            high,
            record["bound"],
            record["relative"],
            record["rounding"],
            record["network"],
            tuple(record["cells"]),
        )


@dataclass(frozen=True)
class Verification:
    """Whether a certificate holds; if not, `problem` says why, as a code of
    `catalogue.APPROXIMATIONS`, and `where` it is refuted."""

    holds: bool
    problem: str = ""
    where: float | None = None
    detail: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {"holds": self.holds, "problem": self.problem, "where": self.where}


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
    if target.inputs > 1:
        return None, "no-proof-inputs"
    try:
        prover = import_module("mapsto.approximation.certificate")
    except ImportError:
        return None, "no-proof-extra"
    low, high = float(target.low[0]), float(target.high[0])
    for bound in bounds:
        claim = prover.Claim(target.tree, network, low, high, bound, relative)
        verdict = prover.prove(claim, stopping)
        if verdict.stopped:
            return None, "no-proof-stopped"
        if verdict.proved:
            rounding = rounding_bound(network, target.low, target.high)
            made = Certificate(
                target.words,
                low,
                high,
                bound,
                relative,
                rounding,
                prover.digest(network),
                verdict.edges,
            )
            return made, ""
    return None, "no-proof-cells"


def verified(certificate: Certificate, network: Network) -> Verification:
    """Check a certificate again; only its claim and its cells are taken from it."""
    try:
        prover = import_module("mapsto.approximation.certificate")
    except ImportError as error:
        raise ExtraMissing(
            "extra-missing",
            what="checking a certificate",
            package="python-flint",
            extra="proof",
        ) from error
    if prover.digest(network) != certificate.digest:
        return Verification(False, "proof-other-network")
    ends = np.array([certificate.low]), np.array([certificate.high])
    if not rounding_bound(network, *ends) <= certificate.rounding:
        detail = "its rounding bound is too small"
        return Verification(False, "proof-incomplete", detail=detail)
    tree = parse(certificate.expression)
    if len(variables(tree)) != 1 or network.layers[0].weights.shape[1] != 1:
        detail = "it is for one input only"
        return Verification(False, "proof-incomplete", detail=detail)
    claim = prover.Claim(
        tree,
        network,
        certificate.low,
        certificate.high,
        certificate.bound,
        certificate.relative,
    )
    verdict = prover.check(claim, certificate.edges)
    if verdict.proved:
        return Verification(True)
    if verdict.refuted is not None:
        return Verification(False, "proof-refuted", verdict.refuted)
    return Verification(False, "proof-incomplete", detail=verdict.problem)
