"""Reading a backbone: an ONNX file becomes an `Extractor`, or a clear error.

Its nodes are vetted, brought to our operator set, and tried: on pictures drawn at
random, what is written must tell what the file itself tells, one picture at a time and
several at once.

Operators: https://onnx.ai/onnx/operators/
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, version_converter
from onnx.inliner import inline_local_functions

from mapsto import catalogue
from mapsto.errors import FileError, OptionError
from mapsto.graph import vet
from mapsto.graph.backbone import (
    AUTO,
    IMAGENET,
    PIXELS,
    PLAIN,
    Backbone,
    Extractor,
    reason,
    running,
)
from mapsto.graph.builder import ROWS, Graph
from mapsto.graph.nodes import resized

TYPES: dict[int, Any] = {TensorProto.FLOAT: np.float32, TensorProto.UINT8: np.uint8}
MOST_BYTES = 400 << 20
"""A `.mapsto` file may hold 1 GB, and several copies are in memory while it is made."""

MOST_SIDE = 1024
MOST_FEATURES = 32_768
TRIED = 3  # pictures by which it is tried
CLOSE = 1e-3  # of the features' spread: float32, in another order of sums


def opened(backbone: Any) -> Extractor | None:
    """A backbone, or the path of its file, ready to be used; None stays None.

    Errors: FileError, where the file is no network for pictures that can be written
    into a graph; OptionError for `pixels` of another name.
    """
    if backbone is None:
        return None
    asked = backbone if isinstance(backbone, Backbone) else Backbone(backbone)
    if not isinstance(asked.file, (str, Path)):
        problem = "give the path of an ONNX file, or a mapsto.Backbone"
        raise OptionError(
            "option-bad", option="backbone", value=asked.file, problem=problem
        )
    path, _, wanted = str(asked.file).partition("::")
    file = Path(path).expanduser()
    model = _read(file, path)
    _check_operators(model, path)
    named = _described(model, path, asked, wanted)
    own = _own_session(model, named.output, path)
    return _tried(replace(named, model=_converted(model, path)), own, path)


def _read(file: Path, path: str) -> Any:
    """The file as a model, with what it keeps in files beside it."""
    if not file.is_file():
        raise FileError("file-missing", path=path)
    if file.stat().st_size > MOST_BYTES:
        raise _too_large(path, file.stat().st_size)
    try:
        model = onnx.load(file)
        if model.functions:
            model = inline_local_functions(model)
        if not model.graph.node:
            raise ValueError("it holds no graph")
    except OSError as error:
        problem = error.strerror or str(error)
        raise FileError("file-unreadable", path=path, problem=problem) from None
    except vet.BROKEN as error:
        problem = reason(error)
        raise FileError("backbone-foreign", path=path, problem=problem) from None
    if model.ByteSize() > MOST_BYTES:
        raise _too_large(path, model.ByteSize())
    return model


def _too_large(path: str, size: int) -> FileError:
    return FileError(
        "backbone-large", path=path, megabytes=size >> 20, most=MOST_BYTES >> 20
    )


def _check_operators(model: Any, path: str) -> None:
    strange = vet.strange_operators(model.graph)
    if strange:
        listed = catalogue.listed(strange, 5)
        raise FileError("backbone-operators", path=path, operators=listed)


def _described(model: Any, path: str, asked: Backbone, wanted: str) -> Extractor:
    """From its input and outputs."""
    own = {tensor.name for tensor in model.graph.initializer}
    inputs = [i for i in model.graph.input if i.name not in own]
    if len(inputs) != 1:
        names = catalogue.listed([i.name for i in inputs], 5) or "none"
        raise FileError("backbone-inputs", path=path, count=len(inputs), inputs=names)
    tensor = inputs[0].type.tensor_type
    if tensor.elem_type not in TYPES:
        kind = TensorProto.DataType.Name(tensor.elem_type).lower()
        raise FileError("backbone-type", path=path, kind=kind)
    height, width, channels, first = _picture(tensor, path, asked.side)
    outputs = [o.name for o in model.graph.output]
    inner = [name for node in model.graph.node for name in node.output]
    if wanted and wanted not in (*outputs, *inner):
        raise FileError(
            "backbone-output",
            path=path,
            output=wanted,
            near=catalogue.near(wanted, [*outputs, *inner]),
            outputs=catalogue.listed(outputs, 5),
        )
    return Extractor(
        "::".join(filter(None, [Path(path).name, wanted])),
        _pixels(asked.pixels, tensor.elem_type),
        model,
        inputs[0].name,
        wanted or outputs[0],
        height,
        width,
        channels,
        first,
        tensor.elem_type,
    )


def _picture(tensor: Any, path: str, side: int | None) -> tuple[int, int, int, bool]:
    """(height, width, channels, channels first?) of an input."""
    sizes = [d.dim_value for d in tensor.shape.dim]  # 0 or less where it is open
    words = [str(d.dim_value or d.dim_param or "?") for d in tensor.shape.dim]
    shape = ", ".join(words) or "none"
    first = len(sizes) == 4 and sizes[1] in (1, 3)
    if len(sizes) != 4 or not (first or sizes[3] in (1, 3)):
        raise FileError("backbone-shape", path=path, shape=shape)
    channels, *own = sizes[1:] if first else (sizes[3], *sizes[1:3])
    if side is not None:
        _check_side(side, own)
        own = [side, side]
    if not 0 < min(own) <= max(own) <= MOST_SIDE:
        raise FileError("backbone-sizes", path=path, shape=shape, most=MOST_SIDE)
    return own[0], own[1], channels, first


def _check_side(side: Any, own: list[int]) -> None:
    whole = isinstance(side, int) and not isinstance(side, bool)
    if not whole or not 0 < side <= MOST_SIDE:
        problem = f"it must be a whole number from 1 to {MOST_SIDE}"
    elif any(size > 0 and size != side for size in own):
        problem = f"the backbone takes pictures of {own[0]} × {own[1]} pixels only"
    else:
        return
    raise OptionError("option-bad", option="side", value=side, problem=problem)


def _pixels(asked: str, takes: int) -> str:
    of_bytes = takes == TensorProto.UINT8
    if asked == AUTO:
        return PLAIN if of_bytes else IMAGENET
    choices = [PLAIN] if of_bytes else list(PIXELS)
    if asked not in choices:
        raise OptionError(
            "option-unknown",
            option="pixels",
            value=asked,
            near=catalogue.near(str(asked), choices),
            choices=catalogue.listed([AUTO, *choices]),
        )
    return asked


def _converted(model: Any, path: str) -> Any:
    """The model in our operator set."""
    ours = vet.OPSETS[""]
    theirs = next((o.version for o in model.opset_import if o.domain == ""), 1)
    if theirs == ours:
        return model
    try:
        told = version_converter.convert_version(model, ours)
    except (RuntimeError, *vet.BROKEN) as error:
        problem = reason(error)
        raise FileError(
            "backbone-opset", path=path, theirs=theirs, ours=ours, problem=problem
        ) from None
    _check_operators(told, path)
    return told


# ── trying ──


def _tried(named: Extractor, own: Any, path: str) -> Extractor:
    """The extractor as it is or with its batch freed: whichever tells of several
    pictures at once what the file tells of them. own: a session of the file."""
    batch = _batch(own)
    shape = (TRIED, named.side, named.side, named.channels)
    pictures = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    expected = _expected(own, named, pictures, batch or 1, path)
    told = replace(named, features=expected.shape[1])
    spread = max(float(np.abs(expected).max()), 1e-6)
    problem = ""
    for way in (told, replace(told, batch=batch)):
        try:
            found = way(pictures)
        except FileError as error:
            if error.code != "graph-refused":
                raise
            problem = error.parameters["problem"]
            continue
        except Exception as error:  # ONNX Runtime's errors have no common base
            problem = reason(error)
            continue
        if found.shape == expected.shape:
            if np.abs(found - expected).max() <= CLOSE * spread:
                return way
            problem = "several pictures at once are not told as they are one by one"
    raise FileError("backbone-batch", path=path, problem=problem)


def _own_session(model: Any, output: str, path: str) -> Any:
    """The file as it is, told to give this output."""
    asked = onnx.ModelProto()
    asked.CopyFrom(model)
    if output not in [o.name for o in asked.graph.output]:
        asked.graph.output.append(onnx.ValueInfoProto(name=output))
    try:
        return running(asked.SerializeToString())
    except FileError as error:
        raise FileError("backbone-foreign", path=path, **error.parameters) from None


def _batch(session: Any) -> int:
    """How many pictures at once its input asks for, or 0 where that is open."""
    size = session.get_inputs()[0].shape[0]
    return size if isinstance(size, int) and size > 0 else 0


def _expected(
    session: Any, named: Extractor, pictures: np.ndarray, batch: int, path: str
) -> np.ndarray:
    """What the file itself tells: (TRIED, features), each picture alone or repeated
    until its batch is full."""
    graph = Graph()
    source = graph.input("pictures", np.uint8, [ROWS, *pictures.shape[1:]])
    seen = graph.node("Cast", source, to=TensorProto.FLOAT)
    if named.height != named.width:
        seen = resized(graph, seen, named.height, named.width)
    graph.output(
        "ready", named.prepared(graph, seen), TYPES[named.takes], [ROWS, "a", "b", "c"]
    )
    ready = running(graph.model()).run(None, {"pictures": pictures})[0]
    told = []
    for one in ready:
        feed: Mapping[str, Any] = {named.input: np.repeat(one[None], batch, axis=0)}
        try:
            answer = session.run([named.output], feed)[0]
        except Exception as error:  # ONNX Runtime's errors have no common base
            problem = reason(error)
            raise FileError("backbone-foreign", path=path, problem=problem) from None
        numbers = np.asarray(answer)
        if numbers.dtype.kind not in "fiu" or numbers.size % batch or not numbers.size:
            raise FileError(
                "backbone-vector", path=path, output=named.output, shape=numbers.shape
            )
        told.append(numbers.reshape(batch, -1)[0].astype(np.float32))
    found = np.stack(told)
    if found.shape[1] > MOST_FEATURES:
        raise FileError(
            "backbone-vector", path=path, output=named.output, shape=numbers.shape
        )
    return found
