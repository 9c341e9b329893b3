"""The linkage model: how much each level of agreement weighs, in the form that Splink reads."""

import logging
import math
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from duckdb import DuckDBPyConnection
from splink import DuckDBAPI, Linker

from cdp_platform.identity.comparisons import Comparison, Level


@dataclass(frozen=True)
class Model:
    """m and u per comparison, a value per level from the top."""

    comparisons: tuple[Comparison, ...]
    m: dict[str, list[float]]
    u: dict[str, list[float]]
    trained_on: int
    """Representatives that it was trained on; 0 for the default weights."""


class Weight(NamedTuple):
    """One level of a model."""

    comparison: str
    position: int
    level: str
    m: float
    u: float
    weight: float
    """Bits of evidence: log2 of m over u."""


def default_model(comparisons: Iterable[Comparison]) -> Model:
    """The weights that the comparisons come with."""
    chosen = tuple(comparisons)
    return Model(
        chosen,
        {c.name: [level.m for level in c.complete] for c in chosen},
        {c.name: [level.u for level in c.complete] for c in chosen},
        0,
    )


def weights(model: Model) -> list[Weight]:
    """Every level of every comparison."""
    return [
        Weight(c.name, position, level.label, m, u, round(math.log2(m / u), 3))
        for c in model.comparisons
        for position, (level, m, u) in enumerate(zip(c.complete, model.m[c.name], model.u[c.name], strict=True))
    ]


def linker(bench: DuckDBPyConnection, model: Model, table: str, prior: float) -> tuple[Linker, DuckDBAPI]:
    """A linker with an API object of its own: two linkers on one would share pairs and frequencies."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(bench)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = Linker(api.register(table), settings(model, prior), log_level=logging.ERROR, validate_settings=False)
    return made, api


def settings(model: Model, prior: float) -> dict[str, Any]:
    """Splink's settings. The blocking rule is never used: pairs are brought along."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "key",
        "probability_two_random_records_match": prior,
        "comparisons": [_comparison(c, model.m[c.name], model.u[c.name]) for c in model.comparisons],
        "blocking_rules_to_generate_predictions": ["l.key = r.key"],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(comparison: Comparison, m: Sequence[float], u: Sequence[float]) -> dict[str, Any]:
    absent = {"sql_condition": comparison.absent, "label_for_charts": "absent", "is_null_level": True}
    levels = [_level(*level) for level in zip(comparison.complete, m, u, strict=True)]
    return {"output_column_name": comparison.name, "comparison_levels": [absent, *levels]}


def _level(level: Level, m: float, u: float) -> dict[str, Any]:
    rarity = {"tf_adjustment_column": level.rarity, "tf_adjustment_weight": 1.0} if level.rarity else {}
    return {
        "sql_condition": level.holds,
        "label_for_charts": level.label,
        "m_probability": m,
        "u_probability": u,
        **rarity,
    }
