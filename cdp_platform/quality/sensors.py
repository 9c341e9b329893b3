"""Sensors: tell what is wrong, run when files arrive, close what a crash left open."""

import json

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.quality.alerts import deliver
from cdp_platform.quality.findings import collect
from cdp_platform.quality.schedule import EVERYTHING
from cdp_platform.shared.dagster.instance import close_dead_runs
from cdp_platform.shared.home import home
from cdp_platform.sources.files import files_fingerprint

ON = dg.DefaultSensorStatus.RUNNING


def alerts(company: Company) -> dg.SensorDefinition:
    """One message per change of state of any check, table or run."""

    @dg.sensor(
        name="alerts",
        minimum_interval_seconds=60,
        default_status=ON,
        description="Sends each new problem once, and a note when it is gone.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        assert context.repository_def is not None
        findings = collect(context.instance, context.repository_def.asset_graph, EVERYTHING)
        done = deliver(company, home(), findings)
        unreached = f"; could not reach {', '.join(done.failed)}" if done.failed else ""
        return dg.SkipReason(f"{len(findings)} open, {done.sent} messages{unreached}")

    return sensor


def new_files(company: Company) -> dg.SensorDefinition:
    """A run when a file source has new or changed files."""

    @dg.sensor(
        name="new_files",
        job_name=EVERYTHING,
        minimum_interval_seconds=60,
        default_status=ON,
        description="Starts a run when files are new or changed; correctness does not rest on it, "
        "since every run looks for itself.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        now = files_fingerprint(company)
        before: dict[str, str] = json.loads(context.cursor or "{}")
        changed = sorted(name for name, state in now.items() if before.get(name) != state)
        if not changed:
            return dg.SkipReason("no new files")
        cursor = json.dumps(now, sort_keys=True)
        if not before:  # the first tick learns what is there; the schedule or a person starts the first run
            context.update_cursor(cursor)
            return dg.SkipReason(f"watching {len(now)} sources")
        request = dg.RunRequest(tags={"cdp/because": f"new files: {', '.join(changed)}"})
        return dg.SensorResult(run_requests=[request], cursor=cursor)

    return sensor


def dead_runs() -> dg.SensorDefinition:
    """Close runs whose process is gone."""

    @dg.sensor(
        name="dead_runs",
        minimum_interval_seconds=60,
        default_status=ON,
        description="Closes runs that were killed, so that they do not hold the warehouse's only slot for ever.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        return dg.SkipReason(f"{len(close_dead_runs(context.instance, home()))} closed")

    return sensor
