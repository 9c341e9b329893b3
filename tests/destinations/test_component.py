"""Syncs in Dagster: assets, checks, metadata, and failures that stay alone."""

import dagster as dg
import pytest

from cdp_platform.destinations.component import Destinations
from cdp_platform.shared.home import Home
from tests.destinations.shop import company_of, publish, query, sync

COMPANY = company_of(
    sync(about="The best.", owner="team:crm"),
    sync(name="hook", destination={"kind": "webhook", "url_env": "NOT_SET", "retries": 0}),
    sync(name="second", destination={"kind": "csv", "path": "second.csv"}),
)


def materialise(**tags: str) -> dg.ExecuteInProcessResult:
    assets = list(Destinations.definitions(COMPANY).assets or [])
    return dg.materialize(assets, raise_on_error=False, tags=tags)


def checks(result: dg.ExecuteInProcessResult, sync_name: str) -> dict[str, tuple[bool, str]]:
    return {
        e.check_name: (e.passed, e.severity.value)
        for e in result.get_asset_check_evaluations()
        if e.asset_key.path[-1] == sync_name
    }


def test_an_asset_per_sync_behind_the_snapshot_and_its_segment() -> None:
    [spec] = [s for s in Destinations.definitions(COMPANY).resolve_all_asset_specs() if s.key.path[-1] == "vips"]
    assert spec.key == dg.AssetKey(["destinations", "vips"])
    assert {d.asset_key.to_user_string() for d in spec.deps} == {"published/snapshot", "segments/vip"}
    assert (spec.group_name, spec.owners, spec.kinds, spec.description) == (
        "destinations", ["team:crm"], {"csv"}, "The best.",
    )  # fmt: skip


def test_a_run_shows_the_waterfall_and_every_check(here: Home) -> None:
    publish(here, "s1", ["a", "b"], denied=["b"])
    result = materialise(**{"cdp/now": "2026-11-23T12:00:00"})
    assert result.success
    [event] = [e for e in result.get_asset_materialization_events() if e.asset_key.path[-1] == "vips"]
    metadata = event.materialization.metadata
    assert metadata["dagster/row_count"].value == 1
    assert "| no consent | 1 |" in str(metadata["waterfall"].value)
    assert "shop.example" not in str(metadata)
    assert checks(result, "vips") == {
        "totals_reconcile": (True, "ERROR"), "reject_rate": (True, "WARN"), "guard_not_tripped": (True, "ERROR"),
        "consent_enforced": (True, "ERROR"), "is_configured": (True, "WARN"),
    }  # fmt: skip
    assert query(here, "select distinct planned_at::varchar from destinations.runs") == [("2026-11-23 12:00:00",)]


def test_a_sync_without_its_address_warns_and_fails_nothing(here: Home) -> None:
    publish(here, "s1", ["a"])
    result = materialise()
    assert result.success
    assert checks(result, "hook")["is_configured"] == (False, "WARN")


def test_a_failing_sync_fails_alone_and_says_why_without_secrets(here: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOT_SET", "http://ann:s3cret@127.0.0.1:1/token-in-the-path")
    publish(here, "s1", ["a"])
    result = materialise()
    assert not result.success
    assert {e.asset_key.path[-1] for e in result.get_asset_materialization_events()} == {"vips", "second"}
    [failure] = [e for e in result.all_events if e.is_step_failure]
    text = str(failure.event_specific_data)
    assert "hook is interrupted in run 1: there is no connection to the address" in text
    assert not any(word in text for word in ("s3cret", "token-in", "shop.example"))


def test_an_unexpected_error_is_told_without_its_words(here: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from cdp_platform.destinations import component

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("could not convert ann@shop.example")

    monkeypatch.setattr(component, "run_sync", broken)
    [failure, *_] = [e for e in materialise().all_events if e.is_step_failure]
    text = str(failure.event_specific_data)
    assert "RuntimeError in broken (test_component.py:" in text
    assert "ann@" not in text


def test_nothing_published_is_a_clear_failure(here: Home) -> None:
    failures = [e for e in materialise().all_events if e.is_step_failure]
    assert "nothing is published yet" in str(failures[0].event_specific_data)


def test_a_guarded_run_shows_how_to_release_it(here: Home) -> None:
    publish(here, "s1", ["a"])
    materialise()
    publish(here, "s2", [])
    result = materialise()
    assert result.success
    guards = [e for e in result.get_asset_check_evaluations() if e.check_name == "guard_not_tripped"]
    [evaluation] = [e for e in guards if e.asset_key.path[-1] == "vips"]
    assert not evaluation.passed
    assert "cdp sync approve vips 2 --by NAME" in (evaluation.description or "")
