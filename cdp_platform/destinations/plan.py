"""Decide what to send: one set-based comparison of the model with what the destination holds, in one transaction."""

import json
from datetime import datetime
from typing import NamedTuple

from duckdb import DuckDBPyConnection

from cdp_platform.destinations.config import Sync
from cdp_platform.destinations.connectors.base import BatchConnector, Connector
from cdp_platform.destinations.guards import Figures, tripped
from cdp_platform.destinations.model import Model

DIFFERENCE = """
create or replace temp table difference as
with held as (select * from sync.state where target = $target),
wanted as (
    select case when h.row_key is null then 'create' else 'update' end as operation,
           m.row_key, m.customer_id, m.payload_hash, m.payload
    from model m left join held h on h.row_key = m.row_key
    where h.payload_hash is distinct from m.payload_hash and ($mode <> 'insert' or h.row_key is null)
    union all
    select 'remove', h.row_key, h.customer_id, h.payload_hash, h.payload
    from held h anti join model m on m.row_key = h.row_key where $mode = 'mirror')
select w.*, z.row_key is not null as was_rejected, coalesce(z.next_try_at > $now, false) as waits
from wanted w left join sync.quarantine z  -- data that changed since the rejection are tried at once
    on z.target = $target and z.row_key = w.row_key and z.payload_hash = w.payload_hash
    and z.operation = case w.operation when 'remove' then 'remove' else 'upsert' end"""

PLAN = """
insert into sync.plan
with grouped as (
    select *, case when $whole then 'replace' when operation = 'remove' then 'remove'
                   when $mode = 'insert' then 'insert' else 'upsert' end as kind
    from difference where not waits),
numbered as (
    -- removals go first: the value of a unique column may move from a row that goes to one that comes
    select *, row_number() over (order by kind, row_key) as row_no,
           (row_number() over (partition by kind order by row_key) - 1) // $size as part
    from grouped)
select $run, row_no, dense_rank() over (order by kind, part), operation, row_key, customer_id, payload_hash, payload
from numbered"""

BATCHES = """
insert into sync.batches
select $run, batch_no,
       case when $whole then 'replace' when min(operation) = 'remove' then 'remove'
            when $mode = 'insert' then 'insert' else 'upsert' end,
       substr(sha256($name || ':' || $run || ':' || $now || ':' || batch_no || ':' || string_agg(
           operation || row_key || payload_hash, ',' order by row_no)), 1, 32),
       count(*), 'pending', 0, null, null, null
from sync.plan where run_id = $run group by batch_no"""

OBSOLETE = """
delete from sync.quarantine z where target = $target and not exists (
    select 1 from difference d where d.was_rejected and d.row_key = z.row_key and d.payload_hash = z.payload_hash
    and z.operation = case d.operation when 'remove' then 'remove' else 'upsert' end)"""

STEPS = ("unknown_customer", "no_consent", "suppressed", "no_usable_key", "duplicate_key", "quarantined", "unchanged")
"""Where customers of the segment stay behind, in the order in which it is decided."""


class Planned(NamedTuple):
    """A run that is written down and ready to be sent, unless a guard holds it."""

    run_id: int
    guarded: str | None


def plan(
    con: DuckDBPyConnection, sync: Sync, to: Connector, model: Model, *, fingerprint: str, now: datetime
) -> Planned:
    """Write down the next run. The caller holds the transaction: committed, it will be done exactly so."""
    whole = not isinstance(to, BatchConnector)
    size = to.batch_size if isinstance(to, BatchConnector) else 1
    con.execute(DIFFERENCE, {"target": to.target, "mode": sync.mode, "now": now})
    [[run_id]] = con.execute("select coalesce(max(run_id), 0) + 1 from sync.runs").fetchall()
    con.execute("update sync.runs set status = 'superseded' where status = 'guarded'")
    con.execute("delete from sync.plan")
    con.execute(OBSOLETE, {"target": to.target})
    con.execute(PLAN, {"run": run_id, "mode": sync.mode, "whole": whole, "size": 2**60 if whole else size})
    con.execute(
        BATCHES, {"run": run_id, "mode": sync.mode, "whole": whole, "name": sync.name, "now": now.isoformat()}
    )  # fmt: skip
    if whole and not to.in_place():
        con.execute(
            "insert into sync.batches select $run, 1, 'replace', substr(sha256($name || ':' || $run), 1, 32), 0, "
            "'pending', 0, null, null, null where not exists (from sync.batches where run_id = $run)",
            {"run": run_id, "name": sync.name},
        )
    steps = _waterfall(con, sync, to.target, model)
    con.executemany(
        "insert into sync.waterfall values (?, ?, ?, ?)",
        [[run_id, position, step, count] for position, (step, count) in enumerate(steps.items())],
    )
    [[held]] = con.execute("select count(*) from sync.state where target = ?", [to.target]).fetchall()
    guarded = tripped(sync.guards, _figures(sync, model, steps, held))
    con.execute(
        """insert into sync.runs(run_id, status, mode, target, snapshot_id, fingerprint, columns, creates, updates,
               removals, held, planned_at, finished_at, note)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [run_id, "guarded" if guarded else "sending", sync.mode, to.target, model.snapshot_id, fingerprint,
         json.dumps(model.columns), steps["create"], steps["update"], steps["remove"], held, now,
         now if guarded else None, guarded],
    )  # fmt: skip
    return Planned(run_id, guarded)


def _waterfall(con: DuckDBPyConnection, sync: Sync, target: str, model: Model) -> dict[str, int]:
    """From the segment to the rows sent. Everything from `unknown_customer` to `update` sums to `members`."""
    found = con.execute("select operation, waits, count(*) from difference group by operation, waits").fetchall()
    planned = {operation: count for operation, waits, count in found if not waits}
    waiting = sum(count for operation, waits, count in found if waits and operation != "remove")
    created, updated = planned.get("create", 0), planned.get("update", 0)
    [[rows]] = con.execute("select count(*) from model").fetchall()
    stays = {**model.fates, "quarantined": waiting, "unchanged": rows - waiting - created - updated}
    return {
        "members": sum(model.fates.values()),
        **{step: stays.get(step, 0) for step in STEPS},
        "create": created,
        "update": updated,
        "remove": planned.get("remove", 0),
    }


def _figures(sync: Sync, model: Model, steps: dict[str, int], held: int) -> Figures:
    eligible, without, twice = (model.fates.get(f, 0) for f in ("eligible", "no_usable_key", "duplicate_key"))
    return Figures(
        mirror=sync.mode == "mirror",
        model=eligible,
        held=held,
        creates=steps["create"],
        removals=steps["remove"],
        candidates=eligible + without + twice,
        without_key=without,
        duplicate_keys=twice,
    )
