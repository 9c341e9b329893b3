"""Which customers of a snapshot are suppressed, found by hash in SQL."""

import polars as pl
from duckdb import DuckDBPyConnection

from cdp_platform.privacy.suppression import Suppressed

BLOCK = 64
"""Bytes that HMAC-SHA256 pads its key to (RFC 2104)."""

IDENTITIES = {
    "customer_id": ["select customer_id, customer_id as value from published.customers.customers"],
    "email": ["select customer_id, lower(trim(email)) from published.customers.customers where email is not null"],
    "phone": ["select customer_id, trim(phone) from published.customers.customers where phone is not null"],
}
MERGED = "select customer_id, issued_id from published.identity.crosswalk where customer_id is not null"
OTHERS = """
select customer_id, lower(trim(value)) from published.customers.identifiers
where kind = '{kind}' and value is not null"""

MATCH = """
insert into suppressed
select distinct customer_id from ({identities}) as found(customer_id, value)
where sha256($outer::blob || unhex(sha256($inner::blob || encode(value)))) in (
    select hash from suppressed_hashes where kind = $kind)"""


def suppressed_customers(con: DuckDBPyConnection, suppressed: Suppressed) -> None:
    """Fill the temporary table `suppressed(customer_id)` from the snapshot attached as `published`.

    A customer is suppressed by any identifier it has, not only by the one that is sent, and by any id it ever had.
    """
    con.execute("create or replace temp table suppressed(customer_id varchar)")
    kinds = [kind for kind in IDENTITIES if suppressed.hashes.get(kind)]
    if not kinds:
        return
    rows = [(kind, value) for kind in kinds for value in sorted(suppressed.hashes[kind])]
    con.register("hashes_frame", pl.DataFrame(rows, schema=["kind", "hash"], orient="row"))
    con.execute("create or replace temp table suppressed_hashes as from hashes_frame")
    con.unregister("hashes_frame")
    key = suppressed.key.ljust(BLOCK, b"\0")
    pads = {"outer": bytes(b ^ 0x5C for b in key), "inner": bytes(b ^ 0x36 for b in key)}
    for kind in kinds:
        identities = list(IDENTITIES[kind])
        if kind == "customer_id" and _has(con, "identity", "crosswalk"):
            identities.append(MERGED)
        if kind != "customer_id" and _has(con, "customers", "identifiers"):
            identities.append(OTHERS.format(kind=kind))
        con.execute(MATCH.format(identities=" union all ".join(identities)), {**pads, "kind": kind})


def _has(con: DuckDBPyConnection, schema: str, table: str) -> bool:
    return bool(
        con.execute(
            "select 1 from duckdb_tables() where database_name = 'published' and schema_name = ? and table_name = ?",
            [schema, table],
        ).fetchall()
    )
