"""Every row and every pound of the real company's files, followed to customers.timeline.

    python -m benchmarks.reconciliation --home DIR

after `cdp run --defs tests/companies/real_company --home DIR`. For each source: rows in the files = rows in raw +
rejected; rows in raw = used in clean + repeated + rejected; used in clean = on the timeline (order lines, tickets,
consents; events when they are tied to a customer). A newsletter row is two consents when the subscriber left. Pounds
agree to the last of four decimals. Every rejected row is named by its place, and Python's own readers must refuse the
same ones. Ends with 1 when anything differs.
"""

import argparse
import sys
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from duckdb import DuckDBPyConnection

from benchmarks.files import COMPANY, Count, Place, consents_said, counts, unusable
from cdp_platform.shared.home import home
from cdp_platform.shared.warehouse import engine
from cdp_platform.shared.warehouse.build import exists

CLEAN = """
select source, entity, read, used, repeated, rejected, amount, amount_used from clean.row_report order by all"""
ON_TIMELINE = """
select source, 'order_lines', sum(lines)::bigint, sum(amount)::decimal(18,4) from customers.timeline
where kind in ('order', 'return') group by source
union all
select source, case kind when 'ticket' then 'tickets' else 'consents' end, count(distinct reference), null
from customers.timeline where kind in ('ticket', 'consent') group by source, kind"""
IN_CLEAN = """
select source, 'order_lines', count(*), sum(amount)::decimal(18,4) from clean.order_lines group by source
union all select source, 'tickets', count(*), null from clean.tickets group by source
union all select source, 'consents', count(*), null from clean.consents group by source
union all select source, 'events', count(*), null from clean.events group by source
union all select source, 'records', count(*), null from clean.records where origin = 'source' group by source
union all select source, 'products', count(*), null from clean.products group by source"""
TIED_EVENTS = """
select (select count(*) from clean.events e join identity.customer_ids i on i.record_key = e.record_key
        where e.type in ('track', 'page', 'screen')),
       (select count(*) from customers.timeline where happening_key like 'event:%')"""
REFUSED = "select entity, source, reason, count(*) from clean.rejected_rows group by all order by all"

By = dict[tuple[str, str], Count]


class Refused(NamedTuple):
    """A row that is in a file and not in raw."""

    place: Place
    reason: str


def counted(con: DuckDBPyConnection, sql: str) -> By:
    """Rows and pounds by source and entity."""
    return {(source, entity): Count(rows, pounds) for source, entity, rows, pounds in con.execute(sql).fetchall()}


def rejected(con: DuckDBPyConnection, sources: Iterable[str]) -> list[Refused]:
    """Rows that raw refused."""
    found: list[Refused] = []
    for source in sources:
        if exists(con, f"raw.{source}__rejected"):
            rows = con.execute(f"select file, line, reason from raw.{source}__rejected order by all").fetchall()
            found += [Refused(Place(source, file, line), reason) for file, line, reason in rows]
    return found


def differences(con: DuckDBPyConnection) -> list[str]:
    """Print the way of every row; return what does not add up."""
    wrong: list[str] = []
    files, said_in_files = counts(), consents_said()
    refused = rejected(con, files)
    clean, timeline = counted(con, IN_CLEAN), counted(con, ON_TIMELINE)
    heads = ("source", "what", "files", "raw", "rejected", "used", "repeated", "refused", "timeline", "pounds in files",
             "pounds on timeline")  # fmt: skip
    widths = (16, 11, 8, 8, 8, 8, 8, 8, 8, 18, 18)
    print(_line(heads, widths))
    for source, entity, read, used, repeated, dropped, amount, amount_used in con.execute(CLEAN).fetchall():
        own = sum(r.place.source == source for r in refused)
        [[raw]] = con.execute(f"select count(*) from raw.{source}").fetchall()
        here = clean.get((source, entity), Count(0))
        there = timeline.get((source, entity))
        in_file = files[source]
        said = f"{source}, {entity}"
        if in_file.rows != raw + own:
            wrong.append(f"{said}: {in_file.rows} rows in files, {raw} + {own} rejected in raw")
        if not raw == read == used + repeated + dropped:
            wrong.append(f"{said}: {raw} in raw, {used} used + {repeated} repeated + {dropped} rejected")
        made = said_in_files[source] if entity == "consents" else used
        if here.rows != made:
            wrong.append(f"{said}: {made} to be made of the rows used, {here.rows} in the clean table")
        if there and there.rows != made:
            wrong.append(f"{said}: {made} to be made of the rows used, {there.rows} on the timeline")
        if len({in_file.pounds, amount, amount_used, here.pounds, there.pounds if there else None}) != 1:
            wrong.append(f"{said}: pounds {in_file.pounds}, {amount}, {amount_used}, {here.pounds}, {there}")
        print(_line((source, entity, in_file.rows, raw, own, used, repeated, dropped, there.rows if there else "",
                     in_file.pounds, there.pounds if there else ""), widths))  # fmt: skip
    [[tied, shown]] = con.execute(TIED_EVENTS).fetchall()
    print(f"\nevents tied to a customer: {tied:,} in clean, {shown:,} on the timeline")
    if tied != shown:
        wrong.append(f"events: {tied} tied in clean, {shown} on the timeline")
    missing = files.keys() - {row[0] for row in con.execute(CLEAN).fetchall()}
    wrong += [f"{source}: in the files and not in clean.row_report" for source in sorted(missing)]
    return wrong + _rejects(con, refused)


def _rejects(con: DuckDBPyConnection, refused: list[Refused]) -> list[str]:
    print("\nrejected rows")
    for place, reason in refused:
        print(f"  {place.source:<12} {place.file}:{place.line}  {reason}")
    for entity, source, reason, rows in con.execute(REFUSED).fetchall():
        print(f"  {source:<12} {entity}, {rows} rows in clean.rejected_rows: {reason}")
    ours, theirs = {r.place for r in refused}, unusable()
    return [
        f"{place.file}:{place.line} is refused by {'the platform' if place in ours else 'Python'} alone"
        for place in sorted(ours ^ theirs)
    ]


def _line(values: Iterable[str | int | Decimal | None], widths: Iterable[int]) -> str:
    cells: list[str] = []
    for number, (value, width) in enumerate(zip(values, widths, strict=True)):
        text = "" if value is None else value if isinstance(value, str) else f"{value:,}"
        cells.append(text.ljust(width) if number < 2 else text.rjust(width))
    return " ".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", help="the home of the run; default CDP_HOME or data")
    place = home(parser.parse_args().home)
    if not COMPANY.is_dir():
        print(f"the real company's files are not in {COMPANY}: set REAL_COMPANY_DIR")
        return
    with engine.read(place) as con:
        wrong = differences(con)
    print(f"\n{len(wrong)} differences (bar 0)")
    for sentence in wrong:
        print(f"  {sentence}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
