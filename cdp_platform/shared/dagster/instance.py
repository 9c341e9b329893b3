"""Dagster's own state of one home folder, and runs that a crash left open."""

import fcntl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import dagster as dg
import yaml

from cdp_platform.shared.home import PROJECT, Home

OPEN = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
GRACE = timedelta(minutes=2)
"""How long a run may be started without having reached its first step."""

_held: dict[Path, IO[str]] = {}


def write_config(home: Home) -> Path:
    """Write dagster.yaml for this home from the project's own, and return the folder for DAGSTER_HOME."""
    config: dict[str, Any] = yaml.safe_load((PROJECT / "dagster.yaml").read_text(encoding="utf-8"))
    for part in config.values():
        if isinstance(part, dict) and "base_dir" in part.get("config", {}):
            inside = Path(part["config"]["base_dir"]).relative_to("data/.dagster")
            part["config"]["base_dir"] = str(home.dagster / inside)
    home.dagster.mkdir(parents=True, exist_ok=True)
    file = home.dagster / "dagster.yaml"
    text = yaml.safe_dump(config, sort_keys=False)
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")
    return home.dagster


def instance(home: Home) -> dg.DagsterInstance:
    """The instance of this home."""
    return dg.DagsterInstance.from_config(str(write_config(home)))


def hold(home: Home, run_id: str) -> None:
    """Show that this run's process lives: a file lock that the kernel gives back when the process dies."""
    path = _lock_path(home, run_id)
    if path not in _held:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
        fcntl.flock(file, fcntl.LOCK_EX)
        _held[path] = file


def close_dead_runs(instance: dg.DagsterInstance, home: Home) -> list[str]:
    """Fail every open run whose process is gone, give back its pool slots, and return the run ids.

    Without this a killed run keeps its slot for ever: the next run was still waiting after ten minutes.
    """
    closed: list[str] = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=OPEN)):
        run = record.dagster_run
        path = _lock_path(home, run.run_id)
        young = datetime.now(UTC) - record.create_timestamp < GRACE
        if _is_held(path) or (not path.exists() and young):
            continue
        instance.report_run_failed(run, "The process of this run is gone: it was killed or the machine stopped.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
        path.unlink(missing_ok=True)
        closed.append(run.run_id)
    _free_slots(instance, home)
    return closed


def _free_slots(instance: dg.DagsterInstance, home: Home) -> None:
    """Give back what ended runs still hold: the code server notices a killed run within a second and fails it, but
    leaves its slot taken."""
    log = instance.event_log_storage
    for pool in log.get_concurrency_keys():
        slots = log.get_concurrency_info(pool)
        for run_id in {step.run_id for step in (*slots.claimed_slots, *slots.pending_steps)}:
            run = instance.get_run_by_id(run_id)
            if (run is None or run.is_finished) and not _is_held(_lock_path(home, run_id)):
                log.free_concurrency_slots_for_run(run_id)


def _lock_path(home: Home, run_id: str) -> Path:
    return home.dagster / "alive" / run_id


def _is_held(path: Path) -> bool:
    if path in _held:
        return True
    if not path.exists():
        return False
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
