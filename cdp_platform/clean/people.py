"""What is said about people, as it is said: rows of person sources, and the traits of identify events."""

from collections.abc import Mapping, Sequence

from duckdb import DuckDBPyConnection

from cdp_platform.clean import reading
from cdp_platform.clean.raw_table import RawTable, literal, raw_table
from cdp_platform.sources.config import Source
from cdp_platform.sources.meanings import Person

PROBLEM = "case when record_id is null then 'no record id' end"

RAW_TEXTS = (
    "title", "full_name", "first_name", "last_name", "email", "phone", "birth_date", "gender", "address", "city",
    "postcode", "country", "created_at", "updated_at",
)  # fmt: skip
"""Fields read as text into `<field>_raw`, before any cleaning."""

COLUMNS = {
    "source": "varchar", "origin": "varchar", "record_key": "varchar", "record_id": "varchar", "row_key": "varchar",
    **{f"{field}_raw": "varchar" for field in RAW_TEXTS},
    "born": "date", "customer_number": "varchar", "loyalty_card": "varchar", "device_id": "varchar",
    "attributes": "json", "made_at": "timestamp", "changed_at": "timestamp", "newest": "timestamp",
}  # fmt: skip
"""Columns of the temporary table `people`."""

TRAITS = {
    "email": ("email",),
    "phone": ("phone", "phone_number", "phoneNumber", "mobile"),
    "full_name": ("name", "full_name", "fullName"),
    "first_name": ("first_name", "firstName", "firstname"),
    "last_name": ("last_name", "lastName", "lastname"),
    "birth_date": ("birthday", "birth_date", "birthDate", "date_of_birth"),
    "gender": ("gender", "sex"),
    "address": ("address.street", "street"),
    "city": ("address.city", "city"),
    "postcode": ("address.postalCode", "address.postcode", "postcode", "postal_code", "zip"),
    "country": ("address.country", "country"),
}
"""Where traits keep a field: the Segment specification's name first. Its `title` is a job, so it is not read."""


def read_people(con: DuckDBPyConnection, sources: Sequence[Source]) -> list[RawTable]:
    """Make the temporary tables records_read (every row of person sources) and people (one row a record)."""
    readings = [
        (raw, _columns(raw, source.means.person))
        for source in sources
        if source.means.person is not None
        for raw in [raw_table(con, source)]
    ]
    con.execute(f"create or replace temp table people ({', '.join(f'{n} {kind}' for n, kind in COLUMNS.items())})")
    if readings:
        con.execute(f"""
            create or replace temp table records_read as
            select *, 'source' as origin, source || ':' || record_id as record_key,
                   max(loaded_at) over (partition by source) as newest,
                   case when problem is not null then 'rejected'
                        when row_number() over (
                            partition by source, record_id, problem is null
                            order by coalesce(changed_at, made_at) desc nulls last, source_file desc nulls last,
                                     row_hash) = 1
                        then 'used'
                        else 'repeated' end as state
            from ({reading.rows_query(readings, PROBLEM)})""")
        con.execute(f"insert into people select {', '.join(COLUMNS)} from records_read where state = 'used'")
    con.execute(f"insert into people by name {_identified()}")
    return [raw for raw, _ in readings]


def add_references(con: DuckDBPyConnection, sources: Sequence[Source], pointing: Sequence[str]) -> None:
    """Add the records that `pointing` (queries of a column record_key) name and no source holds, by their key alone."""
    if not pointing:
        return
    same = {
        identifier: [literal(s.name) for s in sources if s.means.person and _is_key(s.means.person, identifier)]
        for identifier in ("customer_number", "loyalty_card")
    }
    known = ", ".join(
        f"case when source in ({', '.join(names) or 'null'}) then record_id end as {identifier}"
        for identifier, names in same.items()
    )
    con.execute(f"""
        insert into people by name
        select *, {known}
        from (select distinct record_key, 'reference' as origin, record_key as row_key,
                     split_part(record_key, ':', 1) as source,
                     substr(record_key, length(split_part(record_key, ':', 1)) + 2) as record_id
              from ({" union all ".join(pointing)}) where record_key is not null)
        where record_key not in (select record_key from people)""")


def _is_key(person: Person, identifier: str) -> bool:
    return getattr(person, identifier) == person.record_id


def _columns(raw: RawTable, person: Person) -> Mapping[str, str]:
    return {
        "record_id": raw.identifier(person.record_id),
        **{f"{field}_raw": raw.as_read(getattr(person, field)) for field in RAW_TEXTS},
        "born": raw.date(person.birth_date),
        "customer_number": raw.identifier(person.customer_number),
        "loyalty_card": raw.identifier(person.loyalty_card),
        "device_id": raw.identifier(person.device_id),
        "attributes": _attributes(raw, person),
        "made_at": raw.moment(person.created_at),
        "changed_at": raw.moment(person.updated_at),
    }


def _attributes(raw: RawTable, person: Person) -> str:
    """A JSON object without the empty ones: merging a patch drops its nulls (RFC 7396)."""
    if not person.attributes:
        return "null::json"
    pairs = ", ".join(f"{literal(name)}, {raw.text(column)}" for name, column in sorted(person.attributes.items()))
    return f"nullif(json_merge_patch('{{}}', json_object({pairs}))::varchar, '{{}}')::json"


def _identified() -> str:
    """One record per user id, or per device where only an e-mail was said; of each trait the last word counts."""
    traits = ", ".join(
        "coalesce(" + ", ".join(f"said(traits ->> '$.{path}')" for path in paths) + f") as {field}_raw"
        for field, paths in TRAITS.items()
    )
    last = ", ".join(f"arg_max({field}_raw, (occurred_at, event_id)) as {field}_raw" for field in TRAITS)
    return f"""
        select source, 'identify' as origin, source || ':' || who as record_key, who as record_id,
               source || ':' || who as row_key, {last},
               max(user_id) filter (user_is_elsewhere) as customer_number,
               arg_max(anonymous_id, (occurred_at, event_id)) as device_id,
               min(occurred_at) as made_at, max(occurred_at) as changed_at
        from (select source, event_id, occurred_at, user_id, anonymous_id, user_is_elsewhere,
                     coalesce(user_id, anonymous_id) as who, {traits}
              from clean.events__identify)
        where user_id is not null or email_raw is not null
        group by source, who
        having source || ':' || who not in (select record_key from people)"""
