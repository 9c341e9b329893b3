"""Which rows of a load stay: the SQL that gives each row its hash, and each row that cannot stay its reason."""

from collections.abc import Mapping, Sequence

from cdp_platform.sources.cursor import ranks
from cdp_platform.sources.names import column_of, listed, literal, pointer, quoted

EMPTY_KEY = "key is empty"
REPEATED = "exact duplicate"
SUPERSEDED = "superseded by a later row with the same key"
HARMLESS = (REPEATED, SUPERSEDED)
"""Reasons that lose nothing: the table holds the same row, or a later version of it."""


def row_hash(columns: Sequence[str]) -> str:
    """An SQL expression for the hash of a row's own columns: 64 bits, in hexadecimal.

    Each value is hashed with its column's name and nulls count for nothing, so that neither the order of the columns
    nor a new column that is still empty changes the hash of a row. (A digest over the values as text is ten times
    slower: 2.3 s for 855,000 order lines.)
    """
    combined = "0::ubigint"
    for name in columns:
        value = quoted(name)
        hashed = f"hash({literal(name.casefold())}, {value})"
        combined = f"xor({combined}, case when {value} is null then 0::ubigint else {hashed} end)"
    return f"to_hex({combined})"


def plain(candidates: str) -> str:
    """Rows of a source without a key: every row stays, repeated or not. `candidates` as for `keyed`."""
    return f"select *, null::varchar as _reason from ({candidates})"


def keyed(candidates: str, types: Mapping[str, str], key: Sequence[str], version: str | None) -> str:
    """Rows of a source with a key: the latest version of every key stays.

    `candidates` is a query with the columns and `_source_file`, `_line`, `_row_hash`, `_known`. Later is who has the
    greater `version` (a column or path), then who comes later in the files; where no file gives an order, the hash
    decides. A row that says the same as the version before it in the same file is a duplicate. No reason depends on
    rows of other files that were rejected before: so file by file gives what all files at once give.
    """
    columns = listed(exact(key, types))
    empty = " or ".join(f"trim(coalesce({quoted(c)}::varchar, '')) = ''" for c in exact(key, types))
    ranked = _version(types, version)
    aliases = [f"_rank_{place}" for place in range(len(ranked))]
    rank = "".join(f"{expression} as {alias}, " for expression, alias in zip(ranked, aliases, strict=True))
    order = [*aliases, "_source_file", "_line", "_row_hash"]
    upwards = ", ".join(f"{name} asc nulls first" for name in order)
    downwards = ", ".join(f"{name} desc nulls last" for name in order)
    return f"""
        with candidates as ({candidates}),
        ranked as (select *, {rank}{empty} as _empty from candidates),
        compared as (
            select *, lag(_row_hash) over (partition by {columns}, _source_file order by {upwards})
                is not distinct from _row_hash as _repeats
            from ranked),
        placed as (
            select *, row_number() over (partition by {columns}, _repeats order by {downwards}) as _next from compared)
        select {listed(types)}, _source_file, _line, _row_hash, _known,
            case when _empty then '{EMPTY_KEY}' when _repeats then '{REPEATED}'
                 when _next > 1 then '{SUPERSEDED}' end as _reason
        from placed"""


def as_text(columns: Sequence[str]) -> str:
    """An SQL expression for a row as JSON, for the rows that are rejected."""
    pairs = ", ".join(f"{literal(name)}, {quoted(name)}" for name in columns)
    return f"json_object({pairs})::varchar"


def exact(names: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """The columns that are meant, as they are spelled."""
    spelled = {column.casefold(): column for column in columns}
    return [spelled.get(name.casefold(), name) for name in names]


def _version(types: Mapping[str, str], version: str | None) -> list[str]:
    """Expressions that put versions of a row in order."""
    place = column_of(version, types) if version else None
    if place is None:
        return []
    column, keys = place
    value = quoted(column)
    if keys:
        value = f"json_extract_string(try_cast({value}::varchar as json), {literal(pointer(keys))})"
    return ranks(value)
