"""Scores pairs with Splink, puts the prior right, and says which levels each pair reached."""

import math
from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from cdp_platform.identity.agreement import compare
from cdp_platform.identity.comparisons import Comparison
from cdp_platform.identity.model import Model, linker

DECIMALS = 6
"""Weights and probabilities are rounded before anything is decided by them."""


def score(bench: DuckDBPyConnection, model: Model, table: str, pairs: str, output: str) -> float:
    """Create table `output`: one row per pair of `pairs`. Returns the prior, for two random representatives.

    left_key, right_key, match_weight, probability, evidence (JSON, comparison to level), and household_only: first
    names differ and nothing that singles out a person agrees.
    """
    [[records]] = bench.execute(f"select count(*) from {table}").fetchall()
    [[compared]] = bench.execute(f"select count(*) from {pairs}").fetchall()
    possible = max(records * (records - 1) / 2, 1)
    first_guess = min(0.1, records / possible)
    if not compared or not model.comparisons:
        bench.execute(f"""
            create or replace table {output}(left_key varchar, right_key varchar, match_weight double,
                probability double, evidence varchar, household_only boolean)""")
        return first_guess
    made, api = linker(bench, model, table, first_guess)
    made.table_management.register_blocked_pairs_for_predict(api.register(pairs))
    scored = made.inference.predict(threshold_match_weight=-1000).physical_name
    prior = recalibrated_prior(bench, scored, first_guess, possible)
    shift = round(_log_odds(prior) - _log_odds(first_guess), DECIMALS)
    compare(bench, model.comparisons, table, f"select key_l as l, key_r as r from {scored}", "reached")
    bench.execute(f"""
        create or replace table {output} as
        select s.key_l as left_key, s.key_r as right_key,
               round(s.match_weight + {shift}, {DECIMALS}) as match_weight,
               round(1 / (1 + pow(2.0, -(s.match_weight + {shift}))), {DECIMALS}) as probability,
               {_evidence(model.comparisons)} as evidence, {_household_only(model.comparisons)} as household_only
        from {scored} s join reached on reached.l = s.key_l and reached.r = s.key_r
        order by 1, 2""")
    return prior


def recalibrated_prior(bench: DuckDBPyConnection, scored: str, prior: float, possible: float) -> float:
    """The prior at which the expected number of matches among the scored pairs reproduces it.

    Changing the prior adds one constant to every match weight, so nothing is scored again. Weights are counted in
    tenths of a bit, which makes the sum independent of row order.
    """
    rows = bench.execute(f"select round(match_weight, 1) as w, count(*) from {scored} group by 1 order by 1").fetchall()
    base = _log_odds(prior)
    for _ in range(60):
        shift = _log_odds(prior) - base
        expected = sum(n / (1 + 2.0 ** -(w + shift)) for w, n in rows) / possible
        better = min(max(expected, 1e-12), 0.5)
        if abs(better - prior) < 1e-6 * prior:
            break
        prior = better
    return float(f"{prior:.4g}")


def _evidence(comparisons: Sequence[Comparison]) -> str:
    def level(comparison: Comparison) -> str:
        labels = ", ".join(f"'{level.label}'" for level in comparison.complete)
        return f"'{comparison.name}', [{labels}][reached.{comparison.name} + 1]"

    return f"json_merge_patch('{{}}', json_object({', '.join(map(level, comparisons))}))::varchar"


def _household_only(comparisons: Sequence[Comparison]) -> str:
    contradictions = " or ".join(
        f"reached.{c.name} = {len(c.complete) - 1}" for c in comparisons if c.name in ("first_name", "birth_date")
    )
    personal = " or ".join(
        f"reached.{c.name} in ({', '.join(positions)})"
        for c in comparisons
        if (positions := [str(n) for n, level in enumerate(c.complete) if level.personal])
    )
    return f"coalesce({contradictions or 'false'}, false) and not coalesce({personal or 'false'}, false)"


def _log_odds(probability: float) -> float:
    return math.log2(probability / (1 - probability))
