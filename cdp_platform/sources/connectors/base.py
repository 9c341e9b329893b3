"""What a connector gives, whatever it reads.

A connector is one function, `land(step, source, wanted)`. It reads what is wanted and leaves two temporary tables:

- `incoming`: one row per row that could be read: the source's columns in the order in which they came,
  `_source_file` (the part of the load that the row is of) and `_line` (its line or number within that part);
- `incoming_rejected(file, line, text, reason)`: one row per row that could not be read.

It decides nothing: what is new, repeated or broken is found by the flow that all kinds share (`load.py`).
`tests/sources/test_contract.py` runs over every connector.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from duckdb import DuckDBPyConnection

from cdp_platform.shared.step import Step
from cdp_platform.sources.config import Source
from cdp_platform.sources.files import File


class SourceError(Exception):
    """A source gave nothing that can be loaded. The message names no person and no secret."""


class UnreadableError(SourceError):
    """The source cannot be reached, or what it gave cannot be read at all."""


class IncompatibleError(SourceError):
    """What the source gave no longer fits what is built on it."""


@dataclass(frozen=True)
class Wanted:
    """What one load is to read."""

    files: Sequence[File] = ()
    """Files to read, in the order of their names."""
    since: str | None = None
    """Read rows whose cursor is at or above this; None: read all."""
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    """Columns of the rows that stay, with their types."""


class Part(NamedTuple):
    """One file, or all answers of one load of a database or an API."""

    name: str
    records: int
    """Rows in it, counted apart from reading them: every one must end in the table or among the rejected."""
    columns: tuple[str, ...] | None = None
    """Columns that this part has; None where a row may leave out columns (JSON)."""
    size: int = 0
    """Bytes read."""
    fingerprint: str = ""
    """Hash of the content, where there is a file."""


@dataclass(frozen=True)
class Landed:
    """What lies in `incoming`: its columns with their types, and the parts it came in."""

    columns: Mapping[str, str]
    parts: Sequence[Part]


class Connector(Protocol):
    """Reads one kind of source."""

    def __call__(self, step: Step, source: Source, wanted: Wanted, /) -> Landed:
        """Land what is wanted. Raises UnreadableError when there is nothing that could be landed."""
        ...


def start_rejected(con: DuckDBPyConnection) -> None:
    """Make an empty `incoming_rejected`."""
    con.execute(
        "create or replace temp table incoming_rejected(file varchar, line bigint, text varchar, reason varchar)"
    )


def column_types(con: DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Columns of a relation with their types."""
    return {name: str(kind) for name, kind, *_ in con.execute(f"describe {relation}").fetchall()}
