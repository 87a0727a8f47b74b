"""What every estimator of the scikit-learn face shares: arguments, rows in, labels out.

A final class is a kind (`Regressor`, `Classifier`) left of what learns (`OneFamily`,
or the ladder): the kind turns y into numbers and predictions into answers, the other
has `_learn(rows, numbers, weights, name)` and `_told(rows)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from numbers import Integral
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import Tags, assert_all_finite
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    check_array,
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from mapsto.data.frames import is_frame
from mapsto.data.raw import Raw
from mapsto.data.read import read
from mapsto.data.typed import infinite, type_table
from mapsto.errors import DataError
from mapsto.families import LADDER
from mapsto.families.member import in_chunks
from mapsto.record import formula
from mapsto.rungs import formula_text
from mapsto.scores import said
from mapsto.selection import options
from mapsto.selection.reading import row_weights
from mapsto.selection.whole import fit_whole, whole_problem

FAMILIES = {family.name: family for family in LADDER}
DIAL: Any = object()
"""The default of an argument that is a dial of the family: the dial's own."""

LEAST_ROWS = 3
MOST_TERMS = 12

MEANINGS = {
    "target": 'the space in which the target is fitted, "identity" or "log"',
    "families": 'rungs of the ladder, "auto" or a sequence such as ("line", "steps")',
    "hyperparameters": 'what is given of them, such as {"steps": {"leaves": 7}}',
    "score_by": "the score by which choices are made",
    "effort": 'a fixed amount of work: "quick", "normal" or "thorough"',
    "budget": "seconds after which the climb stops and keeps the best so far",
    "validation": "a mapsto.Validation or a scikit-learn splitter",
    "monotone": 'columns to rise with (1) or fall (-1), such as {"x0": 1}',
    "costs": 'the cost of missing a label, such as {"yes": 5.0}; others cost 1',
    "kinds": 'columns that are not what they seem, such as {"zip": "category"}',
    "adequate": "share of the best's gain that the simplest adequate may lose",
    "use": 'the function that predicts, "best" or "simplest"',
    "n_clusters": "how many groups; None lets the data tell",
    "random_state": "the seed; None draws another one at each fit",
}

Class = TypeVar("Class", bound="Rows")


@dataclass_transform(kw_only_default=True, eq_default=False)
def arguments(cls: type[Class]) -> type[Class]:
    """The fields of a class become its constructor's arguments, by keyword only."""
    for dial in FAMILIES[cls.family].dials if cls.family else ():
        if getattr(cls, dial.name, None) is DIAL:
            setattr(cls, dial.name, dial.default)
    return dataclass(eq=False, repr=False, kw_only=True)(cls)


@dataclass_transform(kw_only_default=True, eq_default=False)
def estimator(cls: type[Class]) -> type[Class]:
    """The same, and the docstring tells what each argument means."""
    cls = arguments(cls)
    dials = options.dials_of(FAMILIES[cls.family]) if cls.family else ()
    meanings = MEANINGS | {dial.name: dial.meaning for dial in dials}
    told = [
        f"    {f.name} : default={f.default!r}\n        {meanings[f.name]}"
        for f in fields(cls)
    ]
    head = [str(cls.__doc__), "", "    Parameters", "    ----------"]
    cls.__doc__ = "\n".join(head + told)
    return cls


# ── what all of them share ──


@arguments
class Rows(BaseEstimator):  # type: ignore[misc]
    """Takes rows in and checks them."""

    family: ClassVar[str] = ""
    effort: str = "normal"
    kinds: Mapping[str, str] | None = None
    random_state: Any = 0

    def _rows(self, X: Any) -> Raw:
        """Rows to predict, checked against those of the fit."""
        check_is_fitted(self)
        X = dense(self, X, 1)
        validate_data(self, X, reset=False, skip_check_array=True)
        return replace(named(self, X), frame="numpy")

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags


@arguments
class Estimator(Rows):
    """Hands rows and a target to `_learn`, and new rows to `_told`."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from the rows of X, an array or a frame (n, columns), and y (n,).

        Columns may be numbers, categories, dates or text, and have gaps. A row of
        weight zero is as if it were not there.
        """
        X = dense(self, X, LEAST_ROWS)
        validate_data(self, X, y, reset=True, skip_check_array=True)
        raw = named(self, X)
        name = _name_beside(raw, getattr(y, "name", None))
        y = column_or_1d(y, warn=True)
        check_consistent_length(y, range(raw.rows))
        w, _ = row_weights(raw, sample_weight)
        seen = w > 0
        if seen.sum() < LEAST_ROWS:
            raise DataError("too-few-rows", rows=int(seen.sum()), least=LEAST_ROWS)
        self._learn(raw.take(seen), self._numbers(y[seen]), w[seen], name)
        return self


