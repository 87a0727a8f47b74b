"""Ctrl-C once keeps what is finished, twice aborts, and neither leaves a mess."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

import mapsto
from mapsto import catalogue, events
from mapsto.errors import NothingKept
from mapsto.interrupt import interruptible

TIMES, AT_ONCE = 20, 2
NOTHING_KEPT, ABORTED = 5, 130
RUNGS = ("line", "curve", "steps")

# "ready" is said by the last line before the command's own first one.
PROGRAM = """
from mapsto.__main__ import main
print("ready", flush=True)
main()
"""

# A moment is so many seconds after something was said: so it does not matter how
# busy the machine is. The imports come first and take longest.
START, READ = "", "300 rows"
LONGEST = {
    START: 2.0,
    READ: 0.2,
    "constant": 0.2,
    "line": 0.5,
    "curve": 1.0,
    "steps": 1,
}


@dataclass(frozen=True)
class Ending:
    code: int
    err: str
    files: list[str]
    told: set[str]  # the rungs that had been told before the first signal


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("town") / "town.csv"
    pd.DataFrame(mapsto.examples.houses(300, seed=0)).to_csv(path, index=False)
    return path


def climb(table, folder, word, *delays):
    """`mapsto fit` in a process that gets SIGINT after a word, delay by delay."""
    folder.mkdir()
    families = [word for name in RUNGS for word in ("--family", name)]
    command = ["fit", str(table), "-t", "price", "--effort", "quick", *families]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env={**os.environ, "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"},
        start_new_session=True,  # its Ctrl-C is not ours
    )
    process.stdout.readline()
    lines = heard_until(process.stderr, word)
    for number, delay in enumerate(delays):
        if number:  # two signals that nobody has heard in between are one
            lines += heard_until(process.stderr, catalogue.NOTICES["stopping"])
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=120)
    told = {name for name in ("constant", *RUNGS) if f"  {name} " in "".join(lines)}
    files = sorted(path.name for path in folder.iterdir())
    return Ending(process.returncode, "".join(lines) + rest.decode(), files, told)


def heard_until(stream, word):
    """The lines up to the one that begins with the word; none for no word."""
    lines = []
    while word and not (lines and lines[-1].lstrip().startswith(word)):
        lines.append(stream.readline().decode())
        assert lines[-1], f"it has ended before {word!r}"
    return lines


def side_by_side(table, folder, plans):
    """One ending for each plan: a word and delays."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [
            pool.submit(climb, table, folder / str(k), *plan)
            for k, plan in enumerate(plans)
        ]
        return [job.result() for job in jobs]


def test_ctrl_c_at_any_moment_keeps_what_is_finished(table, tmp_path):
    """A file that loads, or the exit code of "nothing kept"; never a traceback."""
    rng = np.random.default_rng(0)
    words = [list(LONGEST)[k % len(LONGEST)] for k in range(TIMES)]
    plans = [(word, LONGEST[word] * rng.random()) for word in words]

    endings = side_by_side(table, tmp_path, plans)

    for k, ending in enumerate(endings):
        assert "Traceback" not in ending.err
        if ending.code == 0:
            assert ending.files == ["town.mapsto"]
            model = mapsto.load(tmp_path / str(k) / "town.mapsto")
            assert ending.told <= set(model.rungs)
            assert np.isfinite(model.predict(str(table))).all()
        else:
            assert ending.code == NOTHING_KEPT
            assert catalogue.ERRORS["nothing-kept"] in ending.err
            assert (ending.files, ending.told) == ([], set())
    assert {ending.code for ending in endings} == {0, NOTHING_KEPT}


def test_a_stop_is_told(table, tmp_path):
    ending = climb(table, tmp_path / "one", "line", 0.0)

    assert catalogue.NOTICES["stopping"] in ending.err
    assert catalogue.NOTICES["rung-stopped"] in ending.err


@pytest.mark.parametrize("word", [START, READ, "line", "curve"])
def test_ctrl_c_twice_aborts(table, tmp_path, word):
    """No half-written file, no traceback."""
    ending = climb(table, tmp_path / "two", word, 0.01, 0.0)

    assert ending.code == ABORTED
    assert ending.err.endswith("mapsto: aborted\n")
    assert "Traceback" not in ending.err
    assert ending.files == []


def test_ctrl_c_aborts_at_once_what_has_nothing_to_keep(tmp_path):
    """`predict` waits for its standard input; one Ctrl-C ends it."""
    model = mapsto.fit(mapsto.examples.houses(60), "price", families=("constant",))
    model.save(tmp_path / "town.mapsto")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "predict", tmp_path / "town.mapsto", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    process.stdout.readline()
    process.stdin.write(b"area\n" + b"100\n" * 100_000)
    process.stdin.flush()  # more than a pipe holds: it is being read by now
    process.send_signal(signal.SIGINT)

    _, told = process.communicate(timeout=60)

    assert process.returncode == ABORTED, told
    assert b"Traceback" not in told


# ── in this process ──

TOWN = mapsto.examples.houses(120, seed=0)


def fit(**options):
    return mapsto.fit(TOWN, "price", families=RUNGS, effort="quick", **options)


@pytest.mark.parametrize("rung", RUNGS)
def test_a_receiver_of_events_may_stop_the_climb(rung):
    """What was finished before is kept, and predicts."""

    def stop(event):
        if isinstance(event, events.RungStarted) and event.rung == rung:
            raise events.Stopped

    model = fit(on_event=stop)

    finished = ["constant", *RUNGS[: RUNGS.index(rung)]]
    assert [name for name in model.rungs if name != "blend"] == finished
    assert np.isfinite(model.predict(TOWN)).all()


def test_a_stop_while_a_rung_is_under_way_leaves_it_out():
    told = []

    def stop(event):
        told.append(event)
        if isinstance(event, events.Progress) and event.rung == "steps":
            raise events.Stopped

    assert "steps" not in fit(on_event=stop).rungs
    assert events.RungSkipped("steps", "rung-stopped") in told


def test_a_mistake_in_a_receiver_is_not_hidden():
    """Only `Stopped` is a wish."""
    with pytest.raises(ZeroDivisionError):
        fit(on_event=lambda event: 1 / 0)


def test_the_budget_keeps_what_is_finished():
    class Slow(list):
        """A receiver that lets the budget pass after the line."""

        def __call__(self, event):
            if isinstance(event, events.RungFinished) and event.rung == "line":
                time.sleep(1.0)

    model = fit(budget=1.0, on_event=Slow())

    assert 1 <= len(model.rungs) < 1 + len(RUNGS)


def test_a_budget_that_is_over_keeps_nothing():
    with pytest.raises(NothingKept, match="nothing was kept"):
        fit(budget=0)


def test_one_sigint_stops_the_watch_and_the_next_raises():
    before = signal.getsignal(signal.SIGINT)
    watch = events.Watch()

    with interruptible(watch):
        signal.raise_signal(signal.SIGINT)
        assert watch.stopping
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    assert signal.getsignal(signal.SIGINT) is before


def test_a_watch_that_comes_later_hears_of_the_sigint_before():
    early, late = events.Watch(), events.Watch()

    with interruptible(early):
        signal.raise_signal(signal.SIGINT)
        with interruptible(late):
            assert late.stopping
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)


def test_where_sigint_is_ignored_it_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible(events.Watch()):
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_climb_as_well():
    """Only the main thread can listen to signals; elsewhere a fit works without."""
    with ThreadPoolExecutor(1) as pool:
        model = pool.submit(
            mapsto.fit, TOWN, "price", families=("line",), effort="quick"
        ).result()

    assert "line" in model.rungs
