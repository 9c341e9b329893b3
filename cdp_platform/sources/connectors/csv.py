"""CSV files, gzipped or not. Every value is text; an empty one is null. Blank lines are no rows.

Files with the same header are read in one query.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

import duckdb
import polars as pl
from duckdb import DuckDBPyConnection

from cdp_platform.shared.step import Step
from cdp_platform.sources.config import CsvSource, Source
from cdp_platform.sources.connectors import lines
from cdp_platform.sources.connectors.base import Landed, Part, Wanted, start_rejected
from cdp_platform.sources.files import File, content_fingerprint
from cdp_platform.sources.names import listed, literal, quoted, usable

BATCH = 50_000
REJECTED = {"file": pl.String, "line": pl.Int64, "text": pl.String, "reason": pl.String}


class _Seen(NamedTuple):
    file: File
    columns: tuple[str, ...]
    skip: int
    """Lines up to the end of the header."""
    lines: int
    """Lines after the header."""
    fingerprint: str


def land(step: Step, source: Source, wanted: Wanted) -> Landed:
    """Read all files with one query per header, and again with care those whose lines do not add up."""
    source = cast("CsvSource", source)
    con = step.con
    start_rejected(con)
    parts: list[Part] = []
    seen: list[_Seen] = []
    for file in wanted.files:
        try:
            seen.append(_look(file, source))
        except lines.UNREADABLE as error:
            parts.append(_unreadable(con, file, error))
    columns = _all_columns(wanted.types, seen)
    definition = "".join(f"{quoted(column)} varchar, " for column in columns)
    con.execute(f"create or replace temp table incoming({definition}_source_file varchar, _line bigint)")
    for alike in _alike(seen):
        _read_together(con, source, alike)
    found = _rows(con)
    for one in seen:
        records = found.get(one.file.name, 0)
        if records != one.lines:
            records = _settle(con, source, one, records)
        parts.append(Part(one.file.name, records, one.columns, one.file.size, one.fingerprint))
    return Landed(dict.fromkeys(columns, "VARCHAR"), sorted(parts))


def _look(file: File, source: CsvSource) -> _Seen:
    """Header and number of lines of a file. Raises one of lines.UNREADABLE."""
    fingerprint = content_fingerprint(file.path)  # before reading: a change in between is noticed the next time
    total = lines.count(file.path, source.encoding)
    if not source.header:
        return _Seen(file, tuple(usable(source.columns)), 0, total, fingerprint)
    header = next(lines.records(file.path, source), None)
    if header is None:
        return _Seen(file, (), total, 0, fingerprint)
    if header.fields is None:
        raise UnicodeError(f"the header {header.reason}")
    return _Seen(file, tuple(usable(header.fields)), header.last_line, total - header.last_line, fingerprint)


def _unreadable(con: DuckDBPyConnection, file: File, error: Exception) -> Part:
    con.execute("insert into incoming_rejected values (?, null, null, ?)", [file.name, f"the file is broken: {error}"])
    return Part(file.name, 1, None, file.size)


def _all_columns(known: Iterable[str], seen: Sequence[_Seen]) -> list[str]:
    """Columns of all files in the order in which they came up; known ones keep their spelling."""
    spelling = {column.casefold(): column for column in known}
    names: dict[str, str] = {}
    for one in seen:
        for column in one.columns:
            names.setdefault(column.casefold(), spelling.get(column.casefold(), column))
    return list(names.values())


def _alike(seen: Sequence[_Seen]) -> list[list[_Seen]]:
    groups: defaultdict[tuple[tuple[str, ...], int], list[_Seen]] = defaultdict(list)
    for one in seen:
        if one.lines:
            groups[one.columns, one.skip].append(one)
    return list(groups.values())


def _read_together(con: DuckDBPyConnection, source: CsvSource, alike: Sequence[_Seen]) -> None:
    """Read files of one header in parallel. Broken rows are left out: the count of rows will tell."""
    columns, skip = alike[0].columns, alike[0].skip
    paths = ", ".join(literal(str(one.file.path)) for one in alike)
    names = ", ".join(f"({literal(str(one.file.path))}, {literal(one.file.name)})" for one in alike)
    types = ", ".join(f"{literal(c)}: 'VARCHAR'" for c in columns)
    try:
        con.execute(f"""
            insert into incoming by name
            with read as materialized (
                select *, row_number() over () as _line from read_csv(
                    [{paths}], columns = {{{types}}}, auto_detect = false, header = false, skip = {skip},
                    delim = {literal(source.delimiter)}, quote = {literal(source.quote)},
                    escape = {literal(source.quote)}, encoding = {literal(source.encoding)},
                    filename = '_path', ignore_errors = true)),
            starts as (select _path, min(_line) as _first from read group by _path),
            names(_path, _source_file) as (values {names})
            select {listed(columns)}, _source_file, _line - _first + 1 + {skip} as _line
            from read join starts using (_path) join names using (_path)""")
    except duckdb.Error:
        # One file that DuckDB cannot read fails the query for all of them: each is then read with care.
        return


def _settle(con: DuckDBPyConnection, source: CsvSource, one: _Seen, rows: int) -> int:
    """Settle a file whose rows are not as many as its lines. Returns the records in it."""
    name = literal(one.file.name)
    breaks = " + ".join(
        f"coalesce(length({quoted(c)}) - length(replace({quoted(c)}, chr(10), '')), 0)" for c in one.columns
    )
    if rows:
        [[spanned]] = con.execute(f"select sum({breaks}) from incoming where _source_file = {name}").fetchall()
        if rows + spanned == one.lines:  # values that span lines, and nothing wrong: only the numbers are
            con.execute(f"""
                update incoming set _line = placed.line from (
                    select _line as number, _line + coalesce(sum({breaks}) over (
                        order by _line rows between unbounded preceding and 1 preceding), 0) as line
                    from incoming where _source_file = {name}) placed
                where _source_file = {name} and _line = placed.number""")
            return rows
    con.execute(f"delete from incoming where _source_file = {name}")
    return _read_with_care(con, source, one)


def _read_with_care(con: DuckDBPyConnection, source: CsvSource, one: _Seen) -> int:
    """Read one file record by record. Returns how many there are."""
    total = 0
    # One flat list: 50,000 lists kept at a time cost more in garbage collection than reading the file does.
    values: list[str] = []
    numbers: list[int] = []
    broken: list[tuple[str, int, str, str]] = []
    for record in lines.records(one.file.path, source, len(one.columns)):
        if record.line <= one.skip:
            continue
        total += 1
        if record.fields is None:
            broken.append((one.file.name, record.line, record.text, record.reason))
        else:
            values += record.fields
            numbers.append(record.line)
        if total % BATCH == 0:
            _insert(con, one, values, numbers)
            values, numbers = [], []
    _insert(con, one, values, numbers)
    con.register("broken", pl.DataFrame(broken, orient="row", schema=REJECTED))
    con.execute("insert into incoming_rejected from broken")
    con.unregister("broken")
    return total


def _insert(con: DuckDBPyConnection, one: _Seen, values: Sequence[str], numbers: Sequence[int]) -> None:
    """Insert rows whose values stand one after the other."""
    width = len(one.columns)
    frame = pl.DataFrame(
        {name: pl.Series(values[place::width], dtype=pl.String) for place, name in enumerate(one.columns)}
    ).with_columns(_source_file=pl.lit(one.file.name), _line=pl.Series(numbers, dtype=pl.Int64))
    con.register("readable", frame)
    nulls = "".join(f"nullif({quoted(name)}, '') as {quoted(name)}, " for name in one.columns)
    con.execute(f"insert into incoming by name select {nulls}_source_file, _line from readable")
    con.unregister("readable")


def _rows(con: DuckDBPyConnection) -> dict[str, int]:
    return dict(con.execute("select _source_file, count(*) from incoming group by all").fetchall())
