"""Every room, left to right, as one Definitions."""

import dagster as dg

from cdp_platform import components
from cdp_platform.clean.assets import definitions as clean
from cdp_platform.company import Company, company_folder, load_company
from cdp_platform.quality.component import snapshot
from cdp_platform.quality.schedule import definitions as schedule

ROOMS = ("raw", "clean", "identity", "customers", "scores", "segments", "published", "destinations")
"""The first part of asset keys, in the order in which records flow."""


def build(company: Company) -> dg.Definitions:
    """All assets, checks, jobs, schedules and sensors of a company."""
    built = dg.Definitions.merge(
        components.Sources.definitions(company),
        clean(company),
        components.Identity.definitions(company),
        components.Customers.definitions(company),
        components.Scores.definitions(company),
        components.Segments.definitions(company),
    )
    return dg.Definitions.merge(
        built,
        snapshot(company, built),
        components.Destinations.definitions(company),
        components.Quality.definitions(company),
        schedule(company),
        dg.Definitions(executor=dg.in_process_executor),  # a process per step costs 2-4 s, a step in process 0.05 s
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The company that CDP_DEFS names, or the demo company."""
    return build(load_company(company_folder()))
