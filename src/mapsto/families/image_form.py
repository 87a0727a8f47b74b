"""The form of the image network: a small residual convolutional network.

    stem        conv 3×3; where pictures are larger than 32 pixels, of 2×2 pixels each
    each stage  conv 3×3 to twice the channels, halved, then residual blocks
                h + conv(conv(h)), until the picture is 4 pixels wide
    head        mean over all places, beside the other columns; one weighted sum

Every conv is followed by a normalisation and max(0, ·). It is the network of
He, Zhang, Ren & Sun 2016 (https://arxiv.org/abs/1512.03385) in the short shape of
D. Page's ResNet-9 (https://github.com/davidcpage/cifar10-fast).

In training a normalisation uses the moments of the batch (Ioffe & Szegedy 2015,
https://arxiv.org/abs/1502.03167). What is shipped has none: `folded` moves them
into the weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

LEAST_SIDE = 4  # a stage never makes a picture smaller
LARGE = 32  # pixels: of a larger picture, 2×2 pixels are one place with 4× the channels
STABLE = 1e-5  # added to a variance
AT_ONCE = 128  # pictures evaluated in one compiled call


@dataclass(frozen=True)
class Form:
    """Pictures (side, side, channels) and `others` further numbers -> eta (outputs).

    `width`: channels of the stem. `blocks`: residual blocks of each stage. `mirrored`:
    the mean over the picture and its mirror image is told.
    """

    side: int
    channels: int
    others: int
    width: int
    blocks: int
    outputs: int
    mirrored: bool = False

    @property
    def stages(self) -> tuple[tuple[int, int, int], ...]:
        """(channels in, channels out, places along a side) of the stem and each stage;
        each stage ends with half the places."""
        large = self.side > LARGE
        side = self.side // 2 if large else self.side
        wide = self.width
        told = [(4 * self.channels if large else self.channels, wide, side)]
        while side // 2 >= LEAST_SIDE:
            told.append((wide, 2 * wide, side))
            side, wide = side // 2, 2 * wide
        return tuple(told)

    @property
    def pixels(self) -> int:
        """Numbers of one picture."""
        return self.side * self.side * self.channels

    @property
    def operations(self) -> float:
        """Multiplications and additions for one picture, forward."""
        total = 0.0
        for k, (into, out, side) in enumerate(self.stages):
            total += 2 * 9 * into * out * side * side
            total += 2 * 9 * out * out * (side // 2) ** 2 * 2 * self.blocks_of(k)
        return total

    def blocks_of(self, stage: int) -> int:
        """Residual blocks: none behind the stem."""
        return self.blocks if stage else 0


def start(form: Form, rng: np.random.Generator) -> dict[str, Any]:
    """Weights of the size that keeps variances (He et al. 2015,
    https://arxiv.org/abs/1502.01852); the head begins at zero."""

    def conv(into: int, out: int) -> dict[str, np.ndarray]:
        w = rng.standard_normal((3, 3, into, out)) * np.sqrt(2 / (9 * into))
        return {
            "w": w.astype(np.float32),
            "gain": np.ones(out, np.float32),
            "shift": np.zeros(out, np.float32),
        }

    convs, last = [], form.channels
    for k, (into, out, _) in enumerate(form.stages):
        convs.append(conv(into, out))
        for _ in range(2 * form.blocks_of(k)):
            convs.append(conv(out, out))
        last = out
    seen = last + form.others
    head = {
        "w": np.zeros((seen, form.outputs), np.float32),
        "b": np.zeros(form.outputs, np.float32),
    }
    return {"convs": convs, "head": head}


# ── the layers ──


def convolved(h: Any, w: Any) -> Any:
    """h: (n, side, side, in), w: (3, 3, in, out) -> (n, side, side, out)."""
    names = ("NHWC", "HWIO", "NHWC")
    return lax.conv_general_dilated(h, w, (1, 1), "SAME", dimension_numbers=names)


def spread(h: Any) -> Any:
    """(n, side, side, c) -> (n, side/2, side/2, 4c): the pixels of 2×2 side by side."""
    n, rows, columns, wide = h.shape
    h = h[:, : rows // 2 * 2, : columns // 2 * 2]
    h = h.reshape(n, rows // 2, 2, columns // 2, 2, wide).transpose(0, 1, 3, 2, 4, 5)
    return h.reshape(n, rows // 2, columns // 2, 4 * wide)


def halved(h: Any) -> Any:
    """The largest of each 2×2 places; an odd last row or column is left out."""
    n, rows, columns, wide = h.shape
    h = h[:, : rows // 2 * 2, : columns // 2 * 2]
    return h.reshape(n, rows // 2, 2, columns // 2, 2, wide).max(axis=(2, 4))


def walked(form: Form, h: Any, layer: Any) -> Any:
    """The picture through all stages; `layer(k, h)` is the k-th conv with what
    follows it. -> (n, channels of the last stage): the mean over all places."""
    h, k = spread(h) if form.side > LARGE else h, 0
    for stage in range(len(form.stages)):
        h, k = layer(k, h), k + 1
        h = halved(h) if stage else h
        for _ in range(form.blocks_of(stage)):
            h, k = h + layer(k + 1, layer(k, h)), k + 2
    return h.mean(axis=(1, 2))


def seen(form: Form, parameters: Any, pictures: Any) -> tuple[Any, list[Any]]:
    """As in training: normalised by the moments of the batch, which are told."""
    told: list[Any] = []

    def layer(k: int, h: Any) -> Any:
        p = parameters["convs"][k]
        z = convolved(h, p["w"])
        mean = z.mean(axis=(0, 1, 2))
        variance = jnp.square(z - mean).mean(axis=(0, 1, 2))
        told.append((mean, variance))
        scale = p["gain"] * lax.rsqrt(variance + STABLE)
        return jax.nn.relu((z - mean) * scale + p["shift"])

    return walked(form, pictures, layer), told


def folded(parameters: Any, moments: Sequence[Any]) -> dict[str, Any]:
    """The same function with these moments moved into weights and biases."""
    convs = []
    for p, (mean, variance) in zip(parameters["convs"], moments, strict=True):
        scale = np.asarray(p["gain"]) / np.sqrt(np.asarray(variance) + STABLE)
        bias = np.asarray(p["shift"]) - np.asarray(mean) * scale
        convs.append({"w": np.asarray(p["w"]) * scale, "b": bias})
    return {"convs": convs, "head": jax.tree.map(np.asarray, parameters["head"])}


def headed(parameters: Any, h: Any, others: Any) -> Any:
    """eta (n, outputs) from the places' mean and the other columns."""
    h = jnp.concatenate([h, others], axis=1) if others.shape[1] else h
    return h @ parameters["head"]["w"] + parameters["head"]["b"]


# ── the function ──


def image_network(parameters: Any, x: Any, form: Form) -> Any:
    """eta (n, outputs). x: (n, pixels of the picture, then others), on NumPy or JAX.

    It runs in float32, for which alone there are convolutions everywhere.
    """
    if isinstance(x, np.ndarray):
        return _on_numpy(parameters, x, form)
    n = x.shape[0]
    x = x.astype(jnp.float32)
    pictures = x[:, : form.pixels].reshape(n, form.side, form.side, form.channels)
    others = x[:, form.pixels :]
    eta = _told(form, parameters, pictures, others)
    if form.mirrored:
        turned = jnp.flip(pictures, axis=2)
        eta = (eta + _told(form, parameters, turned, others)) * np.float32(0.5)
    return eta.astype(jnp.result_type(float))


def _told(form: Form, parameters: Any, pictures: Any, others: Any) -> Any:
    def layer(k: int, h: Any) -> Any:
        p = parameters["convs"][k]
        return jnp.maximum(convolved(h, p["w"]) + p["b"], 0)

    return headed(parameters, walked(form, pictures, layer), others)


def _on_numpy(parameters: Any, x: np.ndarray, form: Form) -> np.ndarray:
    """A few sizes of batches, so that it is compiled for each of them once."""
    found = []
    for first in range(0, max(len(x), 1), AT_ONCE):
        some = x[first : first + AT_ONCE].astype(np.float32)
        size = AT_ONCE if len(x) > AT_ONCE else 1 << max(len(some) - 1, 0).bit_length()
        whole = np.zeros((size, x.shape[1]), np.float32)
        whole[: len(some)] = some
        found.append(np.asarray(_compiled(parameters, whole, form))[: len(some)])
    return np.concatenate(found).astype(np.float64)


_compiled = partial(jax.jit, static_argnames="form")(
    lambda parameters, x, form: image_network(parameters, jnp.asarray(x), form)
)
