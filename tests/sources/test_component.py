"""Sources as Dagster shows and runs them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from cdp_platform.components import Sources
from tests.sources.conftest import Bench

PEOPLE = {
    "name": "people", "kind": "csv", "path": "people.csv", "key": ["id"], "about": "People of the shop.",
    "late_after_hours": 48, "personal": ["nickname"],
    "means": {"person": {"record_id": "id", "email": "email", "country": "country"}},
}  # fmt: skip
HEADER = "id,email,country,nickname\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CDP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _run(bench: Bench, *sources: dict[str, Any], fail: bool = False) -> dg.ExecuteInProcessResult:
    assets: Sequence[Any] = list(Sources.definitions(bench.company(*sources)).assets or [])
    result = dg.materialize(assets, raise_on_error=False)
    assert result.success is not fail
    return result


def _materialization(result: dg.ExecuteInProcessResult, name: str) -> dg.AssetMaterialization:
    [event] = [m for m in result.get_asset_materialization_events() if m.asset_key == dg.AssetKey(["raw", name])]
    return event.step_materialization_data.materialization


def _checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {evaluation.check_name: evaluation for evaluation in result.get_asset_check_evaluations()}


def test_a_source_is_two_assets_of_one_step_with_all_that_people_need(bench: Bench):
    [asset] = Sources.definitions(bench.company(PEOPLE)).assets or []
    assert isinstance(asset, dg.AssetsDefinition)

    raw, rejected = (asset.specs_by_key[dg.AssetKey(["raw", name])] for name in ("people", "people__rejected"))
    assert raw.description == "People of the shop."
    assert raw.group_name == rejected.group_name == "sources"
    assert raw.kinds == {"csv", "duckdb"}
    assert list(raw.owners) == ["team:data"]
    assert raw.freshness_policy is not None
    assert asset.op.pool == "duckdb"
    checks = {spec.name: spec.blocking for spec in asset.check_specs}
    assert checks == {
        "key_is_unique": True, "rows_reconcile": True, "rejected_share": True, "volume_is_usual": False,
        "schema_is_stable": False, "schema_is_compatible": False, "input_arrived": False,
    }  # fmt: skip


def test_metadata_counts_rows_and_tags_personal_columns_and_shows_no_value(bench: Bench, home: Path):
    many = "".join(f"p{n},anna{n}@example.com,GB,Annie{n}\n" for n in range(9))
    bench.write("people.csv", HEADER + many + "broken\n")

    result = _run(bench, PEOPLE)

    metadata = _materialization(result, "people").metadata
    assert metadata["dagster/row_count"].value == 9
    assert (metadata["rows_read"].value, metadata["rows_rejected"].value) == (10, 1)
    assert "| 1 columns, expected 4 | 1 |" in str(metadata["rejected_because"].value)
    schema = metadata["dagster/column_schema"].value
    assert isinstance(schema, dg.TableSchema)
    tags = {column.name: "personal" in column.tags for column in schema.columns}
    assert [name for name, personal in tags.items() if personal] == ["email", "nickname"]
    assert {c.name: c.description for c in schema.columns}["email"] == "means person.email"
    assert _materialization(result, "people__rejected").metadata["dagster/row_count"].value == 1
    shown = str([event.event_specific_data for event in result.all_events])
    assert "anna1@" not in shown
    assert "Annie1" not in shown


def test_a_second_run_does_nothing(bench: Bench, home: Path):
    bench.write("people.csv", HEADER + "p1,anna@example.com,GB,Annie\n")
    _run(bench, PEOPLE)

    result = _run(bench, PEOPLE)

    assert _materialization(result, "people").metadata["unchanged"].value is True
    assert all(evaluation.passed for evaluation in _checks(result).values())


def test_a_breaking_change_fails_a_check_of_that_source_and_nothing_else(bench: Bench, home: Path):
    other = {"name": "other", "kind": "csv", "path": "other.csv"}
    bench.write("people.csv", HEADER + "p1,anna@example.com,GB,Annie\n")
    bench.write("other.csv", "a\n1\n")
    _run(bench, PEOPLE, other)
    bench.write("people.csv", HEADER.replace("email", "mail") + "p1,anna@example.com,GB,Annie\n")
    bench.write("other.csv", "a\n1\n2\n")

    result = _run(bench, PEOPLE, other)

    failed = [name for name, evaluation in _checks(result).items() if not evaluation.passed]
    assert failed == ["schema_is_compatible"]
    assert "The last good load was kept." in str(_checks(result)["schema_is_compatible"].description)
    assert _materialization(result, "other").metadata["dagster/row_count"].value == 2
    assert _materialization(result, "people").metadata["unchanged"].value is True


def test_a_first_load_that_cannot_be_taken_fails_the_step_with_its_reason(bench: Bench, home: Path):
    result = _run(bench, PEOPLE, fail=True)

    [failure] = result.get_step_failure_events()
    assert "there is no file" in str(failure.step_failure_data.error)


def test_too_many_rejected_rows_stop_what_is_downstream(bench: Bench, home: Path):
    bench.write("people.csv", HEADER + "p1,anna@example.com,GB,Annie\nbroken\n")

    result = _run(bench, PEOPLE, fail=True)

    share = _checks(result)["rejected_share"]
    assert (share.passed, share.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert "50.0 % of the rows cannot be used" in str(share.description)
