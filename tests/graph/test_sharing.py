"""Large constants stand once in a file, and every graph is whole when it is read."""

import zipfile

import numpy as np
import onnx
import onnxruntime
import pytest

from mapsto.errors import FileError
from mapsto.graph import archive
from mapsto.graph.builder import ROWS, Graph
from mapsto.graph.sharing import LARGE, Graphs

LARGE_ARRAY = np.random.default_rng(0).normal(size=LARGE // 8)


def graph_of(shift):
    """x + a large constant's sum + shift, where the sum is left to the graph."""
    graph = Graph()
    x = graph.input("x", np.float64, [ROWS, LARGE // 8])
    larger = graph.node("Add", x, graph.constant(LARGE_ARRAY))
    told = graph.node("Add", larger, graph.constant(np.float64(shift)))
    graph.output("y", told, np.float64, [ROWS, LARGE // 8])
    return graph.model()


@pytest.fixture(scope="module")
def graphs():
    return {"one": graph_of(1), "two": graph_of(2)}


def test_a_constant_of_two_graphs_stands_once_and_comes_back(graphs, tmp_path):
    archive.write(tmp_path / "m.mapsto", {}, graphs)
    _, again = archive.read(tmp_path / "m.mapsto")

    assert len(Graphs.of(graphs.items()).shared) == LARGE
    assert (tmp_path / "m.mapsto").stat().st_size < 1.1 * LARGE
    assert again == graphs
    archive.write(tmp_path / "again.mapsto", {}, again)
    first, second = (tmp_path / f"{n}.mapsto" for n in ("m", "again"))
    assert first.read_bytes() == second.read_bytes()


def test_unpacked_graphs_run_as_they_lie(graphs, tmp_path):
    archive.write(tmp_path / "m.mapsto", {}, graphs)
    zipfile.ZipFile(tmp_path / "m.mapsto").extractall(tmp_path)
    session = onnxruntime.InferenceSession(tmp_path / "functions" / "two.onnx")
    (y,) = session.run(None, {"x": np.zeros((1, LARGE // 8))})

    assert np.allclose(y[0], LARGE_ARRAY + 2)


@pytest.mark.parametrize(
    ("key", "value"),
    [("location", "../secret.bin"), ("offset", "8"), ("length", "9"), ("offset", "-8")],
)
def test_a_place_that_is_not_in_the_piece_is_refused(graphs, key, value):
    kept = Graphs.of(graphs.items())
    model = onnx.load_model_from_string(kept.lean["one"])
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == key:
                entry.value = value
    lean = {"one": model.SerializeToString()}
    data = archive.to_bytes({}, Graphs(lean, kept.shared))

    with pytest.raises(FileError, match=r"a shared constant|outside the file"):
        archive.from_bytes(data)
