"""One new day of events and one new month file: what is read and recomputed, and is it what a cold run makes?

    python -m benchmarks.new_day

Builds the real company without its last day of events and its last month of orders, adds both and runs again; then
builds everything cold in another home and compares. Customer ids are issued in the order in which people are first
met, so a table may differ from the cold one by its ids alone; identity.crosswalk must still know every issued one.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import duckdb

from benchmarks.files import COMPANY
from benchmarks.homes import Ended, Run
from cdp_platform.shared.home import Home, home
from cdp_platform.shared.warehouse import engine
from cdp_platform.shared.warehouse.build import measure

DEFS = "tests/companies/real_company"
LATE = ("web/events/2011-12-09.ndjson.gz", "shop/order_lines/2011-12.parquet")
YESTERDAY, TODAY = "2030-01-01T04:00:00", "2030-01-02T04:00:00"
"""When the runs start: files read by the second one bear its time."""

TABLES = """
select table_schema || '.' || table_name from information_schema.tables
where table_catalog = current_catalog() and table_schema <> 'platform' order by 1"""
LOADED = ("_loaded_at", "loaded_at")
"""When a row was loaded is no part of what it says."""
ABOUT_THE_LAST_RUN = {"identity.quality": "figure <> 'share of records moved'"}
"""Leaves out figures that compare with the run before, which a cold run does not have."""
READ = """
select source, count(*) filter (loaded_at = ?::timestamp), count(*)
from platform.files group by source order by source"""
CUSTOMERS = """
with paired as (
    select coalesce(o.record_key, n.record_key) as record_key, o.customer_id as was, n.customer_id as is_now
    from grown.identity.customer_ids o full join cold.identity.customer_ids n using (record_key))
select count(*), count(*) filter (was is distinct from is_now), count(distinct was), count(distinct is_now),
       count(distinct (was, is_now)), count(distinct was) filter (was is distinct from is_now)
from paired"""
LOST = """
select count(*), count(*) filter (x.issued_id is null)
from (select distinct customer_id from before) b left join grown.identity.crosswalk x on x.issued_id = b.customer_id"""


class Compared(NamedTuple):
    """Tables of two homes."""

    same: list[str]
    but_for_ids: list[str]
    """The same without the column customer_id."""
    different: list[str]


def link(folder: Path, names: set[str]) -> None:
    """Show files of the company in a folder of our own."""
    for name in sorted(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to((COMPANY / name).resolve())


def run(files: Path, place: Home, now: str) -> Ended:
    """A run over the files. Exits when it fails."""
    ended = Run(DEFS, place, {"REAL_COMPANY_DIR": str(files), "CDP_NOW": now}).result()
    if ended.exit_code:
        sys.exit(f"{ended.output}\n\nthe run ended with {ended.exit_code}")
    return ended


def digests(place: Home, *without: str) -> Mapping[str, str]:
    """The content of every served table, without some columns."""
    columns = f"columns(lambda c: c not in {(*without, '')})"
    with engine.read(place) as con:
        names = [name for (name,) in con.execute(TABLES).fetchall()]
        tables = {name: f"{name} where {ABOUT_THE_LAST_RUN.get(name, 'true')}" for name in names}
        return {name: measure(con, f"(select {columns} from {table})")[1] for name, table in tables.items()}


def compare(grown: Home, cold: Home) -> Compared:
    """All tables but the platform's own bookkeeping."""
    one, other = digests(grown, *LOADED), digests(cold, *LOADED)
    differ = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    one_without, other_without = (digests(place, *LOADED, "customer_id") for place in (grown, cold))
    by_ids = [name for name in differ if one_without.get(name) == other_without.get(name)]
    return Compared(sorted(one.keys() - differ), by_ids, [name for name in differ if name not in by_ids])


def customers(grown: Home, cold: Home, before: Path) -> list[str]:
    """Sentences about the customers of both homes."""
    with duckdb.connect() as con:
        con.execute(f"attach '{grown.published}' as grown (read_only)")
        con.execute(f"attach '{cold.published}' as cold (read_only)")
        con.execute(f"create table before as from '{before}'")
        [[records, moved, were, are, pairs, renamed]] = con.execute(CUSTOMERS).fetchall()
        [[issued, lost]] = con.execute(LOST).fetchall()
    same = "the same groups of records" if were == are == pairs else "other groups of records"
    return [
        f"{records:,} records, {were:,} customers, cold {are:,}: {same}",
        f"{renamed:,} customers ({moved:,} records) bear another id than in the cold run",
        f"{issued:,} ids issued before the new day, {lost} unknown to the crosswalk (bar 0)",
    ]


def report(name: str, ended: Ended) -> None:
    unchanged = [step for step, how in ended.steps if how == "unchanged"]
    print(f"{name:<28} {ended.seconds:6.1f} s, {len(ended.steps) - len(unchanged)} steps made, "
          f"{len(unchanged)} unchanged", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="keep the homes here instead of in a temporary folder")
    arguments = parser.parse_args()
    if not COMPANY.is_dir():
        print(f"the real company's files are not in {COMPANY}: set REAL_COMPANY_DIR")
        return
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.folder or Path(scratch)
        sys.exit(measure_new_day(folder))


def measure_new_day(folder: Path) -> int:
    """Print all figures. 1 when a table differs by more than ids, or an id is lost."""
    files, grown, cold = folder / "files", home(folder / "grown"), home(folder / "cold")
    everything = {path.relative_to(COMPANY).as_posix() for path in COMPANY.rglob("*") if path.is_file()}
    link(files, everything - {*LATE})
    report("cold, without the new files", run(files, grown, YESTERDAY))
    before = folder / "before.parquet"
    with engine.read(grown) as con:
        con.execute(f"copy (select record_key, customer_id from identity.customer_ids) to '{before}'")
    link(files, {*LATE})
    ended = run(files, grown, TODAY)
    report("one new day and month", ended)
    for step, how in ended.steps:
        print(f"    {how if how == 'unchanged' else how + ' s':>10}  {step}")
    with engine.read(grown) as con:
        for source, read, known in con.execute(READ, [TODAY]).fetchall():
            print(f"    {read:>4} of {known} files read  {source}")
    report("cold, with everything", run(files, cold, TODAY))

    sentences = customers(grown, cold, before)
    compared = compare(grown, cold)
    for sentence in sentences:
        print(sentence)
    print(f"{len(compared.same)} tables as in the cold run, {len(compared.but_for_ids)} but for customer ids, "
          f"{len(compared.different)} otherwise different (bar 0)")  # fmt: skip
    for name in compared.but_for_ids:
        print(f"  other ids: {name}")
    for name in compared.different:
        print(f"  different: {name}")
    return int(bool(compared.different) or ", 0 unknown" not in sentences[-1])


if __name__ == "__main__":
    main()
