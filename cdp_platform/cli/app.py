"""Every command with its options and help."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="cdp",
    help="A customer data platform on your own warehouse.\n\nStart with `cdp run`: it materialises the whole chain of "
    "the demo company. Your own company is a folder of YAML: `cdp check --defs FOLDER`, then `cdp run --defs FOLDER`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
sync_app = typer.Typer(no_args_is_help=True, help="Look at syncs, and release what a guard stopped.")
app.add_typer(sync_app, name="sync")

Defs = Annotated[
    Path | None,
    typer.Option("--defs", envvar="CDP_DEFS", help="The company's folder of YAML. Default: the demo company."),
]
Home = Annotated[
    Path | None,
    typer.Option("--home", envvar="CDP_HOME", help="The folder that holds all state. Default: data."),
]


class Format(StrEnum):
    """How query results are printed."""

    table = "table"
    csv = "csv"
    json = "json"


@app.command()
def run(
    defs: Defs = None,
    home: Home = None,
    select: Annotated[
        str | None,
        typer.Option(
            help="Part of the chain, in Dagster's selection syntax: `+identity/customer_ids` is that table and "
            "everything before it, `group:segments`, `raw/crm+`."
        ),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Build everything anew, also what did not change.")] = False,
) -> None:
    """Materialise the chain: sources, clean, identity, customers, scores, segments, snapshot, syncs.

    Only what changed is built. Exit code 0 when every blocking check passed, 1 when not, 2 when the configuration is
    wrong. When a blocking check fails, nothing is published and no sync sends anything.
    """
    from cdp_platform.cli.run import run as command

    raise typer.Exit(command(defs, home, select, full=full))


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help='A query, such as "select * from segments.sizes".')],
    home: Home = None,
    format: Annotated[Format, typer.Option(help="How to print the result.")] = Format.table,
) -> None:
    """Read the published snapshot, also while a run is going.

    Tables: `raw.*`, `clean.*`, `identity.*`, `customers.*`, `scores.*`, `segments.*`, and `destinations.*` for what
    the syncs did.
    `cdp query "show all tables"` lists them.
    """
    from cdp_platform.cli.query import query as command

    raise typer.Exit(command(sql, home, format.value))


@app.command()
def check(defs: Defs = None) -> None:
    """Validate the whole configuration: every mistake at once, each with file, line and the way out.

    Exit code 0 when there is none, 2 when there are.
    """
    from cdp_platform.cli.check import check as command

    raise typer.Exit(command(defs))


@app.command()
def status(defs: Defs = None, home: Home = None) -> None:
    """The snapshot served now, its age, failing checks, late tables.

    Exit code 0 when all is well, 1 when a check fails or a table is late, 3 when nothing is published yet.
    """
    from cdp_platform.cli.status import status as command

    raise typer.Exit(command(defs, home))


@app.command()
def dev(
    defs: Defs = None,
    home: Home = None,
    port: Annotated[int, typer.Option(help="Port of the Dagster UI.")] = 3000,
) -> None:
    """Open the Dagster UI with its daemon (schedules, sensors, alerts) on this machine only."""
    from cdp_platform.cli.dev import dev as command

    command(defs, home, port)


@app.command()
def docs() -> None:
    """Write docs/configuration.md and docs/data-contracts.md from the models and contracts."""
    from cdp_platform.cli.docs import docs as command

    command()


@sync_app.command("list")
def sync_list(defs: Defs = None, home: Home = None) -> None:
    """Every sync: where it goes, how many rows are held there, how its last run ended."""
    from cdp_platform.cli.sync import standings as command

    raise typer.Exit(command(defs, home))


@sync_app.command("preview")
def sync_preview(
    name: Annotated[str, typer.Argument(help="Name of the sync.")],
    defs: Defs = None,
    home: Home = None,
    rows: Annotated[int, typer.Option(help="How many rows of each kind to show.")] = 10,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show personal values, which are masked otherwise.")] = False,
    requests: Annotated[bool, typer.Option("--requests", help="Also show the first request of each kind.")] = False,
) -> None:
    """What the next run of a sync would create, change and remove, without sending anything.

    The steps from the segment's size to the rows sent always add up.
    """
    from cdp_platform.cli.sync import preview as command

    raise typer.Exit(command(name, defs, home, rows, reveal=reveal, requests=requests))


@sync_app.command("approve")
def sync_approve(
    name: Annotated[str, typer.Argument(help="Name of the sync.")],
    run_id: Annotated[int, typer.Argument(help="Run that a guard stopped, as `cdp sync list` shows it.")],
    by: Annotated[str, typer.Option("--by", help="Who takes the responsibility.")],
    home: Home = None,
) -> None:
    """Release a run that a guard stopped, by the number that `cdp sync list` shows: the next run sends it."""
    from cdp_platform.cli.sync import approve as command

    raise typer.Exit(command(name, run_id, by, home))
