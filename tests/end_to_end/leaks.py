"""Looks for people's values where none may stand: logs, metadata, run tags, alerts."""

import json
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import polars as pl

from cdp_platform.shared.home import Home
from tests.end_to_end.command import rows

SHORTEST = 8
"""Shorter values stand in any text by chance."""

VALUES = """
    select email from clean.records union select email_raw from clean.records
    union select email_key from clean.records
    union select phone from clean.records where phone_key is not null
    union select phone_raw from clean.records where phone_key is not null
    union select first_name || ' ' || last_name from clean.records
        where regexp_full_match(first_name, '[\\pL]{4,}') and regexp_full_match(last_name, '[\\pL]{4,}')
    union select last_name || ', ' || first_name from clean.records
        where regexp_full_match(first_name, '[\\pL]{4,}') and regexp_full_match(last_name, '[\\pL]{4,}')"""


def personal_values(home: Home) -> set[str]:
    """Every e-mail address, phone and full name of the published snapshot, as read and as cleaned, in lower case."""
    found = {value.strip().casefold() for [value] in rows(home, VALUES) if value}
    return {value for value in found if len(value) >= SHORTEST}


def found_in(texts: Iterable[tuple[str, str]], values: set[str]) -> set[tuple[str, str]]:
    """(place, value) for every value that stands in a text by itself, not as a part of a longer word or number."""
    wanted = sorted(values | {json.dumps(value)[1:-1] for value in values})
    found: set[tuple[str, str]] = set()
    for place, text in texts:
        lower = text.casefold()
        [hits] = pl.Series([lower]).str.extract_many(wanted, overlapping=True)
        for value in set(hits):
            if re.search(rf"(?<![\w.]){re.escape(value)}(?!\w)", lower):
                found.add((place, value))
    return found


def texts_of(*places: Path) -> Iterator[tuple[str, str]]:
    """All bytes of the files and folders; SQLite databases also cell by cell, where a long text is in one piece."""
    for place in places:
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file():
                content = file.read_bytes()
                yield file.name, content.decode("utf-8", errors="replace")
                if content.startswith(b"SQLite format 3\0"):
                    yield from ((file.name, text) for text in _cells(file))


def _cells(database: Path) -> Iterator[str]:
    """One text per table: all its values, compressed ones unpacked."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as con:
        for [table] in con.execute("select name from sqlite_master where type = 'table'").fetchall():
            yield "\n".join(_text(value) for row in con.execute(f'select * from "{table}"') for value in row)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        with suppress(zlib.error):
            value = zlib.decompress(value)
        return value.decode("utf-8", errors="replace")
    return str(value)
