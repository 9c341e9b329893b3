"""The published snapshot as an asset, and the sensors."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.quality.config import QualityConfig
from cdp_platform.quality.findings import failed_blocking_checks
from cdp_platform.quality.publish import Published, publish
from cdp_platform.quality.sensors import alerts, dead_runs, new_files
from cdp_platform.shared.dagster.room import Room
from cdp_platform.shared.dagster.tables import WRITER_POOL, step, timed

SNAPSHOT = dg.AssetKey(["published", "snapshot"])


class Quality(Room):
    """Write, audit, publish: the snapshot that people and syncs read, and alerts about what is wrong."""

    config_type = QualityConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """The sensors. The snapshot asset needs to know every table: see `snapshot`."""
        return dg.Definitions(sensors=[alerts(company), new_files(company), dead_runs()])


def snapshot(company: Company, built: dg.Definitions) -> dg.Definitions:
    """The asset published/snapshot over everything that `built` makes.

    It depends on the tables that no other table depends on: a failed blocking check anywhere skips one of them, and
    so the snapshot.
    """
    graph = built.resolve_asset_graph()
    last = sorted(key for key in graph.get_all_asset_keys() if not graph.get(key).child_keys)
    late = timedelta(hours=company.quality.published_late_after_hours)

    @dg.asset(
        key=SNAPSHOT,
        deps=last,
        group_name="published",
        owners=[company.settings.owner],
        kinds={"duckdb"},
        description="What people and syncs read. Copied and renamed in one step after every blocking check has passed; "
        "every count that anyone sees belongs to one snapshot id.",
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=late),
        pool=WRITER_POOL,
    )
    def published_snapshot(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        failed = failed_blocking_checks(context.instance, graph)
        if failed:
            raise dg.Failure(
                f"Nothing is published: {len(failed)} blocking checks fail ({'; '.join(failed)}). "
                "Readers and syncs stay on the last snapshot. Correct the data or the rule and run again.",
                allow_retries=False,
            )
        with timed(SNAPSHOT.to_user_string()) as done, step(context, company) as one:
            result = publish(one)
            done(skipped=not result.changed)
            tables = one.con.execute(
                "select table_name, rows, changed_at = built_at and built_at = ? from platform.tables order by 1",
                [one.now],
            ).fetchall()
        return dg.MaterializeResult(metadata=_metadata(result, tables))

    return dg.Definitions(assets=[published_snapshot])


def _metadata(result: Published, tables: Sequence[tuple[str, int, bool]]) -> dict[str, Any]:
    lines = [f"| {name} | {rows:,} | {'changed' if changed else ''} |" for name, rows, changed in tables]
    return {
        "snapshot_id": result.snapshot_id,
        "unchanged": not result.changed,
        "tables": dg.MetadataValue.md("\n".join(["| table | rows | |", "|---|--:|---|", *lines])),
        "table_count": result.tables,
        "megabytes": round(result.bytes / 2**20, 1),
        "seconds": round(result.seconds, 2),
        "dagster/row_count": sum(rows for _, rows, _ in tables),
    }
