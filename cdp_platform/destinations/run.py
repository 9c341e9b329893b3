"""Run a sync: finish what an earlier start left open, then plan, send and record what changed since."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
from duckdb import DuckDBPyConnection

from cdp_platform.company import Company
from cdp_platform.destinations import model
from cdp_platform.destinations.config import Sync
from cdp_platform.destinations.connectors import connector
from cdp_platform.destinations.connectors.base import Connector
from cdp_platform.destinations.errors import ConfigurationError, NotConfigured, SyncError, TransientError
from cdp_platform.destinations.plan import plan
from cdp_platform.destinations.publish import publish_results
from cdp_platform.destinations.results import fold
from cdp_platform.destinations.send import Sending, send
from cdp_platform.destinations.state import OPEN, opened, transaction
from cdp_platform.privacy import suppression
from cdp_platform.shared.home import Home
from cdp_platform.shared.warehouse.build import fingerprint, room_code

WITHOUT_CONSENT = """
update sync.runs set without_consent = (
    select count(*) from sync.row_results r join sync.batches b on b.run_id = r.run_id and b.batch_no = r.batch_no
    where r.run_id = $run and r.outcome in ('ok', 'rejected') and r.operation <> 'remove'
      and b.snapshot_id = $snapshot and not exists (
          select 1 from published.customers.consents c
          where c.customer_id = r.customer_id and c.purpose = $purpose and c.status = 'granted'))
