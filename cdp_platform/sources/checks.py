"""What is promised of every source."""

from dataclasses import replace

from duckdb import DuckDBPyConnection

from cdp_platform.shared.warehouse import check
from cdp_platform.shared.warehouse.check import Check, Outcome
from cdp_platform.sources.config import FileSource, HttpSource, Source, SqlSource
from cdp_platform.sources.connectors.base import IncompatibleError, SourceError
from cdp_platform.sources.judge import HARMLESS
from cdp_platform.sources.names import literal, quoted
from cdp_platform.sources.plan import NoFilesError

NOTICE, STOP = 0.01, 0.20
"""Shares of rejected rows above which people are told, and above which nothing is built on the source."""


def checks(source: Source) -> list[Check]:
    """All checks of a source."""
    table = f"raw.{source.name}"
    keyed = [check.unique(table, *map(quoted, source.key))] if source.key else []
    return [
        *keyed,
        _reconcile(source),
        _rejected_share(source),
        check.volume(table),
        Check(
            table, "schema_is_stable", "the columns are those of the load before", severity="WARN",
            violations=f"""
                select count(*), string_agg(message, ' ' order by message)
                from platform.drift where source = {literal(source.name)}""",
        ),
        Check(table, "schema_is_compatible", "nothing built on the source would break", "select 0"),
        Check(table, "input_arrived", "the source could be reached and read", "select 0"),
    ]  # fmt: skip


def run(con: DuckDBPyConnection, source: Source, refused: SourceError | None) -> list[Outcome]:
    """Evaluate all checks; `refused` is why the last load was not taken."""
    found = [_judged(source, outcome) for outcome in check.run(con, checks(source))]
    if refused is None:
        return found
    failed = "schema_is_compatible" if isinstance(refused, IncompatibleError) else "input_arrived"
    return [_failed(outcome, refused) if outcome.check.name == failed else outcome for outcome in found]


def _failed(outcome: Outcome, refused: SourceError) -> Outcome:
    severity = "WARN" if isinstance(refused, NoFilesError) else "ERROR"
    detail = f"{refused}\nThe last good load was kept."
    return Outcome(replace(outcome.check, severity=severity), passed=False, violations=1, detail=detail)


def _judged(source: Source, outcome: Outcome) -> Outcome:
    """Make of a high share of rejected rows an error, of a lower one a warning."""
    if outcome.check.name != "rejected_share" or outcome.violations > 1:
        return outcome
    return outcome._replace(check=replace(outcome.check, severity="WARN"))


def _reconcile(source: Source) -> Check:
    table, name = f"raw.{source.name}", literal(source.name)
    if isinstance(source, FileSource) and source.is_whole():
        violations = f"""
            with counted as (
                select (select sum(lines) from platform.files where source = {name}) as lines,
                       (select count(*) from {table}) as there, (select count(*) from {table}__rejected) as refused)
            select abs(lines - there - refused),
                   lines || ' records in the file, ' || there || ' in the table and ' || refused || ' rejected'
            from counted"""
    elif isinstance(source, FileSource):
        violations = f"""
            with there as (select _source_file as file, count(*) as rows from {table} group by 1),
            refused as (select file, count(*) as rows from {table}__rejected group by 1),
            counted as (
                select f.file, f.lines, coalesce(t.rows, 0) + coalesce(r.rows, 0) as found
                from (from platform.files where source = {name}) f
                    full join there t on t.file = f.file full join refused r on r.file = coalesce(f.file, t.file))
            select count(*) filter (lines is distinct from found),
                   sum(lines) || ' records in the files, ' || sum(found) || ' in the table or rejected'
            from counted"""
    else:
        whole = not (isinstance(source, SqlSource | HttpSource) and source.cursor)
        there = f"+ abs(loaded - (select count(*) from {table}))" if whole else ""
        violations = f"""
            select abs(read - loaded - rejected) {there},
                   read || ' rows read, ' || loaded || ' in the table and ' || rejected || ' rejected'
            from platform.cursors where source = {name}"""
    return Check(table, "rows_reconcile", "every row read is in the table or rejected", violations, blocking=True)


def _rejected_share(source: Source) -> Check:
    """1 violation above NOTICE, 2 above STOP. Rows that another row makes superfluous do not count: nothing is lost."""
    table = f"raw.{source.name}"
    harmless = ", ".join(map(literal, HARMLESS))
    return Check(
        table, "rejected_share", f"at most {NOTICE:.0%} of the rows are unusable; above {STOP:.0%} all stops",
        blocking=True,
        violations=f"""
            with counted as (
                select (select count(*) from {table}) as good,
                       (select count(*) from {table}__rejected where reason not in ({harmless})) as bad),
            measured as (select bad / nullif(good + bad, 0) as share from counted)
            select case when share > {STOP} then 2 when share > {NOTICE} then 1 else 0 end,
                   round(100 * share, 2) || ' % of the rows cannot be used'
            from measured""",
    )  # fmt: skip
