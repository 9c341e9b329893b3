"""What is wrong now, as Dagster knows it: failed checks, late tables, failed runs.

A failed check does not fail its run, so polling the state finds what a run-failure sensor misses. Three names have no
public home in Dagster 1.13 and are used in this file only.
"""

from collections.abc import Iterable
from typing import Any

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluation
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph
from dagster._core.definitions.freshness import FreshnessState

from cdp_platform.quality.alerts import Finding

Graph = BaseAssetGraph[Any]
LATE = {FreshnessState.WARN: "WARN", FreshnessState.FAIL: "ERROR"}


def collect(instance: dg.DagsterInstance, graph: Graph, job: str) -> list[Finding]:
    """Everything that a person should look at."""
    return [*failed_checks(instance, graph), *late_tables(instance, graph), *failed_run(instance, job)]


def failed_checks(instance: dg.DagsterInstance, graph: Graph) -> Iterable[Finding]:
    """Checks whose latest evaluation failed."""
    for key, evaluation in evaluations(instance, graph):
        if not evaluation.passed:
            name = f"{key.asset_key.to_user_string()}: {key.name}"
            severity = "ERROR" if evaluation.severity == dg.AssetCheckSeverity.ERROR else "WARN"
            yield Finding(f"check {name}", severity, f"check failed: {name}", evaluation.description or "")


def failed_blocking_checks(instance: dg.DagsterInstance, graph: Graph) -> list[str]:
    """Names of the graph's blocking checks whose latest evaluation failed. As in Dagster, a warning blocks nothing."""
    return [
        f"{key.asset_key.to_user_string()}: {key.name}"
        for key, evaluation in evaluations(instance, graph)
        if evaluation.blocking and not evaluation.passed and evaluation.severity == dg.AssetCheckSeverity.ERROR
    ]


def evaluations(instance: dg.DagsterInstance, graph: Graph) -> Iterable[tuple[dg.AssetCheckKey, AssetCheckEvaluation]]:
    """The latest finished evaluation of every check of the graph, by name."""
    records = instance.event_log_storage.get_asset_check_summary_records(sorted(graph.asset_check_keys))
    for key in sorted(records):
        last = records[key].last_completed_check_execution_record
        event = last.event if last else None
        if event and event.dagster_event:
            yield key, event.dagster_event.asset_check_evaluation_data


def late_tables(instance: dg.DagsterInstance, graph: Graph) -> Iterable[Finding]:
    """Tables that the freshness daemon found late."""
    records = instance.get_freshness_state_records(sorted(graph.materializable_asset_keys))
    for key, record in sorted(records.items()):
        if record.freshness_state in LATE:
            name = key.to_user_string()
            since = f"since {record.updated_at:%Y-%m-%d %H:%M} UTC"
            severity = "ERROR" if record.freshness_state == FreshnessState.FAIL else "WARN"
            yield Finding(f"late {name}", severity, f"late: {name}", since)


def failed_run(instance: dg.DagsterInstance, job: str) -> Iterable[Finding]:
    """The last finished run of the job, when it failed."""
    finished = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
    for run in instance.get_runs(dg.RunsFilter(job_name=job, statuses=finished), limit=1):
        if run.status == dg.DagsterRunStatus.FAILURE:
            yield Finding(f"run {job}", "ERROR", f"run failed: {job}", f"run {run.run_id[:8]}")
