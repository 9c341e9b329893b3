"""Rejected rows wait, come back, and are forgotten when there is no reason to keep them."""

from datetime import timedelta
from typing import Any

from cdp_platform.destinations.run import Ran, run_sync
from cdp_platform.shared.home import Home
from tests.destinations.shop import NOON, company_of, publish, query, sync

HOUR = timedelta(hours=1)
BAD = {"city": "\0"}
COMPANY = company_of(sync())


def run(place: Home, at: Any = NOON, company: Any = COMPANY) -> Ran:
    return run_sync(company, place, "vips", now=at)


def waiting(place: Home) -> list[tuple[Any, ...]]:
    return query(place, "select row_key, attempts, next_try_at, first_run, last_run from destinations.quarantine")


def test_each_rejection_doubles_the_wait(place: Home) -> None:
    publish(place, "s1", {"a": {}, "b": BAD})
    run(place)
    assert waiting(place) == [("b", 1, NOON + HOUR, 1, 1)]

    assert run(place, NOON + HOUR - timedelta(seconds=1)).skipped
    assert run(place, NOON + HOUR).rejected == 1
    assert waiting(place) == [("b", 2, NOON + 3 * HOUR, 1, 2)]

    for attempt, hour in ((3, 3), (4, 7), (5, 15), (6, 31), (7, 63), (8, 127), (9, 191)):
        run(place, NOON + hour * HOUR)
        assert waiting(place)[0][1] == attempt
    assert waiting(place)[0][2] == NOON + (191 + 64) * HOUR  # never longer than 64 hours


def test_a_row_whose_customer_left_is_forgotten(place: Home) -> None:
    publish(place, "s1", {"a": {}, "b": BAD})
    run(place)
    publish(place, "s2", ["a"])
    ran = run(place)
    assert (waiting(place), ran.waterfall["remove"]) == ([], 0)


def test_a_row_that_went_back_to_what_is_held_is_forgotten(place: Home) -> None:
    changes = company_of(sync(mode="upsert"))
    publish(place, "s1", {"a": {}, "b": {"city": "Rome"}})
    run(place, company=changes)
    publish(place, "s2", {"a": {}, "b": BAD})
    assert run(place, company=changes).status == "partial"
    publish(place, "s3", {"a": {}, "b": {"city": "Rome"}})
    assert run(place, company=changes).waterfall["unchanged"] == 2
    assert waiting(place) == []


def test_a_file_and_what_it_is_believed_to_hold_agree_about_a_rejected_change(place: Home) -> None:
    publish(place, "s1", {"a": {}, "b": {"city": "Rome"}})
    run(place)
    publish(place, "s2", {"a": {"city": "Oslo"}, "b": BAD})
    assert run(place).held == 1
    assert (place.folder / "out/vips.csv").read_text().splitlines() == ["id,email,city", "a,a@shop.example,Oslo"]
    publish(place, "s3", {"a": {"city": "Bern"}, "b": BAD})
    assert run(place).waterfall["quarantined"] == 1
    publish(place, "s4", {"a": {"city": "Bern"}, "b": {"city": "Rome"}})
    assert run(place).waterfall["create"] == 1


def test_outcomes_are_kept_as_long_as_said(place: Home) -> None:
    publish(place, "s1", ["a"])
    run(place)
    publish(place, "s2", ["a", "b"])
    run(place, NOON + timedelta(days=91))
    assert query(place, "select run_id from destinations.row_results") == [(2,)]
    assert query(place, "select count(*) from destinations.runs") == [(2,)]
