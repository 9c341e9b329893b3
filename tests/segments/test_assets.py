"""Segments as Dagster shows them: one asset each, with size, history, words and warnings."""

from collections.abc import Callable
from datetime import date
from typing import Any

import dagster as dg
import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.company import Company
from cdp_platform.segments.component import Segments
from cdp_platform.shared.home import Home
from cdp_platform.shared.warehouse import engine
from tests.segments import small_company
from tests.segments.conftest import MONDAY, TUESDAY


@pytest.fixture
def many(here: Home) -> Home:
    """A warehouse with a hundred customers, of whom sixty have ordered."""
    with engine.connect(here) as con:
        small_company.create(con.execute, "?", {})
        con.execute("drop table segments.memberships")
        con.execute("""
            insert into customers.customers(customer_id, orders)
            select 'c' || n, case when n < 60 then 1 else 0 end from range(100) r(n);
            insert into identity.crosswalk select customer_id, customer_id from customers.customers""")
    return here


def run(company: Company, day: date, monkeypatch: pytest.MonkeyPatch, **options: Any) -> dg.ExecuteInProcessResult:
    """Materialise the room as of a day."""
    monkeypatch.setenv("CDP_AS_OF", day.isoformat())
    assets = list(Segments.definitions(company).assets or [])
    return dg.materialize(assets, **options)  # pyright: ignore[reportArgumentType]


def metadata(result: dg.ExecuteInProcessResult, name: str) -> dict[str, Any]:
    """What Dagster shows about a segment."""
    [event] = [e for e in result.get_asset_materialization_events() if e.asset_key == dg.AssetKey(["segments", name])]
    return {key: value.value for key, value in event.materialization.metadata.items()}


def failed(result: dg.ExecuteInProcessResult) -> set[str]:
    """The checks that failed."""
    return {f"{e.asset_key.path[-1]}.{e.check_name}" for e in result.get_asset_check_evaluations() if not e.passed}


def test_each_segment_is_an_asset_and_a_view(
    many: Home, company: Callable[..., Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(company(buyers={"field": "orders", "op": "gte", "value": 1}), MONDAY, monkeypatch)
    assert result.success and failed(result) == set()
    shown = metadata(result, "buyers")
    assert shown["dagster/row_count"] == shown["members"] == shown["entered today"] == 60
    assert shown["share of all customers"] == "60.00 %"
    assert shown["definition"] == "orders at least 1"
    assert shown["sizes"].splitlines()[-1] == f"| 2026-06-01 | 60 | {'█' * 30} |"
    with engine.connect(many) as con:
        assert con.execute("select count(*), min(entered_on) from segments.buyers").fetchall() == [(60, MONDAY)]


def test_odd_sizes_are_warned_of(many: Home, company: Callable[..., Company], monkeypatch: pytest.MonkeyPatch) -> None:
    one = company(
        buyers={"field": "orders", "op": "gte", "value": 1},
        everybody={"field": "orders", "op": "present"},
        nobody={"field": "orders", "op": "missing"},
    )
    first = run(one, MONDAY, monkeypatch)
    assert first.success and failed(first) == {"everybody.is_not_everybody", "nobody.is_not_empty"}
    with engine.connect(many) as con:
        con.execute("update customers.customers set orders = 0 where customer_id like '%1'")
        con.execute("update customers.customers set orders = 0 where length(customer_id) = 3 and customer_id < 'c5'")
    second = run(one, TUESDAY, monkeypatch)
    [found] = [e for e in second.get_asset_check_evaluations() if e.check_name == "size_is_usual" and not e.passed]
    assert found.severity == dg.AssetCheckSeverity.WARN
    assert found.description == "60 members on the last day, 18 now"


def test_one_segment_can_be_chosen(
    many: Home, company: Callable[..., Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = company(a={"field": "orders", "op": "gte", "value": 1}, b={"field": "orders", "op": "eq", "value": 0})
    result = run(
        one,
        MONDAY,
        monkeypatch,
        selection=dg.AssetSelection.assets("segments/a").upstream().required_multi_asset_neighbors(),
    )
    names = {e.asset_key.path[-1] for e in result.get_asset_materialization_events() if e.asset_key}
    assert result.success and names == {"memberships", "history", "sizes", "moves", "a"}


def test_a_second_run_is_skipped_and_a_segment_that_is_gone_loses_its_view(
    many: Home, company: Callable[..., Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    buyers = {"field": "orders", "op": "gte", "value": 1}
    run(company(buyers=buyers, others={"none": [buyers]}), MONDAY, monkeypatch)
    again = run(company(buyers=buyers, others={"none": [buyers]}), MONDAY, monkeypatch)
    assert metadata(again, "buyers")["unchanged"] is True
    run(company(buyers=buyers), TUESDAY, monkeypatch)
    with engine.connect(many) as con:
        assert views(con) == ["buyers"]
        left = "select distinct left_because from segments.history where segment = 'others'"
        assert con.execute(left).fetchall() == [("definition",)]


def test_a_row_that_names_a_stranger_stops_what_comes_after(
    many: Home, company: Callable[..., Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.connect(many) as con:
        con.execute("insert into customers.customers(customer_id, orders) values ('c1', 1)")
    result = run(
        company(buyers={"field": "orders", "op": "gte", "value": 1}), MONDAY, monkeypatch, raise_on_error=False
    )
    assert "memberships.key_is_unique" in failed(result)
    assert not result.success


def test_no_definition_is_a_company_too(
    many: Home, company: Callable[..., Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(company(), MONDAY, monkeypatch).success
    with engine.connect(many) as con:
        assert con.execute("select count(*) from segments.memberships").fetchall() == [(0,)]


def views(con: DuckDBPyConnection) -> list[str]:
    """The segments that can be queried by name."""
    rows = con.execute("select view_name from duckdb_views() where schema_name = 'segments' order by 1").fetchall()
    return [name for (name,) in rows]
