"""Text as a vector: tf-idf of character n-grams and whole words.

The n-grams are of 3 to 5 characters inside word boundaries (" cat ": " ca", "cat",
..., " cat "), which forgives spelling and inflection (Bojanowski et al. 2017,
https://arxiv.org/abs/1607.04606). Chinese, Japanese and Korean give single
characters and pairs. For count c in a text, and df of n texts that hold the n-gram:

    tf = 1 + log(c),  idf = log((1 + n) / (1 + df)) + 1,  v = tf·idf / |tf·idf|
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from mapsto.data.raw import missing

WIDTH = 512
MOST_CHARACTERS = 2_000_000
"""How much text, spread over the table, the vocabulary is taken from."""

_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af"
_RUNS = re.compile(rf"[{_CJK}]+|[^\W{_CJK}]+|[^\w\s]+")
_FIRST_IS_CJK = re.compile(rf"[{_CJK}]").match


def fit_vocabulary(values: np.ndarray, width: int = WIDTH) -> dict[str, Any]:
    """The n-grams that most texts hold, with their idf. values: object (rows,)."""
    texts = values[~missing(values)].tolist()
    step = max(1, sum(map(len, texts)) // MOST_CHARACTERS)
    df = _document_frequency(texts[::step])
    n = len(texts[::step])
    telling = {g: c for g, c in df.items() if 1 < c < n} or df
    ranked = sorted(telling, key=lambda ngram: (-telling[ngram], ngram))
    ngrams = sorted(ranked[:width])
    counts = np.array([telling[ngram] for ngram in ngrams], dtype=np.float64)
    idf = np.log((1 + n) / (1 + counts)) + 1
    return {"ngrams": ngrams, "idf": idf.tolist()}


def vectors(values: np.ndarray, parse: Mapping[str, Any]) -> np.ndarray:
    """float32 (rows, width), each row of length one, or zero where nothing is known.

    values: object (rows,) of str, None where missing.
    """
    place = _places(tuple(parse["ngrams"]))
    known: dict[str, list[int]] = {}
    rows: list[int] = []
    columns: list[int] = []
    counts: list[int] = []
    for row, text in enumerate(values):
        found = Counter(_found(text or "", place, known))
        rows.extend([row] * len(found))
        columns.extend(found.keys())
        counts.extend(found.values())
    v = np.zeros((len(values), len(place)), dtype=np.float32)
    tf = 1 + np.log(np.array(counts, dtype=np.float64))
    v[rows, columns] = tf * np.asarray(parse["idf"])[columns]
    length = np.linalg.norm(v, axis=1, keepdims=True)
    return np.divide(v, length, out=v, where=length > 0)


def _document_frequency(texts: Sequence[str]) -> dict[str, int]:
    """How many texts hold each n-gram.

    Of n-grams in exactly the same texts only the longest is there, because the
    others say nothing more: the sum of a random mark of each text tells such
    n-grams, for equal sets are summed in the same order to the same bits.
    """
    place: dict[str, int] = {}
    known: dict[str, list[int]] = {}
    ids: list[int] = []
    sizes = []
    for text in texts:
        runs = (_places_of(run, place, known) for run in _runs(text))
        found = set().union(*runs)
        ids.extend(found)
        sizes.append(len(found))
    marks = np.repeat(np.random.default_rng(0).random(len(texts)), sizes)
    index = np.array(ids, dtype=np.int64)
    frequency = np.bincount(index, minlength=len(place)).tolist()
    signature = np.bincount(index, marks, minlength=len(place)).tolist()
    longest = {
        signature[place[ngram]]: ngram
        for ngram in sorted(place, key=lambda ngram: (len(ngram), ngram))
    }
    return {ngram: frequency[place[ngram]] for ngram in longest.values()}


def _runs(text: str) -> list[str]:
    return _RUNS.findall(text.casefold())


def _places_of(
    run: str, place: dict[str, int], known: dict[str, list[int]]
) -> list[int]:
    """The numbers of a run's n-grams; new ones are numbered on."""
    if run not in known:
        known[run] = [place.setdefault(ngram, len(place)) for ngram in _cut(run)]
    return known[run]


def _cut(run: str) -> Iterator[str]:
    """The n-grams of one run of letters, with repetition."""
    if _FIRST_IS_CJK(run):
        yield from run
        yield from (run[i : i + 2] for i in range(len(run) - 1))
        return
    word = f" {run} "
    yield word
    for n in (3, 4, 5):
        if n < len(word):
            yield from (word[i : i + n] for i in range(len(word) - n + 1))


def _found(
    text: str, place: Mapping[str, int], known: dict[str, list[int]]
) -> Iterator[int]:
    """The places of all n-grams of a text that the vocabulary has."""
    for run in _runs(text):
        if run not in known:
            known[run] = [place[ngram] for ngram in _cut(run) if ngram in place]
        yield from known[run]


@lru_cache(maxsize=64)
def _places(ngrams: tuple[str, ...]) -> dict[str, int]:
    return {ngram: i for i, ngram in enumerate(ngrams)}
