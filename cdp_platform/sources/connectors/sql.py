"""Tables and queries of a database, through SQLAlchemy. Read only, in batches, in one snapshot of one statement.

The batches pass through Parquet files in the home folder: a table larger than memory can be read, and DuckDB finds
the type that holds a column of all batches, also where the database itself is loose about types (SQLite).
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import polars as pl
import sqlalchemy as sa
from sqlalchemy import exc

from cdp_platform.company import Company
from cdp_platform.shared.step import Step
from cdp_platform.sources.config import Source, SqlSource
from cdp_platform.sources.connectors import parquet
from cdp_platform.sources.connectors.base import Landed, Part, UnreadableError, Wanted, start_rejected
from cdp_platform.sources.cursor import parameter
from cdp_platform.sources.names import quoted, usable

BATCH = 50_000
DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "mysql": "mysql+pymysql",
           "mariadb": "mariadb+pymysql"}  # fmt: skip
"""Drivers that come with the platform, for URLs that name none."""
_PLAIN = (bool, int, float, Decimal, str, bytes, datetime, date, time, timedelta)


def land(step: Step, source: Source, wanted: Wanted) -> Landed:
    """Read the table or query, from the cursor on when there is one. Raises UnreadableError."""
    source = cast("SqlSource", source)
    start_rejected(step.con)
    rows = 0
    size = 0
    with _batch_folder(step) as folder:
        paths: dict[str, str] = {}
        columns: list[str] = []
        for number, (names, batch) in enumerate(_batches(step.company, source, wanted.since)):
            columns = names
            path = folder / f"{number:06}.parquet"
            frame = _frame(names, batch)
            rows += len(batch)
            if frame.width:
                frame.write_parquet(path, compression="zstd")
                size += path.stat().st_size
                paths[str(path)] = source.name
        types = parquet.read(step.con, paths, wanted.types)
    for column in columns:
        if column.casefold() not in {known.casefold() for known in types}:  # nothing but nulls
            types[column] = wanted.types.get(column, "VARCHAR")
            step.con.execute(f"alter table incoming add column {quoted(column)} {types[column]}")
    ordered = {name: types[name] for name in [*columns, *types] if name in types}
    return Landed(ordered, [Part(source.name, rows, tuple(ordered), size)])


@contextmanager
def _batch_folder(step: Step) -> Generator[Path]:
    """An empty folder for batches. What a killed run left in it is thrown away: the warehouse's lock is ours."""
    folder = step.home.folder / ".sql_batches"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def connected(company: Company, source: SqlSource) -> Generator[sa.Connection]:
    """An open connection that cannot write. Raises UnreadableError without the password."""
    engine = _engine(company, source)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection = connection.execution_options(postgresql_readonly=True)
            elif engine.dialect.name in ("mysql", "mariadb"):
                connection.exec_driver_sql("set session transaction read only")
            yield connection
    except exc.SQLAlchemyError as error:
        raise UnreadableError(f"{source.name}: {_explained(error, engine.url.password)}") from None
    finally:
        engine.dispose()


def _engine(company: Company, source: SqlSource) -> sa.Engine:
    said = source.url or os.environ.get(source.url_env or "")
    if not said:
        raise UnreadableError(f"{source.name}: the environment variable {source.url_env} is not set.")
    try:
        url = sa.make_url(said)
    except exc.ArgumentError:
        raise UnreadableError(f"{source.name}: the URL is not one that SQLAlchemy understands.") from None
    url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() != "sqlite":
        try:
            return sa.create_engine(url, poolclass=sa.NullPool)
        except (exc.ArgumentError, ImportError):
            raise UnreadableError(f"{source.name}: the driver for {url.drivername} is not installed.") from None
    path = company.files / (url.database or "")
    if not path.is_file():
        raise UnreadableError(f"{source.name}: there is no database file {path}.")
    opened = f"file:{quote(str(path))}?mode=ro"
    return sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(opened, uri=True), poolclass=sa.NullPool)


def _batches(company: Company, source: SqlSource, since: str | None) -> Iterator[tuple[list[str], Sequence[Any]]]:
    """Column names with up to BATCH rows, at least once."""
    with connected(company, source) as connection:
        statement = sa.text(_statement(connection.dialect, source, since is not None))
        values = {} if since is None else {"since": parameter(since)}
        result = connection.execution_options(stream_results=True, max_row_buffer=BATCH).execute(statement, values)
        names = usable(result.keys())
        empty = True
        for batch in result.partitions(BATCH):
            empty = False
            yield names, batch
        if empty:
            yield names, []


def _statement(dialect: sa.Dialect, source: SqlSource, from_cursor: bool) -> str:
    quote_name = dialect.identifier_preparer.quote
    if source.table:
        place = ".".join(quote_name(part) for part in source.table.split("."))
    else:
        place = f"({(source.query or '').strip().rstrip(';')}) as source_query"
    place = place.replace("\\", "\\\\").replace(":", "\\:")  # a colon would be a parameter
    if not from_cursor:
        return f"select * from {place}"
    column = quote_name(source.cursor or "")
    return f"select * from {place} where {column} >= :since or {column} is null"


def _frame(names: Sequence[str], rows: Sequence[Any]) -> pl.DataFrame:
    """Rows as columns; those that hold only nulls are left out, for they have no type."""
    series = [_series(name, list(values)) for name, values in zip(names, zip(*rows, strict=True), strict=bool(rows))]
    return pl.DataFrame([one for one in series if one.dtype != pl.Null])


def _series(name: str, values: list[Any]) -> pl.Series:
    """A column of the type that holds all values: lists and objects as JSON, what has no type of its own as text."""
    first = next((value for value in values if value is not None), None)
    if isinstance(first, dict | list):
        values = [None if value is None else json.dumps(value, default=str) for value in values]
    elif first is not None and not isinstance(first, _PLAIN):
        values = [None if value is None else str(value) for value in values]
    missing = sum(value is None for value in values)
    try:
        series = pl.Series(name, values, strict=False)
    except (pl.exceptions.PolarsError, TypeError, OverflowError):
        series = None
    if series is None or series.null_count() != missing:
        series = pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
    return series


def _explained(error: exc.SQLAlchemyError, password: Any) -> str:
    """What went wrong, without the statement and its values, and without the password."""
    if isinstance(error, exc.DataError):
        return "the database found a value that does not fit its type."
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines() or [""]
    said = f"{type(cause).__name__}: {lines[0]}"
    return said.replace(str(password), "***") if password else said
