"""`cdp status`."""

import warnings
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table

from cdp_platform.cli.place import console, place
from cdp_platform.quality.publish import snapshot


def status(defs: Path | None, folder: Path | None) -> int:
    """0 when all is well, 1 when something is wrong, 3 when nothing is published yet."""
    found = place(defs, folder)
    if found is None:
        return 2
    company, here = found
    served = snapshot(here)
    if served is None:
        console.print(f"Nothing is published in {here.folder} yet: start with `cdp run`.")
        return 3
    warnings.filterwarnings("ignore", module="dagster")
    with console.status("Looking"):
        from cdp_platform.definitions import build
        from cdp_platform.quality.findings import collect
        from cdp_platform.quality.schedule import EVERYTHING
        from cdp_platform.shared.dagster.instance import instance

        graph = build(company).resolve_asset_graph()
        with instance(here) as own:
            findings = collect(own, graph, EVERYTHING)
    snapshot_id, as_of, published_at = served
    age = datetime.now(UTC).replace(tzinfo=None) - published_at
    console.print(
        f"[bold]{company.settings.name}[/]: snapshot [cyan]{snapshot_id}[/] as of {as_of}, published "
        f"{published_at:%Y-%m-%d %H:%M} UTC ({_words(age.total_seconds())} ago)"
    )
    if not findings:
        console.print("[green]All checks pass, no table is late.[/]")
        return 0
    table = Table("severity", "what", "why", header_style="bold")
    for finding in sorted(findings, key=lambda f: (f.severity, f.key)):
        style = "red" if finding.severity == "ERROR" else "yellow"
        table.add_row(f"[{style}]{finding.severity}[/]", finding.title, finding.detail)
    console.print(table)
    return 1


def _words(seconds: float) -> str:
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"
