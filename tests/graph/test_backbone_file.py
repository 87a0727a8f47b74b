"""A network that the user has, as a part of our graphs: what it tells, and what is no
backbone."""

import numpy as np
import onnx
import onnxruntime
import pytest
from networks import SIDE, network, weights, written
from onnx import TensorProto, helper

from mapsto.errors import FileError, OptionError
from mapsto.graph import vet
from mapsto.graph.backbone import PIXELS, Backbone
from mapsto.graph.backbone_file import opened
from mapsto.graph.builder import ROWS, Graph

OUT = [helper.make_tensor_value_info("out", TensorProto.FLOAT, None)]


def pictures(count=5, side=SIDE, channels=3, seed=3):
    shape = (count, side, side, channels)
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def by_itself(path, shown, output=None):
    """What ONNX Runtime tells of the file, one picture at a time: (n, features)."""
    session = onnxruntime.InferenceSession(str(path))
    (source,) = session.get_inputs()
    batch = source.shape[0] if isinstance(source.shape[0], int) else 1
    told = []
    for one in shown:
        feed = {source.name: np.repeat(one[None], batch, axis=0)}
        answer = session.run([output] if output else None, feed)[0]
        told.append(np.asarray(answer).reshape(batch, -1)[0])
    return np.stack(told)


def centred(shown, pixels="imagenet"):
    mean, std = (np.array(v) for v in PIXELS[pixels])
    return ((shown / 255 - mean) / std).astype(np.float32)


def reshaped(first):
    """Ends in a Reshape to (first, features), as older exports do."""
    return {
        "tail": [helper.make_node("Reshape", ["m", "s"], ["out"])],
        "s": np.array([first, -1]),
    }


WAYS = {
    "open batch": {},
    "one picture": {"shape": (1, 3, SIDE, SIDE)},
    "eight pictures": {"shape": (8, 3, SIDE, SIDE)},
    "one picture, reshaped to one": {"shape": (1, 3, SIDE, SIDE), **reshaped(1)},
    "four pictures, reshaped to four": {"shape": (4, 3, SIDE, SIDE), **reshaped(4)},
    "channels last": {"shape": ("n", SIDE, SIDE, 3)},
    "an old operator set": {"opset": 9},
    "a newer operator set": {"opset": 21},
}


@pytest.mark.parametrize("way", WAYS)
def test_it_tells_what_the_file_tells(tmp_path, way):
    path = network(tmp_path / "f.onnx", **WAYS[way])
    shown = pictures()
    extractor = opened(path)
    ready = centred(shown)
    ready = ready if way == "channels last" else ready.transpose(0, 3, 1, 2)

    assert extractor.features == 8
    assert np.allclose(extractor(shown), by_itself(path, ready), atol=1e-5)
    assert np.allclose(extractor(shown[:1]), extractor(shown)[:1], atol=1e-6)


@pytest.mark.parametrize("pixels", PIXELS)
def test_pixels_come_as_it_wants_them(tmp_path, pixels):
    path = network(tmp_path / "f.onnx")
    shown = pictures()
    expected = by_itself(path, centred(shown, pixels).transpose(0, 3, 1, 2))

    assert np.allclose(opened(Backbone(path, pixels))(shown), expected, rtol=1e-4)


def test_a_network_of_bytes_normalises_by_itself(tmp_path):
    path = network(tmp_path / "f.onnx", kind=TensorProto.UINT8)
    shown = pictures()
    extractor = opened(path)

    assert extractor.pixels == "0..255"
    expected = by_itself(path, shown.transpose(0, 3, 1, 2))
    assert np.allclose(extractor(shown), expected, rtol=1e-4)
    with pytest.raises(OptionError, match=r"Choose from: auto, 0\.\.255"):
        opened(Backbone(path, "imagenet"))


def test_grey_pictures_that_are_not_square(tmp_path):
    shape = ("n", 1, 12, SIDE)
    path = network(tmp_path / "f.onnx", shape=shape, channels=1)
    extractor = opened(Backbone(path, "0..1"))
    shown = pictures(channels=1)

    assert (extractor.side, extractor.channels) == (SIDE, 1)
    assert extractor(shown).shape == (5, 8)
    plain = np.full((1, SIDE, SIDE, 1), 51, np.uint8)
    squeezed = np.full((1, 1, 12, SIDE), 0.2, np.float32)
    assert np.allclose(extractor(plain), by_itself(path, squeezed), atol=1e-5)


