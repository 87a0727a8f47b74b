"""The image network: layers that look for patterns, wherever they are in a picture.

    eta = head(mean over places of stages(picture), other columns)

The form is in `image_form`, its training in `image_training`. The kept function is
the mean of the folds'; where they leave rows that none of them knows (all of them may
share one training, since pictures are costly), the last is trained on with all rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import jax
import numpy as np

from mapsto.data.encoding import Plan
from mapsto.events import Progress, Watch
from mapsto.families.checks import number, whole, yes_or_no
from mapsto.families.family import Dial, Family, Fitted, Sample, Task
from mapsto.families.image_changes import Changes
from mapsto.families.image_form import Form, image_network
from mapsto.families.image_training import Examples, Recipe, Trained, trained

WIDTH = {"quick": 16, "normal": 24, "thorough": 32}
WORK = {"quick": 4e12, "normal": 6e13, "thorough": 3e14}
"""Multiplications and additions of all trainings together."""

FEWEST = {"quick": 6, "normal": 12, "thorough": 24}
MOST_EPOCHS = {"quick": 30, "normal": 160, "thorough": 320}
SMALL = 16  # pixels: smaller pictures need fewer epochs
OF_SMALL = {"quick": 8, "normal": 16, "thorough": 40}
TRAINING = 3  # times the work of telling: forward, and back to pictures and weights
ONWARD = 0.2  # of the epochs, on all rows, for the function that is kept
ONWARD_RATE = 0.3  # of the largest rate
CURVE_POINTS = 100


class Image(Family):
    """Residual convolutional networks."""

    name = "image"
    dials: tuple[Dial, ...] = (
        Dial("width", "channels of the first layer", None, whole(1)),
        Dial("blocks", "residual blocks of each stage", 1, whole(0)),
        Dial("epochs", "passes over the pictures", None, whole(1)),
        Dial("learning_rate", "the largest step", 0.1, number(1e-6, 10)),
        Dial("weight_decay", "share of a weight lost per step", 5e-4, number(0, 1)),
        Dial("dropout", "share of the last neurons left out", 0.2, number(0, 0.95)),
        Dial(
            "label_smoothing", "share moved to all classes alike", 0.1, number(0, 0.9)
        ),
        Dial("mirror", "are mirror images of the same class?", None, yes_or_no),
    )
    averaged = True

    def sees(self, given: Mapping[str, Any]) -> Plan:
        return Plan(clip=True, one_hot=30, many="mean", pictures="pixels")

    def fit(
        self,
        samples: Sequence[Sample],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Fitted]:
        dials = chosen(given, samples, task, effort)
        share = 1 / len(samples)
        if len(samples) == 1:
            share /= 1 + ONWARD
        fits = []
        for k, sample in enumerate(samples):
            form, examples = seen_of(sample, task, dials)
            follow = partial(self._tell, watch, k * share, share)
            recipe = recipe_of(dials)
            run = trained(form, task.classes, examples, recipe, seed + k, watch, follow)
            fits.append(_fitted(run, sample, examples, dials))
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
        """The last training goes on with all rows."""
        told = fits[-1]
        dials = dict(told.hyperparameters)
        recipe = recipe_of(dials)
        onward = replace(
            recipe,
            epochs=max(1, round(ONWARD * recipe.epochs)),
            rate=ONWARD_RATE * recipe.rate,
        )
        form, examples = seen_of(sample, task, dials)
        done = 1 / (1 + ONWARD)
        follow = partial(self._tell, watch, done, 1 - done)
        place = told.parameters["training"]
        run = trained(
            form, task.classes, examples, onward, seed + 1, watch, follow, place
        )
        return _fitted(run, sample, examples, dials, told.details["training"])

    def _tell(
        self, watch: Watch, start: float, share: float, done: float, state: str
    ) -> None:
        watch.tell(Progress(self.name, start + share * done, state))


def function(parameters: Any, x: Any, form: Form) -> Any:
    """eta (n, outputs) of the network among the parameters.

    `order`: where its inputs stand in x, or None where they stand in order.
    """
    if parameters["order"] is not None:
        x = x.__array_namespace__().take(x, parameters["order"], axis=1)
    return image_network(parameters["network"], x, form)


def chosen(
    given: Mapping[str, Any], samples: Sequence[Sample], task: Task, effort: str
) -> dict[str, Any]:
    """Every hyperparameter: what is given, and what follows from the pictures."""
    dials = {d.name: d.default for d in Image.dials} | {
        k: v for k, v in given.items() if v is not None
    }
    dials["width"] = dials["width"] or WIDTH[effort]
    if dials["epochs"] is None:
        form = form_of(samples[0], task, dials)
        rows = sum(len(s.y) for s in samples)
        onward = 1 + ONWARD if len(samples) == 1 else 1.0
        epoch = TRAINING * form.operations * rows * onward
        most = (OF_SMALL if form.side <= SMALL else MOST_EPOCHS)[effort]
        dials["epochs"] = int(np.clip(WORK[effort] / epoch, FEWEST[effort], most))
    return dials


def recipe_of(dials: Mapping[str, Any]) -> Recipe:
    return Recipe(
        epochs=dials["epochs"],
        rate=dials["learning_rate"],
        decay=dials["weight_decay"],
        dropout=dials["dropout"],
        smoothing=dials["label_smoothing"],
        mirror=dials["mirror"],
        changes=Changes(),
    )


def form_of(sample: Sample, task: Task, dials: Mapping[str, Any]) -> Form:
    """From the features: the first column of pictures, and all that are none."""
    pixels, others = places(sample)
    side = sample.features[pixels[0]].levels
    return Form(
        side=side,
        channels=len(pixels) // side**2,
        others=len(others),
        width=dials["width"],
        blocks=dials["blocks"],
        outputs=task.outputs,
    )


def places(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Which columns of x are the pixels of the first pictures; which are no pixels."""
    roles = np.array([f.role == "pixel" for f in sample.features])
    first = sample.features[int(np.argmax(roles))].column
    own = np.array([f.column == first for f in sample.features])
    return np.flatnonzero(roles & own), np.flatnonzero(~roles)


