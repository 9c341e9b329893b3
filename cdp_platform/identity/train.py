"""Learns a model without labels.

u, how often different people agree, is counted. m, how often one person's records agree, comes from Splink's
expectation maximisation, run once per strong key on the pairs that share it, shrunk towards each level's default, and
then fitted to the scored pairs. Training uses the representatives that are scored afterwards: on single records
m(date of birth differs) came out at .22 where the truth among representatives was .06, here at .06.
"""

import warnings
from collections.abc import Sequence
from typing import Any

from duckdb import DuckDBPyConnection
from splink import block_on

from cdp_platform.identity.agreement import compare, counts, random_pairs
from cdp_platform.identity.comparisons import DIFFERS, Comparison
from cdp_platform.identity.model import Model, default_model, linker
from cdp_platform.identity.refine import refined_m

TRAINING_KEYS = (("email",), ("phone",), ("last", "postcode"), ("first", "birth"), ("birth", "postcode"))
"""Never first and last name together: EM then takes namesakes for matches (it learned that the phones of one person
differ in 64 % of pairs; the truth was 0)."""
MIN_PAIRS = 200
"""Fewer pairs than this behind a key teach nothing."""
MAX_PAIRS = 500_000
"""Pairs that one run of EM looks at; without a limit it took 10 GB at 5,000,000 records."""
ENOUGH_AT_RANDOM = 30
"""Random pairs at a level from which its share is known well enough (± 18 %)."""
DEFAULT_U_PAIRS = 100_000
"""Weight of a level's default u, in random pairs."""
DEFAULT_M_PAIRS = 30
"""Weight of a level's default m, in matches."""
LOWEST_M = 0.002
"""EM may drive an m to 0, and one typing error would outweigh everything else."""
LOWEST_U = 1e-9
START = 0.5
"""Share of matches that EM starts from. From a small one it settles on perfect agreement alone: one person's dates of
birth then never differ (m .002 where the truth was .12)."""
ROUNDS = 4
"""Rounds of fitting to the scored pairs: with 8 the result was the same."""
WITNESSES = ("first_name", "birth_date")
"""Comparisons that tell different people apart well enough to judge the levels of the others."""
WEAK = ("gender",)
"""Comparisons that cannot tell EM, beside one other, which pairs are matches."""
DIGITS = 4
"""Parameters are rounded to this many digits: sums differ in the last bits with the number of threads."""


def train(bench: DuckDBPyConnection, comparisons: Sequence[Comparison], table: str, pairs: str) -> Model:
    """Learn from `table` (as made by make_representatives) and its blocked pairs (as made by block).

    Comparisons about which no key can teach keep their default weights; without any key, all do.
    """
    keys = [key for key in TRAINING_KEYS if _pairs_sharing(bench, table, key) >= MIN_PAIRS]
    start = default_model(comparisons)
    if not keys:
        return start
    u = _count_u(bench, comparisons, table, pairs)
    known = Model(start.comparisons, start.m, u, 0)
    seen: dict[str, list[tuple[float, list[float]]]] = {c.name: [] for c in comparisons}
    for key in keys:
        for name, matches, m in _maximise(bench, known, table, key):
            seen[name].append((matches, m))
    m = {c.name: _shrunk(c, seen[c.name]) for c in comparisons}
    [[records]] = bench.execute(f"select count(*) from {table}").fetchall()
    possible = records * (records - 1) / 2
    m = refined_m(bench, "at_blocked", comparisons, m, u, 1 / records, possible, ROUNDS, DEFAULT_M_PAIRS)
    m = {name: [_rounded(max(value, LOWEST_M)) for value in values] for name, values in m.items()}
    for c in comparisons:
        for position, level in enumerate(c.complete):
            if level.repeats:
                u[c.name][position] = _rounded(m[c.name][position] * level.u / level.m)
    return Model(start.comparisons, m, u, records)


def _pairs_sharing(bench: DuckDBPyConnection, table: str, key: Sequence[str]) -> int:
    present = " and ".join(f"{column} is not null" for column in key)
    [[found]] = bench.execute(f"""
        select coalesce(sum(n * (n - 1) / 2), 0)
        from (select count(*) as n from {table} where {present} group by {", ".join(key)})""").fetchall()
    return int(found)


