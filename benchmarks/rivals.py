"""The rivals at their defaults, on the same splits, in an environment of their own.

    python -m venv .rivals
    .rivals/bin/pip install -r benchmarks/rivals.txt
    .rivals/bin/python benchmarks/rivals.py [--tables DIR] [--rival catboost ...]

Every rival gets the same typed frame, with categories declared as its manual says.
What fails is a line with the error in it. mapsto is not imported here.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lines import put
from losses import keep, row_losses
from machine import machine
from tasks import Split, splits

RESULTS = Path(__file__).parent / "results"
Rival = Callable[[pd.DataFrame, pd.Series, pd.DataFrame, bool], np.ndarray]
"""(training inputs, target, test inputs, is classification) → predictions, (n,) or
(n, classes) in sorted label order."""


def categorical(frame: pd.DataFrame) -> list[str]:
    return [c for c in frame if not pd.api.types.is_numeric_dtype(frame[c])]


def plainly_named(*frames: pd.DataFrame) -> None:
    """LightGBM and XGBoost refuse some signs in a column's name."""
    for frame in frames:
        frame.columns = [f"c{k}" for k in range(frame.shape[1])]


def as_categories(train: pd.DataFrame, test: pd.DataFrame) -> None:
    """Text columns become pandas categories with the training levels."""
    for name in categorical(train):
        levels = pd.CategoricalDtype(sorted(train[name].dropna().astype(str).unique()))
        for frame in (train, test):
            told = frame[name].where(frame[name].isna(), frame[name].astype(str))
            frame[name] = told.astype(levels)


def lightgbm(x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool) -> Any:
    import lightgbm

    plainly_named(x, new)
    as_categories(x, new)
    if classes:
        return lightgbm.LGBMClassifier(verbose=-1).fit(x, y).predict_proba(new)
    return lightgbm.LGBMRegressor(verbose=-1).fit(x, y).predict(new)


def xgboost(x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool) -> Any:
    import xgboost

    plainly_named(x, new)
    as_categories(x, new)
    if classes:
        codes = y.astype("category").cat.codes
        model = xgboost.XGBClassifier(enable_categorical=True).fit(x, codes)
        return model.predict_proba(new)
    return xgboost.XGBRegressor(enable_categorical=True).fit(x, y).predict(new)


def catboost(x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool) -> Any:
    from catboost import CatBoostClassifier, CatBoostRegressor

    names = categorical(x)
    for frame in (x, new):
        frame[names] = (
            frame[names].astype(object).where(frame[names].notna(), "missing")
        )
        frame[names] = frame[names].astype(str)
    kind = CatBoostClassifier if classes else CatBoostRegressor
    model = kind(cat_features=names, verbose=False, allow_writing_files=False)
    model.fit(x, y)
    return model.predict_proba(new) if classes else model.predict(new)


def hist_gradient_boosting(
    x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool
) -> Any:
    from sklearn import ensemble

    as_categories(x, new)
    kind = (
        ensemble.HistGradientBoostingClassifier
        if classes
        else ensemble.HistGradientBoostingRegressor
    )
    many = [c for c in categorical(x) if x[c].nunique() > 255]
    x, new = x.drop(columns=many), new.drop(columns=many)
    model = kind(categorical_features="from_dtype", random_state=0).fit(x, y)
    return model.predict_proba(new) if classes else model.predict(new)


