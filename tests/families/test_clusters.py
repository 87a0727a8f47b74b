"""The families of groups: each is a function that groups rows it has not seen."""

import jax
import numpy as np
import pytest
from sklearn import cluster
from sklearn.datasets import make_blobs, make_circles, make_moons
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.mixture import GaussianMixture

from mapsto.events import Stopped, Watch
from mapsto.families.clusters import GROUP_LADDER
from mapsto.families.clusters.density import Density
from mapsto.families.clusters.kmeans import KMeans
from mapsto.families.clusters.learned import Learned, information
from mapsto.families.clusters.mixture import Mixture
from mapsto.families.clusters.spectral import Spectral, lifted
from mapsto.graph.lower import lower
from mapsto.graph.run import Runner


def heaps(seed=0, rows=300):
    """Three heaps of three columns, and the heap of each row."""
    centres = [[-3, 0, 0], [3, 0, 2], [0, 4, -2]]
    return make_blobs(rows, centers=centres, cluster_std=0.7, random_state=seed)


def fitted(family, x, groups, effort="quick"):
    (found,) = family.fit(x, [groups], effort, 0, Watch())
    return found


@pytest.mark.parametrize("family", GROUP_LADDER, ids=lambda f: f.name)
def test_heaps_are_found_in_rows_that_were_not_seen(family):
    """The very lines that group the rows are traced, and give the same groups."""
    x, _ = heaps()
    new, y = heaps(seed=1)

    found = fitted(family, x, 3)

    told = found.scores(new)
    assert told.shape == (300, 3)
    assert adjusted_mutual_info_score(y, told.argmax(axis=1)) > 0.95
    with jax.enable_x64(True):
        traced = jax.jit(found.function)(found.parameters, new)
    assert np.asarray(traced) == pytest.approx(told, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("family", GROUP_LADDER, ids=lambda f: f.name)
def test_the_graph_is_the_function(family):
    x, _ = heaps()
    found = fitted(family, x, 3)

    graph = lower(
        lambda rows: {"probability": found.function(found.parameters, rows)},
        {"rows": (np.float64, (None, 3))},
    )

    session = Runner(graph.model())._session
    (told,) = session.run(["probability"], {"rows": x})
    assert told == pytest.approx(found.scores(x), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("family", GROUP_LADDER, ids=lambda f: f.name)
def test_a_family_stops_when_asked_to(family):
    watch = Watch()
    watch.stop()

    with pytest.raises(Stopped):
        family.fit(heaps()[0], [2, 3], "quick", 0, watch)


@pytest.mark.parametrize("family", GROUP_LADDER[:3], ids=lambda f: f.name)
def test_several_numbers_of_groups_at_once(family):
    x, _ = heaps()

    found = family.fit(x, [2, 3, 4], "quick", 0, Watch())

    assert [f.scores(x).shape[1] for f in found] == [2, 3, 4]


def test_kmeans_is_scikit_learns():
    x, _ = heaps()
    reference = cluster.KMeans(3, n_init=4, random_state=0).fit(x)

    assert (fitted(KMeans(), x, 3).labels(x) == reference.labels_).all()


@pytest.mark.parametrize("shape", ["full", "tied", "diag"])
def test_the_scores_of_a_mixture_are_its_log_densities(shape, monkeypatch):
    monkeypatch.setattr("mapsto.families.clusters.mixture.SHAPES", (shape,))
    x, _ = heaps()
    reference = GaussianMixture(
        3, covariance_type=shape, reg_covar=1e-3, random_state=0
    ).fit(x)

    scores = fitted(Mixture(), x, 3).scores(x)

    total = np.logaddexp.reduce(scores, axis=1)
    offset = total - reference.score_samples(x)
    assert offset == pytest.approx(offset[0])  # (2π)^(-d/2), the same for all groups
    p = np.exp(scores - total[:, None])
    assert p == pytest.approx(reference.predict_proba(x), abs=1e-9)


def test_the_shape_of_a_mixture_is_chosen():
    rng = np.random.default_rng(0)
    tilt = np.array([[2.0, 1.9], [0.0, 0.3]])
    x = np.concatenate([rng.standard_normal((200, 2)) @ tilt + [0, s] for s in (0, 3)])
    truth = np.repeat([0, 1], 200)

    found = fitted(Mixture(), x, 2)

    assert found.hyperparameters["shape"] == "tied"
    assert adjusted_mutual_info_score(truth, found.labels(x)) > 0.9
    assert adjusted_mutual_info_score(truth, fitted(KMeans(), x, 2).labels(x)) < 0.5


@pytest.mark.parametrize("make", [make_moons, make_circles])
def test_bent_groups_are_flat_in_the_lifted_space(make):
    extra = {"factor": 0.4} if make is make_circles else {}
    x, y = make(600, noise=0.04, random_state=0, **extra)
    new, z = make(300, noise=0.04, random_state=1, **extra)

    found = fitted(Spectral(), x, 2)

    assert adjusted_mutual_info_score(y, found.labels(x)) > 0.95
    assert adjusted_mutual_info_score(z, found.labels(new)) > 0.95
    assert adjusted_mutual_info_score(y, fitted(KMeans(), x, 2).labels(x)) < 0.5
    assert (lifted(found.parameters, new) ** 2).sum(axis=1) == pytest.approx(1)


def test_density_finds_groups_of_any_shape_or_says_no():
    x, y = make_moons(400, noise=0.05, random_state=0)

    found = fitted(Density(), x, 2)

    assert adjusted_mutual_info_score(y, found.labels(x)) > 0.95
    assert fitted(Density(), x, 7) is None


def test_too_few_different_rows_for_a_graph():
    x = np.repeat([[0.0, 0.0], [1.0, 1.0], [5.0, 5.0]], 10, axis=0)

    assert fitted(Spectral(), x, 2) is None


def test_what_a_network_is_told_is_mutual_information():
    """Of a table of two groups that always agree: log 2; of strangers: 0."""
    sure = np.eye(2)[np.arange(100) % 2][None]

    assert float(information(sure, sure, 1.0)[0]) == pytest.approx(np.log(2), abs=1e-4)
    even = np.full((1, 100, 2), 0.5)
    assert float(information(even, even, 1.0)[0]) == pytest.approx(0, abs=1e-4)


def test_the_network_is_the_same_for_the_same_seed():
    x, _ = heaps(rows=100)

    a, b = (fitted(Learned(), x, 3) for _ in range(2))

    assert (a.scores(x) == b.scores(x)).all()