def seen_of(
    sample: Sample, task: Task, dials: Mapping[str, Any]
) -> tuple[Form, Examples]:
    form = form_of(sample, task, dials)
    pixels, others = places(sample)
    n = len(sample.y)
    shape = (n, form.side, form.side, form.channels)
    first = slice(pixels[0], pixels[-1] + 1)
    examples = Examples(
        sample.x[:, first].astype(np.float32).reshape(shape),
        sample.x[:, others].astype(np.float32),
        sample.y.astype(np.float32),
        sample.w.astype(np.float32),
        sample.inner,
    )
    return form, examples


def _fitted(
    run: Trained,
    sample: Sample,
    examples: Examples,
    dials: Mapping[str, Any],
    before: Sequence[Any] = (),
) -> Fitted:
    network = jax.tree.map(np.asarray, run.network(examples))
    training = jax.tree.map(np.asarray, run.place)
    form = run.form
    size = sum(a.size for a in jax.tree.leaves(network))
    hyperparameters = {**dials, "mirror": form.mirrored}
    mirrored = ", and on their mirror images" if form.mirrored else ""
    details = {
        "words": f"a residual network of {len(network['convs']) + 1} layers on "
        f"{form.side} × {form.side} pixels{mirrored}",
        "training": [*before, *_curve(run.losses, len(before))],
    }
    return Fitted(
        partial(function, form=form),
        {"network": network, "training": training, "order": _order(sample)},
        size,
        hyperparameters,
        details,
    )


def _order(sample: Sample) -> np.ndarray | None:
    """The pixels, then the other columns."""
    order = np.concatenate(places(sample))
    plain = len(order) == len(sample.features) and (np.diff(order) == 1).all()
    return None if plain else order


def _curve(losses: Sequence[float], before: int) -> list[list[float]]:
    """[epoch, mean training loss]."""
    return [[before + k + 1, loss] for k, loss in enumerate(losses)]
