"""What readers see of the syncs: the tables of <home>/destinations.duckdb, attached as `destinations`.

No payloads: they stay in the state file of each sync.
"""

from cdp_platform.shared.warehouse.table import Table

SYNC = {"sync": "name of the sync"}

RUNS = Table(
    "destinations.runs",
    "Every run of every sync.",
    {
        **SYNC,
        "run_id": "number of the run, counted per sync",
        "status": "sending, succeeded, partial (some rows were rejected), guarded (waits for an approval), paused (a "
        "person has to act), interrupted (goes on at the next start), superseded (never sent) or abandoned",
        "mode": "mirror, upsert or insert",
        "target": "names the place it went to, never an address",
        "snapshot_id": "published snapshot that it was planned from",
        "creates": "rows planned to be created",
        "updates": "rows planned to be changed",
        "removals": "rows planned to be removed",
        "ok": "rows that the destination confirmed",
        "rejected": "rows that the destination refused",
        "withheld": "rows planned and then not sent, because consent or suppression had changed",
        "not_sent": "rows of an abandoned run",
        "without_consent": "rows sent without consent in the snapshot used: 0, or something is broken",
        "held": "rows believed to be at the destination after the run",
        "planned_at": "start of the run (UTC)",
        "finished_at": "end of the run: start of the process that finished it (UTC)",
        "approved_by": "who released a guarded run",
        "approved_at": "when (UTC)",
        "note": "why it was held back or stopped",
    },
    key=("sync", "run_id"),
)

WATERFALL = Table(
    "destinations.waterfall",
    "Per run: from the members of the segment to the rows sent. Every step from unknown_customer to update sums to "
    "members; remove stands apart, those rows have left the segment.",
    {
        **SYNC,
        "run_id": "run",
        "position": "order of the steps",
        "step": "members, unknown_customer, no_consent, suppressed, no_usable_key, duplicate_key, quarantined, "
        "unchanged, create, update, remove",
        "customers": "how many",
    },
    key=("sync", "run_id", "step"),
)

RESULTS = Table(
    "destinations.results",
    "Per run: rows per operation and outcome.",
    {
        **SYNC,
        "run_id": "run",
        "operation": "create, update or remove",
        "outcome": "ok, rejected, withheld or not_sent",
        "code": "the destination's code of a rejection",
        "rows": "how many",
    },
    key=("sync", "run_id", "operation", "outcome", "code"),
)

ROW_RESULTS = Table(
    "destinations.row_results",
    "What became of each planned row: exactly one outcome. Kept for keep_results_days.",
    {
        **SYNC,
        "run_id": "run",
        "row_key": "key of the row at the destination",
        "customer_id": "customer",
        "operation": "create, update or remove",
        "outcome": "ok, rejected, withheld or not_sent",
        "code": "the destination's code of a rejection",
        "message": "the destination's words, without the person's values",
        "recorded_at": "start of the process that sent it (UTC)",
    },
    key=("sync", "run_id", "row_key"),
    personal=("row_key",),
)

STATE = Table(
    "destinations.state",
    "The rows that each destination is believed to hold.",
    {
        **SYNC,
        "target": "the place",
        "row_key": "key of the row",
        "customer_id": "customer that it was sent for",
        "first_run": "run that created it",
        "last_run": "run that sent it last",
    },
    key=("sync", "target", "row_key"),
    personal=("row_key",),
)

QUARANTINE = Table(
    "destinations.quarantine",
    "Rejected rows that wait: tried again after 1, 2, 4, … hours, at once when their data change.",
    {
        **SYNC,
        "target": "the place",
        "row_key": "key of the row",
        "customer_id": "customer",
        "operation": "upsert or remove",
        "code": "the destination's code",
        "message": "its words, without the person's values",
        "attempts": "times tried",
        "next_try_at": "not tried before (UTC)",
        "first_run": "run of the first rejection",
        "last_run": "run of the last one",
    },
    key=("sync", "target", "row_key"),
    personal=("row_key",),
)

TABLES = (RUNS, WATERFALL, RESULTS, ROW_RESULTS, STATE, QUARANTINE)
