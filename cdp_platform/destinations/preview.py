"""What a sync would do now, without doing it: counts, rows field by field, and the requests. Moves no state."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from cdp_platform.company import Company
from cdp_platform.destinations import model
from cdp_platform.destinations.config import Sync
from cdp_platform.destinations.connectors import connector
from cdp_platform.destinations.connectors.base import Batch, Row
from cdp_platform.destinations.connectors.http import HttpConnector
from cdp_platform.destinations.errors import ConfigurationError
from cdp_platform.destinations.fields import is_personal
from cdp_platform.destinations.plan import plan
from cdp_platform.destinations.state import OPEN, opened
from cdp_platform.privacy import suppression
from cdp_platform.shared.home import Home

ROWS = """
select operation, row_key, old, new from (
    select p.operation, p.row_key, case when p.operation = 'create' then null else s.payload end as old,
           case when p.operation = 'remove' then null else p.payload end as new,
           row_number() over (partition by p.operation order by p.row_key) as place
    from sync.plan p left join sync.state s on s.row_key = p.row_key and s.target = $target
    where p.run_id = $run)
where place <= $rows order by operation, place"""


Found = tuple[str, str, str | None, str | None]
"""Operation, key, what is held and what would be, as JSON."""


class Change(NamedTuple):
    """One row that would be sent."""

    operation: str
    key: str
    fields: dict[str, tuple[Any, Any]]
    """Field to its old and new value; only those that differ."""


class Preview(NamedTuple):
    """What the next run would do."""

    snapshot_id: str
    waterfall: dict[str, int]
    guarded: str | None
    """Why the run would be held back."""
    unfinished: int | None
    """A run that the next start finishes first."""
    changes: list[Change]
    requests: list[str]
    """Bodies of the first request per operation (destinations over HTTP)."""


def preview(company: Company, home: Home, name: str, *, now: datetime, rows: int = 10, reveal: bool = False) -> Preview:
    """Plan in a transaction that is rolled back. Personal values are masked unless `reveal` is on.

    Raises KeyError for an unknown sync, NotConfigured, ConfigurationError, SyncBusy.
    """
    sync = company.destinations.sync(name)
    if sync.purpose not in company.privacy.names():
        raise ConfigurationError(f"nobody can have consented to the purpose '{sync.purpose}': it is not declared")
    to = connector(sync, home)
    try:
        with opened(home, name, create=False) as con:
            snapshot_id = model.attach(con, home)
            model.allow(con, sync, suppression.in_force(home))
            built = model.build(con, sync, snapshot_id)
            unfinished = con.execute(f"select run_id from sync.runs where status in {OPEN}").fetchall()
            con.execute("begin")
            planned = plan(con, sync, to, built, fingerprint="", now=now)
            found = con.execute(ROWS, {"run": planned.run_id, "target": to.target, "rows": rows}).fetchall()
            steps = con.execute(
                "select step, customers from sync.waterfall where run_id = ? order by position", [planned.run_id]
            ).fetchall()
            con.execute("rollback")
    finally:
        to.close()
    hidden = frozenset() if reveal else personal(sync)
    changes = [_change(row, hidden, sync.key) for row in found]
    requests = _requests(sync, to, found, hidden, now) if isinstance(to, HttpConnector) else []
    return Preview(
        snapshot_id, dict(steps), planned.guarded, unfinished[0][0] if unfinished else None, changes, requests
    )


def personal(sync: Sync) -> frozenset[str]:
    """The destination fields that are made from a person's data, hashes included."""
    return frozenset(name for name, mapped in sync.mapping.items() if any(map(is_personal, mapped.fields())))


def mask(value: Any) -> Any:
    """A value that one may show: `ann@shop.example` is `a…`."""
    return value if value is None else f"{str(value)[:1]}…"


def _change(row: Found, hidden: frozenset[str], keyed_by: str) -> Change:
    operation, key, old, new = row
    before, after = json.loads(old or "{}"), json.loads(new or "{}")
    fields: dict[str, tuple[Any, Any]] = {}
    for name in {**before, **after}:
        values = before.get(name), after.get(name)
        if values[0] != values[1]:
            fields[name] = (mask(values[0]), mask(values[1])) if name in hidden else values
    return Change(operation, mask(key) if keyed_by in hidden else key, fields)


def _requests(
    sync: Sync, to: HttpConnector, found: Sequence[Found], hidden: frozenset[str],
    now: datetime,
) -> list[str]:  # fmt: skip
    bodies: list[str] = []
    for group in ("create", "update", "remove"):
        rows = [
            Row(mask(key) if sync.key in hidden else key, group, _masked(new or old or "{}", hidden))
            for operation, key, old, new in found
            if operation == group
        ]
        operation = "remove" if group == "remove" else "insert" if sync.mode == "insert" else "upsert"
        if rows:
            bodies.append(to.render(Batch(sync.name, 0, 1, operation, "", now), rows, "").body.decode())
    return bodies


def _masked(payload: str, hidden: frozenset[str]) -> str:
    if not hidden:
        return payload
    fields = {name: mask(value) if name in hidden else value for name, value in json.loads(payload).items()}
    return json.dumps(fields, ensure_ascii=False)
