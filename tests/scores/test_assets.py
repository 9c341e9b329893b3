"""The room as Dagster runs it."""

from collections.abc import Callable
from datetime import timedelta

import dagster as dg
import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.customers.fields import TIMELINE
from cdp_platform.scores.component import LINEAGE, Scores
from cdp_platform.scores.contract import TABLES
from cdp_platform.shared.step import Step
from tests.conftest import TODAY


def test_the_room_runs_and_is_skipped_when_nothing_changed(
    con: DuckDBPyConnection, happen: Callable[..., None], step: Callable[..., Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDP_AS_OF", str(TODAY))
    happen([(f"c{i}", TODAY - timedelta(days=d), "order", 10 + i) for i in range(10) for d in (100, 120 + i)])
    room = [a for a in Scores.definitions(step().company).assets or [] if isinstance(a, dg.AssetsDefinition)]
    con.close()  # one writer at a time

    first = dg.materialize(room)
    again = dg.materialize(room)

    assert first.success
    assert again.success
    shown = {
        event.asset_key.to_user_string(): event.step_materialization_data.materialization.metadata
        for event in first.get_asset_materialization_events()
        if event.asset_key
    }
    assert set(shown) == {table.name.replace(".", "/") for table in TABLES}
    assert shown["scores/purchase"]["dagster/row_count"].value == 10
    assert "foretold" in str(shown["scores/purchase"]["calibration"].value)
    assert all(check.passed for check in first.get_asset_check_evaluations())
    assert all(
        event.step_materialization_data.materialization.metadata["unchanged"].value
        for event in again.get_asset_materialization_events()
    )


def test_lineage_names_columns_that_are_there() -> None:
    promised = {table.name: table.columns for table in TABLES}

    for table, columns in LINEAGE.items():
        assert set(columns) <= set(promised[table])
        assert {source for sources in columns.values() for source in sources} <= {
            ("customers.timeline", column) for column in TIMELINE
        }
