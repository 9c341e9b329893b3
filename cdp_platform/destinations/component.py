"""Syncs as assets: destinations/<name>."""

import traceback
from collections.abc import Iterator
from typing import Any

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.destinations.checks import PROMISES
from cdp_platform.destinations.config import DestinationsConfig, Sync
from cdp_platform.destinations.errors import SyncError
from cdp_platform.destinations.run import Ran, run_sync
from cdp_platform.shared.dagster.instance import hold
from cdp_platform.shared.dagster.room import Room
from cdp_platform.shared.dagster.tables import run_time, timed
from cdp_platform.shared.home import home

SNAPSHOT = dg.AssetKey(["published", "snapshot"])


class Destinations(Room):
    """Syncs of segments to files, addresses and databases, by consent."""

    config_type = DestinationsConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """One asset per sync."""
        return dg.Definitions(assets=[_sync(company, sync) for sync in company.destinations.syncs])


def _sync(company: Company, sync: Sync) -> dg.AssetsDefinition:
    key = dg.AssetKey(["destinations", sync.name])
    of = dg.AssetKey(["segments", sync.segment] if sync.segment else ["customers", "customers"])

    @dg.multi_asset(
        name=f"destinations__{sync.name}",
        specs=[
            dg.AssetSpec(
                key,
                deps=[SNAPSHOT, of],  # it reads the snapshot only; the second shows people whom it sends
                group_name="destinations",
                description=sync.about or f"Sends {sync.segment or 'everyone'} for the purpose {sync.purpose}.",
                owners=[sync.owner or company.settings.owner],
                kinds={sync.destination.kind},
            )
        ],
        check_specs=[dg.AssetCheckSpec(p.name, asset=key, description=p.about, blocking=p.blocking) for p in PROMISES],
        pool=f"sync_{sync.name}",  # it does not open the warehouse, so syncs to different places do not wait
    )
    def activate(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        place = home()
        hold(place, context.run.run_id)
        with timed(key.to_user_string()) as done:
            try:
                ran = run_sync(company, place, sync.name, now=run_time(context.run.tags), log=context.log.info)
            except SyncError as error:
                raise dg.Failure(f"{sync.name}: {error}") from None
            except Exception as error:
                raise dg.Failure(f"{sync.name}: {_where(error)}") from None
            done(skipped=ran.skipped)
        if ran.status in ("paused", "interrupted"):
            goes_on = (
                "The next run goes on where this one stopped." if ran.status == "interrupted" else "Nothing is lost."
            )
            raise dg.Failure(f"{sync.name} is {ran.status} in run {ran.run_id}: {ran.note}. {goes_on}", _metadata(ran))
        yield dg.MaterializeResult(asset_key=key, metadata=_metadata(ran), check_results=_checks(key, ran))

    return activate


def _where(error: Exception) -> str:
    """An unexpected error without its words, which may hold a person's values."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name} ({last.filename.rpartition('/')[2]}:{last.lineno})"


def _checks(key: dg.AssetKey, ran: Ran) -> list[dg.AssetCheckResult]:
    verdicts = [(promise, promise.judge(ran)) for promise in PROMISES]
    return [
        dg.AssetCheckResult(
            asset_key=key,
            check_name=promise.name,
            passed=verdict.passed,
            severity=dg.AssetCheckSeverity[verdict.severity],
            description=verdict.detail,
        )
        for promise, verdict in verdicts
    ]


def _metadata(ran: Ran) -> dict[str, Any]:
    if ran.run_id is None:
        return {"status": ran.status, "note": ran.note or ""}
    lines = [f"| {step.replace('_', ' ')} | {count:,} |" for step, count in ran.waterfall.items()]
    return {
        "status": ran.status,
        "run": ran.run_id,
        "unchanged": ran.skipped,
        "dagster/row_count": ran.held,
        "confirmed": ran.ok,
        "rejected": ran.rejected,
        "withheld": ran.withheld,
        "waterfall": dg.MetadataValue.md("\n".join(["| step | customers |", "|---|--:|", *lines])),
        **({"note": ran.note} if ran.note else {}),
    }
