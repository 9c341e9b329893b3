"""How often pairs reach each level of each comparison: counted, by the same conditions that Splink evaluates."""

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from cdp_platform.identity.comparisons import Comparison

SAMPLE = 800
"""Records among which all pairs count as random: 319,600 pairs put a level met by 1 in 1,000 within ± 6 %."""


def compare(bench: DuckDBPyConnection, comparisons: Sequence[Comparison], table: str, pairs: str, output: str) -> None:
    """Create table `output` (l, r, and per comparison the level's number from the top, null when absent).

    `pairs` is a query (l, r) of keys of `table`.
    """
    columns = [f"{_outcome(comparison)} as {comparison.name}" for comparison in comparisons]
    used = bench.sql(f"from {table} limit 0").columns
    left, right = ([f"{s}.{c} as {c}_{s}" for c in used] for s in ("l", "r"))
    bench.execute(f"""
        create or replace temp table {output} as
        select l, r, {", ".join(columns)}
        from (select p.l, p.r, {", ".join(left + right)} from ({pairs}) p
              join {table} l on l.key = p.l join {table} r on r.key = p.r)""")


def _outcome(comparison: Comparison) -> str:
    whens = " ".join(f"when {level.holds} then {number}" for number, level in enumerate(comparison.complete[:-1]))
    return f"case when {comparison.absent} then null {whens} else {len(comparison.complete) - 1} end"


def random_pairs(table: str, size: int = SAMPLE) -> str:
    """A query of all pairs within a sample that depends on the keys alone."""
    sample = f"(select key from {table} order by md5(key), key limit {size})"
    return (
        f"select least(a.key, b.key) as l, greatest(a.key, b.key) as r from {sample} a join {sample} b on a.key < b.key"
    )


def counts(bench: DuckDBPyConnection, outcomes: str, comparison: Comparison) -> list[int]:
    """Pairs per level, from the top."""
    found = dict(
        bench.execute(
            f"select {comparison.name}, count(*) from {outcomes} where {comparison.name} is not null group by 1"
        ).fetchall()
    )
    return [found.get(number, 0) for number in range(len(comparison.complete))]
