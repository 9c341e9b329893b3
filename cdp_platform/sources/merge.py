"""From `incoming` into raw.<name> and raw.<name>__rejected, touching only what is different.

A row that is as it was keeps its `_loaded_at`, so that the same content is the same version of the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from duckdb import DuckDBPyConnection

from cdp_platform.shared.warehouse.build import exists
from cdp_platform.sources.connectors.base import column_types
from cdp_platform.sources.judge import as_text, exact, keyed, plain, row_hash
from cdp_platform.sources.names import META, listed, literal, quoted

REJECTED = "file varchar, line bigint, text varchar, reason varchar, _loaded_at timestamp"


@dataclass(frozen=True)
class Target:
    """The table that a load goes into, and what the load stands for."""

    source: str
    types: Mapping[str, str]
    """Columns that the table has afterwards."""
    key: Sequence[str]
    version: str | None
    """Column or path that tells the later of two versions of a row."""
    scope: Literal["all", "files", "keys"]
    """What the load replaces: the whole table, the rows of the files in it, or the rows with its keys."""
    files: Sequence[str] = ()
    """Names of the files in the load; empty where there are no files."""
    adds_up: bool = False
    """Whether files add up, so that a later file may supersede a row of an earlier one."""
    kept: Sequence[str] = ()
    """Files that are gone but whose rows stay."""

    @property
    def table(self) -> str:
        """raw.<name>."""
        return f"raw.{self.source}"

    @property
    def rejected(self) -> str:
        """raw.<name>__rejected."""
        return f"raw.{self.source}__rejected"


class Merged(NamedTuple):
    """What a load did to the table."""

    loaded: int
    """Rows of the load that stay."""
    rejected: int
    """Rows of the load that do not."""
    added: int
    """Rows that were not there before; a changed row is one."""
    removed: int
    """Rows that are there no longer; a changed row is one."""
    changed: int
    """Rows whose key was there before, with other values. 0 without a key."""
    reasons: Mapping[str, int]
    """Rejected rows by reason."""


def merge(con: DuckDBPyConnection, target: Target, now: datetime) -> Merged:
    """Bring `incoming` and `incoming_rejected` into the two tables, in the transaction that is open."""
    _fit(con, target)
    _judge(con, target)
    changed = _changed(con, target)
    [[before]] = con.execute(f"select count(*) from {target.table} t where {_replaced(target)}").fetchall()
    added, removed = _replace(con, target, now) if before else (_insert(con, target, now), 0)
    _reject(con, target, now)
    _note_lines(con, target)
    [[loaded, lost]] = con.execute(
        "select count(*) filter (_reason is null), count(*) filter (_reason is not null) from judged where not _known"
    ).fetchall()
    [[unreadable]] = con.execute("select count(*) from incoming_rejected").fetchall()
    reasons = con.execute("""
        select reason, count(*) from (
            select reason from incoming_rejected union all select _reason from judged where _reason is not null)
        group by reason order by count(*) desc, reason""").fetchall()
    con.execute(f"drop {'table' if target.key else 'view'} judged")
    return Merged(loaded, lost + unreadable, added, removed, changed, dict(reasons))


def _fit(con: DuckDBPyConnection, target: Target) -> None:
    """Give the table the columns and types that it is to have."""
    columns = "".join(f"{quoted(name)} {kind}, " for name, kind in target.types.items())
    if not exists(con, target.table):
        con.execute(
            f"create table {target.table}({columns}_loaded_at timestamp, _source_file varchar, _row_hash varchar)"
        )
    there = {name: kind for name, kind in column_types(con, target.table).items() if name not in META}
    if list(there.items()) == list(target.types.items()):
        return
    picked = "".join(
        f"{f'try_cast({quoted(name)} as {kind})' if name in there else f'null::{kind}'} as {quoted(name)}, "
        for name, kind in target.types.items()
    )
    con.execute(f"create or replace table {target.table} as select {picked}{listed(META)} from {target.table}")


def _judge(con: DuckDBPyConnection, target: Target) -> None:
    """Make `judged`: the rows of the load, and the rows of the table that they compete with, each with its reason."""
    landed = column_types(con, "incoming")
    line = "_line" if target.files else "null::bigint"  # only files have an order that stays
    picked = "".join(
        f"{f'{quoted(name)}::{kind}' if name in landed else f'null::{kind}'} as {quoted(name)}, "
        for name, kind in target.types.items()
    )
    columns = "".join(f"t.{quoted(name)}, " for name in target.types)
    fitted = f"(select {picked}_source_file, {line} as _line from incoming)"
    rows = f"select *, {row_hash(list(target.types))} as _row_hash, false as _known from {fitted}"
    if not target.key:
        con.execute(f"create temp view judged as {plain(rows)}")
        return
    rivals = f"t._source_file in ({_texts(target.kept)})"
    if target.scope == "keys" and target.files:
        rivals += f" or exists (select 1 from {fitted} i where {_same_key(target, 'i')})"
    rows += f"""
        union all by name
        select {columns}t._source_file, l.line as _line, t._row_hash, true as _known
        from {target.table} t left join platform.lines l
            on l.source = '{target.source}' and l.file = t._source_file and l.row_hash = t._row_hash
        where {rivals}"""
    con.execute(f"create temp table judged as {keyed(rows, target.types, target.key, target.version)}")


def _replaced(target: Target) -> str:
    """Condition for the rows of the table that the load replaces."""
    if target.scope == "files":
        return f"_source_file in ({_texts(target.files)})"
    if target.scope == "keys":
        return f"exists (select 1 from judged j where {_same_key(target, 'j')} and j._reason is null)"
    return "true" if target.key else f"_source_file not in ({_texts(target.kept)})"


def _changed(con: DuckDBPyConnection, target: Target) -> int:
    if not target.key:
        return 0
    [[changed]] = con.execute(f"""
        select count(*) from judged j join {target.table} t on {_same_key(target, "j")}
        where j._reason is null and j._row_hash <> t._row_hash""").fetchall()
    return changed


def _insert(con: DuckDBPyConnection, target: Target, now: datetime) -> int:
    """Put in all rows that stay: there are none that they could replace. Returns how many."""
    columns = "".join(f"{quoted(name)}, " for name in target.types)
    con.execute(f"""
        insert into {target.table}
        select {columns}{_time(now)}, _source_file, _row_hash from judged where _reason is null""")
    [[added]] = con.execute("select count(*) from judged where _reason is null").fetchall()
    return added


def _replace(con: DuckDBPyConnection, target: Target, now: datetime) -> tuple[int, int]:
    """Take out and put in only the rows of which there are now more or fewer. Returns how many came, and how many went.

    One more of a row that repeats has the time and the file of the others.
    """
    identity = _identity(target)
    con.execute(f"""
        create temp table differing as
        select {identity}, sum(before) as before, sum(after) as after,
            min({{'at': _loaded_at, 'file': _source_file}}) filter (before = 1) as first
        from (
            select _source_file, _row_hash, _loaded_at, 1 as before, 0 as after
            from {target.table} t where {_replaced(target)}
            union all
            select _source_file, _row_hash, null, 0, 1 from judged where _reason is null)
        group by {identity} having sum(before) <> sum(after)""")
    same = " and ".join(f"t.{name} = d.{name}" for name in identity.split(", "))
    columns = "".join(f"t.{quoted(name)}, " for name in target.types)
    con.execute(f"""
        delete from {target.table} t
        where {_replaced(target)} and exists (select 1 from differing d where {same} and d.before > 0)""")
    con.execute(f"""
        insert into {target.table}
        select {columns}coalesce(d.first.at, {_time(now)}), coalesce(d.first.file, t._source_file), t._row_hash
        from judged t join differing d on {same}
        where t._reason is null""")
    [(added, removed)] = con.execute("""
        select coalesce(sum(greatest(after - before, 0)), 0)::bigint,
               coalesce(sum(greatest(before - after, 0)), 0)::bigint
        from differing""").fetchall()
    con.execute("drop table differing")
    return added, removed


def _identity(target: Target) -> str:
    """What makes a row the same as before. Where files add up, each has its own; a whole export repeats them."""
    return "_source_file, _row_hash" if target.adds_up else "_row_hash"


def _reject(con: DuckDBPyConnection, target: Target, now: datetime) -> None:
    """Bring the rows that do not stay into the rejected table."""
    table = target.rejected
    con.execute(f"create table if not exists {table}({REJECTED})")
    con.execute(f"""
        create temp table refused as
        select file, line, text, reason from incoming_rejected
        union all
        select _source_file, _line, {as_text(list(target.types))}, _reason from judged where _reason is not null""")
    replaced = {
        "all": f"file not in ({_texts(target.kept)})",
        "files": f"file in ({_texts(target.files)})",
        "keys": "false",
    }[target.scope]
    same = " and ".join(f"r.{name} is not distinct from t.{name}" for name in ("file", "line", "text", "reason"))
    con.execute(f"""
        create temp table fresh as
        select r.*, coalesce(t._loaded_at, {_time(now)}) as _loaded_at
        from refused r left join (
            select file, line, text, reason, min(_loaded_at) as _loaded_at from {table} group by all) t on {same}
        where {"true" if target.scope != "keys" else "t._loaded_at is null"}""")
    con.execute(f"delete from {table} where {replaced}")
    con.execute(f"insert into {table} by name from fresh")
    con.execute("drop table fresh")
    con.execute("drop table refused")


def _note_lines(con: DuckDBPyConnection, target: Target) -> None:
    """Keep where the rows of keyed files that add up stand: a row that is superseded later is named with its line."""
    if not (target.key and target.adds_up):
        return
    con.execute(f"""
        delete from platform.lines where source = '{target.source}' and {
        "file not in (" + _texts(target.kept) + ")"
        if target.scope == "all"
        else f"not exists (select 1 from {target.table} where _source_file = file and _row_hash = row_hash)"
    }""")
    con.execute(f"""
        insert into platform.lines
        select '{target.source}', _source_file, _row_hash, _line from judged where _reason is null and not _known""")


def _same_key(target: Target, other: str) -> str:
    """Condition: a row of the table, `t`, has the key of a row of `other`."""
    names = exact(target.key, target.types)
    return " and ".join(f"{other}.{quoted(name)} = t.{quoted(name)}" for name in names)


def _texts(values: Sequence[str]) -> str:
    return ", ".join(literal(value) for value in values) or "''"


def _time(now: datetime) -> str:
    return f"timestamp {literal(now.isoformat(sep=' '))}"