def _count_u(
    bench: DuckDBPyConnection, comparisons: Sequence[Comparison], table: str, pairs: str
) -> dict[str, list[float]]:
    """Random pairs tell about common levels; rare ones are counted among the blocked pairs that hold them all.

    Pairs of one person are taken out of both: in a town of 500 people they are most of the random pairs that share a
    mailbox.
    """
    compare(bench, comparisons, table, random_pairs(table), "at_random")
    compare(bench, comparisons, table, f"select join_key_l as l, join_key_r as r from {pairs}", "at_blocked")
    return {c.name: _u_of(bench, c, comparisons, table) for c in comparisons}


def _u_of(
    bench: DuckDBPyConnection, comparison: Comparison, comparisons: Sequence[Comparison], table: str
) -> list[float]:
    random = counts(bench, "at_random", comparison)
    blocked = counts(bench, "at_blocked", comparison)
    different_at_random = _share_of_different_people(bench, "at_random", comparison, comparisons)
    different = _share_of_different_people(bench, "at_blocked", comparison, comparisons)
    present = " or ".join(f"{column} is not null" for column in comparison.needs)
    [[have]] = bench.execute(f"select count(*) from {table} where {present}").fetchall()
    possible, total = max(have * (have - 1) / 2, 1), sum(random)

    def u(position: int) -> float:
        level = comparison.complete[position]
        if random[position] >= ENOUGH_AT_RANDOM or (level.label == DIFFERS and total):
            return random[position] * different_at_random[position] / total
        if level.blocked:
            return (blocked[position] * different[position] + 0.5) / possible
        return (random[position] + level.u * DEFAULT_U_PAIRS) / (total + DEFAULT_U_PAIRS)

    return [_rounded(min(max(u(position), LOWEST_U), 0.999)) for position in range(len(comparison.complete))]


def _share_of_different_people(
    bench: DuckDBPyConnection, outcomes: str, comparison: Comparison, comparisons: Sequence[Comparison]
) -> list[float]:
    """Per level: of the pairs in `outcomes` that reach it, the share that is not one person.

    Read off a mixture: first names (or dates of birth) differ in nearly all pairs of different people and in few of
    one person. The witness that speaks of more different people counts: a mailbox made of a name cannot be judged by
    names.
    """
    levels = range(len(comparison.complete))
    best = [0.0 for _ in levels]
    for witness in comparisons:
        if witness.name not in WITNESSES or witness is comparison:
            continue
        rest = len(witness.complete) - 1
        random = counts(bench, "at_random", witness)
        if_different = max(random[rest] / max(sum(random), 1), 0.1)
        if_same = min(witness.complete[rest].m, if_different / 2)
        found: dict[int, float] = dict(
            bench.execute(f"""
                select {comparison.name}, (count(*) filter ({witness.name} = {rest}) + 0.5) / (count(*) + 1.0)
                from {outcomes} where {witness.name} is not null and {comparison.name} is not null group by 1
                """).fetchall()
        )
        for position in levels:
            share = (found.get(position, 0.5) - if_same) / (if_different - if_same)
            best[position] = max(best[position], min(1.0, max(0.01, share)))
    return [share or 0.5 for share in best]


def _maximise(
    bench: DuckDBPyConnection, model: Model, table: str, key: Sequence[str]
) -> list[tuple[str, float, list[float]]]:
    """One run of EM: per comparison that the key does not touch, expected matches seen and m per level."""
    made, _ = linker(bench, model, table, START)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session: Any = made.training.estimate_parameters_using_expectation_maximisation(
            block_on(*key), estimate_without_term_frequencies=True, max_pairs=MAX_PAIRS
        )
    trained = session.core_model_settings
    matches = min(_pairs_sharing(bench, table, key), MAX_PAIRS) * trained.probability_two_random_records_match
    if sum(c.output_column_name not in WEAK for c in trained.comparisons) < 2:
        return []  # one comparison alone fits any share of matches
    found: list[tuple[str, float, list[float]]] = []
    for comparison in trained.comparisons:
        levels = [level.m_probability for level in comparison.comparison_levels if not level.is_null_level]
        found.append((comparison.output_column_name, matches, [m if isinstance(m, float) else 0.0 for m in levels]))
    return found


def _shrunk(comparison: Comparison, seen: Sequence[tuple[float, Sequence[float]]]) -> list[float]:
    """The mean over runs, weighted by matches, with the default as DEFAULT_M_PAIRS more matches."""
    weight = sum(matches for matches, _ in seen) + DEFAULT_M_PAIRS
    mean = [
        (sum(matches * m[position] for matches, m in seen) + DEFAULT_M_PAIRS * level.m) / weight
        for position, level in enumerate(comparison.complete)
    ]
    return [_rounded(max(value, LOWEST_M)) for value in mean]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
