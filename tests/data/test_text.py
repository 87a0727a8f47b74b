"""Text becomes vectors that tell texts apart."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from mapsto.data.text import fit_vocabulary, vectors

GOOD = ["lovely", "sunny", "spacious", "quiet", "renovated", "charming"]
BAD = ["damp", "noisy", "cramped", "dark", "broken", "shabby"]
PLAIN = ["flat", "house", "kitchen", "with", "and", "near", "station", "floor", "room"]


def array(*texts):
    return np.array(texts, dtype=object)


def reviews(rows, seed):
    """Texts of plain words with one telling word, some of them misspelt."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, rows)
    texts = []
    for y in label:
        told = list(rng.choice(GOOD if y else BAD))
        if rng.random() < 0.3:
            told.insert(int(rng.integers(1, len(told))), "x")
        words = [*rng.choice(PLAIN, 8), "".join(told)]
        rng.shuffle(words)
        texts.append(" ".join(words))
    return array(*texts), label


def test_an_easy_task_is_easy():
    """A linear model on the vectors reaches an AUC of 0.9 on fresh texts."""
    texts, label = reviews(600, 0)
    fresh, truth = reviews(400, 1)
    parse = fit_vocabulary(texts, width=256)

    model = LogisticRegression(C=10).fit(vectors(texts, parse), label)
    score = model.predict_proba(vectors(fresh, parse))[:, 1]

    assert roc_auc_score(truth, score) > 0.95


def test_rows_have_length_one_or_zero():
    texts = array("red house", "blue house", None, "", "完全 unseen ???")

    v = vectors(texts, fit_vocabulary(texts[:2]))

    assert v.dtype == np.float32
    assert np.linalg.norm(v, axis=1) == pytest.approx([1, 1, 0, 0, 0])


def test_vectors_by_hand():
    """tf = 1 + log(count), idf as remembered, divided by the length."""
    parse = {"ngrams": [" ab ", "ab ", "cdx"], "idf": [2.0, 1.0, 3.0]}

    v = vectors(array("AB ab xy", "cdx"), parse)

    tf = 1 + np.log(2)
    row = np.array([2 * tf, tf, 0]) / np.linalg.norm([2 * tf, tf])
    assert v[0] == pytest.approx(row)
    assert v[1].tolist() == [0, 0, 1]


def test_idf_by_hand():
    parse = fit_vocabulary(array("aa bb", "aa cc", "aa bb", "dd"))

    idf = dict(zip(parse["ngrams"], parse["idf"], strict=True))
    assert idf[" aa "] == pytest.approx(np.log(5 / 4) + 1)
    assert idf[" bb "] == pytest.approx(np.log(5 / 3) + 1)
    assert " cc " not in idf


def test_of_ngrams_in_the_same_texts_the_longest_is_kept():
    parse = fit_vocabulary(array("garden", "garden", "cellar"))

    assert parse["ngrams"] == [" garden "]


def test_chinese_is_cut_into_characters_and_pairs():
    texts = array("北京房子很大", "上海房子很小", "北京很冷", "上海很热")

    ngrams = fit_vocabulary(texts)["ngrams"]

    assert {"北京", "上海", "房子"} <= set(ngrams)
    assert vectors(texts, fit_vocabulary(texts)).any(axis=1).all()


def test_width_is_a_bound_and_the_result_is_the_same_every_time():
    texts, _ = reviews(200, 2)

    assert len(fit_vocabulary(texts, width=50)["ngrams"]) == 50
    assert fit_vocabulary(texts) == fit_vocabulary(texts)


def test_one_row_equals_its_batch():
    texts, _ = reviews(50, 3)
    parse = fit_vocabulary(texts)

    batch = vectors(texts, parse)
    single = np.concatenate([vectors(texts[i : i + 1], parse) for i in range(50)])

    np.testing.assert_array_equal(single, batch)


def test_empty_texts_give_an_empty_vocabulary():
    assert fit_vocabulary(array(None, None)) == {"ngrams": [], "idf": []}
    assert vectors(array("x"), {"ngrams": [], "idf": []}).shape == (1, 0)
