"""Newline-delimited JSON, gzipped or not. Blank lines are no rows."""

from collections.abc import Sequence
from itertools import islice

import duckdb
import polars as pl
from duckdb import DuckDBPyConnection

from cdp_platform.shared.step import Step
from cdp_platform.sources.config import Source
from cdp_platform.sources.connectors import lines
from cdp_platform.sources.connectors.base import Landed, Part, Wanted, start_rejected
from cdp_platform.sources.connectors.objects import start_lines, to_columns
from cdp_platform.sources.files import File, content_fingerprint
from cdp_platform.sources.names import literal

BATCH = 50_000
LONGEST_LINE = 16 * 2**20
"""Bytes; a longer line is read with care. DuckDB holds two such buffers per thread."""


def land(step: Step, source: Source, wanted: Wanted) -> Landed:
    """Read the lines of all files in one query, and again with care those that do not add up; then their keys."""
    con = step.con
    start_rejected(con)
    start_lines(con)
    counted: dict[File, int] = {}
    parts: list[Part] = []
    # Before reading: a change in between is noticed the next time.
    fingerprints = {file: content_fingerprint(file.path) for file in wanted.files}
    for file in wanted.files:
        try:
            counted[file] = lines.count(file.path)
        except lines.UNREADABLE as error:
            reason = f"the file is broken: {error}"
            con.execute("insert into incoming_rejected values (?, null, null, ?)", [file.name, reason])
            parts.append(Part(file.name, 1, None, file.size))
    _read_together(con, [file for file, total in counted.items() if total])
    found = dict(con.execute("select _source_file, count(*) from incoming_lines group by all").fetchall())
    for file, total in counted.items():
        records = total if found.get(file.name, 0) == total else _read_again(con, file)
        parts.append(Part(file.name, records, None, file.size, fingerprints[file]))
    return Landed(to_columns(con, wanted.types), sorted(parts))


def _read_together(con: DuckDBPyConnection, files: Sequence[File]) -> None:
    """Lines of all files: a CSV of one column whose delimiter and null text no JSON line can hold."""
    if not files:
        return
    paths = ", ".join(literal(str(file.path)) for file in files)
    names = ", ".join(f"({literal(str(file.path))}, {literal(file.name)})" for file in files)
    try:
        con.execute(f"""
            insert into incoming_lines
            with read as materialized (
                select _path, text, row_number() over () as number from read_csv(
                    [{paths}], columns = {{'text': 'VARCHAR'}}, auto_detect = false, header = false, delim = '\x01',
                    quote = '', escape = '', nullstr = '\x02', strict_mode = false, ignore_errors = true,
                    max_line_size = {LONGEST_LINE}, filename = '_path')),
            starts as (select _path, min(number) as first from read group by _path),
            names(_path, name) as (values {names})
            select name, number - first + 1, text from read join starts using (_path) join names using (_path)""")
    except duckdb.Error:
        # One file that DuckDB cannot read fails the query for all of them: each is then read with care.
        return


def _read_again(con: DuckDBPyConnection, file: File) -> int:
    """Read one file line by line. Returns the lines in it that are not blank."""
    con.execute("delete from incoming_lines where _source_file = ?", [file.name])
    every = (line for line in lines.numbered(file.path) if line.text.strip("\r\n"))
    total = 0
    while batch := list(islice(every, BATCH)):
        total += len(batch)
        con.register("read", pl.DataFrame(
            [(file.name, line.number, line.text.rstrip("\r\n"), line.readable) for line in batch], orient="row",
            schema={"file": pl.String, "line": pl.Int64, "text": pl.String, "readable": pl.Boolean},
        ))  # fmt: skip
        con.execute("insert into incoming_lines select file, line, text from read where readable")
        con.execute(
            "insert into incoming_rejected select file, line, text, 'is not utf-8' from read where not readable"
        )
        con.unregister("read")
    return total
