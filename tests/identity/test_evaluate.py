"""Scores that can be worked out by hand."""

import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.identity.evaluate import evaluate


def test_scores_by_hand(con: DuckDBPyConnection) -> None:
    """Truth {1, 2, 3} {4, 5}; found {1, 2} {3, 4} and 5, which was not predicted at all."""
    scores = evaluate(
        con,
        "select * from (values (1, 'x'), (2, 'x'), (3, 'y'), (4, 'y'), (99, 'x')) as p(id, grouped)",
        "select * from (values (1, 'A'), (2, 'A'), (3, 'A'), (4, 'B'), (5, 'B')) as t(id, person)",
    )
    assert scores.precision == pytest.approx(1 / 2)  # of {1, 2} and {3, 4} the first is right
    assert scores.recall == pytest.approx(1 / 4)  # of 12, 13, 23 and 45 only 12 was found
    assert scores.bcubed_precision == pytest.approx((1 + 1 + 0.5 + 0.5 + 1) / 5)
    assert scores.bcubed_recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2) / 5)
    assert (scores.records, scores.groups, scores.people, scores.mixed, scores.largest) == (5, 3, 2, 1, 2)
