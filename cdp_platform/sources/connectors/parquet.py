"""Parquet files, types as they are. A column whose type differs between files takes the type that holds both."""

from collections.abc import Mapping

import duckdb
import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection
from pyarrow import ArrowException

from cdp_platform.shared.step import Step
from cdp_platform.sources.config import Source
from cdp_platform.sources.connectors.base import Landed, Part, UnreadableError, Wanted, column_types, start_rejected
from cdp_platform.sources.files import File, content_fingerprint
from cdp_platform.sources.names import literal, quoted, usable


def land(step: Step, source: Source, wanted: Wanted) -> Landed:
    """Read all files in one query. A file that is not Parquet, or is damaged, is one rejected row."""
    con = step.con
    start_rejected(con)
    parts: dict[File, Part] = {}
    for file in wanted.files:
        fingerprint = content_fingerprint(file.path)  # before reading: a change in between is noticed the next time
        try:
            content = pq.ParquetFile(file.path)
            columns = tuple(usable(content.schema_arrow.names))
            parts[file] = Part(file.name, content.metadata.num_rows, columns, file.size, fingerprint)
        except (OSError, ArrowException):
            parts[file] = _reject(con, file)
    try:
        types = read(con, _paths(parts), wanted.types)
    except duckdb.Error as error:
        damaged = [file for file, part in parts.items() if part.columns is not None and not _is_sound(con, file)]
        if not damaged:
            raise UnreadableError(f"{source.name}: the files do not fit together ({type(error).__name__}).") from None
        parts |= {file: _reject(con, file) for file in damaged}
        types = read(con, _paths(parts), wanted.types)
    return Landed(types, sorted(parts.values()))


def _reject(con: DuckDBPyConnection, file: File) -> Part:
    con.execute("insert into incoming_rejected values (?, null, null, 'the file is broken: not Parquet')", [file.name])
    return Part(file.name, 1, None, file.size)


def _paths(parts: Mapping[File, Part]) -> dict[str, str]:
    return {str(file.path): file.name for file, part in parts.items() if part.columns is not None}


def _is_sound(con: DuckDBPyConnection, file: File) -> bool:
    """Whether every value of a file can be read."""
    try:
        con.execute(f"select max(hash(t)) from read_parquet({literal(str(file.path))}) t").fetchall()
    except duckdb.Error:
        return False
    return True


def read(con: DuckDBPyConnection, paths: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Make `incoming` from the files in `paths` (path to the name it gets). Returns columns and types."""
    if not paths:
        con.execute("create or replace temp table incoming(_source_file varchar, _line bigint)")
        return {}
    listed = ", ".join(literal(path) for path in paths)
    names = ", ".join(f"({literal(path)}, {literal(name)})" for path, name in paths.items())
    files = f"read_parquet([{listed}], union_by_name = true"
    found = column_types(con, f"(from {files}))")
    spoken = {column.casefold(): column for column in known}
    renamed = dict(zip(found, usable(spoken.get(column.casefold(), column) for column in found), strict=True))
    picked = "".join(f"r.{quoted(column)} as {quoted(name)}, " for column, name in renamed.items())
    con.execute(f"""
        create or replace temp table incoming as
        with names(_path, _name) as (values {names})
        select {picked}n._name as _source_file, r.file_row_number + 1 as _line
        from {files}, filename = '_path', file_row_number = true) r join names n on n._path = r._path""")
    return {renamed[column]: kind for column, kind in found.items()}
