"""Encoders learn from their training rows only, and run on NumPy and JAX alike."""

import jax
import numpy as np
import pytest

from mapsto.data.encoding import Plan, fit_encoding, level_means
from mapsto.data.table import Column

RNG = np.random.default_rng(0)
N = 300
LEVELS = tuple("abc")
MANY = tuple(f"l{k:02d}" for k in range(40))
COLUMNS = (
    Column("area", "number"),
    Column("age", "number", has_missing=True),
    Column("new", "boolean"),
    Column("place", "category", levels=LEVELS, has_missing=True),
    Column("street", "category", levels=MANY),
    Column("sold", "date"),
)
Y = RNG.standard_normal(N)
W = np.ones(N)


def typed(rows: int = N) -> np.ndarray:
    rng = np.random.default_rng(rows)
    t = np.empty((rows, 6))
    t[:, 0] = np.exp(rng.normal(4, 1, rows))
    t[:, 1] = np.where(rng.random(rows) < 0.2, np.nan, rng.uniform(0, 50, rows))
    t[:, 2] = rng.integers(0, 2, rows)
    t[:, 3] = rng.choice([np.nan, 0, 1, 2], rows)
    t[:, 4] = rng.integers(0, 40, rows)
    t[:, 5] = 1e6 * 3600 * rng.integers(0, 24 * 1500, rows)
    return t


PLANS = [
    Plan(),
    Plan(clip=True, one_hot=5, many="code"),
    Plan(one_hot=5, many="one-hot"),
    Plan(one_hot=1, many="mean"),
]


@pytest.mark.parametrize("plan", PLANS)
def test_features_are_finite_and_named(plan):
    encoding, x = fit_encoding(COLUMNS, typed(), Y, W, plan, seed=0)

    assert x.shape == (N, len(encoding.features))
    assert np.isfinite(x).all()
    assert len({f.name for f in encoding.features}) == x.shape[1]


@pytest.mark.parametrize("plan", PLANS)
def test_jax_gives_what_numpy_gives(plan):
    encoding, _ = fit_encoding(COLUMNS, typed(), Y, W, plan, seed=0)
    t = typed(50)

    with jax.enable_x64(True):
        traced = np.asarray(jax.jit(encoding)(t))

    assert traced == pytest.approx(encoding(t), abs=1e-10)


def test_numbers_are_standardised():
    encoding, x = fit_encoding(COLUMNS, typed(), Y, W, Plan(), seed=0)
    area = [f.name for f in encoding.features].index("area")

    assert x[:, area].mean() == pytest.approx(0, abs=1e-10)
    assert x[:, area].std() == pytest.approx(1)


def test_missing_and_unseen_have_a_meaning():
    """A missing number is its median and an indicator; an unseen level is no level."""
    encoding, _ = fit_encoding(COLUMNS, typed(), Y, W, Plan(), seed=0)
    names = [f.name for f in encoding.features]
    row = typed()[:1].copy()
    row[0, 1], row[0, 3], row[0, 4] = np.nan, -1.0, -1.0

    x = dict(zip(names, encoding(row)[0], strict=True))

    assert x["age is missing"] == 1
    assert [x[f"place = {level}"] for level in LEVELS] == [0, 0, 0]
    assert x["place is missing"] == 0


def test_level_means_are_shrunk_towards_the_mean():
    codes = np.array([0.0] * 100 + [1.0] + [np.nan] * 3)
    y = np.array([0.0] * 100 + [10.0] + [5.0] * 3)[:, None]

    unseen, often, once, missing = level_means(codes, 2, y, np.ones(104))[:, 0]

    assert unseen == pytest.approx(y.mean())
    assert often == pytest.approx(0, abs=0.01)
    assert y.mean() < once < 10
    assert y.mean() < missing < 5


def test_target_means_of_training_rows_are_out_of_fold():
    """On pure noise, in-fold target means would correlate with the target."""
    t = typed(600)
    t[:, 4] = np.random.default_rng(1).integers(0, 40, 600)
    y = np.random.default_rng(2).standard_normal(600)
    encoding, x = fit_encoding(COLUMNS, t, y, np.ones(600), Plan(one_hot=5), seed=0)
    at = [f.role for f in encoding.features].index("mean")

    crossfitted = np.corrcoef(x[:, at], y)[0, 1]
    in_fold = np.corrcoef(encoding(t)[:, at], y)[0, 1]

    assert in_fold > 0.15
    assert crossfitted < 0.08


def test_no_feature_of_a_row_depends_on_other_new_rows():
    encoding, _ = fit_encoding(COLUMNS, typed(), Y, W, Plan(), seed=0)
    t = typed(40)

    assert encoding(t)[7] == pytest.approx(encoding(t[7:8])[0], abs=1e-15)


def test_dates_become_elapsed_time_and_waves():
    encoding, _ = fit_encoding(COLUMNS[5:], typed()[:, 5:], Y, W, Plan(), seed=0)

    names = [f.name for f in encoding.features]

    assert names[0] == "sold"
    assert "sold: cosine of the day" in names
    assert "sold: sine of the year" in names
