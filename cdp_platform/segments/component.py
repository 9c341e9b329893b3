"""Segments as assets."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.customers.contract import CONSENTS, CUSTOMERS, TIMELINE
from cdp_platform.identity.contract import CROSSWALK
from cdp_platform.scores.contract import PURCHASE, RFM, VALUE
from cdp_platform.segments import checks
from cdp_platform.segments.config import Segment, SegmentsConfig
from cdp_platform.segments.contract import HISTORY, MEMBERSHIPS, SIZES, TABLES
from cdp_platform.segments.evaluate import evaluate
from cdp_platform.segments.views import make_views, view
from cdp_platform.shared.dagster.metadata import asset_key, check_result, check_spec, table_metadata
from cdp_platform.shared.dagster.room import Room
from cdp_platform.shared.dagster.tables import WRITER_POOL, step, table_assets, timed
from cdp_platform.shared.warehouse import check
from cdp_platform.shared.warehouse.build import build, room_code

INPUTS = [t.name for t in (CUSTOMERS, TIMELINE, CONSENTS, RFM, PURCHASE, VALUE, CROSSWALK)]
BEHIND_VIEWS = [t.name for t in (MEMBERSHIPS, SIZES)]


class Segments(Room):
    """Who belongs to which group today, and why."""

    config_type = SegmentsConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """One asset per segment, and the tables behind them."""
        tables = table_assets(
            company,
            TABLES,
            inputs=INPUTS,
            make=evaluate,
            code=_code(company),
            dated=True,
            checks=checks.of_tables(),
            kinds=("duckdb", "sql"),
            lineage={
                MEMBERSHIPS.name: {"customer_id": [(CUSTOMERS.name, "customer_id")]},
                HISTORY.name: {"customer_id": [(CUSTOMERS.name, "customer_id"), (CROSSWALK.name, "customer_id")]},
            },
        )
        each = [_each(company)] if company.segments.segments else []
        return dg.Definitions(assets=[tables, *each])


def _code(company: Company) -> str:
    return room_code("segments") + company.segments.model_dump_json()


def _spec(company: Company, segment: Segment) -> dg.AssetSpec:
    table = view(segment)
    return dg.AssetSpec(
        asset_key(table.name),
        deps=[asset_key(name) for name in BEHIND_VIEWS],
        description=table.about,
        group_name=table.room,
        owners=[segment.owner or company.settings.owner],
        kinds={"duckdb", "view"},
        skippable=True,
    )


def _each(company: Company) -> dg.AssetsDefinition:
    """One asset per segment, any of which can be chosen: they are views of the one evaluation."""
    segments = {asset_key(view(s).name): s for s in company.segments.segments}
    promises = {key: checks.of_segment(segment) for key, segment in segments.items()}

    @dg.multi_asset(
        name="segments__each",
        specs=[_spec(company, segment) for segment in segments.values()],
        check_specs=[check_spec(c.table, c.name, c.about, blocking=c.blocking) for cs in promises.values() for c in cs],
        can_subset=True,
        pool=WRITER_POOL,
    )
    def compute(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        chosen = {key: segment for key, segment in segments.items() if key in context.selected_asset_keys}
        with timed("segments, one by one") as done, step(context, company) as one:
            built = build(
                one.con,
                [view(segment).name for segment in chosen.values()],
                inputs=[*BEHIND_VIEWS, CUSTOMERS.name],
                code=f"{_code(company)} {one.as_of}",
                make=lambda: make_views(one, list(chosen.values())),
                now=one.now,
                full=one.full,
            )
            done(skipped=all(b.skipped for b in built))
            for (key, segment), result in zip(chosen.items(), built, strict=True):
                outcomes = check.run(one.con, promises[key])
                yield dg.MaterializeResult(
                    asset_key=key,
                    metadata=table_metadata(one.con, view(segment), result, _lineage()),
                    check_results=[
                        check_result(o)
                        for o in outcomes
                        if dg.AssetCheckKey(key, o.check.name) in context.selected_asset_check_keys
                    ],
                )

    return compute


def _lineage() -> dict[str, list[tuple[str, str]]]:
    return {name: [(MEMBERSHIPS.name, name)] for name in ("customer_id", "entered_on", "reason")}
