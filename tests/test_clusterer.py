"""`Clusterer` within scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import make_blobs
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from mapsto import Clusterer
from mapsto.errors import OptionError

FAST = {"effort": "quick", "families": ("kmeans",)}


@parametrize_with_checks([Clusterer(n_clusters=2, **FAST)])
def test_scikit_learn_is_content(estimator, check):
    check(estimator)


def test_labels_count_from_zero_and_new_rows_have_one():
    X, _ = make_blobs(200, centers=3, n_features=3, random_state=1)

    found = Clusterer(**FAST).fit(X)

    assert found.n_clusters_ == found.groups_.count == 3
    assert set(found.labels_) == {0, 1, 2}
    assert (found.predict(X) == found.labels_).all()
    assert found.predict_proba(X).sum(axis=1) == pytest.approx(1)
    assert (found.predict_proba(X).argmax(axis=1) == found.labels_).all()
    assert (clone(found).fit_predict(X) == found.labels_).all()


def test_one_group_where_there_are_none():
    X = np.random.default_rng(0).standard_normal((200, 3))

    found = Clusterer(**FAST).fit(X)

    assert found.n_clusters_ == 1
    assert set(found.labels_) == {0}
    assert found.predict_proba(X).shape == (200, 1)


def test_it_stands_in_a_pipeline_and_takes_frames():
    X, _ = make_blobs(120, centers=3, n_features=3, random_state=1)
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    frame["name"] = [f"K{i}" for i in range(120)]

    alone = Clusterer(n_clusters=3, **FAST).fit(frame)
    piped = make_pipeline(StandardScaler(), Clusterer(n_clusters=3, **FAST)).fit(X)

    assert "name" in alone.notices_[0]
    assert (piped.predict(X) == alone.labels_).all()


@pytest.mark.parametrize(
    "given", [{"n_clusters": 0}, {"families": "lines"}, {"effort": "lazy"}], ids=str
)
def test_a_bad_value_is_refused_at_fit(given):
    with pytest.raises(OptionError):
        Clusterer(**given).fit(np.arange(40.0).reshape(20, 2))