def test_weights_beside_the_file_and_weights_among_the_inputs(tmp_path):
    """As newer and as very old exports write them."""
    path = network(tmp_path / "f.onnx")
    expected = opened(path)(pictures())
    model = onnx.load(path)
    beside = tmp_path / "beside.onnx"
    told = {"save_as_external_data": True, "size_threshold": 0}
    onnx.save(model, beside, location="beside.onnx.data", **told)
    model = onnx.load(path)
    for tensor in model.graph.initializer:
        model.graph.input.append(
            helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
        )
    onnx.save(model, tmp_path / "among.onnx")

    assert (opened(beside)(pictures()) == expected).all()
    assert (opened(tmp_path / "among.onnx")(pictures()) == expected).all()
    (tmp_path / "beside.onnx.data").unlink()
    with pytest.raises(FileError, match="not an ONNX network"):
        opened(beside)


def test_an_inner_value_is_named(tmp_path):
    """What a classifier sees before it says what that is."""
    tail = [
        helper.make_node("Flatten", ["m"], ["seen"]),
        helper.make_node("Gemm", ["seen", "last"], ["said"]),
        helper.make_node("Softmax", ["said"], ["out"]),
    ]
    path = network(tmp_path / "f.onnx", tail=tail, last=weights(8, 5), opset=11)
    plain = opened(network(tmp_path / "plain.onnx"))

    assert opened(path).features == 5
    assert opened(f"{path}::seen").name == "f.onnx::seen"
    assert np.allclose(opened(f"{path}::seen")(pictures()), plain(pictures()))


def test_one_of_several_outputs_is_named(tmp_path):
    nodes = [
        helper.make_node("GlobalAveragePool", ["pictures"], ["out"]),
        helper.make_node("MaxPool", ["pictures"], ["large"], kernel_shape=[SIDE, 5]),
    ]
    large = helper.make_tensor_value_info("large", TensorProto.FLOAT, None)
    path = written(tmp_path / "f.onnx", nodes, {}, ("n", 3, SIDE, SIDE), [*OUT, large])

    assert opened(path).features == 3
    assert opened(f"{path}::large").features == 3 * 16
    with pytest.raises(FileError, match=r"inner value 'larg'\. Did you mean 'large'"):
        opened(f"{path}::larg")


def test_what_is_written_passes_the_vet_and_holds_no_functions(tmp_path):
    """A function of its own is written out."""
    path = network(tmp_path / "f.onnx")
    model = onnx.load(path)
    inner = helper.make_function(
        "mine",
        "Rectified",
        ["a"],
        ["z"],
        [helper.make_node("Relu", ["a"], ["z"])],
        [helper.make_opsetid("", 18)],
    )
    model.functions.append(inner)
    model.opset_import.append(helper.make_opsetid("mine", 1))
    model.graph.node[1].CopyFrom(
        helper.make_node("Rectified", ["x"], ["r"], domain="mine")
    )
    onnx.save(model, tmp_path / "functions.onnx")
    extractor = opened(tmp_path / "functions.onnx")
    graph = Graph()
    source = graph.input("p", np.float32, [ROWS, SIDE, SIDE, 3])
    graph.output("f", extractor.append(graph, source), np.float32, [ROWS, 8])
    vet.check(graph.model())

    assert np.allclose(extractor(pictures()), opened(path)(pictures()))


# ── what is no backbone ──


def foreign(path):
    path.write_text("features, said the file")


def empty(path):
    path.write_bytes(b"")


def two_inputs(path):
    other = helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["n", 3, 1, 1])
    nodes = [
        helper.make_node("Mul", ["pictures", "mask"], ["m"]),
        helper.make_node("Flatten", ["m"], ["out"]),
    ]
    shape = ("n", 3, SIDE, SIDE)
    written(path, nodes, {}, shape, OUT, inputs=[other])


def flat(path):
    nodes = [helper.make_node("Relu", ["pictures"], ["out"])]
    written(path, nodes, {}, ("n", 100), OUT)


def of_many_channels(path):
    network(path, shape=("n", 5, SIDE, SIDE), channels=5)


def open_size(path):
    network(path, shape=("n", 3, "height", "width"))


def double(path):
    nodes = [helper.make_node("Flatten", ["pictures"], ["out"])]
    outputs = [helper.make_tensor_value_info("out", TensorProto.DOUBLE, None)]
    shape = ("n", 3, SIDE, SIDE)
    written(path, nodes, {}, shape, outputs, kind=TensorProto.DOUBLE)


