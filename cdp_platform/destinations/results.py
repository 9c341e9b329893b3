"""Write down what became of rows, and fold it into what the destination is believed to hold."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl
from duckdb import DuckDBPyConnection

from cdp_platform.destinations.connectors.base import Outcome
from cdp_platform.destinations.state import transaction

REJECTED = pl.Schema({"row_key": pl.String, "code": pl.String, "message": pl.String})

RECORD = """
insert into sync.row_results
select p.run_id, p.batch_no, p.row_key, p.customer_id, p.operation, p.payload_hash,
       case when r.row_key is null then 'ok' else 'rejected' end, r.code, r.message, $now
from sync.plan p left join rejected_frame r on r.row_key = p.row_key
where p.run_id = $run and p.batch_no = $batch and not exists (
    select 1 from sync.row_results x where x.run_id = p.run_id and x.row_key = p.row_key)
order by p.row_no"""

NOT_SENT = """
insert into sync.row_results
select run_id, batch_no, row_key, customer_id, operation, payload_hash, 'not_sent', null, null, $now
from sync.plan p where run_id = $run and not exists (
    select 1 from sync.row_results x where x.run_id = p.run_id and x.row_key = p.row_key)"""

GONE = """
delete from sync.state where target = $target and row_key in (
    select row_key from finished f join sync.batches b on b.run_id = f.run_id and b.batch_no = f.batch_no
    -- a whole file is written without the rows that it cannot take, their older selves included
    where f.outcome = 'ok' or (f.outcome = 'rejected' and b.operation = 'replace'))"""

STATE = """
insert into sync.state
select $target, f.row_key, f.customer_id, f.payload_hash, p.payload, coalesce(h.first_run, $run), $run
from finished f join sync.plan p on p.run_id = $run and p.row_key = f.row_key
left join was_held h on h.row_key = f.row_key
where f.outcome = 'ok' and f.operation <> 'remove'"""

DECIDED = """
delete from sync.quarantine where target = $target and row_key in (
    select row_key from finished where outcome in ('ok', 'rejected'))"""

QUARANTINE = """
insert into sync.quarantine
select $target, f.row_key, f.customer_id, case f.operation when 'remove' then 'remove' else 'upsert' end,
       f.payload_hash, f.code, f.message, coalesce(z.attempts, 0) + 1,
       $now::timestamp + interval 1 hour * (2 ** least(coalesce(z.attempts, 0), 6))::integer,
       coalesce(z.first_run, $run), $run
from finished f left join was_quarantined z on z.row_key = f.row_key where f.outcome = 'rejected'"""

CLOSE = """
update sync.runs set status = $status, finished_at = $now, note = $note,
    ok = (select count(*) from finished where outcome = 'ok'),
    rejected = (select count(*) from finished where outcome = 'rejected'),
    withheld = (select count(*) from finished where outcome = 'withheld'),
    not_sent = (select count(*) from finished where outcome = 'not_sent'),
    held = (select count(*) from sync.state where target = $target)
where run_id = $run"""


def record(con: DuckDBPyConnection, run: int, batch: int, rejected: Mapping[str, Outcome], now: datetime) -> None:
    """Close a batch: a result per row, and the batch done, in one transaction."""
    rows = [(key, outcome.code, outcome.message) for key, outcome in rejected.items()]
    con.register("rejected_frame", pl.DataFrame(rows, schema=REJECTED, orient="row"))
    done = "update sync.batches set status = 'done', finished_at = ? where run_id = ? and batch_no = ?"
    with transaction(con):
        con.execute(RECORD, {"run": run, "batch": batch, "now": now})
        con.execute(done, [now, run, batch])
    con.unregister("rejected_frame")


def fold(
    con: DuckDBPyConnection, run: int, target: str, now: datetime, keep_days: int, *, abandoned: str | None = None
) -> None:
    """End a run in one transaction: results become state and quarantine, the plan goes.

    An abandoned run (the sync points to another place now) ends with what was not sent marked so.
    """
    with transaction(con):
        if abandoned:
            con.execute(NOT_SENT, {"run": run, "now": now})
        con.execute("create or replace temp table finished as from sync.row_results where run_id = ?", [run])
        for table, source in (("was_held", "state"), ("was_quarantined", "quarantine")):
            con.execute(
                f"create or replace temp table {table} as select q.* from sync.{source} q semi join finished f "
                "on f.row_key = q.row_key where q.target = ?",
                [target],
            )
        con.execute(GONE, {"target": target})
        con.execute(STATE, {"run": run, "target": target})
        con.execute(DECIDED, {"target": target})
        con.execute(QUARANTINE, {"run": run, "target": target, "now": now})
        con.execute("delete from sync.plan")
        for table, column in (("row_results", "recorded_at"), ("batches", "finished_at")):
            con.execute(f"delete from sync.{table} where {column} < ?", [now - timedelta(days=keep_days)])
        [[rejected]] = con.execute("select count(*) from finished where outcome = 'rejected'").fetchall()
        status = "abandoned" if abandoned else "partial" if rejected else "succeeded"
        con.execute(CLOSE, {"run": run, "status": status, "now": now, "note": abandoned, "target": target})
