"""From the segment to the rows sent: every customer in one place, whatever the data."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdp_platform.destinations.checks import totals_reconcile
from cdp_platform.destinations.run import run_sync
from cdp_platform.privacy import suppression
from cdp_platform.shared.home import Home, home
from tests.destinations.shop import NOON, change, company_of, publish, query, sync

BY_EMAIL = {"key": "email", "mapping": {"email": {"field": "email", "transform": ["trim"]}, "city": "city"}}


def test_every_step_by_name(place: Home) -> None:
    publish(
        place, "s1",
        {
            "a": {}, "b": {}, "c": {}, "d": {"email": "  "}, "e": {"email": None}, "f": {"email": "a@shop.example"},
            "g": {}, "h": {}, "i": {},
        },
        denied=["b"], silent=["c"],
    )  # fmt: skip
    change(place, "s1", "insert into segments.memberships values ('vip', 'ghost', null, null)")
    suppression.add(place, "customer_id", "g", reason="asked", by="Ann", now=NOON)

    ran = run_sync(company_of(sync(**BY_EMAIL)), place, "vips", now=NOON)

    assert ran.waterfall == {
        "members": 10, "unknown_customer": 1, "no_consent": 2, "suppressed": 1, "no_usable_key": 2, "duplicate_key": 1,
        "quarantined": 0, "unchanged": 0, "create": 3, "update": 0, "remove": 0,
    }  # fmt: skip
    assert (place.folder / "out/vips.csv").read_text().splitlines()[1:] == [
        "a@shop.example,", "h@shop.example,", "i@shop.example,"
    ]  # fmt: skip
    assert query(place, "select customer_id from destinations.state where row_key = 'a@shop.example'") == [("a",)]


def test_a_customer_may_be_in_the_memberships_twice(place: Home) -> None:
    publish(place, "s1", ["a"])
    change(place, "s1", "insert into segments.memberships from segments.memberships")
    assert run_sync(company_of(sync()), place, "vips", now=NOON).waterfall["members"] == 1


def test_everyone_is_every_customer(place: Home) -> None:
    publish(place, "s1", ["a", "b"])
    change(place, "s1", "delete from segments.memberships")
    assert run_sync(company_of(sync(segment=None, everyone=True)), place, "vips", now=NOON).ok == 2


person = st.fixed_dictionaries(
    {
        "email": st.sampled_from([None, "", "x@y.z", "p@y.z", "q@y.z", "r@y.z"]),
        "city": st.sampled_from(["Rome", "Oslo"]),
    }
)
population = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(person, st.sampled_from(["yes", "no", "", "out"])))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days=st.lists(population, min_size=2, max_size=3), mode=st.sampled_from(["mirror", "upsert", "insert"]))
def test_it_always_sums_and_the_state_is_what_should_be_there(days: list[Any], mode: str) -> None:
    guards = {"most_duplicate_keys": 1, "most_without_key": 1}
    company = company_of(sync(**BY_EMAIL, mode=mode, guards=guards))
    with tempfile.TemporaryDirectory() as folder:
        place: Home = home(Path(folder))
        expected: dict[str, str] = {}
        for day, people in enumerate(days):
            publish(
                place, f"s{day}", {name: values for name, (values, _) in people.items()},
                denied=[n for n, (_, word) in people.items() if word == "no"],
                silent=[n for n, (_, word) in people.items() if word == ""],
            )  # fmt: skip
            out = [n for n, (_, word) in people.items() if word == "out"]
            for name in out:
                suppression.add(place, "customer_id", name, reason="asked", by="Ann", now=NOON)
            stays_out = {e.hash for e in suppression.listed(place)}
            assert stays_out or not out
            ran = run_sync(company, place, "vips", now=NOON)
            assert totals_reconcile(ran).passed, totals_reconcile(ran).detail
            expected = _expected(expected, people, place, mode)
            if ran.status == "guarded":
                return
        held = dict(query(place, "select row_key, customer_id from destinations.state"))
        assert held.keys() == expected.keys()


def _expected(before: dict[str, str], people: dict[str, Any], place: Home, mode: str) -> dict[str, str]:
    import hashlib
    import hmac

    listed = suppression.in_force(place)
    gone = listed.hashes.get("customer_id", frozenset())
    wanted: dict[str, str] = {}
    for name in sorted(people):
        values, word = people[name]
        suppressed = hmac.new(listed.key, name.encode(), hashlib.sha256).hexdigest() in gone
        if values["email"] and word not in ("no", "") and not suppressed:
            wanted.setdefault(values["email"], name)
    return wanted if mode == "mirror" else {**wanted, **before}


@pytest.mark.parametrize(
    ("steps", "passed"), [({"members": 2, "create": 2}, True), ({"members": 3, "create": 2}, False)]
)
def test_the_check_sees_a_customer_in_no_place(steps: dict[str, int], passed: bool) -> None:
    from cdp_platform.destinations.run import Ran

    ran = Ran("s", "succeeded", 1, ok=2, planned=2, waterfall=steps)
    assert totals_reconcile(ran).passed is passed
