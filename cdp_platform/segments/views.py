"""Each segment as a view of its own, `segments.<name>`, with what there is to tell about it."""

from collections.abc import Mapping, Sequence

from cdp_platform.customers.contract import CUSTOMERS
from cdp_platform.segments.charts import size_history
from cdp_platform.segments.config import Segment
from cdp_platform.segments.contract import MEMBERSHIPS, SIZES
from cdp_platform.segments.evaluate import members_sql
from cdp_platform.segments.explain import words
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes
from cdp_platform.shared.warehouse.table import Table

DAYS_SHOWN = 30


def view(segment: Segment) -> Table:
    """The view of a segment, as a table with its columns."""
    columns = {name: about for name, about in MEMBERSHIPS.columns.items() if name != "segment"}
    return Table(
        f"{MEMBERSHIPS.room}.{segment.name}",
        segment.about or f"Customers in segment {segment.name}.",
        columns,
        ("customer_id",),
    )


def make_views(step: Step, segments: Sequence[Segment]) -> Mapping[str, Notes]:
    """Create the views of some segments, and drop those of segments that are no longer defined."""
    _drop_stale(step)
    for segment in segments:
        step.con.execute(f"create or replace view {view(segment).name} as {members_sql(segment.name)}")
    [[customers]] = step.con.execute(f"select count(*) from {CUSTOMERS.name}").fetchall()
    return {view(segment).name: _notes(step, segment, customers) for segment in segments}


def _drop_stale(step: Step) -> None:
    known = step.company.segments.names()
    found = step.con.execute(
        "select view_name from duckdb_views() where schema_name = ? and not internal", [MEMBERSHIPS.room]
    ).fetchall()
    for (name,) in found:
        if name not in known:
            step.con.execute(f"drop view {MEMBERSHIPS.room}.{name}")
            step.con.execute("delete from platform.tables where table_name = ?", [f"{MEMBERSHIPS.room}.{name}"])


def _notes(step: Step, segment: Segment, customers: int) -> Notes:
    days = step.con.execute(
        f"select as_of, members, entered, departed from {SIZES.name} where segment = ? order by as_of desc limit ?",
        [segment.name, DAYS_SHOWN],
    ).fetchall()
    _, size, entered, departed = days[0] if days else (step.as_of, 0, 0, 0)
    return {
        "members": size,
        "share of all customers": f"{100 * size / customers:.2f} %" if customers else "no customers",
        "entered today": entered,
        "left today": departed,
        "definition": words(segment.where, step.as_of),
        "sizes": size_history([(day, members) for day, members, *_ in reversed(days)]),
    }
