"""`cdp sync …`."""

from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table

from cdp_platform.cli.place import console, errors, place
from cdp_platform.shared.home import home

SIGNS = {"create": "[green]+[/]", "update": "[yellow]~[/]", "remove": "[red]-[/]"}


def standings(defs: Path | None, folder: Path | None) -> int:
    """0 after listing every configured sync."""
    found = place(defs, folder)
    if found is None:
        return 2
    from cdp_platform.destinations.report import status

    table = Table("sync", "to", "segment", "held there", "last run", "status", header_style="bold")
    for sync in status(*found):
        table.add_row(sync.sync, sync.kind, sync.segment, f"{sync.held:,}", str(sync.run_id or ""), sync.status)
    console.print(table)
    return 0


def preview(name: str, defs: Path | None, folder: Path | None, rows: int, *, reveal: bool, requests: bool) -> int:
    """0 after showing what the sync would do, 1 when it cannot be planned."""
    found = place(defs, folder)
    if found is None:
        return 2
    from cdp_platform.destinations.errors import SyncError
    from cdp_platform.destinations.preview import preview as look

    try:
        seen = look(*found, name, now=_now(), rows=rows, reveal=reveal)
    except KeyError:
        known = ", ".join(sync.name for sync in found[0].destinations.syncs)
        errors.print(f"There is no sync '{name}'. Known: {known}.", style="red")
        return 1
    except (SyncError, FileNotFoundError) as wrong:
        errors.print(str(wrong), style="red", markup=False)
        return 1
    console.print(f"[bold]{name}[/] on snapshot [cyan]{seen.snapshot_id}[/]: nothing is sent by looking.")
    steps = Table("step", "customers", header_style="bold")
    steps.columns[1].justify = "right"
    for step, customers in seen.waterfall.items():
        steps.add_row(step.replace("_", " "), f"{customers:,}")
    console.print(steps)
    if seen.guarded:
        console.print(f"[yellow]A guard would hold this run back:[/] {seen.guarded}")
    if seen.unfinished is not None:
        console.print(f"[yellow]Run {seen.unfinished} is unfinished: the next start ends it first.[/]")
    for change in seen.changes:
        fields = ", ".join(f"{field}: {old!r} → {new!r}" for field, (old, new) in change.fields.items())
        console.print(f"{SIGNS[change.operation]} ", end="")
        console.print(f"{change.key}  {fields}", markup=False, highlight=False, soft_wrap=True)
    if requests:
        for body in seen.requests:
            console.print(body, markup=False, highlight=False, soft_wrap=True)
    return 0


def approve(name: str, run: int, by: str, folder: Path | None) -> int:
    """0 when the run is released, 1 when it does not wait for that."""
    from cdp_platform.destinations.approve import approve as release
    from cdp_platform.destinations.errors import SyncError

    try:
        release(home(folder), name, run, by, _now())
    except (SyncError, ValueError) as wrong:
        errors.print(str(wrong), style="red", markup=False)
        return 1
    console.print(f"Run {run} of {name} is released by {by}: the next `cdp run` sends it.")
    return 0


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
