"""JSON objects, one a line, as columns: scalars as text, objects and lists as JSON."""

from collections.abc import Mapping, Sequence

from duckdb import DuckDBPyConnection

from cdp_platform.sources.names import literal, pointer, quoted, usable


def start_lines(con: DuckDBPyConnection) -> None:
    """Make an empty table for the lines."""
    con.execute("create or replace temp table incoming_lines(_source_file varchar, _line bigint, text varchar)")


def to_columns(con: DuckDBPyConnection, known: Mapping[str, str]) -> dict[str, str]:
    """Make `incoming` from `incoming_lines`; lines that hold no JSON object go to `incoming_rejected`.

    A column is JSON when any row holds an object or a list in it, or when it was JSON before (`known`). Keys that
    differ by case alone are one column.
    """
    con.execute("""
        create or replace temp table incoming_objects as
        select *, case when json_valid(text) then json_type(text) end as kind from incoming_lines""")
    con.execute("""
        insert into incoming_rejected
        select _source_file, _line, text, case when kind is null then 'broken JSON' else 'is not a JSON object' end
        from incoming_objects where kind is distinct from 'OBJECT'""")
    spellings = _keys(con)
    nested = _nested(con, [key for keys in spellings.values() for key in keys])
    spoken = {column.casefold(): column for column in known}
    columns = dict(zip(usable(spoken.get(k, s[0]) for k, s in spellings.items()), spellings.values(), strict=True))
    types = {
        column: "JSON" if known.get(column) == "JSON" or nested.intersection(keys) else "VARCHAR"
        for column, keys in columns.items()
    }
    texts = [key for column, keys in columns.items() if types[column] == "VARCHAR" for key in keys]
    jsons = [key for column, keys in columns.items() if types[column] == "JSON" for key in keys]
    at = {key: f"texts[{place}]" for place, key in enumerate(texts, start=1)}
    at |= {key: f"nullif(jsons[{place}], 'null'::json)" for place, key in enumerate(jsons, start=1)}
    picked = "".join(
        f"coalesce({', '.join(at[key] for key in keys)})::{types[column]} as {quoted(column)}, "
        for column, keys in columns.items()
    )
    con.execute(f"""
        create or replace temp table incoming as
        select {picked}_source_file, _line from (
            select _source_file, _line, json_extract_string(text, {_pointers(texts)}) as texts,
                json_extract(text, {_pointers(jsons)}) as jsons
            from incoming_objects where kind = 'OBJECT')""")
    con.execute("drop table incoming_lines")
    con.execute("drop table incoming_objects")
    return types


def _keys(con: DuckDBPyConnection) -> dict[str, list[str]]:
    """Keys of all objects in the order in which they come up, spellings that differ by case together."""
    found = con.execute("""
        with alike as (
            select json_keys(text) as keys, min((_source_file, _line)) as first
            from incoming_objects where kind = 'OBJECT' group by keys),
        placed as (select unnest(keys) as key, generate_subscripts(keys, 1) as place, first from alike)
        select key from placed group by key order by min((first, place))""").fetchall()
    spellings: dict[str, list[str]] = {}
    for [key] in found:
        spellings.setdefault(key.casefold(), []).append(key)
    return spellings


def _nested(con: DuckDBPyConnection, keys: Sequence[str]) -> set[str]:
    """Keys that hold an object or a list in some row."""
    found = con.execute(f"""
        select distinct json_type(text, {_pointers(keys)}) from incoming_objects where kind = 'OBJECT'""").fetchall()
    return {key for [kinds] in found for key, kind in zip(keys, kinds, strict=True) if kind in ("OBJECT", "ARRAY")}


def _pointers(keys: Sequence[str]) -> str:
    return f"[{', '.join(literal(pointer([key])) for key in keys)}]::varchar[]"
