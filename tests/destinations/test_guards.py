"""When a run waits for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp_platform.destinations.approve import NotGuarded, approve
from cdp_platform.destinations.config import Guards
from cdp_platform.destinations.guards import Figures, tripped
from cdp_platform.destinations.run import run_sync
from cdp_platform.shared.home import Home
from tests.destinations.shop import NOON, company_of, publish, query, sync

QUIET = Figures(
    mirror=True, model=100, held=100, creates=0, removals=0, candidates=100, without_key=0, duplicate_keys=0
)


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (QUIET, None),
        (QUIET._replace(model=0, held=1, removals=1), "nobody is left"),
        (QUIET._replace(mirror=False, model=0), None),
        (QUIET._replace(held=200, removals=61), "would remove: 61 against 200 rows held, more than 30%"),
        (QUIET._replace(held=200, removals=60), None),
        (QUIET._replace(held=60, removals=50), None),  # not over 50 rows
        (QUIET._replace(held=100, creates=301), "would add: 301 against 100"),
        (QUIET._replace(held=0, creates=10_000), None),  # the first run
        (QUIET._replace(candidates=200, without_key=101), "for want of a key: 101 against 200"),
        (QUIET._replace(candidates=600, duplicate_keys=61), "for a key twice: 61 against 600"),
    ],
)
def test_rules(figures: Figures, words: str | None) -> None:
    why = tripped(Guards(), figures)
    assert (why is None) if words is None else (why is not None and words in why)


@given(held=st.integers(0, 2000), removals=st.integers(0, 2000), more=st.integers(0, 500))
def test_removing_more_never_releases_a_guard(held: int, removals: int, more: int) -> None:
    fewer = QUIET._replace(held=held, removals=removals)
    if tripped(Guards(), fewer):
        assert tripped(Guards(), fewer._replace(removals=removals + more))


def names(count: int) -> list[str]:
    return [f"c{n:03}" for n in range(count)]


def test_a_guarded_run_sends_nothing_until_it_is_approved_and_then_exactly_its_plan(place: Home) -> None:
    company = company_of(sync())
    publish(place, "s1", names(100))
    run_sync(company, place, "vips", now=NOON)
    before = (place.folder / "out/vips.csv").read_text()
    publish(place, "s2", names(40))

    held_back = run_sync(company, place, "vips", now=NOON)
    again = run_sync(company, place, "vips", now=NOON)

    assert (held_back.status, held_back.run_id, again.skipped, again.run_id) == ("guarded", 2, True, 2)
    assert (place.folder / "out/vips.csv").read_text() == before

    approve(place, "vips", 2, "Ann", NOON)
    sent = run_sync(company, place, "vips", now=NOON)

    assert (sent.status, sent.run_id, sent.ok, sent.held) == ("succeeded", 2, 60, 40)
    assert (place.folder / "out/vips.csv").read_text().count("\n") == 41
    assert query(place, "select approved_by from destinations.runs where run_id = 2") == [("Ann",)]


def test_a_newer_snapshot_replaces_the_guarded_run_which_can_no_longer_be_approved(place: Home) -> None:
    company = company_of(sync())
    publish(place, "s1", names(100))
    run_sync(company, place, "vips", now=NOON)
    publish(place, "s2", names(40))
    run_sync(company, place, "vips", now=NOON)
    publish(place, "s3", names(99))

    recovered = run_sync(company, place, "vips", now=NOON)

    assert (recovered.run_id, recovered.status, recovered.ok) == (3, "succeeded", 1)
    with pytest.raises(NotGuarded, match="run 2 of vips is superseded"):
        approve(place, "vips", 2, "Ann", NOON)


def test_only_what_waits_can_be_approved_and_by_somebody(place: Home) -> None:
    company = company_of(sync())
    with pytest.raises(NotGuarded, match="has never run"):
        approve(place, "vips", 1, "Ann", NOON)
    publish(place, "s1", names(3))
    run_sync(company, place, "vips", now=NOON)
    with pytest.raises(NotGuarded, match="run 1 of vips is succeeded"):
        approve(place, "vips", 1, "Ann", NOON)
    with pytest.raises(ValueError, match="who approves"):
        approve(place, "vips", 1, " ", NOON)
