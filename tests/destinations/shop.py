"""A home with a published snapshot written by hand, and companies of one sync."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import duckdb

from cdp_platform.company import DEMO, Company, Settings
from cdp_platform.customers.config import CustomersConfig
from cdp_platform.customers.fields import CUSTOMER
from cdp_platform.destinations.config import DestinationsConfig
from cdp_platform.identity.config import IdentityConfig
from cdp_platform.privacy.config import PrivacyConfig
from cdp_platform.quality.config import QualityConfig
from cdp_platform.scores.config import ScoresConfig
from cdp_platform.segments.config import SegmentsConfig
from cdp_platform.shared.home import Home
from cdp_platform.sources.config import SourcesConfig

NOON = datetime(2026, 11, 23, 12)
TYPES = {"text": "varchar", "number": "decimal(18,4)", "date": "date", "timestamp": "timestamp", "boolean": "boolean",
         "list": "varchar[]"}  # fmt: skip


def publish(
    place: Home,
    snapshot_id: str,
    members: Mapping[str, Mapping[str, Any]] | Iterable[str],
    *,
    denied: Iterable[str] = (),
    silent: Iterable[str] = (),
    purpose: str = "email_marketing",
    segment: str = "vip",
) -> None:
    """Publish a snapshot in which these customers are in the segment and, but for `denied` and `silent`, consent."""
    given = members if isinstance(members, Mapping) else {name: {} for name in members}
    place.create()
    aside = place.folder / "aside.duckdb"
    aside.unlink(missing_ok=True)
    with duckdb.connect(str(aside)) as con:
        con.execute("begin")
        for schema in ("platform", "customers", "segments", "scores", "identity"):
            con.execute(f"create schema {schema}")
        con.execute("create table platform.snapshot as select ? as snapshot_id, ? as published_at", [snapshot_id, NOON])
        columns = ", ".join(f"{name} {TYPES[field.kind]}" for name, field in CUSTOMER.items())
        con.execute(f"create table customers.customers({columns})")
        con.execute("create table customers.consents(customer_id varchar, purpose varchar, status varchar)")
        con.execute("create table customers.identifiers(customer_id varchar, kind varchar, value varchar)")
        con.execute(
            "create table segments.memberships(segment varchar, customer_id varchar, entered_on date, reason varchar)"
        )
        con.execute("create table scores.rfm(customer_id varchar, label varchar)")
        con.execute("create table scores.purchase(customer_id varchar, probability_90d double)")
        con.execute("create table scores.value(customer_id varchar, band varchar)")
        con.execute("create table identity.crosswalk(issued_id varchar, customer_id varchar)")
        rows = [{"customer_id": name, "email": f"{name}@shop.example", **values} for name, values in given.items()]
        if rows:
            file = place.folder / "rows.json"
            file.write_text(json.dumps(rows, default=str))
            con.execute(f"insert into customers.customers by name from read_json_auto('{file}')")
            file.unlink()
        con.execute("insert into segments.memberships select ?, customer_id, date '2026-11-01', 'because' "
                    "from customers.customers", [segment])  # fmt: skip
        con.execute(
            "insert into customers.consents select customer_id, ?, 'granted' from customers.customers", [purpose]
        )
        con.execute(
            "update customers.consents set status = 'denied' where customer_id in (select unnest(?))", [list(denied)]
        )
        con.execute("delete from customers.consents where customer_id in (select unnest(?))", [list(silent)])
        con.execute("insert into scores.rfm select customer_id, 'champions' from customers.customers")
        con.execute("insert into scores.purchase select customer_id, 0.25 from customers.customers")
        con.execute("insert into scores.value select customer_id, 'top 5 %' from customers.customers")
        con.execute("commit")
    aside.replace(place.published)


def change(place: Home, snapshot_id: str, *statements: str) -> None:
    """Publish the snapshot with some changes."""
    aside = place.folder / "aside.duckdb"
    aside.write_bytes(place.published.read_bytes())
    with duckdb.connect(str(aside)) as con:
        for statement in statements:
            con.execute(statement)
        con.execute("update platform.snapshot set snapshot_id = ?", [snapshot_id])
    aside.replace(place.published)


def company_of(*syncs: Mapping[str, Any]) -> Company:
    """A company with these syncs."""
    return Company(
        folder=DEMO,
        settings=Settings(name="Test shop"),
        sources=SourcesConfig(),
        identity=IdentityConfig(),
        customers=CustomersConfig(),
        scores=ScoresConfig(),
        segments=SegmentsConfig(),
        destinations=DestinationsConfig.model_validate({"syncs": list(syncs)}),
        privacy=PrivacyConfig.model_validate({"purposes": [{"name": "email_marketing"}]}),
        quality=QualityConfig(),
    )


def sync(**changes: Any) -> dict[str, Any]:
    """A small sync of the segment `vip` to a CSV file."""
    return {
        "name": "vips",
        "destination": {"kind": "csv", "path": "out/vips.csv"},
        "segment": "vip",
        "purpose": "email_marketing",
        "mapping": {"id": "customer_id", "email": "email", "city": "city"},
    } | changes


def query(place: Home, text: str) -> list[tuple[Any, ...]]:
    """Ask the published results."""
    with duckdb.connect() as con:
        con.execute(f"attach '{place.destinations}' as destinations (read_only)")
        return con.execute(text).fetchall()
