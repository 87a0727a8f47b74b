"""Dataframes of other libraries, through narwhals: in, and results out again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import narwhals as nw
import numpy as np
from narwhals.exceptions import DuplicateError

from mapsto.data.raw import Raw, assemble, cells, check_names

_LEVELS = (nw.Categorical, nw.Enum)


def is_frame(data: Any) -> bool:
    """Is this a dataframe that narwhals knows?"""
    dependencies = nw.dependencies
    return (
        dependencies.is_into_dataframe(data)
        or dependencies.is_polars_lazyframe(data)
        or dependencies.is_ibis_table(data)
        or dependencies.is_dask_dataframe(data)
    )


def read_frame(data: Any) -> Raw:
    """pandas, polars, pyarrow, modin, ...; lazy frames are collected."""
    frame = _wrapped(data)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    columns = list(frame.iter_columns())
    library = frame.implementation.value
    raw = assemble(frame.columns, [_column(c) for c in columns], library)
    levels = frozenset(str(c.name) for c in columns if c.dtype in _LEVELS)
    index = data.index if library == "pandas" else None
    return replace(raw, index=index, declared=levels)


def _wrapped(data: Any) -> "nw.DataFrame[Any] | nw.LazyFrame[Any]":
    try:
        return nw.from_native(data)
    except DuplicateError:
        names = data.column_names if hasattr(data, "column_names") else data.columns
        check_names(list(names))
        raise


def to_native(columns: Mapping[str, np.ndarray], library: str, index: Any) -> Any:
    """A frame of the caller's library, and with the caller's index."""
    plain = {
        name: values.tolist() if values.dtype.kind in "OU" else values
        for name, values in columns.items()
    }
    frame = nw.from_dict(plain, backend=cast(Any, library)).to_native()
    if index is not None:
        frame.index = index
    return frame


def _column(series: "nw.Series[Any]") -> np.ndarray:
    if series.dtype in _LEVELS:  # to_numpy would fill the gaps of Arrow's
        return cells(series.to_list())
    return cells(series.to_numpy())
