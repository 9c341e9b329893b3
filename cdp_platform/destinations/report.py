"""What the syncs did, for people."""

from typing import NamedTuple

import duckdb
from duckdb import DuckDBPyConnection

from cdp_platform.company import Company
from cdp_platform.destinations.connectors import connector
from cdp_platform.destinations.errors import NotConfigured
from cdp_platform.shared.home import Home

BEHIND = ("unknown_customer", "no_consent", "suppressed", "no_usable_key", "duplicate_key", "quarantined")

LAST = """
with last as (
    select * from destinations.runs
    qualify row_number() over (partition by sync order by run_id desc) = 1),
steps as (
    select sync, max(customers) filter (step = 'members') as members,
           string_agg(customers || ' ' || replace(step, '_', ' '), ', ' order by position)
               filter (customers > 0 and step in {behind}) as behind
    from destinations.waterfall semi join last using (sync, run_id) group by sync),
sent as (
    select sync, coalesce(sum(rows) filter (operation = 'create' and outcome = 'ok'), 0)::bigint as created,
           coalesce(sum(rows) filter (operation = 'update' and outcome = 'ok'), 0)::bigint as changed,
           coalesce(sum(rows) filter (operation = 'remove' and outcome = 'ok'), 0)::bigint as removed
    from destinations.results semi join last using (sync, run_id) group by sync)
select last.sync, split_part(last.target, ' ', 1), coalesce(steps.members, 0), coalesce(sent.created, 0),
       coalesce(sent.changed, 0), coalesce(sent.removed, 0), coalesce(last.rejected, 0), coalesce(steps.behind, ''),
       last.status || coalesce(': ' || last.note, ''), last.held, last.run_id
from last left join steps using (sync) left join sent using (sync) order by last.sync"""


class LastRun(NamedTuple):
    """One line per sync."""

    sync: str
    to: str
    """Kind of the destination."""
    members: int
    created: int
    changed: int
    removed: int
    rejected: int
    held_back: str
    """Who stayed behind, in words: `120 no consent, 3 suppressed`."""
    status: str


class Standing(NamedTuple):
    """How one configured sync stands."""

    sync: str
    kind: str
    segment: str
    status: str
    run_id: int | None
    held: int


def last_runs(con: DuckDBPyConnection) -> list[LastRun]:
    """The last run of each sync that ever ran. `con` has the results attached as `destinations`."""
    return [LastRun(*row[:9]) for row in con.execute(LAST.format(behind=BEHIND)).fetchall()]


def status(company: Company, home: Home) -> list[Standing]:
    """Every configured sync, those that never ran included, in the order of the configuration; also during a run."""
    found = {}
    if home.destinations.exists():
        with duckdb.connect() as con:
            con.execute("attach '" + str(home.destinations).replace("'", "''") + "' as destinations (read_only)")
            found = {row[0]: row for row in con.execute(LAST.format(behind=BEHIND)).fetchall()}
    standings: list[Standing] = []
    for sync in company.destinations.syncs:
        row = found.get(sync.name)
        said, run_id, held = (row[8], row[10], row[9]) if row else ("never ran", None, 0)
        try:
            connector(sync, home).close()
        except NotConfigured as error:
            said = str(error)
        standings.append(Standing(sync.name, sync.destination.kind, sync.segment or "everyone", said, run_id, held))
    return standings
