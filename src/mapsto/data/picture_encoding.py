"""What a family sees of a picture.

| plan    | features of a picture                                                   |
|---------|-------------------------------------------------------------------------|
| areas   | the mean of each of at most 8 × 8 parts, in each colour                  |
| patches | which patterns are in which quarter, on their leading directions         |
| pixels  | every pixel, each colour around its mean                                 |

Where a backbone has looked at the pictures, every family sees what it told,
standardised; of many features, their leading directions.

Patterns are learned without labels (Coates & Ng 2012,
https://doi.org/10.1007/978-3-642-35289-8_30): small patches, each with its own
brightness and contrast taken away, whitened, have their centres found by k-means; of
every patch of a picture it is told how much nearer than on average it is to each
centre, and that is summed over each quarter of the picture.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mapsto.data.features import Block, Feature
from mapsto.data.table import Column

AREAS = 8
COLOURS = {1: ("grey",), 3: ("red", "green", "blue")}
PATCH_SIDE, PICTURE_SIDE = 6, 32  # patches of 6 × 6 in a picture of at most 32 × 32
CENTRES, LEARNED_FROM, ROUNDS = 400, 40_000, 12
DIRECTIONS = 192
SPARE, POWERS = 16, 3  # of the search for the leading directions of many features
CONTRAST = 10.0  # added to a patch's variance, of pixels up to 255 (Coates & Ng, §2.1)
WHITE = 0.1  # added to the eigenvalues of normalised patches (§2.2)
AT_ONCE = 64  # pictures whose patches are in memory together


def _image(t: Any, state: Mapping[str, Any]) -> Any:
    """The block of T as pictures: float32 (n, side, side, channels)."""
    xp = t.__array_namespace__()
    start, stop, side, channels = (int(v) for v in state["place"])
    pixels = xp.astype(t[:, start:stop], xp.float32)
    return xp.reshape(pixels, (t.shape[0], side, side, channels))


def _place(column: Column, place: slice) -> np.ndarray:
    side, channels = column.parse["side"], column.parse["channels"]
    return np.array([place.start, place.stop, side, channels])


def _means_of(image: Any, size: int) -> Any:
    """(n, side, side, c) -> (n, side/size, side/size, c): the mean of size × size."""
    xp = image.__array_namespace__()
    n, side, _, channels = image.shape
    parts = side // size
    image = image[:, : parts * size, : parts * size]
    image = xp.reshape(image, (n, parts, size, parts, size, channels))
    return xp.mean(xp.mean(image, axis=4), axis=2)


# ── areas ──


def _areas(column: Column, block: np.ndarray, place: slice, seed: int) -> Block:
    side, channels = column.parse["side"], column.parse["channels"]
    size = -(-side // AREAS)
    parts = side // size
    state = {"place": _place(column, place), "size": np.array(size)}
    at = slice(0, block.shape[1])
    own = {**state, "place": np.array([at.start, at.stop, side, channels])}
    values = _area_means(own, block)
    center = values.mean(axis=0)
    scale = values.std(axis=0)
    scale = np.where(scale > 1e-6 * 255, scale, np.inf)
    names = [
        f"{column.name}: {colour} in row {i + 1}, column {j + 1} of {parts}"
        for i in range(parts)
        for j in range(parts)
        for colour in COLOURS[channels]
    ]
    features = tuple(
        Feature(name, column.name, "area", float(m), float(s), levels=side)
        for name, m, s in zip(names, center, scale, strict=True)
    )
    return Block(area_means, {**state, "center": center, "scale": scale}, features)


def _area_means(state: Any, t: Any) -> Any:
    xp = t.__array_namespace__()
    means = _means_of(_image(t, state), int(state["size"]))
    return xp.astype(xp.reshape(means, (t.shape[0], -1)), xp.float64)


def area_means(state: Any, t: Any) -> Any:
    """(mean - center) / scale of each part and colour: float64."""
    return (_area_means(state, t) - state["center"]) * (1.0 / state["scale"])


# ── patches ──


def _patches(column: Column, block: np.ndarray, place: slice, seed: int) -> Block:
    side, channels = column.parse["side"], column.parse["channels"]
    size = max(1, side // PICTURE_SIDE)
    patch = min(PATCH_SIDE, max(1, side // size // 2 - 1))
    own = np.array([0, block.shape[1], side, channels])
    state = {"place": own, "size": np.array(size), "patch": np.array(patch)}
    rng = np.random.default_rng([seed, side])
    state |= _dictionary(_some_patches(state, block, rng), rng)
    seen = _in_parts(_pattern_sums, state, block)
    center = seen.mean(axis=0)
    basis = _directions(seen - center)
    scores = (seen - center) @ basis
    # one scale for all directions: the leading ones are to count more
    scale = max(float(np.sqrt((scores**2).mean(axis=0).max())), 1e-6)
    state |= {"center": center, "basis": basis / np.float32(scale)}
    state["place"] = _place(column, place)
    features = tuple(
        Feature(f"{column.name} (pattern {k + 1})", column.name, "patch", levels=side)
        for k in range(basis.shape[1])
    )
    return Block(pattern_directions, state, features)


def _dictionary(patches: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Whitening and centres: {"whiten": (d, d), "middle": (d,), "centres": (k, d)}."""
    middle = patches.mean(axis=0)
    values, directions = np.linalg.eigh(
        np.cov(patches.T).reshape(2 * patches.shape[1:])
    )
    whiten = (directions / np.sqrt(np.maximum(values, 0) + WHITE)) @ directions.T
    whitened = ((patches - middle) @ whiten).astype(np.float32)
    centres = _centres(whitened, min(CENTRES, len(patches) // 10 + 1), rng)
    return {
        "whiten": whiten.astype(np.float32),
        "middle": middle.astype(np.float32),
        "centres": centres,
    }


def _centres(x: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """k-means (Lloyd 1982, https://doi.org/10.1109/TIT.1982.1056489): (count, d)."""
    centres = x[rng.choice(len(x), count, replace=False)]
    for _ in range(ROUNDS):
        nearness = x @ centres.T - 0.5 * (centres**2).sum(axis=1)
        own = nearness.argmax(axis=1)
        counts = np.bincount(own, minlength=count)
        order = np.argsort(own, kind="stable")
        sums = np.add.reduceat(x[order], np.cumsum(np.append(0, counts[:-1])) % len(x))
        held = counts > 0
        centres = np.where(
            held[:, None], sums / np.maximum(counts, 1)[:, None], centres
        )
    return np.asarray(centres, np.float32)


def _some_patches(
    state: Mapping[str, Any], block: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """(m, d) normalised patches of pictures drawn at random."""
    some = rng.permutation(len(block))[:2000]
    each = -(-LEARNED_FROM // len(some))
    found = []
    for start in range(0, len(some), AT_ONCE):
        image = _means_of(
            _image(block[some[start : start + AT_ONCE]], state), int(state["size"])
        )
        patches = _normalised(_cut(image, int(state["patch"])))
        n, rows, columns, d = patches.shape
        flat = patches.reshape(n, rows * columns, d)
        drawn = rng.integers(rows * columns, size=(n, min(each, rows * columns)))
        found.append(np.take_along_axis(flat, drawn[:, :, None], axis=1).reshape(-1, d))
    return np.concatenate(found)


def _cut(image: Any, patch: int) -> Any:
    """Every patch of (n, side, side, c): (n, places, places, patch · patch · c)."""
    xp = image.__array_namespace__()
    places = image.shape[1] - patch + 1
    shifted = [
        image[:, i : i + places, j : j + places]
        for i in range(patch)
        for j in range(patch)
    ]
    return xp.concat(shifted, axis=3)


def _normalised(patches: Any) -> Any:
    """Without its own brightness and contrast: (p - mean) / √(variance + 10)."""
    xp = patches.__array_namespace__()
    centred = patches - xp.mean(patches, axis=-1, keepdims=True)
    variance = xp.mean(centred**2, axis=-1, keepdims=True)
    return centred / xp.sqrt(variance + np.float32(CONTRAST))


def _pattern_sums(state: Any, t: Any) -> Any:
    """float32 (n, 4 · centres): Σ max(0, mean distance - distance) in each quarter."""
    xp = t.__array_namespace__()
    image = _means_of(_image(t, state), int(state["size"]))
    patches = _normalised(_cut(image, int(state["patch"])))
    centres = xp.asarray(state["centres"])
    x = (patches - xp.asarray(state["middle"])) @ xp.asarray(state["whiten"])
    lengths = xp.sum(x**2, axis=-1, keepdims=True)
    squares = lengths - 2 * (x @ xp.permute_dims(centres, (1, 0)))
    squares = squares + xp.sum(centres**2, axis=1)
    distance = xp.sqrt(xp.maximum(squares, xp.asarray(np.float32(0))))
    near = xp.mean(distance, axis=-1, keepdims=True) - distance
    near = xp.maximum(near, xp.asarray(np.float32(0)))
    half = near.shape[1] // 2
    quarters = [
        xp.sum(near[:, rows, columns], axis=(1, 2))
        for rows in (slice(0, half), slice(half, None))
        for columns in (slice(0, half), slice(half, None))
    ]
    return xp.concat(quarters, axis=1) * np.float32(1 / max(1, half * half))


def _directions(seen: np.ndarray) -> np.ndarray:
    """(d, at most DIRECTIONS): the leading principal directions, signs fixed."""
    n, d = seen.shape
    if n < d:  # the same directions from the smaller of the two products
        values, vectors = np.linalg.eigh((seen @ seen.T).astype(np.float64))
        vectors = seen.T @ vectors
    else:
        values, vectors = np.linalg.eigh((seen.T @ seen).astype(np.float64))
    order = np.argsort(-values)[:DIRECTIONS]
    kept = order[values[order] > 1e-6 * values[order[0]]]
    basis = vectors[:, kept]
    basis = basis / np.linalg.norm(basis, axis=0)
    largest = basis[np.abs(basis).argmax(axis=0), range(basis.shape[1])]
    return np.asarray(basis * np.where(largest < 0, -1, 1), np.float32)


def _in_parts(function: Any, state: Any, t: np.ndarray) -> np.ndarray:
    starts = range(0, max(len(t), 1), AT_ONCE)
    return np.concatenate([function(state, t[s : s + AT_ONCE]) for s in starts])


def pattern_directions(state: Any, t: Any) -> Any:
    """The sums' scores on their leading directions: float64."""
    if isinstance(t, np.ndarray) and len(t) > AT_ONCE:
        return _in_parts(pattern_directions, state, t)
    xp = t.__array_namespace__()
    sums = _pattern_sums(state, t) - xp.asarray(state["center"])
    return xp.astype(sums @ xp.asarray(state["basis"]), xp.float64)


# ── pixels ──


def _pixels(column: Column, block: np.ndarray, place: slice, seed: int) -> Block:
    side, channels = column.parse["side"], column.parse["channels"]
    colours = block.reshape(-1, channels)
    center, spread = colours.mean(axis=0), float(colours.std(axis=0).mean())
    features = tuple(
        Feature(f"{column.name}: pixel {k + 1}", column.name, "pixel", levels=side)
        for k in range(side * side * channels)
    )
    state = {
        "place": _place(column, place),
        "center": center.astype(np.float32),
        "scale": np.array(max(spread, 1.0), np.float32),
    }
    return Block(centred_pixels, state, features)


def centred_pixels(state: Any, t: Any) -> Any:
    """(pixel - mean of its colour) / spread: float32."""
    xp = t.__array_namespace__()
    image = (_image(t, state) - xp.asarray(state["center"])) * (
        1 / xp.asarray(state["scale"])
    )
    return xp.reshape(image, (t.shape[0], -1))


# ── what a backbone told ──


def told_features(column: Column, block: np.ndarray, place: slice, seed: int) -> Block:
    """block: (n, width), what a backbone told of each picture."""
    center, scale = block.mean(axis=0), block.std(axis=0)
    flat = scale <= 1e-6 * np.maximum(np.abs(block).max(axis=0), 1e-6)
    scale = np.where(flat, np.inf, scale)
    state = {
        "at": np.array([place.start, place.stop]),
        "center": center,
        "scale": scale,
    }
    if block.shape[1] <= DIRECTIONS:
        names = [f"{column.name}: feature {k + 1}" for k in range(block.shape[1])]
    else:
        z = (block - center) / scale
        basis = _leading(z, np.random.default_rng([seed, len(center)]))
        # one scale for all directions: the leading ones are to count more
        largest = float(np.sqrt(((z @ basis[:, 0]) ** 2).mean()))
        state["basis"] = basis / max(largest, 1e-6)
        count = basis.shape[1]
        names = [f"{column.name} (direction {k + 1})" for k in range(count)]
    features = tuple(Feature(name, column.name, "told") for name in names)
    return Block(standard_features, state, features)


def standard_features(state: Any, t: Any) -> Any:
    """(feature - center) / scale, on their leading directions where there are many."""
    start, stop = (int(v) for v in state["at"])
    z = (t[:, start:stop] - state["center"]) * (1.0 / state["scale"])
    return z @ state["basis"] if "basis" in state else z


def _leading(z: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(d, at most DIRECTIONS) leading directions of z (n, d), by a randomised search
    (Halko, Martinsson & Tropp 2011, algorithms 4.4 and 5.1,
    https://doi.org/10.1137/090771806)."""
    n, d = z.shape
    most = min(DIRECTIONS, n - 1)
    guess = z @ rng.standard_normal((d, min(most + SPARE, d)))
    for _ in range(POWERS):
        guess = z @ (z.T @ np.linalg.qr(guess)[0])
    _, sizes, basis = np.linalg.svd(np.linalg.qr(guess)[0].T @ z, full_matrices=False)
    kept = basis[:most][sizes[:most] > 1e-6 * sizes[0]].T
    largest = kept[np.abs(kept).argmax(axis=0), range(kept.shape[1])]
    return np.asarray(kept * np.where(largest < 0, -1.0, 1.0))


PICTURES: dict[str, Callable[[Column, np.ndarray, slice, int], Block]] = {
    "areas": _areas,
    "patches": _patches,
    "pixels": _pixels,
}
