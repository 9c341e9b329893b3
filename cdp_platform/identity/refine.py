"""Fits m to the very pairs that are scored: a few rounds of expectation maximisation over their agreement patterns."""

from collections.abc import Mapping, Sequence

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from cdp_platform.identity.comparisons import Comparison

Values = Mapping[str, Sequence[float]]


def refined_m(
    bench: DuckDBPyConnection,
    outcomes: str,
    comparisons: Sequence[Comparison],
    m: Values,
    u: Values,
    prior: float,
    possible: float,
    rounds: int,
    default_matches: float,
) -> dict[str, list[float]]:
    """m per comparison after some rounds in which each pattern of levels in `outcomes` votes by its probability.

    u stays as counted; `prior` is followed along (expected matches over the `possible` pairs). The default m votes
    with `default_matches` matches.
    """
    names = ", ".join(c.name for c in comparisons)
    found = bench.sql(f"select {names}, count(*) as pairs from {outcomes} group by all order by all").pl()
    pairs = found["pairs"].to_numpy().astype(np.float64)
    # absent (null) becomes one more level, which weighs nothing
    levels = {c.name: found[c.name].fill_null(len(c.complete)).to_numpy() for c in comparisons}
    now = {name: list(values) for name, values in m.items()}
    for _ in range(rounds):
        probability = _probability(comparisons, levels, now, u, prior)
        prior = float(np.clip((pairs * probability).sum() / possible, 1e-12, 0.5))
        for c in comparisons:
            votes = np.bincount(levels[c.name], weights=pairs * probability, minlength=len(c.complete) + 1)[:-1]
            default = default_matches * np.array([level.m for level in c.complete])
            now[c.name] = list((votes + default) / (votes.sum() + default_matches))
    return now


def _probability(
    comparisons: Sequence[Comparison], levels: Mapping[str, NDArray[np.int64]], m: Values, u: Values, prior: float
) -> NDArray[np.float64]:
    odds = np.log(prior / (1 - prior))
    for c in comparisons:
        weight = np.append(np.log(np.maximum(m[c.name], 1e-6)) - np.log(u[c.name]), 0.0)
        odds = odds + weight[levels[c.name]]
    return 1 / (1 + np.exp(-odds))