def custom(path):
    nodes = [
        helper.make_node("Flatten", ["pictures"], ["f"]),
        helper.make_node("FusedMatMul", ["f", "w"], ["out"], domain="com.microsoft"),
    ]
    domains = [helper.make_opsetid("com.microsoft", 1)]
    shape, arrays = ("n", 3, SIDE, SIDE), {"w": weights(3 * SIDE * SIDE, 4)}
    written(path, nodes, arrays, shape, OUT, domains=domains)


def control_flow(path):
    def branch(name, op):
        out = helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
        node = helper.make_node(op, ["pictures"], [name])
        return helper.make_graph([node], name, [], [out])

    nodes = [
        helper.make_node(
            "If",
            ["c"],
            ["i"],
            then_branch=branch("a", "Relu"),
            else_branch=branch("b", "Abs"),
        ),
        helper.make_node("Flatten", ["i"], ["out"]),
    ]
    written(path, nodes, {"c": np.array(True)}, ("n", 3, SIDE, SIDE), OUT)


def one_at_a_time(path):
    """A token for one picture is put before its patches."""
    tail = [
        helper.make_node("Reshape", ["m", "s"], ["row"]),
        helper.make_node("Concat", ["token", "row"], ["out"], axis=1),
    ]
    token, sizes = weights(1, 4), np.array([1, 8])
    network(path, shape=(1, 3, SIDE, SIDE), tail=tail, token=token, s=sizes)


def enormous(path):
    nodes = [
        helper.make_node("Resize", ["pictures", "", "k"], ["r"], mode="nearest"),
        helper.make_node("Flatten", ["r"], ["out"]),
    ]
    scales = np.array([1, 1, 10, 10], np.float32)
    written(path, nodes, {"k": scales}, ("n", 3, SIDE, SIDE), OUT)


def infinite(path):
    nodes = [
        helper.make_node("Div", ["pictures", "zero"], ["d"]),
        helper.make_node("Flatten", ["d"], ["out"]),
    ]
    written(path, nodes, {"zero": np.float32(0)}, ("n", 3, SIDE, SIDE), OUT)


REFUSED = {
    "not an ONNX network": (foreign, empty),
    r"has 2 inputs \(pictures, mask\)": (two_inputs,),
    r"shape \(n, 100\), where pictures": (flat,),
    r"shape \(n, 5, 20, 20\), where pictures": (of_many_channels,),
    r"\(n, 3, height, width\): say how large they are": (open_size,),
    "takes double, where float": (double,),
    r"cannot be kept in a model: com\.microsoft\.FusedMatMul\.": (custom,),
    r"cannot be kept in a model: If\.": (control_flow,),
    "cannot be run on several pictures at once": (one_at_a_time,),
    r"shape \(1, 120000\), and cannot be taken": (enormous,),
    "tells infinite numbers": (infinite,),
}


@pytest.mark.parametrize(
    ("told", "made"), [(told, made) for told, some in REFUSED.items() for made in some]
)
def test_what_is_no_backbone_is_told(tmp_path, told, made):
    path = tmp_path / "f.onnx"
    made(path)
    with pytest.raises(FileError, match=told):
        opened(path)


def test_a_file_that_is_not_there_and_one_that_is_too_large(tmp_path, monkeypatch):
    with pytest.raises(FileError, match="There is no file"):
        opened(tmp_path / "none.onnx")
    monkeypatch.setattr("mapsto.graph.backbone_file.MOST_BYTES", 100)
    with pytest.raises(FileError, match="the model keeps it"):
        opened(network(tmp_path / "f.onnx"))
    with pytest.raises(OptionError, match="the path of an ONNX file"):
        opened(7)


def test_the_size_is_said_where_the_file_leaves_it_open(tmp_path):
    open_size(tmp_path / "open.onnx")
    network(tmp_path / "fixed.onnx")
    extractor = opened(Backbone(tmp_path / "open.onnx", side=SIDE))
    expected = opened(tmp_path / "fixed.onnx")(pictures())

    assert np.allclose(extractor(pictures()), expected)
    with pytest.raises(OptionError, match="takes pictures of 20 × 20 pixels only"):
        opened(Backbone(tmp_path / "fixed.onnx", side=SIDE + 1))
    with pytest.raises(OptionError, match="a whole number from 1 to 1024"):
        opened(Backbone(tmp_path / "open.onnx", side=0))


def test_pixels_of_another_name(tmp_path):
    path = network(tmp_path / "f.onnx")
    with pytest.raises(OptionError, match="imagenet"):
        opened(Backbone(path, "imagnet"))
