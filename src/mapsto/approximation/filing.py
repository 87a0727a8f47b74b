"""Approximations in files, and their certificates checked again."""

from pathlib import Path
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.approximation import story
from mapsto.approximation.proof import Verification, count, verified
from mapsto.approximation.result import KIND, Approximation, from_record
from mapsto.errors import FileError
from mapsto.graph import archive


def load(path: Any) -> Approximation:
    """Read a .mapsto file that an approximation was saved to."""
    return read_record(archive.read(path)[0], str(path))


def read_record(record: Any, path: str) -> Approximation:
    """The approximation of a file's record. Errors: FileError if it is not one."""
    if record.get("kind") != KIND:
        raise FileError(
            "file-foreign", path=path, problem="it does not hold an approximation"
        )
    try:
        made = from_record(record)
        shapes = [a.shape for a in made.network.arrays()]
        made.predict(np.zeros((1, len(made.names))))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        problem = f"its record is not complete ({error})"
        raise FileError("file-damaged", path=path, problem=problem) from error
    if not all(np.isfinite(a).all() for a in made.network.arrays()):
        problem = f"a weight of the layers {shapes} is not finite"
        raise FileError("file-damaged", path=path, problem=problem)
    return made


def verify(of: Approximation | str | Path) -> Verification:
    """Check a certificate again: of an approximation, or of the file of one.

    Nothing is taken on trust but the function, the domain, the bound and the cells
    that the certificate states: each cell is proved anew on the stored weights.
    Errors: FileError; ExtraMissing without python-flint.
    """
    made = of if isinstance(of, Approximation) else load(of)
    proof = made.certificate
    if proof is None:
        return Verification(False, "proof-missing")
    domain = (proof.names, proof.low, proof.high)
    if domain != (made.names, made.low, made.high) or proof.expression != made.function:
        return Verification(False, "proof-other-claim")
    return verified(proof, made.network)


def told(of: Approximation, found: Verification) -> str:
    """A verification in words."""
    proof = of.certificate
    if proof is None:
        return catalogue.APPROXIMATIONS["proof-missing"]
    return catalogue.APPROXIMATIONS[found.problem or "proof-holds"].format(
        bound=f"{proof.bound:.6g}",
        times=" |f|" if proof.relative else "",
        domain=story.domain(of.to_dict()),
        expression=proof.expression,
        cells=count(proof.cells),
        where=found.where and story.point(proof.names, found.where),
        detail=found.detail,
    )
