"""mapsto.fit: its arguments arrive, and its answers hold together."""

import numpy as np
import pytest
from sklearn.model_selection import KFold

import mapsto
from mapsto import Validation, events, fitting
from mapsto.errors import NothingKept, OptionError
from mapsto.selection.crossval import warm_up

TOWN = mapsto.examples.houses(400, seed=0)
SIMPLE = ("line",)


def fit(**options):
    return mapsto.fit(TOWN, "price", families=SIMPLE, effort="quick", **options)


def test_the_earlier_model_gives_its_choices():
    earlier = mapsto.fit(
        TOWN,
        "price",
        families=SIMPLE,
        effort="quick",
        kinds={"floor": "category"},
        hyperparameters={"line": {"target": "log"}},
    )

    again = mapsto.fit(
        mapsto.examples.houses(300, seed=1), like=earlier, effort="quick"
    )

    assert list(again.rungs) == list(earlier.rungs)
    assert {c.name: c.kind for c in again.columns}["floor"] == "category"
    old, new = earlier.rungs["line"], again.rungs["line"]
    assert new.hyperparameters["penalty"] == old.hyperparameters["penalty"]
    assert new.hyperparameters["target"] == "log"


def test_of_a_long_table_some_rows_are_drawn(tmp_path, monkeypatch):
    """What is larger than the memory is learned from all the same, and it is said."""
    monkeypatch.setattr("mapsto.selection.reading.MOST_ROWS", 150)
    path = tmp_path / "town.csv"
    rows = zip(*TOWN.values(), strict=True)
    path.write_text("\n".join(",".join(map(str, row)) for row in (TOWN, *rows)))

    of_file, of_memory = (
        mapsto.fit(d, "price", families=SIMPLE, effort="quick") for d in (path, TOWN)
    )

    assert of_file.record["rows"] == of_memory.record["rows"] == 150
    assert "400 rows; 150 of them" in of_file.record["notices"][0]
    assert of_memory.record["notices"] == of_file.record["notices"]


def test_of_many_known_rows_some_are_scored(monkeypatch):
    """The train score is a mean over evenly spaced rows; nothing else changes."""
    whole = fit()
    monkeypatch.setattr("mapsto.selection.problem.MOST_KNOWN", 50)

    some = fit()

    assert some.best.score == whole.best.score
    gap = abs(some.best.train_score / whole.best.train_score - 1)
    assert 0 < gap < 0.3


def test_groups_stay_together_and_are_not_learned_from():
    model = fit(validation=Validation(folds=3, group_on="district"))

    assert "district" not in {c.name for c in model.columns}
    assert model.record["validation"] == "3 folds that keep each district together"


def test_time_goes_forward():
    model = fit(validation=Validation(time_on="age"))

    assert model.record["validation"].endswith("forward in time on age")


def test_a_scikit_learn_splitter_is_used():
    model = fit(validation=KFold(3))

    assert model.record["folds"] == 3


def test_bad_validation_names_what_to_give():
    with pytest.raises(OptionError, match="a mapsto"):
        fit(validation=17)


def test_weights_by_name_and_by_array_are_the_same():
    w = np.random.default_rng(0).uniform(0.5, 2, 400)

    by_array = fit(weights=w)
    by_name = mapsto.fit(
        {**TOWN, "w": w}, "price", families=SIMPLE, effort="quick", weights="w"
    )

    assert "w" not in {c.name for c in by_name.columns}
    assert (by_array.predict(TOWN) == by_name.predict(TOWN)).all()


def test_other_scores_choose_and_are_shown():
    assert fit(score="mae").ladder.score == "mae"
    with pytest.raises(OptionError, match="rmse, mae"):
        fit(score="log_loss")


def test_a_given_hyperparameter_arrives_and_is_told():
    model = fit(hyperparameters={"line": {"penalty": 0.5}})

    assert model.rungs["line"].hyperparameters["penalty"] == 0.5
    assert model.rungs["line"].given == ("penalty",)


def test_a_stop_keeps_what_is_finished():
    """Stopped when the line is done, the ladder has the constant and the line."""

    def stop(event):
        if isinstance(event, events.RungStarted) and event.rung == "steps":
            raise events.Stopped

    model = mapsto.fit(
        TOWN, "price", families=("line", "steps"), effort="quick", on_event=stop
    )

    assert list(model.rungs) == ["constant", "line"]


def test_no_time_at_all_keeps_nothing():
    with pytest.raises(NothingKept):
        fit(budget=1e-9)


def test_events_tell_the_climb_in_order():
    seen = []

    fit(on_event=seen.append)

    kinds = [type(e).__name__ for e in seen if not isinstance(e, events.Progress)]
    assert kinds == [
        "DataRead",
        *["RungStarted", "RungFinished"] * 2,
        "Finished",
    ]


def test_compiling_beside_the_lower_rungs_changes_nothing(monkeypatch):
    warmed = []

    def counted(family, *rest):
        warmed.append(family.name)
        warm_up(family, *rest)

    def network(**dials):
        return mapsto.fit(
            TOWN,
            "price",
            families=("line", "network"),
            hyperparameters={"network": {"hidden": (8,), **dials}},
            effort="quick",
        )

    monkeypatch.setattr(fitting, "warm_up", counted)
    beside = network()
    monkeypatch.setattr(fitting, "SMALL", 0)
    alone = network()
    monkeypatch.undo()
    monkeypatch.setattr(fitting, "warm_up", counted)
    network(epochs=3)

    assert warmed == ["network"]
    assert beside.rungs["network"].score == alone.rungs["network"].score
    told = [list(m.predict(TOWN)) for m in (beside, alone)]
    assert told[0] == told[1]


def test_what_cannot_be_compiled_tells_why_in_its_own_turn():
    with pytest.raises(OptionError, match=r"network\.activation"):
        mapsto.fit(
            TOWN,
            "price",
            families=("line", "network"),
            monotone={"area": 1},
            hyperparameters={"network": {"activation": "sin"}},
            effort="quick",
        )


def test_intervals_need_a_coverage_between_0_and_1():
    with pytest.raises(OptionError, match="between 0 and 1"):
        fit().predict_interval(TOWN, coverage=90)
