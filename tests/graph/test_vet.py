"""What is refused before a graph from a file is run."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from running import model_of

from mapsto.errors import FileError
from mapsto.graph import vet

X = helper.make_tensor_value_info("x", TensorProto.DOUBLE, ["N", 2])
Y = helper.make_tensor_value_info("y", TensorProto.DOUBLE, None)
Y.type.tensor_type.shape.dim.add().dim_param = "M"


def model(*nodes, constants=(), opsets=(("", 18), ("ai.onnx.ml", 3)), functions=()):
    graph = helper.make_graph(nodes, "g", [X], [Y], constants)
    return helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid(*o) for o in opsets],
        ir_version=9,
        functions=functions,
    )


def branch(name):
    out = helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["N", 2])
    return helper.make_graph([helper.make_node("Abs", ["x"], [name])], name, [], [out])


def with_control_flow():
    test = numpy_helper.from_array(np.array(True), "t")
    node = helper.make_node(
        "If", ["t"], ["y"], then_branch=branch("a"), else_branch=branch("b")
    )
    return model(node, constants=[test])


def with_outside_data():
    told = model(
        helper.make_node("Add", ["x", "c"], ["y"]),
        constants=[numpy_helper.from_array(np.ones(2), "c")],
    )
    constant = told.graph.initializer[0]
    constant.data_location = TensorProto.EXTERNAL
    constant.ClearField("raw_data")
    entry = constant.external_data.add()
    entry.key, entry.value = "location", "secret.bin"
    return told


def with_a_function():
    inner = helper.make_function(
        "mine",
        "F",
        ["a"],
        ["b"],
        [helper.make_node("Abs", ["a"], ["b"])],
        [helper.make_opsetid("", 18)],
    )
    return model(
        helper.make_node("F", ["x"], ["y"], domain="mine"),
        opsets=(("", 18), ("mine", 1)),
        functions=[inner],
    )


def with_enormous_result():
    sizes = numpy_helper.from_array(np.array([10**6, 10**6]), "s")
    return model(helper.make_node("Expand", ["x", "s"], ["y"]), constants=[sizes])


def with_enormous_padding():
    return model(
        helper.make_node("LpPool", ["x"], ["y"], kernel_shape=[1], pads=[9**9, 0])
    )


REFUSED = {
    "the operator 'If'": with_control_flow,
    "the operator 'Gelu'": lambda: model(
        helper.make_node("Gelu", ["x"], ["y"]), opsets=(("", 20),)
    ),
    "the operator 'Loop'": lambda: model(
        helper.make_node("Abs", ["x"], ["z"]),
        helper.make_node("Loop", ["", "", "z"], ["y"], body=branch("a")),
    ),
    "the operator 'NonZero'": lambda: model(
        helper.make_node("NonZero", ["x"], ["y"]),
    ),
    "operator set ai.onnx 20": lambda: model(
        helper.make_node("Abs", ["x"], ["y"]), opsets=(("", 20),)
    ),
    "functions of its own": with_a_function,
    "outside": with_outside_data,
    "enormous": with_enormous_result,
    "pads that make LpPool enormous": with_enormous_padding,
}


@pytest.mark.parametrize("problem", REFUSED)
def test_a_strange_graph_is_refused(problem):
    """Unknown operators, control flow, functions, files outside, enormous constants."""
    found = list(vet._problems(REFUSED[problem]().SerializeToString()))
    assert any(problem in told for told in found)
    with pytest.raises(FileError) as caught:
        vet.check(REFUSED[problem]().SerializeToString())
    assert caught.value.code == "graph-refused"


@pytest.mark.parametrize("data", [b"", b"no graph at all", b"\x08\x09" * 50])
def test_bytes_that_are_no_graph_are_refused(data):
    """Whatever is not an ONNX file ends in the same error."""
    with pytest.raises(FileError) as caught:
        vet.check(data)
    assert caught.value.code == "graph-refused"


def test_every_flipped_byte_is_accepted_or_refused():
    """Damaged graphs never raise anything but the one error."""
    good = model_of(lambda x: x @ np.ones((2, 2)) + 1, np.zeros((1, 2)))
    vet.check(good)
    refused = 0
    for place in range(len(good)):
        for bit in (0, 3, 7):
            bad = bytearray(good)
            bad[place] ^= 1 << bit
            try:
                vet.check(bytes(bad))
            except FileError:
                refused += 1
    assert refused > len(good)


def test_graphs_with_too_many_nodes_are_refused(monkeypatch):
    """The number of nodes is bounded."""
    told = model(
        *[
            helper.make_node("Abs", [a], [b])
            for a, b in zip("xabc", "abcy", strict=True)
        ]
    )
    monkeypatch.setattr(vet, "MOST_NODES", 3)
    with pytest.raises(FileError, match="4 nodes"):
        vet.check(onnx.ModelProto.SerializeToString(told))
