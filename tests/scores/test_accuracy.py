"""Figures of quality on outcomes small enough to count by hand."""

import numpy as np
import pytest

from cdp_platform.scores.accuracy import (
    Outcomes,
    area_under_curve,
    bins,
    brier,
    calibration_error,
    calibration_table,
    lift,
)


def outcomes(*rows: tuple[float, float, float]) -> Outcomes:
    return Outcomes(*np.array(rows).T)


FAIR = outcomes((0.1, 10, 1), (0.9, 10, 9))


def test_area_under_curve() -> None:
    assert area_under_curve(outcomes((0.2, 5, 0), (0.8, 5, 5))) == 1
    assert area_under_curve(outcomes((0.2, 5, 5), (0.8, 5, 0))) == 0
    assert area_under_curve(outcomes((0.5, 10, 5))) == 0.5
    assert area_under_curve(FAIR) == pytest.approx(0.9)  # 81 pairs in order and 18 ties, of 100
    assert area_under_curve(outcomes((0.5, 10, 0))) is None


def test_brier() -> None:
    assert brier(FAIR) == pytest.approx(0.09)
    assert brier(outcomes((0, 5, 0), (1, 5, 5))) == 0


def test_calibration_error() -> None:
    assert calibration_error(FAIR) == pytest.approx(0)
    assert calibration_error(outcomes((0.1, 10, 3), (0.9, 10, 9))) == pytest.approx(0.1)


def test_lift_of_the_top_tenth() -> None:
    assert lift(FAIR) == pytest.approx(1.8)  # the top two are 90 % buyers, all are 50 %
    assert lift(outcomes((0.1, 19, 0), (0.9, 1, 1))) == pytest.approx(10)  # one of the top two, one of twenty
    assert lift(outcomes((0.1, 10, 0))) is None


def test_bins_are_tenths_that_keep_equal_probabilities_together() -> None:
    even = outcomes(*((i / 100, 1, 0) for i in range(100)))
    assert [b.customers for b in bins(even)] == [10] * 10
    assert [b.customers for b in bins(outcomes((0.1, 95, 0), (0.2, 5, 5)))] == [95, 5]


def test_the_table_shows_every_bin() -> None:
    assert calibration_table(FAIR).splitlines()[2:] == [
        "| 10 | 10.0% | 10.0% | ██ | ██ |",
        f"| 10 | 90.0% | 90.0% | {'█' * 18} | {'█' * 18} |",
    ]
