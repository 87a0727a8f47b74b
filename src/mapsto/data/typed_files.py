"""Parquet and JSON files, and DuckDB relations: tables that bring their types."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from mapsto.data import duck
from mapsto.data.raw import Raw, assemble
from mapsto.errors import FileError


def read_parquet(paths: Sequence[Path], most_rows: int | None, seed: int) -> Raw:
    """The first file says which columns there are."""
    scan = f"read_parquet({_list(paths)})"
    with duck.connection() as con, duck.naming(paths):
        return _read(con, scan, _parquet_names(con, paths[0]), most_rows, seed)


def read_json(paths: Sequence[Path], most_rows: int | None, seed: int) -> Raw:
    """One object per line, or one array of objects."""
    scan = f"read_json({_list(paths)}, format='auto', sample_size=-1)"
    with duck.connection() as con, duck.naming(paths):
        names = [row[0] for row in con.execute(f"DESCRIBE FROM {scan}").fetchall()]
        if names == ["json"]:
            problem = 'its records are not objects such as {"area": 70}'
            raise FileError("file-unreadable", path=str(paths[0]), problem=problem)
        return _read(con, scan, names, most_rows, seed)


def read_relation(relation: duckdb.DuckDBPyRelation) -> Raw:
    """A relation of the caller's own connection."""
    kinds = map(str, relation.types)
    terms = map(duck.column_expression, relation.columns, kinds)
    found = relation.project(duck.numbered(terms)).fetchnumpy()
    columns = [duck.raw_column(values) for values in found.values()]
    return assemble(relation.columns, columns, "duckdb")


def read_stream(stream: Any) -> Raw:
    """Anything that speaks the Arrow stream protocol (`__arrow_c_stream__`)."""
    with duck.connection() as con:
        return replace(read_relation(con.from_arrow(stream)), frame="dict")


def _read(
    con: duckdb.DuckDBPyConnection,
    scan: str,
    names: Sequence[str],
    most_rows: int | None,
    seed: int,
) -> Raw:
    told = con.execute(f"DESCRIBE FROM {scan}").fetchall()
    terms = [duck.column_expression(name, kind) for name, kind, *_ in told]
    query = f"SELECT {duck.numbered(terms)} FROM {scan}"
    columns = duck.fetch(con, query, most_rows, seed)
    total = con.execute(f"SELECT count(*) FROM {scan}").fetchall()[0][0]
    return assemble(names, columns, "file", total)


def _parquet_names(con: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """The file's own names: DuckDB renames those that differ in case only."""
    query = f"SELECT name, num_children FROM parquet_schema({duck.one_file(path)})"
    nodes = iter(con.execute(query).fetchall())
    names = []

    def pass_over(children: int) -> None:
        for _ in range(children):
            pass_over(next(nodes)[1] or 0)

    for _ in range(next(nodes)[1] or 0):
        name, children = next(nodes)
        names.append(name)
        pass_over(children or 0)
    return names


def _list(paths: Sequence[Path]) -> str:
    return "[" + ", ".join(duck.one_file(path) for path in paths) + "]"
