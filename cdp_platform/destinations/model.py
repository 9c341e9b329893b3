"""Who should be at the destination, and as what: the rows of a sync, read from the published snapshot.

Every customer of the segment ends in one place. `fates` says which, so that the waterfall always sums.
"""

from typing import NamedTuple

import duckdb
from duckdb import DuckDBPyConnection

from cdp_platform.destinations import mapping
from cdp_platform.destinations.config import Sync
from cdp_platform.destinations.errors import ConfigurationError
from cdp_platform.destinations.fields import scores_used
from cdp_platform.privacy.suppression import Suppressed
from cdp_platform.privacy.suppression_sql import suppressed_customers
from cdp_platform.shared.home import Home

MEMBERS = """
select customer_id, min(entered_on) as entered_on, min(reason) as reason
from published.segments.memberships where segment = $segment group by customer_id"""
EVERYONE = "select customer_id from published.customers.customers group by customer_id"

ALLOWED = """
create or replace temp table allowed as
with granted as (  -- a customer with two words about a purpose: the refusal counts
    select customer_id from published.customers.consents
    where purpose = $purpose group by customer_id having bool_and(coalesce(status, '') = 'granted'))
select customer_id, customer_id in (select customer_id from suppressed) as is_suppressed from granted"""

FATES = """
create or replace temp table fates as
with member as ({members}),
mapped as (
    select member.customer_id, customer.customer_id is not null as is_known,
           allowed.customer_id is not null as is_allowed, coalesce(allowed.is_suppressed, false) as is_suppressed,
           {columns}
    from member
    left join published.customers.customers as customer on customer.customer_id = member.customer_id
    left join allowed on allowed.customer_id = member.customer_id
    {scores}),
keyed as (
    select *, case when is_known and is_allowed and not is_suppressed
                   then nullif(trim(cast({key} as varchar)), '') end as row_key from mapped)
select *, case
    when not is_known then 'unknown_customer'
    when not is_allowed then 'no_consent'
    when is_suppressed then 'suppressed'
    when row_key is null then 'no_usable_key'
    when row_number() over (partition by row_key order by customer_id) > 1 then 'duplicate_key'
    else 'eligible' end as fate
from keyed"""

MODEL = """
create or replace temp table model as
with rendered as (
    select row_key, customer_id, cast(json_object({pairs}) as varchar) as payload from fates where fate = 'eligible')
select row_key, customer_id, payload, sha256(payload) as payload_hash from rendered"""


class Model(NamedTuple):
    """What the temporary tables `fates` and `model` hold."""

    snapshot_id: str
    columns: dict[str, str]
    """Destination field to DuckDB type, in the order of the mapping."""
    fates: dict[str, int]
    """Customers per fate."""


def attach(con: DuckDBPyConnection, home: Home) -> str:
    """Attach the published snapshot as `published` and return its id."""
    if not home.published.exists():
        raise ConfigurationError("nothing is published yet, so there is nobody to send: start with `cdp run`")
    con.execute(f"attach if not exists '{str(home.published).replace(chr(39), chr(39) * 2)}' as published (read_only)")
    con.execute(mapping.CAPITALISE)
    [[snapshot_id]] = con.execute("select snapshot_id from published.platform.snapshot").fetchall()
    return snapshot_id


def allow(con: DuckDBPyConnection, sync: Sync, suppressed: Suppressed) -> None:
    """Fill `allowed`: who has granted the purpose, and whether suppressed. Who is not in it may not be sent."""
    try:
        suppressed_customers(con, suppressed)
        con.execute(ALLOWED, {"purpose": sync.purpose})
    except duckdb.CatalogException:
        raise ConfigurationError("the snapshot holds no consents, so nobody may be sent") from None


def build(con: DuckDBPyConnection, sync: Sync, snapshot_id: str) -> Model:
    """Fill `fates` and `model` for a sync. `allow` comes first."""
    scores = " ".join(
        f"left join published.scores.{name} as {name} on {name}.customer_id = member.customer_id"
        for name in scores_used(name for mapped in sync.mapping.values() for name in mapped.fields())
    )
    keyed_by_customer = sync.key == "customer_id" and "customer_id" not in sync.mapping
    query = FATES.format(
        members=EVERYONE if sync.everyone else MEMBERS,
        columns=mapping.columns(sync.mapping),
        scores=scores,
        key="customer_id" if keyed_by_customer else _column(sync.key),
    )
    con.execute(query, {} if sync.everyone else {"segment": sync.segment})
    kinds = {name: str(kind) for name, kind, *_ in con.execute("describe fates").fetchall()}
    columns = {name: kinds[mapping.PREFIX + name] for name in sync.mapping}
    # in alphabetical order, so that a mapping written in another order is the same mapping
    pairs = ", ".join(f"{_literal(name)}, {_rendered(name, columns[name])}" for name in sorted(columns))
    con.execute(MODEL.format(pairs=pairs))
    counted = con.execute("select fate, count(*) from fates group by fate").fetchall()
    return Model(snapshot_id, columns, dict(counted))


def _rendered(name: str, kind: str) -> str:
    """A column as JSON can hold it: times in ISO 8601 with Z, no infinities."""
    column = _column(name)
    if kind.startswith("TIMESTAMP"):
        return f"strftime({column}, '%Y-%m-%dT%H:%M:%SZ')"
    if kind in ("DOUBLE", "FLOAT"):
        return f"case when isfinite({column}) then {column} end"
    return column


def _column(name: str) -> str:
    return f'"{mapping.PREFIX}{name}"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
