"""Work out all segments as of a day: who is in, since when, why, and what changed."""

from collections.abc import Mapping
from datetime import date

from cdp_platform.segments import history
from cdp_platform.segments.charts import table_of_sizes
from cdp_platform.segments.compile import members
from cdp_platform.segments.contract import HISTORY, MEMBERSHIPS, MOVES, SIZES
from cdp_platform.segments.order import definitions, in_order
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes, exists

CURRENT = "current_members"
"""Temporary table of (segment, customer_id, reason): the members as of the day in hand."""


class EarlierDayError(ValueError):
    """The segments were worked out for a later day already."""


def evaluate(step: Step) -> Mapping[str, Notes]:
    """Make segments.memberships, history, sizes and moves as of the step's day.

    The same day again replaces that day, so a rerun changes nothing. The days before are a record that no input can
    make anew: a full build keeps them too. An earlier day than the last one would erase days; it raises
    EarlierDayError, unless the step is full: then the days from there on are forgotten.
    """
    _refuse_earlier_day(step)
    find_members(step)
    history.record(step.con, step.as_of, definitions(step.company.segments.segments), CURRENT)
    return _notes(step)


def find_members(step: Step) -> None:
    """Fill the temporary table of current members, each segment after those it looks at."""
    con = step.con
    con.execute(f"create or replace temp table {CURRENT}(segment varchar, customer_id varchar, reason varchar)")
    for segment in in_order(step.company.segments.segments):
        query = members(segment.where, step.as_of, memberships=CURRENT)
        con.execute(f"insert into {CURRENT} select ?, customer_id, reason from ({query})", [segment.name])
        [[size]] = con.execute(f"select count(*) from {CURRENT} where segment = ?", [segment.name]).fetchall()
        step.log(f"segment {segment.name}: {size} customers")


def members_sql(segment: str) -> str:
    """A query for (customer_id, entered_on, reason) of a segment's members. Raises ValueError for an odd name."""
    if not segment.replace("_", "").isalnum() or not segment.isascii():
        raise ValueError(f"{segment!r} is no name of a segment")
    return f"select customer_id, entered_on, reason from {MEMBERSHIPS.name} where segment = '{segment}'"


def _refuse_earlier_day(step: Step) -> None:
    if step.full or not exists(step.con, SIZES.name):
        return
    [[last]] = step.con.execute(f"select max(as_of) from {SIZES.name}").fetchall()
    if isinstance(last, date) and step.as_of < last:
        raise EarlierDayError(
            f"The segments stand as of {last}; a run as of {step.as_of} would erase the days in between. "
            f"Run as of {last} or later, or run in full to forget the days from {step.as_of} on."
        )


def _notes(step: Step) -> Mapping[str, Notes]:
    rows = step.con.execute(
        f"""select segment, members, entered, departed from {SIZES.name}
        where as_of = ? and definition is not null order by segment""",
        [step.as_of],
    ).fetchall()
    [[stays, left]] = step.con.execute(
        f"select count(*), count(*) filter (where left_on = ?) from {HISTORY.name}", [step.as_of]
    ).fetchall()
    [[moved]] = step.con.execute(f"select count(*) from {MOVES.name} where moved_on = ?", [step.as_of]).fetchall()
    return {
        MEMBERSHIPS.name: {"segments": len(rows), "sizes": table_of_sizes(rows)},
        HISTORY.name: {"stays": stays, "ended today": left},
        SIZES.name: {"as of": str(step.as_of)},
        MOVES.name: {"moved today": moved},
    }
