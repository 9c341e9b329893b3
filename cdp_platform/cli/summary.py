"""What a run made, for a person: rows in and out per stage, rejects, customers, segments, syncs, checks."""

from collections.abc import Sequence
from typing import Any

from duckdb import DuckDBPyConnection
from rich.box import SIMPLE
from rich.panel import Panel
from rich.table import Table

from cdp_platform.cli.place import console
from cdp_platform.company import Company
from cdp_platform.quality.alerts import Delivered, Finding
from cdp_platform.quality.publish import snapshot
from cdp_platform.shared.home import Home
from cdp_platform.shared.warehouse import engine
from cdp_platform.shared.warehouse.build import exists

SOURCES = """
select replace(t.table_name, 'raw.', ''), t.rows, coalesce(r.rows, 0)
from platform.tables t left join platform.tables r on r.table_name = t.table_name || '__rejected'
where t.table_name like 'raw.%' and t.table_name not like '%\\_\\_rejected' escape '\\'
order by 1"""

CLEAN = """
select entity, sum(read), sum(used), sum(repeated), sum(rejected)
from clean.row_report group by entity order by entity"""

REJECTED = "select count(*), reason from raw.{source}__rejected group by reason order by 1 desc, 2 limit 2"

SEGMENTS = """
select segment, members, entered, departed from segments.sizes
where as_of = (select max(as_of) from segments.sizes) order by members desc, segment"""

CUSTOMERS = """
select (select count(*) from clean.records), (select count(*) from customers.customers),
       (select count(*) from customers.customers where orders > 0),
       (select max(records) from customers.customers)"""


def summary(
    company: Company, here: Home, result: Any, findings: Sequence[Finding], told: Delivered, seconds: float
) -> None:
    """Print it, for the served snapshot; after a failed run also what failed."""
    if here.published.exists():
        with engine.read(here) as con:
            _flow(con)
            _segments(con)
            _syncs(con)
    _checks(result, findings)
    _failures(result)
    served = snapshot(here)
    name = company.settings.name
    lines = [f"[bold]{name}[/]: {'done' if result.success else '[red]failed[/]'} in {seconds:.1f} s."]
    if served:
        fresh = "" if result.success else " Readers and syncs stay on it."
        lines.append(f"Served: snapshot [cyan]{served[0]}[/] as of {served[1]}.{fresh}")
    if told.sent:
        lines.append(f"{told.sent} alerts sent, also written to {here.alerts}")
    if told.failed:
        lines.append(f"[yellow]Alert channels not set or not reached: {', '.join(told.failed)}[/]")
    lines += [
        'Ask:   cdp query "select * from customers.customers limit 5"',
        "Look:  cdp dev     Check: cdp status",
    ]
    console.print(Panel("\n".join(lines), expand=False))


def _flow(con: DuckDBPyConnection) -> None:
    table = _table("Read", "source", "rows", "rejected", "why")
    for name, rows, rejected in con.execute(SOURCES).fetchall():
        why = ""
        if rejected and exists(con, f"raw.{name}__rejected"):
            reasons = con.execute(REJECTED.format(source=name)).fetchall()
            why = "; ".join(f"{count} {reason}" for count, reason in reasons)
        table.add_row(name, f"{rows:,}", f"{rejected:,}" if rejected else "", why)
    _numbers(table, 1, 2)
    console.print(table)
    if exists(con, "clean.row_report"):
        table = _table("Cleaned", "what", "read", "used", "repeated", "rejected")
        for name, *numbers in con.execute(CLEAN).fetchall():
            table.add_row(name, *(f"{int(n):,}" if n else "" for n in numbers))
        _numbers(table, 1, 2, 3, 4)
        console.print(table)
    if exists(con, "customers.customers"):
        [[records, customers, buyers, largest]] = con.execute(CUSTOMERS).fetchall()
        console.print(
            f"[bold]{records:,}[/] person records are [bold]{customers:,}[/] customers, of whom {buyers:,} have "
            f"ordered; the largest joins {largest} records."
        )


def _segments(con: DuckDBPyConnection) -> None:
    if not exists(con, "segments.sizes"):
        return
    table = _table("Segments", "segment", "members", "entered", "left")
    for name, *numbers in con.execute(SEGMENTS).fetchall():
        table.add_row(name, *(f"{n:,}" if n else "" for n in numbers))
    _numbers(table, 1, 2, 3)
    console.print(table)


def _syncs(con: DuckDBPyConnection) -> None:
    attached = [row[0] for row in con.execute("select database_name from duckdb_databases()").fetchall()]
    if "destinations" not in attached:
        return
    from cdp_platform.destinations.report import last_runs

    table = _table("Syncs", "sync", "sent", "held back", "status")
    for run in last_runs(con):
        sent = [f"+{run.created:,}", f"~{run.changed:,}", f"-{run.removed:,}"]
        if run.rejected:
            sent.append(f"{run.rejected:,} rejected")
        table.add_row(
            f"{run.sync} ({run.to})", " ".join(sent), run.held_back, f"{run.status}, {run.members:,} in segment"
        )
    console.print(table)


def _table(title: str, *columns: str) -> Table:
    return Table(
        *columns, title=f"[bold]{title}[/]", title_justify="left", title_style="", header_style="dim", box=SIMPLE
    )


def _checks(result: Any, findings: Sequence[Finding]) -> None:
    evaluations = result.get_asset_check_evaluations()
    passed = sum(e.passed for e in evaluations)
    console.print(f"Checks: [green]{passed} passed[/], {len(evaluations) - passed} failed.")
    for finding in findings:
        style = "red" if finding.severity == "ERROR" else "yellow"
        console.print(f"  [{style}]{finding.severity}[/] {finding.title}: {finding.detail}", highlight=False)


def _failures(result: Any) -> None:
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error is not None and error.cause is not None:
                error = error.cause
            said = event.step_failure_data.user_failure_data
            text = said.description if said and said.description else error.message if error else ""
            console.print(f"[red]failed[/] {event.step_key}: ", end="")
            console.print(text.strip(), markup=False, highlight=False)


def _numbers(table: Table, *columns: int) -> None:
    for index in columns:
        table.columns[index].justify = "right"
