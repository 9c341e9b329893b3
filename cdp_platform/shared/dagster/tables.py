"""Tables as Dagster assets: one function for every room."""

import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.shared.dagster.instance import hold
from cdp_platform.shared.dagster.metadata import Lineage, asset_key, check_result, check_spec, table_metadata
from cdp_platform.shared.home import home
from cdp_platform.shared.progress import Progress, tell
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse import check, engine
from cdp_platform.shared.warehouse.build import Notes, build
from cdp_platform.shared.warehouse.table import Table

WRITER_POOL = "duckdb"
"""Every step that opens the warehouse is in this pool of one: DuckDB takes one writing process."""
FULL_TAG = "cdp/full"
NOW_TAG = "cdp/now"


def table_assets(
    company: Company,
    tables: Sequence[Table],
    *,
    inputs: Iterable[str],
    make: Callable[[Step], Mapping[str, Notes] | None],
    code: str,
    dated: bool = False,
    checks: Sequence[check.Check] = (),
    kinds: Iterable[str] = ("python", "duckdb"),
    lineage: Mapping[str, Lineage] | None = None,
    late_after: timedelta | None = None,
    name: str | None = None,
) -> dg.AssetsDefinition:
    """One step that makes one or more tables from the inputs (names of tables).

    `make` creates the tables in an open transaction. It is skipped when inputs, `code` and, for dated tables,
    the as-of day are those of the last build; the checks run all the same.
    """
    read = tuple(inputs)
    room = tables[0].room
    group = "sources" if room == "raw" else room
    freshness = dg.FreshnessPolicy.time_window(fail_window=late_after) if late_after else None

    @dg.multi_asset(
        name=name or f"{room}__{tables[0].short}",
        specs=[
            dg.AssetSpec(
                asset_key(table.name),
                deps=[asset_key(t) for t in read],
                description=table.about,
                group_name=group,
                owners=[company.settings.owner],
                kinds=set(kinds),
                freshness_policy=freshness,
            )
            for table in tables
        ],
        check_specs=[check_spec(c.table, c.name, c.about, blocking=c.blocking) for c in checks],
        pool=WRITER_POOL,
    )
    def compute(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        work = ", ".join(table.name for table in tables)
        with timed(work) as done, step(context, company) as one:
            built = build(
                one.con,
                [table.name for table in tables],
                inputs=read,
                code=f"{code} {one.as_of}" if dated else code,
                make=lambda: make(one),
                now=one.now,
                full=one.full,
            )
            done(skipped=all(b.skipped for b in built))
            outcomes = check.run(one.con, checks)
            for table, result in zip(tables, built, strict=True):
                yield dg.MaterializeResult(
                    asset_key=asset_key(table.name),
                    metadata=table_metadata(one.con, table, result, (lineage or {}).get(table.name)),
                    check_results=[check_result(o) for o in outcomes if o.check.table == table.name],
                )

    return compute


@contextmanager
def step(context: dg.AssetExecutionContext, company: Company) -> Generator[Step]:
    """Open the warehouse for one Dagster step."""
    tags = context.run.tags
    place = home()
    hold(place, context.run.run_id)
    with engine.connect(place) as con:
        yield Step(
            con=con,
            company=company,
            home=place,
            as_of=company.as_of(),
            now=run_time(tags),
            full=tags.get(FULL_TAG) == "true",
            log=context.log.info,
        )


def run_time(tags: Mapping[str, str]) -> datetime:
    """When the run started: CDP_NOW, the run's own tag, or the clock."""
    said = os.environ.get("CDP_NOW") or tags.get(NOW_TAG)
    return datetime.fromisoformat(said) if said else datetime.now(UTC).replace(tzinfo=None)


@contextmanager
def timed(work: str) -> Generator[Callable[..., None]]:
    """Tell the listeners when work starts, ends or fails; call the yielded function to say that it was skipped."""
    start = time.perf_counter()
    state = {"skipped": False}
    tell(Progress("started", work))
    try:
        yield lambda skipped: state.update(skipped=skipped)
    except BaseException as error:
        tell(Progress("failed", work, time.perf_counter() - start, note=type(error).__name__))
        raise
    tell(Progress("finished", work, time.perf_counter() - start, skipped=state["skipped"]))