where run_id = $run"""


@dataclass(frozen=True)
class Ran:
    """How a sync stands after a start."""

    sync: str
    status: str
    """succeeded, partial (some rows were rejected), guarded, paused (a person has to act), interrupted (the
    destination failed for longer than we try), or not_configured."""
    run_id: int | None = None
    skipped: bool = False
    """Nothing had changed since this run, so nothing was done."""
    note: str | None = None
    ok: int = 0
    rejected: int = 0
    withheld: int = 0
    not_sent: int = 0
    without_consent: int = 0
    """Rows sent whose customer has not granted the purpose in the snapshot used: never more than none."""
    held: int = 0
    """Rows believed to be at the destination."""
    planned: int = 0
    waterfall: dict[str, int] = field(default_factory=dict[str, int])
    """Step to customers, from `members` to `create`, `update` and, apart from the sum, `remove`."""


def run_sync(
    company: Company,
    home: Home,
    name: str,
    *,
    now: datetime,
    sleep: Callable[[float], None] = time.sleep,
    log: Callable[[str], None] = lambda text: None,
) -> Ran:
    """Bring one destination up to date with the published snapshot. `now` is when this run started (UTC, no zone).

    Raises KeyError for an unknown sync, SyncBusy when it is running elsewhere, and ConfigurationError when nothing can
    be planned at all. What goes wrong while sending is a status, and the next start goes on from there.
    """
    sync = company.destinations.sync(name)
    if sync.purpose not in company.privacy.names():
        raise ConfigurationError(f"nobody can have consented to the purpose '{sync.purpose}': it is not declared")
    try:
        to = connector(sync, home)
    except NotConfigured as error:
        return Ran(name, "not_configured", note=str(error))
    try:
        with opened(home, name) as con:
            try:
                skipped = _bring_up_to_date(con, company, home, sync, to, now, sleep, log)
            except BaseException:
                with suppress(duckdb.Error):  # the first trouble is the one to tell
                    publish_results(con, home, name)
                raise
            if not skipped or not home.destinations.exists():
                publish_results(con, home, name)
            return last_run(con, name, skipped=skipped)
    finally:
        to.close()


def last_run(con: DuckDBPyConnection, name: str, *, skipped: bool = False) -> Ran:
    """The last run of an open state that was not replaced by another."""
    columns = "run_id, status, note, ok, rejected, withheld, not_sent, without_consent, held"
    [row] = con.execute(
        f"select {columns}, creates + updates + removals from sync.runs order by run_id desc limit 1"
    ).fetchall()
    run_id, status, note, *counts = row
    ok, rejected, withheld, not_sent, without, held, planned = (count or 0 for count in counts)
    steps = con.execute(
        "select step, customers from sync.waterfall where run_id = ? order by position", [run_id]
    ).fetchall()
    return Ran(
        name, status, run_id, skipped, note, ok, rejected, withheld, not_sent, without, held, planned, dict(steps)
    )


def _bring_up_to_date(
    con: DuckDBPyConnection, company: Company, home: Home, sync: Sync, to: Connector, now: datetime,
    sleep: Callable[[float], None], log: Callable[[str], None],
) -> bool:  # fmt: skip
    """Finish, then plan and send. True when there was nothing to do."""
    suppressed = suppression.in_force(home)
    snapshot_id = model.attach(con, home)
    made_from = fingerprint(
        snapshot_id, sync.model_dump_json(), str(suppressed.version), to.target, room_code("destinations")
    )
    left_open = _left_open(con, made_from)
    if left_open is None and _is_current(con, to, made_from, now):
        return True
    model.allow(con, sync, suppressed)

    def finish(run_id: int) -> bool:
        work = Sending(sync.name, run_id, snapshot_id, now, sleep, log)
        return _finish(con, sync, to, work, company.destinations.keep_results_days)

    if left_open is not None:
        log(f"{sync.name}: going on with run {left_open}, which was not finished")
        if not finish(left_open) or _is_current(con, to, made_from, now):
            return False
    rows = model.build(con, sync, snapshot_id)
    with transaction(con):
        planned = plan(con, sync, to, rows, fingerprint=made_from, now=now)
    if planned.guarded:
        log(f"{sync.name}: run {planned.run_id} is held back: {planned.guarded}")
    else:
        finish(planned.run_id)
    return False


def _left_open(con: DuckDBPyConnection, made_from: str) -> int | None:
    """The run to go on with. One that has sent nothing and is out of date is planned anew instead."""
    found = con.execute(
        f"""select run_id, fingerprint = ? or approved_by is not null or exists (
                select 1 from sync.batches b where b.run_id = r.run_id and b.status <> 'pending')
            from sync.runs r where status in {OPEN}""",
        [made_from],
    ).fetchall()
    for run_id, worth_finishing in found:
        if worth_finishing:
            return run_id
        con.execute("update sync.runs set status = 'superseded' where run_id = ?", [run_id])
    return None


def _is_current(con: DuckDBPyConnection, to: Connector, made_from: str, now: datetime) -> bool:
    """The last run was made from the same, its outcome is in place, and no rejected row is due."""
    last = con.execute("select status, fingerprint from sync.runs order by run_id desc limit 1").fetchall()
    if not last or last[0][1] != made_from:
        return False
    if last[0][0] == "guarded":
        return True
    due = con.execute(
        "select 1 from sync.quarantine where target = ? and next_try_at <= ? limit 1", [to.target, now]
    ).fetchall()
    return last[0][0] in ("succeeded", "partial") and not due and to.in_place()


def _finish(con: DuckDBPyConnection, sync: Sync, to: Connector, work: Sending, keep_days: int) -> bool:
    """Send and fold an open run. False when it had to stop, for a reason that is written down."""
    run_id = work.run_id
    [[target]] = con.execute("select target from sync.runs where run_id = ?", [run_id]).fetchall()
    if target != to.target:
        note = "the sync points to another place now"
        fold(con, run_id, target, work.now, keep_days, abandoned=note)
        return True
    try:
        send(con, to, work)
    except SyncError as error:
        status = "interrupted" if isinstance(error, TransientError) else "paused"
        con.execute("update sync.runs set status = ?, note = ? where run_id = ?", [status, str(error), run_id])
        return False
    con.execute(WITHOUT_CONSENT, {"run": run_id, "snapshot": work.snapshot_id, "purpose": sync.purpose})
    fold(con, run_id, target, work.now, keep_days)
    return True
