"""Web and app events: read once each, put on the right time, tied to people, cut into sessions."""

from collections.abc import Mapping
from typing import Any

from duckdb import DuckDBPyConnection

from cdp_platform.clean import contract, macros, reading, schema, sessions, ties
from cdp_platform.clean.event_time import TIMES
from cdp_platform.clean.raw_table import RawTable, literal, raw_table
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes
from cdp_platform.sources.meanings import Event

TYPES = ("page", "screen", "track", "identify", "group", "alias")

PROBLEM = f"""
    case when type is null then 'no type'
         when not one_of(type, '|{"|".join(TYPES)}|') then 'not a known type of event'
         when user_id is null and anonymous_id is null then 'neither user id nor anonymous id'
         when occurred_at is null then 'no usable time' end"""

PROPERTIES = {
    "path": ("$.path", "$.page.path"),
    "sku": ("$.sku", "$.product_id", "$.productId"),
    "order_id": ("$.order_id", "$.orderId"),
    "value": ("$.value", "$.revenue", "$.total"),
    "currency": ("$.currency",),
    "title": ("$.name", "$.title"),
}
"""Where the Segment specification and its dialects keep what we look at; the first that is there counts."""

EVENTS = """
    select e.*, t.record_key, t.tied_by, s.session_id
    from events_used e left join event_ties t using (event_id) join event_sessions s using (event_id)"""


def make(step: Step) -> Mapping[str, Notes]:
    """Make clean.events, clean.sessions, and clean.events__identify for the records."""
    con = step.con
    macros.install(con)
    readings = [
        (raw, _columns(raw, source.means.event))
        for source in step.company.sources.with_meaning("event")
        if source.means.event is not None
        for raw in [raw_table(con, source)]
    ]
    tables = [raw for raw, _ in readings]
    for source in step.company.sources.with_meaning("event"):
        _forgive_defaults(tables, source.name, source.means.event)
    read = "events_read" if readings else None
    if readings:
        _read(con, reading.rows_query(readings, PROBLEM, TIMES))
        ties.tie(con)
        con.execute(f"create or replace temp table event_sessions as {sessions.EVENT_SESSIONS}")
    reading.count_rows(con, "events", tables, read)
    reading.keep_rejected(con, "events", read)
    schema.create(con, contract.EVENTS, EVENTS if readings else None)
    schema.create(con, contract.SESSIONS, sessions.SESSIONS if readings else None)
    _keep_identify(con, bool(readings))
    return _notes(con, tables)


def _columns(raw: RawTable, meaning: Event) -> dict[str, str]:
    properties = raw.json(meaning.properties)
    found = ", ".join(literal(path) for paths in PROPERTIES.values() for path in paths)
    return {
        "message_id": f"coalesce({raw.text(meaning.message_id)}, 'row-' || {raw.row_hash()})",
        "type": f"lower({raw.text(meaning.type)})",
        "event_name": raw.text(meaning.event),
        "name": raw.text(meaning.name),
        "user_id": raw.reference(meaning.user_id),
        "anonymous_id": raw.reference(meaning.anonymous_id),
        "client_time": f"coalesce({raw.moment(meaning.original_timestamp)}, {raw.moment(meaning.timestamp)})",
        "sent_at": raw.moment(meaning.sent_at),
        "collected_at": raw.moment(meaning.received_at),
        "properties": properties,
        "found": f"json_extract_string({properties}, [{found}])",
        "context_path": f"json_extract_string({raw.json(meaning.context)}, '$.page.path')",
        "traits": raw.json(meaning.traits),
        "user_source": literal(meaning.user or raw.source),
        "user_is_elsewhere": "true" if meaning.user else "false",
    }


def _forgive_defaults(tables: list[RawTable], source: str, meaning: Event | None) -> None:
    """A column of the Segment specification that nobody asked for is not missing."""
    if meaning is None:
        return
    unasked = {name for name in type(meaning).model_fields if name not in meaning.model_fields_set}
    for table in tables:
        if table.source == source:
            table.absent -= {str(getattr(meaning, name)) for name in unasked}


def _read(con: DuckDBPyConnection, query: str) -> None:
    """The first delivery of a message counts: a client that retries sends the same messageId with a later sentAt."""
    con.execute(f"""
        create or replace temp table events_read as
        select *, source || ':' || message_id as event_id,
               case when problem is not null then 'rejected'
                    when row_number() over (
                        partition by source, message_id, problem is null order by received_at, row_hash) = 1 then 'used'
                    else 'repeated' end as state
        from ({query})""")
    con.execute(f"""
        create or replace temp table events_used as
        select * exclude (problem, content, state, source_file, loaded_at, row_key),
               coalesce(event_name, type) as event,
               case when type in ('page', 'screen') then coalesce(name, {_property("title")}) end as page,
               coalesce({_property("path")}, context_path) as path, {_property("sku")} as sku,
               {_property("order_id")} as order_id, number_of({_property("value")}) as value,
               currency_code({_property("currency")}) as currency,
               coalesce(anonymous_id, 'user-' || user_id) as device
        from events_read where state = 'used'""")


def _property(name: str) -> str:
    """The property out of the list `found`, whose order is that of PROPERTIES."""
    before = 0
    for other, paths in PROPERTIES.items():
        if other == name:
            return f"coalesce({', '.join(f'said(found[{before + n}])' for n in range(1, len(paths) + 1))})"
        before += len(paths)
    raise KeyError(name)


def _keep_identify(con: DuckDBPyConnection, any_source: bool) -> None:
    columns = {
        "source": "varchar", "event_id": "varchar", "user_id": "varchar", "anonymous_id": "varchar",
        "user_is_elsewhere": "boolean", "occurred_at": "timestamp", "traits": "json",
    }  # fmt: skip
    query = f"select {', '.join(columns)} from events_used where type = 'identify'"
    con.execute(f"""
        create or replace table clean.events__identify as {query if any_source else schema.empty(columns)}""")


def _notes(con: DuckDBPyConnection, tables: list[RawTable]) -> Mapping[str, Notes]:
    events: dict[str, Any] = dict(
        con.execute("""
            select 'tied by ' || coalesce(tied_by, 'nothing'), count(*) from clean.events group by 1
            union all
            select 'time: ' || time_quality, count(*) from clean.events group by 1 order by 1""").fetchall()
    )
    return {"clean.events": events | reading.absent_columns(tables)}
