"""When things run."""

import dagster as dg

from cdp_platform.company import Company

EVERYTHING = "everything"


def definitions(company: Company) -> dg.Definitions:
    """One job over everything, once a day."""
    everything = dg.define_asset_job(EVERYTHING, dg.AssetSelection.all(), description="The whole chain.")
    daily = dg.ScheduleDefinition(
        name="daily",
        job=everything,
        cron_schedule=company.settings.schedule,
        execution_timezone=company.settings.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="The whole chain, once a day.",
    )
    return dg.Definitions(jobs=[everything], schedules=[daily])
