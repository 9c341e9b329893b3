"""Consent fails closed."""

from typing import Any

import pytest

from cdp_platform.company import Company
from cdp_platform.destinations.checks import consent_enforced
from cdp_platform.destinations.errors import ConfigurationError
from cdp_platform.destinations.run import run_sync
from cdp_platform.privacy import suppression
from cdp_platform.privacy.config import PrivacyConfig
from cdp_platform.shared.home import Home
from tests.destinations.shop import NOON, change, company_of, publish, query, sync


def sent(place: Home) -> list[str]:
    return [row[0] for row in query(place, "select row_key from destinations.state order by 1")]


@pytest.mark.parametrize(
    "spoil",
    [
        "delete from customers.consents where customer_id = 'b'",
        "update customers.consents set status = 'denied' where customer_id = 'b'",
        "update customers.consents set status = 'Granted' where customer_id = 'b'",
        "update customers.consents set status = null where customer_id = 'b'",
        "update customers.consents set purpose = 'analytics' where customer_id = 'b'",
        "insert into customers.consents values ('b', 'email_marketing', 'denied')",
        "insert into customers.consents values ('b', 'email_marketing', null)",
    ],
)
def test_anything_but_a_clear_yes_is_a_no(place: Home, spoil: str) -> None:
    publish(place, "s1", ["a", "b"])
    change(place, "s1", spoil)
    ran = run_sync(company_of(sync()), place, "vips", now=NOON)
    assert (sent(place), ran.waterfall["no_consent"]) == (["a"], 1)


def test_a_snapshot_without_consents_sends_nobody_and_removes_nobody(place: Home) -> None:
    company = company_of(sync())
    publish(place, "s1", ["a", "b"])
    run_sync(company, place, "vips", now=NOON)
    change(place, "s2", "drop table customers.consents")
    with pytest.raises(ConfigurationError, match="holds no consents"):
        run_sync(company, place, "vips", now=NOON)
    assert sent(place) == ["a", "b"]


def test_an_undeclared_purpose_is_refused_at_run_time_too(place: Home) -> None:
    publish(place, "s1", ["a"])
    company = company_of(sync())
    bare = Company(**{**vars(company), "privacy": PrivacyConfig()})
    with pytest.raises(ConfigurationError, match="not declared"):
        run_sync(bare, place, "vips", now=NOON)
    assert not place.destinations.exists()


def test_who_withdraws_is_removed_by_the_next_run(place: Home) -> None:
    company = company_of(sync())
    publish(place, "s1", ["a", "b", "c"])
    run_sync(company, place, "vips", now=NOON)
    publish(place, "s2", ["a", "b", "c"], denied=["b"])
    ran = run_sync(company, place, "vips", now=NOON)
    assert (ran.waterfall["remove"], sent(place)) == (1, ["a", "c"])
    assert "b@shop" not in (place.folder / "out/vips.csv").read_text()


def test_a_suppression_acts_on_the_same_snapshot_and_can_be_lifted(place: Home) -> None:
    company = company_of(sync())
    publish(place, "s1", ["a", "b"])
    run_sync(company, place, "vips", now=NOON)
    words: dict[str, Any] = {"reason": "asked", "by": "Ann", "now": NOON}
    suppression.add(place, "email", "B@shop.example", **words)
    suppressed = run_sync(company, place, "vips", now=NOON)
    assert (suppressed.waterfall["suppressed"], sent(place)) == (1, ["a"])
    suppression.remove(place, "email", "b@shop.example", **words)
    run_sync(company, place, "vips", now=NOON)
    assert sent(place) == ["a", "b"]


def test_the_check_would_see_a_row_sent_without_consent(place: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from cdp_platform.destinations import model

    publish(place, "s1", ["a", "b"], denied=["b"])
    everybody = (
        "create or replace temp table allowed as "
        "select customer_id, false as is_suppressed, $purpose as p from published.customers.customers"
    )
    monkeypatch.setattr(model, "ALLOWED", everybody)  # consent is broken
    ran = run_sync(company_of(sync()), place, "vips", now=NOON)
    assert ran.without_consent == 1
    assert not consent_enforced(ran).passed


def test_a_merged_customer_is_one_row(place: Home) -> None:
    company = company_of(sync())
    publish(place, "s1", ["a", "b", "c"])
    run_sync(company, place, "vips", now=NOON)
    publish(place, "s2", ["a", "c"])  # b is a now
    run_sync(company, place, "vips", now=NOON)
    assert sent(place) == ["a", "c"]