class Regressor(RegressorMixin):  # type: ignore[misc]
    """Predicts a number."""

    def _numbers(self, y: np.ndarray) -> np.ndarray:
        return check_array(y, ensure_2d=False, dtype=np.float64, input_name="y")

    def predict(self, X: Any) -> np.ndarray:
        """The expected value of each row: (n,)."""
        return self._told(self._rows(X)).astype(np.float64)


class Classifier(ClassifierMixin):  # type: ignore[misc]
    """Predicts labels, in their own type, and the probability of each."""

    def _numbers(self, y: np.ndarray) -> np.ndarray:
        """The place of each label in `classes_`, which this learns."""
        assert_all_finite(y, input_name="y")
        try:
            check_classification_targets(y)
            self.classes_, place = np.unique(y, return_inverse=True)
        except TypeError:
            raise DataError("labels-mixed") from None
        if len(self.classes_) < 2:
            raise DataError("one-class", value=self.classes_[0])
        return place

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of each class, in the order of `classes_`: (n, classes)."""
        told = self._told(self._rows(X)).astype(np.float64)
        return told / told.sum(axis=1, keepdims=True)

    def predict(self, X: Any) -> np.ndarray:
        """The most probable label of each row, (n,); with costs the cheapest."""
        place = said(self.predict_proba(X), getattr(self, "costs_", None))
        return self.classes_[place]


def dense(estimator: BaseEstimator, X: Any, least: int) -> Any:
    """A frame as it is, and anything else as an array of two dimensions."""
    if is_frame(X) and hasattr(X, "shape"):
        return X
    return check_array(
        X,
        dtype=None,
        ensure_all_finite="allow-nan",
        ensure_min_samples=least,
        estimator=estimator,
        input_name="X",
    )


def named(estimator: BaseEstimator, X: Any) -> Raw:
    """The rows of X; columns are matched by position and named as in the fit."""
    raw = read(X)
    default = [f"x{i}" for i in range(len(raw.columns))]
    names = dict(
        zip(raw.columns, getattr(estimator, "feature_names_in_", default), strict=True)
    )
    columns = {names[old]: values for old, values in raw.columns.items()}
    for name, values in columns.items():
        if values.dtype.kind == "f" and infinite(values).any():
            row = int(np.argmax(infinite(values)))
            raise DataError("infinite-value", column=name, row=row + 1)
    declared = frozenset(names[old] for old in raw.declared)
    return replace(raw, columns=columns, declared=declared, index=None)


def _name_beside(raw: Raw, name: Any) -> str:
    """A name for the target that no column has."""
    name = name if isinstance(name, str) else "y"
    while name in raw.columns:
        name += "_"
    return name


# ── one family ──


class OneFamily(Estimator):
    """Fits one family to every row; `member_` is the function.

    `columns_` are the columns it reads, `notices_` what was noticed in them.
    `hyperparameters_` are the values used, given or chosen.
    """

    def _learn(self, raw: Raw, y: np.ndarray, w: np.ndarray, name: str) -> None:
        seed, family = seed_of(self.random_state), FAMILIES[self.family]
        monotone = getattr(self, "monotone", None)
        options.check_common(self.effort, self.kinds, seed, monotone)
        dials = {d.name: getattr(self, d.name, None) for d in options.dials_of(family)}
        given = {n: value for n, value in dials.items() if value is not None}
        given = options.checked_hyperparameters({self.family: given})[self.family]
        classes = len(getattr(self, "classes_", ()))
        problem, notices = whole_problem(raw, y, w, classes, self.kinds, monotone, seed)
        self.member_ = fit_whole(family, problem, given, self.effort)
        self.columns_, self.target_name_ = problem.columns, name
        self.notices_ = [notice.sentence for notice in notices]

    def _told(self, rows: Raw) -> np.ndarray:
        table = type_table(rows, self.columns_)
        return in_chunks(self.member_, table.matrix())

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "member_")

    @property
    def hyperparameters_(self) -> dict[str, Any]:
        check_is_fitted(self)
        target = self.member_.target
        told = dict(self.member_.fitted.hyperparameters)
        return told if target.classes else told | {"target": target.transform}

    @property
    def details_(self) -> dict[str, Any]:
        """What the family tells of its function: terms, curves, gains, training."""
        check_is_fitted(self)
        return dict(self.member_.fitted.details)

    @property
    def formula_(self) -> str:
        """The function as text: its largest terms, or a few words."""
        details = self.details_
        if "terms" not in details:
            return str(details.get("words", self.family))
        labels = getattr(self, "classes_", ())
        told = formula(details["terms"], self.member_, self.target_name_, labels)
        return formula_text(told, MOST_TERMS)


def seed_of(random_state: Any) -> Any:
    if random_state is None:
        return int(np.random.default_rng().integers(options.LARGEST_SEED))
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(options.LARGEST_SEED))
    return int(random_state) if isinstance(random_state, Integral) else random_state
