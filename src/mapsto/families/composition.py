"""The composition: a declared structure of named parts, learned together.

    eta = (body(part₁(x), part₂(x), …, columns) - center) / scale

Each part is a small function of its own inputs. All are trained in one descent, as a
network is: the folds side by side, first to learn how long, then on all rows. The
kept function is trained anew on every row, so that it is exactly what was declared.
Where the whole must rise or fall with a column, its parts are held so that it does
(`structure_order`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import numpy as np

from mapsto import figures
from mapsto.data.encoding import Plan
from mapsto.events import Stopped, Watch
from mapsto.families.activations import for_training
from mapsto.families.bounds import seen_range
from mapsto.families.composition_dials import DIALS, SHRINKING, chosen, told
from mapsto.families.composition_form import (
    Form,
    PartForm,
    acting,
    composition,
    eta_of,
    values_of,
)
from mapsto.families.composition_settled import settled
from mapsto.families.composition_stack import Parts
from mapsto.families.composition_training import side_by_side
from mapsto.families.family import Dial, Family, Fitted, Sample, Task
from mapsto.families.network import curve_of
from mapsto.families.network_training import (
    Goal,
    Trained,
    Training,
    decays,
    lengths,
    row_losses,
)
from mapsto.families.structure import Structure
from mapsto.families.structure_order import Order
from mapsto.solvers.dropout import Noise, dropout


@dataclass(frozen=True)
class Loss:
    """Mean weighted loss of each member, as a network's."""

    form: Form
    drops: bool

    def __call__(
        self, parameters: Any, constants: Any, batch: Any, noise: Noise | None
    ) -> jax.Array:
        drop = None if noise is None or not self.drops else partial(dropout, noise)
        whole = acting(joined(parameters, constants))
        if drop is None:
            values = side_by_side(whole, batch["x"], self.form, for_training)
        else:
            values = values_of(whole, batch["x"], self.form, for_training, drop)
        eta = eta_of(whole, values, self.form)
        losses = row_losses(eta, batch["y"], self.form.classes, 0.0)
        total = (losses * batch["w"]).sum(axis=1)
        return total / (batch["w"].sum(axis=1) if noise is None else losses.shape[1])


def joined(learned: Any, fixed: Any) -> Any:
    """What is learned of each part, with what is not."""
    parts = {n: {**fixed["parts"][n], **learned[n]} for n in learned}
    return {**fixed, "parts": parts}


class Composition(Family):
    """The family of one declared structure."""

    name = "composition"
    dials: tuple[Dial, ...] = DIALS
    rehearsal = {"target": "identity"}
    """A structure is declared in the units of the target; logarithms are said."""
    warming = {"epochs": 1}

    def __init__(self, structure: Structure, order: Order | None = None):
        self.structure, self.order = structure, order or Order()

    def sees(self, given: Mapping[str, Any]) -> Plan:
        return Plan(clip=False, one_hot=9, many="code")

    def fit(
        self,
        samples: Sequence[Sample],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Fitted]:
        plan = chosen(given, self.structure, samples, task, effort, self.order)
        dials, of_parts = plan
        form = self._form(samples[0], of_parts, task)
        parts = Parts(form, samples, of_parts, seed)
        learned, fixed = parts.start(dials["members"])
        goal = Goal(
            self.name,
            Loss(form, dials["dropout"] > 0),
            learned,
            fixed,
            {n: lengths(p, _inputs(p)) for n, p in learned.items()},
            {n: decays(p) for n, p in learned.items()},
        )
        shrinking = [{name: dials[name] for name in SHRINKING}]
        training = Training(parts.batches, lambda _: goal, dials, shrinking, watch)
        trained = training.run()
        shown = {n: v for n, v in dials.items() if n in [d.name for d in DIALS]}
        fits = []
        for k, sample in enumerate(samples):
            epochs = int(trained.epochs[k])
            used = {**shown, "epochs": epochs, **told(of_parts)}
            fits.append(_fitted(sample, k, trained, fixed, form, used))
        return fits

    def refit(
        self,
        sample: Sample,
        fits: Sequence[Fitted],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> Fitted:
        """One composition of all rows, as long as most folds chose."""
        epochs = int(np.median([f.hyperparameters["epochs"] for f in fits]))
        dials = {**given, "epochs": epochs, "stopping": "last"}
        (fitted,) = self.fit([sample], task, dials, effort, seed, watch)
        if watch.stopping:
            raise Stopped
        return fitted

    def _form(
        self, sample: Sample, dials: Mapping[str, Mapping[str, Any]], task: Task
    ) -> Form:
        place = {
            f.column: j for j, f in enumerate(sample.features) if f.role == "number"
        }
        return Form(
            self.structure,
            tuple(
                PartForm(*(dials[n][d] for d in ("activation", "inputs", "residual")))
                for n in self.structure.order
            ),
            tuple(place[c] for c in self.structure.direct),
            task.classes,
            self.order,
        )


def _inputs(learned: Mapping[str, Any]) -> int:
    return int(learned["layers"][0]["w"].shape[1])


def _fitted(
    sample: Sample,
    k: int,
    trained: Trained,
    fixed: Any,
    form: Form,
    used: Mapping[str, Any],
) -> Fitted:
    """The function of sample k, its parts by the convention."""
    (own,) = np.flatnonzero(trained.owner == k)
    learned = jax.tree.map(lambda a: a[own : own + 1], trained.members.parameters)
    size = sum(a.size for a in jax.tree.leaves(learned))
    parameters = joined(learned, _of_member(fixed, int(own)))
    # In double where directions must hold to the last bits.
    dtype = np.float32 if form.order == Order() else np.float64
    parameters = acting(_as(dtype, parameters))
    if not form.classes:
        parameters |= seen_range(sample.y, dtype)
    parameters, intercept = settled(parameters, sample, form)
    details = {
        "words": words(form, intercept),
        "structure": form.structure.text,
        "intercept": intercept.tolist() if form.outputs > 1 else float(intercept[0]),
        "training": curve_of(trained.members.training[:, [own]]),
    }
    function = partial(composition, form=form)
    return Fitted(function, parameters, size, dict(used), details)


def _of_member(fixed: Any, k: int) -> Any:
    """What has a member axis there has one of length 1."""
    members = len(fixed["center"])
    return jax.tree.map(lambda a: a[k : k + 1] if _stacked(a, members) else a, fixed)


def _stacked(a: np.ndarray, members: int) -> bool:
    return a.ndim == 3 and len(a) == members


def _as(dtype: Any, parameters: Any) -> Any:
    return jax.tree.map(
        lambda a: a.astype(dtype) if a.dtype == np.float32 else a, parameters
    )


def words(form: Form, intercept: np.ndarray) -> str:
    """The structure with the level that its summands share."""
    if form.outputs > 1:
        return f"for each class, {form.structure.text}"
    if intercept[0] == 0:
        return form.structure.text
    return f"{figures.plain(float(intercept[0]))} + {form.structure.text}"
