"""Send the open run: for each batch the intent is committed before the request, the results after it.

Killed in between, the next start finds the batch in flight and sends the same bytes under the same idempotency key.
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from duckdb import DuckDBPyConnection

from cdp_platform.destinations.connectors.base import Batch, BatchConnector, Connector, Outcome, Row, WholeConnector
from cdp_platform.destinations.errors import SyncError, TransientError
from cdp_platform.destinations.results import record

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
"""Seconds. Waits are drawn from 0 to FIRST_WAIT · 2^n (full jitter), so that many senders do not come back as one."""
MOST_PATIENCE = 300.0
"""Seconds that a destination may ask us to wait. Beyond that the run ends here and the next start goes on with it."""

WITHHOLD = """
insert into sync.row_results
select p.run_id, p.batch_no, p.row_key, p.customer_id, p.operation, p.payload_hash, 'withheld', null, null, $now
from sync.plan p join sync.batches b on b.run_id = p.run_id and b.batch_no = p.batch_no
where p.run_id = $run and b.status = 'pending' and p.operation <> 'remove'
  and not exists (select 1 from allowed a where a.customer_id = p.customer_id and not a.is_suppressed)
  and not exists (select 1 from sync.row_results x where x.run_id = p.run_id and x.row_key = p.row_key)"""

TO_SEND = """
select p.row_key, p.operation, p.payload from sync.plan p
where p.run_id = $run and p.batch_no = $batch and not exists (
    select 1 from sync.row_results x where x.run_id = p.run_id and x.row_key = p.row_key)
order by p.row_no"""

CONTENTS = """
with leaving as (
    select p.* from sync.plan p where p.run_id = $run and not exists (
        select 1 from sync.row_results x where x.run_id = p.run_id and x.row_key = p.row_key))
select row_key, 'keep', payload from sync.state s where target = $target and not exists (
    select 1 from leaving l where l.row_key = s.row_key)
union all
select row_key, operation, payload from leaving where operation <> 'remove'
order by 1"""

CHUNK = 10_000


class Sending(NamedTuple):
    """What sending needs besides the connection and the connector."""

    sync: str
    run_id: int
    snapshot_id: str
    now: datetime
    sleep: Callable[[float], None]
    log: Callable[[str], None]


def send(con: DuckDBPyConnection, to: Connector, work: Sending) -> None:
    """Send every batch of the run that is not done. The temporary table `allowed` says who may be sent.

    Raises TransientError when the tries ran out, TerminalError when a person has to act; what was done is recorded.
    """
    [[columns, planned_at]] = con.execute(
        "select columns, planned_at from sync.runs where run_id = ?", [work.run_id]
    ).fetchall()
    todo = con.execute(
        "select batch_no, operation, idempotency_key, status = 'in_flight' from sync.batches "
        "where run_id = ? and status <> 'done' order by status, batch_no",  # in flight before pending
        [work.run_id],
    ).fetchall()
    if not todo:
        return
    con.execute(WITHHOLD, {"run": work.run_id, "now": work.now})
    to.prepare(json.loads(columns))
    for index, (number, operation, key, in_doubt) in enumerate(todo):
        batch = Batch(work.sync, work.run_id, number, operation, key, planned_at)
        rejected = _send_batch(con, to, work, batch, in_doubt=in_doubt)
        record(con, work.run_id, number, rejected, work.now)
        if index % 20 == 19:
            work.log(f"{work.sync}: {index + 1} of {len(todo)} batches sent")


def _send_batch(
    con: DuckDBPyConnection, to: Connector, work: Sending, batch: Batch, *, in_doubt: bool
) -> Mapping[str, Outcome]:
    """Commit the intent, then deliver; rejected rows by key."""
    con.execute(
        "update sync.batches set status = 'in_flight', attempts = attempts + 1, started_at = ?, "
        "snapshot_id = case when status = 'pending' then ? else snapshot_id end where run_id = ? and batch_no = ?",
        [work.now, work.snapshot_id, work.run_id, batch.number],
    )
    attempt = _whole(con, to, batch) if isinstance(to, WholeConnector) else _rows(con, to, batch)
    tries = 0
    while True:
        try:
            return attempt()
        except SyncError as error:
            in_doubt = in_doubt or error.in_doubt
            seconds = wait(error, tries, to.retries)
            if seconds is None:
                if not in_doubt:  # certainly nothing arrived: consent is asked again before the next try
                    con.execute(
                        "update sync.batches set status = 'pending' where run_id = ? and batch_no = ?",
                        [work.run_id, batch.number],
                    )
                raise
            tries += 1
            work.log(f"{batch.sync}: {error}; trying again in {seconds:.1f} s")
            work.sleep(seconds)


def wait(error: SyncError, tries: int, retries: int) -> float | None:
    """Seconds to wait before the next try; None when there is none."""
    if not isinstance(error, TransientError) or tries >= retries:
        return None
    if error.retry_after is not None:
        return error.retry_after if error.retry_after <= MOST_PATIENCE else None
    return random.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2**tries))


def _rows(con: DuckDBPyConnection, to: Connector, batch: Batch) -> Callable[[], Mapping[str, Outcome]]:
    assert isinstance(to, BatchConnector)
    found = con.execute(TO_SEND, {"run": batch.run_id, "batch": batch.number}).fetchall()
    rows = [Row(*row) for row in found]

    def attempt() -> dict[str, Outcome]:
        if not rows:
            return {}
        outcomes = to.send(batch._replace(rows=rows))
        pairs = zip(rows, outcomes, strict=True)
        return {row.key: outcome for row, outcome in pairs if outcome.outcome != "ok"}

    return attempt


def _whole(con: DuckDBPyConnection, to: WholeConnector, batch: Batch) -> Callable[[], Mapping[str, Outcome]]:
    def rows() -> Iterator[Row]:
        with con.cursor() as cursor:  # of its own: an open result would block the connection
            cursor.execute(CONTENTS, {"run": batch.run_id, "target": to.target})
            while chunk := cursor.fetchmany(CHUNK):
                yield from (Row(*row) for row in chunk)

    return lambda: to.replace(batch, rows())
