"""Sources as assets raw/<name> and raw/<name>__rejected."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.shared.dagster.metadata import asset_key, check_result, check_spec, table_metadata
from cdp_platform.shared.dagster.room import Room
from cdp_platform.shared.dagster.tables import WRITER_POOL, step, timed
from cdp_platform.sources import checks, contract
from cdp_platform.sources.config import Source, SourcesConfig
from cdp_platform.sources.connectors.base import SourceError, column_types
from cdp_platform.sources.load import load_source


class Sources(Room):
    """Files, databases, APIs and tables that fill the raw tables."""

    config_type = SourcesConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """One step per source."""
        return dg.Definitions(assets=[_raw_tables(company, source) for source in company.sources.sources])


def _raw_tables(company: Company, source: Source) -> dg.AssetsDefinition:
    """The step of one source. What lies outside of the warehouse decides whether there is anything to do."""
    late_after = timedelta(hours=source.late_after_hours)
    raw, rejected = contract.raw(source), contract.rejected(source)
    specs = [
        dg.AssetSpec(
            asset_key(table.name),
            description=table.about,
            group_name="sources",
            owners=[company.settings.owner],
            kinds={source.kind, "duckdb"},
            freshness_policy=dg.FreshnessPolicy.time_window(fail_window=late_after) if table is raw else None,
        )
        for table in (raw, rejected)
    ]

    @dg.multi_asset(
        name=f"raw__{source.name}",
        specs=specs,
        check_specs=[check_spec(c.table, c.name, c.about, blocking=c.blocking) for c in checks.checks(source)],
        pool=WRITER_POOL,
    )
    def compute(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        with timed(raw.name) as done, step(context, company) as one:
            try:
                loaded = load_source(one, source)
            except SourceError as error:
                raise dg.Failure(description=str(error)) from None
            done(skipped=not any(built.changed for built in loaded.built))
            outcomes = checks.run(one.con, source, loaded.refused)
            described = contract.raw(source, column_types(one.con, raw.name))
            for table, built in zip((described, rejected), loaded.built, strict=True):
                yield dg.MaterializeResult(
                    asset_key=asset_key(table.name),
                    metadata=table_metadata(one.con, table, built, None),
                    check_results=[check_result(o) for o in outcomes if o.check.table == table.name],
                )

    return compute
