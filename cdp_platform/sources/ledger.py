"""What is remembered between loads: which files were read, how far, and what the columns looked like."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import polars as pl
from duckdb import DuckDBPyConnection

from cdp_platform.sources.connectors.base import Part
from cdp_platform.sources.files import File
from cdp_platform.sources.shapes import Shape

DDL = """
create table if not exists platform.sources(source varchar, shaped_by varchar, read_by varchar);
create table if not exists platform.files(
    source varchar, file varchar, size bigint, modified bigint, fingerprint varchar, lines bigint, rows bigint,
    rejected bigint, loaded_at timestamp);
create table if not exists platform.cursors(
    source varchar, value varchar, read bigint, loaded bigint, rejected bigint, loaded_at timestamp);
create table if not exists platform.columns(
    source varchar, name varchar, position integer, type varchar, shape varchar, rows bigint, filled bigint);
create table if not exists platform.drift(
    source varchar, column_name varchar, change varchar, message varchar, loaded_at timestamp);
create table if not exists platform.lines(source varchar, file varchar, row_hash varchar, line bigint);
"""
"""files.lines counts the records of a file; each is a row or rejected. lines holds where the rows of a keyed source
stand, so that a row that a later file supersedes can be named."""
TABLES = ("sources", "files", "cursors", "columns", "drift", "lines")


class Known(NamedTuple):
    """A file as it was when it was last read."""

    size: int
    modified: int
    fingerprint: str


class Memory(NamedTuple):
    """What is known of a source from its last load."""

    shaped_by: str | None
    read_by: str | None
    files: Mapping[str, Known]
    cursor: str | None
    columns: Mapping[str, Shape]


NOTHING = Memory(None, None, {}, None, {})


def start(con: DuckDBPyConnection) -> None:
    """Make the tables of the ledger."""
    con.execute(DDL)


def recall(con: DuckDBPyConnection, source: str) -> Memory:
    """What is known of a source; nothing when it was never loaded."""
    states = con.execute("select shaped_by, read_by from platform.sources where source = ?", [source]).fetchall()
    files = con.execute(
        "select file, size, modified, fingerprint from platform.files where source = ?", [source]
    ).fetchall()
    cursors = con.execute("select value from platform.cursors where source = ?", [source]).fetchall()
    columns = con.execute(
        "select name, position, type, shape, rows, filled from platform.columns where source = ? "
        "order by position nulls last, name",
        [source],
    ).fetchall()
    shaped_by, read_by = states[0] if states else (None, None)
    return Memory(
        shaped_by,
        read_by,
        {name: Known(*rest) for name, *rest in files},
        cursors[0][0] if cursors else None,
        {name: Shape(*rest) for name, *rest in columns},
    )


def forget(con: DuckDBPyConnection, source: str) -> None:
    """Start anew: nothing is known of the source any more."""
    for table in TABLES:
        con.execute(f"delete from platform.{table} where source = ?", [source])


def remember_state(con: DuckDBPyConnection, source: str, shaped_by: str, read_by: str) -> None:
    """Note under which configuration and code the source was loaded."""
    con.execute("delete from platform.sources where source = ?", [source])
    con.execute("insert into platform.sources values (?, ?, ?)", [source, shaped_by, read_by])


def remember_files(
    con: DuckDBPyConnection, source: str, files: Sequence[File], parts: Sequence[Part], now: datetime
) -> None:
    """Note files as read."""
    found = {part.name: part for part in parts}
    forget_files(con, source, [file.name for file in files])
    _register(con, [
        (f.name, f.size, f.modified, found[f.name].fingerprint, found[f.name].records) for f in files
    ])  # fmt: skip
    con.execute("insert into platform.files select ?, *, 0, 0, ? from noted", [source, now])
    con.unregister("noted")
    con.execute(f"""
        update platform.files f set rejected = r.rows, rows = f.lines - r.rows from (
            select k.file, count(j.file) as rows
            from platform.files k left join raw.{source}__rejected j on j.file = k.file
            where k.source = '{source}' group by k.file) r
        where f.source = '{source}' and f.file = r.file""")


def forget_files(con: DuckDBPyConnection, source: str, names: Sequence[str]) -> None:
    """Strike files that no row comes from any more."""
    con.execute("delete from platform.files where source = ? and list_contains(?, file)", [source, list(names)])


def touch(con: DuckDBPyConnection, source: str, files: Sequence[File]) -> None:
    """Note a new time for files whose content is as it was."""
    if not files:
        return
    _register(con, [(f.name, f.size, f.modified, "", 0) for f in files])
    con.execute(
        "update platform.files f set modified = n.modified from noted n where f.source = ? and f.file = n.file",
        [source],
    )
    con.unregister("noted")


def _register(con: DuckDBPyConnection, files: Sequence[tuple[str, int, int, str, int]]) -> None:
    """Files as the relation `noted`: 10,000 single statements would take 10 s."""
    schema = {
        "file": pl.String, "size": pl.Int64, "modified": pl.Int64, "fingerprint": pl.String, "lines": pl.Int64,
    }  # fmt: skip
    con.register("noted", pl.DataFrame(files, schema=schema, orient="row"))


def remember_cursor(
    con: DuckDBPyConnection, source: str, value: str | None, read: int, loaded: int, rejected: int, now: datetime
) -> None:
    """Note how far a database or an API was read, and what came of the rows."""
    con.execute("delete from platform.cursors where source = ?", [source])
    con.execute("insert into platform.cursors values (?, ?, ?, ?, ?, ?)", [source, value, read, loaded, rejected, now])


def shown_since(con: DuckDBPyConnection, source: str, definition: str) -> datetime | None:
    """Since when a view has been what it is; None when it is another one now."""
    found = con.execute(
        "select loaded_at from platform.cursors where source = ? and value = ?", [source, definition]
    ).fetchall()
    return found[0][0] if found else None


def remember_columns(con: DuckDBPyConnection, source: str, columns: Mapping[str, Shape]) -> None:
    """Note what the columns look like now."""
    con.execute("delete from platform.columns where source = ?", [source])
    for name, shape in columns.items():
        con.execute("insert into platform.columns values (?, ?, ?, ?, ?, ?, ?)", [source, name, *shape])


def remember_drift(con: DuckDBPyConnection, source: str, found: Iterable[tuple[str, str, str]], now: datetime) -> None:
    """Note what was different about the columns in this load: column, change and a sentence."""
    con.execute("delete from platform.drift where source = ?", [source])
    for column, change, message in found:
        con.execute("insert into platform.drift values (?, ?, ?, ?, ?)", [source, column, change, message, now])