def _numeric(x: pd.DataFrame) -> Any:
    """Median and scale for numbers, one-hot for categories: the usual preparation."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    names = categorical(x)
    numbers = [c for c in x if c not in names]
    return make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), names),
    )


def line(x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool) -> Any:
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.pipeline import make_pipeline

    head = (
        LogisticRegression(max_iter=2000)
        if classes
        else RidgeCV(np.logspace(-3, 4, 15))
    )
    model = make_pipeline(_numeric(x), head).fit(x, y)
    return model.predict_proba(new) if classes else model.predict(new)


def mlp(x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool) -> Any:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if classes:
        model = make_pipeline(_numeric(x), MLPClassifier(random_state=0)).fit(x, y)
        return model.predict_proba(new)
    head = TransformedTargetRegressor(
        MLPRegressor(random_state=0), transformer=StandardScaler()
    )
    return make_pipeline(_numeric(x), head).fit(x, y).predict(new)


def ebm(x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool) -> Any:
    from interpret.glassbox import (
        ExplainableBoostingClassifier,
        ExplainableBoostingRegressor,
    )

    if classes:
        return ExplainableBoostingClassifier(n_jobs=2).fit(x, y).predict_proba(new)
    return ExplainableBoostingRegressor(n_jobs=2).fit(x, y).predict(new)


def realmlp(x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool) -> Any:
    from pytabkit import RealMLP_TD_Classifier, RealMLP_TD_Regressor

    return _pytabkit(
        RealMLP_TD_Classifier if classes else RealMLP_TD_Regressor, x, y, new, classes
    )


def tabm(x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool) -> Any:
    from pytabkit import TabM_D_Classifier, TabM_D_Regressor

    return _pytabkit(
        TabM_D_Classifier if classes else TabM_D_Regressor, x, y, new, classes
    )


def xrfm(x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool) -> Any:
    from pytabkit import XRFM_D_Classifier, XRFM_D_Regressor

    return _pytabkit(
        XRFM_D_Classifier if classes else XRFM_D_Regressor, x, y, new, classes
    )


def _pytabkit(
    kind: Any, x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool
) -> Any:
    """Missing numbers are filled with the median: its networks take none."""
    as_categories(x, new)
    numbers = [c for c in x if c not in categorical(x)]
    middle = x[numbers].median()
    x[numbers], new[numbers] = x[numbers].fillna(middle), new[numbers].fillna(middle)
    model = kind(device="cpu", random_state=0).fit(x, y)
    return model.predict_proba(new) if classes else model.predict(new)


def autogluon(x: pd.DataFrame, y: pd.Series, new: pd.DataFrame, classes: bool) -> Any:
    from tempfile import TemporaryDirectory

    from autogluon.tabular import TabularPredictor

    metric = "log_loss" if classes else "root_mean_squared_error"
    kind = None if classes else "regression"  # whole numbers would pass for classes
    with TemporaryDirectory() as folder:
        model = TabularPredictor("__y", kind, metric, path=folder, verbosity=0)
        model.fit(x.assign(__y=y))
        if not classes:
            return model.predict(new).to_numpy()
        told = model.predict_proba(new, as_multiclass=True)
        return told[sorted(told.columns)].to_numpy()


RIVALS: dict[str, tuple[Rival, str]] = {
    "line": (line, "scikit-learn"),
    "mlp": (mlp, "scikit-learn"),
    "hist_gradient_boosting": (hist_gradient_boosting, "scikit-learn"),
    "lightgbm": (lightgbm, "lightgbm"),
    "xgboost": (xgboost, "xgboost"),
    "catboost": (catboost, "catboost"),
    "ebm": (ebm, "interpret-core"),
    "realmlp": (realmlp, "pytabkit"),
    "tabm": (tabm, "pytabkit"),
    "xrfm": (xrfm, "pytabkit"),
    "autogluon": (autogluon, "autogluon.tabular"),
}


def measured(name: str, split: Split) -> dict[str, Any]:
    """Fit and predict one split: score, seconds of wall and of processor."""
    rival, package = RIVALS[name]
    x, new = (
        split.train.drop(columns=split.target),
        split.test.drop(columns=split.target),
    )
    wall, cpu = time.perf_counter(), time.process_time()
    told = rival(x, split.train[split.target], new, split.task != "regression")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    loss = row_losses(split, np.asarray(told))
    keep(name, split, loss)
    score = loss.mean() ** (0.5 if split.task == "regression" else 1.0)
    return {
        "score": float(score),
        "wall": wall,
        "cpu": cpu,
        "machine": machine(package, "numpy"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", help="folder with an index.json")
    parser.add_argument("--only", nargs="*", default=[], help="names of tables")
    parser.add_argument("--splits", type=int, default=3, help="at most so many")
    parser.add_argument(
        "--rival", nargs="*", default=list(RIVALS), choices=list(RIVALS)
    )
    asked = parser.parse_args()
    for name in asked.rival:
        for split in splits(asked.tables, asked.only, asked.splits):
            line = {"rival": name, "table": split.table, "seed": split.seed}
            try:
                line |= measured(name, split)
            except Exception as error:  # a rival's failure is a result
                line["error"] = f"{type(error).__name__}: {error}"[:200]
            put(RESULTS / f"rival-{name}.jsonl", line)
            print(line, flush=True)


if __name__ == "__main__":
    main()
